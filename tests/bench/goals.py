"""Ratios, their goals, and what came of them."""

import json
import statistics
import sys


class Ratio:
    """One line of the outcome: the median of the ratios of paired runs."""

    def __init__(self, what, goal=None, least=True, unit=""):
        self.what, self.goal, self.least, self.unit = what, goal, least, unit
        self.values = []
        self.note = ""

    def add(self, value):
        self.values.append(value)

    @property
    def ratio(self):
        return statistics.median(self.values)

    @property
    def met(self):
        if self.goal is None:
            return None
        return self.ratio >= self.goal if self.least else self.ratio <= self.goal

    def spread(self):
        return min(self.values), max(self.values)

    def goal_text(self):
        if self.goal is None:
            return ""
        return f"{'>=' if self.least else '<='} {self.goal:g}{self.unit}"

    def line(self):
        low, high = self.spread()
        return json.dumps({"what": self.what, "ratio": round(self.ratio, 3), "goal": self.goal,
                           "met": self.met, "spread": [round(low, 3), round(high, 3)]}, ensure_ascii=False)

    def row(self):
        low, high = self.spread()
        met = {True: "yes", False: "**no**", None: ""}[self.met]
        return (f"| {self.what} | {self.ratio:.3g}{self.unit} | {low:.3g} to {high:.3g} | {self.goal_text()} | {met} |"
                f" {self.note} |")


TABLE_HEAD = ["| what | ratio | spread | goal | met | |", "|---|---|---|---|---|---|"]


def say(text):
    """Progress, for people: never on standard output, which is for results."""
    print(text, file=sys.stderr, flush=True)
