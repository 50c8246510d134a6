"""docs/schema against the daemon: what fits events.json is no malformed event for it, what does not fit is one; and every
reply fits replies.json, of which no member goes unseen. MUSTER_ROUNDS sets how many events of each type are made up."""

import copy
import functools
import json
import os
import random
import unicodedata
import unittest

import jsonschema

import harness
from harness import Daemon, event

SCHEMA = harness.SOURCE / "docs" / "schema"
EVENTS = json.loads((SCHEMA / "events.json").read_text(encoding="utf-8"))
REPLIES = json.loads((SCHEMA / "replies.json").read_text(encoding="utf-8"))
SMALL = harness.SOURCE / "tests" / "data" / "small-1"
ROUNDS = int(os.environ.get("MUSTER_ROUNDS", "6"))
SEED = int(os.environ.get("MUSTER_SEED", random.SystemRandom().randrange(1 << 32)))

#: What the event alone decides. Any other refusal is about the ledger, of which the schema knows nothing.
FORM = {"too_large", "unknown_type", "unknown_field", "missing_field", "invalid_value", "malformed"}
TYPES = EVENTS["$defs"]["event"]["properties"]["type"]["enum"]
DATES = jsonschema.FormatChecker(["date"])


@functools.cache
def validator(document, name):
    schema = {"$ref": f"#/$defs/{name}", "$defs": (EVENTS if document == "events" else REPLIES)["$defs"]}
    return jsonschema.Draft202012Validator(schema, format_checker=DATES)


def fits(made):
    name = made.get("type") if isinstance(made, dict) else None
    return name in TYPES and validator("events", name).is_valid(made)


class Maker:
    """Events made up from the schema itself, and spoilt ones."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def value(self, schema):
        if "$ref" in schema:
            name = schema["$ref"].rsplit("/", 1)[1]
            special = getattr(self, f"make_{name}", None)
            made = special() if special else self.value(EVENTS["$defs"][name])
            return [self.make_ref()] if schema.get("minItems") and not made else made
        if "enum" in schema:
            return self.random.choice(schema["enum"])
        if "const" in schema:
            return schema["const"]
        return {"boolean": lambda: self.random.random() < 0.5,
                "integer": lambda: self.random.randint(schema["minimum"], min(schema.get("maximum", 9999), 9999)),
                "number": lambda: self.random.choice([0, 1, -2.5, 99.25, 1e3]),
                "array": lambda: [self.value(schema["items"])],
                "object": dict}[schema["type"]]()

    def make_ref(self):
        return self.random.choice(["M1", "B-1", "支部_7", "a.b", "é", "0", "x" * 64])

    def make_text(self):
        return self.random.choice(["", "words", "早上好\n\t第二行", "<b>&amp;</b>", "🙂", "x" * 4000, "null"])

    def make_name(self):
        return self.make_text() or "名"

    def make_uuid(self):
        return harness.new_id()

    def make_day(self):
        return f"{self.random.randint(1990, 2022)}-{self.random.randint(1, 12):02}-{self.random.randint(1, 28):02}"

    def make_at(self):
        return self.make_day() + self.random.choice(["", "T15:00:00+08:00", "T00:00:00.25Z", "T23:59:59-11:30"])

    def make_key(self):
        return "".join(self.random.choice("0123456789abcXYZ.-:+=^!/*?&<>()[]{}") for _ in range(40))

    def make_hours(self):
        return self.random.choice([0.01, 1, 2.5, 8, 1000])

    def make_refs(self):
        return self.random.sample(["M1", "M2", "支部", "x.y"], self.random.randint(0, 3))

    make_texts = make_refs

    def make_all_or_some(self):
        return self.random.choice([["*"], ["theme-day"], ["a", "b"]])

    def make_absent(self):
        return [{"member": member, "reason": self.make_text()} for member in self.make_refs()]

    def make_subject(self):
        return {self.random.choice(["branch", "member", "unit"]): self.make_ref()}

    def make_extra(self):
        return self.random.choice([{}, {"page": 12, "更多": [1, None, {"x": "y"}]}])

    def event(self, name):
        """One that fits, and that has no contradiction which the schema can only tell in words."""
        schema = EVENTS["$defs"][name]
        while True:
            made = {key: self.value(of) for key, of in schema["properties"].items()
                    if of is not False and (key in schema["required"] or self.random.random() < 0.5)}
            made["id"] = harness.new_id()
            if validator("events", name).is_valid(made) and not contradicts(made):
                return made

    def spoilt(self, made):
        """The same event with one thing wrong, or perhaps not: the schema is asked."""
        schema = EVENTS["$defs"][made["type"]]["properties"]
        made = copy.deepcopy(made)
        made["id"] = harness.new_id()
        key = self.random.choice([name for name in made if name not in ("id", "type")])
        worse = self.random.choice(["drop", "add", "kind", "edge", "swap"])
        if worse == "drop":
            del made[key]
        elif worse == "add":
            absent = [name for name in schema if name not in made and schema[name] is not False]
            other = self.random.choice(absent or ["colour"])
            made[self.random.choice(["colour", "kept", "Note"] if not absent else ["colour", other])] = \
                self.value(schema[other]) if other in schema else "red"
        elif worse == "kind":
            made[key] = self.random.choice([True, 7, -1, 1.5, "", "no such word", [], {}, ["a", "a"], ["*", "a"], [""], [7],
                                            {"branch": "B1", "member": "M1"}, {"transfer": "T1"}, [{"member": "M1"}], "2022-02-31",
                                            "2022-13-01", "22-1-1", "2022-11-05T15:00", "2022-11-05 15:00:00Z", 0, 10 ** 7])
        elif worse == "edge":
            made[key] = self.random.choice(["x" * 65, "x" * 5000, "a b", "a\u0000b", "a\u0007b", "a/b", "\u0085", "A" * 36,
                                            made["id"].upper(), 1000001, 1001, 100, 1900, "0" * 40, "*", "x\ty"])
        else:
            made[key] = self.value(self.random.choice([of for of in schema.values() if of is not False]))
        return made


def contradicts(made):
    """What the schema says in words only: comparisons within one event, and what a key may not be called."""
    at = made.get("at") if isinstance(made.get("at"), str) else ""
    lists = {name: made.get(name) if isinstance(made.get(name), list) else [] for name in ("present", "absent", "with")}
    absent = [item.get("member") for item in lists["absent"] if isinstance(item, dict)]
    late = {"exemption.granted": "until", "alert.acknowledged": "until"}.get(made["type"])
    return any([
        isinstance(made.get("present_count"), int) and made["present_count"] < len(lists["present"]),
        set(map(str, absent)) & set(map(str, lists["present"])), len(absent) != len(set(map(str, absent))),
        made["type"] in ("meeting", "training") and made.get("branch") in lists["with"],
        late and isinstance(made.get(late), str) and made[late] <= at[:10] + "z",
        isinstance(made.get("admitted_on"), str) and made["admitted_on"] + "z" > at[:10],
        made["type"] == "branch.dissolved" and made.get("into") == made.get("branch"),
        made.get("replaces") == made["id"],
        made["type"] == "alert.acknowledged" and isinstance(made.get("word"), str),  # none that this daemon has made
        isinstance(made.get("hours"), float) and round(made["hours"], 2) != made["hours"],
        any(strange(ref) for ref in refs_of(made)), too_long(made)])


def refs_of(made):
    for key, value in made.items():
        of = EVENTS["$defs"][made["type"]]["properties"].get(key)
        name = of.get("$ref", "").rsplit("/", 1)[-1] if of else ""
        if name == "ref":
            yield value
        elif name == "refs" and isinstance(value, list):
            yield from value
        elif name == "subject" and isinstance(value, dict):
            yield from value.values()
        elif name == "absent" and isinstance(value, list):
            yield from (item.get("member") for item in value if isinstance(item, dict))


def strange(ref):
    """Beyond ASCII the schema takes every character for a letter, and it counts no bytes."""
    return isinstance(ref, str) and (len(ref.encode()) > 64 or any(
        ord(c) > 127 and not unicodedata.category(c).startswith("L") and unicodedata.category(c) != "Nd" for c in ref))


def too_long(made):
    """Bounds in bytes, where the schema's are in characters."""
    def texts(value):
        if isinstance(value, dict):
            for item in value.values():
                yield from texts(item)
        elif isinstance(value, list):
            for item in value:
                yield from texts(item)
        elif isinstance(value, str):
            yield value
    return any(len(text.encode()) > 4096 for text in texts(made))


class Events(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        print(f"MUSTER_SEED={SEED}")
        cls.daemon = Daemon(rehearse="2022-12-31").start()
        cls.addClassCleanup(cls.daemon.finish)
        cls.client = cls.daemon.client()
        cls.maker = Maker(SEED)

    def test_the_schemas_are_schemas(self):
        for document in (EVENTS, REPLIES):
            jsonschema.Draft202012Validator.check_schema(document)

    def codes(self, events):
        return [result["error"]["code"] if "error" in result else "" for result in self.client.submit(events)]

    def test_a_whole_district_fits_and_is_accepted(self):
        events = harness.read_jsonl(SMALL / "events.jsonl")
        self.assertEqual([made for made in events if not fits(made)], [])
        with Daemon(rehearse="2024-03-01") as daemon:
            daemon.client().record(events)

    def test_what_fits_is_well_formed(self):
        for name in TYPES:
            made = [self.maker.event(name) for _ in range(ROUNDS)]
            for sent, code in zip(made, self.codes(made)):
                self.assertNotIn(code, FORM, f"{sent} fits the schema, and is {code}")

    def test_what_is_spoilt_is_refused_alike(self):
        counts = {True: 0, False: 0}
        for name in TYPES:
            made = [self.maker.spoilt(self.maker.event(name)) for _ in range(ROUNDS * 8)]
            made = [one for one in made if not fits(one) or not contradicts(one)]
            for sent, code in zip(made, self.codes(made)):
                good = fits(sent)
                counts[good] += 1
                self.assertEqual(good, code not in FORM, f"{sent} {'fits' if good else 'does not fit'}, and is {code or 'recorded'}")
        print(f"{counts[False]} spoilt events refused alike, {counts[True]} still well-formed")
        self.assertGreater(min(counts.values()), len(TYPES))

    def test_the_daemons_own_types_are_no_events_of_clients(self):
        own = set(REPLIES["$defs"]["row"]["properties"]["type"]["enum"]) - set(TYPES)
        self.assertEqual(own, {"ledger.opened", "alert.opened", "alert.changed", "alert.closed"})
        sent = [event(name, "2022-05-05") for name in sorted(own)]
        self.assertEqual(self.codes(sent), ["unknown_type"] * len(own))


class Replies(unittest.TestCase):
    """A district's year, and a little of everything that it lacks; then every verb in its forms."""

    #: Members that no reply here has: they need a fault, or a ledger that does not hold.
    RARE = {("Verified", "misfit"), ("reply.verify", "misfit"), ("reply.backup", "misfit"), ("reply.verify", "error"),
            ("reply.backup", "error"), ("Notice", "next"), ("Notice", "error"), ("Alert", "no_reports"), ("DutyRow", "no_reports"), ("Misfit", "*"), ("Broken", "*"), ("reply.export", "after_seq"), ("FigureOfMonth", "alliance")}
    #: What pages have in common: it is enough to see it in some (more_at_least takes a thousand rows).
    PAGED = {"cursor", "more", "more_at_least"}

    @classmethod
    def setUpClass(cls):
        people = [{"name": "a", "channels": [{"by": "log"}], "above": "b", "after": "7d", "level": "red"},
                  {"name": "b", "channels": [{"by": "log"}, {"by": "feed"}], "when": "monday 08:00"}]
        cls.daemon = Daemon(rehearse="2023-01-31", people=people, routes=[{"name": "all", "to": ["a"]}], administrator="b",
                            notice_gather=0).start()
        cls.addClassCleanup(cls.daemon.finish)
        cls.client = cls.daemon.client()
        cls.client.record(harness.read_jsonl(SMALL / "events.jsonl"))
        cls.daemon.wait_evaluated()
        cls.seen = set()
        cls.ask_all()

    @classmethod
    def ask(cls, verb, **body):
        outcome, reply = cls.client.ask(verb, body)
        cls.check(f"reply.{verb}" if outcome == "ok" else "Error", reply)
        return reply

    @classmethod
    def check(cls, name, reply):
        problem = jsonschema.exceptions.best_match(validator("replies", name).iter_errors(reply))
        if problem:
            raise AssertionError(f"{name}: {problem.message} at {list(problem.absolute_path)}\n{json.dumps(reply)[:2000]}")
        cls.look({"$ref": f"#/$defs/{name}"}, reply, name)

    @classmethod
    def look(cls, schema, value, name):
        """Notes which members of which definition were there."""
        if "$ref" in schema:
            name = schema["$ref"].rsplit("/", 1)[1]
            name = f"row.{value['type']}" if name == "row" else name
            schema = REPLIES["$defs"][name]
        for part in schema.get("anyOf", []):
            if "anyOf" in part or ("$ref" in part and validator("replies", part["$ref"].rsplit("/", 1)[1]).is_valid(value)):
                cls.look(part, value, name)
        if isinstance(value, list) and "items" in schema:
            for item in value[:100]:
                cls.look(schema["items"], item, name)
        elif isinstance(value, dict):
            for key, item in value.items():
                cls.seen.add((name, key))
                if isinstance(item, (dict, list)):
                    cls.look(schema.get("properties", {}).get(key, {}), item, name)

    @classmethod
    def ask_all(cls):
        cls.add_what_is_missing()
        for verb in ("status", "clock", "head", "rules", "board", "export", "reads", "notices", "retry", "forget"):
            cls.ask(verb)
        for row in cls.client.call("alerts")["rows"][:20]:
            cls.ask("routes", alert=row["alert"])
        cls.ask_lists()
        cls.ask_alerts()
        cls.ask_figures()
        cls.ask_chores()
        cls.ask("submit", events=[event("contact", "2022-05-05"), {}, event("contact", "2022-05-05", member=cls.member, channel="phone"),
                                  event("branch.founded", "2022-01-01", branch=cls.branch, name="x", form="own", sector="enterprise"),
                                  event("branch.dissolved", "2022-03-01", branch="B-GONE", reason="other"),
                                  event("member.away", "2022-11-01", member=cls.member, destination="x", fixed=True),
                                  event("member.moved", "2022-12-01", member=cls.member, branch="B-GONE"),
                                  event("event.voided", "2022-11-09", event=cls.event, reason="x")])
        cls.ask("submit", events=[cls.voided])
        cls.daemon.wait_evaluated()
        cls.ask("pretend", events=[event("meeting", "2023-01-30", branch=row["branch"], kinds=["theme_day"], present_count=3)
                                   for row in cls.client.call("list", what="branches")["rows"]]
                + [event("unit.registered", "2022-01-01", unit="U-NEW", name="x", sector="enterprise", eligible=True)]
                + [event("branch.founded", "2022-01-01", branch="B-NEW", name="x", form="own", sector="enterprise")])
        cls.ask("recent", branch=cls.branch + "x")
        cls.ask("recent", branch="B-nowhere")
        cls.ask("no such verb")

    @classmethod
    def add_what_is_missing(cls):
        key = "0123456789" * 4
        branch = next(row["subject"]["branch"] for row in cls.client.rows("alerts", rule="theme-day"))
        member = cls.client.call("list", what="members", branch=branch)["rows"][0]["member"]
        quiet = next(row["subject"]["branch"] for row in cls.client.rows("alerts", rule="branch-inactive"))
        alert = next(row["alert"] for row in cls.client.rows("alerts") if row.get("branch") not in (branch, quiet))
        voided = event("contact", "2022-11-05", member=member, channel="phone", note="x")
        replaced = event("contact", "2022-11-06", member=member, channel="phone", note="x", extra={"page": 1})
        erased = event("contact", "2022-11-07", member=member, channel="phone", note="x")
        more = [
            event("meeting", "2023-01-30", branch=quiet, kinds=["general_meeting"], present_count=3),  # closes its alert
            event("key.allowed", "2022-11-05", key="zhang", public=key, role="recorder", branches=[branch], areas=["33"]),
            event("key.revoked", "2022-11-05", key="zhang", reason="x"),
            voided, event("event.voided", "2022-11-05", event=voided["id"], reason="x"),
            replaced, event("contact", "2022-11-06", member=member, channel="visit", replaces=replaced["id"]),
            erased, event("event.redacted", "2022-11-08", event=erased["id"], reason="x"),
            event("alert.acknowledged", "2023-01-31", alert=alert, until="2023-02-20", note="x"),
            event("alert.noted", "2023-01-31", alert=alert, note="x"),
            event("office.taken", "2022-03-01", body="K1", office="secretary", person="李雷"),
            event("exemption.granted", "2022-03-01", exemption="E1", subject={"branch": branch}, rules=["*"],
                  until="2023-03-01", reason="x"),
            event("exemption.granted", "2022-03-02", exemption="E2", subject={"member": member}, rules=["*"],
                  until="2023-12-31", reason="x"),
            event("exemption.ended", "2022-04-01", exemption="E2"),
            event("branch.founded", "2022-01-01", branch="B-GONE", name="x", form="own", sector="enterprise"),
            event("branch.dissolved", "2022-06-01", branch="B-GONE", reason="other"),
            event("unit.registered", "2022-01-01", unit="U-GONE", name="x", sector="enterprise"),
            event("unit.closed", "2022-06-01", unit="U-GONE"),
            event("transfer.issued", "2023-01-20", transfer="T-9", number="9", member=member, to_name="x")]
        cls.client.record(more)
        cls.branch, cls.member, cls.event, cls.alert = branch, member, voided["id"], alert
        cls.voided = voided
        cls.daemon.wait_evaluated()

    @classmethod
    def ask_lists(cls):
        for type_ in [None, "any"]:
            cls.ask("recent", **({"type": type_} if type_ else {}), limit=200, count=True)
        cls.ask("recent", type="any", limit=3, count=True)
        for what in "branches members units transfers alliances offices exemptions keys".split():
            cls.ask("list", what=what, all=True, limit=60)
            for row in cls.ask("list", what=what, limit=2, count=True)["rows"]:
                kind = {"offices": "body"}.get(what, next(iter(row)))
                if what != "keys":
                    cls.ask("show", what=kind, ref=row[kind])
        cls.ask("show", what="event", ref=cls.event)
        cls.ask("show", what="member", ref=cls.member)

    @classmethod
    def ask_alerts(cls):
        cls.ask("alerts", closed=True, limit=60)
        cls.ask("alerts", limit=1, count=True)
        cls.ask("alerts", as_of="2022-09-30")
        rules = cls.client.call("rules")["rules"]
        alerts = cls.ask("alerts", limit=60)["rows"]
        one_of_each = {row["rule"]: row for row in alerts}.values()
        for row in one_of_each:
            cls.ask("explain", alert=row["alert"])
            cls.ask("explain", rule=row["rule"], subject=row["subject"], as_of="2022-06-30")
        for rule in rules:
            kind = rule["subject"]
            if kind in ("branch", "member"):
                cls.ask("explain", rule=rule["id"], subject={kind: cls.branch if kind == "branch" else cls.member})
        cls.ask("explain", alert=cls.alert)
        closed = cls.client.call("alerts", closed=True)["rows"]
        cls.ask("explain", alert=closed[0]["alert"])
        cls.ask("due", within="400d", limit=100, count=True)
        cls.ask("rules", **{"try": {"rules": []}})

    @classmethod
    def ask_figures(cls):
        figures = cls.ask("figures", year=2022)["rows"]
        cls.ask("figures", year=2022, branch=cls.branch)
        cls.ask("figures", year=2022, by="month", limit=60)
        cls.ask("figures", year=2022, check=True)
        for row in figures:
            name = row["figure"] + (f"/{row['alliance']}" if "alliance" in row else "")
            cls.ask("figures", year=2022, explain=name, limit=5)
        cls.ask("figures", year=2022, since_known="2023-01-31T00:00:00.000001+08:00", limit=50)

    @classmethod
    def ask_chores(cls):
        for verb, body in (("verify", {"deep": True}), ("backup", {"file": str(cls.daemon.folder / "copy.db")})):
            run = cls.ask(verb, **body)["run"]
            harness.wait_until(lambda: cls.ask(verb, run=run)["state"] == "done", f"{verb} to end")
        cls.ask("export", after_seq=0)
        harness.wait_until(lambda: cls.ask("reads")["rows"], "the log of reads")
        cls.ask("status")

    def test_every_member_was_seen(self):
        """So the schema does not tell of what is not there (any more)."""
        unseen = []
        for name, schema in REPLIES["$defs"].items():
            if name[0].isupper() or name.startswith("reply."):
                unseen += [(name, key) for key in schema.get("properties", {})
                           if (name, key) not in self.seen and (name, key) not in self.RARE and (name, "*") not in self.RARE]
        unseen = [member for member in unseen if not (member[0].startswith("reply.") and member[1] in self.PAGED)]
        self.assertEqual(unseen, [])
        self.assertLessEqual({"cursor", "more"}, {key for _, key in self.seen})

    def test_rows_of_most_types_were_seen(self):
        types = {name for name, _ in self.seen if name.startswith("row.")}
        self.assertGreater(len(types), 30, types)


if __name__ == "__main__":
    unittest.main()
