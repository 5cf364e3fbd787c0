"""One row of a table of counts: of which day, where, of what, how many, and which part of the people it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import TYPE_CHECKING

from corridor.build.figures import DayStyle, learn_style, plain_digits, read_count, read_hour
from corridor.build.known_places import NOWHERE, KnownPlace, KnownPlaces
from corridor.build.people import LEVELS, SPLITS, TOTAL

if TYPE_CHECKING:
    from corridor.build.mapping import ColumnMapping
    from corridor.build.tables import Line, Table

ORIGINS = ("origin", "origin_country", "reason")  # rows told apart by them are of different people
_NOT_STATED = "not stated"
_HOSTS = {"hst", "host", "hostcommunity", "host community"}
Numbers = tuple[float | None, float | None, float | None]  # people, low, high


@dataclass(frozen=True)
class CountedThing:
    """What a row counts: rows that agree in it are parts of one count. `hour` is None where none is stated."""

    day: date
    series: str
    column: str
    where: str
    published: str
    hour: time | None = None


@dataclass(frozen=True)
class RowReader:
    """Reads the rows of one table. `decimal` and `origin` (a country of origin; blank: all) are a person's words.

    `hours`: an hour behind a day is that of the count. Where rows are parts of a count it may be each
    row's own, and is passed over.
    """

    table: Table
    style: DayStyle
    known: KnownPlaces
    exits: KnownPlaces
    decimal: str = ""
    origin: str = ""
    hours: bool = False

    def find_thing(self, line: Line) -> CountedThing:
        """Return what a row counts. Raises ValueError, its words a reason."""
        if line.fault:
            raise ValueError(line.fault)
        if self.table.take(line, "group").casefold() in _HOSTS:
            reason = "people of the host community, who were not displaced"
            raise ValueError(reason)
        from_where = self.table.take(line, "origin_country")
        if self.origin and from_where.casefold() != self.origin.casefold():
            reason = f"people from elsewhere than {self.origin}"
            raise ValueError(reason)
        day = self._read_day(line)
        hour = read_hour(self.table.take(line, "day")) if self.hours else None
        series, published = self.table.take(line, "series"), self.table.take(line, "published")
        if way := self.table.take(line, "exit"):
            return CountedThing(day, series, "exit", self.exits.find((), (way,)).id, published, hour)
        place = self._find_place(line)
        return CountedThing(day, series, place.column if place else "", place.id if place else "", published, hour)

    def _read_day(self, line: Line) -> date:
        day: date | None = None
        if self.table.has("day"):
            day = self.style.read(self.table.take(line, "day"))
        elif (year := plain_digits(self.table.take(line, "year"))).isdecimal() and 1900 <= int(year) <= 2100:
            day = date(int(year), 12, 31)
        if day is None:
            reason = "no date"
            raise ValueError(reason)
        return day

    def _find_place(self, line: Line) -> KnownPlace | None:
        """Return the place of the finest unit that a row names, or None for a total."""
        table = self.table
        for code_role, name_role in [("code", "place"), *((f"code_{n}", f"name_{n}") for n in LEVELS)]:
            code, name = table.take(line, code_role), table.take(line, name_role)
            if name and TOTAL.fullmatch(name):
                return None
            if code or name:
                return self.known.find((code,), (name,))
        if any(table.has(role) for role in ("code", "place")) or any(table.has(f"code_{n}") for n in LEVELS):
            raise ValueError(NOWHERE)
        return None

    def read_numbers(self, line: Line) -> Numbers:
        """Return the people of a row, and both ends where it has them. Raises ValueError, its words a reason."""
        found = [read_count(self.table.take(line, role), self.decimal) for role in ("people", "low", "high")]
        number, low, high = found
        if number is None and low is None and high is None:
            reason = "no number of people"
            raise ValueError(reason)
        if low is not None and high is not None and low > high:
            reason = "a low end above the high one"
            raise ValueError(reason)
        return number, low, high

    def find_split(self, line: Line) -> tuple[str, ...]:
        """Return which part of the people a row is: a text for each dimension, blank for all of them.

        Where a table tells people apart by origin or reason, a row that states none is of people of its own.
        """
        own = tuple(self.table.take(line, role) for role in SPLITS)
        others = (self.table.take(line, role) or _NOT_STATED if self.table.has(role) else "" for role in ORIGINS)
        return own + tuple(others)


def make_reader(table: Table, known: KnownPlaces, exits: KnownPlaces, mapping: ColumnMapping) -> RowReader:
    """Return the reader of a table, which learns from the whole column how days are written."""
    said = str(mapping.table.get("dates", ""))
    style = DayStyle(said.partition(" ")[0]) if said else learn_style(table.texts("day"))
    origin = mapping.counts.get("origin", "")
    sums = mapping.counts.get("rows") == "add" or mapping.counts.get("per") == "day"
    hours = not sums and table.has("day") and not any(map(table.has, (*SPLITS, *ORIGINS)))
    return RowReader(table, style, known, exits, str(mapping.table.get("decimal", "")), origin, hours)


def say_how_read(table: Table, parts: dict[CountedThing, set[str]]) -> list[str]:
    """Return what a person should know of how rows were taken together. `parts` are countries of origin by thing."""
    told = []
    if not table.has("day"):
        told.append("the file names years and no days: each count is put at the end of its year")
    if (most := max(map(len, parts.values()), default=0)) > 1:
        told.append(
            f"people from up to {most} countries are added up for one place and day; "
            'origin = "..." under [counts] of the mapping keeps those from one'
        )
    return told
