#!/usr/bin/env python3
"""The manual pages say all there is: every verb and option, as the programs themselves tell them, every key of the
configuration and of a rule, every function of the library; and groff has nothing to remark on any page.

    man.py PAGES MUSTER MUSTERD LIBMUSTER.so

PAGES is the folder that docs/man/build.sh fills: PACKAGE/manN/NAME.N.gz.
"""
import gzip
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WRONG = []


def said_by(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, env={"LC_ALL": "C.UTF-8"}).stdout.decode()


def text_of(page):
    """A page's words, without what only groff cares about."""
    text = gzip.decompress(page.read_bytes()).decode()
    if re.search("[\\x00-\\x08\\x0e-\\x1f]", text):
        WRONG.append("%s: a control character" % page.name)
    text = re.sub(r"\\f.|\\&", "", text)
    return text.replace("\\-", "-").replace("\\(aq", "'").replace("\\.", ".").replace("\\e", "\\")


def need(page, words):
    """Each of `words` must stand in the page, not as a part of another word."""
    text = text_of(page)
    for word in words:
        if not re.search(r"(?<![\w-])%s(?![\w-])" % re.escape(word), text):
            WRONG.append("%s: says nothing of %s" % (page.name, word))


def listed(source, pattern, at_least):
    """Names in a table of the source; fewer than there were means that the table looks otherwise now."""
    found = re.findall(pattern, (ROOT / source).read_text(encoding="utf-8"), re.M)
    if len(found) < at_least:
        WRONG.append("%s: %d names found, %d expected: mend tests/lint/man.py" % (source, len(found), at_least))
    return found


def verbs(muster):
    """Names of verbs, from the help: usage in two columns, words of the user's in capitals."""
    for line in said_by(muster, "--help").splitlines():
        usage = re.match(r"  ((?:[a-z][a-z-]*)(?: [a-z][a-z-]*)?)(?: |$)", line)
        if usage:
            yield usage.group(1)


def check_command(pages, muster):
    names = list(verbs(muster))
    if len(names) < 60:
        WRONG.append("muster --help: only %d verbs could be read from it" % len(names))
    for verb in names:
        page = pages / "muster" / "man1" / ("muster-%s.1.gz" % verb.split()[0])
        if not page.exists():
            WRONG.append("muster %s: no page muster-%s(1)" % (verb, verb.split()[0]))
            continue
        options = re.findall(r"^  (--[a-z-]+)", said_by(muster, *verb.split(), "--help"), re.M)
        if "--help" not in options:
            WRONG.append("muster %s --help: no options could be read from it" % verb)
        need(page, ["muster " + verb, *options])
    need(pages / "muster" / "man1" / "muster.1.gz", ["muster " + verb for verb in names])


def check_groff(pages):
    groff = shutil.which("groff")
    for page in sorted(pages.rglob("*.gz")):
        if groff and page.is_file() and not page.is_symlink():
            done = subprocess.run([groff, "-man", "-k", "-Tutf8", "-ww", "-z"], input=gzip.decompress(page.read_bytes()),
                                  stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            if done.stderr or done.returncode:
                WRONG.append("%s: %s" % (page.name, done.stderr.decode().strip()))
        if not page.exists():
            WRONG.append("%s: leads nowhere" % page)


def main():
    pages, muster, musterd, library = Path(sys.argv[1]), *sys.argv[2:5]
    daemon = pages / "musterd"
    check_command(pages, muster)
    need(daemon / "man8" / "musterd.8.gz", re.findall(r"^  .*?(--[a-z-]+)", said_by(musterd, "--help"), re.M))
    conf = daemon / "man5" / "muster.conf.5.gz"
    headings = re.findall(r"^\.SS (.*)$", text_of(conf).replace("\\_", "_"), re.M)
    for key in listed("daemon/settings/settings.c", r'^ +(?:\{\{|[A-Z]+\()"([a-z_]+)", ', 20):
        if key not in headings:
            WRONG.append("%s: no heading for %s" % (conf.name, key))
    need(daemon / "man5" / "muster-rules.5.gz",
         listed("common/pack/rule.c", r'^    \{"([a-z_]+)", [A-Z]', 17) +
         listed("common/pack/specs.c", r'^    \[[A-Z_]+\] = \{"([a-z_]+)", ', 26))
    functions = re.findall(r" T (muster_\w+)$", said_by("nm", "-D", "--defined-only", library), re.M)
    need(pages / "libmuster-dev" / "man3" / "libmuster.3.gz", functions)
    for name in functions:
        if not (pages / "libmuster-dev" / "man3" / (name + ".3.gz")).exists():
            WRONG.append("%s: no page %s(3)" % (name, name))
    if len(functions) < 20:
        WRONG.append("%s: only %d functions found" % (library, len(functions)))
    check_groff(pages)
    print("\n".join(WRONG) or "man: ok")
    return 1 if WRONG else 0


if __name__ == "__main__":
    sys.exit(main())
