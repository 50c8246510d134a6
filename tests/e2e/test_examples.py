"""The clients of examples/ in other languages, against the real daemon: a district submitted twice, questions, errors, an answer that is lost.

The one in JavaScript needs node and its package zeromq: it is tried where MUSTER_NODE is set (full/examples), fetching the
package with npm into a folder of the test's own."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import harness
from fake_server import FakeServer, answer, lose
from harness import Daemon

EXAMPLES = harness.SOURCE / "examples"
SMALL = harness.SOURCE / "tests" / "data" / "small-1" / "events.jsonl"
LONGEST = 60


class Clients:
    """What every client must do; `command` runs it."""

    command = []

    def run_client(self, endpoint, *arguments, input=None):
        return subprocess.run([*self.command, endpoint, *arguments], input=input, capture_output=True, text=True,
                              encoding="utf-8", timeout=60, check=False)

    def test_it_is_short(self):
        self.assertLess(len(pathlib.Path(self.command[-1]).read_text(encoding="utf-8").splitlines()), LONGEST)

    def test_a_district_twice(self):
        text = SMALL.read_text(encoding="utf-8")
        with Daemon(rehearse="2023-01-31") as daemon:
            for status in ("recorded", "duplicate"):
                done = self.run_client(daemon.endpoint, "submit", input=text)
                self.assertEqual(done.returncode, 0, done.stderr)
                verdicts = [json.loads(line) for line in done.stdout.splitlines()]
                self.assertEqual([row["id"] for row in verdicts], [json.loads(line)["id"] for line in text.splitlines()])
                self.assertEqual({row["status"] for row in verdicts}, {status})
            asked = self.run_client(daemon.endpoint, "recent", '{"limit": 3}')
            self.assertEqual(asked.returncode, 0, asked.stderr)
            self.assertEqual(json.loads(asked.stdout)["rows"], daemon.client().call("recent", limit=3)["rows"])
            wrong = self.run_client(daemon.endpoint, "recent", '{"branch": "B-nowhere"}')
            self.assertNotEqual(wrong.returncode, 0)
            self.assertIn("unknown_ref: ", wrong.stderr)

    def test_an_event_without_an_id_is_recorded_once(self):
        with FakeServer() as server:
            server.script["submit"] = [lose, answer]
            done = self.run_client(server.endpoint, "submit", input='{"type": "contact", "at": "2022-11-05", "note": "早"}\n')
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(json.loads(done.stdout)["status"], "duplicate")
            self.assertEqual(len(server.recorded), 1)
            self.assertRegex(next(iter(server.recorded)), "^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")


class Python(Clients, unittest.TestCase):
    command = ["/usr/bin/python3", str(EXAMPLES / "python" / "client.py")]


@unittest.skipUnless(os.environ.get("MUSTER_NODE"), "MUSTER_NODE is not set")
class JavaScript(Clients, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not shutil.which("node") or not shutil.which("npm"):
            raise unittest.SkipTest("node and npm are not installed")
        folder = tempfile.TemporaryDirectory(prefix="muster-node-")
        cls.addClassCleanup(folder.cleanup)
        for name in ("client.js", "package.json"):
            shutil.copy(EXAMPLES / "javascript" / name, folder.name)
        got = subprocess.run(["npm", "install", "--no-audit", "--no-fund"], cwd=folder.name, capture_output=True, text=True,
                             timeout=300, check=False)
        if got.returncode:
            raise unittest.SkipTest(f"npm cannot fetch zeromq here: {got.stderr[-300:]}")
        cls.command = ["node", str(pathlib.Path(folder.name) / "client.js")]


if __name__ == "__main__":
    unittest.main()
