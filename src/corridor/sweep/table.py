"""The answers of a sweep as one table: a line for each row of the design, spreads and differences beside it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.scenario.spreadsheet import write_csv
from corridor.sweep.design import OF_CASE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor.simulate.arrays import Floats
    from corridor.sweep.design import DesignRow
    from corridor.sweep.run import Swept

QUANTILES = {"q05": 0.05, "q50": 0.5, "q95": 0.95}
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Spread:
    """An answer of each row: its mean and quantiles, and how much more it is than in the row's first, paired [rows].

    `error` is the standard error of that difference; the luck of both being the same, it is small.
    """

    mean: Floats
    quantiles: dict[str, Floats]
    difference: Floats
    error: Floats


def write_design(rows: Sequence[DesignRow]) -> str:
    """Return rows as they are simulated, as CSV: what `corridor sweep` would read again."""
    names = list_columns(rows)
    return write_csv([names, *([row.describe().get(name, "") for name in names] for row in rows)])


def list_columns(rows: Sequence[DesignRow]) -> list[str]:
    """Return the columns that say what was asked: the user's own, those of the case, and the numbers by name."""
    own = dict.fromkeys(name for row in rows for name in row.own)
    cells = dict.fromkeys(name for row in rows for name in row.cells)
    return [*own, *OF_CASE, *cells]


def tabulate(swept: Swept) -> Rows:
    """Return the table of answers: what was asked in each row, and the spread of each answer, None where it has none.

    Differences are to the first row of the same folder and seed.
    """
    first = find_first(swept.rows)
    names = list_columns(swept.rows)
    spreads = {name: spread_out(values, first) for name, values in swept.answers.items()}
    table = []
    for number, row in enumerate(swept.rows):
        asked = row.describe()
        line: dict[str, Any] = {"row": number, **{name: asked.get(name, "") for name in names}}
        for name, spread in spreads.items():
            column = name_column(name)
            cells = {"mean": spread.mean, **spread.quantiles}
            cells |= {"difference": spread.difference, "difference_error": spread.error}
            line |= {f"{column}_{what}": _plain(values[number]) for what, values in cells.items()}
        table.append(line)
    return table


def name_column(answer: str) -> str:
    """Return what the columns of an answer begin with."""
    return answer.replace(" ", "_").replace("-", "_")


def find_first(rows: Sequence[DesignRow]) -> list[int]:
    """Return for each row the first of the same folder and seed, whose luck it shares."""
    seen: dict[tuple[str, int | None], int] = {}
    return [seen.setdefault((row.scenario, row.seed), number) for number, row in enumerate(rows)]


def spread_out(values: Floats, first: Sequence[int]) -> Spread:
    """Return the spread of an answer [rows, replicates], replicates without a value left out."""
    known = np.isfinite(values)
    number = known.sum(axis=1)
    ordered = np.sort(np.where(known, values, np.inf), axis=1)
    quantiles = {name: _take_quantile(ordered, number, q) for name, q in QUANTILES.items()}
    difference, paired = values - values[list(first)], known & known[list(first)]
    mean, _ = _average(values, known)
    more, error = _average(difference, paired)
    return Spread(mean, quantiles, more, error)


def _take_quantile(ordered: Floats, number: np.ndarray, q: float) -> Floats:
    """Return a quantile of the first `number` of each row, by straight line between order statistics."""
    position = q * np.maximum(number - 1, 0)
    low = position.astype(np.int64)
    high = np.minimum(low + 1, np.maximum(number - 1, 0))
    rows = np.arange(len(ordered))
    below, above = ordered[rows, low], ordered[rows, high]
    with np.errstate(invalid="ignore"):
        found = below + (position - low) * (above - below)
    return np.where(number > 0, found, np.nan)


def _average(values: Floats, known: np.ndarray) -> tuple[Floats, Floats]:
    """Return the mean of the known values of each row, and its standard error."""
    number = known.sum(axis=1)
    filled = np.where(known, values, 0.0)
    mean = np.where(number > 0, filled.sum(axis=1) / np.maximum(number, 1), np.nan)
    squares = np.where(known, (filled - np.where(number > 0, mean, 0.0)[:, None]) ** 2, 0.0).sum(axis=1)
    error = np.where(number > 1, np.sqrt(squares / np.maximum(number - 1, 1) / np.maximum(number, 1)), np.nan)
    return mean, error


def write_table(rows: Rows) -> str:
    """Return a table as CSV; its columns are those of the first row."""
    names = list(rows[0]) if rows else []
    return write_csv([names, *([_write_cell(row[name]) for name in names] for row in rows)])


def _write_cell(value: Any) -> Any:
    return "" if value is None else f"{value:.6g}" if isinstance(value, float) else value


def _plain(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
