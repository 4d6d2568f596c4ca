"""What pages and files must say, worked out from the stored events alone.

Books (tests/support/books.py) adds up days, booths and products; this adds the
hours, the counts at gates, the origins of booths, and a comparison with its
growth, in whole numbers and exact fractions.
"""
from collections import Counter, defaultdict
from fractions import Fraction
import json
import time

from books import Books, Held

UTC_OFFSET_S = 7 * 3600
TOTALS = ("revenue_vnd", "refunds_vnd", "voids_vnd", "net_vnd", "sales",
          "visits")


def hour_of(ms):
    return time.gmtime(ms // 1000 + UTC_OFFSET_S).tm_hour


def date_of(day):
    return "%04d-%02d-%02d" % (day // 10000, day // 100 % 100, day % 100)


class FairBooks(Books):
    """Books of one fair. Only counts at its gates are the fair's visits."""

    def __init__(self, gates):
        super().__init__()
        self.gates = gates
        self.hours = defaultdict(Counter)
        self.counts = Counter()

    def _hour(self, day, at, **more):
        self.hours[date_of(day), hour_of(at)].update(more)

    def _sale(self, event, body, booth):
        super()._sale(event, body, booth)
        self._hour(event["day"], event["at"], revenue_vnd=body["total"],
                   net_vnd=body["total"], sales=1)

    def _void(self, event, body, booth):
        super()._void(event, body, booth)
        self._hour(body["day"], body["at"], revenue_vnd=-body["total"],
                   net_vnd=-body["total"], sales=-1)

    def _refund(self, event, body, booth):
        super()._refund(event, body, booth)
        self._hour(event["day"], event["at"], refunds_vnd=body["total"],
                   net_vnd=-body["total"])

    def _visits(self, event, body, booth):
        gate = body.get("gate", "")
        day, hour = date_of(event["day"]), hour_of(event["at"])
        self.counts[day, hour, gate] += body["n"]
        if not self.gates or gate in self.gates:
            super()._visits(event, body, booth)
            self._hour(event["day"], event["at"], visits=body["n"])


def of_fairs(hub, gates):
    """FairBooks by code, from the aggregator's segments."""
    books = {}
    held = Held(hub)
    assert not held.faults, held.faults
    for lines in held.lines.values():
        fair = json.loads(lines[0])["body"]["admission"]["fair"]
        books.setdefault(fair, FairBooks(gates.get(fair, []))).add(lines)
    return books


def sums(counter, members=TOTALS):
    return {m: counter[m] for m in members}


def document(books, booths):
    """One fair's truth as JSON; `booths` are the rows of its booth list."""
    origin = {b["booth"]: b["origin"] for b in booths}
    origins = Counter()
    for booth, row in books.booths.items():
        origins[origin[booth]] += row["net_vnd"]
    row = ("revenue_vnd", "refunds_vnd", "net_vnd", "sales")
    return {
        "totals": books.totals(),
        "days": {date_of(d): sums(c) for d, c in sorted(books.days.items())
                 if d},
        "hours": {"%s %d" % at: sums(c, row + ("visits",))
                  for at, c in sorted(books.hours.items())},
        "booths": {b: sums(c, row + ("devices",))
                   for b, c in books.booths.items()},
        "products": {"%s|%s" % key: sums(c, ("quantity_milli", "amount_vnd",
                                             "sales"))
                     for key, c in books.products.items()},
        "visitors": {"%s %d %s" % key: n for key, n in books.counts.items()},
        "origins": dict(origins),
    }


def hundredths(n, d, per_cent=True):
    """n/d as whole hundredths (of a per cent), half away from zero."""
    x = Fraction(n, d) * (10000 if per_cent else 100)
    whole = int(abs(x) + Fraction(1, 2))
    return whole if x >= 0 else -whole


def growth(this, that):
    return None if that == 0 else hundredths(this - that, that)


def compared(this, this_days, that, that_days):
    """Totals and averages of a day of two fairs, as integers: growth in
    hundredths of a per cent."""
    per_day = None
    if this is not None and that:
        per_day = hundredths(this * that_days - that * this_days,
                             that * this_days)
    return {"this": this, "that": that,
            "growth_total_pct": None if not that else growth(this, that),
            "growth_per_day_pct": per_day}
