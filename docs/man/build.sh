#!/bin/sh
# build.sh SOURCE OUT VERSION: writes the manual pages into OUT/PACKAGE/manN, compressed as Debian wants them, with
# links for the names by which they can be asked for as well. SCDOC and MUSTER_PAGES name the programs.
set -eu
source=$1 out=$2 version=$3
here=$source/docs/man

# page PACKAGE NAME.N: from the source on standard input
page() {
    folder=$out/$1/man${2##*.}
    mkdir -p "$folder"
    "$SCDOC" >"$folder/$2"
    gzip -9n "$folder/$2"
}

# link PACKAGE SECTION: from lines "NAME PAGE" on standard input. A page may bear the name itself.
link() {
    while read -r name page; do
        [ -e "$out/$1/man$2/$name.$2.gz" ] || ln -s "$page.$2.gz" "$out/$1/man$2/$name.$2.gz"
    done
}

rm -rf "$out"
mkdir -p "$out/source"
# The same pages from the same text: their date is that of the newest version, not of the build.
released=$(sed -n '/^ -- /{s/.*>  //p;q}' "$source/packaging/debian/changelog")
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(date -d "$released" +%s)}
export SOURCE_DATE_EPOCH

page musterd musterd.8 <"$here/musterd.8.scd"
page musterd muster-rules.5 <"$here/muster-rules.5.scd"
LC_ALL=C awk -v version="$version" -f "$here/conf.awk" "$source/config/muster.conf" >"$out/source/muster.conf.5.scd"
page musterd muster.conf.5 <"$out/source/muster.conf.5.scd"

awk -v version="$version" -v aliases="$out/source/functions" -f "$here/header.awk" \
    "$source/client/include/muster/muster.h" >"$out/source/libmuster.3.scd"
page libmuster-dev libmuster.3 <"$out/source/libmuster.3.scd"
link libmuster-dev 3 <"$out/source/functions"

"$MUSTER_PAGES" "$out/source" "$here/muster.1.scd"
for file in "$out"/source/*.1.scd; do
    name=${file##*/}
    page muster "${name%.scd}" <"$file"
done
link muster 1 <"$out/source/aliases"
