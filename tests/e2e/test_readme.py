"""The clerk's first day, as both READMEs print it: every command, in its order, against the sample
district, must do what it is printed for."""

import re
import shlex
import unittest

from harness import SOURCE, Daemon, read_jsonl

DAY = "2023-01-31"  # of ./quickstart


def clerks_commands(readme):
    """The commands of the section about the clerk: indented lines, without their remarks."""
    text = (SOURCE / readme).read_text(encoding="utf-8")
    section = re.split(r"(?m)^## ", text)[1]
    return [shlex.split(line, comments=True)[1:] for line in re.findall(r"(?m)^    (muster .*)$", section)]


class Readme(unittest.TestCase):
    def first_day(self, readme, language):
        daemon = Daemon(rehearse=DAY, settle=0)
        self.addCleanup(daemon.clean_up)
        daemon.start()
        with daemon.client() as client:
            client.record(read_jsonl(SOURCE / "examples" / "district-1" / "events.jsonl"))
        daemon.wait_evaluated()
        said = []
        numbers = {"EVENT": None, "NUMBER": None}
        for arguments in clerks_commands(readme):
            arguments = [str(numbers[word]) if word in numbers else word for word in arguments]
            done = daemon.muster(*arguments, "--lang", language)
            self.assertEqual(done.returncode, 0, f"{arguments}: {done.stderr}")
            self.assertTrue(done.stdout)
            if arguments[0] == "meeting":
                numbers["EVENT"] = re.search(r"\d+", done.stdout)[0]
                daemon.wait_evaluated()
            elif arguments[0] == "alerts":
                numbers["NUMBER"] = re.search(r"(?m)^ *(\d+) ", done.stdout)[1]
            said.append((arguments[0], done.stdout))
        self.assertEqual([verb for verb, _ in said], ["recent", "recent", "alerts", "explain", "meeting", "explain",
                                                     "alerts", "meeting", "alert", "due", "board", "report", "report"])
        before, after = (text for verb, text in said if verb == "explain")
        self.assertIn("2022-07-14", before)
        self.assertNotIn("2022-07-14", after)  # since when it was open
        self.assertLess(len(said[6][1].splitlines()), len(said[2][1].splitlines()))
        with daemon.client() as client:
            rows = [row for row in client.rows("recent", branch="B-005", type="any", since="2023-01-01")]
        self.assertEqual([row["type"] for row in rows if "replaced_by" in row], ["meeting"])
        return said

    def test_english(self):
        said = self.first_day("README.md", "en")
        self.assertIn("no alert is open", said[5][1])

    def test_chinese(self):
        self.first_day("README.zh-CN.md", "zh")

    def test_links(self):
        """What a document refers to is there."""
        for path in (SOURCE / "README.md", SOURCE / "README.zh-CN.md", *(SOURCE / "docs").rglob("*.md")):
            for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
                self.assertTrue((path.parent / target).exists(), f"{path}: {target}")


if __name__ == "__main__":
    unittest.main(verbosity=2)
