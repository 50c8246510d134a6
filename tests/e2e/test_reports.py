"""`muster report` in its four forms, `board`'s sums, what was published, and the rating aid, on a sample district."""

import csv
import io
import json
import pathlib
import re
import unittest
import zipfile
from xml.etree import ElementTree

from harness import SOURCE, Daemon, event, read_jsonl

SAMPLE = SOURCE / "tests" / "data" / "small-1"
TEMPLATES = SOURCE / "config" / "templates" / "report"
HOSTILE = '<script>alert(1)</script> &amp; "x" |*_`=1+1'
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


class Command:
    """A daemon with the sample, and the command."""

    @classmethod
    def start(cls):
        cls.daemon = Daemon(rehearse="2023-03-10", settle=0)
        cls.daemon.start()
        with cls.daemon.client() as client:
            client.submit([e for e in read_jsonl(SAMPLE / "events.jsonl") if e["at"][:10] <= "2023-03-10"])

    @classmethod
    def stop(cls):
        cls.daemon.stop()
        cls.daemon.clean_up()

    def run_ok(self, *arguments):
        done = self.daemon.muster(*arguments)
        self.assertEqual(done.returncode, 0, f"{arguments}: {done.stdout}{done.stderr}")
        return done.stdout

    def rows(self, *arguments):
        return [json.loads(line) for line in self.run_ok(*arguments, "--json").splitlines()]

    def template(self, text):
        path = self.daemon.folder / "t.md"
        path.write_text(text, encoding="utf-8")
        return path

    def report(self, name, *arguments):
        path = self.daemon.folder / name
        self.run_ok("report", "--year", 2022, "--output", path, *arguments)
        return path


class Report(Command, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.start()
        with cls.daemon.client() as client:
            client.record([event("branch.founded", "2022-02-01", branch="B-X", name=HOSTILE, form="own", sector="enterprise",
                                 area="450399001")])

    @classmethod
    def tearDownClass(cls):
        cls.stop()

    def test_every_figure(self):
        """Each figure stands in the text as the command tells it."""
        figures = self.rows("figures", "--year", 2022)
        lines, wanted = [], []
        for row in figures:
            name = row["figure"] + (f"/{row['alliance']}" if "alliance" in row else "")
            lines.append("- {{%s}}" % name)
            value = row["value"]
            wanted.append("—" if value is None else f"{value:.1f}%" if row["unit"] == "%" else f"{value:g}")
            for key in ("due", "met"):
                if key in row:
                    lines.append("- {{%s.%s}}" % (name, key))
                    wanted.append(str(row[key]))
        text = self.run_ok("report", "--year", 2022, "--template", self.template("\n".join(lines)))
        self.assertEqual([line[2:] for line in text.splitlines()], wanted)
        self.assertGreater(len(wanted), 70)

    def test_default_templates(self):
        for arguments in ((), ("--lang", "zh"), ("--area", "4503"), ("--branch", "B-001", "--lang", "zh"),
                          ("--as-of", "2022-05-31"), ("--known-on", "2023-03-10"), ("--denominator", "eligible")):
            text = self.run_ok("report", "--year", 2022, *arguments)
            self.assertNotRegex(text, r"\{\{|\}\}")
            self.assertEqual(text.count("\n# ") + text.startswith("# "), 1)
        figures = {row["figure"]: row["value"] for row in self.rows("figures", "--year", 2022) if "alliance" not in row}
        text = self.run_ok("report", "--year", 2022, "--lang", "zh")
        self.assertIn(f"共有两新组织{figures['units.total']}家，其中非公企业{figures['units.enterprise']}家", text)
        self.assertIn(f"今年开展培训{figures['training.sessions']}场、{figures['training.attendances']}人次", text)

    def test_no_figure_is_typed(self):
        for path in TEMPLATES.glob("*.md"):
            text = re.sub(r"\{\{[^}]*\}\}", "", path.read_text(encoding="utf-8"))
            text = re.sub(r"^(#+) \d+\. ", r"\1 ", text, flags=re.M)
            self.assertNotRegex(text, r"[0-9０-９]", path)

    def test_problems_by_name_and_number(self):
        text = self.run_ok("report", "--year", 2022, "--template", self.template(
            "{{each alerts.branch-inactive}}\n- {{.name}} {{.subject}}\n{{end}}\n{{count alerts}}\n"))
        alerts = self.rows("alerts", "--as-of", "2022-12-31")
        wanted = [f"- {a['name']} {a['subject']['branch']}" for a in alerts if a["rule"] == "branch-inactive"]
        lines = [line for line in text.splitlines() if line]
        self.assertEqual(lines[:-1], ["- " + re.sub(r"([\\`*_\[\]<>|#&])", r"\\\1", line[2:]) for line in wanted])
        self.assertEqual(lines[-1], str(len(alerts)))

    def test_html(self):
        text = self.report("r.html").read_text(encoding="utf-8")
        self.assertTrue(text.startswith("<!DOCTYPE html>\n"))
        root = ElementTree.fromstring(text.split("\n", 1)[1])  # it is XML too
        self.assertNotIn("script", {element.tag for element in root.iter()})
        outside = [v for e in root.iter() for k, v in e.attrib.items() if k in ("src", "href") or "http" in v]
        self.assertEqual(outside, [])
        self.assertNotIn("url(", text)
        charts = root.findall(".//{http://www.w3.org/2000/svg}svg")
        self.assertEqual(len(charts), 3)
        bars = charts[0].findall("{http://www.w3.org/2000/svg}rect")
        self.assertEqual(len(bars), 12)
        self.assertIn(HOSTILE, {cell.text for cell in root.iter("td")})

    def test_docx(self):
        path = self.report("r.docx", "--lang", "zh")
        with zipfile.ZipFile(path) as archive:
            self.assertIsNone(archive.testzip())
            self.assertEqual(archive.namelist()[0], "[Content_Types].xml")
            parts = {name: ElementTree.fromstring(archive.read(name)) for name in archive.namelist()}
        styles = {s.get(W + "styleId") for s in parts["word/styles.xml"].iter(W + "style")}
        body = parts["word/document.xml"].find(W + "body")
        used = {s.get(W + "val") for tag in ("pStyle", "tblStyle") for s in body.iter(W + tag)}
        self.assertLessEqual(used, styles)
        self.assertEqual(body[-1].tag, W + "sectPr")
        lines = ["".join(t.text or "" for t in p.iter(W + "t")) for p in body.iter(W + "p")]
        self.assertEqual(lines[0], "2022年两新组织党建工作总结")
        self.assertNotIn("{{body}}", lines)
        self.assertTrue(any(HOSTILE in line for line in lines))
        for table in body.iter(W + "tbl"):
            widths = len(table.find(W + "tblGrid"))
            self.assertTrue(all(len(row.findall(W + "tc")) == widths for row in table.iter(W + "tr")))
        text = self.run_ok("report", "--year", 2022, "--lang", "zh")
        for heading in re.findall(r"^#+ (.*)$", text, re.M):
            self.assertIn(heading, lines)

    def sheets(self, path):
        """name -> rows of cells, and the archive's charts."""
        with zipfile.ZipFile(path) as archive:
            self.assertIsNone(archive.testzip())
            parts = {name: ElementTree.fromstring(archive.read(name)) for name in archive.namelist()}
        shared = ["".join(t.text or "" for t in item.iter(S + "t")) for item in parts["xl/sharedStrings.xml"]]
        names = [s.get("name") for s in parts["xl/workbook.xml"].iter(S + "sheet")]
        sheets = {}
        for number, name in enumerate(names, 1):
            sheet = parts[f"xl/worksheets/sheet{number}.xml"]
            self.assertEqual(list(sheet.iter(S + "f")), [], "a formula")
            sheets[name] = [[shared[int(c.find(S + "v").text)] if c.get("t") == "s" else c.find(S + "v") is not None
                             and float(c.find(S + "v").text) for c in row] for row in sheet.iter(S + "row")]
        return sheets, [part for name, part in parts.items() if name.startswith("xl/charts/")]

    def test_xlsx(self):
        sheets, charts = self.sheets(self.report("r.xlsx"))
        self.assertEqual(list(sheets), ["Report", "Figures", "By month", "Duties", "Townships", "Board", "Most in need of help",
                                        "Problems", "Open alerts", "What falls due", "Alliances"])
        figures = {row["figure"]: row["value"] for row in self.rows("figures", "--year", 2022) if "alliance" not in row}
        months = sheets["By month"]
        self.assertEqual(len(months), 13)
        self.assertEqual(sum(row[1] for row in months[1:]), figures["meetings.total"])
        self.assertEqual(sum(row[3] for row in months[1:]), figures["training.sessions"])
        told = {row[-1]: row[1] for row in sheets["Figures"][1:]}
        self.assertEqual(told["units.total"], figures["units.total"])
        board = self.rows("board", "--year", 2022, "--as-of", "2022-12-31")
        self.assertEqual([row[0] for row in sheets["Board"][2:2 + len(board)]], [row["branch"] for row in board])
        marks = sum(cell in ("o", "l", "X", "e", ".") for row in sheets["Board"][2:2 + len(board)] for cell in row[3:])
        self.assertEqual(marks, sum(len(row["duties"]) for row in board))
        self.assertIn(HOSTILE, {row[1] for row in sheets["Board"][2:]})
        self.assertEqual(len(charts), 3)
        refs = [f.text for chart in charts for f in chart.iter(C + "f")]
        self.assertIn("'By month'!$B$2:$B$13", refs)
        self.assertIn(f"Townships!$C$2:$C${len(sheets['Townships'])}", refs)

    def test_headings_are_not_broken(self):
        """A column is as wide as the longest word of its heading, in bold."""
        with zipfile.ZipFile(self.report("words.docx", "--lang", "en")) as archive:
            document = ElementTree.fromstring(archive.read("word/document.xml"))
        tables = list(document.iter(W + "tbl"))
        self.assertGreater(len(tables), 3)
        for table in tables:
            cells = list(next(table.iter(W + "tr")).iter(W + "tc"))
            for cell in cells:
                word = max("".join(text.text or "" for text in cell.iter(W + "t")).split(), key=len)
                self.assertGreaterEqual(int(next(cell.iter(W + "tcW")).get(W + "w")), 130 * len(word) + 170, word)
            self.assertLessEqual(sum(int(next(cell.iter(W + "tcW")).get(W + "w")) for cell in cells), 8958)

    def test_long_lines_have_room(self):
        """A text that takes several lines of its cell has a row as high, whatever program shows it."""
        path = self.report("room.xlsx", "--lang", "en")
        sheets = self.sheets(path)[0]
        for name in ("Report", "Most in need of help"):
            with zipfile.ZipFile(path) as archive:
                part = archive.read(f"xl/worksheets/sheet{list(sheets).index(name) + 1}.xml")
            heights = [float(row.get("ht") or 0) for row in ElementTree.fromstring(part).iter(S + "row")]
            longest = [max(len(cell) for cell in row if isinstance(cell, str)) for row in sheets[name]]
            self.assertGreater(max(longest), 120, name)
            self.assertEqual([n for height, n in zip(heights, longest, strict=True) if n > 120 and height < 30], [], name)

    def test_style(self):
        """A copy of the .docx with other styles is what the report is put into."""
        plain = self.report("plain.docx")
        style = self.daemon.folder / "style.docx"
        with zipfile.ZipFile(style, "w") as out:
            for name in ("[Content_Types].xml", "_rels/.rels", "word/document.xml", "word/styles.xml", "word/numbering.xml",
                         "word/footer1.xml", "word/_rels/document.xml.rels"):
                text = (TEMPLATES / "docx" / name).read_text(encoding="utf-8")
                out.writestr(name, text.replace("{{body}}", "{{bo</w:t></w:r><w:r><w:t>dy}}").replace("宋体", "Letterhead"))
            out.writestr("word/media/logo.png", b"\x89PNG")
        styled = self.report("styled.docx", "--style", style)
        with zipfile.ZipFile(plain) as a, zipfile.ZipFile(styled) as b:
            self.assertEqual(a.read("word/document.xml"), b.read("word/document.xml"))
            self.assertIn("Letterhead", b.read("word/styles.xml").decode())
            self.assertEqual(b.read("word/media/logo.png"), b"\x89PNG")

    def refused(self, status, says, *arguments):
        done = self.daemon.muster("report", "--year", 2022, *arguments)
        self.assertEqual(done.returncode, status, f"{arguments}: {done.stdout}{done.stderr}")
        self.assertIn(says, done.stderr)

    def test_mistakes(self):
        path = self.template("# x\n\n{{units.totl}}\n")
        self.refused(2, f't.md:3: there is no figure or list "units.totl" (did you mean "units.total"?)', "--template", path)
        self.refused(2, "No such file", "--template", self.daemon.folder / "none.md")
        self.refused(2, "md, html, docx or xlsx", "--format", "pdf")
        self.refused(2, "needs --output", "--format", "docx")
        self.refused(2, "no .docx", "--output", self.daemon.folder / "x.docx", "--style", path)
        self.refused(2, "/nowhere/x.docx: ", "--output", "/nowhere/x.docx")
        self.refused(2, "/nowhere/x.xlsx", "--output", "/nowhere/x.xlsx")
        self.refused(1, "No such file", "--output", "/nowhere/x.md")
        self.refused(1, "", "--branch", "B-none")
        self.assertFalse((self.daemon.folder / "x.docx").exists())
        self.assertEqual([p for p in pathlib.Path(self.daemon.folder).glob("*.new")], [])

    def test_board(self):
        board = self.rows("board", "--year", 2022)
        sums = self.rows("board", "--year", 2022, "--sums")
        self.assertEqual([row["area"] for row in sums], sorted({row.get("area", "") for row in board}))
        for row in sums:
            duties = [d["state"] for b in board if b.get("area", "") == row["area"] for d in b["duties"]]
            for state in ("met", "late", "missed", "excused", "open"):
                self.assertEqual(row[state], duties.count(state), row)
        needs = self.rows("board", "--year", 2022, "--needs")
        self.assertLessEqual(len(needs), 10)
        keys = [(-row["red"], -row["yellow"], -row["missed"], -row["late"], row["branch"]) for row in needs]
        self.assertEqual(keys, sorted(keys))
        alerts = self.rows("alerts", "--as-of", "2022-12-31", "--level", "red")
        for row in needs:
            mine = [a for a in alerts if row["branch"] in (a.get("branch"), a["subject"].get("branch"))]
            self.assertEqual(row["red"], len(mine), row)
            self.assertTrue(row["why"])
        table = self.run_ok("board", "--year", 2022, "--limit", 1)
        self.assertIn("more (--all", table)
        self.assertIn("Most in need of help", table)
        found = list(csv.DictReader(io.StringIO(self.run_ok("board", "--year", 2022, "--sums", "--csv"))))
        self.assertEqual([int(row["met"]) for row in found], [row["met"] for row in sums])

    def test_rating(self):
        before = self.daemon.muster("status", "--json").stdout
        rows = self.rows("rating", "--year", 2022)
        self.assertEqual([row.get("score", -1) for row in rows], sorted((r.get("score", -1) for r in rows), reverse=True))
        for row in rows[:3]:
            hours = [part for part in row["parts"] if part["source"] == "hours"][0]
            (value,) = [f["value"] for f in self.rows("figures", "--year", 2022, "--branch", row["branch"])
                        if f["figure"] == "training.hours"]
            self.assertTrue(hours["text"].startswith(f"{value:g} hours"), (hours, value))
        sums = self.run_ok("rating", "--year", 2022, "--branch", rows[0]["branch"])
        self.assertIn("nothing is recorded", sums)
        self.assertIn(f"muster branch rate {rows[0]['branch']} --cycle 2022 --stars N", sums)
        self.assertEqual(json.loads(before)["events"], json.loads(self.daemon.muster("status", "--json").stdout)["events"])
        wrong = self.template("rubric = 1;\n")
        done = self.daemon.muster("rating", "--config", wrong)
        self.assertEqual(done.returncode, 2)
        self.assertIn("t.md", done.stderr)


class Published(Command, unittest.TestCase):
    def setUp(self):
        self.start()

    def tearDown(self):
        self.stop()

    def record(self, *events):
        with self.daemon.client() as client:
            return [result["seq"] for result in client.record(list(events))]

    def asked(self):
        return json.loads(self.daemon.muster("status", "--json").stdout)["counters"]["verbs"].get("figures", 0)

    def diff(self, *arguments):
        return {row["figure"]: row for row in self.rows("report", "--diff", *arguments)}

    def entries(self, row):
        return [entry["seq"] for entry in row["entries"]]

    def test_freeze_and_diff(self):
        self.run_ok("report", "--year", 2022, "--freeze", "first")
        self.assertEqual(self.diff("first"), {})
        self.assertIn("no figure has changed", self.run_ok("report", "--diff", "first"))
        (frozen,) = self.rows("report", "--frozen")
        before = self.rows("figures", "--year", 2022)
        board = self.rows("board", "--year", 2022, "--as-of", "2022-12-31")
        branch, period = next((b["branch"], d["period"]) for b in board for d in b["duties"]
                              if d["rule"] == "theme-day" and d["state"] in ("missed", "open"))
        meeting = event("meeting", period + "-15", branch=branch, kinds=["theme_day"], present_count=7)
        held, unit, new = self.record(
            meeting, event("unit.registered", "2022-06-01", unit="U-late", name="Late", sector="association"),
            event("member.admitted", "2022-11-30", member="M-late", name="Late", branch=branch, stage="probationary", new=True))
        asked = self.asked()
        changed = self.diff("first")
        self.assertEqual(self.asked(), asked + 2)  # how they stand now, and once what is behind all that changed
        for name, entries in (("meetings.total", [held]), ("meetings.theme_day", [held]), ("meetings.attendances", [held]),
                              ("duty.theme-day.met", [held]), ("units.total", [unit]), ("units.association", [unit]),
                              ("admitted.total", [new]), ("probationary.total", [new]), ("roll.closing", [new])):
            self.assertEqual(self.entries(changed[name]), entries, changed[name])
        self.assertEqual(int(changed["meetings.total"]["now"]), int(changed["meetings.total"]["then"]) + 1)
        now = {row["figure"]: row for row in self.rows("figures", "--year", 2022)}
        for row in before:  # what differs is told, and nothing else
            if "alliance" not in row and now[row["figure"]]["value"] != row["value"]:
                self.assertIn(row["figure"], changed)
        self.assertNotIn("branches.total", changed)
        self.assertNotIn("coverage.enterprise", changed)

        # As known then, the figures are what they were.
        self.assertEqual(self.rows("figures", "--year", 2022, "--known-on", frozen["known_on"]), before)

        # What is taken out again leaves no difference; what was counted then and is not now is told by its void.
        (void,) = self.record(event("event.voided", "2023-03-10", event=meeting["id"], reason="twice"))
        changed = self.diff("first")
        self.assertNotIn("meetings.total", changed)
        counted = [row for row in self.rows("figures", "--year", 2022, "--explain", "training.sessions")][0]
        (gone,) = self.record(event("event.voided", "2023-03-10", event=counted["event"], reason="was none"))
        self.assertEqual(self.entries(self.diff("first")["training.sessions"]), [gone])
        self.assertGreater(gone, void)

    def test_names(self):
        self.run_ok("report", "--year", 2022, "--freeze", "first")
        done = self.daemon.muster("report", "--year", 2022, "--freeze", "first")
        self.assertEqual(done.returncode, 1)
        self.assertIn("published already", done.stderr)
        done = self.daemon.muster("report", "--diff", "frist")
        self.assertEqual(done.returncode, 1)
        self.assertIn('did you mean "first"', done.stderr)
        self.run_ok("report", "--year", 2022, "--area", "4503", "--freeze", "area")
        self.assertEqual({row["name"]: row.get("area") for row in self.rows("report", "--frozen")}, {"first": None, "area": "4503"})
        (row,) = [row for row in self.rows("report", "--frozen") if row["name"] == "first"]
        self.run_ok("void", row["seq"], "--reason", "a mistake")
        self.run_ok("report", "--year", 2022, "--freeze", "first")
        for wrong in (("--freeze", "x", "--diff", "first"), ("--freeze", "x", "--known-on", "2023-01-01")):
            self.assertEqual(self.daemon.muster("report", "--year", 2022, *wrong).returncode, 2)

    def test_another_chain(self):
        with self.daemon.client() as client:
            reply = client.call("figures", year=2022)
            frozen = event("report.frozen", "2023-03-10", name="x", year=2022, as_of="2022-12-31", counted=reply["seq"],
                           head="0" * 64, known_on=reply["recorded_at"], pack=reply["pack"], figures=["units.total 1"])
            (result,) = client.submit([frozen])
            self.assertEqual((result["status"], result["error"]["code"]), ("refused", "impossible"))
            (result,) = client.submit([dict(frozen, head=reply["head"], counted=10 ** 9)])
            self.assertEqual(result["error"]["code"], "impossible")
            (result,) = client.submit([dict(frozen, head=reply["head"])])
            self.assertEqual(result["status"], "recorded")


if __name__ == "__main__":
    unittest.main()
