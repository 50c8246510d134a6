# libmuster(3) from client/include/muster/muster.h: each declaration as it is, with the comment above it.
# Usage: awk -v version=0.1.0 -v aliases=FILE -f header.awk muster.h > libmuster.3.scd
# FILE receives a line "NAME libmuster" for each function, so that `man muster_open` finds the page.
function escaped(s) { gsub(/[\\*_`#~+<>|\[\].-]/, "\\\\&", s); return s }
# A comment as paragraphs and lists ("  - ").
function tell(   i, s, list) {
    for (i = 1; i <= lines; i++) {
        s = comment[i]
        if (s ~ /^ *- /) { if (!list) print ""; list = 1; sub(/^ *- /, "", s); print "- " escaped(s); continue }
        if (list && s ~ /^ /) { sub(/^ +/, "", s); print "  " escaped(s); continue }
        if (list) print ""
        list = 0
        sub(/^ +/, "", s)
        print escaped(s)
    }
    print ""
    lines = 0
}
function add(s) { sub(/^ ?\*\/? ?/, "", s); sub(/ *\*\/$/, "", s); comment[++lines] = s }
function declaration_ends() { return depth == 0 && /;[ ]*(\/\*.*)?$/ }
function note_function(   name) {
    if (!match(all, /muster_[a-z_]+\(/)) return
    name = substr(all, RSTART, RLENGTH - 1)
    print name " libmuster" > aliases
}
function flush_code() { if (code) { gsub(/\\/, "\\\\", code); print "```\n" code "```\n" } code = "" }
BEGIN {
    printf "libmuster(3) \"muster %s\" \"muster\"\n\n# NAME\n\nlibmuster - speaks to musterd, the activity ledger\n\n", version
    print "# SYNOPSIS\n\n```\n#include <muster/muster.h>\n\ncc ... $(pkg-config --cflags --libs libmuster)\n```\n\n# DESCRIPTION\n"
    printf "" > aliases
}
/^#ifdef __cplusplus/ { skip = 1 }
/^#if / { skip = 1 }
/^#endif/ { skip = 0; next }
skip || /^#/ { next }
# ---- heading ----
/^\/\* ---- / { flush_code(); s = $0; gsub(/^\/\* -+ | -+ \*\/$/, "", s); printf "# %s\n\n", toupper(s); next }
!in_code && /^\/\*/ {
    flush_code()
    s = $0; sub(/^\/\* ?/, "", s)
    open = s !~ /\*\//
    sub(/ *\*\/$/, "", s)
    # The first line of the file says its name, which the page has said.
    comment[++lines] = s
    if (!open && !described) { tell(); described = 1 }
    next
}
open { add($0); if (/\*\//) { open = 0; if (comment[lines] == "") lines--; if (!described) { tell(); described = 1 } } next }
/^$/ && !in_code { if (lines && !code) tell(); flush_code(); next }
{
    if (!in_code) { all = ""; depth = 0 }
    s = $0
    depth += gsub(/{/, "{", s) - gsub(/}/, "}", s)
    all = all s
    sub(/MUSTER_(API|CHECKED) /, "", s)
    code = code s "\n"
    in_code = !declaration_ends()
    if (in_code) next
    note_function()
    if (lines) { flush_code(); tell() }
}
END {
    flush_code()
    print "# SEE ALSO\n\n*musterd*(8), *muster*(1)"
}
