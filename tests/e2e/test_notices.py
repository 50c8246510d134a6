"""What people are told, counted from what a real mail server and a real web server received, against the rows about
alerts: in an ordinary year, with servers that fail in every way while the daemon is killed, after the daemon was off, on
the first of a month.

The daemon's clock is that of a library preloaded into it (tests/faults/preload.c), so that its days pass in milliseconds:
docs/decisions/0016. What must have been told is worked out by tests/sim/notices.py, from the ledger's rows alone.
"""

import collections
import datetime
import json
import os
import random
import re
import resource
import sys
import time
import unittest

from harness import SOURCE, Client, Daemon, event, read_jsonl, wait_until
from peers import MailPeer, WebPeer
from test_faults import PRELOAD, Faults

sys.path.insert(0, str(SOURCE / "tests" / "sim"))
import notices as model  # noqa: E402

FULL = "MUSTER_NOTICES_UNTIL" in os.environ
KILLS = 0.15 if FULL else 0.04
STALLS = 0.06 if FULL else 0.1  # each holds its channel for the time limit, a second
UNTIL = os.environ.get("MUSTER_NOTICES_UNTIL", "2022-02-20")
ZONE = datetime.timezone(datetime.timedelta(hours=8))


def moment(day, hour=12, minute=0):
    return datetime.datetime.combine(datetime.date.fromisoformat(day), datetime.time(hour, minute), ZONE)


def mail_items(text):
    """The lines of an English mail: kind, level, numbers of alerts."""
    items = []
    for line in text.splitlines():
        head = re.match(r"\d+\. (?:\[(.*?)\] )?(.*)", line)
        numbers = re.match(r"   alerts? ([\d, ]+)", line)
        if head:
            words = (head.group(1) or "").split(", ")
            kind = ("closed" if words[0] == "closed" else "raised" if words[-1].startswith("was ")
                    else "escalated" if words[-1] == "not acknowledged" else "opened")
            if re.search(r"\(\d+ alerts\)", head.group(2)):
                kind = "cause"
            items.append({"kind": kind, "level": "" if words[0] == "closed" else words[0], "alerts": []})
        elif numbers and items:
            items[-1]["alerts"] += [int(number) for number in numbers.group(1).split(", ") if number.strip()]
    for item in items:
        item["count"] = len(item["alerts"])
    return items


def web_items(body):
    return [{"kind": item["kind"], "level": item.get("level", ""), "count": item["count"],
             "alerts": item.get("alerts", [item["alert"]] if "alert" in item else [])} for item in body["items"]]


class Notices(unittest.TestCase):
    def setUp(self):
        self.mail, self.web = self.enterContext(MailPeer()), self.enterContext(WebPeer())

    def daemon(self, timeout=2, **keys):
        channels = [{"name": "mail", "kind": "smtp", "host": "127.0.0.1", "port": self.mail.port, "security": "none",
                     "from": "muster@example.org", "timeout": timeout},
                    {"name": "web", "kind": "webhook", "url": self.web.url + "/hook", "timeout": timeout}]
        daemon = Daemon(**{"channels": channels, "settle": 1, "notice_gather": 0, "district": "青岭区",
                           "administrator": "clerk", **keys})
        self.faults = Faults(daemon.folder)
        self.addCleanup(self.faults.close)
        daemon.environment.update({"FAULTS_FILE": str(self.faults.path), "LD_PRELOAD": PRELOAD,
                                   "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"})
        self.addCleanup(daemon.finish)
        self.d = daemon
        return daemon

    def person(self, name, *by, **more):
        to = {"mail": f"{name}@example.org"}
        return {"name": name, "language": "en",
                "channels": [{"by": channel, **({"to": to[channel]} if channel in to else {})} for channel in by], **more}

    def muster(self, *arguments):
        return self.d.muster(*arguments, environment={"LD_PRELOAD": ""})

    # Time

    def set_clock(self, at):
        self.at = at
        self.faults.clock(int(at.timestamp() - time.time()) + 1)

    def go(self, to):
        """A clock that leaps by more than a day is not followed: in steps."""
        with Client(self.d.endpoint) as client:
            while self.at < to:
                self.set_clock(min(to, self.at + datetime.timedelta(hours=23)))
                client.status()

    def evaluated(self):
        """All that is recorded, and all that today brings, is evaluated."""
        with Client(self.d.endpoint) as client:
            wait_until(lambda: not client.status()["settling"], "the settling")
            client.call("alerts", limit=1)

    def waiting(self, client):
        status = client.status()
        now = status["now"]
        if status["telling"] or status["notices"]["sending"]:
            return True
        return any(row["due"] <= now for row in client.rows("notices", state="waiting"))

    def quiet(self, timeout=60):
        """Until nothing that is due waits to be told."""
        self.evaluated()
        with Client(self.d.endpoint) as client:
            wait_until(lambda: not self.waiting(client), "all to be told", timeout)

    def days(self, first, last):
        """Every day from one to the other at noon, with what is dated then recorded."""
        day = datetime.date.fromisoformat(first)
        while day <= datetime.date.fromisoformat(last):
            yield day.isoformat()
            day += datetime.timedelta(days=1)

    def record(self, events):
        with Client(self.d.endpoint) as client:
            return client.record(events)

    # What was told

    def history(self):
        """The rows about alerts: as told by the ledger itself."""
        with Client(self.d.endpoint) as client:
            after, rows = 0, collections.OrderedDict()
            while True:
                reply = client.call("export", after_seq=after)
                for line in map(json.loads, reply["lines"]):
                    row = {**line["event"], "seq": line["seq"]}
                    if row["type"] == "alert.opened":
                        rows[row["seq"]] = [row]
                    elif row["type"] in ("alert.changed", "alert.closed"):
                        rows[row["alert"]].append(row)
                if "after_seq" not in reply:
                    return rows
                after = reply["after_seq"]

    def messages(self):
        """By key, each once, as the model wants them; and how many came more than once."""
        all_of = [{"key": got.key, "to": got.to[0].split("@")[0], "by": "mail", "more": 0, "items": mail_items(got.text)}
                  for got in self.mail.taken]
        all_of += [{"key": got.key, "to": got.json["recipient"], "by": "web", "more": got.json["more"],
                    "items": web_items(got.json)} for got in self.web.taken]
        once, repeats = {}, 0
        for message in all_of:
            self.assertTrue(message["key"])
            known = once.setdefault((message["key"], message["by"]), message)
            repeats += known is not message
            self.assertEqual(model.said(message), model.said(known), "the same key, another content")
        return once, repeats

    def compare(self, readers, until):
        history, (messages, repeats) = self.history(), self.messages()
        for reader in readers:
            for channel in reader.channels:
                told = model.compare(reader, channel, history, messages, model.day_of(until))
                print(f"{reader.name} by {channel}: {told} told once", file=sys.stderr)
        return history, messages, repeats


class AYear(Notices):
    def setUp(self):
        super().setUp()
        self.events = read_jsonl(SOURCE / "tests" / "data" / "district-1" / "events.jsonl")
        areas = {e["branch"]: e.get("area", "") for e in self.events if e["type"] == "branch.founded"}
        self.readers = model.readers(areas)
        self.by_day = collections.defaultdict(list)
        for reader, channels in zip(self.readers, (["mail", "web"], ["web"], ["mail"])):
            reader.channels = channels

    def begin(self, **keys):
        routes = [{"name": "all", "to": ["clerk"]},
                  {"name": "town", "level": "yellow", "areas": [model.AREA], "rules": model.BRANCH_RULES, "to": ["town"]},
                  {"name": "red", "level": "red", "to": ["chief"]}]
        people = [self.person("clerk", "mail", "web"), self.person("town", "web", when="daily 12:05"),
                  self.person("chief", "mail")]
        # Noon: the day's events. A quarter past: what is told of it, gathered for ten minutes.
        daemon = self.daemon(people=people, routes=routes, notice_gather=600, **keys)
        self.set_clock(moment("2022-01-01"))
        daemon.start()
        return daemon

    def of_day(self, day):
        """In the order recorded, each as soon as the calendar allows: a correction may be dated before what it corrects."""
        if not self.by_day:
            last = "2022-01-01"
            for e in self.events:
                last = max(last, e["at"][:10])
                self.by_day[last].append(e)
        return self.by_day[day]

    def test_everybody_is_told_everything_once(self):
        self.begin()
        for day in self.days("2022-01-01", UNTIL):
            self.set_clock(moment(day))
            self.record(self.of_day(day))
            self.evaluated()
            self.set_clock(moment(day, 12, 15))
            self.quiet()
        history, messages, repeats = self.compare(self.readers, UNTIL)
        self.assertEqual(repeats, 0)
        self.assertGreater(len(history), 20)
        self.assertEqual(self.muster("notices", "--failed").stdout, "nothing has failed\n")

    def bad(self):
        """A channel that fails three times in four, in every way; now and then it takes all and never answers."""
        draw = random.Random(self.seed)
        words = {"mail": ["451", "421@rcpt", "drop", "lose", "ok"], "web": ["500", "429", "drop", "lose", "ok"]}
        self.stalls = collections.Counter()

        def draw_word(kind):
            word = "stall" if draw.random() < STALLS else draw.choice(words[kind])
            self.stalls[kind] += word == "stall"
            return word

        self.mail.behave, self.web.behave = (lambda _: draw_word("mail")), (lambda _: draw_word("web"))

    def pass_the_day(self, day, draw):
        """Hour by hour, so that what failed is tried again; now and then the daemon dies."""
        for hour in range(12, 24, 3 if FULL else 6):
            self.set_clock(moment(day, hour, 15))
            if draw.random() < KILLS or (hour == 12 and day in ("2022-01-31", "2022-02-11")):
                self.d.kill()
                self.d.start()
                self.kills += 1
            self.evaluated()
            time.sleep(draw.random() * 0.03)

    def test_bad_servers_and_a_daemon_that_is_killed(self):
        self.seed = int(os.environ.get("MUSTER_TEST_SEED") or random.randrange(1 << 30))
        print(f"MUSTER_TEST_SEED={self.seed}", file=sys.stderr)
        draw = random.Random(self.seed)
        self.kills = 0
        self.begin(notice_tries=100, timeout=1)
        self.bad()
        for day in self.days("2022-01-01", UNTIL):
            self.set_clock(moment(day))
            self.record(self.of_day(day))
            self.evaluated()
            self.pass_the_day(day, draw)
        self.mail.refuse(), self.web.refuse()
        self.evaluated()
        self.mail.behave = self.web.behave = "ok"
        self.mail.listen(), self.web.listen()
        with Client(self.d.endpoint) as client:
            client.call("retry")
        self.drain()
        history, messages, repeats = self.compare(self.readers, UNTIL)
        print(f"{self.kills} kills, {repeats} repeats, {len(messages)} messages", file=sys.stderr)
        print(f"stalled: {dict(self.stalls)}", file=sys.stderr)
        self.assertTrue(self.stalls["mail"] + self.stalls["web"] > 0, "nothing stalled: the test does not test")
        self.assertGreater(self.kills, 1)
        self.assertGreater(repeats, 0, "nothing came twice: the test does not test")

    def drain(self):
        """The longest interval between two tries is seven and a half hours; digests of the next days do not count."""
        with Client(self.d.endpoint) as client:
            for _ in range(30):
                if client.status()["notices"]["sending"] == 0:
                    return
                self.set_clock(self.at + datetime.timedelta(hours=4))
                client.call("alerts", limit=1)
                time.sleep(0.3)
            self.fail(f"still sending: {list(client.rows('notices', state='sending'))[:3]}")


class Moments(Notices):
    def found(self, count, first=1):
        return [event("branch.founded", "2021-01-05", branch=f"B-{i:03d}", name=f"支部{i}", form="joint", sector="enterprise",
                      area="450312001") for i in range(first, first + count)]

    def meetings(self, branches, day, kinds=("theme_day", "general_meeting", "committee_meeting", "lecture")):
        return [event("meeting", day, branch=branch, kinds=list(kinds), present_count=5) for branch in branches]

    def routes(self, *to, **more):
        return [{"name": "all", "to": list(to), **more}]

    def test_a_one_time_word(self):
        """In a personal message only, for its alert and its recipient, and once."""
        self.daemon(people=[self.person("clerk", "mail", "web"), self.person("chief", "mail")],
                    routes=self.routes("clerk", "chief"))
        self.set_clock(moment("2022-01-05"))
        self.d.start()
        self.record(self.found(2))
        self.quiet()
        self.go(moment("2022-02-11", 12))
        self.quiet()
        self.assertNotIn(b'"word"', b"".join(got.body for got in self.web.taken))
        of = {got.to[0]: re.findall(r"ack --word (\S+)", got.text) for got in self.mail.taken}
        clerks, chiefs = of["clerk@example.org"], of["chief@example.org"]
        self.assertTrue(clerks and chiefs and not set(clerks) & set(chiefs))
        word = clerks[0]
        number = int(word.split("-")[0])
        forged = word[:-1] + ("0" if word[-1] != "0" else "1")
        refused = self.muster("alert", "ack", "--word", forged)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("no word for alert", refused.stderr)
        other = next(w for w in clerks if int(w.split("-")[0]) != number)
        self.assertEqual(self.muster("alert", "ack", str(number), "--word", other).returncode, 1)
        self.assertEqual(self.muster("alert", "ack", "--word", "nonsense").returncode, 2)
        done = self.muster("alert", "ack", "--word", f" {word.upper()} ", "--note", "seen")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        again = self.muster("alert", "ack", "--word", word)
        self.assertEqual(again.returncode, 1)
        self.assertIn("used already", again.stderr)
        chief = next(w for w in chiefs if int(w.split("-")[0]) == number)
        self.assertEqual(self.muster("alert", "ack", "--word", chief).returncode, 0)
        self.go(moment("2022-03-20", 12))
        self.assertIn("good until", self.muster("alert", "ack", "--word", other).stderr)
        self.d.stop()
        rebuilt = self.d.start(arguments=["--rebuild"])
        self.assertEqual(self.muster("verify").returncode, 0, rebuilt.log()[-500:])
        self.assertIn("used already", self.muster("alert", "ack", "--word", word).stderr)

    def test_the_first_of_a_month(self):
        """400 branches have missed the theme day of January: one message, worst first, and no more than it can hold."""
        self.daemon(people=[self.person("clerk", "mail", "web")], routes=self.routes("clerk"))
        self.set_clock(moment("2022-01-05"))
        self.d.start()
        self.record(self.found(400))
        self.quiet()
        self.go(moment("2022-02-10", 23))
        self.quiet()
        before = len(self.web.taken)
        self.go(moment("2022-02-11", 0, 1))
        self.quiet()
        got = self.web.taken[before:]
        self.assertEqual(len(got), 1)
        message = got[0].json
        self.assertGreaterEqual(message["open"]["yellow"], 400)
        self.assertEqual(len(message["items"]), 200)
        self.assertEqual(sum(item["count"] for item in message["items"]) + message["more"], sum(message["open"].values()))
        with Client(self.d.endpoint) as client:
            self.assertEqual(client.status()["notices"]["waiting"], 0)

    def test_a_trickle_is_one_message(self):
        """What opens while the first of it is being gathered goes out with it, not minutes later one by one."""
        self.daemon(people=[self.person("clerk", "web")], routes=self.routes("clerk"), notice_gather=600)
        self.set_clock(moment("2022-02-11"))
        self.d.start()
        for number, minute in enumerate((0, 3, 6, 9), 1):
            self.set_clock(moment("2022-02-11", 12, minute))
            self.record(self.found(1, first=number))
            self.evaluated()
        self.set_clock(moment("2022-02-11", 12, 11))
        self.quiet()
        [message] = [got.json for got in self.web.taken]
        self.assertEqual({item["branch"] for item in message["items"]}, {f"B-{number:03d}" for number in range(1, 5)})
        with Client(self.d.endpoint) as client:
            self.assertEqual(client.status()["notices"]["waiting"], 0)

    def test_off_for_forty_days(self):
        """One summary; and not a word of the branches that the 500 waiting events cover."""
        self.daemon(people=[self.person("clerk", "web"), self.person("chief", "mail", when="daily 08:00")],
                    routes=self.routes("clerk", "chief"), settle=10)
        self.set_clock(moment("2022-01-05"))
        self.d.start()
        self.record(self.found(60))
        branches = [f"B-{i:03d}" for i in range(1, 61)]
        self.record(self.meetings(branches, "2022-01-05", ("general_meeting", "lecture")))
        self.quiet()
        told_before = len(self.web.taken)
        self.d.stop()
        self.set_clock(moment("2022-02-14", 7))
        self.d.start()
        covered = branches[:50]
        self.record([e for day in range(10, 20) for e in self.meetings(covered, f"2022-01-{day:02d}", ["theme_day"])])
        self.quiet()
        self.set_clock(moment("2022-02-14", 9))
        self.quiet()
        got = [m.json for m in self.web.taken[told_before:]]
        self.assertEqual([(m["kind"], m["off_days"]) for m in got], [("summary", 40)])
        about = {(item.get("subject") or {}).get("branch") for item in got[0]["items"]}
        self.assertTrue(about and not about & set(covered), about)
        self.assertLessEqual(about, set(branches[50:]))
        self.assertEqual(len(self.mail.taken), 1, "one summary, at the hour of the digest")
        self.assertIn("was off for 40 days", self.mail.taken[0].text)

    def test_the_ladder_and_acknowledgements(self):
        people = [self.person("clerk", "web", above="town", after="7d"), self.person("town", "web", above="chief", after="3d"),
                  self.person("chief", "web")]
        self.daemon(people=people, routes=self.routes("clerk"))
        self.set_clock(moment("2022-02-01"))
        self.d.start()
        self.record(self.found(1))
        self.record(self.meetings(["B-001"], "2022-01-10", ("general_meeting", "lecture")))
        told = lambda: [(m.json["recipient"], [i["kind"] for i in m.json["items"]]) for m in self.web.taken]
        self.go(moment("2022-02-11"))
        self.quiet()
        self.assertEqual(told(), [("clerk", ["opened"])])
        alert = self.web.taken[0].json["items"][0]["alert"]
        for day in self.days("2022-02-12", "2022-02-20"):
            self.set_clock(moment(day))
            self.quiet()
        self.assertEqual(told(), [("clerk", ["opened"]), ("town", ["escalated"])])
        self.record([event("alert.acknowledged", "2022-02-20", alert=alert, until="2022-03-05")])
        for day in self.days("2022-02-21", "2022-03-05"):
            self.set_clock(moment(day))
            self.quiet()
        self.assertEqual(len(told()), 2, "acknowledged: nobody is told again, nor one step up")
        routes = self.muster("routes", alert, "--json").stdout.splitlines()
        self.assertEqual([json.loads(line)["to"] for line in routes], ["clerk", "town", "chief"])
        self.assertIn("after 3 days unacknowledged", self.muster("routes", alert).stdout)
        self.set_clock(moment("2022-03-06"))
        self.quiet()
        self.assertEqual(sorted(told()[2:]), [("clerk", ["opened"]), ("town", ["opened"])], "over: both are told again")
        for day in self.days("2022-03-07", "2022-03-09"):
            self.set_clock(moment(day))
            self.quiet()
        self.assertEqual(told()[4:], [("chief", ["escalated"])])
        self.record(self.meetings(["B-001"], "2022-03-09", ("theme_day",)))
        self.quiet()
        self.assertEqual(sorted(told()[5:]), [("chief", ["closed"]), ("clerk", ["closed"]), ("town", ["closed"])])

    def test_what_fails_is_told_by_another_channel(self):
        self.daemon(people=[self.person("clerk", "web", "log"), self.person("gone", "mail")],
                    routes=self.routes("gone"), notice_tries=3)
        self.mail.behave = "550"
        self.set_clock(moment("2022-02-11"))
        self.d.start()
        self.record(self.found(1))
        self.quiet()
        self.web.wait(1)
        message = self.web.taken[0].json
        self.assertEqual((message["kind"], message["items"][0]["kind"]), ("failed", "undelivered"))
        self.assertEqual(message["items"][0]["subject"], {"recipient": "gone"})
        failed = [json.loads(line) for line in self.muster("notices", "--failed", "--json").stdout.splitlines()]
        self.assertTrue(failed and all(row["to"] == "gone" and row["tries"] == 1 for row in failed))
        self.assertIn("550", failed[0]["error"])
        self.assertNotIn("gone@example.org", self.d.log())
        check = self.muster("status", "--check")
        self.assertEqual((check.returncode, check.stdout[:14]), (1, "MUSTER WARNING"))
        self.assertEqual(self.muster("notices", "forget", "4711").returncode, 1)
        forgotten = self.muster("notices", "forget", str(failed[0]["message"]))
        self.assertEqual((forgotten.returncode, forgotten.stdout), (0, "1 forgotten\n"))
        self.assertEqual(self.muster("status", "--check").returncode, 0)
        self.assertEqual(self.muster("notices", "forget").stdout, "nothing has failed\n")
        self.assertIn("forgotten", self.muster("notices", "--state", "forgotten").stdout)
        self.record(self.found(1, first=2))
        self.quiet()
        failed = [json.loads(line) for line in self.muster("notices", "--failed", "--json").stdout.splitlines()]
        self.mail.behave = "ok"
        key = failed[0]["key"]
        self.assertIn("1", self.muster("notices", "retry").stdout)
        self.mail.wait(1)
        self.assertEqual(self.mail.taken[0].key, key)
        self.quiet()
        self.assertEqual(self.muster("notices", "--failed").stdout, "nothing has failed\n")
        self.assertEqual(self.muster("notices", "retry", "4711").returncode, 1)

    def test_a_full_disk_after_sending(self):
        """What was sent and cannot be noted is not sent again every second: it is noted when the disk can be written."""
        self.web.behave = "slow"
        daemon = self.daemon(timeout=5, people=[self.person("clerk", "web")], routes=[{"name": "all", "to": ["clerk"]}]).start()
        self.record([event("branch.founded", "2022-01-05", branch="B-1", name="一", form="own", sector="enterprise")])
        wait_until(lambda: self.web.tries, "the first try")
        bound = resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, (4096, bound[1]))
        wait_until(lambda: "cannot be worked on" in daemon.log(), "the failure")
        first = self.web.tries
        time.sleep(3)  # retried each second
        self.assertEqual(self.web.tries, first)
        resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, bound)
        self.quiet()
        keys = [got.key for got in self.web.taken]
        self.assertEqual(len(keys), len(set(keys)))

    def test_a_channel_that_is_gone(self):
        """What is for it has failed, also what is made into messages after it went."""
        count = 200
        self.web.behave = "500"
        people = [self.person(f"p{i}", "web") for i in range(count)]
        routes = [{"name": f"r{i}", "to": [p["name"] for p in people[i::4]]} for i in range(4)]
        daemon = self.daemon(people=people, routes=routes, administrator="p0").start()
        self.record([event("branch.founded", "2022-01-05", branch="B-1", name="一", form="own", sector="enterprise")])
        with Client(daemon.endpoint) as client:
            wait_until(lambda: client.status()["notices"]["waiting"] >= count, "the messages")
            mail = [self.person(p["name"], "mail") for p in people]
            daemon.write_config(people=mail, channels=[c for c in daemon.keys["channels"] if c["name"] == "mail"])
            daemon.reload()
            daemon.wait_log("read anew")
            client.record([event("meeting", "2022-01-06", branch="B-1", kinds=["lecture"], present_count=1)])
            wait_until(lambda: client.status()["notices"]["failed"] == count, "all to have failed")

    def test_tries_grow_apart_and_end(self):
        self.daemon(people=[self.person("clerk", "web"), self.person("gone", "mail")], routes=self.routes("gone"),
                    notice_tries=3)
        self.mail.refuse()
        self.set_clock(moment("2022-02-11"))
        self.d.start()
        self.record(self.found(1))
        self.evaluated()
        with Client(self.d.endpoint) as client:
            for tries in (1, 2):
                row = wait_until(lambda: next((r for r in client.rows("notices") if r.get("tries") == tries), None),
                                 f"{tries} tries")
                self.assertEqual(row["state"], "sending")
                self.set_clock(self.at + datetime.timedelta(seconds=45 * tries))
            wait_until(lambda: next(client.rows("notices", state="failed"), None), "it to fail")
        self.web.wait(1)

    def test_what_was_told_long_ago_is_deleted(self):
        """Of alerts that are over, and told: not what is open, waits or failed. The numbers are not given again."""
        self.daemon(people=[self.person("clerk", "web", "log"), self.person("gone", "mail", when="monday 08:00")],
                    routes=[*self.routes("clerk"), {"name": "two", "branches": ["B-002"], "to": ["gone"], "when": "now"}],
                    notice_keep=30)
        self.mail.behave = "550"
        self.set_clock(moment("2022-02-11"))
        self.d.start()
        self.record(self.found(2))
        self.quiet()
        self.record(self.meetings(["B-001"], "2022-02-10"))
        self.quiet()
        with Client(self.d.endpoint) as client:
            before = {row["notice"]: row for row in client.rows("notices")}
            over = {row["alert"] for row in before.values() if row["what"] == "closed"}
            self.assertTrue(over and any(row["state"] == "failed" for row in before.values()))
            failed = client.status()["notices"]["failed"]
            self.go(moment("2022-03-12"))
            self.quiet()
            kept = {row["notice"] for row in client.rows("notices")}
            self.assertLessEqual(set(before), kept, "29 days later all is there")
            self.go(moment("2022-03-14"))
            self.evaluated()
            gone = {number for number, row in before.items() if row.get("alert") in over} - {max(before)}
            self.assertTrue(gone)
            wait_until(lambda: not gone & {row["notice"] for row in client.rows("notices")}, "the old ones to go")
            kept = {row["notice"] for row in client.rows("notices")}
            open_ = {number for number, row in before.items() if row.get("alert", 0) not in over and "alert" in row}
            self.assertTrue(open_)
            self.assertLessEqual(open_, kept)
            self.assertEqual(client.status()["notices"]["failed"], failed)
            self.record(self.meetings(["B-002"], "2022-02-10"))
            self.quiet()
            new = [row for row in client.rows("notices") if row["notice"] not in kept]
            self.assertTrue(any(row["what"] == "closed" and row["to"] == "clerk" for row in new), "told of the opening long ago")
            self.assertGreater(min(row["notice"] for row in new), max(kept))

    def test_a_rehearsal_sends_nothing(self):
        self.daemon(people=[self.person("clerk", "mail", "web")], routes=self.routes("clerk"))
        self.d.start(rehearse="2022-02-11")
        self.record(self.found(1))
        self.evaluated()
        with Client(self.d.endpoint) as client:
            rows = wait_until(lambda: list(client.rows("notices", state="listed")), "what would be told")
        self.assertEqual({(row["to"], row["by"]) for row in rows}, {("clerk", "mail"), ("clerk", "web")})
        time.sleep(0.3)
        self.assertEqual((self.mail.tries, self.web.tries), (0, 0))

    def test_no_reports_is_not_inactive(self):
        """From one township nobody has reported for a fortnight, in the other one branch misses its theme day."""
        self.daemon(people=[self.person("clerk", "web")], routes=self.routes("clerk"), silence_of_reporters=14)
        self.set_clock(moment("2022-01-05"))
        self.d.start()
        near, far = self.found(5), self.found(5, first=11)
        for one in far:
            one["area"] = "450312009"
        self.record(near + far)
        every = ("general_meeting", "lecture")
        self.record(self.meetings([e["branch"] for e in near + far], "2022-01-05", every))
        self.go(moment("2022-02-08"))
        self.record(self.meetings([e["branch"] for e in near[:4]], "2022-01-20", ["theme_day"]))  # late, and a report
        self.go(moment("2022-02-11", 0, 1))
        self.quiet()
        [message] = [got.json for got in self.web.taken]
        by_kind = {item["kind"]: item for item in message["items"]}
        self.assertEqual(set(by_kind), {"opened", "no_reports"}, message["items"])
        self.assertEqual(by_kind["opened"]["subject"], {"branch": "B-005"})
        silent = by_kind["no_reports"]
        self.assertEqual((silent["subject"], silent["count"], silent["since"]), ({"area": "450312009"}, 5, "2022-01-05"))
        self.assertEqual(len(silent["alerts"]), 5)
        with Client(self.d.endpoint) as client:
            rows = {row["subject"]["branch"]: row.get("no_reports", False) for row in client.rows("alerts")}
            self.assertEqual({ref for ref, silent in rows.items() if silent}, {e["branch"] for e in far})
            self.assertIn("B-005", rows)
            board = {row["branch"]: row.get("no_reports", False) for row in client.rows("board")}
            self.assertEqual({ref for ref, silent in board.items() if silent}, {e["branch"] for e in far})
        self.assertIn("no reports", self.muster("alerts").stdout)
        self.assertIn("no reports", self.muster("board").stdout)
        self.record(self.meetings([far[0]["branch"]], "2022-02-11", ["theme_day"]))
        self.quiet()
        with Client(self.d.endpoint) as client:
            wait_until(lambda: not any(row.get("no_reports") for row in client.rows("alerts")), "a report to count")

    def test_nothing_is_written_without_routes(self):
        self.daemon(administrator=None)
        self.set_clock(moment("2022-02-11"))
        self.d.start()
        self.record(self.found(2))
        self.evaluated()
        with Client(self.d.endpoint) as client:
            self.assertGreater(sum(client.status()["alerts"].values()), 0)
            self.assertEqual(client.status()["notices"], {"waiting": 0, "sending": 0, "failed": 0})
            self.assertEqual(list(client.rows("notices")), [])
            alert = next(client.rows("alerts"))["alert"]
        self.assertEqual(self.muster("routes", alert).stdout, "nobody is told of this alert\n")

    def test_branches_that_there_are_not(self):
        """What the configuration alone cannot say: --check-config and a reload look into the ledger."""
        people = [self.person("clerk", "log")]
        self.daemon(people=people, routes=self.routes("clerk"))
        self.set_clock(moment("2022-02-11"))
        self.d.start()
        self.record(self.found(3))
        for pattern, said in (("B-0[12]", "is no pattern"), ("B-0?9", 'no branch is of the pattern "B-0?9"'),
                              ("B-00l", 'there is no branch "B-00l" (did you mean "B-00')):
            self.d.write_config(routes=[*self.routes("clerk"), {"name": "x", "branches": [pattern], "to": ["clerk"]}])
            checked = self.d.run("--check-config")
            self.assertEqual(checked.returncode, 1)
            self.assertRegex(checked.stderr, r"muster.conf:\d+: ")
            self.assertIn(said, checked.stderr)
            at = len(self.d.log())
            self.d.reload()
            self.d.wait_log("the configuration was not changed", after=at)
        self.d.write_config(routes=[*self.routes("clerk"), {"name": "x", "areas": ["450312", "4503129"], "to": ["clerk"]}])
        self.assertIn('no branch or unit is in the area "4503129"', self.d.run("--check-config").stderr)
        self.d.write_config(routes=[*self.routes("clerk"), {"name": "x", "branches": ["B-00?"], "areas": ["450312001", "*"], "to": ["clerk"]}])
        self.assertEqual(self.d.run("--check-config").returncode, 0)


if __name__ == "__main__":
    unittest.main()
