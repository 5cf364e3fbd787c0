"""The shapes that a Flee folder is read into, and the reading of one CSV file with its line numbers."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.scenario.faults import Fault, fault

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

KINDS = ("camp", "conflict", "forward", "marker", "flood_zone", "default", "town")


def find_word(kind: str) -> str:
    """Return the word by which Flee knows a type of place: the first of its own that stands anywhere in it, or ''."""
    return next((word for word in KINDS if word in kind.lower()), "")


@dataclass(frozen=True)
class Place:
    """One row of locations.csv. `people` is the population, or the capacity where the place is a camp."""

    row: int
    name: str
    region: str
    country: str
    latitude: float
    longitude: float
    kind: str
    conflict_day: int
    people: int
    attributes: dict[str, str]

    @property
    def is_camp(self) -> bool:
        """Return whether Flee reads the place as a camp (the word stands anywhere in its type)."""
        return "camp" in self.kind.lower()

    def number(self, column: str, default: float) -> float:
        """Return a numeric column of the user's own, or `default` where it is absent or empty."""
        try:
            return float(self.attributes.get(column, "") or default)
        except ValueError:
            return default


@dataclass(frozen=True)
class Road:
    """One row of routes.csv: a road travelled both ways, distance in km, speeds in km a day."""

    row: int
    start: str
    end: str
    distance: float
    forced: int
    speed: float | None
    walk_chance: float


@dataclass(frozen=True)
class Closure:
    """One row of closures.csv; `until` is the day of reopening, -1 for never."""

    row: int
    kind: str
    first: str
    second: str
    since: int
    until: int


@dataclass(frozen=True)
class DailyTable:
    """A table with a column for each name and a row for each day: conflicts, floods, hunger."""

    days: np.ndarray  # the first column
    names: list[str]
    values: np.ndarray  # [day, name]


@dataclass(frozen=True)
class Demographics:
    """One demographics_<attribute>.csv: weights of each value, by default and for named places."""

    attribute: str
    values: list[str]
    default: np.ndarray
    places: dict[str, np.ndarray]


@dataclass(frozen=True)
class Series:
    """A registered count over time: `days` since the start (may be negative) and people (already over hasten)."""

    name: str
    days: np.ndarray
    people: np.ndarray


@dataclass(frozen=True)
class FleeFolder:
    """A Flee folder as read; nothing in it has been interpreted yet beyond types."""

    path: Path
    name: str
    start: date
    days: int
    settings: dict[str, Any]
    places: list[Place]
    roads: list[Road]
    closures: list[Closure]
    conflicts: DailyTable | None
    floods: DailyTable | None
    hunger: DailyTable | None
    changes: list[tuple[int, str, str, int]]  # row, place, new kind, day
    demographics: list[Demographics]
    major_routes: list[tuple[int, list[str]]]
    agents: list[tuple[str, dict[str, str]]]
    layout: list[Series]
    warnings: list[Fault] = field(default_factory=list)


def read_rows(path: Path, faults: list[Fault]) -> list[tuple[int, list[str]]]:
    """Return the rows of a CSV file with their line numbers, cells stripped, empty rows left out.

    Comment rows (first character '#') are kept: for most of Flee's files the first of them is the header.
    """
    # not scenario's read_records: that drops those rows and reads semicolons and strict quotes, as Flee does not
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        faults.append(fault("flee.file.encoding", (path.name, 0, ""), byte=error.start))
        return []
    except OSError as error:
        faults.append(fault("flee.file.unreadable", (path.name, 0, ""), error=error.strerror or "unreadable"))
        return []
    rows: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text.replace("\0", "")))
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                rows.append((reader.line_num, stripped))
    except csv.Error as error:
        faults.append(fault("flee.file.csv", (path.name, reader.line_num, ""), error=error))
    return rows


class Row:
    """One row of a table, read cell by cell; each cell that cannot be read adds a fault and gives the default."""

    def __init__(self, file: str, line: int, cells: list[str], faults: list[Fault]) -> None:
        self.file, self.line, self.cells, self.faults = file, line, cells, faults

    def text(self, index: int) -> str:
        """Return the cell, or nothing where the row is too short."""
        return self.cells[index] if index < len(self.cells) else ""

    def note(self, kind: str, column: str, **facts: object) -> None:
        """Add a fault of a kind at this row."""
        self.faults.append(fault(kind, (self.file, self.line, column), **facts))

    def number(self, index: int, column: str, default: float, low: float = -1e15, high: float = 1e15) -> float:
        """Return the cell as a number from `low` to `high`; an empty one is the default."""
        cell = self.text(index)
        if not cell:
            return default
        try:
            value = float(cell)
        except ValueError:
            value = float("nan")
        if not low <= value <= high:
            allowed = f"a number from {low:g} to {high:g}" if low > -1e15 else "a number"
            self.note("flee.cell.number", column, cell=cell, allowed=allowed)
            return default
        return value

    def whole(self, index: int, column: str, default: int, low: int = -(10**12), high: int = 10**12) -> int:
        """Return the cell as a whole number; an empty one is the default. Flee stops at one written with a point."""
        cell, before = self.text(index), len(self.faults)
        value = self.number(index, column, default, low, high)
        if value != int(value):
            self.note("flee.cell.whole", column, cell=cell)
        elif cell and len(self.faults) == before and not cell.lstrip("+-").isdecimal():
            self.note("flee.cell.whole:point", column, cell=cell, value=int(value))
        return int(value)
