"""The chain as docs/ledger.md writes it down, computed here by another program from the rows as they lie
in the file: every value must come out, and `head` of `muster status` be the last."""

import hashlib
import json
import sqlite3
import struct
import unittest

from harness import SOURCE, Daemon, read_jsonl


def blake2b(data):
    return hashlib.blake2b(data, digest_size=32).digest()


def part(data):
    return struct.pack("<Q", len(data)) + data


def number(value):
    return part(struct.pack("<q", value))


class Chain(unittest.TestCase):
    def test_every_row(self):
        daemon = Daemon(rehearse="2023-01-31", settle=0)
        self.addCleanup(daemon.clean_up)
        daemon.start()
        with daemon.client() as client:
            client.record(read_jsonl(SOURCE / "tests" / "data" / "small-1" / "events.jsonl"))
            head = daemon.wait_evaluated()["head"]
        daemon.stop()
        database = sqlite3.connect(daemon.database)
        self.addCleanup(database.close)
        chain, rows, sealed = b"", 0, 0
        for seq, recorded_at, recorded_by, flags, body, personal, salt, seal, kept in database.execute(
                "SELECT seq, recorded_at, recorded_by, flags, body, personal, salt, seal, chain FROM ledger ORDER BY seq"):
            rows += 1
            self.assertEqual(seq, rows)
            if personal is None:
                self.assertEqual((salt, seal), (None, None))
                seal = b""
            else:
                sealed += 1
                self.assertIsInstance(json.loads(personal), dict)
                self.assertEqual(len(salt), 16)
                self.assertEqual(seal, blake2b(salt + personal.encode()))
            chain = blake2b(part(chain) + number(seq) + number(recorded_at) + part(recorded_by.encode()) +
                            number(flags) + part(body.encode()) + part(seal))
            self.assertEqual(kept, chain, f"row {seq}")
        self.assertGreater(rows, 195)
        self.assertGreater(sealed, 0)
        self.assertEqual(chain.hex(), head)


if __name__ == "__main__":
    unittest.main(verbosity=2)
