"""Random events, right and wrong, through event_read and through tests/oracle: the same verdicts, the
same days and times of day, and the same opinion on which two events are the same content.

    event_oracle.py EVENT_VERDICT ORACLE_DIR [SEED [COUNT]]
"""
import datetime
import json
import random
import subprocess
import sys
import time
from decimal import Decimal

sys.path.insert(0, sys.argv[2])
import events as oracle  # noqa: E402

SEED = int(sys.argv[3]) if len(sys.argv) > 3 else time.time_ns() % 10**9
COUNT = int(sys.argv[4]) if len(sys.argv) > 4 else 6000
TODAY = datetime.date(9999, 12, 31)
ZONES = ["Asia/Shanghai", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe", "UTC"]
chance = random.Random(SEED)


class Raw(str):
    """A token written as it is."""


def pick(*items):
    return lambda: chance.choice(items)


def lists(item, least=0, most=4):
    return lambda: list(dict.fromkeys(item() for _ in range(chance.randint(least, most))))


ref = pick("B-1", "B-2", "B-3", "00001", "00002", "00003", "张三", "é", "a.b_c-d", "x" * 64, "٣")
word = pick("", "text", "题\n目\t", "\"q\" \\ /", "😀", "x" * 4096, "é", "\u2028")
count = pick(0, 1, 5, 1000000, Raw("8.0"), Raw("8e0"), Raw("80e-1"), Raw("-0"), Raw("0.0e7"), Raw("1E+3"))
date = pick("2022-11-05", "2020-02-29", "2024-12-31", "0001-01-01", "9999-12-31")
name = pick("n", "名称", " ")


def uuid():
    return "0185a000-0000-7000-8000-%012x" % chance.randrange(4)


def absence():
    return [{"member": one, "reason": word()} for one in lists(ref)()]


GOOD = {
    "id": uuid, "replaces": uuid, "event": uuid,
    "extra": lambda: chance.choice([{}, {"a": 1, "b": [1, {"c": None}], "": "x"}, {"n": Raw("1.50e2")}]),
    "at": pick("2022-11-05", "2022-11-05T15:00:00+08:00", "2022-12-31T16:00:00Z", "2022-11-05T15:00:00.123456789-05:30",
               "1900-01-01", "1927-12-31T12:00:00-00:00", "2022-03-13T07:30:00Z", "2011-12-30T10:00:00Z", "2023-04-01T15:10:00.5Z"),
    "name": name, "office": name, "person": name, "to_name": name, "from_name": name,
    "sector": pick("enterprise", "association"), "form": pick("own", "joint", "mobile", "general"),
    "stage": pick("probationary", "full"), "role": pick("none", "secretary", "officer"),
    "channel": pick("visit", "phone", "message", "letter", "other"),
    "staff": count, "groups": count, "present_count": count, "due_count": count, "guests": count, "duration_min": count,
    "eligible": pick(True, False), "above_scale": pick(True, False), "committee": pick(True, False),
    "new": pick(True, False), "fixed": pick(True, False),
    "units": lists(ref), "branches": lists(ref), "with": lists(ref), "present": lists(ref, 0, 30),
    "topics": lists(word), "tags": lists(word), "absent": absence,
    "kinds": lists(pick(*oracle.MEETING_KINDS), 1),
    "term_started": date, "until": date, "admitted_on": date,
    "term_years": pick(1, 3, 99, Raw("5.0")), "cycle": pick(1900, 2022, 9999), "stars": pick(0, 5, Raw("3e0")),
    "score": pick(1, Raw("-87.50"), Raw("1e300"), 0), "hours": pick(1, Raw("0.01"), 1000, Raw("1.25"), Raw("100e-1"), Raw("1.500")),
    "subject": lambda: {chance.choice(["branch", "member", "unit"]): ref()},
    "rules": lambda: chance.choice([["*"], ["a-rule", "b"], ["x"]]),
    "public": pick("x" * 40, "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"),
    "areas": lambda: chance.choice([["*"], ["4503"], ["a", "区"]]),
    "valid_days": pick(1, 90, 366), "alert": pick(1, 2**63 - 1, Raw("12.0")),
}
REFS = ("unit branch member into body alliance transfer to exemption key".split())
LEFT = pick("removed", "lapsed", "resigned", "died", "other")
DISSOLVED = pick("dormant", "hollow", "merged", "unit_closed", "other")
BAD = pick(
    None, True, False, 0, -1, 1, Raw("1.5"), Raw("1e1"), Raw("1.005"), Raw("0.001"), Raw("1000.01"), Raw("1000001"),
    Raw("9223372036854775807"), Raw("-9223372036854775808"), Raw("-0.0"), "", "x", " ", "a b", "x" * 65, "x" * 4097, "e\u0301", "bell\u0007", "del\x7f",
    "c1\x85", "nul\0", "*", "meeting", "2022-02-29", "2022-13-01", "2022-1-1", "0000-01-01", "20221105", "2022-11-05T15:00:00",
    "2022-11-05t15:00:00z", "2022-11-05T15:00:60Z", "2022-11-05T24:00:00Z", "2022-11-05T15:00Z", "2022-11-05T15:00:00.Z",
    "2022-11-05T15:00:00,5Z", "2022-11-05T15:00:00+24:00", "2022-11-05T15:00:00+0800", "2022-11-05T15:00:00+08:60",
    "2022-11-05T15:00:00+08:00 ", "0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-01:00", "2022-11-05 ",
    "٢٠٢٢-11-05", "0185A000-0000-7000-8000-000000000001", "0185a000-0000-7000-8000-00000000000", "Full", "ful", [], {}, [1], ["x"], ["x", "x"],
    ["*", "x"], [None], [""], [["x"]], ["general_meeting", "general_meeting"], ["x"] * 40, ["m%d" % i for i in range(40)],
    [{"member": "x"}], [{"member": "x", "reason": None}], [{"member": "x", "reason": "", "z": 1}], [{"reason": "r", "member": "y"}],
    [{"member": "x", "reason": "1"}, {"member": "x", "reason": "2"}], {"branch": "x"}, {"branch": "x", "member": "y"},
    {"branch": None}, {"transfer": "x"}, {"member": "a b"}, {"branch": "x", "member": None})


def value_for(kind, field):
    if field == "reason" and kind in ("member.left", "branch.dissolved"):
        return LEFT() if kind == "member.left" else DISSOLVED()
    if field == "role" and kind == "key.allowed":
        return chance.choice(["recorder", "reader", "staff", "admin"])
    if field in REFS:
        return ref()
    return GOOD.get(field, word)()


def make(kind=None):
    """An event that is mostly right."""
    kind = kind or chance.choice(list(oracle.CATALOGUE))
    event = {}
    for field, (_, required) in oracle.CATALOGUE[kind].items():
        if field == "type":
            event["type"] = kind
        elif required or chance.random() < (0.1 if field == "replaces" else 0.4):
            event[field] = value_for(kind, field)
    if kind == "exemption.granted":
        event["reason"] = word()  # required by ledger.md 3; the oracle takes it as optional
    if kind == "transfer.received" and chance.random() < 0.7:
        keep = {"id", "type", "at", "transfer"} if "from_name" not in event else set(event)
        event = {key: value for key, value in event.items() if key in keep}
        if "from_name" in event:
            for field in ("member", "name", "stage", "branch"):
                event.setdefault(field, value_for(kind, field))
    items = list(event.items())
    chance.shuffle(items)
    return dict(items)


def spoil(event):
    field = chance.choice(list(event))
    how = chance.randrange(8)
    if how == 0 and not (event.get("type") == "exemption.granted" and field == "reason"):
        del event[field]
    elif how == 1:
        event[chance.choice(["titel", "x", "hours", "member", "branch", "reason", ""])] = BAD()
    elif how == 2:
        event["type"] = chance.choice(["meetings", "Meeting", "alert.opened", "ledger.opened", 5, None, "", "contact", "unit.closed"])
    elif how == 3:
        event[field] = value_for(str(event.get("type")), field)
    else:
        event[field] = BAD()


def write(value, odd=False):
    """JSON, with `odd` in another spelling of the same."""
    blank = (lambda: chance.choice(["", " ", "\n", "\t "])) if odd else (lambda: "")
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, str):
        text = json.dumps(value, ensure_ascii=chance.random() < 0.5)
        return text.replace("e", "\\u0065") if odd and "\\" not in text else text
    if isinstance(value, list):
        return "[" + ",".join(blank() + write(one, odd) + blank() for one in value) + "]"
    if isinstance(value, dict):
        items = list(value.items())
        if odd:
            chance.shuffle(items)
        return "{" + ",".join(blank() + write(k, odd) + blank() + ":" + blank() + write(v, odd) + blank() for k, v in items) + "}"
    if odd and isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**6:
        return chance.choice(["%d", "%d.0", "%de0", "%d0e-1", "%d.00E+0"]) % value
    return json.dumps(value)


def garble(text):
    """Spoils the text itself."""
    at = chance.randrange(len(text))
    return chance.choice([text[:at], text + chance.choice("}x,"), text[:at] + chance.choice("{}[]\",:\\0e") + text[at + 1:],
                          text[:-1] + ',"id":"x"}', "[" + text + "]"]).replace("\n", " ")


def expected(text, zone):
    """(codes that will do, day, time key)"""
    try:
        event = oracle.parse(text)
        content, day, clock = oracle.check(event, len(text.encode()), TODAY, zone)
        if content.get("cycle", 1900) < 1900:
            return ["invalid_value"], None, None  # the catalogue begins where dates do
        return ["ok"], day, clock
    except oracle.Refused as refused:
        if refused.code == "too_old":
            return ["ok"], None, None
        return [refused.code, *refused.also], None, None


def agrees(answer, codes, day, clock):
    parts = answer.split()
    if parts[0] not in codes or (parts[0] != "ok" and not answer.count("|") == 3):
        return False
    if parts[0] == "ok" and day is not None:
        nanoseconds = -1 if clock[0] == 0 else int(clock[1] * Decimal(10**9))
        return parts[1] == day.isoformat() and int(parts[2]) == nanoseconds
    return True


def one_event():
    event = make()
    for _ in range(chance.choice([0, 1, 1, 2])):
        spoil(event)
    text = write(event).replace("\n", " ")
    return garble(text) if chance.random() < 0.1 else text


def one_pair(zone):
    """A line that asks whether two events are the same, and the answer."""
    event = make()
    other = dict(event)
    if chance.random() < 0.5:
        field = chance.choice(list(event))
        if field != "type":
            other[field] = value_for(event["type"], field)
    if chance.random() < 0.3:
        other[chance.choice(list(oracle.CATALOGUE[event["type"]]) + ["nothing"])] = None
    a, b = write(event), write(other, odd=True).replace("\n", " ").replace("\t", " ")
    a = a.replace("\n", " ").replace("\t", " ")
    if expected(a, zone)[0] != ["ok"] or expected(b, zone)[0] != ["ok"]:
        return None
    content = [oracle.canonical({k: v for k, v in oracle.parse(text).items() if v is not None}) for text in (a, b)]
    return "same\t%s\t%s" % (a, b), "same" if content[0] == content[1] else "different"


def main():
    zone = chance.choice(ZONES)
    print("seed %d, zone %s" % (SEED, zone))
    texts = [one_event() for _ in range(COUNT)]
    pairs = [pair for pair in (one_pair(zone) for _ in range(COUNT // 3)) if pair]
    lines = texts + [line for line, _ in pairs]
    out = subprocess.run([sys.argv[1], zone], input="\n".join(lines) + "\n", capture_output=True,
                         text=True, encoding="utf-8", check=True).stdout
    answers = out.split("\n")[:-1]
    assert len(answers) == len(lines), "%d answers to %d lines" % (len(answers), len(lines))
    wrong, seen = 0, {}
    for text, answer in zip(texts, answers):
        codes, day, clock = expected(text, zone)
        seen[answer.split()[0]] = seen.get(answer.split()[0], 0) + 1
        if not agrees(answer, codes, day, clock):
            wrong += 1
            print("DIFFERENT: expected %s %s %s, got %s\n  %s" % (codes, day, clock, answer, text[:600]))
    for (line, verdict), answer in zip(pairs, answers[len(texts):]):
        seen[answer] = seen.get(answer, 0) + 1
        if answer != verdict:
            wrong += 1
            print("DIFFERENT: expected %s, got %s\n  %s" % (verdict, answer, line[:1200]))
    print(seen, "%d different" % wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
