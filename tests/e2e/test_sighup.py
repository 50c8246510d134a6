"""Other rules while the daemon runs: SIGHUP takes a good configuration over, whole, and the alerts become
those of the new rules; from a bad one nothing is taken over, and the log says where the mistake is."""

import json
import re
import unittest

from harness import DEFAULT_RULES, SOURCE, Daemon, event, read_jsonl, wait_until

TODAY = "2022-09-30"


class Sighup(unittest.TestCase):
    def setUp(self):
        self.daemon = Daemon(rehearse=TODAY, settle=0)
        self.addCleanup(self.daemon.clean_up)
        self.rules = self.daemon.folder / "my-rules.cfg"
        self.pack = DEFAULT_RULES.read_text(encoding="utf-8")
        self.rules.write_text(self.pack, encoding="utf-8")
        self.daemon.write_config(rules="my-rules.cfg")
        self.daemon.start()
        self.client = self.daemon.client()
        past = [e for e in read_jsonl(SOURCE / "tests" / "data" / "small-1" / "events.jsonl") if e["at"] < "2022-10"]
        self.client.submit(past)  # some refer to what came later, and are refused: no matter here
        self.daemon.wait_evaluated()

    def alerts(self, *arguments):
        done = self.daemon.muster("alerts", *arguments, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        return {(row["rule"], str(row["subject"])): (row["level"], row["since"], row["alert"]) for row in rows}

    def reload(self, counter):
        before = self.client.status()["counters"][counter]
        self.daemon.reload()
        wait_until(lambda: self.client.status()["counters"][counter] == before + 1, counter)
        self.daemon.wait_evaluated()

    def check_as_asked(self):
        """What is kept is what is said from the ground up."""
        kept = {key: value[:2] for key, value in self.alerts().items()}
        asked = {key: value[:2] for key, value in self.alerts("--as-of", TODAY).items()}
        self.assertEqual(kept, asked)
        return kept

    def without_rule(self, rule):
        """The pack less one rule (not the last one: no comma may follow what is last then)."""
        head, *rules, tail = re.split(r"(?m)^    \{$", self.pack)
        kept = [text for text in rules if f'id = "{rule}";' not in text]
        self.assertEqual(len(kept), len(rules) - 1)
        return "    {".join([head, *kept, tail])

    def test_a_rule_goes_and_comes_back(self):
        before = self.alerts()
        rule = next(iter(before))[0]
        hash_before = self.client.call("rules")["pack"]
        self.rules.write_text(self.without_rule(rule), encoding="utf-8")
        self.reload("reloads")
        self.assertNotEqual(self.client.call("rules")["pack"], hash_before)
        after = self.alerts()
        self.assertEqual(after, {key: value for key, value in before.items() if key[0] != rule})
        self.check_as_asked()
        closed = {row["alert"] for row in self.client.rows("alerts", closed=True) if row["rule"] == rule}
        self.assertLessEqual({value[2] for key, value in before.items() if key[0] == rule}, closed)
        self.rules.write_text(self.pack, encoding="utf-8")
        self.reload("reloads")
        back = self.alerts()
        self.assertEqual({key: value[:2] for key, value in back.items()},
                         {key: value[:2] for key, value in before.items()})
        for key, value in back.items():  # what came back is a new alert, the others are the old ones
            self.assertEqual(value[2] == before[key][2], key[0] != rule)

    def test_another_beginning(self):
        before = self.check_as_asked()
        self.daemon.write_config(tracking_since="2022-07-01")
        self.reload("reloads")
        self.assertEqual(self.client.status()["tracking_since"], "2022-07-01")
        self.assertNotEqual(self.check_as_asked(), before)

    def test_mistakes_are_told_with_their_place(self):
        before = self.alerts()
        line = self.pack[:self.pack.index("        levels = ")].count("\n") + 1
        mistakes = [
            (self.pack.replace("        levels = ", "        lebels = ", 1), rf"my-rules\.cfg:{line}: .*lebels.*levels"),
            (self.pack.replace('level = "yellow"', 'level = "purple"', 1), r"my-rules\.cfg:\d+: .*purple"),
            (self.pack + "rules = ();\n", r"my-rules\.cfg:\d+: "),
            ("", r"my-rules\.cfg.*rules"),
        ]
        for text, told in mistakes:
            with self.subTest(told=told):
                seen = len(self.daemon.log())
                self.rules.write_text(text, encoding="utf-8")
                self.reload("reloads_refused")
                self.assertRegex(self.daemon.log()[seen:], told)
                self.assertEqual(self.alerts(), before)
        self.rules.unlink()
        self.reload("reloads_refused")
        # half of it good is not good: the other key is not taken over
        self.rules.write_text(mistakes[0][0], encoding="utf-8")
        self.daemon.write_config(transfer_valid_days=30)
        self.reload("reloads_refused")
        self.assertEqual(self.client.status()["transfer_valid_days"], 90)
        self.assertEqual(self.alerts(), before)
        self.client.record([event("contact", TODAY, member="00001", channel="phone")])


if __name__ == "__main__":
    unittest.main(verbosity=2)
