"""Whom notices are sent to, in tests: a real SMTP server and a real HTTP server on loopback, that can misbehave.

    with MailPeer() as mail:
        mail.behave = "451"                     # every transaction; or a function of what has come so far
        mail.behave = lambda n: "drop" if n % 3 == 0 else "ok"
        mail.wait(5)                            # until five have been taken
        for got in mail.taken: got.to, got.key, got.mail (an email.message.EmailMessage), got.text

    with WebPeer() as web:
        web.behave = "429"                      # with Retry-After: 1
        got = web.taken[0]; got.json, got.headers, got.body

What a peer can do:  "ok"; a number: that answer ("550", "451"; "500", "429", "404"); "stall": takes all and answers never;
"drop": takes all, breaks the connection without an answer; "lose": takes and *keeps* the message, breaks the connection
before the answer (the sender cannot know); "slow": answers after a second. `refuse()` closes the door: connections are
refused until `listen()`. `tries` counts what was begun.
"""

import asyncio
import email
import email.policy
import http.server
import json
import logging
import pathlib
import socket
import ssl
import subprocess
import threading
import time

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from harness import WAIT_S, wait_until

STALL_S = 600.0
logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # it tells of every connection that breaks


def make_certificate(folder):
    """A certificate for localhost and its key, signed by itself: (certificate, key) as paths."""
    folder = pathlib.Path(folder)
    certificate, key = folder / "peer.pem", folder / "peer.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-keyout", str(key), "-out", str(certificate), "-days", "30000", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
                   check=True, capture_output=True)
    return certificate, key


def server_context(certificate, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Got:
    """One message that came in."""

    def __init__(self, **fields):
        self.at = time.time()
        self.__dict__.update(fields)


class Peer:
    """What both kinds have in common. `behave` is a word, or a function of the number of the try (from 1)."""

    def __init__(self):
        self.lock = threading.Lock()
        self.taken = []
        self.tries = 0
        self.behave = "ok"
        self.port = free_port()

    def next_word(self):
        with self.lock:
            self.tries += 1
            behave = self.behave
            return behave(self.tries) if callable(behave) else behave

    def take(self, got):
        with self.lock:
            self.taken.append(got)

    def keys(self):
        with self.lock:
            return [got.key for got in self.taken]

    def wait(self, count, timeout=WAIT_S):
        wait_until(lambda: len(self.taken) >= count, f"{count} messages (there are {len(self.taken)})", timeout)
        return self.taken

    def __enter__(self):
        self.listen()
        return self

    def __exit__(self, *_):
        self.refuse()


class MailHandler:
    def __init__(self, peer):
        self.peer = peer

    async def handle_MAIL(self, server, session, envelope, address, options):
        # One word for one transaction, and the stage at which it strikes.
        session.word = self.peer.next_word()
        if session.word.endswith("@mail"):
            return f"{session.word[:3]} told so"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if session.word.endswith("@rcpt"):
            return f"{session.word[:3]} told so"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        word = session.word
        if word == "stall":
            await asyncio.sleep(STALL_S)
        if word == "slow":
            await asyncio.sleep(1.0)
        if word in ("ok", "slow", "lose"):
            mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
            part = mail.get_body(("plain",))
            self.peer.take(Got(to=list(envelope.rcpt_tos), sender=envelope.mail_from, raw=envelope.content, mail=mail,
                               key=mail["Idempotency-Key"], text=part.get_content() if part else None,
                               login=session.auth_data, tls=server.transport.get_extra_info("ssl_object") is not None))
        if word in ("drop", "lose"):
            server.transport.abort()
            return "250 OK"
        return f"{word[:3]} told so" if word[:1].isdigit() else "250 OK"


class MailPeer(Peer):
    """security: "none", "starttls", "tls"; with a certificate (peers.make_certificate). login: (user, password)."""

    def __init__(self, security="none", certificate=None, login=None):
        super().__init__()
        self.security, self.certificate, self.login = security, certificate, login
        self.controller = None

    def authenticate(self, server, session, envelope, mechanism, data):
        if (data.login.decode(), data.password.decode()) != self.login:
            return AuthResult(success=False, handled=False)
        return AuthResult(success=True, auth_data=data.login.decode())

    def listen(self):
        context = server_context(*self.certificate) if self.certificate else None
        options = {"enable_SMTPUTF8": True}
        if self.security == "starttls":
            options |= {"tls_context": context, "require_starttls": True}
        if self.login:
            options |= {"authenticator": self.authenticate, "auth_required": True,
                        "auth_require_tls": self.security == "starttls"}
        self.controller = Controller(MailHandler(self), hostname="127.0.0.1", port=self.port,
                                     ssl_context=context if self.security == "tls" else None, **options)
        self.controller.start()

    def refuse(self):
        if self.controller:
            controller, self.controller = self.controller, None
            controller.stop()


class WebRequest(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def handle(self):
        try:
            super().handle()
        except (ConnectionError, ssl.SSLError):
            pass

    def do_GET(self):
        self.do_POST()

    def do_POST(self):
        peer = self.server.peer
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        word = peer.next_word()
        if word == "stall":
            peer.over.wait(STALL_S)
            self.close_connection = True
            return
        if word == "slow":
            time.sleep(1.0)
        if word in ("ok", "slow", "lose"):
            parsed = json.loads(body) if body else None
            peer.take(Got(path=self.path, headers=dict(self.headers), body=body, json=parsed, method=self.command,
                          key=self.headers.get("Idempotency-Key")))
        if word in ("drop", "lose"):
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.answer(peer, int(word) if word.isdigit() else 200)

    def answer(self, peer, status):
        text = peer.answer if status == 200 else b""
        self.send_response(status)
        if status in (429, 503):
            self.send_header("Retry-After", "1")
        if 300 <= status < 400:
            self.send_header("Location", f"{peer.url}/elsewhere")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


class WebPeer(Peer):
    """`answer`: the body with status 200, such as a robot's b'{"errcode": 0}'."""

    def __init__(self, certificate=None, answer=b"{}"):
        super().__init__()
        self.certificate, self.answer = certificate, answer
        self.server = None
        self.over = threading.Event()
        self.url = f"{'https://localhost' if certificate else 'http://127.0.0.1'}:{self.port}"

    def listen(self):
        self.over.clear()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), WebRequest)
        self.server.daemon_threads = True
        self.server.peer = self
        if self.certificate:
            self.server.socket = server_context(*self.certificate).wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def refuse(self):
        if self.server:
            server, self.server = self.server, None
            self.over.set()
            server.shutdown()
            server.server_close()
