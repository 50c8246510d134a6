"""What a machine does to a daemon: clocks that leap, a disk that stalls, clients that die or come all at once.

The clock and the disk are those of a library preloaded into the daemon (tests/faults/preload.c), told what to do by a file.
"""

import mmap
import os
import pathlib
import struct
import time
import unittest

import zmq

from harness import Client, Daemon, event, wait_until

DAY_S = 86400
STALL_S = float(os.environ.get("MUSTER_STALL_S", "2"))
CLIENTS = int(os.environ.get("MUSTER_CLIENTS", "512"))
PRELOAD = os.environ["FAULTS_PRELOAD"]


class Faults:
    """The file that the preloaded library follows."""

    def __init__(self, folder):
        self.path = pathlib.Path(folder) / "faults"
        self.path.write_bytes(bytes(mmap.PAGESIZE))
        with open(self.path, "r+b") as file:
            self.memory = mmap.mmap(file.fileno(), mmap.PAGESIZE)

    def clock(self, seconds):
        self.memory[0:8] = struct.pack("<q", seconds)

    def stall(self, seconds):
        self.memory[8:16] = struct.pack("<q", int(seconds * 1000))

    def close(self):
        self.memory.close()


def founded(branch="B-1"):
    return event("branch.founded", "2021-01-05", branch=branch, name="支部", form="own", sector="enterprise")


def meeting(branch="B-1", day="2022-11-04"):
    return event("meeting", day, branch=branch, kinds=["theme_day"], present_count=4)


def recorded(body):
    return [result["status"] for result in body["results"]]


class FaultsTest(unittest.TestCase):
    def daemon(self, **keys):
        daemon = Daemon(**keys)
        self.faults = Faults(daemon.folder)
        self.addCleanup(self.faults.close)
        daemon.environment.update({
            "FAULTS_FILE": str(self.faults.path), "LD_PRELOAD": PRELOAD,
            "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"})
        return daemon

    def muster(self, daemon, *arguments, code=0):
        run = daemon.muster(*arguments, environment={"LD_PRELOAD": "", "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")})
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return run


class Clock(FaultsTest):
    def submit(self, client, *events):
        return client.ask("submit", {"events": list(events)})

    def times(self, client):
        rows = client.ask("recent", {"type": "any", "after_seq": 0, "limit": 1000})[1]["rows"]
        return [row["recorded_at"] for row in rows]

    def leapt(self, client):
        return client.status()["recording"] is False

    def test_back_an_hour(self):
        with self.daemon(rehearse="2022-11-05T12:00:00") as daemon, Client(daemon.endpoint) as client:
            self.submit(client, founded())
            self.faults.clock(-3600)
            for _ in range(3):
                self.assertEqual(recorded(self.submit(client, meeting())[1]), ["recorded"])
            self.faults.clock(0)
            self.assertEqual(recorded(self.submit(client, meeting())[1]), ["recorded"])
            times = self.times(client)
            self.assertEqual(times, sorted(times))

    def test_ahead_three_months(self):
        with self.daemon(rehearse="2022-11-05T12:00:00", settle=0) as daemon, Client(daemon.endpoint) as client:
            self.submit(client, founded(), meeting())
            daemon.wait_evaluated()
            before = client.ask("alerts", {})[1]
            seq = client.status()["seq"]
            self.faults.clock(90 * DAY_S)
            refused = meeting()
            outcome, body = self.submit(client, refused)
            self.assertEqual(outcome, "error")
            self.assertEqual(body["code"], "unavailable")
            self.assertIn("leapt from 2022-11-05T", body["message"])
            self.assertIn("muster clock --confirm", body["message"])
            self.assertIn("时钟", client.ask("submit", {"events": [refused], "lang": "zh"})[1]["message"])
            # Reads go on, by the time that is believed; no alert is raised by the other one.
            self.assertEqual(client.status()["today"], "2022-11-05")
            self.assertEqual(client.ask("alerts", {})[1]["rows"], before["rows"])
            self.assertEqual(client.status()["seq"], seq)
            self.assertEqual(daemon.log().count("the clock leapt"), 1)
            self.assertIn("CRITICAL", self.muster(daemon, "status", "--check", code=2).stdout)
            self.assertIn("2023-02-03T", self.muster(daemon, "clock", code=1).stdout)
            # Confirmed: the time is what it says.
            self.muster(daemon, "clock", "--confirm")
            self.assertIn("confirmed the clock", daemon.log())
            self.assertEqual(recorded(self.submit(client, refused)[1]), ["recorded"])
            self.assertEqual(client.status()["today"], "2023-02-03")
            self.assertNotEqual(client.ask("alerts", {})[1]["rows"], before["rows"])
            self.muster(daemon, "clock")

    def test_over_a_new_year_and_put_right(self):
        with self.daemon(rehearse="2022-12-30T12:00:00", settle=0) as daemon, Client(daemon.endpoint) as client:
            self.submit(client, founded())
            self.faults.clock(400 * DAY_S)
            wait_until(lambda: self.leapt(client), "the leap to be noticed")
            self.assertEqual(self.submit(client, meeting())[1]["code"], "unavailable")
            self.faults.clock(0)
            self.assertEqual(recorded(self.submit(client, meeting())[1]), ["recorded"])
            self.assertIn("right again", daemon.log())
            self.assertTrue(self.times(client)[-1].startswith("2022-12-30"))

    def test_what_is_no_leap(self):
        with self.daemon(rehearse="2022-11-05T12:00:00") as daemon, Client(daemon.endpoint) as client:
            self.submit(client, founded())
            self.faults.clock(DAY_S - 60)
            self.assertEqual(recorded(self.submit(client, meeting(day="2022-11-06"))[1]), ["recorded"])
            # Off for a week and started again: the newest row is old, and that is no leap.
            daemon.stop()
            daemon.rehearse = "2022-11-20"
            self.faults.clock(0)
            daemon.start()
            with Client(daemon.endpoint) as again:
                self.assertEqual(recorded(self.submit(again, meeting(day="2022-11-19"))[1]), ["recorded"])

    def test_bad_requests(self):
        with self.daemon(rehearse="2022-11-05T12:00:00") as daemon, Client(daemon.endpoint) as client:
            self.assertEqual(client.ask("clock", {"confirm": 1})[1]["code"], "malformed")
            self.assertEqual(client.ask("clock", {"forward": True})[1]["field"], "forward")
            self.assertEqual(client.ask("clock", {"ledger": "0185a000-0000-7000-8000-000000000001"})[1]["code"], "not_allowed")
            self.assertTrue(client.ask("clock", {"confirm": True})[1]["recording"])  # nothing to confirm


class Disk(FaultsTest):
    def test_stalls(self):
        """Reads are answered meanwhile; what was sent is answered afterwards, and is there once."""
        with self.daemon(rehearse="2022-11-05", settle=0) as daemon, Client(daemon.endpoint) as client:
            client.record([founded()])
            daemon.wait_evaluated()
            events = [meeting() for _ in range(40)]
            writers = [Client(daemon.endpoint) for _ in events]
            self.faults.stall(STALL_S)
            sent = [writer.send("submit", {"events": [e]}) for writer, e in zip(writers, events)]
            time.sleep(0.2)  # the first of them is waiting for the disk now
            began = time.monotonic()
            self.faults.stall(0)
            replies = [writer.receive(number, STALL_S * 3 + 20) for writer, number in zip(writers, sent)]
            self.assertGreater(time.monotonic() - began, STALL_S / 2)
            for _, body in replies:
                self.assertEqual(recorded(body), ["recorded"])
            rows = client.ask("recent", {"branch": "B-1", "limit": 1000})[1]["rows"]
            self.assertEqual(sorted(row["id"] for row in rows), sorted(e["id"] for e in events))
            for writer in writers:
                writer.close()


class Clients(FaultsTest):
    def test_who_die_before_the_answer(self):
        with self.daemon(rehearse="2022-11-05") as daemon, Client(daemon.endpoint) as client:
            client.record([founded()])
            events = [meeting() for _ in range(100)]
            for e in events:
                dying = Client(daemon.endpoint)
                dying.socket.setsockopt(zmq.LINGER, 5000)
                dying.send("submit", {"events": [e]})
                dying.close()

            def all_there():
                return len(client.ask("recent", {"branch": "B-1", "limit": 1000})[1]["rows"]) == len(events)
            wait_until(all_there, "what was sent by those who died")
            self.assertEqual({r for e in events for r in recorded(client.ask("submit", {"events": [e]})[1])}, {"duplicate"})

    def test_all_at_once_on_a_short_queue(self):
        """Each asks and submits at once. Reads beyond the queue are turned away with a word; no event is lost."""
        with self.daemon(rehearse="2022-11-05", max_waiting_reads=64) as daemon:
            with Client(daemon.endpoint) as client:
                client.record([founded()])
            clients = [Client(daemon.endpoint) for _ in range(CLIENTS)]
            events = [meeting() for _ in clients]
            submits = [c.send("submit", {"events": [e]}) for c, e in zip(clients, events)]
            reads = [c.send("recent", {"branch": "B-1"}) for c in clients]
            answered = turned_away = 0
            for c, submit, read in zip(clients, submits, reads):
                replies = {}
                for _ in range(2):
                    number, outcome, body = c.receive_any(60)
                    replies[number] = outcome, body
                self.assertEqual(recorded(replies[submit][1]), ["recorded"])
                outcome, body = replies[read]
                answered += outcome == "ok"
                turned_away += outcome == "error" and body["code"] == "unavailable"
                c.close()
            self.assertEqual(answered + turned_away, CLIENTS)
            self.assertGreater(answered, 0)
            with Client(daemon.endpoint) as client:
                rows = client.ask("recent", {"branch": "B-1", "limit": 1000})[1]["rows"]
                self.assertEqual(sorted(row["id"] for row in rows), sorted(e["id"] for e in events))


if __name__ == "__main__":
    unittest.main()
