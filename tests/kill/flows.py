"""Flows that must end in the right sums whatever is missing in between: the
aggregator, its database, the network, a second copy of a till."""
import os
import shutil
from threading import Event

import books
from fairlab import Lab
from world import free_port

J = ("--format", "json")
REPORTS = ("days", "booths", "products")
ROLLED = ("roll_day", "roll_sale", "roll_line", "roll_item", "roll_tender",
          "roll_visit", "roll_sold", "roll_act", "roll_hold", "roll_note",
          "fold_mark", "fold_beyond")


class Fair(Lab):
    """Three tills with a lived day each, on a port that stays."""

    TILLS = (("tillA", "A1"), ("tillB", "A2"), ("tillC", "C1"))

    def __init__(self, tests):
        super().__init__()
        self.check = tests.check
        self.listen = "127.0.0.1:%d" % free_port()
        self.set_up()
        self.serve(self.listen)

    def trade(self):
        for n, (till, booth) in enumerate(self.TILLS):
            self.enrol(till, booth)
            self.day(till, n)
        return self

    def day(self, till, n=0):
        """Everything that moves a sum."""
        self.open(till, "2020-01-%02d" % (14 + n))
        self.sell(till, "2*1", "0.385*2")
        back = self.sell(till, "MO01", "3*1")["receipt"]
        wrong = self.sell(till, "2")["receipt"]
        late = self.must(self.pos(till, "sell", "1", "--exact", "--at",
                                  "2020-01-17T09:30", *J)).json
        self.must(self.pos(till, "refund", back, "1*1"))
        self.must(self.pos(till, "void", wrong))
        self.must(self.pos(till, "refund", late["receipt"]))
        self.must(self.pos(till, "visitors", 40 + n))
        self.must(self.pos(till, "shift", "close", "--counted", 500000))
        self.open(till, "2020-01-%02d" % (15 + n))
        self.sell(till, "1", "MO01")

    def paths(self):
        return [self.path(till) for till, _ in self.TILLS]

    def sums(self):
        return books.Books(*map(books.ledger, self.paths()))

    def reports(self):
        """In full, but for the moment they were made."""
        found = {}
        for kind in REPORTS:
            found[kind] = self.report(kind)
            found[kind].pop("as_of", None)
        for booth in found["booths"]["booths"]:
            booth.pop("last_seen")  # by our clock, not by the events
        return found

    def once(self, *tills):
        for till in tills or [till for till, _ in self.TILLS]:
            answer = self.sync(till, "once", *J)
            self.check("a till delivers", answer.code == 0, answer)

    def is_exact(self, when):
        for kind, differ in (("days", self.sums().days_differ),
                             ("booths", self.sums().booths_differ),
                             ("products", self.sums().products_differ)):
            wrong = differ(self.report(kind))
            self.check("%s: report %s is the sum of the ledgers" %
                       (when, kind), not wrong, wrong)

    def is_sound(self, when):
        answer = self.aggregator("verify", *J)
        self.check(when + ": verify finds all sound", answer.code == 0 and
                   answer.json["ok"] is True, answer)

    def refused(self, name, answer, code):
        """Exit 1, the right word, and what to do about it."""
        try:
            doc = answer.json
        except ValueError:
            doc = {}
        self.check(name + ": refused as " + code, answer.code == 1 and
                   doc.get("error") == code, answer)
        self.check(name + ": says what to do", doc.get("remedy"), answer)

    def end(self):
        if self.server.process.returncode is None:
            self.server.stop()
        shutil.rmtree(self.dir, True)


# ---- the aggregator is away ------------------------------------------------

def away(tests):
    """It is off: the till sells on. It is back: all arrives once."""
    fair = Fair(tests).trade()
    fair.once()
    fair.server.stop()
    for till, _ in fair.TILLS:
        fair.sell(till, "1", "2")
        fair.refused("nobody there", fair.sync(till, "once", "--timeout", 2,
                                               *J), "unreachable")
        fair.sell(till, "MO01")
        status = fair.sync(till, "status", *J).json
        tests.check("what was not sent is named", status["unsent"] == 2,
                    status)
    before = books.Held(fair.hub).count
    fair.serve(fair.listen)
    fair.once()
    fair.is_exact("aggregator back")
    fair.once()
    fair.is_exact("sent again")
    after = books.Held(fair.hub)
    tests.check("every event once", not after.faults and
                sum(after.count.values()) == sum(before.values()) + 6,
                (before, after.count))
    fair.end()


# ---- its database is gone --------------------------------------------------

def import_again(fair):
    """What people keep beside the keys: fairs, booths, catalogue."""
    fair.set_up()
    fair.serve(fair.listen)


def lose_database(fair):
    fair.server.stop()
    for name in os.listdir(fair.hub):
        if name.startswith("aggregator.db"):
            os.remove(os.path.join(fair.hub, name))


def database_lost(tests):
    fair = Fair(tests).trade()
    fair.once()
    before = fair.reports()
    lose_database(fair)
    import_again(fair)
    tests.check("without its database nothing is known",
                fair.days_report()["totals"]["sales"] == 0)
    fair.once()
    tests.check("devices that come back rebuild every report to the đồng",
                fair.reports() == before, (before, fair.reports()))
    fair.is_exact("database lost")
    fair.is_sound("database lost")
    for till, _ in fair.TILLS:
        fair.sell(till, "1")
    fair.once()
    fair.is_exact("and selling on")
    by_files(fair, tests)
    fair.end()


def by_files(fair, tests):
    """The same from what `export` writes, carried by hand."""
    before = fair.reports()
    files = []
    for till, _ in fair.TILLS:
        files.append(fair.path(till + ".ledger"))
        fair.must(fair.sync(till, "export", files[-1]))
    lose_database(fair)
    fair.set_up()
    for file in files * 2:
        answer = fair.aggregator("import", "ledger", file)
        tests.check("a ledger file is taken, also twice", answer.code == 0,
                    answer)
    tests.check("ledger files alone rebuild every report to the đồng",
                fair.reports() == before, (before, fair.reports()))
    fair.is_exact("files alone")
    fair.is_sound("files alone")
    lists = fair.path("lists")
    fair.must(fair.aggregator("export", "lists", lists, "--fair", fair.FAIR))
    for till, _ in fair.TILLS:
        answer = fair.sync(till, "import", lists, *J)
        tests.check("acknowledgements come back by file", answer.code == 0 and
                    answer.json["unsent"] == 0, answer)
    fair.serve(fair.listen)
    fair.once()
    tests.check("meeting again over the wire changes nothing",
                fair.reports() == before, (before, fair.reports()))


# ---- a copy of a till ------------------------------------------------------

def cloned(tests):
    for first, second in (("tillA", "copy"), ("copy", "tillA")):
        clone_in_order(tests, first, second)


class Totals:
    """Looks at the report again and again: it never falls."""

    def __init__(self, fair):
        self.fair, self.last = fair, fair.days_report()["totals"]

    def look(self, when):
        now = self.fair.days_report()
        fallen = [m for m in books.ROW if now["totals"][m] < self.last[m]]
        self.fair.check("%s: no total falls" % when, not fallen,
                        (self.last, now))
        self.last = now["totals"]
        return now


def clone_in_order(tests, first, second):
    fair = Fair(tests).trade()
    fair.once()
    shutil.copytree(fair.path("tillA"), fair.path("copy"))
    totals = Totals(fair)
    for till, goods in (("tillA", ("1",)), ("copy", ("MO01", "2"))):
        fair.sell(till, *goods)
        fair.sell(till, "1")
    prices = {"tillA": 120000, "copy": 695000}
    name = "%s first" % first
    answer = fair.sync(first, "once", *J)
    tests.check(name + ": the first branch is acknowledged",
                answer.code == 0 and answer.json["unsent"] == 0, answer)
    totals.look(name)
    fair.refused(name + ": the other one", fair.sync(second, "once", *J),
                 "fork")
    days = totals.look(name + ": set aside")
    tests.check(name + ": the report shows what is set aside",
                days["hold"] == {"events": 2, "amount_vnd": prices[second]},
                days["hold"])
    state = fair.sync(second, "status", *J).json["state"]
    tests.check(name + ": flagged on the device", state == "fork", state)
    device = fair.sync(first, "status", *J).json["device"]
    states = {d["device"]: d["state"]
              for d in fair.report("devices")["devices"]}
    tests.check(name + ": flagged at the aggregator",
                states[device] == "fork", states)
    before = days["totals"]["revenue_vnd"]
    fair.sell(first, "1")
    fair.sync(first, "once")
    days = totals.look(name + ": the first branch goes on")
    tests.check(name + ": and counts",
                days["totals"]["revenue_vnd"] == before + 60000, days)
    fair.refused(name + ": asked again", fair.sync(second, "once", *J),
                 "fork")
    tests.check(name + ": nothing is set aside twice",
                totals.look(name)["hold"]["events"] == 2)
    decide(fair, totals, name, device, prices[second])
    sold_on(fair, totals, name, second)
    fair.is_sound(name)
    branches_come_again(fair, name, first, second)
    fair.end()


def sold_on(fair, totals, name, second):
    """What the second sells after that arrives, and waits for a decision."""
    def states():
        return {d["state"] for d in fair.report("devices")["devices"]}
    fair.refused(name + ": asked after it", fair.sync(second, "once", *J),
                 "fork")
    fair.check(name + ": asking alone is no new fork",
               "fork" not in states(), states())
    for n in 1, 2:
        fair.sell(second, "1")
        fair.refused(name + ": it has sold on", fair.sync(second, "once", *J),
                     "fork")
        days = totals.look(name + ": sold on")
        fair.check(name + ": that is on hold, with a note of the fork",
                   days["hold"] == {"events": 1 + n, "amount_vnd": n * 60000},
                   days["hold"])
        fair.check(name + ": and a fork again", "fork" in states(), states())


def branches_come_again(fair, name, first, second):
    """The database is lost: both machines bring all that they have."""
    sums = fair.days_report()
    lose_database(fair)
    import_again(fair)
    fair.must(fair.sync(first, "once"))
    fair.refused(name + ": also after a loss", fair.sync(second, "once", *J),
                 "fork")
    fair.once(*[till for till, _ in fair.TILLS if till not in (first, second)])
    now = fair.days_report()
    fair.check(name + ": nothing is missing after a loss",
               now["hold"]["events"] == 5 and
               now["totals"]["revenue_vnd"] + now["hold"]["amount_vnd"] ==
               sums["totals"]["revenue_vnd"] + sums["hold"]["amount_vnd"],
               (sums, now))


def decide(fair, totals, name, device, amount):
    """A person says that the branch counts."""
    branch = books.rows(os.path.join(fair.hub, "aggregator.db"),
                        "SELECT id FROM branch WHERE device = ?", device)
    fair.check(name + ": one branch", len(branch) == 1, branch)
    before = totals.last["revenue_vnd"]
    answer = fair.aggregator("decide", device, "count-branch", branch[0][0])
    fair.check(name + ": a person decides", answer.code == 0, answer)
    days = totals.look(name + ": decided")
    fair.check(name + ": what was decided to count counts",
               days["totals"]["revenue_vnd"] == before + amount and
               days["hold"] == {"events": 0, "amount_vnd": 0}, days)
    before = fair.reports()
    fair.must(fair.aggregator("rebuild"))
    fair.check(name + ": and does after a rebuild",
               fair.reports() == before, fair.reports())


# ---- sums that are made again ----------------------------------------------

def rolled(fair):
    path = os.path.join(fair.hub, "aggregator.db")
    return {table: sorted(books.rows(path, "SELECT * FROM " + table))
            for table in ROLLED}


def corrected(tests):
    """Booths are joined when read; a rebuild gives the same rows."""
    fair = Fair(tests).trade()
    fair.once()
    fair.server.stop()
    fair.must(fair.aggregator("rebuild"))
    before = rolled(fair)
    sums = fair.report("compare", "--with", fair.FAIR)["revenue_vnd"]
    own = {o: sums[o]["this"] for o in sums}
    fair.must(fair.aggregator("import", "booths", fair.write(
        "booths.csv", fair.BOOTHS.replace("Cô Tô,in-province",
                                          "Cô Tô,other-province")),
        "--fair", fair.FAIR))
    sums = fair.report("compare", "--with", fair.FAIR)["revenue_vnd"]
    moved = {b["booth"]: b["net_vnd"]
             for b in fair.report("booths")["booths"]}["A2"]
    tests.check("a corrected origin shows in the next report",
                moved > 0 and sums["all"]["this"] == own["all"] and
                sums["in_province"]["this"] == own["in_province"] - moved and
                sums["other_province"]["this"] == moved +
                (own["other_province"] or 0), (own, sums))
    tests.check("without touching a sum", rolled(fair) == before)
    origins = {b["booth"]: b["origin"]
               for b in fair.report("booths")["booths"]}
    tests.check("and in the list of booths",
                origins["A2"] == "other-province", origins)
    fair.must(fair.aggregator("rebuild"))
    tests.check("rebuild leaves identical rows", rolled(fair) == before)
    folded_step_by_step(fair, tests)
    fair.end()


def folded_step_by_step(fair, tests):
    """The same rows whether folded as events came or all at once."""
    fair.serve(fair.listen)
    path = os.path.join(fair.hub, "aggregator.db")
    for step in range(3):
        for till, _ in fair.TILLS:
            fair.sell(till, "1", "MO01")
            fair.must(fair.pos(till, "visitors", 5 + step))
        fair.once()
        tests.check("the sums catch up with the events", wait_until(
            lambda: not books.rows(
                path, "SELECT 1 FROM device d LEFT JOIN fold_mark f"
                " ON f.device = d.device WHERE d.count > ifnull(f.seq, 0)")))
    before = rolled(fair)
    fair.must(fair.aggregator("rebuild"))
    tests.check("folded in steps or at once: identical rows",
                rolled(fair) == before)
    fair.is_exact("folded")


def wait_until(true):
    """At most ten seconds, looking now and then."""
    for _ in range(1000):
        if true():
            return True
        Event().wait(0.01)
    return False


def run_all(tests):
    for flow in away, database_lost, cloned, corrected:
        flow(tests)
