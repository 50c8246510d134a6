"""What bad input gets: a reply with a code, a counter, and nothing else (docs/protocol.md)."""

import json
import os
import random
import socket
import struct
import subprocess
import time
import unittest

import zmq

from harness import VERSION, Client, Daemon, Refused, binary, event, wait_until

SEED = int(os.environ.get("MUSTER_SEED", random.SystemRandom().randrange(1 << 32)))


def branch(ref="B-1"):
    return event("branch.founded", "2022-01-05", branch=ref, name="一支部", form="own", sector="enterprise")


class Raw:
    """A DEALER that sends any frames."""

    def __init__(self, daemon, **options):
        self.socket = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.setsockopt(zmq.LINGER, 0)
        for name, value in options.items():
            self.socket.setsockopt(getattr(zmq, name), value)
        self.socket.connect(daemon.endpoint)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, *frames):
        self.socket.send_multipart(list(frames))

    def receive(self, timeout=10.0):
        if not self.socket.poll(int(timeout * 1000)):
            raise TimeoutError("no reply")
        return self.socket.recv_multipart()

    def silent(self, timeout=0.3):
        return not self.socket.poll(int(timeout * 1000))


def half_open(daemon):
    """A connection on which ZeroMQ's handshake is done, and then the bytes that the test wants."""
    s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    s.settimeout(20)
    s.connect(daemon.endpoint.removeprefix("ipc://"))
    s.sendall(b"\xff" + bytes(7) + b"\1\x7f\3\0NULL" + bytes(16) + bytes(32))
    greeting = b""
    while len(greeting) < 64:
        greeting += s.recv(64 - len(greeting))
    ready = b"\5READY\x0bSocket-Type" + struct.pack(">I", 6) + b"DEALER"
    s.sendall(b"\4" + bytes([len(ready)]) + ready)
    s.recv(1000)
    return s


class Hostile(unittest.TestCase):
    keys = {}
    wrapper = ()

    @classmethod
    def setUpClass(cls):
        print(f"MUSTER_SEED={SEED}")
        cls.random = random.Random(SEED)
        cls.daemon = Daemon(rehearse="2022-12-31", wrapper=cls.wrapper, **cls.keys)
        cls.daemon.start()

    @classmethod
    def tearDownClass(cls):
        cls.daemon.finish()

    def setUp(self):
        self.client = Client(self.daemon.endpoint)
        self.addCleanup(self.client.close)

    def assert_alive(self):
        self.assertIsNone(self.daemon.process.poll(), self.daemon.log())
        return self.client.status()

    def assert_error(self, frames, code, request_id=b"7"):
        self.assertEqual(frames[:3], [VERSION, request_id, b"error"])
        body = json.loads(frames[3].decode("utf-8"))
        self.assertEqual(body["code"], code, body)
        self.assertTrue(body["message"])
        return body


class Frames(Hostile):
    def test_refused(self):
        cases = [
            ([b"muster/2", b"7", b"status", b"{}"], "malformed"),
            ([VERSION, b"7"], "malformed"),
            ([VERSION, b"7", b"status"], "malformed"),
            ([VERSION, b"7", b"status", b"{}", b"{}"], "malformed"),
            ([VERSION, b"7", b"status"] + [b"x"] * 1000, "malformed"),
            ([VERSION, b"7", b"STATUS", b"{}"], "unknown_verb"),
            ([VERSION, b"7", b"", b"{}"], "unknown_verb"),
            ([VERSION, b"7", b"\xff\xfe\x00", b"{}"], "unknown_verb"),
            ([VERSION, b"7", b"statu", b"{}"], "unknown_verb"),
            ([VERSION, b"7", b"figure", b"{}"], "unknown_verb"),
            ([VERSION, b"7", b"x" * 100_000, b"{}"], "unknown_verb"),
        ]
        with Raw(self.daemon) as raw:
            for frames, code in cases:
                with self.subTest(frames=repr(frames)[:80]):
                    raw.send(*frames)
                    self.assert_error(raw.receive(), code)
            self.assertTrue(raw.silent())

    def test_delimiter_is_echoed(self):
        with Raw(self.daemon) as raw:
            raw.send(b"", VERSION, b"7", b"status", b"{}")
            frames = raw.receive()
            self.assertEqual(frames[:4], [b"", VERSION, b"7", b"ok"])
            raw.send(b"", VERSION, b"7", b"status")
            frames = raw.receive()
            self.assertEqual(frames[0], b"")
            self.assert_error(frames[1:], "malformed")

    def test_request_ids(self):
        with Raw(self.daemon) as raw:
            for request_id in (b"\x00", b"\xff" * 64, "号".encode(), bytes(range(64))):
                raw.send(VERSION, request_id, b"status", b"{}")
                self.assertEqual(raw.receive()[1:3], [request_id, b"ok"])
            for request_id in (b"", b"x" * 65):
                raw.send(VERSION, request_id, b"status", b"{}")
                self.assert_error(raw.receive(), "malformed", request_id)

    def test_unanswerable_is_counted(self):
        before = self.client.status()["counters"]["unanswerable"]
        with Raw(self.daemon) as raw:
            messages = [[b"x"], [b""], [b"", VERSION], [VERSION], [b"\xff" * 100_000],
                        [VERSION, b"x" * 10_000, b"status", b"{}"]]
            for frames in messages:
                raw.send(*frames)
            self.assertTrue(raw.silent())
        wait_until(lambda: self.client.status()["counters"]["unanswerable"] == before + len(messages),
                   "the count")

    def test_req_client(self):
        with Client(self.daemon.endpoint, kind=zmq.REQ) as client:
            self.assertIn("ledger", client.call("status"))
            with self.assertRaises(Refused):
                client.call("nothing")
            self.assertIn("ledger", client.call("status"))

    def test_random_frames(self):
        words = [b"", VERSION, b"7", b"submit", b"status", b"recent", b"{}", b'{"events":[{}]}', b"[]",
                 b"\xff\xff", b"null", b'{"limit":-1}', b'{"lang":"zh"}', b'{"events":"x"}']
        sent = 0
        with Raw(self.daemon) as raw:
            for _ in range(3000):
                frames = self.random.choices(words, k=self.random.randint(1, 7))
                body = [frames[1:] if frames[0] == b"" else frames][0]
                sent += len(body) >= 2  # one reply each, of whatever kind
                raw.send(*frames)
            for _ in range(sent):
                frames = raw.receive()
                frames = frames[1:] if frames[0] == b"" else frames
                self.assertEqual(frames[0], VERSION)
                json.loads(frames[3].decode("utf-8"))
            self.assertTrue(raw.silent())
        self.assert_alive()


class Bodies(Hostile):
    VERBS = ("submit", "recent", "list", "show", "alerts", "explain", "due", "board", "rules", "status")

    def test_no_json(self):
        deep = b"[" * 200_000
        bodies = [b"", b"{", b"nonsense", b"[]", b"7", b"null", b'"text"', b"\xff\xfe", b'{"x": "\xff"}', b"{}{}",
                  deep, b'{"events":' + deep, b'{"a":' * 5000 + b"1" + b"}" * 5000, b"\x00" * 1000,
                  b'{"lang":"en","lang":"zh"}', b'{"limit": 1e999}', b'{"limit": 99999999999999999999}']
        for verb in self.VERBS:
            for body in bodies:
                with self.subTest(verb=verb, body=body[:40]):
                    outcome, reply = self.client.ask(verb, body)
                    self.assertEqual(outcome, "error")
                    self.assertIn(reply["code"], ("malformed", "too_large") if len(body) > 50_000 else ("malformed",))

    def test_unknown_field(self):
        for verb in self.VERBS:
            with self.subTest(verb=verb):
                outcome, reply = self.client.ask(verb, {"events": [branch()], "nonsense": 1}
                                                 if verb == "submit" else {"nonsense": 1})
                self.assertEqual((outcome, reply["code"]), ("error", "malformed"))
                self.assertEqual(reply.get("field"), "nonsense", reply)

    def test_sizes(self):
        with Raw(self.daemon) as raw:
            raw.send(VERSION, b"7", b"submit", b" " * (4 * 1024 * 1024 + 1))
            self.assert_error(raw.receive(), "too_large")
        outcome, reply = self.client.ask("submit", {"events": [branch(f"T-{i}") for i in range(1001)]})
        self.assertEqual((outcome, reply["code"]), ("error", "too_large"))
        big = {**branch("T-2"), "extra": {"x": "a" * 65536}}
        self.assertEqual(self.client.submit([big])[0]["error"]["code"], "too_large")

    def test_giant_frame_ends_the_connection(self):
        with Raw(self.daemon) as raw:
            raw.send(VERSION, b"7", b"submit", b" " * (64 * 1024 * 1024))
            self.assertTrue(raw.silent(1.0))
        self.assert_alive()

    def test_another_ledger(self):
        before = self.client.status()["seq"]
        other = "00000000-0000-7000-8000-000000000000"
        with self.assertRaises(Refused) as refused:
            self.client.submit([branch("T-9")], ledger=other)
        self.assertEqual(refused.exception.code, "not_allowed")
        with self.assertRaises(Refused) as refused:
            self.client.call("recent", ledger=other)
        self.assertEqual(refused.exception.code, "not_allowed")
        status = self.client.status()
        self.assertEqual(status["seq"], before)
        self.client.record([branch("T-9")])
        self.assertEqual(self.client.submit([branch("T-10")], ledger=status["ledger"])[0]["status"], "recorded")

    def test_neighbours_of_the_refused_are_recorded(self):
        events = [branch("N-1"), {"type": "nonsense"}, 7, "text", None, {**branch("N-1")}, branch("N-2")]
        results = self.client.submit(events)
        self.assertEqual([r["status"] for r in results],
                         ["recorded", "refused", "refused", "refused", "refused", "refused", "recorded"])
        self.assertIsNone(results[2]["id"])
        self.assertEqual(results[5]["error"]["code"], "exists")

    def test_language(self):
        for verb in ("nothing", "submit", "recent"):
            messages = {lang: self.client.ask(verb, {"lang": lang, "x": 1})[1]["message"] for lang in ("en", "zh")}
            self.assertTrue(messages["en"].isascii(), messages)
            self.assertFalse(messages["zh"].isascii(), messages)


class Crowds(Hostile):
    def test_ten_thousand_unanswered(self):
        """Each gets one reply, however late it is read. Who asks one thing has a turn among them."""
        memory = self.daemon.memory_kib()
        ids = {self.client.send("figures" if n % 2 else "status") for n in range(10_000)}
        with Client(self.daemon.endpoint) as other:
            start = time.monotonic()
            self.assertEqual(other.submit([branch(f"C-{time.monotonic_ns()}")])[0]["status"], "recorded")
            self.assertLess(time.monotonic() - start, 5)
            self.assertIn("ledger", other.status())
            self.assertLess(time.monotonic() - start, 10)
        self.assertLess(self.daemon.memory_kib() - memory, 300 * 1024)
        codes = {}
        while ids:
            request_id, outcome, body = self.client.receive_any()
            ids.remove(request_id)
            key = outcome if outcome == "ok" else body["code"]
            codes[key] = codes.get(key, 0) + 1
        self.assertLessEqual(set(codes), {"ok", "unavailable"})
        self.assertGreater(codes["ok"], 100)

    def test_who_never_reads(self):
        """Answers to a peer that does not read are dropped at a bound; nobody else notices."""
        events = [branch(f"W-{i}") for i in range(400)]
        self.client.record([{**e, "extra": {"x": "y" * 3000}} for e in events])
        memory = self.daemon.memory_kib()
        body = json.dumps({"type": "any", "limit": 400}).encode()
        deaf = [Raw(self.daemon, RCVHWM=1, RCVBUF=4096) for _ in range(6)]
        try:
            for n in range(150):
                for raw in deaf:
                    raw.send(VERSION, str(n).encode(), b"recent", body)
            start = time.monotonic()
            self.assertEqual(self.client.submit([branch(f"C-{time.monotonic_ns()}")])[0]["status"], "recorded")
            self.assertLess(time.monotonic() - start, 5)
            wait_until(lambda: self.client.status()["queue"]["reads"] <= 1, "the reads to be done", 60)
            counters = self.assert_alive()["counters"]
            self.assertGreater(counters["answers_dropped_slow"], 0)
            self.assertLess(counters["answer_bytes_held"], 192 * 1024 * 1024)
            self.assertLess(self.daemon.memory_kib() - memory, 600 * 1024)  # 1 GiB were asked for
        finally:
            for raw in deaf:
                raw.socket.close()
        wait_until(lambda: self.client.status()["counters"]["answer_bytes_held"] < 1024 * 1024,
                   "memory of the deaf to be given back")

    def test_giant_answers_to_the_gone(self):
        for _ in range(50):
            with Raw(self.daemon) as raw:
                raw.send(VERSION, b"7", b"recent", b'{"type":"any","limit":1000}')
        self.assert_alive()

    def test_half_open(self):
        """Messages and frames that are begun and never finished: nobody waits for them."""
        memory = self.daemon.memory_kib()
        crowd = [half_open(self.daemon) for _ in range(100)]
        try:
            for s in crowd:
                s.sendall(b"\1\x08" + VERSION)  # a first frame, and more is to come
            self.assert_alive()
            for s in crowd:
                s.sendall(b"\3" + struct.pack(">Q", 4 << 20) + b"x" * 1000)  # 4 MiB are announced
            start = time.monotonic()
            self.assertEqual(self.client.submit([branch(f"H-{time.monotonic_ns()}")])[0]["status"], "recorded")
            self.assertLess(time.monotonic() - start, 5)
            self.assertLess(self.daemon.memory_kib() - memory, 500 * 1024)
        finally:
            for s in crowd:
                s.close()
        self.assert_alive()

    def test_large_and_wrong(self):
        """Whoever sends 4 MiB of rubbish again and again takes no more than a share of the time."""
        body = b'{"events":[' + b"1," * 2_000_000 + b"1]}"
        crowd = [Raw(self.daemon, SNDHWM=4) for _ in range(4)]
        try:
            for raw in crowd:
                for n in range(8):
                    raw.send(VERSION, str(n).encode(), b"submit", body)
            start = time.monotonic()
            self.assertIn("ledger", self.client.status())
            self.assertLess(time.monotonic() - start, 15)
            for raw in crowd:
                for n in range(8):
                    self.assert_error(raw.receive(30), "too_large", str(n).encode())
        finally:
            for raw in crowd:
                raw.socket.close()

    def test_same_routing_id(self):
        with Raw(self.daemon, ROUTING_ID=b"same") as first, Raw(self.daemon, ROUTING_ID=b"same") as second:
            first.send(VERSION, b"7", b"status", b"{}")
            self.assertEqual(first.receive()[2], b"ok")
            second.send(VERSION, b"8", b"status", b"{}")
            first.send(VERSION, b"9", b"status", b"{}")
            self.assertEqual(first.receive()[1], b"9")
        self.assert_alive()

    def test_many_frames_in_one_message(self):
        with Raw(self.daemon) as raw:
            raw.send(VERSION, b"7", b"status", *[b"x"] * 200_000)
            self.assert_error(raw.receive(30), "malformed")
        self.assert_alive()


class Connections(Hostile):
    """Descriptors are few: libzmq would abort without them."""
    wrapper = ("prlimit", "--nofile=256:256", "--")

    def connect(self):
        s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        s.settimeout(10)
        s.connect(self.daemon.endpoint.removeprefix("ipc://"))
        return s

    def test_more_than_there_are_descriptors(self):
        self.assert_alive()
        crowd = []
        try:
            for _ in range(600):
                crowd.append(self.connect())
            wait_until(lambda: self.assert_alive()["counters"]["connections_refused"] >= 300, "refusals")
        finally:
            for s in crowd:
                s.close()

        def served():
            try:
                with Client(self.daemon.endpoint, timeout=1) as client:
                    return client.status()
            except TimeoutError:
                return None
        wait_until(served, "a place for a new connection")

    def test_no_greeting_at_all(self):
        """Whoever connects and says nothing is sent away (a handshake may take 10 s)."""
        crowd = [self.connect() for _ in range(20)]

        def gone():
            for s in crowd:
                s.setblocking(False)
                try:
                    while s.recv(1000):
                        pass
                except BlockingIOError:
                    return False
                except ConnectionError:
                    pass
            return True
        try:
            wait_until(gone, "the silent to be sent away", 25, 0.5)
        finally:
            for s in crowd:
                s.close()
        self.assert_alive()

    def test_rubbish_instead_of_greetings(self):
        for data in (b"", b"GET / HTTP/1.1\r\n\r\n", b"\xff" * 10, b"\xff\0\0\0\0\0\0\0\1\x7f", b"\0" * 1000,
                     os.urandom(5000), b"\xff\0\0\0\0\0\0\0\1\x7f\3\0NULL" + b"\0" * 48 + b"\6\xff" + b"\xff" * 8,
                     b"\xff\0\0\0\0\0\0\0\1\x7f\3\0CURVE" + b"\0" * 47):
            with self.connect() as s:
                s.sendall(data)
            with self.connect() as s:  # and again, without an end
                s.sendall(data)
                s.settimeout(0.1)
                try:
                    s.recv(1000)
                except (TimeoutError, ConnectionError):
                    pass
        self.assert_alive()


class WithoutEnd(unittest.TestCase):
    """What libzmq cannot bound (docs/operations.md), and what contains it: a limit of the address space."""

    def test_a_message_without_end(self):
        if "san.so" in subprocess.run(["ldd", binary("musterd")], capture_output=True, text=True, check=True).stdout:
            self.skipTest("a sanitizer needs more address space than the limit")
        daemon = Daemon(rehearse="2022-12-31", wrapper=("prlimit", "--as=1200000000", "--core=0", "--"))
        self.addCleanup(daemon.clean_up)
        daemon.start()
        with Client(daemon.endpoint) as client:
            client.record([branch(f"E-{n}") for n in range(50)])
        s = half_open(daemon)
        frame = b"\3" + struct.pack(">Q", 4 << 20) + b"x" * (4 << 20)  # and more is to come
        sent = 0
        try:
            while sent < 600:
                s.sendall(frame)
                sent += 1
        except OSError:
            pass
        s.close()
        self.assertLess(sent, 600, "the connection was ended")
        with Client(daemon.endpoint) as client:
            self.assertEqual(client.status()["events"], 50)
            self.assertEqual(client.submit([branch("E-more")])[0]["status"], "recorded")
        self.assertLess(daemon.memory_kib(), 200 * 1024, "what it took is given back")


if __name__ == "__main__":
    unittest.main(verbosity=2)
