"""Erasing personal text: it is gone from answers, files and exports; history, figures, alerts and the chain stay as they are."""

import json
import os
import sqlite3
import subprocess
import unittest

from harness import SOURCE, Daemon, event, read_jsonl
from test_copies import tables

SMALL = SOURCE / "tests" / "data" / "small-1"
SECRET = "王小明七三一"  # in every text that is to be erased, and nowhere else


class Redact(unittest.TestCase):
    def setUp(self):
        self.daemon = Daemon(rehearse="2023-01-31", settle=0)
        self.addCleanup(self.daemon.clean_up)
        self.daemon.start()
        self.client = self.daemon.client()
        self.client.record(read_jsonl(SMALL / "events.jsonl"))
        members = list(self.client.rows("list", what="members"))
        self.branch, self.other = members[0]["branch"], members[0]["member"]
        e = self.events = {
            "admitted": event("member.admitted", "2022-02-01", member="X-1", name=SECRET, branch=self.branch, stage="full", new=False,
                              extra={"note": SECRET}),
            "changed": event("member.changed", "2022-03-01", member="X-1", name=SECRET + "二"),
            "contact": event("contact", "2022-04-01", member="X-1", channel="phone", note=SECRET),
            "meeting": event("meeting", "2022-05-05", branch=self.branch, kinds=["theme_day"], present=[self.other], title=SECRET,
                             absent=[{"member": "X-1", "reason": SECRET}]),
            "received": event("transfer.received", "2022-06-01T10:00:00+08:00", transfer="X-T", from_name=SECRET, member="X-2",
                              name=SECRET, branch=self.branch, stage="full"),
            "training": event("training", "2022-06-02", title=SECRET, hours=2, branch=self.branch, present=["X-2"]),
            "left": event("office.taken", "2022-01-05", body="O", office="deputy_secretary", person=SECRET),
            "ended": event("office.left", "2022-07-01", body="O", office="deputy_secretary", person=SECRET),
            "again": event("office.taken", "2022-08-01", body="O", office="deputy_secretary", person=SECRET),
            "stays": event("office.taken", "2022-01-05", body="O", office="deputy_secretary", person="留任"),
            "void": event("contact", "2022-04-02", member="X-1", channel="visit", note=SECRET),
        }
        self.client.record(list(e.values()))
        self.client.record([event("event.voided", "2022-04-03", event=e["void"]["id"], reason=SECRET)])
        self.daemon.wait_evaluated()

    def muster(self, *arguments, code=0):
        run = self.daemon.muster(*arguments)
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return run

    def redact(self, name, **fields):
        return self.client.submit([event("event.redacted", "2023-01-31", event=self.events[name]["id"], **fields)])[0]

    def picture(self):
        """All that must not change."""
        self.daemon.wait_evaluated()
        figures = self.client.call("figures", year=2022)["rows"]
        return {
            "figures": figures,
            "alerts": [(row["alert"], row["rule"], row["subject"], row["level"], row["since"]) for row in self.client.rows("alerts")],
            "members": [{key: value for key, value in row.items() if key != "name"} for row in self.client.rows("list", what="members")],
            "offices": [(row["body"], row["office"], row["since"], row.get("left")) for row in
                        self.client.rows("list", what="offices", all=True)],
            "absent": [row["id"] for row in self.client.rows("recent", member="X-1", type="any")],
            "transfers": [{key: value for key, value in row.items() if "name" not in key} for row in
                          self.client.rows("list", what="transfers", all=True)],
        }

    def erase_all(self):
        for name in ("admitted", "changed", "contact", "meeting", "received", "training", "left", "void"):
            result = self.redact(name)
            self.assertEqual(result["status"], "recorded", (name, result))
        voided = next(row for row in self.client.rows("recent", type="event.voided") if row.get("reason") == SECRET)
        self.client.record([event("event.redacted", "2023-01-31", event=voided["id"])])

    def test_everything_goes_on(self):
        before = self.picture()
        self.erase_all()
        after = self.picture()
        for name, was in before.items():
            self.assertEqual(after[name], was, name)
        names = {row["member"]: row["name"] for row in self.client.rows("list", what="members")}
        self.assertEqual((names["X-1"], names["X-2"]), ("X-1", "X-2"))
        rows = {row["id"]: row for row in self.client.rows("recent", type="any")}
        for name in ("admitted", "contact", "meeting", "received", "training", "left", "ended", "again", "void"):
            self.assertTrue(rows[self.events[name]["id"]]["erased"], name)
        self.assertNotIn("erased", rows[self.events["stays"]["id"]])
        self.assertNotIn("note", rows[self.events["contact"]["id"]])
        self.assertEqual(rows[self.events["meeting"]["id"]]["absent"], [{"member": "X-1", "reason": ""}])
        self.assertNotIn(SECRET, json.dumps(list(rows.values()), ensure_ascii=False))
        for show in ({"what": "member", "ref": "X-1"}, {"what": "body", "ref": "O"}, {"what": "transfer", "ref": "X-T"},
                     {"what": "event", "ref": self.events["meeting"]["id"]}):
            self.assertNotIn(SECRET, json.dumps(self.client.call("show", show), ensure_ascii=False))
        self.assertIn("(erased)", self.muster("show", "member", "X-1").stdout)
        self.assertIn("（已删除）", self.muster("show", "member", "X-1", "--lang", "zh").stdout)
        found = json.loads(self.muster("verify", "--json").stdout)
        self.assertEqual(found["erased"], 11)
        export = self.daemon.folder / "export.jsonl"
        self.muster("export", export)
        self.assertNotIn(SECRET, export.read_text(encoding="utf-8"))
        self.assertEqual(json.loads(self.muster("verify", "--json", "--file", export).stdout)["erased"], 11)
        before = self.picture()
        self.daemon.stop()
        derived = tables(self.daemon.database)
        self.daemon.start(arguments=["--rebuild"])
        self.client = self.daemon.client()
        self.assertEqual(self.picture(), before)
        self.muster("verify")
        self.daemon.stop()
        rebuilt = tables(self.daemon.database)
        for name in ("ledger", "touch", "standing", "stint", "effect", "alert", "alert_row", "subject"):
            self.assertEqual(rebuilt[name], derived[name], name)
        other = Daemon(rehearse="2023-01-31", settle=0)
        self.addCleanup(other.clean_up)
        self.assertEqual(other.run("--import", str(export)).returncode, 0)
        imported = tables(other.database)
        for name in ("ledger", "touch", "standing", "stint", "effect", "alert", "alert_row", "subject"):
            self.assertEqual(imported[name], derived[name], name)

    def test_gone_from_the_files(self):
        self.assertIn(SECRET.encode(), self.bytes())
        self.erase_all()
        self.client.status()
        self.daemon.stop()
        self.assertNotIn(SECRET.encode(), self.bytes())
        self.assertNotIn(SECRET, self.daemon.log())

    def bytes(self):
        return b"".join(path.read_bytes() for path in self.daemon.folder.glob("ledger.db*") if path.is_file())

    def test_sent_again(self):
        self.erase_all()
        results = self.client.submit([self.events["admitted"], self.events["meeting"], self.events["left"]])
        self.assertEqual([result["status"] for result in results], ["duplicate"] * 3)
        other = {**self.events["meeting"], "kinds": ["lecture"]}
        self.assertEqual(self.client.submit([other])[0]["error"]["code"], "id_conflict")
        again = event("event.redacted", "2023-01-31", event=self.events["ended"]["id"])
        self.assertEqual(self.client.submit([again])[0]["error"]["code"], "impossible")

    def test_the_same_redaction(self):
        one = event("event.redacted", "2023-01-31", event=self.events["meeting"]["id"], reason="asked for")
        first, second = self.client.submit([one])[0], self.client.submit([one])[0]
        self.assertEqual((first["status"], second["status"], first["seq"]), ("recorded", "duplicate", second["seq"]))

    def test_refused(self):
        def code(**fields):
            return self.client.submit([event("event.redacted", "2023-01-31", **fields)])[0]["error"]["code"]
        self.assertEqual(code(event="0184463f-2d0c-7c3e-9a51-6f0b8f0c2a11"), "unknown_ref")
        founded = next(self.client.rows("recent", type="branch.founded"))
        self.assertEqual(code(event=founded["id"]), "impossible")
        self.assertEqual(code(event=self.events["meeting"]["id"], kept="x"), "invalid_value")
        self.assertEqual(code(event=self.events["meeting"]["id"], replaces=self.events["contact"]["id"]), "invalid_value")
        done = self.redact("contact")
        row = self.client.call("show", what="event", ref=str(done["seq"]))["row"]
        void = event("event.voided", "2023-01-31", event=row["id"], reason="no")
        self.assertEqual(self.client.submit([void])[0]["error"]["code"], "impossible")

    def test_order_stays(self):
        """A reception from outside creates, and comes before all else of its day: also without its sender's name."""
        day = "2022-06-01T00:00:01+08:00"
        self.client.record([event("member.away", day, member="X-2", destination="p", fixed=True)])
        self.assertEqual(self.redact("received")["status"], "recorded")
        self.assertEqual(self.client.submit([event("member.away", day, member="X-2", destination="q", fixed=True)])[0]["status"], "recorded")
        row = next(row for row in self.client.rows("list", what="transfers", all=True) if row["transfer"] == "X-T")
        self.assertEqual((row["state"], row["from_name"]), ("received", "erased"))

    def test_found_out(self):
        """What is gone without a row that says so, what is changed of the remainder, what was put back."""
        self.erase_all()
        self.muster("verify")
        with self.daemon.client() as client:
            seq = client.call("show", what="event", ref=self.events["meeting"]["id"])["row"]["seq"]
        database = sqlite3.connect(self.daemon.database)
        database.execute("PRAGMA wal_autocheckpoint = 0")
        kept, = database.execute("SELECT personal FROM ledger WHERE seq = ?", (seq,)).fetchone()
        for text in (kept.replace("X-1", "X-9"), None):
            database.execute("UPDATE ledger SET personal = ? WHERE seq = ?", (text, seq))
            database.commit()
            misfit = json.loads(self.muster("verify", "--json", code=1).stdout)["misfit"]
            self.assertEqual(misfit["found"], "changed")
        database.execute("UPDATE ledger SET personal = ?, salt = zeroblob(16) WHERE seq = ?", (kept, seq))
        database.commit()
        misfit = json.loads(self.muster("verify", "--json", code=1).stdout)["misfit"]
        self.assertEqual((misfit["row"], misfit["found"]), (seq, "changed"))
        database.close()

    def test_a_number_in_a_note(self):
        run = self.muster("contact", "X-1", "--channel", "phone", "--note", "138 1234 5678")
        self.assertIn("note looks as if a telephone number were in it", run.stderr)
        self.assertIn("recorded", run.stdout)
        run = self.muster("contact", "X-1", "--channel", "phone", "--extra", '{"card": "450302199003071234"}', "--lang", "zh")
        self.assertIn("身份证号码", run.stderr)
        self.assertNotIn("looks", self.muster("contact", "X-1", "--channel", "phone", "--note", "well, back on 2023-05-01").stderr)

    def test_erased_while_it_is_exported(self):
        """An export that has a text already which is erased before its end is not left there."""
        self.client.record([event("branch.founded", "2022-05-05", branch=f"N-{i}", name="n", form="own", sector="enterprise")
                            for i in range(6000)])
        export = subprocess.Popen([os.environ["MUSTER"], "--server", self.daemon.endpoint, "export"], stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, env={**os.environ, "HOME": str(self.daemon.folder)})
        export.stdout.read(1)  # the first page is there, and waits for us to take the rest of it
        self.assertEqual(self.redact("contact")["status"], "recorded")
        _, said = export.communicate(timeout=60)
        self.assertEqual(export.returncode, 1)
        self.assertIn("export again", said.decode())
        self.muster("export", self.daemon.folder / "again.jsonl")

    def test_command(self):
        run = self.muster("redact", "--member", "X-1", code=2)
        self.assertIn("nothing was erased", run.stderr)
        self.assertEqual(self.client.call("show", what="member", ref="X-1")["row"]["name"], SECRET + "二")
        run = self.muster("redact", "--member", "X-1", "--reason", "asked for", "--yes")
        self.assertEqual(run.stdout.count("erased the personal text"), 4)
        self.assertEqual(self.client.call("show", what="member", ref="X-1")["row"]["name"], "X-1")
        seq = self.client.call("show", what="event", ref=self.events["meeting"]["id"])["row"]["seq"]
        self.muster("redact", seq, "--yes")
        self.assertIn("already", self.muster("redact", seq, "--yes", code=1).stderr)
        self.assertIn("nothing to erase", self.muster("redact", "--member", "X-1", "--yes").stderr)
        self.muster("redact", "--member", "X-404", "--yes", code=1)
        self.muster("redact", code=2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
