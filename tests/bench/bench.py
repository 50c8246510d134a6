#!/usr/bin/env python3
"""Runs the benchmarks; `./bench` builds the programs and calls this."""

import argparse
import signal
import sys

import quick
from goals import TABLE_HEAD, say
from stage import Stage, Sync


def arguments():
    parser = argparse.ArgumentParser(prog="./bench", description=__doc__)
    parser.add_argument("--build", required=True, help="the build folder with the programs")
    parser.add_argument("--quick", action="store_true", help="four ratios, in less than a minute")
    parser.add_argument("--json", action="store_true", help="a JSON object for each ratio instead of a table")
    parser.add_argument("--keep", action="store_true", help="keep the generated ledgers for the next run")
    parser.add_argument("--smoke", action="store_true", help="everything at a tiny size: says nothing of speed")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of each measurement (default 3)")
    return parser.parse_args()


def show(ratios, as_json):
    if as_json:
        for ratio in ratios:
            print(ratio.line(), flush=True)
    else:
        print("\n".join(TABLE_HEAD + [ratio.row() for ratio in ratios]))


def main():
    options = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    stage = Stage(options.build, keep=options.keep or options.quick)
    try:
        sync = Sync(stage.work)
        say(f"fdatasync of 4 KiB: p50 {sync.p50_us:.0f} us, p99 {sync.p99_us:.0f} us")
        tiny = {"rounds": 1, "seconds": 0.1, "events": 300, "branches": 20} if options.smoke else {}
        show(quick.quick(stage, **{"rounds": options.rounds, **tiny}), options.json)
    finally:
        stage.close()


if __name__ == "__main__":
    main()
