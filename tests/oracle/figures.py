#!/usr/bin/env python3
"""The figures of the annual summary (figures.md), counted afresh for every question.

    figures.py check DIR [DIR ...]     compare with DIR/expected-figures-2022.json

`figures` answers with a dict as in that file: the name of a figure (and `/` alliance) with its value;
of duty.R a dict of due, met and value. Days of the year are gone through one by one.

Where the text is silent, it is read like this:
- A unit belongs to the area it is registered in; asked by branch, units are those the branch lists.
- What belongs to a branch that was dissolved by then belongs to what the branch was at last.
- A duty period belongs to the sector and area of its branch on the period's last day.
- Of a branch (as against an area), the meetings and trainings with it are counted too.
- Who comes on a day begins it in the branch of the coming, who leaves ends it in the branch left;
  changes within the day do not count but for that.
- Offices and alliances, which belong to the whole only, are not told of an area or branch.
- A meeting kind that did not occur is not told.
"""
import argparse
import json
import sys
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from pathlib import Path

from dates import parse_date, periods
from events import from_outside
from ledger import Ledger
from oracle import lines_of, record
from packs import TWO_NEW
from rules import Evaluation
from world import World, branches_of

SECTORS = ("enterprise", "association")
DAY = timedelta(days=1)


def percent(part, whole):
    """To one decimal, half away from zero; None of nothing."""
    if whole == 0:
        return None
    tenths = Fraction(part) * 1000 / Fraction(whole)
    return float(Fraction((2 * tenths.numerator + tenths.denominator) // (2 * tenths.denominator), 10))


def attendance(event):
    return event.get("present_count", len(set(event.get("present", []))))


class Annual:
    """One question about one year."""

    def __init__(self, ledger, rules, year, day, known_seq=None, area=None, branch=None, sector=None,
                 denominator="operating", tracking_since="2022-01-01"):
        self.rules, self.day, self.first = rules, day, date(year, 1, 1)
        self.area, self.branch, self.sector, self.denominator = area, branch, sector, denominator
        self.tracking = parse_date(tracking_since)
        self.entries = [e for e in ledger.in_effect(known_seq) if e.date <= day]
        self.year = [e for e in self.entries if e.date >= self.first]
        self.world = World(self.entries)
        self.before = World([e for e in self.entries if e.date < self.first])
        self.letters = {e.event["transfer"]: e for e in self.entries if e.type == "transfer.issued"}
        self.out = {}

    @property
    def whole(self):
        return self.area is None and self.branch is None and self.sector is None

    # ---- where things belong -----------------------------------------------

    def branch_on(self, ref, day):
        """Sector and area of a branch after all events of a day, though dissolved by then."""
        facts = {}
        for e in self.entries:
            if e.date <= day and e.event.get("branch") == ref and e.type in ("branch.founded", "branch.changed"):
                facts.update({f: e.event[f] for f in ("sector", "area") if f in e.event})
        return facts

    def covers(self, facts):
        """Is a place, with its sector and area, one that is asked about?"""
        return (self.area is None or facts.get("area", "").startswith(self.area)) and \
            (self.sector is None or facts.get("sector") == self.sector) and \
            (self.area is None or "area" in facts)

    def asks(self, ref, day):
        """Is a branch on a day asked about? None: no branch at all."""
        if ref is None:
            return self.whole
        return (self.branch is None or ref == self.branch) and self.covers(self.branch_on(ref, day))

    def held(self, kind):
        """Meetings or trainings of the year that are asked about."""
        found = []
        for e in self.year:
            if e.type != kind:
                continue
            host = e.event.get("branch")
            if self.branch is not None:
                if self.branch in branches_of(e) and (
                        self.area is None and self.sector is None or host and self.covers(self.branch_on(host, e.date))):
                    found.append(e)
            elif self.asks(host, e.date):
                found.append(e)
        return found

    def members(self, world, day):
        return {ref: m for ref, m in world.members.items() if self.asks(m["branch"], day)}

    def units(self):
        mine = self.world.branches.get(self.branch, {"units": []})["units"]
        return {ref: u for ref, u in self.world.units.items()
                if self.covers(u) and (self.branch is None or ref in mine)}

    # ---- the figures -------------------------------------------------------

    def count(self):
        self.registers()
        self.coverage()
        self.branch_events()
        self.roll()
        self.trainings()
        self.meetings()
        self.duties()
        if self.whole:
            self.offices()
            self.alliances()
        return self.out

    def by_sector(self, name, items, sector_of, total=True):
        if total:
            self.out[name + ".total"] = len(items)
        for sector in SECTORS:
            if self.sector in (None, sector):
                self.out["%s.%s" % (name, sector)] = sum(sector_of(i) == sector for i in items)

    def registers(self):
        units = self.units()
        self.by_sector("units", list(units), lambda ref: units[ref]["sector"])
        branches = [b for b in self.world.branches if self.asks(b, self.day)]
        self.by_sector("branches", branches, lambda b: self.world.branches[b]["sector"])
        members = self.members(self.world, self.day)
        full = [m for m in members.values() if m["stage"] == "full"]
        self.by_sector("full_members", full, lambda m: self.world.branches[m["branch"]]["sector"])
        self.out["probationary.total"] = sum(m["stage"] == "probationary" for m in members.values())
        self.out["mobile.away"] = sum(m["away"] is not None for m in members.values())

    def coverage(self):
        listed = {u for b in self.world.branches.values() for u in b["units"]}
        own = {u for b in self.world.branches.values() if b["form"] == "own" for u in b["units"]}
        for sector in SECTORS:
            if self.sector not in (None, sector):
                continue
            units = {ref for ref, u in self.units().items() if u["sector"] == sector
                     and (self.denominator == "operating" or u.get(self.denominator))}
            self.out["coverage." + sector] = percent(len(units & listed), len(units))
            self.out["own_rate." + sector] = percent(len(units & own), len(units))

    def branch_events(self):
        def dated(kind):
            return [e for e in self.year if e.type == kind and self.asks(e.event["branch"], e.date)]
        self.out["branches.founded"] = len(dated("branch.founded"))
        self.out["branches.dissolved"] = len(dated("branch.dissolved"))
        self.out["branches.dissolved.cleared"] = sum(
            e.event["reason"] in ("dormant", "hollow") for e in dated("branch.dissolved"))

    # ---- members come and go -----------------------------------------------

    def steps(self):
        """(day, member, came, left, within): `came` and `left` are (what, branch) or None, `within` the branches
        arrived in by move or letter; for each member and day on which any of it happened."""
        for day, events in groupby(self.year, key=lambda e: e.date):
            home, came, left, within = {}, {}, {}, {}
            for e in events:
                event, kind = e.event, e.type
                if kind == "member.admitted" or from_outside(event):
                    what = "received" if kind != "member.admitted" else "admitted" if event["new"] else "entered"
                    came[event["member"]] = (what, event["branch"])
                    home[event["member"]] = event["branch"]
                elif kind == "member.moved":
                    home[event["member"]] = event["branch"]
                    within.setdefault(event["member"], []).append(event["branch"])
                elif kind == "member.left":
                    member = event["member"]
                    left[member] = ("gone", home.get(member, self.world.branch_of(member, day - DAY)))
                elif kind == "transfer.received":
                    issue = self.letters[event["transfer"]].event
                    member = issue["member"]
                    if "to" in issue:
                        home[member] = issue["to"]
                        within.setdefault(member, []).append(issue["to"])
                    else:
                        left[member] = ("sent", home.get(member, self.world.branch_of(member, day - DAY)))
            for member in came.keys() | left.keys() | within.keys():
                yield day, member, came.get(member), left.get(member), within.get(member, [])

    def roll(self):
        counts = dict.fromkeys(["admitted", "entered", "received", "gone", "sent"], 0)
        admitted, within = [], 0
        special = {}
        for day, member, came, left, moves in self.steps():
            special[day, member] = (came, left)
            for one in (came, left):
                if one and self.asks(one[1], day):
                    counts[one[0]] += 1
                    if one[0] == "admitted":
                        admitted.append(self.branch_on(one[1], day)["sector"])
            within += sum(self.asks(branch, day) for branch in moves)
        opening = len(self.members(self.before, self.first - DAY))
        closing = len(self.members(self.world, self.day))
        self.by_sector("admitted", admitted, lambda sector: sector)
        self.out.update({"mobile.transfers_out": counts["sent"], "mobile.transfers_in": counts["received"],
                         "mobile.within": within,
                         "mobile.turnover": percent(2 * sum(counts.values()), opening + closing)})
        self.out["roll.opening"] = opening
        self.out.update({"roll." + name: n for name, n in counts.items()})
        self.out["roll.closing"] = closing
        if not self.whole:
            moved_in, moved_out = self.moved(special)
            self.out.update({"roll.moved_in": moved_in, "roll.moved_out": moved_out})
        else:
            moved_in = moved_out = 0
        assert opening + counts["admitted"] + counts["entered"] + counts["received"] + moved_in \
            - counts["gone"] - counts["sent"] - moved_out == closing

    def moved(self, special):
        moved_in = moved_out = 0
        day = self.first
        while day <= self.day:
            for member in self.world.timelines["member"]:
                came, left = special.get((day, member), (None, None))
                was, now = self.world.branch_of(member, day - DAY), self.world.branch_of(member, day)
                if not (came or was) or not (left or now):
                    continue
                begins = self.asks(came[1], day) if came else self.asks(was, day - DAY)
                ends = self.asks(left[1], day) if left else self.asks(now, day)
                moved_in += ends and not begins
                moved_out += begins and not ends
            day += DAY
        return moved_in, moved_out

    # ---- what was held -----------------------------------------------------

    def trainings(self):
        held = self.held("training")
        people = {m for e in held for m in e.event.get("present", [])}
        members = self.members(self.world, self.day)
        hours = sum(Decimal(str(e.event["hours"])) * attendance(e.event) for e in held)
        self.out.update({
            "training.sessions": len(held),
            "training.attendances": sum(attendance(e.event) for e in held),
            "training.people": len(people),
            "training.reach": percent(len(people & set(members)), len(members)),
            "training.hours": float(hours)})

    def meetings(self):
        held = self.held("meeting")
        for kind in sorted({kind for e in held for kind in e.event["kinds"]}):
            self.out["meetings." + kind] = sum(kind in e.event["kinds"] for e in held)
        self.out["meetings.total"] = len(held)
        self.out["meetings.attendances"] = sum(attendance(e.event) for e in held)

    def duties(self):
        question = Evaluation(self.world, self.day, self.tracking)
        for rule in self.rules:
            if rule["kind"] != "cadence" or rule["subject"] != "branch":
                continue
            due = met = 0
            for ref, line in self.world.timelines["branch"].items():
                for first, last in periods(self.first, self.day, rule["per"]):
                    if last > self.day or not question.is_duty(rule, ref, line, first, last) or \
                            not self.asks(ref, last):
                        continue
                    due += 1
                    met += question.met(rule, ref, first, last)
            self.out["duty." + rule["id"]] = {"due": due, "met": met, "value": percent(met, due)}

    # ---- what belongs to the whole -----------------------------------------

    def offices(self):
        held = {}
        for e in self.entries:
            if e.type.startswith("office."):
                held[e.event["body"], e.event["office"], e.event["person"]] = e.type == "office.taken"
        self.out["offices.deputies"] = sum(
            now and office == "deputy_secretary" for (_, office, _), now in held.items())

    def alliances(self):
        branches, units = {}, {}
        for e in self.entries:
            event = e.event
            if e.type == "alliance.formed":
                branches[event["alliance"]] = set(event.get("branches", []))
                units[event["alliance"]] = set(event.get("units", []))
            elif e.type in ("alliance.joined", "alliance.left"):
                of, one = (branches, event["branch"]) if "branch" in event else (units, event["unit"])
                (of[event["alliance"]].add if e.type == "alliance.joined" else of[event["alliance"]].discard)(one)
        for ref in sorted(branches):
            self.alliance("/" + ref, branches[ref], units[ref])
        self.alliance("", set().union(*branches.values()), set().union(*units.values()))

    def alliance(self, suffix, branches, units):
        members = [m for m in self.world.members.values() if m["branch"] in branches]
        covered = {u for b in branches if b in self.world.branches for u in self.world.branches[b]["units"]}
        units = {u: self.world.units[u] for u in units | covered if u in self.world.units}
        self.out["alliance.members" + suffix] = len(members)
        self.out["alliance.enterprises" + suffix] = sum(u["sector"] == "enterprise" for u in units.values())
        self.out["alliance.staff" + suffix] = sum(u.get("staff", 0) for u in units.values())


def figures(ledger, rules, year, day, **asked):
    return Annual(ledger, rules, year, day, **asked).count()


def check(folder):
    good = True
    wanted = json.loads((folder / "expected-figures-2022.json").read_text(encoding="utf-8"))
    for name in ("events.jsonl", "events-by-date.jsonl"):
        ledger = Ledger("Asia/Shanghai", "2024-03-31")
        good = record(folder / name, ledger) and good
        got = figures(ledger, TWO_NEW, 2022, date(2022, 12, 31))
        differing = sorted(k for k in wanted.keys() | got.keys() if wanted.get(k) != got.get(k))
        for key in differing:
            print("  %s: expected %s, counted %s" % (key, wanted.get(key), got.get(key)))
        print("%s %s: %d figures" % ("FAIL" if differing else "ok  ", folder / name, len(got)))
        good = good and not differing
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("command", choices=["check"])
    parser.add_argument("folders", type=Path, nargs="+")
    args = parser.parse_args()
    return 0 if all([check(folder) for folder in args.folders]) else 1


if __name__ == "__main__":
    sys.exit(main())
