"""The clock moved day by day: a rehearsal started again and again with a later date, while the year is
recorded as it goes by. What the daemon has kept up, `muster alerts`, is on each day what the same ledger
says when asked from the ground up, `muster alerts --as-of` that day.

Quick: some days of a small district, drawn by chance. MUSTER_FULL=1: every day of a district's year.
"""

import datetime
import json
import os
import random
import unittest

from harness import SOURCE, Daemon, event, read_jsonl, wait_until
from test_sample import answered, expected

DATA = SOURCE / "tests" / "data"
SEED = int(os.environ.get("MUSTER_SEED", random.SystemRandom().randrange(1 << 32)))
FULL = bool(os.environ.get("MUSTER_FULL"))
FIRST, LAST = datetime.date(2022, 1, 1), datetime.date(2023, 2, 1)
AT_LAST = "2024-02-29"


def civil_date(e):
    return e["at"][:10]  # the sample's times are all in the ledger's zone


class Year:
    """A district's events, given out as their days come: none before its date, and none before the
    event that it corrects. One that is refused (it leans on a correction still to come) waits."""

    def __init__(self, district):
        self.waiting = read_jsonl(DATA / district / "events-by-date.jsonl")
        self.sent = set()

    def until(self, day):
        return [e for e in self.waiting if civil_date(e) <= day
                and {e.get("replaces"), e.get("event")} <= self.sent | {None}]

    def record(self, client, day):
        for batch in iter(lambda: self.until(day), []):
            done = {result["id"] for result in client.submit(batch) if result["status"] == "recorded"}
            if not done:
                return
            self.sent |= done
            self.waiting = [e for e in self.waiting if e["id"] not in done]


class Calendar(unittest.TestCase):
    def daemon(self, **options):
        daemon = Daemon(**{"settle": 0, **options})
        self.addCleanup(daemon.clean_up)
        return daemon

    def rows(self, daemon, *arguments):
        done = daemon.muster("alerts", *arguments, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        rows = []
        for line in done.stdout.splitlines():
            row = json.loads(line)
            row.pop("alert")  # a number where it is recorded, null as of a day
            rows.append(row)
        return sorted(rows, key=lambda row: (row["rule"], str(row["subject"])))

    def check_day(self, daemon, day):
        status = daemon.wait_evaluated()
        self.assertEqual(status["today"], day)
        kept, asked = self.rows(daemon), self.rows(daemon, "--as-of", day)
        self.assertEqual(kept, asked, f"on {day}")
        return kept

    def walk(self, district, days):
        year = Year(district)
        daemon = self.daemon()
        most = 0
        for day in days:
            daemon.start(rehearse=day)
            with daemon.client() as client:
                self.check_day(daemon, day)  # what fell due by itself
                year.record(client, day)
            most = max(most, len(self.check_day(daemon, day)))
            daemon.stop()
        self.assertEqual(year.waiting, [])
        self.assertGreater(most, 0)
        return daemon

    def check_end(self, daemon, district):
        """Walked through day by day, it ends where the sample's answers say."""
        daemon.start(rehearse=AT_LAST)
        alerts = self.check_day(daemon, AT_LAST)
        self.assertEqual(answered(alerts), expected(district)[AT_LAST])
        daemon.stop()

    def test_some_days(self):
        print(f"MUSTER_SEED={SEED}")
        chance = random.Random(SEED)
        days = sorted(chance.sample(range((LAST - FIRST).days), 12)) + [(LAST - FIRST).days]
        days = [str(FIRST + datetime.timedelta(day)) for day in days]
        self.check_end(self.walk("small-1", days), "small-1")

    @unittest.skipUnless(FULL, "some 400 restarts: MUSTER_FULL=1")
    def test_every_day(self):
        for district in ("small-1", "district-1"):
            with self.subTest(district=district):
                days = [str(FIRST + datetime.timedelta(n)) for n in range((LAST - FIRST).days + 1)]
                self.check_end(self.walk(district, days), district)

    def test_midnight_while_it_runs(self):
        """A letter's last day passes: no restart, no event, only midnight."""
        daemon = self.daemon(rehearse="2022-04-01T23:59:57+08:00").start()
        with daemon.client() as client:
            client.record([
                event("branch.founded", "2021-01-01", branch="B-1", name="一支部", form="own", sector="enterprise"),
                event("member.admitted", "2021-01-01", member="M-1", name="张三", branch="B-1", stage="full", new=False),
                event("transfer.issued", "2022-01-01", transfer="T-1", member="M-1", to_name="elsewhere"),
            ])
            letters = [row for row in self.rows(daemon) if row["rule"] == "transfer-letter"]
            if client.status()["today"] == "2022-04-01":  # unless this machine was too slow
                self.assertEqual([row["level"] for row in letters], ["yellow"])  # valid until 2022-04-01
            wait_until(lambda: client.status()["today"] == "2022-04-02", "midnight")
        letters = [row for row in self.check_day(daemon, "2022-04-02") if row["rule"] == "transfer-letter"]
        self.assertEqual([row["level"] for row in letters], ["red"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
