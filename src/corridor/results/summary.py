"""Quantiles of every recorded column: summary.parquet, the small file that most questions are answered from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from corridor.results.blocks import read_blocks
from corridor.results.result import Labels, Result, Values
from corridor.results.store import SUMMARY, identify, write_table
from corridor.results.tables import read_parquet
from corridor.simulate.series import Column, read_column

Quantiles = dict[str, Values]  # by name: q05, q10 and so on
QUANTILES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
NAMES = tuple(f"q{round(q * 100):02d}" for q in QUANTILES)
NUMBERS_AT_ONCE = 12_000_000  # read into memory together, so that it stays small whatever the replicates


def write_summary(result: Result) -> None:
    """Write summary.parquet: one row per column and moment with mean and quantiles over the replicates.

    Of a run that kept its summary only the quantiles are within its `quantile_error`, and what else a sketch holds
    stands beside them: deviation, least and greatest.
    """
    pieces = _from_replicates(result) if result.kept else _from_blocks(result)
    write_table(result.folder / SUMMARY, pieces, result.manifest)


def _from_replicates(result: Result) -> Iterator[dict[str, np.ndarray]]:
    names, group = result.columns, columns_at_once(result)
    for first in range(0, len(names), group):
        chosen = names[first : first + group]
        tables: dict[str, list[np.ndarray]] = {name: [] for name in ("mean", *NAMES)}
        for values in result.take_columns(chosen).values():
            ordered = np.sort(values, axis=0)
            tables["mean"].append(ordered.mean(axis=0))
            for label, row in zip(NAMES, quantiles_of_sorted(ordered), strict=True):
                tables[label].append(row)
        columns = {name: np.concatenate(parts) for name, parts in tables.items()}
        yield _name_rows(chosen, np.arange(len(result.times))) | columns


def _from_blocks(result: Result) -> Iterator[dict[str, np.ndarray]]:
    names, first = result.columns, 0
    for sketch in read_blocks(result.folder, identify(result.manifest)):
        assert sketch.size == result.replicates, "every replicate is counted once"
        moments = np.arange(first, first + len(sketch.least) // len(names))
        first += len(moments)
        cells = {"mean": sketch.mean, **dict(zip(NAMES, map(sketch.quantile, QUANTILES), strict=True))}
        cells |= {"deviation": sketch.deviation, "least": sketch.least, "greatest": sketch.greatest}
        columns = {name: values.reshape(len(moments), -1).T.reshape(-1) for name, values in cells.items()}
        yield _name_rows(names, moments) | columns


def _name_rows(columns: Sequence[Column], moments: np.ndarray) -> dict[str, np.ndarray]:
    names = ([column.series for column in columns], [":".join(column.labels) for column in columns])
    series, places = (np.array(texts, dtype=object) for texts in names)  # DuckDB takes in objects ten times sooner
    return {
        "series": np.repeat(series, len(moments)),
        "place": np.repeat(places, len(moments)),
        "moment": np.tile(moments.astype(np.int32), len(columns)),
    }


def columns_at_once(result: Result) -> int:
    """Return how many columns may be read together."""
    return max(1, NUMBERS_AT_ONCE // (result.replicates * len(result.times)))


def quantiles_of_sorted(ordered: np.ndarray) -> list[np.ndarray]:
    """Return the quantiles of rows sorted along the first axis, by straight line between order statistics."""
    last = len(ordered) - 1
    found = []
    for q in QUANTILES:
        position = q * last
        low = int(position)
        high = min(low + 1, last)
        found.append(ordered[low] + (position - low) * (ordered[high] - ordered[low]))
    return found


def describe_spread(values: np.ndarray) -> dict[str, float]:
    """Return the quantiles over replicates [R] by name."""
    return {name: float(q) for name, q in zip(NAMES, quantiles_of_sorted(np.sort(values)), strict=True)}


def read_summary(result: Result, series: str) -> dict[Labels, Quantiles]:
    """Return quantiles [T] of a series by label (an empty one for a total), from summary.parquet.

    A form of its own is named with its dimension, as in arrivals/exit.
    A run in memory has no such file: there they are found from its replicates.
    """
    if not result.stored:
        columns = [column for column in result.columns if column.series == series]
        return {column.labels: _summarise(values) for column, values in result.take_columns(columns).items()}
    data = read_parquet([result.folder / SUMMARY], ("place", *NAMES), ("series", series))
    found: dict[Labels, Quantiles] = {}
    for place in dict.fromkeys(data["place"].tolist()):
        here = data["place"] == place
        found[read_column(f"{series}:{place}").labels] = {name: data[name][here] for name in NAMES}
    return found


def _summarise(values: Values) -> Quantiles:
    return dict(zip(NAMES, quantiles_of_sorted(np.sort(values, axis=0)), strict=True))
