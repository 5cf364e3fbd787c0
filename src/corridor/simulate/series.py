"""What a run records: every series is one row of series.csv, with its dimensions, unit and meaning."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import NamedTuple

NO_EXIT = "(none)"  # label of people for whom no way out is open
CAUSES = ("checkpoint", "road", "closed", "transport", "fuel")  # what holds people back


class Column(NamedTuple):
    """One recorded column: a series, and a label for each of its dimensions (none for a total).

    Forms of a series that are asked for apart are named with their dimension, as in arrivals/exit and arrivals/area.
    """

    series: str
    labels: tuple[str, ...] = ()

    def write(self) -> str:
        """Return the column's name in a run's files: series:label:label."""
        return ":".join((self.series, *self.labels))


def read_column(name: str) -> Column:
    """Return the column of a name in a run's files (labels hold no colon, and none is empty)."""
    series, *labels = name.split(":")
    return Column(series, tuple(label for label in labels if label))


@dataclass(frozen=True)
class Kind:
    """A kind of series: its name, the names of its dimensions beside replicate and time, unit and meaning.

    `form` is the name under which its columns stand.
    """

    form: str
    dimensions: tuple[str, ...]
    unit: str
    meaning: str

    @property
    def name(self) -> str:
        """Return the name of the series, without that of its form."""
        return self.form.partition("/")[0]


@cache
def load_kinds() -> tuple[Kind, ...]:
    """Return every kind of series; one name may stand twice, as a total and by its labels."""
    text = resources.files("corridor.simulate").joinpath("series.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple(Kind(row["name"], tuple(row["dimensions"].split()), row["unit"], row["meaning"]) for row in rows)


def choose_column(series: str, labels: tuple[str, ...] = (), by: str = "") -> Column:
    """Return the column of a series and labels; `by` is their dimension, where several forms have as many."""
    kinds = (kind for kind in load_kinds() if kind.name == series and len(kind.dimensions) == len(labels))
    form = next((kind.form for kind in kinds if by in ("", *kind.dimensions)), series)
    return Column(form, labels)


def find_kind(column: Column) -> Kind | None:
    """Return the kind of a column, None for one that this version does not know."""
    return _find_forms().get((column.series, len(column.labels)))


@cache
def _find_forms() -> dict[tuple[str, int], Kind]:
    return {(kind.form, len(kind.dimensions)): kind for kind in load_kinds()}
