"""The outbox: events typed while musterd is away are kept, and recorded once when it is there again, by whom ever.

The last test has commands and a timer fight over one outbox, killed at random moments, while the daemon comes and goes.
MUSTER_FIGHT_S is how long it fights.
"""

import json
import os
import pathlib
import random
import signal
import subprocess
import tempfile
import threading
import time
import unittest

import harness
from fake_server import LEDGER, OTHER_LEDGER, FakeServer, answer, lose, silent, unavailable
from harness import Daemon, event

CONTACT = ("contact", "M1", "--channel", "phone", "--at", "2022-11-05")
FIGHT_S = float(os.environ.get("MUSTER_FIGHT_S", "4"))
SEED = int(os.environ.get("MUSTER_SEED", random.SystemRandom().randrange(1 << 32)))


def rows(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


class Office(unittest.TestCase):
    """A branch with a member on a daemon that comes and goes, and one home for all commands."""

    def setUp(self):
        self.daemon = Daemon(rehearse="2022-12-31")
        self.addCleanup(self.daemon.clean_up)
        self.muster = self.daemon.muster
        self.daemon.start()
        self.daemon.client().record([
            event("branch.founded", "2022-01-05", branch="B1", name="支部", form="own", sector="enterprise"),
            event("member.admitted", "2022-01-06", member="M1", name="党员", branch="B1", stage="full", new=False)])

    def waiting(self):
        done = self.muster("outbox", "list", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return rows(done)

    def contacts(self):
        with harness.Client(self.daemon.endpoint) as client:
            return [row for row in client.rows("recent", type="contact")]


class Kept(Office):
    def test_the_next_command_delivers(self):
        self.muster("status")
        self.daemon.stop()
        first = self.muster("--timeout", "0.3", *CONTACT, "--note", "一")
        second = self.muster("--timeout", "0.3", *CONTACT, "--note", "二", "--json")
        self.assertEqual((first.returncode, second.returncode), (4, 4), first.stderr + second.stderr)
        self.assertRegex(first.stdout, "^kept in the outbox: contact M1, 2022-11-05 ")
        self.assertIn("do not enter it again", first.stderr)
        self.assertEqual(rows(second)[0]["status"], "kept")
        kept = self.waiting()
        self.assertEqual([row["event"]["note"] for row in kept], ["一", "二"])
        self.assertEqual([row["status"] for row in kept], ["waiting"] * 2)
        self.assertEqual(kept[1]["id"], rows(second)[0]["id"])
        self.daemon.start()
        seen = self.muster("recent", "--type", "contact", "--json")
        self.assertEqual(seen.returncode, 0, seen.stderr)
        self.assertEqual([row["id"] for row in rows(seen)], [kept[1]["id"], kept[0]["id"]])  # what one reads has it already
        self.assertIn("from the outbox: 2 recorded", seen.stderr)
        self.assertEqual(self.waiting(), [])
        self.assertEqual(self.muster("outbox", "send").returncode, 0)

    def test_send_delivers_and_tells(self):
        self.muster("status")
        self.daemon.stop()
        self.muster("--timeout", "0.3", *CONTACT)
        away = self.muster("outbox", "send", "--timeout", "0.3")
        self.assertEqual(away.returncode, 4, away.stderr)
        self.daemon.start()
        sent = self.muster("outbox", "send", "--lang", "zh")
        self.assertEqual(sent.returncode, 0, sent.stderr)
        self.assertIn("待发箱：1 个事件已登记", sent.stderr)
        self.assertEqual(len(self.contacts()), 1)

    def test_an_event_refused_on_delivery_stays_with_its_reason(self):
        self.muster("status")
        self.daemon.stop()
        for member in ("M1", "M2", "M1"):  # M2 is nobody, and those behind it go on
            self.muster("--timeout", "0.3", "contact", member, "--channel", "phone", "--at", "2022-11-05")
        self.daemon.start()
        sent = self.muster("outbox", "send")
        self.assertEqual(sent.returncode, 1, sent.stderr)
        self.assertIn('no member "M2"', sent.stderr)
        kept, = self.waiting()
        self.assertEqual((kept["status"], kept["error"]["code"]), ("refused", "unknown_ref"))
        self.assertIn("M2", kept["error"]["message"])
        self.assertIn("M2", self.muster("outbox").stdout)
        again = self.muster("outbox", "send")
        self.assertEqual(again.returncode, 0, again.stderr)  # nothing waits
        self.daemon.client().record([event("member.admitted", "2022-01-06", member="M2", name="党员", branch="B1",
                                           stage="full", new=False)])
        again = self.muster("outbox", "send", "--again")
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertEqual((self.waiting(), len(self.contacts())), ([], 3))

    def test_drop(self):
        self.muster("status")
        self.daemon.stop()
        ids = [rows(self.muster("--timeout", "0.3", *CONTACT, "--json"))[0]["id"] for _ in range(3)]
        self.assertEqual(self.muster("outbox", "drop").returncode, 2)
        self.assertEqual(self.muster("outbox", "drop", harness.new_id()).returncode, 1)
        self.assertEqual(len(self.waiting()), 3)
        done = self.muster("outbox", "drop", ids[1], "--json")
        self.assertEqual([row["id"] for row in rows(done)], [ids[1]])
        self.assertEqual(self.muster("outbox", "drop", "--refused", "--json").stdout, "")
        self.assertEqual([row["id"] for row in self.waiting()], [ids[0], ids[2]])
        self.assertEqual(len(rows(self.muster("outbox", "drop", "--all", "--json"))), 2)
        self.assertEqual(self.waiting(), [])

    def test_what_one_event_decides_is_refused_at_once(self):
        self.daemon.stop()
        done = self.muster("--timeout", "0.3", "contact", "M1", "--channel", "pigeon", "--at", "2022-11-05")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("pigeon", done.stderr)
        own = self.muster("--timeout", "0.3", "meeting", "B1", "--kind", "our_own", "--count", "3", "--at", "2022-11-05")
        self.assertEqual(own.returncode, 4, own.stderr)  # may be a kind of that ledger
        self.assertEqual(len(self.waiting()), 1)

    def test_what_is_not_kept(self):
        self.muster("status")
        self.daemon.stop()
        for status, words, command in (
                (3, "nothing was kept", ("void", "1", "--reason", "x", "--at", "2022-11-05")),  # a number must be looked up
                (3, "nothing was kept", ("key", "revoke", "K", "--at", "2022-11-05")),          # rights change at once or not
                (3, "in full", ("contact", "M1", "--channel", "phone")),                        # of a rehearsal the day is not known
                (3, "in full", ("contact", "M1", "--channel", "phone", "--at", "yesterday")),
                (3, "nothing was kept", (*CONTACT, "--no-outbox")),
                (3, "no musterd", ("recent",))):
            with self.subTest(command=command):
                done = self.muster("--timeout", "0.3", *command)
                self.assertEqual(done.returncode, status, done.stderr)
                self.assertIn(words, done.stderr)
        self.assertEqual(self.waiting(), [])

    def test_configuration(self):
        folder = self.daemon.folder / ".config" / "muster"
        folder.mkdir(parents=True)
        config = folder / "muster.conf"
        self.muster("status")
        self.daemon.stop()
        config.write_text("outbox = false;\n", encoding="utf-8")
        self.assertEqual(self.muster("--timeout", "0.3", *CONTACT).returncode, 3)
        config.write_text("outbox_events = 2;\n", encoding="utf-8")
        self.assertEqual([self.muster("--timeout", "0.3", *CONTACT).returncode for _ in range(3)], [4, 4, 3])
        full = self.muster("--timeout", "0.3", *CONTACT, "--lang", "zh")
        self.assertIn("待发箱已满", full.stderr)
        self.assertIn("--id", full.stderr)
        for wrong in ("outbox = 1;", "outbox_events = 0;", "outbox_kib = \"x\";", "outbox_event = 3;"):
            config.write_text(wrong, encoding="utf-8")
            done = self.muster("outbox")
            self.assertEqual(done.returncode, 2, wrong)
            self.assertIn("muster.conf:1", done.stderr)

    def test_the_file_is_for_its_owner_and_damage_is_told(self):
        self.muster("status")
        self.daemon.stop()
        self.muster("--timeout", "0.3", *CONTACT)
        path = self.daemon.folder / ".local" / "state" / "muster" / "outbox.db"
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        path.write_bytes(b"\x00" * 3 + path.read_bytes()[3:])
        for lang, words in (("en", "is damaged"), ("zh", "已损坏")):
            done = self.muster("--timeout", "0.3", *CONTACT, "--lang", lang)
            self.assertEqual(done.returncode, 3, done.stderr)
            self.assertIn(words, done.stderr)
        self.daemon.start()
        done = self.muster(*CONTACT)  # what is damaged here hinders nobody from recording
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("is damaged", done.stderr)


class WhichLedger(unittest.TestCase):
    def setUp(self):
        home = tempfile.TemporaryDirectory()
        self.addCleanup(home.cleanup)
        self.environment = {"HOME": home.name}

    def server(self, endpoint=None, **options):
        server = FakeServer(**options)
        if endpoint:
            server.endpoint = endpoint
        return server

    def muster(self, server, *arguments):
        return server.muster("--timeout", "0.4", *arguments, environment=self.environment)

    def kept(self, server):
        return [row.get("ledger") for row in rows(self.muster(server, "outbox", "list", "--json"))]

    def test_never_to_another_ledger_nor_a_rehearsal(self):
        with FakeServer() as real:
            self.muster(real, "recent")
            real.script["submit"] = [silent]
            self.assertEqual(self.muster(real, *CONTACT).returncode, 4)
            self.assertEqual(self.kept(real), [LEDGER])
            for other in (OTHER_LEDGER, "01856000-0000-7000-8000-000000000003"):
                real.ledger, real.rehearsal, real.script = other, other != OTHER_LEDGER, {}
                before = len(real.requests("submit"))
                for command in (("recent",), ("outbox", "send"), ("outbox", "send", "--again")):
                    done = self.muster(real, *command)
                    self.assertIn(done.returncode, (0, 4), done.stderr)
                self.assertIn("another ledger", done.stderr)
                self.assertEqual(len(real.requests("submit")), before)
            real.ledger, real.rehearsal = LEDGER, False
            self.assertEqual(self.muster(real, "outbox", "send").returncode, 0)
            self.assertEqual((len(real.recorded), self.kept(real)), (1, []))

    def test_while_nobody_answers_it_is_for_who_answered_last(self):
        with FakeServer(rehearsal=True) as rehearsal:
            self.muster(rehearsal, "recent")
            endpoint = rehearsal.endpoint
            rehearsal.script["status"] = [silent]
            self.assertEqual(self.muster(rehearsal, *CONTACT).returncode, 4)
            self.assertEqual(self.kept(rehearsal), [LEDGER])
            rehearsal.script["status"], rehearsal.ledger, rehearsal.rehearsal = [answer], OTHER_LEDGER, False
            self.assertEqual(self.muster(rehearsal, "outbox", "send").returncode, 4)  # a real one now: not for it
            self.assertEqual(rehearsal.recorded, {})
            self.assertEqual(rehearsal.endpoint, endpoint)

    def test_where_none_ever_answered_it_is_for_the_first_real_one_there(self):
        with FakeServer(rehearsal=True) as server, FakeServer(ledger=OTHER_LEDGER) as elsewhere:
            server.script["status"] = [silent]
            self.assertEqual(self.muster(server, *CONTACT).returncode, 4)
            self.assertEqual(self.kept(server), [None])
            server.script["status"] = [answer]
            self.assertEqual(self.muster(server, "outbox", "send").returncode, 4)     # a rehearsal
            self.assertEqual(self.muster(elsewhere, "outbox", "send").returncode, 4)  # another server
            self.assertEqual((server.recorded, elsewhere.recorded), ({}, {}))
            server.rehearsal, server.script["submit"] = False, [unavailable]
            self.assertEqual(self.muster(server, "outbox", "send").returncode, 4)
            self.assertEqual(self.kept(server), [LEDGER])                             # it belongs there now
            server.ledger, server.script["submit"] = OTHER_LEDGER, [answer]
            self.assertEqual(self.muster(server, "outbox", "send").returncode, 4)
            self.assertEqual(server.recorded, {})

    def test_a_pinned_ledger_counts(self):
        with FakeServer(ledger=OTHER_LEDGER) as server:
            self.muster(server, "recent")
            server.script["status"] = [silent]
            self.assertEqual(self.muster(server, *CONTACT, "--ledger", LEDGER).returncode, 4)
            self.assertEqual(self.kept(server), [LEDGER])

    def test_a_lost_answer_is_no_second_event(self):
        with FakeServer() as server:
            server.script["submit"] = [unavailable]
            self.assertEqual(self.muster(server, *CONTACT).returncode, 4)
            server.script["submit"] = [lose, silent]
            self.assertEqual(self.muster(server, "outbox", "send").returncode, 4)
            self.assertEqual((len(server.recorded), len(self.kept(server))), (1, 1))
            server.script["submit"] = [answer]
            self.assertEqual(self.muster(server, "outbox", "send").returncode, 0)
            self.assertEqual((len(server.recorded), self.kept(server)), (1, []))

    def test_a_new_event_goes_behind_those_that_wait(self):
        with FakeServer() as server:
            server.script["submit"] = [unavailable]
            first = rows(self.muster(server, *CONTACT, "--json"))[0]["id"]
            done = self.muster(server, *CONTACT, "--json")
            self.assertEqual(done.returncode, 4, done.stderr)  # it was not tried before the first one
            second = rows(done)[0]["id"]
            self.assertTrue(all(body["events"][0]["id"] == first for body in server.requests("submit")))
            server.script["submit"] = [answer]
            third = rows(self.muster(server, *CONTACT, "--json"))[0]
            self.assertEqual((list(server.recorded), third["status"]), ([first, second, third["id"]], "recorded"))

    def test_an_event_put_off_waits_on(self):
        with FakeServer() as server:
            server.judge = lambda event: {"code": "unavailable", "message": "later"}
            done = self.muster(server, *CONTACT, "--json")
            self.assertEqual((done.returncode, rows(done)[0]["status"]), (4, "kept"), done.stderr)
            self.assertEqual(self.muster(server, "outbox", "send").returncode, 4)
            self.assertEqual([row["status"] for row in rows(self.muster(server, "outbox", "--json"))], ["waiting"])
            server.judge = lambda event: None
            self.assertEqual(self.muster(server, "outbox", "send").returncode, 0)
            self.assertEqual(len(server.recorded), 1)

    def test_many_are_delivered_in_order(self):
        with FakeServer() as server:
            server.script["submit"] = [unavailable]
            self.muster(server, *CONTACT)
            ids = self.fill(server, 450)
            server.script["submit"] = [answer, lose, answer]
            self.assertEqual(self.muster(server, "outbox", "send").returncode, 0)
            self.assertEqual(list(server.recorded)[1:], ids)

    def fill(self, server, count):
        """More events than one types: written as the library writes them."""
        import sqlite3
        path = pathlib.Path(self.environment["HOME"]) / ".local/state/muster/outbox.db"
        ids = [harness.new_id() for _ in range(count)]
        with sqlite3.connect(path) as db:
            for id_ in ids:
                text = json.dumps({"id": id_, "type": "contact", "at": "2022-11-05", "member": "M1", "channel": "phone"})
                db.execute("INSERT INTO event (id, server, ledger, kept_us, bytes, event) VALUES (?, ?, ?, 1, ?, ?)",
                           (id_, server.endpoint, LEDGER, len(text), text))
        db.close()
        return ids


class Fighter(threading.Thread):
    """Runs commands one after another until told to stop, and kills some of them."""

    def __init__(self, fight, seed, command):
        super().__init__()
        self.fight, self.random, self.command = fight, random.Random(seed), command
        self.ended = []  # (exit status, number of the event)
        self.wrong = []

    def run(self):
        number = 0
        while not self.fight.over.is_set():
            number += 1
            name = f"{self.name}-{number}"
            process = subprocess.Popen(self.command(name), env=self.fight.environment, text=True, encoding="utf-8",
                                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            try:
                said, _ = process.communicate(timeout=self.random.uniform(0, 0.1) if self.random.random() < 0.4 else 60)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                said, _ = process.communicate()
            self.ended.append((process.returncode, name))
            if process.returncode not in (0, 4, -signal.SIGKILL):
                self.wrong.append((process.returncode, name, said))


class Fight(Office):
    def test_every_event_once(self):
        print(f"MUSTER_SEED={SEED}")
        chance = random.Random(SEED)
        self.muster("status")
        self.over = threading.Event()
        self.environment = {**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(self.daemon.folder)}
        base = [harness.binary("muster"), "--server", self.daemon.endpoint, "--timeout", "0.3"]
        typing = [Fighter(self, chance.random(), lambda name: [*base, *CONTACT, "--note", name]) for _ in range(2)]
        timers = [Fighter(self, chance.random(), lambda name: [*base, "outbox", "send", "--quiet"]) for _ in range(2)]
        for fighter in typing + timers:
            fighter.start()
        try:
            self.come_and_go(chance, typing)
        finally:
            self.over.set()
            for fighter in typing + timers:
                fighter.join()
        self.assertEqual([fighter.wrong for fighter in typing + timers], [[]] * 4)
        if self.daemon.process is None:
            self.daemon.start()
        sent = self.muster("outbox", "send")
        self.assertEqual((sent.returncode, self.waiting()), (0, []), sent.stderr)
        self.check(typing)

    def come_and_go(self, chance, typing):
        """For the time set, and on a slow machine until commands have ended in each way."""
        end = time.monotonic() + FIGHT_S
        while time.monotonic() < end or (self.unseen(typing) and time.monotonic() < end + 150):
            time.sleep(chance.uniform(0, 0.6))
            if self.daemon.process is None:
                self.daemon.start()
            elif 0 in self.unseen(typing):
                continue
            elif chance.random() < 0.7:
                self.daemon.kill()
            else:
                self.daemon.stop()

    @staticmethod
    def unseen(typing):
        """0: recorded, 4: kept, and killed: a fight without one of them shows nothing."""
        return {0, 4, -signal.SIGKILL} - {status for fighter in typing for status, _ in list(fighter.ended)}

    def check(self, typing):
        notes = [row["note"] for row in self.contacts()]
        ended = [end for fighter in typing for end in fighter.ended]
        promised = {name for status, name in ended if status in (0, 4)}
        told = {status: sum(1 for end in ended if end[0] == status) for status, _ in ended}
        print(f"{len(ended)} commands ended with {told}; {len(notes)} events recorded")
        self.assertEqual(len(notes), len(set(notes)), "an event was recorded twice")
        self.assertEqual(promised - set(notes), set(), "an event was lost")
        self.assertEqual(set(notes) - {name for _, name in ended}, set())
        self.assertEqual(self.unseen(typing), set())


if __name__ == "__main__":
    unittest.main()
