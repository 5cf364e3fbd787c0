"""What an answer to a what-if says, as plain data: a changed case beside the case as it was, replicate by replicate.

Numbers over time are lists of whole people (or vehicles), one at each recorded moment; `q05` and so on are points of
the spread over the replicates. What holds nobody at any time is left out of what is told by way and place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor.results.compare import compare_values
from corridor.results.limits import name_exit_of
from corridor.results.live import Pair
from corridor.results.relief import LABEL, ROAD
from corridor.simulate.model import Model
from corridor.simulate.series import CAUSES, NO_EXIT, Column
from corridor.simulate.watching import Watched

FANS = ("arrivals", "inside", "on_roads", "held_back", "waiting_for_transport")
COMPARED = (*FANS, "vehicles_delayed", "registration_backlog")
FAN, BAND = (0.05, 0.25, 0.5, 0.75, 0.95), (0.05, 0.5, 0.95)
WAYS = {"people": "on_road", "vehicles": "vehicles_on_road", "delayed": "vehicles_delayed"}
PLACES = {"people": "at_place", "waiting": "waiting_for_transport"}
Lists = dict[str, list[int]]


def describe_pair(pair: Pair) -> dict[str, Any]:
    """Return an answer to a what-if; see `corridor.front.live.Live.answer` for what it holds."""
    clock, base = pair.model.clock, pair.base
    times = [clock.start + timedelta(hours=i * clock.record_hours) for i in range(clock.records)]
    fans = [name for name in FANS if _have(pair, Column(name))]
    return {
        "replicates": pair.replicates,
        "cpu_seconds": round(pair.seconds, 3),
        "base_cpu_seconds": round(pair.base_seconds, 3),
        "times": [time.isoformat(timespec="minutes") for time in times],
        "fans": {name: _tell_points(pair.edited.take(Column(name), pair.replicates), FAN) for name in fans},
        "paired": {name: _tell_difference(pair, Column(name)) for name in fans},
        **_tell_map(pair.edited, pair.model, pair.replicates),
        "exits": {name: _tell_exit(pair, name) for name in (*pair.model.network.exits, NO_EXIT)},
        "without": _tell_without(pair),
        "compare": _tell_end(pair, base),
    }


def _have(pair: Pair, column: Column) -> bool:
    return pair.base.has(column) and pair.edited.has(column)


def find_points(values: NDArray[Any], shares: Sequence[float]) -> NDArray[np.float64]:
    """Return points of the spread over the last axis [shares, ...], by straight line between order statistics."""
    ordered = np.sort(values, axis=-1)
    last = ordered.shape[-1] - 1
    points = []
    for share in shares:
        low = int(share * last)
        before, after = ordered[..., low], ordered[..., min(low + 1, last)]
        points.append(before + (share * last - low) * (after - before))
    return np.stack(points)


def _round(values: NDArray[Any]) -> list[int]:
    return np.rint(values).astype(np.int64).tolist()  # type: ignore[no-any-return]


def _tell_points(values: NDArray[Any], shares: Sequence[float]) -> Lists:
    names = (f"q{round(share * 100):02d}" for share in shares)
    return {name: _round(row) for name, row in zip(names, find_points(values, shares), strict=True)}


def _take_pair(pair: Pair, column: Column) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return a column of both sides [T, R], zeros for a side that has it not."""
    shape = (pair.model.clock.records, pair.replicates)
    first, second = (
        side.take(column, pair.replicates) if side.has(column) else np.zeros(shape, dtype=np.int32)
        for side in (pair.base, pair.edited)
    )
    return first, second


def _tell_difference(pair: Pair, column: Column) -> dict[str, list[Any]]:
    first, second = _take_pair(pair, column)
    difference = second - first
    higher = np.round((difference > 0).mean(axis=-1), 3).tolist()
    return {**_tell_points(difference, BAND), "higher": higher}


def _tell_map(watched: Watched, model: Model, replicates: int) -> dict[str, Any]:
    """Return medians by way and by place over time, and of how many replicates they are."""
    kept = min(replicates, watched.detail.shape[2])
    chosen = watched.choice.detail
    values = watched.detail[:, :, :kept]
    some = np.flatnonzero(values.any(axis=(0, 2)))
    (medians,) = find_points(values[:, some], (0.5,))
    told = {chosen[n]: _round(row) for n, row in zip(some, medians.T, strict=True)}
    return {
        "map_replicates": kept,
        "ways": _gather(told, WAYS, model.network.links),
        "places": _gather(told, PLACES, model.network.places),
    }


def _gather(told: dict[Column, list[int]], series: dict[str, str], labels: Iterable[str]) -> dict[str, Lists]:
    """Return by label the lists that are not nothing throughout; labels without any left out."""
    found = {}
    for label in labels:
        lists = {name: told.get(Column(of, (label,)), []) for name, of in series.items()}
        if lists := {name: values for name, values in lists.items() if any(values)}:
            found[label] = lists
    return found


def _tell_exit(pair: Pair, name: str) -> dict[str, Any]:
    """Return medians over time of one exit, and the people more that have come out by it in the end (9 in 10)."""

    def take(column: Column) -> list[int]:
        return _round(find_points(_take_pair(pair, column)[1], (0.5,))[0])

    causes = {cause: take(Column("held_back", (name, cause))) for cause in CAUSES}
    shown, area = name_exit_of(pair.scenario, pair.model.parameter_set, name)
    told: dict[str, Any] = {
        "name": shown,
        "area": area,
        "held_back": take(Column("held_back", (name,))),
        "causes": {cause: people for cause, people in causes.items() if any(people)},
    }
    if name != NO_EXIT:
        first, second = _take_pair(pair, Column("arrivals/exit", (name,)))
        told["arrivals"] = _round(find_points(second, (0.5,))[0])
        told["gained"] = _round(find_points(second[-1] - first[-1], BAND))
    return told


def _tell_without(pair: Pair) -> dict[str, Any]:
    """Return person-days without by the end, where stocks are known, by item and by place, changed beside base.

    `more` are the places and items for which somebody goes without longer in more than half of the replicates, those
    who lose most first.
    """
    cells = [column for column in pair.edited.choice.last if column in pair.base.choice.last]
    cells = [column for column in cells if column.series == "person_days_without"]
    both = {
        column: tuple(_take_last(side, column, pair.replicates) for side in (pair.base, pair.edited))
        for column in cells
    }
    items = dict.fromkeys(column.labels[1] for column in cells)
    by_item = {
        item: compare_values(*(np.sum([both[c][n] for c in cells if c.labels[1] == item], axis=0) for n in (0, 1)))
        for item in items
    }
    by_place = [
        {"place": column.labels[0], "item": column.labels[1], **compare_values(*both[column])}
        for column in cells
        if any(values.any() for values in both[column])
    ]
    worse = sorted((row for row in by_place if row["difference"] > 0), key=lambda row: -float(row["difference"]))
    return {"label": LABEL, "road": ROAD, "items": by_item, "places": by_place, "more": worse} if cells else {}


def _take_last(watched: Watched, column: Column, replicates: int) -> NDArray[np.float64]:
    return watched.last[watched.choice.position[column], :replicates]


def _tell_end(pair: Pair, base: Watched) -> list[dict[str, Any]]:
    """Return the end of the period side by side: totals, by exit, and who waits at each place."""
    columns = [Column(name) for name in COMPARED if _have(pair, Column(name))]
    exits = dict.fromkeys(
        c.labels[0] for side in (base, pair.edited) for c in side.choice.main if c.series == "arrivals/exit"
    )
    columns += [Column(series, (name,)) for name in exits for series in ("arrivals/exit", "held_back")]
    columns += [Column("held_back", (NO_EXIT,))]
    rows = [_compare_at(pair, column, -1) for column in columns]
    places = [c for c in pair.edited.choice.detail if c.series == "waiting_for_transport" and base.has(c)]
    return rows + [row for row in (_compare_at(pair, column, -1) for column in places) if row["first"] or row["second"]]


def _compare_at(pair: Pair, column: Column, moment: int) -> dict[str, Any]:
    first, second = (values[moment].astype(np.float64) for values in _take_pair(pair, column))
    number = min(len(first), len(second))
    label = column.labels[0] if column.labels else ""
    return {"measure": column.series, "of": label, **compare_values(first[:number], second[:number])}
