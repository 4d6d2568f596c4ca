#!/bin/sh
# Are these libraries (pkg-config names) here? If not, say which Debian
# package brings each and how to get them. The name of the library stands
# behind its package in config/packages/.
set -u
cd "$(dirname "$0")/.." || exit 1

if ! command -v pkg-config >/dev/null; then
    echo 'pkg-config is missing: install pkgconf, or run make demo or' \
        'make test, which install what is missing' >&2
    exit 1
fi

missing=0
for library; do
    pkg-config --exists "$library" && continue
    package=$(awk -v l="$library" '$NF == l { print $1; exit }' \
        config/packages/*)
    echo "library $library is missing: install ${package:-it}" >&2
    missing=1
done
[ "$missing" = 0 ] && exit 0
echo 'remedy: run make demo or make test, which install what is missing' >&2
exit 1
