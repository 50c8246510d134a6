"""PostgreSQL and Redis from Debian's packages, beside musterd: on sockets, folders and under a user of their own.

What is installed is used as it is; what is not is downloaded and unpacked into a folder of this run, so that
nothing is installed, no service starts, and all is gone afterwards.
"""

import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile
import time

from stage import run

PACKAGES = ["postgresql-15", "redis-server"]
USER = "muster-bench"
PORT = 54329  # part of the socket's name; nothing listens on the network
WAIT_S = 30


def quiet(*command, **options):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, **options)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}:\n{done.stdout}{done.stderr}")
    return done.stdout


class Peers:
    """Both servers, running; gone at the end of the `with`."""

    def __init__(self, stage):
        self.stage = stage
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="muster-peers-", dir="/var/tmp"))
        self.folder.chmod(0o755)
        self.root = pathlib.Path("/")
        self.own_user = False
        self.processes = []

    def __enter__(self):
        try:
            self.find_programs()
            self.make_user()
            self.start_redis()
            self.start_postgres()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in self.processes:
            process.terminate()
            process.wait()
        if self.own_user:
            quiet("userdel", USER)
        shutil.rmtree(self.folder, ignore_errors=True)

    def find_programs(self):
        """Unpacks the packages, unless both are installed."""
        if shutil.which("redis-server") and self.postgres_bin():
            return
        archives = self.folder / "archives"
        (archives / "partial").mkdir(parents=True)
        self.root = self.folder / "root"
        self.root.mkdir()
        apt = ["apt-get", "-qq", "-y", "--no-install-recommends", "-o", f"Dir::Cache::archives={archives}",
               "-o", "Debug::NoLocking=1", "-o", "APT::Sandbox::User=root"]
        quiet(*apt, "install", "--download-only", "--reinstall", *PACKAGES, "redis-tools")
        for archive in archives.glob("*.deb"):
            quiet("dpkg", "-x", archive, self.root)

    def postgres_bin(self):
        found = sorted(self.root.glob("usr/lib/postgresql/*/bin/initdb"))
        return found[-1].parent if found else None

    def environment(self):
        libraries = [str(path) for path in (self.root / "usr/lib").glob("*-linux-gnu")] if self.root != pathlib.Path("/") else []
        return {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8",
                **({"LD_LIBRARY_PATH": ":".join(libraries)} if libraries else {})}

    def make_user(self):
        """PostgreSQL does not run as root."""
        if os.geteuid() != 0:
            self.uid = self.gid = None
            return
        try:
            entry = pwd.getpwnam(USER)
        except KeyError:
            quiet("useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", USER)
            entry = pwd.getpwnam(USER)
            self.own_user = True
        self.uid, self.gid = entry.pw_uid, entry.pw_gid

    def as_user(self):
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def data(self, name):
        path = self.folder / name
        path.mkdir(mode=0o700)
        if self.uid is not None:
            os.chown(path, self.uid, self.gid)
        return path

    def start(self, socket, *command):
        log = open(self.folder / "log", "ab")  # closed with this program
        self.processes.append(subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=log,
                                               stderr=log, env=self.environment(), cwd=self.folder, **self.as_user()))
        end = time.monotonic() + WAIT_S
        while not socket.exists():
            if self.processes[-1].poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{command[0]} did not start:\n{(self.folder / 'log').read_text()[-2000:]}")
            time.sleep(0.05)

    def start_redis(self):
        data = self.data("redis")
        self.redis = data / "socket"
        program = self.root / "usr/bin/redis-server"
        self.start(self.redis, program, "--port", 0, "--unixsocket", self.redis, "--unixsocketperm", 777, "--dir", data,
                   "--save", "", "--appendonly", "yes", "--appendfsync", "always")

    def start_postgres(self):
        data, run_folder = self.data("postgres"), self.data("run")
        programs = self.postgres_bin()
        self.postgres = run_folder / f".s.PGSQL.{PORT}"
        quiet(programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "--encoding=UTF8", "--locale=C.UTF-8",
              env=self.environment(), cwd=self.folder, **self.as_user())
        self.start(self.postgres, programs / "postgres", "-D", data, "-k", run_folder, "-p", PORT,
                   "-c", "listen_addresses=", "-c", "max_connections=600", "-c", "shared_buffers=512MB",
                   "-c", "max_wal_size=4GB", "-c", "fsync=on", "-c", "synchronous_commit=on")
        time.sleep(0.5)  # the socket is there a little before it takes connections

    # Loads

    def load(self, kind, socket, clients, outstanding, rows, seconds):
        return run(self.stage.program("peer"), "--kind", kind, "--socket", socket, "--clients", clients,
                   "--outstanding", outstanding, "--rows", rows, "--seconds", seconds)

    def load_redis(self, clients, outstanding, seconds):
        return self.load("redis", self.redis, clients, outstanding, 1, seconds)

    def load_postgres(self, clients, outstanding, seconds, rows=1):
        return self.load("postgres", self.postgres, clients, outstanding, rows, seconds)
