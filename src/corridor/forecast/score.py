"""How a run agrees with counts: coverage, CRPS, absolute error, and the naive rule beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

import numpy as np

from corridor.forecast.baseline import (
    Informed,
    Rules,
    compare_rules,
    forecast_naively,
    inform_rules,
    make_naive_rules,
    read_moment,
)
from corridor.forecast.crps import expect_distance, measure_censored_crps, measure_crps, share_within
from corridor.results.counts import Compared, compare_counts, total_of
from corridor.results.result import Result
from corridor.scenario.count_table import describe_count
from corridor.scenario.counts import Count, choose_fitted, keep_newest, read_counts

PARTS = ("fitted", "seen", "held_out")  # of the counts that are scored; vintages since replaced are "revised"
Compares = Sequence[Compared]


def collect_counts(result: Result) -> list[Compared]:
    """Return every published count, all its vintages, with what the run says of it, by what is counted."""
    return compare_counts(result, read_counts(result.scenario, result.manifest["parameters"]))[0]


def split_fitted(result: Result, counts: Compares) -> dict[str, list[Compared]]:
    """Divide counts into those used for fitting, those held out, and vintages that a later one has revised.

    Held out are those later than the fit, or without one than what the set may know. Other counts up to then (other
    series, published without their hour, by place, or a vintage that came later) are neither: whoever set the numbers
    knew something of them, so they are called "seen".
    """
    known = read_moment(result.manifest["fitted_until"] or result.manifest["known_until"])
    until = read_moment(result.manifest["fitted_until"])
    all_counts = [entry.count for entry in counts]
    newest = set(keep_newest(all_counts))
    series = result.manifest["fitted_series"].split()
    fitted = set(choose_fitted(all_counts, series, result.times[0], until)[0]) if until else set()
    parts: dict[str, list[Compared]] = {part: [] for part in (*PARTS, "revised")}
    for entry in counts:
        if entry.count in fitted:
            part = "fitted"
        elif entry.count not in newest:
            part = "revised"
        else:
            part = "seen" if known and entry.count.thing.time <= known else "held_out"
        parts[part].append(entry)
    return parts


def score_counts(counts: Compares, rules: Rules, informed: Informed | None = None) -> dict[str, Any]:
    """Return the scores of counts that are one number, with the naive rule for each beside it.

    `informed` are the naive rules that stop where the run's own number of people who leave does, see `compare_rules`.
    """
    inside = {50: 0.0, 90: 0.0}
    crps, errors, naive = [], [], []
    for entry in counts:
        value, error = entry.count.number, entry.count.stated_error
        for level in inside:
            low, high = np.quantile(entry.ensemble, [0.5 - level / 200, 0.5 + level / 200])
            inside[level] += share_within(low, high, value, error)
        crps.append(measure_crps(entry.ensemble, value, error))
        errors.append(float(expect_distance(np.asarray(np.median(entry.ensemble)), value, error)))
        ahead = forecast_naively(rules, entry.count)
        naive.append(float(expect_distance(np.asarray(ahead), value, error)))
    return {
        "n": len(counts),
        "coverage_50": inside[50] / len(counts),
        "coverage_90": inside[90] / len(counts),
        "crps": float(np.mean(crps)),
        "median_absolute_error": float(np.mean(errors)),
        **_compare_naive(crps, naive),
        **compare_rules(counts, crps, informed),
    }


def score_ends(counts: Compares, rules: Rules, informed: Informed | None = None) -> dict[str, Any]:
    """Return the scores of counts that are "more than", "up to" or a range.

    A count is hit where the run's 9 in 10 reach what it allows; `chance` is the mean share of replicates that do.
    """
    hits, chances, crps, naive = 0, [], [], []
    for entry in counts:
        low, high = entry.count.bounds
        least, most = np.quantile(entry.ensemble, [0.05, 0.95])
        hits += bool(least <= high and most >= low)
        chances.append(float((entry.count.measure_distance(entry.ensemble) == 0).mean()))
        crps.append(measure_censored_crps(entry.ensemble, low, high))
        ahead = forecast_naively(rules, entry.count)
        naive.append(float(entry.count.measure_distance(ahead)))
    return {
        "n": len(counts),
        "hits": hits,
        "chance": float(np.mean(chances)),
        "crps": float(np.mean(crps)),
        **_compare_naive(crps, naive),
        **compare_rules(counts, crps, informed),
    }


def _compare_naive(crps: list[float], naive: list[float]) -> dict[str, Any]:
    baseline = float(np.mean(naive))
    return {
        "baseline": "rate of the last 24 h known, continued until everyone is out",
        "baseline_crps": baseline,
        "skill": 1.0 - float(np.mean(crps)) / baseline if baseline > 0 else None,
    }


def list_counts(parts: dict[str, list[Compared]]) -> list[dict[str, Any]]:
    """Return every count with the quantiles of the run beside it."""
    rows = []
    for part, counts in parts.items():
        for entry in counts:
            quantiles = np.quantile(entry.ensemble, [0.05, 0.25, 0.5, 0.75, 0.95])
            names = ("q05", "q25", "q50", "q75", "q95")
            said = {name: float(q) for name, q in zip(names, quantiles, strict=True)}
            rows.append({**describe_count(entry.count), "used": part, **said})
    order = ("series", "place", "area", "exit", "time")
    return sorted(rows, key=lambda row: (*(row[name] for name in order), row["published"] or ""))


def time_reached(result: Result, series: str, level: float) -> list[datetime | None]:
    """Return for each replicate when a cumulative total first reaches a level, None if not within the period."""
    values = result.take(series)
    reached: list[datetime | None] = []
    step = result.times[1] - result.times[0]
    for curve in values:
        after = int(np.searchsorted(curve, level))
        if after >= len(curve):
            reached.append(None)
        elif after == 0:
            reached.append(result.times[0])
        else:
            part = (level - curve[after - 1]) / (curve[after] - curve[after - 1])
            reached.append(result.times[after - 1] + float(part) * step)
    return reached


def compare_reached(result: Result, level: float, series: str = "arrivals") -> dict[str, Any]:
    """Return when the run expects a total to be reached (nine chances in ten) and when the counts reached it."""
    moments = time_reached(result, total_of(series).series, level)
    never = sum(moment is None for moment in moments)
    end = result.times[-1]
    ordered = sorted(moment or end for moment in moments)
    pick = [ordered[round(q * (len(ordered) - 1))] for q in (0.05, 0.5, 0.95)]
    totals = (c for c in keep_newest(entry.count for entry in collect_counts(result)) if c.is_point)
    wanted = (series, "", "", "", None)
    counts = sorted((c.thing.time, c.number) for c in totals if c.thing[:5] == wanted)
    observed = None
    for (t0, v0), (t1, v1) in pairwise(counts):
        if v0 < level <= v1:
            observed = t0 + (level - v0) / (v1 - v0) * (t1 - t0)
            break
    return {
        "level": level,
        "q05": pick[0].isoformat(),
        "q50": pick[1].isoformat(),
        "q95": pick[2].isoformat(),
        "not_within_period": never / len(moments),
        "observed": observed.isoformat() if observed else None,
        "inside_90": bool(observed and pick[0] <= observed <= pick[2]),
    }


def score_result(result: Result) -> dict[str, Any]:
    """Return the scores of a run for each observed series, apart for counts fitted on and counts held out.

    `series` holds those of counts since the start that are one number, over all places; `table` has a row for each
    series, by place, area, exit or in total, since the start or over spans, numbers and ends apart. `left_out` names
    counts that the run cannot answer, with the reason. `fitted` tells whether the run used draws fitted to counts:
    without them the counts that a set puts aside for fitting were not used.
    """
    manifest = result.manifest
    counts, left_out = compare_counts(result, read_counts(result.scenario, manifest["parameters"]))
    parts, rules, informed = (
        split_fitted(result, counts),
        make_naive_rules(result, counts),
        inform_rules(result, counts),
    )
    series: dict[str, dict[str, Any]] = {}
    table = []
    for part in PARTS:
        known = informed if part == "held_out" else None
        groups: dict[tuple[str, ...], list[Compared]] = {}
        for entry in parts[part]:
            groups.setdefault(_group_of(entry.count), []).append(entry)
        for name in sorted({entry.count.thing.series for entry in parts[part]}):
            points = [e for e in parts[part] if e.count.thing.series == name and e.count.is_point]
            if since_start := [e for e in points if e.count.thing.since is None]:
                series.setdefault(name, {})[part] = score_counts(since_start, rules, known)
        for group, same in sorted(groups.items()):
            labels = dict(zip(("series", "by", "label", "counted", "stated"), group, strict=True))
            score = score_counts if labels["stated"] == "number" else score_ends
            table.append({**labels, "used": part, **score(same, rules, known)})
    return {
        "scenario": manifest["scenario"],
        "parameters": manifest["parameters"],
        "fitted_until": manifest["fitted_until"] or None,
        "fitted": bool(manifest["fitted_draws"]),
        "known_until": manifest["known_until"] or None,
        **({} if result.kept else {"quantile_error": manifest["quantile_error"]}),
        "series": series,
        "table": table,
        "left_out": [{**describe_count(count), "reason": why} for count, why in left_out],
    }


def _group_of(count: Count) -> tuple[str, ...]:
    """Return the row of the table in which a count is scored: series, where, since when, and what was stated."""
    counted = "since the start" if count.thing.since is None else "over a span"
    return count.thing.series, *count.thing.where, counted, "number" if count.is_point else "ends"
