#!/usr/bin/env python3
"""Tables in Chinese, in a real terminal: tmux, which has its own idea of how wide a character is.

No line may be wider than the window (tmux would wrap it), whatever names there are, and columns must stand one below the other:
the columns are taken from what tmux shows, by the cells that are blank in every row, and what stands in them is compared with
the rows that `--json` tells.
"""
import json
import os
import pathlib
import re
import shlex
import subprocess
import tempfile
import unicodedata
import unittest

import harness
from harness import event

#: Names that are wide, half wide, mixed, beyond the basic plane, in two codes; as offices write them.
NAMES = ["青岭镇第一支部", "Harbour works", "新业态（快递）支部", "ＡＢ１２小区", "𠮷祥街道支部", "café 店", "買買提·艾合買提小组",
         "第③支部", "物业……联合", "ｶﾀｶﾅ支部", "한글 지부", "A", "一" * 40, "《示范》「先锋」支部", "🏠社区支部", "é́支部"]
WIDTHS = (80, 100, 150)


def width_of(char):
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def cells_of(line):
    """One item for each cell: a character; "" for the second cell of a wide one."""
    cells = []
    for char in line:
        width = width_of(char)
        if width == 0 and cells:
            last = len(cells) - 1 if cells[-1] else len(cells) - 2
            cells[last] += char
        else:
            cells.extend([char] + [""] * (width - 1))
    return cells


class Terminal:
    """A tmux of its own with one window, in which a shell runs one command after the other."""

    def __init__(self, folder, width, environment):
        self.socket = str(folder / f"tmux-{width}")
        self.done = folder / f"done-{width}"
        self.environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TERM": "xterm-256color", "HOME": str(folder)}
        self.shell = {**self.environment, **environment}
        words = " ".join(f"{name}={shlex.quote(value)}" for name, value in self.shell.items() if name != "TERM")
        self.tmux("-f", "/dev/null", "-u", "new-session", "-d", "-x", str(width), "-y", "200", f"env {words} PS1= sh")
        self.tmux("set-option", "-g", "status", "off")

    def tmux(self, *words):
        return subprocess.run(["tmux", "-S", self.socket, *words], env=self.environment, check=True,
                              stdout=subprocess.PIPE).stdout.decode()

    def show(self, *words):
        """The lines on the screen after the command, as they stand there, and joined where tmux had to wrap them."""
        self.done.unlink(missing_ok=True)
        script = "stty -echo; clear; tput clear; %s 2>/dev/null; echo $? >%s" % (shlex.join(words), shlex.quote(str(self.done)))
        self.tmux("send-keys", "-l", script)
        self.tmux("send-keys", "Enter")
        harness.wait_until(lambda: self.done.exists() and self.done.read_text().strip(), " ".join(words))
        status = self.done.read_text().strip()
        if status != "0":
            raise AssertionError("%s: status %s" % (" ".join(words), status))
        return self.lines(), self.lines("-J")

    def lines(self, *options):
        return [line.rstrip() for line in self.tmux("capture-pane", "-p", *options).rstrip("\n").split("\n")]

    def close(self):
        self.tmux("kill-server")


def column_spans(rows):
    """Runs of cells in which some row has something. A run without a heading is further words of the column before it."""
    wide = max(map(len, rows))
    used = "".join("1" if any(k < len(row) and row[k] != " " for row in rows) else "0" for k in range(wide))
    spans = []
    for run in re.finditer("1+", used):
        if spans and not "".join(rows[0][run.start():run.end()]).strip():
            spans[-1] = (spans[-1][0], run.end())
        else:
            spans.append((run.start(), run.end()))
    return spans


class Tables(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = harness.Daemon(rehearse="2022-12-31", tracking_since="2022-01-01")
        cls.addClassCleanup(cls.daemon.finish)
        cls.daemon.start()
        client = cls.daemon.client()
        client.record(cls.district())
        cls.daemon.wait_evaluated()
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="muster-tmux-"))
        cls.addClassCleanup(subprocess.run, ["rm", "-rf", str(cls.folder)])
        cls.environment = {"MUSTER_SERVER": cls.daemon.endpoint, "XDG_STATE_HOME": str(cls.folder), "LANGUAGE": "zh_CN"}
        cls.terminals = {}
        for width in WIDTHS:
            cls.terminals[width] = Terminal(cls.folder, width, cls.environment)
            cls.addClassCleanup(cls.terminals[width].close)

    @staticmethod
    def district():
        events = [event("unit.registered", "2022-01-03", unit="U-1", name="青岭实业有限公司", sector="enterprise",
                        area="450312001", staff=120, eligible=True, above_scale=True)]
        for n, name in enumerate(NAMES):
            branch = f"B-{n + 1:03}"
            events.append(event("branch.founded", "2022-01-05", branch=branch, name=name, form="general", sector="enterprise",
                                area="450312001", committee=False))
            events.append(event("member.admitted", "2022-01-06", member=f"M{n + 1:04}", name=name[:20], branch=branch,
                                stage="full", new=False, admitted_on="2015-07-01"))
            events.append(event("meeting", f"2022-{n % 12 + 1:02}-11", branch=branch, kinds=["theme_day"], present_count=n + 3,
                                title="学习" + name[:10]))
        return events

    def told(self, *words):
        """The rows by --json."""
        done = subprocess.run([harness.binary("muster"), *words, "--json"], env={**os.environ, **self.environment}, check=True,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        return [json.loads(line) for line in done.stdout.decode().splitlines()]

    def shown(self, width, *words):
        """A list as it stands in the window, by cells; nothing of it may have been wrapped."""
        lines, joined = self.terminals[width].show(harness.binary("muster"), *words)
        self.assertEqual(lines, joined, "a line is wider than the window")
        rows = [cells_of(line) for line in lines]
        self.assertLessEqual(max(map(len, rows)), width)
        return rows

    def columns(self, width, *words):
        """The texts of a table's columns, heading first. Every heading has a column: none runs into its neighbour."""
        rows = self.shown(width, *words)
        spans = column_spans(rows)
        headings = "".join(rows[0]).split()
        self.assertEqual(["".join(rows[0][a:b]).strip() for a, b in spans], headings, "\n".join(map("".join, rows)))
        return {heading: ["".join(row[a:b]).strip() for row in rows[1:]] for heading, (a, b) in zip(headings, spans)}

    def compare(self, shown, told):
        """Each cell is what was told, or its beginning where the window was too narrow."""
        self.assertEqual(len(shown), len(told))
        for cell, text in zip(shown, told):
            if cell.endswith("…") and not text.endswith("…"):
                self.assertTrue(text.startswith(cell[:-1].rstrip()), (cell, text))
            else:
                self.assertEqual(cell, " ".join(text.split(" ")))

    def test_branches(self):
        rows = self.told("list", "branches")
        self.assertEqual(len(rows), len(NAMES))
        for width in WIDTHS:
            with self.subTest(width=width):
                columns = self.columns(width, "list", "branches")
                self.compare(columns["名称"], [row["name"] for row in rows])
                self.compare(columns["支部"], [row["branch"] for row in rows])

    def test_members(self):
        rows = self.told("list", "members")
        for width in WIDTHS:
            with self.subTest(width=width):
                columns = self.columns(width, "list", "members")
                self.compare(columns["姓名" if "姓名" in columns else "名称"], [row["name"] for row in rows])

    def test_alerts(self):
        rows = self.told("alerts", "--all")
        self.assertGreater(len(rows), 40)
        for width in WIDTHS:
            with self.subTest(width=width):
                columns = self.columns(width, "alerts", "--all")
                self.compare(columns["编号"], [str(row["alert"]) for row in rows])
                self.compare(columns["名称"], [row.get("name") or "" for row in rows])
                self.compare(columns["规则"], [row["title"] for row in rows])

    def test_recent(self):
        rows = self.told("recent", "--limit", "30")
        for width in WIDTHS:
            with self.subTest(width=width):
                columns = self.columns(width, "recent", "--limit", "30")
                self.compare(columns["序号"], [str(row["seq"]) for row in rows])

    def test_nothing_is_wrapped(self):
        for words in (("due", "--within", "60d"), ("board", "--year", "2022"), ("figures", "--year", "2022"), ("rules",),
                      ("list", "units"), ("key", "roles")):
            for width in WIDTHS:
                with self.subTest(words=words, width=width):
                    self.shown(width, *words)


if __name__ == "__main__":
    unittest.main()
