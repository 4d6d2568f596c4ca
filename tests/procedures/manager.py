"""The service manager of one test's machine: `systemctl` and
`systemd-tmpfiles`, as far as the pages use them.

It runs the units of config/systemd themselves: their user, their directory,
their command, their terminal; what they call /usr/bin and /var/lib lies where
the test's file machine.json says. It mends nobody's ownership, and starts
nothing anew that ended.
"""
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
UNITS = os.path.join(ROOT, "config", "systemd")
READY_S = 20


class Unit:
    """One unit of config/systemd on the machine of `folder`."""

    def __init__(self, folder, name):
        self.name = name[:-len(".service")] if name.endswith(
            ".service") else name
        with open(os.path.join(folder, "machine.json"),
                  encoding="utf-8") as file:
            self.machine = json.load(file)
        self.home = None
        self.set = self._settings()
        self.file = os.path.join(folder, "%s.%s" % (
            self.name, self.home.replace(os.sep, ".")))

    def _settings(self):
        template = re.sub("@.*", "@", self.name) + ".service"
        with open(os.path.join(UNITS, template), encoding="utf-8") as file:
            text = file.read().replace("@PREFIX@/bin", self.machine["bin"])
        for path, lies in self.machine["lies"].items():
            if "StateDirectory=" + os.path.basename(path) in text:
                self.home = lies
            text = text.replace(path, lies)
        return dict(re.findall(r"^([A-Za-z]+)=(.*)$", text, re.M))

    def pid(self):
        """Of the running one; None."""
        try:
            with open(self.file + ".pid", encoding="utf-8") as file:
                pid = int(file.read())
            with open("/proc/%d/stat" % pid, encoding="utf-8") as file:
                state = file.read().rpartition(")")[2].split()[0]
        except OSError:
            return None
        return pid if state != "Z" else None

    def command(self):
        as_user = self.machine["as"][self.set["User"]]
        words = self.set["ExecStart"]
        if self.set.get("StandardInput") != "tty":
            return as_user + words.split()
        return as_user + ["script", "-qefc", words, "/dev/null"]

    def start(self):
        if self.pid():
            return
        tells = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        tells.settimeout(READY_S)
        told = "\0phien-cho.%d" % os.getpid()
        tells.bind(told)
        env = dict(os.environ)
        if self.set["User"] == "fair-till":
            env.update(self.machine["env"])
        if self.set.get("Type") == "notify":
            env["NOTIFY_SOCKET"] = "@" + told[1:]
        if not os.path.exists(self.file + ".keys"):
            os.mkfifo(self.file + ".keys")  # nobody types
        with open(self.file + ".keys", "r+b", 0) as keys, \
                open(self.file + ".said", "ab") as said:
            process = subprocess.Popen(
                self.command(), env=env, stdin=keys, stdout=said, stderr=said,
                cwd="/", umask=0o077, start_new_session=True)
        with open(self.file + ".pid", "w", encoding="utf-8") as file:
            file.write("%d" % process.pid)
        while self.set.get("Type") == "notify":
            tells.settimeout(0.05)
            try:
                if tells.recv(100).startswith(b"READY=1"):
                    return
            except socket.timeout:
                if process.poll() is not None:
                    sys.exit("%s failed, see %s.said" % (self.name, self.file))

    def stop(self):
        pid = self.pid()
        if pid:
            os.kill(pid, signal.SIGTERM)
        while self.pid():
            time.sleep(0.01)
        if os.path.exists(self.file + ".pid"):
            os.remove(self.file + ".pid")

    def works(self):
        """It holds what only a working one holds, or the till does that has
        come first with a watch of its own: systemd tries again and again."""
        lock = {"fair-aggregator": "lock.aggregator",
                "fair-sync": "lock.watch"}.get(self.name, "lock.pos")
        end = time.monotonic() + READY_S
        while (self.pid() or "Restart" in self.set) and time.monotonic() < end:
            try:
                with open(os.path.join(self.home, lock),
                          encoding="utf-8") as file:
                    holder = re.search("process ([0-9]+)", file.read())
            except OSError:
                holder = None
            if holder and os.path.exists("/proc/" + holder[1]):
                return True
            time.sleep(0.01)
        return False

    def restart(self):
        self.stop()
        self.start()

    def is_active(self):
        print("active" if self.pid() else "inactive")
        return bool(self.pid())


def systemctl(folder, verb, *names):
    names = [name for name in names if not name.endswith(".timer")]
    if verb == "enable" and names.pop(0) != "--now":
        return 0
    do = {"start": Unit.start, "stop": Unit.stop, "restart": Unit.restart,
          "enable": Unit.start,
          "is-active": Unit.is_active}[verb]
    done = [do(Unit(folder, name)) for name in names]
    return 3 if False in done else 0


def systemd_tmpfiles(folder, *args):
    """systemd-tmpfiles --create phien-cho.conf."""
    if args != ("--create", "phien-cho.conf"):
        return 2
    with open(os.path.join(folder, "machine.json"), encoding="utf-8") as file:
        machine = json.load(file)
    with open(os.path.join(UNITS, "phien-cho.tmpfiles"),
              encoding="utf-8") as file:
        lines = [line.split() for line in file]
    for _, path, mode, user, group, _ in lines:
        for where, lies in machine["lies"].items():
            path = path.replace(where, lies)
        if not os.path.exists(path):
            subprocess.run(["install", "-d", "-o", user, "-g", group, "-m",
                            mode, path], check=True)
    return 0


if __name__ == "__main__":
    sys.exit({"systemctl": systemctl, "systemd-tmpfiles": systemd_tmpfiles}[
        sys.argv[2]](sys.argv[1], *sys.argv[3:]))
