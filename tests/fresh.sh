#!/bin/bash
# tests/fresh.sh [TARGET…]: both README commands on a machine that has nothing.
#
# Makes a bare Debian root in a temporary folder, clones the checkout into
# it, and runs `make demo` and `make test` there without a terminal. The
# release and the sources of apt are those of this machine;
# SUITE=trixie takes another release. Needs root (mount and chroot).
set -u
cd "$(dirname "$0")/.." || exit 1
here=$PWD

say() { printf '== %s\n' "$*"; }
refuse() {
    printf '%s\nremedy: %s\n' "$1" "$2" >&2
    exit 1
}

[ "$(id -u)" = 0 ] || refuse 'a bare root needs mount and chroot' \
    'run make fresh as root'
config/install-packages.sh fresh || exit 1
own=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
suite=${SUITE:-$own}
[ -n "$suite" ] || refuse 'the release of this Debian is not known' \
    'name one: make fresh SUITE=bookworm'
git diff --quiet HEAD -- ||
    say 'note: only what is committed is tried, and there is more'

root=$(mktemp -d "${TMPDIR:-/tmp}/fair-fresh.XXXXXX") &&
    chmod 755 "$root" || exit 1 # apt fetches as a user of its own
log=$(realpath -m "${BUILD:-build}")/fresh-$suite.log
mkdir -p "$(dirname "$log")"

clean() {
    cd /
    umount "$root/dev/shm" "$root/dev/pts" "$root/proc" "$root" 2>/dev/null
    # Never delete into something that is still mounted.
    grep -q " $root[/ ]" /proc/mounts || rm -rf --one-file-system "$root"
}
trap clean EXIT
trap 'exit 1' INT TERM

# The first address apt reads for this machine's release, in either format.
mirror=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' \
    'Created-By: Packages' 2>/dev/null |
    awk -v s="$own" '$2 == s { print $1; exit }')
[ -n "$mirror" ] || refuse "apt has no source for $own" \
    'see /etc/apt/sources.list.d'

say "a bare $suite in $root"
started=$SECONDS
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
debootstrap --variant=minbase ${keyring:+--keyring="$keyring"} \
    --include=ca-certificates "$suite" "$root" "$mirror" \
    >"$log" 2>&1 || { tail "$log"; refuse 'debootstrap failed' \
    "see $log"; }

# What apt may read from where, as on this machine.
rm -f "$root"/etc/apt/sources.list
for file in /etc/apt/sources.list /etc/apt/sources.list.d/debian.*; do
    [ -f "$file" ] && sed "s/\b$own\b/$suite/g" "$file" \
        >"$root/${file#/}"
done
cp /etc/resolv.conf /etc/hosts "$root/etc/"
apt-config dump | grep -E '^Acquire::(http|https|Check|Retries|Languages)' \
    >"$root/etc/apt/apt.conf.d/99fresh"
for extra in /usr/local/share/ca-certificates /etc/apt/auth.conf.d; do
    [ -d "$extra" ] && cp -r "$extra/." "$root/$extra/"
done

# On a machine / is a mount; without that no test may have mounts of its own.
mount --bind --make-private "$root" "$root" &&
    mount -t proc proc "$root/proc" &&
    mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm" &&
    mkdir -p "$root/dev/pts" &&
    mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts" ||
    refuse 'cannot mount inside the root' 'run this outside a container'

inside() {
    env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin \
        chroot "$root" /bin/sh -c "$1" </dev/null
}

# A person who has cloned has git and make; nothing else is given.
say 'git and make, as someone who has cloned would have'
inside 'update-ca-certificates; apt-get -q update &&
    DEBIAN_FRONTEND=noninteractive apt-get -q -y \
    --no-install-recommends install git make' >>"$log" 2>&1 ||
    { tail "$log"; refuse 'apt-get failed in the root' "see $log"; }
git clone -q --no-local "$here" "$root/root/phien-cho" || exit 1

failed=0
for command in ${*:-demo test demo}; do
    say "make $command"
    from=$SECONDS
    inside "cd /root/phien-cho && make $command" 2>&1 | tee -a "$log"
    rc=${PIPESTATUS[0]}
    [ "$rc" = 0 ] || failed=1
    summary="${summary:-}make $command: exit $rc after $((SECONDS - from)) s
"
    [ "$failed" = 0 ] || break
done

say "a fresh $suite, $((SECONDS - started)) s in all"
printf '%s' "$summary"
[ $failed = 0 ] || refuse 'the fresh machine failed' "see $log"
echo 'fresh: both commands pass on a bare machine'
