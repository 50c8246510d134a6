"""A server that speaks docs/protocol.md just well enough to go wrong on purpose.

    with FakeServer() as server:
        server.script["submit"] = [lose, answer]      # what happens to the 1st, 2nd ... request; the last repeats
        server.muster("contact", ...)
        assert server.seen == [...]                   # (verb, body) of every request, in order

It runs in a thread of its own, on an ipc socket in a folder of its own.
"""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import threading

import zmq

import harness

LEDGER = "01856000-0000-7000-8000-000000000001"
OTHER_LEDGER = "01856000-0000-7000-8000-000000000002"

STATUS = {"version": "0", "timezone": "Asia/Shanghai", "today": "2022-11-05", "seq": 1, "events": 0,
          "head": None, "settling": False, "lag": 0, "queue": {}, "counters": {}, "errors": {}}


def answer(server, verb, body):
    """The honest answer."""
    ledger = {"ledger": server.ledger, "rehearsal": server.rehearsal}
    if verb == "status":
        return b"ok", {**ledger, **STATUS}
    if verb == "submit":
        return b"ok", {**ledger, "results": [server.record(event) for event in body["events"]]}
    return b"ok", {**ledger, "rows": []}


def lose(server, verb, body):
    """Records, and breaks the connection instead of answering."""
    answer(server, verb, body)
    server.rebind()


def silent(server, verb, body):
    """Takes the request and says nothing."""


def unavailable(server, verb, body):
    return b"error", {"code": "unavailable", "message": "the disk is full"}


def garbage(server, verb, body):
    return b"ok", b"\xff not json"


def error(code, message, **fields):
    return lambda server, verb, body: (b"error", {"code": code, "message": message, **fields})


class FakeServer:
    def __init__(self, ledger=LEDGER, rehearsal=False):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="muster-fake-"))
        self.endpoint = f"ipc://{self.folder}/musterd.sock"
        self.ledger = ledger
        self.rehearsal = rehearsal
        self.script = {}
        self.seen = []
        self.identities = []
        self.recorded = {}
        self.judge = lambda event: None  # an error object refuses the event
        self.context = zmq.Context()
        self.ready = threading.Event()
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.stopping = False

    def __enter__(self):
        self.thread.start()
        assert self.ready.wait(harness.WAIT_S)
        return self

    def __exit__(self, *_):
        self.stopping = True
        self.thread.join(harness.WAIT_S)
        self.context.term()
        shutil.rmtree(self.folder, ignore_errors=True)

    # In the thread

    def bind(self):
        self.socket = self.context.socket(zmq.ROUTER)
        self.socket.setsockopt(zmq.LINGER, 200)
        self.socket.bind(self.endpoint)

    def rebind(self):
        """Breaks every connection, with all that waits in it."""
        self.socket.close(linger=0)
        self.bind()

    def record(self, event):
        if "id" not in event:
            return {"id": None, "status": "refused", "error": {"code": "missing_field", "message": "no id"}}
        if event["id"] in self.recorded:
            return {"id": event["id"], "status": "duplicate", "seq": self.recorded[event["id"]]}
        refusal = self.judge(event)
        if refusal:
            return {"id": event["id"], "status": "refused", "error": refusal}
        self.recorded[event["id"]] = len(self.recorded) + 2
        return {"id": event["id"], "status": "recorded", "seq": self.recorded[event["id"]]}

    def serve(self):
        self.bind()
        self.ready.set()
        while not self.stopping:
            if not self.socket.poll(20):
                continue
            peer, version, request_id, verb, body = self.socket.recv_multipart()
            verb, body = verb.decode(), json.loads(body)
            self.seen.append((verb, body))
            self.identities.append(peer)
            steps = self.script.get(verb, [answer])
            step = steps.pop(0) if len(steps) > 1 else steps[0]
            reply = step(self, verb, body)
            if reply:
                outcome, content = reply
                if not isinstance(content, bytes):
                    content = json.dumps(content).encode()
                self.socket.send_multipart([peer, version, request_id, outcome, content])
        self.socket.close()

    # For the test

    def requests(self, verb):
        return [body for seen, body in self.seen if seen == verb]

    def muster(self, *arguments, input=None, timeout=harness.WAIT_S, environment=None):
        return subprocess.run(
            [harness.binary("muster"), "--server", self.endpoint, *map(str, arguments)], input=input,
            capture_output=True, text=True, encoding="utf-8", timeout=timeout, check=False,
            env={**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(self.folder), **(environment or {})})
