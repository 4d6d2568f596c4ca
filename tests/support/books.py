"""What the reports must say, worked out again from the bytes of the events.

Follows PROTOCOL.md 3 to 5 and shares nothing with the programs: ledgers and
the aggregator's segments are read through SQLite, read-only, and every number
is a sum over decoded events.
"""
import base64
import hashlib
import json
import os
import sqlite3
from collections import Counter, defaultdict

MONEY = ("revenue_vnd", "refunds_vnd", "voids_vnd", "net_vnd")
ROW = MONEY + ("sales", "visits")


def rows(path, sql, *args):
    """What a read-only query finds in a database file."""
    db = sqlite3.connect("file:%s?mode=ro" % path, uri=True, timeout=10)
    try:
        return db.execute(sql, args).fetchall()
    finally:
        db.close()


def as_bytes(value):
    return value.encode() if isinstance(value, str) else bytes(value)


# ---- what is stored --------------------------------------------------------

def ledger(till, after=0):
    """The event lines of a till's directory behind a number; of a till that
    never began, none."""
    path = os.path.join(till, "ledger.db")
    try:
        found = rows(path, "SELECT bytes FROM event WHERE seq > ?"
                     " ORDER BY seq", after)
    except sqlite3.OperationalError:  # killed before there was a table
        if os.path.exists(path) and os.path.getsize(path) > 0:
            raise
        return []
    return [as_bytes(line) for line, in found]


def chain_fault(till):
    """The first number whose stored hash does not follow; 0 if all do."""
    head = None
    for n, (seq, line, stored) in enumerate(rows(
            os.path.join(till, "ledger.db"),
            "SELECT seq, bytes, hash FROM event ORDER BY seq"), 1):
        line = as_bytes(line)
        event = json.loads(line)
        if n == 1:
            key = bytes.fromhex(event["body"]["admission"]["key"])
            head = hashlib.sha256(b"phien-cho ledger 1\n" + key).digest()
        head = hashlib.sha256(b"phien-cho event 1\n" + head + line).digest()
        if seq != n or event["seq"] != n or head != stored:
            return n
    return 0


def device(till):
    """Its name, by the key of its admission (PROTOCOL.md 2)."""
    with open(os.path.join(till, "admission"), encoding="utf-8") as f:
        key = bytes.fromhex(json.loads(f.readline())["key"])
    digest = hashlib.sha256(b"phien-cho device 1\n" + key).digest()
    return base64.b32encode(digest[:10]).decode().lower()


def inbox(till):
    """(events acknowledged, version of the lists) as sync.db holds them."""
    try:
        return rows(os.path.join(till, "sync.db"),
                    "SELECT acked, list FROM contact")[0]
    except sqlite3.OperationalError:
        return 0, 0


class Held:
    """What an aggregator holds: of every device its count and its lines."""

    def __init__(self, hub, name="aggregator.db"):
        path = os.path.join(hub, name)
        self.count = dict(rows(path, "SELECT device, count FROM device"))
        self.lines = {device: [] for device in self.count}
        self.faults = []
        for device, first, last, text in rows(
                path, "SELECT device, first, last, bytes FROM segment"
                " ORDER BY device, first"):
            lines = as_bytes(text).split(b"\n")[:-1]
            if (first != len(self.lines[device]) + 1 or
                    last != first + len(lines) - 1):
                self.faults.append((device, first, last))
            self.lines[device] += lines
        for device, count in self.count.items():
            if len(self.lines[device]) != count:
                self.faults.append((device, count))


# ---- what they add up to ---------------------------------------------------

class Books:
    """Sums over the event lines of any number of devices, ledger by ledger;
    one ledger may come in pieces."""

    def __init__(self, *ledgers):
        self.days = defaultdict(Counter)
        self.booths = defaultdict(Counter)
        self.products = defaultdict(Counter)
        self.events = 0
        self.booth = None  # whose ledger it is
        for lines in ledgers:
            self.add(lines)

    def add(self, lines):
        self.events += len(lines)
        for line in lines:
            event = json.loads(line)
            take = getattr(self, "_" + event["kind"], None)
            if take:
                take(event, event["body"], self.booth)
        return self

    def add_days(self, other):
        for date, sums in other.days.items():
            self.days[date].update(sums)

    def _enrolled(self, _, body, __):
        self.booth = self.booths[body["admission"]["booth"]]
        self.booth["devices"] += 1

    def _sale(self, event, body, booth):
        for at in self.days[event["day"]], booth:
            at.update(revenue_vnd=body["total"], net_vnd=body["total"],
                      sales=1)
        self._goods(body, 1, 1)

    def _void(self, _, body, booth):
        self.days[body["day"]]["voids_vnd"] += body["total"]
        for at in self.days[body["day"]], booth:
            at.update(revenue_vnd=-body["total"], net_vnd=-body["total"],
                      sales=-1)
        self._goods(body, -1, -1)

    def _refund(self, event, body, booth):
        for at in self.days[event["day"]], booth:
            at.update(refunds_vnd=body["total"], net_vnd=-body["total"])
        self._goods(body, -1, 0)

    def _visits(self, event, body, _):
        self.days[event["day"]]["visits"] += body["n"]

    def _goods(self, body, sign, sales):
        seen = set()
        for sku, _, milli, _, _, amount, *more in body["lines"]:
            key = sku, (more[0] if more else {}).get("seller", "")
            self.products[key].update(quantity_milli=sign * milli,
                                      amount_vnd=sign * amount,
                                      sales=0 if key in seen else sales)
            seen.add(key)

    def totals(self):
        return {m: sum(day[m] for day in self.days.values()) for m in ROW}

    # ---- compared with reports ----

    def days_differ(self, report):
        """What `report days` says otherwise; empty: nothing."""
        said = {int(d["date"].replace("-", "")): d for d in report["days"]}
        found = []
        for date in sorted(set(said) | set(self.days)):
            for m in ROW:
                want, got = self.days[date][m], said.get(date, {}).get(m, 0)
                if want != got:
                    found.append("%d %s: %s, events say %s" %
                                 (date, m, got, want))
        for m, want in self.totals().items():
            if report["totals"][m] != want:
                found.append("total %s: %s, events say %s" %
                             (m, report["totals"][m], want))
        return found

    def booths_differ(self, report):
        found = []
        for row in report["booths"]:
            want = self.booths[row["booth"]]
            found += ["%s %s: %s, events say %s" %
                      (row["booth"], m, row[m], want[m])
                      for m in ("net_vnd", "revenue_vnd", "refunds_vnd",
                                "sales", "devices") if row[m] != want[m]]
        missing = set(self.booths) - {r["booth"] for r in report["booths"]}
        return found + ["%s has no row" % booth for booth in sorted(missing)]

    def products_differ(self, report):
        said = {(r["sku"], r["seller"] or ""): r for r in report["products"]}
        found = []
        for key in sorted(set(said) | set(self.products)):
            for m in ("quantity_milli", "amount_vnd", "sales"):
                want, got = self.products[key][m], said.get(key, {}).get(m, 0)
                if want != got:
                    found.append("%s %s: %s, events say %s" %
                                 (key, m, got, want))
        return found
