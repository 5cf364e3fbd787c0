"""The naive rules beside the score of a run, from what was known at its origin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np

from corridor.forecast.board import score_ensemble
from corridor.forecast.naive import RULES, NaiveRule, Where, add_up, expect_naively, make_prior_rules
from corridor.results.counts import Compared, total_of
from corridor.results.result import Result
from corridor.scenario.counts import Count, keep_newest

Rules = Mapping[tuple[str, ...], NaiveRule]  # by series, place, area and exit
Informed = Mapping[Where, Mapping[str, NaiveRule]]  # for each of these by the name of the rule


def find_origin(result: Result) -> datetime:
    """Return the moment up to which whoever set a run's numbers may have known counts."""
    manifest = result.manifest
    return read_moment(manifest["fitted_until"] or manifest["known_until"]) or result.times[0]


def know_counts(result: Result, counts: Sequence[Compared]) -> tuple[Count, ...]:
    """Return the newest vintage of the counts known at a run's origin."""
    origin = find_origin(result)
    return keep_newest(entry.count for entry in counts if entry.count.known_to_fit(origin))


def make_naive_rules(result: Result, counts: Sequence[Compared]) -> dict[tuple[str, ...], NaiveRule]:
    """Return the naive rule for each series and place, area, exit or total: what was known at the forecast's origin.

    The origin is the last fitted count, or the date up to which the parameter set knows anything. Where only spans
    were counted the rule adds them up; from a single count it goes on at the mean pace since the start of the period.
    "Everybody" is the stated population; for people lodged the same share of it as of those who had arrived at the
    origin.
    """
    known: dict[tuple[str, ...], list[Count]] = {entry.count.thing[:4]: [] for entry in counts}
    for count in know_counts(result, counts):
        known[count.thing[:4]].append(count)
    people, arrived = stated_people(result), add_up(known.get(("arrivals", "", "", ""), ()))
    rules = {}
    for where, same in known.items():
        since_start = add_up(same)
        if len(since_start) == 1:  # nobody had been counted at the start
            since_start = ((result.times[0], 0.0), *since_start)
        share = since_start[-1][1] / arrived[-1][1] if since_start and arrived and arrived[-1][1] > 0 else 1.0
        rules[where] = NaiveRule(since_start, people * share if where[0] == "lodged" else people)
    return rules


def forecast_naively(rules: Rules, count: Count) -> float:
    """Return what the naive rule expects of a count: of a span the difference of its ends."""
    rule, since = rules[count.thing[:4]], count.thing.since
    return float(rule.forecast(count.thing.time) - (rule.forecast(since) if since is not None else 0.0))


def compare_rules(counts: Sequence[Compared], crps: list[float], informed: Informed | None) -> dict[str, Any]:
    """Return the CRPS of each informed naive rule, and the skill of the run against the best of them in hindsight.

    Nothing where they are not asked for: of counts that were known at the origin a rule has nothing to say.
    """
    if informed is None:
        return {}
    found: dict[str, list[float]] = {name: [] for name in RULES}
    for entry in counts:
        for name, said in expect_naively(informed, entry.count).items():
            found[name].append(score_ensemble(said, entry.count))
    naive = {name: float(np.mean(scores)) for name, scores in found.items()}
    best = min(naive, key=lambda name: naive[name])
    skill = 1.0 - float(np.mean(crps)) / naive[best] if naive[best] > 0 else None
    return {"naive": naive, "best_naive": best, "best_naive_crps": naive[best], "best_skill": skill}


def inform_rules(result: Result, counts: Sequence[Compared]) -> Informed:
    """Return the naive rules that know as much as a run: counts known at its origin, and how many arrive by its end."""
    leaving = result.at(total_of("arrivals").series, result.times[-1])
    return make_prior_rules(know_counts(result, counts), leaving, result.times[0])


def read_moment(text: str) -> datetime | None:
    """Return the moment in a manifest's text, None of an empty one."""
    return datetime.fromisoformat(text) if text else None


def stated_people(result: Result) -> float:
    """Return the number of people the scenario states, before any factor on it: the claim known to everybody."""
    rows = result.scenario.rows("people", result.manifest["parameters"])
    return float(sum(row["people"].median for row in rows))
