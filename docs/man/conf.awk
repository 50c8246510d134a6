# muster.conf(5) from config/muster.conf: each key with its comment, in English. What stands before the
# first key becomes the description; lines that are mostly not ASCII are Chinese, and left out.
# Usage: LC_ALL=C awk -v version=0.1.0 -f conf.awk muster.conf > muster.conf.5.scd
function escaped(s) { gsub(/[\\*_`#~+<>|\[\].-]/, "\\\\&", s); return s }
function chinese(s,   rest) { rest = s; return 3 * gsub(/[\200-\377]/, "", rest) > length(s) }
function literal_end() { if (literal) print "```"; literal = 0 }
function text(s) {
    if (s ~ /^ ( |$)/ && s !~ /^ *$/) {
        if (!literal) print "\n```"
        literal = 1
        gsub(/\\/, "\\\\", s)
        print s
        return
    }
    literal_end()
    sub(/^ /, "", s)
    if (!chinese(s)) print escaped(s)
}
# The comment above a key is kept until the key comes: it stands below the key's name.
function tell_comment(   i) {
    for (i = 1; i <= comments; i++) text(comment[i])
    literal_end()
    comments = 0
}
BEGIN {
    printf "muster.conf(5) \"muster %s\" \"muster\"\n\n# NAME\n\nmuster.conf - configuration of musterd\n\n# DESCRIPTION\n\n", version
}
NR == 1 { next } # what the file is: said above
in_value { print; if (/;[ ]*(#.*)?$/) { print "```\n"; in_value = 0; tell_comment(); print "" } next }
/^(# )?[a-z_]+ = / {
    if (!keys++) print "# KEYS\n"
    key = $0
    sub(/^# /, "", key)
    name = key
    sub(/ = .*/, "", name)
    printf "## %s\n\n```\n%s\n", escaped(name), key
    if (key ~ /;[ ]*(#.*)?$/) { print "```\n"; tell_comment(); print "" } else in_value = 1
    next
}
/^#/ { comment[++comments] = substr($0, 2); next }
/^$/ { if (!keys) { tell_comment(); print "" } else comments = 0 }
END {
    if (comments) { print "## Further\n"; tell_comment() }
    print "\n# FILES\n\n_/etc/muster/muster.conf_\n\tthe configuration of the system service\n"
    print "_/usr/share/muster/rules/two-new.cfg_\n\tthe rule pack in force where *rules* names no other\n"
    print "# SEE ALSO\n\n*musterd*(8), *muster-rules*(5), *muster*(1)"
}
