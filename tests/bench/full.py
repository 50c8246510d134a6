"""Every goal that can be measured, one function a group. Each interleaves its contestants, several rounds."""

import os
import time

from goals import Ratio, say
from quick import DEEP, TURNS, Twins, check
from stage import Sync

SLOW_SYNC_US = 2000
OFFERED = 500  # events a second: a fraction of what any disk takes, many times what a city writes


def load(stage, daemon, shape, workload, seconds, **options):
    outcome = stage.load(daemon.endpoint, shape, workload, seconds=seconds, **options)
    if workload in ("a", "b", "mix"):
        check(outcome)
    return outcome


def growth(stage, sizes, rounds, seconds):
    """The rate on a large ledger over that on an empty one with the same registers."""
    a = Ratio(f"(a) rate at {sizes.large.events:,} events over rate at 0", 0.80)
    b = Ratio(f"(b) rate at {sizes.large.events:,} events over rate at 0", 0.40)
    grows = stage.copy_of(sizes.large, "grows")
    for _ in range(rounds):
        for ratio, workload in ((a, "a"), (b, "b")):
            rates = []
            for database, shape in ((stage.copy_of(sizes.empty, "empty"), sizes.empty), (grows, sizes.large)):
                with stage.daemon(database) as daemon:
                    rates.append(load(stage, daemon, shape, workload, seconds, **DEEP)["rate"])
            ratio.add(rates[1] / rates[0])
            say(f"  ({workload}) {rates[0]:,.0f}/s at 0, {rates[1]:,.0f}/s at {sizes.large.events:,}")
    return [a, b]


def latency(stage, sizes, rounds, seconds, long_seconds):
    """One client alone; 64 clients; a minute of them; each over the sync of the disk just then."""
    alone = Ratio("p50 of one client alone over p50 of fdatasync of 4 KiB", 2.2, least=False)
    crowd = Ratio("p99 at 64 clients over p50 of the same fdatasync, checkpoints included", 16, least=False)
    worst = Ratio(f"worst answer in {long_seconds:g} s at 64 clients, {sizes.large.events:,} events", 25, least=False,
                  unit=" ms")
    written = Ratio(f"device bytes an event at {sizes.large.events:,}, 64 clients", 2500, least=False, unit=" bytes")
    grows = stage.copy_of(sizes.large, "grows")
    for _ in range(rounds):
        sync = Sync(stage.work)
        with stage.daemon(stage.copy_of(sizes.empty, "empty")) as daemon:
            one = load(stage, daemon, sizes.empty, "a", seconds)
        alone.add(one["p50_us"] / sync.p50_us)
        sync = Sync(stage.work)
        with stage.daemon(grows) as daemon:
            many = load(stage, daemon, sizes.large, "a", seconds * 2, **TURNS)
        crowd.add(many["p99_us"] / sync.p50_us)
        say(f"  one client {one['p50_us']} us, 64 clients p99 {many['p99_us']} us, fdatasync {sync.p50_us:.0f} us")
    with stage.daemon(grows) as daemon:
        before = daemon.write_bytes()
        minute = load(stage, daemon, sizes.large, "a", long_seconds, **TURNS)
        written.add((daemon.write_bytes() - before) / minute["recorded"])
    worst.add(minute["max_us"] / 1000)
    written.note = f"{minute['recorded'] / minute['batches']:.0f} rows a commit"
    return [alone, crowd, worst, written]


def curve(stage, sizes, rounds, seconds):
    """With keys over tcp, in turns with a local socket without encryption: what network, encryption and rights cost together."""
    ratios = []
    for way, options, goal in (("64 clients", TURNS, 0.85), ("8 clients, 1,024 outstanding", DEEP, 0.75)):
        ratio = Ratio(f"(a) {way}: CURVE over tcp over a plain local socket", goal)
        ratios.append(ratio)
        for _ in range(rounds):
            rates = []
            for keyed in (False, True):
                with stage.daemon(stage.copy_of(sizes.empty, "empty"), tcp=True, key_requests_per_second=0) as daemon:
                    endpoint, keys = daemon.allow_key()
                    outcome = stage.load(endpoint if keyed else daemon.endpoint, sizes.empty, "a", seconds=seconds,
                                         keys=keys if keyed else (), **options)
                    check(outcome)
                    rates.append(outcome["rate"])
            ratio.add(rates[1] / rates[0])
            ratio.note = f"{rates[1]:,.0f}/s over {rates[0]:,.0f}/s"
            say(f"  {way}: {ratio.note}")
    return ratios


def slow_disk(stage, sizes, rounds, seconds):
    """With every sync 2 ms longer: how many of 8 clients share a commit."""
    ratio = Ratio("2 ms added to each sync, 8 clients: clients a commit, of 8", 0.9)
    os.environ["SLOW_SYNC_US"] = str(SLOW_SYNC_US)
    for _ in range(rounds):
        with stage.daemon(stage.copy_of(sizes.empty, "empty"), preload=stage.programs / "libbench_slow_sync.so") as daemon:
            outcome = load(stage, daemon, sizes.empty, "a", seconds, clients=8)
        ratio.add(outcome["recorded"] / outcome["batches"] / 8)
    del os.environ["SLOW_SYNC_US"]
    return [ratio]


def reads(stage, sizes, rounds, seconds):
    """`recent` of a branch: in process against plain SQLite, and beside submissions."""
    seek = Ratio(f"`recent` of a branch over the same seek and row reads in plain SQLite, at {sizes.large.events:,}",
                 1.5, least=False)
    beside = Ratio("`recent` of a branch, p99, while 64 clients submit", 5, least=False, unit=" ms")
    for _ in range(rounds):
        plain = stage.reads(sizes.large)
        seek.add(plain["recent_us"] / plain["plain_us"])
        seek.note = f"{plain['recent_us']} us against {plain['plain_us']} us, JSON and all"
        with stage.daemon(stage.copy_of(sizes.million, "reads")) as daemon:
            submits = stage.load(daemon.endpoint, sizes.million, "a", seconds=seconds * 2, wait=False, **TURNS)
            time.sleep(seconds / 4)
            beside.add(load(stage, daemon, sizes.million, "recent", seconds)["p99_us"] / 1000)
            submits.communicate()
    return [seek, beside]


def recent_by_size(stage, sizes, rounds, seconds):
    """`recent` of a branch in a small ledger and in a large one, in turns: of the same ten branches, so that both are
    as near at hand. What pages from farther away cost is told by `reads`, beside plain SQLite."""
    size = Ratio(f"`recent` of a branch at {sizes.million.events:,} events over {sizes.thousand.events:,}", 1.5,
                 least=False)
    wire = {}
    for _ in range(rounds):
        for shape in (sizes.thousand, sizes.million):
            with stage.daemon(stage.copy_of(shape, "reads")) as daemon:
                wire[shape] = load(stage, daemon, sizes.thousand, "recent", seconds)["p50_us"]
        size.add(wire[sizes.million] / wire[sizes.thousand])
        size.note = f"{wire[sizes.million]} us against {wire[sizes.thousand]} us, over the socket"
    return [size]


def lists(stage, sizes, rounds, seconds):
    """First pages by the number of branches."""
    ratios = []
    for verb in ("alerts", "due"):
        ratio = Ratio(f"first page of `{verb}`, {sizes.province.branches:,} branches over {sizes.city.branches:,}", 1.5,
                      least=False)
        ratios.append(ratio)
    databases = {shape: stage.copy_of(shape, f"lists-{shape.branches}") for shape in (sizes.city, sizes.province)}
    for _ in range(rounds):
        times = {}
        for shape, database in databases.items():
            with stage.daemon(database) as daemon:
                for verb in ("alerts", "due"):
                    times[verb, shape] = load(stage, daemon, shape, verb, seconds)["p50_us"]
        for ratio, verb in zip(ratios, ("alerts", "due")):
            ratio.add(times[verb, sizes.province] / times[verb, sizes.city])
            ratio.note = f"{times[verb, sizes.province]} us against {times[verb, sizes.city]} us"
    for database in databases.values():
        database.unlink()
    return ratios


def figures(stage, sizes, rounds, seconds):
    """A year's figures of a city: over the same sums in plain SQL, and what submitting notices of them."""
    time_ = Ratio(f"figures of a year, {sizes.year.branches:,} units, {sizes.year.events:,} events, CPU time", 2, least=False,
                  unit=" s")
    plain = Ratio("the same over the same sums in plain SQL on flat tables, CPU time", 1.5, least=False)
    beside = Ratio(f"p99 of submit at {OFFERED} a second while figures are asked without end, over that without", 1.3,
                   least=False)
    for _ in range(rounds):
        outcome = stage.figures(sizes.year)
        time_.add(outcome["figures_ms"] / 1000)
        plain.add(outcome["figures_ms"] / outcome["plain_ms"])
        plain.note = f"{outcome['sums']} sums, the same in both"
        with stage.daemon(stage.copy_of(sizes.year, "beside"), tracking_since="2022-01-01") as daemon:
            daemon.wait_settled()
            offered = {"clients": 8, "outstanding": 64, "offer": OFFERED}
            alone = load(stage, daemon, sizes.year, "a", seconds * 2, **offered)
            asking = stage.load(daemon.endpoint, sizes.year, "figures", seconds=seconds * 2, wait=False)
            meanwhile = load(stage, daemon, sizes.year, "a", seconds * 2, **offered)
            asking.communicate()
        beside.add(meanwhile["p99_us"] / alone["p99_us"])
        beside.note = f"{meanwhile['p99_us']} us against {alone['p99_us']} us"
        say(f"  {outcome}; p99 {beside.note}")
    return [time_, plain, beside]


def midnight(stage, sizes, rounds):
    """The day on which the month's duties fall due."""
    ratio = Ratio(f"midnight, per alert opened or closed, {sizes.province.branches:,} branches over"
                  f" {sizes.city.branches:,}", 1.3, least=False)
    cost = {}
    for _ in range(rounds):
        for shape in (sizes.city, sizes.province):
            database = stage.copy_of(shape, "midnight")
            outcome = stage.midnight(database)
            cost[shape] = outcome["us_per_alert"]
            say(f"  {shape.branches:,} branches: {outcome}")
            database.unlink()
        ratio.add(cost[sizes.province] / cost[sizes.city])
        ratio.note = f"{cost[sizes.province]:.0f} us against {cost[sizes.city]:.0f} us"
    return [ratio]


def due_while_submitting(stage, sizes, seconds):
    """Submissions while the duties of all branches fall due at midnight."""
    ratio = Ratio(f"submit rate while the month's deadlines of {sizes.province.branches:,} branches fall due, over normal",
                  0.8)
    database = stage.copy_of(sizes.province, "due")
    with stage.daemon(database, rehearse="2022-12-10T12:00:00+08:00") as daemon:
        daemon.wait_settled()
    with stage.daemon(database, rehearse="2022-12-10T20:00:00+08:00") as daemon:
        daemon.wait_settled()
        normal = load(stage, daemon, sizes.province, "a", seconds, **DEEP)["rate"]
    with stage.daemon(database, rehearse="2022-12-11T00:00:00+08:00") as daemon:
        falling = load(stage, daemon, sizes.province, "a", seconds, **DEEP)["rate"]
        busy = daemon.status()["settling"]
    ratio.add(falling / normal)
    ratio.note = f"{falling:,.0f}/s over {normal:,.0f}/s" + ("" if busy else "; over before the load was")
    database.unlink()
    return [ratio]


def starts(stage, sizes, rounds, soak_seconds):
    """Starting with a province, and its memory under load."""
    clean = Ratio(f"start with {sizes.province.events:,} events, {sizes.province.branches:,} branches, clean", 3,
                  least=False, unit=" s")
    killed = Ratio("the same after `kill -9`", 10, least=False, unit=" s")
    memory = Ratio(f"resident memory at that size without page cache, {soak_seconds:g} s of load", 400, least=False,
                   unit=" MiB")
    database = stage.copy_of(sizes.province, "starts")
    for _ in range(rounds):
        daemon = stage.daemon(database)
        clean.add(daemon.start())
        submits = stage.load(daemon.endpoint, sizes.province, "a", seconds=3, wait=False, **DEEP)
        time.sleep(2)
        daemon.kill()
        submits.kill()
        submits.communicate()
        killed.add(daemon.start())
        daemon.stop()
    with stage.daemon(database) as daemon:
        reading = stage.load(daemon.endpoint, sizes.province, "recent", seconds=soak_seconds, wait=False)
        load(stage, daemon, sizes.province, "mix", soak_seconds / 2, **DEEP)
        half = daemon.memory_mib()
        load(stage, daemon, sizes.province, "mix", soak_seconds / 2, **DEEP)
        memory.add(daemon.memory_mib())
        reading.communicate()
    memory.note = f"{half:.0f} MiB half-way"
    database.unlink()
    return [clean, killed, memory]


def matrix(stage, shapes, rounds, seconds):
    """Workloads by ways of sending by ledgers: rates, the limit's, and their ratio."""
    ways = [("1 x 1", {}), ("8 x 1", {"clients": 8}), ("64 x 1", TURNS), ("512 x 1", {"clients": 512}),
            ("1 x 1,024", {"outstanding": 1024}), ("8 x 1,024", DEEP), ("8 x 1, batches of 100", {"clients": 8, "batch": 100})]
    cells, rates = {}, {}
    for shape in shapes:
        twins = Twins(stage, shape)
        for number in range(rounds):
            for workload in ("a", "b", "mix"):
                for way, options in ways:
                    if shape.events == 0:
                        twins = Twins(stage, shape)
                    else:
                        stage.drain(twins.daemon)
                        stage.drain(twins.limit)
                    key = (workload, way, shape)
                    pair = twins.pair(workload, seconds, **options)
                    cells.setdefault(key, Ratio(f"({workload}) {way} at {shape.events:,}")).add(pair.ratio)
                    rates[key] = pair
                    say(f"  round {number + 1}: ({workload}) {way} at {shape.events:,}: {pair.text()}")
    head = ["| workload | clients x outstanding | " + " | ".join(f"{shape.events:,} events, {shape.branches:,} branches"
                                                                for shape in shapes) + " |",
            "|---|---|" + "---|" * len(shapes)]
    rows = []
    for workload in ("a", "b", "mix"):
        for way, _ in ways:
            texts = []
            for shape in shapes:
                pair, ratio = rates[workload, way, shape], cells[workload, way, shape]
                texts.append(f"{ratio.ratio:.2f}: {pair.daemon['rate']:,.0f}/s, {pair.rows_per_commit:,.0f} a commit,"
                             f" p50 {pair.daemon['p50_us']:,} us, p99 {pair.daemon['p99_us']:,} us")
            rows.append(f"| ({workload}) | {way} | " + " | ".join(texts) + " |")
    return over_limit(cells, shapes), head + rows


def over_limit(cells, shapes):
    """The goals that the matrix holds: of the ledger without activity."""
    shape = shapes[0]
    goals = [("a", "8 x 1,024", "(a) 8 clients, 1,024 outstanding, over the in-process limit", 0.80),
             ("b", "8 x 1,024", "(b) with rolls of 12, 8 clients, 1,024 outstanding, over its own limit", 0.75),
             ("a", "64 x 1", "(a) 64 clients, one outstanding, over the in-process limit", 0.70)]
    ratios = []
    for workload, way, what, goal in goals:
        ratio = Ratio(what, goal)
        ratio.values = cells[workload, way, shape].values
        ratios.append(ratio)
    return ratios


def beside_peers(stage, sizes, rounds, seconds):
    """PostgreSQL and Redis on the same disk, in turns with us."""
    from peers import Peers
    ours = [("64 x 1", TURNS), ("8 x 1,024", DEEP)]
    one_row = Ratio("(a) 64 clients, over PostgreSQL one row a transaction", 4)
    many = Ratio("(a) 8 clients, 1,024 outstanding, over PostgreSQL's rows of 512 a statement", 1.5)
    redis = Ratio("(a) 64 clients, over Redis Streams, appendfsync always", 0.8)
    redis_deep = Ratio("(a) 8 clients, 1,024 outstanding, over Redis Streams, appendfsync always")
    with Peers(stage) as peers:
        for _ in range(rounds):
            rate = {}
            for way, options in ours:
                with stage.daemon(stage.copy_of(sizes.empty, "empty")) as daemon:
                    rate[way] = load(stage, daemon, sizes.empty, "a", seconds, **options)["rate"]
            postgres = peers.load_postgres(64, 1, seconds)["rate"]
            statements = peers.load_postgres(8, 2, seconds, rows=512)["rate"]
            streams = peers.load_redis(64, 1, seconds)["rate"]
            deep = peers.load_redis(8, 1024, seconds)["rate"]
            one_row.add(rate["64 x 1"] / postgres)
            many.add(rate["8 x 1,024"] / statements)
            redis.add(rate["64 x 1"] / streams)
            redis_deep.add(rate["8 x 1,024"] / deep)
            say(f"  musterd {rate}; PostgreSQL {postgres:,.0f}/s, {statements:,.0f}/s; Redis {streams:,.0f}/s, {deep:,.0f}/s")
    return [one_row, many, redis, redis_deep]
