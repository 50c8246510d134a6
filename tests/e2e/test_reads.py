"""Who read whose history is noted, in a file of its own, and listed for admins; and neither it nor the daemon's log holds a name
or a text."""

import json
import stat
import unittest

from harness import SOURCE, Daemon, Refused, event, read_jsonl, wait_until

SMALL = SOURCE / "tests" / "data" / "small-1"


class Reads(unittest.TestCase):
    def setUp(self):
        self.daemon = Daemon(rehearse="2023-01-31", settle=0, log_level="debug")
        self.addCleanup(self.daemon.clean_up)
        self.daemon.start()
        self.client = self.daemon.client()
        self.client.record(read_jsonl(SMALL / "events.jsonl"))
        self.daemon.wait_evaluated()
        self.members = [row["member"] for row in self.client.rows("list", what="members")]

    def noted(self, **fields):
        return list(self.client.rows("reads", **fields))

    def wait(self, count, **fields):
        return wait_until(lambda: (rows := self.noted(**fields)) and len(rows) >= count and rows, f"{count} reads")

    def test_listed(self):
        one, other = self.members[:2]
        self.client.call("show", what="member", ref=one)
        self.client.call("recent", member=other)
        alerts = [row for row in self.client.rows("alerts") if "member" in row["subject"]]
        explained = alerts[0]["subject"]["member"]
        self.client.call("explain", alert=alerts[0]["alert"])
        self.daemon.muster("export")
        # none of a member's history
        self.client.call("recent", limit=1)
        self.client.call("status")
        self.client.call("show", what="branch", ref=next(self.client.rows("list", what="branches"))["branch"])
        with self.assertRaises(Refused):
            self.client.call("show", what="member", ref="X-404")
        rows = self.wait(4)
        self.assertEqual([(row["member"], row["verb"]) for row in rows],
                         [("*", "export"), (explained, "explain"), (other, "recent"), (one, "show")])
        self.assertEqual({row["by"] for row in rows}, {rows[0]["by"]})
        self.assertTrue(all(row["at"].startswith("2023-01-31T") or row["at"].startswith("2023-01-30T") for row in rows))
        self.assertEqual(len(self.noted(member=one)), 1)
        self.assertEqual(self.noted(by="nobody"), [])
        self.assertEqual(len(self.noted(since="2023-01-31")), 4)
        self.assertEqual(self.noted(since="2023-02-01"), [])
        run = self.daemon.muster("reads", "--member", one)
        self.assertIn(one, run.stdout)
        files = sorted(self.daemon.folder.glob("ledger.db.reads.*"))
        self.assertEqual([file.name for file in files], ["ledger.db.reads.1"])
        self.assertEqual(stat.S_IMODE(files[0].stat().st_mode), 0o600)

    def test_pages(self):
        for _ in range(3):
            for member in self.members[:5]:
                self.client.call("show", what="member", ref=member)
        whole = self.wait(15)
        by_twos = list(self.client.rows("reads", limit=2))
        self.assertEqual(by_twos, whole)
        self.daemon.stop()
        self.daemon.start()
        self.client = self.daemon.client()
        self.client.call("show", what="member", ref=self.members[0])
        self.assertEqual(self.wait(16)[1:], whole)
        reply = self.client.call("reads", limit=1, count=True)
        self.assertEqual(reply["more"], 15)
        self.assertEqual(self.client.ask("reads", {"cursor": "nonsense"})[1]["code"], "malformed")

    def test_turns_over(self):
        """Files are bounded, and as many as there may be."""
        for number in range(1, 20):
            (self.daemon.folder / f"ledger.db.reads.{number}").write_text("")
        self.daemon.stop()
        line = json.dumps({"at": "2023-01-01T00:00:00.000000Z", "by": "x", "member": "M", "verb": "show"}) + "\n"
        (self.daemon.folder / "ledger.db.reads.19").write_text(line * (8 * 1024 * 1024 // len(line)))
        self.daemon.start()
        self.client = self.daemon.client()
        self.client.call("show", what="member", ref=self.members[0])
        self.wait(1, member=self.members[0])
        names = {path.name for path in self.daemon.folder.glob("ledger.db.reads.*")}
        self.assertIn("ledger.db.reads.20", names)
        self.assertNotIn("ledger.db.reads.4", names)
        reply = self.client.call("reads", limit=3)
        self.assertEqual([row["member"] for row in reply["rows"]], [self.members[0], "M", "M"])

    def test_never_a_name(self):
        """Everything is done to the ledger that there is; no log tells a name, a title or a note."""
        texts = set()

        def collect(value, personal=False):
            if isinstance(value, dict):
                for key, item in value.items():
                    collect(item, key in ("name", "title", "note", "person", "from_name", "to_name", "reason", "presenter",
                                          "trainer", "place", "host", "topics"))
            elif isinstance(value, list):
                for item in value:
                    collect(item, personal)
            elif personal and isinstance(value, str) and len(value) > 1 and not value.isascii():
                texts.add(value)

        for row in read_jsonl(SMALL / "events.jsonl"):
            collect(row)
        self.assertGreater(len(texts), 20)
        victim = self.members[0]
        contact = event("contact", "2023-01-30", member=victim, channel="visit", note="私下谈话的内容")
        texts.add(contact["note"])
        self.client.submit([contact, {**contact, "note": "另一内容"}, event("contact", "2023-01-30", member="X", channel="y", note="秘密")])
        texts |= {"另一内容", "秘密"}
        for what in ("members", "branches", "units", "transfers", "alliances", "offices", "exemptions"):
            list(self.client.rows("list", what=what))
        for member in self.members:
            self.client.call("show", what="member", ref=member)
        self.daemon.muster("redact", "--member", victim, "--reason", "要求删除的原因", "--yes")
        texts.add("要求删除的原因")
        for arguments in (("verify",), ("export", "x.jsonl"), ("backup", "x.db"), ("head",), ("alerts",), ("figures",), ("status",)):
            self.daemon.muster(*arguments)
        self.daemon.reload()
        self.daemon.stop()
        self.daemon.start(arguments=["--rebuild"])
        self.daemon.stop()
        logs = self.daemon.log() + "".join(path.read_text(encoding="utf-8") for path in self.daemon.folder.glob("*.reads.*"))
        self.assertGreater(logs.count("\n"), len(self.members))
        self.assertIn(victim, logs)
        self.assertEqual([text for text in texts if text in logs], [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
