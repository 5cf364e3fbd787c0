"""Events of ACLED (both generations of its columns) and of UCDP GED: by place and day, with their ids.

Where a file says that it knows a position or a day only roughly, the event is spread over the places of its area or
over the days it may be of, and never put on one town. Deaths are read as what the file claims; they move nothing.
"""

from __future__ import annotations

import calendar
import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from corridor.build.figures import DayStyle, learn_style, read_count
from corridor.build.find_table import open_table
from corridor.build.known_places import KnownPlace, KnownPlaces
from corridor.build.mapping import NO_MAPPING, ColumnMapping
from corridor.build.tables import Line, Table, load_roles
from corridor.build.used import Reading, SourceFile
from corridor.scenario.checks.geography import measure_distance

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

ROLES = load_roles("events")
_LEAST = ("day", "latitude", "longitude")
NEAR = 15.0  # km within which an event with a known position belongs to a place
_UCDP_KINDS = {"1": "state-based conflict", "2": "non-state conflict", "3": "one-sided violence"}


@dataclass(frozen=True)
class Event:
    """One event as its file has it. `first_day` to `last_day` are the days it may be of.

    `exact` says whether its position is known to be that of the place; `areas` are the units it lies in, the smaller
    first. `low`, `best` and `high` are deaths as the file claims them, None where it does not.
    """

    id: str
    line: int
    first_day: date
    last_day: date
    latitude: float
    longitude: float
    exact: bool
    place: str = ""
    areas: tuple[str, ...] = ()
    kind: str = ""
    low: float | None = None
    best: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Events:
    """The events that a file holds of a period, and what became of its rows."""

    events: tuple[Event, ...]
    reading: Reading
    source: SourceFile


@dataclass(frozen=True)
class PlaceDay:
    """Events of one place on one day: how many in the mean (a share of each one that is spread), and their ids."""

    place: str
    day: date
    events: float
    ids: tuple[str, ...]
    spread: bool


def read_events(
    path: Path,
    start: date,
    end: date,
    box: tuple[float, float, float, float] | None = None,
    mapping: ColumnMapping = NO_MAPPING,
) -> Events:
    """Return the events of a file between two days (both with it), in a box of degrees: west, south, east, north.

    Raises UsageError when the file cannot be read or has no column for day or position.
    """
    table = open_table(path, ROLES, mapping)
    table.require(*_LEAST, names=ROLES)
    reading = Reading(path.name, "events")
    style = _choose_style(table, mapping)
    seen: set[str] = set()
    events = []
    for line in table.lines():
        try:
            event = _read_event(table, line, style)
            _require_wanted(event, start, end, box, seen)
        except ValueError as error:
            reading.drop(line.number, str(error))
            continue
        seen.add(event.id)
        reading.use()
        events.append(event)
    reading.notes += table.notes
    return Events(tuple(events), reading, table.source)


def _choose_style(table: Table, mapping: ColumnMapping) -> DayStyle:
    said = str(mapping.table.get("dates", ""))
    return DayStyle(said.partition(" ")[0]) if said else learn_style(table.texts("day"))


def _read_event(table: Table, line: Line, style: DayStyle) -> Event:
    if line.fault:
        raise ValueError(line.fault)
    first, last = style.read(table.take(line, "day")), None
    if first is None:
        reason = "no date"
        raise ValueError(reason)
    if table.has("last_day"):
        last = style.read(table.take(line, "last_day"))
    if last is not None and last < first:
        reason = "an end before its beginning"
        raise ValueError(reason)
    latitude, longitude = _read_position(table, line)
    days = (first, last) if last is not None else _spread_days(first, table.take(line, "day_precision"))
    kind = table.take(line, "kind")
    kinds = (_UCDP_KINDS.get(kind, kind), table.take(line, "sub_kind"))
    return Event(
        table.take(line, "id") or f"line {line.number}",
        line.number,
        *days,
        latitude,
        longitude,
        table.take(line, "place_precision") in ("", "1", "1.0"),
        table.take(line, "place"),
        tuple(area for role in ("second_area", "first_area") if (area := table.take(line, role))),
        ": ".join(text for text in kinds if text),
        *(read_count(table.take(line, role)) for role in ("low", "best", "high")),
    )


def _read_position(table: Table, line: Line) -> tuple[float, float]:
    found = []
    for role, most in (("latitude", 90), ("longitude", 180)):
        text = table.take(line, role)
        try:
            number = float(text.replace(",", ".")) if text else math.nan
        except ValueError:
            number = math.nan
        if math.isnan(number):
            reason = "no position"
            raise ValueError(reason)
        if abs(number) > most:
            reason = "a position that is not on the globe (latitude and longitude exchanged?)"
            raise ValueError(reason)
        found.append(number)
    if found == [0.0, 0.0]:
        reason = "a position at 0, 0: none was known"
        raise ValueError(reason)
    return found[0], found[1]


def _spread_days(day: date, precision: str) -> tuple[date, date]:
    """Return the days that ACLED's time_precision leaves open: 2 is about a week, 3 a month."""
    if precision == "2":
        return day - timedelta(days=3), day + timedelta(days=3)
    if precision == "3":
        return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return day, day


def _require_wanted(
    event: Event, start: date, end: date, box: tuple[float, float, float, float] | None, seen: set[str]
) -> None:
    if event.last_day < start or event.first_day > end:
        reason = f"outside the period {start} to {end}"
        raise ValueError(reason)
    if box is not None:
        west, south, east, north = box
        if not (south <= event.latitude <= north and west <= event.longitude <= east):
            reason = "outside the area"
            raise ValueError(reason)
    if event.id in seen:
        reason = "an id that the file has already (the same event again)"
        raise ValueError(reason)


def count_by_place(
    events: Iterable[Event], known: KnownPlaces, start: date, end: date, near: float = NEAR
) -> tuple[list[PlaceDay], Reading]:
    """Return events by place and day within a period, and an account of those that belong to no place.

    An event whose position is exact belongs to the nearest place within `near` km; any other one is spread alike over
    the places inside that lie in its area, the smaller area first. An event of several days is spread over them.
    """
    reading = Reading("events", "events by place")
    weights: dict[tuple[str, date], float] = {}
    ids: dict[tuple[str, date], list[str]] = {}
    rough: set[tuple[str, date]] = set()
    for event in events:
        places = _find_places(event, known, near)
        if not places:
            reading.drop(event.line, f"no place of the case within {near:g} km")
            continue
        reading.use()
        days = _days_between(max(event.first_day, start), min(event.last_day, end))
        spread = len(places) > 1 or event.first_day < event.last_day
        share = 1 / len(places) / ((event.last_day - event.first_day).days + 1)
        for key in ((place.id, day) for place in places for day in days):
            weights[key] = weights.get(key, 0.0) + share
            ids.setdefault(key, []).append(event.id)
            rough |= {key} if spread else set()
    found = [PlaceDay(*key, weights[key], tuple(ids[key]), key in rough) for key in sorted(weights)]
    return found, reading


def _days_between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _find_places(event: Event, known: KnownPlaces, near: float) -> list[KnownPlace]:
    if not event.exact:
        return known.within(event.areas)
    placed = [place for place in known.places if place.latitude is not None and place.longitude is not None]
    nearest = min(placed, key=lambda place: measure(event, place), default=None)
    return [nearest] if nearest is not None and measure(event, nearest) <= near else []


def measure(event: Event, place: KnownPlace) -> float:
    """Return the distance of an event from a place (km)."""
    return measure_distance((event.latitude, event.longitude), (place.latitude or 0.0, place.longitude or 0.0))
