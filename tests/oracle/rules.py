"""evaluate(ledger, rules, D): the alerts open on the civil day D (rules.md).

A rule is a dict with the keys of the configuration: id, subject, kind, when,
levels and those of its kind.  Each of the four kinds has a function that returns
None or {level, since, due?, missed?}; what holds for all kinds is in `evaluate`.
"""
from bisect import bisect_right
from datetime import date, timedelta
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne

from dates import add, parse_date, periods
from world import World, branches_of

OPS = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


def holds(condition, facts):
    """One condition of `when`.  A fact without a value does not hold, whatever the
    op; `area` with `=` matches a prefix."""
    value = facts.get(condition["fact"])
    if value is None:
        return False
    if condition["fact"] == "area":
        prefix = value.startswith(condition["value"])
        return {"=": prefix, "!=": not prefix}[condition["op"]]
    return OPS[condition["op"]](value, condition["value"])


def matches(entry, kinds):
    """Is a meeting, training or contact of one of the kinds?"""
    if entry.type == "contact":
        return "contact" in kinds
    if "any" in kinds:
        return True
    if entry.type == "training":
        return "training" in kinds
    return any(kind in kinds for kind in entry.event["kinds"])


def level_of(levels, reached):
    """The level of the furthest threshold reached; thresholds in rising order."""
    found = None
    for threshold, level in sorted(levels, key=lambda pair: pair[0]):
        if reached(threshold):
            found = level
    return found


class Evaluation:
    """One question: these events, this day."""

    def __init__(self, world, day, tracking_since):
        self.world, self.day, self.tracking = world, day, tracking_since
        self.cache = {}

    # ---- common ground -----------------------------------------------------

    def when(self, rule):
        conditions = rule.get("when", ())
        return lambda facts: all(holds(c, facts) for c in conditions)

    def start(self, line):
        """The later of tracking_since and the first day the subject is in force."""
        return max(self.tracking, line.first_day())

    def anchor(self, rule, line):
        """First day of the present unbroken run of days in force on which `when`
        holds, not before start(subject)."""
        run = line.run_start(self.day, self.when(rule))
        return max(run, self.start(line))

    def activity(self, kind, ref, first=date.min, last=None):
        """Meetings, trainings and contacts of a subject dated first..last."""
        last = self.day if last is None else min(last, self.day)
        entries = self.world.activity[kind].get(ref, [])
        low = bisect_right([e.date for e in entries], first - timedelta(days=1)) \
            if first > date.min else 0
        return [e for e in entries[low:] if e.date <= last]

    def alert(self, rule, ref, line):
        """The open alert of a rule for a subject on the day, or None."""
        kind, facts = rule["subject"], line.on(self.day)
        if self.day < self.tracking or facts is None or not self.when(rule)(facts):
            return None
        if self.world.exempt(rule["id"], kind, ref, self.day):
            return None
        found = getattr(self, rule["kind"])(rule, ref, line)
        if not found or not found["level"]:
            return None
        return {"rule": rule["id"], "subject_type": kind, "subject": ref, **found}

    # ---- cadence -----------------------------------------------------------

    def cadence(self, rule, ref, line):
        """At least N per calendar period."""
        duties = []          # (last day, met) of the closed duty periods
        after = []           # all calendar periods after the latest of them
        for first, last in periods(self.start(line), self.day, rule["per"]):
            closed = self.day > add(last, rule.get("grace", "10d"))
            if closed and self.is_duty(rule, ref, line, first, last):
                duties.append((last, self.met(rule, ref, first, last)))
                after = []
            else:
                after.append((first, last))
        run = []
        for last, met in reversed(duties):
            if met:
                break
            run.append(last)
        if not run or any(self.met(rule, ref, *period) for period in after):
            return None
        level = level_of([(one["missed"], one["level"]) for one in rule["levels"]],
                         lambda threshold: len(run) >= threshold)
        since = add(run[-1], rule.get("grace", "10d")) + timedelta(days=1)
        return {"level": level, "missed": len(run), "since": since}

    def is_duty(self, rule, ref, line, first, last):
        """A duty period: begun after start, in force on every day; on the last day
        `when` holds and there is no exemption; with needs_rolls, names were kept."""
        if first < self.start(line) or not line.always(first, last, lambda facts: True):
            return False
        if not self.when(rule)(line.on(last)):
            return False
        if self.world.exempt(rule["id"], rule["subject"], ref, last):
            return False
        return not rule.get("needs_rolls") or \
            self.rolls_kept(rule, line.on(last)["_branch"], first, last)

    def rolls_kept(self, rule, branch, first, last):
        """Some event of the kinds names somebody of the branch, and no event of the
        kinds by the branch or with it lacks a `present` list."""
        key = (branch, first, last, tuple(rule["kinds"]))
        if key not in self.cache:
            events = [e for e in self.world.events if first <= e.date <= min(last, self.day)
                      and matches(e, rule["kinds"])]
            named = any(self.world.branch_of(member, e.date) == branch
                        for e in events for member in e.event.get("present", []))
            lacking = any("present" not in e.event and branch in branches_of(e)
                          for e in events)
            self.cache[key] = named and not lacking
        return self.cache[key]

    def met(self, rule, ref, first, last):
        """c(P) >= at_least"""
        events = [e for e in self.activity(rule["subject"], ref, first, last)
                  if e.type != "contact" and matches(e, rule["kinds"])]
        if rule.get("measure", "count") == "hours":
            total = sum(Decimal(str(e.event["hours"])) for e in events
                        if e.type == "training")
        else:
            total = len(events)
        return total >= Decimal(str(rule.get("at_least", 1)))

    # ---- silence -----------------------------------------------------------

    def silence(self, rule, ref, line):
        """Nothing for too long."""
        base = self.anchor(rule, line)
        events = [e for e in self.activity(rule["subject"], ref)
                  if matches(e, rule["kinds"])]
        if events:
            base = max(base, events[-1].date)
        found = self.by_after(rule, base)
        needed = rule.get("needs_rolls", 0)
        if needed and found:
            branch = line.on(self.day)["_branch"]
            rolls = [e for e in self.activity("branch", branch, base + timedelta(days=1))
                     if is_roll(e, branch)]
            if len(rolls) < needed:
                return None
            found["since"] = max(found["since"], rolls[needed - 1].date)
        return found

    def by_after(self, rule, base):
        """Level and since of the kinds with thresholds `after`."""
        levels = [(add(base, one["after"]), one["level"]) for one in rule["levels"]]
        return {"level": level_of(levels, lambda when: self.day >= when),
                "since": min(when for when, _ in levels)}

    # ---- expiry ------------------------------------------------------------

    def expiry(self, rule, ref, line):
        """A date comes and passes."""
        when = line.on(self.day)["_" + rule["date"]]
        if when is None:
            return None
        due = add(when, rule.get("plus", "0d"))
        levels = [(add(due, one["from"]), one["level"]) for one in rule["levels"]]
        since = max(min(start for start, _ in levels), line.first_day())
        return {"level": level_of(levels, lambda start: self.day >= start),
                "due": due, "since": since}

    # ---- state -------------------------------------------------------------

    def state(self, rule, ref, line):
        """A condition lasts."""
        return self.by_after(rule, self.anchor(rule, line))


def is_roll(entry, branch):
    """rules.md 2, silence: held by the branch itself, with names, and not a meeting
    of the committee or of groups alone."""
    event = entry.event
    if event.get("branch") != branch or not event.get("present"):
        return False
    return entry.type == "training" or \
        bool(set(event["kinds"]) - {"committee_meeting", "group_meeting"})


def evaluate(ledger, rules, day, known_seq=None, tracking_since="2022-01-01", world=None):
    """The alerts open on the civil day, in the order (rule, subject_type, subject).

    world: one built before from the same events, to ask about several days.
    """
    day = parse_date(day) if isinstance(day, str) else day
    if isinstance(tracking_since, str):
        tracking_since = parse_date(tracking_since)
    world = world or World(ledger.in_effect(known_seq))
    question = Evaluation(world, day, tracking_since)
    alerts = []
    for rule in rules:
        for ref, line in world.timelines[rule["subject"]].items():
            alert = question.alert(rule, ref, line)
            if alert:
                for field in ("due", "since"):
                    if field in alert:
                        alert[field] = alert[field].isoformat()
                alerts.append(alert)
    return sorted(alerts, key=lambda a: (a["rule"], a["subject_type"], a["subject"]))
