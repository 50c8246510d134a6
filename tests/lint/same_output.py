#!/usr/bin/env python3
"""A file that a program prints: is it what the program would print now? With --write: make it so.

    same_output.py FILE COMMAND [ARGUMENT...]
    same_output.py --write FILE COMMAND [ARGUMENT...]
"""
import difflib
import pathlib
import subprocess
import sys


def main():
    write = sys.argv[1] == "--write"
    file, *command = sys.argv[2:] if write else sys.argv[1:]
    path = pathlib.Path(file)
    printed = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.decode()
    if write:
        path.write_text(printed, encoding="utf-8")
        return 0
    there = path.read_text(encoding="utf-8") if path.exists() else ""
    difference = difflib.unified_diff(there.splitlines(True), printed.splitlines(True), str(path), "as printed now")
    sys.stdout.writelines(difference)
    return 0 if there == printed else 1


if __name__ == "__main__":
    sys.exit(main())
