#!/bin/sh
# write.sh SOURCE: takes what client/ says now into client/po/zh_CN.po, in the order of the files, and drops what nobody
# says any more. With a second argument the texts found are written to that file, and nothing else is done.
set -eu
cd "$1"
found=${2:-}
[ -n "$found" ] || found=$(mktemp)

find client -name '*.[ch]' | LC_ALL=C sort | xgettext --files-from=- --output="$found" --force-po --language=C \
    --from-code=UTF-8 --keyword --keyword=_ --keyword=N_ --keyword=C_:1c,2 --keyword=NC_:1c,2 \
    --add-location=file --no-wrap --package-name=muster
[ $# -eq 1 ] || exit 0

# Without a date of the making the file changes only where its texts do.
sed -i '/^"POT-Creation-Date:/d; s/charset=CHARSET/charset=UTF-8/' "$found"
msgmerge --quiet --update --backup=none --no-fuzzy-matching --no-wrap --add-location=file client/po/zh_CN.po "$found"
msgattrib --no-obsolete --no-wrap --add-location=file --output-file=client/po/zh_CN.po client/po/zh_CN.po
rm -f "$found"
msgattrib --untranslated --no-wrap --add-location=file client/po/zh_CN.po | sed '1,/^$/d'
