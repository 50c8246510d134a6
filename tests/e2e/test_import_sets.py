"""Sets that others wrote to break readers of CSV and of text: csv-spectrum and the Big List of Naughty Strings, fetched by npm.

Every text comes back unchanged from import, submit, show and export, or was refused with a reason. Skipped where there is no npm, or
nothing to fetch from."""

import csv
import io
import json
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import harness
from harness import Daemon, event

SETS = ("csv-spectrum@2.0.0", "blns@2.0.4")
#: Where the set's own answer is not what its sheet says.
SLIPS = {("location_coordinates", "Contact Phone Number"): "2095257564"}
#: Columns of a sheet of trainings that hold any text.
TEXT_COLUMNS = ("title", "place", "host", "audience", "trainer")


def lines(text):
    """Lines as JSON Lines has them: str.splitlines parts at more than line breaks."""
    return [line for line in text.split("\n") if line]


def kept(text):
    """What a text is recorded as: a line break is one newline, however the file writes it."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


class Sets(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not shutil.which("npm"):
            raise unittest.SkipTest("npm is not installed: the public test sets cannot be fetched")
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        done = subprocess.run(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(cls.folder), *SETS],
                              capture_output=True, text=True, timeout=300, check=False)
        if done.returncode != 0:
            raise unittest.SkipTest(f"npm could not fetch the public test sets: {done.stderr[-300:]}")

    def setUp(self):
        self.daemon = self.enterContext(Daemon(rehearse="2023-01-31"))
        self.client = self.daemon.client()
        self.client.record([event("branch.founded", "2018-01-01", branch="B-1", name="一支部", form="own", sector="enterprise")])

    def run_import(self, path, *arguments):
        done = self.daemon.muster("import", path, "--yes", "--json", *arguments, timeout=120)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        return {row["row"]: row for row in map(json.loads, lines(done.stdout))}

    def shown(self, ids):
        """The events of these ids: as `recent` tells them, checked against `show` and `export`."""
        recent = {row["id"]: row for row in self.client.rows("recent", type="any") if row.get("id") in ids}
        exported = {}
        for line in self.daemon.muster("export", timeout=120).stdout.split("\n")[:-1]:
            row = json.loads(line)
            exported[row["event"].get("id")] = {**row["event"], **row.get("personal", {})}
        for number, (id_, row) in enumerate(recent.items()):
            told = {key: value for key, value in row.items() if key not in ("seq", "recorded_at", "recorded_by")}
            self.assertEqual(exported[id_], told)
            if number % 25 == 0:
                shown = json.loads(self.daemon.muster("show", "event", id_, "--json").stdout.split("\n")[0])
                shown = shown.get("row", shown)
                self.assertEqual({key: shown.get(key) for key in told}, told)
        self.assertEqual(set(recent), set(ids))
        return recent

    def test_csv_spectrum(self):
        folder = self.folder / "node_modules" / "csv-spectrum"
        sheets = sorted((folder / "csvs").glob("*.csv"))
        self.assertGreaterEqual(len(sheets), 12)
        for day, sheet in enumerate(sheets, 1):
            with self.subTest(sheet=sheet.name):
                expected = json.loads((folder / "json" / f"{sheet.stem}.json").read_text(encoding="utf-8"))
                expected = expected if isinstance(expected, list) else [expected]
                headings = list(expected[0])
                columns = dict(zip(headings, TEXT_COLUMNS))
                maps = [word for heading, column in columns.items() for word in ("--map", f"{heading}={column}")]
                path = shutil.copy(sheet, self.folder)
                rows = list(self.run_import(path, "--as", "trainings", *maps, "--set", f"at=2022-11-{day:02d}", "--set", "hours=1", "--set", "branch=B-1").values())
                self.assertEqual(len(rows), len(expected))
                for row, source in zip(rows, expected):
                    if row["status"] == "refused":
                        self.assertTrue(row["error"]["message"])
                        self.assertEqual(source[headings[0]].strip(), "", row)
                        continue
                    [told] = self.shown([row["events"][0]["id"]]).values()
                    for heading, column in columns.items():
                        text = SLIPS.get((sheet.stem, heading), source[heading])
                        self.assertEqual(told.get(column, ""), kept(text) if text.strip() else "")

    def naughty(self):
        strings = json.loads((self.folder / "node_modules" / "blns" / "resources" / "blns.json").read_text(encoding="utf-8"))
        self.assertGreater(len(strings), 400)
        return [text for text in dict.fromkeys(strings)]

    def sheet(self, name, header, rows, encoding="utf-8"):
        text = io.StringIO()
        out = csv.writer(text, lineterminator="\r\n")
        out.writerow(header)
        out.writerows(rows)
        path = self.folder / name
        path.write_bytes(text.getvalue().encode(encoding))
        return path

    def check(self, verdicts, strings, field):
        """Row by row: the same text, or a reason."""
        refused = 0
        ids = {row["events"][0]["id"]: strings[number - 2] for number, row in verdicts.items() if row["status"] != "refused"}
        told = self.shown(list(ids))
        for id_, text in ids.items():
            self.assertEqual(told[id_][field], kept(text))
        for number, row in verdicts.items():
            if row["status"] == "refused":
                refused += 1
                text = strings[number - 2]
                self.assertTrue(row["error"]["message"])
                self.assertTrue(not text.strip("\ufeff \t\n\r\u00a0\u3000") or any(ord(c) < 32 or 127 <= ord(c) < 160 for c in text), (text, row))
        self.assertLess(refused, 20)

    def test_naughty_strings_as_titles(self):
        strings = self.naughty()
        rows = [[number, text, "2022-11-05", "B-1", 2] for number, text in enumerate(strings)]
        header = ["序号", "培训名称", "时间", "支部", "学时"]
        verdicts = self.run_import(self.sheet("titles.csv", header, rows))
        self.assertEqual(len(verdicts), len(strings))
        self.check(verdicts, strings, "title")
        again = self.run_import(self.sheet("titles-gb.csv", header, rows, "gb18030"))
        self.assertEqual({row["status"] for row in again.values()} - {"refused"}, {"duplicate"})
        self.assertEqual([n for n, row in again.items() if row["status"] == "refused"], [n for n, row in verdicts.items() if row["status"] == "refused"])
        # The same texts as raw events have the same verdicts, but for blank ones: a cell of blanks is an empty one.
        events = [event("training", "2022-11-06", title=text, hours=2) for text in strings]
        done = self.daemon.muster("submit", "-", "--json", input="".join(json.dumps(one) + "\n" for one in events), timeout=120)
        submitted = [json.loads(line) for line in lines(done.stdout)]
        for number, (text, verdict) in enumerate(zip(strings, submitted), 2):
            if text.strip("\ufeff \t\n\r\u00a0\u3000"):
                self.assertEqual(verdict["status"], verdicts[number]["status"].replace("duplicate", "recorded"), text)
        told = self.shown([verdict["id"] for verdict in submitted if verdict["status"] == "recorded"])
        for one in events:
            if one["id"] in told:
                self.assertEqual(told[one["id"]]["title"], one["title"])

    def test_naughty_strings_as_names(self):
        strings = self.naughty()
        rows = [[f"M-{number}", text, "B-1", "正式", "2020-01-01"] for number, text in enumerate(strings)]
        verdicts = self.run_import(self.sheet("names.csv", ["党员编号", "姓名", "所在支部", "党员类别", "编入日期"], rows))
        self.check(verdicts, strings, "name")

    def test_naughty_strings_everywhere(self):
        """In every other column: a verdict with a reason, and a daemon that goes on."""
        strings = self.naughty()
        header = ["支部", "会议类型", "时间", "地点", "应到人数", "到会人员", "时长", "主要内容"]
        for column in range(len(header)):
            rows = [["B-1", "党课", f"2022-{1 + n % 12:02d}-{1 + n // 12 % 28:02d}", "x", "3", "", "60", f"{n}"] for n in range(len(strings))]
            for row, text in zip(rows, strings):
                row[column] = text
            verdicts = self.run_import(self.sheet("everywhere.csv", header, rows))
            with self.subTest(column=header[column]):
                for row in verdicts.values():
                    self.assertTrue(row["status"] != "refused" or row["error"]["message"], row)
        self.assertTrue(self.client.status()["recording"])


if __name__ == "__main__":
    unittest.main()
