"""Rule packs: the default one, random ones, and a writer for libconfig's syntax
(rules.md section 5)."""
import random

from events import FORMS, MEETING_KINDS, ROLES, SECTORS, STAGES


# ---- the default pack ------------------------------------------------------

def _when(*conditions):
    return [dict(zip(("fact", "op", "value"), c)) for c in conditions]


def _levels(key, *pairs):
    return [{key: threshold, "level": level} for threshold, level in pairs]


def _cadence(rule_id, kind, per, grace, worse, when=()):
    return {"id": rule_id, "subject": "branch", "kind": "cadence", "kinds": [kind],
            "at_least": 1, "per": per, "grace": grace, "measure": "count",
            "scope": "branch", "when": _when(*when),
            "levels": _levels("missed", (1, "yellow"), (worse, "red"))}


def _hours(rule_id, at_least, op):
    return {"id": rule_id, "subject": "member", "kind": "cadence", "kinds": ["training"],
            "at_least": at_least, "per": "year", "grace": "10d", "measure": "hours",
            "scope": "attendance", "needs_rolls": 1, "when": _when(("role", op, "none")),
            "levels": _levels("missed", (1, "yellow"))}


def _expiry(rule_id, subject, date, when, levels, plus="0d"):
    return {"id": rule_id, "subject": subject, "kind": "expiry", "date": date,
            "plus": plus, "when": _when(*when), "levels": _levels("from", *levels)}


def _state(rule_id, subject, when, *levels):
    return {"id": rule_id, "subject": subject, "kind": "state", "when": _when(*when),
            "levels": _levels("after", *levels)}


#: `two-new`, line by line as in the table of rules.md section 5.
TWO_NEW = [
    _cadence("general-meeting", "general_meeting", "quarter", "10d", 2),
    _cadence("committee-meeting", "committee_meeting", "month", "10d", 3,
             [("committee", "=", True)]),
    _cadence("group-meeting", "group_meeting", "month", "10d", 3, [("groups", ">", 0)]),
    _cadence("theme-day", "theme_day", "month", "10d", 3),
    _cadence("lecture", "lecture", "quarter", "10d", 2),
    _cadence("life-meeting", "life_meeting", "year", "31d", 2),
    _cadence("annual-review", "annual_review", "year", "31d", 2),
    {"id": "branch-inactive", "subject": "branch", "kind": "silence", "kinds": ["any"],
     "scope": "branch", "levels": _levels("after", ("90d", "yellow"), ("180d", "red"))},
    {"id": "mobile-no-contact", "subject": "member", "kind": "silence",
     "kinds": ["any", "contact"], "scope": "attendance",
     "when": _when(("presence", "=", "away")),
     "levels": _levels("after", ("90d", "yellow"), ("6m", "red"))},
    _expiry("mobile-should-transfer", "member", "away_since",
            [("presence", "=", "away"), ("fixed", "=", True)], [("0d", "yellow")], "6m"),
    {"id": "not-taking-part", "subject": "member", "kind": "silence", "kinds": ["any"],
     "scope": "attendance", "needs_rolls": 3, "when": _when(("presence", "=", "home")),
     "levels": _levels("after", ("3m", "yellow"), ("6m", "red"))},
    _hours("training-hours", 32, "="),
    _hours("training-hours-officer", 56, "!="),
    _expiry("probation-ends", "member", "probation_ends", [("stage", "=", "probationary")],
            [("-30d", "notice"), ("0d", "yellow"), ("3m", "red")]),
    _expiry("transfer-letter", "transfer", "valid_until", [("state", "=", "issued")],
            [("-7d", "yellow"), ("1d", "red")]),
    _expiry("transfer-receipt", "transfer", "received", [("state", "=", "received")],
            [("1d", "yellow")], "1m"),
    _expiry("term-ends", "branch", "term_ends", [], [("-6m", "notice"), ("1d", "red")]),
    _state("branch-too-small", "branch", [("full_members", "<", 3), ("form", "=", "own")],
           ("30d", "yellow"), ("180d", "red")),
    _state("branch-too-large", "branch", [("members", ">", 50)], ("30d", "notice")),
    _state("committee-missing", "branch",
           [("full_members", ">=", 7), ("committee", "=", False)], ("30d", "yellow")),
    _state("joint-too-wide", "branch", [("form", "=", "joint"), ("units", ">", 5)],
           ("30d", "notice")),
    _state("unit-uncovered", "unit", [("full_members", ">=", 3), ("own_branch", "=", False)],
           ("30d", "yellow")),
    _state("unit-no-coverage", "unit", [("covered", "=", False)], ("180d", "notice")),
]


# ---- random packs ----------------------------------------------------------

NUMBER_OPS = ["=", "!=", "<", "<=", ">", ">="]
WORD_OPS = ["=", "!="]
AREAS = ["45", "450312", "4503121", "450312001", "9"]
BOOL = [True, False]

#: subject -> fact -> (ops, values); every fact of rules.md section 1
FACTS = {
    "branch": {
        "form": (WORD_OPS, FORMS), "sector": (WORD_OPS, SECTORS), "area": (["="], AREAS),
        "committee": (WORD_OPS, BOOL), "groups": (NUMBER_OPS, [0, 1, 2]),
        "members": (NUMBER_OPS, [3, 5, 7, 9]), "full_members": (NUMBER_OPS, [2, 3, 5, 7]),
        "units": (NUMBER_OPS, [0, 1, 2, 3]), "stars": (NUMBER_OPS, [-1, 0, 2, 3, 5])},
    "member": {
        "stage": (WORD_OPS, STAGES), "role": (WORD_OPS, ROLES),
        "presence": (WORD_OPS, ["home", "away"]), "fixed": (WORD_OPS, BOOL),
        "branch_form": (WORD_OPS, FORMS), "sector": (WORD_OPS, SECTORS),
        "area": (["="], AREAS)},
    "unit": {
        "sector": (WORD_OPS, SECTORS), "area": (["="], AREAS),
        "staff": (NUMBER_OPS, [0, 5, 20, 100]), "eligible": (WORD_OPS, BOOL),
        "above_scale": (WORD_OPS, BOOL), "full_members": (NUMBER_OPS, [0, 1, 2, 3]),
        "covered": (WORD_OPS, BOOL), "own_branch": (WORD_OPS, BOOL)},
    "transfer": {
        "state": (WORD_OPS, ["issued", "received"]), "outside": (WORD_OPS, BOOL)},
}

#: expiry: subject -> dates
DATES = {"branch": ["term_ends"], "member": ["probation_ends", "away_since"],
         "transfer": ["valid_until", "received"]}

#: rising thresholds; neighbours differ by more than any month's length can hide
AFTER = ["0d", "5d", "3w", "1m", "60d", "3m", "20w", "180d", "9m", "1y"]
FROM = ["-1y", "-6m", "-90d", "-4w", "-1w", "0d", "1d", "2w", "1m", "60d", "4m", "1y"]
GRACES = ["0d", "3d", "10d", "2w", "1m", "31d"]
LEVELS = ["notice", "yellow", "red"]


def random_conditions(rng, subject, count):
    chosen = rng.sample(sorted(FACTS[subject]), min(count, len(FACTS[subject])))
    return [random_condition(rng, subject, fact) for fact in chosen]


def random_condition(rng, subject, fact):
    ops, values = FACTS[subject][fact]
    return {"fact": fact, "op": rng.choice(ops), "value": rng.choice(values)}


def random_levels(rng, key, thresholds):
    """One to three rising thresholds with rising levels."""
    number = rng.randint(1, 3)
    picked = sorted(rng.sample(range(len(thresholds)), number))
    levels = sorted(rng.sample(range(3), number))
    return [{key: thresholds[at], "level": LEVELS[lv]} for at, lv in zip(picked, levels)]


def random_kinds(rng, contact=False):
    """`any`, training, some meeting kinds, or a mixture; contact for members."""
    kinds = rng.choice([["any"], ["training"], rng.sample(MEETING_KINDS, rng.randint(1, 3)),
                        rng.sample(MEETING_KINDS, 1) + ["training"]])
    if contact and rng.random() < 0.5:
        kinds = rng.choice([["contact"], kinds + ["contact"]])
    return kinds


def random_cadence(rng, when):
    subject = rng.choice(["branch", "branch", "member"])
    rule = {"subject": subject, "kind": "cadence", "kinds": random_kinds(rng),
            "at_least": rng.randint(1, 3), "per": rng.choice(["month", "quarter", "year"]),
            "grace": rng.choice(GRACES), "measure": "count", "when": when(subject),
            "scope": "branch" if subject == "branch" else "attendance",
            "levels": random_levels(rng, "missed", [1, 2, 3, 4, 6])}
    if rng.random() < 0.3:
        rule.update(measure="hours", at_least=rng.choice([1, 4, 8, 16]),
                    kinds=rng.choice([["training"], ["any"], ["training", "lecture"]]))
    if subject == "member" and rng.random() < 0.5:
        rule["needs_rolls"] = 1
    return rule


def random_silence(rng, when):
    subject = rng.choice(["branch", "member", "member"])
    rule = {"subject": subject, "kind": "silence",
            "kinds": random_kinds(rng, subject == "member"), "when": when(subject),
            "scope": "branch" if subject == "branch" else "attendance",
            "levels": random_levels(rng, "after", AFTER[1:])}
    if subject == "member" and rng.random() < 0.5:
        rule["needs_rolls"] = rng.randint(1, 4)
        if "any" not in rule["kinds"]:
            rule["kinds"] = ["any"] + (["contact"] if "contact" in rule["kinds"] else [])
    return rule


def random_expiry(rng, when):
    subject = rng.choice(sorted(DATES))
    return {"subject": subject, "kind": "expiry", "date": rng.choice(DATES[subject]),
            "plus": rng.choice(["0d", "10d", "2w", "1m", "6m", "1y"]),
            "when": when(subject), "levels": random_levels(rng, "from", FROM)}


def random_state(rng, when):
    subject = rng.choice(sorted(FACTS))
    return {"subject": subject, "kind": "state",
            "when": when(subject) or random_conditions(rng, subject, 1),
            "levels": random_levels(rng, "after", AFTER)}


def random_pack(seed, size=40):
    """A random but valid pack: about `size` rules, and one of kind `state` for every
    fact of every subject."""
    rng = random.Random("pack %s" % seed)

    def when(subject):
        return random_conditions(rng, subject, rng.choice([0, 1, 1, 2, 3]))

    pack = []
    for subject in sorted(FACTS):
        for fact in sorted(FACTS[subject]):
            more = [c for c in random_conditions(rng, subject, rng.randint(0, 1))
                    if c["fact"] != fact]
            pack.append({"subject": subject, "kind": "state",
                         "when": [random_condition(rng, subject, fact)] + more,
                         "levels": random_levels(rng, "after", AFTER)})
    makers = [random_cadence, random_cadence, random_silence, random_silence,
              random_expiry, random_expiry, random_state]
    pack += [rng.choice(makers)(rng, when) for _ in range(size)]
    for number, rule in enumerate(pack, 1):
        if not rule["when"] and rng.random() < 0.5:
            del rule["when"]
        rule["id"] = "r%02d-%s-%s" % (number, rule["kind"], rule["subject"])
    return pack


# ---- libconfig -------------------------------------------------------------

ORDER = ["id", "subject", "kind", "kinds", "at_least", "per", "grace", "measure", "scope",
         "needs_rolls", "date", "plus", "when", "levels"]


def literal(value):
    """A value in libconfig's syntax."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return '"%s"' % value.replace("\\", "\\\\").replace('"', '\\"')
    if isinstance(value, dict):
        return "{ %s }" % " ".join("%s = %s;" % (k, literal(v)) for k, v in value.items())
    if value and isinstance(value[0], dict):
        return "( %s )" % ", ".join(literal(one) for one in value)
    return "[ %s ]" % ", ".join(literal(one) for one in value) if value else "( )"


def write_pack(pack):
    """The pack as the text of a configuration file, with texts in both languages."""
    rules = []
    for rule in pack:
        lines = ["%s = %s;" % (key, literal(rule[key])) for key in ORDER if key in rule]
        for key, en, zh in (("title", "Rule %s", "规则 %s"), ("basis", "Basis of %s", "%s 的依据"),
                            ("remedy", "What would close %s", "如何消除 %s")):
            texts = {"en": en % rule["id"], "zh": zh % rule["id"]}
            lines.append("%s = %s;" % (key, literal(texts)))
        rules.append("  { %s }" % "\n    ".join(lines))
    return "rules = (\n%s\n);\n" % ",\n".join(rules)
