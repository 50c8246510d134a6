"""What each role may do, in and out of its scope, over CURVE. Every line of the table that the daemon itself goes by
(`muster key roles`, common/wire/roles.c) is tried: for each verb and each type of event, by each role, with a key of one area and
one of the whole district, on what lies in that area, what lies elsewhere, and what is nowhere.

A line without a case here fails the test, and so does a case without a line.
"""

import itertools
import json
import unittest

import zmq

from harness import Client, Daemon, event

IN, OUT, NOWHERE = "in", "out", "nowhere"
AREA = {IN: "4501", OUT: "4502", NOWHERE: "4599"}
BRANCH = {IN: "B-1", OUT: "B-2", NOWHERE: "B-9"}
BRANCH_TOO = {IN: "B-3", OUT: "B-4", NOWHERE: "B-8"}
UNIT = {IN: "U-1", OUT: "U-2", NOWHERE: "U-9"}
NAME = {IN: "张三", OUT: "OUTSIDER", NOWHERE: "nobody"}
DAY, LATER, LATEST = "2022-03-01", "2022-04-01", "2022-05-01"
ROLES = ("recorder", "reader", "staff", "admin")

numbers = itertools.count(1)


def fresh(kind):
    return f"{kind}-{next(numbers)}"


def meeting(where, **fields):
    return event("meeting", DAY, branch=BRANCH[where], kinds=["lecture"], present_count=3,
                 title="SECRET" if where == OUT else "open", **fields)


def admitted(where, stage="full", member=None, day=DAY):
    return event("member.admitted", day, member=member or fresh("M"), name=NAME[where], branch=BRANCH[where], stage=stage, new=False)


def issued(where, member, to=None):
    return event("transfer.issued", LATER, transfer=fresh("T"), member=member, to=to or BRANCH_TOO[where])


def founded(where, branch=None):
    return event("branch.founded", "2022-01-01", branch=branch or fresh("B"), name="支部", form="own", sector="enterprise", area=AREA[where])


def registered(where, unit=None):
    return event("unit.registered", "2022-01-01", unit=unit or fresh("U"), name="单位", sector="enterprise", area=AREA[where])


def granted(where):
    return event("exemption.granted", DAY, exemption=fresh("E"), subject={"branch": BRANCH[where]}, rules=["*"],
                 until="2022-03-02", reason="r")


# Each case: what has to be there first (recorded by an admin; left out where it is to be nowhere), and the event.

def with_member(make, stage="full"):
    def case(where):
        first = admitted(where, stage)
        return [first], make(where, first["member"])
    return case


def with_letter(make):
    def case(where):
        first = admitted(where)
        letter = issued(where, first["member"])
        return [first, letter], make(letter["transfer"])
    return case


def received_letter(where):
    return with_letter(lambda transfer: event("transfer.received", LATER, transfer=transfer))(where)


def receipt(where):
    setup, received = received_letter(where)
    return [*setup, received], event("transfer.receipted", LATEST, transfer=received["transfer"])


def on_branch(type_, **fields):
    def case(where):
        first = founded(where)
        return [first], event(type_, LATER, branch=first["branch"], **fields)
    return case


def on_unit(type_, **fields):
    def case(where):
        first = registered(where)
        return [first], event(type_, LATER, unit=first["unit"], **fields)
    return case


def void(where):
    first = meeting(where)
    return [first], event("event.voided", DAY, event=first["id"], reason="r")


def alone(make):
    return lambda where: ([], make(where))


EVENTS = {
    "unit.registered": alone(registered),
    "unit.changed": on_unit("unit.changed", staff=7),
    "unit.closed": on_unit("unit.closed"),
    "branch.founded": alone(founded),
    "branch.changed": on_branch("branch.changed", groups=2),
    "branch.elected": on_branch("branch.elected"),
    "branch.rated": on_branch("branch.rated", cycle=2022, stars=3),
    "branch.dissolved": on_branch("branch.dissolved", reason="other"),
    "member.admitted": alone(admitted),
    "member.converted": with_member(lambda where, m: event("member.converted", LATER, member=m), "probationary"),
    "member.extended": with_member(lambda where, m: event("member.extended", LATER, member=m, until="2023-01-01"), "probationary"),
    "member.changed": with_member(lambda where, m: event("member.changed", LATER, member=m, role="officer")),
    "member.moved": with_member(lambda where, m: event("member.moved", LATER, member=m, branch=BRANCH_TOO[where])),
    "member.left": with_member(lambda where, m: event("member.left", LATER, member=m, reason="other")),
    "office.taken": alone(lambda where: event("office.taken", DAY, body="K-1", office=fresh("o"), person="某")),
    "office.left": lambda where: (lambda o: ([event("office.taken", DAY, body="K-1", office=o, person="某")],
                                             event("office.left", LATER, body="K-1", office=o, person="某")))(fresh("o")),
    "alliance.formed": alone(lambda where: event("alliance.formed", DAY, alliance=fresh("A"), name="盟", branches=[BRANCH[IN]])),
    "alliance.joined": lambda where: (lambda b: ([b], event("alliance.joined", LATER, alliance="A-0", branch=b["branch"])))(founded(IN)),
    "alliance.left": lambda where: (lambda b: ([b, event("alliance.joined", LATER, alliance="A-0", branch=b["branch"])],
                                               event("alliance.left", LATEST, alliance="A-0", branch=b["branch"])))(founded(IN)),
    "meeting": alone(meeting),
    "training": alone(lambda where: event("training", DAY, title="课", hours=2, branch=BRANCH[where], present_count=2)),
    "contact": with_member(lambda where, m: event("contact", LATER, member=m, channel="phone")),
    "member.away": with_member(lambda where, m: event("member.away", LATER, member=m, destination="广东", fixed=True)),
    "member.returned": lambda where: (lambda s, e: ([*s, e], event("member.returned", LATEST, member=e["member"])))(
        *with_member(lambda w, m: event("member.away", LATER, member=m, destination="广东", fixed=True))(where)),
    "transfer.issued": with_member(lambda where, m: issued(where, m)),
    "transfer.received": received_letter,
    "transfer.receipted": receipt,
    "transfer.cancelled": with_letter(lambda transfer: event("transfer.cancelled", LATER, transfer=transfer)),
    "event.voided": void,
    "event.redacted": lambda where: (lambda m: ([m], event("event.redacted", DAY, event=m["id"], reason="r")))(meeting(where)),
    "exemption.granted": alone(granted),
    "exemption.ended": lambda where: (lambda g: ([g], event("exemption.ended", DAY, exemption=g["exemption"])))(granted(where)),
    "alert.acknowledged": None,  # see below: numbers come from the daemon
    "alert.noted": None,
    "key.allowed": alone(lambda where: event("key.allowed", DAY, key=fresh("k"), public=zmq.curve_keypair()[0].decode(),
                                             role="reader", areas=["*"])),
    "key.revoked": lambda where: (lambda k: ([k], event("key.revoked", DAY, key=k["key"])))(
        event("key.allowed", DAY, key=fresh("k"), public=zmq.curve_keypair()[0].decode(), role="reader", areas=["*"])),
    "report.frozen": None,  # nor may its row and chain value be anybody else's
}

#: Types of which nothing lies in one area: all their events are of the whole district.
OF_ALL = {"office.taken", "office.left", "alliance.formed", "alliance.joined", "alliance.left", "key.allowed", "key.revoked",
          "event.redacted", "report.frozen"}

VERBS = {
    "recent": lambda w: [{"branch": BRANCH[w]}, {"member": f"M-{w}"}],
    "list": lambda w: [{"what": "members", "branch": BRANCH[w]}, {"what": "transfers", "branch": BRANCH[w]}],
    "show": lambda w: [{"what": "branch", "ref": BRANCH[w]}, {"what": "member", "ref": f"M-{w}"}, {"what": "unit", "ref": UNIT[w]},
                       {"what": "transfer", "ref": f"T-{w}"}, {"what": "exemption", "ref": f"E-{w}"}],
    "alerts": lambda w: [{"branch": BRANCH[w]}],
    "explain": lambda w: [{"rule": "theme-day", "subject": {"branch": BRANCH[w]}}],
    "due": lambda w: [{"branch": BRANCH[w]}],
    "board": lambda w: [{"branch": BRANCH[w], "year": 2022}],
    "figures": lambda w: [{"branch": BRANCH[w], "year": 2022}, {"area": AREA[w], "year": 2022}],
    "rules": lambda w: [{}],
    "status": lambda w: [{}],
    "notices": lambda w: [{}],
}


class Rights(unittest.TestCase):
    maxDiff = 2000

    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon(rehearse="2022-12-31", key_requests_per_second=0)
        cls.daemon.write_config(listen=[cls.daemon.endpoint, "tcp://127.0.0.1:*"])
        cls.daemon.start()
        cls.admin = Client(cls.daemon.endpoint)
        cls.admin.record(cls.world())
        cls.daemon.wait_evaluated()
        cls.tcp, cls.server = cls.daemon.tcp(), cls.daemon.server_key()
        cls.keys = {}
        for role in ROLES:
            for extent, areas in (("area", [AREA[IN]]), ("whole", ["*"])):
                pair = zmq.curve_keypair()
                scope = {} if role == "admin" else {"areas": areas}
                cls.daemon.allow(f"{role}-{extent}", pair[0], role, **scope)
                cls.keys[role, extent] = Client(cls.tcp, curve=(cls.server, *pair))
        lines = cls.daemon.muster("key", "roles", "--json").stdout.splitlines()
        cls.table = {(row["kind"], row["name"]): row for row in map(json.loads, lines)}

    @classmethod
    def world(cls):
        rows = []
        for where in (IN, OUT):
            rows += [registered(where, UNIT[where]), founded(where, BRANCH[where]), founded(where, BRANCH_TOO[where]),
                     event("branch.changed", DAY, branch=BRANCH[where], units=[UNIT[where]], name=f"name of {where}"),
                     admitted(where, member=f"M-{where}"), meeting(where), meeting(where, with_=[BRANCH_TOO[where]]),
                     {**issued(where, f"M-{where}"), "transfer": f"T-{where}"}, {**granted(where), "exemption": f"E-{where}"},
                     event("contact", LATER, member=f"M-{where}", channel="phone", note="SECRET" if where == OUT else "open"),
                     admitted(where, "probationary", f"P-{where}", "2022-01-10")]
        return rows + [event("alliance.formed", DAY, alliance="A-0", name="SECRET", branches=[BRANCH[IN], BRANCH[OUT]]),
                       event("office.taken", DAY, body="K-1", office="secretary", person="OUTSIDER"),
                       event("training", DAY, title="SECRET", hours=3, present=["M-in", "M-out"])]

    @classmethod
    def tearDownClass(cls):
        for client in cls.keys.values():
            client.close()
        cls.admin.close()
        cls.daemon.finish()

    def expected(self, right, extent, where, of_all=False):
        """Whether the table lets that through."""
        if right == "no":
            return False
        if right == "whole":
            return extent == "whole"
        if right == "scope":
            return extent == "whole" or (where == IN and not of_all)
        return True

    def each(self):
        for (role, extent), client in self.keys.items():
            for where in (IN, OUT, NOWHERE):
                yield role, extent, client, where

    def assert_bare(self, error):
        """A refusal that tells nothing: the same words for everything."""
        self.assertEqual(set(error), {"code", "message"}, error)
        self.assertEqual(error["code"], "not_allowed")
        self.assertEqual(error["message"], "this is not allowed to you, or lies outside of your scope")

    # Events

    def alert_of(self, where):
        rows = [row for row in self.admin.rows("alerts", branch=BRANCH[where])] if where != NOWHERE else []
        return rows[0]["alert"] if rows else 999999

    def case_of(self, name, where):
        if name.startswith("alert."):
            return [], event(name, "2022-12-31", alert=self.alert_of(where), note="n")
        if name == "report.frozen":
            status = self.admin.status()
            return [], event(name, "2022-12-31", name=fresh("summary"), year=2022, as_of="2022-12-31", counted=status["seq"],
                             head=status["head"], known_on=status["now"], pack="0", figures=["units 2"])
        setup, one = EVENTS[name](where)
        return ([] if where == NOWHERE else setup), one

    def test_every_type_has_a_case(self):
        self.assertEqual({name for kind, name in self.table if kind == "event"}, set(EVENTS))
        verbs = {name for kind, name in self.table if kind == "verb"}
        self.assertEqual(verbs - {"submit", "pretend", "routes"} - self.of_admins(), set(VERBS))

    def try_event(self, name, role, extent, client, where):
        setup, one = self.case_of(name, where)
        self.admin.record(setup)
        outcome, reply = client.ask("submit", {"events": [one]})
        refused = None if outcome == "ok" else reply
        result = {} if refused else reply["results"][0]
        allowed = self.expected(self.table["event", name][role], extent, where, name in OF_ALL)
        if outcome == "ok" and result["status"] == "refused":
            refused = result["error"]
        if not allowed:
            self.assertIsNotNone(refused, result)
            self.assert_bare(refused)
            self.assertNotIn(one["id"], json.dumps(self.admin.call("recent", type="any", limit=3)["rows"]))
        elif where == NOWHERE:
            self.assertNotEqual((refused or {}).get("code"), "not_allowed", refused)
        else:
            self.assertIsNone(refused, (one, refused))
            self.assertEqual(result["status"], "recorded")
            [row] = [row for row in self.admin.call("recent", after_seq=result["seq"] - 1, type="any")["rows"]
                     if row["id"] == one["id"]]
            self.assertEqual(row["recorded_by"], f"{role}-{extent}")

    def test_events(self):
        for name in EVENTS:
            for role, extent, client, where in self.each():
                if name == "event.voided" and role == "recorder":
                    continue  # another's: see void_others
                with self.subTest(event=name, role=role, extent=extent, where=where):
                    self.try_event(name, role, extent, client, where)

    def test_pretend(self):
        """Judged as if it were submitted, told of the alerts of what lies in scope, and nothing is recorded."""
        for role, extent, client, where in self.each():
            with self.subTest(role=role, extent=extent, where=where):
                seq = self.admin.status()["seq"]
                one = meeting(where)
                outcome, reply = client.ask("pretend", {"events": [one]})
                if not self.expected(self.table["event", "meeting"][role], extent, where):
                    self.assert_bare(reply if outcome == "error" else reply["results"][0]["error"])
                elif where != NOWHERE:
                    self.assertEqual(reply["results"], [{"id": one["id"], "status": "recorded"}])
                self.assertEqual(self.admin.status()["seq"], seq)
        both = [{**meeting(where), "at": "2022-12-20"} for where in (IN, OUT)]
        told = {role: self.pretended(self.keys[role], both) for role in (("recorder", "area"), ("admin", "whole"))}
        self.assertIn(BRANCH[OUT], told["admin", "whole"])
        self.assertIn(BRANCH[IN], told["recorder", "area"])
        self.assertNotIn(BRANCH[OUT], told["recorder", "area"])

    def pretended(self, client, events):
        self.daemon.wait_evaluated()
        return json.dumps(client.call("pretend", events=events)["alerts"])

    def test_void_others(self):
        right = self.table["deed", "void_others"]
        for role, extent, client, where in self.each():
            if where == NOWHERE or right[role] == "no" and role == "reader":
                continue
            with self.subTest(role=role, extent=extent, where=where):
                other = meeting(where)
                self.admin.record([other])
                [result] = client.submit([event("event.voided", DAY, event=other["id"], reason="r")])
                allowed = self.expected(right[role], extent, where)
                self.assertEqual(result["status"], "recorded" if allowed else "refused", result)
                other = meeting(where)
                self.admin.record([other])
                [result] = client.submit([meeting(where, replaces=other["id"])])
                self.assertEqual(result["status"], "recorded" if allowed else "refused", result)
                if not allowed:
                    self.assert_bare(result["error"])
        client = self.keys["recorder", "area"]
        own = meeting(IN)
        self.assertEqual(client.submit([own])[0]["status"], "recorded")
        self.assertEqual(client.submit([event("event.voided", DAY, event=own["id"], reason="r")])[0]["status"], "recorded")

    def test_both_ends(self):
        """Nobody but an admin, or one with both ends, moves a member across scopes; nor names one of elsewhere."""
        staff = self.keys["staff", "area"]
        elsewhere = founded(OUT)
        mine, theirs = admitted(IN), {**admitted(OUT), "branch": elsewhere["branch"]}
        self.admin.record([elsewhere, mine, theirs])
        letter = issued(OUT, theirs["member"], to=BRANCH[IN])
        for one in (event("member.moved", LATER, member=mine["member"], branch=BRANCH[OUT]),
                    event("member.moved", LATER, member=theirs["member"], branch=BRANCH[IN]),
                    event("transfer.issued", LATER, transfer=fresh("T"), member=mine["member"], to=BRANCH[OUT]),
                    letter,
                    meeting(IN, with_=[BRANCH[OUT]]), meeting(IN, present=[theirs["member"]]),
                    meeting(IN, absent=[{"member": theirs["member"], "reason": "r"}]),
                    event("training", DAY, title="t", hours=1, present=[mine["member"]]),
                    event("branch.changed", LATER, branch=BRANCH[IN], area=AREA[OUT]),
                    event("branch.changed", LATER, branch=BRANCH[IN], units=[UNIT[OUT]]),
                    event("member.changed", LATER, member=mine["member"], unit=UNIT[OUT]),
                    event("branch.dissolved", LATER, branch=BRANCH[IN], reason="merged", into=BRANCH[OUT]),
                    {**admitted(IN), "member": theirs["member"]},
                    {**founded(IN), "branch": BRANCH[OUT]}, {**registered(IN), "unit": UNIT[OUT]},
                    {**issued(IN, mine["member"]), "transfer": "T-out"}, {**granted(IN), "exemption": "E-out"}):
            with self.subTest(event=one):
                [result] = staff.submit([one])
                self.assertEqual(result["status"], "refused", result)
                self.assert_bare(result["error"])
        self.admin.record([letter])
        [result] = staff.submit([event("transfer.received", LATER, transfer=letter["transfer"])])
        self.assert_bare(result["error"])

    def test_ids_of_elsewhere(self):
        """An id that is taken by an event out of scope is not told from one of nobody."""
        recorder = self.keys["recorder", "area"]
        theirs, mine = meeting(OUT), meeting(IN)
        self.admin.record([theirs, mine])
        self.assert_bare(recorder.submit([theirs])[0]["error"])
        self.assert_bare(recorder.submit([{**meeting(IN), "id": theirs["id"]}])[0]["error"])
        self.assertEqual(recorder.submit([{**mine, "present_count": 9}])[0]["error"]["code"], "id_conflict")
        self.assertEqual(recorder.submit([mine])[0]["status"], "duplicate")

    def test_a_clash_out_of_scope_is_not_named(self):
        """What is wrong with an event in scope may be an event elsewhere: that there is one is all that is told."""
        member, elsewhere = admitted(IN), founded(OUT)
        moved = event("member.moved", LATEST, member=member["member"], branch=elsewhere["branch"])
        self.admin.record([elsewhere, member, moved])
        left = event("member.left", LATER, member=member["member"], reason="other")
        [told] = self.admin.submit([left])
        self.assertEqual(told["error"]["clash"], moved["id"])
        [concealed] = self.keys["recorder", "area"].submit([left])
        self.assertEqual(set(concealed["error"]), {"code", "message"})
        self.assertEqual(concealed["error"]["code"], "impossible")
        self.assertNotIn(LATEST, concealed["error"]["message"])
        inside = event("member.moved", LATEST, member=(one := admitted(IN))["member"], branch=BRANCH_TOO[IN])
        self.admin.record([one, inside])
        [told] = self.keys["recorder", "area"].submit([event("member.left", LATER, member=one["member"], reason="other")])
        self.assertEqual(told["error"]["clash"], inside["id"])

    def test_mistakes_in_scope_are_told(self):
        recorder = self.keys["recorder", "area"]
        for one, code in (({**meeting(IN), "at": "2021-01-01"}, "not_in_force"), ({**meeting(IN), "kinds": []}, "invalid_value"),
                          ({**meeting(IN), "at": "2023-06-01"}, "in_future"), ({**admitted(IN), "member": "M-in"}, "exists")):
            [result] = recorder.submit([one])
            self.assertEqual(result["error"]["code"], code, result)

    # Reads

    def of_admins(self):
        """Verbs that are for admins alone: what they do has tests of its own."""
        return {name for (kind, name), row in self.table.items() if kind == "verb" and
                [row[role] for role in ROLES] == ["no", "no", "no", "yes"]}

    def test_verbs_of_admins(self):
        self.assertIn("export", self.of_admins())
        for name in [*self.of_admins(), "no_such_verb"]:
            for (role, extent), client in self.keys.items():
                if role != "admin":
                    with self.subTest(verb=name, role=role, extent=extent):
                        self.assert_bare(client.ask(name, {})[1])

    def test_backup_is_for_this_machine(self):
        """It writes a file where it is told to: nobody from outside says where, an admin either."""
        for client in self.keys.values():
            outcome, reply = client.ask("backup", {"file": "/tmp/nowhere/at/all"})
            self.assertEqual((outcome, reply["code"]), ("error", "not_allowed"))

    def test_verbs(self):
        for name, requests in VERBS.items():
            for role, extent, client, where in self.each():
                for body in requests(where):
                    with self.subTest(verb=name, role=role, extent=extent, where=where, body=body):
                        outcome, reply = client.ask(name, body)
                        if not self.expected(self.table["verb", name][role], extent, where):
                            self.assertEqual(outcome, "error", reply)
                            self.assert_bare(reply)
                        elif where != NOWHERE or "area" in body:
                            self.assertEqual(outcome, "ok", reply)
                        elif outcome == "error":
                            self.assertNotEqual(reply["code"], "not_allowed")

    def test_events_are_shown_within_scope(self):
        ids = {}
        for where in (IN, OUT):
            one = meeting(where)
            ids[where] = (one["id"], str(self.admin.record([one])[0]["seq"]))
        ids[NOWHERE] = ("018563c2-f84b-75df-8339-13bf76415633", "999999999")
        for role, extent, client, where in self.each():
            for ref in ids[where]:
                with self.subTest(role=role, extent=extent, where=where):
                    outcome, reply = client.ask("show", {"what": "event", "ref": ref})
                    if not self.expected(self.table["verb", "show"][role], extent, where):
                        self.assert_bare(reply)
                    elif where != NOWHERE:
                        self.assertEqual(outcome, "ok", reply)

    def test_alerts_are_explained_within_scope(self):
        for verb, (role, extent, client, where) in itertools.product(("explain", "routes"), list(self.each())):
            with self.subTest(verb=verb, role=role, extent=extent, where=where):
                outcome, reply = client.ask(verb, {"alert": self.alert_of(where)})
                if not self.expected(self.table["verb", verb][role], extent, where):
                    self.assert_bare(reply)
                elif where != NOWHERE:
                    self.assertEqual(outcome, "ok", reply)

    def test_deeds_of_reading(self):
        for (role, extent), client in self.keys.items():
            with self.subTest(role=role, extent=extent):
                whole = self.expected(self.table["deed", "read_whole"][role], extent, IN)
                for body in ({"what": "alliances"}, {"what": "offices"}):
                    self.assertEqual(client.ask("list", body)[0], "ok" if whole else "error", body)
                for body in ({"what": "alliance", "ref": "A-0"}, {"what": "body", "ref": "K-1"}):
                    outcome, reply = client.ask("show", body)
                    self.assertEqual(outcome, "ok" if whole else "error", reply)
                keys = self.expected(self.table["deed", "read_keys"][role], extent, IN)
                self.assertEqual(client.ask("list", {"what": "keys"})[0], "ok" if keys else "error")
                seen = "key.allowed" in {row["type"] for row in client.rows("recent", type="any")}
                self.assertEqual(seen, keys)
                counters = self.expected(self.table["deed", "read_counters"][role], extent, IN)
                self.assertEqual("counters" in client.status(), counters)
                self.assertEqual("events" in client.status(), counters)

    def everything(self, client):
        """All that can be read without naming anything."""
        yield from client.rows("recent")
        yield from client.rows("recent", type="any")
        yield from client.rows("recent", type="any", after_seq=0)
        for what in ("branches", "members", "units", "transfers", "exemptions"):
            yield from client.rows("list", what=what)
            yield from client.rows("list", what=what, all=True)
        yield from client.rows("alerts")
        yield from client.rows("alerts", closed=True)
        yield from client.rows("alerts", after_seq=0)
        yield from client.rows("alerts", as_of="2022-09-30")
        yield from client.rows("alerts", known_on="2022-12-31")
        yield from client.rows("due", within="365d")
        yield from client.rows("board", year=2022)
        figures = client.call("figures", year=2022)["rows"]
        yield from figures
        for row in figures:
            if "alliance" not in row:
                yield from client.rows("figures", year=2022, explain=row["figure"])
        yield client.call("figures", year=2022, check=True, limit=1000)
        yield client.status()
        for ref in ("B-1", "B-3"):
            yield client.call("show", what="branch", ref=ref, limit=1000)
        yield client.call("show", what="member", ref="M-in")

    def test_nothing_of_elsewhere_is_told(self):
        whole = json.dumps(list(self.admin.rows("recent", type="any")), ensure_ascii=False)
        for word in ("OUTSIDER", "SECRET", '"B-2"', "M-out", "P-out"):
            self.assertIn(word, whole)  # it is there to be told
        for role in ("recorder", "reader", "staff"):
            rows = [json.dumps(row, ensure_ascii=False) for row in self.everything(self.keys[role, "area"])]
            self.assertTrue(any("M-in" in row for row in rows))
            self.assertTrue(any('"B-1"' in row for row in rows))
            for word in ("OUTSIDER", "SECRET", '"B-2"', '"B-4"', "M-out", "P-out", '"U-2"', "name of out", "T-out", "E-out"):
                with self.subTest(role=role, word=word):
                    self.assertEqual([row for row in rows if word in row][:3], [])

    def test_cursors_tell_nothing(self):
        """A page may end where the walk stood: at what lies elsewhere. Its cursor says that to the daemon alone."""
        scoped = self.keys["reader", "area"]
        for verb, fields in (("list", {"what": "members", "all": True}), ("list", {"what": "branches"}),
                             ("alerts", {}), ("alerts", {"after_seq": 0}), ("due", {"within": "365d"}), ("recent", {"type": "any"}),
                             ("recent", {"after_seq": 0}), ("show", {"what": "branch", "ref": "B-1"}), ("board", {"year": 2022})):
            with self.subTest(verb=verb, fields=fields):
                of = "history" if verb == "show" else "rows"
                rows, reply = [], scoped.call(verb, fields, limit=1)
                self.assertIn("cursor", reply)
                while "cursor" in reply:
                    self.assertRegex(reply["cursor"], "^[A-Za-z0-9_-]{64,}$")
                    rows += reply[of]
                    reply = scoped.call(verb, fields, limit=1, cursor=reply["cursor"])
                self.assertEqual(rows + reply[of], scoped.call(verb, fields, limit=1000)[of])
                plain = self.admin.call(verb, fields, limit=1)["cursor"]
                for cursor in (plain, plain.rjust(64, "A"), "A" * 100, scoped.call(verb, fields, limit=1)["cursor"][:-4] + "AAAA"):
                    error = scoped.ask(verb, {**fields, "cursor": cursor})[1]
                    self.assertEqual((error.get("code"), error.get("field")), ("malformed", "cursor"), cursor)

    def test_a_branch_that_went_elsewhere(self):
        """What it was counts in the figures of its area then; its name is its own."""
        branch, name = founded(IN), "went elsewhere"
        self.admin.record([{**branch, "name": name}, event("branch.changed", LATEST, branch=branch["branch"], area=AREA[OUT])])
        asked = {"year": 2022, "as_of": LATER, "area": AREA[IN], "explain": "branches.total"}
        told, whole = (client.call("figures", asked) for client in (self.keys["reader", "area"], self.admin))
        self.assertEqual([row["branch"] for row in told["rows"]], [row["branch"] for row in whole["rows"]])
        self.assertIn(name, [row.get("name") for row in whole["rows"]])
        self.assertNotIn(name, [row.get("name") for row in told["rows"]])

    def test_a_scope_reads_as_its_branches_do(self):
        """`recent` of an area's key is what an admin sees of that area's branches."""
        scoped = [row["seq"] for row in self.keys["reader", "area"].rows("recent")]
        branches = [row["branch"] for row in self.admin.rows("list", what="branches", area=AREA[IN], all=True)]
        of_branches = {row["seq"] for branch in branches for row in self.admin.rows("recent", branch=branch)}
        self.assertEqual(set(scoped), of_branches)
        self.assertEqual(len(scoped), len(set(scoped)))
        few = [row["seq"] for row in self.keys["reader", "area"].rows("recent", limit=7)]
        self.assertEqual(few, scoped)
        listed = [row["member"] for row in self.keys["reader", "area"].rows("list", what="members", limit=3)]
        self.assertEqual(listed, [row["member"] for row in self.admin.rows("list", what="members", area=AREA[IN])])

    def test_status_counts_within_scope(self):
        mine = self.keys["reader", "area"].status()["alerts"]
        listed = [row["level"] for row in self.keys["reader", "area"].rows("alerts")]
        self.assertEqual(mine, {level: listed.count(level) for level in ("notice", "yellow", "red")})
        self.assertLess(sum(mine.values()), sum(self.admin.status()["alerts"].values()))

    def test_figures_of_a_scope(self):
        client = self.keys["reader", "area"]
        mine = client.call("figures", year=2022)["rows"]
        self.assertEqual(mine, self.admin.call("figures", year=2022, area=AREA[IN])["rows"])
        self.assert_bare(client.ask("figures", {"year": 2022, "area": "45"})[1])

    def test_an_area_changes_hands(self):
        """The newest area counts, with the next event."""
        staff, branch = self.keys["staff", "area"], founded(IN)
        self.admin.record([branch])
        one = event("meeting", LATER, branch=branch["branch"], kinds=["lecture"], present_count=1)
        self.assertEqual(staff.submit([one])[0]["status"], "recorded")
        self.admin.record([event("branch.changed", LATEST, branch=branch["branch"], area=AREA[OUT])])
        self.assert_bare(staff.submit([{**one, "id": meeting(IN)["id"]}])[0]["error"])
        self.assert_bare(staff.ask("show", {"what": "branch", "ref": branch["branch"]})[1])


if __name__ == "__main__":
    unittest.main()
