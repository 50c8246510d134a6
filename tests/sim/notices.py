#!/usr/bin/env python3
"""Who must have been told what, worked out from the rows about alerts alone, against what a simulated year told.

    notices.py SIM_NOTICES EVENTS PACK [--until DAY] [--seed N]

The rules of docs/notices.md, read independently: each routed recipient is told of each opening, rise and closing
exactly once; what is over before it was told is not told; a level that fell and rises again is no news. With --seed the
channels are bad and the daemon is stopped now and then: the same must have been told, and what came twice came with
the same key.
"""
import argparse
import collections
import datetime
import json
import pathlib
import subprocess
import sys
import tempfile

LEVELS = {"notice": 1, "yellow": 2, "red": 3}
BRANCH_RULES = ["general-meeting", "committee-meeting", "theme-day", "branch-inactive", "term-ends"]
AREA = "450312001"
CONF = """
tracking_since = "2022-01-01";
database = "{folder}/l.db"; listen = "ipc://{folder}/s"; feed = [ ]; rules = "{pack}";
notice_gather = 0; notice_tries = 100; notice_keep = 5; district = "青岭区";
people = (
  {{ name = "clerk"; channels = ( {{ by = "log"; }}, {{ by = "feed"; }} ); }},
  {{ name = "town"; channels = ( {{ by = "feed"; }} ); when = "daily 08:00"; language = "en"; }},
  {{ name = "chief"; channels = ( {{ by = "log"; }} ); }} );
routes = (
  {{ name = "all"; to = [ "clerk" ]; }},
  {{ name = "town"; level = "yellow"; areas = [ "{area}" ]; rules = [ {rules} ]; to = [ "town" ]; }},
  {{ name = "red"; level = "red"; to = [ "chief" ]; }} );
administrator = "chief";
"""


def day_of(text):
    return datetime.date.fromisoformat(text)


class Reader:
    """One recipient: what is routed to it, and on which day it hears of what happened on a day."""

    def __init__(self, name, channels, takes, delay):
        self.name, self.channels, self.takes, self.delay = name, channels, takes, datetime.timedelta(days=delay)

    def told_on(self, day):
        return day + self.delay


def readers(areas):
    def town(alert, level):
        area = areas.get(alert["subject"].get("branch"), "")
        return LEVELS[level] >= 2 and alert["rule"] in BRANCH_RULES and area.startswith(AREA)

    return [Reader("clerk", ["log", "feed"], lambda alert, level: True, 0),
            Reader("town", ["feed"], town, 1),
            Reader("chief", ["log"], lambda alert, level: level == "red", 0)]


def rows_for(reader, alert, story):
    """The rows that are told of one alert, in order: [what, day told]."""
    rows, level = [], 0
    for row in story:
        day = day_of(row["at"])
        waiting = [r for r in rows if r["on"] >= day]
        if row["type"] == "alert.closed":
            rows = [r for r in rows if r not in waiting]
            if rows:
                rows.append({"what": "closed", "on": reader.told_on(day), "level": 0})
            break
        new = LEVELS[row["level"]]
        known = max((r["level"] for r in rows), default=0)
        if new < level:
            rows = [r for r in rows if not (r in waiting and r["what"] == "raised" and r["level"] > new)]
        elif new > level and new > known and (rows or reader.takes(alert, row["level"])):
            what = "opened" if row["type"] == "alert.opened" else "raised"
            rows.append({"what": what, "on": reader.told_on(day), "level": new})
        level = new
    return rows


def expected(reader, history, until):
    """{(alert, what): day}. In one message an alert stands once, as what came first."""
    wanted = {}
    for number, story in history.items():
        seen = set()
        for row in rows_for(reader, story[0], story):
            if row["on"] <= until and row["on"] not in seen:
                seen.add(row["on"])
                wanted[(number, row["what"], row["on"])] = 1
    return wanted


def run(arguments):
    with tempfile.TemporaryDirectory() as folder:
        conf = pathlib.Path(folder) / "m.conf"
        conf.write_text(CONF.format(folder=folder, pack=pathlib.Path(arguments.pack).resolve(), area=AREA,
                                    rules=", ".join(f'"{rule}"' for rule in BRANCH_RULES)), encoding="utf-8")
        line = [arguments.program, arguments.events, "--pack", arguments.pack, "--conf", str(conf),
                "--until", arguments.until]
        if arguments.seed is not None:
            line += ["--seed", str(arguments.seed)]
        done = subprocess.run(line, stdout=subprocess.PIPE, check=True)
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def said(message):
    return sorted((i["kind"], i["level"], i["alerts"]) for i in message["items"])


def split(lines):
    history, messages, repeats = collections.OrderedDict(), {}, 0
    for line in lines:
        if "key" in line and "items" in line:
            known = messages.setdefault(line["key"], line)
            repeats += known is not line
            assert said(line) == said(known), f"the same key, another content: {line}\n{known}"
        elif line["type"] == "alert.opened":
            history[line["seq"]] = [line]
        elif line["type"] in ("alert.changed", "alert.closed"):
            history[line["alert"]].append(line)
    return history, messages, repeats


def told_by(messages, reader, channel):
    """{(alert, what)} with the day of the first message, and how often."""
    told = collections.Counter()
    for m in messages.values():
        if (m["to"], m["by"]) != (reader.name, channel):
            continue
        assert m["more"] == 0, m
        for item in m["items"]:
            assert item["count"] == len(item["alerts"]), item
            kind = item["kind"]
            if kind == "cause":
                kind = "opened" if item["level"] else "closed"
            for alert in item["alerts"]:
                told[(alert, kind)] += 1
    return told


def compare(reader, channel, history, messages, until):
    wanted = collections.Counter((alert, what) for alert, what, _ in expected(reader, history, until))
    told = told_by(messages, reader, channel)
    for key in sorted(set(wanted) | set(told)):
        if wanted[key] != told[key]:
            print(f"{reader.name} by {channel}: alert {key[0]} {key[1]}: wanted {wanted[key]}, told {told[key]}: "
                  f"{[(r['at'], r['type'], r.get('level')) for r in history[key[0]]]}")
    assert wanted == told, f"{reader.name}: not what was to be told"
    return sum(wanted.values())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("events")
    parser.add_argument("pack")
    parser.add_argument("--until", default="2022-12-31")
    parser.add_argument("--seed", type=int)
    arguments = parser.parse_args()

    areas = {}
    for line in open(arguments.events, encoding="utf-8"):
        event = json.loads(line)
        if event["type"] == "branch.founded":
            areas[event["branch"]] = event.get("area", "")
        assert event["type"] != "branch.changed" or "area" not in event, "areas change: tell them by day"
    history, messages, repeats = split(run(arguments))
    moments = collections.Counter((m["to"], m["by"], m["day"]) for m in messages.values())
    until = day_of(arguments.until)
    for reader in readers(areas):
        for channel in reader.channels:
            told = compare(reader, channel, history, messages, until)
            assert told > 0, f"nothing was to be told to {reader.name}: the test does not test"
            print(f"{reader.name} by {channel}: {told} told once")
    if arguments.seed is None:
        assert max(moments.values()) == 1, "more than one message for somebody at one moment"
        assert repeats == 0
    else:
        assert repeats > 0, "nothing came twice: the test does not test"
    print(f"{len(history)} alerts, {len(messages)} messages, {repeats} repeats")
    return 0


if __name__ == "__main__":
    sys.exit(main())
