"""What a run says of a published count: the same thing at the same moment, over the same span, by the same exit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor.results.result import Result, Values, interpolate
from corridor.scenario.areas import INSIDE, OUTSIDE, find_sides
from corridor.simulate.series import Column

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from corridor.scenario.counts import Count, Thing

# Recorded series that answer a counted one: the first that is recorded by what the count names; the last has the total.
# What is recorded by checkpoint or desk answers for the place where that stands, by exit for the place it leads to.
ANSWERS = {
    "arrivals": ("settled", "arrivals"),
    "vehicles": ("passed_vehicles", "vehicles_arrived"),
    "registered": ("registered",),
    "lodged": ("lodged",),
    "displaced": ("displaced_inside",),
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
    asked, unanswered = find_answers(result, counts)
    data = result.take_columns(sorted({c for _, columns in asked for c in columns})) if result.kept else {}
    return [Compared(count, _take(result, count.thing, columns, data)) for count, columns in asked], unanswered


def find_answers(
    result: Result, counts: Iterable[Count]
) -> tuple[list[tuple[Count, tuple[Column, ...]]], list[tuple[Count, str]]]:
    """Return counts with the recorded columns whose sum answers each, and those that a run cannot answer, with why."""
    answered, unanswered = [], []
    for count in counts:
        columns = find_columns(result, count.thing)
        if why := say_unanswered(result, count.thing, columns):
            unanswered.append((count, why))
        else:
            answered.append((count, columns))
    return answered, unanswered


def total_of(series: str) -> Column:
    """Return the recorded total that answers a counted series."""
    return Column(ANSWERS[series][-1])


def find_columns(result: Result, thing: Thing) -> tuple[Column, ...]:
    """Return the recorded columns whose sum answers what was counted; none if the run does not record it."""
    by, label = thing.where
    for name in ANSWERS[thing.series]:
        for series in (series for series in result.series if series.name == name and len(series.dimensions) <= 1):
            (dimension,) = series.dimensions or ("",)
            recorded = {column.labels[0] if dimension else "": column for column in series.columns}
            labels = _find_labels(result, thing, dimension, recorded)
            if labels and recorded.keys() >= set(labels):
                return tuple(recorded[label] for label in labels)
    exits = _find_exits(result)
    if len(exits) == 1 and thing.series in ("arrivals", "vehicles") and label in {*exits, *exits.values()}:
        return (total_of(thing.series),) if by in ("exit", "place") and total_of(thing.series) in result.columns else ()
    return ()


def _find_labels(result: Result, thing: Thing, dimension: str, recorded: Collection[str]) -> Collection[str]:
    """Return the labels of a dimension that together are where a count was made; none where that cannot be said."""
    by, label = thing.where
    if by == dimension == "area" and label == OUTSIDE:  # the side: all its areas
        return recorded
    if dimension == by:
        return [label]
    if by == "place" and dimension == "exit":
        return [road for road, end in _find_exits(result).items() if end == label]
    if by == "place" and dimension in STANDS_AT:
        return _find_standing(result, dimension, [label])
    if by == "area" and thing.series in ADDED_UP and dimension in STANDS_AT:
        return _find_standing(result, dimension, _find_places(result, label))
    if by == "area" and thing.series in ADDED_UP and dimension == "place":
        return [place for place in _find_places(result, label) if place in recorded]  # nobody is lodged elsewhere
    return []


def _find_standing(result: Result, dimension: str, places: Collection[str]) -> list[str]:
    rows = result.scenario.rows(STANDS_AT[dimension], result.manifest["parameters"])
    return [row["id"] for row in rows if row["place"] in places]


def _find_places(result: Result, area: str) -> list[str]:
    """Return the places of an area, or of a side with all its areas."""
    places = result.scenario.rows("places", result.manifest["parameters"])
    sides = find_sides(places, result.scenario.rows("areas", result.manifest["parameters"]))
    return [row["id"] for row in places if area in (row["area"], sides[row["id"]])]


def _find_exits(result: Result) -> dict[str, str]:
    """Return the roads between a place inside and one outside, by id, with the place outside that each leads to."""
    inside = set(_find_places(result, INSIDE))
    exits = {}
    for row in result.scenario.rows("roads", result.manifest["parameters"]):
        outer = [place for place in (row["from"], row["to"]) if place not in inside]
        if len(outer) == 1:
            exits[row["id"]] = outer[0]
    return exits


def say_unanswered(result: Result, thing: Thing, columns: tuple[Column, ...]) -> str:
    """Return why a run cannot answer a count, for which these columns were found; nothing if it can."""
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
