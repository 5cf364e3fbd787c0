"""Forecasts made as of several moments, each scored on the counts that came after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import fmean

import numpy as np

from corridor.forecast.crps import (
    expect_distance,
    measure_censored_crps,
    measure_crps,
    measure_plain_crps,
    share_within,
)
from corridor.forecast.naive import NaiveRule, Where, expect_naively, knows_nothing, make_prior_rules
from corridor.forecast.pool import QUANTILES, Scored
from corridor.results.counts import Compared
from corridor.results.result import Values
from corridor.scenario.counts import Count
from corridor.scenario.values import Margin

APART = timedelta(hours=12)  # increments are over at least so long


@dataclass(frozen=True)
class AsOf:
    """A forecast made as of a moment, and the later counts with what it said of them. R replicates.

    `known` is the newest vintage of every count published by then. `said` are later counts with the ensembles [R],
    the same replicates throughout. `leaving` [R] is how many people will have left in the end by the model's own prior,
    before any count, for the naive rules; `began`, where given, when counting began with nobody.
    """

    moment: datetime
    known: tuple[Count, ...]
    said: tuple[Compared, ...]
    leaving: Values
    began: datetime | None = None


def score_forecasts(forecasts: Iterable[AsOf]) -> list[Scored]:
    """Return the scores of every later count of every forecast, and of the increments between totals."""
    return [scored for forecast in forecasts for scored in score_as_of(forecast)]


def score_as_of(forecast: AsOf) -> list[Scored]:
    """Return the scores of one forecast, in order of series, where and time; counts not later than it are left out."""
    rules = make_prior_rules(forecast.known, forecast.leaving, forecast.began)
    later = [entry for entry in forecast.said if entry.count.thing.time > forecast.moment]
    scored = [_score(forecast.moment, entry, rules) for entry in later]
    increments = [
        replace(_score(forecast.moment, entry, rules), counted="increment")
        for entry in find_increments(forecast.known, later)
    ]
    return sorted(scored, key=_sort_key) + sorted(increments, key=_sort_key)


def _sort_key(scored: Scored) -> tuple[object, ...]:
    return scored.series, scored.by, scored.label, scored.time, scored.counted, str(scored.since), scored.value


def _score(moment: datetime, entry: Compared, rules: Mapping[Where, Mapping[str, NaiveRule]]) -> Scored:
    count, ensemble = entry.count, np.asarray(entry.ensemble, dtype=np.float64)
    quantiles = {name: float(np.quantile(ensemble, level)) for name, level in QUANTILES.items()}
    crps = score_ensemble(ensemble, count)
    plain = measure_plain_crps(ensemble, count.number, count.stated_error) if count.is_point else crps
    return make_scored(moment, count, quantiles, (crps, plain), rules)


def make_scored(
    moment: datetime,
    count: Count,
    quantiles: Mapping[str, float],
    crps: tuple[float, float],
    rules: Mapping[Where, Mapping[str, NaiveRule]],
) -> Scored:
    """Return the scores of a count: `quantiles` are what a forecast as of a moment said, `crps` is fair and plain."""
    thing, (by, label) = count.thing, count.thing.where
    return Scored(
        moment=moment,
        series=thing.series,
        by=by,
        label=label,
        counted="total" if thing.since is None else "span",
        stated="number" if count.is_point else "ends",
        time=thing.time,
        since=thing.since,
        value=count.number,
        low=count.low,
        high=count.high,
        quantiles=dict(quantiles),
        crps=crps[0],
        crps_plain=crps[1],
        inside_50=share_inside(quantiles["q25"], quantiles["q75"], count),
        inside_90=share_inside(quantiles["q05"], quantiles["q95"], count),
        error=measure_error(quantiles["q50"], count),
        naive={name: score_ensemble(said, count) for name, said in expect_naively(rules, count).items()},
        blind=knows_nothing(rules, count),
    )


def score_ensemble(ensemble: Values, count: Count) -> float:
    """Return the fair CRPS of an ensemble [R] for a count: over all truths within its stated error, beyond its ends."""
    if count.is_point:
        return measure_crps(ensemble, count.number, count.stated_error)
    return measure_censored_crps(ensemble, *count.bounds)


def share_inside(low: float, high: float, count: Count) -> float:
    """Return the chance that a range holds the truth; of ends, whether it reaches what they allow."""
    if count.is_point:
        return share_within(low, high, count.number, count.stated_error)
    least, most = count.bounds
    return float(low <= most and high >= least)


def measure_error(middle: float, count: Count) -> float:
    """Return the absolute error of a median: the mean over truths within a stated error; of ends, what lies beyond."""
    if count.is_point:
        return float(expect_distance(np.asarray(middle), count.number, count.stated_error))
    return float(count.measure_distance(middle))


def find_increments(known: Iterable[Count], later: Sequence[Compared]) -> list[Compared]:
    """Return the differences of consecutive totals at least 12 hours apart, of the same replicate.

    The first is from the last known count on. Totals say nearly the same thing again and again, since each holds the
    one before; increments do not. Of several totals at one time their mean is taken. The stated errors of both ends
    add up as independent ones do.
    """
    at: dict[Where, dict[datetime, list[Compared]]] = {}
    for entry in sorted(later, key=lambda entry: entry.count.number):
        if entry.count.is_point and entry.count.thing.since is None:
            at.setdefault(entry.count.thing[:4], {}).setdefault(entry.count.thing.time, []).append(entry)
    before: dict[Where, Compared] = {}
    for count in sorted(known, key=lambda count: (count.thing.time, count.number)):
        if count.is_point and count.thing.since is None:
            before[count.thing[:4]] = Compared(count, np.asarray(count.number))
    found = []
    for where, times in at.items():
        last = before.get(where)
        for time in sorted(times):
            entry = _take_mean(times[time])
            if last is not None and time - last.count.thing.time < APART:
                continue
            found += [] if last is None else [_subtract(entry, last)]
            last = entry
    return found


def _take_mean(same: Sequence[Compared]) -> Compared:
    number = fmean(entry.count.number for entry in same)
    return Compared(replace(same[0].count, value=number), same[0].ensemble)


def _subtract(entry: Compared, last: Compared) -> Compared:
    first, second = last.count, entry.count
    error = float(np.hypot(first.stated_error, second.stated_error))
    count = replace(
        second,
        thing=second.thing._replace(since=first.thing.time),
        value=second.number - first.number,
        margin=Margin(error, is_share=False) if error else None,
    )
    return Compared(count, entry.ensemble - last.ensemble)
