"""The parts of a machine that a test must not touch: the service manager and
the clock. A folder in front of PATH holds programs of their names that do the
same to this test's own server and to its own clock."""
import os
import subprocess
import time

from fairlab import BUILD

SYSTEMCTL = """#!/bin/bash
# systemctl start|stop|is-active UNIT, for the server of one test.
set -u
[ "$1" = is-active ] || [ $# = 2 ] || exit 2
up() { [ -s "$PID" ] && kill -0 "$(cat "$PID")" 2>/dev/null; }
PID=%(dir)s/server.pid
case "$1 ${2%%.service}" in
"start fair-aggregator")
    up && exit 0
    : >%(dir)s/server.out
    setsid %(build)s/fair-aggregator --data %(hub)s serve \\
        --listen %(listen)s >%(dir)s/server.out 2>%(dir)s/server.err \\
        </dev/null &
    echo $! >"$PID"
    until grep -q listening %(dir)s/server.out; do
        up || { rm "$PID"; cat %(dir)s/server.err >&2; exit 1; }
        read -rt 0.02 <> <(:) || :
    done ;;
"stop fair-aggregator")
    up || exit 0
    kill "$(cat "$PID")"
    while up; do read -rt 0.02 <> <(:) || :; done
    rm "$PID" ;;
"is-active fair-aggregator")
    if up; then echo active; else echo inactive; exit 3; fi ;;
*)
    echo "no such unit: $*" >&2; exit 5 ;;
esac
"""

# The machine's clock, for those who are given it: begun at another time.
CLOCK = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int clock_gettime(clockid_t id, struct timespec *out)
{
    static int (*real)(clockid_t, struct timespec *);
    static long offset;
    if (!real) {
        FILE *file = fopen(getenv("CLOCK_OFFSET"), "r");
        if (!file || fscanf(file, "%ld", &offset) != 1)
            abort();
        fclose(file);
        real = dlsym(RTLD_NEXT, "clock_gettime");
    }
    int rc = real(id, out);
    if (id == CLOCK_REALTIME)
        out->tv_sec += offset;
    return rc;
}
"""

TIMEDATECTL = """#!/bin/sh
# timedatectl set-ntp true: the clock is right from now on.
[ "$*" = "set-ntp true" ] || exit 2
echo 0 >%(dir)s/clock.offset
"""


class StandIns:
    def __init__(self, fair):
        self.fair = fair
        fair.machine = self
        self.dir = fair.path("machine")
        os.mkdir(self.dir)
        self.path = os.pathsep.join(
            [self.dir, BUILD, os.environ["PATH"]])
        self._write("systemctl", SYSTEMCTL % {
            "dir": self.dir, "build": BUILD, "hub": fair.hub,
            "listen": fair.listen})
        self._write("timedatectl", TIMEDATECTL % {"dir": self.dir})

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
        self.clock = {"LD_PRELOAD": shim, "CLOCK_OFFSET": offset}

    def systemctl(self, *args):
        return subprocess.run([os.path.join(self.dir, "systemctl"), *args],
                              stdout=subprocess.DEVNULL, check=False)

    def __enter__(self):
        """The service manager takes over the server."""
        self.fair.server.stop()
        self.systemctl("start", "fair-aggregator")
        return self

    def __exit__(self, *_):
        self.systemctl("stop", "fair-aggregator")
