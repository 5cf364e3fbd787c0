"""Counts as a researcher meets them: rows, a data frame, a table in a notebook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corridor.scenario.counts import keep_newest
from corridor.scenario.table import MOST_SHOWN, load_pandas, write_html_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corridor.scenario.counts import Count


@dataclass(frozen=True)
class CountTable:
    """Counts, read-only, one row each; null where nothing is stated, `error` in the unit of the count."""

    rows: tuple[Mapping[str, Any], ...]

    def __len__(self) -> int:
        """Return the number of counts."""
        return len(self.rows)

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        """Return an iterator over the rows."""
        return iter(self.rows)

    def __getitem__(self, index: int) -> Mapping[str, Any]:
        """Return a row by its number."""
        return self.rows[index]

    def to_frame(self) -> Any:
        """Return a pandas DataFrame, one row each, times as such. Raises UsageError when pandas is not installed."""
        pandas = load_pandas()
        frame = pandas.DataFrame([dict(row) for row in self.rows])
        for column in {"time", "since", "published"} & set(frame.columns):
            frame[column] = pandas.to_datetime(frame[column])
        return frame

    def _repr_html_(self) -> str:
        filled = [
            name
            for name in (self.rows[0] if self.rows else ())
            if any(row[name] not in (None, "", []) for row in self.rows)
        ]
        rows = [[_show(row[name]) for name in filled] for row in self.rows[:MOST_SHOWN]]
        title = f"{len(self)} counts" + (f", the first {MOST_SHOWN}" if len(self) > MOST_SHOWN else "")
        return write_html_table(title, filled, rows)


def _show(value: object) -> object:
    if isinstance(value, list):
        return " ".join(value)
    return f"{value:,g}" if isinstance(value, float) else value


def list_vintages(counts: Iterable[Count]) -> CountTable:
    """Return counts as a table; `revised` tells those of which a newer vintage is among them."""
    chosen = tuple(counts)
    newest = set(keep_newest(chosen))
    return CountTable(tuple({**describe_count(count), "revised": count not in newest} for count in chosen))


def describe_count(count: Count) -> dict[str, Any]:
    """Return a count as JSON-ready data."""
    thing = count.thing
    return {
        "series": thing.series,
        "place": thing.place,
        "time": thing.time.isoformat(),
        "value": count.value,
        "status": count.status,
        "area": thing.area,
        "exit": thing.exit,
        "since": thing.since and thing.since.isoformat(),
        "low": count.low,
        "high": count.high,
        "error": count.error,
        "published": count.published and count.published.isoformat(),
        "claims": list(count.claims),
    }
