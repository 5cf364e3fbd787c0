"""How a run agrees with counts: coverage, CRPS, absolute error, and the naive rule beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

import numpy as np

from corridor.results.result import Result, Values, interpolate
from corridor.scenario.values import hours_between
from corridor.simulate.series import Column

# The total of a run that answers an observed series.
TOTALS = {
    "arrivals": Column("arrivals"),
    "vehicles": Column("vehicles_arrived"),
    "registered": Column("registered"),
    "lodged": Column("lodged"),
}


@dataclass(frozen=True)
class Count:
    """One observed count and what the run says of it: the ensemble [R] at that time and place."""

    series: str
    place: str
    time: datetime
    value: float
    status: str
    ensemble: Values


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


def measure_crps(ensemble: Values, value: float) -> float:
    """Return the continuous ranked probability score of an ensemble [R] for one value, in its unit; lower is better.

    The fair (unbiased) estimator: mean |x - y| - sum |x - x'| / (2 R (R - 1)). C. Ferro, Q. J. R. Meteorol. Soc.
    140 (2014) 1917-1923, doi:10.1002/qj.2270; computed from the sorted ensemble.
    """
    count = len(ensemble)
    ordered = np.sort(ensemble)
    near = float(np.abs(ordered - value).mean())
    if count < 2:
        return near
    weights = 2.0 * np.arange(count) - count + 1.0
    return near - float((weights * ordered).sum()) / (count * (count - 1))


def collect_counts(result: Result) -> list[Count]:
    """Return every observed count within the period that the run can be compared with, in time order."""
    scenario, parameters = result.scenario, result.manifest["parameters"]
    rows = [
        row for row in scenario.rows("observations", parameters) if result.times[0] <= row["time"] <= result.times[-1]
    ]
    columns = {column for row in rows if (column := column_of(result, row["series"], row["place"]))}
    data = result.take_columns(sorted(columns)) if result.kept else {}
    counts = []
    for row in rows:
        column = column_of(result, row["series"], row["place"])
        if column is not None:
            ensemble = (
                interpolate(data[column], result.times, row["time"])
                if result.kept
                else result.at(column.series, row["time"], *column.labels)
            )
            counts.append(Count(row["series"], row["place"] or "", row["time"], row["value"], row["status"], ensemble))
    return sorted(counts, key=lambda count: (count.series, count.place, count.time))


def column_of(result: Result, series: str, place: str | None) -> Column | None:
    """Return the recorded column that answers a series at a place, or None if the run has none."""
    if not place:
        return TOTALS.get(series)
    if series == "vehicles":
        at = {row["place"]: row["id"] for row in result.scenario.tables["checkpoints"]}
        return Column("passed_vehicles", (at[place],)) if place in at else TOTALS["vehicles"]
    if series == "registered":
        at = {row["place"]: row["id"] for row in result.scenario.tables["desks"]}
        return Column("registered", (at[place],)) if place in at else None
    column = Column("settled" if series == "arrivals" else series, (place,))
    return column if column in result.columns else TOTALS["arrivals"] if series == "arrivals" else None


def split_fitted(result: Result, counts: Sequence[Count]) -> dict[str, list[Count]]:
    """Divide counts into those used for fitting and those held out.

    A set without a fit holds everything out. Other counts within the time of the fit (other series, or published
    without their hour) are neither: they could have been known, so they are called "seen".
    """
    until, series = result.manifest["fitted_until"], result.manifest["fitted_series"].split()
    parts: dict[str, list[Count]] = {"fitted": [], "seen": [], "held_out": []}
    for count in counts:
        early = bool(until) and count.time <= datetime.fromisoformat(until)
        used = count.series in series and count.status == "stated" and not count.place
        parts["held_out" if not early else "fitted" if used else "seen"].append(count)
    return parts


def naive_rule(result: Result, counts: Sequence[Count], count: Count) -> NaiveRule:
    """Return the naive rule for the series and place of a count: what was known at the origin of the forecast.

    The origin is the last fitted count, or the date up to which the parameter set knows anything. "Everybody" is
    the stated population; for vehicles and registered the same share of it as of people at the origin.
    """
    origin_text = result.manifest["fitted_until"] or result.manifest["known_until"]
    origin = datetime.fromisoformat(origin_text) if origin_text else result.times[0]
    same = [c for c in counts if (c.series, c.place) == (count.series, count.place)]
    known = tuple((c.time, c.value) for c in same if c.time <= origin)
    everybody = stated_people(result)
    if count.series == "lodged" and known:
        arrived = [c.value for c in counts if c.series == "arrivals" and not c.place and c.time <= origin]
        everybody *= known[-1][1] / arrived[-1] if arrived and arrived[-1] > 0 else 1.0
    return NaiveRule(known, everybody)


def stated_people(result: Result) -> float:
    """Return the number of people the scenario states, before any factor on it: the claim known to everybody."""
    rows = result.scenario.rows("people", result.manifest["parameters"])
    return float(sum(row["people"].median for row in rows))


def score_counts(result: Result, counts: Sequence[Count], everything: Sequence[Count]) -> dict[str, Any]:
    """Return the scores of some counts of one series; `everything` is what the naive rule may look at."""
    inside = {50: 0, 90: 0}
    crps, errors, naive = [], [], []
    for count in counts:
        for level in inside:
            low, high = np.quantile(count.ensemble, [0.5 - level / 200, 0.5 + level / 200])
            inside[level] += bool(low <= count.value <= high)
        crps.append(measure_crps(count.ensemble, count.value))
        errors.append(abs(float(np.median(count.ensemble)) - count.value))
        naive.append(abs(naive_rule(result, everything, count).forecast(count.time) - count.value))
    baseline = float(np.mean(naive))
    return {
        "n": len(counts),
        "coverage_50": inside[50] / len(counts),
        "coverage_90": inside[90] / len(counts),
        "crps": float(np.mean(crps)),
        "median_absolute_error": float(np.mean(errors)),
        "baseline": "rate of the last 24 h known, continued until everyone is out",
        "baseline_crps": baseline,
        "skill": 1.0 - float(np.mean(crps)) / baseline if baseline > 0 else None,
    }


def list_counts(parts: dict[str, list[Count]]) -> list[dict[str, Any]]:
    """Return every count with the quantiles of the run beside it."""
    rows = []
    for part, counts in parts.items():
        for count in counts:
            q05, q25, q50, q75, q95 = (float(q) for q in np.quantile(count.ensemble, [0.05, 0.25, 0.5, 0.75, 0.95]))
            rows.append(
                {
                    "series": count.series,
                    "place": count.place,
                    "time": count.time.isoformat(),
                    "value": count.value,
                    "status": count.status,
                    "used": part,
                    **{"q05": q05, "q25": q25, "q50": q50, "q75": q75, "q95": q95},
                }
            )
    return sorted(rows, key=lambda row: (row["series"], row["place"], row["time"]))


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
    moments = time_reached(result, TOTALS[series].series, level)
    never = sum(moment is None for moment in moments)
    end = result.times[-1]
    ordered = sorted(moment or end for moment in moments)
    pick = [ordered[round(q * (len(ordered) - 1))] for q in (0.05, 0.5, 0.95)]
    counts = sorted((c.time, c.value) for c in collect_counts(result) if c.series == series and not c.place)
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
    """Return the scores of a run for each observed series, apart for counts fitted on and counts held out."""
    counts = collect_counts(result)
    parts = split_fitted(result, counts)
    series: dict[str, dict[str, Any]] = {}
    for part, chosen in parts.items():
        for name in sorted({count.series for count in chosen}):
            same = [count for count in chosen if count.series == name]
            series.setdefault(name, {})[part] = score_counts(result, same, counts)
    return {
        "scenario": result.manifest["scenario"],
        "parameters": result.manifest["parameters"],
        "fitted_until": result.manifest["fitted_until"] or None,
        "known_until": result.manifest["known_until"] or None,
        **({} if result.kept else {"quantile_error": result.manifest["quantile_error"]}),
        "series": series,
    }
