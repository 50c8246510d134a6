"""What the command and its library do when the other side goes wrong: a fake server does it on purpose."""

import json
import os
import shutil
import subprocess
import tempfile
import time
import unittest

import fake_server
import harness
from fake_server import FakeServer, answer, error, garbage, lose, silent, unavailable

CONTACT = ("contact", "M1", "--channel", "phone", "--at", "2022-11-05")


def rows(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


def contact(number):
    return harness.event("contact", "2022-11-05", member=f"M{number}", channel="phone")


def lines(events):
    return "".join(json.dumps(event, ensure_ascii=False) + "\n" for event in events)


class Away(unittest.TestCase):
    def test_nobody_there(self):
        with tempfile.TemporaryDirectory() as folder:
            began = time.monotonic()
            server = FakeServer()
            server.endpoint = f"ipc://{folder}/none.sock"
            done = server.muster("--timeout", "0.4", "recent")
            self.assertEqual(done.returncode, 3, done.stderr)
            self.assertIn("no musterd at", done.stderr)
            self.assertLess(time.monotonic() - began, 5)
            server.context.term()

    def test_somebody_there_who_says_nothing(self):
        with FakeServer() as server:
            server.script["status"] = [silent]
            done = server.muster("--timeout", "0.4", *CONTACT, "--no-outbox")
            self.assertEqual(done.returncode, 3, done.stderr)
            self.assertIn("does not answer", done.stderr)

    def test_an_unconfirmed_event_is_told_with_its_id(self):
        with FakeServer() as server:
            server.script["submit"] = [silent]
            done = server.muster("--timeout", "0.4", *CONTACT, "--no-outbox")
            self.assertEqual(done.returncode, 3)
            event = server.requests("submit")[0]["events"][0]
            self.assertIn(f"--id {event['id']}", done.stderr)
            server.script["submit"] = [answer]
            done = server.muster(*CONTACT, "--id", event["id"])
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_no_answer_in_this_protocol(self):
        with FakeServer() as server:
            server.script["status"] = [garbage]
            done = server.muster("status")
            self.assertEqual(done.returncode, 3)
            self.assertIn("not of this protocol", done.stderr)
            self.assertRegex(server.muster("--lang", "zh", "status").stderr, "^muster: ipc://.*：应答不符合本协议\n$")


    def test_a_socket_that_one_may_not_use(self):
        def somebody():  # root may use any socket
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)
        with FakeServer() as server:
            path = server.endpoint.removeprefix("ipc://")
            server.folder.chmod(0o755)
            os.chmod(path, 0)
            plain = {**os.environ, "HOME": str(server.folder), "MUSTER_SERVER": path}
            if subprocess.run([harness.binary("muster"), "--version"], preexec_fn=somebody, env=plain,
                              capture_output=True, check=False).returncode != 0:
                self.skipTest("others may not run what was built here")
            for lang, sentence in (("en", "permission denied"), ("zh", "没有使用")):
                for command in (["recent"], list(CONTACT)):
                    with self.subTest(lang=lang, command=command):
                        began = time.monotonic()
                        done = subprocess.run([harness.binary("muster"), "--lang", lang, "--timeout", "20", *command],
                                              preexec_fn=somebody, env=plain, capture_output=True, text=True, check=False)
                        self.assertEqual(done.returncode, 5, done.stderr)
                        self.assertIn(sentence, done.stderr)
                        self.assertIn("usermod -aG ", done.stderr)
                        self.assertLess(time.monotonic() - began, 15)


class SendingAgain(unittest.TestCase):
    def test_a_lost_answer(self):
        with FakeServer() as server:
            server.script["submit"] = [lose, answer]
            done = server.muster(*CONTACT, "--json")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(rows(done)[0]["status"], "duplicate")
            first, second = server.requests("submit")
            self.assertEqual(first["events"], second["events"])

    def test_a_lost_question(self):
        with FakeServer() as server:
            server.script["recent"] = [lose, answer]
            done = server.muster("recent", "--json")
            self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)
            self.assertEqual(len(server.requests("recent")), 2)

    def test_order_is_kept_when_the_connection_breaks(self):
        events = [contact(number) for number in range(2500)]
        with FakeServer() as server:
            server.script["submit"] = [answer, lose, answer]
            done = server.muster("submit", "-", "--json", input=lines(events))
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual([row["id"] for row in rows(done)], [event["id"] for event in events])
            self.assertEqual(list(server.recorded), [event["id"] for event in events])

    def test_order_is_kept_when_the_store_cannot_write(self):
        """An event that needs one of the batch before is refused at first, and recorded in the end."""
        events = [contact(number) for number in range(2500)]
        with FakeServer() as server:
            server.judge = lambda event: None if int(event["member"][1:]) < 1000 or events[0]["id"] in server.recorded \
                else {"code": "unknown_ref", "message": "not yet"}
            server.script["submit"] = [unavailable, answer]
            done = server.muster("submit", "-", "--json", input=lines(events))
            self.assertEqual(done.returncode, 0, done.stdout[-300:] + done.stderr)
            self.assertEqual([row["id"] for row in rows(done)], [event["id"] for event in events])
            self.assertEqual(list(server.recorded), [event["id"] for event in events])

    def test_a_store_that_stays_full(self):
        with FakeServer() as server:
            server.script["submit"] = [unavailable]
            done = server.muster("--timeout", "0.7", *CONTACT, "--no-outbox")
            self.assertEqual(done.returncode, 3)
            self.assertIn("the disk is full", done.stderr)
            self.assertIn("--id", done.stderr)


class Batches(unittest.TestCase):
    def test_bounds(self):
        events = [contact(number) | {"note": "x" * 3000} for number in range(2600)]
        with FakeServer() as server:
            done = server.muster("submit", "-", "--json", input=lines(events))
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(len(rows(done)), 2600)
            for body in server.requests("submit"):
                self.assertLessEqual(len(body["events"]), 1000)
                self.assertLessEqual(len(json.dumps(body)), 4 * 1024 * 1024)
            self.assertGreater(len(server.requests("submit")), 2)

    def test_lines_that_are_not_json(self):
        good = [contact(1), contact(2)]
        text = "\ufeff" + json.dumps(good[0]) + "\r\n\n{\"id\": \n[1] ]\n\"tail\" x\n" + "[" * 5000 + "\n" + json.dumps(good[1])
        with FakeServer() as server:
            done = server.muster("submit", "-", "--json", input=text)
            self.assertEqual(done.returncode, 1)
            got = rows(done)
            self.assertEqual([row["status"] for row in got],
                             ["recorded", "refused", "refused", "refused", "refused", "recorded"])
            self.assertEqual({row["error"]["code"] for row in got if row["status"] == "refused"}, {"invalid_value"})
            self.assertEqual([row["id"] for row in got], [good[0]["id"], None, None, None, None, good[1]["id"]])
            self.assertEqual(list(server.recorded), [event["id"] for event in good])
            done = server.muster("submit", "-", input=text)
            self.assertIn("-:3: ", done.stderr)
            self.assertIn("-:4: ", done.stderr)
            self.assertIn("2 already there, 4 refused", done.stderr)

    def test_a_line_without_end(self):
        text = json.dumps(contact(1)) + "\n{\"note\": \"" + "x" * (6 << 20) + "\n" + json.dumps(contact(2)) + "\n"
        with FakeServer() as server:
            done = server.muster("submit", "-", "--json", input=text)
            self.assertEqual([row["status"] for row in rows(done)], ["recorded", "refused", "recorded"])
            self.assertEqual(rows(done)[1]["error"]["code"], "too_large")

    def test_verdicts_come_while_more_is_written(self):
        with FakeServer() as server:
            process = subprocess.Popen(
                [harness.binary("muster"), "--server", server.endpoint, "submit", "-", "--json"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, "HOME": str(server.folder)})
            for number in range(3):
                event = contact(number)
                process.stdin.write(lines([event]).encode())
                process.stdin.flush()
                self.assertEqual(json.loads(process.stdout.readline())["id"], event["id"])
            process.stdin.close()
            self.assertEqual(process.wait(harness.WAIT_S), 0)
            process.stdout.close()


class Ledger(unittest.TestCase):
    def test_it_is_pinned(self):
        with FakeServer() as server:
            def change(self, verb, body):
                reply = answer(self, verb, body)
                self.ledger = fake_server.OTHER_LEDGER
                return reply
            server.script["status"] = [change]
            done = server.muster("recent")
            self.assertEqual(done.returncode, 1)
            self.assertIn("ANOTHER LEDGER", done.stderr)
            self.assertEqual(server.requests("recent")[0]["ledger"], fake_server.LEDGER)

    def test_every_event_names_the_ledger(self):
        with FakeServer() as server:
            self.assertEqual(server.muster(*CONTACT).returncode, 0)
            self.assertEqual(server.requests("submit")[0]["ledger"], fake_server.LEDGER)

    def test_it_is_remembered(self):
        with FakeServer() as server:
            self.assertNotIn("WARNING", server.muster("recent").stderr)
            self.assertNotIn("WARNING", server.muster("recent").stderr)
            server.ledger = fake_server.OTHER_LEDGER
            done = server.muster("recent")
            self.assertEqual(done.returncode, 0)
            self.assertIn("ANOTHER LEDGER", done.stderr)
            self.assertNotIn("WARNING", server.muster("recent").stderr)

    def test_an_expected_one(self):
        refusal = error("not_allowed", "this is another ledger", field="ledger")
        with FakeServer() as server:
            server.script["status"] = [refusal]
            done = server.muster("--ledger", fake_server.OTHER_LEDGER, *CONTACT)
            self.assertEqual(done.returncode, 1)
            self.assertIn("ANOTHER LEDGER", done.stderr)
            self.assertEqual(server.requests("status")[0]["ledger"], fake_server.OTHER_LEDGER)
            self.assertEqual(server.requests("submit"), [])

    def test_the_environment_comes_before_the_configuration(self):
        """What ./quickstart --keep prints works for somebody who has pinned a ledger of their own."""
        with FakeServer() as server:
            folder = server.folder / ".config" / "muster"
            folder.mkdir(parents=True)
            (folder / "muster.conf").write_text(f'ledger = "{fake_server.OTHER_LEDGER}";\n')
            plain = {"XDG_CONFIG_HOME": ""}
            self.assertEqual(server.muster("recent", environment=plain).returncode, 1)
            here = {**plain, "MUSTER_LEDGER": fake_server.LEDGER}
            self.assertEqual(server.muster("recent", environment=here).returncode, 0)
            done = server.muster("--ledger", fake_server.OTHER_LEDGER, "recent", environment=here)
            self.assertEqual(done.returncode, 1, "the option comes before both")
            self.assertEqual(server.muster("recent", environment={**plain, "MUSTER_LEDGER": "mine"}).returncode, 2)

    def test_a_rehearsal_says_so(self):
        with FakeServer(rehearsal=True) as server:
            done = server.muster("recent", "--json")
            self.assertEqual(done.stdout, "")
            self.assertIn("REHEARSAL", done.stderr)


class Manners(unittest.TestCase):
    def test_no_routing_id(self):
        with FakeServer() as server:
            server.muster("recent")
            self.assertTrue(server.identities)
            for identity in server.identities:
                self.assertEqual((len(identity), identity[0]), (5, 0), "made by the ROUTER, not set by us")

    def test_language(self):
        with FakeServer() as server:
            server.muster("--lang", "zh", "recent")
            server.muster("recent", environment={"LC_ALL": "zh_CN.UTF-8"})
            server.muster("recent")
            self.assertEqual([body["lang"] for body in server.requests("recent")], ["zh", "zh", "en"])

    def test_exit_statuses(self):
        for code, status in (("not_allowed", 5), ("malformed", 2), ("unknown_ref", 1), ("unavailable", 3)):
            with FakeServer() as server:
                server.script["recent"] = [error(code, "no")]
                server.script["submit"] = [error(code, "no")]
                server.judge = lambda event, code=code: {"code": code, "message": "no"}
                with self.subTest(code=code):
                    self.assertEqual(server.muster("recent").returncode, status)
                    contact_status = 4 if code == "unavailable" else status  # kept for later
                    self.assertEqual(server.muster("--timeout", "0.4", *CONTACT).returncode, contact_status)
                    server.muster("outbox", "drop", "--all")
                    done = server.muster("--timeout", "0.4", "submit", "-", input=lines([contact(1)]))
                    self.assertEqual(done.returncode, status)
                    server.script["submit"] = [answer]
                    self.assertEqual(server.muster(*CONTACT).returncode, contact_status, "one event, refused")
                    done = server.muster("submit", "-", input=lines([contact(1)]))
                    self.assertEqual(done.returncode, 1, "one of many events, refused")

    def test_a_file_that_cannot_be_read(self):
        with FakeServer() as server:
            missing, folder = server.folder / "missing", server.folder / "folder"
            folder.mkdir()
            for path, why in ((missing, "No such file"), (folder, "Is a directory")):
                for command in (("submit", path), ("rules", "--try", path)):
                    with self.subTest(command=command):
                        done = server.muster(*map(str, command))
                        self.assertEqual(done.returncode, 2, done.stderr)
                        self.assertTrue(done.stderr.startswith(f"muster: {path}: {why}"), done.stderr)
            wrong = server.folder / "wrong.cfg"
            wrong.write_text("rules = 7;\n")
            done = server.muster("rules", "--try", str(wrong))
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertIn("wrong.cfg:1: ", done.stderr)

    def test_texts_cannot_harm_a_terminal(self):
        with FakeServer() as server:
            server.script["recent"] = [error("unknown_ref", "no branch \"\x1b[31mB\x07\"\nmuster: all is well", hint="\x9b2J")]
            done = server.muster("recent")
            self.assertEqual(len(done.stderr.splitlines()), 1)
            self.assertFalse(set(done.stderr) & {"\x1b", "\x07", "\x9b"}, repr(done.stderr))

    def test_hint(self):
        with FakeServer() as server:
            server.script["recent"] = [error("unknown_ref", "no branch \"B-0l7\"", hint="B-017")]
            self.assertEqual(server.muster("recent").stderr, 'muster: no branch "B-0l7" (did you mean "B-017"?)\n')

    def test_where_the_server_is(self):
        with FakeServer() as server:
            plain = {**os.environ, "HOME": str(server.folder), "LC_ALL": "C.UTF-8"}
            for name in ("XDG_CONFIG_HOME", "XDG_RUNTIME_DIR", "MUSTER_SERVER"):
                plain.pop(name, None)
            path = server.endpoint.removeprefix("ipc://")

            def run(**environment):
                return subprocess.run([harness.binary("muster"), "--timeout", "2", "status"], capture_output=True,
                                      text=True, env={**plain, **environment}, check=False)
            self.assertEqual(run(MUSTER_SERVER=path).returncode, 0, "a bare path")
            (server.folder / "muster").mkdir()
            os.symlink(path, server.folder / "muster" / "musterd.sock")
            self.assertEqual(run(XDG_RUNTIME_DIR=str(server.folder)).returncode, 0)
            config = server.folder / ".config" / "muster"
            config.mkdir(parents=True)
            (config / "muster.conf").write_text(f'server = "{server.endpoint}";\n')
            self.assertEqual(run().returncode, 0)
            (config / "muster.conf").write_text(f'\nsevrer = "{server.endpoint}";\n')
            done = run()
            self.assertEqual(done.returncode, 2)
            self.assertIn('muster.conf:2: unknown setting "sevrer" (did you mean "server"?)', done.stderr)


class Package(unittest.TestCase):
    """What others build against."""

    def library(self):
        listed = subprocess.run(["ldd", harness.binary("muster")], capture_output=True, text=True, check=True).stdout
        return next(line.split()[2] for line in listed.splitlines() if "libmuster.so.0" in line)

    def test_only_its_own_names_are_visible(self):
        listed = subprocess.run(["nm", "-D", "--defined-only", self.library()], capture_output=True, text=True, check=True)
        names = [line.split()[-1] for line in listed.stdout.splitlines()]
        self.assertIn("muster_open", names)
        self.assertEqual([name for name in names if not name.startswith("muster_")], [])

    def test_the_example_works(self):
        undefined = subprocess.run(["nm", "-D", "--undefined-only", self.library()], capture_output=True, text=True, check=True)
        if "san_" in undefined.stdout:
            self.skipTest("a library built with a sanitizer needs a program built with it")
        text = (harness.SOURCE / "docs" / "libmuster.md").read_text(encoding="utf-8")
        code = text[text.index("```c\n") + 5:]
        with FakeServer() as server:
            program = server.folder / "roll"
            (server.folder / "roll.c").write_text(code[:code.index("```")], encoding="utf-8")
            done = subprocess.run(["cc", "-std=c11", "-Wall", "-Wextra", "-pedantic", "-Werror", "-D_POSIX_C_SOURCE=200809L",
                                   f"-I{harness.SOURCE / 'client' / 'include'}", "-o", program, server.folder / "roll.c",
                                   self.library()],
                                  capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            folder = os.path.dirname(self.library())
            done = subprocess.run([program, server.endpoint], capture_output=True, text=True, check=False,
                                  env={**os.environ, "LD_LIBRARY_PATH": folder})
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("on disk as row 2", done.stdout)
            self.assertEqual(server.requests("alerts")[0]["level"], "red")

    def test_the_header_stands_alone(self):
        include = harness.SOURCE / "client" / "include"
        for compiler in (["cc", "-std=c11", "-x", "c"], ["c++", "-std=c++17", "-x", "c++"]):
            if not shutil.which(compiler[0]):
                continue
            done = subprocess.run([*compiler, "-Wall", "-Wextra", "-pedantic", "-Werror", "-fsyntax-only", f"-I{include}", "-"],
                                  input="#include <muster/muster.h>\nint main(void) { return (int)sizeof(struct muster_verdict) == 0; }\n",
                                  capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
