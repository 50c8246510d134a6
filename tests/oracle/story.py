"""Random but valid histories: the people, places and meetings of a few branches.

A Story offers events to a Ledger, which keeps the possible ones.  Days on which
the text allows two readings (`contested`) are taken back, so that a difference
between two implementations on a generated history is a defect in one of them.
"""
import uuid
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from history import FOREVER, lifetime
from ledger import Ledger
from packs import TWO_NEW

START, END = date(2021, 6, 1), date(2023, 3, 31)
TODAY = date(2024, 3, 31)
TIMES = [(0, 0, 0), (9, 0, 0), (9, 30, 0), (15, 0, 0), (15, 0, 0.5), (19, 30, 0),
         (23, 59, 59)]
OFFSETS = [0, 480, 480, 480, -300, 330]
NAMES = "韩欣庆 崔晨 任兰勇 雷生娟 万嘉波 谭子秀 潘春娟 Zoé-Łukasz سامي 阳嘉霞".split()
AREAS = ["450312001", "450312002", "450312101", "4503", "46"]


def contested(ledger, entry):
    """Does the event make a day about which the text can be read in two ways?"""
    corrected = ledger.by_id.get(entry.event.get("event") or entry.event.get("replaces"))
    keys = set(entry.keys + (corrected.keys if corrected else []))
    for key in [key for key in keys if key[0] == "transfer"]:
        keys |= {k for e in ledger.log if key in e.creates for k in e.keys}
    members = sorted(ref for kind, ref in keys if kind == "member")
    return any(_contested_member(ledger, member) for member in members)


def _contested_member(ledger, member):
    mine = list(ledger.entries_of(("member", member)))
    spans = len({id(e) for e in mine if ("member", member) in e.creates})
    if spans > 1 and any(e.type == "member.extended" for e in mine):
        return True          # does an extension outlive a membership?
    if any(e.type == "member.extended" for e in mine) and any(
            e.type == "transfer.received" and "admitted_on" not in e.event for e in mine):
        return True          # is there then a date?
    for entry in list(mine):
        for key in entry.creates:
            if key[0] == "transfer":
                mine += [e for e in ledger.entries_of(key) if e not in mine]
    by_day = {}
    for entry in mine:
        if entry.type.startswith(("member.", "transfer.")):
            by_day.setdefault(entry.date, []).append(entry)
    return any(_contested_day(events) for events in by_day.values() if len(events) > 1)


def _contested_day(events):
    types = [e.type for e in events]
    letters = {e.event.get("transfer") for e in events} - {None}
    ways_out = {"transfer.received", "member.left"} & set(types)
    if "transfer.cancelled" in types and "member.left" in types:
        return True          # which of the two ended the letter?
    if "transfer.issued" in types and (
            "member.moved" in types or "member.admitted" in types
            or ("transfer.received" in types and len(letters) > 1)):
        return True          # from which branch does the letter go?
    if "transfer.received" in types and len(set(types)) > 1 and not set(types) <= {
            "transfer.received", "transfer.issued", "transfer.receipted"}:
        return True          # before or after it changed the branch or left?
    return len(ways_out) > 1 or types.count("transfer.received") > 1


class Story:
    """The history so far, and what can be asked about it."""

    def __init__(self, rng, zone="Asia/Shanghai"):
        self.rng, self.zone = rng, zone
        self.ledger = Ledger(zone, TODAY)
        self.numbers = {}
        self.now = START

    # ---- small things ------------------------------------------------------

    def chance(self, probability):
        return self.rng.random() < probability

    def new_ref(self, kind):
        self.numbers[kind] = self.numbers.get(kind, 0) + 1
        number = self.numbers[kind]
        form = {"unit": "U%04d", "branch": "B-%03d", "member": "%05d", "transfer": "T-%03d",
                "alliance": "联盟.%d", "exemption": "X-%d"}[kind]
        return form % number

    def new_id(self):
        """Mostly UUIDs in the order of time, now and then one that is not."""
        if self.chance(0.3):
            return str(uuid.UUID(int=self.rng.getrandbits(128), version=4))
        stamp = int(datetime(self.now.year, self.now.month, self.now.day,
                             tzinfo=timezone.utc).timestamp() * 1000)
        stamp += self.rng.randrange(86_400_000)
        bits = (stamp << 80) | self.rng.getrandbits(80)
        bits = bits & ~(0xf << 76) | (0x7 << 76)
        bits = bits & ~(0x3 << 62) | (0x2 << 62)
        return str(uuid.UUID(int=bits))

    def at(self, day):
        """`at` for a civil date: the bare date, or a time in some offset."""
        if self.chance(0.6):
            return day.isoformat()
        hour, minute, second = self.rng.choice(TIMES)
        local = datetime(day.year, day.month, day.day, hour, minute, int(second),
                         500000 if second % 1 else 0, ZoneInfo(self.zone))
        moment = local.astimezone(timezone(timedelta(minutes=self.rng.choice(OFFSETS))))
        text = moment.isoformat()
        return text.replace("+00:00", "Z") if self.chance(0.5) else text

    def day(self):
        """A day not long ago, or, for late entries, long ago."""
        lag = self.rng.choice([0, 0, 0, 0, 1, 3, 10, 30, 60, self.rng.randrange(400)])
        return max(START, self.now - timedelta(days=lag))

    def some(self, items, low=1, high=3):
        items = list(items)
        return self.rng.sample(items, min(len(items), self.rng.randint(low, high)))

    # ---- what is in force --------------------------------------------------

    def refs(self, kind):
        return sorted({k[1] for k, entries in self.ledger.index.items()
                       if k[0] == kind and any(k in e.creates for e in entries)})

    def _alive(self, kind, end_type, day):
        found = []
        for ref in self.refs(kind):
            spans, _ = lifetime(self.ledger.entries_of((kind, ref)), (kind, ref), end_type)
            if spans and spans[0][0] <= day and (day < spans[0][1] or spans[0][1] == FOREVER):
                found.append(ref)
        return found

    def units(self, day):
        return self._alive("unit", "unit.closed", day)

    def branches(self, day):
        return self._alive("branch", "branch.dissolved", day)

    def branch_of(self, member, day):
        return self.ledger.membership(member).branch_at_end_of(day)

    def members(self, day, branch=None):
        """Members at the end of a day, of one branch or of all."""
        found = []
        for ref in self.refs("member"):
            home = self.branch_of(ref, day)
            if home and (branch is None or home == branch):
                found.append(ref)
        return found

    def letters(self, *states):
        """(letter, its issue, member) for letters now in one of the states."""
        found = []
        for ref in self.refs("member"):
            membership = self.ledger.membership(ref)
            found += [(letter, membership.opened.get(letter), ref)
                      for letter, state in membership.letters.items() if state in states]
        return sorted(found, key=lambda one: one[0])

    def recorded(self, kind=None):
        """Events in effect, of one type or of all but voids."""
        return [e for e in self.ledger.log if e.out_since is None
                and e.type != "event.voided" and (kind is None or e.type == kind)]

    # ---- offering ----------------------------------------------------------

    def offer(self, kind, day, **fields):
        """Submit an event; -> is it recorded, and beyond dispute?"""
        event = {"id": self.new_id(), "type": kind, "at": self.at(day)}
        event.update({key.rstrip("_"): v for key, v in fields.items() if v is not None})
        return self.submit(event)

    def submit(self, event):
        verdict = self.ledger.submit(event)
        if verdict["status"] != "recorded":
            return False
        if contested(self.ledger, self.ledger.log[-1]):
            self.ledger.undo()
            return False
        return True

    # ---- the beginning -----------------------------------------------------

    def begin(self, branches):
        """Units, branches of 5 to 12 members and what goes with them."""
        rng = self.rng
        for _ in range(2 * branches):
            self.unit_registered(date(2015, 1, 1) + timedelta(days=rng.randrange(2300)))
        for _ in range(branches):
            founded = date(2018, 1, 1) + timedelta(days=rng.randrange(1400))
            self.branch_founded(founded, started=self.chance(0.8))
            branch = self.refs("branch")[-1]
            for number in range(rng.randint(5, 12)):
                self.member_admitted(founded + timedelta(days=rng.choice([0, 0, 40, 900])),
                                     branch=branch, old=number > 0)

    def unit_registered(self, day):
        rng = self.rng
        self.offer("unit.registered", day, unit=self.new_ref("unit"), name=rng.choice(NAMES),
                   sector=rng.choice(["enterprise", "association"]),
                   area=rng.choice(AREAS + [None]), staff=rng.choice([None, 0, 5, 12, 130]),
                   eligible=rng.choice([None, True, False]),
                   above_scale=rng.choice([None, True, False]))

    def branch_founded(self, day, started=False):
        rng = self.rng
        self.offer("branch.founded", day, branch=self.new_ref("branch"),
                   name=rng.choice(NAMES), sector=rng.choice(["enterprise", "association"]),
                   form=rng.choice(["own", "own", "joint", "mobile", "general"]),
                   area=rng.choice(AREAS + [None]),
                   units=self.some(self.units(day), 1, 3),
                   committee=rng.choice([None, True, False]),
                   groups=rng.choice([None, 0, 2]),
                   term_started=(day + timedelta(days=rng.randrange(900))).isoformat()
                   if started else None,
                   term_years=rng.choice([None, 1, 2, 3]))

    def member_admitted(self, day, branch=None, old=False, member=None):
        rng = self.rng
        branch = branch or rng.choice(self.branches(day) or [None])
        if not branch:
            return
        stage = "full" if old and self.chance(0.85) else rng.choice(["probationary", "full"])
        before = day - timedelta(days=rng.randrange(1, 700))
        self.offer("member.admitted", day, member=member or self.new_ref("member"),
                   name=rng.choice(NAMES), branch=branch, stage=stage, new=not old,
                   unit=rng.choice([None] + self.units(day)[:4]),
                   role=rng.choice([None, "none", "none", "officer", "secretary"]),
                   admitted_on=before.isoformat() if self.chance(0.3) else None)

    # ---- corrections -------------------------------------------------------

    def void(self):
        recent = self.recorded()[-150:]
        target = self.rng.choice(recent)
        day = self.day() if self.chance(0.8) else date(2021, 6, 1)
        return self.offer("event.voided", day, event=target.id, reason="重复录入")

    def replace(self):
        """Record an event anew with another date, or other fields."""
        entries = self.recorded()
        chains = [e for e in entries if "replaces" in e.event]
        target = self.rng.choice(chains if chains and self.chance(0.35) else entries[-200:])
        event = target.sent()
        event.update(id=self.new_id(), replaces=target.id)
        for _ in range(self.rng.randint(1, 2)):
            self.mutate(event, target)
        return self.submit(event)

    def mutate(self, event, target):
        """Change one thing: the date, a list, a branch, a member, the ref."""
        rng, day = self.rng, target.date
        change = rng.choice(["date", "date", "present", "branch", "member", "kinds", "ref",
                             "value"])
        if change == "date":
            moved = day + timedelta(days=rng.choice([-40, -7, -1, 0, 1, 5, 31]))
            event["at"] = self.at(min(moved, END))
        elif change == "present" and "present" in event:
            others = self.members(day)
            event["present"] = list(dict.fromkeys(event["present"][1:] + self.some(others)))
            event.pop("present_count", None)
            event.pop("absent", None)
        elif change == "branch" and "branch" in event and event["type"] != "branch.founded":
            event["branch"] = rng.choice(self.branches(day) or [event["branch"]])
            event.pop("with", None)
        elif change == "member" and "member" in event and "name" not in event:
            event["member"] = rng.choice(self.members(day) or [event["member"]])
        elif change == "kinds" and "kinds" in event:
            event["kinds"] = self.some(KINDS, 1, 2)
        elif change == "ref" and target.creates and target.creates[0][0] != "member":
            kind = target.creates[0][0]
            event[kind] = self.new_ref(kind)
        elif change == "value":
            for field, values in VALUES.items():
                if field in event:
                    event[field] = rng.choice(values)


KINDS = ("general_meeting committee_meeting group_meeting lecture theme_day life_meeting "
         "annual_review talk service forum other").split()
VALUES = {"hours": [1, 2.5, 7.25, 16, 32], "stars": [0, 1, 3, 5], "committee": [True, False],
          "stage": ["full", "probationary"], "role": ["none", "officer", "secretary"],
          "fixed": [True, False], "staff": [0, 3, 500], "valid_days": [1, 30, 366],
          "term_years": [1, 2, 5], "groups": [0, 3]}
RULE_IDS = [rule["id"] for rule in TWO_NEW]
