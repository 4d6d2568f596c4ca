"""A served fair with tills that can be put back to how it was in the
beginning: the directories are copied, the port stays."""
import os
import shutil
import socket

import books
from fairlab import Lab

PORTS = range(20000, 32000)  # none of them is given out by the system
BIG = 200  # sales
LINES = 40  # of each: some batches
BOOTHS = ("A1", "A2", "B1", "C1")


def free_port():
    """One that nobody else in the test run gets by chance: a server that was
    killed comes back to it."""
    for n in range(len(PORTS)):
        port = PORTS[(os.getpid() * 97 + n) % len(PORTS)]
        with socket.socket() as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                s.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise RuntimeError("no free port")


class World(Lab):
    """`tills` are names of directories; the big one has much to send."""

    def __init__(self, check, small, big):
        super().__init__()
        self.check = check
        self.listen = "127.0.0.1:%d" % free_port()
        self.set_up()
        self.serve(self.listen)
        self.tills = []
        self.ledgers = {}  # till -> its lines
        for n in range(small + big):
            self.begin("till%d" % n, BOOTHS[n % len(BOOTHS)])
            for basket in range(0 if n < small else BIG):
                self.sell(self.tills[-1], *("12" * (LINES // 2)),
                          basket="b-%d" % basket)
        self.big = self.tills[small:]
        self.server.stop()
        self.names = [os.path.basename(self.hub)] + self.tills
        for name in self.names:
            shutil.copytree(self.path(name), self.path("new", name))
        self.first_tills = list(self.tills)
        self.wind_back()

    def begin(self, till, booth, string=None):
        """A till that is ready to sell."""
        if not string:
            self.enrol(till, booth)
        self.open(till)
        self.tills.append(till)

    def wind_back(self):
        """All as it was: what came later never was."""
        for name in self.names + self.tills:
            shutil.rmtree(self.path(name), True)
        for name in self.names:
            shutil.copytree(self.path("new", name), self.path(name))
        self.tills = list(self.first_tills)
        self.ledgers = {}
        self.sums = {}  # device -> what was held of it, added up
        self.serve(self.listen)

    def sales(self, till, draw, most):
        """A few sales."""
        for _ in range(draw.randint(0, most)):
            self.sell(till, draw.choice(("1", "2", "MO01")))
        self.ledgers.pop(till, None)

    def ledger(self, till):
        if till not in self.ledgers:
            self.ledgers[till] = books.ledger(self.path(till))
        return self.ledgers[till]

    # ---- what must hold at every moment ----

    def is_held(self, till):
        """What the till was acknowledged, at any moment."""
        acked = books.inbox(self.path(till))[0]
        count = books.rows(os.path.join(self.hub, "aggregator.db"),
                           "SELECT count FROM device WHERE device = ?",
                           books.device(self.path(till)))
        self.check("what was acknowledged is held",
                   acked <= (count[0][0] if count else 0),
                   (till, acked, count))

    def held_and_report(self):
        """Of one moment: what a killed agent had sent may still come in."""
        held = books.Held(self.hub)
        while True:
            report, before = self.days_report(), held.count
            held = books.Held(self.hub)
            if held.count == before:
                return held, report

    def sums_of(self, held):
        """Of all that is held; lines that were there before are not read
        again, for they are compared with the ledgers."""
        total = books.Books()
        for device, lines in held.lines.items():
            known = self.sums.setdefault(device, books.Books())
            total.add_days(known.add(lines[known.events:]))
        return total

    def nothing_is_lost(self, moment):
        """What a till was acknowledged is held, what is held is what the
        tills wrote, and the report is exactly that."""
        held, report = self.held_and_report()
        self.check(moment + ": segments follow one another, none twice",
                   not held.faults, held.faults)
        for till in self.tills:
            device = books.device(self.path(till))
            acked = books.inbox(self.path(till))[0]
            count = held.count.get(device, 0)
            self.check(moment + ": what was acknowledged is held",
                       acked <= count, (till, acked, count))
            self.check(moment + ": what is held is what the till wrote",
                       held.lines.get(device, []) ==
                       self.ledger(till)[:count], (till, count))
        wrong = self.sums_of(held).days_differ(report)
        self.check(moment + ": the report is exact", not wrong, wrong)

    def all_arrived(self):
        """At the end, after every agent got through once."""
        for till in self.tills:
            answer = self.sync(till, "once", "--format", "json")
            self.check("at the end everything is sent",
                       answer.code == 0 and answer.json["unsent"] == 0,
                       answer)
        self.ledgers = {}
        held = books.Held(self.hub)
        for till in self.tills:
            self.check("every event arrived once, as it was written",
                       held.lines.get(books.device(self.path(till))) ==
                       self.ledger(till), till)
        self.check("no device was made up", len(held.count) ==
                   len(self.tills), (held.count, self.tills))
        sums = books.Books(*map(self.ledger, self.tills))
        for kind, differ in (("days", sums.days_differ),
                             ("booths", sums.booths_differ),
                             ("products", sums.products_differ)):
            wrong = differ(self.report(kind))
            self.check("report %s is the sum of the ledgers" % kind,
                       not wrong, wrong)
        verdict = self.aggregator("verify", "--format", "json")
        self.check("verify finds all chains and sums sound",
                   verdict.code == 0 and verdict.json["ok"] is True, verdict)
