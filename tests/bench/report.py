"""The table that is kept in docs/performance.md, between two marks; what people wrote around it stays."""

import ctypes
import ctypes.util
import os
import pathlib
import sqlite3

from goals import TABLE_HEAD
from stage import SOURCE

BEGIN, END = "<!-- ./bench writes from here -->", "<!-- to here -->"
PAGE = SOURCE / "docs" / "performance.md"


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


def text(ratios, table, described, rounds):
    lines = [f"Machine: {described}. Medians of {rounds} interleaved rounds; spread is the least and the largest.", ""]
    lines += TABLE_HEAD + [ratio.row() for ratio in ratios]
    if table:
        lines += ["", "Each cell: the median of rate over the in-process limit; the last round's rate, rows a commit, and times"
                  " of an answer.", ""] + table
    return lines


def keep(lines, page=PAGE):
    """Puts the lines between the marks."""
    old = page.read_text(encoding="utf-8") if page.exists() else f"# Performance\n\n{BEGIN}\n{END}\n"
    before, rest = old.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    page.write_text(before + BEGIN + "\n" + "\n".join(lines) + "\n" + END + after, encoding="utf-8")
