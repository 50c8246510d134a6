"""The daemon's life: starting, the lock, signals, reload, faults of the disk, rehearsal."""

import pathlib
import re
import resource
import signal
import stat
import threading
import time
import unittest

import zmq

from harness import DEFAULT_RULES, Client, Daemon, Refused, event, wait_until


def branch(ref, at="2022-01-05"):
    return event("branch.founded", at, branch=ref, name="一支部", form="own", sector="enterprise")


class Life(unittest.TestCase):
    def daemon(self, start=True, **options):
        options.setdefault("rehearse", "2022-12-31")
        daemon = Daemon(**options)
        self.addCleanup(daemon.clean_up)
        if start:
            daemon.start()
        return daemon

    def refs(self, daemon):
        return [row["branch"] for row in daemon.client().rows("list", what="branches")]

    # Starting

    def test_arguments(self):
        daemon = self.daemon(start=False)
        self.assertRegex(daemon.run("--version").stdout, r"^musterd \d+\.\d+\.\d+\n$")
        self.assertIn("--rehearse", daemon.run("--help").stdout)
        self.assertEqual(daemon.run("--nonsense").returncode, 2)
        self.assertEqual(daemon.run("nonsense").returncode, 2)
        self.assertEqual(daemon.run("--rehearse", "yesterday").returncode, 1)
        self.assertEqual(daemon.run("--check-config").returncode, 0)
        self.assertFalse(daemon.database.exists())

    def test_check_config(self):
        daemon = self.daemon(start=False)
        for key, value in (("tracking_since", "2022-02-30"), ("timezone", "Mars/Olympus"), ("rules", "/nowhere"),
                           ("nonsense", 1), ("listen", ["tcp://example.org:5000"]), ("settle", "soon")):
            with self.subTest(key=key):
                old = daemon.keys.get(key)
                daemon.write_config(**{key: value})
                ended = daemon.run("--check-config")
                self.assertEqual(ended.returncode, 1)
                self.assertRegex(ended.stderr, r"muster\.conf:\d+: ")
                self.assertEqual(daemon.run().returncode, 1)
                daemon.write_config(**{key: old})
        self.assertFalse(daemon.database.exists())

    def test_rules_where_it_was_built(self):
        daemon = self.daemon(start=False)
        daemon.write_config(rules=None)
        self.assertEqual(daemon.run("--check-config").returncode, 0)

    def test_rehearsal_time_of_the_zone(self):
        daemon = self.daemon(start=False)
        daemon.start(rehearse="2022-04-01T09:30:00")
        self.assertRegex(daemon.client().status()["started"], r"^2022-04-01T01:30:0")

    def test_second_daemon_is_kept_out(self):
        daemon = self.daemon()
        ended = daemon.run()
        self.assertEqual(ended.returncode, 1)
        self.assertIn("another musterd", ended.stderr)
        # and one of another ledger does not take the socket away
        other = self.daemon(start=False, listen=[daemon.endpoint], feed=[])
        ended = other.run()
        self.assertEqual(ended.returncode, 1)
        self.assertIn("listening", ended.stderr)
        self.assertEqual(daemon.client().submit([branch("B-1")])[0]["status"], "recorded")

    def test_socket_is_private_and_goes(self):
        daemon = self.daemon()
        path = pathlib.Path(daemon.endpoint.removeprefix("ipc://"))
        self.assertEqual(stat.S_IMODE(path.parent.stat().st_mode), 0o700)
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o660)
        for file in daemon.folder.glob("ledger.db*"):
            self.assertEqual(stat.S_IMODE(file.stat().st_mode) & 0o077, 0, file)
        daemon.kill()
        self.assertTrue(path.exists())
        daemon.start()  # a killed daemon's socket is no obstacle
        daemon.stop()
        self.assertFalse(path.exists())

    def test_foreign_file_is_left_alone(self):
        daemon = self.daemon(start=False)
        path = pathlib.Path(daemon.endpoint.removeprefix("ipc://"))
        path.parent.mkdir()
        path.write_text("precious")
        self.assertEqual(daemon.run().returncode, 1)
        self.assertEqual(path.read_text(), "precious")

    def test_several_endpoints(self):
        daemon = self.daemon(start=False)
        daemon.write_config(listen=[daemon.endpoint, f"ipc://{daemon.folder}/run/other.sock", "tcp://127.0.0.1:*"])
        daemon.start()
        tcp = re.search(r"listening on (tcp://127\.0\.0\.1:\d+)", daemon.log())[1]
        names = set()
        pair = zmq.curve_keypair()
        daemon.allow("far", pair[0], "admin")
        curve = (daemon.server_key(), *pair)
        for n, endpoint in enumerate((daemon.endpoint, f"ipc://{daemon.folder}/run/other.sock", tcp)):
            with Client(endpoint, curve=curve if endpoint == tcp else None) as client:
                client.record([branch(f"B-{n}")])
                names.add(next(client.rows("recent", type="branch.founded"))["recorded_by"])
        self.assertEqual(len(self.refs(daemon)), 3)
        self.assertIn("far", names)

    # Rehearsal

    def test_rehearsal(self):
        daemon = self.daemon(rehearse="2022-12-31T08:00:00+08:00")
        status = daemon.client().status()
        self.assertTrue(status["rehearsal"])
        self.assertEqual(status["today"], "2022-12-31")
        self.assertTrue(status["now"].startswith("2022-12-31T00:00"), status["now"])
        daemon.client().record([branch("B-1", "2022-12-31")])
        self.assertEqual(daemon.client().submit([branch("B-2", "2023-01-01")])[0]["error"]["code"], "in_future")
        daemon.stop()
        for wrong in (None, "2022-12-30"):
            daemon.rehearse = wrong
            self.assertEqual(daemon.run().returncode, 1)
        daemon.start(rehearse="2023-01-01")
        daemon.client().record([branch("B-2", "2023-01-01")])
        self.assertEqual(self.refs(daemon), ["B-1", "B-2"])

    def test_real_ledger_refuses_rehearsal(self):
        daemon = self.daemon(rehearse=None)
        self.assertFalse(daemon.client().status()["rehearsal"])
        daemon.stop()
        daemon.rehearse = "2030-01-01"
        self.assertEqual(daemon.run().returncode, 1)

    def test_another_time_zone_is_refused(self):
        daemon = self.daemon()
        daemon.stop()
        daemon.write_config(timezone="Europe/Berlin")
        ended = daemon.run()
        self.assertEqual(ended.returncode, 1)
        self.assertIn("Asia/Shanghai", ended.stderr)

    def test_rebuild(self):
        daemon = self.daemon()
        daemon.client().record([branch("B-1"), branch("B-2")])
        before = daemon.client().status()
        daemon.stop()
        daemon.start(arguments=["--rebuild"])
        after = daemon.client().status()
        self.assertEqual(self.refs(daemon), ["B-1", "B-2"])
        self.assertEqual(after["ledger"], before["ledger"])
        self.assertGreaterEqual(after["seq"], before["seq"])

    # Signals

    def test_stop_by_either_signal(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            daemon = self.daemon()
            client = daemon.client()
            client.record([branch("B-1")])
            daemon.signal(number)
            self.assertEqual(daemon.wait_end(10), 0)
            self.assertIn("stopping", daemon.log())

    def test_stop_while_submitting(self):
        """What was answered before the end is there after it."""
        daemon = self.daemon()
        answered, stop = [], threading.Event()

        def submit():
            with Client(daemon.endpoint) as client:
                n = 0
                while not stop.is_set():
                    n += 1
                    try:
                        result = client.submit([branch(f"S-{n}")], timeout=2)[0]
                    except (TimeoutError, Refused):
                        return
                    answered.append((f"S-{n}", result["status"]))

        thread = threading.Thread(target=submit)
        thread.start()
        wait_until(lambda: len(answered) > 50, "some answers")
        daemon.stop()
        stop.set()
        thread.join()
        daemon.start()
        self.assertEqual({s for _, s in answered}, {"recorded"})
        self.assertLessEqual({ref for ref, _ in answered}, set(self.refs(daemon)))

    def test_stop_while_walking_history(self):
        """A read over much history is no reason to wait: it is ended, and answered."""
        daemon = self.daemon(settle=0)
        client = daemon.client()
        client.record([branch("B-1"), event("member.admitted", "2022-01-05", member="M1", name="甲", branch="B-1",
                                            stage="full", new=False)])
        client.record([event("contact", "2022-11-05", member="M1", channel="phone") for _ in range(20_000)], batch=1000)
        then = client.status()["now"]
        client.record([branch("B-2")])
        asked = [client.send("alerts", {"known_on": then}) for _ in range(4)]
        wait_until(lambda: client.status()["queue"]["history"] > 0, "the read to begin")
        start = time.monotonic()
        daemon.signal(signal.SIGTERM)
        for request_id in asked:
            outcome, reply = client.receive(request_id)
            self.assertTrue(outcome == "ok" or reply["code"] == "unavailable", reply)
        self.assertEqual((outcome, reply["code"]), ("error", "unavailable"), "the last one, at least")
        self.assertIn("stops", reply["message"])
        self.assertEqual(daemon.wait_end(), 0)
        self.assertLess(time.monotonic() - start, 5)

    def test_reload(self):
        daemon = self.daemon()
        client = daemon.client()
        self.assertEqual(client.status()["transfer_valid_days"], 90)
        daemon.write_config(transfer_valid_days=60, kinds=["field_trip"])
        daemon.reload()
        wait_until(lambda: client.status()["counters"]["reloads"] == 1, "the reload")
        status = client.status()
        self.assertEqual(status["transfer_valid_days"], 60)
        self.assertIn("field_trip", status["kinds"])
        client.record([branch("B-1"),
                       event("meeting", "2022-03-01", branch="B-1", kinds=["field_trip"], present_count=3)])

    def test_refused_reload_changes_nothing(self):
        daemon = self.daemon()
        client = daemon.client()
        client.record([branch("B-1")])
        rules = daemon.folder / "rules.cfg"
        rules.write_text(DEFAULT_RULES.read_text(encoding="utf-8").replace("rules = (", "rules = ((", 1))
        good = daemon.config_file.read_text(encoding="utf-8")
        wrong = [good + "transfer_valid_days = 60;\nnonsense = 1;\n", good + "transfer_valid_days = 0;\n", "{{{",
                 good.replace(str(DEFAULT_RULES), str(rules)), good.replace("Shanghai", "Tokyo"),
                 good.replace("ledger.db", "other.db"), good.replace("musterd.sock", "other.sock")]
        for n, text in enumerate(wrong, 1):
            with self.subTest(n=n):
                daemon.write_config(text)
                daemon.reload()
                wait_until(lambda n=n: client.status()["counters"]["reloads_refused"] == n, "the refusal")
        status = client.status()
        self.assertEqual(status["transfer_valid_days"], 90)
        self.assertEqual(status["timezone"], "Asia/Shanghai")
        self.assertIn("was not changed", daemon.log())
        self.assertEqual(client.submit([branch("B-2")])[0]["status"], "recorded")

    # The disk

    def test_disk_that_cannot_be_written(self):
        daemon = self.daemon()
        client = daemon.client()
        client.record([branch("B-1")])
        daemon.wait_evaluated()
        pid = daemon.process.pid
        before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, before[1]))
        waiting = [branch(f"D-{n}") for n in range(20)]
        for e in waiting:
            with self.assertRaises(Refused) as refused:
                client.submit([e])
            self.assertEqual(refused.exception.code, "unavailable")
        self.assertEqual(self.refs(daemon), ["B-1"])  # reads go on
        status = client.status()
        self.assertGreaterEqual(status["counters"]["store_faults"], 20)
        self.assertEqual(status["errors"]["unavailable"], 20)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)
        self.assertEqual([r["status"] for r in client.submit(waiting)], ["recorded"] * 20)
        self.assertEqual(len(self.refs(daemon)), 21)
        self.assertIn("cannot be written", daemon.log())
        self.assertIn("can be written again", daemon.log())
        daemon.wait_evaluated()

    # Alerts and the reads that depend on them

    def test_alerts_know_what_was_answered(self):
        """A read of alerts sees what every event answered before it does to them."""
        daemon = self.daemon()
        client = daemon.client()
        client.record([branch("B-1")])
        daemon.wait_evaluated()
        for n in range(20):
            rules = {row["rule"] for row in client.rows("alerts", branch="B-1")}
            self.assertEqual("branch-inactive" in rules, n % 2 == 0, n)
            if n % 2 == 0:
                meeting = event("meeting", "2022-12-20", branch="B-1", kinds=["talk"], present_count=3)
                client.record([meeting])
            else:
                client.record([event("event.voided", "2022-12-31", event=meeting["id"], reason="r")])
        self.assertEqual(client.status()["counters"]["reads_held_in_vain"], 0)

    def test_settling(self):
        """Alerts are not evaluated while input pours in, and whoever asks is told so."""
        daemon = self.daemon(start=False, settle=4)
        daemon.start(wait=False)
        submitting, asking = daemon.client(), daemon.client()
        start = time.monotonic()
        question = asking.send("alerts")
        n = 0
        while time.monotonic() - start < 3:
            n += 1
            submitting.record([branch(f"B-{n}")])
            time.sleep(0.05)
        outcome, reply = asking.receive(question)
        self.assertEqual((outcome, reply["settling"], reply["rows"]), ("ok", True, []))
        status = daemon.wait_evaluated()
        self.assertGreater(status["alerts"]["yellow"] + status["alerts"]["red"], 0)
        reply = asking.call("alerts")
        self.assertFalse(reply["settling"])
        self.assertTrue(reply["rows"])

    def test_restart_next_day(self):
        """What fell due while it was away is evaluated at start."""
        daemon = self.daemon(rehearse="2022-12-01")
        daemon.client().record([branch("B-1", "2022-11-15")])
        daemon.wait_evaluated()
        self.assertNotIn("branch-inactive", {r["rule"] for r in daemon.client().rows("alerts")})
        daemon.restart(rehearse="2023-03-31")
        daemon.wait_evaluated()
        self.assertIn("branch-inactive", {r["rule"] for r in daemon.client().rows("alerts")})

    def test_midnight(self):
        """The day changes while it runs, and nobody says a word."""
        daemon = self.daemon(rehearse="2023-02-12T23:59:57+08:00")
        client = daemon.client()
        client.record([branch("B-1", "2022-11-15")])  # 90 days: 13 February
        daemon.wait_evaluated()
        self.assertNotIn("branch-inactive", {r["rule"] for r in client.rows("alerts")})
        wait_until(lambda: client.status()["today"] == "2023-02-13", "midnight")
        self.assertIn("branch-inactive", {r["rule"] for r in client.rows("alerts")})

    # The feed

    def test_feed(self):
        daemon = self.daemon()
        client = daemon.client()
        feed = daemon.feed()
        self.addCleanup(feed.close)

        def hint():
            client.record([branch(f"F-{time.monotonic_ns()}")])
            return feed.poll(100) and feed.recv_multipart()

        topic, body = wait_until(hint, "a hint")
        self.assertEqual(topic, b"ledger")
        self.assertRegex(body, rb'^\{"seq":\d+\}$')

    def test_log_has_no_names(self):
        daemon = self.daemon(log_level="debug")
        client = daemon.client()
        client.record([branch("B-1"), event("member.admitted", "2022-02-01", member="M-1", name="张三丰", branch="B-1",
                                            stage="full", new=True)])
        client.submit([event("member.admitted", "2022-02-01", member="M-1", name="李四光", branch="B-1",
                             stage="full", new=True)])
        daemon.stop()
        for name in ("张三丰", "李四光", "一支部"):
            self.assertNotIn(name, daemon.log())


if __name__ == "__main__":
    unittest.main(verbosity=2)
