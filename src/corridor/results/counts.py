"""What a run says of a published count: the same thing at the same moment, over the same span, by the same exit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor.results.result import Result, Values, interpolate
from corridor.simulate.series import Column, load_kinds

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from corridor.scenario.counts import Count, Thing

# Recorded series that answer a counted one, the first that is recorded by what the count names. What is recorded by
# checkpoint or desk answers for the place where that stands.
ANSWERS = {
    "arrivals": ("arrivals", "settled"),
    "vehicles": ("vehicles_arrived", "passed_vehicles"),
    "registered": ("registered",),
    "lodged": ("lodged",),
    "relief_trucks_in": ("relief_trucks_in",),
}
STANDS_AT = {"checkpoint": "checkpoints", "desk": "desks"}
ADDED_UP = ("registered", "lodged")  # counted where people are, so that places add up to their area


@dataclass(frozen=True)
class Compared:
    """A count and the ensemble [R] of what the run says of it."""

    count: Count
    ensemble: Values


def compare_counts(result: Result, counts: Iterable[Count]) -> tuple[list[Compared], list[tuple[Count, str]]]:
    """Return counts with what the run says of each, and those it cannot answer, with why."""
    asked, unanswered = [], []
    for count in counts:
        columns = find_columns(result, count.thing)
        if why := _say_unanswered(result, count.thing, columns):
            unanswered.append((count, why))
        else:
            asked.append((count, columns))
    data = result.take_columns(sorted({c for _, columns in asked for c in columns})) if result.kept else {}
    return [Compared(count, _take(result, count.thing, columns, data)) for count, columns in asked], unanswered


def find_columns(result: Result, thing: Thing) -> tuple[Column, ...]:
    """Return the recorded columns whose sum answers what was counted; none if the run does not record it."""
    by, label = thing.where
    recorded = set(result.columns)
    for name in ANSWERS[thing.series]:
        for kind in (kind for kind in load_kinds() if kind.name == name and len(kind.dimensions) <= 1):
            (dimension,) = kind.dimensions or ("",)
            if dimension == by:
                found = [Column(name, (label,) if by else ())]
            elif by == "place" and dimension in STANDS_AT:
                found = [Column(name, (at,)) for at in _find_standing(result, dimension, (label,))]
            elif by == "area" and thing.series in ADDED_UP and dimension in ("place", *STANDS_AT):
                places = _find_places(result, label)
                labels = places if dimension == "place" else _find_standing(result, dimension, places)
                found = [column for at in labels if (column := Column(name, (at,))) in recorded]
            else:
                continue
            if found and recorded.issuperset(found):
                return tuple(found)
    return _find_only_exit(result, thing)


def _find_standing(result: Result, dimension: str, places: Iterable[str]) -> list[str]:
    at = set(places)
    rows = result.scenario.rows(STANDS_AT[dimension], result.manifest["parameters"])
    return [row["id"] for row in rows if row["place"] in at]


def _find_places(result: Result, area: str) -> list[str]:
    """Return the places of an area, or of a side with all its areas."""
    rows = result.scenario.rows("places", result.manifest["parameters"])
    sides = {row["id"]: row["side"] for row in result.scenario.tables.get("areas", ())}
    return [row["id"] for row in rows if area in (row["area"], sides.get(row["area"]))]


def _find_only_exit(result: Result, thing: Thing) -> tuple[Column, ...]:
    """Return the total where it is the same: everybody leaves by the exit, or the exit to the place, that is named."""
    inside = set(_find_places(result, "inside"))
    rows = result.scenario.rows("roads", result.manifest["parameters"])
    ends = [(row["id"], (row["from"], row["to"])) for row in rows if (row["from"] in inside) != (row["to"] in inside)]
    by, label = thing.where
    total = Column(ANSWERS[thing.series][0])
    if len(ends) != 1 or thing.series not in ("arrivals", "vehicles") or total not in result.columns:
        return ()
    exit_road, places = ends[0]
    return (total,) if (by == "exit" and label == exit_road) or (by == "place" and label in places) else ()


def _say_unanswered(result: Result, thing: Thing, columns: tuple[Column, ...]) -> str:
    by, label = thing.where
    if not columns:
        return f"the run does not record {thing.series}" + (f" by {by}: {label}" if by else "")
    first, last = result.times[0], result.times[-1]
    if not all(first <= moment <= last for moment in (thing.time, thing.since or thing.time)):
        return "outside the period"
    if not result.kept and (thing.since is not None or len(columns) > 1):
        return "the run kept its summary only, which tells no difference and no sum of each replicate"
    return ""


def _take(result: Result, thing: Thing, columns: tuple[Column, ...], data: Mapping[Column, Values]) -> Values:
    """Return what the run says [R]: of a span the difference of its ends, each between two records by straight line."""

    def at(moment: datetime) -> Values:
        if not result.kept:
            return result.at(columns[0].series, moment, *columns[0].labels)
        values = data[columns[0]] if len(columns) == 1 else np.sum([data[column] for column in columns], axis=0)
        return interpolate(values, result.times, moment)

    return at(thing.time) if thing.since is None else at(thing.time) - at(thing.since)
