"""People by place: the common operational data on population (COD-PS, long or wide), HDX HAPI, or any table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridor.build.figures import plain_digits, read_count
from corridor.build.find_table import open_table
from corridor.build.known_places import NOWHERE
from corridor.build.mapping import NO_MAPPING, ColumnMapping
from corridor.build.parts import Part, choose_parts
from corridor.build.tables import Line, Table, fold, load_roles
from corridor.build.used import Reading, SourceFile

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LEVELS = (4, 3, 2, 1, 0)  # of administrative units, the finest first
SPLITS = ("group", "sex", "age")
ROLES = load_roles("people")
TOTAL = re.compile(r"(grand\s*)?total|sum|all|المجموع|المجموع الكلي|итого|всего|جمع", re.IGNORECASE)


@dataclass(frozen=True)
class PeopleFigure:
    """How many people live in one place or unit.

    `code` and `name` are those of the finest unit that the row names, `level` its number (None where the table does
    not say), `year` the year of the figure (None where not stated), `line` its first line; `younger` tells that the
    figure is of after the start of the case: it may hold what the crisis changed.
    """

    code: str
    name: str
    level: int | None
    people: float
    year: int | None
    line: int
    younger: bool = False


@dataclass(frozen=True)
class People:
    """The people that a file holds, one figure a place, and what became of its rows."""

    figures: tuple[PeopleFigure, ...]
    reading: Reading
    source: SourceFile

    @property
    def younger(self) -> list[PeopleFigure]:
        """Return the figures of after the start."""
        return [figure for figure in self.figures if figure.younger]


@dataclass(frozen=True)
class _Unit:
    """What a figure is of: a place by code or name, with its level and the year."""

    code: str
    name: str
    level: int | None
    year: int | None

    @property
    def place(self) -> tuple[str, str]:
        """Return what tells the place from others: its code, else its name."""
        return (fold(self.code), "") if self.code else ("", fold(self.name) or self.name)


def read_people(path: Path, start_year: int, mapping: ColumnMapping = NO_MAPPING) -> People:
    """Return one figure a place: of several years the newest that is not after `start_year`, else the oldest.

    Rows by sex, age and group are added up, never beside their total, and a unit never beside the units within it.
    Raises UsageError when the file cannot be read or has no column for people, or none that names a place.
    """
    table = open_table(path, ROLES, mapping)
    table.require("people", names=ROLES)
    if not any(role.startswith(("code", "name", "place")) for role in table.found):
        table.require("place", names=ROLES)
    reading = Reading(path.name)
    decimal = str(mapping.table.get("decimal", ""))
    parts: dict[_Unit, list[Part]] = {}
    parents: set[tuple[str, str]] = set()
    for line in table.lines():
        try:
            unit, part, above = _read_row(table, line, decimal)
        except ValueError as error:
            reading.drop(line.number, str(error))
            continue
        reading.use()
        parts.setdefault(unit, []).append(part)
        parents |= above
    figures = _choose(parts, parents, start_year, reading)
    reading.notes += table.notes
    if any(figure.younger for figure in figures):
        told = f"some figures are of after {start_year}, in which the case starts: they say what is now, not what was"
        reading.note(told)
    return People(tuple(figures), reading, table.source)


def _choose(
    parts: dict[_Unit, list[Part]], parents: set[tuple[str, str]], start_year: int, reading: Reading
) -> list[PeopleFigure]:
    """Return the figures that count everybody once; rows that are left out are taken back."""
    by_place: dict[tuple[str, str], list[_Unit]] = {}
    for unit in parts:
        by_place.setdefault(unit.place, []).append(unit)
    figures = []
    for place, units in by_place.items():
        chosen = _choose_year(units, start_year)
        used, left = choose_parts(parts[chosen])
        others = [part for unit in units if unit is not chosen for part in parts[unit]]
        left += [(part, "a figure of another year") for part in others]
        if place in parents:
            left += [(part, "a total of units that are read one by one") for part in used]
        for part, reason in left:
            reading.take_back(part.line, reason)
        if place not in parents:
            number, younger = sum(part.number for part in used), chosen.year is not None and chosen.year > start_year
            line = min(part.line for part in used)
            figures.append(PeopleFigure(chosen.code, chosen.name, chosen.level, number, chosen.year, line, younger))
    return figures


def _choose_year(units: Iterable[_Unit], start_year: int) -> _Unit:
    """Return the newest not after the start, else the oldest; one without a year where no other is."""

    def rank(unit: _Unit) -> tuple[bool, int]:
        year = unit.year if unit.year is not None else start_year - 1000
        return year > start_year, abs(start_year - year)

    return min(units, key=rank)


def find_place(table: Table, line: Line) -> tuple[str, str, int | None]:
    """Return code, name and level of the finest unit that a row names. Raises ValueError when it names none."""
    own_code, own_name = table.take(line, "code"), table.take(line, "place")
    if own_code or own_name:
        return own_code, own_name, None
    for level in LEVELS:
        code, name = table.take(line, f"code_{level}"), table.take(line, f"name_{level}")
        if code or name:
            return code, name, level
    raise ValueError(NOWHERE)


def _read_row(table: Table, line: Line, decimal: str) -> tuple[_Unit, Part, set[tuple[str, str]]]:
    """Return the unit, its figure, and the units above it that the row names as well."""
    if line.fault:
        raise ValueError(line.fault)
    code, name, level = find_place(table, line)
    if not code and TOTAL.fullmatch(name.strip()):
        reason = "a total over places"
        raise ValueError(reason)
    number = read_count(table.take(line, "people"), decimal)
    if number is None:
        reason = "no number of people"
        raise ValueError(reason)
    found = re.search(r"\d{4}", plain_digits(table.take(line, "year")))
    unit = _Unit(code, name, level, int(found[0]) if found else None)
    above = set()
    for other in LEVELS:
        if level is None or other < level:
            names = table.take(line, f"code_{other}"), table.take(line, f"name_{other}")
            above |= {_Unit(*names, other, None).place} if any(names) else set()
    split = tuple(table.take(line, role) for role in SPLITS)
    return unit, Part(unit, split, number, line.number), above - {unit.place}
