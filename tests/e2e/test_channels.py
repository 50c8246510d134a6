"""Each channel against real servers and programs: what arrives, that nothing is injected, and what a failure comes to."""

import base64
import email.policy
import hashlib
import hmac
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse

from harness import SOURCE, WAIT_S, binary, wait_until
from peers import MailPeer, WebPeer, make_certificate

NOW_US = 1_672_444_800_123_000
NASTY = "李娜 😀\r\nBcc: evil@example.org\r\n\r\n<script>\"x\" =?UTF-8?Q?y?="
ITEM = {"kind": 0, "alert": 71, "level": "red", "subject": "B-1", "branch": "B-1", "area": "4503", "remedy": "hold one"}


class Sending(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="muster-channels-"))
        cls.certificate = make_certificate(cls.folder)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def secret(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        return path

    def send(self, channel, *messages, timeout=WAIT_S):
        """The results of the messages, sent one after the other over a channel with these keys."""
        keys = " ".join(f"{key} = {self.value(value)};" for key, value in channel.items())
        config = self.folder / "m.conf"
        config.write_text(f'tracking_since = "2022-01-01"; channels = ( {{ name = "c"; {keys} }} );\n', encoding="utf-8")
        lines = "".join(json.dumps({"now_us": NOW_US, "items": [ITEM], "red": 1, **m}) + "\n" for m in messages or ({},))
        environment = {**os.environ, "MUSTER_DATADIR": str(SOURCE / "config"), "STATE_DIRECTORY": str(self.folder),
                       "RUNTIME_DIRECTORY": str(self.folder)}
        done = subprocess.run([binary("channel_driver"), str(config), "c"], input=lines, capture_output=True, text=True,
                              encoding="utf-8", timeout=timeout, env=environment, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return [json.loads(line) for line in done.stdout.splitlines()]

    @staticmethod
    def value(value):
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, list):
            return "[ " + ", ".join(json.dumps(str(v)) for v in value) + " ]"
        return str(value) if isinstance(value, int) else json.dumps(str(value), ensure_ascii=False)

    def outcome(self, result):
        return (result["sent"], result["code"])


class Mail(Sending):
    def channel(self, peer, **keys):
        security = {"none": "none", "starttls": "starttls", "tls": "tls"}[peer.security]
        return {"kind": "smtp", "host": "localhost", "port": peer.port, "security": security,
                "from": "muster@example.org", "timeout": 5, **keys}

    def message(self, **fields):
        return {"address": "zhang@example.org", **fields}

    def test_a_mail_in_both_languages(self):
        with MailPeer() as peer:
            results = self.send(self.channel(peer, from_name="台账"), self.message(recipient="王干事", lang="zh", ledger="北城"),
                                self.message(key="k-2"))
            self.assertEqual([self.outcome(r) for r in results], [("ok", "")] * 2)
            zh, en = peer.taken
        self.assertEqual((zh.to, zh.sender), (["zhang@example.org"], "muster@example.org"))
        self.assertEqual(str(zh.mail["Subject"]), "北城：未了预警 1 条（红牌 1 条）")
        self.assertEqual(zh.mail["From"].addresses[0].display_name, "台账")
        self.assertEqual(zh.mail["To"].addresses[0].display_name, "王干事")
        self.assertEqual(zh.mail["To"].addresses[0].addr_spec, "zhang@example.org")
        self.assertEqual(zh.mail["Message-ID"], "<k-1@example.org>")
        self.assertEqual(zh.mail["Date"].datetime.timestamp(), NOW_US // 1_000_000)
        self.assertEqual(zh.mail["Auto-Submitted"], "auto-generated")
        self.assertEqual(zh.mail.get_content_type(), "multipart/alternative")
        self.assertEqual([p.get_content_type() for p in zh.mail.iter_parts()], ["text/plain", "text/html"])
        self.assertIn("1. 【红牌】Theme day：B-1", zh.text)
        self.assertIn("[red] Theme day: B-1", en.mail.get_body(("plain",)).get_content().replace("1. ", ""))
        self.assertEqual((zh.key, en.key), ("k-1", "k-2"))
        self.assertFalse(zh.mail.defects + zh.mail.get_body(("html",)).defects)

    def test_nothing_is_injected(self):
        with MailPeer() as peer:
            item = {**ITEM, "name": NASTY, "title": NASTY, "remedy": NASTY, "word": NASTY}
            result, = self.send(self.channel(peer, from_name="x\u2028y"),
                                self.message(recipient=NASTY, ledger=NASTY, items=[item]))
            self.assertEqual(self.outcome(result), ("ok", ""))
            got, = peer.taken
        self.assertEqual(got.to, ["zhang@example.org"])
        self.assertIsNone(got.mail["Bcc"])
        self.assertEqual(sorted(set(map(str.lower, got.mail.keys()))),
                         sorted(["date", "from", "to", "subject", "message-id", "idempotency-key", "auto-submitted",
                                 "mime-version", "content-type"]))
        self.assertEqual(len(got.mail.keys()), 9)
        # The recipient reads what was meant. (Python's own reader refuses line breaks in a name, so: decoded by hand.)
        raw = email.message_from_bytes(got.raw, policy=email.policy.compat32)
        decoded = str(email.header.make_header(email.header.decode_header(raw["To"].rsplit("<", 1)[0].strip())))
        self.assertEqual(decoded, NASTY)
        text, html = got.text, got.mail.get_body(("html",)).get_content()
        self.assertNotRegex(text, r"(?m)^Bcc:")
        self.assertNotIn("<script>", html)
        self.assertIn("&lt;script&gt;", html)
        self.assertFalse(got.mail.defects)
        for line in got.raw.split(b"\r\n"):
            self.assertLessEqual(len(line), 998)
            self.assertTrue(line.isascii())

    def test_a_long_message(self):
        with MailPeer() as peer:
            many = [{**ITEM, "alert": 1000 + i, "name": "第一党支部" * 10} for i in range(200)]
            self.assertEqual(self.outcome(self.send(self.channel(peer), self.message(items=many))[0]), ("ok", ""))
            self.assertIn("200. ", peer.taken[0].text)

    def test_encrypted(self):
        password = self.secret("password", "geheim 密")
        for security in ("starttls", "tls"):
            with MailPeer(security, self.certificate, ("u", "geheim 密") if security == "starttls" else None) as peer:
                channel = self.channel(peer, ca_file=self.certificate[0])
                if security == "starttls":
                    channel |= {"user": "u", "password_file": password}
                result, = self.send(channel, self.message())
                self.assertEqual(self.outcome(result), ("ok", ""), result)
                self.assertTrue(peer.taken[0].tls)
                self.assertEqual(peer.taken[0].login, "u" if security == "starttls" else None)

    def test_not_encrypted_as_it_should_be(self):
        with MailPeer("starttls", self.certificate) as peer:  # an authority that nobody knows
            result, = self.send(self.channel(peer), self.message())
            self.assertEqual(self.outcome(result), ("later", "certificate"))
            other, _ = make_certificate(pathlib.Path(tempfile.mkdtemp(dir=self.folder)))
            result, = self.send(self.channel(peer, ca_file=other), self.message())
            self.assertEqual(self.outcome(result), ("later", "certificate"))
        with MailPeer() as peer:  # a server that offers no STARTTLS gets no mail in plain text
            result, = self.send(self.channel(peer, security="starttls"), self.message())
            self.assertEqual(self.outcome(result), ("later", "tls"))
            self.assertEqual((peer.tries, peer.taken), (0, []))

    def test_a_wrong_password_is_for_the_administrator(self):
        password = self.secret("wrong", "s3cr3t-and-wrong")
        with MailPeer("starttls", self.certificate, ("u", "right")) as peer:
            result, = self.send(self.channel(peer, ca_file=self.certificate[0], user="u", password_file=password), self.message())
        self.assertEqual(result["sent"], "later")
        self.assertNotIn("s3cr3t", json.dumps(result))

    def test_what_a_server_says(self):
        with MailPeer() as peer:
            for word, outcome in {"550@rcpt": ("never", "smtp 550"), "451@rcpt": ("later", "smtp 451"),
                                  "553@mail": ("never", "smtp 553"), "421@mail": ("later", "smtp 421"),
                                  "530@mail": ("later", "smtp 530"), "554": ("never", "smtp 554"),
                                  "452": ("later", "smtp 452")}.items():
                peer.behave = word
                result, = self.send(self.channel(peer), self.message())
                self.assertEqual(self.outcome(result), outcome, word)
                self.assertIn("told so", result["error"])
            self.assertEqual(peer.taken, [])

    def test_a_server_that_fails(self):
        with MailPeer() as peer:
            peer.behave = "drop"
            self.assertEqual(self.send(self.channel(peer), self.message())[0]["sent"], "later")
            peer.behave = "lose"
            self.assertEqual(self.send(self.channel(peer), self.message(key="k-7"))[0]["sent"], "later")
            self.assertEqual(peer.keys(), ["k-7"])
            peer.behave = "stall"
            begun = time.monotonic()
            self.assertEqual(self.outcome(self.send(self.channel(peer, timeout=1), self.message())[0]), ("later", "timeout"))
            self.assertLess(time.monotonic() - begun, 10)
            peer.refuse()
            self.assertEqual(self.outcome(self.send(self.channel(peer), self.message())[0]), ("later", "no connection"))
            peer.listen()
            peer.behave = lambda n: "drop" if n % 2 else "ok"
            results = self.send(self.channel(peer), *[self.message(key=f"s-{i}") for i in range(6)])
            self.assertEqual([r["sent"] for r in results].count("ok"), 3)

    def test_many(self):
        with MailPeer() as peer:
            results = self.send(self.channel(peer), *[self.message(key=f"m-{i}") for i in range(20)])
            self.assertEqual({self.outcome(r) for r in results}, {("ok", "")})
            self.assertEqual(peer.keys(), [f"m-{i}" for i in range(20)])


class Web(Sending):
    def channel(self, peer, **keys):
        return {"kind": "webhook", "url": f"{peer.url}/hook?a=1", "timeout": 5, **keys}

    def test_signed_json(self):
        secret = self.secret("secret", "密钥-of-the-office")
        with WebPeer(self.certificate) as peer:
            channel = self.channel(peer, secret_file=secret, ca_file=self.certificate[0], names=True)
            item = {**ITEM, "name": NASTY, "word": "nobody-may-know"}
            result, = self.send(channel, {"items": [item], "lang": "zh", "address": "office"})
            self.assertEqual(self.outcome(result), ("ok", ""), result)
            got, = peer.taken
        self.assertEqual((got.path, got.method, got.key), ("/hook?a=1", "POST", "k-1"))
        self.assertEqual(got.headers["Content-Type"], "application/json; charset=utf-8")
        timestamp = got.headers["X-Muster-Timestamp"]
        self.assertEqual(timestamp, str(NOW_US // 1_000_000))
        signature = hmac.new("密钥-of-the-office".encode(), timestamp.encode() + b"." + got.body, hashlib.sha256).hexdigest()
        self.assertEqual(got.headers["X-Muster-Signature"], f"sha256={signature}")
        self.assertEqual(got.json["items"][0]["name"], NASTY)
        self.assertEqual(got.json["items"][0]["subject"], {"branch": "B-1"})
        self.assertEqual((got.json["kind"], got.json["recipient"], got.json["address"]), ("now", "zhang", "office"))
        self.assertEqual(got.json["made_at"], "2022-12-31T00:00:00.000000Z")
        self.assertIn("红牌", got.json["text"])
        self.assertNotIn(b"nobody-may-know", got.body)

    def test_names_only_if_configured(self):
        with WebPeer() as peer:
            self.send(self.channel(peer), {"items": [{**ITEM, "name": "李娜"}]})
            got, = peer.taken
        self.assertNotIn("李娜", json.dumps(got.json, ensure_ascii=False))
        self.assertNotIn("X-Muster-Signature", got.headers)

    def test_what_a_server_says(self):
        with WebPeer() as peer:
            for word, outcome in {"500": ("later", 0), "503": ("later", 1), "429": ("later", 1), "408": ("later", 0),
                                  "404": ("never", 0), "400": ("never", 0), "302": ("never", 0), "204": ("ok", 0)}.items():
                peer.behave = word
                result, = self.send(self.channel(peer))
                self.assertEqual((result["sent"], result["retry_after"]), outcome, word)
            self.assertEqual(peer.tries, 8)  # and none of them to where a redirect would lead
            for word, code in {"stall": "timeout", "drop": "connection lost", "lose": "connection lost"}.items():
                peer.behave = word
                result, = self.send(self.channel(peer, timeout=1))
                self.assertEqual(self.outcome(result), ("later", code))
        self.assertEqual(self.outcome(self.send(self.channel(peer))[0]), ("later", "no connection"))

    def test_a_certificate_of_somebody_else(self):
        with WebPeer(self.certificate) as peer:
            result, = self.send(self.channel(peer))
            self.assertEqual(self.outcome(result), ("later", "certificate"))
            self.assertEqual(peer.tries, 0)

    def test_addresses_are_secrets(self):
        url = self.secret("url", "https://nowhere.invalid/hook?token=T0KEN")
        result, = self.send({"kind": "webhook", "url_file": url, "timeout": 5})
        self.assertEqual(result["sent"], "later")
        self.assertNotIn("T0KEN", json.dumps(result))


class Robots(Sending):
    def robot(self, peer, kind, **keys):
        return {"kind": kind, "url_file": self.secret("robot", f"{peer.url}/send?key=K"), "timeout": 5, **keys}

    def test_wecom(self):
        with WebPeer(answer=b'{"errcode": 0, "errmsg": "ok"}') as peer:
            many = [{**ITEM, "alert": 1000 + i, "name": "第一党支部", "word": "nobody-may-know"} for i in range(100)]
            self.assertEqual(self.outcome(self.send(self.robot(peer, "wecom"), {"items": many, "lang": "zh"})[0]), ("ok", ""))
            got, = peer.taken
        self.assertEqual((got.path, got.json["msgtype"]), ("/send?key=K", "text"))
        text = got.json["text"]["content"]
        self.assertLessEqual(len(text.encode()), 2048)
        self.assertIn("【红牌】1000 theme-day B-1", text)
        self.assertRegex(text, r"另有 \d+ 条")
        self.assertNotIn("第一党支部", text)
        self.assertNotIn("nobody-may-know", text)

    def test_dingtalk(self):
        with WebPeer(answer=b'{"errcode": 0, "errmsg": "ok"}') as peer:
            secret = self.secret("ding", "SEC-x")
            self.send(self.robot(peer, "dingtalk", secret_file=secret, names=True),
                      {"items": [{**ITEM, "name": "<@all> @138"}]})
            got, = peer.taken
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(got.path).query)
        timestamp = str(NOW_US // 1000)
        expected = base64.b64encode(hmac.new(b"SEC-x", f"{timestamp}\nSEC-x".encode(), hashlib.sha256).digest()).decode()
        self.assertEqual((query["key"], query["timestamp"], query["sign"]), (["K"], [timestamp], [expected]))
        self.assertIn("＜＠all＞ ＠138", got.json["text"]["content"])

    def test_feishu(self):
        with WebPeer(answer=b'{"code": 0, "msg": "success"}') as peer:
            secret = self.secret("fei", "SEC-y")
            self.send(self.robot(peer, "feishu", secret_file=secret))
            got, = peer.taken
        timestamp = str(NOW_US // 1_000_000)
        expected = base64.b64encode(hmac.new(f"{timestamp}\nSEC-y".encode(), b"", hashlib.sha256).digest()).decode()
        self.assertEqual((got.json["timestamp"], got.json["sign"]), (timestamp, expected))
        self.assertEqual(got.json["msg_type"], "text")
        self.assertIn("71 theme-day B-1", got.json["content"]["text"])

    def test_what_robots_say(self):
        cases = {("wecom", b'{"errcode": 45009, "errmsg": "api freq out of limit"}'): ("later", "robot 45009", 60),
                 ("wecom", b'{"errcode": 93000, "errmsg": "invalid webhook url"}'): ("never", "robot 93000", 0),
                 ("dingtalk", b'{"errcode": 130101, "errmsg": "send too fast"}'): ("later", "robot 130101", 60),
                 ("dingtalk", b'{"errcode": 310000, "errmsg": "sign not match"}'): ("never", "robot 310000", 0),
                 ("feishu", b'{"code": 11232, "msg": "frequency limited"}'): ("later", "robot 11232", 60),
                 ("feishu", b'{"code": 19024, "msg": "Key Words Not Found"}'): ("never", "robot 19024", 0),
                 ("feishu", b'{"StatusCode": 0}'): ("ok", "", 0),
                 ("wecom", b"<html>captive portal</html>"): ("later", "no answer", 0)}
        with WebPeer() as peer:
            for (kind, answer), outcome in cases.items():
                peer.answer = answer
                result, = self.send(self.robot(peer, kind))
                self.assertEqual((*self.outcome(result), result["retry_after"]), outcome)
            peer.behave = "500"
            self.assertEqual(self.outcome(self.send(self.robot(peer, "wecom"))[0]), ("later", "http 500"))


class Command(Sending):
    def program(self, text):
        path = self.folder / "program"
        path.write_text(f"#!{sys.executable}\nimport json, os, signal, subprocess, sys, time\n{text}\n", encoding="utf-8")
        path.chmod(0o700)
        return path

    def command(self, text, *arguments, **keys):
        return {"kind": "command", "command": [self.program(text), *arguments], "timeout": 20, **keys}

    def test_what_it_gets(self):
        out = self.folder / "out.json"
        channel = self.command(f"""
json.dump({{"input": json.load(sys.stdin), "arguments": sys.argv[1:], "environment": dict(os.environ), "folder": os.getcwd(),
            "files": len(os.listdir("/proc/self/fd")),
            "blocked": sorted(signal.pthread_sigmask(signal.SIG_BLOCK, [])),
            "pipe": signal.getsignal(signal.SIGTERM) == signal.SIG_DFL}},
          open({str(out)!r}, "w"))""", "-x", "; touch /tmp/x $(id)")
        item = {**ITEM, "name": NASTY, "word": "w-1"}
        self.assertEqual(self.outcome(self.send(channel, {"address": "+86 138", "items": [item]})[0]), ("ok", ""))
        got = json.loads(out.read_text())
        self.assertEqual(got["arguments"], ["-x", "; touch /tmp/x $(id)"])
        self.assertEqual(got["input"]["items"][0]["name"], NASTY)
        self.assertEqual((got["input"]["items"][0]["word"], got["input"]["address"], got["input"]["key"]), ("w-1", "+86 138", "k-1"))
        self.assertIn("muster alert ack --word w-1", got["input"]["text"])
        self.assertLessEqual(set(got["environment"]), {"PATH", "LANG", "MUSTER_CHANNEL", "LC_CTYPE"})
        self.assertEqual((got["folder"], got["blocked"], got["pipe"]), ("/", [], True))
        self.assertLessEqual(got["files"], 5)  # three, the folder being read, and the file written

    def test_exit_status(self):
        for status, outcome in {0: ("ok", ""), 1: ("later", "exit 1"), 75: ("later", "exit 75"), 67: ("never", "exit 67"),
                                65: ("never", "exit 65")}.items():
            channel = self.command(f"print('why\\x07', file=sys.stderr); sys.exit({status})")
            result, = self.send(channel, {"address": "a"})
            self.assertEqual(self.outcome(result), outcome)
            self.assertEqual("why" in result["error"], status != 0)
        self.assertEqual(self.outcome(self.send(self.command("os.kill(os.getpid(), 6)"), {"address": "a"})[0]),
                         ("later", "signal 6"))

    def test_much_input_unread_and_much_said(self):
        many = [{**ITEM, "name": "x" * 200} for _ in range(200)]
        channel = self.command("os.close(0); sys.stderr.write('y' * 1000000)")
        self.assertEqual(self.outcome(self.send(channel, {"address": "a", "items": many})[0]), ("ok", ""))

    def test_killed_with_all_it_started(self):
        pids = self.folder / "pids"
        channel = self.command(f"""
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(os.getpid(), child.pid, file=open({str(pids)!r}, "w"), flush=True)
time.sleep(600)""", timeout=3)
        begun = time.monotonic()
        self.assertEqual(self.outcome(self.send(channel, {"address": "a"})[0]), ("later", "timeout"))
        self.assertLess(time.monotonic() - begun, 15)
        for pid in pids.read_text().split():
            wait_until(lambda number=pid: self.is_gone(number), f"the end of {pid}")

    @staticmethod
    def is_gone(pid):
        try:
            return " Z " in pathlib.Path(f"/proc/{pid}/stat").read_text()
        except FileNotFoundError:
            return True

    def test_a_program_that_went_away(self):
        channel = self.command("")
        interpreter = self.folder / "program"
        interpreter.write_text("#!/nonexistent/interpreter\n")
        self.assertEqual(self.outcome(self.send(channel, {"address": "a"})[0]), ("later", "no start"))


if __name__ == "__main__":
    unittest.main()
