"""The catalogue of ledger.md section 3 and what one event by itself must obey.

`check` covers the codes too_large, unknown_type, unknown_field, missing_field,
invalid_value, in_future and too_old, in that order (ledger.md section 5).  What
needs other events is in history.py.
"""
import json
import re
import unicodedata
from datetime import date
from decimal import Decimal

from dates import parse_at, parse_date

MAX_EVENT_BYTES = 64 * 1024
MAX_TEXT_BYTES = 4 * 1024
OLDEST = date(1900, 1, 1)

MEETING_KINDS = ("general_meeting committee_meeting group_meeting lecture theme_day "
                 "life_meeting annual_review talk service forum other").split()
SECTORS = ["enterprise", "association"]
FORMS = ["own", "joint", "mobile", "general"]
STAGES = ["probationary", "full"]
ROLES = ["none", "secretary", "officer"]


class Refused(Exception):
    """An event is refused: the code, the field, other codes one could defend."""

    def __init__(self, code, field=None, also=()):
        super().__init__(code, field)
        self.code, self.field, self.also = code, field, tuple(also)


def bad(field, also=()):
    return Refused("invalid_value", field, also)


# ---- parsing ---------------------------------------------------------------

def parse(text):
    """Parse one event as sent: UTF-8 JSON object, unique keys (ledger.md 2)."""
    def pairs(items):
        keys = [key for key, _ in items]
        if len(keys) != len(set(keys)):
            raise bad(None, ["malformed"])
        return dict(items)

    def constant(name):
        raise ValueError(name)

    try:
        event = json.loads(text, parse_float=Decimal, parse_constant=constant,
                           object_pairs_hook=pairs)
    except ValueError as error:
        raise bad(None, ["malformed"]) from error
    if not isinstance(event, dict):
        raise bad(None, ["malformed"])
    return event


def canonical(value):
    """A hashable form equal exactly for equal content (ledger.md 2, Identity)."""
    if isinstance(value, dict):
        return ("object", tuple(sorted((k, canonical(v)) for k, v in value.items())))
    if isinstance(value, list):
        return ("list", tuple(canonical(v) for v in value))
    if isinstance(value, bool) or value is None:
        return ("literal", str(value))
    if isinstance(value, (int, float, Decimal)):
        return ("number", str(Decimal(str(value)).normalize() + 0))
    return ("text", value)


# ---- kinds of values -------------------------------------------------------

def text(field, value):
    """Valid UTF-8, at most 4 KiB, no control characters but newline and tab."""
    if not isinstance(value, str):
        raise bad(field)
    try:
        size = len(value.encode("utf-8"))
    except UnicodeEncodeError as error:
        raise bad(field, ["malformed"]) from error
    if size > MAX_TEXT_BYTES:
        raise bad(field)
    if any(unicodedata.category(c) == "Cc" and c not in "\n\t" for c in value):
        raise bad(field)


def name(field, value):
    """A text that is not empty."""
    text(field, value)
    if value == "":
        raise bad(field)


def ref(field, value):
    """1 to 64 bytes of letters, digits, `-`, `_`, `.`, in NFC."""
    text(field, value)
    if not 1 <= len(value.encode("utf-8")) <= 64:
        raise bad(field)
    if not all(c in "-_." or unicodedata.category(c)[0] == "L"
               or unicodedata.category(c) == "Nd" for c in value):
        raise bad(field)
    if unicodedata.normalize("NFC", value) != value:
        raise bad(field)


_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def uuid(field, value):
    if not isinstance(value, str) or not _UUID.fullmatch(value):
        raise bad(field)


def boolean(field, value):
    if not isinstance(value, bool):
        raise bad(field)


def number(field, value):
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise bad(field)


def integer(low, high):
    """A whole number in a range; 8, 8.0 and 8e0 are the same (ledger.md 2)."""
    def check_integer(field, value):
        number(field, value)
        value = Decimal(str(value))
        if not low <= value <= high or value != value.to_integral_value():
            raise bad(field)
    return check_integer


count = integer(0, 1_000_000)
years = integer(1, 99)


def hours(field, value):
    """Above 0 to 1,000 with at most 2 decimals."""
    number(field, value)
    value = Decimal(str(value))
    if not 0 < value <= 1000 or value * 100 != (value * 100).to_integral_value():
        raise bad(field)


def civil_date(field, value):
    if not isinstance(value, str):
        raise bad(field)
    try:
        parse_date(value)
    except ValueError as error:
        raise bad(field) from error


def one_of(words):
    def check_enum(field, value):
        if value not in words or not isinstance(value, str):
            raise bad(field)
    return check_enum


def items_of(item, least=0):
    """A list, no item twice."""
    def check_list(field, value):
        if not isinstance(value, list) or len(value) < least:
            raise bad(field)
        for one in value:
            item(field, one)
        if len({canonical(one) for one in value}) != len(value):
            raise bad(field)
    return check_list


def free_object(field, value):
    if not isinstance(value, dict):
        raise bad(field)


def subject(field, value):
    """{branch|member|unit: ref}"""
    if not isinstance(value, dict) or len(value) != 1:
        raise bad(field, ["missing_field", "unknown_field"])
    (kind, target), = value.items()
    if kind not in ("branch", "member", "unit"):
        raise bad(field, ["unknown_field"])
    ref(field, target)


def absence(field, value):
    """[{member, reason}]"""
    if not isinstance(value, dict) or set(value) != {"member", "reason"}:
        raise bad(field, ["missing_field", "unknown_field"])
    ref(field, value["member"])
    text(field, value["reason"])


def rule_ids(field, value):
    """[rule id] or ["*"]"""
    items_of(name, least=1)(field, value)
    if "*" in value and len(value) > 1:
        raise bad(field)


def area_codes(field, value):
    """[area] or ["*"]"""
    items_of(name, least=1)(field, value)
    if "*" in value and len(value) > 1:
        raise bad(field)


_Z85 = re.compile(r"[0-9a-zA-Z.:+=^!/*?&<>()\[\]{}@%$#-]{40}")


def public_key(field, value):
    """40 characters of Z85."""
    text(field, value)
    if not _Z85.fullmatch(value):
        raise bad(field)


# ---- the catalogue ---------------------------------------------------------

def fields(**spec):
    """Field table: a trailing `_` in a keyword marks the field as required."""
    table = {"id": (uuid, True), "type": (text, True), "at": (text, True),
             "replaces": (uuid, False), "extra": (free_object, False)}
    for key, kind in spec.items():
        table[key.rstrip("_")] = (kind, key.endswith("_"))
    return table


REFS = items_of(ref)
TEXTS = items_of(text)
ATTENDANCE = dict(present=REFS, present_count=count, due_count=count,
                  absent=items_of(absence), guests=count)
UNIT = dict(area=text, staff=count, eligible=boolean, above_scale=boolean)
BRANCH = dict(area=text, units=REFS, committee=boolean, groups=count,
              term_started=civil_date, term_years=years)

CATALOGUE = {
    "unit.registered": fields(unit_=ref, name_=name, sector_=one_of(SECTORS), **UNIT),
    "unit.changed": fields(unit_=ref, name=name, sector=one_of(SECTORS), **UNIT),
    "unit.closed": fields(unit_=ref, reason=text),
    "branch.founded": fields(branch_=ref, name_=name, form_=one_of(FORMS),
                             sector_=one_of(SECTORS), **BRANCH),
    "branch.changed": fields(branch_=ref, name=name, form=one_of(FORMS),
                             sector=one_of(SECTORS), **BRANCH),
    "branch.elected": fields(branch_=ref, term_years=years),
    "branch.rated": fields(branch_=ref, cycle_=integer(1, 9999), stars_=integer(0, 5),
                           score=number, rubric=text),
    "branch.dissolved": fields(
        branch_=ref, into=ref,
        reason_=one_of(["dormant", "hollow", "merged", "unit_closed", "other"])),
    "member.admitted": fields(
        member_=ref, name_=name, branch_=ref, stage_=one_of(STAGES), unit=ref,
        role=one_of(ROLES), new_=boolean, admitted_on=civil_date),
    "member.converted": fields(member_=ref),
    "member.extended": fields(member_=ref, until_=civil_date),
    "member.changed": fields(member_=ref, name=name, unit=ref, role=one_of(ROLES)),
    "member.moved": fields(member_=ref, branch_=ref),
    "member.left": fields(
        member_=ref, reason_=one_of(["removed", "lapsed", "resigned", "died", "other"])),
    "office.taken": fields(body_=ref, office_=name, person_=name),
    "office.left": fields(body_=ref, office_=name, person_=name),
    "alliance.formed": fields(alliance_=ref, name_=name, branches=REFS, units=REFS),
    "alliance.joined": fields(alliance_=ref, branch=ref, unit=ref),
    "alliance.left": fields(alliance_=ref, branch=ref, unit=ref),
    "meeting": fields(
        branch_=ref, kinds_=items_of(one_of(MEETING_KINDS), least=1), title=text,
        topics=TEXTS, tags=TEXTS, place=text, presenter=text, duration_min=count,
        **{"with": REFS}, **ATTENDANCE),
    "training": fields(
        title_=text, hours_=hours, branch=ref, host=text, topics=TEXTS, tags=TEXTS,
        audience=text, place=text, trainer=text, **{"with": REFS}, **ATTENDANCE),
    "contact": fields(
        member_=ref, note=text,
        channel_=one_of(["visit", "phone", "message", "letter", "other"])),
    "member.away": fields(member_=ref, destination_=text, fixed_=boolean,
                          reason=text, host_branch=text),
    "member.returned": fields(member_=ref),
    "transfer.issued": fields(
        transfer_=ref, number=text, member_=ref, to=ref, to_name=name,
        valid_days=integer(1, 366), reason=text),
    "transfer.received": fields(
        transfer_=ref, from_name=name, member=ref, name=name, stage=one_of(STAGES),
        branch=ref, number=text, unit=ref, role=one_of(ROLES), admitted_on=civil_date),
    "transfer.receipted": fields(transfer_=ref),
    "transfer.cancelled": fields(transfer_=ref, reason=text),
    "event.voided": fields(event_=uuid, reason_=text),
    "exemption.granted": fields(exemption_=ref, subject_=subject, rules_=rule_ids,
                                until_=civil_date, reason_=text),
    "exemption.ended": fields(exemption_=ref),
    "alert.acknowledged": fields(alert_=integer(1, 2**63 - 1), until=civil_date, note=text, word=name),
    "key.allowed": fields(
        key_=ref, public_=public_key, role_=one_of(["recorder", "reader", "staff", "admin"]),
        branches=items_of(ref, least=1), areas=area_codes),
    "key.revoked": fields(key_=ref, reason=text),
    "report.frozen": fields(
        name_=name, year_=integer(1900, 9999), as_of_=civil_date, area=text, branch=ref,
        denominator=one_of(["operating", "eligible", "above_scale"]), counted_=integer(1, 2**63 - 1), head_=name,
        known_on_=name, pack_=name, figures_=items_of(text, least=1)),
    "event.redacted": fields(event_=uuid, reason=text, kept=text),
    "alert.noted": fields(alert_=integer(1, 2**63 - 1), note_=text),
}

#: Types the daemon writes alone; not for clients (ledger.md 3).
DAEMON_TYPES = ["ledger.opened", "alert.opened", "alert.changed", "alert.closed"]

CREATING = {  # type -> (kind of register entry, field that names it)
    "unit.registered": "unit", "branch.founded": "branch", "alliance.formed": "alliance",
    "member.admitted": "member", "transfer.issued": "transfer",
    "exemption.granted": "exemption",
}
RANK_0 = set(CREATING) | {"office.taken"}
RANK_2 = {"unit.closed", "branch.dissolved", "member.left", "transfer.receipted",
          "transfer.cancelled", "office.left", "exemption.ended"}


def rank(event):
    """ledger.md 1, One order."""
    if event["type"] in RANK_0 or from_outside(event):
        return 0
    return 2 if event["type"] in RANK_2 else 1


def from_outside(event):
    """Is it the reception of a letter that was issued outside this ledger?"""
    return event["type"] == "transfer.received" and "from_name" in event


def creates(event):
    """The register entries (kind, ref) that the event brings into being."""
    kind = CREATING.get(event["type"])
    if kind:
        return [(kind, event[kind])]
    if from_outside(event):
        return [("transfer", event["transfer"]), ("member", event["member"])]
    return []


def mentions(event):
    """All register entries the event names: a list of (kind, ref, field).

    Entries that the event creates are included.  An office is no register entry
    with a creating event; its key (body, office, person) is added for indexing.
    """
    found = []
    for kind in ("unit", "branch", "member", "transfer", "alliance", "exemption"):
        if kind in event:
            found.append((kind, event[kind], kind))
    if event["type"] == "transfer.issued" and "to" in event:
        found.append(("branch", event["to"], "to"))
    if event["type"] == "branch.dissolved" and "into" in event:
        found.append(("branch", event["into"], "into"))
    found += [("branch", one, "with") for one in event.get("with", [])]
    found += [("unit", one, "units") for one in event.get("units", [])]
    found += [("branch", one, "branches") for one in event.get("branches", [])]
    found += [("member", one, "present") for one in event.get("present", [])]
    found += [("member", one["member"], "absent") for one in event.get("absent", [])]
    if event["type"] == "exemption.granted":
        (kind, one), = event["subject"].items()
        found.append((kind, one, "subject"))
    if event["type"].startswith("office."):
        found.append(("office", (event["body"], event["office"], event["person"]), "body"))
    return found


# ---- one event by itself ---------------------------------------------------

def check(event, size, today, zone):
    """Refuse what is wrong in the event alone; -> (content, civil date, time).

    The content has absent fields for null (ledger.md 2).
    """
    if size > MAX_EVENT_BYTES:
        raise Refused("too_large")
    event = {key: value for key, value in event.items() if value is not None}
    if "type" not in event:
        raise Refused("missing_field", "type")
    table = CATALOGUE.get(event["type"]) if isinstance(event["type"], str) else None
    if table is None:
        also = ["not_allowed"] if event["type"] in DAEMON_TYPES else \
            [] if isinstance(event["type"], str) else ["invalid_value"]
        raise Refused("unknown_type", "type", also)
    for field in event:
        if field not in table:
            raise Refused("unknown_field", field)
    for field, (_, required) in table.items():
        if required and field not in event:
            raise Refused("missing_field", field)
    _missing_together(event)
    for field, value in event.items():
        table[field][0](field, value)
    try:
        day, time = parse_at(event["at"], zone)
    except ValueError as error:
        raise bad("at") from error
    _contradictions(event, day)
    if day > today:
        raise Refused("in_future", "at")
    if day < OLDEST:
        raise Refused("too_old", "at")
    return event, day, time


def _missing_together(event):
    """Fields of which one, or all, must be there."""
    kind = event["type"]
    if kind == "transfer.issued" and "to" not in event and "to_name" not in event:
        raise Refused("missing_field", "to", ["invalid_value"])
    if kind in ("alliance.joined", "alliance.left") and \
            "branch" not in event and "unit" not in event:
        raise Refused("missing_field", "branch", ["invalid_value"])
    if kind == "transfer.received" and "from_name" in event:
        for field in ("member", "name", "stage", "branch"):
            if field not in event:
                raise Refused("missing_field", field)
    if kind in ("unit.changed", "branch.changed", "member.changed"):
        own = {"id", "type", "at", "replaces", "extra", kind.split(".")[0]}
        if not set(event) - own:
            raise Refused("missing_field", None, ["invalid_value", "recorded"])


def _contradictions(event, day):
    """Fields of one event that contradict each other: invalid_value."""
    kind = event["type"]
    if kind == "transfer.issued" and "to" in event and "to_name" in event:
        raise bad("to_name")
    if kind == "event.redacted" and ("kept" in event or "replaces" in event):
        raise bad("kept" if "kept" in event else "replaces")
    if kind in ("alliance.joined", "alliance.left") and "branch" in event and "unit" in event:
        raise bad("unit")
    if kind == "transfer.received" and "from_name" not in event:
        for field in ("member", "name", "stage", "branch", "number", "unit", "role",
                      "admitted_on"):
            if field in event:
                raise bad(field, ["missing_field", "unknown_field"])
    if kind in ("meeting", "training"):
        present = event.get("present", [])
        if "present_count" in event and event["present_count"] < len(present):
            raise bad("present_count")
        absent = [one["member"] for one in event.get("absent", [])]
        if len(absent) != len(set(absent)):
            raise bad("absent")
        if set(absent) & set(present):
            raise bad("absent")
        if event.get("branch") in event.get("with", []):
            raise bad("with", ["recorded"])
    if kind in ("exemption.granted", "alert.acknowledged") and "until" in event and parse_date(event["until"]) < day:
        raise bad("until")
    if "admitted_on" in event and parse_date(event["admitted_on"]) > day:
        raise bad("admitted_on", ["recorded"])
    if kind == "branch.dissolved" and event.get("into") == event["branch"]:
        raise bad("into", ["impossible", "recorded"])
    if kind == "key.allowed":
        _key(event)
    if event.get("replaces") == event["id"]:
        raise bad("replaces", ["unknown_ref"])


def _key(event):
    """A key's name is its own; every role but admin has a scope."""
    if event["key"] in ("musterd", "local") or event["key"].startswith("uid-"):
        raise bad("key")
    scope = [one for one in ("branches", "areas") if one in event]
    if event["role"] == "admin" and scope:
        raise bad(scope[0])
    if event["role"] != "admin" and not scope:
        raise Refused("missing_field", "branches")
