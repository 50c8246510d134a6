#!/usr/bin/env python3
"""Runs the benchmarks; `./bench` builds the programs and calls this."""

import argparse
import pathlib
import signal
import sys

import full
import imports
import notices
import quick
import report
from goals import TABLE_HEAD, say
from stage import Shape, Stage, Sync


class Sizes:
    """The ledgers of a run: as the goals name them, or tiny."""

    def __init__(self, tiny, branches):
        if tiny:
            self.empty = Shape(20)
            self.thousand = Shape(10, events=300)
            self.million = self.large = Shape(20, events=600)
            self.year = Shape(20, members=10, roll=6, events=300)
            self.told = Shape(20, members=10, roll=6, events=200, real=True)
            self.duties = Shape(40, members=4, real=True)
            self.city, self.province = Shape(20, members=10, roll=6, events=200), Shape(40, members=10, roll=6, events=400)
        else:
            self.empty = Shape(10_000)
            self.thousand = Shape(10, events=1000)
            self.million = Shape(10_000, events=1_000_000)
            self.large = Shape(10_000, events=5_000_000)
            self.year = Shape(3000, members=10, roll=6, events=200_000)
            self.told = Shape(10_000, members=10, roll=6, events=100_000, real=True)
            self.duties = Shape(100_000, members=4, real=True)
            self.city = Shape(10_000, members=10, roll=6, events=100_000)
            self.province = Shape(branches, members=10, roll=6, events=10 * branches)


def arguments():
    parser = argparse.ArgumentParser(prog="./bench", description=__doc__)
    parser.add_argument("--build", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--quick", action="store_true", help="four ratios, in less than a minute")
    parser.add_argument("--json", action="store_true", help="a JSON object for each ratio instead of a table")
    parser.add_argument("--peers", action="store_true", help="PostgreSQL and Redis as well")
    parser.add_argument("--only", help="some groups of the full run, with commas; docs stay as they are but for --write")
    parser.add_argument("--write", action="store_true", help="keep the outcome of --only in the table of docs/performance.md")
    parser.add_argument("--keep", action="store_true", help="keep the generated ledgers for the next run")
    parser.add_argument("--smoke", action="store_true", help="everything at a tiny size: says nothing of speed")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of each measurement (default 3)")
    parser.add_argument("--province", type=int, default=1_000_000, metavar="BRANCHES",
                        help="the largest ledger: its branches, with ten members and ten events each (default 1000000)")
    parser.add_argument("--soak", type=float, default=60, help="seconds of load for memory (default 60)")
    parser.add_argument("--page", type=pathlib.Path, default=report.PAGE, help=argparse.SUPPRESS)
    return parser.parse_args()


def run_quick(stage, options):
    tiny = {"rounds": 1, "seconds": 0.1, "events": 300, "branches": 20} if options.smoke else {}
    return quick.quick(stage, **{"rounds": options.rounds, **tiny})


def groups(stage, sizes, options):
    """Each group by its name: a function that measures it and returns its ratios, and lines of a table if it has one."""
    seconds, long_seconds, soak = (0.1, 0.3, 0.2) if options.smoke else (2, 60, options.soak)
    rounds = 1 if options.smoke else options.rounds
    sheets = (40, 400, 20) if options.smoke else (20_000, 200_000, 3000)
    return {
        "matrix": lambda: full.matrix(stage, [sizes.empty, sizes.million, sizes.province], rounds, seconds),
        "growth": lambda: full.growth(stage, sizes, rounds, seconds),
        "latency": lambda: full.latency(stage, sizes, rounds, seconds, long_seconds),
        "curve": lambda: full.curve(stage, sizes, rounds, seconds),
        "slow_disk": lambda: full.slow_disk(stage, sizes, rounds, seconds),
        "recent": lambda: full.recent_by_size(stage, sizes, rounds, seconds),
        "reads": lambda: full.reads(stage, sizes, rounds, seconds),
        "lists": lambda: full.lists(stage, sizes, rounds, seconds),
        "figures": lambda: full.figures(stage, sizes, rounds, seconds),
        "midnight": lambda: full.midnight(stage, sizes, rounds),
        "due": lambda: full.due_while_submitting(stage, sizes, 10 * seconds),
        "starts": lambda: full.starts(stage, sizes, rounds, soak),
        "imports": lambda: imports.imports(stage, *sheets, rounds),
        "notices": lambda: notices.stalled(stage, sizes.told, rounds, 5 * seconds),
        "month_end": lambda: notices.month_end(stage, sizes.duties, rounds),
        "peers": lambda: full.beside_peers(stage, sizes, rounds, seconds),
    }


def run_full(stage, options, sync):
    """All groups that are wanted; each is kept as soon as it is measured, so that what comes after cannot lose it."""
    measures = groups(stage, Sizes(options.smoke, options.province), options)
    wanted = options.only.split(",") if options.only else [name for name in measures if name != "peers" or options.peers]
    unknown = [name for name in wanted if name not in measures]
    if unknown:
        sys.exit(f"there is no group \"{unknown[0]}\": {', '.join(measures)}")
    ratios = []
    for name in wanted:
        say(f"== {name}")
        measured = report.machine_now(stage.work, sync, options.rounds)
        outcome = measures[name]()
        found, table = outcome if isinstance(outcome, tuple) else (outcome, [])
        ratios += found
        if options.write or not options.only:
            report.keep(name, found, table, measured, list(measures), options.page)
    return ratios


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
        if options.quick:
            show(run_quick(stage, options), options.json)
            return
        show(run_full(stage, options, sync), options.json)
    finally:
        stage.close()


if __name__ == "__main__":
    main()
