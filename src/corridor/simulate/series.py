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

    A series may have several forms with one label: `by` names the dimension of all but the first in series.csv.
    """

    series: str
    labels: tuple[str, ...] = ()
    by: str = ""

    @property
    def form(self) -> str:
        """Return the series, with the dimension where there is another form, as in arrivals/area."""
        return f"{self.series}/{self.by}" if self.by else self.series

    def write(self) -> str:
        """Return the column's name in a run's files: series:label:label."""
        return ":".join((self.form, *self.labels))


def read_column(name: str) -> Column:
    """Return the column of a name in a run's files (labels hold no colon, and none is empty)."""
    form, *labels = name.split(":")
    series, _, by = form.partition("/")
    return Column(series, tuple(label for label in labels if label), by)


@dataclass(frozen=True)
class Kind:
    """A kind of series: its name, the names of its dimensions beside replicate and time, unit and meaning."""

    name: str
    dimensions: tuple[str, ...]
    unit: str
    meaning: str


@cache
def load_kinds() -> tuple[Kind, ...]:
    """Return every kind of series; one name may stand twice, as a total and by its labels."""
    text = resources.files("corridor.simulate").joinpath("series.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple(Kind(row["name"], tuple(row["dimensions"].split()), row["unit"], row["meaning"]) for row in rows)


def find_kind(column: Column) -> Kind | None:
    """Return the kind of a column, None for one that this version does not know."""
    return _find_forms().get((column.series, len(column.labels), column.by))


@cache
def _find_forms() -> dict[tuple[str, int, str], Kind]:
    forms: dict[tuple[str, int, str], Kind] = {}
    for kind in load_kinds():
        forms.setdefault((kind.name, len(kind.dimensions), ""), kind)
        forms[kind.name, len(kind.dimensions), " ".join(kind.dimensions)] = kind
    return forms
