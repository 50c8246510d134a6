"""Completions: what the command offers (`muster __complete`), and that bash and zsh, on a terminal of their own, type it."""

import fcntl
import os
import pathlib
import pty
import re
import select
import shutil
import struct
import subprocess
import tempfile
import termios
import time
import unittest

import harness
from harness import Daemon, event

COMPLETIONS = harness.SOURCE / "client" / "completions"


class Office(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon(rehearse="2022-12-31").start()
        cls.addClassCleanup(cls.daemon.finish)
        events = []
        for branch in ("B-017", "B-018", "支部-9"):
            events.append(event("branch.founded", "2022-01-05", branch=branch, name=f"名{branch}", form="own", sector="enterprise"))
            events += [event("member.admitted", "2022-01-06", member=f"M{branch[-1]}{n}", name="李雷", branch=branch, stage="full",
                             new=False) for n in range(3)]
        cls.daemon.client().record(events)
        cls.daemon.wait_evaluated()


class Offered(Office):
    def offered(self, *words, **options):
        """{candidate: remark}"""
        environment = {"MUSTER_SERVER": self.daemon.endpoint, "HOME": str(self.daemon.folder), **options.pop("environment", {})}
        done = subprocess.run([harness.binary("muster"), "__complete", *words], capture_output=True, text=True, encoding="utf-8",
                              timeout=harness.WAIT_S, check=False, env={**os.environ, "LC_ALL": "C.UTF-8", **environment})
        self.assertEqual(done.returncode, 0, done.stderr)
        return dict((line.split("\t") + [""])[:2] for line in done.stdout.splitlines())

    def test_verbs_and_options(self):
        verbs = self.offered("")
        self.assertLessEqual({"meeting", "branch", "alerts", "outbox", "import"}, set(verbs))
        self.assertEqual(self.offered("meet"), {"meeting": "record a meeting"})
        self.assertEqual(list(self.offered("alert", "")), ["ack", "note"])
        self.assertEqual(list(self.offered("outbox", "s")), ["send"])
        self.assertIn("--kind", self.offered("meeting", "--"))
        self.assertEqual(list(self.offered("meeting", "--pl")), ["--place"])
        self.assertEqual(self.offered("--lang", ""), {"en": "", "zh": ""})
        self.assertEqual(self.offered("nonsense", "x", ""), {})

    def test_ids_come_from_the_daemon(self):
        self.assertEqual(self.offered("meeting", "B-"), {"B-017": "名B-017", "B-018": "名B-018"})
        self.assertEqual(list(self.offered("meeting", "支")), ["支部-9"])
        self.assertEqual(list(self.offered("recent", "--branch", "B-01")), ["B-017", "B-018"])
        self.assertEqual(list(self.offered("recent", "--branch", "=", "B-01")), ["B-017", "B-018"])  # as bash has it
        self.assertEqual(self.offered("contact", "M7"), {"M70": "李雷", "M71": "李雷", "M72": "李雷"})
        self.assertEqual(list(self.offered("show", "member", "M8")), ["M80", "M81", "M82"])
        self.assertEqual(self.offered("branch", "found", ""), {})  # a new one

    def test_lists_within_the_branch(self):
        self.assertEqual(list(self.offered("meeting", "B-017", "--present", "")), ["M70", "M71", "M72"])
        self.assertEqual(list(self.offered("meeting", "B-017", "--present", "M70,M7")), ["M70,M71", "M70,M72"])
        self.assertEqual(list(self.offered("meeting", "B-017", "--kind", "theme_day,lec")), ["theme_day,lecture"])

    def test_words_days_numbers_and_files(self):
        self.assertEqual(list(self.offered("contact", "M70", "--channel", "p")), ["phone"])
        self.assertEqual(list(self.offered("alerts", "--level", "y")), ["yellow"])
        self.assertIn("yesterday", self.offered("meeting", "B-017", "--at", ""))
        self.assertIn("branch-inactive", self.offered("alerts", "--rule", "branch"))
        self.assertEqual(self.offered("submit", ""), {":files": ""})
        numbers = self.offered("alert", "ack", "")
        self.assertTrue(numbers and all(number.isdigit() for number in numbers), numbers)

    def test_nobody_there(self):
        began = time.monotonic()
        self.assertEqual(self.offered("meeting", "B-", environment={"MUSTER_SERVER": "/nonexistent/socket"}), {})
        self.assertLess(time.monotonic() - began, 10)


class Terminal:
    """A shell on a terminal, with the completions of this source."""

    def __init__(self, command, environment):
        self.said = ""
        self.process, self.fd = pty.fork()
        if self.process == 0:
            os.execvpe(command[0], command, environment)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 200, 0, 0))

    def read_until(self, pattern, timeout=harness.WAIT_S):
        end = time.monotonic() + timeout
        while not re.search(pattern, self.said):
            if not select.select([self.fd], [], [], max(0, end - time.monotonic()))[0]:
                raise AssertionError(f"waited for {pattern!r}: {self.said[-1000:]!r}")
            self.said += os.read(self.fd, 65536).decode("utf-8", "replace")
            self.said = re.sub("\x1b\\[[0-9;?]*[A-Za-z]|\x07|[^\x08]\x08", "", self.said)  # colours, moves, bells, steps back
        return self.said

    def type(self, text):
        self.said = ""
        os.write(self.fd, text.encode())

    def end(self):
        os.write(self.fd, b"\x03\nexit\n")
        os.close(self.fd)
        os.waitpid(self.process, 0)


class Shells(Office):
    def terminal(self, *command):
        home = tempfile.mkdtemp(prefix="muster-shell-")
        self.addCleanup(shutil.rmtree, home, ignore_errors=True)
        pathlib.Path(home, ".zshrc").write_text(
            f"PS1='ready> '; unset zle_bracketed_paste; fpath=('{COMPLETIONS}' $fpath)\n"
            "autoload -Uz compinit; compinit -u -D\n", encoding="utf-8")
        terminal = Terminal(command, {
            **os.environ, "HOME": home, "ZDOTDIR": home, "TERM": "xterm", "LC_ALL": "C.UTF-8", "MUSTER_SERVER": self.daemon.endpoint,
            "PATH": f"{pathlib.Path(harness.binary('muster')).parent}:{os.environ['PATH']}"})
        self.addCleanup(terminal.end)
        return terminal

    def try_it(self, shell):
        for typed, came in (("muster meeti\t", "meeting "), ("muster meeting B-017 --pres\t", "--present"),
                            ("muster contact M71 --chan\tph\t", "--channel phone"), ("muster meeting B-018 --present M80,M81,M8\t", "M80,M81,M82"),
                            ("muster show branch 支\t", "支部-9")):
            with self.subTest(typed=typed):
                shell.type("\x15" + typed)  # on an empty line
                shell.read_until(re.escape(came))

    def test_bash(self):
        shell = self.terminal("bash", "--norc", "--noprofile", "-i")
        shell.type(f"PS1='ready> '; bind 'set enable-bracketed-paste off'; source '{COMPLETIONS / 'muster.bash'}'\n")
        shell.read_until("[\r\n]ready> ")
        self.try_it(shell)

    def test_zsh(self):
        if not shutil.which("zsh"):
            self.skipTest("zsh is not installed")
        shell = self.terminal("zsh", "-d", "-i")
        shell.read_until("ready> ")
        self.try_it(shell)


if __name__ == "__main__":
    unittest.main()
