"""People are told of alerts: what that costs those who submit while the mail server stalls, and what a province's midnight takes."""

import json
import os
import pathlib
import subprocess
import sys
import threading
import time

from full import OFFERED, load
from goals import Ratio, say
from quick import check
from stage import DUTIES_DUE, TODAY

PEER = pathlib.Path(__file__).resolve().parent / "mail_peer.py"
RECIPIENTS = 20
TRY_S = 1       # the channel's time limit: a stalled server has one connection after the other
GATHER_S = 1    # so that there are new messages all the time
DUTIES_EVE = "2022-12-10"
NOON = f"{TODAY}T12:30:00+08:00"  # after the last row of the generated ledger
OFFER = {"clients": 8, "outstanding": 64, "offer": OFFERED}


class Mail:
    """A mail server that takes mail, or accepts connections and never answers to a mail."""

    def __init__(self, behave):
        self.behave = behave

    def __enter__(self):
        self.process = subprocess.Popen([sys.executable, str(PEER), self.behave], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()

    def counts(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def telling(port, recipients=RECIPIENTS, **keys):
    """Everybody is told of everything by mail."""
    names = [f"clerk-{number:03d}" for number in range(recipients)]
    return {"channels": [{"name": "mail", "kind": "smtp", "host": "127.0.0.1", "port": port, "security": "none",
                          "from": "muster@example.org", "timeout": TRY_S}],
            "people": [{"name": name, "language": "en", "channels": [{"by": "mail", "to": f"{name}@example.org"}]} for name in names],
            "routes": [{"name": "all", "to": names}], "administrator": names[0], "notice_gather": GATHER_S, **keys}


def open_alerts(status):
    return sum(status["alerts"].values())


def until(condition, what, seconds=120):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise RuntimeError(f"waited in vain for {what}")
        time.sleep(0.05)


def offered(stage, shape, seconds, mail=None):
    """p99 of submissions of which every tenth opens an alert; with a mail server: while it is being talked to."""
    keys = telling(mail.port) if mail else {}
    with stage.daemon(stage.copy_of(shape, "told"), at=NOON, **keys) as daemon:
        daemon.wait_settled()
        load(stage, daemon, shape, "opens", seconds / 4, **OFFER)
        if mail:
            until(lambda: mail.counts()["tries"] > 0, "a first try")
        os.sync()  # what making the ledger and the runs before left to be written is no part of it
        before, counts_before = daemon.status(), mail and mail.counts()
        outcome = load(stage, daemon, shape, "opens", seconds, **OFFER)
        after, counts = daemon.status(), mail and mail.counts()
    check(outcome)
    if open_alerts(after) <= open_alerts(before):
        raise RuntimeError(f"no alert was opened meanwhile: {before}, {after}")
    if mail:
        was_told(mail.behave, before["notices"], after["notices"], counts_before, counts, seconds)
    return outcome["p99_us"]


def was_told(behave, before, after, counts_before, counts, seconds):
    """Otherwise something else was measured."""
    tries = counts["tries"] - counts_before["tries"]
    told = f"{behave}: {before}, {after}, {counts_before}, {counts}"
    if behave == "stall" and (counts["taken"] or not before["sending"] or not after["sending"] or tries < int(seconds / TRY_S / 2)):
        raise RuntimeError(f"it did not stall all the time: {told}")
    if behave == "ok" and (counts["taken"] <= counts_before["taken"] or after["failed"]):
        raise RuntimeError(f"nothing was sent: {told}")
    say(f"  {told}")


def stalled(stage, shape, rounds, seconds):
    """The goal is the strict one: over a daemon that tells nobody anything."""
    goal = Ratio(f"p99 of submit at {OFFERED} a second with a stalled SMTP server, over that without one", 1.3, least=False)
    beside = Ratio("the same over that with an SMTP server that answers")
    for _ in range(rounds):
        with Mail("ok") as takes, Mail("stall") as stalls:
            nobody = offered(stage, shape, seconds)
            stall = offered(stage, shape, seconds, stalls)
            answers = offered(stage, shape, seconds, takes)
        goal.add(stall / nobody)
        beside.add(stall / answers)
        goal.note = f"{stall} us against {nobody} us"
        beside.note = f"{stall} us against {answers} us"
        say(f"  p99: nobody told {nobody} us, stalled {stall} us, answering {answers} us")
    return [goal, beside]


class Sampled:
    """The daemon's own memory, looked at all the time from now on."""

    def __init__(self, daemon):
        self.daemon, self.peak, self.over = daemon, daemon.memory_mib(), threading.Event()
        self.thread = threading.Thread(target=self.look, daemon=True)
        self.thread.start()

    def look(self):
        while not self.over.wait(0.05):
            self.peak = max(self.peak, self.daemon.memory_mib())

    def end(self):
        self.over.set()
        self.thread.join()
        return max(self.peak, self.daemon.memory_mib())


def province(port, branches):
    """A clerk for every 500 branches (ten areas), and one who is told of everything."""
    clerks = [f"clerk-{number:06d}" for number in range((branches + 499) // 500)]
    keys = telling(port, 1)
    person = keys["people"][0]
    keys["people"] += [{**person, "name": name, "channels": [{"by": "mail", "to": f"{name}@example.org"}]} for name in clerks]
    keys["routes"] += [{"name": name, "areas": ["45" + name[-6:]], "to": [name]} for name in clerks]
    keys["channels"][0]["timeout"] = 60
    return keys


def told_all(daemon):
    status = daemon.status()
    notices_ = status["notices"]
    return not (status["settling"] or status["lag"] or status["telling"] or notices_["waiting"] or notices_["sending"])


def month_end(stage, shape, rounds):
    """All branches missed what was due in the month: what the midnight takes that says so, and its messages."""
    memory = Ratio(f"resident memory without page cache, {shape.branches:,} branches, while a midnight's alerts are told", 400,
                   least=False, unit=" MiB")
    grown = Ratio("the same, over what it was before midnight", unit=" MiB")
    time_ = Ratio("from midnight until everybody is told", unit=" s")
    for _ in range(rounds):
        with Mail("ok") as mail, stage.daemon(stage.copy_of(shape, "month-end"), at=f"{DUTIES_EVE}T12:00:00+08:00",
                                              **province(mail.port, shape.branches)) as daemon:
            until(lambda: told_all(daemon), "a quiet eve", 3600)
            before, status, counts = daemon.memory_mib(), daemon.status(), mail.counts()
            sampled, began = Sampled(daemon), time.monotonic()
            daemon.clock.set(f"{DUTIES_DUE}T00:00:01+08:00")
            until(lambda: open_alerts(daemon.status()) > open_alerts(status), "the first alert", 600)
            until(lambda: told_all(daemon), "everybody to be told", 3600)
            seconds, peak = time.monotonic() - began, sampled.end()
            opened, mails = open_alerts(daemon.status()) - open_alerts(status), mail.counts()["taken"] - counts["taken"]
        memory.add(peak)
        grown.add(max(0.01, peak - before))
        time_.add(seconds)
        memory.note = f"{opened:,} alerts, {mails} mails"
        say(f"  {opened:,} alerts opened, {mails} mails in {seconds:.1f} s; {before:.0f} MiB before, at most {peak:.0f} MiB")
    return [memory, grown, time_]
