"""A small world of real programs for tests: one aggregator, some tills.

Everything runs from $FAIR_BUILD in a directory of its own; servers listen on
127.0.0.1 on a free port and are ended by their process id.
"""
import atexit
import json
import os
import shutil
import signal
import subprocess
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("FAIR_BUILD", os.path.join(ROOT, "build"))
SAMPLE = os.path.join(ROOT, "config", "sample")


class Answer:
    """What a command did: exit code, both outputs, the JSON document if any."""

    def __init__(self, done):
        self.code = done.returncode
        self.out = done.stdout.decode("utf-8")
        self.err = done.stderr.decode("utf-8")

    @property
    def json(self):
        return json.loads(self.out)

    def __repr__(self):
        return "exit %d\nstdout: %s\nstderr: %s" % (self.code, self.out, self.err)


def run(program, *args, cwd=None, env=None, wrap=(), timeout=60, stdin=""):
    """Runs one of the programs (or any command, by path)."""
    path = program if os.sep in program else os.path.join(BUILD, program)
    full = dict(os.environ, HOME=cwd or "/nonexistent", **(env or {}))
    for name in ("FAIR_DATA", "XDG_STATE_HOME"):
        if not env or name not in env:
            full.pop(name, None)
    return Answer(subprocess.run([*wrap, path, *map(str, args)], cwd=cwd, env=full,
                                 input=stdin.encode(), capture_output=True,
                                 timeout=timeout))


def promise(number, thing, count):
    """A line for tests/run, as promise.h describes it."""
    print("promise %d %s %d" % (number, thing, count), flush=True)


class Server:
    """`fair-aggregator serve` on a data directory."""

    def __init__(self, data, listen="127.0.0.1:0", wrap=(), env=None):
        self.process = subprocess.Popen(
            [*wrap, os.path.join(BUILD, "fair-aggregator"), "--data", data,
             "serve", "--listen", listen],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=dict(os.environ, **(env or {})))
        line = self.process.stdout.readline().decode()
        if not line.startswith("listening on https://"):
            raise RuntimeError("serve: %r %r" % (line, self.process.stderr.read()))
        self.address = line.split("https://")[1].strip()
        atexit.register(self.kill)

    def stop(self):
        """Asks it to end; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(30)
        self.close()
        return code

    def kill(self):
        """Ends it at once; afterwards it may be that it was over before."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.close()

    def close(self):
        self.process.stdout.close()
        self.process.stderr.close()
        atexit.unregister(self.kill)


class Lab:
    """A fair with one aggregator, ready to serve; tills are enrolled on it."""

    FAIR = "THU"
    FIRST_DAY = "2020-01-14"

    def __init__(self, days=6, first_day=FIRST_DAY):
        self.dir = tempfile.mkdtemp(prefix="fairlab.")
        atexit.register(shutil.rmtree, self.dir, True)
        self.hub = os.path.join(self.dir, "hub")
        self.server = None
        self.first_day = first_day
        self.days = days

    def path(self, *names):
        return os.path.join(self.dir, *names)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(text)
        return self.path(name)

    def aggregator(self, *args, **kw):
        return run("fair-aggregator", "--data", self.hub, *args, **kw)

    def pos(self, till, *args, **kw):
        return run("fair-pos", "--data", self.path(till), *args, **kw)

    def sync(self, till, *args, **kw):
        return run("fair-sync", "--data", self.path(till), *args, **kw)

    def must(self, answer):
        if answer.code != 0:
            raise AssertionError(repr(answer))
        return answer

    BOOTHS = ("booth,name,origin,stands,place\n"
              "A1,Khu gian hàng Ba Chẽ,in-province,2,Ba Chẽ\n"
              "A2,Khu gian hàng Cô Tô,in-province,1,Cô Tô\n"
              "B1,Gian hàng Lạng Sơn,other-province,1,Lạng Sơn\n"
              "C1,Gian hàng Lào,foreign,1,\n")
    CATALOGUE = ("sku,name,unit,price_vnd,producer,stars,certificate,certified_on,expires_on,barcode\n"
                 "MD01,Miến dong Bình Liêu,túi 500g,60000,HTX Bình Liêu,4,S-1,2018-01-10,2021-01-09,8931234567897\n"
                 "CM01,Chả mực Hạ Long giã tay,kg,450000,,,,,,\n"
                 "MO01,Mật ong Tiên Yên,chai 500ml,185000,,3,S-2,2017-01-16,2020-01-15,\n")

    def set_up(self):
        """init, fair, booths, catalogue."""
        self.must(self.aggregator("init"))
        self.must(self.aggregator("fair", "add", self.FAIR, "--name", "Hội chợ Thử",
                                  "--first-day", self.first_day, "--days", self.days))
        self.must(self.aggregator("import", "booths",
                                  self.write("booths.csv", self.BOOTHS),
                                  "--fair", self.FAIR))
        self.must(self.aggregator("import", "catalogue",
                                  self.write("catalogue.csv", self.CATALOGUE)))
        return self

    def serve(self, listen="127.0.0.1:0"):
        self.server = Server(self.hub, listen)
        return self

    def string(self, booth="A1", fair=None):
        """An enrolment string."""
        args = ["enrol", "--fair", fair or self.FAIR, "--booth", booth]
        return self.must(self.aggregator(*args)).out.strip()

    def enrol(self, till="till", booth="A1"):
        self.must(self.sync(till, "enrol", self.string(booth)))
        return till

    def open(self, till="till", day=None, float_vnd=500000):
        self.must(self.pos(till, "shift", "open", "--float", float_vnd,
                           *(["--day", day or self.first_day])))

    def sell(self, till="till", *items, **kw):
        args = list(items) or ["1"]
        return self.must(self.pos(till, "sell", *args, "--exact", "--format", "json",
                                  *(["--basket", kw["basket"]] if "basket" in kw else []))).json

    def report(self, kind, *args):
        return self.must(self.aggregator("report", kind, "--fair", self.FAIR,
                                         *args, "--format", "json")).json

    def days_report(self):
        return self.report("days")


class Tests:
    """Collects named checks and prints the closing line."""

    def __init__(self):
        self.passed = self.failed = 0

    def check(self, name, ok, detail=""):
        if ok:
            self.passed += 1
        else:
            self.failed += 1
            print("FAIL %s\n     %s" % (name, str(detail).replace("\n", "\n     ")))

    def end(self):
        print("%d passed, %d failed" % (self.passed, self.failed))
        raise SystemExit(self.failed != 0)
