"""What a sealed ledger (`corridor.scenario.chain`) keeps of a forecast of counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from corridor.forecast.unsealed import DAY, HOUR, KIND, Label
from corridor.results.counts import ANSWERS, find_columns
from corridor.results.result import Result, Values, interpolate
from corridor.scenario.areas import OUTSIDE
from corridor.scenario.chain import Record, append_record
from corridor.scenario.content import hash_content
from corridor.scenario.counts import Count, Thing, read_count, read_counts
from corridor.scenario.faults import UsageError
from corridor.scenario.scenario import Scenario

LEVELS = (0.01, 0.025, *(k / 20 for k in range(1, 20)), 0.975, 0.99)
PRIOR_LEVELS = tuple(k / 100 for k in range(1, 100))
CLOSE, APART = timedelta(hours=72), timedelta(hours=6)


def describe_forecast(
    result: Result,
    as_of: datetime,
    known: Iterable[Count],
    leaving: Values,
    method: str,
    began: datetime | None = None,
    seed: int | None = None,
) -> dict[str, Any]:
    """Return what a ledger keeps of a forecast as of a moment, as plain data.

    `result` [R, T] says what is expected from `as_of` on, `known` are the counts it was made from, `leaving` [R] is the
    model's prior of how many will leave in the end, `method` says in words how it was made, `seed` is that of the run
    unless given. Kept are 23 quantiles in whole numbers of every series that counts could be compared with, in total
    and by exit and area, and of all that is counted by place: at each recorded hour up to 72 hours ahead, then every
    six hours to the end; of arrivals in total, and of all that is counted over spans, also of what came in the 24 hours
    before each moment. `read_sha256` is the hash of all that the forecast could read: the case without counts that were
    not known.
    """
    case, chosen = result.scenario, str(result.manifest["parameters"])
    moments = list(choose_moments(result.times, as_of))
    places = [result.times.index(moment) for moment in moments]
    columns = {label: find_columns(result, Thing(*label, None, moments[0])) for label in list_labels(result)}
    columns = {label: found for label, found in columns.items() if found}
    data = result.take_columns(sorted({column for found in columns.values() for column in found}))
    by_day: set[Label] = {("arrivals", "", "", "")}
    by_day |= {count.thing[:4] for count in read_counts(case, chosen) if count.thing.since is not None}
    series: list[dict[str, Any]] = []
    for label, found in columns.items():
        values = np.sum([data[column] for column in found], axis=0)
        entry = {**dict(zip(Thing._fields, label, strict=False)), "quantiles": _take_quantiles(values[:, places])}
        if label in by_day:
            earlier = [max(moment - DAY, result.times[0]) for moment in moments]
            before = np.stack([interpolate(values, result.times, moment) for moment in earlier], axis=1)
            entry["last_day"] = _take_quantiles(values[:, places] - before)
        series.append(entry)
    return {
        "kind": KIND,
        "case": str(case.settings["id"]),
        "variant": case.variant_name,
        "parameters": chosen,
        "case_sha256": case.hash,
        "read_sha256": hash_known(case, chosen, as_of),
        "as_of": as_of.isoformat(),
        "began": began and began.isoformat(),
        "seed": result.manifest.get("seed") if seed is None else seed,
        "replicates": result.replicates,
        "method": method,
        "levels": list(LEVELS),
        "moments": [moment.isoformat() for moment in moments],
        "series": series,
        "known": [_write_count(count) for count in known],
        "leaving": np.rint(np.quantile(leaving, PRIOR_LEVELS)).astype(int).tolist(),
    }


def _take_quantiles(values: Values) -> list[list[int]]:
    """Return the quantiles of values [R, M] at each moment, in whole numbers [M, L]."""
    whole: list[list[int]] = np.rint(np.quantile(values, LEVELS, axis=0)).astype(int).T.tolist()
    return whole


def seal_forecast(ledger: Path, described: Mapping[str, Any], sealed_at: datetime) -> Record:
    """Append a forecast to a ledger (made if absent) and return the record with its hash.

    Raises FaultsError when the ledger's chain is broken, UsageError when it cannot be written, ValueError when
    `sealed_at` has no time zone.
    """
    return append_record(ledger, described, sealed_at)


def choose_moments(times: Sequence[datetime], as_of: datetime) -> Iterator[datetime]:
    """Give the recorded moments that are sealed: the last up to `as_of`, hourly to 72 hours, six-hourly, the end.

    Raises UsageError when nothing is recorded after `as_of`.
    """
    if times[-1] <= as_of:
        message = f"nothing is forecast after {as_of:%Y-%m-%d %H:%M}: the period ends at {times[-1]:%Y-%m-%d %H:%M}"
        raise UsageError(message)
    last = max((time for time in times if time <= as_of), default=times[0])
    yield last
    for time in times:
        apart = HOUR if time <= as_of + CLOSE else APART
        if time > last and (time - last >= apart or time == times[-1]):
            last = time
            yield time


def list_labels(result: Result) -> list[Label]:
    """Return every series with where it may be counted: totals, arrivals by exit and area, and what the case counts."""
    labels: dict[Label, None] = {(series, "", "", ""): None for series in ANSWERS}
    labels["arrivals", "", OUTSIDE, ""] = None
    for series in result.series:
        if series.name in ANSWERS["arrivals"] and series.dimensions in (("exit",), ("area",)):
            for (label,) in series.labels:
                by_exit = series.dimensions == ("exit",)
                labels["arrivals", "", "" if by_exit else label, label if by_exit else ""] = None
    for count in read_counts(result.scenario, result.manifest["parameters"]):
        labels[count.thing[:4]] = None
    return list(labels)


def hash_known(case: Scenario, parameter_set: str, as_of: datetime) -> str:
    """Return the hash of a case under a parameter set, without the counts that were not known by a moment."""
    tables = {name: case.rows(name, parameter_set) for name in case.tables}
    tables["observations"] = tuple(row for row in tables["observations"] if read_count(row).known_by(as_of))
    chosen = {name: known for name, known in case.sets.items() if name == parameter_set}
    return hash_content(case.settings, chosen, tables, case.variant_name)


def _write_count(count: Count) -> dict[str, Any]:
    thing = count.thing
    return {
        **dict(zip(Thing._fields[:4], thing[:4], strict=True)),
        "since": thing.since and thing.since.isoformat(),
        "time": thing.time.isoformat(),
        **{name: getattr(count, name) for name in ("value", "low", "high", "status")},
        "margin": count.margin and [count.margin.size, count.margin.is_share],
        "published": count.published and count.published.isoformat(),
    }
