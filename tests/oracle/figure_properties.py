"""What must hold of figures whatever was recorded, without a reference: mixed into compare_figures.py.

Explanations add up to every figure of every part on several days; months add up to the year; members
at one day and the movements up to another give the members there; and what was known on a day stays
what it was, however much is recorded later.
"""
import json
from datetime import date, timedelta

MOVES = (("admitted", 1), ("entered", 1), ("received", 1), ("moved_in", 1), ("gone", -1), ("sent", -1),
         ("moved_out", -1))


class Properties:
    # ---- every figure of every part ----------------------------------------

    def parts(self, driver):
        """The whole, every area and the prefixes of areas, both sectors, every branch."""
        rows = self.ask(driver, {"what": "branches", "all": True, "limit": 1000}, "list")["rows"]
        areas = sorted({row["area"][:n] for row in rows if "area" in row for n in (4, 6, 9)})
        yield {}
        for area in areas:
            yield {"area": area}
        for sector in ("enterprise", "association"):
            yield {"sector": sector}
        for row in rows:
            yield {"branch": row["branch"]}

    def everything_adds_up(self, driver, days):
        for day in days:
            for part in self.parts(driver):
                body = dict(part, year=day.year, as_of=day.isoformat())
                values = self.figures(driver, body)
                self.explanations(driver, body, values)
                self.months_add_up(driver, body, values)

    def months_add_up(self, driver, body, values):
        sums = {}
        for row in self.ask(driver, dict(body, by="month"))["rows"]:
            if not body["as_of"][:4] + "-01" <= row["month"] <= body["as_of"][:7]:
                self.fail("a month", json.dumps(row))
            part = sums.setdefault(row["figure"], {"due": 0, "met": 0, "value": 0})
            for key in ("due", "met"):
                part[key] += row.get(key, 0)
            part["value"] += row["value"] or 0
        self.asked += 1
        for name, value in values.items():
            got = sums.get(name, {"due": 0, "met": 0, "value": 0})
            if isinstance(value, dict):
                wanted, got = (value["due"], value["met"]), (got["due"], got["met"])
            elif name in sums:
                wanted, got = value, got["value"]
            else:
                continue
            if isinstance(got, float):
                got = round(got, 2)
            if wanted != got:
                self.fail("the months of", name, json.dumps(body), wanted, got)

    # ---- the roll-forward between any two days -----------------------------

    def roll_on(self, driver, part, day):
        values = self.figures(driver, dict(part, year=day.year, as_of=day.isoformat()))
        return {name: values.get("roll." + name, 0) for name, _ in MOVES} | {
            "opening": values["roll.opening"], "closing": values["roll.closing"]}

    def between(self, driver, part, first, last):
        """Members at the end of `first`, and what moved after it up to the end of `last`, give those there."""
        start, here = self.roll_on(driver, part, first), self.roll_on(driver, part, last)
        members, moved = start["closing"], {name: -start[name] for name, _ in MOVES}
        for year in range(first.year, last.year + 1):
            at = last if year == last.year else date(year, 12, 31)
            roll = here if year == last.year else self.roll_on(driver, part, at)
            for name, _ in MOVES:
                moved[name] += roll[name]
        if members + sum(sign * moved[name] for name, sign in MOVES) != here["closing"]:
            self.fail("between", first, last, json.dumps(part), members, json.dumps(moved), here["closing"])
        self.asked += 1

    def any_two_days(self, driver, years, count):
        parts = list(self.parts(driver))
        span = (date(years[-1], 12, 31) - date(years[0], 1, 1)).days
        for _ in range(count):
            first, last = sorted(date(years[0], 1, 1) + timedelta(days=self.rng.randrange(span + 1)) for _ in range(2))
            self.between(driver, self.rng.choice(parts + [{}] * len(parts)), first, last)

    # ---- what was known stays known ----------------------------------------

    def remember(self, driver, year, part):
        body = dict(part, year=year)
        reply = self.ask(driver, body)
        return {"body": dict(body, known_on=reply["recorded_at"]), "seq": reply["seq"], "head": reply["head"],
                "rows": reply["rows"]}

    def still_known(self, driver, remembered):
        for then in remembered:
            reply = self.ask(driver, then["body"])
            self.asked += 1
            for key in ("seq", "head", "rows"):
                if reply[key] != then[key]:
                    self.fail("as known then", json.dumps(then["body"]), key,
                              [pair for pair in zip(then["rows"], reply["rows"]) if pair[0] != pair[1]][:3])
