"""Two runs side by side, replicate by replicate: with shared luck their difference is sharp."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np

from corridor.results.relief import ROAD
from corridor.results.result import Result, Values, interpolate
from corridor.results.store import tell_apart
from corridor.scenario.faults import UsageError
from corridor.simulate.series import Column

MEASURES = (*("inside", "on_roads", "arrivals", "waiting_for_transport", "vehicles_delayed", "registration_backlog"),)


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


def compare_results(first: Result, second: Result, moments: list[datetime] | None = None) -> dict[str, Any]:
    """Return paired differences (second less first) of the main numbers at some moments.

    Each row holds both medians, the median difference with its 5 and 95 % points, the share of replicates in which
    the second is higher, and how many times smaller the variance of the difference is than it would be with
    independent luck; under "differ" stands what the runs differ in besides. Raises UsageError when they do not pair.
    """
    check_pairing(first, second)
    chosen = moments or _spread_moments(first)
    rows = []
    for column in _choose_columns(first, second):
        both = [result.take(column.series, *column.labels) for result in (first, second)]
        for moment in chosen:
            a, b = (interpolate(values, first.times, moment) for values in both)
            rows.append({"measure": column.write(), "time": moment.isoformat(), **_compare(a, b)})
    end = first.times[-1].isoformat()
    for name, pair in _compare_relief(first, second).items():
        rows.append({"measure": name, "time": end, **_compare(*pair)})
    if not _has_days_only(first):
        hours = [_mean_journey(result) for result in (first, second)]
        rows.append({"measure": "mean_journey_hours", "time": end, **_compare(*hours)})
    return {
        "first": _label(first),
        "second": _label(second),
        "replicates": first.replicates,
        "seed": first.manifest["seed"],
        "differ": list_differences(first, second),
        "differences": rows,
    }


def _has_days_only(result: Result) -> bool:
    """Return whether a run is of Flee's daily rules, which know no hours, vehicles or registration."""
    return result.manifest.get("engine") == "flee"


def _choose_columns(first: Result, second: Result) -> list[Column]:
    """Return the columns to compare: of a run of Flee's rules, its people, in all and at each place outside."""
    if not _has_days_only(first):
        return [Column(name) for name in MEASURES]
    camps = [labels for labels in first.labels("settled") if second.has("settled", *labels)]
    return [Column(name) for name in MEASURES[:3]] + [Column("settled", labels) for labels in camps]


def _compare_relief(first: Result, second: Result) -> dict[str, tuple[Values, Values]]:
    """Return by name what both runs record of relief by the end: goods brought in (units), person-days without.

    Person-days are added up over places where the stock is known, and stand apart for people on the road.
    """
    found: dict[str, tuple[Values, Values]] = {}
    groups: dict[str, list[Column]] = {}
    for column in first.columns:
        series, labels, _ = column
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


def _compare(first: Values, second: Values) -> dict[str, Any]:
    difference = second - first
    low, middle, high = (float(q) for q in np.quantile(difference, [0.05, 0.5, 0.95]))
    return {
        "first": float(np.median(first)),
        "second": float(np.median(second)),
        "difference": middle,
        "mean_difference": float(difference.mean()),
        "q05": low,
        "q95": high,
        "share_higher": float((difference > 0).mean()),
        "sharper_than_independent": measure_sharpness(first, second),
    }


def _mean_journey(result: Result) -> Values:
    hours, people = result.take_totals("journey_hours", "arrivals").values()
    return np.asarray(hours[:, -1] / np.maximum(people[:, -1], 1))


def _spread_moments(result: Result) -> list[datetime]:
    """Return three moments: when a quarter, half and all of the arrivals of the median course have come."""
    arrivals = np.median(result.take("arrivals"), axis=0)
    positions = [int(np.searchsorted(arrivals, share * arrivals[-1])) for share in (0.25, 0.5)]
    return [result.times[min(p, len(result.times) - 1)] for p in positions] + [result.times[-1]]


def _label(result: Result) -> dict[str, Any]:
    manifest = result.manifest
    return {
        "folder": str(result.folder),
        "variant": manifest["variant"] or "as written",
        "parameters": manifest["parameters"],
        "scenario_hash": manifest["scenario_hash"],
    }
