"""One side of a comparison and the first, at many moments: what a page that cannot compute keeps of their tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from corridor.results.beside import BAND, BY_EXIT, TOTALS, Numbers, Side, pair
from corridor.results.beside_tables import BY_PLACE, tell_without
from corridor.simulate.series import Column


def describe_series(first: Side, side: Side, moments: Sequence[int], places: int) -> dict[str, Any]:
    """Return the rows of `compare_sides` at several recorded moments, for a side and its difference to the first.

    `rows` hold `measure`, `of`, and lists over the moments: `range` [5 %, median, 95 %], and for another side than the
    first `more` [the same of the difference], `higher` and `lower` (in hundredths); `without` those of the end. At most
    so many `places`, those where most people are or wait in the first or the other.
    """
    known = side.columns | first.columns
    columns = [Column(name) for name in TOTALS if Column(name) in known]
    columns += sorted(c for c in known if c.series in BY_EXIT and c.labels)
    busiest = sorted(
        (c for c in known if c.series in BY_PLACE and c.labels and c.labels[0] in side.inside),
        key=lambda c: (-max(_find_most(one, c) for one in (first, side)), c),
    )
    names = list(dict.fromkeys(c.labels[0] for c in busiest if max(_find_most(first, c), _find_most(side, c))))[:places]
    columns += [c for c in busiest if c.labels[0] in names]
    rows = [_tell_series(first, side, column, moments) for column in columns]
    return {"rows": rows, "without": tell_without((first,) if side is first else (first, side))}


def _find_most(side: Side, column: Column) -> float:
    return float(np.median(side.take(column), axis=-1).max()) if column in side.columns else 0.0


def _take(side: Side, column: Column, moments: Sequence[int]) -> Numbers:
    if column not in side.columns:
        return np.zeros((len(moments), 1), dtype=np.int64)
    return np.asarray(side.take(column)[list(moments)])


def _tell_series(first: Side, side: Side, column: Column, moments: Sequence[int]) -> dict[str, Any]:
    values, base = _take(side, column, moments), _take(first, column, moments)
    told: dict[str, Any] = {"measure": column.series, "of": column.labels[0] if column.labels else ""}
    told["range"] = _spread(values)
    both = pair(first, side, base, values)
    if both is not None:
        difference = both[1] - both[0]
        told["more"] = _spread(difference)
        told["higher"], told["lower"] = (_share(one) for one in (difference > 0, difference < 0))
    return told


def _spread(values: Numbers) -> list[list[int]]:
    return np.rint(np.quantile(values, BAND, axis=-1)).astype(np.int64).tolist()  # type: ignore[no-any-return]


def _share(chosen: Numbers) -> list[int]:
    return np.rint(100 * chosen.mean(axis=-1)).astype(np.int64).tolist()  # type: ignore[no-any-return]
