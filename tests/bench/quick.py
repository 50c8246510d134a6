"""The four ratios that are measured in less than a minute."""

from goals import Ratio, say
from stage import Shape

BRANCHES = 1000
DEEP = {"clients": 8, "outstanding": 1024}
TURNS = {"clients": 64, "outstanding": 1}


class Pair:
    """A daemon's run, and the limit: the very same rows, written to a copy of the ledger it began with."""

    def __init__(self, twins, workload, seconds, **load):
        stage, shape = twins.stage, twins.shape
        with stage.daemon(twins.daemon) as daemon:
            before = daemon.write_bytes()
            self.daemon = stage.load(daemon.endpoint, shape, workload, seconds=seconds, **load)
            self.bytes_per_event = (daemon.write_bytes() - before) / max(1, self.daemon["recorded"])
            self.memory_mib = daemon.memory_mib()
        check(self.daemon)
        self.rows_per_commit = self.daemon["recorded"] / max(1, self.daemon["batches"])
        self.limit = stage.limit(twins.daemon, twins.limit, self.rows_per_commit)
        self.ratio = self.daemon["rate"] / self.limit["rate"]

    def text(self):
        return (f"{self.daemon['rate']:,.0f}/s over {self.limit['rate']:,.0f}/s at {self.rows_per_commit:,.0f} rows a"
                f" commit: {self.ratio:.2f}")


class Twins:
    """Two copies of a ledger that grow in step: the daemon writes to one, and the limit then writes the same
    rows to the other. A large one is copied once."""

    def __init__(self, stage, shape):
        self.stage, self.shape = stage, shape
        self.daemon = stage.copy_of(shape, "daemon")
        self.limit = stage.copy_of(shape, "limit")

    def pair(self, workload, seconds, **load):
        return Pair(self, workload, seconds, **load)


def check(outcome):
    """A run in which something was refused measured something else."""
    if outcome["refused"] or outcome["errors"] or outcome["faults"]:
        raise RuntimeError(f"not all was recorded: {outcome}")


def quick(stage, rounds=3, seconds=0.8, events=500_000, branches=BRANCHES):
    """The first, second, third and seventh goals of the table."""
    empty, large = Shape(branches), Shape(branches, roll=0, events=events)
    a_deep = Ratio("(a) 8 clients, 1,024 outstanding, over the in-process limit", 0.80)
    b_deep = Ratio("(b) with rolls of 12, 8 clients, 1,024 outstanding, over its own limit", 0.75)
    a_turns = Ratio("(a) 64 clients, one outstanding, over the in-process limit", 0.70)
    grown = Ratio(f"(a) rate at {events:,} events over rate at 0", 0.80)
    stage.ledger(empty)
    say(f"a ledger of {events:,} events: {stage.made(large)}")
    grows = stage.copy_of(large, "large")
    for number in range(1, rounds + 1):
        say(f"round {number} of {rounds}")
        at_0 = Twins(stage, empty).pair("a", seconds, **DEEP)
        with stage.daemon(grows) as daemon:
            at_size = stage.load(daemon.endpoint, large, "a", seconds=seconds, **DEEP)
        check(at_size)
        rolls = Twins(stage, empty).pair("b", seconds, **DEEP)
        turns = Twins(stage, empty).pair("a", seconds, **TURNS)
        a_deep.add(at_0.ratio)
        grown.add(at_size["rate"] / at_0.daemon["rate"])
        b_deep.add(rolls.ratio)
        a_turns.add(turns.ratio)
        say(f"  (a) 8 x 1,024: {at_0.text()}; at {events:,}: {at_size['rate']:,.0f}/s")
        say(f"  (b) 8 x 1,024: {rolls.text()}")
        say(f"  (a) 64 x 1: {turns.text()}")
    return [a_deep, b_deep, a_turns, grown]
