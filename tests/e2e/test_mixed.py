"""A day of load in miniature: good and hostile clients at once, for MUSTER_MIXED_S seconds (12; 120 in the long test). The good ones
are served without a fault, the others get nothing; memory does not grow once all of it has been seen; the log stays short.

Under the address sanitizer its reports are the point: the daemon ends with a failure when there is one.
"""

import os
import random
import socket
import struct
import threading
import time
import unittest

import zmq

from harness import VERSION, Client, Daemon, Refused, event

SECONDS = float(os.environ.get("MUSTER_MIXED_S", 12))
SEED = int(os.environ.get("MUSTER_SEED", random.SystemRandom().randrange(1 << 32)))
WARM_S = min(20.0, SECONDS / 3)
GROWTH = 1.10  # of what is resident after the warm-up
SLACK_KIB = 6 * 1024


def meeting(branch, n):
    return event("meeting", f"2022-{n % 12 + 1:02}-{n % 28 + 1:02}", branch=branch, kinds=["lecture"], present_count=n % 30)


class Mixed(unittest.TestCase):
    def setUp(self):
        print(f"MUSTER_SEED={SEED}")
        self.end = None
        self.failures = []
        self.served = 0
        self.context = zmq.Context()
        self.daemon = Daemon(rehearse="2022-12-31", settle=0, key_requests_per_second=200, users=None, environment={
            # the quarantine of freed memory would look like growth
            "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=8:thread_local_quarantine_size_kb=64"})
        self.daemon.write_config(listen=[self.daemon.endpoint, "tcp://127.0.0.1:*"])
        self.addCleanup(self.daemon.clean_up)
        self.addCleanup(self.context.destroy, 0)
        self.daemon.start()
        with Client(self.daemon.endpoint) as client:
            client.record([event("branch.founded", "2022-01-01", branch=f"B-{n}", name="支部", form="own", sector="enterprise",
                                 area=f"450{n}") for n in range(4)])
        self.server, self.tcp = self.daemon.server_key(), self.daemon.tcp()
        self.port = int(self.tcp.rsplit(":", 1)[1])
        self.pairs = {}
        for name, role, scope in (("good-0", "recorder", {"branches": ["B-0"]}), ("good-1", "staff", {"areas": ["4501"]}),
                                  ("good-2", "reader", {"areas": ["*"]}), ("nosy", "reader", {"branches": ["B-3"]}),
                                  ("hasty", "recorder", {"branches": ["B-3"]}), ("gone", "admin", {})):
            self.pairs[name] = zmq.curve_keypair()
            self.daemon.allow(name, self.pairs[name][0], role, **scope)

    def running(self):
        return time.monotonic() < self.end

    def client(self, name, **options):
        return Client(self.tcp, context=self.context, curve=(self.server, *self.pairs[name]), **options)

    # The good ones: every answer must come, and be right. Events come from a pool, so that the ledger and its caches
    # stay what they are once each was recorded: what grows after that would be a leak.

    def good_recorder(self, dice):
        with self.client("good-0") as client:
            pool = [meeting("B-0", n) for n in range(200)]
            while self.running():
                self.assert_recorded(client.submit([dice.choice(pool), dice.choice(pool)]))
                time.sleep(0.01)

    def good_staff(self, dice):
        with self.client("good-1") as client:
            pool = [meeting("B-1", n) for n in range(50)]
            while self.running():
                self.assert_recorded(client.submit([dice.choice(pool)]))
                for verb, body in (("recent", {"limit": 20}), ("alerts", {}), ("board", {"year": 2022}), ("show", {"what": "branch", "ref": "B-1"})):
                    client.call(verb, body)
                    self.served += 1
                time.sleep(0.02)

    def good_reader(self, dice):
        with self.client("good-2") as client, Client(self.daemon.endpoint, context=self.context) as local:
            while self.running():
                client.call("recent", {"limit": 50, "branch": f"B-{dice.randrange(4)}"})
                client.call("due", {})
                local.call("status")
                self.served += 3
                time.sleep(0.02)

    def assert_recorded(self, results):
        for result in results:
            if result["status"] not in ("recorded", "duplicate"):
                raise AssertionError(result)
            self.served += 1

    # The others.

    def nosy(self, dice):
        """A key that asks for what is not its own."""
        with self.client("nosy") as client:
            while self.running():
                verb, body = dice.choice([("show", {"what": "branch", "ref": "B-0"}), ("recent", {"branch": "B-1"}),
                                          ("submit", {"events": [meeting("B-3", 1)]}), ("list", {"what": "keys"}), ("nothing", {}),
                                          ("export", {}), ("explain", {"rule": "theme-day", "ref": "B-0"})])
                outcome, reply = client.ask(verb, body)
                if outcome != "error" or reply["code"] not in ("not_allowed", "unavailable"):
                    raise AssertionError((verb, reply))
                time.sleep(0.01)

    def hasty(self, dice):
        """A key that sends as fast as it can, and does not read."""
        pool = [meeting("B-3", n) for n in range(100)]
        while self.running():
            with self.client("hasty") as client:
                client.socket.sndtimeo = 100
                try:
                    for n in range(2000):
                        client.send("submit", {"events": [pool[n % 100]]})
                except zmq.Again:
                    pass
                time.sleep(0.3)

    def gone(self, dice):
        """A key that is revoked while it is connected, and goes on."""
        with self.client("gone") as client:
            client.call("status")
            self.daemon.revoke("gone")
            while self.running():
                client.send("submit", {"events": [meeting("B-2", 1)]})
                client.send("status")
                if client.socket.poll(20):
                    raise AssertionError(client.socket.recv_multipart())

    def strangers(self, dice):
        """Unknown keys, and no keys at all."""
        while self.running():
            kind = dice.randrange(3)
            sock = self.context.socket(zmq.DEALER)
            sock.linger, sock.sndtimeo = 0, 0
            if kind == 0:
                sock.curve_serverkey = self.server
                sock.curve_publickey, sock.curve_secretkey = zmq.curve_keypair()
            elif kind == 1:
                sock.plain_username, sock.plain_password = b"admin", b"admin"
            sock.connect(self.tcp)
            try:
                sock.send_multipart([VERSION, b"1", b"status", b"{}"])
            except zmq.Again:
                pass
            if sock.poll(100):
                self.failures.append(f"a stranger was answered: {sock.recv_multipart()}")
            sock.close()

    def noise(self, dice):
        """Bytes of no protocol, handshakes that are never ended."""
        open_ones = []
        while self.running():
            one = socket.create_connection(("127.0.0.1", self.port))
            try:
                greeting = b"\xff\0\0\0\0\0\0\0\1\x7f\3\0" + dice.choice([b"CURVE", b"NULL", b"PLAIN", b"X" * 20]).ljust(20, b"\0") + b"\0" * 32
                one.sendall(dice.choice([dice.randbytes(dice.randrange(1, 300)), greeting, greeting + dice.randbytes(200),
                                         greeting + b"\4" + struct.pack(">B", 200) + b"\5HELLO" + dice.randbytes(194),
                                         b"GET / HTTP/1.1\r\n\r\n"]))
            except OSError:
                pass
            open_ones.append(one)
            if len(open_ones) > 20:
                open_ones.pop(dice.randrange(20)).close()
            time.sleep(0.02)
        for one in open_ones:
            one.close()

    def rubbish(self, dice):
        """Frames on ipc that are no requests, and requests that are none of the protocol's."""
        sock = self.context.socket(zmq.DEALER)
        sock.linger = 0
        sock.connect(self.daemon.endpoint)
        while self.running():
            frames = dice.choice([[dice.randbytes(40)], [b""] * 7, [VERSION, b"1", b"submit", dice.randbytes(5000)],
                                  [VERSION, b"1", b"submit", b'{"events":[' + b'{"id":' * 30 + b"]}"], [VERSION, b"1", b"recent", b"[]"],
                                  [VERSION, b"x" * 300, b"status", b"{}"], [VERSION, b"1", b"list", b'{"what":"keys","cursor":"k\\u0000"}']])
            sock.send_multipart(frames)
            while sock.poll(1):
                sock.recv_multipart()
            time.sleep(0.005)
        sock.close()

    # All of them.

    def worker(self, work, seed):
        try:
            work(random.Random(seed))
        except (AssertionError, TimeoutError, Refused, OSError, zmq.ZMQError) as error:
            self.failures.append(f"{work.__name__}: {type(error).__name__}: {error}")

    def test_mixed(self):
        self.end = time.monotonic() + SECONDS
        workers = [self.good_recorder, self.good_staff, self.good_reader, self.nosy, self.hasty, self.gone, self.strangers, self.noise,
                   self.rubbish]
        threads = [threading.Thread(target=self.worker, args=(work, SEED + n)) for n, work in enumerate(workers)]
        for thread in threads:
            thread.start()
        time.sleep(WARM_S)
        warm = self.daemon.memory_kib()
        for thread in threads:
            thread.join()
        self.assertEqual(self.failures, [])
        self.assertIsNone(self.daemon.process.poll(), self.daemon.log()[-4000:])
        with Client(self.daemon.endpoint) as client:
            status = client.status()
        memory, counts = self.daemon.memory_kib(), status["counters"]
        print(f"served {self.served}, {warm} KiB after {WARM_S:g} s, {memory} KiB after {SECONDS:g} s, {counts}")
        self.assertGreater(self.served, SECONDS * 5)
        self.assertLess(memory, warm * GROWTH + SLACK_KIB)
        for counter in ("keys_unknown", "keys_revoked", "keys_hurried", "handshakes_failed", "unanswerable"):
            self.assertGreater(counts[counter], 0, counter)
        self.assertGreater(status["errors"]["not_allowed"], 0)
        lines = [line for line in self.daemon.log().splitlines() if "turned away" in line]
        self.assertLessEqual(len(lines), SECONDS / 60 + 2)
        self.assertGreater(len(lines), 0)
        self.daemon.stop(timeout=60)


if __name__ == "__main__":
    unittest.main()
