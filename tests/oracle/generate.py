#!/usr/bin/env python3
"""Write a random history and the answers to it.

    generate.py --seed N [--events 400] [--out DIR]

DIR/manifest.json               clock, zone and the like under which all of it holds
DIR/events.jsonl                the events, in the order recorded
DIR/events-shuffled.jsonl       the same events in another order that is valid too
DIR/refused.jsonl               {"why", "event", "or"?}: refused by the complete ledger
DIR/expected-alerts-DAY.jsonl   open alerts of the default pack
DIR/pack.cfg                    a random pack, as a configuration file
DIR/expected-pack-DAY.jsonl     its open alerts
Nothing but the seed and the number of events decides what is written.
"""
import argparse
import json
import random
import sys
from datetime import date, timedelta
from pathlib import Path

import refusals
from chapters import write_story
from dates import period_of
from ledger import Ledger
from oracle import row
from packs import TWO_NEW, random_pack, write_pack
from rules import evaluate
from story import TODAY, Story
from world import World

TRACKING_SINCE = "2022-01-01"


def shuffled(rng, ledger):
    """The events in another order in which each of them is recorded.

    Every event is put off or brought forward at random; what is refused is tried
    again after each success.  Should that run into a dead end, a calmer shuffle is
    taken; the order recorded is the calmest.
    """
    entries, spread = ledger.log, len(ledger.log)
    while True:
        keys = {e.id: n + rng.uniform(-spread, spread) for n, e in enumerate(entries)}
        waiting = sorted(entries, key=lambda e: keys[e.id])
        copy, order = Ledger(ledger.zone, TODAY), []
        while waiting:
            for entry in waiting:
                if copy.submit(entry.sent())["status"] == "recorded":
                    order.append(entry.sent())
                    waiting.remove(entry)
                    break
            else:
                break
        if not waiting:
            return order, copy
        spread = spread // 2


def days(rng):
    """Eight days: one before tracking, ends of periods, days of grace, others."""
    chosen = {date(2021, 12, 31), date(2023, 1, 11)}
    while len(chosen) < 8:
        day = date(2022, 1, 1) + timedelta(days=rng.randrange(500))
        if rng.random() < 0.3:
            _, last = period_of(day, rng.choice(["month", "quarter"]))
            day = last + timedelta(days=rng.choice([0, 1, 10, 11]))
        chosen.add(day)
    chosen.add(date(2023, 6, 1) + timedelta(days=rng.randrange(300)))
    return sorted(chosen)


def write(path, rows):
    lines = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False, default=float)
             for line in rows]
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")


def generate(seed, events, out):
    rng = random.Random("history %s" % seed)
    story = Story(rng)
    write_story(story, events)
    ledger = story.ledger
    out.mkdir(parents=True, exist_ok=True)
    write(out / "events.jsonl", [entry.sent() for entry in ledger.log])
    order, copy = shuffled(rng, ledger)
    write(out / "events-shuffled.jsonl", order)
    world, world_of_copy = World(ledger.in_effect()), World(copy.in_effect())
    pack = random_pack(seed)
    (out / "pack.cfg").write_text(write_pack(pack), encoding="utf-8")
    asked = days(rng)
    for day in asked:
        for name, rules in (("alerts", TWO_NEW), ("pack", pack)):
            alerts = evaluate(ledger, rules, day, None, TRACKING_SINCE, world)
            assert alerts == evaluate(copy, rules, day, None, TRACKING_SINCE, world_of_copy)
            write(out / ("expected-%s-%s.jsonl" % (name, day)), map(row, alerts))
    refused = refusals.make(story)
    write(out / "refused.jsonl", refused)
    manifest = {"seed": seed, "events": len(ledger.log), "timezone": ledger.zone,
                "tracking_since": TRACKING_SINCE, "today": TODAY.isoformat(),
                "transfer_valid_days": ledger.transfer_valid_days,
                "days": [day.isoformat() for day in asked], "refused": len(refused)}
    write(out / "manifest.json", [manifest])
    return manifest


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--events", type=int, default=400)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    out = args.out or Path("history-%d" % args.seed)
    print(json.dumps(generate(args.seed, args.events, out)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
