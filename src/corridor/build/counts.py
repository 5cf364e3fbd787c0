"""Counts of people: UNHCR's portal, IOM's DTM (its API and the sheets of countries), HDX HAPI, KoBo, or any sheet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridor.build.count_rows import CountedThing, make_reader, say_how_read
from corridor.build.find_table import open_table
from corridor.build.known_places import KnownPlaces
from corridor.build.mapping import NO_MAPPING, ColumnMapping
from corridor.build.parts import Part, choose_parts
from corridor.build.tables import Table, fold, load_roles
from corridor.build.used import Reading, SourceFile

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, time
    from pathlib import Path

ROLES = load_roles("counts")
_STOCKS = re.compile(r"idp|displaced|present", re.IGNORECASE)
_PUBLISHERS = {
    "UNHCR": {"datadate", "individuals"},
    "UNHCR (refugee data finder)": {"countryofasylumiso", "countryoforiginiso"},
    "UNHCR (population API)": {"cooiso", "coaiso"},
    "UNHCR (operational data portal)": {"geomastername", "individuals"},
    "IOM DTM": {"numpresentidpind", "reportingdate"},
    "HDX HAPI": {"referenceperiodstart", "resourcehdxid"},
}
_REASONS = ("displaced", "arrivals")


@dataclass(frozen=True)
class CountFigure:
    """One count: of which day, in which place or area (both blank: in total), how many people.

    `series` is that of a case (blank where the file does not say), `column` place, area or exit; `published` as the
    file has it, blank where it does not; `lines` are the rows it was made of; `hour` is None
    where the file states none.
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
    hour: time | None = None


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


def read_counts(
    path: Path, known: KnownPlaces, mapping: ColumnMapping = NO_MAPPING, exits: KnownPlaces | None = None
) -> Counts:
    """Return the counts of a file for places and areas of a case, and for its `exits`.

    A row that names no place at all is a total; one that names a place that the case does not have is dropped. Rows
    by sex, age, group, origin or reason are added up; other rows of one place and day only where the mapping says so
    (rows = "add": a sheet of sites or households), else the first is taken. Raises UsageError when the file cannot be
    read or has no column for day or people.
    """
    table = open_table(path, ROLES, mapping)
    needed = [] if table.has("low") or table.has("high") else ["people"]
    table.require(*([] if table.has("year") else ["day"]), *needed, names=ROLES)
    reading = Reading(path.name)
    reader = make_reader(table, known, exits or known, mapping)
    parts: dict[CountedThing, list[Part]] = {}
    origins: dict[CountedThing, set[str]] = {}
    ends: dict[int, tuple[float | None, float | None]] = {}
    for line in table.lines():
        try:
            thing = reader.find_thing(line)
            number, low, high = reader.read_numbers(line)
        except ValueError as error:
            reading.drop(line.number, str(error))
            continue
        reading.use()
        ends[line.number] = low, high
        split = reader.find_split(line)
        split += (f"row {line.number}",) if mapping.counts.get("rows") == "add" else ()
        parts.setdefault(thing, []).append(Part(thing, split, -1.0 if number is None else number, line.number))
        origins.setdefault(thing, set()).add(table.take(line, "origin_country"))
    figures = [_add_up(thing, found, ends, reading) for thing, found in parts.items()]
    reading.notes += [*table.notes, *say_how_read(table, origins)]
    return Counts(tuple(figures), reading, table.source, _guess_series(table), _guess_publisher(table))


def _add_up(
    thing: CountedThing, parts: Sequence[Part], ends: dict[int, tuple[float | None, float | None]], reading: Reading
) -> CountFigure:
    used, left = choose_parts(parts)
    for part, reason in left:
        reading.take_back(part.line, reason)
    lines = tuple(part.line for part in used)
    numbers = [part.number for part in used if part.number >= 0]
    low, high = ends[lines[0]] if len(used) == 1 else (None, None)
    people = sum(numbers) if len(numbers) == len(used) else None
    where = (thing.day, thing.series, thing.column, thing.where)
    return CountFigure(*where, people, low, high, thing.published, lines, thing.hour)


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
