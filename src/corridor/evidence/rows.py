"""Rows of the sources and claims tables, whoever read them: columns to text, numbers or times."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from corridor.scenario.faults import Fault, fault
from corridor.scenario.values import TimeRange, end_of_day, hours_between, parse_time

SOURCES_FILE, CLAIMS_FILE = "evidence/sources.csv", "evidence/claims.csv"
Row = Mapping[str, object]
# The key under which a row may carry its line in the file; without it rows are counted from line 2 on.
LINE = "_line"


@dataclass(frozen=True)
class Use:
    """A number of a scenario: where it stands, the cell's text, and the claims it rests on.

    `unit` is the unit of its column (blank if none), `note` the row's note: a number that was worked out
    from its claims says there how. `low` and `high` are the ends of its range, both None if the cell is no
    number. Times, and rows that name claims for other cells alone, are no numbers (`is_number`): of a time `low` and
    `high` are its ends in hours. `places` are those that the row is about.
    """

    file: str
    row: int
    column: str
    value: str
    claims: tuple[str, ...] = ()
    unit: str = ""
    note: str = ""
    low: float | None = None
    high: float | None = None
    known_until: date | None = None
    is_number: bool = True
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Spot:
    """One row of a table, where faults are noted: they are added to `faults`."""

    file: str
    line: int
    faults: list[Fault]

    def note(self, kind: str, column: str, **facts: object) -> None:
        """Note a fault of a kind in faults.csv in a column of this row."""
        self.faults.append(fault(kind, (self.file, self.line, column), **facts))


def with_spots(rows: Sequence[Row], file: str, faults: list[Fault]) -> Iterator[tuple[Row, Spot]]:
    """Yield each row with its line in the file as an editor shows it (the header is 1)."""
    for number, row in enumerate(rows, start=2):
        line = row.get(LINE)
        yield row, Spot(file, line if isinstance(line, int) else number, faults)


def text_of(row: Row, column: str) -> str:
    """Return a cell as text; an empty cell or a missing column is an empty string."""
    value = row.get(column)
    if value is None:
        return ""
    if isinstance(value, tuple | list):
        return " ".join(str(part) for part in value)
    if isinstance(value, TimeRange):
        return value.write()
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    return str(value).strip()


def number_of(row: Row, column: str) -> float | None:
    """Return a cell as a number, or None if it is empty or no number."""
    try:
        return float(text_of(row, column).replace(",", ""))
    except ValueError:
        return None


def hours_of(row: Row, column: str) -> tuple[float, float] | None:
    """Return in hours the ends of a cell that holds a time or a range of them, or None; a midnight ends with its day.

    Once read, a day and its midnight are the same: the day is meant far more often.
    """
    first, _, last = text_of(row, column).partition("..")
    try:
        begin, end = parse_time(first, None), parse_time(last or first, None)
    except (ValueError, OverflowError):
        return None
    return count_hours(begin), count_hours(end if end.time() > time() else end_of_day(end))


def count_hours(moment: datetime) -> float:
    """Return the hours of a moment since the beginning of the calendar."""
    return hours_between(datetime.min, moment)


def date_of(row: Row, column: str) -> date | None:
    """Return the day of a cell that holds a date or a time, or None."""
    try:
        return date.fromisoformat(text_of(row, column)[:10])
    except ValueError:
        return None
