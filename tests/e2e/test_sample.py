"""The sample districts through the real daemon and the real command: whatever order the events come in,
however often each is sent, and after --rebuild, the alerts of each given day are exactly those given.
"""

import json
import os
import random
import re
import shutil
import unittest

from harness import SOURCE, Client, Daemon, event, read_jsonl

DATA = SOURCE / "tests" / "data"
SEED = int(os.environ.get("MUSTER_SEED", random.SystemRandom().randrange(1 << 32)))
FULL = bool(os.environ.get("MUSTER_FULL"))
AFTER_ALL = "2024-03-31"  # the clock: all of the given days are past (tests/data/README.md)


def lines_of(rows):
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def expected(district):
    """{day: its alerts, sorted} of a district."""
    found = {}
    for path in sorted((DATA / district).glob("expected-alerts-*.jsonl")):
        day = re.fullmatch(r"expected-alerts-(.*)\.jsonl", path.name)[1]
        found[day] = sorted((row["rule"], row["subject_type"], row["subject"], row["level"], row["since"],
                             row.get("due", ""), row.get("missed", 0)) for row in read_jsonl(path))
    assert found, f"no answers for {district}"
    return found


def answered(rows):
    """Rows of `muster alerts --json` in the form of expected()."""
    found = []
    for row in rows:
        ((kind, ref),) = row["subject"].items()
        found.append((row["rule"], kind, ref, row["level"], row["since"], row.get("due", ""), row.get("missed", 0)))
    return sorted(found)


def picture(daemon):
    """What a rebuild must not change: the answers of the lists, of alerts, of recent."""
    daemon.wait_evaluated(timeout=120)
    with Client(daemon.endpoint) as client:
        answers = {what: list(client.rows("list", what=what, all=True)) for what in
                   ("branches", "members", "units", "transfers", "alliances", "offices", "exemptions")}
        answers["alerts"] = list(client.rows("alerts"))
        answers["closed"] = list(client.rows("alerts", closed=True))
        answers["recent"] = list(client.rows("recent", type="any"))
        return answers


def check_rebuild(test, daemon):
    """Stops the daemon, starts it with --rebuild: it must say the same."""
    before = picture(daemon)
    daemon.stop()
    daemon.start(arguments=["--rebuild"])
    after = picture(daemon)
    for name, rows in before.items():
        with test.subTest(rebuilt=name):
            test.assertEqual(after[name], rows)


class District(unittest.TestCase):
    def daemon(self, **options):
        daemon = Daemon(**{"rehearse": AFTER_ALL, "settle": 0, **options})
        self.addCleanup(daemon.clean_up)
        return daemon.start()

    def rows(self, daemon, *arguments, **options):
        done = daemon.muster(*arguments, "--json", **options)
        self.assertEqual(done.returncode, 0, f"{arguments}: {done.stderr}")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def verdicts(self, daemon, events):
        """The verdicts of `muster submit -`, whatever they are."""
        done = daemon.muster("submit", "-", "--json", input=lines_of(events))
        self.assertIn(done.returncode, (0, 1), done.stderr)
        verdicts = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([v["id"] for v in verdicts], [e.get("id") for e in events])
        return verdicts

    def send(self, daemon, events, status="recorded"):
        verdicts = self.verdicts(daemon, events)
        wrong = [(e, v) for e, v in zip(events, verdicts, strict=True) if v["status"] != status]
        self.assertEqual(wrong, [])
        return [v["seq"] for v in verdicts]

    def check_days(self, daemon, district):
        for day, alerts in expected(district).items():
            with self.subTest(district=district, day=day):
                got = answered(self.rows(daemon, "alerts", "--as-of", day))
                self.assertEqual(sorted(set(got) - set(alerts)), [], "open, and should not be")
                self.assertEqual(sorted(set(alerts) - set(got)), [], "not open, and should be")
                self.assertEqual(len(got), len(alerts))


class AsRecorded(District):
    def check(self, district):
        events = read_jsonl(DATA / district / "events.jsonl")
        daemon = self.daemon()
        seqs = self.send(daemon, events)
        self.assertEqual(seqs, sorted(set(seqs)))
        self.check_days(daemon, district)
        status = daemon.wait_evaluated()
        self.assertEqual(status["events"], len(events))
        self.assertEqual(self.send(daemon, events, status="duplicate"), seqs)
        self.assertEqual(daemon.wait_evaluated()["seq"], status["seq"])
        self.assertEqual(answered(self.rows(daemon, "alerts")), answered(self.rows(daemon, "alerts", "--as-of", AFTER_ALL)))
        check_rebuild(self, daemon)
        self.check_days(daemon, district)

    def test_small(self):
        self.check("small-1")

    def test_district(self):
        self.check("district-1")


class ByDate(District):
    def events(self, district):
        return read_jsonl(DATA / district / "events-by-date.jsonl")

    def test_small_one_by_one(self):
        self.one_by_one("small-1")

    @unittest.skipUnless(FULL, "one commit after the other for every event of the year: MUSTER_FULL=1")
    def test_district_one_by_one(self):
        self.one_by_one("district-1")

    def one_by_one(self, district):
        """Each on its own, the answer awaited, and sent again."""
        events = self.events(district)
        daemon = self.daemon()
        with Client(daemon.endpoint) as client:
            for each in events:
                (first,) = client.submit([each])
                (again,) = client.submit([each])
                self.assertEqual((first["status"], again["status"], again["seq"]),
                                 ("recorded", "duplicate", first.get("seq")), f"{each} {first}")
        self.check_days(daemon, district)

    def test_district_in_batches(self):
        """In batches of any size, every event twice: in the same batch, or in a later one."""
        print(f"MUSTER_SEED={SEED}")
        chance = random.Random(SEED)
        events = self.events("district-1")
        daemon = self.daemon()
        seqs = {}
        with Client(daemon.endpoint) as client:
            start = 0
            while start < len(events):
                size = chance.choice((1, 2, 10, 100, 400))
                batch = events[start:start + size]
                again = [e for e in batch if chance.random() < 0.5]
                for result in client.submit(batch + again, batch=1000):
                    self.assertIn(result["status"], ("recorded", "duplicate"), result)
                    self.assertEqual(seqs.setdefault(result["id"], result["seq"]), result["seq"])
                start += size
            for result in client.submit(events, batch=997):
                self.assertEqual((result["status"], result["seq"]), ("duplicate", seqs[result["id"]]))
        self.assertEqual(daemon.wait_evaluated()["events"], len(events))
        self.check_days(daemon, "district-1")
        daemon.stop()
        daemon.start(arguments=["--rebuild"])
        self.check_days(daemon, "district-1")


class Refusals(District):
    """refusals.jsonl, with small-1 recorded and the clock at 2023-01-01."""

    @classmethod
    def setUpClass(cls):
        cls.cases = read_jsonl(DATA / "refusals.jsonl")
        cls.refused = [case for case in cls.cases if case["why"]]
        cls.accepted = [case for case in cls.cases if not case["why"]]

    def start(self):
        daemon = self.daemon(rehearse="2023-01-01")
        past = [e for e in read_jsonl(DATA / "small-1" / "events.jsonl") if e["at"] < "2023-01-02"]
        self.send(daemon, past)
        daemon.wait_evaluated()
        return daemon

    def state(self, daemon):
        status = self.rows(daemon, "status")[0]
        return status["seq"], status["head"], self.rows(daemon, "alerts")

    def test_each_is_refused_as_given_and_changes_nothing(self):
        daemon = self.start()
        before = self.state(daemon)
        for case in self.refused:
            with self.subTest(event=str(case["event"])[:200]):
                (verdict,) = self.verdicts(daemon, [case["event"]])
                self.assertEqual(verdict["status"], "refused")
                self.assertEqual(verdict["error"]["code"], case["why"], verdict)
                self.assertTrue(verdict["error"]["message"])
                self.assertNotIn("seq", verdict)
                status = self.rows(daemon, "status")[0]
                self.assertEqual((status["seq"], status["head"]), before[:2])
        self.assertEqual(self.state(daemon), before)

    def test_each_odd_one_is_recorded(self):
        daemon = self.start()
        daemon.stop()
        kept = daemon.folder / "kept.db"
        shutil.copy(daemon.database, kept)
        for case in self.accepted:
            with self.subTest(event=str(case["event"])[:200]):
                for leftover in daemon.folder.glob("ledger.db-*"):
                    leftover.unlink()
                shutil.copy(kept, daemon.database)
                daemon.start()
                self.send(daemon, [case["event"]])
                (shown,) = self.rows(daemon, "show", "event", case["event"]["id"])
                for name, value in case["event"].items():
                    self.assertEqual(shown["row"].get(name), value, name)
                daemon.stop()

    def test_a_refused_one_leaves_its_neighbours_recorded(self):
        daemon = self.start()
        batch, wanted = [], []
        for n, case in enumerate(self.refused):
            batch += [event("contact", "2022-12-01", member="00001", channel="phone", note=f"before {n}"), case["event"]]
            wanted += ["recorded", case["why"]]
        # One that depends on a refused one is refused too; after a good one with the same ref it is not.
        founded = event("branch.founded", "2022-12-01", branch="B-870", name="x", form="own", sector="nowhere")
        meeting = event("meeting", "2022-12-02", branch="B-870", kinds=["talk"], present_count=3)
        batch += [founded, meeting, {**founded, "sector": "enterprise"}, meeting]
        wanted += ["invalid_value", "unknown_ref", "recorded", "recorded"]
        with Client(daemon.endpoint) as client:
            before = client.status()["events"]
            results = client.submit(batch, batch=1000)
            self.assertEqual([r["error"]["code"] if r["status"] == "refused" else r["status"] for r in results], wanted)
            self.assertEqual(client.status()["events"] - before, wanted.count("recorded"))
            seqs = [r["seq"] for r in results if r["status"] == "recorded"]
            self.assertEqual(seqs, list(range(seqs[0], seqs[0] + len(seqs))))


if __name__ == "__main__":
    unittest.main(verbosity=2)
