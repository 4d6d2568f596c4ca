"""Ends programs by SIGKILL at a random moment of their life.

How long a command lives is learnt from the times it was let alone. Half of
the moments are drawn evenly over its life, half over the last third, where
commits and answers are; some fall behind the end, so that commands get
through. What a killed one had printed by then counts as said.
"""
import json
import os
import random
import select
import subprocess
import time

from fairlab import BUILD

BEYOND = 1.1  # the draw goes on a little behind the usual end
LIFE_S = 0.010  # before anything was measured
WEIGHT = 0.1  # of one more measurement


class Victim:
    """A command that was begun; `killed` tells how it ended."""

    def __init__(self, args):
        self.args = args
        self.out = b""
        self.process = subprocess.Popen(
            args, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL)
        self.begun = time.monotonic()
        self.lived = None

    def watch(self, seconds=None):
        """Waits for its end, at most so long; has it come?"""
        out = self.process.stdout
        until = None if seconds is None else time.monotonic() + seconds
        while True:
            left = None
            if until is not None:
                left = max(0, until - time.monotonic())
            if not select.select([out], [], [], left)[0]:
                return False
            data = os.read(out.fileno(), 65536)
            self.out += data
            if not data:
                self.lived = time.monotonic() - self.begun
                return True

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        return self.end()

    def end(self):
        self.watch()
        self.code = self.process.wait()
        self.killed = self.code == -9
        self.process.stdout.close()
        return self

    @property
    def done(self):
        """Ended well, or said so in full before it was killed."""
        return self.code == 0 or self.killed and self.json is not None

    @property
    def json(self):
        try:
            return json.loads(self.out)
        except ValueError:
            return None

    def __repr__(self):
        return "%s\nexit %s, stdout: %s" % (
            " ".join(map(str, self.args)), self.code, self.out.decode())


class Killer:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lives = {}
        self.kills = 0
        self.begun = time.monotonic()

    def moment(self, kind):
        """Seconds after which a command of this kind is to die."""
        share = self.random.random()
        if self.random.random() < 0.5:
            share = (2 + share) / 3
        return share * self.lives.get(kind, LIFE_S) * BEYOND

    def learn(self, kind, victim):
        old = self.lives.get(kind, victim.lived)
        self.lives[kind] = old + WEIGHT * (victim.lived - old)

    def strike(self, kind, program, data, *args):
        """Begins a command and kills it, unless it ends before."""
        victim = begin(program, data, *args)
        if victim.watch(self.moment(kind)):
            victim.end()
            self.learn(kind, victim)
        else:
            victim.kill()
            self.kills += victim.killed
        return victim

    def alone(self, kind, program, data, *args):
        """The same command, let alone."""
        victim = begin(program, data, *args)
        victim.end()
        self.learn(kind, victim)
        return victim

    def seconds(self):
        return time.monotonic() - self.begun


def begin(program, data, *args, wrap=()):
    return Victim([*wrap, os.path.join(BUILD, program), "--data", data,
                   *map(str, args), "--format", "json"])
