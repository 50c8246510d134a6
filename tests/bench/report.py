"""What was measured is kept in a file, group by group; docs/performance.md shows it between two marks, and what people
wrote around it stays."""

import ctypes
import ctypes.util
import datetime
import json
import os
import pathlib
import sqlite3

from goals import TABLE_HEAD
from stage import SOURCE

BEGIN, END = "<!-- ./bench writes from here -->", "<!-- to here -->"
PAGE = SOURCE / "docs" / "performance.md"
RESULTS = "results.json"  # beside the programs of the benchmarks


def file_system(path):
    """The type of file system of a path, and its device."""
    best = ("", "?", "?")
    for line in pathlib.Path("/proc/mounts").read_text().splitlines():
        device, mount, kind = line.split()[:3]
        if str(path).startswith(mount) and len(mount) >= len(best[0]):
            best = (mount, kind, device)
    return best[1], best[2]


def zmq_version():
    library = ctypes.CDLL(ctypes.util.find_library("zmq") or "libzmq.so.5")
    numbers = [ctypes.c_int() for _ in range(3)]
    library.zmq_version(*map(ctypes.byref, numbers))
    return ".".join(str(number.value) for number in numbers)


def machine(work, sync):
    kind, device = file_system(work)
    disk = "virtual disk" if pathlib.Path(device).name.startswith(("vd", "xvd")) else "disk"
    return (f"{os.cpu_count()} cores, {kind} on a {disk} (4 KiB append and fdatasync: p50 {sync.p50_us:.0f} us, p99"
            f" {sync.p99_us:.0f} us), SQLite {sqlite3.sqlite_version}, libzmq {zmq_version()}; load generator on the same"
            " cores")


def machine_now(work, sync, rounds):
    """What a group was measured on, and how."""
    return {"day": datetime.date.today().isoformat(), "machine": machine(work, sync), "rounds": rounds}


def text(results):
    """The page's part: one table of all groups, then the cells of the matrix."""
    places = {}
    for name, group in results.items():
        measured = group["measured"]
        line = f"{measured['day']}, medians of {measured['rounds']} interleaved rounds, on {measured['machine']}."
        places.setdefault(line, []).append(name)
    lines = ["Spread is the least and the largest of the rounds.", ""]
    lines += [f"- {', '.join(names)}: {line}" for line, names in places.items()]
    lines += ["", *TABLE_HEAD, *(row for group in results.values() for row in group["rows"])]
    for group in results.values():
        if group["table"]:
            lines += ["", "Each cell: the median of rate over the in-process limit; the last round's rate, rows a commit, and"
                      " times of an answer.", "", *group["table"]]
    return lines


def keep(name, ratios, table, measured, order, page=PAGE):
    """Puts one group's outcome in place of what was kept of it, and shows all on the page."""
    file = (SOURCE / "tests" / "bench" if page == PAGE else page.parent) / RESULTS
    results = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    results[name] = {"measured": measured, "rows": [ratio.row() for ratio in ratios], "table": table}
    results = {group: results[group] for group in order if group in results}
    file.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    show_on(page, text(results))


def show_on(page, lines):
    """Puts the lines between the marks."""
    old = page.read_text(encoding="utf-8") if page.exists() else f"# Performance\n\n{BEGIN}\n{END}\n"
    before, rest = old.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    page.write_text(before + BEGIN + "\n" + "\n".join(lines) + "\n" + END + after, encoding="utf-8")
