"""Reads the operators' pages and does what they say, to the letter.

A page is Markdown. Its ```sh blocks are run by bash, one after the other, as
they stand; a variable that one sets is there for the next. A ```text block
right behind one is what it prints: its lines come in this order, perhaps with
others between them, and `…` stands for anything. Where its last line is
`(exit N)` the block ends so, else with 0.
"""
import os
import re
import subprocess

BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```$", re.M | re.S)
EXIT = re.compile(r"^\(exit (\d+)\)$")
SETS = re.compile(r"^\s*([A-Z])=", re.M)
USES = re.compile(r"\$\{?([A-Z])\b")


class Step:
    """Some commands, and what they print."""

    def __init__(self, commands):
        self.commands, self.prints, self.code = commands, [], 0

    def tell(self, text):
        lines = [line for line in text.splitlines() if line.strip()]
        found = EXIT.match(lines[-1]) if lines else None
        self.code = int(found[1]) if found else 0
        self.prints = lines[:-1] if found else lines

    def missing(self, printed):
        """The first line of the page that was not printed; None: all were."""
        rest = [" ".join(line.split()) for line in printed.splitlines()]
        for line in self.prints:
            parts = [re.escape(" ".join(part.split()))
                     for part in line.split("…")]
            wanted = re.compile(".*".join(parts))
            while rest and not wanted.fullmatch(rest[0]):
                rest.pop(0)
            if not rest:
                return line
            rest.pop(0)
        return None


class Page:
    def __init__(self, path):
        self.name = os.path.basename(path)[:-len(".md")]
        with open(path, encoding="utf-8") as file:
            self.text = file.read()
        self.steps = []
        behind = None
        for block in BLOCK.finditer(self.text):
            if block[1] == "sh":
                self.steps.append(Step(block[2]))
            elif behind == "sh":
                self.steps[-1].tell(block[2])
            behind = block[1]

    def unknown(self, given):
        """Variables that are used before anybody has set them."""
        have, found = set(given), []
        for step in self.steps:
            own = set(SETS.findall(step.commands))
            found += sorted(set(USES.findall(step.commands)) - have - own)
            have |= own
        return found


class Hand:
    """Whoever follows a page: a directory, variables, a PATH."""

    def __init__(self, directory, variables, path):
        self.dir, self.variables = directory, dict(variables)
        self.env = dict(os.environ, LC_ALL="C.UTF-8", PATH=path,
                        HOME=directory)

    def do(self, step):
        """(exit code, what was printed); variables are kept."""
        kept = os.path.join(self.dir, "variables")
        names = " ".join(sorted(set(SETS.findall(step.commands))))
        script = "set -eu -o pipefail\n%s\n%s" % (step.commands, "".join(
            "printf '%%s' \"$%s\" >%s.%s\n" % (n, kept, n)
            for n in names.split()))
        done = subprocess.run(["bash", "-c", script], cwd=self.dir,
                              env=dict(self.env, **self.variables),
                              stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=120)
        for name in names.split():
            file = "%s.%s" % (kept, name)
            if os.path.exists(file):
                with open(file, encoding="utf-8") as f:
                    self.variables[name] = f.read()
                os.remove(file)
        return done.returncode, done.stdout.decode()
