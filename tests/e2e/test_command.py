"""The command against the real daemon: every verb, every form of output, every exit status."""

import csv
import fcntl
import io
import json
import os
import pty
import struct
import subprocess
import termios
import threading
import unicodedata
import unittest

import harness
from harness import Daemon, event, new_id, wait_until

TODAY = "2022-12-31"


class Command(unittest.TestCase):
    """One rehearsal daemon with a small district for all tests of a class."""

    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon(rehearse=TODAY, settle=0)
        cls.daemon.start()
        with cls.daemon.client() as client:
            client.record(cls.district())
        cls.daemon.wait_evaluated()

    @classmethod
    def tearDownClass(cls):
        cls.daemon.stop()
        cls.daemon.clean_up()

    @classmethod
    def district(cls):
        events = [event("unit.registered", "2021-01-01", unit="U1", name="Harbour works", sector="enterprise", area="450312001")]
        for number in (1, 2):
            events.append(event("branch.founded", "2021-02-01", branch=f"B-{number}", name=f"第{number}支部", form="own",
                                sector="enterprise", area="450312001", units=["U1"] if number == 1 else []))
            for member in range(1, 5):
                events.append(event("member.admitted", "2021-02-01", member=f"M{number}{member}", name=f"党员{number}{member}",
                                    branch=f"B-{number}", stage="full", new=False))
        events.append(event("meeting", "2022-01-10T15:00:00+08:00", branch="B-1", kinds=["theme_day"], present=["M11", "M12"]))
        return events

    def run_ok(self, *arguments, **options):
        done = self.daemon.muster(*arguments, **options)
        self.assertEqual(done.returncode, 0, f"{arguments}: {done.stdout}{done.stderr}")
        return done

    def rows(self, *arguments, **options):
        return [json.loads(line) for line in self.run_ok(*arguments, "--json", **options).stdout.splitlines()]

    def record(self, *arguments):
        (row,) = self.rows(*arguments)
        self.assertEqual(row["status"], "recorded")
        return row

    def shown(self, row):
        (whole,) = self.rows("show", "event", row["id"])
        return whole["row"]

    def refused(self, status, says, *arguments, **options):
        done = self.daemon.muster(*arguments, **options)
        self.assertEqual(done.returncode, status, f"{arguments}: {done.stdout}{done.stderr}")
        self.assertIn(says, done.stderr)
        return done


class Recording(Command):
    def test_meeting(self):
        row = self.record("meeting", "B-1", "--kind", "general_meeting,lecture", "--at", "2022-11-05T15:00", "--present",
                          "M11,M12", "--count", 5, "--due", 7, "--absent", "M13=ill", "--with", "B-2", "--title", "八月",
                          "--topic", "a,b", "--topic", "c", "--extra", '{"page": 12}')
        got = self.shown(row)
        wanted = {"type": "meeting", "at": "2022-11-05T15:00:00+08:00", "branch": "B-1",
                  "kinds": ["general_meeting", "lecture"], "present": ["M11", "M12"], "present_count": 5, "due_count": 7,
                  "absent": [{"member": "M13", "reason": "ill"}], "with": ["B-2"], "title": "八月",
                  "topics": ["a,b", "c"], "extra": {"page": 12}}
        self.assertEqual({key: got[key] for key in wanted}, wanted)

    def test_dates_are_the_daemons_and_are_echoed(self):
        done = self.run_ok("contact", "M11", "--channel", "phone", "--at", "yesterday")
        self.assertIn("2022-12-30 (Fri)", done.stdout)
        self.assertIn("--at is 2022-12-30 (Fri)", done.stderr)
        self.assertEqual(self.shown(self.record("contact", "M11", "--channel", "visit", "--at", "-3d"))["at"], "2022-12-28")
        self.assertEqual(self.shown(self.record("contact", "M11", "--channel", "visit", "--at", "11-05"))["at"], "2022-11-05")
        self.assertEqual(self.shown(self.record("contact", "M11", "--channel", "visit"))["at"], TODAY)
        self.refused(2, "no date", "contact", "M11", "--channel", "phone", "--at", "soon")
        self.refused(1, "2022-12-31", "contact", "M11", "--channel", "phone", "--at", "+1d")
        self.refused(2, "--at is missing", "meeting", "B-1", "--kind", "lecture")

    def test_training(self):
        row = self.record("training", "--title", "Safety", "--hours", "1.50", "--at", "2022-11-05", "--branch", "B-1", "--count", 3)
        self.assertEqual(self.shown(row)["hours"], 1.5)

    def test_nearest_ref(self):
        for typed in ("B-l", "b-1", "B1"):
            self.refused(1, f'no branch "{typed}" (did you mean "B-1"?)', "meeting", typed, "--kind", "lecture", "--at", "today")
        self.assertNotIn("did you mean", self.refused(1, "no member", "contact", "nobody-of-ours", "--channel", "phone").stderr)
        # Searching has a bound for all of a batch; what comes after it is refused without a hint.
        strangers = [event("contact", "2022-12-01", member=f"stranger-{number}", channel="phone") for number in range(999)]
        slip = [event("contact", "2022-12-01", member="M1l", channel="phone")]
        with self.daemon.client() as client:
            results = client.call("submit", {"events": strangers + slip})["results"]
            alone = client.call("submit", {"events": slip})["results"]
        self.assertEqual({row["error"]["code"] for row in results}, {"unknown_ref"})
        self.assertNotIn("hint", results[-1]["error"])
        self.assertEqual(alone[0]["error"]["hint"], "M11")

    def test_transfer(self):
        ref = "T-1"
        self.record("transfer", "issue", ref, "--member", "M24", "--to", "B-1", "--at", "2022-12-01")
        self.assertEqual(self.rows("list", "transfers")[-1]["valid_until"], "2023-03-01")
        self.record("transfer", "receive", ref, "--at", "2022-12-05")
        self.record("transfer", "receipt", ref, "--at", "2022-12-10")
        (whole,) = self.rows("show", "transfer", ref)
        self.assertEqual(whole["row"]["state"], "receipted")
        self.assertEqual(len(whole["history"]), 3)
        done = self.run_ok("transfer", "issue", "--member", "M23", "--to-name", "Riverside", "--at", "2022-12-01")
        made = done.stdout.split()[4].rstrip(",")
        self.assertTrue(made.startswith("T-20221231-"), done.stdout)
        self.record("transfer", "cancel", made, "--reason", "stays")
        self.record("transfer", "receive", "T-2", "--from-name", "Riverside", "--member", "M90", "--name", "Li Lei",
                    "--stage", "full", "--branch", "B-1")

    def test_mobility(self):
        self.record("away", "M14", "--destination", "广东", "--fixed", "--at", "2022-10-01")
        self.assertEqual(self.rows("show", "member", "M14")[0]["row"]["presence"], "away")
        self.record("back", "M14", "--at", "2022-10-09")
        self.assertEqual(self.rows("show", "member", "M14")[0]["row"]["presence"], "home")

    def test_registers(self):
        self.record("unit", "register", "U9", "--name", "九", "--sector", "association", "--staff", 12, "--eligible", "--at", "2021-01-01")
        self.record("unit", "change", "U9", "--above-scale=no", "--area", "450312", "--at", "2021-06-01")
        self.record("branch", "found", "B-9", "--name", "九支部", "--form", "joint", "--sector", "association", "--units",
                    "U9,U1", "--committee", "--groups", 2, "--term-started", "2020-01-01", "--at", "2022-01-05")
        self.record("branch", "change", "B-9", "--committee=no", "--at", "2022-02-01")
        self.record("branch", "elect", "B-9", "--term-years", 5, "--at", "2022-03-01")
        self.record("branch", "rate", "B-9", "--cycle", 2022, "--stars", 4, "--score", "91.5")
        row = next(row for row in self.rows("list", "branches") if row["branch"] == "B-9")
        self.assertEqual((row["committee"], row["stars"], row["term_ends"], row["units"]), (False, 4, "2027-03-01", ["U9", "U1"]))
        self.record("member", "admit", "M91", "--name", "韩梅", "--branch", "B-9", "--stage", "probationary", "--new", "--at", "2022-02-01")
        self.record("member", "extend", "M91", "--until", "+90d")
        self.record("member", "change", "M91", "--role", "officer")
        self.record("member", "convert", "M91")
        self.record("member", "move", "M91", "B-1")
        self.record("member", "leave", "M91", "--reason", "resigned")
        self.record("branch", "dissolve", "B-9", "--reason", "merged", "--into", "B-1")
        self.record("unit", "close", "U9", "--reason", "moved")
        self.record("alliance", "form", "A-1", "--name", "Lake", "--branches", "B-1", "--at", "2022-01-01")
        self.record("alliance", "join", "A-1", "--branch", "B-2", "--at", "2022-01-02")
        self.record("alliance", "leave", "A-1", "--branch", "B-2", "--at", "2022-01-03")
        self.assertEqual(self.rows("list", "alliances")[0]["branches"], ["B-1"])
        self.record("office", "take", "committee", "deputy_secretary", "--person", "Han", "--at", "2022-01-02")
        self.assertEqual(self.rows("list", "offices")[0]["person"], "Han")
        self.record("office", "leave", "committee", "deputy_secretary", "--person", "Han")
        self.assertIn("M91", [row["member"] for row in self.rows("list", "members", "--ever")])
        self.assertNotIn("M91", [row["member"] for row in self.rows("list", "members")])

    def test_corrections(self):
        first = self.record("meeting", "B-2", "--kind", "talk", "--at", "2022-06-01", "--count", 3)
        second = self.record("meeting", "B-2", "--kind", "talk", "--at", "2022-06-02", "--count", 4, "--replaces", first["seq"])
        self.assertEqual(self.shown(second)["replaces"], first["id"])
        self.assertEqual(self.shown(first)["replaced_by"], second["id"])
        self.record("void", second["seq"], "--reason", "entered twice")
        self.assertTrue(self.shown(second)["voided_by"])
        self.refused(1, "", "void", second["id"], "--reason", "again")

    def test_the_same_id_again(self):
        arguments = ("contact", "M11", "--channel", "phone", "--at", "2022-11-01", "--id", new_id())
        self.assertEqual(self.record(*arguments)["status"], "recorded")
        (row,) = self.rows(*arguments)
        self.assertEqual(row["status"], "duplicate")
        self.assertIn("was recorded before as", self.run_ok(*arguments).stdout)

    def test_refusals(self):
        done = self.refused(1, "B-l", "meeting", "B-l", "--kind", "lecture", "--at", "2022-11-05")
        self.assertEqual(done.stdout, "")
        (row,) = [json.loads(line) for line in
                  self.daemon.muster("meeting", "B-l", "--kind", "lecture", "--at", "2022-11-05", "--json").stdout.splitlines()]
        self.assertEqual((row["status"], row["error"]["code"], row["error"]["field"]), ("refused", "unknown_ref", "branch"))
        self.refused(1, "theme_day", "meeting", "B-1", "--kind", "theme_dya", "--at", "2022-11-05")
        self.refused(2, 'did you mean "--kind"', "meeting", "B-1", "--knid", "lecture", "--at", "2022-11-05")
        self.refused(2, "whole number", "meeting", "B-1", "--kind", "lecture", "--at", "2022-11-05", "--count", "many")
        self.refused(2, 'did you mean "branch found"', "branch", "fuond", "B-7")
        self.refused(2, 'did you mean "recent"', "recnet")
        self.refused(2, "one word too many", "contact", "M11", "M12", "--channel", "phone")
        self.refused(2, "--json and --csv", "status", "--json", "--csv")


class Submitting(Command):
    def test_a_file(self):
        good = [event("contact", "2022-11-05", member="M11", channel="phone") for _ in range(3)]
        bad = event("contact", "2022-11-05", member="M99", channel="phone")
        path = self.daemon.folder / "events.jsonl"
        path.write_text("".join(json.dumps(item) + "\n" for item in [good[0], bad, good[1]]) + "not json\n" + json.dumps(good[2]))
        done = self.refused(1, f"{path}:2: ", "submit", path)
        self.assertIn(f"{path}:4: ", done.stderr)
        self.assertEqual([line.split("\t")[0] for line in done.stdout.splitlines()],
                         ["recorded", "refused", "recorded", "refused", "recorded"])
        done = self.daemon.muster("submit", path, "--json")
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([row["status"] for row in rows], ["duplicate", "refused", "duplicate", "refused", "duplicate"])
        self.assertEqual([row["id"] for row in rows], [good[0]["id"], bad["id"], good[1]["id"], None, good[2]["id"]])
        self.assertEqual(rows[1]["error"]["code"], "unknown_ref")
        self.assertLessEqual(set(rows[0]), {"id", "status", "seq", "error"})
        done = self.daemon.muster("submit", "-", "--csv", input=path.read_text())
        table = list(csv.DictReader(io.StringIO(done.stdout)))
        self.assertEqual([row["code"] for row in table], ["", "unknown_ref", "", "invalid_value", ""])
        self.assertEqual(self.daemon.muster("submit", path, "--quiet").stdout, "")
        self.refused(2, "No such file", "submit", "/nonexistent")

    def test_many(self):
        events = [event("contact", "2022-11-05", member="M11", channel="phone", note=f"n{number}") for number in range(5000)]
        done = self.run_ok("submit", "-", "--json", input="".join(json.dumps(item) + "\n" for item in events))
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([row["id"] for row in rows], [item["id"] for item in events])
        self.assertEqual([row["seq"] for row in rows], list(range(rows[0]["seq"], rows[0]["seq"] + 5000)))


class Reading(Command):
    @classmethod
    def district(cls):
        events = super().district()
        for number in range(70):
            events.append(event("contact", f"2022-{number % 12 + 1:02}-{number % 28 + 1:02}", member=f"M2{number % 4 + 1}",
                                channel="phone", note=f"={number},\"x\""))
        return events

    def test_recent(self):
        rows = self.rows("recent")
        self.assertEqual(len(rows), 50)
        self.assertEqual([row["at"] for row in rows], sorted((row["at"] for row in rows), reverse=True))
        self.assertTrue({"id", "type", "at", "seq", "recorded_at", "recorded_by"} <= set(rows[0]))
        self.assertIn("21 more", self.daemon.muster("recent", "--json").stderr)
        self.assertIn("... and 21 more", self.run_ok("recent").stdout)
        self.assertEqual(len(self.rows("recent", "--all")), 71)
        self.assertEqual(len(self.rows("recent", "--limit", 3)), 3)
        self.assertEqual([row["type"] for row in self.rows("recent", "--branch", "B-1")], ["meeting"])
        self.assertEqual([row["type"] for row in self.rows("recent", "--kind", "theme_day")], ["meeting"])
        self.assertEqual(self.rows("recent", "--since", "2022-12-31"), [])
        self.assertEqual(len(self.rows("recent", "--type", "any", "--all", "--until", "2021-12-31")), 11)
        self.refused(1, "B-7", "recent", "--branch", "B-7")

    def test_forms(self):
        table = self.run_ok("list", "branches").stdout.splitlines()
        self.assertTrue(table[0].startswith("BRANCH"))
        self.assertEqual(len(table), 3)
        # Chinese characters are two columns wide, as their bytes are in GB18030.
        self.assertEqual(len({line.encode("gb18030").find(b" own ") for line in table[1:]}), 1)
        done = self.run_ok("recent", "--type", "contact", "--limit", 2, "--csv", "--bom")
        self.assertTrue(done.stdout.startswith("\ufeffat,type,branch"))
        for row in csv.DictReader(io.StringIO(done.stdout.lstrip("\ufeff"))):
            self.assertTrue(row["note"].startswith("'="), row["note"])
            self.assertTrue(row["note"].endswith(',"x"'))
        self.assertIn("支部", self.run_ok("list", "branches", environment={"LC_ALL": "zh_CN.UTF-8"}).stdout.splitlines()[0])

    def test_lists(self):
        self.assertEqual([row["branch"] for row in self.rows("list", "branches")], ["B-1", "B-2"])
        self.assertEqual(len(self.rows("list", "members", "--branch", "B-2")), 4)
        self.assertEqual(self.rows("list", "units")[0]["covered"], True)
        self.assertEqual(self.rows("list", "branches", "--as-of", "2021-01-15"), [])
        for what in ("transfers", "alliances", "offices", "exemptions"):
            self.assertEqual(self.rows("list", what), [])
        self.refused(2, 'did you mean "branches"', "list", "branchs")

    def test_show(self):
        (whole,) = self.rows("show", "branch", "B-1")
        self.assertEqual(whole["row"]["members"], 4)
        self.assertEqual(whole["history"][0]["type"], "meeting")
        text = self.run_ok("show", "branch", "B-1").stdout
        self.assertIn("History", text)
        self.refused(1, "B-7", "show", "branch", "B-7")
        self.refused(2, 'did you mean "branch"', "show", "brnch", "B-1")

    def test_status(self):
        (status,) = self.rows("status")
        for key in ("version", "ledger", "events", "seq", "head", "today", "rehearsal", "settling", "queue", "counters", "errors"):
            self.assertIn(key, status)
        self.assertEqual((status["today"], status["rehearsal"]), (TODAY, True))
        done = self.run_ok("status", "--check")
        self.assertTrue(done.stdout.startswith("MUSTER OK - "), done.stdout)
        self.assertIn("REHEARSAL", done.stderr)

    def screen(self, *arguments, columns=60, **environment):
        leader, follower = pty.openpty()
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        process = subprocess.Popen([harness.binary("muster"), "--server", self.daemon.endpoint, *arguments], stdout=follower,
                                   stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
                                   env={**os.environ, "LC_ALL": "C.UTF-8", "TERM": "xterm", **environment})
        os.close(follower)
        seen = b""
        while True:
            try:
                block = os.read(leader, 65536)
            except OSError:
                break
            if not block:
                break
            seen += block
        os.close(leader)
        self.assertEqual(process.wait(), 0)
        return seen.decode()

    #: A name that is nearly right, and what is meant; %s: a file of its own.
    NEARLY = [
        ("lsit", "list"), ("help lsit", "list"), ("branch fuond", "branch found"), ("outbox sned", "outbox send"), ("list branhces", "branches"),
        ("list branches --limt 3", "--limit"), ("show memebr M1", "member"), ("recent --type meetng", "meeting"),
        ("recent --kind lectrue", "lecture"), ("explain branch-meeting brnch:B-1", "branch"), ("report --format docs", "docx"),
        ("report --denominator eligable", "eligible"), ("meeting B-1 --kind lectrue --at 2022-11-05", "lecture"),
        ("contact M1 --channel phnoe", "phone"), ("branch found B-9 --name x --form genral --sector enterprise", "general"),
        ("import %s --as metings", "meetings"), ("import %s --set brnch=B-1", "branch"), ("import %s --map 时問=at", "时间"),
        ("import %s --map 时间=present_cuont --set at=2022-11-05", "present_count"), ("import %s --yes", "主题党日"),
    ]
    NEARLY_SHEET = "支部,会议类型,时间\nB-1,主题党曰,2022-11-05 15:00\n"

    def test_a_name_nearly_right_is_answered_with_the_right_one(self):
        for line, meant in self.NEARLY:
            with self.subTest(line=line):
                sheet = self.daemon.folder / "nearly.csv"
                sheet.write_text(self.NEARLY_SHEET, encoding="utf-8")
                done = self.daemon.muster(*[str(sheet) if word == "%s" else word for word in line.split()])
                self.assertIn(done.returncode, (1, 2))
                self.assertIn(f'(did you mean "{meant}"?)', done.stderr)
        for option, meant in (("--rebiuld", "--rebuild"), ("--confg=x", "--config")):
            run = subprocess.run([harness.binary("musterd"), option], capture_output=True, text=True, check=False)
            self.assertEqual(run.returncode, 2)
            self.assertIn(f'(did you mean "{meant}"?)', run.stderr)
        run = subprocess.run([harness.binary("musterd"), "--rebuild", "-xh"], capture_output=True, text=True, check=False)
        self.assertEqual((run.returncode, run.stderr), (2, "musterd: no option -x; see musterd --help\n"))

    def test_it_greets_on_a_terminal(self):
        counts = self.client_status()["alerts"]
        seen = self.screen(columns=160)
        self.assertIn(f"today {TODAY}", seen)
        self.assertIn(f"{counts['red']} red, {counts['yellow']} yellow, {counts['notice']} to be noted", seen)
        self.assertIn("muster explain NUMBER", seen)
        self.assertIn(f"今天是 {TODAY}", self.screen("--lang", "zh", columns=160))
        self.assertIn("usage: muster VERB", self.screen("--help"))
        self.assertIn("usage: muster VERB", self.run_ok().stdout)  # to a pipe
        self.assertIn("usage: muster VERB", self.screen("--server", "/nonexistent/socket", "--timeout", "0.2"))

    def answered(self, answer, *arguments):
        """What is said on a terminal where `answer` is typed, and the exit status."""
        leader, follower = pty.openpty()
        process = subprocess.Popen([harness.binary("muster"), "--server", self.daemon.endpoint, *arguments], stdin=follower,
                                   stdout=subprocess.PIPE, stderr=follower, env={**os.environ, "LC_ALL": "C.UTF-8"})
        os.write(leader, answer.encode())
        said = process.communicate(timeout=30)[0].decode()
        os.close(follower)
        seen = b""
        try:
            while block := os.read(leader, 65536):
                seen += block
        except OSError:
            pass
        os.close(leader)
        return said, seen.decode(), process.returncode

    def test_the_unusual_is_asked_about(self):
        """A meeting of most of a year ago is mostly a slip in the year."""
        meeting = ("meeting", "B-1", "--kind", "lecture")
        old = ("--at", "2022-02-11")
        said, seen, status = self.answered("n\n", *meeting, *old)
        self.assertIn("2022-02-11 is 10 months back. Is that meant? [y/N]", seen)
        self.assertIn("nothing was recorded", seen)
        self.assertEqual((said, status), ("", 2))
        said, seen, status = self.answered("y\n", *meeting, *old)
        self.assertEqual(status, 0, seen)
        self.assertIn("recorded as", said)
        said, seen, status = self.answered("", *meeting, *old, "--yes")
        self.assertEqual((status, "Is that meant" in seen), (0, False), seen)
        self.assertEqual(self.answered("", *meeting, "--at", "2022-11-11")[2], 0)
        self.run_ok(*meeting, *old)  # nobody is there to be asked

    def client_status(self):
        return self.rows("status")[0]

    def test_a_terminal(self):
        """Colour, cutting, and no raw control character, as a person sees it."""
        seen = self.screen("alerts")
        self.assertIn("\x1b[31m", seen)
        self.assertTrue(all(len(line) <= 60 + len("\x1b[31m\x1b[0m") for line in seen.splitlines()), seen)
        self.assertNotIn("\x1b", self.screen("alerts", NO_COLOR="1"))

    def test_windows(self):
        """Every table fits, in either language; names and rules can be read where long texts are cut."""
        def width(text):
            return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
        for columns in (60, 80, 100):
            for lang in ("en", "zh"):
                for command in (("alerts",), ("due", "--within", "60d"), ("list", "branches"), ("list", "units"), ("recent",),
                                ("list", "members"), ("rules",)):
                    with self.subTest(columns=columns, lang=lang, command=command):
                        seen = self.screen(*command, "--lang", lang, columns=columns, NO_COLOR="1").replace("\r", "")
                        self.assertTrue(all(width(line) <= columns for line in seen.splitlines()), seen)
        due = self.screen("due", "--within", "60d", columns=100, NO_COLOR="1")
        self.assertIn("第1支部", due)
        self.assertRegex(due, r"Review of members every year .*…")
        self.assertIn("第1支部", self.screen("due", "--within", "60d", columns=80, NO_COLOR="1"))


class Alerts(Command):
    def number(self, rule, **subject):
        return next(row["alert"] for row in self.rows("alerts") if row["rule"] == rule and row["subject"] == subject)

    def test_alerts(self):
        rows = self.rows("alerts")
        self.assertTrue(rows)
        row = next(row for row in rows if row["rule"] == "theme-day" and row["subject"] == {"branch": "B-1"})
        self.assertEqual((row["level"], row["since"], row["branch"], row["state"]), ("red", "2022-03-11", "B-1", "open"))
        self.assertEqual(row["last"]["type"], "meeting")
        order = ["red", "yellow", "notice"]
        self.assertEqual([row["level"] for row in rows], sorted((row["level"] for row in rows), key=order.index))
        self.assertTrue(all(row["level"] == "red" for row in self.rows("alerts", "--level", "red")))
        self.assertEqual({row["rule"] for row in self.rows("alerts", "--rule", "theme-day")}, {"theme-day"})
        as_of = self.rows("alerts", "--as-of", "2022-04-30")
        self.assertTrue(as_of and all(row["alert"] is None and row["since"] <= "2022-04-30" for row in as_of))
        self.assertEqual(len(self.rows("alerts", "--limit", 2)), 2)
        self.assertEqual(self.rows("alerts", "--level", "红牌"), self.rows("alerts", "--level", "red"))
        self.assertEqual(self.rows("recent", "--kind", "主题党日"), self.rows("recent", "--kind", "theme_day"))
        self.assertIn("more (--all", self.run_ok("alerts", "--limit", 2).stdout)
        self.refused(2, "level", "alerts", "--level", "purple")

    def test_staff_at_work(self):
        number = self.number("lecture", branch="B-2")
        self.record("alert", "ack", number, "--until", "+14d", "--note", "visited")
        row = next(row for row in self.rows("alerts") if row["alert"] == number)
        self.assertEqual((row["state"], row["acknowledged"]["note"], row["acknowledged"]["until"]),
                         ("acknowledged", "visited", "2023-01-14"))
        self.record("alert", "note", number, "secretary is ill")
        self.assertIn("secretary is ill", self.run_ok("explain", number).stdout)
        self.record("exempt", "grant", "X-1", "--branch", "B-2", "--rules", "lecture", "--until", "2023-06-30", "--reason", "closed")
        wait_until(lambda: number not in [row["alert"] for row in self.rows("alerts")], "the alert to close")
        self.assertEqual(self.rows("list", "exemptions")[0]["exemption"], "X-1")
        self.assertIn(number, [row["alert"] for row in self.rows("alerts", "--closed")])
        (why,) = self.rows("explain", "lecture", "B-2")
        self.assertEqual((why["open"], why["exempt"], why["exempt_until"], why["without_exemption"]["level"]),
                         (False, True, "2023-06-30", "red"))
        self.assertNotIn("level", why)
        for lang, words in (("en", ("exempt until 2023-06-30: no alert is open", "without the exemption: red since")),
                            ("zh", ("豁免至 2023-06-30", "若无豁免：红牌", "X-1：2022-12-31 至 2023-06-30"))):
            text = self.run_ok("--lang", lang, "explain", "lecture", "B-2").stdout
            for word in words:
                self.assertIn(word, text)
        self.record("exempt", "end", "X-1")
        self.record("exempt", "--member", "M21", "--rules", "*", "--until", "2023-06-30", "--reason", "ill")

    def test_explain(self):
        number = self.number("theme-day", branch="B-1")
        text = self.run_ok("explain", number).stdout
        for words in ("Why", "level red", "Periods", "What did not count", "When its level rises", "What would clear it"):
            self.assertIn(words, text)
        (one,) = self.rows("explain", number)
        (two,) = self.rows("explain", "theme-day", "B-1")
        (three,) = self.rows("explain", "theme-day", "branch:B-1")
        self.assertEqual(one["periods"], two["periods"])
        self.assertEqual(two["periods"], three["periods"])
        chinese = self.run_ok("--lang", "zh", "explain", number).stdout
        self.assertIn("原因", chinese)
        self.assertRegex(chinese, "预警发出  级别 红牌  起始 [0-9-]+  登记人 musterd")
        for word in ("since", "recorded_by", "level", "presence", "form"):
            self.assertNotRegex(chinese.replace("(theme-day)", ""), rf"(^| ){word} ")
        member = self.run_ok("--lang", "zh", "explain", "mobile-no-contact", "M12").stdout
        self.assertIn("在否 在册", member)
        self.assertIn("no alert is open", self.run_ok("explain", "theme-day", "B-1", "--as-of", "2022-02-01").stdout)
        self.refused(1, 'did you mean "theme-day"', "explain", "theme-dya", "B-1")
        self.refused(1, "B-7", "explain", "theme-day", "B-7")
        self.refused(2, "SUBJECT", "explain", "theme-day")
        self.refused(2, "no kind of subject", "explain", "theme-day", "brnch:B-1")
        self.refused(1, "no alert 99999999999999999999", "explain", "9" * 20)

    def test_due(self):
        rows = self.rows("due", "--within", "60d")
        self.assertTrue(rows)
        self.assertEqual([row["on"] for row in rows], sorted(row["on"] for row in rows))
        self.assertIn("TO DO", self.run_ok("due", "--within", "60d").stdout)
        self.refused(2, "within", "due", "--within", "soon")

    def test_board(self):
        rows = self.rows("board", "--year", 2022)
        self.assertEqual([row["branch"] for row in rows], ["B-1", "B-2"])
        states = {duty["period"]: duty["state"] for duty in rows[0]["duties"] if duty["rule"] == "theme-day"}
        self.assertEqual((states["2022-01"], states["2022-02"], states["2022-12"]), ("met", "missed", "open"))
        text = self.run_ok("board", "--year", 2022).stdout
        self.assertIn("oXXXXXXXXXX.", text)
        table = list(csv.DictReader(io.StringIO(self.run_ok("board", "--year", 2022, "--csv").stdout)))
        self.assertEqual(len(table), sum(len(row["duties"]) for row in rows))

    def test_rules(self):
        rows = self.rows("rules")
        self.assertIn("theme-day", [row["id"] for row in rows])
        now = self.rows("alerts", "--as-of", "2022-06-30")
        then = self.rows("rules", "--try", harness.DEFAULT_RULES, "--as-of", "2022-06-30")
        self.assertEqual(sorted((row["rule"], *row["subject"].values()) for row in now),
                         sorted((row["rule"], *row["subject"].values()) for row in then))
        text = harness.DEFAULT_RULES.read_text(encoding="utf-8")
        path = self.daemon.folder / "try.cfg"
        path.write_text(text.replace('per = "month"', 'per = "mouth"', 1), encoding="utf-8")
        line = text[:text.index('per = "month"')].count("\n") + 1
        self.refused(1, f"{path}:{line}: ", "rules", "--try", path)
        self.refused(2, "--try", "rules", "--as-of", "2022-06-30")


class Following(Command):
    def follow(self, *arguments):
        return subprocess.Popen([harness.binary("muster"), "--server", self.daemon.endpoint, *arguments, "--json"],
                                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                env={**os.environ, "HOME": str(self.daemon.folder)})

    def end(self, process):
        process.kill()
        process.wait()
        process.stdout.close()

    def test_recent(self):
        for feed in ((), ("--feed", "ipc:///nonexistent/feed.sock")):  # without one it asks every second
            process = self.follow("recent", "--follow", "--limit", "1", *feed)
            self.assertEqual(json.loads(process.stdout.readline())["type"], "meeting")
            row = self.record("contact", "M11", "--channel", "phone", "--at", "2022-01-05")
            got = json.loads(process.stdout.readline())
            self.assertEqual((got["id"], got["seq"]), (row["id"], row["seq"]))
            self.end(process)
            self.record("void", row["id"], "--reason", "again")

    def test_alerts(self):
        process = self.follow("alerts", "--follow", "--rule", "theme-day", "--branch", "B-2")
        self.assertEqual(json.loads(process.stdout.readline())["subject"], {"branch": "B-2"})
        row = self.record("meeting", "B-2", "--kind", "theme_day", "--at", "2022-12-30", "--count", 3)
        self.daemon.wait_evaluated()
        self.record("void", row["id"], "--reason", "again")
        got = json.loads(process.stdout.readline())
        self.assertEqual((got["rule"], got["subject"]), ("theme-day", {"branch": "B-2"}))
        self.end(process)


class Crash(unittest.TestCase):
    def test_a_stream_survives_a_restart(self):
        """musterd dies in the middle and comes back: everything is there once."""
        events = [event("branch.founded", "2021-02-01", branch="B-1", name="one", form="own", sector="enterprise"),
                  event("member.admitted", "2021-02-01", member="M1", name="one", branch="B-1", stage="full", new=False)]
        events += [event("contact", "2022-11-05", member="M1", channel="phone") for _ in range(20000)]
        with Daemon(rehearse=TODAY, settle=0) as daemon:
            process = subprocess.Popen(
                [harness.binary("muster"), "--server", daemon.endpoint, "--timeout", "30", "submit", "-", "--json"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                env={**os.environ, "HOME": str(daemon.folder)})
            text = "".join(json.dumps(item) + "\n" for item in events).encode()
            output = {}
            reader = threading.Thread(target=lambda: output.update(zip(("out", "err"), process.communicate(text))))
            reader.start()
            for _ in range(2):
                before = self.events(daemon)
                wait_until(lambda: self.events(daemon) > before or process.poll() is not None, "progress")
                daemon.kill()
                daemon.start()
            reader.join(harness.WAIT_S * 2)
            self.assertEqual(process.returncode, 0, output.get("err", b"")[-500:])
            rows = [json.loads(line) for line in output["out"].splitlines()]
            self.assertEqual([row["id"] for row in rows], [item["id"] for item in events])
            self.assertEqual(len({row["seq"] for row in rows}), len(events))
            self.assertEqual(self.events(daemon), len(events))

    def events(self, daemon):
        with daemon.client() as client:
            return client.status()["events"]


if __name__ == "__main__":
    unittest.main(verbosity=2)
