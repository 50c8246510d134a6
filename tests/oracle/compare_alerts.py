#!/usr/bin/env python3
"""Compares the daemon's alerts with the reference.

    compare_alerts.py DRIVER --pack FILE [--seed N] [--count N] [--events N] [--keep DIR]
    compare_alerts.py DRIVER --pack FILE --district DIR [--district DIR ...]

For each seed a random history is recorded in two orders, and asked for its alerts as of many days:
of the default pack, of a random one, with another tracking_since, and as known when only some of the
events were recorded. A district is a folder with events*.jsonl and expected-alerts-DAY.jsonl.
"""
import argparse
import json
import random
import sys
import tempfile
from pathlib import Path

import generate
from compare_ledger import Driver, lines_of

FIELDS = ["rule", "subject_type", "subject", "level", "due", "missed", "since"]
LEVELS = ["red", "yellow", "notice"]


class Comparison:
    def __init__(self, program, pack):
        self.program, self.pack, self.wrong, self.asked = program, pack, 0, 0

    def fail(self, what, *details):
        self.wrong += 1
        print("FAIL", what, *details)

    def ask(self, driver, verb, body):
        reply = driver.ask("ask %s %s" % (verb, json.dumps(body)))
        if "error" in reply:
            self.fail(verb, json.dumps(body), json.dumps(reply))
            return {"rows": []}
        return reply

    def pages(self, driver, verb, body, limit):
        """All rows, page by page."""
        rows, cursor = [], None
        while True:
            reply = self.ask(driver, verb, dict(body, limit=limit, cursor=cursor, count=True))
            rows += reply["rows"]
            cursor = reply.get("cursor")
            if not cursor:
                if reply.get("more"):
                    self.fail("no cursor, but more", json.dumps(body))
                return rows
            if len(reply["rows"]) != limit:
                self.fail("a page is not full", json.dumps(body))
                return rows

    def alerts(self, driver, body):
        """As in expected-alerts-*.jsonl; the rows themselves are looked at on the way."""
        out = []
        rows = self.pages(driver, "alerts", body, random.choice([3, 17, 50, 1000]))
        order = [(LEVELS.index(r["level"]), r["since"], r["rule"]) for r in rows]
        if order != sorted(order):
            self.fail("not worst and oldest first", json.dumps(body))
        for row in rows:
            kind, ref = next(iter(row["subject"].items()))
            periods = row.get("periods", [])
            if row["alert"] is not None or row["state"] != "open" or not row["title"] or \
                    not row["remedy"] or len(periods) != row.get("missed", 0):
                self.fail("a row", json.dumps(body), json.dumps(row, ensure_ascii=False))
            row = dict(row, subject_type=kind, subject=ref)
            out.append({f: row[f] for f in FIELDS if f in row})
        return out

    def compare(self, driver, label, path, body):
        key = lambda row: (row["rule"], row["subject_type"], row["subject"])
        wanted = sorted((json.loads(line) for line in lines_of(path)), key=key)
        got = sorted(self.alerts(driver, body), key=key)
        self.asked += 1
        for sign, some, others in (("-", wanted, got), ("+", got, wanted)):
            for row in some:
                if row not in others:
                    self.fail("%s %s" % (label, path.name), sign, json.dumps(row, ensure_ascii=False))

    def record(self, driver, events, what):
        for event in events:
            verdict = driver.ask("submit " + event)
            if verdict["status"] != "recorded":
                self.fail(what, json.dumps(verdict), event)

    def driver(self, folder, today, tracking, name):
        driver = Driver(self.program, str(Path(folder) / (name + ".db")))
        driver.tell("today " + today)
        driver.tell("tracking " + tracking)
        driver.tell("pack %s" % self.pack)
        return driver

    def expected(self, driver, folder, label, prefix, body=None):
        for path in sorted(folder.glob("expected-%s-*.jsonl" % prefix)):
            self.compare(driver, label, path, dict(body or {}, as_of=path.stem[-10:]))

    def known(self, driver, folder, label):
        """expected-known-N-DAY: the Nth event is the row N + 1, after ledger.opened."""
        for path in sorted(folder.glob("expected-known-*.jsonl")):
            count = int(path.stem.split("-")[2])
            row = self.ask(driver, "recent", {"type": "any", "after_seq": count, "limit": 1})["rows"][0]
            body = {"as_of": path.stem[-10:], "known_on": row["recorded_at"]}
            self.compare(driver, label, path, body)

    def history(self, folder):
        manifest = json.loads((folder / "manifest.json").read_text())
        for order in ("events", "events-shuffled"):
            with tempfile.TemporaryDirectory() as temporary:
                driver = self.driver(temporary, manifest["today"], manifest["tracking_since"], order)
                self.record(driver, lines_of(folder / (order + ".jsonl")), order)
                self.expected(driver, folder, order, "alerts")
                if order == "events":
                    self.known(driver, folder, order)
                    driver.tell("pack %s" % (folder / "pack.cfg"))
                    self.expected(driver, folder, order, "pack")
                    driver.tell("pack %s" % self.pack)
                    driver.tell("tracking " + generate.LATER)
                    self.expected(driver, folder, order, "since-" + generate.LATER)
                driver.close()

    def district(self, folder):
        for path in sorted(folder.glob("events*.jsonl")):
            with tempfile.TemporaryDirectory() as temporary:
                driver = self.driver(temporary, "2024-03-31", "2022-01-01", path.stem)
                self.record(driver, lines_of(path), path.name)
                self.expected(driver, folder, path.name, "alerts")
                driver.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("driver")
    parser.add_argument("--pack", required=True)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--count", type=int, default=3)
    parser.add_argument("--events", type=int, default=400)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--district", type=Path, action="append", default=[])
    args = parser.parse_args()
    comparison = Comparison(args.driver, args.pack)
    for folder in args.district:
        comparison.district(folder)
        print("%s: %d lists: %s" % (folder, comparison.asked, "WRONG" if comparison.wrong else "ok"), flush=True)
    if args.district:
        return 1 if comparison.wrong else 0
    seed = args.seed if args.seed is not None else random.randrange(10 ** 6)
    for number in range(seed, seed + args.count):
        with tempfile.TemporaryDirectory() as temporary:
            folder = (args.keep or Path(temporary)) / str(number)
            manifest = generate.generate(number, args.events, folder)
            before, asked = comparison.wrong, comparison.asked
            comparison.history(folder)
            print("seed %d: %d events, %d lists: %s" % (
                number, manifest["events"], comparison.asked - asked,
                "ok" if comparison.wrong == before else "WRONG"), flush=True)
    return 1 if comparison.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
