"""Real binaries, ipc in a temporary folder: what the end-to-end tests stand on.

    with Daemon(rehearse="2022-12-31") as daemon:
        client = daemon.client()
        results = client.submit([event("branch.founded", "2022-01-05", branch="B-1", ...)])
        daemon.wait_evaluated()
        for row in client.rows("alerts"):
            ...

The binaries come from the environment: MUSTERD and MUSTER (paths). MUSTER_KEEP=1 keeps the
folders of a run. Nothing here sleeps for a fixed time: everything waits for a condition, with a bound.
"""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid

import zmq

SOURCE = pathlib.Path(__file__).resolve().parents[2]
DEFAULT_RULES = SOURCE / "config" / "rules" / "two-new.cfg"
VERSION = b"muster/1"
WAIT_S = 30.0  # longest wait for anything; generous, for valgrind and sanitizers


def binary(name):
    """The path of a binary of ours, from the environment (MUSTERD, MUSTER)."""
    path = os.environ.get(name.upper())
    if not path:
        sys.exit(f"set {name.upper()} to the path of {name}")
    return path


def new_id():
    """A UUID of version 7."""
    ms = time.time_ns() // 1_000_000
    bits = (ms << 80) | (0x7 << 76) | (int.from_bytes(os.urandom(2), "big") & 0xFFF) << 64
    bits |= (0b10 << 62) | (int.from_bytes(os.urandom(8), "big") & ((1 << 62) - 1))
    return str(uuid.UUID(int=bits))


def event(type_, at, **fields):
    """An event with a fresh id. Fields that are words of Python: `with_`."""
    return {"id": new_id(), "type": type_, "at": at,
            **{name.rstrip("_"): value for name, value in fields.items()}}


def read_jsonl(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def wait_until(condition, what, timeout=WAIT_S, pause=0.02):
    """Calls `condition` until it is true; returns what it returned."""
    end = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise TimeoutError(f"waited {timeout:g} s for {what}")
        time.sleep(pause)


class Refused(Exception):
    """An `error` reply: .code, .body"""

    def __init__(self, body):
        super().__init__(f"{body.get('code')}: {body.get('message')}")
        self.code = body.get("code")
        self.body = body


class Client:
    """A DEALER (or REQ) on the daemon's socket, speaking docs/protocol.md."""

    def __init__(self, endpoint, context=None, kind=zmq.DEALER, timeout=WAIT_S, curve=None):
        self.context = context or zmq.Context.instance()
        self.kind = kind
        self.timeout = timeout
        self.number = 0
        self.early = {}  # replies that came before they were asked for, by request id
        self.socket = self.context.socket(kind)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.setsockopt(zmq.SNDHWM, 100_000)
        self.socket.setsockopt(zmq.RCVHWM, 100_000)
        if curve:  # (the server's public key, one's own public, one's own secret)
            self.socket.curve_serverkey, self.socket.curve_publickey, self.socket.curve_secretkey = curve
        self.socket.connect(endpoint)

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # Frames

    def send(self, verb, body=None):
        """Sends a request without waiting; returns its request id."""
        self.number += 1
        request_id = str(self.number).encode()
        if not isinstance(body, bytes):
            body = json.dumps(body or {}, ensure_ascii=False).encode()
        self.socket.send_multipart([VERSION, request_id, verb.encode(), body])
        return request_id

    def receive_any(self, timeout=None):
        """The next reply: (request id, outcome, body)."""
        timeout = self.timeout if timeout is None else timeout
        if not self.socket.poll(int(timeout * 1000)):
            raise TimeoutError(f"no reply within {timeout:g} s")
        frames = self.socket.recv_multipart()
        if len(frames) != 4 or frames[0] != VERSION or frames[2] not in (b"ok", b"error"):
            raise AssertionError(f"not a reply: {frames!r:.300}")
        return frames[1], frames[2].decode(), json.loads(frames[3].decode("utf-8"))

    def receive(self, request_id, timeout=None):
        """The reply to that request: (outcome, body)."""
        end = time.monotonic() + (self.timeout if timeout is None else timeout)
        while request_id not in self.early:
            got, outcome, body = self.receive_any(max(0.0, end - time.monotonic()))
            self.early[got] = (outcome, body)
        return self.early.pop(request_id)

    # Verbs

    def ask(self, verb, body=None, timeout=None):
        """(outcome, body) of one request."""
        return self.receive(self.send(verb, body), timeout)

    def call(self, verb, body=None, timeout=None, **fields):
        """The body of an `ok` reply; raises Refused on an `error`."""
        outcome, reply = self.ask(verb, {**(body or {}), **fields}, timeout)
        if outcome == "error":
            raise Refused(reply)
        return reply

    def submit(self, events, batch=500, timeout=None, **fields):
        """Submits in batches, one after another; returns the results in order."""
        results = []
        for start in range(0, len(events), batch):
            reply = self.call("submit", {"events": events[start:start + batch]}, timeout, **fields)
            results += reply["results"]
        return results

    def record(self, events, batch=500, timeout=None):
        """Submits; every event must be recorded (or be there). Returns the results."""
        results = self.submit(events, batch, timeout)
        for sent, result in zip(events, results, strict=True):
            if result["status"] == "refused":
                raise AssertionError(f"refused: {sent} {result['error']}")
        return results

    def rows(self, verb, body=None, limit=1000, timeout=None, **fields):
        """All rows of a list, page by page."""
        request = {**(body or {}), **fields, "limit": limit}
        while True:
            reply = self.call(verb, request, timeout)
            yield from reply["rows"]
            if "cursor" not in reply:
                return
            request["cursor"] = reply["cursor"]

    def status(self, timeout=None):
        return self.call("status", timeout=timeout)


class Daemon:
    """musterd in a folder of its own.

    `rehearse`: the date or time given to --rehearse; None: the real clock. Other keywords are
    configuration keys and their values (str, int, bool, list); None leaves a key out.
    """

    def __init__(self, folder=None, rehearse=None, arguments=(), environment=None, wrapper=(), **keys):
        self.own_folder = folder is None
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="muster-e2e-"))
        self.rehearse = rehearse
        self.arguments = list(arguments)
        self.environment = dict(environment or {})
        self.wrapper = list(wrapper)  # a command to run it under (valgrind, prlimit)
        self.process = None
        self.clients = []
        self.endpoint = f"ipc://{self.folder}/run/musterd.sock"
        self.feed_endpoint = f"ipc://{self.folder}/run/feed.sock"
        self.config_file = self.folder / "muster.conf"
        self.log_file = self.folder / "musterd.log"
        self.database = self.folder / "ledger.db"
        self.keys = {
            "database": str(self.database),
            "listen": [self.endpoint],
            "feed": [self.feed_endpoint],
            "rules": str(DEFAULT_RULES),
            "timezone": "Asia/Shanghai",
            "tracking_since": "2022-01-01",
            "settle": 5,
            **keys,
        }
        self.write_config()

    # Configuration

    @staticmethod
    def _value(value):
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int):
            return str(value)
        if isinstance(value, dict):  # a group; a list of them is in round brackets
            return "{ " + " ".join(f"{key} = {Daemon._value(item)};" for key, item in value.items()) + " }"
        if isinstance(value, (list, tuple)) and value and isinstance(value[0], dict):
            return "( " + ", ".join(Daemon._value(item) for item in value) + " )"
        if isinstance(value, (list, tuple)):
            return "[ " + ", ".join(Daemon._value(item) for item in value) + " ]"
        return json.dumps(str(value), ensure_ascii=False)

    def write_config(self, text=None, **keys):
        """Writes the configuration anew, with the keys given changed (or just `text`)."""
        self.keys.update(keys)
        if text is None:
            text = "".join(f"{key} = {self._value(value)};\n"
                           for key, value in self.keys.items() if value is not None)
        self.config_file.write_text(text, encoding="utf-8")

    # Life

    def command(self, *arguments):
        line = [*self.wrapper, binary("musterd"), "--config", str(self.config_file)]
        if self.rehearse:
            line += ["--rehearse", str(self.rehearse)]
        return line + self.arguments + list(arguments)

    def start(self, wait=True, rehearse=None, arguments=()):
        """Starts it, and waits until it answers `status`."""
        assert self.process is None, "it runs already"
        if rehearse is not None:
            self.rehearse = rehearse
        with open(self.log_file, "ab") as log:
            self.process = subprocess.Popen(
                self.command(*arguments), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                cwd=self.folder, env={**os.environ, **self.environment})
        if wait:
            self.wait_ready()
        return self

    def run(self, *arguments, timeout=WAIT_S):
        """Runs musterd to its end (--check-config, or a start that must fail)."""
        return subprocess.run(self.command(*arguments), capture_output=True, text=True,
                              encoding="utf-8", cwd=self.folder, timeout=timeout,
                              env={**os.environ, **self.environment}, check=False)

    def wait_ready(self, timeout=WAIT_S):
        end = time.monotonic() + timeout
        with Client(self.endpoint) as client:
            request_id = client.send("status")
            while time.monotonic() < end:
                if self.process.poll() is not None:
                    raise AssertionError(f"musterd ended with {self.process.returncode}:\n{self.log()}")
                try:
                    return client.receive(request_id, 0.1)
                except TimeoutError:
                    continue
        raise TimeoutError(f"musterd did not answer within {timeout:g} s:\n{self.log()}")

    def wait_evaluated(self, timeout=WAIT_S):
        """Waits until all that is recorded is evaluated and no settling is under way; gives up when nothing has gone on for
        so long: a large ledger takes its time, one that stands still has a fault."""
        last, since = None, time.monotonic()
        with Client(self.endpoint) as client:
            while True:
                status = client.status()
                if not status["settling"] and status["lag"] == 0:
                    return status
                now = (status["lag"], status["settling"])
                if now != last:
                    last, since = now, time.monotonic()
                if time.monotonic() - since > timeout:
                    raise TimeoutError(f"alerts were not evaluated, nothing for {timeout:g} s: {status}")
                time.sleep(0.02)

    def signal(self, number):
        self.process.send_signal(number)

    def reload(self):
        """SIGHUP. The outcome is in the log, see wait_log()."""
        self.signal(signal.SIGHUP)

    def wait_end(self, timeout=WAIT_S):
        status = self.process.wait(timeout)
        self.process = None
        return status

    def stop(self, timeout=WAIT_S):
        """SIGTERM; it must end with 0."""
        self.close_clients()
        self.signal(signal.SIGTERM)
        status = self.wait_end(timeout)
        assert status == 0, f"musterd ended with {status}:\n{self.log()}"

    def finish(self):
        """Ends it, if it still runs, as stop() does, and clears it away: for the end of a class of tests."""
        try:
            if self.process is not None:
                self.stop()
        finally:
            self.clean_up()

    def kill(self):
        """SIGKILL, as when the power fails."""
        self.signal(signal.SIGKILL)
        self.wait_end()

    def restart(self, rehearse=None):
        self.stop()
        return self.start(rehearse=rehearse)

    # What it says and uses

    def log(self):
        return self.log_file.read_text(encoding="utf-8", errors="replace") if self.log_file.exists() else ""

    def wait_log(self, words, timeout=WAIT_S, after=0):
        """Waits until the log, from character `after` on, holds `words`."""
        return wait_until(lambda: words in self.log()[after:], f"“{words}” in the log", timeout)

    def memory_kib(self):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
        raise AssertionError("no VmRSS")

    # Clients

    def client(self, kind=zmq.DEALER, **options):
        client = Client(self.endpoint, kind=kind, **options)
        self.clients.append(client)
        return client

    def tcp(self):
        """The endpoint of tcp, with the port that the system chose (listen has "tcp://127.0.0.1:*")."""
        with Client(self.endpoint) as client:
            return client.status()["tcp"][0]

    def server_key(self):
        with Client(self.endpoint) as client:
            return client.status()["server_key"].encode()

    def keyed(self, pair, **options):
        """A client over tcp with a key pair (public, secret)."""
        client = Client(self.tcp(), curve=(self.server_key(), *pair), **options)
        self.clients.append(client)
        return client

    def allow(self, name, public, role, **scope):
        """Records that a key is allowed, as this machine's admin."""
        with Client(self.endpoint) as client:
            day = client.status()["today"]
            return client.record([event("key.allowed", day, key=name, public=public.decode(), role=role, **scope)])

    def revoke(self, name):
        with Client(self.endpoint) as client:
            day = client.status()["today"]
            return client.record([event("key.revoked", day, key=name)])

    def feed(self):
        """A SUB socket on the feed."""
        socket = zmq.Context.instance().socket(zmq.SUB)
        socket.setsockopt(zmq.LINGER, 0)
        socket.setsockopt(zmq.SUBSCRIBE, b"ledger")
        socket.connect(self.feed_endpoint)
        return socket

    def muster(self, *arguments, input=None, timeout=WAIT_S, environment=None):
        """Runs the command against this daemon; a CompletedProcess with text."""
        return subprocess.run(
            [binary("muster"), "--server", self.endpoint, *map(str, arguments)], input=input,
            capture_output=True, text=True, encoding="utf-8", timeout=timeout, check=False,
            cwd=self.folder, env={**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(self.folder),
                                  **self.environment, **(environment or {})})

    def close_clients(self):
        for client in self.clients:
            client.close()
        self.clients = []

    # `with`: started on entry, gone without a trace at the end

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.clean_up()
            raise

    def __exit__(self, kind, *_):
        try:
            if self.process is not None and kind is None:
                self.stop()
        finally:
            if kind is not None:
                print(f"--- log of musterd ---\n{self.log()[-8000:]}", file=sys.stderr)
            self.clean_up()

    def clean_up(self):
        self.close_clients()
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                self.process.kill()
            self.process.wait()
            self.process = None
        if self.own_folder and not os.environ.get("MUSTER_KEEP"):
            shutil.rmtree(self.folder, ignore_errors=True)
