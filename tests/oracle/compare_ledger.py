#!/usr/bin/env python3
"""Compares the daemon's ledger with the reference on random histories.

    compare_ledger.py DRIVER [--seed N] [--count N] [--events N] [--keep DIR]

For each seed: every event is recorded in two orders, one by one and in batches, with every event
sent twice; the derived tables are the same in the end, and after a rebuild; every refusal has the
code of the reference (or one that the text allows too) and changes nothing.
"""
import argparse
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import generate


class Driver:
    def __init__(self, program, *arguments):
        self.process = subprocess.Popen([program, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True, encoding="utf-8", errors="surrogatepass")

    def tell(self, line):
        self.process.stdin.write(line + "\n")

    def ask(self, line):
        self.tell(line)
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def dump(self):
        self.tell("dump")
        self.process.stdin.flush()
        lines = []
        while True:
            line = self.process.stdout.readline()
            if line in ("", "\n"):
                return lines
            lines.append(line)

    def close(self):
        self.process.stdin.close()
        if self.process.wait() != 0:
            raise SystemExit("the driver ended with %d" % self.process.returncode)


def lines_of(path):
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line]


class Comparison:
    def __init__(self, program):
        self.program, self.wrong = program, 0

    def fail(self, what, *details):
        self.wrong += 1
        print("FAIL", what, *details)

    def record(self, driver, events, wanted, label):
        for number, line in enumerate(events, 1):
            verdict = driver.ask("submit " + line)
            if verdict["status"] != wanted:
                self.fail("%s:%d" % (label, number), verdict, line)

    def tables(self, driver, today, events, label, batch=None):
        driver.tell("today " + today)
        if batch:
            rest = list(events)
            while rest:
                some, rest = rest[:batch], rest[batch:]
                driver.tell("batch %d" % len(some))
                self.record(driver, some, "recorded", label)
        else:
            self.record(driver, events, "recorded", label)
        return driver.dump()

    def differ(self, label, wanted, got):
        if wanted == got:
            return
        self.fail(label + ": tables differ")
        for sign, lines in (("-", set(wanted) - set(got)), ("+", set(got) - set(wanted))):
            for line in sorted(lines)[:10]:
                print("  ", sign, line.rstrip())

    def refusals(self, driver, cases, tables):
        for case in cases:
            event = case["event"]
            text = event if isinstance(event, str) else json.dumps(event, ensure_ascii=True)
            verdict = driver.ask("try " + text)
            why = case["why"]
            if why is None and verdict["status"] == "recorded":
                continue
            if verdict["status"] != "refused" or verdict["code"] not in [why] + case.get("or", []):
                self.fail("refusal", "wanted", why, case.get("or", ""), "got", verdict, text[:600])
        self.differ("after the refusals", tables, driver.dump())

    def history(self, folder):
        manifest = json.loads((folder / "manifest.json").read_text())
        today = manifest["today"]
        events = lines_of(folder / "events.jsonl")
        shuffled = lines_of(folder / "events-shuffled.jsonl")
        first = Driver(self.program)
        tables = self.tables(first, today, events, "in order")
        self.record(first, events, "duplicate", "again")
        self.differ("sent twice", tables, first.dump())
        first.tell("rebuild")
        self.differ("rebuilt", tables, first.dump())
        cases = [json.loads(line) for line in lines_of(folder / "refused.jsonl")]
        self.refusals(first, cases, tables)
        first.close()
        second = Driver(self.program)
        other = self.tables(second, today, shuffled, "shuffled", batch=37)
        if not any(json.loads(e).get("replaces") or json.loads(e)["type"] == "event.voided" for e in events):
            self.differ("shuffled", tables, other)
        second.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("driver")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--count", type=int, default=5)
    parser.add_argument("--events", type=int, default=400)
    parser.add_argument("--keep", type=Path)
    args = parser.parse_args()
    seed = args.seed if args.seed is not None else random.randrange(10 ** 6)
    comparison = Comparison(args.driver)
    for number in range(seed, seed + args.count):
        with tempfile.TemporaryDirectory() as temporary:
            folder = (args.keep or Path(temporary)) / str(number)
            manifest = generate.generate(number, args.events, folder)
            before = comparison.wrong
            comparison.history(folder)
            print("seed %d: %d events, %d refusals: %s" % (
                number, manifest["events"], manifest["refused"],
                "ok" if comparison.wrong == before else "WRONG"), flush=True)
    return 1 if comparison.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
