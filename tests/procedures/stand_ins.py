"""The parts of a machine that a test must not touch: the service manager and
the clock. A folder in front of PATH holds programs of their names that do the
same to this test's own programs and to its own clock."""
import json
import os
import subprocess
import sys
import time

import manager
import users
from fairlab import BUILD

MANAGER = """#!/bin/sh
exec %s %s %s %s "$@"
"""

# A program of ours that root started by a page would leave files of root's.
GUARD = """#!/bin/sh
[ "$(id -u)" != 0 ] || [ "$*" = --version ] || {
    echo "root runs $0 $*"
    exit 99
}
exec %s/${0##*/} "$@"
"""

# The machine's clock, for those who are given it: begun at another time.
CLOCK = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* Looked up at each call: the clock may be set while a program runs. */
static long offset(void)
{
    char text[32] = "";
    int fd = open(getenv("CLOCK_OFFSET"), O_RDONLY | O_CLOEXEC);
    if (fd < 0 || read(fd, text, sizeof(text) - 1) < 0)
        abort();
    close(fd);
    return atol(text);
}

int clock_gettime(clockid_t id, struct timespec *out)
{
    static int (*real)(clockid_t, struct timespec *);
    if (!real)
        real = dlsym(RTLD_NEXT, "clock_gettime");
    int rc = real(id, out);
    if (id == CLOCK_REALTIME)
        out->tv_sec += offset();
    return rc;
}
"""

TIMEDATECTL = """#!/bin/sh
# timedatectl set-ntp true: the clock is right from now on.
[ "$*" = "set-ntp true" ] || exit 2
echo 0 >%(dir)s/clock.right
mv %(dir)s/clock.right %(dir)s/clock.offset
"""


class StandIns:
    def __init__(self, fair):
        self.fair, self.env = fair, {}
        fair.machine = self
        self.dir = fair.path("machine")
        os.mkdir(self.dir)
        self.path = os.pathsep.join(
            [self.dir, BUILD, os.environ["PATH"]])
        for name in "systemctl", "systemd-tmpfiles":
            self._write(name, MANAGER % (sys.executable, manager.__file__,
                                         self.dir, name))
        self._write("systemd-sysusers", "#!/bin/sh\n")  # users.begin did
        self._write("timedatectl", TIMEDATECTL % {"dir": self.dir})
        if users.REAL:
            for name in "fair-pos", "fair-sync", "fair-aggregator":
                self._write(name, GUARD % BUILD)
        else:
            self._write("runuser", users.RUNUSER)
        self.go(fair.path("tillA"))

    def go(self, till):
        """The till's units are those of the machine with this directory."""
        self.till = till
        with open(os.path.join(self.dir, "machine.json"), "w",
                  encoding="utf-8") as file:
            json.dump({"bin": BUILD, "env": self.env, "as": {
                user: users.wrap(user) for user in users.IDS}, "lies": {
                    "/var/lib/fair-aggregator": self.fair.hub,
                    "/var/lib/fair-till": till}}, file)

    def _write(self, name, text):
        file = os.path.join(self.dir, name)
        with open(file, "w", encoding="utf-8") as f:
            f.write(text)
        os.chmod(file, 0o755)

    def set_clock(self, now_s):
        """What programs with the environment `clock` take for now."""
        offset = os.path.join(self.dir, "clock.offset")
        shim = os.path.join(self.dir, "clock.so")
        with open(offset, "w", encoding="utf-8") as file:
            file.write("%d" % (now_s - time.time()))
        subprocess.run([os.environ.get("CC", "cc"), "-shared", "-fPIC", "-x",
                        "c", "-", "-o", shim, "-ldl"], check=True,
                       input=CLOCK.encode())
        self.env = {"LD_PRELOAD": shim, "CLOCK_OFFSET": offset}
        self.go(self.till)

    def systemctl(self, *args):
        return subprocess.run([os.path.join(self.dir, "systemctl"), *args],
                              stdout=subprocess.DEVNULL, check=False)

    def begun(self):
        """All units that were started and not stopped, of all tills."""
        found, here = {}, self.till
        for till in sorted(os.listdir(self.fair.dir)):
            self.go(self.fair.path(till))
            for name in "fair-sync", "fair-pos@tty1", "fair-aggregator":
                unit = manager.Unit(self.dir, name)
                if os.path.exists(unit.file + ".pid"):
                    found[unit.file] = unit
        self.go(here)
        return found.values()

    def broken(self):
        """Units that should work and do not, and why."""
        found = {}
        for unit in self.begun():
            if not unit.works():
                with open(unit.file + ".said", encoding="utf-8",
                          errors="replace") as file:
                    found[unit.file] = file.read()[-1000:]
        return found

    def __enter__(self):
        """The service manager takes over the server."""
        self.fair.server.stop()
        self.systemctl("start", "fair-aggregator")
        return self

    def __exit__(self, *_):
        for unit in self.begun():
            unit.stop()
