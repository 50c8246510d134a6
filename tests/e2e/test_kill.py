"""Killed at random moments while four clients submit: every answered event is there once, the rest not
at all, or once after sending it again. MUSTER_KILLS sets the number of kills."""

import os
import random
import threading
import time
import unittest

import zmq

from harness import Client, Daemon, event

KILLS = int(os.environ.get("MUSTER_KILLS", "50"))
SEED = int(os.environ.get("MUSTER_SEED", random.SystemRandom().randrange(1 << 32)))
CLIENTS = 4


class Submitter(threading.Thread):
    """Submits until the daemon goes; keeps what it sent and what was answered."""

    def __init__(self, daemon, number, seed):
        super().__init__()
        self.daemon_process = daemon.process
        self.endpoint = daemon.endpoint
        self.number = number
        self.random = random.Random(seed)
        self.sent, self.answered = [], {}

    def event(self):
        ref = f"K-{self.number}-{self.random.getrandbits(48):012x}"
        return event("branch.founded", "2022-01-05", branch=ref, name="n" * self.random.randint(1, 2000),
                     form="own", sector="enterprise")

    def run(self):
        with Client(self.endpoint, context=zmq.Context.instance()) as client:
            while self.daemon_process.poll() is None:
                events = [self.event() for _ in range(self.random.randint(1, 20))]
                self.sent += events
                request = client.send("submit", {"events": events})
                reply = None
                while reply is None and self.daemon_process.poll() is None:
                    try:
                        reply = client.receive(request, 0.05)
                    except TimeoutError:
                        continue
                if reply is None:
                    return
                for result in reply[1]["results"]:
                    assert result["status"] == "recorded", result
                    self.answered[result["id"]] = result["seq"]


class Kill(unittest.TestCase):
    def test_kill(self):
        print(f"MUSTER_SEED={SEED}")
        chance = random.Random(SEED)
        daemon = Daemon(rehearse="2022-12-31")
        self.addCleanup(daemon.clean_up)
        everything = {}  # id -> seq, of all that is known to be there
        daemon.start()
        for _ in range(KILLS):
            threads = [Submitter(daemon, n, chance.random()) for n in range(CLIENTS)]
            for thread in threads:
                thread.start()
            time.sleep(chance.uniform(0.01, 0.12))
            daemon.process.kill()
            for thread in threads:
                thread.join()
            daemon.wait_end()
            daemon.start()
            self.check(daemon, threads, everything)
        with daemon.client() as client:
            status = client.status()
            self.assertEqual(status["events"], len(everything))
            listed = {row["id"]: row["seq"] for row in client.rows("recent", type="branch.founded")}
            self.assertEqual(listed, everything)

    def check(self, daemon, threads, everything):
        with Client(daemon.endpoint) as client:
            for thread in threads:
                results = client.submit(thread.sent) if thread.sent else []
                for result in results:
                    self.assertIn(result["status"], ("recorded", "duplicate"))
                    if result["id"] in thread.answered:
                        self.assertEqual(result["status"], "duplicate")
                        self.assertEqual(result["seq"], thread.answered[result["id"]])
                    everything[result["id"]] = result["seq"]
            self.assertEqual(len(set(everything.values())), len(everything))
            self.assertEqual(client.status()["events"], len(everything))


if __name__ == "__main__":
    unittest.main(verbosity=2)
