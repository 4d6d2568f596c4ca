#!/bin/sh
# config/po/collect.sh FILE: writes every text a person may read, as a
# gettext template. Texts are marked _("…") or N_("…"); those of the error
# table, its 5th and 6th column, are found by the table itself.
set -eu
cd "$(dirname "$0")/../.."
find include pos sync -name '*.[ch]' -o -name '*.def' | sort |
    xgettext --from-code=UTF-8 -L C -k -k_ -kN_ -kngettext:1,2 \
        --force-po --package-name=phien-cho -f - -o "$1"
sed -i 's/charset=CHARSET/charset=UTF-8/' "$1" # plain ASCII is that, too
for column in 5 6; do
    sed 's/, "")/, 0)/' include/fair/err.h |
        xgettext --from-code=UTF-8 -L C -k "-kX:$column,6t" \
            --add-location=never -j -o "$1" -
done
# The day of collecting would make every template differ.
sed -i '/^"POT-Creation-Date:/d' "$1"
