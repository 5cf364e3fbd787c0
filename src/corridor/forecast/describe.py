"""What a filter has done, in words and as a document; and what a forecast says of later counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from corridor.forecast.agreement import SMALL, Where, name_error, share_of, where_of
from corridor.forecast.cloud import Cloud, find_size
from corridor.forecast.naive import FALLING
from corridor.results.counts import Compared, compare_counts
from corridor.results.drawn import count_independent
from corridor.results.result import Result, Values
from corridor.scenario.count_table import describe_count
from corridor.scenario.counts import Count, keep_newest, read_counts
from corridor.scenario.draft import Row
from corridor.scenario.values import hours_between
from corridor.scenario.variant import row_name
from corridor.simulate.learnt import make_picks
from corridor.simulate.uncertain import give_values


def note_learning(cloud: Cloud, as_of: datetime, parameters: str) -> list[str]:
    """Return comment lines that say how a file of what was learnt was made."""
    counts = sum(len(stage.readings) for stage in cloud.stages)
    return [
        f"Made by corridor forecast for set {parameters}: {counts} counts published by {as_of.isoformat()};",
        f"nothing published later was read. {cloud.number} particles, which descend from",
        f"{count_ancestors(cloud)} of the start, worth about {count_independent(cloud.origins):.0f} equal families.",
    ]


def count_ancestors(cloud: Cloud) -> int:
    """Return from how many particles of the start those of the end descend."""
    return len(np.unique(cloud.origins))


def describe_learning(
    cloud: Cloud, as_of: datetime, unknown: Sequence[Row], hindsight: Sequence[Row], all_events: bool
) -> dict[str, Any]:
    """Return what was learnt as one JSON-ready document."""
    values = give_values(cloud.state.model, cloud.names, cloud.scores)
    errors = {n: share_of(n, z) for n, z in zip(cloud.errors, cloud.error_scores.T, strict=True)}
    return {
        "as_of": as_of.isoformat(),
        "particles": cloud.number,
        "effective": cloud.stages[-1].effective if cloud.stages else float(cloud.number),
        "ancestors": count_ancestors(cloud),
        "ancestors_effective": count_independent(cloud.origins),
        "counts": [
            {**describe_count(reading.count), "weight": stage.weight}
            for stage in cloud.stages
            for reading in stage.readings
        ],
        "left_out": [{**describe_count(count), "reason": why} for count, why in cloud.left_out],
        "stages": [
            {
                "hour": stage.moment * cloud.state.model.clock.record_hours,
                "counts": len(stage.readings),
                "weight": stage.weight,
                "effective": stage.effective,
                "ancestors": stage.ancestors,
            }
            for stage in cloud.stages
        ],
        "numbers": {name: _spread(column) for name, column in sorted(values.items())},
        "model_error": {name: _spread(column) for name, column in sorted(errors.items())},
        "newest": _describe_newest(cloud),
        "ahead": [],
        "events_unknown": sorted(row_name(row) for row in unknown),
        "events_kept": all_events,
        "rests_on_later": sorted({f"{row.table}/{row_name(row)}" for row in hindsight}),
    }


def _describe_newest(cloud: Cloud) -> dict[str, Any] | None:
    """Return what the newest counts changed: what was said of them before, and the range of the people inside."""
    if not cloud.stages:
        return None
    stage = cloud.stages[-1]
    names = ("q05", "q50", "q95")
    counts = [
        {**describe_count(reading.count), **dict(zip(names, map(float, said), strict=True))}
        for reading, said in zip(stage.readings, stage.said, strict=True)
    ]
    before, after = (dict(zip(names, map(float, points), strict=True)) for points in stage.inside)
    return {"counts": counts, "inside_before": before, "inside_after": after}


def tell_ahead(result: Result, as_of: datetime) -> list[str]:
    """Return in words what the forecast expects of the next 24 and 72 hours and of the end, by exit where several."""
    exits = [labels for labels in result.labels("arrivals") if labels]
    said = []
    for hours in (24, 72):
        until = as_of + timedelta(hours=hours)
        if until > result.times[-1]:
            continue
        more = _tell(result.at("arrivals", until) - result.at("arrivals", as_of))
        said.append(f"in the next {hours} h, until {until:%d %B %H:%M}: {more} more people out")
        if len(exits) > 1:
            parts = [(_tell(result.at("arrivals", until, *e) - result.at("arrivals", as_of, *e)), e[0]) for e in exits]
            said += [f"  by {name}: {more}" for more, name in parts]
    end = result.times[-1]
    said.append(f"by the end, {end:%d %B %H:%M}: {_tell(result.at('arrivals', end))} people out in all")
    return said


def _tell(values: Values) -> str:
    low, middle, high = np.quantile(values, [0.05, 0.5, 0.95])
    return f"{middle:,.0f} (9 in 10: {low:,.0f} to {high:,.0f})"


def _spread(values: Any) -> dict[str, float]:
    low, middle, high = (float(q) for q in np.quantile(values, [0.05, 0.5, 0.95]))
    return {"q05": low, "q50": middle, "q95": high}


def say_of_counts(result: Result, cloud: Cloud, as_of: datetime) -> tuple[Compared, ...]:
    """Return counts later than a moment, the newest vintage of each, with what the forecast says of them [R].

    That is what its run says, and the model's error: what is left of it from the last count, and what is new. A running
    total is never said to be less than it was.
    """
    counts = keep_newest(read_counts(result.scenario, result.manifest["parameters"]))
    counts = tuple(count for count in counts if count.thing.time > as_of)
    lines = make_picks(cloud.seed, len(cloud.steps), cloud.number, np.arange(result.replicates))
    generator = np.random.default_rng([cloud.seed, len(cloud.steps), 2])
    scores = dict(zip(cloud.errors, cloud.error_scores.T, strict=True))
    found = []
    courses: dict[Where, Any] = {}  # one course of the error for each series and place
    reached = find_reached(reading.count for stage in cloud.stages for reading in stage.readings)
    for entry in compare_counts(result, counts)[0]:
        where, thing = where_of(entry.count), entry.count.thing
        name = name_error(where)
        if name not in scores:
            scores[name] = generator.standard_normal(cloud.number)
        share = share_of(name, scores[name])[lines]
        course = courses.setdefault(where, generator.standard_normal(result.replicates))
        size = find_size(cloud, where, thing.since is not None, float(np.median(entry.ensemble)))
        hour = hours_between(result.times[0], thing.time)
        shift, spread = cloud.gaps.expect(where, hour, entry.ensemble, share, lines, size)
        if thing.since is not None:  # an increase stands by itself
            shift, spread = np.zeros_like(spread), share * (np.abs(entry.ensemble) + SMALL * size)
        least = reached.get(where, 0.0) if thing.since is None else 0.0
        found.append(Compared(entry.count, np.maximum(entry.ensemble + shift + spread * course, least)))
    return tuple(found)


def find_reached(counts: Iterable[Count]) -> dict[Where, float]:
    """Return what running totals had reached at least, less the errors of the counts; what may fall is left out."""
    reached: dict[Where, float] = {}
    for count in counts:
        low, _ = count.bounds
        if count.thing.since is None and count.thing.series not in FALLING and np.isfinite(low):
            reached[where_of(count)] = max(reached.get(where_of(count), 0.0), low)
    return reached
