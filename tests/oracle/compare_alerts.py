#!/usr/bin/env python3
"""Compares the daemon's alerts with the reference.

    compare_alerts.py DRIVER --pack FILE [--seed N] [--count N] [--events N] [--keep DIR]
    compare_alerts.py DRIVER --pack FILE --district DIR [--district DIR ...]

For each seed a random history is recorded in two orders, and asked for its alerts as of many days:
of the default pack, of a random one, with another tracking_since, and as known when only some of the
events were recorded. What is recorded of alerts, what is due, and the explanations are held against
the alerts of the days they speak of. A district is a folder with events*.jsonl,
expected-alerts-DAY.jsonl, and maybe expected-figures-2022.json, which the board must agree with.
"""
import argparse
import json
import random
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

import generate
from compare_ledger import Driver, lines_of

FIELDS = ["rule", "subject_type", "subject", "level", "due", "missed", "since"]
LEVELS = ["red", "yellow", "notice"]
DUE_DAYS = 45


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

    def alerts(self, driver, body, recorded=False):
        """As in expected-alerts-*.jsonl; the rows themselves are looked at on the way."""
        out = []
        rows = self.pages(driver, "alerts", body, random.choice([3, 17, 50, 1000]))
        last = "alert" if recorded else "rule"
        order = [(LEVELS.index(r["level"]), r["since"], r[last]) for r in rows]
        if order != sorted(order):
            self.fail("not worst and oldest first", json.dumps(body))
        for row in rows:
            kind, ref = next(iter(row["subject"].items()))
            periods = row.get("periods", [])
            if (row["alert"] is not None) != recorded or row["state"] != "open" or not row["title"] or \
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
        self.differ("%s %s" % (label, path.name), wanted, got)

    def differ(self, label, wanted, got):
        """Two lists of rows, in any order."""
        for sign, some, others in (("-", wanted, got), ("+", got, wanted)):
            for row in some:
                if row not in others:
                    self.fail(label, sign, json.dumps(row, ensure_ascii=False))

    def recorded(self, driver, today):
        """What the daemon recorded by itself is what evaluation of the day says; and what is due is
        what the days to come say, if nothing is recorded until then."""
        driver.ask("evaluate")
        now = self.alerts(driver, {"as_of": today})
        self.differ("recorded on %s" % today, now, self.alerts(driver, {}, recorded=True))
        self.due(driver, today)
        for row in random.sample(now, min(len(now), 8)):
            self.explained(driver, today, row)

    def due(self, driver, today):
        self.asked += 1
        wanted, before = [], self.levels(driver, today)
        for n in range(1, DUE_DAYS + 1):
            day = (date.fromisoformat(today) + timedelta(days=n)).isoformat()
            levels = self.levels(driver, day)
            for key, level in levels.items():
                was = before.get(key)
                if was is None or LEVELS.index(level) < LEVELS.index(was):
                    wanted.append((day, key, level, was))
            before = levels
        rows = self.pages(driver, "due", {"within": "%dd" % DUE_DAYS}, random.choice([2, 20, 1000]))
        got = [(r["on"], (r["rule"], json.dumps(r["subject"])), r["level"], r.get("before")) for r in rows]
        if [row[0] for row in got] != sorted(row[0] for row in got):
            self.fail("due is not soonest first", today)
        self.differ("due on %s" % today, wanted, got)

    def levels(self, driver, day):
        rows = self.pages(driver, "alerts", {"as_of": day}, 1000)
        return {(r["rule"], json.dumps(r["subject"])): r["level"] for r in rows}

    def explained(self, driver, day, row):
        subject = {row["subject_type"]: row["subject"]}
        told = self.ask(driver, "explain", {"rule": row["rule"], "subject": subject, "as_of": day})
        for field in ("rule", "level", "due", "missed", "since"):
            if told.get(field) != row.get(field):
                self.fail("explain %s" % day, field, json.dumps(row), json.dumps(told, ensure_ascii=False))
        if not told.get("open") or told.get("state") != "open" or not told.get("clears"):
            self.fail("explain %s" % day, json.dumps(told, ensure_ascii=False))

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
                if order == "events-shuffled":
                    self.recorded(driver, manifest["today"])
                    later = (date.fromisoformat(manifest["today"]) + timedelta(days=40)).isoformat()
                    driver.tell("today " + later)
                    self.recorded(driver, later)
                if order == "events":
                    self.known(driver, folder, order)
                    driver.tell("pack %s" % (folder / "pack.cfg"))
                    self.expected(driver, folder, order, "pack")
                    driver.tell("pack %s" % self.pack)
                    driver.tell("tracking " + generate.LATER)
                    self.expected(driver, folder, order, "since-" + generate.LATER)
                driver.close()

    def board(self, driver, folder):
        """Duty periods of 2022, and those met, of every rule: from the board as of its last day."""
        figures = json.loads((folder / "expected-figures-2022.json").read_text())
        counts = {name[5:]: [0, 0] for name in figures if name.startswith("duty.")}
        body = {"year": 2022, "as_of": "2022-12-31"}
        for row in self.pages(driver, "board", body, random.choice([4, 1000])):
            for duty in row["duties"]:
                if duty["state"] != "excused":
                    counts[duty["rule"]][0] += 1
                    counts[duty["rule"]][1] += duty["state"] == "met"
        for rule, (due, met) in counts.items():
            wanted = figures["duty." + rule]
            if (due, met) != (wanted["due"], wanted["met"]):
                self.fail("board", rule, due, met, json.dumps(wanted))

    def district(self, folder):
        for path in sorted(folder.glob("events*.jsonl")):
            with tempfile.TemporaryDirectory() as temporary:
                driver = self.driver(temporary, "2024-03-31", "2022-01-01", path.stem)
                self.record(driver, lines_of(path), path.name)
                self.expected(driver, folder, path.name, "alerts")
                if (folder / "expected-figures-2022.json").exists():
                    self.board(driver, folder)
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
