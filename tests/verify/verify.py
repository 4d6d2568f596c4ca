#!/usr/bin/env python3
"""Verifies a till's ledger by sync/PROTOCOL.md alone.

    verify.py [--key HEX] [--aggregator HEX] [--witness COUNT HEAD]… FILE

FILE is a till's ledger.db, or a ledger file as `fair-sync export` writes it,
to which the options do not apply. Prints the verdict of PROTOCOL.md 5.6; exit 1 when it is not sound.
Without --key the device's key is the one that event 1 names.

Nothing of ours is imported and nothing but the standard library: Ed25519 is
below, from the formulas of RFC 8032. Numbers in brackets are sections of
PROTOCOL.md.
"""

import argparse
import base64
import hashlib
import json
import re
import sqlite3
import sys
import unicodedata
from datetime import date

MAX_EVENT, MAX_DEPTH, MAX_MEMBERS = 16384, 6, 32
INT_MIN, INT_MAX = -2**63, 2**63 - 1


class Fault(Exception):
    """A code word of PROTOCOL.md 5.5."""


# ---- canonical JSON (1.1) ---------------------------------------------------

class Object(dict):
    """Members of an object; `raw` is the bytes it was read from."""


class Reader:
    """Reads one canonical object."""

    NUMBER = re.compile(rb"-?[1-9][0-9]*|0")
    STRING = re.compile(rb'"((?:[^"\\]|\\["\\])*)"', re.S)

    def __init__(self, data):
        self.data, self.at, self.depth = data, 0, 0

    def require(self, holds):
        if not holds:
            raise Fault("canonical")

    def peek(self):
        return self.data[self.at:self.at + 1]

    def take(self, mark):
        found = self.peek() == mark
        self.at += found
        return found

    def string(self):
        match = self.STRING.match(self.data, self.at)
        self.require(match)
        self.at = match.end()
        try:
            text = match[1].decode("utf-8")
        except UnicodeDecodeError:
            raise Fault("canonical") from None
        self.require(unicodedata.is_normalized("NFC", text))
        self.require(not any(c < "\x20" or "\x7f" <= c <= "\x9f"
                             for c in text))
        return re.sub(r"\\(.)", r"\1", text)

    def number(self):
        match = self.NUMBER.match(self.data, self.at)
        self.require(match)
        self.at = match.end()
        number = int(match[0][:32])
        self.require(INT_MIN <= number <= INT_MAX and len(match[0]) < 32)
        return number

    def open(self):
        self.at += 1
        self.depth += 1
        self.require(self.depth <= MAX_DEPTH)

    def array(self):
        self.open()
        values = []
        while not self.take(b"]"):
            self.require(not values or self.take(b","))
            values.append(self.value())
        self.depth -= 1
        return values

    def members(self, in_order):
        """An object as a dictionary in the order of the bytes."""
        start = self.at
        self.open()
        members, last = Object(), None
        while not self.take(b"}"):
            self.require(last is None or self.take(b","))
            name = self.string()
            encoded = name.encode()
            self.require(self.take(b":") and name not in members)
            self.require(not in_order or last is None or last < encoded)
            members[name], last = self.value(), encoded
        self.depth -= 1
        members.raw = self.data[start:self.at]
        return members

    def value(self):
        kind = self.peek()
        if kind == b"{":
            return self.members(True)
        if kind == b"[":
            return self.array()
        return self.string() if kind == b'"' else self.number()


def canonical(data, in_order=True):
    reader = Reader(data)
    reader.require(reader.peek() == b"{")
    members = reader.members(in_order)
    reader.require(reader.at == len(data))
    reader.require(in_order or len(members) <= MAX_MEMBERS)
    return members


# ---- records (1.2, 1.3) -----------------------------------------------------

def require(holds, code="form"):
    if not holds:
        raise Fault(code)


def number(low=INT_MIN, high=INT_MAX):
    return lambda v: type(v) is int and low <= v <= high


def text(pattern=r"(?s).+"):
    return lambda v: type(v) is str and re.fullmatch(pattern, v) is not None


def hexes(n):
    return text(f"[0-9a-f]{{{n}}}")


def is_day(v):
    if type(v) is not int or not 19700101 <= v <= 99991231:
        return False
    try:
        date(v // 10000, v // 100 % 100, v % 100)
    except ValueError:
        return False
    return True


def is_day_or_none(v):
    return type(v) is int and (v == 0 or is_day(v))


def is_object(v):
    return type(v) is Object


def is_empty(v):
    return v == 0 if type(v) is int else len(v) == 0


def optional(check):
    def checked(v):
        return not is_empty(v) and check(v)
    checked.optional = True
    return checked


def list_of(check, low, high):
    return lambda v: (type(v) is list and low <= len(v) <= high
                      and all(check(x) for x in v))


def record(**fields):
    """An object with these members; `float_` stands for float."""
    fields = {name.rstrip("_"): check for name, check in fields.items()}

    def checked(v):
        return type(v) is Object and all(
            check(v[name]) if name in v else hasattr(check, "optional")
            for name, check in fields.items())
    return checked


def tuple_of(*checks):
    def checked(v):
        return type(v) is list and all(
            check(v[i]) if i < len(v) else hasattr(check, "optional")
            for i, check in enumerate(checks))
    return checked


# ---- Ed25519 (2; RFC 8032, 5.1) ---------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)


def add(p, q):
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n, p):
    total = (0, 1, 1, 0)
    while n > 0:
        if n & 1:
            total = add(total, p)
        p, n = add(p, p), n >> 1
    return total


def encode_point(p):
    inverse = pow(p[2], P - 2, P)
    x, y = p[0] * inverse % P, p[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def decode_point(data):
    """The point, or None where the bytes are none or not canonical."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P != 0:
        x = x * ROOT_OF_MINUS_1 % P
    if (x * x - square) % P != 0 or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


BASE = decode_point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_small(p):
    return encode_point(times(8, p)) == encode_point((0, 1, 1, 0))


def signature_holds(key, domain, message, signature):
    message = domain + message
    r, s = signature[:32], int.from_bytes(signature[32:], "little")
    point, r_point = decode_point(key), decode_point(r)
    if s >= L or not point or not r_point or is_small(point) \
            or is_small(r_point):
        return False
    h = hashlib.sha512(r + key + message).digest()
    h = int.from_bytes(h, "little") % L
    minus = (P - point[0], point[1], 1, P - point[3])
    return encode_point(add(times(s, BASE), times(h, minus))) == r


def name_of(key):
    digest = hashlib.sha256(b"phien-cho device 1\n" + key).digest()
    return base64.b32encode(digest[:10]).decode().lower()


# ---- the event (3) ----------------------------------------------------------

NOT_NEGATIVE = number(0)
ENVELOPE = {
    "v": number(1, 1), "seq": number(1), "kind": text("[a-z_]{1,32}"),
    "at": NOT_NEGATIVE, "boot": text("[a-z2-7]{6}"), "up": NOT_NEGATIVE,
    "day": is_day_or_none, "shift": NOT_NEGATIVE, "op": NOT_NEGATIVE,
    "list": NOT_NEGATIVE, "sum": tuple_of(*[NOT_NEGATIVE] * 5),
    "late": optional(NOT_NEGATIVE), "body": is_object,
}
GROSS, REFUNDS, VOIDS, VISITS, SALES = range(5)


def check_envelope(data):
    require(len(data) <= MAX_EVENT, "canonical")
    event = canonical(data, in_order=False)
    require(record(**ENVELOPE)(event))
    known = [name for name in event if name in ENVELOPE]
    require(known == [name for name in ENVELOPE if name in event])
    return event


# ---- the bodies (4) ---------------------------------------------------------

TEXT, ANY = text(), number()
MORE = record(discount=optional(NOT_NEGATIVE), seller=optional(TEXT),
              stamp=optional(TEXT), unlisted=optional(number(1, 1)))
LINE = tuple_of(TEXT, TEXT, number(1), text("(?s).*"), NOT_NEGATIVE,
                NOT_NEGATIVE, optional(MORE))
PAYMENT = tuple_of(text("cash|transfer|card|voucher"), number(1),
                   optional(TEXT))
LINES, PAID = list_of(LINE, 1, 200), list_of(PAYMENT, 0, 8)

BODIES = {
    "sale": record(basket=optional(TEXT), change=optional(NOT_NEGATIVE),
                   discount=optional(NOT_NEGATIVE), lines=LINES, paid=PAID,
                   ref=TEXT, total=NOT_NEGATIVE),
    "void": record(at=NOT_NEGATIVE, day=is_day_or_none, lines=LINES,
                   of=number(1), paid=PAID, reason=optional(TEXT),
                   total=NOT_NEGATIVE),
    "refund": record(basket=optional(TEXT), foreign=optional(TEXT),
                     lines=LINES, of=optional(number(1)), paid=PAID,
                     reason=optional(TEXT), total=NOT_NEGATIVE),
    "enrolled": record(admission=is_object, signature=hexes(128)),
    "shift_opened": record(float_=NOT_NEGATIVE),
    "shift_closed": record(counted=NOT_NEGATIVE, expected=ANY,
                           opened=number(1), reason=optional(TEXT)),
    "day_turned": record(from_=is_day_or_none),
    "visits": record(estimated=optional(number(1, 1)), gate=optional(TEXT),
                     n=number(-1000000, 1000000)),
    "cash": record(amount=lambda v: ANY(v) and v != 0,
                   reason=optional(TEXT)),
    "stock": record(milli=ANY, sku=TEXT, why=TEXT),
    "override": record(by=NOT_NEGATIVE, what=TEXT),
    "drawer": record(reason=optional(TEXT)),
    "cart_cancelled": record(lines=NOT_NEGATIVE, total=NOT_NEGATIVE),
    "line_removed": record(line=LINE),
    "reprint": record(of=number(1)),
    "operator": record(number=NOT_NEGATIVE, role=optional(TEXT), what=TEXT),
    "access": record(number=NOT_NEGATIVE, what=TEXT),
    "list": record(hash=hexes(64), version=number(1)),
    "clock": record(offset=ANY),
    "call": record(text=optional(TEXT), what=TEXT),
    "seal": record(signature=hexes(128)),
    "note": record(text=optional(TEXT), what=TEXT),
}


def check_body(kind, body):
    if kind not in BODIES:
        return
    require(BODIES[kind](body))
    if kind == "refund":
        require(("of" in body) != ("foreign" in body))
    if kind in ("sale", "void", "refund"):
        change = body.get("change", 0) if kind == "sale" else 0
        goods = sum(line[5] for line in body["lines"])
        paid = sum(payment[1] for payment in body["paid"])
        require(goods <= INT_MAX and paid <= INT_MAX, "sums")
        require(goods == body["total"] == paid - change, "sums")


def moved(totals, kind, body):
    totals = list(totals)
    if kind == "sale":
        totals[GROSS] += body["total"]
        totals[SALES] += 1
    elif kind == "refund":
        totals[REFUNDS] += body["total"]
    elif kind == "void":
        totals[VOIDS] += body["total"]
    elif kind == "visits":
        totals[VISITS] += body["n"]
    require(all(0 <= total <= INT_MAX for total in totals), "sums")
    return totals


# ---- the admission (4.3) ----------------------------------------------------

ADMISSION = record(
    aggregator=hexes(64), at=NOT_NEGATIVE, booth=text("[A-Z0-9]{1,6}"),
    booth_name=TEXT, closed=optional(list_of(is_day, 0, 64)),
    cut_off=number(0, 1439), days=number(1, 3660),
    fair=text("[A-Z0-9][A-Z0-9-]{0,15}"), first_day=is_day, key=hexes(64),
    label=text("[A-Z0-9]{1,3}"), name=TEXT, number=number(1, 1023),
    successor_of=optional(text("[a-z2-7]{16}")))


def ordinal(day):
    return date(day // 10000, day // 100 % 100, day % 100).toordinal()


def admission_holds(body, key, aggregator):
    if not BODIES["enrolled"](body):
        return False
    admission = body["admission"]
    if not ADMISSION(admission):
        return False
    closed = [ordinal(day) for day in admission.get("closed", [])]
    first = ordinal(admission["first_day"])
    if closed != sorted(set(closed)) or len(closed) >= admission["days"] or \
            any(not first <= day < first + admission["days"]
                for day in closed):
        return False
    signer = bytes.fromhex(admission["aggregator"])
    return (bytes.fromhex(admission["key"]) == key
            and aggregator in (None, signer)
            and signature_holds(signer, b"phien-cho admission 1\n",
                                admission.raw,
                                bytes.fromhex(body["signature"])))


# ---- the ledger (5) ---------------------------------------------------------

class Walk:
    """The state of PROTOCOL.md 5.5."""

    def __init__(self, key, aggregator=None):
        self.key, self.aggregator = key, aggregator
        self.count, self.totals = 0, [0] * 5
        self.head = hashlib.sha256(b"phien-cho ledger 1\n" + key).digest()

    def feed(self, data, stored=None):
        event = check_envelope(data)
        kind, body = event["kind"], event["body"]
        require(event["seq"] == self.count + 1, "sequence")
        head = hashlib.sha256(b"phien-cho event 1\n" + self.head + data)
        require(stored in (None, head.digest()), "chain")
        first = self.count == 0
        require(first == (kind == "enrolled"), "admission")
        if first:
            require(admission_holds(body, self.key, self.aggregator),
                    "admission")
        check_body(kind, body)
        totals = moved(self.totals, kind, body)
        require(totals == event["sum"][:5], "sums")
        if kind == "seal":
            require(signature_holds(self.key, b"phien-cho seal 1\n",
                                    self.head,
                                    bytes.fromhex(body["signature"])), "seal")
        self.count, self.head, self.totals = \
            self.count + 1, head.digest(), totals

    def verdict(self, error=None, bad=None):
        if error and bad is None:
            bad = self.count + 1
        return {"device": name_of(self.key), "events": self.count,
                "head": self.head.hex(), "ok": error is None,
                "first_bad": bad, "error": error}


def judge(events, key, aggregator=None, witnesses=()):
    """The verdict on (bytes, stored hash or None) in order."""
    walk = Walk(key, aggregator)

    def rewritten():
        return any(count == walk.count and head != walk.head
                   for count, head in witnesses)

    for data, stored in events:
        if rewritten():
            break
        try:
            walk.feed(data, stored)
        except Fault as fault:
            return walk.verdict(str(fault))
    if rewritten():
        return walk.verdict("rewritten", walk.count)
    if any(count > walk.count for count, head in witnesses):
        return walk.verdict("truncated")
    return walk.verdict()


def key_in(events):
    """The key that event 1 names; zeros where it names none."""
    try:
        event = check_envelope(events[0][0])
        return bytes.fromhex(event["body"]["admission"]["key"])
    except (Fault, IndexError, KeyError, TypeError, ValueError):
        return bytes(32)


def read_ledger(path):
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    database.text_factory = bytes
    rows = database.execute("SELECT bytes, hash FROM event ORDER BY seq")
    events = [(bytes(data), bytes(stored)) for data, stored in rows]
    database.close()
    return events


# ---- ledger files (6.1, 6.2, 9) ----------------------------------------------

HEADER = record(
    aggregator=text("[a-z2-7]{16}"), clock=NOT_NEGATIVE,
    device=text("[a-z2-7]{16}"), disk=number(-1), from_=number(1),
    head=hexes(64), key=hexes(64), list=NOT_NEGATIVE, nonce=text("0{32}"),
    previous=hexes(64), program=text(r"[ !#-\[\]-~]{1,40}"), push=text("1"),
    to=number(0, INT_MAX - 1), unsent=NOT_NEGATIVE)
MAX_LINE, MAX_EVENTS, MAX_PUSH = 2048, 500, 262144


class LedgerFile:
    """The walk over the pushes of a file; the first one begins it."""

    def __init__(self, data):
        *self.lines, self.rest = data.split(b"\n")
        self.walk = None

    def header(self):
        """The first two lines left, and the number of events behind them."""
        lines = self.lines
        require(len(lines) >= 2 and len(lines[0]) <= MAX_LINE)
        header = canonical(lines[0])
        require(HEADER(header) and "want" not in header)
        key = bytes.fromhex(header["key"])
        n = header["to"] - header["from"] + 1
        require(header["device"] == name_of(key) and 0 <= n <= len(lines) - 2)
        require(n <= MAX_EVENTS and sum(map(len, lines[:n + 2])) + n + 2
                <= MAX_PUSH, "limit")
        require(re.fullmatch(b"[0-9a-f]{128}", lines[1]))
        require(signature_holds(key, b"phien-cho push 1\n", lines[0],
                                bytes.fromhex(lines[1].decode())),
                "signature")
        return header, key, n

    def take_push(self):
        header, key, n = self.header()
        walk = self.walk = self.walk or Walk(key)
        require(walk.key == key, "fork")
        require(header["from"] == walk.count + 1, "sequence")
        require(header["previous"] == walk.head.hex(), "chain")
        for data in self.lines[2:n + 2]:
            walk.feed(data)
        require(header["head"] == walk.head.hex(), "chain")
        del self.lines[:n + 2]

    def verdict(self):
        error = None
        try:
            while self.lines or not self.walk:
                self.take_push()
            require(self.rest == b"")
        except Fault as fault:
            error = str(fault)
        return (self.walk or Walk(bytes(32))).verdict(error)


# ---- the command ------------------------------------------------------------

def hex_bytes(word):
    data = bytes.fromhex(word)
    if len(data) != 32:
        raise ValueError
    return data


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--key", type=hex_bytes)
    parser.add_argument("--aggregator", type=hex_bytes)
    parser.add_argument("--witness", nargs=2, action="append", default=[],
                        metavar=("COUNT", "HEAD"))
    parser.add_argument("file")
    args = parser.parse_args()
    with open(args.file, "rb") as file:
        data = file.read()
    if data.startswith(b"SQLite format 3\0"):
        events = read_ledger(args.file)
        witnesses = [(int(count), hex_bytes(head))
                     for count, head in args.witness]
        verdict = judge(events, args.key or key_in(events), args.aggregator,
                        witnesses)
    else:
        verdict = LedgerFile(data).verdict()
    print(json.dumps(verdict, separators=(",", ":")))
    return 0 if verdict["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
