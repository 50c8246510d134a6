"""`muster import`: sheets as offices save them, and what comes of every row (docs/import.md)."""

import csv
import json
import os
import pathlib
import pty
import re
import shutil
import subprocess
import tempfile
import unittest

import harness
from harness import Daemon, event

DATA = harness.SOURCE / "tests" / "data"
SHEETS = DATA / "import"
DISTRICT = DATA / "district-1"
FULL = unittest.skipUnless(os.environ.get("MUSTER_FULL"), "takes long: among the full tests")
MANY = unittest.skipIf(os.environ.get("MUSTER_FEW"), "many programs are started: not under sanitizers but in the full tests")
HEADER = "支部,会议类型,主题,时间,地点,应到人数,实到人数,到会人员,时长(分钟)\n"
MEMBERS = [("M-01", "张伟", "B-017"), ("M-02", "王芳", "B-017"), ("M-03", "陈晨晨", "B-017"), ("M-04", "李强", "B-017"),
           ("M-05", "李强", "B-017"), ("M-06", "赵敏", "B-017"), ("M-07", "钱多", "B-017"), ("M-08", "吴昊", "B-017"),
           ("M-09", "郑爽", "B-017"), ("M-10", "冯春", "B-017"), ("M-11", "张伟", "B-018"), ("M-12", "孙丽", "B-018"),
           ("M-13", "周杰", "B-018")]


def registers():
    yield from (event("unit.registered", "2015-01-01", unit=f"U-{i}", name=f"单位{i}", sector="enterprise") for i in (1, 2, 3))
    for branch, name in (("B-017", "青岭第17支部"), ("B-018", "青岭第18支部")):
        yield event("branch.founded", "2018-01-01", branch=branch, name=name, form="own", sector="enterprise",
                    area="450312001", units=["U-1"])
    for member, name, branch in MEMBERS:
        yield event("member.admitted", "2019-01-01", member=member, name=name, branch=branch, stage="full", new=False)


class Desk(unittest.TestCase):
    """A daemon with two branches, and a folder of sheets."""

    def setUp(self):
        self.daemon = self.enterContext(Daemon(rehearse="2023-01-31", tracking_since="2022-01-01"))
        self.client = self.daemon.client()
        self.client.record(list(registers()))
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def sheet(self, text, name="meetings.csv"):
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def run_import(self, path, *arguments, code=None, **options):
        done = self.daemon.muster("import", path, "--yes", *arguments, **options)
        if code is not None:
            self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def rows(self, path, *arguments, **options):
        """The rows of an import, by number."""
        done = self.run_import(path, *arguments, "--json", **options)
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        return {row["row"]: row for row in rows if "row" in row}

    def statuses(self, path, *arguments, **options):
        return {number: row["status"] for number, row in self.rows(path, *arguments, **options).items()}

    def meetings(self, **options):
        return list(self.client.rows("recent", type="meeting", **options))


class Sheets(Desk):
    def verdict(self, row):
        error = row.get("error", {})
        flags = sorted({flag["flag"] for flag in row.get("flags", [])})
        return " ".join([row["status"], *(error[key] for key in ("code", "field") if key in error), *flags])

    def sheets(self):
        sheets = json.loads((SHEETS / "verdicts.json").read_text())
        self.assertEqual(sorted(sheets), sorted(path.name for path in SHEETS.iterdir() if path.suffix in (".csv", ".txt")))
        return sheets

    @MANY
    def test_every_sheet_every_row(self):
        """Files as offices save them, each with the verdict of each of its rows."""
        for name, expected in self.sheets().items():
            with self.subTest(sheet=name):
                rows = self.rows(shutil.copy(SHEETS / name, self.folder), "--dry-run", *expected.get("arguments", []))
                self.assertEqual({str(number): self.verdict(row) for number, row in rows.items()}, expected["rows"])

    @FULL
    def test_every_sheet_recorded(self):
        """The same not only judged; and again: nothing is added."""
        for name, expected in self.sheets().items():
            with self.subTest(sheet=name), Daemon(rehearse="2023-01-31") as daemon:
                daemon.client().record(list(registers()))
                self.daemon = daemon
                path = shutil.copy(SHEETS / name, self.folder)
                first = self.rows(path, *expected.get("arguments", []))
                self.assertEqual({str(number): self.verdict(row) for number, row in first.items()}, expected["rows"])
                seq = daemon.client().status()["events"]
                again = self.statuses(path, *expected.get("arguments", []))
                self.assertEqual(daemon.client().status()["events"], seq)
                self.assertEqual(again, {number: row["status"].replace("recorded", "duplicate") for number, row in first.items()})

    @FULL
    def test_the_same_in_every_encoding(self):
        """One sheet, saved seven ways, is recorded once."""
        for name in ("utf8.csv", "utf8-mark.csv", "tab.csv", "semicolon.csv", "utf16-tab.txt", "titles-and-totals.csv", "gb18030.csv"):
            self.run_import(shutil.copy(SHEETS / name, self.folder), code=0)
        self.assertEqual(len(self.meetings()), 4)  # two of all, one more of the last two each

    @FULL
    def test_cells_are_read_right(self):
        """Not only taken: each with the value that a person would read in it."""
        self.run_import(shutil.copy(SHEETS / "dates.csv", self.folder))
        self.assertEqual([row["at"] for row in self.meetings()],
                         ["2022-11-05", "2022-10-05", "2022-09-05", "2022-08-05", "2022-07-05", "2022-06-05", "2022-05-08T15:00:00+08:00",
                          "2022-05-05T09:30:00+08:00", "2022-04-05T15:00:00+08:00", "2022-03-05T15:00:00+08:00",
                          "2022-02-05T15:30:00+08:00", "2022-01-05T14:00:00+08:00", "2021-12-05"])

    @MANY
    def test_values(self):
        self.run_import(shutil.copy(SHEETS / "full-width.csv", self.folder), code=0)
        second, first = self.meetings()
        self.assertEqual((first["branch"], first["at"], first["due_count"], first["present_count"], first["title"]),
                         ("B-017", "2022-11-05T15:00:00+08:00", 10, 8, "学习（一）"))  # texts stay as they were written
        self.assertEqual((second["present"], second["duration_min"]), (["M-12", "M-13", "M-11"], 90))
        self.run_import(shutil.copy(SHEETS / "quoted.csv", self.folder), code=0)
        self.assertIn('学习"两个确立", 谈体会', [row["title"] for row in self.meetings()])
        self.assertIn("第一行\n第二行\n第三行", [row["title"] for row in self.meetings()])
        self.run_import(shutil.copy(SHEETS / "gb18030.csv", self.folder), code=0)
        self.assertIn("镕基和䶮字的写法", [row["title"] for row in self.meetings()])
        self.run_import(shutil.copy(SHEETS / "english.csv", self.folder))
        joint = [row for row in self.meetings() if row["kinds"] == ["general_meeting", "life_meeting"]]
        self.assertEqual(len(joint), 1)
        planted = [row for row in self.meetings() if row.get("title") == "Tree planting"][0]
        self.assertEqual((planted["at"], planted["duration_min"], planted["present"], planted["topics"], planted["presenter"]),
                         ("2022-11-05T15:00:00+08:00", 90, ["M-01", "M-02"], ["one", "two"], "Wang Fang"))

    def test_texts_are_kept(self):
        """What breaks programs that are careless with text comes back as it was."""
        texts = ['=cmd|"/C calc"!A0', "'; DROP TABLE ledger; --", "<script>alert(1)</script>", "NULL", "undefined", "0", "1e309", "\u202e反向\u202c", "👩‍👩‍👧‍👦🏳️‍🌈",
                 "Z̮̞̠͙͔ͅḀ̗̞͈̻̗Ḷ͙͎̯̹̞͓G̻O", "ﬁ Ⅷ ㍿ ①", "𠜎𠜱", "\ufeff前", "a\u00a0b", "%s%n%99999d", "$HOME `id`", "\\x00\\0", "-", '"', '""', ",", "ı İ ß", "é e\u0301", "行\n行\t列", " 前后 "]
        path = self.folder / "trainings.csv"
        with open(path, "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["序号", "培训名称", "时间", "学时", "地点"], *([i, text, "2022-11-05", 2, text] for i, text in enumerate(texts))])
        rows = self.rows(path)
        self.assertEqual({row["status"] for row in rows.values()}, {"recorded"})
        told = {row["id"]: row for row in self.client.rows("recent", type="training")}
        exported = {row["event"].get("id"): row["personal"] for row in map(json.loads, self.daemon.muster("export").stdout.split("\n")[:-1]) if "personal" in row}
        for number, text in enumerate(texts, 2):
            id_ = rows[number]["events"][0]["id"]
            self.assertEqual((told[id_]["title"], told[id_]["place"]), (text, text))
            self.assertEqual(exported[id_], {"title": text, "place": text})
        path.write_bytes(path.read_bytes().decode().encode("gb18030"))
        self.assertEqual(set(self.statuses(path).values()), {"duplicate"})
        path.write_bytes("培训名称,时间,学时\n铃\a声,2022-11-05,2\n".encode())
        self.assertEqual(self.rows(path)[2]["error"]["code"], "invalid_value")

    @MANY
    def test_registers(self):
        for name in ("yes-no.csv", "registers.csv", "members.csv"):
            self.run_import(shutil.copy(SHEETS / name, self.folder))
        branches = {row["branch"]: row for row in self.client.rows("list", what="branches")}
        self.assertEqual([branches[f"B-03{i}"]["committee"] for i in range(1, 8)], [True, False, True, False, True, False, False])
        self.assertEqual([branches[f"B-03{i}"]["form"] for i in range(1, 8)], ["own", "joint", "mobile", "own", "own", "joint", "own"])
        self.assertEqual(branches["B-032"]["units"], ["U-2", "U-3"])
        units = {row["name"]: row for row in self.client.rows("list", what="units", all=True)}
        self.assertEqual((units["青岭纸业有限公司"]["staff"], units["青岭纸业有限公司"]["above_scale"]), (1200, True))
        self.assertEqual(units["双江商会"]["closed"], "2022-08-01")
        self.assertTrue(units["双江商会"]["unit"].startswith("U-"))
        members = {row["name"]: row for row in self.client.rows("list", what="members", all=True)}
        self.assertEqual((members["何平"]["stage"], members["何平"]["role"], members["何平"]["unit"]), ("full", "secretary", "U-1"))
        self.assertEqual((members["罗静"]["branch"], members["罗静"]["left"]), ("B-018", "2022-09-30"))
        self.assertEqual(members["梁冬"]["stage"], "probationary")
        types = [row["type"] for row in self.client.call("show", what="member", ref="M-42")["history"]]
        self.assertEqual(types, ["member.left", "member.converted", "member.admitted"])

    @FULL
    def test_letters(self):
        self.run_import(shutil.copy(SHEETS / "mistyped-transfer.csv", self.folder), code=1)
        letters = {row.get("number") or row["transfer"]: row for row in self.client.rows("list", what="transfers", all=True)}
        self.assertEqual({name: row["state"] for name, row in letters.items()},
                         {"2022-001": "receipted", "2022-003": "issued", "桂组介〔2022〕004号": "issued"})
        self.assertEqual(letters["2022-003"]["to_name"], "南宁市某支部")

    @FULL
    def test_nothing_personal_is_read(self):
        path = shutil.copy(SHEETS / "private.csv", self.folder)
        done = self.run_import(path, code=0)
        self.assertIn("have no place in the ledger", done.stderr)
        everything = json.dumps(list(self.client.rows("recent", type="any")), ensure_ascii=False)
        self.assertNotIn("450302198001010019", everything)
        self.assertNotIn("13800138000", everything)

    @MANY
    def test_unknown_people_are_kept(self):
        path = self.sheet(HEADER + "B-017,党课,来宾,2022-11-07 15:00,,10,3,欧阳某某、王芳、赵敏,60\n")
        self.run_import(path, code=0)
        meeting = self.meetings()[0]
        self.assertEqual((meeting["present"], meeting["present_count"], meeting["extra"]["unmatched"]), (["M-02", "M-06"], 3, ["欧阳某某"]))
        # They are entered later; the same sheet then tells who it was.
        self.client.record([event("member.admitted", "2022-01-01", member="M-20", name="欧阳某某", branch="B-017", stage="full", new=False)])
        self.assertEqual(self.statuses(path), {2: "corrected"})
        self.assertEqual([row["present"] for row in self.meetings()], [["M-20", "M-02", "M-06"]])

    @FULL
    def test_who_moved_since(self):
        """A name is looked for in the branch as it was on the day of the meeting."""
        self.client.record([event("member.moved", "2022-12-01", member="M-02", branch="B-018")])
        path = self.sheet(HEADER + "B-017,党课,以前,2022-11-07,,10,2,王芳、赵敏,60\nB-017,党课,以后,2022-12-07,,10,2,王芳、赵敏,60\n")
        rows = self.rows(path)
        self.assertEqual((rows[2]["status"], rows[3]["status"]), ("recorded", "refused"))
        self.assertIn("M-02 王芳 (B-018)", rows[3]["error"]["message"])


class Again(Desk):
    """What a corrected sheet does to what was recorded."""

    ROWS = [["B-017", "主题党日", "1月主题党日", "2022-01-10 15:00", "服务中心", "10", "8", "", "90"],
            ["B-017", "党课", "一季度党课", "2022-02-10 15:00", "服务中心", "10", "9", "", "60"],
            ["B-018", "支委会", "1月支委会", "2022-01-11 09:00", "会议室", "3", "3", "孙丽、周杰、张伟", "60"],
            ["B-018", "支委会", "2月支委会", "2022-02-11 09:00", "会议室", "3", "3", "孙丽、周杰、张伟", "60"],
            ["B-018", "支委会", "3月支委会", "2022-03-11 09:00", "会议室", "3", "3", "孙丽、周杰、张伟", "60"]]

    def write(self, rows):
        return self.sheet(HEADER + "".join(",".join(row) + "\n" for row in rows))

    def changed(self, number, **cells):
        names = ["branch", "kind", "title", "at", "place", "due", "count", "present", "minutes"]
        rows = [list(row) for row in self.ROWS]
        for name, value in cells.items():
            rows[number][names.index(name)] = value
        return rows

    def setUp(self):
        super().setUp()
        self.assertEqual(set(self.statuses(self.write(self.ROWS)).values()), {"recorded"})

    def expect(self, rows, corrected, count=5):
        """Importing these rows corrects that one, and then nothing more."""
        path = self.write(rows)
        wanted = {i + 2: "corrected" if i == corrected else "duplicate" for i in range(len(rows))}
        self.assertEqual(self.statuses(path, "--dry-run"), wanted)
        self.assertEqual(self.statuses(path), wanted)
        events = self.client.status()["events"]
        self.assertEqual(set(self.statuses(path).values()), {"duplicate"})
        self.assertEqual(self.client.status()["events"], events)
        self.assertEqual(len(self.meetings()), count)

    @MANY
    def test_a_corrected_cell_replaces(self):
        for cells in ({"title": "一月主题党日（更正）"}, {"at": "2022-01-10 16:30"}, {"count": "7"}, {"place": "山上", "minutes": "30"}):
            with self.subTest(cells=cells):
                self.expect(self.changed(0, **cells), 0)
        self.assertEqual(self.meetings(branch="B-017")[-1]["place"], "山上")

    @FULL
    def test_corrected_back(self):
        self.expect(self.changed(0, count="7"), 0)
        self.expect(self.ROWS, 0)
        self.assertEqual(self.meetings(branch="B-017")[-1]["present_count"], 8)
        self.expect(self.changed(0, count="7"), 0)

    def test_a_corrected_day(self):
        self.expect(self.changed(3, at="2022-02-14 09:00"), 3)
        self.assertEqual([row["at"][:10] for row in self.meetings(branch="B-018")], ["2022-03-11", "2022-02-14", "2022-01-11"])
        self.expect(self.changed(3, at="2022-02-15 09:00", title="二月支委会"), 3)
        self.expect(self.changed(3, at="2022-02-15 09:00", title="二月支委会", count="4"), 3)

    @FULL
    def test_a_corrected_kind_and_branch(self):
        self.expect(self.changed(1, kind="支部党员大会"), 1)
        self.expect(self.changed(1, kind="支部党员大会", branch="B-018"), 1)

    @MANY
    def test_a_new_row_is_a_new_meeting(self):
        rows = self.ROWS + [["B-018", "支委会", "4月支委会", "2022-04-11 09:00", "会议室", "3", "3", "孙丽、周杰、张伟", "60"]]
        self.assertEqual(self.statuses(self.write(rows)), {2: "duplicate", 3: "duplicate", 4: "duplicate", 5: "duplicate", 6: "duplicate", 7: "recorded"})
        # The next month's sheet, in the same file: none of its rows takes the place of last month's.
        rows = [["B-018", "支委会", "5月支委会", "2022-05-11 09:00", "会议室", "3", "3", "孙丽、周杰、张伟", "60"]]
        self.assertEqual(self.statuses(self.write(rows)), {2: "recorded"})
        self.assertEqual(len(self.meetings()), 7)

    @FULL
    def test_rows_in_another_order(self):
        self.assertEqual(set(self.statuses(self.write(self.ROWS[::-1])).values()), {"duplicate"})

    def test_what_people_did_stands(self):
        first = self.meetings(branch="B-017")[-1]
        by_hand = {**{key: first[key] for key in ("branch", "kinds", "at")}, "present_count": 6}
        self.client.record([{**event("meeting", first["at"]), **by_hand, "replaces": first["id"]}])
        voided = self.meetings(branch="B-018")[0]
        self.client.record([event("event.voided", "2022-04-01", event=voided["id"], reason="重复")])
        rows = self.rows(self.write(self.ROWS))
        self.assertEqual({row["status"] for row in rows.values()}, {"duplicate"})
        self.assertEqual([flag["flag"] for flag in rows[6]["flags"]], ["voided"])
        self.assertEqual(self.meetings(branch="B-017")[-1]["present_count"], 6)
        # The sheet is corrected after all: that replaces what was done by hand, and says so. What was voided stays so.
        rows = self.rows(self.write(self.changed(0, count="5")))
        self.assertEqual((rows[2]["status"], rows[2]["flags"][0]["flag"]), ("corrected", "corrected_by_hand"))
        rows = self.rows(self.write(self.changed(4, place="楼上")))
        self.assertEqual((rows[6]["status"], rows[6]["error"]["code"]), ("refused", "impossible"))
        self.assertEqual(len(self.meetings()), 4)

    @FULL
    def test_registers_are_corrected(self):
        head = "党员编号,姓名,所在支部,党员类别,编入日期\n"
        path = self.sheet(head + "M-51,何平,B-017,正式,2020-03-01\nM-52,罗静,B-018,正式,2020-03-01\n", "members.csv")
        self.assertEqual(set(self.statuses(path).values()), {"recorded"})
        path = self.sheet(head + "M-51,何萍,B-017,正式,2020-03-01\nM-52,罗静,B-018,预备,2020-03-02\n", "members.csv")
        self.assertEqual(set(self.statuses(path).values()), {"corrected"})
        self.assertEqual(set(self.statuses(path).values()), {"duplicate"})
        members = {row["member"]: row for row in self.client.rows("list", what="members")}
        self.assertEqual((members["M-51"]["name"], members["M-52"]["stage"], members["M-52"]["since"]), ("何萍", "probationary", "2020-03-02"))


class Ways(Desk):
    """What is asked, told and written beside."""

    def test_refused_rows_come_back(self):
        path = self.sheet("支部;会议类型;主题;时间;到会人员\nB-017;党课;\"一;二\";2022-11-05;陈晨辰、王芳\nB-017;党课;好;2022-11-06;王芳\nB-017;野餐;差;2022-11-07;王芳\n")
        done = self.run_import(path, code=1)
        beside = self.folder / "meetings.refused.csv"
        self.assertIn(str(beside), done.stderr)
        self.assertEqual(beside.stat().st_mode & 0o777, 0o600)
        self.assertTrue(beside.read_bytes().startswith(b"\xef\xbb\xbf"))
        rows = list(csv.reader(beside.read_text("utf-8-sig").splitlines()))
        self.assertEqual(rows[0], ["支部", "会议类型", "主题", "时间", "到会人员", "why_refused"])
        self.assertEqual([row[2] for row in rows[1:]], ["一;二", "差"])
        self.assertIn("M-03", rows[1][-1])
        mended = beside.read_text("utf-8-sig").replace("陈晨辰、王芳", "陈晨晨、王芳").replace("野餐", "座谈会")
        beside.write_text(mended, "utf-8")
        self.assertEqual(self.statuses(beside), {2: "recorded", 3: "recorded"})
        self.assertEqual(self.statuses(path), {2: "refused", 3: "duplicate", 4: "refused"})

    @FULL
    def test_nothing_is_written_where_nothing_was_refused(self):
        self.run_import(self.sheet(HEADER + "B-017,党课,好,2022-11-06,,,3,,\n"), code=0)
        self.assertEqual(os.listdir(self.folder), ["meetings.csv"])

    def test_dry_run(self):
        """The verdicts and the alerts are those of the import; nothing is recorded, nothing written."""
        rows = "".join(f"B-017,{kind},无,2022-{month:02d}-10,,10,8,,60\n" for month in range(1, 13)
                       for kind in ("主题党日", "支部党员大会", "党课"))
        path = self.sheet(HEADER + rows + "B-017,野餐,差,2022-11-07,,,2,,\n")
        self.daemon.wait_evaluated()
        before = {(row["rule"], json.dumps(row["subject"])) for row in self.client.rows("alerts")}
        status = self.client.status()
        done = self.run_import(path, "--dry-run", "--json", code=1)
        self.assertEqual((self.client.status()["seq"], self.client.status()["head"]), (status["seq"], status["head"]))
        self.assertEqual(os.listdir(self.folder), ["meetings.csv"])
        told = [json.loads(line) for line in done.stdout.splitlines()]
        closing = {(row["rule"], json.dumps(row["subject"])) for row in told if row.get("change") == "closed"}
        self.assertEqual([row["status"] for row in told if "row" in row], ["recorded"] * 36 + ["refused"])
        text = self.run_import(path, "--dry-run", "--quiet", code=1)
        self.assertRegex(text.stdout, r"would close +\d+ theme-day +branch B-017")
        self.run_import(path, code=1)
        self.daemon.wait_evaluated()
        after = {(row["rule"], json.dumps(row["subject"])) for row in self.client.rows("alerts")}
        self.assertTrue({("theme-day", '{"branch": "B-017"}'), ("lecture", '{"branch": "B-017"}')} <= closing)
        self.assertEqual(before - after, closing)

    def test_pretend(self):
        """In order, each with those before it; bounded; and of mistakes it says what submit says."""
        self.daemon.wait_evaluated()
        issued = event("transfer.issued", "2023-01-02", transfer="T-1", member="M-02", to="B-018")
        received = event("transfer.received", "2023-01-09", transfer="T-1")
        reply = self.client.call("pretend", events=[received, issued, {**received, "id": harness.new_id()}, {"type": "x"}])
        self.assertEqual([result["status"] for result in reply["results"]], ["refused", "recorded", "recorded", "refused"])
        self.assertNotIn("seq", reply["results"][1])
        outcome, error = self.client.ask("pretend", {"events": [{}] * 8193})
        self.assertEqual((outcome, error["code"]), ("error", "too_large"))
        self.assertEqual(self.client.ask("pretend", {"events": [issued], "dry": True})[1]["code"], "malformed")
        self.assertEqual(self.client.ask("pretend", {"events": [issued], "ledger": harness.new_id()})[1]["code"], "not_allowed")
        self.client.record([issued, received])
        self.assertEqual(self.client.call("pretend", events=[issued])["results"][0]["status"], "duplicate")

    def test_pretending_without_end(self):
        """Whoever does it has no more than a few places, and neither a submission nor another's question waits for all of them."""
        self.daemon.wait_evaluated()
        many = json.dumps({"events": [event("meeting", "2023-01-02", branch="B-017", kinds=["theme_day"], present_count=5)
                                      for _ in range(2500)]}).encode()
        for _ in range(12):
            self.client.send("pretend", many)
        outcomes = []
        while "ok" not in outcomes:
            outcomes.append(self.client.receive_any()[1])
        with self.daemon.client() as other:
            meeting = event("meeting", "2023-01-03", branch="B-017", kinds=["theme_day"], present_count=5)
            other.record([meeting])
            self.assertFalse(self.finished(outcomes, 12), "recorded before those that waited were judged")
            other.call("pretend", events=[meeting])
        outcomes += [self.client.receive_any()[1] for _ in range(12 - len(outcomes))]
        self.assertIn("error", outcomes)
        self.assertGreaterEqual(outcomes.count("ok"), 4)

    def finished(self, outcomes, count):
        while self.client.socket.poll(0):
            outcomes.append(self.client.receive_any()[1])
        return len(outcomes) == count

    @MANY
    def test_map_and_set(self):
        path = self.sheet("日期,形式,题目,到场,备忘\n2022-11-05,主题党日,植树,8,无\n")
        self.assertIn("--map", self.run_import(path, code=2).stderr)
        self.assertIn("no column", self.run_import(path, "--map", "形式=kinds", "--as", "meetings", code=2).stderr)
        self.assertIn("did you mean", self.run_import(path, "--map", "形式=kind", "--as", "meetings", "--set", "branch=B-017", code=2).stderr)
        saved = self.folder / "map"
        arguments = ["--as", "meetings", "--map", "形式=kinds", "--map", "题目=title", "--map", "到场=present_count", "--set", "branch=B-017"]
        self.run_import(path, *arguments, "--save-map", saved, code=0)
        self.assertIn("题目=title", saved.read_text())
        self.assertEqual(self.statuses(path, "--map", saved, "--set", "branch=B-017"), {2: "duplicate"})
        self.assertEqual(self.meetings()[0]["title"], "植树")

    @MANY
    def test_what_is_no_sheet(self):
        for name, content, words in (("a.csv", b"", "headings"), ("b.csv", b"\0\1\2\3", "no text"), ("c.csv", b"PK\3\4zip", "Save as"),
                                     ("d.csv", (HEADER + 'B-017,"党课').encode(), "quotation mark"), ("e.csv", b"x" * 3000000, "headings")):
            with self.subTest(name=name):
                done = self.run_import(self.sheet(content, name), code=2)
                self.assertIn(words, done.stderr)
        self.assertIn("No such file", self.run_import(self.folder / "none.csv", code=2).stderr)
        self.assertIn("none of", self.run_import(self.sheet("a,b\n"), "--as", "people", code=2).stderr)

    def test_a_quotation_mark_without_its_fellow(self):
        """It swallows what follows: then nothing is recorded, and it is said where it begins."""
        rows = "".join(f"B-017,党课,好{i},2022-{1 + i % 12:02d}-{1 + i // 12:02d},,,3,,\n" for i in range(200))
        path = self.sheet(HEADER + rows + 'B-017,党课,"坏,2022-11-06,,,3,,\n' + rows * 800)
        done = self.run_import(path, "--quiet", timeout=120, code=2)
        self.assertIn("row 202", done.stderr)
        self.assertEqual(self.meetings(), [])

    def test_asked_on_a_terminal(self):
        """Whether a place that is like a branch's is outside: only a person can say."""
        path = self.sheet("介绍信编号,党员编号,转入支部,开具日期\n2022-002,M-03,B-0l8,2022-10-01\n", "transfers.csv")
        for answer, expected in (("n", []), ("y", ["B-0l8"])):
            ours, theirs = pty.openpty()
            command = [harness.binary("muster"), "--server", self.daemon.endpoint, "import", str(path)]
            process = subprocess.Popen(command, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs)
            os.close(theirs)
            said = b""
            while b"[y/N]" not in said:
                said += os.read(ours, 4096)
            os.write(ours, answer.encode() + b"\n")
            process.communicate(timeout=harness.WAIT_S)
            os.close(ours)
            self.assertIn(b"B-018", said)
            self.assertEqual([row.get("to_name") for row in self.client.rows("list", what="transfers")], expected)

    @FULL
    def test_in_chinese(self):
        path = self.sheet(HEADER + "B-017,党课,好,2022-11-06,,,3,,\nB-017,野餐,差,2022-11-07,,,2,,\n")
        done = self.daemon.muster("--lang", "zh", "import", path)
        self.assertIn("表头在第 1 行", done.stderr)
        self.assertIn("无法识别", done.stderr)
        self.assertIn("未导入原因", (self.folder / "meetings.refused.csv").read_text("utf-8-sig"))
        self.assertIn("1 行已登记", done.stderr)

    @FULL
    def test_csv_rows(self):
        done = self.run_import(self.sheet(HEADER + "B-017,党课,好,2022-11-06,,,3,,\nB-017,野餐,差,2022-11-07,,,2,,\n"), "--csv")
        rows = list(csv.DictReader(done.stdout.splitlines()))
        self.assertEqual([(row["row"], row["status"], row["code"]) for row in rows], [("2", "recorded", ""), ("3", "refused", "invalid_value")])

    @FULL
    def test_the_daemon_goes_away(self):
        path = self.sheet(HEADER + "B-017,党课,好,2022-11-06,,,3,,\n")
        self.daemon.stop()
        self.assertEqual(self.daemon.muster("--timeout", "0.3", "import", path).returncode, 3)
        self.daemon.start()
        self.assertEqual(self.statuses(path), {2: "recorded"})

    def test_xlsx(self):
        """Through LibreOffice where there is one; else with a sentence that says what to do."""
        sheet = self.sheet(HEADER + "B-017,党课,好,2022-11-06 15:00,,,3,,\n")
        book = self.folder / "meetings.xlsx"
        if shutil.which("soffice") and os.environ.get("MUSTER_FULL"):
            profile = f"-env:UserInstallation=file://{self.folder}/profile"
            subprocess.run(["soffice", profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--infilter=Text - txt - csv (StarCalc):44,34,76",
                            "--outdir", str(self.folder), str(sheet)], check=True, timeout=120, capture_output=True)
            self.assertEqual(self.statuses(book, timeout=150), {2: "recorded"})
            self.assertEqual(self.meetings()[0]["at"], "2022-11-06T15:00:00+08:00")
        else:
            book.write_bytes(b"PK\3\4")
            done = self.run_import(book, code=2, environment={"PATH": "/nonexistent"})
            self.assertRegex(done.stderr, "LibreOffice.*Save as")


class District(unittest.TestCase):
    """The books of an office, imported into an empty ledger, against the events that they were made from."""

    ORDER = ["units.csv", "branches.csv", "members.csv", "transfers.csv", "trainings.csv", "meetings.csv"]

    def registers_of(self, client, day):
        """As far as the sheets tell: later changes are not in them."""
        keep = {"branches": ("branch", "name", "form", "sector", "area", "units", "committee", "groups", "founded", "term_ends"),
                "members": ("member", "name", "branch", "unit", "stage", "role", "since"),
                "units": ("unit", "name", "sector", "area", "staff", "registered")}
        return {what: {tuple(str(row.get(key)) for key in keys) for row in client.rows("list", what=what, all=True, as_of=day)}
                for what, keys in keep.items()}

    def original(self):
        """The events behind the sheets: no corrections, no changes, and of letters only their issue."""
        types = ("unit.registered", "branch.founded", "member.admitted", "meeting", "training", "transfer.issued")
        guests = {"00481", "00482", "00483", "00484", "00485"}  # came with letters from outside: no sheet has them
        for one in harness.read_jsonl(DISTRICT / "events.jsonl"):
            if one["type"] not in types or "replaces" in one:
                continue
            for key in ("eligible", "above_scale"):
                one.pop(key, None)
            if guests & set(one.get("present", [])) or one["type"] == "training":
                one.setdefault("present_count", len(one.get("present", [])))
                one["present"] = [member for member in one.get("present", []) if member not in guests]
            if one["type"] == "training":
                del one["present"]  # the book of trainings has numbers only
            one.pop("absent", None)
            one.pop("with", None)
            if "new" in one:
                one["new"] = False  # no column of the sheets tells
            yield one

    @MANY
    def test_the_books_of_a_district(self):
        with Daemon(rehearse="2024-03-31", tracking_since="2022-01-01") as ours, \
                Daemon(rehearse="2024-03-31", tracking_since="2022-01-01") as theirs, tempfile.TemporaryDirectory() as folder:
            theirs.client().record(list(self.original()))
            client = ours.client()
            sizes = []
            for name in self.ORDER:
                path = shutil.copy(DISTRICT / name, folder)
                done = ours.muster("import", path, "--quiet", "--yes", timeout=120)
                self.assertEqual(done.returncode, 0, done.stderr)
                sizes.append(int(re.search(r"(\d+) recorded", done.stderr)[1]))
            self.assertEqual(sizes, [120, 41, 493, 13, 40, 1101])
            events = client.status()["events"]
            for name in [*self.ORDER, "meetings-gb18030.csv"]:
                done = ours.muster("import", shutil.copy(DISTRICT / name, folder), "--quiet", "--yes", timeout=120)
                self.assertRegex(done.stderr, r"muster: 0 recorded, 0 corrected, \d+ already there, 0 refused")
            self.assertEqual(client.status()["events"], events)
            for day in ("2022-06-30", "2022-12-31"):
                self.assertEqual(self.registers_of(client, day), self.registers_of(theirs.client(), day))
            figures, expected = ({(row["figure"], row.get("alliance")): row["value"] for row in c.call("figures", year=2022)["rows"]}
                                 for c in (client, theirs.client()))
            self.assertEqual(figures, expected)
            self.assertEqual(figures["meetings.total", None], 1101)


if __name__ == "__main__":
    unittest.main()
