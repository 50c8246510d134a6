"""Is the history of a register entry a possible one? (ledger.md 2, Validity)

Each function below takes the events in effect that concern one entry, puts them
in the one order and looks for contradictions.  It returns a list of Violation;
the ledger decides from it what to tell the submitter.

Two readings run through all of it:
* what an event *mentions* has to be in force on the event's civil date, the first
  and the last day included;
* what an event *does* is judged in the one order, and what concerns two things at
  once at the end of the day.
"""
from collections import namedtuple
from datetime import date
from itertools import groupby

from events import CREATING, from_outside

#: entry: the event that is wrong; also: other codes one could defend.
Violation = namedtuple("Violation", "entry code field also", defaults=((),))
FOREVER = date.max


def field_of(entry, key):
    """The field by which an event names a register entry."""
    return next(field for kind, ref, field in entry.mentions if (kind, ref) == key)


def outside(entries, key, intervals, also=()):
    """Mentions on a civil date on which the entry is not in force."""
    return [Violation(e, "not_in_force", field_of(e, key), also) for e in entries
            if not any(first <= e.date <= last for first, last in intervals)]


def unknown(entries, key):
    return [Violation(e, "unknown_ref", field_of(e, key)) for e in entries]


def creators_of(entries, key):
    return [e for e in entries if key in e.creates]


def taken_twice(creators, key):
    return [Violation(e, "exists", key[0]) for e in creators[1:] or ()
            ] + ([Violation(creators[0], "exists", key[0])] if len(creators) > 1 else [])


def lifetime(entries, key, end_type):
    """([(first day, last day)], violations) of a unit or a branch."""
    creators = creators_of(entries, key)
    if not creators:
        return [], unknown(entries, key)
    wrong = taken_twice(creators, key)
    first = creators[0].date
    ends = [e for e in entries if e.type == end_type and e.event[key[0]] == key[1]]
    last = ends[0].date if ends else FOREVER
    wrong += [Violation(e, "impossible", key[0], ["not_in_force"])
              for e in ends[1:] if e.date == last]
    # what creates it and comes after its end mentions nothing: two histories in one
    wrong += [Violation(e, "impossible", key[0], ["not_in_force"])
              for e in creators[:1] if e.date > last]
    wrong += outside([e for e in entries if e not in creators[:1]], key, [(first, last)])
    return [(first, last)], wrong


def check_unit(entries, key):
    return lifetime(entries, key, "unit.closed")[1]


def check_branch(entries, key, ledger):
    """Also: no members at the end of the day on which it is dissolved, and letters
    are received by a branch in force."""
    spans, wrong = lifetime(entries, key, "branch.dissolved")
    if not spans:
        return wrong
    last = spans[0][1]
    if last != FOREVER:
        end = next(e for e in entries
                   if e.type == "branch.dissolved" and e.event["branch"] == key[1])
        if any(ledger.membership(member).branch_at_end_of(last) == key[1]
               for member in ledger.members_near(entries)):
            wrong.append(Violation(end, "impossible", "branch"))
    for entry in entries:
        if entry.type == "transfer.issued" and entry.event.get("to") == key[1]:
            letter = ledger.entries_of(("transfer", entry.event["transfer"]))
            wrong += [Violation(e, "not_in_force", "transfer", ["impossible"])
                      for e in letter if e.type == "transfer.received"
                      and not spans[0][0] <= e.date <= last]
    return wrong


class Membership:
    """The history of one member: a fold over its events and its letters."""

    def __init__(self, entries, key):
        self.key, self.wrong = key, []
        self.spans = []          # [first day, last day] of each membership
        self.days = []           # (date, branch at the end of that day or None)
        self.branch = None       # None: not a member now
        self.stage = self.away = None
        self.letters = {}        # transfer ref -> issued|received|receipted|ended
        self.opened = {}         # transfer ref -> its transfer.issued event
        self.admission = None
        for day, events in groupby(entries, key=lambda e: e.date):
            moved = None
            for entry in events:
                self.apply(entry)
                moved = entry if entry.type == "member.moved" else moved
                last = entry
            self.days.append((day, self.branch))
            open_letters = [t for t, state in self.letters.items() if state == "issued"]
            if len(open_letters) > 1:
                self.fail(last)
            if moved and open_letters:
                self.fail(moved)
        mentioning = [e for e in entries if any(key == m[:2] for m in e.mentions)]
        self.wrong += outside(mentioning, key, self.spans)

    def fail(self, entry, *also):
        self.wrong.append(Violation(entry, "impossible", self.key[0], also))

    def branch_at_end_of(self, day):
        branch = None
        for when, value in self.days:
            if when <= day:
                branch = value
        return branch

    def apply(self, entry):
        """One event, in the one order."""
        event, kind = entry.event, entry.type
        if self.key in entry.creates:
            self.admit(entry)
        elif kind == "transfer.issued":
            self.issue(entry)
        elif kind.startswith("transfer."):
            self.letter(entry)
        elif self.branch is None and kind.startswith("member."):
            # by the date it may yet be in force: reported by `outside` if not
            if self.spans and self.spans[-1][1] == entry.date:
                self.fail(entry, "not_in_force")
        elif kind == "member.moved":
            if event["branch"] == self.branch:
                self.fail(entry)
            self.branch = event["branch"]
        elif kind == "member.converted":
            if self.stage != "probationary":
                self.fail(entry)
            self.stage = "full"
        elif kind == "member.extended":
            if self.stage != "probationary":
                self.fail(entry)
        elif kind == "member.away":
            self.away = True
        elif kind == "member.returned":
            if not self.away:
                self.fail(entry)
            self.away = None
        elif kind == "member.left":
            self.gone(entry)
            for ref, state in self.letters.items():
                if state == "issued":        # "ends with it, as if cancelled"
                    self.letters[ref] = "ended"

    def admit(self, entry):
        """Admitted, or received from outside; twice at once is `exists`."""
        if self.branch is not None:
            self.wrong.append(Violation(entry, "exists", "member", ["impossible"]))
            self.wrong.append(Violation(self.admission, "exists", "member", ["impossible"]))
        else:
            self.spans.append([entry.date, FOREVER])
        self.admission = entry
        self.branch, self.stage = entry.event["branch"], entry.event["stage"]
        self.away = None
        if entry.type == "transfer.received":
            self.letters[entry.event["transfer"]] = "received"

    def gone(self, entry):
        self.branch = None
        self.spans[-1][1] = entry.date

    def issue(self, entry):
        if self.branch is not None and entry.event.get("to") == self.branch:
            self.fail(entry)
        self.letters[entry.event["transfer"]] = "issued"
        self.opened[entry.event["transfer"]] = entry

    def letter(self, entry):
        """transfer.received (here or outside), .receipted, .cancelled"""
        ref = entry.event["transfer"]
        state = self.letters.get(ref)
        wanted = "received" if entry.type == "transfer.receipted" else "issued"
        if state != wanted:
            # data: a letter that cannot be in this state is impossible, not not_in_force
            self.fail(entry, *(["not_in_force"] if state is None else []))
            return
        if entry.type == "transfer.received":
            self.letters[ref] = "received"
            self.away = None
            issue = self.opened[ref].event
            if self.branch is None:
                self.fail(entry, "not_in_force")
            elif "to" not in issue:
                self.gone(entry)
            elif issue["to"] == self.branch:
                self.fail(entry, "recorded")
            else:
                self.branch = issue["to"]
        else:
            self.letters[ref] = "receipted" if wanted == "received" else "ended"


def check_member(entries, key, ledger):
    if not any(key in e.creates for e in entries):
        return unknown([e for e in entries if key in [m[:2] for m in e.mentions]], key)
    return ledger.membership(key[1]).wrong


def check_transfer(entries, key):
    """Only the ref; what happens to the letter is part of its member's history."""
    creators = creators_of(entries, key)
    return taken_twice(creators, key) if creators else unknown(entries, key)


def check_alliance(entries, key):
    creators = creators_of(entries, key)
    if not creators:
        return unknown(entries, key)
    wrong = taken_twice(creators, key)
    wrong += outside(entries, key, [(creators[0].date, FOREVER)], ["impossible"])
    members = set()
    for entry in entries:
        event = entry.event
        if entry.type == "alliance.formed":
            members = {("branch", b) for b in event.get("branches", [])}
            members |= {("unit", u) for u in event.get("units", [])}
            continue
        side = next((kind, event[kind]) for kind in ("branch", "unit") if kind in event)
        joining = entry.type == "alliance.joined"
        if joining == (side in members):
            wrong.append(Violation(entry, "impossible", side[0]))
        (members.add if joining else members.discard)(side)
    return wrong


def check_exemption(entries, key):
    creators = creators_of(entries, key)
    if not creators:
        return unknown(entries, key)
    wrong = taken_twice(creators, key)
    wrong += outside(entries, key, [(creators[0].date, FOREVER)], ["impossible"])
    ends = [e for e in entries if e.type == "exemption.ended"]
    wrong += [Violation(e, "impossible", "exemption", ["not_in_force"]) for e in ends[1:]]
    return wrong


def check_office(entries, key):
    """Taken and left in turn, by the same person in the same body."""
    wrong, held = [], False
    for entry in entries:
        if held == (entry.type == "office.taken"):
            wrong.append(Violation(entry, "impossible", "office",
                                   ["not_in_force", "unknown_ref", "exists"]))
        held = entry.type == "office.taken"
    return wrong


def check(entries, key, ledger):
    """All violations in the history of one register entry."""
    kind = key[0]
    if kind == "branch":
        return check_branch(entries, key, ledger)
    if kind == "member":
        return check_member(entries, key, ledger)
    return {"unit": check_unit, "transfer": check_transfer, "alliance": check_alliance,
            "exemption": check_exemption, "office": check_office}[kind](entries, key)
