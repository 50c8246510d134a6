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

GROUPS = ["matrix", "growth", "latency", "slow_disk", "recent", "reads", "lists", "figures", "midnight", "due", "starts", "imports", "notices", "peers"]


class Sizes:
    """The ledgers of a run: as the goals name them, or tiny."""

    def __init__(self, tiny, branches):
        if tiny:
            self.empty = Shape(20)
            self.thousand = Shape(10, events=300)
            self.million = self.large = Shape(20, events=600)
            self.year = Shape(20, members=10, roll=6, events=300)
            self.told = Shape(20, members=10, roll=6, events=200, real=True)
            self.city, self.province = Shape(20, members=10, roll=6, events=200), Shape(40, members=10, roll=6, events=400)
        else:
            self.empty = Shape(10_000)
            self.thousand = Shape(10, events=1000)
            self.million = Shape(10_000, events=1_000_000)
            self.large = Shape(10_000, events=5_000_000)
            self.year = Shape(3000, members=10, roll=6, events=200_000)
            self.told = Shape(10_000, members=10, roll=6, events=100_000, real=True)
            self.city = Shape(10_000, members=10, roll=6, events=100_000)
            self.province = Shape(branches, members=10, roll=6, events=10 * branches)


def arguments():
    parser = argparse.ArgumentParser(prog="./bench", description=__doc__)
    parser.add_argument("--build", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--quick", action="store_true", help="four ratios, in less than a minute")
    parser.add_argument("--json", action="store_true", help="a JSON object for each ratio instead of a table")
    parser.add_argument("--peers", action="store_true", help="PostgreSQL and Redis as well")
    parser.add_argument("--only", help=f"some groups of the full run: {','.join(GROUPS)}; docs stay as they are")
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


def run_full(stage, options):
    """All groups that are wanted: ratios, and the table of the matrix."""
    sizes = Sizes(options.smoke, options.province)
    seconds, long_seconds, soak = (0.1, 0.3, 0.2) if options.smoke else (2, 60, options.soak)
    wanted = options.only.split(",") if options.only else [group for group in GROUPS if group != "peers"]
    wanted += ["peers"] if options.peers and "peers" not in wanted else []
    rounds = 1 if options.smoke else options.rounds
    ratios, table = [], []

    def group(name, measure, *arguments_):
        if name in wanted:
            say(f"== {name}")
            ratios.extend(measure(stage, sizes, *arguments_))

    if "matrix" in wanted:
        say("== matrix")
        cells, table = full.matrix(stage, [sizes.empty, sizes.million, sizes.province], rounds, seconds)
        ratios += full.over_limit(cells, sizes.empty)
    group("peers", full.beside_peers, rounds, seconds)
    group("growth", full.growth, rounds, seconds)
    group("latency", full.latency, rounds, seconds, long_seconds)
    group("slow_disk", full.slow_disk, rounds, seconds)
    group("recent", full.recent_by_size, rounds, seconds)
    group("reads", full.reads, rounds, seconds)
    group("lists", full.lists, rounds, seconds)
    group("figures", full.figures, rounds, seconds)
    group("midnight", full.midnight, rounds)
    group("due", full.due_while_submitting, 10 * seconds)
    group("starts", full.starts, rounds, soak)
    group("imports", lambda *_: imports.imports(stage, *((40, 400, 20) if options.smoke else (20_000, 200_000, 3000)), rounds))
    group("notices", lambda *_: notices.notices(stage, sizes.told, rounds, 5 * seconds))
    return ratios, table


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
        ratios, table = run_full(stage, options)
        show(ratios, options.json)
        if not options.only:
            report.keep(report.text(ratios, table, report.machine(stage.work, sync), options.rounds), options.page)
    finally:
        stage.close()


if __name__ == "__main__":
    main()
