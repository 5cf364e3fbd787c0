"""Counts of people: UNHCR's portal, IOM's DTM (its API and the sheets of countries), HDX HAPI, KoBo, or any sheet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridor.build.figures import DayStyle, learn_style, read_count
from corridor.build.find_table import open_table
from corridor.build.known_places import NOWHERE, KnownPlace, KnownPlaces
from corridor.build.mapping import NO_MAPPING, ColumnMapping
from corridor.build.parts import Part, choose_parts
from corridor.build.people import LEVELS, SPLITS, TOTAL
from corridor.build.tables import Line, Table, fold, load_roles
from corridor.build.used import Reading, SourceFile

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

ROLES = load_roles("counts")
_STOCKS = re.compile(r"idp|displaced|present", re.IGNORECASE)
_PUBLISHERS = {
    "UNHCR": {"datadate", "individuals"},
    "IOM DTM": {"numpresentidpind", "reportingdate"},
    "HDX HAPI": {"locationcode", "referenceperiodstart", "resourcehdxid"},
}
_REASONS = ("displaced", "arrivals")


@dataclass(frozen=True)
class CountFigure:
    """One count: of which day, in which place or area (both blank: in total), how many people.

    `series` is that of a case (blank where the file does not say), `column` place, area or exit; `published` as the
    file has it, blank where it does not; `lines` are the rows it was made of.
    """

    day: date
    series: str
    column: str
    where: str
    people: float | None
    low: float | None
    high: float | None
    published: str
    lines: tuple[int, ...]


@dataclass(frozen=True)
class Counts:
    """The counts that a file holds, and what became of its rows.

    `series` is what such a file mostly counts, `publisher` who gives out files with its columns (blank: not known).
    """

    figures: tuple[CountFigure, ...]
    reading: Reading
    source: SourceFile
    series: str = ""
    publisher: str = ""


@dataclass(frozen=True)
class _Thing:
    day: date
    series: str
    column: str
    where: str
    published: str


def read_counts(
    path: Path, known: KnownPlaces, mapping: ColumnMapping = NO_MAPPING, exits: KnownPlaces | None = None
) -> Counts:
    """Return the counts of a file for places and areas of a case, and for its `exits`.

    A row that names no place at all is a total; one that names a place that the case does not have is dropped. Rows
    by sex, age or group are added up; other rows of one place and day only where the mapping says so (rows = "add":
    a sheet of sites or households), else the first is taken. Raises UsageError when the file cannot be read or has no
    column for day or people.
    """
    table = open_table(path, ROLES, mapping)
    table.require("day", *([] if table.has("low") or table.has("high") else ["people"]), names=ROLES)
    reading = Reading(path.name)
    said = str(mapping.table.get("dates", ""))
    style = DayStyle(said.partition(" ")[0]) if said else learn_style(table.texts("day"))
    parts: dict[_Thing, list[Part]] = {}
    ends: dict[int, tuple[float | None, float | None]] = {}
    for line in table.lines():
        try:
            thing = _find_thing(table, line, style, (known, exits or known))
            number, low, high = _read_numbers(table, line, str(mapping.table.get("decimal", "")))
        except ValueError as error:
            reading.drop(line.number, str(error))
            continue
        reading.use()
        ends[line.number] = low, high
        split = tuple(table.take(line, role) for role in SPLITS)
        split += (f"row {line.number}",) if mapping.counts.get("rows") == "add" else ()
        parts.setdefault(thing, []).append(Part(thing, split, -1.0 if number is None else number, line.number))
    figures = [_add_up(thing, found, ends, reading) for thing, found in parts.items()]
    reading.notes += table.notes
    return Counts(tuple(figures), reading, table.source, _guess_series(table), _guess_publisher(table))


def _find_thing(table: Table, line: Line, style: DayStyle, known: tuple[KnownPlaces, KnownPlaces]) -> _Thing:
    if line.fault:
        raise ValueError(line.fault)
    day = style.read(table.take(line, "day"))
    if day is None:
        reason = "no date"
        raise ValueError(reason)
    series, published = table.take(line, "series"), table.take(line, "published")
    if way := table.take(line, "exit"):
        return _Thing(day, series, "exit", known[1].find((), (way,)).id, published)
    place = _find_place(table, line, known[0])
    return _Thing(day, series, place.column if place else "", place.id if place else "", published)


def _find_place(table: Table, line: Line, known: KnownPlaces) -> KnownPlace | None:
    """Return the place of the finest unit that a row names, or None for a total. Raises ValueError, a reason."""
    for code_role, name_role in [("code", "place"), *((f"code_{n}", f"name_{n}") for n in LEVELS)]:
        code, name = table.take(line, code_role), table.take(line, name_role)
        if name and TOTAL.fullmatch(name):
            return None
        if code or name:
            return known.find((code,), (name,))
    if any(table.has(role) for role in ("code", "place")) or any(table.has(f"code_{n}") for n in LEVELS):
        raise ValueError(NOWHERE)
    return None


def _read_numbers(table: Table, line: Line, decimal: str) -> tuple[float | None, float | None, float | None]:
    number, low, high = (read_count(table.take(line, role), decimal) for role in ("people", "low", "high"))
    if number is None and low is None and high is None:
        reason = "no number of people"
        raise ValueError(reason)
    if low is not None and high is not None and low > high:
        reason = "a low end above the high one"
        raise ValueError(reason)
    return number, low, high


def _add_up(
    thing: _Thing, parts: Sequence[Part], ends: dict[int, tuple[float | None, float | None]], reading: Reading
) -> CountFigure:
    used, left = choose_parts(parts)
    for part, reason in left:
        reading.take_back(part.line, reason)
    lines = tuple(part.line for part in used)
    numbers = [part.number for part in used if part.number >= 0]
    low, high = ends[lines[0]] if len(used) == 1 else (None, None)
    people = sum(numbers) if len(numbers) == len(used) else None
    return CountFigure(thing.day, thing.series, thing.column, thing.where, people, low, high, thing.published, lines)


def _guess_series(table: Table) -> str:
    """Return what a file of its kind counts: displaced people where a column says so, else arrivals."""
    if "people" not in table.found:
        return ""
    name = table.columns[table.found["people"]]
    return _REASONS[0] if _STOCKS.search(name) or table.has("round") else _REASONS[1]


def _guess_publisher(table: Table) -> str:
    """Return who gives out files with these columns, where they are nobody else's."""
    names = {fold(column) for column in table.columns}
    return next((publisher for publisher, own in _PUBLISHERS.items() if own <= names), "")
