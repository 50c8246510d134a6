#!/usr/bin/env python3
"""Alerts kept up step by step, on random histories: equal to evaluation from the ground up at the
end of every day, and to the reference (tests/oracle) at the end of all.

    histories.py SIM_REPLAY TWO_NEW [--seed N] [--count N] [--events N]

Every history is replayed with the default rules and with random ones, in the order recorded and in
another one, day by day and restlessly: batches of any size, slices cut short, restarts and changes
of rules in the middle. And with packs of very few rules: the fewer reasons there are to look at a
subject, the sooner it shows when one is missed.
"""
import argparse
import random
import subprocess
import sys
import tempfile
from pathlib import Path

ORACLE = Path(__file__).resolve().parent.parent / "oracle"
sys.path.insert(0, str(ORACLE))
from packs import random_pack, write_pack  # noqa: E402  (the reference is a folder, no package)


def sparse_packs(folder, seed, count):
    """Files of one to four random rules each; every other with one that asks for rolls."""
    rng = random.Random("sparse %d" % seed)
    rules = random_pack("%d" % seed, size=120)
    rolls = [rule for rule in rules if rule.get("needs_rolls")]
    for number in range(count):
        chosen = rng.sample(rules, rng.randint(1, 4))
        if number % 2 and rolls:
            chosen = [rule for rule in chosen if rule not in rolls] + [rng.choice(rolls)]
        path = folder / ("sparse-%d.cfg" % number)
        path.write_text(write_pack(chosen), encoding="utf-8")
        yield str(path)


def runs(folder, two_new, seed, sparse):
    """Arguments of the replays of one history."""
    pack = str(folder / "pack.cfg")
    shuffled = ["--events", "events-shuffled.jsonl"]
    yield ["--pack", pack, "--expect", "pack"]
    yield ["--pack", two_new, "--seed", str(seed), "--swap", pack]
    yield ["--pack", pack, "--expect", "pack", "--seed", str(seed + 1), "--swap", two_new]
    yield ["--pack", two_new, "--expect", "since-2022-02-10", "--tracking-since", "2022-02-10",
           "--seed", str(seed + 2)]
    yield ["--pack", pack, "--expect", "pack", "--seed", str(seed + 3)] + shuffled
    yield ["--pack", two_new, "--every", "7"] + shuffled
    for path in sparse_packs(folder, seed, sparse):
        yield ["--pack", path, "--expect", "none"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("replay")
    parser.add_argument("two_new")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--count", type=int, default=1)
    parser.add_argument("--events", type=int, default=300)
    parser.add_argument("--sparse", type=int, default=6)
    args = parser.parse_args()
    wrong = 0
    for seed in range(args.seed, args.seed + args.count):
        print("seed %d, %d events" % (seed, args.events), flush=True)
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            subprocess.run([sys.executable, str(ORACLE / "generate.py"), "--seed", str(seed),
                            "--events", str(args.events), "--out", str(folder)],
                           check=True, stdout=subprocess.DEVNULL)
            for options in runs(folder, args.two_new, seed, args.sparse):
                done = subprocess.run([args.replay, str(folder)] + options,
                                      stdout=subprocess.DEVNULL, check=False)
                if done.returncode != 0:
                    wrong += 1
                    print("seed %d failed with %s" % (seed, " ".join(options)), flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
