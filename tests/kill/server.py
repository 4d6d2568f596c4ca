"""kill -9 of the aggregator: what it acknowledged it holds, once.

It is killed while several tills push little and much at a time and while it
imports, enrols, rebuilds and makes backups, at its start, and between taking
events and folding them into the sums; commands without a server are killed
too. It comes back on the same port, and straight away nothing is lost and the
report is exact.
"""
import os
import select
import shutil

import books
from fairlab import Lab, promise
from killing import Killer, begin
from world import BOOTHS, World

KILLS_OF_A_WORLD = 25
SMALL, BIG = 4, 2
BUSY_S = 0.06  # pushes are on their way
FOLDING_S = (0.5, 0.56)  # the sums catch up
START_S = 0.006
GRACE_S = 0.01  # for agents to see that nobody is there
PATIENCE_S = 10


class Order:
    """A command, and how to see that it was carried out."""

    def __init__(self, args, seen):
        self.args, self.seen = args, seen
        self.victim = None

    def look(self):
        """After the restart."""
        self.seen(self.victim.done)


class Rounds:
    def __init__(self, world, killer):
        self.world, self.killer, self.check = world, killer, world.check
        self.made = 0
        self.price = {0}  # what the newest catalogue may say
        self.unfolded = 0  # restarts that found events not in the sums yet

    # ---- commands under fire ----

    def order(self):
        return self.killer.random.choice(
            (self.catalogue, self.booths, self.string, self.rebuild,
             self.backup))()

    def catalogue(self):
        self.made += 1
        price = 1000 + self.made
        file = self.world.write("catalogue.csv", Lab.CATALOGUE +
                                "XX01,Thử,cái,%d,,,,,,\n" % price)

        def seen(done):
            found = books.rows(
                os.path.join(self.world.hub, "aggregator.db"),
                "SELECT price_vnd FROM product WHERE sku = 'XX01'"
                " ORDER BY catalogue DESC LIMIT 1") or [(0,)]
            may = {price} if done else self.price | {price}
            self.check("an import is there whole or not at all, and there"
                       " when it was said to be", found[0][0] in may,
                       (found, may))
            self.price = {found[0][0]}
        return Order(("import", "catalogue", file), seen)

    def booths(self):
        self.made += 1
        name = "Khu %d" % self.made
        file = self.world.write("booths.csv", Lab.BOOTHS.replace(
            "Khu gian hàng Ba Chẽ", name))

        def seen(done):
            found = books.rows(
                os.path.join(self.world.hub, "aggregator.db"),
                "SELECT name FROM booth WHERE code = 'A1'")
            self.check("a booth said to be changed is changed",
                       not done or found == [(name,)], found)
        return Order(("import", "booths", file, "--fair", self.world.FAIR),
                     seen)

    def string(self):
        booth = self.killer.random.choice(BOOTHS)
        order = Order(("enrol", "--fair", self.world.FAIR, "--booth", booth,
                       "--url", "https://" + self.world.listen), None)

        def seen(done):
            if not done:
                return
            self.made += 1
            till = "new%d" % self.made
            word = order.victim.json["enrolment"]
            answer = self.world.sync(till, "enrol", word)
            self.check("an enrolment string that was given is good",
                       answer.code == 0, answer)
            self.world.begin(till, booth, word)
        order.seen = seen
        return order

    def rebuild(self):
        return Order(("rebuild",), lambda done: None)

    def backup(self):
        self.made += 1
        file = self.world.path("backup%d" % self.made)

        def seen(done):
            if done:
                held = books.Held(*os.path.split(file))
                self.check("a backup that was made is whole",
                           not held.faults and
                           books.rows(file, "PRAGMA integrity_check") ==
                           [("ok",)], held.faults)
            if os.path.exists(file):
                os.remove(file)
        return Order(("backup", file), seen)

    # ---- rounds ----

    def agents(self):
        """Several tills push at once."""
        world, draw = self.world, self.killer.random
        small = draw.sample(world.tills[:SMALL], draw.randint(1, 2))
        for till in small:
            world.sales(till, draw, 2)
        big = [t for t in world.big if draw.random() < 0.5]
        return [begin("fair-sync", world.path(till), "once", "--timeout",
                      PATIENCE_S) for till in small + big]

    def moment(self):
        draw = self.killer.random
        if draw.random() < 0.04:
            return draw.uniform(*FOLDING_S)
        return draw.random() * BUSY_S

    def serving(self):
        """One kill of the server with all that goes on around it."""
        world, draw = self.world, self.killer.random
        order = self.order() if draw.random() < 0.4 else None
        agents = self.agents()
        if order:
            order.victim = begin("fair-aggregator", world.hub, *order.args)
        pause(self.moment())
        world.server.kill()
        self.killer.kills += world.server.process.returncode == -9
        if order:
            order.victim.end()
        patient = draw.random() < 0.05
        for agent in agents:
            if not patient and not agent.watch(GRACE_S):
                agent.kill()
        orders = [order] if order else []
        self.between(orders)
        world.serve(world.listen)
        for agent in agents if patient else ():
            agent.end()
            self.check("an agent outlives a restart of the server",
                       agent.code == 0 or
                       agent.json["error"] == "unreachable", agent)
        self.look(orders)

    def between(self, orders):
        """Nobody serves: commands open the database themselves, and a
        server may die before it is ready."""
        world, killer = self.world, self.killer
        if not orders and killer.random.random() < 0.25:
            order = self.order()
            order.victim = killer.strike(order.args[0], "fair-aggregator",
                                         world.hub, *order.args)
            orders.append(order)
        if killer.random.random() < 0.15:
            killer.lives["serve"] = START_S
            killer.strike("serve", "fair-aggregator", world.hub, "serve",
                          "--listen", world.listen)

    def look(self, orders):
        """Straight after the restart."""
        self.world.nothing_is_lost("straight after a kill")
        behind = books.rows(
            os.path.join(self.world.hub, "aggregator.db"),
            "SELECT count(*) FROM device d LEFT JOIN fold_mark f"
            " ON f.device = d.device WHERE d.count > ifnull(f.seq, 0)")
        self.unfolded += behind[0][0] > 0
        for order in orders:
            order.look()


def pause(seconds):
    """Until the random moment."""
    select.select([], [], [], seconds)


def run(tests, seed, kills):
    killer = Killer(seed)
    world = World(tests.check, SMALL, BIG)
    rounds = Rounds(world, killer)
    worlds = 1
    while killer.kills < kills:
        if killer.kills > KILLS_OF_A_WORLD * worlds:
            world.all_arrived()
            world.server.stop()
            world.wind_back()
            rounds.price = {0}
            worlds += 1
        rounds.serving()
    world.all_arrived()
    tests.check("some kills fall between taking and folding",
                rounds.unfolded > 0)
    world.server.stop()
    shutil.rmtree(world.dir, True)
    print("aggregator: %d kills in %d worlds, %d with events not folded yet,"
          " %.1f s" % (killer.kills, worlds, rounds.unfolded,
                       killer.seconds()))
    promise(5, "kills", killer.kills)
