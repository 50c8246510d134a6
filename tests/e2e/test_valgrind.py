"""The daemon under valgrind: a small district recorded, every read asked, rules reloaded, rubbish sent;
it ends cleanly, with no error found and nothing lost."""

import shutil
import unittest

import zmq

from harness import SOURCE, Daemon, event, read_jsonl

VALGRIND = ["valgrind", "-q", "--child-silent-after-fork=yes", "--error-exitcode=99", "--leak-check=full", "--errors-for-leak-kinds=definite",
            f"--suppressions={SOURCE}/tests/valgrind.supp"]


class UnderValgrind(unittest.TestCase):
    def test_a_day(self):
        self.assertIsNotNone(shutil.which("valgrind"))
        daemon = Daemon(rehearse="2024-03-31", settle=0, wrapper=VALGRIND)
        self.addCleanup(daemon.clean_up)
        daemon.start()
        client = daemon.client()
        client.submit(read_jsonl(SOURCE / "tests" / "data" / "small-1" / "events.jsonl"))
        client.submit([event("meeting", "2023-01-01", branch="nowhere", kinds=["talk"])])
        daemon.wait_evaluated()
        for arguments in (["alerts"], ["alerts", "--as-of", "2022-12-31"], ["alerts", "--known-on", "2024-03-31"],
                          ["recent", "--all"], ["recent", "--branch", "B-001"], ["list", "members"],
                          ["show", "branch", "B-001"], ["due", "--within", "60d"], ["board", "--year", "2022"],
                          ["explain", "general-meeting", "B-004"], ["rules"], ["status"]):
            done = daemon.muster(*arguments, "--json", timeout=120)
            self.assertEqual(done.returncode, 0, (arguments, done.stderr))
        socket = zmq.Context.instance().socket(zmq.DEALER)
        socket.linger = 0
        socket.connect(daemon.endpoint)
        for frames in ([b""], [b"muster/1"], [b"muster/1", b"1", b"submit", b"{"], [b"muster/9", b"1", b"x", b"{}"],
                       [b"muster/1", b"1", b"recent", b"\xff"]):
            socket.send_multipart(frames)
        daemon.reload()
        client.status()
        socket.close()
        daemon.stop()


if __name__ == "__main__":
    unittest.main(verbosity=2)
