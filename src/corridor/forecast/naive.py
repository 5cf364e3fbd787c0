"""The naive rule that stands beside every score: the rate of the last 24 hours known, continued."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from corridor.results.counts import Compared
from corridor.results.result import Result
from corridor.scenario.counts import Count, keep_newest
from corridor.scenario.values import hours_between


@dataclass(frozen=True)
class NaiveRule:
    """The rate of the last 24 hours known, continued until everybody is out.

    `known` are the counts (time, value) up to the origin, in time order; `everybody` is the number of people (or
    the same share of vehicles) at which it stops.
    """

    known: tuple[tuple[datetime, float], ...]
    everybody: float

    @property
    def rate(self) -> float:
        """Return the count per hour over the last 24 hours known, by straight lines between counts."""
        if len(self.known) < 2:
            return 0.0
        _, value = self.known[-1]
        hours = [hours_between(self.known[0][0], time) for time, _ in self.known]
        values = [count for _, count in self.known]
        span = min(24.0, hours[-1] - hours[0])
        before = float(np.interp(hours[-1] - span, hours, values))
        return (value - before) / span if span > 0 else 0.0

    def forecast(self, moment: datetime) -> float:
        """Return the count the rule expects at a moment."""
        if not self.known:
            return 0.0
        end, value = self.known[-1]
        ahead = value + self.rate * max(hours_between(end, moment), 0.0)
        return max(min(ahead, self.everybody), value)


Rules = Mapping[tuple[str, ...], NaiveRule]  # by series, place, area and exit


def make_naive_rules(result: Result, counts: Sequence[Compared]) -> dict[tuple[str, ...], NaiveRule]:
    """Return the naive rule for each series and place, area, exit or total: what was known at the forecast's origin.

    The origin is the last fitted count, or the date up to which the parameter set knows anything. Where only spans
    were counted the rule adds them up; from a single count it goes on at the mean pace since the start of the period.
    "Everybody" is the stated population; for people lodged the same share of it as of those who had arrived at the
    origin.
    """
    manifest = result.manifest
    origin = read_moment(manifest["fitted_until"] or manifest["known_until"]) or result.times[0]
    known: dict[tuple[str, ...], list[Count]] = {entry.count.thing[:4]: [] for entry in counts}
    for count in keep_newest(entry.count for entry in counts if entry.count.known_to_fit(origin)):
        known[count.thing[:4]].append(count)
    people, arrived = stated_people(result), _since_start(known.get(("arrivals", "", "", ""), ()))
    rules = {}
    for where, same in known.items():
        since_start = _since_start(same)
        if len(since_start) == 1:  # nobody had been counted at the start
            since_start = ((result.times[0], 0.0), *since_start)
        share = since_start[-1][1] / arrived[-1][1] if since_start and arrived and arrived[-1][1] > 0 else 1.0
        rules[where] = NaiveRule(since_start, people * share if where[0] == "lodged" else people)
    return rules


def _since_start(counts: Iterable[Count]) -> tuple[tuple[datetime, float], ...]:
    """Return counts since the start (time, number) in order of time, else spans that follow each other added up."""
    points = [count for count in counts if count.is_point]
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


def forecast_naively(rules: Rules, count: Count) -> float:
    """Return what the naive rule expects of a count: of a span the difference of its ends."""
    rule, since = rules[count.thing[:4]], count.thing.since
    return rule.forecast(count.thing.time) - (rule.forecast(since) if since is not None else 0.0)


def read_moment(text: str) -> datetime | None:
    """Return the moment in a manifest's text, None of an empty one."""
    return datetime.fromisoformat(text) if text else None


def stated_people(result: Result) -> float:
    """Return the number of people the scenario states, before any factor on it: the claim known to everybody."""
    rows = result.scenario.rows("people", result.manifest["parameters"])
    return float(sum(row["people"].median for row in rows))
