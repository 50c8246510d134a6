"""The facts of every day: a fold of all events in effect (rules.md section 1).

A World is built once from events in the one order.  For every register entry it
keeps a timeline: the days on which its facts changed, with the facts at the end
of that day, or None while it is not in force.  Facts whose name begins with `_`
are for the evaluation only; no rule can name them.
"""
from bisect import bisect_right
from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import groupby

from dates import add, add_months, parse_date
from events import from_outside

ACTIVITY = ("meeting", "training", "contact")
UNIT_FIELDS = ("sector", "area", "staff", "eligible", "above_scale")
BRANCH_FIELDS = ("form", "sector", "area", "committee", "groups")


class Timeline:
    """Facts of one entry over time."""

    def __init__(self):
        self.starts, self.values = [], []

    def set(self, day, facts):
        if self.values and self.values[-1] == facts:
            return
        self.starts.append(day)
        self.values.append(facts)

    def on(self, day):
        """Facts at the end of a day; None if not in force."""
        at = bisect_right(self.starts, day) - 1
        return self.values[at] if at >= 0 else None

    def first_day(self):
        """The first day in force, None if there is none."""
        return next((s for s, v in zip(self.starts, self.values) if v is not None), None)

    def always(self, first, last, holds):
        """Does `holds` hold for the facts of every day from first to last?"""
        return self.run_start(last, holds) is not None and \
            self.run_start(last, holds) <= first

    def run_start(self, day, holds):
        """First day of the unbroken run of days up to `day` on which the entry is in
        force and `holds(facts)` is true; None if it is not so on `day`."""
        at = bisect_right(self.starts, day) - 1
        start = None
        while at >= 0 and self.values[at] is not None and holds(self.values[at]):
            start = self.starts[at]
            at -= 1
        return start


class World:
    """Registers day by day, and the activity of branches and members."""

    def __init__(self, entries):
        """entries: events in effect, in the one order."""
        self.units, self.branches, self.members, self.letters = {}, {}, {}, {}
        self.exemptions = {}
        self.timelines = {kind: defaultdict(Timeline)
                          for kind in ("unit", "branch", "member", "transfer")}
        self.activity = {"branch": defaultdict(list), "member": defaultdict(list)}
        self.events = []         # meetings and trainings
        for day, events in groupby(entries, key=lambda e: e.date):
            register = False
            for entry in events:
                if entry.type in ACTIVITY:
                    self._act(entry)
                else:
                    self._apply(entry)
                    register = True
            if register:
                self._snapshot(day)

    # ---- activity ----------------------------------------------------------

    def _act(self, entry):
        event = entry.event
        if entry.type == "contact":
            self.activity["member"][event["member"]].append(entry)
            return
        self.events.append(entry)
        for ref in branches_of(entry):
            self.activity["branch"][ref].append(entry)
        for ref in event.get("present", []):
            self.activity["member"][ref].append(entry)

    # ---- registers ---------------------------------------------------------

    def _apply(self, entry):
        event, kind = entry.event, entry.type
        if kind in ("member.admitted",) or from_outside(event):
            self._admit(entry)
            return
        method = getattr(self, "_" + kind.replace(".", "_"), None)
        if method:
            method(entry, event)

    def _unit_registered(self, entry, event):
        self.units[event["unit"]] = {f: event[f] for f in UNIT_FIELDS if f in event}

    def _unit_changed(self, entry, event):
        self.units[event["unit"]].update({f: event[f] for f in UNIT_FIELDS if f in event})

    def _unit_closed(self, entry, event):
        del self.units[event["unit"]]

    def _branch_founded(self, entry, event):
        branch = {"committee": False, "groups": 0, "units": [], "stars": -1,
                  "term_years": 3, "term_started": None}
        self.branches[event["branch"]] = branch
        self._branch_changed(entry, event)

    def _branch_changed(self, entry, event):
        branch = self.branches[event["branch"]]
        branch.update({f: event[f] for f in BRANCH_FIELDS + ("units", "term_years")
                       if f in event})
        if "term_started" in event:
            branch["term_started"] = parse_date(event["term_started"])

    def _branch_elected(self, entry, event):
        """A new term starts at `at`; term_years as before where absent."""
        branch = self.branches[event["branch"]]
        branch["term_started"] = entry.date
        branch["term_years"] = event.get("term_years", branch["term_years"])

    def _branch_rated(self, entry, event):
        self.branches[event["branch"]]["stars"] = event["stars"]

    def _branch_dissolved(self, entry, event):
        del self.branches[event["branch"]]

    def _admit(self, entry):
        """member.admitted, or transfer.received for one from outside."""
        event = entry.event
        base = entry.date if entry.type == "member.admitted" else None
        if "admitted_on" in event:
            base = parse_date(event["admitted_on"])
        self.members[event["member"]] = {
            "branch": event["branch"], "unit": event.get("unit"),
            "role": event.get("role", "none"), "stage": event["stage"],
            "away": None, "probation": base and add_months(base, 12)}
        if entry.type == "transfer.received":
            self.letters[event["transfer"]] = {
                "state": "received", "outside": True, "received": entry.date,
                "valid_until": None, "member": event["member"], "to": event["branch"]}

    def _member_converted(self, entry, event):
        self._member(event)["stage"] = "full"

    def _member_extended(self, entry, event):
        self._member(event)["probation"] = parse_date(event["until"])

    def _member_changed(self, entry, event):
        self._member(event).update({f: event[f] for f in ("unit", "role") if f in event})

    def _member_moved(self, entry, event):
        self._member(event)["branch"] = event["branch"]

    def _member_away(self, entry, event):
        """A further member.away changes `fixed`, not the date."""
        member = self._member(event)
        since = member["away"]["since"] if member["away"] else entry.date
        member["away"] = {"since": since, "fixed": event["fixed"]}

    def _member_returned(self, entry, event):
        self._member(event)["away"] = None

    def _member_left(self, entry, event):
        self.members.pop(event["member"], None)
        for ref, letter in list(self.letters.items()):
            if letter["member"] == event["member"] and letter["state"] == "issued":
                del self.letters[ref]

    def _transfer_issued(self, entry, event):
        self.letters[event["transfer"]] = {
            "state": "issued", "outside": "to_name" in event, "received": None,
            "valid_until": add(entry.date, "%dd" % event["valid_days"]),
            "member": event["member"], "to": event.get("to")}

    def _transfer_received(self, entry, event):
        letter = self.letters[event["transfer"]]
        letter["state"], letter["received"] = "received", entry.date
        if letter["to"] is None:
            self.members.pop(letter["member"], None)
        else:
            member = self.members[letter["member"]]
            member["branch"], member["away"] = letter["to"], None

    def _transfer_receipted(self, entry, event):
        del self.letters[event["transfer"]]

    _transfer_cancelled = _transfer_receipted

    def _exemption_granted(self, entry, event):
        (kind, ref), = event["subject"].items()
        self.exemptions[event["exemption"]] = {
            "subject": (kind, ref), "rules": event["rules"], "from": entry.date,
            "until": parse_date(event["until"]), "ended": date.max}

    def _exemption_ended(self, entry, event):
        self.exemptions[event["exemption"]]["ended"] = entry.date

    def _member(self, event):
        """The member, or a scrap of paper if it is gone since earlier that day."""
        return self.members.get(event["member"], {"away": None})

    # ---- the end of a day --------------------------------------------------

    def _snapshot(self, day):
        """Facts after all events dated that day (rules.md 1)."""
        members, full, unit_full = Counter(), Counter(), Counter()
        for member in self.members.values():
            members[member["branch"]] += 1
            if member["stage"] == "full":
                full[member["branch"]] += 1
                unit_full[member["unit"]] += 1
        covered = {u for b in self.branches.values() for u in b["units"]}
        own = {u for b in self.branches.values() if b["form"] == "own" for u in b["units"]}
        facts = {"unit": {}, "branch": {}, "member": {}, "transfer": {}}
        for ref, unit in self.units.items():
            facts["unit"][ref] = dict(unit, full_members=unit_full[ref],
                                      covered=ref in covered, own_branch=ref in own)
        for ref, branch in self.branches.items():
            facts["branch"][ref] = self._branch_facts(branch, members[ref], full[ref])
        for ref, member in self.members.items():
            facts["member"][ref] = self._member_facts(member)
        for ref, letter in self.letters.items():
            facts["transfer"][ref] = {
                "state": letter["state"], "outside": letter["outside"],
                "_valid_until": letter["valid_until"], "_received": letter["received"]}
        for kind, now in facts.items():
            lines = self.timelines[kind]
            for ref in set(lines) | set(now):
                lines[ref].set(day, now.get(ref))

    @staticmethod
    def _branch_facts(branch, members, full):
        facts = {f: branch[f] for f in BRANCH_FIELDS if f in branch}
        facts.update(members=members, full_members=full, units=len(branch["units"]),
                     stars=branch["stars"], _term_ends=None)
        if branch["term_started"]:
            facts["_term_ends"] = add_months(branch["term_started"],
                                             12 * int(branch["term_years"]))
        return facts

    def _member_facts(self, member):
        branch, away = self.branches[member["branch"]], member["away"]
        facts = {"stage": member["stage"], "role": member["role"],
                 "presence": "away" if away else "home",
                 "branch_form": branch["form"], "sector": branch["sector"],
                 "_branch": member["branch"], "_probation_ends": member["probation"],
                 "_away_since": away["since"] if away else None}
        if away:
            facts["fixed"] = away["fixed"]
        if "area" in branch:
            facts["area"] = branch["area"]
        return facts

    # ---- questions ---------------------------------------------------------

    def facts(self, kind, ref, day):
        line = self.timelines[kind].get(ref)
        return line.on(day) if line else None

    def branch_of(self, member, day):
        facts = self.facts("member", member, day)
        return facts["_branch"] if facts else None

    def exempt(self, rule_id, kind, ref, day):
        """Is an exemption in force for the subject, or for a member's branch?"""
        subjects = [(kind, ref)]
        if kind == "member" and self.branch_of(ref, day):
            subjects.append(("branch", self.branch_of(ref, day)))
        return any(x["subject"] in subjects and x["from"] <= day <= x["until"]
                   and day < x["ended"] and ("*" in x["rules"] or rule_id in x["rules"])
                   for x in self.exemptions.values())


def branches_of(entry):
    """The branches of a meeting or training: `branch` and `with`, each once."""
    event = entry.event
    refs = [event["branch"]] if "branch" in event else []
    return list(dict.fromkeys(refs + event.get("with", [])))


def day_after(day):
    return day + timedelta(days=1)
