"""What the benchmarks stand on: ledgers of a given size, a daemon of ours, and the programs that load it.

Everything lives in one folder on the disk that is to be measured; sockets in a short one of their own.
"""

import datetime
import hashlib
import json
import os
import pathlib
import shutil
import signal
import struct
import subprocess
import tempfile
import time

SOURCE = pathlib.Path(__file__).resolve().parents[2]
TODAY = "2022-11-21"
REHEARSE = f"{TODAY}T09:00:00+08:00"
DUTIES_DUE = "2022-12-11"  # the month's duties, with ten days of grace
START_S = 300.0
SETTLE_S = 3600.0


class Shape:
    """The size of a generated ledger."""

    def __init__(self, branches, members=22, roll=12, events=0, days_back=365, real=False):
        self.branches, self.members, self.roll = branches, members, roll
        self.events, self.days_back, self.real = events, days_back, real

    def name(self):
        return f"{self.branches}-{self.members}-{self.roll}-{self.events}-{self.days_back}" + ("-real" if self.real else "")

    def options(self):
        return ["--branches", self.branches, "--members", self.members, "--roll", self.roll]


def run(*command, **options):
    """Runs a program of ours; its one JSON object."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, **options)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}: {done.returncode}\n{done.stdout}{done.stderr}")
    return json.loads(done.stdout)


def copy(source, target):
    """A copy that is on disk, so that nothing is written behind a measurement's back."""
    for name in (target, f"{target}-wal", f"{target}-shm"):
        pathlib.Path(name).unlink(missing_ok=True)
    shutil.copyfile(source, target)
    with open(target, "rb+") as file:
        os.fsync(file.fileno())
    return target


class Stage:
    def __init__(self, build, work=None, keep=False):
        self.build = pathlib.Path(build).resolve()
        self.musterd = self.build / "daemon" / "service" / "musterd"
        self.programs = self.build / "tests" / "bench"
        self.work = pathlib.Path(work or self.build / "bench").resolve()
        self.work.mkdir(parents=True, exist_ok=True)
        self.run_folder = pathlib.Path(tempfile.mkdtemp(prefix="mb-"))
        self.keep = keep
        self.daemons = []

    def close(self):
        for daemon in list(self.daemons):
            daemon.kill()
        shutil.rmtree(self.run_folder, ignore_errors=True)
        for path in self.work.iterdir():
            if path.is_file() and not (self.keep and path.name.startswith("ledger-")):
                path.unlink()

    def program(self, name):
        return self.programs / f"bench_{name}"

    # Configurations and ledgers

    def config(self, database, **keys):
        """A configuration file for that ledger."""
        keys = {"database": str(database), "rules": str(SOURCE / "config" / "rules" / "two-new.cfg"),
                "timezone": "Asia/Shanghai", "tracking_since": "2022-11-01", "settle": 0, "log_level": "notice",
                **keys}
        path = self.work / f"{pathlib.Path(database).name}.conf"

        def value(v):
            if isinstance(v, dict):
                return "{ " + " ".join(f"{key} = {value(one)};" for key, one in v.items()) + " }"
            if isinstance(v, list):
                opens, closes = "()" if v and isinstance(v[0], dict) else "[]"
                return f"{opens} {', '.join(map(value, v))} {closes}"
            return json.dumps(v, ensure_ascii=False)
        path.write_text("".join(f"{key} = {value(v)};\n" for key, v in keys.items()), encoding="utf-8")
        return path

    def ledger(self, shape):
        """The ledger of that shape, evaluated: made once for every build of the generator."""
        stamp = hashlib.sha256(self.program("generate").read_bytes()).hexdigest()[:12]
        path = self.work / f"ledger-{shape.name()}-{stamp}.db"
        if not path.exists():
            for old in self.work.glob(f"ledger-{shape.name()}-*"):
                old.unlink()
            half = self.work / "half.db"
            for name in (half, f"{half}-wal", f"{half}-shm"):
                pathlib.Path(name).unlink(missing_ok=True)
            made = run(self.program("generate"), "--path", half, *shape.options(), "--events", shape.events,
                       "--days-back", shape.days_back, "--today", TODAY, "--evaluate", self.config(half),
                       *(["--real"] if shape.real else []))
            half.rename(path)
            path.with_suffix(".json").write_text(json.dumps(made), encoding="utf-8")
        return path

    def made(self, shape):
        """What making it took."""
        return json.loads(self.ledger(shape).with_suffix(".json").read_text(encoding="utf-8"))

    def copy_of(self, shape, name):
        return copy(self.ledger(shape), self.work / f"{name}.db")

    # Running

    def daemon(self, database, **options):
        return Daemon(self, database, **options)

    def load(self, endpoint, shape, workload, clients=1, outstanding=1, batch=1, seconds=None, count=None, wait=True,
             offer=None, keys=()):
        """`keys`: the daemon's public key and a file of the client's own, for CURVE."""
        command = [self.program("load"), "--endpoint", endpoint, "--workload", workload, "--clients", clients,
                   "--outstanding", outstanding, "--batch", batch, "--today", TODAY, *shape.options()]
        command += ["--count", count] if count else ["--seconds", seconds or 1]
        command += ["--offer", offer] if offer else []
        command += ["--server-key", keys[0], "--key-file", keys[1]] if keys else []
        if wait:
            return run(*command)
        return subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, text=True)

    def limit(self, recorded, path, rows_per_commit):
        return run(self.program("limit"), "--recorded", recorded, "--path", path,
                   "--rows-per-commit", max(1.0, rows_per_commit))

    def drain(self, database):
        """Does the housekeeping that a run left behind, so that the next one does not pay for it."""
        return run(self.program("limit"), "--drain", database)

    def reads(self, shape):
        """`recent` in process against plain SQLite."""
        database = self.copy_of(shape, "plain")
        outcome = run(self.program("reads"), "--path", database, "--branches", shape.branches)
        for path in (database, pathlib.Path(f"{database}.plain")):
            path.unlink()
        return outcome

    def figures(self, shape):
        """A year's figures in process against the same sums in plain SQL."""
        database = self.copy_of(shape, "figures")
        outcome = run(self.program("figures"), "--path", database, "--rules", SOURCE / "config" / "rules" / "two-new.cfg",
                      "--rounds", 3)
        for path in (database, pathlib.Path(f"{database}.plain")):
            path.unlink()
        return outcome

    def midnight(self, database):
        return run(self.program("midnight"), "--config", self.config(database), "--from", TODAY, "--day", DUTIES_DUE)


class Clock:
    """What time it is for a daemon with a real ledger: tests/faults/preload.c, so that the day is the same in every run."""

    def __init__(self, path, at):
        self.path = pathlib.Path(path)
        self.path.write_bytes(bytes(16))
        self.set(at)

    def set(self, at):
        seconds = int(datetime.datetime.fromisoformat(at).timestamp() - time.time())
        with open(self.path, "r+b") as file:
            file.write(struct.pack("<q", seconds))


class Daemon:
    """A musterd of the benchmarks' own: on a rehearsal ledger, or with `at` on a real one whose clock begins there."""

    def __init__(self, stage, database, rehearse=REHEARSE, preload=None, at=None, tcp=False, **keys):
        self.stage, self.database = stage, pathlib.Path(database)
        self.arguments = [] if at else ["--rehearse", rehearse]
        self.clock = Clock(stage.run_folder / "clock", at) if at else None
        preload = stage.build / "tests" / "faults" / "libfaults_preload.so" if at else preload
        self.socket = stage.run_folder / "s"
        self.endpoint = f"ipc://{self.socket}"
        self.config = stage.config(database, listen=[self.endpoint] + ["tcp://127.0.0.1:*"] * tcp, feed=[], **keys)
        self.environment = {**os.environ, **({"LD_PRELOAD": str(preload)} if preload else {}),
                            **({"FAULTS_FILE": str(self.clock.path)} if at else {})}
        self.process = None
        self.log = stage.run_folder / "log"

    def start(self):
        """Seconds until it answered."""
        self.socket.unlink(missing_ok=True)
        began = time.monotonic()
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [str(self.stage.musterd), "--config", str(self.config), *self.arguments],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.environment)
        self.stage.daemons.append(self)
        while not self.socket.exists():
            if self.process.poll() is not None or time.monotonic() - began > START_S:
                raise RuntimeError(f"musterd did not start:\n{self.log.read_text()[-2000:]}")
            time.sleep(0.002)
        self.stage.load(self.endpoint, Shape(1), "status", count=1)
        return time.monotonic() - began

    def _end(self, number):
        if self.process is None:
            return
        self.process.send_signal(number)
        status = self.process.wait()
        self.process = None
        self.stage.daemons.remove(self)
        if status not in (0, -signal.SIGKILL):
            raise RuntimeError(f"musterd ended with {status}:\n{self.log.read_text()[-2000:]}")

    def stop(self):
        """Seconds until it was gone."""
        began = time.monotonic()
        self._end(signal.SIGTERM)
        return time.monotonic() - began

    def kill(self):
        self._end(signal.SIGKILL)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def status(self):
        return self.stage.load(self.endpoint, Shape(1), "status", count=1)["status"]

    def muster(self, *words):
        """What the command prints."""
        return subprocess.run([str(self.stage.build / "client" / "cli" / "muster"), "--server", self.endpoint, *map(str, words)],
                              capture_output=True, text=True, check=True).stdout

    def allow_key(self):
        """A key that may do everything: where it connects to, and what it needs for that."""
        own = self.stage.work / "bench.key"
        own.unlink(missing_ok=True)
        self.muster("key", "new", "bench", "--out", own)
        self.muster("key", "allow", "bench", "--role", "admin", "--public", self.muster("key", "show", own).strip())
        status = self.status()
        return status["tcp"][0], (status["server_key"], own)

    def wait_settled(self):
        """Until all is evaluated on the clock's day."""
        end = time.monotonic() + SETTLE_S
        while True:
            status = self.status()
            if not status["settling"] and status["lag"] == 0:
                return
            if time.monotonic() > end:
                raise RuntimeError(f"alerts were not evaluated: {status}")
            time.sleep(0.2)

    def write_bytes(self):
        for line in pathlib.Path(f"/proc/{self.process.pid}/io").read_text().splitlines():
            if line.startswith("write_bytes:"):
                return int(line.split()[1])
        raise RuntimeError("no write_bytes")

    def memory_mib(self):
        """Resident memory that is the daemon's own: without pages of files."""
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) / 1024
        raise RuntimeError("no RssAnon")


class Sync:
    """What this disk takes to append 4 KiB and fdatasync them."""

    def __init__(self, folder, count=300):
        path = pathlib.Path(folder) / "sync-probe"
        times = []
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            for _ in range(count):
                began = time.perf_counter()
                os.write(fd, b"\xa5" * 4096)
                os.fdatasync(fd)
                times.append((time.perf_counter() - began) * 1e6)
        finally:
            os.close(fd)
            path.unlink()
        times.sort()
        self.p50_us = times[len(times) // 2]
        self.p99_us = times[len(times) * 99 // 100]
