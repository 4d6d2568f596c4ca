"""Disks that are full or read-only, files that are locked or damaged: each is
refused with its word and a remedy, nothing is lost, and work goes on as soon
as the cause is gone.

Small memory file systems are mounted in a mount namespace of this test's own:
as root, or as anybody where the system lets users have namespaces.
"""
import fcntl
import http.client
import json
import os
import shutil
import sqlite3
import ssl
import subprocess
import sys

import books
from flows import Fair, J
from killing import begin

TILL_ROOM = 8 * 1024 * 1024
HUB_ROOM = 8 * 1024 * 1024
BLOCKS = 65536, 4096


def inside():
    """Are we in a mount namespace of our own?"""
    return os.environ.get("KILL_DISK") == "inside"


def run_all(tests):
    if inside():
        for part in (till_full, till_read_only, till_locked, till_corrupt,
                     hub_full, hub_read_only):
            part(tests)
        return
    wrap = ["unshare", "-m" if os.geteuid() == 0 else "-rm",
            "--propagation", "private"]
    done = subprocess.run(
        [*wrap, sys.executable, os.path.abspath(sys.argv[0]), "disk"],
        env=dict(os.environ, KILL_DISK="inside"), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    lines = done.stdout.decode().splitlines()
    print(*(line for line in lines if not line.startswith("seed ")
            and not line.endswith(" failed")), sep="\n")
    last = lines[-1].split() if lines else []
    if len(last) == 4 and last[3] == "failed":
        tests.passed += int(last[0])
        tests.failed += int(last[2])
        return
    tests.check("file systems can be mounted for the test (run it as root,"
                " or allow user namespaces)", False, done.stdout.decode())


# ---- small disks -----------------------------------------------------------

class Disk:
    """A memory file system on a directory."""

    def __init__(self, path, size):
        self.path = path
        os.makedirs(path, exist_ok=True)
        self._mount("-t", "tmpfs", "-o", "size=%d,mode=700" % size, "tmpfs",
                    path)

    @staticmethod
    def _mount(*args):
        subprocess.run(["mount", *args], check=True)

    def remount(self, how):
        self._mount("-o", "remount,bind," + how, self.path)

    def fill(self):
        """Takes all that is free."""
        with open(os.path.join(self.path, "ballast"), "ab", 0) as f:
            for size in BLOCKS:
                try:
                    while True:
                        f.write(b"\0" * size)
                except OSError:
                    continue

    def free(self):
        os.remove(os.path.join(self.path, "ballast"))

    def end(self):
        subprocess.run(["umount", "-l", self.path], check=True)


def sell(fair, basket, till="tillA"):
    return fair.pos(till, "sell", "1", "--exact", "--basket", basket, *J)


class Kept:
    """What a till holds must be there after everything."""

    def __init__(self, fair, till="tillA"):
        self.fair, self.till = fair, till
        self.lines = books.ledger(fair.path(till))

    def look(self, name, more=0):
        """All events are there as they were, and so many new ones."""
        now = books.ledger(self.fair.path(self.till))
        self.fair.check("%s: nothing is lost, %d events more" % (name, more),
                        now[:len(self.lines)] == self.lines and
                        len(now) == len(self.lines) + more,
                        (len(self.lines), len(now)))
        answer = self.fair.pos(self.till, "verify", *J)
        self.fair.check(name + ": the ledger is sound", answer.code == 0 and
                        answer.json["ok"] is True, answer)
        self.lines = now


def till_on(tests, size):
    """A fair whose till A lives on a disk of its own."""
    fair = Fair(tests)
    disk = Disk(fair.path("tillA"), size)
    fair.enrol("tillA")
    fair.day("tillA")
    fair.once("tillA")
    return fair, disk


# ---- the till --------------------------------------------------------------

def till_full(tests):
    fair, disk = till_on(tests, TILL_ROOM)
    kept = Kept(fair)
    os.mkdir(fair.path("tillA", "backups"))
    disk.fill()
    for n in range(3):
        fair.refused("full disk", sell(fair, "full"), "disk_full")
    kept.look("full disk")
    fair.refused("full disk: an export on it", fair.sync(
        "tillA", "export", fair.path("tillA", "backups", "export"), *J),
        "disk_full")
    tests.check("no half file stays",
                not os.listdir(fair.path("tillA", "backups")))
    status = fair.sync("tillA", "status", *J)
    tests.check("full disk: one can still look", status.code == 0, status)
    x = fair.pos("tillA", "report", "x", *J)
    tests.check("full disk: and see the shift", x.code == 0, x)
    closed = fair.pos("tillA", "shift", "close", "--counted", 500000, *J)
    tests.check("full disk: the day's end finds room", closed.code == 0,
                closed)
    kept.look("day ended on a full disk", 2)
    disk.free()
    fair.open("tillA", "2020-01-16")
    answer = sell(fair, "full")
    tests.check("room again: the refused basket is sold, for the first time",
                answer.code == 0 and "repeated" not in answer.json, answer)
    kept.look("room again", 2)
    agent_full(fair, disk, tests)
    disk.end()
    fair.end()


def agent_full(fair, disk, tests):
    """The agent cannot keep an answer: it says so, nothing is believed."""
    sell(fair, "unsent")
    before = books.inbox(fair.path("tillA"))
    fair.must(fair.aggregator("import", "catalogue", fair.write(
        "catalogue.csv", fair.CATALOGUE + "XX01,Thử,cái,1000,,,,,,\n")))
    disk.fill()
    fair.refused("the agent on a full disk", fair.sync("tillA", "once", *J),
                 "disk_full")
    now = books.inbox(fair.path("tillA"))
    tests.check("what could not be kept is not believed", now == before,
                (before, now))
    disk.free()
    fair.once("tillA")
    fair.TILLS = fair.TILLS[:1]
    fair.is_exact("the agent has room again")
    answer = fair.pos("tillA", "sell", "XX01", "--exact", *J)
    tests.check("and the new lists are there", answer.code == 0, answer)


def till_read_only(tests):
    fair, disk = till_on(tests, TILL_ROOM)
    sell(fair, "before")
    kept = Kept(fair)
    disk.remount("ro")
    fair.refused("read-only disk", sell(fair, "ro"), "read_only")
    fair.refused("the agent on a read-only disk", fair.sync(
        "tillA", "once", *J), "read_only")
    answer = fair.pos("tillA", "verify", *J)
    tests.check("read-only disk: all can be read", answer.code == 0, answer)
    disk.remount("rw")
    kept.look("writable again")
    answer = sell(fair, "ro")
    tests.check("writable again: the refused basket is sold",
                answer.code == 0 and "repeated" not in answer.json, answer)
    kept.look("selling again", 1)
    fair.once("tillA")
    fair.TILLS = fair.TILLS[:1]
    fair.is_exact("writable again")
    disk.end()
    fair.end()


def till_locked(tests):
    """Another program holds the files: waited for, then refused; reading
    never waits."""
    fair = Fair(tests).trade()
    fair.once()
    fair.server.stop()
    kept = Kept(fair)
    held = [Lock(fair.path("tillA", "lock.pos"), "somebody, process 1"),
            Lock(fair.path("tillA", "lock.sync"), "somebody, process 1"),
            Lock(os.path.join(fair.hub, "lock.aggregator"),
                 "somebody, process 1")]
    waiting = {
        "locked ledger": begin("fair-pos", fair.path("tillA"), "sell", "1",
                               "--exact", "--basket", "locked"),
        "locked inbox": begin("fair-sync", fair.path("tillA"), "once"),
        "locked aggregator": begin("fair-aggregator", fair.hub, "serve",
                                   "--listen", fair.listen),
        "locked books": begin("fair-aggregator", fair.hub, "rebuild"),
    }
    for what in ("verify",), ("report", "x"):
        answer = fair.pos("tillA", *what, *J)
        tests.check("locked ledger: reading does not wait",
                    answer.code == 0, answer)
    for name, victim in waiting.items():
        victim.end()
        doc = victim.json or {}
        tests.check(name + ": refused, naming the holder", victim.code == 1
                    and doc.get("error") == "locked" and
                    "somebody, process 1" in doc["message"], victim)
        tests.check(name + ": says what to do", doc.get("remedy"), victim)
    kept.look("locked")
    late = begin("fair-pos", fair.path("tillA"), "sell", "1", "--exact",
                 "--basket", "locked")
    tests.check("a sale waits for the lock", not late.watch(0.05), late)
    for lock in held:
        lock.end()
    late.end()
    tests.check("and goes through when it is free", late.code == 0, late)
    kept.look("free again", 1)
    fair.serve(fair.listen)
    fair.once()
    fair.is_exact("free again")
    fair.end()


class Lock:
    """Held as another program of ours would hold it."""

    def __init__(self, path, who):
        self.file = open(path, "w", encoding="utf-8")
        fcntl.flock(self.file, fcntl.LOCK_EX)
        self.file.write(who)
        self.file.flush()

    def end(self):
        self.file.close()


def till_corrupt(tests):
    """Stops, names the event, leaves the file; a successor sells on."""
    fair = Fair(tests).trade()
    fair.once()
    sell(fair, "last")
    kept = Kept(fair)
    path = fair.path("tillA", "ledger.db")
    good, bad = damage(path, b'"basket":"last"', b'"basket":"lost"')
    for name, answer in (
            ("corrupt ledger", sell(fair, "more")),
            ("the agent on a corrupt ledger",
             fair.sync("tillA", "once", *J))):
        fair.refused(name, answer, "corrupt")
    answer = fair.pos("tillA", "verify", *J)
    tests.check("verify names the event", answer.code == 1 and
                answer.json["first_bad"] == len(kept.lines) and
                answer.json["error"] == "chain", answer)
    tests.check("the file is left as it is", content(path) == bad)
    old = fair.sync("tillB", "status", *J).json
    held = books.Held(fair.hub)
    tests.check("nothing damaged was taken",
                sum(held.count.values()) == sum(
                    len(books.ledger(p)) for p in fair.paths()) - 1, old)
    fair.must(fair.sync("next", "enrol", fair.string("A1"), "--successor-of",
                        books.device(fair.path("tillA"))))
    fair.open("next")
    answer = sell(fair, "more", "next")
    tests.check("a successor sells on", answer.code == 0, answer)
    fair.once("next")
    with open(path, "wb") as f:
        f.write(good)
    kept.look("the disk was mended")
    sell(fair, "more")
    kept.look("selling again", 1)
    fair.once()
    fair.TILLS += (("next", "A1"),)
    fair.is_exact("after the damage")
    fair.end()


def content(path):
    with open(path, "rb") as f:
        return f.read()


def damage(path, old, new):
    """Changes bytes behind SQLite's back; (bytes before, bytes after)."""
    db = sqlite3.connect(path)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    good = content(path)
    assert good.count(old) == 1
    with open(path, "wb") as f:
        f.write(good.replace(old, new))
    return good, content(path)


# ---- the aggregator --------------------------------------------------------

def hub_on(tests):
    """A fair whose aggregator lives on a disk of its own."""
    fair = Fair(tests)
    fair.server.stop()
    shutil.move(fair.hub, fair.path("moved"))
    disk = Disk(fair.hub, HUB_ROOM)
    for name in os.listdir(fair.path("moved")):
        shutil.move(os.path.join(fair.path("moved"), name), fair.hub)
    fair.serve(fair.listen)
    return fair.trade(), disk


def hub_full(tests):
    """A push is answered, but not acknowledged."""
    fair, disk = hub_on(tests)
    fair.once()
    before = books.Held(fair.hub).count
    disk.fill()
    answers = []
    for n in range(40):
        sell(fair, "b-%d" % n)
        answers.append(fair.sync("tillA", "once", "--timeout", 1, *J))
        if answers[-1].code:
            break
    fair.refused("aggregator on a full disk", answers[-1], "refused")
    code, doc = push_by_hand(fair, "tillA")
    tests.check("full disk: a push is answered 507, with a remedy",
                code == 507 and doc["error"] == "disk_full" and
                doc["remedy"], (code, doc))
    status = fair.sync("tillA", "status", *J).json
    held = books.Held(fair.hub).count
    tests.check("full disk: nothing is acknowledged that is not held",
                status["acknowledged"] <= held[status["device"]] and
                status["unsent"] > 0, (status, held, before))
    for args in (("import", "catalogue", fair.path("catalogue.csv")),
                 ("rebuild",), ("backup", fair.path("hub", "backup"))):
        answer = fair.aggregator(*args, *J)
        if answer.code:
            fair.refused("full disk: " + args[0], answer, "disk_full")
    report = fair.aggregator("report", "days", "--fair", fair.FAIR, *J)
    tests.check("full disk: reports are still made", report.code == 0, report)
    disk.free()
    fair.once()
    fair.is_exact("aggregator has room again")
    fair.is_sound("aggregator has room again")
    fair.end()
    disk.end()


def push_by_hand(fair, till):
    """Posts what a ledger file begins with; (HTTP status, document)."""
    file = fair.path("pushed.ledger")
    fair.must(fair.sync(till, "export", file))
    lines = content(file).splitlines(True)
    header = json.loads(lines[0])
    lines = lines[:2 + header["to"] - header["from"] + 1]
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # the name is not what is tested
    server = http.client.HTTPSConnection(fair.listen, context=context,
                                         timeout=30)
    server.request("POST", "/v1/push", b"".join(lines),
                   {"Content-Type": "application/vnd.phien-cho"})
    answer = server.getresponse()
    text = answer.read()
    server.close()
    return answer.status, json.loads(text) if answer.status >= 500 else text


def hub_read_only(tests):
    fair, disk = hub_on(tests)
    fair.once()
    fair.server.stop()
    disk.remount("ro")
    sell(fair, "ro")
    for args in (("serve", "--listen", fair.listen), ("rebuild",)):
        fair.refused("read-only disk: " + args[0],
                     fair.aggregator(*args, *J), "read_only")
    fair.refused("read-only aggregator", fair.sync(
        "tillA", "once", "--timeout", 1, *J), "unreachable")
    disk.remount("rw")
    fair.serve(fair.listen)
    fair.once()
    fair.is_exact("aggregator writable again")
    fair.end()
    disk.end()
