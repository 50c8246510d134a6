"""A spreadsheet imported, against the same events submitted: time, and the importer's memory at two sizes."""

import csv
import datetime
import json
import os
import pathlib
import subprocess
import time
import uuid

from goals import Ratio, say
from stage import TODAY, copy

HEADER = ["支部", "会议类型", "主题", "时间", "地点", "应到人数", "实到人数", "到会人员", "时长(分钟)"]
KINDS = ["主题党日", "支委会", "党课", "支部党员大会", "党小组会"]
SURNAMES = "赵钱孙李周吴郑王冯陈"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红建文辉"
MEMBERS, ROLL = 10, 6


class Office:
    """So many branches of ten members each, with names as people have them, and their book of meetings."""

    def __init__(self, stage, branches):
        self.stage, self.branches = stage, branches
        self.muster = stage.build / "client" / "cli" / "muster"

    def name(self, branch, member):
        return SURNAMES[member] + GIVEN[branch % len(GIVEN)] + GIVEN[(branch // len(GIVEN)) % len(GIVEN)]

    def registers(self):
        for branch in range(self.branches):
            yield {"type": "branch.founded", "at": "2018-01-01", "branch": f"B-{branch:05d}", "name": f"第{branch}支部", "form": "own",
                   "sector": "enterprise", "area": "450312001"}
            for member in range(MEMBERS):
                yield {"type": "member.admitted", "at": "2019-01-01", "member": f"M-{branch:05d}-{member}", "new": False,
                       "name": self.name(branch, member), "branch": f"B-{branch:05d}", "stage": "full"}

    def ledger(self):
        """A ledger with the registers alone."""
        path = self.stage.work / "office.db"
        lines = "".join(json.dumps({"id": str(uuid.uuid4()), **one}) + "\n" for one in self.registers())
        with self.stage.daemon(path) as daemon:
            self.command(daemon, "submit", "-", "--quiet", input=lines)
            daemon.wait_settled()
        return path

    def sheet(self, rows):
        """Meetings of all branches in the order of their days, with a roll of six of ten by name."""
        path = self.stage.work / f"office-{rows}.csv"
        first = datetime.date.fromisoformat(TODAY) - datetime.timedelta(days=330)
        with open(path, "w", encoding="utf-8", newline="") as file:
            out = csv.writer(file)
            out.writerow(HEADER)
            for row in range(rows):
                branch, turn = row % self.branches, row // self.branches
                day = first + datetime.timedelta(days=turn * 330 // (rows // self.branches + 1))
                present = "、".join(self.name(branch, (turn + i) % MEMBERS) for i in range(ROLL))
                out.writerow([f"B-{branch:05d}", KINDS[turn % len(KINDS)], f"学习第{turn}期", f"{day.strftime('%Y/%m/%d')} 15:00", "党群服务中心", MEMBERS,
                              ROLL, present, 90])
        return path

    def command(self, daemon, *arguments, **options):
        """Runs the command: seconds, and its peak of resident memory in MiB."""
        began = time.monotonic()
        with subprocess.Popen([str(self.muster), "--server", daemon.endpoint, *map(str, arguments)], stdin=subprocess.PIPE if options else None,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
            if options:
                process.stdin.write(options["input"])
                process.stdin.close()
            said = process.stderr.read()
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise RuntimeError(f"muster {arguments[0]}: {process.returncode}\n{said[-2000:]}")
        return time.monotonic() - began, used.ru_maxrss / 1024

    def events(self, daemon, rows):
        """The meetings of that ledger, as they were submitted, a line each."""
        path = self.stage.work / f"office-{rows}.jsonl"
        theirs = ("seq", "recorded_at", "recorded_by")
        with open(path, "w", encoding="utf-8") as out:
            with subprocess.Popen([str(self.muster), "--server", daemon.endpoint, "recent", "--type", "meeting", "--json", "--all"],
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
                for line in process.stdout:
                    event = json.loads(line)
                    out.write(json.dumps({key: value for key, value in event.items() if key not in theirs}, ensure_ascii=False) + "\n")
        return path


def run_once(office, base, rows):
    stage, sheet = office.stage, office.sheet(rows)
    with stage.daemon(copy(base, stage.work / "imports.db")) as daemon:
        seconds, memory = office.command(daemon, "import", sheet, "--quiet", "--yes")
        daemon.wait_settled()
        events = office.events(daemon, rows)
        again, _ = office.command(daemon, "import", sheet, "--quiet", "--yes")
    with stage.daemon(copy(base, stage.work / "imports.db")) as daemon:
        submit, _ = office.command(daemon, "submit", events, "--quiet")
    for path in (sheet, events, pathlib.Path(stage.work / "imports.db")):
        path.unlink()
    say(f"  {rows:,} rows: import {seconds:.2f} s, again {again:.2f} s, submit {submit:.2f} s, {memory:.0f} MiB")
    return seconds, again, submit, memory


def imports(stage, small, large, branches, rounds):
    """`small` and `large`: rows."""
    time_ = Ratio(f"import of a sheet of {large:,} rows over submitting the same events", 5, least=False)
    again_ = Ratio("the same sheet again over submitting the events", 5, least=False)
    memory_ = Ratio(f"peak memory of the import at {large:,} rows over that at {small:,}", 3, least=False)
    office = Office(stage, branches)
    base = office.ledger()
    for _ in range(rounds):
        _, _, _, little = run_once(office, base, small)
        seconds, again, submit, much = run_once(office, base, large)
        time_.add(seconds / submit)
        again_.add(again / submit)
        memory_.add(much / little)
        time_.note = f"{seconds:.1f} s against {submit:.1f} s"
        memory_.note = f"{much:.0f} MiB against {little:.0f} MiB"
    base.unlink()
    return [time_, again_, memory_]
