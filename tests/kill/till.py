"""kill -9 of the till: what it said is recorded is recorded, once.

Every command that is killed is run again. Afterwards the ledger is read: the
basket, the refund, the shift is there exactly once, and nothing but what was
asked for was added.
"""
import json
import os
import shutil

import books
from fairlab import Lab, promise
from killing import Killer

KILLS_OF_A_TILL = 250  # then the next one begins with an empty ledger
PRICES = {"1": 60000, "2": 450000, "MO01": 185000, "8931234567897": 60000}
CODES = sorted(PRICES)


class Till:
    """A till's directory, and what must stand in its ledger."""

    def __init__(self, killer, data, check):
        self.killer, self.data, self.check = killer, data, check
        self.read = 0  # events looked at
        self.baskets = 0
        self.open_sales = []  # (receipt, seq): neither void nor given back
        self.by_kind = {}  # events of every kind
        self.told = self.untold = self.lost = 0

    def strike(self, *args):
        return self.killer.strike(args[0], "fair-pos", self.data, *args)

    def again(self, *args):
        return self.killer.alone(args[0], "fair-pos", self.data, *args)

    def news(self):
        """Events since the last look, but for lists taken over."""
        lines = books.ledger(self.data, self.read)
        events = [json.loads(line) for line in lines]
        self.check("events are numbered without gaps",
                   [e["seq"] for e in events] ==
                   list(range(self.read + 1, self.read + 1 + len(events))),
                   lines)
        self.read += len(events)
        for event in events:
            self.by_kind[event["kind"]] = self.by_kind.get(event["kind"],
                                                           0) + 1
        return [e for e in events if e["kind"] not in ("enrolled", "list")]

    def note(self, victim, recorded):
        """Counts on which side of the commit the kill fell."""
        if victim.killed:
            self.told += victim.done
            self.untold += recorded and not victim.done
            self.lost += not recorded

    # ---- what may be killed ----

    def sell(self):
        draw = self.killer.random
        items = [draw.choice(CODES) for _ in range(draw.randint(1, 4))]
        pay = draw.choice((["--exact"], ["--cash", "9000000"],
                           ["--transfer", "FT%d" % self.baskets]))
        self.baskets += 1
        basket = "b-%d" % self.baskets
        args = ("sell", *items, *pay, "--basket", basket)
        victim, again = self.strike(*args), self.again(*args)
        self.check("the same basket again is answered", again.code == 0, again)
        if again.code != 0:
            return
        said = again.json
        repeated = "repeated" in said
        events = self.news()
        self.check("a basket is recorded exactly once",
                   [(e["kind"], e["body"].get("basket"), e["seq"])
                    for e in events] == [("sale", basket, said["seq"])],
                   (victim, again, events))
        self.check("with all its lines and the right total",
                   said["total_vnd"] == sum(PRICES[i] for i in items) and
                   all(e["body"]["total"] == said["total_vnd"]
                       for e in events), (victim, again, events))
        self.check("what was said to be sold is sold, under that number",
                   not victim.done or repeated and
                   victim.json["receipt"] == said["receipt"],
                   (victim, again))
        self.note(victim, repeated)
        self.open_sales.append((said["receipt"], said["seq"]))

    def take_back(self, command, kind, refusal):
        if not self.open_sales:
            return self.sell()
        at = self.killer.random.randrange(len(self.open_sales))
        receipt, seq = self.open_sales.pop(at)
        victim = self.strike(command, receipt)
        again = self.again(command, receipt)
        events = self.news()
        self.once(victim, again, refusal,
                  [(kind, seq)] == [(e["kind"], e["body"].get("of"))
                                    for e in events], events)

    def refund(self):
        self.take_back("refund", "refund", "refunded")

    def void(self):
        self.take_back("void", "void", "voided")

    def visitors(self):
        n = self.killer.random.randint(1, 500)
        victim = self.strike("visitors", n)
        events = self.news()
        self.check("visitors are counted once or not at all",
                   [(e["kind"], e["body"]["n"]) for e in events] in
                   ([], [("visits", n)]) and len(events) >= victim.done,
                   (victim, events))
        self.note(victim, bool(events))

    def shift(self):
        """Closes the shift and opens the next, both under fire."""
        self.shift_part(("close", "--counted", "500000"), "no_shift",
                        ["shift_closed", "seal"])
        self.open_sales = []  # of an earlier shift: void no more
        self.shift_part(("open", "--float", "500000", "--day",
                         Lab.FIRST_DAY), "shift_open", ["shift_opened"])

    def shift_part(self, part, refusal, kinds):
        victim, again = self.strike("shift", *part), self.again("shift", *part)
        events = self.news()
        found = [e["kind"] for e in events]
        if found == kinds[:1]:  # killed between a closing and its seal
            found = kinds
        self.once(victim, again, refusal, found == kinds, events)

    def once(self, victim, again, refusal, is_once, events):
        """A command that its own effect forbids to be repeated."""
        recorded = again.code == 1 and again.json["error"] == refusal
        self.check("run again: done now, or refused as done",
                   again.code == 0 or recorded, (victim, again))
        self.check("%s: exactly once" % victim.args[3], is_once,
                   (victim, again, events))
        self.check("what was said to be done is done",
                   recorded or not victim.done, (victim, again))
        self.note(victim, recorded)

    def act(self):
        self.killer.random.choices(
            (self.sell, self.refund, self.void, self.visitors, self.shift),
            (70, 8, 8, 10, 4))[0]()

    def sound(self):
        """The whole ledger at the end."""
        self.news()
        verdict = self.again("verify")
        self.check("verify finds every event sound",
                   verdict.code == 0 and verdict.json["ok"] is True and
                   verdict.json["events"] == self.read, verdict)
        self.check("the chain holds, worked out again",
                   books.chain_fault(self.data) == 0, self.data)
        lines = books.ledger(self.data)
        kinds = [json.loads(line) for line in lines]
        ids = [e["body"]["basket"] for e in kinds if e["kind"] == "sale"]
        self.check("no basket stands twice, none is missing",
                   sorted(ids) == sorted("b-%d" % (n + 1)
                                         for n in range(self.baskets)),
                   len(ids))


def first_day(killer, data, check):
    """From the first command on: the ledger itself is made under fire."""
    till = Till(killer, data, check)
    opening = ("open", "--float", "500000", "--day", Lab.FIRST_DAY)
    for _ in range(killer.random.randrange(3)):
        killer.strike("first", "fair-pos", data, "shift", *opening)
    till.shift_part(opening, "shift_open", ["shift_opened"])
    check("a ledger begins with its admission", till.by_kind.get("enrolled"))
    return till


def run(tests, seed, kills):
    killer, check = Killer(seed), tests.check
    lab = Lab().set_up().serve()
    tills = []
    spare = lab.path("spare")

    def next_till():
        """Half the kills' tills are only begun and thrown away."""
        shutil.rmtree(spare, True)
        name = "till%d" % len(tills)
        lab.enrol(name, "A%d" % (1 + len(tills) % 2))
        shutil.copytree(lab.path(name), spare)
        tills.append(first_day(killer, lab.path(name), check))
        return tills[-1]

    till = None
    while killer.kills < kills:
        if till is None or killer.kills > KILLS_OF_A_TILL * len(tills):
            till = next_till()
        if killer.random.random() < 0.06:
            begun = lab.path("begun")
            shutil.copytree(spare, begun)
            thrown = first_day(killer, begun, check)
            thrown.sell()
            thrown.sound()
            shutil.rmtree(begun)
        till.act()
    for till in tills:
        till.sound()
    sides = [sum(getattr(t, side) for t in tills)
             for side in ("lost", "untold", "told")]
    check("kills fall before and behind the commit", min(sides[:2]) > 0, sides)
    deliver(lab, tills, check)
    print("till: %d kills, %d before the commit, %d behind it, %d after the"
          " answer, %.1f s" % (killer.kills, *sides, killer.seconds()))
    promise(1, "kills", killer.kills)


def deliver(lab, tills, check):
    """What went through the fire arrives, once."""
    for till in tills:
        answer = lab.sync(os.path.basename(till.data), "once")
        check("a till that was killed delivers", answer.code == 0, answer)
    sums = books.Books(*(books.ledger(till.data) for till in tills))
    check("the report is the sum of the ledgers",
          not sums.days_differ(lab.days_report()),
          sums.days_differ(lab.days_report()))
    lab.server.stop()
