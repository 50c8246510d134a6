"""Civil dates, times and durations (ledger.md section 1, rules.md opening).

All rules work on civil dates; a time of day only serves to order events of one
day.  Everything here is a pure function.
"""
import calendar
import re
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_TIME = re.compile(r"(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(\.\d+)?"
                   r"(Z|[+-]\d{2}:\d{2})", re.ASCII)
_DURATION = re.compile(r"(-?\d+)([dwmy])", re.ASCII)

#: Stands before every time of day (ledger.md 1, "a bare date before any time").
BARE = (0, Decimal(0))


def parse_date(text):
    """A civil date `YYYY-MM-DD`; ValueError if it is none."""
    match = _DATE.fullmatch(text)
    if not match:
        raise ValueError("not a date: %r" % text)
    return date(*map(int, match.groups()))


def parse_at(text, zone):
    """`at` (ledger.md 1) -> (civil date in the zone, time key).

    The time key is BARE for a bare date and (1, seconds since midnight, on the
    clock of the zone) otherwise; fractions of a second are kept exactly.
    """
    if len(text) == 10:
        return parse_date(text), BARE
    match = _TIME.fullmatch(text)
    if not match:
        raise ValueError("neither a date nor a time: %r" % text)
    year, month, day, hour, minute, second = map(int, match.groups()[:6])
    offset = timedelta(0)
    if match[8] != "Z":
        hours, minutes = int(match[8][1:3]), int(match[8][4:6])
        if hours > 23 or minutes > 59:
            raise ValueError("offset out of range: %r" % text)
        offset = timedelta(hours=hours, minutes=minutes)
        if match[8][0] == "-":
            offset = -offset
    moment = datetime(year, month, day, hour, minute, second,
                      tzinfo=timezone(offset))
    try:
        local = moment.astimezone(ZoneInfo(zone))
    except OverflowError as error:
        raise ValueError(str(error)) from error
    seconds = Decimal(local.hour * 3600 + local.minute * 60 + local.second)
    if match[7]:
        seconds += Decimal("0" + match[7])
    return local.date(), (1, seconds)


def add_months(day, months):
    """rules.md: keeps the day of the month, or takes the month's last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    month += 1
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(day.day, last))


def add(day, duration):
    """day + duration, a text such as `10d`, `-2w`, `3m`, `1y` (rules.md)."""
    match = _DURATION.fullmatch(duration)
    if not match:
        raise ValueError("not a duration: %r" % duration)
    number, unit = int(match[1]), match[2]
    if unit == "d":
        return day + timedelta(days=number)
    if unit == "w":
        return day + timedelta(days=7 * number)
    return add_months(day, number * (12 if unit == "y" else 1))


MONTHS_PER = {"month": 1, "quarter": 3, "year": 12}


def period_of(day, per):
    """(first day, last day) of the calendar month, quarter or year of a day."""
    months = MONTHS_PER[per]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    return first, add_months(first, months) - timedelta(days=1)


def periods(start, end, per):
    """All calendar periods from the one that holds start to the one of end."""
    first, last = period_of(start, per)
    while first <= end:
        yield first, last
        first, last = period_of(last + timedelta(days=1), per)
