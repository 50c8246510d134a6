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
DIR/expected-since-2022-02-10-DAY.jsonl    of the default pack, had tracking begun then
DIR/expected-known-N-DAY.jsonl  of the default pack, when only N events were recorded
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
from dates import parse_date, period_of
from events import rank
from ledger import Ledger
from oracle import row
from packs import TWO_NEW, random_pack, write_pack
from rules import evaluate
from story import TODAY, Story, contested
from world import World

TRACKING_SINCE = "2022-01-01"
LATER = "2022-02-10"         # another tracking_since, in the middle of all periods


def accepted(ledger, entry, order):
    """Is the event recorded now, beyond dispute?  Then it joins the order."""
    if ledger.submit(entry.sent())["status"] != "recorded":
        return False
    if contested(ledger, ledger.log[-1]):
        ledger.undo()
        return False
    order.append(entry.sent())
    return True


def shuffled(rng, ledger):
    """The events in another order in which each of them is recorded.

    Every event is put off or brought forward at random; what is refused is tried
    again in the next round.  That may end in a dead end (something wrong was
    recorded, corrected later, and no longer fits between); then the events that are
    stuck, and less so those about the same people, are spread less than before,
    and after some attempts all events.
    """
    entries, calm = ledger.log, 1
    spread = {e.id: float(len(entries)) for e in entries}
    while True:
        keys = {e.id: n + rng.uniform(-spread[e.id], spread[e.id])
                for n, e in enumerate(entries)}
        waiting = sorted(entries, key=lambda e: keys[e.id])
        copy, order = Ledger(ledger.zone, TODAY), []
        while waiting:
            left = [entry for entry in waiting if not accepted(copy, entry, order)]
            if len(left) == len(waiting):
                break
            waiting = left
        if not waiting:
            return order, copy
        for entry in waiting:
            spread[entry.id] *= 0.5
        for event_id in kindred(ledger, waiting):
            spread[event_id] = spread[event_id] * 0.75 if spread[event_id] > 2 else 0
        calm *= 0.98
        spread = {event_id: width * calm for event_id, width in spread.items()}


def kindred(ledger, stuck):
    """The events, what they correct, and all that name the same members, letters
    and units; of branches, those that say something of the branch itself."""
    targets = {e.event.get("event") or e.event.get("replaces") for e in stuck}
    stuck = stuck + [e for e in ledger.log if e.id in targets]
    near = {key for e in stuck for key in e.keys if key[0] != "branch"
            or e.type.startswith("branch.")}
    near |= {key for e in stuck for key in e.creates}
    ids = {e.id for e in stuck} | {e.id for e in ledger.log if near & set(e.keys)}
    return ids | {e.id for e in ledger.log
                  if ids & {e.event.get("event"), e.event.get("replaces")}}


def days(rng, ledger):
    """Some twelve days: one before tracking, ends of periods, days of grace, others,
    and days on which something in the ledger begins or ends."""
    chosen = {date(2021, 12, 31), date(2023, 1, 11)}
    while len(chosen) < 7:
        day = date(2022, 1, 1) + timedelta(days=rng.randrange(500))
        if rng.random() < 0.3:
            _, last = period_of(day, rng.choice(["month", "quarter"]))
            day = last + timedelta(days=rng.choice([0, 1, 10, 11]))
        chosen.add(day)
    chosen.add(date(2023, 6, 1) + timedelta(days=rng.randrange(300)))
    turns = [parse_date(e.event["until"]) for e in ledger.in_effect()
             if e.type == "exemption.granted"]
    turns = [turns, [e.date for e in ledger.in_effect() if rank(e.event) == 2],
             [e.date for e in ledger.in_effect() if e.type == "exemption.ended"]]
    for some in turns:
        some = [day for day in some if date(2022, 1, 15) < day < TODAY]
        chosen.update(rng.sample(some, min(2, len(some))))
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
    asked = days(rng, ledger)
    for day in asked:
        for name, rules in (("alerts", TWO_NEW), ("pack", pack)):
            alerts = evaluate(ledger, rules, day, None, TRACKING_SINCE, world)
            assert alerts == evaluate(copy, rules, day, None, TRACKING_SINCE, world_of_copy)
            write(out / ("expected-%s-%s.jsonl" % (name, day)), map(row, alerts))
    for day in asked[-3:]:
        alerts = evaluate(ledger, TWO_NEW, day, None, LATER, world)
        write(out / ("expected-since-%s-%s.jsonl" % (LATER, day)), map(row, alerts))
    for known in (events // 2, events * 3 // 4):
        for day in asked[-4:-1]:
            alerts = evaluate(ledger, TWO_NEW, day, known, TRACKING_SINCE)
            write(out / ("expected-known-%d-%s.jsonl" % (known, day)), map(row, alerts))
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
