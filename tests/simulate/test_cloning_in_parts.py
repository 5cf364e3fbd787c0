"""Copying replicates over others row by row gives the same as all at once, whatever their arrays hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace

import numpy as np
import pytest

from corridor.simulate import cloning
from corridor.simulate.cloning import overwrite, survive
from corridor.simulate.queues import BEGUN


def _hold_nothing() -> SimpleNamespace:
    return SimpleNamespace(lines=SimpleNamespace(pool=np.zeros((50, BEGUN + 1), dtype=np.int64)))


@dataclass
class Some:
    """Arrays as a state has them: a few numbers a replicate, many, and with the replicates along the second axis."""

    waiting: np.ndarray
    wide: np.ndarray
    coming: np.ndarray
    luck: object = None
    queues: SimpleNamespace = field(default_factory=_hold_nothing)


@pytest.mark.parametrize("large", [1, 100, 10**9])
def test_rows_become_copies_of_those_that_stay(monkeypatch: pytest.MonkeyPatch, large: int) -> None:
    """Afterwards every row holds what its parent held before."""
    monkeypatch.setattr(cloning, "LARGE", large)
    generator = np.random.default_rng(4)
    state = Some(np.arange(50), generator.random((50, 7, 3)), generator.random((4, 50, 2)))
    before = Some(state.waiting.copy(), state.wide.copy(), state.coming.copy())
    rows, source = survive(np.sort(generator.integers(0, 50, 50)), 50)
    parents = np.arange(50)
    parents[rows] = source
    overwrite(state, rows, source, SimpleNamespace())  # type: ignore[arg-type]
    assert np.array_equal(state.waiting, before.waiting[parents])
    assert np.array_equal(state.wide, before.wide[parents])
    assert np.array_equal(state.coming, before.coming[:, parents])
