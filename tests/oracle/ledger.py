"""The ledger: submissions, identity, corrections (ledger.md sections 1, 2 and 4).

A submission is added tentatively; the histories of all register entries that it
touches are folded anew, in the one order; if one is not possible the submission
is taken out again and refused.
"""
import json
from bisect import insort
from datetime import date

import history
from events import Refused, canonical, check, creates, mentions, parse, rank
from dates import parse_date


class Entry:
    """A recorded event."""

    def __init__(self, event, day, time, seq):
        self.event, self.date, self.time, self.seq = event, day, time, seq
        self.id, self.type = event["id"], event["type"]
        self.mentions, self.creates = mentions(event), creates(event)
        self.keys = list(dict.fromkeys(m[:2] for m in self.mentions))
        self.content = None
        self.out_since = None    # seq of the event that voided or replaced it
        self.place(event["id"])

    def place(self, order_id):
        """The place in the one order (ledger.md 1); a replacement takes the id of
        the first event of its chain."""
        self.order_id = order_id
        self.order = (self.date, rank(self.event), self.time, order_id)

    def sent(self):
        """The event as submitted, without what the daemon wrote into it."""
        given = {key for key, _ in self.content[1]}
        return {key: value for key, value in self.event.items() if key in given}

    def __lt__(self, other):
        return self.order < other.order


class Ledger:
    """An append-only ledger of events, in memory."""

    def __init__(self, zone="Asia/Shanghai", today=date.max, transfer_valid_days=90):
        self.zone, self.transfer_valid_days = zone, transfer_valid_days
        self.today = parse_date(today) if isinstance(today, str) else today
        self.by_id = {}
        self.log = []            # all entries, in the order recorded
        self.index = {}          # register entry -> entries in effect, in the one order
        self._memberships = {}

    # ---- reading -----------------------------------------------------------

    def in_effect(self, known_seq=None):
        """Events neither voided nor replaced, in the one order; as known when the
        event number known_seq was the newest (ledger.md 1, as known on)."""
        limit = known_seq if known_seq is not None else len(self.log)
        return sorted(e for e in self.log if e.seq <= limit and e.type != "event.voided"
                      and (e.out_since is None or e.out_since > limit))

    def entries_of(self, key):
        return self.index.get(key, [])

    def membership(self, member):
        """The folded history of a member, remembered until it is touched."""
        if member not in self._memberships:
            key = ("member", member)
            mine = list(self.entries_of(key))
            for entry in list(mine):
                for kind, letter in entry.creates:
                    if kind == "transfer":
                        mine += [e for e in self.entries_of((kind, letter))
                                 if e not in mine]
            self._memberships[member] = history.Membership(sorted(mine), key)
        return self._memberships[member]

    @staticmethod
    def members_near(entries):
        """Members that some of the events may bring into a branch."""
        return {e.event["member"] for e in entries if "member" in e.event}

    # ---- writing -----------------------------------------------------------

    def submit(self, submission):
        """Record an event (a dict, or the text as sent); -> verdict."""
        raw = submission if isinstance(submission, str) else \
            json.dumps(submission, ensure_ascii=False, default=float)
        event_id = None
        try:
            size = len(raw.encode("utf-8", "surrogatepass"))
            event = parse(raw)
            event_id = event.get("id")
            event, day, time = check(event, size, self.today, self.zone)
            known = self.by_id.get(event["id"])
            if known:
                if known.content != canonical(event):
                    raise Refused("id_conflict", "id")
                return {"id": event_id, "status": "duplicate", "seq": known.seq}
            entry = self._record(event, day, time)
            return {"id": event_id, "status": "recorded", "seq": entry.seq}
        except Refused as refusal:
            verdict = {"id": event_id, "status": "refused", "code": refusal.code}
            if refusal.field:
                verdict["field"] = refusal.field
            if refusal.also:
                verdict["also"] = sorted(set(refusal.also) - {refusal.code})
            return verdict

    def _record(self, event, day, time):
        entry = Entry(event, day, time, len(self.log) + 1)
        entry.content = canonical(event)
        if event["type"] == "transfer.issued" and "valid_days" not in event:
            # "the daemon writes transfer_valid_days into the event where absent"
            entry.event = dict(event, valid_days=self.transfer_valid_days)
        if event["type"] == "alert.acknowledged" and "word" in event:
            raise Refused("invalid_value", "word")  # made by the daemon, with a key that nobody else has
        target, problem = self._target(entry)
        self._judge(entry, target, problem)
        if target:
            target.out_since = entry.seq
        self.log.append(entry)
        self.by_id[entry.id] = entry
        return entry

    def _target(self, entry):
        """The event that a void or a replacement takes out of effect, and the
        violation if it cannot (ledger.md 2, Correction)."""
        field = "event" if entry.type == "event.voided" else "replaces"
        if entry.type == "event.voided" and "replaces" in entry.event:
            if entry.event["event"] not in self.by_id:
                raise Refused("unknown_ref", "event")
            if entry.event["replaces"] not in self.by_id:
                raise Refused("unknown_ref", "replaces")
            return None, Refused("impossible", "replaces", ["invalid_value"])
        if field not in entry.event:
            return None, None
        target = self.by_id.get(entry.event[field])
        if target is None:
            raise Refused("unknown_ref", field)
        if target.type == "event.voided" or target.out_since:
            # may also be a type mismatch
            return None, Refused("impossible", field)
        if field == "replaces":
            if target.type != entry.type:
                return None, Refused("impossible", field, ["invalid_value", "unknown_ref"])
            entry.place(target.order_id)
        return target, None

    def undo(self):
        """Forget the newest event, as if never submitted.  No ledger can do this; it
        is for the generator, which takes back what the text leaves open."""
        entry = self.log.pop()
        del self.by_id[entry.id]
        target = next((e for e in self.log if e.out_since == entry.seq), None)
        if entry.type != "event.voided":
            self._take(entry)
        if target:
            target.out_since = None
            self._put(target)
        self._memberships.clear()

    def _put(self, entry):
        for key in entry.keys:
            insort(self.index.setdefault(key, []), entry)

    def _take(self, entry):
        for key in entry.keys:
            self.index[key].remove(entry)

    def _touched(self, entries):
        """Register entries whose history may change: those named, the members whose
        letters are named, and the branches to which these letters lead."""
        keys = {key for e in entries for key in e.keys}
        letters = {key for key in keys if key[0] == "transfer"}
        for letter in letters:
            for e in self.entries_of(letter) + entries:
                if letter in e.creates:
                    keys |= set(e.keys)
        # a member's way in or out matters to branches it was near
        for kind, member in [key for key in keys if key[0] == "member"]:
            if any(e.type.startswith(("member.", "transfer.")) for e in entries):
                for e in self.entries_of((kind, member)):
                    keys |= {key for key in e.keys if key[0] == "branch"}
        return keys

    def _judge(self, entry, target, problem):
        """Put the event in and fold again all it touches; take it out if refused."""
        changed = [e for e in (entry, target) if e]
        if target:
            self._take(target)
        if entry.type != "event.voided":
            self._put(entry)
        keys = self._touched(changed)
        self._forget(keys)
        wrong = [v for key in sorted(keys, key=str)
                 for v in history.check(self.entries_of(key), key, self)]
        refusal = self._first(entry, wrong, problem)
        if refusal:
            if entry.type != "event.voided":
                self._take(entry)
            if target:
                self._put(target)
            self._forget(keys)
            raise refusal

    def _forget(self, keys):
        for kind, ref in keys:
            if kind == "member":
                self._memberships.pop(ref, None)

    @staticmethod
    def _first(entry, wrong, problem):
        """The first code that applies, in the order of ledger.md 5: about this event
        itself unknown_ref, exists, not_in_force; all else is impossible."""
        for code in ("unknown_ref", "exists", "not_in_force"):
            mine = [v for v in wrong if v.entry is entry and v.code == code]
            if mine:
                also = [word for v in mine for word in v.also]
                also += [problem.code] if problem else []
                return Refused(code, mine[0].field, also)
        if problem:
            return problem
        if wrong:
            also = [word for v in wrong if v.entry is entry for word in v.also]
            mine = [v.field for v in wrong if v.entry is entry]
            return Refused("impossible", mine[0] if mine else None, also)
        return None
