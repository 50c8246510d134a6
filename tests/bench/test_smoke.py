#!/usr/bin/env python3
"""Everything that ./bench does, at a tiny size: it must run, and what it prints must be well-formed. Nothing
here looks at how fast anything was."""

import json
import pathlib
import subprocess
import sys
import tempfile

BENCH = pathlib.Path(__file__).resolve().parent / "bench.py"


def bench(build, *options):
    done = subprocess.run([sys.executable, str(BENCH), "--build", build, "--smoke", *options], stdout=subprocess.PIPE,
                          text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"bench {' '.join(options)} ended with {done.returncode}")
    return done.stdout.splitlines()


def check_lines(lines, least):
    if len(lines) < least:
        sys.exit(f"{len(lines)} lines of ratios, of {least}")
    for line in lines:
        ratio = json.loads(line)
        if not {"what", "ratio", "goal", "met"} <= set(ratio) or not ratio["ratio"] > 0:
            sys.exit(f"not a ratio: {line}")
        if (ratio["goal"] is None) != (ratio["met"] is None):
            sys.exit(f"a goal without a verdict: {line}")


def main():
    build = sys.argv[1]
    check_lines(bench(build, "--quick", "--json"), 4)
    with tempfile.TemporaryDirectory() as folder:
        page = pathlib.Path(folder) / "page.md"
        check_lines(bench(build, "--json", "--page", str(page)), 20)
        page.write_text("# Ours\n\nbefore\n" + page.read_text(encoding="utf-8") + "\nafter\n", encoding="utf-8")
        rows = bench(build, "--only", "slow_disk", "--page", str(page))
        text = page.read_text(encoding="utf-8")
    if not text.startswith("# Ours\n\nbefore\n") or not text.endswith("\nafter\n") or "(mix)" not in text:
        sys.exit(f"the page is not as it should be:\n{text}")
    if len(rows) != 3 or not rows[2].startswith("| 2 ms added"):
        sys.exit(f"not a table: {rows}")


if __name__ == "__main__":
    main()
