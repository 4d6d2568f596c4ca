#!/bin/sh
# config/install-packages.sh GROUP…
#
# Installs the Debian packages listed in config/packages/GROUP that are not
# installed yet, and says so first. Nothing is ever removed. When nothing is
# missing it says nothing and needs neither root nor network.
set -u
cd "$(dirname "$0")/.." || exit 1

say() { printf '%s\n' "$*" >&2; }

# Lines "a | b | c" of a group; comments and blank lines dropped.
list() { sed 's/#.*//; s/|/ /g; /^[[:space:]]*$/d' "$@"; }

here() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" \
    = installed ] || provided "$1"; }

# Another installed package says that it is this one, too: nodejs packages
# from elsewhere hold npm and would have to go if Debian's came.
provided() {
    dpkg-query -W -f='${db:Status-Status} ${Provides},\n' |
        grep -q "^installed \(.*, \)\?$1[ ,]"
}

# A package this release of Debian can install.
known() { apt-cache show --no-all-versions "$1" >/dev/null 2>&1; }

refuse() {
    say "remedy: $1"
    exit 1
}

[ $# -gt 0 ] || { say 'usage: config/install-packages.sh GROUP…'; exit 2; }
groups=
for group; do
    [ -f "config/packages/$group" ] ||
        refuse "choose a group of config/packages: $(ls config/packages |
            tr '\n' ' ')"
    groups="$groups config/packages/$group"
done

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    say 'not a Debian system: packages are not checked. Should the build' \
        "miss something, install what $groups name."
    exit 0
fi

# One line per requirement without an installed alternative.
missing=$(list $groups | while read -r line; do
    for package in $line; do
        here "$package" && continue 2
    done
    echo "$line"
done)
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" != 0 ]; then
    as_root=sudo
    [ -t 0 ] || as_root='sudo -n'
    command -v sudo >/dev/null || refuse "as root, run: apt-get install \
$(echo "$missing" | awk '{printf "%s ", $1}')"
fi

export DEBIAN_FRONTEND=noninteractive
update() {
    say 'reading the package lists (apt-get update)'
    $as_root apt-get -qq update >&2 </dev/null
}

# The first alternative that this release has, of every requirement.
choose() {
    echo "$missing" | while read -r line; do
        for package in $line; do
            known "$package" && { echo "$package"; continue 2; }
        done
        exit 1
    done
}
updated=
wanted=$(choose) || { update; updated=1; wanted=$(choose); } ||
    refuse "check the sources of apt and the network: one of these is not \
known: $(echo $missing)"
wanted=$(echo $wanted)

# With its package Debian's PostgreSQL begins a server, unless it is told not
# to; who has one already has decided.
own_server=/etc/postgresql-common/createcluster.conf
case " $wanted" in *' postgresql'*)
    [ -e "$own_server" ] || {
        $as_root mkdir -p "${own_server%/*}"
        echo 'create_main_cluster = false' |
            $as_root tee "$own_server" >/dev/null
    } ;;
esac

say "installing missing packages: $wanted"
install() {
    # shellcheck disable=SC2086 # a list of words
    $as_root apt-get -qq -y --no-remove --no-install-recommends \
        -o Dpkg::Use-Pty=0 install $wanted >/dev/null </dev/null
}
install || { [ -z "$updated" ] && update && install; } ||
    refuse "check the network and the messages above, then run: \
${as_root:+sudo }apt-get install $wanted"
