"""The sentences of page one: whole templates with named fields (sentences.csv); numbers that say what they are of."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np

from corridor.report.words import write_three
from corridor.scenario.visible import make_visible

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from corridor.results.result import Values

POINTS = (0.05, 0.5, 0.95)  # the one interval of the briefing, 9 in 10, and the median


@dataclass(frozen=True)
class Number:
    """A number as it is shown, and what it is of: a quantity at a time in a scope ("" is everything)."""

    text: str
    quantity: str
    scope: str
    time: str

    def __str__(self) -> str:
        return self.text

    def mark(self, apart: bool = False) -> str:
        """Return the number as HTML that says what it is of; `apart` puts its range on a line of its own."""
        names = {"quantity": self.quantity, "scope": self.scope, "time": self.time}
        marks = " ".join(f'data-{name}="{_escape(value)}"' for name, value in names.items())
        middle, _, rest = self.text.partition(" (")
        if not apart or not rest:
            return f"<span {marks}>{_escape(self.text)}</span>"
        low_to_high = rest.removeprefix("9 in 10: ").removesuffix(")")
        return f"<span {marks}><b>{_escape(middle)}</b><i>{_escape(low_to_high)}</i></span>"


@dataclass(frozen=True)
class Said:
    """A sentence by its id, its template and its fields."""

    name: str
    template: str
    fields: dict[str, Number | str]

    @property
    def text(self) -> str:
        """Return the sentence as plain text."""
        return self.template.format(**{name: str(value) for name, value in self.fields.items()})

    @property
    def html(self) -> str:
        """Return the sentence as HTML, each number marked with what it is of."""
        shown = {
            name: value.mark() if isinstance(value, Number) else _escape(value) for name, value in self.fields.items()
        }
        return _escape(self.template).format(**shown)


def _escape(text: str) -> str:
    return escape(make_visible(text))


@cache
def _load_sentences() -> dict[str, str]:
    text = resources.files("corridor.report").joinpath("sentences.csv").read_text(encoding="utf-8")
    return {row["id"]: row["text"] for row in csv.DictReader(text.splitlines())}


def say(name: str, **fields: Number | str) -> Said:
    """Return a sentence of sentences.csv with its fields."""
    return Said(name, _load_sentences()[name], fields)


def write_points(middle: float, low: float, high: float, finest: float = 1.0) -> str:
    """Return "5,600 (9 in 10: 4,000 to 7,000)", rounded to what the range lets know and no finer than `finest`."""
    shown = write_three(low, middle, high, finest)
    return shown[0] if shown[1] == shown[2] else f"{shown[0]} (9 in 10: {shown[1]} to {shown[2]})"


def write_spread(points: Mapping[str, float]) -> str:
    """Return the quantiles of an ensemble by name as a number with its range."""
    return write_points(points["q50"], points["q05"], points["q95"])


def measure(values: Values, quantity: str, time: datetime, scope: str = "", finest: float = 1.0) -> Number:
    """Return the median of an ensemble [R] with the range of 9 in 10, and what it is of."""
    low, middle, high = (float(point) for point in np.quantile(values, POINTS))
    return Number(write_points(middle, low, high, finest), quantity, scope, time.isoformat(timespec="minutes"))
