#!/usr/bin/env python3
"""The shape of the house (docs/architecture.md): who may include whom, and how large a file may be.

A file includes only from its own room and from rooms below it. Run from anywhere.
"""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: Rooms from the ground up; each line may use those before it.
ORDER = ["base", "wire", "chain", "pack",
         "settings", "channels", "store", "access", "rules", "ledger", "facts", "alerts", "notify", "report", "proof", "query", "net", "service"]
CLIENT = ["base", "wire", "chain", "pack"]
#: Rooms that stand apart: what they may use besides themselves.
APART = {
    "rules": ["base", "wire", "pack"],      # pure: no clock, no I/O, no SQL
    "settings": ["base", "wire", "pack"],
    "channels": ["base", "wire", "settings"],  # no SQL, no clock
    "store": ["base", "wire", "chain"],
    "access": ["base", "wire", "store"],
    "net": ["base", "wire"],
}
LONGEST_FILE = 600
INCLUDE = re.compile(r'^#include "([^"]+)"')


def room_of(path):
    parts = path.relative_to(ROOT).parts
    if parts[0] in ("common", "daemon") and len(parts) > 2:
        return parts[1]
    return parts[0]


def allowed(room):
    if room in APART:
        return APART[room] + [room]
    return ORDER[:ORDER.index(room) + 1]


def check(path, complain):
    room, text = room_of(path), path.read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), 1):
        found = INCLUDE.match(line)
        if not found:
            continue
        target = found.group(1).split("/")[0] if "/" in found.group(1) else room
        if room in ORDER and target not in allowed(room):
            complain("%s:%d: %s may not include from %s" % (path, number, room, target))
        own = (ROOT / "client" / found.group(1)).exists()  # client/report is not daemon/report
        if room == "client" and target in ORDER and target not in CLIENT and not own:
            complain("%s:%d: the client may not include from %s" % (path, number, target))
    if text.count("\n") > LONGEST_FILE:
        complain("%s: longer than %d lines" % (path, LONGEST_FILE))
    if room in ("rules", "ledger", "facts", "alerts", "notify", "report", "query", "channels") and "time(NULL)" in text:
        complain("%s: asks the system for the time" % path)


def main():
    wrong = []
    for folder in ("common", "daemon", "client"):
        for path in sorted((ROOT / folder).rglob("*.[ch]")):
            check(path, wrong.append)
    print("\n".join(wrong) or "layers: ok")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
