"""The daemon's own pulse: its figures in a file, the address that it calls, and what `status --check` says."""

import pathlib
import re
import tempfile
import unittest

from harness import Client, Daemon, event, wait_until
from peers import WebPeer

SAMPLE = re.compile(r'^muster_[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? -?\d+$')


class Pulse(unittest.TestCase):
    def setUp(self):
        self.web = self.enterContext(WebPeer())
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="muster-pulse-")))
        self.file = self.folder / "muster.prom"
        self.url = self.folder / "heartbeat.url"
        self.url.write_text(f"{self.web.url}/alive?token=T0KEN\n")
        self.url.chmod(0o600)

    def keys(self):
        return {"metrics_file": self.file, "heartbeat_url_file": self.url, "heartbeat_minutes": 1, "settle": 0}

    def metrics(self):
        wait_until(self.file.exists, "the metrics")
        values = {}
        for line in self.file.read_text().splitlines():
            if line.startswith("#"):
                self.assertRegex(line, r"^# (HELP|TYPE) muster_[a-z_]+ \S")
                continue
            self.assertRegex(line, SAMPLE)
            name, value = line.rsplit(" ", 1)
            self.assertNotIn(name, values)
            values[name] = int(value)
        return values

    def test_figures_and_the_call(self):
        with Daemon(**self.keys()) as daemon:
            got = self.web.wait(1)[0]
            self.assertEqual((got.method, got.path), ("GET", "/alive?token=T0KEN"))
            first = self.metrics()
            self.assertEqual(first["muster_recording"], 1)
            self.assertEqual(first["muster_rehearsal"], 0)
            self.assertEqual(first['muster_events_total{verdict="recorded"}'], 0)
            self.assertEqual(first['muster_alerts_open{level="red"}'], 0)
            self.assertEqual(self.file.stat().st_mode & 0o777, 0o644)
            with Client(daemon.endpoint) as client:
                client.record([event("branch.founded", "2022-01-05", branch="B-1", name="一", form="own", sector="enterprise")])
            daemon.wait_evaluated()
            self.file.unlink()
            second = self.metrics()
            self.assertEqual(second['muster_events_total{verdict="recorded"}'], 1)
            self.assertGreater(second['muster_alerts_open{level="red"}'], 0)
            self.assertGreater(second["muster_ledger_rows"], 2)
            self.assertNotIn("B-1", self.file.read_text())
            self.assertEqual(self.web.tries, 1)  # once a minute
            self.assertFalse(self.file.with_suffix(".prom.part").exists())
            self.assertEqual(daemon.muster("status", "--check").stdout[:9], "MUSTER OK")
            self.assertNotIn("T0KEN", daemon.log())

    def test_nobody_answers(self):
        self.web.behave = "stall"
        with Daemon(**self.keys()) as daemon:
            wait_until(lambda: self.web.tries == 1, "the call")
            self.metrics()  # and neither the file nor the end waits for it
            daemon.stop()
            daemon.start()
            wait_until(lambda: self.web.tries == 2, "the call after a restart")
            self.web.behave = "500"
            daemon.restart()
            daemon.wait_log("the heartbeat was not heard: http 500")

    def test_a_rehearsal_calls_nobody(self):
        with Daemon(rehearse="2022-12-31", **self.keys()):
            self.assertEqual(self.metrics()["muster_rehearsal"], 1)
            self.assertEqual(self.web.tries, 0)

    def test_mistakes(self):
        self.url.chmod(0o644)
        daemon = Daemon(**self.keys())
        self.addCleanup(daemon.finish)
        self.assertIn("can be read by others", daemon.run("--check-config").stderr)
        daemon.write_config(heartbeat_url_file=None, metrics_file=self.folder / "nowhere" / "m.prom")
        self.assertIn("there is no such folder", daemon.run("--check-config").stderr)


if __name__ == "__main__":
    unittest.main()
