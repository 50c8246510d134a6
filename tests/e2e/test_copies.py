"""Export and import, backup and restore: what comes back is the same ledger, with all that follows from it."""

import hashlib
import json
import os
import pathlib
import pty
import shutil
import sqlite3
import stat
import subprocess
import threading
import unittest

from harness import SOURCE, Daemon, binary, event, read_jsonl

FULL = bool(os.environ.get("MUSTER_FULL"))
DATA = SOURCE / "tests" / "data" / ("district-1" if FULL else "small-1")
SMALL = SOURCE / "tests" / "data" / "small-1"

#: What does not follow from the rows: how far upkeep is, when it was last verified.
OWN = {"meta", "activity", "run", "tail", "sqlite_sequence"}


def tables(path):
    """Every table that follows from the rows, with subjects by name, and every activity, wherever it lies."""
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    found = {name: sorted(database.execute(f"SELECT * FROM {name}").fetchall(), key=repr)
             for name in names if name not in OWN}
    database.close()
    return found


def answers(daemon):
    """What a reader sees: alerts, figures, registers, recent rows."""
    with daemon.client() as client:
        return {
            "alerts": list(client.rows("alerts")),
            "closed": list(client.rows("alerts", closed=True)),
            "figures": client.call("figures", year=2022)["rows"],
            "members": list(client.rows("list", what="members")),
            "recent": list(client.rows("recent", type="any")),
        }


class Copies(unittest.TestCase):
    def daemon(self, **options):
        daemon = Daemon(rehearse="2023-01-31", settle=0, **options)
        self.addCleanup(daemon.clean_up)
        return daemon

    def filled(self, data=DATA):
        daemon = self.daemon()
        daemon.start()
        with daemon.client() as client:
            client.record(read_jsonl(data / "events.jsonl"), timeout=120)
        daemon.wait_evaluated(120)
        return daemon

    def muster(self, daemon, *arguments, code=0):
        run = daemon.muster(*arguments, timeout=300)
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return run

    def same(self, one, other):
        for name in one:
            self.assertEqual(one[name], other[name], name)

    def test_round_trip(self):
        old = self.filled()
        export = old.folder / "export.jsonl"
        self.muster(old, "export", export)
        self.assertEqual(stat.S_IMODE(export.stat().st_mode), 0o600)
        told = answers(old)
        with old.client() as client:
            head = client.status()["head"]
        new = self.daemon()
        run = new.run("--import", str(export), timeout=600)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn(head, run.stderr)
        new.start()
        new.wait_evaluated(120)
        with new.client() as client:
            self.assertEqual(client.status()["head"], head)
        self.same(told, answers(new))
        self.muster(new, "verify")
        self.assertEqual(self.muster(new, "export").stdout, export.read_text(encoding="utf-8"))
        new.stop()
        old.stop()
        self.same(tables(old.database), tables(new.database))
        again = new.run("--import", str(export))
        self.assertEqual(again.returncode, 1)
        self.assertIn("empty", again.stderr)

    def test_import_refuses(self):
        old = self.filled(SMALL)
        lines = self.muster(old, "export").stdout.splitlines()
        cases = [
            (lines[:40] + [lines[40].replace('"flags":0', '"flags":4')] + lines[41:], ":41: row 41 was changed"),
            (lines[:40] + lines[41:], "row 41 is missing"),
            (lines[:40] + ["nonsense"] + lines[41:], ":41: "),
            ([], "row 1 is missing"),
            (lines[1:], "row 1 is missing"),
        ]
        for number, (changed, words) in enumerate(cases):
            with self.subTest(number=number):
                new = self.daemon()
                export = new.folder / "export.jsonl"
                export.write_text("".join(line + "\n" for line in changed), encoding="utf-8")
                run = new.run("--import", str(export))
                self.assertEqual(run.returncode, 1, run.stderr)
                self.assertIn(words, run.stderr)
                export.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
                self.assertEqual(new.run("--import", str(export)).returncode, 0, "nothing of it had been kept")

    def test_import_asks_for_the_zone(self):
        old = self.filled(SMALL)
        export = old.folder / "export.jsonl"
        self.muster(old, "export", export)
        run = self.daemon(timezone="Asia/Tokyo").run("--import", str(export))
        self.assertEqual(run.returncode, 1)
        self.assertIn("Asia/Shanghai", run.stderr)

    def test_restore_drill(self):
        """docs/operations.md, "Restoring", step by step."""
        daemon = self.filled(SMALL)
        backup = daemon.folder / "backup.db"
        wrote = self.muster(daemon, "backup", backup)
        self.assertIn("checked", wrote.stdout)
        self.assertEqual(stat.S_IMODE(backup.stat().st_mode), 0o600)
        self.muster(daemon, "head")
        told = answers(daemon)
        with daemon.client() as client:
            head = client.status()["head"]
            later = event("contact", "2023-01-30", member="M0001", channel="visit")
            client.submit([later])
        daemon.stop()
        for name in ("ledger.db", "ledger.db-wal", "ledger.db-shm"):  # the disk is gone
            (daemon.folder / name).unlink(missing_ok=True)
        shutil.copy(backup, daemon.database)
        daemon.start()
        daemon.wait_evaluated()
        self.muster(daemon, "verify")
        with daemon.client() as client:
            self.assertEqual(client.status()["head"], head)
        self.same(told, answers(daemon))
        with daemon.client() as client:
            self.assertNotEqual(client.submit([later])[0]["status"], "duplicate")

    def test_backup_while_submitting(self):
        daemon = self.filled(SMALL)
        ended = threading.Event()
        sent = []

        def submit():
            with daemon.client() as client:
                while not ended.is_set():
                    events = [event("branch.founded", "2022-05-05", branch=f"X-{len(sent)}-{i}", name="x", form="own",
                                    sector="enterprise") for i in range(50)]
                    client.record(events)
                    sent.append(len(events))

        worker = threading.Thread(target=submit)
        worker.start()
        try:
            for number in range(3):
                backup = daemon.folder / f"backup-{number}.db"
                reply = json.loads(self.muster(daemon, "backup", "--json", backup).stdout)
                self.assertTrue(reply["holds"])
                database = sqlite3.connect(backup)
                rows, chain = database.execute("SELECT max(seq), hex(chain) FROM ledger").fetchone()
                self.assertEqual((rows, chain.lower()), (reply["rows"], reply["head"]))
                self.assertEqual(database.execute("PRAGMA integrity_check").fetchone(), ("ok",))
                database.close()
        finally:
            ended.set()
            worker.join()
        self.assertGreater(sum(sent), 0)
        self.assertEqual(list(daemon.folder.glob("*.part*")), [])
        self.muster(daemon, "verify")

    def test_backup_refuses(self):
        daemon = self.filled(SMALL)
        there = daemon.folder / "there.db"
        there.write_text("mine")
        run = self.muster(daemon, "backup", there, code=1)
        self.assertIn("there already", run.stderr)
        self.assertEqual(there.read_text(), "mine")
        self.assertIn("cannot write", self.muster(daemon, "backup", "/nowhere/at/all.db", code=1).stderr)
        with daemon.client() as client:
            self.assertEqual(client.ask("backup", {"file": "relative.db"})[1]["code"], "malformed")
            self.assertEqual(client.ask("backup", {"run": 99})[1]["code"], "unknown_ref")
            self.assertEqual(client.ask("verify", {"file": "/x"})[1]["field"], "file")

    def test_heads(self):
        daemon = self.filled(SMALL)
        heads = daemon.folder / "heads.jsonl"
        with open(heads, "a", encoding="utf-8") as out:
            out.write(self.muster(daemon, "head").stdout)
        with daemon.client() as client:
            client.record([event("unit.registered", "2022-05-05", unit="U-X", name="x", sector="enterprise")])
        with open(heads, "a", encoding="utf-8") as out:
            out.write(self.muster(daemon, "head").stdout)
        self.assertIn("only appended", self.muster(daemon, "verify", "--head", heads).stdout)
        export = daemon.folder / "export.jsonl"
        self.muster(daemon, "export", export)
        self.muster(daemon, "verify", "--file", export, "--head", heads)
        lines = export.read_text(encoding="utf-8").splitlines(keepends=True)
        export.write_text("".join(lines[:-1]), encoding="utf-8")
        self.muster(daemon, "verify", "--file", export)
        run = self.muster(daemon, "verify", "--file", export, "--head", heads, code=1)
        self.assertIn("missing", run.stderr)
        forged = daemon.folder / "forged.jsonl"
        forged.write_text(heads.read_text().replace('"seq":', '"seq":1'), encoding="utf-8")
        self.assertIn("signature", self.muster(daemon, "verify", "--head", forged, code=1).stderr)
        forged.write_text("{}\n")
        self.assertIn(":1: ", self.muster(daemon, "verify", "--head", forged, code=1).stderr)
        key = daemon.folder / "ledger.db.headkey"
        self.assertEqual(stat.S_IMODE(key.stat().st_mode), 0o600)
        secret = key.read_text().split()[-1]
        daemon.stop()
        self.assertNotIn(secret.encode(), daemon.database.read_bytes())
        self.assertNotIn(bytes.fromhex(secret), daemon.database.read_bytes())
        self.rewrite(daemon.database)
        daemon.start()
        self.muster(daemon, "verify")
        self.assertIn("written anew", self.muster(daemon, "verify", "--head", heads, code=1).stderr)
        daemon.stop()
        key.chmod(0o644)
        self.assertIn("others can read", daemon.run().stderr)
        key.write_text("muster head key 1\nnonsense\n")
        key.chmod(0o600)
        self.assertIn(f"{key}:2: ", daemon.run().stderr)

    @staticmethod
    def rewrite(path):
        """What nobody sees from inside: the whole chain computed anew, after a change."""
        def part(data):
            return len(data).to_bytes(8, "little") + data

        def number(value):
            return part(value.to_bytes(8, "little", signed=True))

        database = sqlite3.connect(path)
        database.execute("UPDATE ledger SET recorded_by = 'somebody' WHERE seq = 50")
        chain = b""
        for row in database.execute("SELECT seq, recorded_at, recorded_by, flags, body, seal FROM ledger ORDER BY seq").fetchall():
            chain = hashlib.blake2b(part(chain) + number(row[0]) + number(row[1]) + part(row[2].encode()) + number(row[3]) +
                                    part(row[4].encode()) + part(row[5] or b""), digest_size=32).digest()
            database.execute("UPDATE ledger SET chain = ? WHERE seq = ?", (chain, row[0]))
        database.commit()
        database.close()


class Progress(unittest.TestCase):
    """What takes long shows how far it is where stderr is a terminal, and nowhere else. (How the bar looks: unit/progress.)"""

    ROWS = 2100
    BAR = r"\r\x1b\[K\[[#.]{30}\] +\d+ %  \d+ / \d+ rows"

    def on_a_terminal(self, command, until=None, **environment):
        """What it writes to stderr, a terminal, until it ends; `until` is waited for, then it is asked to end."""
        leader, follower = pty.openpty()
        process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=follower,
                                   env={**os.environ, "LC_ALL": "C.UTF-8", **environment})
        os.close(follower)
        seen, asked = b"", False
        try:
            while block := os.read(leader, 65536):
                seen += block
                if until and not asked and until in seen:
                    process.terminate()
                    asked = True
        except OSError:
            pass  # it has ended
        os.close(leader)
        self.assertEqual(process.wait(60), 0, seen.decode())
        return seen.decode()

    def shown(self, command, **more):
        self.assertRegex(self.on_a_terminal(command, **more), self.BAR)
        self.assertNotIn("\r\x1b", self.on_a_terminal([*command, "--quiet"], **more))

    def test_bars(self):
        events = [event("branch.founded", "2022-02-01", branch="B-1", name="one", form="own", sector="enterprise"),
                  event("member.admitted", "2022-02-01", member="M-1", name="one", branch="B-1", stage="full", new=False)]
        events += [event("contact", "2022-11-05", member="M-1", channel="phone") for _ in range(self.ROWS - 2)]
        with Daemon(settle=0) as daemon:
            with daemon.client() as client:
                client.record(events)
            export = daemon.folder / "export.jsonl"
            muster = [binary("muster"), "--server", daemon.endpoint]
            self.shown([*muster, "export"])
            self.assertNotIn("\r\x1b", self.on_a_terminal([*muster, "submit", self.submitted(daemon, events), "--quiet"]))
            self.assertEqual(daemon.muster("export", export, "--quiet").stderr, "")
            self.shown([*muster, "verify", "--file", export])
            quiet = daemon.muster("verify", "--quiet")
            self.assertEqual((quiet.stdout, quiet.stderr), ("", ""))
            quiet = daemon.muster("backup", daemon.folder / "copy.db", "--quiet")
            self.assertEqual((quiet.returncode, quiet.stdout, quiet.stderr), (0, "", ""))
            daemon.stop()
            self.shown(daemon.command("--rebuild"), until=b"listening on")
            self.assertIn(" 行", self.on_a_terminal(daemon.command("--rebuild"), until=b"listening on", LC_ALL="zh_CN.UTF-8"))
            self.assertEqual(daemon.run("--check-config", "--quiet").stdout, "")
            with Daemon() as new:
                new.stop()
                for quiet in ([], ["--quiet"]):
                    new.database.unlink(missing_ok=True)
                    seen = self.on_a_terminal(new.command("--import", export, *quiet))
                    (self.assertNotRegex if quiet else self.assertRegex)(seen, self.BAR)
                new.database.unlink()
                self.assertNotIn("\r", new.run("--import", str(export)).stderr)

    def submitted(self, daemon, events):
        path = daemon.folder / "events.jsonl"
        path.write_text("".join(json.dumps(item) + "\n" for item in events), encoding="utf-8")
        return path


class Damage(unittest.TestCase):
    """Structural damage stops the start, with the check that failed and the way back; nothing is repaired."""

    def filled_and_stopped(self):
        daemon = Daemon(rehearse="2023-01-31", settle=0)
        self.addCleanup(daemon.clean_up)
        daemon.start()
        with daemon.client() as client:
            client.record(read_jsonl(SMALL / "events.jsonl"))
        daemon.stop()
        return daemon

    def refused(self, damage, words):
        daemon = self.filled_and_stopped()
        damage(daemon.database)
        before = daemon.database.read_bytes()
        run = daemon.run()
        self.assertEqual(run.returncode, 1, run.stderr)
        self.assertIn(words, run.stderr)
        self.assertIn("--import", run.stderr)
        self.assertEqual(daemon.database.read_bytes(), before)

    def test_not_a_database(self):
        self.refused(lambda path: path.write_bytes(b"nonsense" * 1000), "not a database")

    def test_a_page_is_gone(self):
        def damage(path):
            data = bytearray(path.read_bytes())
            for page in range(4, len(data) // 4096, 3):
                data[page * 4096:page * 4096 + 64] = b"\xff" * 64
            path.write_bytes(data)
        self.refused(damage, "quick_check")

    def test_cut(self):
        self.refused(lambda path: path.write_bytes(path.read_bytes()[:5 * 4096 + 100]), "damaged")

    def test_other_tables(self):
        def damage(path):
            database = sqlite3.connect(path)
            database.execute("ALTER TABLE stint RENAME COLUMN stage TO phase")
            database.commit()
            database.close()
        self.refused(damage, "its tables are not those of a ledger")

    @unittest.skipUnless(FULL, "writes 600 MB")
    def test_of_a_large_one_after_the_start(self):
        daemon = self.filled_and_stopped()
        database = sqlite3.connect(daemon.database)
        database.execute("CREATE TABLE filler (x BLOB)")
        database.executemany("INSERT INTO filler VALUES (zeroblob(?))", [(100 * 1024 * 1024,)] * 6)
        database.commit()
        database.close()
        daemon.start()
        daemon.stop()  # a look that is under way does not hold up the stop
        with open(daemon.database, "r+b") as file:
            file.seek(70_000 * 4096)  # amidst the filler, which no answer needs
            file.write(b"\xff" * 4096)
        daemon.start(wait=False)
        self.assertEqual(daemon.wait_end(120), 1)
        self.assertIn("quick_check", daemon.log())
        self.assertIn("--import", daemon.log())

    def test_a_row_is_no_structure(self):
        daemon = self.filled_and_stopped()
        database = sqlite3.connect(daemon.database)
        database.execute("UPDATE ledger SET body = body || ' ' WHERE seq = 60")
        database.commit()
        database.close()
        daemon.start()
        self.assertEqual(daemon.muster("verify").returncode, 1)
        daemon.stop()
        daemon.start()
        with daemon.client() as client:
            self.assertEqual(client.status()["verified"]["misfit"]["row"], 60)
        self.assertEqual(daemon.muster("status", "--check").returncode, 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
