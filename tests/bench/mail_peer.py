#!/usr/bin/env python3
"""A mail server of the tests (tests/e2e/peers.py) as a process of its own: mail_peer.py ok|stall. Prints its port; then, for
each line that it reads, how often it was tried and how much it has taken."""

import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
from peers import MailPeer  # noqa: E402  (the one of e2e)


def main():
    with MailPeer() as peer:
        peer.behave = sys.argv[1]
        print(peer.port, flush=True)
        for _ in sys.stdin:
            print(json.dumps({"tries": peer.tries, "taken": len(peer.taken)}), flush=True)


if __name__ == "__main__":
    main()
