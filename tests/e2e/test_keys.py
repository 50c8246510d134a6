"""Keys: who comes in over tcp, and who does not (issue: CURVE, closed by default)."""

import json
import os
import pathlib
import re
import socket
import stat
import subprocess
import unittest

import zmq
import zmq.auth

from harness import Client, Daemon, event, wait_until

BRANCHES = [
    event("branch.founded", "2022-01-05", branch="B-1", name="一支部", form="own", sector="enterprise", area="4501"),
    event("branch.founded", "2022-01-05", branch="B-2", name="二支部", form="own", sector="enterprise", area="4502"),
]


def meeting(branch, day="2022-03-01", **fields):
    return event("meeting", day, branch=branch, kinds=["theme_day"], present_count=5, **fields)


def counters(daemon):
    with Client(daemon.endpoint) as client:
        return client.status()["counters"]


def counters_or_none(daemon, client):
    """Whether connections were refused, asked over one that stands."""
    return client.status()["counters"]["connections_refused"] > 0


class Keyed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        endpoint = "tcp://127.0.0.1:*"
        cls.daemon = Daemon(rehearse="2022-12-31")
        cls.daemon.write_config(listen=[cls.daemon.endpoint, endpoint])
        cls.daemon.start()
        with Client(cls.daemon.endpoint) as client:
            client.record(BRANCHES)

    @classmethod
    def tearDownClass(cls):
        cls.daemon.finish()

    def tearDown(self):
        self.daemon.close_clients()

    def assert_silent(self, client, timeout=0.5):
        """No answer; or libzmq has given the connection up, and takes nothing to send."""
        client.socket.sndtimeo = 500
        with self.assertRaises((TimeoutError, zmq.Again)):
            client.ask("status", timeout=timeout)


class Door(Keyed):
    """Who comes in."""

    def test_allowed(self):
        pair = zmq.curve_keypair()
        self.daemon.allow("door-1", pair[0], "recorder", branches=["B-1"])
        client = self.daemon.keyed(pair)
        sent = meeting("B-1")
        [result] = client.submit([sent])
        self.assertEqual(result["status"], "recorded", result)
        [row] = [row for row in self.daemon.client().rows("recent", branch="B-1") if row["id"] == sent["id"]]
        self.assertEqual(row["recorded_by"], "door-1")

    def test_unknown_key(self):
        before = counters(self.daemon)["keys_unknown"]
        self.assert_silent(self.daemon.keyed(zmq.curve_keypair()))
        self.assertGreater(counters(self.daemon)["keys_unknown"], before)
        self.daemon.wait_log("without a key in force")

    def test_null_and_plain(self):
        before = counters(self.daemon)["handshakes_failed"]
        with Client(self.daemon.tcp()) as null, Client(self.daemon.tcp()) as plain:
            plain.socket.plain_username = b"admin"
            plain.socket.plain_password = b"admin"
            plain.socket.connect(self.daemon.tcp())
            self.assert_silent(null)
            self.assert_silent(plain)
        wait_until(lambda: counters(self.daemon)["handshakes_failed"] > before, "failed handshakes to be counted")

    def test_wrong_server_key(self):
        pair = zmq.curve_keypair()
        self.daemon.allow("door-2", pair[0], "reader", branches=["B-1"])
        other, _ = zmq.curve_keypair()
        with Client(self.daemon.tcp(), curve=(other, *pair)) as client:
            self.assert_silent(client)

    def test_revoked_on_a_live_connection(self):
        pair = zmq.curve_keypair()
        self.daemon.allow("door-3", pair[0], "recorder", branches=["B-1"])
        client = self.daemon.keyed(pair)
        self.assertEqual(client.submit([meeting("B-1")])[0]["status"], "recorded")
        self.daemon.revoke("door-3")
        before = counters(self.daemon)["keys_revoked"]
        late = meeting("B-1")
        request_id = client.send("submit", {"events": [late]})
        with self.assertRaises(TimeoutError):
            client.receive(request_id, 0.5)
        self.assert_silent(client)
        self.assertEqual(counters(self.daemon)["keys_revoked"], before + 2)
        self.assertNotIn(late["id"], [row["id"] for row in self.daemon.client().rows("recent", branch="B-1")])
        self.assert_silent(self.daemon.keyed(pair))  # and does not come in again

    def test_revoked_while_it_waits(self):
        """What waits for its turn when its key is revoked is not answered, not even with a refusal."""
        pair = zmq.curve_keypair()
        self.daemon.allow("door-9", pair[0], "recorder", branches=["B-1"])
        client, admin = self.daemon.keyed(pair), self.daemon.client()
        day = client.status()["today"]
        heavy = [admin.send("pretend", {"events": [meeting("B-1") for _ in range(2500)]}) for _ in range(2)]
        waiting = client.send("pretend", {"events": [meeting("B-1")], "ledger": "another"})
        self.daemon.client().record([event("key.revoked", day, key="door-9")])
        with self.assertRaises(TimeoutError):
            client.receive(waiting, 2)
        for request_id in heavy:
            admin.receive(request_id, 30)

    def test_revoked_by_the_event_before(self):
        """A revocation is in force with its own row: the next event of the same request is not recorded."""
        pair = zmq.curve_keypair()
        self.daemon.allow("door-8", pair[0], "admin")
        client = self.daemon.keyed(pair)
        day, late = client.status()["today"], meeting("B-1")
        request_id = client.send("submit", {"events": [event("key.revoked", day, key="door-8"), late]})
        with self.assertRaises(TimeoutError):
            client.receive(request_id, 0.5)
        rows = list(self.daemon.client().rows("recent", type="any"))
        self.assertIn(("key.revoked", "door-8"), [(row["type"], row["recorded_by"]) for row in rows])
        self.assertNotIn(late["id"], [row["id"] for row in rows])

    def test_names_and_keys_are_used_once(self):
        pair, other = zmq.curve_keypair(), zmq.curve_keypair()
        self.daemon.allow("door-4", pair[0], "admin")
        self.daemon.revoke("door-4")
        client = self.daemon.client()
        day = client.status()["today"]

        def allow(name, public):
            return client.submit([event("key.allowed", day, key=name, public=public.decode(), role="admin")])[0]

        self.assertEqual(allow("door-4", other[0])["error"]["code"], "exists")
        self.assertEqual(allow("door-5", pair[0])["error"]["code"], "exists")
        [gone] = client.submit([event("key.revoked", day, key="door-4")])
        self.assertEqual(gone["error"]["code"], "not_in_force")
        [unknown] = client.submit([event("key.revoked", day, key="nobody")])
        self.assertEqual(unknown["error"]["code"], "unknown_ref")

    def test_a_key_is_neither_voided_nor_replaced(self):
        pair, other = zmq.curve_keypair(), zmq.curve_keypair()
        client = self.daemon.client()
        self.daemon.allow("door-6", pair[0], "admin")
        day = client.status()["today"]
        [row] = [row for row in client.rows("recent", type="key.allowed") if row["key"] == "door-6"]
        [void] = client.submit([event("event.voided", day, event=row["id"], reason="no")])
        self.assertEqual(void["error"]["code"], "impossible")
        [again] = client.submit([event("key.allowed", day, key="door-7", public=other[0].decode(), role="admin",
                                       replaces=row["id"])])
        self.assertEqual(again["error"]["code"], "impossible")

    def test_scope_of_a_key(self):
        client = self.daemon.client()
        day = client.status()["today"]
        public = zmq.curve_keypair()[0].decode()
        for fields, code in (({"role": "reader"}, "missing_field"), ({"role": "admin", "branches": ["B-1"]}, "invalid_value"),
                             ({"role": "reader", "branches": ["B-9"]}, "unknown_ref"),
                             ({"role": "reader", "areas": ["*", "45"]}, "invalid_value"),
                             ({"role": "boss", "areas": ["*"]}, "invalid_value"),
                             ({"role": "reader", "areas": [""]}, "invalid_value")):
            with self.subTest(fields=fields):
                [result] = client.submit([event("key.allowed", day, key="scoped", public=public, **fields)])
                self.assertEqual(result["status"], "refused", result)
                self.assertEqual(result["error"]["code"], code)


class Closed(unittest.TestCase):
    """Closed by default."""

    def test_no_tcp_beyond_loopback_without_keys(self):
        daemon = Daemon(rehearse="2022-12-31", listen=["tcp://0.0.0.0:*"])
        self.addCleanup(daemon.clean_up)
        ended = daemon.run()
        self.assertEqual(ended.returncode, 1)
        self.assertIn("no key is allowed yet", ended.stderr)

    def test_tcp_without_keys_answers_nobody(self):
        with Daemon(rehearse="2022-12-31") as daemon:
            daemon.stop()
            daemon.write_config(listen=[daemon.endpoint, "tcp://127.0.0.1:*"])
            daemon.start()
            client = daemon.keyed(zmq.curve_keypair())
            with self.assertRaises(TimeoutError):
                client.ask("status", timeout=0.5)

    def test_files(self):
        with Daemon(rehearse="2022-12-31") as daemon:
            key = daemon.folder / "server.key"
            self.assertEqual(stat.S_IMODE(key.stat().st_mode), 0o600)
            self.assertEqual(stat.S_IMODE((daemon.folder / "run" / "musterd.sock").stat().st_mode), 0o660)
            self.assertEqual(stat.S_IMODE((daemon.folder / "run").stat().st_mode), 0o700)
            public, secret = zmq.auth.load_certificate(key)  # a form that others read too
            self.assertEqual(public, daemon.server_key())
            self.assertEqual(zmq.curve_public(secret), public)
            self.assertNotIn(secret, daemon.database.read_bytes())
            before = public
            daemon.restart()
            self.assertEqual(daemon.server_key(), before)
            daemon.stop()
            key.chmod(0o640)
            ended = daemon.run()
            self.assertEqual(ended.returncode, 1)
            self.assertIn("server.key:1: this secret can be read by others", ended.stderr)
            key.chmod(0o600)
            key.write_text("nonsense\n")
            ended = daemon.run()
            self.assertIn("server.key:1: this is no line of a key file", ended.stderr)
            daemon.database.unlink()
            key.unlink()
            daemon.start()

    def test_bounds(self):
        with Daemon(rehearse="2022-12-31", max_request_bytes=65536, max_connections=8, key_requests_per_second=3) as daemon:
            client = daemon.client()
            outcome, reply = client.ask("submit", b'{"events":[]}' + b" " * 70000)
            self.assertEqual((outcome, reply["code"]), ("error", "too_large"))
            with self.assertRaises(TimeoutError):  # libzmq ends the connection
                daemon.client().ask("submit", b" " * 200000, timeout=0.5)
            others = [socket.socket(socket.AF_UNIX) for _ in range(100)]
            for other in others:
                other.connect(daemon.endpoint.removeprefix("ipc://"))
            wait_until(lambda: counters_or_none(daemon, client), "connections to be refused")
            for other in others:
                other.close()
            with Client(daemon.endpoint) as late:
                late.status()

    def test_rate(self):
        with Daemon(rehearse="2022-12-31", key_requests_per_second=3) as daemon:
            daemon.stop()
            daemon.write_config(listen=[daemon.endpoint, "tcp://127.0.0.1:*"])
            daemon.start()
            pair = zmq.curve_keypair()
            daemon.allow("hasty", pair[0], "reader", areas=["*"])
            client = daemon.keyed(pair)
            outcomes = [client.receive_any()[1:] for _ in [client.send("status") for _ in range(30)]]
            refused = [body["code"] for outcome, body in outcomes if outcome == "error"]
            self.assertGreaterEqual(len(outcomes) - len(refused), 6)
            self.assertGreater(len(refused), 10)
            self.assertEqual(set(refused), {"unavailable"})
            self.assertEqual(counters(daemon)["keys_hurried"], len(refused))
            wait_until(lambda: client.ask("status")[0] == "ok", "the key to be served again")

    def test_the_feed_is_ipc_only(self):
        daemon = Daemon(rehearse="2022-12-31", feed=["tcp://127.0.0.1:*"])
        self.addCleanup(daemon.clean_up)
        ended = daemon.run("--check-config")
        self.assertEqual(ended.returncode, 1)
        self.assertIn("the feed is published on ipc", ended.stderr)


class Command(Keyed):
    """`muster key`, from a new key to a recorded meeting."""

    def run_there(self, *arguments, home, **environment):
        return self.daemon.muster(*arguments, environment={"HOME": str(home), "XDG_CONFIG_HOME": "", **environment})

    def test_from_new_to_revoked(self):
        home = pathlib.Path(self.daemon.folder) / "home"
        home.mkdir()
        made = self.run_there("key", "new", "zhang", home=home)
        self.assertEqual(made.returncode, 0, made.stderr)
        public = re.search(r"public: (\S{40})\n", made.stdout)[1]
        file = home / ".config" / "muster" / "zhang.key"
        self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o600)
        self.assertEqual(self.run_there("key", "new", "zhang", home=home).returncode, 1)
        shown = self.run_there("key", "show", file, home=home)
        self.assertEqual(shown.stdout.strip(), public)

        allowed = self.daemon.muster("key", "allow", "zhang", "--public", public, "--role", "recorder", "--branches", "B-1")
        self.assertEqual(allowed.returncode, 0, allowed.stderr)
        conf = self.daemon.muster("key").stdout
        self.assertIn("server_key", conf)
        (home / ".config" / "muster" / "muster.conf").write_text(conf.replace("muster.key", "zhang.key"))
        command = ["meeting", "B-1", "--kind", "lecture", "--at", "2022-05-01", "--count", "3", "--json"]
        done = self.run_there("--server", self.daemon.tcp(), *command, home=home)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout)["status"], "recorded")

        listed = [json.loads(line) for line in self.daemon.muster("key", "list", "--json").stdout.splitlines()]
        [mine] = [row for row in listed if row["key"] == "zhang"]
        self.assertEqual((mine["role"], mine["branches"], mine["public"]), ("recorder", ["B-1"], public))
        self.assertNotIn("revoked", mine)
        self.assertEqual(self.daemon.muster("key", "revoke", "zhang").returncode, 0)
        away = self.run_there("--server", self.daemon.tcp(), "--timeout", "0.5", *command, home=home)
        self.assertEqual(away.returncode, 4, away.stdout)  # kept: it cannot tell why there is no answer
        self.assertIn("only keys that it knows", away.stderr)
        listed = [json.loads(line) for line in self.daemon.muster("key", "list", "--revoked", "--json").stdout.splitlines()]
        self.assertIn("revoked", [row for row in listed if row["key"] == "zhang"][0])

    def test_a_key_that_others_can_read(self):
        home = pathlib.Path(self.daemon.folder) / "home2"
        home.mkdir()
        self.run_there("key", "new", "li", home=home)
        file = home / ".config" / "muster" / "li.key"
        file.chmod(0o644)
        got = self.run_there("--server", self.daemon.tcp(), "status", home=home, MUSTER_KEY_FILE=str(file),
                             MUSTER_SERVER_KEY=self.daemon.server_key().decode())
        self.assertEqual(got.returncode, 2)
        self.assertIn("li.key:1: this secret can be read by others (mode 0644)", got.stderr)

    def test_roles(self):
        rows = [json.loads(line) for line in self.daemon.muster("key", "roles", "--json").stdout.splitlines()]
        self.assertIn({"kind": "event", "name": "key.allowed", "recorder": "no", "reader": "no", "staff": "no", "admin": "yes"},
                      rows)


@unittest.skipUnless(os.getuid() == 0, "needs a second user")
class Users(unittest.TestCase):
    """ipc: who the kernel says the peer is."""

    NOBODY = 65534

    def setUp(self):
        self.daemon = Daemon(rehearse="2022-12-31")
        self.addCleanup(self.daemon.clean_up)
        self.daemon.start()
        with Client(self.daemon.endpoint) as client:
            client.record(BRANCHES)
        self.open_doors()

    def open_doors(self):
        """Lets another user through to the socket, as a group would."""
        for path, mode in ((self.daemon.folder, 0o711), (self.daemon.folder / "run", 0o711),
                           (self.daemon.folder / "run" / "musterd.sock", 0o666)):
            path.chmod(mode)

    def ask_as_nobody(self, *requests):
        """What nobody is answered: [(outcome, body)]."""
        script = ("import json, sys, zmq\n"
                  "s = zmq.Context().socket(zmq.DEALER); s.linger = 0; s.connect(sys.argv[1])\n"
                  "for verb, body in json.loads(sys.argv[2]):\n"
                  "    s.send_multipart([b'muster/1', b'1', verb.encode(), json.dumps(body).encode()])\n"
                  "    assert s.poll(20000); f = s.recv_multipart(); print(json.dumps([f[2].decode(), json.loads(f[3])]))\n")
        got = subprocess.run(["/usr/bin/python3", "-c", script, self.daemon.endpoint, json.dumps(requests)], user=self.NOBODY,
                             capture_output=True, text=True, check=True, cwd="/")
        return [json.loads(line) for line in got.stdout.splitlines()]

    def configure(self, users):
        self.daemon.write_config()
        with open(self.daemon.config_file, "a", encoding="utf-8") as config:
            config.write(users)

    def test_users(self):
        requests = [["status", {}], ["show", {"what": "branch", "ref": "B-1"}], ["show", {"what": "branch", "ref": "B-2"}],
                    ["submit", {"events": [meeting("B-1")]}]]
        answers = self.ask_as_nobody(*requests)
        self.assertEqual([(outcome, body.get("code")) for outcome, body in answers], [("error", "not_allowed")] * 4)
        self.assertGreaterEqual(counters(self.daemon)["not_admitted"], 4)
        self.configure('users = ( { name = "nobody"; role = "recorder"; branches = [ "B-1" ]; } );\n')
        self.daemon.reload()
        self.daemon.wait_log("read anew")
        answers = self.ask_as_nobody(*requests)
        self.assertEqual([outcome for outcome, _ in answers], ["ok", "ok", "error", "ok"])
        self.assertEqual(answers[2][1]["code"], "not_allowed")
        with Client(self.daemon.endpoint) as client:
            self.assertEqual(next(client.rows("recent"))["recorded_by"], "nobody")

    def test_a_user_with_the_name_of_a_key(self):
        self.daemon.allow("nobody", zmq.curve_keypair()[0], "admin")
        self.configure('users = ( { name = "nobody"; role = "admin"; } );\n')
        self.daemon.reload()
        self.daemon.wait_log("the configuration was not changed")
        self.assertRegex(self.daemon.log(), r"muster\.conf:\d+: nobody is the name of a key already")

    def test_a_scope_of_an_unknown_branch(self):
        self.configure('users = (\n  { name = "nobody"; role = "recorder";\n    branches = [ "B-1",\n      "B-9" ]; } );\n')
        line = len(self.daemon.config_file.read_text().splitlines())
        words = f"muster.conf:{line}: the scope of nobody names a branch that there is not: \"B-9\""
        self.daemon.reload()
        self.daemon.wait_log("the configuration was not changed")
        self.assertIn(words, self.daemon.log())
        self.daemon.stop()
        ended = self.daemon.run()
        self.assertEqual(ended.returncode, 1)
        self.assertIn(words, ended.stderr)


if __name__ == "__main__":
    unittest.main()
