#!/usr/bin/env python3
"""A ledger written in bulk has the very same tables as one that was recorded event by event."""

import pathlib
import subprocess
import sys
import tempfile


def main():
    program = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        dumps = []
        for name, options in (("bulk", []), ("checked", ["--checked"])):
            path = pathlib.Path(folder) / f"{name}.db"
            subprocess.run([program, "--path", path, "--branches", "25", "--events", "6000", *options], check=True)
            dumps.append(subprocess.run([program, "--dump", path], check=True, capture_output=True, text=True).stdout)
    bulk, checked = (dump.splitlines() for dump in dumps)
    for number, (one, other) in enumerate(zip(bulk, checked)):
        if one != other:
            sys.exit(f"line {number + 1} of the tables differs:\n in bulk: {one}\n checked: {other}")
    if len(bulk) != len(checked) or len(bulk) < 20000:
        sys.exit(f"{len(bulk)} lines in bulk, {len(checked)} checked")
    print(f"{len(bulk)} lines are the same")


if __name__ == "__main__":
    main()
