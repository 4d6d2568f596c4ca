"""kill -9 of the agent: whatever it was doing, done again it is done once.

A visit with little and with much to send, the standing agent, an enrolment, a
file of lists, an export: each is killed while the aggregator serves. In
between what was acknowledged is held; at the end all of it arrived once.
"""
import os
import shutil

import books
from fairlab import Lab, promise
from killing import Killer, begin
from world import BOOTHS, World

KILLS_OF_A_WORLD = 30
SMALL = 4
WATCH_S = 0.08  # the standing agent has no end of its own


class Agent:
    def __init__(self, world, killer):
        self.world, self.killer, self.check = world, killer, world.check
        self.made = 0  # names of what is new

    def strike(self, till, *args):
        return self.killer.strike(args[0], "fair-sync", self.world.path(till),
                                  *args)

    def again(self, till, *args):
        return self.killer.alone(args[0], "fair-sync", self.world.path(till),
                                 *args)

    def small(self):
        """A visit of a till that sold a little, let finish now and then."""
        world, draw = self.world, self.killer.random
        till = draw.choice(world.tills[:SMALL])
        world.sales(till, draw, 2)
        self.strike(till, "once")
        world.is_held(till)
        if draw.random() < 0.3:
            answer = self.again(till, "once")
            self.check("a killed visit is made again", answer.code == 0,
                       answer)

    def big(self):
        """Several batches: what arrived of them is not sent again."""
        till = self.world.big[0]
        if books.inbox(self.world.path(till))[0] == len(
                self.world.ledger(till)):
            return self.small()
        self.killer.strike("big", "fair-sync", self.world.path(till), "once")
        self.world.is_held(till)

    def watch(self):
        till = self.killer.random.choice(self.world.tills)
        victim = begin("fair-sync", self.world.path(till), "watch")
        ended = victim.watch(self.killer.random.random() * WATCH_S)
        self.killer.kills += victim.kill().killed
        self.check("watch stays", not ended, victim)

    def enrol(self):
        world, draw = self.world, self.killer.random
        booth = draw.choice(BOOTHS)
        string = world.string(booth)
        self.made += 1
        till = "new%d" % self.made
        for _ in range(draw.randint(1, 3)):
            self.strike(till, "enrol", string)
        answer = self.again(till, "enrol", string)
        self.check("a killed enrolment is repaired by running it again",
                   answer.code == 0 and answer.json["list"] > 0, answer)
        world.begin(till, booth, string)
        world.sales(till, draw, 1)

    def lists_file(self):
        """Either the old lists or the new ones, whole; then the new."""
        world, draw = self.world, self.killer.random
        self.made += 1
        file = world.path("lists%d" % self.made)
        world.must(world.aggregator("import", "catalogue", world.write(
            "catalogue.csv", Lab.CATALOGUE +
            "XX%02d,Thử,cái,%d,,,,,,\n" %
            (self.made % 100, 1000 + self.made))))
        world.must(world.aggregator("export", "lists", file, "--fair",
                                    world.FAIR))
        till = draw.choice(world.tills[:SMALL])
        before = books.inbox(world.path(till))[1]
        self.strike(till, "import", file)
        now = books.inbox(world.path(till))[1]
        answer = self.again(till, "import", file)
        after = answer.json["list"] if answer.code == 0 else None
        self.check("a killed import is run again", answer.code == 0, answer)
        self.check("lists are the old or the new ones",
                   now in (before, after), (before, now, after))
        world.sell(till, "XX%02d" % (self.made % 100))
        world.ledgers.pop(till, None)

    def export(self):
        """A file is whole or it is not there."""
        world = self.world
        till = self.killer.random.choice(world.tills)
        file = world.path("export")
        self.strike(till, "export", file)
        if os.path.exists(file):
            answer = world.aggregator("import", "ledger", file)
            self.check("a file left by a killed export is good",
                       answer.code == 0, answer)
        answer = self.again(till, "export", file)
        self.check("a killed export is run again", answer.code == 0, answer)
        os.remove(file)

    def act(self):
        self.killer.random.choices(
            (self.small, self.big, self.watch, self.enrol, self.lists_file,
             self.export), (40, 25, 10, 10, 8, 7))[0]()


def run(tests, seed, kills):
    killer = Killer(seed)
    world = World(tests.check, SMALL, 1)
    worlds = 1
    agent = Agent(world, killer)
    while killer.kills < kills:
        if killer.kills > KILLS_OF_A_WORLD * worlds:
            world.all_arrived()
            world.server.stop()
            world.wind_back()
            worlds += 1
        agent.act()
        if killer.random.random() < 0.3:
            world.nothing_is_lost("while agents are killed")
    world.all_arrived()
    world.server.stop()
    shutil.rmtree(world.dir, True)
    print("agent: %d kills in %d worlds, %.1f s" %
          (killer.kills, worlds, killer.seconds()))
    promise(1, "kills", killer.kills)
