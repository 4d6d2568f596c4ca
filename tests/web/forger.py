"""A till that was admitted, and whose owner writes events by hand.

Everything it sends is well-formed (PROTOCOL.md 1 to 6): the names in it are
what no importer lets in. Control bytes are not canonical and cannot be sent.
"""
import datetime
import hashlib
import json
import os
import ssl
import urllib.request

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives import serialization

NAMES = [  # of goods: bidi controls, what is not seen, markup, formulas
    "xin \u202egn\u00f4c hn\u00e0ht\u202c ch\u00e0o",
    "\u2066m\u1ef1c\u2069 \u200fLTR\u200e",
    "kh\u00f4ng\u200b\u2060th\u1ea5y\u2028d\u00f2ng\u2029m\u1edbi",
    "<svg/onload=document.title='owned'>",
    "=1+1\u202e", "d\u00e0i " * 400 + "h\u1ebft",
]


def compact(value, ordered=False):
    return json.dumps(value, ensure_ascii=False, sort_keys=not ordered,
                      separators=(",", ":")).encode()


def sha(domain, data):
    return hashlib.sha256(domain.encode() + data).digest()


def name_of(domain, key):
    text = "abcdefghijklmnopqrstuvwxyz234567"
    bits = int.from_bytes(sha(domain, key)[:10], "big")
    return "".join(text[bits >> (75 - 5 * i) & 31] for i in range(16))


class Forger:
    """Takes over the directory of a till that has enrolled and never sold."""

    def __init__(self, till, url):
        with open(os.path.join(till, "device.key"), encoding="ascii") as f:
            self.key = Ed25519PrivateKey.from_private_bytes(
                bytes.fromhex(f.read().strip()))
        self.public = self.key.public_key().public_bytes(
            serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        with open(os.path.join(till, "admission"), encoding="utf-8") as f:
            self.admission, self.word = json.loads(f.readline()), f.readline()
        self.url, self.events, self.sum = url, [], [0, 0, 0, 0, 0]
        self.heads = [sha("phien-cho ledger 1\n", self.public)]

    def add(self, kind, day, body):
        now = int(datetime.datetime.now().timestamp() * 1000)
        line = compact({"v": 1, "seq": len(self.events) + 1, "kind": kind,
                        "at": now, "boot": "forged", "up": 1, "day": day,
                        "shift": 1 if day else 0, "op": 0, "list": 0,
                        "sum": list(self.sum),
                        "body": json.loads(compact(body))}, ordered=True)
        self.events.append(line)
        self.heads.append(sha("phien-cho event 1\n", self.heads[-1] + line))

    def sell(self, day, lines):
        total = sum(line[5] for line in lines)
        self.sum[0] += total
        self.sum[4] += 1
        self.add("sale", day, {"lines": lines, "paid": [["cash", total]],
                               "ref": "FORGE", "total": total})

    def push(self):
        head = {"aggregator": name_of("phien-cho aggregator 1\n", bytes.fromhex(
                    self.admission["aggregator"])),
                "clock": int(datetime.datetime.now().timestamp() * 1000),
                "device": name_of("phien-cho device 1\n", self.public),
                "disk": -1, "from": 1, "head": self.heads[-1].hex(),
                "key": self.public.hex(), "list": 0, "nonce": "ab" * 16,
                "previous": self.heads[0].hex(), "program": "forger 1",
                "push": "1", "to": len(self.events), "unsent": 0}
        line = compact(head)
        signature = self.key.sign(b"phien-cho push 1\n" + line).hex().encode()
        body = b"\n".join([line, signature, *self.events, b""])
        request = urllib.request.Request(
            self.url + "/v1/push", body,
            {"Content-Type": "application/vnd.phien-cho"})
        with urllib.request.urlopen(
                request, context=ssl._create_unverified_context()) as reply:
            assert reply.status == 200


def forge(till, url, day):
    """Sells NAMES at a till, and comes back with their sums in đồng."""
    forger = Forger(till, url)
    number = int(day.replace("-", ""))
    forger.add("enrolled", 0, {"admission": forger.admission,
                               "signature": forger.word.strip()})
    forger.add("shift_opened", number, {"float": 0})
    for i, name in enumerate(NAMES):
        forger.sell(number, [["Z%02d" % i, name, 1000, "\u202ecái",
                              11000 + i, 11000 + i,
                              {"seller": name[:40], "unlisted": 1}]])
    forger.push()
    return [{"sku": "Z%02d" % i, "name": name, "amount": 11000 + i}
            for i, name in enumerate(NAMES)]
