"""Rows of the sources and claims tables, whoever read them: columns to text, numbers or times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

SOURCES_FILE, CLAIMS_FILE = "evidence/sources.csv", "evidence/claims.csv"
Row = Mapping[str, object]
# The key under which a row may carry its line in the file; without it rows are counted from line 2 on.
LINE = "_line"


@dataclass(frozen=True)
class Use:
    """A number of a scenario: where it stands, the cell's text, and the claims it rests on.

    `unit` is the unit of its column (blank if none), `note` the row's note: a number that was worked out
    from its claims says there how. `low` and `high` are the ends of its range, both None if the cell is no
    number.
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


def line_of(rows: Sequence[Row], index: int) -> int:
    """Return the line of a row in its file as an editor shows it (the header is 1)."""
    line = rows[index].get(LINE)
    return line if isinstance(line, int) else index + 2


def text_of(row: Row, column: str) -> str:
    """Return a cell as text; an empty cell or a missing column is an empty string."""
    value = row.get(column)
    if value is None:
        return ""
    if isinstance(value, tuple | list):
        return " ".join(str(part) for part in value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    return str(value).strip()


def number_of(row: Row, column: str) -> float | None:
    """Return a cell as a number, or None if it is empty or no number."""
    try:
        return float(text_of(row, column).replace(",", ""))
    except ValueError:
        return None


def date_of(row: Row, column: str) -> date | None:
    """Return the day of a cell that holds a date or a time, or None."""
    try:
        return date.fromisoformat(text_of(row, column)[:10])
    except ValueError:
        return None
