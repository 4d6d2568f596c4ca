"""The programs under what their units allow: another user without any
capability, a read-only machine but for their own directory, the system calls
of the unit's filter and no other, no memory that is both written and run.

No service manager is needed: the unit is read, and a filter of the same calls
is laid on the program before it starts.
"""
import atexit
import ctypes
import os
import re
import resource
import socket
import struct
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
NOBODY = 65534
ALLOW, REFUSE = 0x7fff0000, 0x00050001  # EPERM
PROT_WRITE, PROT_EXEC = 2, 4
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, PR_CAPBSET_DROP = 38, 22, 24
FILTER = 2


def settings(unit):
    """The last value of each key; of a list, all."""
    found = {}
    path = os.path.join(ROOT, "config", "systemd", unit)
    with open(path, encoding="utf-8") as file:
        for line in file:
            key, equals, value = line.rstrip("\n").partition("=")
            if equals and not line.startswith("#"):
                found.setdefault(key, []).append(value)
    return found


def expand(name, sets={}):  # pylint: disable=dangerous-default-value
    """The calls of a set, as systemd has them."""
    if not name.startswith("@"):
        return {name}
    if name not in sets:
        said = subprocess.run(["systemd-analyze", "syscall-filter", name],
                              stdout=subprocess.PIPE, check=True)
        words = [line.strip() for line in said.stdout.decode().splitlines()[1:]]
        sets[name] = set().union(*(expand(w) for w in words
                                   if w and not w.startswith("#")))
    return sets[name]


def allowed(unit):
    """Names of the calls that its SystemCallFilter lets through."""
    calls = expand("@default")
    for value in settings(unit)["SystemCallFilter"]:
        for word in value.lstrip("~").split():
            calls = (calls - expand(word) if value.startswith("~")
                     else calls | expand(word))
    return calls


def numbers():
    """{name: number} of this machine's system calls."""
    said = subprocess.run([os.environ.get("CC", "cc"), "-E", "-dM", "-"],
                          input=b"#include <sys/syscall.h>\n",
                          stdout=subprocess.PIPE, check=True)
    return {name: int(number) for name, number in re.findall(
        r"#define __NR_(\w+) (\d+)\n", said.stdout.decode())}


def program(unit):
    """The filter, in the kernel's own language."""
    number = numbers()
    code = []

    def put(op, yes, no, k):
        code.append(struct.pack("<HBBI", op, yes, no, k))

    put(0x20, 0, 0, 0)  # the call's number
    for name in sorted(allowed(unit) & set(number)):
        k = number[name]
        if name not in ("mmap", "mprotect", "pkey_mprotect"):
            put(0x15, 0, 1, k)
            put(0x06, 0, 0, ALLOW)
            continue
        # Memory that is written is never run, nor the other way round.
        both = PROT_EXEC | (PROT_WRITE if name == "mmap" else 0)
        put(0x15, 0, 5, k)
        put(0x20, 0, 0, 32)  # its third argument
        put(0x54, 0, 0, both)
        put(0x15, 0, 1, both)
        put(0x06, 0, 0, REFUSE)
        put(0x06, 0, 0, ALLOW)
    put(0x06, 0, 0, REFUSE)
    return b"".join(code)


def kept(unit, files={}):  # pylint: disable=dangerous-default-value
    """A file with the unit's filter, made once."""
    if unit not in files:
        handle, files[unit] = tempfile.mkstemp(prefix="filter.")
        with os.fdopen(handle, "wb") as file:
            file.write(program(unit))
        atexit.register(os.remove, files[unit])
    return files[unit]


def confine(code):
    """Lays the filter on this process, for good."""
    libc = ctypes.CDLL(None, use_errno=True)
    body = ctypes.create_string_buffer(code)
    head = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(body))
    if (libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 or
            libc.prctl(PR_SET_SECCOMP, FILTER, head, 0, 0) != 0):
        raise OSError(ctypes.get_errno(), "seccomp")


def drop(unit):
    """The user's own rights and limits."""
    files = int(settings(unit).get("LimitNOFILE", ["1024"])[0])
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    if os.geteuid() != 0:  # somebody without rights already
        return
    libc = ctypes.CDLL(None)
    for capability in range(64):
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)


def wrap(unit, directory):
    """What stands before a command line, to run it as the unit would."""
    here = [sys.executable, os.path.abspath(__file__), unit, kept(unit)]
    if os.geteuid() != 0:
        return here
    apart = ("mount --bind %s %s && mount -o remount,bind,ro / && exec \"$@\""
             % (directory, directory))
    return ["unshare", "-m", "--propagation", "private", "sh", "-c", apart,
            "sh"] + here


class Manager:
    """Hears what a service tells its manager."""

    def __init__(self, path):
        self.path = path
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(path)
        os.chmod(path, 0o666)
        self.socket.settimeout(20)

    def hears(self):
        return self.socket.recv(100).decode()


if __name__ == "__main__":
    with open(sys.argv[2], "rb") as written:
        filter_code = written.read()
    drop(sys.argv[1])
    confine(filter_code)
    os.execv(sys.argv[3], sys.argv[3:])
