#!/usr/bin/env python3
"""Every text is there in English and in Chinese, with the same places for values (docs/decisions/0022-languages.md).

  - The client's, by gettext: what the code says is in client/po/zh_CN.po, translated, and nothing else is.
  - Pairs, where one process answers in both languages: a call that takes an English and a Chinese text gets both.
  - A Chinese literal stands nowhere else, but for words that people may type (VOCABULARY).

    language.py MSGFMT
"""
import collections
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PO = ROOT / "client" / "po" / "zh_CN.po"
#: Files whose Chinese words are read, or shown as the words of the wire that they stand for: no sentences.
VOCABULARY = {
    "client/cli/words.c",  # terms of the glossary, in both directions
    "client/cli/when.c",   # dates as people type them
    "client/cli/args.c", "client/cli/field_value.c",  # yes and no
}
#: Files that put a Chinese sentence together beside the English one, or pick one of two texts themselves.
PIECES = {
    "common/base/err.c", "common/chain/walk.c", "common/pack/conf_check.c", "common/wire/private.c",
    "common/wire/subject.c", "daemon/ledger/fold_member.c", "daemon/ledger/judge.c", "daemon/report/definitions.c",
    "daemon/rules/remedy.c", "client/report/template.c",
}
#: Folders whose Chinese words are those of other people's files.
VOCABULARY_FOLDERS = ("client/import/",)
TOKEN = re.compile(r'(?P<skip>/\*.*?\*/|//[^\n]*)|(?P<text>"(?:\\.|[^"\\\n])*")|(?P<char>\'(?:\\.|[^\'\\\n])+\')'
                   r'|(?P<word>[A-Za-z_]\w*)|(?P<other>[^\s\w]|\d[\w.]*)', re.S)
#: Characters and punctuation of sentences; not the wide forms that merely stand for others (＜, ＠).
CHINESE = re.compile("[\u2018-\u201d\u3001-\u3002\u4e00-\u9fff！（），：；？]")
DIRECTIVE = re.compile(r"%(?:(\d+)\$)?([-+ #0']*)(\*|\d+)?(?:\.(\*|\d+))?(hh|h|ll|l|j|z|t|L)?(<PRI\w+>|[a-zA-Z%])")
#: A function, or a pointer to one, that takes both: the English one's place among its parameters.
PAIR = re.compile(r"(\w+)\s*\(([^(){};]*?)const char \*(\w*?)en\w*,\s*const char \*\3zh\w*[,)]", re.S)
WRONG = []


class Token:
    """A text (neighbouring literals are one, with <PRIu64> for a macro between them), a word, or a character."""

    def __init__(self, kind, value, line):
        self.kind, self.value, self.line = kind, value, line
        self.chinese = kind == "text" and bool(CHINESE.search(value))


def mostly_chinese(text):
    """English may quote a Chinese word ("write 是 or 否")."""
    return len(CHINESE.findall(text)) > len(re.findall("[A-Za-z]", text))


def tokens_of(source):
    found, line, last = [], 1, 0
    for match in TOKEN.finditer(source):
        line += source.count("\n", last, match.start())
        last = match.start()
        kind, value = match.lastgroup, match.group()
        before = found[-1] if found else None
        if kind == "skip":
            continue
        if kind == "text" and before and before.kind == "text":
            before.value += value[1:-1]
            before.chinese = bool(CHINESE.search(before.value))
        elif kind == "word" and value.startswith("PRI") and before and before.kind == "text":
            before.value += "<%s>" % value
        else:
            found.append(Token(kind, value[1:-1] if kind == "text" else value, line))
    return found


def places(text):
    """What a text takes: position to type. `%.0s` takes a value too, and shows nothing of it."""
    taken, at = {}, 0
    for number, _, width, precision, length, kind in DIRECTIVE.findall(text):
        if kind == "%":
            continue
        for star in (width, precision):
            if star == "*":
                at += 1
                taken[at] = "int"
        at = int(number) if number else at + 1
        taken[at] = (length or "") + ("d" if kind == "i" else kind)
    return taken


def arguments(tokens, at):
    """The arguments of a call whose bracket is tokens[at], as lists of tokens; None where it does not end."""
    depth, found = 0, [[]]
    for token in tokens[at:]:
        if token.value in ("(", "{", "[") and token.kind == "other":
            depth += 1
            if depth == 1:
                continue
        if token.value in (")", "}", "]") and token.kind == "other":
            depth -= 1
            if depth == 0:
                return found
        if token.value == "," and token.kind == "other" and depth == 1:
            found.append([])
        else:
            found[-1].append(token)
    return None


def pair_functions(sources):
    """Name to the place of the English text, for every function that takes a pair."""
    found = {}
    for text in sources.values():
        for name, before, _ in PAIR.findall(re.sub(r"/\*.*?\*/", "", text, flags=re.S)):
            found[name] = before.count(",")
    return found


def compare(path, line, english, chinese):
    if places(english) != places(chinese):
        WRONG.append("%s:%d: \"%s\" and \"%s\" take different values" % (path, line, english, chinese))


def check_call(path, name, at, found):
    english, chinese = found[at], found[at + 1]
    if len(english) != 1 or len(chinese) != 1 or "text" not in (english[0].kind, chinese[0].kind):
        return None  # texts that were made, or handed on
    if path in PIECES and "text" in (english[0].kind, chinese[0].kind) and english[0].kind != chinese[0].kind:
        return None
    if english[0].kind != chinese[0].kind:
        WRONG.append("%s:%d: %s: a text in one language only" % (path, english[0].line, name))
        return None
    if mostly_chinese(english[0].value) or (re.search("[A-Za-z]{2}", re.sub(DIRECTIVE, "", chinese[0].value)) and not chinese[0].chinese):
        WRONG.append("%s:%d: %s: first English, then Chinese" % (path, english[0].line, name))
    compare(path, english[0].line, english[0].value, chinese[0].value)
    return chinese[0]


def check_file(path, text, functions):
    tokens, paired = tokens_of(text), set()
    for i, token in enumerate(tokens):
        # A call, not a declaration: those have types in the brackets.
        if token.kind == "word" and token.value in functions and i + 1 < len(tokens) and tokens[i + 1].value == "(":
            found = arguments(tokens, i + 1)
            at = functions[token.value]
            if found and len(found) > at + 1 and not (found[at] and found[at][0].value == "const"):
                paired.add(check_call(path, token.value, at, found))
    for i, token in enumerate(tokens):
        if not token.chinese or token in paired or path in VOCABULARY or path.startswith(VOCABULARY_FOLDERS):
            continue
        before = tokens[i - 2] if i > 1 and tokens[i - 1].value == "," else None
        if i > 2 and [t.value for t in tokens[i - 3:i]] == [".", "example", "="]:
            continue  # a file's name in a command line
        if i > 5 and [t.value for t in tokens[i - 3:i]] == [".", "zh", "="]:
            before = tokens[i - 5] if tokens[i - 4].value == "," else None
        if i + 2 < len(tokens) and tokens[i - 1].value == "?" and tokens[i + 1].value == ":":
            before = tokens[i + 2]  # zh ? "中文" : "English"
        if before is None or before.kind != "text" or before.chinese:
            if path not in PIECES:
                WRONG.append("%s:%d: \"%s\" has no English before it" % (path, token.line, token.value))
        elif path.startswith("client/") and not path.startswith("client/lib/"):
            WRONG.append("%s:%d: \"%s\": the client says _(\"%s\"), and its Chinese is in client/po"
                         % (path, token.line, token.value, before.value))
        else:
            compare(path, token.line, before.value, token.value)


def entries(path):
    """(context, English) to (Chinese, unsure) of a .po file."""
    found, entry, key, fuzzy = {}, collections.defaultdict(str), None, False
    for line in path.read_text(encoding="utf-8").splitlines() + [""]:
        match = re.match(r'(?:(msgctxt|msgid|msgstr) )?"(.*)"$', line)
        if match:
            key = match.group(1) or key
            entry[key] += re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m.group(1), m.group(1)), match.group(2))
        elif line.startswith("#,") and "fuzzy" in line:
            fuzzy = True
        elif not line and entry:
            found[entry.get("msgctxt"), entry["msgid"]] = (entry["msgstr"], fuzzy)
            entry, fuzzy = collections.defaultdict(str), False
    found.pop((None, ""), None)
    return found


def check_catalogue(msgfmt):
    checked = subprocess.run([msgfmt, "--check", "-o", "/dev/null", PO], stderr=subprocess.PIPE)
    if checked.returncode:
        WRONG.append(checked.stderr.decode().strip())
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "found.pot"
        subprocess.run(["sh", ROOT / "client/po/write.sh", ROOT, template], check=True)
        said = entries(template)
    there = entries(PO)
    for context, english in said.keys() - there.keys():
        WRONG.append("client/po: \"%s\" is not in zh_CN.po: ninja po_write, and translate it" % english)
    for context, english in there.keys() - said.keys():
        WRONG.append("client/po: nobody says \"%s\" any more: ninja po_write" % english)
    for (context, english), (chinese, fuzzy) in there.items():
        if not chinese or fuzzy:
            WRONG.append("client/po: \"%s\" has no Chinese" % english)
        elif places(english) != places(chinese):
            WRONG.append("client/po: \"%s\" and \"%s\" take different values" % (english, chinese))
        if mostly_chinese(english):
            WRONG.append("client/po: \"%s\" is no English" % english)
    return len(there)


def main():
    sources = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
               for folder in ("common", "daemon", "client") for path in sorted((ROOT / folder).rglob("*.[ch]"))}
    functions = pair_functions(sources)
    for path, text in sources.items():
        check_file(path, text, functions)
    count = check_catalogue(sys.argv[1])
    for name in ("err_say", "conf_fault"):
        if name not in functions:
            WRONG.append("%s is not known as a function that takes both languages: mend tests/lint/language.py" % name)
    print("\n".join(WRONG) or "language: ok, %d texts, %d functions that take both" % (count, len(functions)))
    return 1 if WRONG else 0


if __name__ == "__main__":
    sys.exit(main())
