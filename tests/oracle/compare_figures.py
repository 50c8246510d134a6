#!/usr/bin/env python3
"""Compares the daemon's figures with the reference.

    compare_figures.py DRIVER --pack FILE [--seed N] [--count N] [--events N]
    compare_figures.py DRIVER --pack FILE --district DIR [--district DIR ...]

For each seed a random history is asked for the figures of two years on several days: of the whole, of
areas, sectors and branches, by other denominators, and as known when only some of the events were
recorded. Every figure's explanation adds up to it, the roll-forward holds between any two days, and what was
known at several times stays what it was (figure_properties.py). A district is a folder
with events*.jsonl and expected-figures-2022.json.
"""
import argparse
import json
import random
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

import figures
from chapters import write_story
from compare_ledger import Driver, lines_of
from figure_properties import Properties
from packs import TWO_NEW
from story import AREAS, TODAY, Story

YEARS = (2021, 2022)


def sums(rows, *fields):
    """Sums of weights, in hundredths: they have no more decimals."""
    return tuple(sum(round(row[field] * 100) for row in rows) for field in fields)


class Comparison(Properties):
    def __init__(self, program, pack, rng):
        self.program, self.pack, self.rng, self.wrong, self.asked = program, pack, rng, 0, 0
        self.thorough = False  # every figure of every part

    def fail(self, what, *details):
        self.wrong += 1
        print("FAIL", what, *details)

    def driver(self, path, today):
        driver = Driver(self.program, str(path))
        driver.tell("today " + today)
        driver.tell("tracking 2022-01-01")
        driver.tell("pack %s" % self.pack)
        return driver

    def ask(self, driver, body, verb="figures"):
        reply = driver.ask("ask %s %s" % (verb, json.dumps(body)))
        if "error" in reply:
            self.fail(json.dumps(body), json.dumps(reply))
            return {"rows": []}
        return reply

    def record(self, driver, events):
        for event in events:
            verdict = driver.ask("submit " + event)
            if verdict["status"] != "recorded":
                self.fail(json.dumps(verdict), event)

    def figures(self, driver, body):
        """As in expected-figures-*.json."""
        out = {}
        for row in self.ask(driver, body)["rows"]:
            name = row["figure"] + ("/" + row["alliance"] if "alliance" in row else "")
            value = {k: row[k] for k in ("due", "met", "value")} if "due" in row else row["value"]
            if name in out or not row["title"] or not row["unit"]:
                self.fail("a row", json.dumps(body), json.dumps(row, ensure_ascii=False))
            out[name] = value
        return out

    def compare(self, driver, label, wanted, body):
        got = self.figures(driver, body)
        self.asked += 1
        for name in sorted(wanted.keys() | got.keys()):
            if wanted.get(name) != got.get(name) or (name in wanted) != (name in got):
                self.fail(label, json.dumps(body), name, "wanted", wanted.get(name), "got", got.get(name))
        return got

    # ---- what is behind a figure -------------------------------------------

    def explanations(self, driver, body, values):
        for name, value in values.items():
            self.explanation(driver, dict(body, explain=name), name, value)

    def explanation(self, driver, body, name, value):
        rows, cursor, limit = [], None, self.rng.choice([7, 100, 1000])
        while True:
            reply = self.ask(driver, dict(body, limit=limit, cursor=cursor))
            rows += reply["rows"]
            cursor = reply.get("cursor")
            if not cursor:
                break
        self.asked += 1
        if not rows and reply.get("items"):
            self.fail("no rows", json.dumps(body))
        if reply["unit"] == "%":
            part, whole = sums(rows, "part", "whole")
            total = figures.percent(part, whole)
            if isinstance(value, dict):
                total = {"due": whole / 100, "met": part / 100, "value": total}
        else:
            total = sums(rows, "weight")[0] / 100
        if total != value or reply["value"] != (value["value"] if isinstance(value, dict) else value):
            self.fail("the explanation of", name, json.dumps(body), value, total, reply["value"])
        if reply["items"] != len(rows) or len({json.dumps(row) for row in rows}) != len(rows):
            self.fail("something twice, or not at all", json.dumps(body))

    def roll(self, driver, body, whole):
        reply = self.ask(driver, dict(body, check=True, limit=1000))
        self.asked += 1
        if not reply.get("holds") or reply["broken"] or not all(row["balances"] for row in reply["rows"]):
            self.fail("the roll-forward", json.dumps(reply, ensure_ascii=False))
        for row in reply["rows"]:
            if row["by"] == "total":
                for name in ("opening", "admitted", "entered", "received", "gone", "sent", "closing"):
                    if row[name] != whole["roll." + name]:
                        self.fail("the roll-forward", name, json.dumps(row), whole["roll." + name])
        return reply["rows"]

    def groups(self, driver, body, rows):
        """The check counts a sector and a branch as the figures do."""
        for row in rows:
            if row["by"] not in ("sector", "branch"):
                continue
            got = self.figures(driver, dict(body, **{row["by"]: row["of"]}))
            for name, value in row.items():
                if name not in ("by", "of", "balances") and got["roll." + name] != value:
                    self.fail("the roll-forward of", json.dumps(row), name, got["roll." + name])

    # ---- random histories --------------------------------------------------

    def questions(self, ledger, year):
        """Arguments of the reference."""
        rng = self.rng
        branches = sorted({ref for e in ledger.log for kind, ref in e.keys if kind == "branch"})
        yield {}
        yield {"denominator": rng.choice(["eligible", "above_scale"])}
        for area in rng.sample(sorted({a[:n] for a in AREAS for n in (2, 4, 9)}), 3):
            yield {"area": area}
        yield {"sector": rng.choice(figures.SECTORS)}
        for branch in rng.sample(branches, min(3, len(branches))):
            yield {"branch": branch}
        yield {"branch": rng.choice(branches), "area": rng.choice(AREAS)[:4], "sector": rng.choice(figures.SECTORS)}

    def days(self, ledger, year):
        dates = sorted({e.date for e in ledger.in_effect() if e.date.year == year})
        some = self.rng.sample(dates, min(2, len(dates)))
        return [date(year, 12, 31), date(year, 1, 1) + timedelta(days=self.rng.randrange(364))] + some

    def history(self, seed, events):
        story = Story(random.Random("figures %s" % seed))
        write_story(story, events)
        ledger = story.ledger
        with tempfile.TemporaryDirectory() as temporary:
            driver = self.driver(Path(temporary) / "ledger.db", TODAY.isoformat())
            events = [json.dumps(e.sent(), ensure_ascii=False, default=float) for e in ledger.log]
            remembered = self.record_and_remember(driver, events)
            self.still_known(driver, remembered)
            self.differences(driver, self.rng.choice(remembered))
            self.any_two_days(driver, YEARS, 12)
            for year in YEARS:
                for day in self.days(ledger, year):
                    self.day(driver, ledger, year, day)
                self.known(driver, ledger, year)
            driver.close()

    def record_and_remember(self, driver, events):
        """In four pieces; what is known after each is asked again when all is recorded."""
        remembered, size = [], len(events) // 4 + 1
        for start in range(0, len(events), size):
            self.record(driver, events[start:start + size])
            area = self.rng.choice(AREAS)
            remembered += [self.remember(driver, year, part) for year in YEARS for part in ({}, {"area": area})]
        return remembered

    def day(self, driver, ledger, year, day):
        label = "%s" % day
        for question in self.questions(ledger, year):
            wanted = figures.figures(ledger, TWO_NEW, year, day, **question)
            body = dict(question, year=year, as_of=day.isoformat())
            got = self.compare(driver, label, wanted, body)
            if self.rng.random() < 0.3:
                self.explanations(driver, body, got)
            if not question:
                rows = self.roll(driver, body, wanted)
                self.groups(driver, body, rows)

    def known(self, driver, ledger, year):
        """The Nth event is the row N + 1, after ledger.opened."""
        count = self.rng.randrange(len(ledger.log) // 3, len(ledger.log))
        reply = driver.ask("ask recent " + json.dumps({"type": "any", "after_seq": count, "limit": 1}))
        day = date(year, 12, 31)
        wanted = figures.figures(ledger, TWO_NEW, year, day, known_seq=count)
        body = {"year": year, "as_of": day.isoformat(), "known_on": reply["rows"][0]["recorded_at"]}
        got = self.compare(driver, "known %d" % count, wanted, body)
        self.explanations(driver, body, dict(self.rng.sample(sorted(got.items()), 10)))

    # ---- districts ---------------------------------------------------------

    def district(self, folder):
        wanted = json.loads((folder / "expected-figures-2022.json").read_text(encoding="utf-8"))
        for path in sorted(folder.glob("events*.jsonl")):
            with tempfile.TemporaryDirectory() as temporary:
                driver = self.driver(Path(temporary) / "ledger.db", "2024-03-31")
                self.record(driver, lines_of(path))
                got = self.compare(driver, path.name, wanted, {"year": 2022})
                self.explanations(driver, {"year": 2022}, got)
                self.groups(driver, {"year": 2022}, self.roll(driver, {"year": 2022}, wanted))
                self.any_two_days(driver, (2021, 2022, 2023), 40)
                if self.thorough and path.name == "events.jsonl":
                    self.everything_adds_up(driver, [date(2022, 12, 31), date(2022, 5, 31), date(2023, 2, 14)])
                driver.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("driver")
    parser.add_argument("--pack", required=True)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--count", type=int, default=3)
    parser.add_argument("--events", type=int, default=300)
    parser.add_argument("--thorough", action="store_true", help="explain every figure of every part of a district")
    parser.add_argument("--district", type=Path, action="append", default=[])
    args = parser.parse_args()
    wrong = 0
    for folder in args.district:
        comparison = Comparison(args.driver, args.pack, random.Random(1))
        comparison.thorough = args.thorough
        comparison.district(folder)
        print("%s: %d answers: %s" % (folder, comparison.asked, "WRONG" if comparison.wrong else "ok"), flush=True)
        wrong += comparison.wrong
    if args.district:
        return 1 if wrong else 0
    seed = args.seed if args.seed is not None else random.randrange(10 ** 6)
    for number in range(seed, seed + args.count):
        comparison = Comparison(args.driver, args.pack, random.Random(number))
        comparison.history(number, args.events)
        print("seed %d: %d answers: %s" % (number, comparison.asked, "WRONG" if comparison.wrong else "ok"), flush=True)
        wrong += comparison.wrong
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
