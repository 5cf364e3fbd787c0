"""Sealed forecasts scored on the counts that have come true since, naive rules beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from corridor.forecast.board import make_scored
from corridor.forecast.crps import measure_quantile_crps
from corridor.forecast.naive import NaiveRule, Where, make_prior_rules
from corridor.forecast.pool import QUANTILES, Scored
from corridor.forecast.unsealed import DAY, KIND, Sealed, read_sealed
from corridor.results.result import Values
from corridor.scenario.chain import Record, read_records
from corridor.scenario.count_table import describe_count
from corridor.scenario.counts import Count, keep_newest, read_counts
from corridor.scenario.faults import FaultsError, UsageError, fault
from corridor.scenario.scenario import Scenario
from corridor.scenario.values import end_of_day

_EVIDENCE = 4  # exit code: an evidence check failed


@dataclass(frozen=True)
class LedgerScores:
    """A case's forecasts in a ledger, the scores of each, counts they say nothing of, and what else is in it."""

    forecasts: tuple[Sealed, ...]
    scores: tuple[tuple[Scored, ...], ...]
    left_out: tuple[dict[str, Any], ...]
    other_records: int
    last_sha256: str

    @property
    def scored(self) -> tuple[Scored, ...]:
        """Return the scores of all forecasts together."""
        return tuple(entry for scored in self.scores for entry in scored)

    @property
    def records(self) -> list[dict[str, Any]]:
        """Return each forecast with the number of counts scored that were published after it was sealed, and before."""
        names = ("sealed_at", "as_of", "parameters", "variant", "method", "seed", "corridor", "read_sha256", "sha256")
        rows = []
        for forecast, scored in zip(self.forecasts, self.scores, strict=True):
            before = sum(entry.sealed == "before" for entry in scored)
            said = {name: forecast.record.get(name) for name in names}
            rows.append({"row": forecast.row, **said, "before": before, "after": len(scored) - before})
        return rows


def score_ledger(ledger: Path, case: Scenario) -> LedgerScores:
    """Score a ledger's forecasts of a case on the counts later than, and published after, the moment of each.

    A forecast says "before" of a count that had not been published when it was sealed, and "after" of one that had, or
    of which it cannot be shown: a forecast sealed after the outcome may have known it. Scores are those of the board,
    with twice the mean pinball loss for the CRPS; increments of a sealed forecast cannot be told from quantiles.

    Raises FaultsError (exit code 4) when the chain is broken or a record cannot be read, UsageError when there is no
    ledger or it holds no forecast of this case.
    """
    records = read_records(ledger)
    of_counts = [(row, record) for row, record in enumerate(records, start=1) if record.get("kind") == KIND]
    own = [(row, record) for row, record in of_counts if record.get("case") == case.settings["id"]]
    if not own:
        others = sorted({str(record.get("case")) for _, record in of_counts})
        held = f"forecasts of counts for {', '.join(others)}" if others else f"{len(records)} records, none of counts"
        message = f"{ledger} holds no forecast of {case.settings['id']}: it holds {held}"
        raise UsageError(message)
    forecasts = [_read(ledger, row, record) for row, record in own]
    scores: list[tuple[Scored, ...]] = []
    left_out: list[dict[str, Any]] = []
    for forecast in forecasts:
        found, without = score_sealed(forecast, case)
        scores.append(tuple(found))
        left_out += [{"row": forecast.row, **describe_count(count), "reason": why} for count, why in without]
    last = str(records[-1]["sha256"])
    return LedgerScores(tuple(forecasts), tuple(scores), tuple(left_out), len(records) - len(own), last)


def _read(ledger: Path, row: int, record: Record) -> Sealed:
    try:
        return read_sealed(record, row)
    except (KeyError, TypeError, ValueError, IndexError, OverflowError) as error:
        what = str(error.args[0]) if isinstance(error, KeyError) else "numbers or times"
        found = fault("ledger_not_a_forecast", (ledger.name, row, ""), what=what)
        raise FaultsError([found], exit_code=_EVIDENCE) from error


def score_sealed(forecast: Sealed, case: Scenario) -> tuple[list[Scored], list[tuple[Count, str]]]:
    """Return the scores of one sealed forecast, and the later counts it says nothing of, with why."""
    known = case.sets.get(str(forecast.record.get("parameters", "")), None)
    chosen = str(forecast.record.get("parameters", "")) if known is not None else ""
    zone = ZoneInfo(str(case.settings["time_zone"]))
    rules = make_prior_rules(forecast.known, forecast.leaving, forecast.began)
    scored, left_out = [], []
    for count in keep_newest(read_counts(case, chosen)):
        if count.thing.time <= forecast.as_of or (count.published or count.thing.time) <= forecast.as_of:
            continue
        why = _say_unsealed(forecast, count)
        if why:
            left_out.append((count, why))
        else:
            scored.append(_score(forecast, count, rules, was_sealed_before(forecast.sealed_at, count, zone)))
    return scored, left_out


def was_sealed_before(sealed_at: datetime, count: Count, zone: ZoneInfo) -> bool:
    """Tell whether a forecast was surely sealed before a count was published.

    A day of publication means its beginning here, and a count without one may have been published at its own hour:
    what cannot be shown does not stand in the forecast's favour.
    """
    earliest = count.thing.time
    if count.published is not None:
        is_day = count.published == end_of_day(count.published)
        begin = datetime.combine(count.published.date(), datetime.min.time()) if is_day else count.published
        earliest = max(begin, count.thing.time)
    return sealed_at < earliest.replace(tzinfo=zone)


def _say_unsealed(forecast: Sealed, count: Count) -> str:
    """Return why a sealed forecast says nothing of a count; nothing if it does."""
    if count.thing[:4] not in forecast.quantiles:
        by, label = count.thing.where
        return f"the forecast does not hold {count.thing.series}" + (f" by {by}: {label}" if by else "")
    since = count.thing.since
    if since is not None and (count.thing.time - since != DAY or count.thing[:4] not in forecast.last_day):
        return "only spans of 24 hours are sealed, where the case counted any, and of all arrivals"
    if not forecast.moments[0] <= count.thing.time <= forecast.moments[-1]:
        return "outside of what was sealed"
    return ""


def _score(forecast: Sealed, count: Count, rules: Mapping[Where, Mapping[str, NaiveRule]], is_before: bool) -> Scored:
    thing = count.thing
    take = forecast.at if thing.since is None else forecast.over_day
    values = take(thing[:4], thing.time)
    quantiles = {name: float(np.interp(level, forecast.levels, values)) for name, level in QUANTILES.items()}
    crps = score_quantiles(forecast.levels, values, count)
    scored = make_scored(forecast.as_of, count, quantiles, (crps, crps), rules)
    return replace(scored, sealed="before" if is_before else "after")


def score_quantiles(levels: Values, values: Values, count: Count) -> float:
    """Return the CRPS of quantiles [L] for a count: over all truths within its stated error, or beyond its ends."""
    if count.is_point:
        return measure_quantile_crps(levels, values, count.number, count.stated_error)
    low, high = count.bounds
    short = measure_quantile_crps(levels, np.minimum(values, low), low) if np.isfinite(low) else 0.0
    return short + (measure_quantile_crps(levels, np.maximum(values, high), high) if np.isfinite(high) else 0.0)
