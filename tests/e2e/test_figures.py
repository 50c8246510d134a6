"""`muster figures` on a sample district: every figure as given, each explained, the roll-forward checked."""

import csv
import io
import json
import sqlite3
import unittest

from harness import SOURCE, Daemon, read_jsonl

SAMPLE = SOURCE / "tests" / "data" / "small-1"
COLUMNS = ("opening", "admitted", "entered", "received", "moved_in", "gone", "sent", "moved_out", "closing")


class Figures(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon(rehearse="2024-03-31", settle=0)
        cls.daemon.start()
        with cls.daemon.client() as client:
            client.record(read_jsonl(SAMPLE / "events.jsonl"))

    @classmethod
    def tearDownClass(cls):
        cls.daemon.stop()
        cls.daemon.clean_up()

    def run_ok(self, *arguments):
        done = self.daemon.muster("figures", *arguments)
        self.assertEqual(done.returncode, 0, f"{arguments}: {done.stdout}{done.stderr}")
        return done.stdout

    def rows(self, *arguments):
        return [json.loads(line) for line in self.run_ok(*arguments, "--json").splitlines()]

    def figures(self, *arguments):
        found = {}
        for row in self.rows(*arguments):
            name = row["figure"] + (f"/{row['alliance']}" if "alliance" in row else "")
            found[name] = {k: row[k] for k in ("due", "met", "value")} if "due" in row else row["value"]
        return found

    def test_as_given(self):
        with open(SAMPLE / "expected-figures-2022.json", encoding="utf-8") as file:
            self.assertEqual(self.figures("--year", "2022"), json.load(file))

    def test_each_explained(self):
        for row in self.rows("--year", "2022"):
            name = row["figure"] + (f"/{row['alliance']}" if "alliance" in row else "")
            items = self.rows("--year", "2022", "--explain", name)
            with self.subTest(figure=name):
                if "due" in row:
                    self.assertEqual(len(items), row["due"])
                    self.assertEqual(sum(item["part"] for item in items), row["met"])
                elif row["unit"] == "%":
                    part, whole = (sum(item[k] for item in items) for k in ("part", "whole"))
                    self.assertAlmostEqual(100 * part / whole, row["value"], delta=0.0501)
                else:
                    self.assertEqual(sum(item["weight"] for item in items), row["value"])

    def test_table(self):
        table = self.run_ok("--year", "2022", "--area", "4503")
        self.assertIn("as of 2022-12-31", table)
        self.assertIn("duty.theme-day", table)
        self.assertNotIn("offices", table)
        (group,) = [line for line in table.splitlines() if "duty.group-meeting" in line]
        self.assertRegex(group, r" - +% +0/0 ")
        self.assertIn("单位：企业", self.run_ok("--year", "2022", "--lang", "zh"))

    def test_csv(self):
        rows = list(csv.DictReader(io.StringIO(self.run_ok("--year", "2022", "--csv"))))
        found = {(row["figure"], row["alliance"]): row for row in rows}
        self.assertEqual(found["training.hours", ""]["value"], "882.25")
        self.assertEqual(found["duty.theme-day", ""]["due"], "52")
        self.assertEqual(found["duty.group-meeting", ""]["value"], "")
        self.assertEqual(found["alliance.staff", "A-2"]["value"], "426")

    def test_explained_to_people(self):
        table = self.run_ok("--year", "2022", "--explain", "coverage.association")
        self.assertIn("Coverage: associations = 50.0 %", table)
        self.assertIn("4 items", table)
        self.assertIn("0/1", table)
        table = self.run_ok("--year", "2022", "--explain", "meetings.total", "--limit", "3")
        self.assertIn("93 more", table)

    def test_check(self):
        rows = self.rows("--year", "2022", "--check")
        for row in rows:
            signs = (1, 1, 1, 1, 1, -1, -1, -1, -1)
            self.assertEqual(sum(sign * row[name] for sign, name in zip(signs, COLUMNS)), 0, row)
        total = rows[0]
        for by in ("sector", "area", "branch"):
            for name in ("opening", "gone", "closing"):
                self.assertEqual(sum(row[name] for row in rows if row["by"] == by), total[name], (by, name))
        self.assertIn("holds", self.run_ok("--year", "2022", "--check"))

    def test_mistakes(self):
        for arguments, says in (
                (("--year", "2022", "--explain", "unit.total"), 'did you mean "units.total"'),
                (("--year", "2022", "--as-of", "2021-12-31"), "not a day of 2022"),
                (("--year", "2030",), "not begun"),
                (("--year", "2022", "--denominator", "all"), "operating"),
                (("--year", "2022", "--sector", "enterprises"), "enterprise, association")):
            done = self.daemon.muster("figures", *arguments)
            self.assertEqual(done.returncode, 2, f"{arguments}: {done.stdout}{done.stderr}")
            self.assertIn(says, done.stderr)
        done = self.daemon.muster("figures", "--year", "2022", "--branch", "B-01")
        self.assertEqual(done.returncode, 1)


class Broken(unittest.TestCase):
    """The register is derived; somebody has put a hand to it."""

    def test_named(self):
        with Daemon(rehearse="2024-03-31", settle=0) as daemon:
            with daemon.client() as client:
                client.record(read_jsonl(SAMPLE / "events.jsonl"))
            with sqlite3.connect(daemon.database) as db:
                db.execute("UPDATE stint SET to_day = to_day + 3 WHERE member ="
                           " (SELECT key FROM subject WHERE kind = 1 AND ref = '00015') AND to_day < 100000")
                self.assertEqual(db.total_changes, 1)
            db.close()
            done = daemon.muster("figures", "--year", "2022", "--check")
            self.assertEqual(done.returncode, 1)
            self.assertIn("00015", done.stderr)
            self.assertIn("NOT hold", done.stderr)


if __name__ == "__main__":
    unittest.main()
