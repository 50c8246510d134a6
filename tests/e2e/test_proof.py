"""`muster verify` names the first row that does not fit, whatever was done to it with another program; and so it
does with an export, where no daemon is asked."""

import json
import os
import sqlite3
import unittest

from harness import SOURCE, Daemon, read_jsonl

FULL = bool(os.environ.get("MUSTER_FULL"))
SMALL = SOURCE / "tests" / "data" / "small-1" / "events.jsonl"


class Tampered:
    """The database changed by another program while the daemon runs, and put back as it was."""

    def __init__(self, daemon, *statements):
        self.daemon, self.statements = daemon, statements

    def __enter__(self):
        self.database = sqlite3.connect(self.daemon.database, timeout=10)
        self.database.execute("PRAGMA wal_autocheckpoint = 0")
        self.before = self.database.execute("SELECT * FROM ledger ORDER BY seq").fetchall()
        with self.database:
            for statement in self.statements:
                self.database.execute(*statement) if isinstance(statement, tuple) else self.database.execute(statement)
        return self

    def __exit__(self, *_):
        with self.database:
            self.database.execute("DELETE FROM ledger")
            self.database.executemany(f"INSERT INTO ledger VALUES ({','.join('?' * 11)})", self.before)
        self.database.close()


class Proof(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon(rehearse="2023-01-31", settle=0)
        cls.addClassCleanup(cls.daemon.clean_up)
        cls.daemon.start()
        with cls.daemon.client() as client:
            client.record(read_jsonl(SMALL))
        cls.status = cls.daemon.wait_evaluated()
        cls.rows = cls.status["seq"]

    def verify(self, *arguments):
        run = self.daemon.muster("verify", "--json", *arguments)
        return run.returncode, json.loads(run.stdout)

    def check_names(self, row, found, *statements):
        with Tampered(self.daemon, *statements):
            code, reply = self.verify()
            self.assertEqual(code, 1, reply)
            self.assertEqual((reply["misfit"]["row"], reply["misfit"]["found"]), (row, found), reply)
            with self.daemon.client() as client:
                told = client.status()["verified"]
            self.assertFalse(told["holds"])
            self.assertEqual(told["misfit"]["row"], row)

    def test_holds(self):
        code, reply = self.verify()
        self.assertEqual(code, 0, reply)
        self.assertEqual((reply["rows"], reply["head"]), (self.rows, self.status["head"]))
        run = self.daemon.muster("verify")
        self.assertIn(self.status["head"], run.stdout)
        with self.daemon.client() as client:
            self.assertTrue(client.status()["verified"]["holds"])

    def test_changed(self):
        for column, value in (("recorded_at", "recorded_at + 1"), ("recorded_by", "'x'"), ("flags", "flags + 2"),
                              ("body", "replace(body, '\"', '\"')||' '"), ("type", "type + 1"), ("id", "randomblob(16)"),
                              ("chain", "randomblob(32)"), ("chain", "randomblob(31)")):
            with self.subTest(column=column, value=value):
                self.check_names(50, "changed", f"UPDATE ledger SET {column} = {value} WHERE seq = 50")
        sealed = sqlite3.connect(self.daemon.database).execute(
            "SELECT seq FROM ledger WHERE personal IS NOT NULL AND seq > 20").fetchone()[0]
        for column, value in (("personal", "personal||' '"), ("salt", "randomblob(16)"), ("seal", "randomblob(32)"),
                              ("salt", "NULL"), ("personal", "NULL"), ("personal", "NULL, salt = NULL"),
                              ("seal", "NULL"), ("seal", "NULL, salt = NULL, personal = NULL")):
            with self.subTest(column=column, value=value):
                self.check_names(sealed, "changed", f"UPDATE ledger SET {column} = {value} WHERE seq = {sealed}")

    def test_missing(self):
        for row in (2, 50, self.rows):
            with self.subTest(row=row):
                self.check_names(row, "missing", f"DELETE FROM ledger WHERE seq = {row}")
        self.check_names(50, "missing", "DELETE FROM ledger WHERE seq = 50",
                         "UPDATE ledger SET seq = -seq WHERE seq > 50", "UPDATE ledger SET seq = -seq - 1 WHERE seq < 0")

        self.check_names(self.rows, "missing", f"UPDATE ledger SET seq = seq + 1000 WHERE seq = {self.rows}")

    def copy(self, row, at):
        return ("INSERT INTO ledger SELECT ?, randomblob(16), recorded_at, recorded_by, type, flags, body, personal, salt, seal, "
                "chain FROM ledger WHERE seq = ?", (at, row))

    def test_inserted(self):
        self.check_names(self.rows + 1, "inserted", self.copy(50, self.rows + 1))
        self.check_names(0, "inserted", self.copy(50, 0))
        self.check_names(50, "inserted", "UPDATE ledger SET seq = -seq WHERE seq >= 50",
                         "UPDATE ledger SET seq = -seq + 1 WHERE seq < 0",
                         ("INSERT INTO ledger SELECT 50, randomblob(16), recorded_at, recorded_by, type, flags, body||' ', personal, "
                          "salt, seal, randomblob(32) FROM ledger WHERE seq = 49",))

    def test_reordered(self):
        for one, other in ((50, 51), (50, 60)):
            with self.subTest(one=one, other=other):
                self.check_names(one, "reordered", f"UPDATE ledger SET seq = -1 WHERE seq = {one}",
                                 f"UPDATE ledger SET seq = {one} WHERE seq = {other}",
                                 f"UPDATE ledger SET seq = {other} WHERE seq = -1")

    def test_deep(self):
        code, reply = self.verify("--deep")
        self.assertEqual((code, reply["differs"]), (0, ""))
        self.assertIn("all tables follow", self.daemon.muster("verify", "--deep").stdout)
        for table, change, back in (
                ("standing", "UPDATE standing SET last_day = last_day - 1", "UPDATE standing SET last_day = last_day + 1"),
                ("touch", "UPDATE touch SET role = role + 512 WHERE seq = 20", "UPDATE touch SET role = role - 512 WHERE seq = 20"),
                ("about", "UPDATE about SET registered = registered - 1", "UPDATE about SET registered = registered + 1"),
                ("alert", "UPDATE alert SET level = level + 1", "UPDATE alert SET level = level - 1"),
                ("activity", "UPDATE tail SET hours = hours + 1 WHERE type = 24", "UPDATE tail SET hours = hours - 1 WHERE type = 24"),
        ):
            with self.subTest(table=table):
                database = sqlite3.connect(self.daemon.database, timeout=10)
                self.assertGreater(database.execute(change).rowcount, 0)
                database.commit()
                code, reply = self.verify("--deep")
                self.assertEqual((code, reply["holds"], reply["differs"]), (1, True, table))
                self.assertEqual(self.verify()[0], 0)
                database.execute(back)
                database.commit()
                database.close()
        self.assertEqual(self.verify("--deep")[0], 0)

    def test_export(self):
        file = self.daemon.folder / "export.jsonl"
        run = self.daemon.muster("export", file)
        self.assertEqual(run.returncode, 0, run.stderr)
        lines = file.read_text(encoding="utf-8").splitlines()
        self.assertEqual(len(lines), self.rows)
        self.assertEqual(json.loads(lines[-1])["chain"], self.status["head"])
        self.assertEqual(self.daemon.muster("export").stdout.splitlines(), lines)
        self.assertNotEqual(self.daemon.muster("export", file).returncode, 0)

        def check(changed, code, row=None, found=None):
            other = self.daemon.folder / "changed.jsonl"
            other.write_text("".join(line + "\n" for line in changed), encoding="utf-8")
            run = self.daemon.muster("verify", "--json", "--file", other)
            self.assertEqual(run.returncode, code, run.stderr)
            if found:
                misfit = json.loads(run.stdout)["misfit"]
                self.assertEqual((misfit["row"], misfit["found"]), (row, found))
            return run

        check(lines, 0)
        check(lines[:49] + [lines[49].replace('"flags":0', '"flags":1')] + lines[50:], 1, 50, "changed")
        check(lines[:49] + lines[50:], 1, 50, "missing")
        check(lines[:49] + [lines[50], lines[49]] + lines[51:], 1, 50, "reordered")
        check(lines[:49] + [lines[20]] + lines[49:], 1, 21, "inserted")
        broken = check(lines[:49] + ["{"] + lines[50:], 1)
        self.assertIn(":50: ", broken.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
