#!/usr/bin/env python3
"""An independent, plain reference for ledger.md and rules.md.

    oracle.py alerts --events FILE --as-of D [--tracking-since D] [--today D]
                     [--zone Z] [--pack-seed N] [--known-seq N]
    oracle.py submit --events FILE [--before FILE] --today D [--zone Z]
    oracle.py check DATA_DIR           compare with its expected-alerts-*.jsonl
    oracle.py refusals DATA_ROOT       refusals.jsonl against small-1
    oracle.py pack [--seed N]          a rule pack as a configuration file

As a module it offers Ledger, evaluate, TWO_NEW, random_pack and write_pack.
"""
import argparse
import copy
import json
import sys
from datetime import date
from pathlib import Path

from ledger import Ledger
from packs import TWO_NEW, random_pack, write_pack
from rules import evaluate
from world import World

__all__ = ["Ledger", "World", "evaluate", "TWO_NEW", "random_pack", "write_pack"]
FIELDS = ["rule", "subject_type", "subject", "level", "due", "missed", "since"]


def lines_of(path):
    """The non-empty lines of a file, as sent."""
    with open(path, encoding="utf-8") as stream:
        return [line.rstrip("\n") for line in stream if line.strip()]


def row(alert):
    """An alert as a line of expected-alerts-*.jsonl."""
    return json.dumps({f: alert[f] for f in FIELDS if f in alert}, ensure_ascii=False)


def record(path, ledger):
    """Submit every line of a file; complain about what is not recorded."""
    good = True
    for number, line in enumerate(lines_of(path), 1):
        verdict = ledger.submit(line)
        if verdict["status"] != "recorded":
            good = False
            print("%s:%d: %s" % (path, number, json.dumps(verdict)), file=sys.stderr)
    return good


def command_alerts(args):
    ledger = Ledger(args.zone, args.today or date.max)
    good = record(args.events, ledger)
    pack = TWO_NEW if args.pack_seed is None else random_pack(args.pack_seed)
    for alert in evaluate(ledger, pack, args.as_of, args.known_seq, args.tracking_since):
        print(row(alert))
    return good


def command_submit(args):
    ledger = Ledger(args.zone, args.today)
    if args.before and not record(args.before, ledger):
        return False
    good = True
    for line in lines_of(args.events):
        verdict = ledger.submit(line)
        good = good and verdict["status"] != "refused"
        print(json.dumps(verdict, ensure_ascii=False))
    return good


def compare(label, wanted, got):
    """Print what differs between two lists of alerts; -> are they the same?"""
    missing = [line for line in wanted if line not in got]
    extra = [line for line in got if line not in wanted]
    for sign, differing in (("-", missing), ("+", extra)):
        for line in differing:
            print("  %s %s" % (sign, json.dumps(line, ensure_ascii=False)))
    same = wanted == got
    print("%s %s (%d alerts)" % ("ok  " if same else "FAIL", label, len(wanted)))
    return same


def command_check(args):
    good = True
    folder = Path(args.data)
    for name in ("events.jsonl", "events-by-date.jsonl", "events-shuffled.jsonl"):
        if not (folder / name).exists():
            continue
        ledger = Ledger("Asia/Shanghai", args.today)
        good = record(folder / name, ledger) and good
        world = World(ledger.in_effect())
        for path in sorted(folder.glob("expected-alerts-*.jsonl")):
            day = path.stem[len("expected-alerts-"):]
            got = evaluate(ledger, TWO_NEW, day, world=world)
            wanted = [json.loads(line) for line in lines_of(path)]
            good = compare("%s %s" % (name, day), wanted, got) and good
    return good


def command_refusals(args):
    good = True
    root = Path(args.data)
    cases = [json.loads(line) for line in lines_of(root / "refusals.jsonl")]
    for name in ("events.jsonl", "events-by-date.jsonl"):
        ledger = Ledger("Asia/Shanghai", args.today)
        ledger.today = date(2024, 3, 31)
        good = record(root / "small-1" / name, ledger) and good
        ledger.today = date(2023, 1, 1)
        failed = 0
        for case in cases:
            verdict = copy.deepcopy(ledger).submit(case["event"])
            if verdict.get("code") != case["why"]:
                failed += 1
                print("FAIL %s: %s" % (case["why"], json.dumps(verdict)))
        print("%s %s: %d of %d" % ("FAIL" if failed else "ok  ", name,
                                   len(cases) - failed, len(cases)))
        good = good and not failed
    return good


def command_pack(args):
    print(write_pack(TWO_NEW if args.seed is None else random_pack(args.seed)), end="")
    return True


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    alerts = commands.add_parser("alerts")
    alerts.add_argument("--events", required=True)
    alerts.add_argument("--as-of", required=True)
    alerts.add_argument("--tracking-since", default="2022-01-01")
    alerts.add_argument("--today")
    alerts.add_argument("--zone", default="Asia/Shanghai")
    alerts.add_argument("--pack-seed")
    alerts.add_argument("--known-seq", type=int)
    submit = commands.add_parser("submit")
    submit.add_argument("--events", required=True)
    submit.add_argument("--before")
    submit.add_argument("--today", required=True)
    submit.add_argument("--zone", default="Asia/Shanghai")
    check = commands.add_parser("check")
    check.add_argument("data")
    check.add_argument("--today", default="2024-03-31")
    refusals = commands.add_parser("refusals")
    refusals.add_argument("data")
    refusals.add_argument("--today", default="2023-01-01")
    pack = commands.add_parser("pack")
    pack.add_argument("--seed")
    return parser.parse_args()


def main():
    args = arguments()
    command = globals()["command_" + args.command]
    return 0 if command(args) else 1


if __name__ == "__main__":
    sys.exit(main())
