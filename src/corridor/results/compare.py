"""Two runs side by side, replicate by replicate: with shared luck their difference is sharp."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import numpy as np

from corridor.results.crew import ALONE, Crew, in_order
from corridor.results.moments import require_within
from corridor.results.relief import ROAD
from corridor.results.result import Labels, Result, Values, interpolate
from corridor.results.store import tell_apart
from corridor.scenario.faults import UsageError
from corridor.simulate.series import NO_EXIT, Column, choose_column

MEASURES = (
    "arrivals", "inside", "on_roads", "held_back", "waiting_for_transport", "vehicles_delayed", "registration_backlog",
)  # fmt: skip
PEOPLE = ("arrivals", "inside", "on_roads")  # all that a run of Flee's daily rules records of these
BY_EXIT = ("arrivals", "held_back")
MOST_EVENTS = 5  # shown of those that differ, the first in time


def check_pairing(first: Result, second: Result) -> None:
    """Raise UsageError unless replicate r of both runs has the same luck and the same moments."""
    for name in ("engine", "seed", "replicates", "start", "moments", "record_hours"):
        a, b = (result.manifest.get(name, "corridor") for result in (first, second))
        if a != b:
            message = f"the runs cannot be compared replicate by replicate: {name} is {a} and {b}; run both alike"
            raise UsageError(message)


def list_differences(first: Result, second: Result) -> list[str]:
    """Return in words what two runs differ in beyond variant and parameter set, which are compared on purpose."""
    a, b = first.manifest, second.manifest
    told = tell_apart(a, b)
    if told.keys() & {"variant", "parameters"}:
        told.pop("scenario_hash", None)
    if "parameters" in told:
        told.pop("fitted_draws", None)
    tables = [manifest.get("tables", {}) for manifest in (a, b)]
    changed = sorted(name for name in tables[0].keys() & tables[1].keys() if tables[0][name] != tables[1][name])
    if changed and "scenario_hash" not in told and a["scenario_hash"] != b["scenario_hash"]:
        told["tables"] = f"the files of the scenario ({', '.join(changed)})"
    return [words for name, words in told.items() if name not in ("variant", "parameters")]


def list_differing(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return by name, with both values, what two runs differ in beyond what is compared on purpose, from manifests.

    That is the version, the rules, the parameter set, and the case itself where both are the same variant of it.
    """
    names = ["corridor", "behaviour", "parameters", "fitted_draws"]
    names += ["scenario_hash"] if first["variant"] == second["variant"] else []
    told = tell_apart(first, second)
    if "parameters" in told:
        names.remove("fitted_draws")
    values = [(name, [str(manifest.get(name) or "")[:16] for manifest in (first, second)]) for name in names]
    return [{"name": name, "first": a, "second": b} for name, (a, b) in values if name in told]


def compare_results(
    first: Result, second: Result, moments: list[datetime] | None = None, crew: Crew = ALONE
) -> dict[str, Any]:
    """Return paired differences (second less first) of the main numbers at some moments, in all and by exit.

    Moments not named are when the two differ most, the end, and when the events happen in which they differ; under
    "moments" stands why each was chosen. Each row holds the median difference with its 5 and 95 % points, both medians,
    the share of replicates in which the second is higher, and how many times smaller the variance of the difference is
    than it would be with independent luck; `exit` is its name, of a total None. An exit that one of the runs has not
    counts as one that nobody uses. Under "differ" stands what the runs differ in besides. Raises UsageError when they
    do not pair, and for a moment outside their period.
    """
    check_pairing(first, second)
    for moment in moments or ():
        require_within(first, moment)
    chosen = dict.fromkeys(moments, "asked for") if moments else _choose_moments(first, second)
    return {
        "first": _label(first),
        "second": _label(second),
        "replicates": first.replicates,
        "seed": first.manifest["seed"],
        "differ": list_differences(first, second),
        "moments": [{"time": moment.isoformat(), "why": why} for moment, why in chosen.items()],
        "differences": describe_differences(first, second, list(chosen), crew),
    }


def describe_differences(
    first: Result, second: Result, moments: Sequence[datetime], crew: Crew = ALONE
) -> list[dict[str, Any]]:
    """Return the rows of `compare_results` at some moments, of results whose replicates have the same luck."""
    columns = _choose_columns(first, second)
    done = crew.do(partial(_describe_column, (first, second), tuple(moments)), columns)
    by_column = [told for _, told in in_order(done, columns)]
    rows = [told[place] for place in range(len(moments)) for told in by_column]
    for name, pair in _compare_relief(first, second).items():
        rows.append(_describe(Column(name), first.times[-1], *pair))
    if not _has_days_only(first):
        for labels in [(), *(c.labels for c in columns if c.series == "arrivals/exit")]:
            hours, other = (_mean_journey(result, labels) for result in (first, second))
            came = np.isfinite(hours) & np.isfinite(other)
            if came.any():
                mean = Column("mean_journey_hours/exit" if labels else "mean_journey_hours", labels)
                rows.append(_describe(mean, first.times[-1], hours[came], other[came]))
    return rows


def _has_days_only(result: Result) -> bool:
    """Return whether a run is of Flee's daily rules, which know no hours, vehicles or registration."""
    return result.manifest.get("engine") == "flee"


def _choose_columns(first: Result, second: Result) -> list[Column]:
    """Return the columns to compare: of a run of Flee's rules, its people, in all and at each place outside."""
    if _has_days_only(first):
        camps = [labels for labels in first.labels("settled") if second.has("settled", *labels)]
        return [Column(name) for name in PEOPLE] + [Column("settled", labels) for labels in camps]
    exits = sorted({*first.labels("arrivals"), *second.labels("arrivals")})
    columns = []
    for name in MEASURES:
        columns += [Column(name)] if first.has(name) and second.has(name) else []
        if len(exits) > 1 and name in BY_EXIT:
            columns += [choose_column(name, labels) for labels in exits]
            columns += [Column(name, (NO_EXIT,))] if name == "held_back" else []
    return columns


def _take(result: Result, column: Column) -> Values:
    """Return a column [R, T], zeros for an exit that the run has not."""
    if column.labels and column not in result.stored_names:
        return np.zeros((result.replicates, len(result.times)))
    return result.take(column.series, *column.labels)


def _describe_column(
    results: tuple[Result, Result], moments: Sequence[datetime], column: Column
) -> list[dict[str, Any]]:
    """Return what is said of a column at each moment."""
    times, both = results[0].times, [_take(result, column) for result in results]
    return [_describe(column, moment, *(interpolate(values, times, moment) for values in both)) for moment in moments]


def _choose_moments(first: Result, second: Result) -> dict[datetime, str]:
    """Return the moments at which two runs are best compared, and why: the most important first."""
    chosen: dict[datetime, str] = {}
    for column in _choose_columns(first, second):
        apart = np.abs((_take(second, column) - _take(first, column)).mean(axis=0))
        if apart.any():
            words = column.series.partition("/")[0].replace("_", " ")
            chosen[first.times[int(apart.argmax())]] = f"{words} differ most"
            break
    chosen.setdefault(first.times[-1], "the end")
    for moment, name in _list_events(first, second):
        chosen.setdefault(moment, f"event {name} differs")
    return chosen


def _list_events(first: Result, second: Result) -> list[tuple[datetime, str]]:
    """Return the events in which two runs differ, within the period, with the middle of when each may happen."""
    try:
        scenarios = [(result.scenario, result.manifest["parameters"]) for result in (first, second)]
    except UsageError:  # a case changed in memory: the folder holds it as it was read
        return []
    tables = [{row["id"]: row for row in scenario.rows("events", chosen)} for scenario, chosen in scenarios]
    found = set()
    for name in tables[0].keys() | tables[1].keys():
        rows = [table[name] for table in tables if name in table]
        said = [{k: v for k, v in row.values.items() if k not in ("claims", "note")} for row in rows]
        if len(rows) == 1 or said[0] != said[1]:
            found |= {(row["time"].take(0.5), name) for row in rows}
    return sorted(event for event in found if first.times[0] <= event[0] <= first.times[-1])[:MOST_EVENTS]


def _describe(column: Column, moment: datetime, first: Values, second: Values) -> dict[str, Any]:
    label = column.labels[0] if column.labels and column.series != "settled" else None
    return {"measure": column.write(), "exit": label, "time": moment.isoformat(), **compare_values(first, second)}


def _compare_relief(first: Result, second: Result) -> dict[str, tuple[Values, Values]]:
    """Return by name what both runs record of relief by the end: goods brought in (units), person-days without.

    Person-days are added up over places where the stock is known, and stand apart for people on the road.
    """
    found: dict[str, tuple[Values, Values]] = {}
    groups: dict[str, list[Column]] = {}
    for column in first.columns:
        series, labels = column
        if column not in second.columns:
            continue
        if series == "brought_in":
            groups[f"brought_in {labels[0]}"] = [column]
        elif series == "person_days_without":
            where = "on the road" if labels[0] == ROAD else "at places"
            groups.setdefault(f"person_days_without {labels[1]} {where}", []).append(column)
        elif series in ("relief_trucks_in", "relief_trucks_turned_back"):
            groups[series] = [column]
    for title, columns in groups.items():
        a, b = (
            np.sum([values[:, -1] for values in result.take_columns(columns).values()], axis=0)
            for result in (first, second)
        )
        if a.any() or b.any():
            found[title] = (a, b)
    return found


def measure_sharpness(first: Values, second: Values) -> float | None:
    """Return var(first) + var(second) over var(second - first): how much shared luck sharpens a difference [R]."""
    spread = float(np.var(second - first))
    return float((np.var(first) + np.var(second)) / spread) if spread > 0 else None


def compare_values(first: Values, second: Values) -> dict[str, Any]:
    """Return the median difference (second less first) of paired values [R] with what `compare_results` says of it."""
    difference = second - first
    low, middle, high = (float(q) for q in np.quantile(difference, [0.05, 0.5, 0.95]))
    return {
        "difference": middle,
        "q05": low,
        "q95": high,
        "mean_difference": float(difference.mean()),
        "first": float(np.median(first)),
        "second": float(np.median(second)),
        "share_higher": float((difference > 0).mean()),
        "sharper_than_independent": measure_sharpness(first, second),
    }


def _mean_journey(result: Result, labels: Labels) -> Values:
    """Return the mean hours of the journeys of those who have come out (by an exit) by the end [R], nan if nobody."""
    hours, people = (_take(result, choose_column(series, labels))[:, -1] for series in ("journey_hours", "arrivals"))
    return np.asarray(np.divide(hours, people, out=np.full(len(people), np.nan), where=people > 0))


def _label(result: Result) -> dict[str, Any]:
    manifest = result.manifest
    return {
        "folder": str(result.folder),
        "variant": manifest["variant"] or "as written",
        "parameters": manifest["parameters"],
        "scenario_hash": manifest["scenario_hash"],
    }
