"""The broken situation of every operators' page, and what has to be true when
the page was followed. A scene is a context: what stands before `yield` breaks
something, what stands behind it looks at the end. It yields the variables
that a person would have set."""
import os
import random
import shutil
import sqlite3
import subprocess
from contextlib import contextmanager

import books
import users
from disk import Disk, content, damage
from fairlab import ROOT, Server, promise
from flows import Fair, J
from killing import begin
from pages import Step

SEED = int(os.environ.get("SEED", "1"))
MIB = 1024 * 1024
PAST_S = 1579050000  # 15/01/2020 08:00 at the fair
WRONG_DAY = "2020-01-15"
UPGRADES = 12
UPGRADE_S = 0.06  # about as long as a server takes to start

SLIP = "2*1", 120000, "2020-01-16T15:30"


class Scene(Fair):
    """A fair with three tills that have sold and sent, each program as its
    unit's user. Where pages say /var/lib/fair-till, they mean the directory of
    the till before which one stands: `here`."""

    BOOTH = "A1"

    def __init__(self, tests, index):
        self.index, self.here, self.hand = index, "tillA", None
        self.tills_run = True  # its units do, when one comes
        self.machine = None  # its service manager, once it runs
        self.steps = {}
        super().__init__(tests)
        self.trade()
        self.once()

    def set_up(self):
        os.chmod(self.dir, 0o711)
        os.mkdir(self.path("usb"), 0o700)  # as some are mounted
        os.mkdir(self.path("anyone"))
        os.chmod(self.path("anyone"), 0o1777)
        users.home("fair-aggregator", self.hub)
        users.home("fair-aggregator", os.path.join(self.hub, "backups"))
        super().set_up()
        path = self.write("hub/fair-aggregator.conf",
                          "listen = %s\n" % self.listen)
        users.give("fair-aggregator", os.path.dirname(path))
        return self

    def serve(self, listen="127.0.0.1:0"):
        self.server = Server(self.hub, listen,
                             wrap=users.wrap("fair-aggregator"))
        return self

    def enrol(self, till="till", booth="A1"):
        users.home("fair-till", self.path(till))
        return super().enrol(till, booth)

    def aggregator(self, *args, **kw):
        return super().aggregator(*args, wrap=users.wrap("fair-aggregator"),
                                  **kw)

    def pos(self, till, *args, **kw):
        return super().pos(till, *args, wrap=users.wrap("fair-till"), **kw)

    def sync(self, till, *args, **kw):
        return super().sync(till, *args, wrap=users.wrap("fair-till"), **kw)

    def backup(self):
        """A file of `backup` that somebody has kept."""
        path = os.path.join(self.hub, "backups", "old.db")
        self.must(self.aggregator("backup", path))
        kept = self.path("usb", "old.db")
        shutil.copy(path, kept)
        return kept

    def go(self, till):
        """In front of that till, its variables set as the index says."""
        self.here = till
        self.machine.go(self.path(till))
        text = self.index.commands
        for said, meant in (("/var/tmp", self.path("anyone")),
                            ("/var/lib/fair-aggregator", self.hub),
                            ("/var/lib/fair-till", self.path(till)),
                            ("/media/usb", self.path("usb")),
                            ("192.168.1.10:8443", self.listen)):
            text = text.replace(said, meant)
        code, printed = self.hand.do(Step(text))
        self.check("the index can be pasted", code == 0, printed)
        clock = " -- env %s " % " ".join(
            "%s=%s" % v for v in self.machine.env.items())
        for name in "P", "S":
            self.hand.variables[name] = self.hand.variables[name].replace(
                " -- ", clock)

    def strangers(self):
        """Files that programs' own users cannot use."""
        return users.strangers("fair-aggregator", self.hub) + sum(
            (users.strangers("fair-till", self.path(name))
             for name in os.listdir(self.dir)
             if os.path.exists(self.path(name, "ledger.db"))), [])

    def at_step(self, begins, act):
        """Something breaks just before the first block that begins so."""
        self.steps[begins] = act

    def before(self, commands):
        for begins in [b for b in self.steps if commands.startswith(b)]:
            self.steps.pop(begins)()

    def device(self, till="tillA"):
        return books.device(self.path(till))

    def gone(self, till):
        self.TILLS = tuple(t for t in self.TILLS if t[0] != till)

    def come(self, till, booth="A1"):
        self.TILLS += ((till, booth),)

    def total(self):
        return self.days_report()["totals"]

    def row(self, device):
        return [d for d in self.report("devices")["devices"]
                if d["device"] == device][0]


@contextmanager
def device_lost(fair):
    known = len(books.ledger(fair.path("tillA")))
    for _ in range(2):
        fair.sell("tillA", "1")  # never sent
    device = fair.device()
    row = fair.row(device)
    said = fair.report("explain", "--device", device)
    arrived = books.ledger(fair.path("tillA"))[:known]
    own = books.Books(arrived).totals()
    fair.check("the organiser sees the last number, time and total",
               row["events"] == known == said["acknowledged"] and
               row["last_seen"] and said["totals"]["net_vnd"] == own["net_vnd"],
               (row, own))
    before = fair.total()
    lost = fair.path("tillA")
    users.home("fair-till", fair.path("next"))
    fair.here, fair.tills_run = "next", False
    fair.at_step("$S once", lambda: fair.go("tillA"))
    yield {"D": device, "Q": SLIP[0], "W": SLIP[2],
           "I": known + 1, "J": known + 2}
    fair.check("an entry from a slip counts once, as such", [
        sale["amount_vnd"]
        for sale in fair.report("latest", "--limit", 100)["latest"]
        if sale["time"].startswith(SLIP[2])] == [SLIP[1]])
    fair.come("next")
    fair.is_exact("device lost")
    fair.is_sound("device lost")
    now = fair.total()
    fair.check("nothing it had sent is lost, found again counts too",
               now["net_vnd"] == before["net_vnd"] + SLIP[1] + 2 * 60000,
               (before, now))
    fair.check("the lost ledger is all here",
               fair.row(device)["events"] == len(books.ledger(lost)))


@contextmanager
def forked_device(fair):
    fair.must(fair.pos("tillA", "operator", "add", 1, "--name", "Lan",
                       "--role", "supervisor", stdin="268413\n"))
    fair.write("tillA/fair-pos.conf", "theme = light\n")
    shutil.copytree(fair.path("tillA"), fair.path("copy"))
    for name in "tillA", "copy":
        users.give("fair-till", fair.path(name))
    fair.sell("tillA", "1")
    fair.once("tillA")
    before = fair.total()
    for goods in ("2",), ("MO01", "1"):
        fair.sell("copy", *goods)
    fair.refused("a copy", fair.sync("copy", "once", *J), "fork")
    fair.check("a fork lowers no total", fair.total() == before)
    fair.here = "copy"
    yield {"D": fair.device(), "I": 1}
    now = fair.days_report()
    fair.check("what was decided to count counts, nothing is on hold",
               now["totals"]["net_vnd"] == before["net_vnd"] + 695000 and
               now["hold"]["events"] == 0, now)
    fair.once("tillA")
    fair.machine.systemctl("stop", "fair-pos@tty1")
    fair.check("its operators and settings go along", "Lan" in fair.must(
        fair.pos("copy", "operator", "list")).out and
        os.path.exists(fair.path("copy", "fair-pos.conf")))
    fair.sell("copy", "1")
    fair.once("copy")
    fair.check("both machines go on", fair.total()["net_vnd"] ==
               before["net_vnd"] + 755000)
    fair.is_sound("forked device")


def papers(fair):
    """What an organiser has on a stick, which is root's as some are."""
    for name, text in (("booths", fair.BOOTHS),
                       ("catalogue", fair.CATALOGUE)):
        fair.write(os.path.join("usb", name + ".csv"), text)


def same(fair, before, when):
    """The reports are what they were, but for when a booth was heard."""
    now = fair.reports()
    fair.check(when + ": every report is the same to the đồng", now == before,
               (before, now))


@contextmanager
def aggregator_disk_lost(fair):
    papers(fair)
    fair.must(fair.aggregator("keys", "export",
                              os.path.join(fair.hub, "keys.txt")))
    shutil.move(os.path.join(fair.hub, "keys.txt"), fair.path("usb"))
    fair.sell("tillB", "1")  # never sent
    before = fair.reports()
    fair.machine.systemctl("stop", "fair-aggregator")
    shutil.rmtree(fair.hub)  # as if it had never been
    yield {"M": "Hội chợ Thử", "W": fair.first_day}
    fair.check("nothing is known of who has not come",
               fair.total() != before["days"]["totals"])
    fair.once("tillC")
    fair.once("tillB")
    fair.is_exact("disk lost")
    fair.is_sound("disk lost")
    fair.check("the same as before, and one sale more",
               fair.total()["net_vnd"] ==
               before["days"]["totals"]["net_vnd"] + 60000)


@contextmanager
def restored(fair):
    papers(fair)
    old = fair.backup()
    fair.enrol("tillD", "B1")
    fair.open("tillD", "2020-01-15")
    for till in "tillA", "tillC", "tillD":
        fair.sell(till, "1")
        fair.once(till)
    gone = fair.device("tillC")
    count = fair.row(gone)["events"]
    fair.must(fair.aggregator("revoke", gone))
    fair.sell("tillC", "2")
    fair.sync("tillC", "once")
    before = fair.reports()
    fair.at_step("$S once", lambda: fair.at_step(
        "$S once", lambda: fair.go("tillC")))
    yield {"D": gone, "X": old, "I": count, "J": count}
    fair.once("tillB", "tillD")
    same(fair, before, "restored")
    fair.check("a till enrolled since is known again",
               fair.row(fair.device("tillD"))["events"] ==
               len(books.ledger(fair.path("tillD"))))
    fair.is_sound("restored")


@contextmanager
def damaged_ledger(fair):
    """A till's record."""
    fair.sell("tillA", "1")  # sound, but never sent
    known = books.ledger(fair.path("tillA"))
    fair.sell("tillA", *SLIP[0].split(), basket="slip")
    damage(fair.path("tillA", "ledger.db"), b'"basket":"slip"',
           b'"basket":"sl1p"')
    bad = content(fair.path("tillA", "ledger.db"))
    before = fair.total()
    yield {"D": fair.device(), "Q": SLIP[0], "W": SLIP[2]}
    fair.check("the damaged ledger is left as it is", bad == content(
        os.path.join(fair.hand.variables["Y"], "ledger.db")))
    fair.check("what was sound and what was entered again counts",
               fair.total()["net_vnd"] ==
               before["net_vnd"] + SLIP[1] + 60000)
    is_sum_of(fair, known)
    fair.is_sound("damaged ledger")


def is_sum_of(fair, *more):
    """The report, of the tills' ledgers and of such lost ones."""
    ledgers = [books.ledger(path) for path in fair.paths()]
    wrong = books.Books(*more, *ledgers).days_differ(fair.days_report())
    fair.check("the report is the sum of the ledgers", not wrong, wrong)


@contextmanager
def damaged_aggregator(fair):
    """One device's events, then the file."""
    backup = fair.backup()
    for till in "tillB", "tillC":
        fair.sell(till, "1")
    fair.once("tillB")
    damaged_till(fair, "tillC")
    lost = books.ledger(fair.path("tillC")), fair.device("tillC")
    fair.gone("tillC")
    before = fair.reports()
    fair.at_step("$A verify", lambda: damage_events(fair))
    fair.at_step("$S export", lambda: fair.go("tillB"))
    fair.at_step("$A doctor", lambda: damage_pages(fair))
    yield {"D": lost[1], "X": backup}
    fair.once("tillA")
    same(fair, before, "damaged aggregator")
    is_sum_of(fair, lost[0])
    fair.is_sound("damaged aggregator")


def damaged_till(fair, till):
    """What it had came as a file, and its device was revoked."""
    file = fair.path("anyone", "A1-sound.ledger")
    mine = fair.path("hub", "sound")
    fair.must(fair.sync(till, "export", file))
    shutil.copy(file, mine)
    users.give("fair-aggregator", fair.hub)
    shutil.move(file, fair.path("usb"))
    fair.must(fair.aggregator("import", "ledger", mine))
    fair.must(fair.aggregator("revoke", fair.device(till)))


def damage_events(fair):
    """One digit of an event that the aggregator holds, behind its back."""
    path = os.path.join(fair.hub, "aggregator.db")
    fair.machine.systemctl("stop", "fair-aggregator")
    damage(path, b'"n":41', b'"n":49')  # visits of the second till
    fair.machine.systemctl("start", "fair-aggregator")


def damage_pages(fair):
    """Four pages of its file are zeros, and it cannot start."""
    path = os.path.join(fair.hub, "aggregator.db")
    fair.machine.systemctl("stop", "fair-aggregator")
    with open(path, "r+b") as file:
        file.seek(2 * 4096)
        file.write(bytes(4 * 4096))


# ---- full disks ------------------------------------------------------------

def move_onto(user, directory, size):
    """What is in a user's directory lies on a small disk from now on."""
    kept = directory + ".kept"
    shutil.move(directory, kept)
    disk = Disk(directory, size)
    for name in os.listdir(kept):
        shutil.move(os.path.join(kept, name), directory)
    os.rmdir(kept)
    users.give(user, directory)
    return disk


@contextmanager
def disk_full(fair):
    till = move_onto("fair-till", fair.path("tillA"), 16 * MIB)
    fair.must(fair.pos("tillA", "report", "x"))
    till.fill()
    fair.refused("a full till", fair.pos("tillA", "sell", "1", "--exact", *J),
                 "disk_full")
    lines = books.ledger(fair.path("tillA"))
    disks = [till]
    fair.tills_run = False
    fair.at_step("df -h $H", lambda: disks.append(fill_hub(fair)))
    yield {"X": fair.path("tillA", "ballast"), "Q": SLIP[0],
           "Y": os.path.join(fair.hub, "ballast")}
    fair.check("no event is lost", books.ledger(
        fair.path("tillA"))[:len(lines)] == lines)
    fair.once()
    fair.is_exact("disk full")
    fair.is_sound("disk full")
    fair.machine.systemctl("stop", "fair-aggregator")
    for disk in disks:
        disk.end()


def fill_hub(fair):
    fair.machine.systemctl("stop", "fair-aggregator")
    disk = move_onto("fair-aggregator", fair.hub, 1100 * MIB)
    fair.machine.systemctl("start", "fair-aggregator")
    subprocess.run(["fallocate", "-l", "1090M",
                    os.path.join(fair.hub, "ballast")], check=True)
    disk.fill()
    fair.sell("tillA", "2")
    fair.refused("a full aggregator", fair.aggregator(
        "backup", os.path.join(fair.hub, "backup"), *J), "disk_full")
    return disk


# ---- clocks ----------------------------------------------------------------

@contextmanager
def clock_wrong(fair):
    fair.machine.set_clock(PAST_S)
    fair.must(fair.pos("tillA", "shift", "close", "--counted", 500000))
    shifted = fair.machine.env
    fair.must(fair.pos("tillA", "shift", "open", "--float", 0, env=shifted))
    first = len(books.ledger(fair.path("tillA"))) + 1
    for _ in range(2):
        fair.must(fair.pos("tillA", "sell", "1", "--exact", env=shifted))
    last = len(books.ledger(fair.path("tillA")))
    answer = fair.sync("tillA", "once", *J, env=shifted)
    fair.check("a wrong clock stops no sending", answer.code == 0, answer)
    before = fair.days_report()
    yield {"D": fair.device(), "I": first, "J": last, "W": "2020-01-18",
           "C": 120000}
    now = fair.days_report()
    moved = {d["date"]: d["net_vnd"] - b["net_vnd"]
             for d, b in zip(now["days"], before["days"])}
    fair.check("the sales moved to the right day, no total changed",
               moved == {d: {WRONG_DAY: -120000, "2020-01-18": 120000}.get(d, 0)
                         for d in moved} and
               now["totals"] == dict(before["totals"], booths_reporting=now[
                   "totals"]["booths_reporting"]), (before, now))
    fair.is_sound("clock wrong")


# ---- upgrades --------------------------------------------------------------

def aged(path, version):
    """Puts all into a file of an earlier program, as it would have been."""
    scripts = [open(os.path.join(ROOT, "sync", "aggregator", "store", name),
                    encoding="utf-8").read()
               for name in ("kept.sql", "kept-2.sql", "kept-3.sql")[:version]]
    db = sqlite3.connect(path)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    os.rename(path, path + ".new")
    db = sqlite3.connect(path, isolation_level=None)
    for script in scripts:
        db.executescript(script)
    db.execute("ATTACH ? AS new", (path + ".new",))
    old = [row[0] for row in db.execute(
        "SELECT name FROM main.sqlite_schema WHERE type = 'table'"
        " AND name NOT LIKE 'sqlite_%'")]
    for table in old:
        both = [row[1] for row in db.execute(
            "PRAGMA main.table_info(%s)" % table)]
        have = {row[1] for row in db.execute(
            "PRAGMA new.table_info(%s)" % table)}
        names = ", ".join(c for c in both if c in have)
        db.execute("INSERT OR REPLACE INTO main.%s (%s) SELECT %s FROM new.%s"
                   % (table, names, names, table))
    # What is added up from the events was of another shape then.
    db.execute("DELETE FROM main.meta WHERE name = 'derived_version'")
    db.execute("DETACH new")
    db.execute("PRAGMA application_id = 0x50684341")
    db.execute("PRAGMA user_version = %d" % version)
    db.execute("PRAGMA journal_mode = WAL")
    db.close()
    os.remove(path + ".new")
    users.give("fair-aggregator", os.path.dirname(path))


def serving(fair):
    return begin("fair-aggregator", fair.hub, "serve",
                 wrap=users.wrap("fair-aggregator"))


@contextmanager
def interrupted_upgrade(fair):
    path = os.path.join(fair.hub, "aggregator.db")
    before = fair.reports()
    fair.machine.systemctl("stop", "fair-aggregator")
    draw = random.Random(SEED)
    interrupted = 0
    for number in range(UPGRADES):
        aged(path, 1 + number % 3)
        victim = serving(fair)
        victim.watch(draw.uniform(0, UPGRADE_S))
        victim.kill()
        interrupted += victim.killed
        db = sqlite3.connect(path)
        version = db.execute("PRAGMA user_version").fetchone()[0]
        db.close()
        fair.check("an interrupted upgrade is whole or not begun",
                   version >= 1 + number % 3, version)
        fair.must(fair.aggregator("rebuild"))
        same(fair, before, "upgraded after a kill")
        fair.is_sound("upgraded after a kill")
    promise(18, "upgrades-killed", interrupted)
    aged(path, 1)
    serving(fair).kill()
    yield {}
    same(fair, before, "upgraded")


SCENES = {
    "aggregator-disk-lost": aggregator_disk_lost,
    "aggregator-restored-from-old-backup": restored,
    "clock-wrong": clock_wrong,
    "damaged-aggregator": damaged_aggregator,
    "damaged-ledger": damaged_ledger,
    "device-lost": device_lost,
    "disk-full": disk_full,
    "forked-device": forked_device,
    "interrupted-upgrade": interrupted_upgrade,
}

# Which promise a page keeps.
PROMISES = {
    "aggregator-disk-lost": 9,
    "aggregator-restored-from-old-backup": 9,
    "clock-wrong": 12,
    "damaged-aggregator": 20,
    "damaged-ledger": 20,
    "device-lost": 10,
    "disk-full": 11,
    "forked-device": 8,
    "interrupted-upgrade": 18,
}
