"""A mergeable summary of many values: quantiles within a stated error, sums and extremes exact, in any order of parts.

Values are counted in bins cut by the leading bits of the number as the machine writes it, 256 between any number and
twice it: the bins of "DDSketch" (C. Masson, J. Rim, H. Lee, VLDB 12 (2019) 2195-2205, doi:10.14778/3352063.3352135)
with a logarithm by straight lines. No exp or log is taken, so that a bin is the same on every processor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from corridor.results.binned import count_runs, find_bins, merge_counts

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

LEADING = 8  # bits of a number's fraction that decide its bin
QUANTILE_ERROR = 2.0 ** -(LEADING + 1)  # largest error of a quantile, as a share of it; whole numbers below 512 exact
_DROPPED = 52 - LEADING
_MAGNITUDE = np.int64(2**63 - 1)
_KEY_BITS = 12 + LEADING + 1
_IN_CELL = (1 << _KEY_BITS) - 1
_MIDDLE = 1 << (_KEY_BITS - 1)
FINEST = 2.0**-20  # sums are of values rounded to this
_LIMB = 2.0**40


@dataclass(frozen=True)
class Sketch:
    """The values of N cells, `size` in each, of which each row of K cells begins with `whole` whole numbers.

    `keys` are the filled bins of all cells in order (cell, then bin) and `counts` the values in each. `sums` and
    `squares` [2, N] are exact sums of values, and of their squares, in two limbs of units of FINEST.
    """

    size: int
    columns: int  # K
    whole: int
    keys: Integers
    counts: Integers
    least: Floats
    greatest: Floats
    sums: Integers
    squares: Integers

    @classmethod
    def begin(cls, cells: int, columns: int, whole: int) -> Self:
        """Return the summary of no values."""
        empty, none = np.zeros(0, dtype=np.int64), np.zeros((2, cells), dtype=np.int64)
        return cls(0, columns, whole, empty, empty, np.full(cells, np.inf), np.full(cells, -np.inf), none, none)

    @classmethod
    def of(cls, values: Floats, columns: int, whole: int) -> Self:
        """Return the summary of values [R, N], all finite."""
        assert np.isfinite(values).all(), "what is recorded is finite"
        values = np.ascontiguousarray(values, dtype=np.float64)
        number, cells = values.shape
        bins = np.zeros((cells, number), dtype=np.int32)
        extremes = np.repeat([[np.inf], [-np.inf]], cells, axis=1)
        sums, squares = np.zeros((2, 2, cells), dtype=np.int64)
        find_bins(values, _DROPPED, (1 / FINEST, _LIMB), bins, extremes, sums, squares)
        bins.sort(axis=1)  # many short sorts are quicker than one long one
        keys, counts = np.zeros((2, values.size), dtype=np.int64)
        filled = count_runs(bins, _KEY_BITS, _MIDDLE, keys, counts)
        keys, counts, (least, greatest) = keys[:filled].copy(), counts[:filled].copy(), extremes
        return cls(number, columns, whole, keys, counts, least, greatest, sums, squares)

    def merge(self, other: Self) -> Self:
        """Return the summary of the values of both."""
        keys, counts = np.zeros((2, len(self.keys) + len(other.keys)), dtype=np.int64)
        filled = merge_counts(self.keys, self.counts, other.keys, other.counts, keys, counts)
        return type(self)(
            self.size + other.size,
            self.columns,
            self.whole,
            keys[:filled].copy(),
            counts[:filled].copy(),
            np.minimum(self.least, other.least),
            np.maximum(self.greatest, other.greatest),
            self.sums + other.sums,
            self.squares + other.squares,
        )

    def pack(self) -> dict[str, NDArray[Any]]:
        """Return all that the summary holds as arrays to be kept in a file: bins and counts in half the room."""
        filled = np.bincount(self.keys >> _KEY_BITS, minlength=len(self.least)).astype(np.uint32)
        bins = (self.keys & _IN_CELL).astype(np.uint32)
        counts = self.counts.astype(np.uint32) if self.size < 2**32 else self.counts
        return vars(self) | {"keys": bins, "counts": counts, "filled": filled}

    @classmethod
    def unpack(cls, packed: Mapping[str, NDArray[Any]]) -> Self:
        """Return the summary that was kept as arrays. Raises KeyError when one is missing."""
        size, columns, whole = (int(packed[name]) for name in ("size", "columns", "whole"))
        cells = np.repeat(np.arange(len(packed["least"]), dtype=np.int64), packed["filled"])
        keys, counts = (cells << _KEY_BITS) | packed["keys"], packed["counts"].astype(np.int64)
        more = (packed[name] for name in ("least", "greatest", "sums", "squares"))
        return cls(size, columns, whole, keys, counts, *more)

    @property
    def mean(self) -> Floats:
        """Return the means [N]."""
        return _join(self.sums) / self.size

    @property
    def deviation(self) -> Floats:
        """Return the standard deviations [N]."""
        spread = np.sqrt(np.maximum(_join(self.squares) / self.size - self.mean**2, 0.0))
        return np.where(self.least < self.greatest, spread, 0.0)

    def quantile(self, level: float) -> Floats:
        """Return a quantile of each cell by straight line between values in order [N]."""
        position = level * (self.size - 1)
        low = int(position)
        at_low, at_high = (self._find_ordered(rank) for rank in (low, min(low + 1, self.size - 1)))
        return at_low + (position - low) * (at_high - at_low)

    def _find_ordered(self, rank: int) -> Floats:
        """Return the value of a rank (0 is the least) of each cell [N]."""
        cells = np.arange(len(self.least), dtype=np.int64)
        entries = np.searchsorted(np.cumsum(self.counts), cells * self.size + rank, side="right")
        return np.clip(self._values_of(self.keys[entries]), self.least, self.greatest)

    def take_cell(self, cell: int) -> Floats:
        """Return all values of one cell in order, each within QUANTILE_ERROR [size]."""
        first, last = np.searchsorted(self.keys, [cell << _KEY_BITS, (cell + 1) << _KEY_BITS])
        values = self._values_of(self.keys[first:last])
        return np.repeat(np.clip(values, self.least[cell], self.greatest[cell]), self.counts[first:last])

    def _values_of(self, keys: Integers) -> Floats:
        """Return the middle of each bin, of whole numbers the whole one."""
        ordered = (keys & _IN_CELL) - _MIDDLE << _DROPPED
        middle = (_read_ordered(ordered) + _read_ordered(ordered + (1 << _DROPPED) - 1)) / 2
        return np.where((keys >> _KEY_BITS) % self.columns < self.whole, np.trunc(middle), middle)


def _read_ordered(ordered: Integers) -> Floats:
    return (ordered ^ ((ordered >> 63) & _MAGNITUDE)).view(np.float64)


def _join(limbs: Integers) -> Floats:
    return np.asarray((limbs[0] * _LIMB + limbs[1]) * FINEST)
