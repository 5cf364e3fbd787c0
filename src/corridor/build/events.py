"""Events of ACLED (both generations of its columns) and UCDP GED, numbers of them of HDX HAPI: by place and day.

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
from corridor.build.mapping import NO_MAPPING, ColumnMapping
from corridor.build.tables import Line, Table, load_roles
from corridor.build.used import Reading, SourceFile

if TYPE_CHECKING:
    from pathlib import Path

ROLES = load_roles("events")
_LEAST = ("day", "latitude", "longitude")
_UNITS = ("second_code", "second_area", "first_code", "first_area")  # the smaller first
_CALM = {"protests", "strategic developments", "demonstration", "demonstrations"}  # of ACLED and HDX HAPI
_PART = "civilian_targeting"  # of HDX HAPI: these events are among political violence as well
_UCDP_KINDS = {"1": "state-based conflict", "2": "non-state conflict", "3": "one-sided violence"}


@dataclass(frozen=True)
class Event:
    """One event as its file has it. `first_day` to `last_day` are the days it may be of.

    `exact` says whether its position is known to be that of the place; `areas` are the units it lies in, the smaller
    first. `low`, `best` and `high` are deaths as the file claims them, None where it does not. A row that gives the
    number of events in a unit is of `number` events without a position.
    """

    id: str
    line: int
    first_day: date
    last_day: date
    latitude: float | None
    longitude: float | None
    exact: bool
    place: str = ""
    areas: tuple[str, ...] = ()
    kind: str = ""
    low: float | None = None
    best: float | None = None
    high: float | None = None
    number: float = 1.0


@dataclass(frozen=True)
class Events:
    """The events that a file holds of a period, and what became of its rows."""

    events: tuple[Event, ...]
    reading: Reading
    source: SourceFile


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
    by_unit = table.has("number") and not table.has("latitude") and any(table.has(role) for role in _UNITS)
    table.require(*(_LEAST[:1] if by_unit else _LEAST), names=ROLES)
    reading = Reading(path.name, "events")
    style = _choose_style(table, mapping)
    seen: set[str] = set()
    events = []
    for line in table.lines():
        try:
            event = _read_event(table, line, style, by_unit)
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


def _read_event(table: Table, line: Line, style: DayStyle, by_unit: bool) -> Event:
    if line.fault:
        raise ValueError(line.fault)
    latitude, longitude = (None, None) if by_unit else _read_position(table, line)
    number = read_count(table.take(line, "number")) if by_unit else 1.0
    if not number:
        reason = "a unit without events"
        raise ValueError(reason)
    kind = table.take(line, "kind")
    _require_violence(kind.casefold(), by_unit)
    low, best, high = (read_count(table.take(line, role)) for role in ("low", "best", "high"))
    kinds = (_UCDP_KINDS.get(kind, kind), table.take(line, "sub_kind"))
    return Event(
        table.take(line, "id") or f"line {line.number}",
        line.number,
        *_read_days(table, line, style),
        latitude,
        longitude,
        not by_unit and table.take(line, "place_precision") in ("", "1", "1.0"),
        table.take(line, "place"),
        tuple(area for role in _UNITS if (area := table.take(line, role))),
        ": ".join(text for text in kinds if text),
        low,
        best,
        high,
        number,
    )


def _require_violence(kind: str, by_unit: bool) -> None:
    if kind in _CALM:
        reason = "an event without violence: it sets no danger"
        raise ValueError(reason)
    if by_unit and kind == _PART:
        reason = "violence against civilians, counted among political violence as well"
        raise ValueError(reason)


def _read_days(table: Table, line: Line, style: DayStyle) -> tuple[date, date]:
    first, last = style.read(table.take(line, "day")), None
    if first is None:
        reason = "no date"
        raise ValueError(reason)
    if table.has("last_day"):
        last = style.read(table.take(line, "last_day"))
    if last is not None and last < first:
        reason = "an end before its beginning"
        raise ValueError(reason)
    return (first, last) if last is not None else _spread_days(first, table.take(line, "day_precision"))


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
    if box is not None and event.latitude is not None and event.longitude is not None:
        west, south, east, north = box
        if not (south <= event.latitude <= north and west <= event.longitude <= east):
            reason = "outside the area"
            raise ValueError(reason)
    if event.id in seen:
        reason = "an id that the file has already (the same event again)"
        raise ValueError(reason)
