"""The users of the units, fair-aggregator and fair-till, for a test alone.

Root in a mount namespace of its own lays a table of users with both over
/etc/passwd, so that `runuser` and `install` know them. Who is not root cannot
be anybody else either: both are this user then, and whose file is whose goes
unseen.
"""
import os
import subprocess

IDS = {"fair-aggregator": 64001, "fair-till": 64002}
REAL = os.environ.get("PROCEDURES") == "apart as root"


def begin(folder):
    """Needs the namespace."""
    for table, line in (("passwd", "%s:x:%d:%d::/nonexistent:/bin/false\n"),
                        ("group", "%s:x:%d:\n")):
        with open("/etc/" + table, encoding="utf-8") as file:
            lines = [known for known in file
                     if known.split(":")[0] not in IDS]
        for name, number in IDS.items():
            number = number if REAL else 0
            lines.append(line % ((name,) + (number,) * line.count("%d")))
        path = os.path.join(folder, table)
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(lines)
        os.chmod(path, 0o644)
        subprocess.run(["mount", "--bind", path, "/etc/" + table], check=True)


def wrap(name):
    """What stands before a command line, to run it as that user."""
    if not REAL:
        return []
    return ["setpriv", "--reuid=" + name, "--regid=" + name, "--clear-groups",
            "--"]


def give(name, path):
    """With all that is in it."""
    if not REAL:
        return
    for folder, _, names in os.walk(path):
        for file in [folder] + [os.path.join(folder, n) for n in names]:
            os.chown(file, IDS[name], IDS[name])


def home(name, path):
    """A directory of the user's own."""
    os.makedirs(path, 0o700, exist_ok=True)
    give(name, path)
    return path


def strangers(name, path):
    """What that user would not find its own in there."""
    found = []
    for folder, _, names in os.walk(path):
        found += [file for file in (os.path.join(folder, n) for n in names)
                  if REAL and os.lstat(file).st_uid != IDS[name]]
    return found


# Who is root in a namespace only may not change its groups.
RUNUSER = """#!/bin/sh
# runuser -u USER -- COMMAND…, where there is no other user.
[ "$1" = -u ] && [ "$3" = -- ] || exit 2
shift 3
exec "$@"
"""
