#!/usr/bin/env python3
"""A client of musterd in Python, with pyzmq (Debian: python3-zmq).

    client.py ENDPOINT VERB [JSON]          asks, and prints the reply
    client.py ENDPOINT submit < FILE        submits JSON Lines, and prints one verdict a line

An event without an id gets one before it is first sent: sending it again records nothing twice. See docs/protocol.md.
"""
import json
import sys
import time
import uuid

import zmq

VERSION, TIMEOUT_MS, TRIES, BATCH = b"muster/1", 5000, 3, 500


class Daemon:
    def __init__(self, endpoint):
        self.endpoint, self.number, self.ledger = endpoint, 0, None
        self.connect()

    def connect(self):
        self.socket = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.linger = 0
        self.socket.connect(self.endpoint)

    def ask(self, verb, body):
        """The reply to one request; the same again if there is none."""
        body = {**body, "ledger": self.ledger} if self.ledger else body  # no other ledger than the first
        self.number += 1
        request = [VERSION, str(self.number).encode(), verb.encode(), json.dumps(body).encode()]
        for _ in range(TRIES):
            self.socket.send_multipart(request)
            if self.socket.poll(TIMEOUT_MS):
                _, _, outcome, reply = self.socket.recv_multipart()
                reply = json.loads(reply)
                if outcome == b"error":
                    sys.exit(f"{reply['code']}: {reply['message']}")
                self.ledger = reply["ledger"]
                return reply
            self.socket.close()  # whatever still comes on it is too late
            self.connect()
        sys.exit(f"no answer from {self.endpoint}")


def new_id():  # a UUID of version 7
    return str(uuid.UUID(int=time.time_ns() // 10**6 << 80 | 7 << 76 | 2 << 62 | uuid.uuid4().int & (1 << 62) - 1))


daemon, verb = Daemon(sys.argv[1]), sys.argv[2]
if verb == "submit":
    events = [{"id": new_id(), **json.loads(line)} for line in sys.stdin if line.strip()]
    for start in range(0, len(events), BATCH):
        for result in daemon.ask("submit", {"events": events[start:start + BATCH]})["results"]:
            print(json.dumps(result, ensure_ascii=False))
else:
    print(json.dumps(daemon.ask(verb, json.loads(sys.argv[3]) if len(sys.argv) > 3 else {}), ensure_ascii=False))
