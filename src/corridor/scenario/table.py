"""One table of a scenario as a researcher meets it: rows, columns, a data frame, a table in a notebook."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corridor.scenario.faults import UsageError
from corridor.scenario.schema import load_fields
from corridor.scenario.values import Margin, Quantity, TimeRange

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from corridor.scenario.draft import Row

MOST_SHOWN = 20  # rows of a table in a notebook


@dataclass(frozen=True)
class Table:
    """The rows of one table, read-only, of all parameter sets; a row gives its cells by column, as in row["id"]."""

    name: str
    rows: tuple[Row, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the names of the columns, as the scenario page lists them."""
        return tuple(load_fields()[self.name])

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        """Return an iterator over the rows."""
        return iter(self.rows)

    def to_frame(self) -> Any:
        """Return a pandas DataFrame, one row each: numbers and times where they are known, else their range as text.

        Raises UsageError when pandas is not installed.
        """
        pandas = load_pandas()
        rows = [{column: _plain(row[column]) for column in self.columns} for row in self.rows]
        return pandas.DataFrame(rows, columns=list(self.columns))

    def _repr_html_(self) -> str:
        filled = [c for c in self.columns if any(row[c] not in (None, "", ()) for row in self.rows)]
        rows = [[_plain(row[column]) for column in filled] for row in self.rows[:MOST_SHOWN]]
        title = f"{self.name}: {len(self)} rows" + (f", the first {MOST_SHOWN}" if len(self) > MOST_SHOWN else "")
        return write_html_table(title, filled, rows)


def load_pandas() -> Any:
    """Return pandas. Raises UsageError when it is not installed."""
    try:
        import pandas
    except ImportError:
        message = "a table of pandas needs the extra `notebook`: pip install corridor[notebook]"
        raise UsageError(message) from None
    return pandas


def _plain(value: Any) -> Any:
    if isinstance(value, Quantity):
        return value.middle if value.is_fixed else value.write()
    if isinstance(value, TimeRange):
        return value.start if value.is_fixed else value.write()
    if isinstance(value, Margin):
        return value.write()
    return " ".join(value) if isinstance(value, tuple) else value


def write_html_table(title: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table for a notebook, every text escaped; None is an empty cell."""

    def write_row(cells: Sequence[object], tag: str) -> str:
        texts = (html.escape("" if cell is None else str(cell)) for cell in cells)
        return "<tr>" + "".join(f"<{tag}>{text}</{tag}>" for text in texts) + "</tr>"

    head = write_row(header, "th") if header else ""
    body = "".join(write_row(row, "td") for row in rows)
    return f"<table><caption>{html.escape(title)}</caption>{head}{body}</table>"
