"""Killed at random moments while four clients submit: every answered event is there once, the rest not
at all, or once after sending it again; and tables built anew from the ledger are those that the kills
left. MUSTER_KILLS sets the number of kills."""

import os
import random
import threading
import time
import unittest

import zmq

from harness import Client, Daemon, event
from test_sample import check_rebuild

KILLS = int(os.environ.get("MUSTER_KILLS", "5"))
SEED = int(os.environ.get("MUSTER_SEED", random.SystemRandom().randrange(1 << 32)))
CLIENTS = 4
BRANCHES = 12 * max(1, KILLS // 50)  # of each client: they stay of a size that branches have
MEMBERS = 6    # of each branch


def branches_of(client):
    return [f"K-{client}-{n}" for n in range(BRANCHES)]


def district(chance):
    """Branches with members for each client. Away and silent they raise alerts, which are being
    evaluated when the kill comes."""
    for branch in sum((branches_of(client) for client in range(CLIENTS)), []):
        yield event("branch.founded", "2021-01-05", branch=branch, name="支部", form="own", sector="enterprise")
        for m in range(MEMBERS):
            member = f"{branch}-{m}"
            yield event("member.admitted", "2021-02-01", member=member, name="党员", branch=branch,
                        stage="full", new=False)
            if chance.random() < 0.5:
                yield event("member.away", "2022-02-01", member=member, destination="广东", fixed=chance.random() < 0.5)


class Submitter(threading.Thread):
    """Submits until the daemon goes; keeps what it sent and what was answered."""

    def __init__(self, daemon, number, seed):
        super().__init__()
        self.daemon_process = daemon.process
        self.endpoint = daemon.endpoint
        self.number = number
        self.random = random.Random(seed)
        self.sent, self.answered, self.wrong = [], {}, []

    def members(self, branch, most):
        chosen = self.random.sample(range(MEMBERS), self.random.randint(1, most))
        return [f"{branch}-{m}" for m in chosen]

    def event(self):
        day = f"2022-{self.random.randint(1, 12):02}-{self.random.randint(1, 28):02}"
        branch = self.random.choice(branches_of(self.number))
        kind = self.random.choice(("founded", "admitted", "meeting", "meeting", "training", "contact"))
        if kind == "founded":
            return event("branch.founded", day, branch=f"{branch}-{self.random.getrandbits(48):012x}",
                         name="n" * self.random.randint(1, 2000), form="own", sector="enterprise")
        if kind == "admitted":
            return event("member.admitted", day, member=f"N-{self.number}-{self.random.getrandbits(48):012x}",
                         name="新党员", branch=branch, stage="probationary", new=True)
        if kind == "meeting":
            return event("meeting", day, branch=branch, kinds=[self.random.choice(("theme_day", "lecture", "talk"))],
                         present=self.members(branch, MEMBERS))
        if kind == "training":
            return event("training", day, title="课", hours=8, branch=branch, present=self.members(branch, MEMBERS))
        return event("contact", day, member=self.members(branch, 1)[0], channel="phone")

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
                    if result["status"] != "recorded":
                        self.wrong.append(result)
                    self.answered[result["id"]] = result.get("seq")


class Kill(unittest.TestCase):
    def test_kill(self):
        print(f"MUSTER_SEED={SEED}")
        chance = random.Random(SEED)
        daemon = Daemon(rehearse="2022-12-31", settle=0)
        self.addCleanup(daemon.clean_up)
        daemon.start()
        everything = {}  # id -> seq, of all that is known to be there
        with Client(daemon.endpoint) as client:
            everything.update((r["id"], r["seq"]) for r in client.record(list(district(chance))))
        answered = 0
        for _ in range(KILLS):
            threads = [Submitter(daemon, n, chance.random()) for n in range(CLIENTS)]
            for thread in threads:
                thread.start()
            time.sleep(chance.uniform(0.01, 0.25))
            daemon.process.kill()
            for thread in threads:
                thread.join()
            daemon.wait_end()
            daemon.start()
            self.check(daemon, threads, everything)
            answered += sum(len(thread.answered) for thread in threads)
        self.assertGreater(answered, 0, "nothing was answered before any kill: this tested nothing")
        with Client(daemon.endpoint) as client:
            listed = {row["id"]: row["seq"] for row in client.rows("recent", type="any")
                      if row["recorded_by"] != "musterd"}
            self.assertEqual(listed, everything)
        check_rebuild(self, daemon)

    def check(self, daemon, threads, everything):
        with Client(daemon.endpoint) as client:
            for thread in threads:
                self.assertEqual(thread.wrong, [])
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
