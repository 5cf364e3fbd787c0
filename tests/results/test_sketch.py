"""The mergeable summary: quantiles within the stated error, sums exact, the same bytes in any order of parts."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from corridor.results.sketch import FINEST, QUANTILE_ERROR, Sketch
from corridor.results.summary import QUANTILES, quantiles_of_sorted

shapes = array_shapes(min_dims=2, max_dims=2, max_side=12)
wholes = arrays(np.float64, shapes, elements=st.integers(0, 2_000_000_000).map(float) | st.integers(0, 3).map(float))
measures = arrays(np.float64, shapes, elements=st.floats(-1e9, 1e9, allow_subnormal=False) | st.just(0.0))


@pytest.mark.slow
@given(wholes | measures)
def test_quantiles_keep_to_the_stated_error(values):
    found = Sketch.of(values, values.shape[1], 0)
    ordered = np.sort(values, axis=0)
    for level, exact in zip(QUANTILES, quantiles_of_sorted(ordered), strict=True):
        low = int(level * (len(values) - 1))
        larger = np.abs(ordered[low : low + 2]).max(axis=0)
        assert (np.abs(found.quantile(level) - exact) <= QUANTILE_ERROR * larger * (1 + 1e-9) + 1e-300).all()
        if (values >= 0).all():
            assert (np.abs(found.quantile(level) - exact) <= QUANTILE_ERROR * exact * (1 + 1e-9) + 1e-300).all()


@pytest.mark.slow
@given(wholes)
def test_whole_numbers_stay_whole_and_small_ones_exact(values):
    found = Sketch.of(values, values.shape[1], values.shape[1])
    for cell, column in enumerate(np.sort(values, axis=0).T):
        kept = found.take_cell(cell)
        assert (kept == np.trunc(kept)).all()
        assert (np.abs(kept - column) <= QUANTILE_ERROR * column).all()
        assert (kept[column < 512] == column[column < 512]).all()


@pytest.mark.slow
@given(wholes | measures, st.randoms(use_true_random=False))
def test_parts_in_any_order_and_size_give_the_same_bytes(values, random):
    whole = Sketch.of(values, values.shape[1], 1)
    cuts = sorted({0, len(values), *(random.randrange(len(values) + 1) for _ in range(4))})
    parts = [Sketch.of(values[a:b], values.shape[1], 1) for a, b in pairwise(cuts)]
    random.shuffle(parts)
    merged = Sketch.begin(values.shape[1], values.shape[1], 1)
    for part in parts:
        merged = merged.merge(part)
    for name, array in whole.pack().items():
        assert np.asarray(array).tobytes() == np.asarray(merged.pack()[name]).tobytes(), name
    again = Sketch.unpack({name: np.asarray(array) for name, array in merged.pack().items()})
    assert all(np.array_equal(value, vars(again)[name]) for name, value in vars(whole).items())


@given(measures)
def test_sums_and_extremes_are_those_of_the_values(values):
    found = Sketch.of(values, values.shape[1], 0)
    assert (found.least == values.min(axis=0)).all()
    assert (found.greatest == values.max(axis=0)).all()
    assert found.mean == pytest.approx(values.mean(axis=0), rel=1e-12, abs=FINEST)
    assert found.deviation == pytest.approx(values.std(axis=0), rel=1e-5, abs=1e-5 * np.abs(values).max() + 1e-3)


@pytest.mark.slow
def test_many_skewed_values_keep_to_the_stated_error():
    values = np.random.default_rng(3).lognormal(8, 2, (50_000, 4)) * np.array([0, 1, 1e-4, 1e4])
    found = Sketch.of(values, 4, 0)
    for level in (0.0, 0.001, 0.05, 0.5, 0.95, 1.0):
        assert found.quantile(level) == pytest.approx(np.quantile(values, level, axis=0), rel=QUANTILE_ERROR)
    assert len(found.keys) < 4 * 256 * 32
