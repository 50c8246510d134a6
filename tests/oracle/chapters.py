"""What may happen next: one function per kind of event or short scene.

Each takes the story and tries one thing on some day; what is not possible is
refused by the ledger and simply does not happen.
"""
from datetime import timedelta

from story import AREAS, END, KINDS, NAMES, RULE_IDS, START

SCHEDULE = [["theme_day"], ["theme_day"], ["committee_meeting"], ["group_meeting"],
            ["general_meeting"], ["general_meeting", "lecture"], ["lecture", "theme_day"],
            ["life_meeting", "general_meeting"], ["annual_review", "life_meeting"],
            ["committee_meeting", "group_meeting"], ["talk"], ["service", "forum"]]
PROVINCES = ["广东", "上海", "福建", "浙江"]


def attendance(story, day, branches):
    """present, only present_count, both, or neither; perhaps an absent list."""
    rng = story.rng
    people = [m for b in branches for m in story.members(day, b)]
    rng.shuffle(people)
    guests = story.some(story.members(day), 0, 2)
    cut = rng.randint(max(1, len(people) // 2), max(1, len(people)))
    present = list(dict.fromkeys(people[:cut] + guests))
    how = rng.choice(["list", "list", "list", "both", "count", "neither"])
    fields = {}
    if how in ("list", "both") and present:
        fields["present"] = present
        missing = [m for m in people if m not in present]
        if missing and story.chance(0.6):
            fields["absent"] = [{"member": m, "reason": "请假"} for m in missing]
    if how in ("both", "count"):
        fields["present_count"] = len(present) + rng.randint(0, 3)
    if story.chance(0.3):
        fields.update(due_count=len(people), guests=rng.randint(0, 4))
    return fields


def meeting(story):
    """A branch's meeting, often joint; some branches meet much less than others."""
    day = story.day()
    branches = story.branches(day)
    if not branches:
        return
    lazy = {b: 1 / (1 + int(b[-3:]) % 4) for b in branches}
    branch = story.rng.choices(branches, [lazy[b] for b in branches])[0]
    others = [b for b in branches if b != branch]
    joint = story.some(others, 1, 2) if story.chance(0.15) else None
    story.offer("meeting", day, branch=branch, kinds=story.rng.choice(SCHEDULE),
                with_=joint, title=story.rng.choice([None, "", "二十大精神", "📚"]),
                topics=story.rng.choice([None, [], ["a", "b"]]),
                **attendance(story, day, [branch] + (joint or [])))


def training(story):
    day = story.day()
    branches = story.branches(day)
    own = story.some(branches, 1, 3) if story.chance(0.6) else []
    story.offer("training", day, title="培训", hours=story.rng.choice([2, 3.5, 8, 16.25, 24]),
                branch=own[0] if own else None, with_=own[1:] or None,
                **attendance(story, day, own or story.some(branches, 1, 3)))


def contact(story):
    day = story.day()
    for member in story.some(story.members(day), 1, 1):
        story.offer("contact", day, member=member,
                    channel=story.rng.choice(["visit", "phone", "other"]))


def away(story):
    """Away; sometimes a second time; returned later, or not."""
    day, rng = story.day(), story.rng
    for member in story.some(story.members(day), 1, 1):
        story.offer("member.away", day, member=member, destination=rng.choice(PROVINCES),
                    fixed=story.chance(0.6))
        if story.chance(0.3):
            story.offer("member.away", day + timedelta(days=rng.randrange(0, 60)),
                        member=member, destination="海南", fixed=story.chance(0.5))


def returned(story):
    gone = {e.event["member"] for e in story.recorded("member.away")}
    for member in story.some(sorted(gone), 1, 1):
        story.offer("member.returned", story.day(), member=member)


def stage(story):
    day = story.day()
    waiting = [e.event["member"] for e in story.recorded()
               if e.event.get("stage") == "probationary"]
    for member in story.some(waiting, 1, 1):
        if story.chance(0.4):
            until = day + timedelta(days=story.rng.randrange(30, 300))
            story.offer("member.extended", day, member=member, until=until.isoformat())
        else:
            story.offer("member.converted", day, member=member)


def member_changed(story):
    day, rng = story.day(), story.rng
    for member in story.some(story.members(day), 1, 1):
        story.offer("member.changed", day, member=member,
                    role=rng.choice([None, "none", "officer", "secretary"]),
                    unit=rng.choice([None] + story.units(day)),
                    name=rng.choice([None, "改名"]))


def moved(story):
    day = story.day()
    for member in story.some(story.members(day), 1, 1):
        story.offer("member.moved", day, member=member,
                    branch=story.rng.choice(story.branches(day)))


def left(story):
    """Leaves, now and then with an open letter; some come back later."""
    day, rng = story.day(), story.rng
    waiting = [member for _, _, member in story.letters("issued")]
    pool = waiting if waiting and story.chance(0.3) else story.members(day)
    if story.chance(0.5):
        day = story.now      # long-past leavings are mostly impossible by now
    for member in story.some(pool, 1, 1):
        story.offer("member.left", day, member=member,
                    reason=rng.choice(["removed", "lapsed", "resigned", "died", "other"]))


def readmitted(story):
    day = story.day()
    gone = [m for m in story.refs("member")
            if story.ledger.membership(m).spans[-1][1] < day]
    for member in story.some(gone, 1, 1):
        if story.chance(0.6):
            story.member_admitted(day, member=member, old=story.chance(0.5))
        else:
            from_outside(story, member)


def admitted(story):
    story.member_admitted(story.day(), old=story.chance(0.3))


def issued(story):
    day, rng = story.day(), story.rng
    inside = story.chance(0.6)
    for member in story.some(story.members(day), 1, 1):
        letter = story.new_ref("transfer")
        story.offer("transfer.issued", day, transfer=letter, member=member,
                    to=rng.choice(story.branches(day)) if inside else None,
                    to_name=None if inside else "南宁市某支部",
                    valid_days=rng.choice([None, 10, 30, 60]), number="字第%s号" % letter)


def received(story):
    for letter, issue, _ in story.some(story.letters("issued"), 1, 2):
        day = min(story.now, issue.date + timedelta(days=story.rng.choice([0, 3, 20, 100])))
        story.offer("transfer.received", day, transfer=letter)


def from_outside(story, member=None):
    day, rng = story.day(), story.rng
    before = day - timedelta(days=rng.randrange(400))
    story.offer("transfer.received", day, transfer=story.new_ref("transfer"),
                from_name="柳州市某支部", member=member or story.new_ref("member"),
                name=rng.choice(NAMES), stage=rng.choice(["full", "probationary"]),
                branch=rng.choice(story.branches(day)), role=rng.choice([None, "officer"]),
                unit=rng.choice([None] + story.units(day)[:3]),
                admitted_on=before.isoformat() if story.chance(0.4) else None)


def receipted(story):
    for letter, _, _ in story.some(story.letters("received"), 1, 1):
        story.offer("transfer.receipted", story.day(), transfer=letter)


def cancelled(story):
    """Cancelled; now and then the member moves without a letter that same day."""
    for letter, issue, member in story.some(story.letters("issued"), 1, 1):
        day = min(story.now, issue.date + timedelta(days=story.rng.choice([0, 1, 50])))
        story.offer("transfer.cancelled", day, transfer=letter, reason="本人未报到")
        if story.chance(0.5):
            story.offer("member.moved", day, member=member,
                        branch=story.rng.choice(story.branches(day)))


def branch_changed(story):
    day, rng = story.day(), story.rng
    changes = {"form": rng.choice(["own", "joint", "mobile", "general"]),
               "sector": rng.choice(["enterprise", "association"]),
               "area": rng.choice(AREAS), "committee": story.chance(0.5),
               "groups": rng.randint(0, 3), "units": story.some(story.units(day), 0, 4),
               "term_started": (day - timedelta(days=rng.randrange(900))).isoformat(),
               "term_years": rng.randint(1, 4), "name": "新名"}
    for branch in story.some(story.branches(day), 1, 1):
        chosen = story.some(sorted(changes), 1, 3)
        story.offer("branch.changed", day, branch=branch, **{f: changes[f] for f in chosen})


def unit_changed(story):
    day, rng = story.day(), story.rng
    changes = {"sector": rng.choice(["enterprise", "association"]), "area": rng.choice(AREAS),
               "staff": rng.randint(0, 200), "eligible": story.chance(0.5),
               "above_scale": story.chance(0.5), "name": "新名"}
    for unit in story.some(story.units(day), 1, 1):
        chosen = story.some(sorted(changes), 1, 3)
        story.offer("unit.changed", day, unit=unit, **{f: changes[f] for f in chosen})


def elected(story):
    day = story.day()
    for branch in story.some(story.branches(day), 1, 1):
        story.offer("branch.elected", day, branch=branch,
                    term_years=story.rng.choice([None, 1, 3, 5]))


def rated(story):
    day = story.day()
    for branch in story.some(story.branches(day), 1, 1):
        story.offer("branch.rated", day, branch=branch, cycle=day.year - 1,
                    stars=story.rng.randint(0, 5), score=story.rng.choice([None, 88, 79.5]))


def founded(story):
    story.branch_founded(story.day(), started=story.chance(0.5))


def dissolved(story):
    """Everybody moves on, perhaps on the same day, and the branch is dissolved."""
    day = story.day()
    branches = story.branches(day)
    if len(branches) < 4:
        return
    branch = min(branches, key=lambda b: len(story.members(day, b)))
    target = story.rng.choice([b for b in branches if b != branch])
    last = day + timedelta(days=story.rng.choice([0, 0, 1, 9]))
    for member in story.members(day, branch):
        if story.chance(0.7):
            story.offer("member.moved", day, member=member, branch=target)
        else:
            story.offer("member.left", last, member=member, reason="resigned")
    story.offer("branch.dissolved", last, branch=branch, into=target,
                reason=story.rng.choice(["dormant", "hollow", "merged", "other"]))


def registered(story):
    story.unit_registered(story.day())


def closed(story):
    day = story.day()
    units = story.units(day)
    if len(units) > 6:
        story.offer("unit.closed", day, unit=story.rng.choice(units), reason="注销")


def alliance(story):
    day, rng = story.day(), story.rng
    what = rng.choice(["alliance.formed", "alliance.joined", "alliance.left"])
    branch = story.some(story.branches(day), 1, 1)
    unit = story.some(story.units(day), 1, 1)
    if what == "alliance.formed":
        story.offer(what, day, alliance=story.new_ref("alliance"), name="联盟",
                    branches=branch, units=unit)
        return
    for ref in story.some(story.refs("alliance"), 1, 1):
        side = {"branch": branch[0]} if story.chance(0.5) else {"unit": unit[0]}
        story.offer(what, day, alliance=ref, **side)


def office(story):
    story.offer(story.rng.choice(["office.taken", "office.taken", "office.left"]), story.day(),
                body="work-committee", office="deputy_secretary",
                person=story.rng.choice(NAMES[:4]))


def exemption(story):
    """For a branch, a member or a unit; all rules or some; ended early or not."""
    day, rng = story.day(), story.rng
    kind = rng.choice(["branch", "member", "unit"])
    pool = {"branch": story.branches, "member": story.members, "unit": story.units}[kind](day)
    for ref in story.some(pool, 1, 1):
        until = day + timedelta(days=rng.choice([0, 30, 90, 300]))
        number = story.new_ref("exemption")
        story.offer("exemption.granted", day, exemption=number,
                    subject={kind: ref}, until=until.isoformat(), reason="重病",
                    rules=["*"] if story.chance(0.5) else story.some(RULE_IDS + ["gone"], 1, 4))
        if story.chance(0.3):
            end = min(until, day + timedelta(days=rng.choice([0, 5, 25])), story.now)
            story.offer("exemption.ended", end, exemption=number)


def exemption_ended(story):
    for entry in story.some(story.recorded("exemption.granted"), 1, 1):
        days = story.rng.choice([0, 5, 25])
        day = entry.date + timedelta(days=days)
        if day.isoformat() <= entry.event["until"] and day <= story.now:
            story.offer("exemption.ended", day, exemption=entry.event["exemption"])


def tie(story):
    """Two bare dates on one day, in the order of their ids; one of them is replaced,
    often more than once, and keeps its place."""
    day, rng = story.now, story.rng
    bare = {"at": day.isoformat()}
    for branch in story.some(story.branches(day), 1, 1):
        for changes in ({"groups": 0, "committee": True}, {"groups": 2, "committee": False}):
            story.offer("branch.changed", day, branch=branch, **bare, **changes)
    for member in story.some(story.members(day), 1, 1):
        for role in rng.sample(["none", "officer", "secretary"], 2):
            story.offer("member.changed", day, member=member, role=role, **bare)
    newest = [e for e in story.recorded()[-4:] if e.date == day]
    for entry in newest:
        for _ in range(rng.randint(0, 2)):
            event = dict(entry.sent(), id=story.new_id(), replaces=entry.id, extra={})
            if story.submit(event):
                entry = story.ledger.log[-1]


def busy_day(story):
    """Ranks 0, 1 and 2 on one day, offered in any order."""
    day, rng = story.day(), story.rng
    branches = story.branches(day)
    if len(branches) < 2:
        return
    branch, other = rng.sample(branches, 2)
    scene = rng.choice(["visitor", "letters", "there and back", "changes"])
    if scene == "visitor":
        member = story.new_ref("member")
        story.member_admitted(day, branch, member=member)
        story.offer("meeting", day, branch=branch, kinds=story.some(KINDS, 1, 2),
                    present=[member])
        story.offer("member.left", day + timedelta(days=rng.choice([0, 0, 1])),
                    member=member, reason="other")
    for member in story.some(story.members(day, branch), 1, 1):
        if scene == "letters":
            letters = [story.new_ref("transfer") for _ in range(2)]
            story.offer("transfer.issued", day, transfer=letters[0], member=member, to=other)
            story.offer("transfer.cancelled", day, transfer=letters[0])
            story.offer("transfer.issued", day, transfer=letters[1], member=member, to=other)
            story.offer("transfer.received", day + timedelta(days=rng.choice([0, 6])),
                        transfer=letters[1])
        elif scene == "there and back":
            story.offer("member.away", day, member=member, destination="北京", fixed=True)
            story.offer("member.returned", day, member=member)
            story.offer("member.away", day, member=member, destination="天津", fixed=False)
        elif scene == "changes":
            for role in rng.sample(["none", "officer", "secretary"], 2):
                story.offer("member.changed", day, member=member, role=role)
            story.offer("branch.changed", day, branch=branch, committee=True)
            story.offer("branch.changed", day, branch=branch, committee=False, groups=2)
            story.offer("branch.rated", day, branch=branch, cycle=2021, stars=rng.randint(0, 5))
            story.offer("branch.elected", day, branch=branch)


#: (weight, what)
CHAPTERS = [
    (60, meeting), (5, training), (4, contact), (4, away), (3, returned), (3, stage),
    (3, member_changed), (2, moved), (4, left), (4, readmitted), (3, admitted), (4, issued),
    (4, received), (1.5, from_outside), (3, receipted), (1.5, cancelled), (3, branch_changed),
    (3, unit_changed), (1, elected), (1.5, rated), (0.5, founded), (0.7, dissolved),
    (0.8, registered), (0.8, closed), (2, alliance), (1.5, office), (3, exemption),
    (2, exemption_ended), (3, busy_day), (2, tie)]
CORRECTIONS = 0.13       # how often a correction is tried instead


def write_story(story, events):
    """Go on until about so many events are recorded."""
    rng = story.rng
    story.begin(branches=max(3, min(8, events // 60)))
    weights = [weight for weight, _ in CHAPTERS]
    begun = len(story.ledger.log)
    for _ in range(20 * events):
        done = len(story.ledger.log) - begun
        if len(story.ledger.log) >= events:
            break
        share = min(1, done / max(1, events - begun))
        story.now = START + timedelta(days=int(share * (END - START).days))
        if rng.random() < CORRECTIONS:
            story.void() if story.chance(0.3) else story.replace()
        else:
            rng.choices(CHAPTERS, weights)[0][1](story)
