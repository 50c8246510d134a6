"""Random submissions that a complete ledger must refuse, each with its code.

Some are valid events with one thing spoilt, some contradict the history.  The
code is what the oracle says; where the text leaves more than one code open the
others are listed too.  A submission that one could also record is left out.
"""
import copy
from datetime import date, timedelta

from history import FOREVER
from story import TODAY

SPOILT = [("present_count", -1), ("present_count", 1.5), ("present_count", "7"),
          ("hours", 0), ("hours", 1000.01), ("hours", 0.125), ("stars", 6), ("stars", True),
          ("branch", ""), ("branch", "a b"), ("branch", "x" * 65), ("member", "e\u0301"),
          ("kinds", []), ("kinds", ["theme_day", "theme_day"]), ("kinds", ["training"]),
          ("title", 5), ("title", "\u0001"), ("title", "长" * 1366), ("name", ""),
          ("present", "00001"), ("present", ["00001", "00001"]), ("fixed", "yes"),
          ("form", "Own"), ("sector", None), ("valid_days", 367), ("term_years", 0),
          ("until", "2022-13-01"), ("reason", ["x"]), ("channel", "fax"), ("extra", []),
          ("at", "2022-06-31"), ("at", "2022-6-1"), ("at", "2022-06-01T10:00:00"),
          ("at", "2022-06-01T24:00:00Z"), ("id", "0185A000-0000-7000-8000-000000000001"),
          ("id", "x"), ("replaces", "x"), ("rules", []), ("committee", 1), ("units", [""])]


class Refusals:
    """A maker of refused events for one story."""

    def __init__(self, story):
        self.story, self.rng, self.ledger = story, story.rng, story.ledger
        self.found, self.codes = [], {}

    def attempt(self, event, limit=12):
        """Keep the event if it is refused, and its code is not seen too often."""
        verdict = self.ledger.submit(event)
        if verdict["status"] == "recorded":
            self.ledger.undo()
        if verdict["status"] != "refused" or "recorded" in verdict.get("also", []):
            return False
        code = verdict["code"]
        if self.codes.get(code, 0) >= limit:
            return False
        self.codes[code] = self.codes.get(code, 0) + 1
        case = {"why": code, "event": event}
        if verdict.get("also"):
            case["or"] = verdict["also"]
        self.found.append(case)
        return True

    def sample(self, kind=None, without=()):
        """A copy of a valid event, with an id of its own."""
        entries = [e for e in self.story.recorded(kind) if e.type not in without]
        if not entries:
            return None, None
        entry = self.rng.choice(entries)
        event = copy.deepcopy(entry.sent())
        event.pop("replaces", None)
        event["id"] = self.story.new_id()
        return entry, event

    def new(self, kind, day, **fields):
        event = {"id": self.story.new_id(), "type": kind, "at": self.story.at(day)}
        event.update(fields)
        return event

    # ---- one event by itself ----------------------------------------------

    def alone(self):
        rng = self.rng
        for wrong in range(14):
            _, event = self.sample()
            if wrong == 0:
                event["type"] = rng.choice(["meetings", "member", "branch.found", ""])
            elif wrong == 1:
                event[rng.choice(["colour", "At", "branchs"])] = 1
            elif wrong == 2:
                del event[rng.choice(["at", "id", "type"])]
            elif wrong == 3:
                event["extra"] = {"note": "z" * 65536}
            elif wrong == 4:
                event["at"] = (TODAY + timedelta(days=1)).isoformat() + "T00:00:00+08:00"
            elif wrong == 5:
                event["at"] = TODAY.isoformat() + "T16:00:00Z"
            elif wrong == 6:
                event["at"] = "1899-12-31T23:59:59+08:00"
            else:
                field, value = rng.choice([s for s in SPOILT if s[0] in event])
                event[field] = value
            self.attempt(event, limit=8)
        for entry in rng.sample(self.story.recorded(), 2):      # same id, other content
            event = dict(entry.sent(), extra={"again": rng.random()})
            self.attempt(event)

    # ---- refs ---------------------------------------------------------------

    def refs(self):
        rng, story = self.rng, self.story
        for kind, field in (("meeting", "branch"), ("contact", "member"),
                            ("transfer.received", "transfer"), ("unit.changed", "unit"),
                            ("exemption.ended", "exemption"), ("member.moved", "branch")):
            _, event = self.sample(kind)
            if event and field in event:
                event[field] = "nobody-%d" % rng.randrange(99)
                self.attempt(event, limit=6)
        self.attempt(self.new("event.voided", TODAY, event=story.new_id(), reason="x"))
        _, event = self.sample("meeting")
        event["replaces"] = story.new_id()
        self.attempt(event)
        for kind in ("unit.registered", "branch.founded", "transfer.issued",
                     "exemption.granted", "member.admitted"):
            _, event = self.sample(kind)
            if event:
                self.attempt(event, limit=6)

    # ---- not in force -------------------------------------------------------

    def dates(self):
        """Valid events moved to before the beginning or after the end."""
        rng = self.rng
        for kind in ("meeting", "meeting", "branch.changed", "contact", "member.away",
                     "member.changed", "unit.changed", "branch.rated", "transfer.issued"):
            _, event = self.sample(kind)
            if event:
                event["at"] = self.story.at(date(2010, 1, 1) + timedelta(days=rng.randrange(900)))
                self.attempt(event)
        for kind, end in (("branch", "branch.dissolved"), ("unit", "unit.closed"),
                          ("member", "member.left")):
            for entry in self.story.recorded(end)[:2]:
                day = entry.date + timedelta(days=1)
                ref = entry.event[kind]
                if kind == "branch":
                    event = self.new("meeting", day, branch=ref, kinds=["talk"])
                elif kind == "unit":
                    event = self.new("unit.changed", day, unit=ref, staff=3)
                else:
                    event = self.new("contact", day, member=ref, channel="phone")
                self.attempt(event)

    # ---- impossible ---------------------------------------------------------

    def contradictions(self):
        rng, story, ledger = self.rng, self.story, self.ledger
        for entry in ledger.log:             # out of effect already, or a void itself
            if entry.out_since and rng.random() < 0.2:
                self.attempt(self.new("event.voided", TODAY, event=entry.id, reason="x"), 5)
                again = dict(entry.sent(), id=story.new_id(), replaces=entry.id)
                self.attempt(again, 5)
            elif entry.type == "event.voided" and rng.random() < 0.2:
                self.attempt(self.new("event.voided", TODAY, event=entry.id, reason="x"), 5)
        for entry in rng.sample(story.recorded(), 30):       # pulls the ground away
            self.attempt(self.new("event.voided", TODAY, event=entry.id, reason="x"), 9)
        for kind in ("branch.founded", "unit.registered", "member.admitted",
                     "transfer.issued", "member.left"):      # the same, by another date
            entry, event = self.sample(kind)
            if event:
                moved = min(entry.date + timedelta(days=rng.choice([-900, 400])), TODAY)
                event.update(at=moved.isoformat(), replaces=entry.id)
                self.attempt(event, 15)
        self.states()

    def states(self):
        """What the state of a member, a letter, a branch or an office forbids."""
        rng, story, day = self.rng, self.story, TODAY
        waiting = story.letters("issued")
        for letter, issue, member in rng.sample(waiting, min(2, len(waiting))):
            other = rng.choice(story.branches(day))
            self.attempt(self.new("transfer.issued", day, transfer="T-second", member=member,
                                  to_name="外地"), 30)
            self.attempt(self.new("member.moved", day, member=member, branch=other), 30)
            self.attempt(self.new("transfer.receipted", day, transfer=letter), 30)
            self.attempt(self.new("transfer.received", issue.date - timedelta(days=1),
                                  transfer=letter), 30)
        for letter, _, _ in story.letters("received", "receipted", "ended")[:4]:
            self.attempt(self.new("transfer.received", day, transfer=letter), 30)
            self.attempt(self.new("transfer.cancelled", day, transfer=letter), 30)
        branch = rng.choice(story.branches(day))
        self.attempt(self.new("branch.dissolved", day, branch=branch, reason="other"), 30)
        for member in rng.sample(story.members(day), 4):
            home = story.branch_of(member, day)
            last = story.ledger.membership(member)
            if last.stage == "full":
                self.attempt(self.new("member.converted", day, member=member), 30)
            if not last.away:
                self.attempt(self.new("member.returned", day, member=member), 30)
            self.attempt(self.new("member.moved", day, member=member, branch=home), 30)
            if "issued" not in last.letters.values():
                self.attempt(self.new("transfer.issued", day, transfer="T-own",
                                      member=member, to=home), 30)
        for member in story.refs("member"):                  # leaves before it was last seen
            first, end = story.ledger.membership(member).spans[-1]
            if end == FOREVER and rng.random() < 0.1:
                self.attempt(self.new("member.left", first + timedelta(days=20),
                                      member=member, reason="other"), 30)


def make(story):
    """About 70 refused events, every code among them, in a random order."""
    maker = Refusals(story)
    maker.alone()
    maker.refs()
    maker.dates()
    maker.contradictions()
    story.rng.shuffle(maker.found)
    return maker.found
