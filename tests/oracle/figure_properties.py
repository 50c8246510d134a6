"""What must hold of figures whatever was recorded, without a reference: mixed into compare_figures.py.

Explanations add up to every figure of every part on several days; months add up to the year; members
at one day and the movements up to another give the members there; and what was known on a day stays
what it was, however much is recorded later; and what is told to differ since then is what the explanations do not share.
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

    # ---- what differs from what was known ----------------------------------

    def pages(self, driver, body):
        rows, cursor, limit = [], None, self.rng.choice([5, 1000])
        while True:
            reply = self.ask(driver, dict(body, limit=limit, cursor=cursor))
            rows += reply["rows"]
            cursor = reply.get("cursor")
            if not cursor:
                return rows

    def counted(self, driver, body, name):
        """What is behind a figure, by what it is: names may have been corrected. Nothing where there is no such figure."""
        values = self.figures(driver, body)
        rows = self.pages(driver, dict(body, explain=name)) if name in values else []
        return {json.dumps({key: row[key] for key in sorted(row) if key != "name"}) for row in rows}

    def differences(self, driver, then):
        """They are what the explanations of then and of now do not have in common."""
        now = {key: value for key, value in then["body"].items() if key != "known_on"}
        rows = self.pages(driver, dict(now, since_known=then["body"]["known_on"]))
        told = {}
        for row in rows:
            item = json.dumps({key: row[key] for key in sorted(row) if key not in ("figure", "figure_title", "counted", "name")})
            told.setdefault((row["figure"], row["counted"]), set()).add(item)
        names = sorted({row["figure"] for row in rows})
        others = [name for name in self.figures(driver, now) if name not in names]
        for name in self.rng.sample(names, min(4, len(names))) + self.rng.sample(others, min(2, len(others))):
            before, after = self.counted(driver, then["body"], name), self.counted(driver, now, name)
            self.asked += 1
            for side, wanted in (("then", before - after), ("now", after - before)):
                if told.get((name, side), set()) != wanted:
                    self.fail("differs since", json.dumps(then["body"]), name, side,
                              sorted(told.get((name, side), set()) ^ wanted)[:3])
