"""The naive rules that stand beside every score: what is known goes on, as it did last or as it did on the whole.

There are three: the last count stays; the rate of the last 24 hours goes on; the straight line from the first count to
the last goes on. Each stops when everybody is out. Of a forecast as of a moment "everybody" is what the model itself
took for granted before any count, its prior of how many will leave, so that the rules know as much as it does: an
ensemble of those values of the prior that are at least what has been counted already. Fewer than a handful of them
mean that the prior is refuted, and the rules then hold that everybody is out. The ensemble is scored like the model.

A part (an exit, a place, an area), vehicles and people lodged stop at the same share of everybody as they had of the
arrivals when last counted; people displaced inside and trucks have no such end. What may fall (people lodged or
displaced) falls as the rule says, not below nought.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from corridor.results.result import Values
from corridor.scenario.areas import OUTSIDE
from corridor.scenario.counts import Count
from corridor.scenario.values import hours_between

# Each rule and the hours over which it takes the rate that goes on.
RULES = {"last": 0.0, "day": 24.0, "line": math.inf}
SAY = {"last": "the last count", "day": "the rate of the last 24 h", "line": "the straight line from the first count"}
HANDFUL = 5  # values of a prior; fewer are no ensemble
FALLING = ("lodged", "displaced")  # series that may fall
ENDLESS = ("displaced", "relief_trucks_in")  # series that those who leave do not end
Known = tuple[tuple[datetime, float], ...]
Where = tuple[str, ...]  # series, place, area, exit


@dataclass(frozen=True)
class NaiveRule:
    """The rate of the last hours known, 24 unless said, continued until everybody is out.

    `known` are the counts (time, value) up to the origin, in time order; `everybody` is the number of people (or
    the same share of vehicles) at which it stops, one or an ensemble [R]. With `falls` it may go down, to nought.
    """

    known: Known
    everybody: float | Values
    hours: float = 24.0
    falls: bool = False

    @property
    def rate(self) -> float:
        """Return the count per hour over the last hours known, by straight lines between counts."""
        if len(self.known) < 2 or self.hours == 0.0:
            return 0.0
        _, value = self.known[-1]
        hours = [hours_between(self.known[0][0], time) for time, _ in self.known]
        values = [count for _, count in self.known]
        span = min(self.hours, hours[-1] - hours[0])
        before = float(np.interp(hours[-1] - span, hours, values))
        return (value - before) / span if span > 0 else 0.0

    def recall(self, moment: datetime) -> float:
        """Return what had been counted at a moment up to the last count, by straight lines between counts."""
        hours = [hours_between(self.known[0][0], time) for time, _ in self.known]
        return float(np.interp(hours_between(self.known[0][0], moment), hours, [value for _, value in self.known]))

    def forecast(self, moment: datetime) -> Values:
        """Return the count the rule expects at a moment: a number, or an ensemble where everybody is one [R]."""
        if not self.known:
            return np.zeros_like(self.everybody, dtype=np.float64)
        end, value = self.known[-1]
        ahead = value + self.rate * max(hours_between(end, moment), 0.0)
        least = 0.0 if self.falls else value
        return np.asarray(np.maximum(np.minimum(ahead, np.maximum(self.everybody, value)), least))


def make_prior_rules(
    known: Iterable[Count], leaving: Values, began: datetime | None = None
) -> dict[Where, dict[str, NaiveRule]]:
    """Return the naive rules for each series and place, area, exit or total that was counted by a moment.

    `leaving` [R] is the model's prior of how many people will have left in the end. `began` is when nobody had come
    yet: from a single count the rules go on at the mean pace since then, without it they stay at that count.
    """
    counts: dict[Where, list[Count]] = {}
    for count in known:
        counts.setdefault(_name_where(count), []).append(count)
    points = {where: add_up(same) for where, same in counts.items()}
    points = {where: same for where, same in points.items() if same}
    if began is not None:
        points = {where: ((began, 0.0), *same) if len(same) == 1 else same for where, same in points.items()}
    everybody = _condition(leaving, max(_count_all(points, "arrivals"), _count_all(points, "registered")))
    rules = {}
    for where, same in points.items():
        cap = np.full(1, np.inf) if where[0] in ENDLESS else everybody * _find_share(where, points)
        rules[where] = {name: NaiveRule(same, cap, hours, where[0] in FALLING) for name, hours in RULES.items()}
    return rules


def expect_naively(rules: Mapping[Where, Mapping[str, NaiveRule]], count: Count) -> dict[str, Values]:
    """Return by rule what it expects of a count [R], of a span the difference of its ends; nought if none is known."""
    found, expected = rules.get(_name_where(count), {}), {}
    if not found:
        return {name: np.zeros(1) for name in RULES}
    for name, rule in found.items():
        since, before = count.thing.since, np.zeros(1)
        if since is not None:
            before = rule.forecast(since) if since > rule.known[-1][0] else np.asarray(rule.recall(since))
        expected[name] = np.atleast_1d(rule.forecast(count.thing.time) - before)
    return expected


def knows_nothing(rules: Mapping[Where, Mapping[str, NaiveRule]], count: Count) -> bool:
    """Tell whether nothing of the kind had been counted: the rules then expect nobody, and are easily beaten."""
    return not rules.get(_name_where(count))


def _condition(leaving: Values, counted: float) -> Values:
    """Return the values of the prior that the counts allow, or what was counted where these are fewer than a few."""
    left = np.asarray(leaving, dtype=np.float64)
    left = left[left >= counted]
    return left if len(left) >= HANDFUL else np.array([counted])


def _count_all(points: Mapping[Where, Known], series: str) -> float:
    """Return the last total counted of a series; without one, the most that its parts add up to."""
    totals = [same[-1][1] for where, same in points.items() if where[0] == series and _is_total(where)]
    if totals:
        return max(totals)
    parts = [0.0] * 3
    for where, same in points.items():
        if where[0] == series:
            parts = [part + (same[-1][1] if label else 0.0) for part, label in zip(parts, where[1:], strict=True)]
    return max(parts)


def _find_share(where: Where, points: Mapping[Where, Known]) -> float:
    """Return which share of everybody a part, or a series that is not of everybody, had when last counted."""
    series, (time, value) = where[0], points[where][-1]
    of = "registered" if series == "registered" else "arrivals"
    if _is_total(where) and series == of:
        return 1.0
    totals = [same for other, same in points.items() if other[0] == of and _is_total(other)]
    if totals:
        hours = [hours_between(totals[0][0][0], moment) for moment, _ in totals[0]]
        everybody = float(np.interp(hours_between(totals[0][0][0], time), hours, [number for _, number in totals[0]]))
    else:
        everybody = _count_all(points, of)
    return min(value / everybody, 1.0) if everybody > 0 else 1.0


def _name_where(count: Count) -> Where:
    """Return what was counted and where; all who are outside, taken as an area, are the total of those who arrived."""
    series, *place = count.thing[:4]
    return (series, "", "", "") if series == "arrivals" and place == ["", OUTSIDE, ""] else (series, *place)


def _is_total(where: Where) -> bool:
    return where[1:] == ("", "", "")


def add_up(counts: Iterable[Count]) -> Known:
    """Return counts since the start (time, number) in order of time, else spans that follow each other added up."""
    points = sorted((count for count in counts if count.is_point), key=lambda count: (count.thing.time, count.number))
    totals = [(count.thing.time, count.number) for count in points if count.thing.since is None]
    if totals:
        return tuple(totals)
    added: list[tuple[datetime, float]] = []
    for count in points:
        since = count.thing.since
        if since is not None and (not added or since >= added[-1][0]):
            before = added[-1][1] if added else 0.0
            added += [(since, before)] if not added or since > added[-1][0] else []
            added.append((count.thing.time, before + count.number))
    return tuple(added)
