"""The inner loops of a mergeable summary (sketch.py): values put into bins, filled bins counted, counts merged."""

# mypy: disable-error-code="no-untyped-def"
from __future__ import annotations

import numpy as np

from corridor.chance.compiled import compiled, inlined

TILE = 64  # cells of which some rows are read together, so that they are written where they are still at hand


@inlined
def add_exactly(sums, cell, units, limb):
    """Add a value, in units and rounded to whole ones, to two limbs."""
    whole = np.rint(units)
    high = np.floor(whole / limb)
    sums[0, cell] += np.int64(high)
    sums[1, cell] += np.int64(whole - high * limb)


@compiled
def find_bins(values, dropped, scale, bins, extremes, sums, squares):
    """Fill in the bins [N, R] of values [R, N]: their leading bits, in an order that is that of the values.

    So many bits are `dropped`; `scale` are the units of sums in 1, and those in their higher limb; `extremes` (least,
    greatest), `sums` and `squares` [2, N] are gone on with.
    """
    (number, cells), (units, limb) = values.shape, scale
    words = values.view(np.int64)
    for first in range(0, cells, TILE):
        for row in range(number):
            for cell in range(first, min(first + TILE, cells)):
                value = values[row, cell] + 0.0  # nothing has no sign
                word = words[row, cell] if value != 0.0 else np.int64(0)
                ordered = word ^ ((word >> 63) & np.int64(0x7FFFFFFFFFFFFFFF))
                bins[cell, row] = ordered >> dropped
                extremes[0, cell] = min(extremes[0, cell], value)
                extremes[1, cell] = max(extremes[1, cell], value)
                add_exactly(sums, cell, value * units, limb)
                add_exactly(squares, cell, value * value * units, limb)


@compiled
def count_runs(bins, key_bits, middle, keys, counts):
    """Fill in the keys of bins [N, R], sorted in each cell, and how often each is there; return how many there are."""
    filled = 0
    for cell in range(len(bins)):
        before = np.int64(-1)
        for one in bins[cell]:
            key = np.int64(cell) << key_bits | (one + middle)
            if key != before:
                keys[filled], counts[filled] = key, 0
                filled, before = filled + 1, key
            counts[filled - 1] += 1
    return filled


@compiled
def merge_counts(keys, counts, more_keys, more_counts, merged_keys, merged_counts):
    """Fill in two counts by key as one, all in the order of their keys; return how many keys there are."""
    i, j, filled = 0, 0, 0
    while i < len(keys) or j < len(more_keys):
        mine = j == len(more_keys) or (i < len(keys) and keys[i] <= more_keys[j])
        others = i == len(keys) or (j < len(more_keys) and more_keys[j] <= keys[i])
        merged_keys[filled], merged_counts[filled] = keys[i] if mine else more_keys[j], 0
        if mine:
            merged_counts[filled] += counts[i]
            i += 1
        if others:
            merged_counts[filled] += more_counts[j]
            j += 1
        filled += 1
    return filled
