"""What makes long plans of many places quick: coarser periods as a bound, trucks rounded by worth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from corridor.relief import whole
from corridor.relief.by_place import bound_by_place
from corridor.relief.coarser import relax_coarser
from corridor.relief.formulate import Formulation, formulate
from corridor.relief.linear import Answer, solve
from corridor.relief.problem import Weights
from corridor.relief.routes import find_services

from .examples import towns_behind_a_bridge

SEEDS = range(3)


def programme_of(seed: int) -> tuple[Formulation, Answer]:
    problem = towns_behind_a_bridge(seed, periods=24)
    formulation = formulate(problem, find_services(problem), Weights(), whole=True)
    return formulation, solve(replace(formulation.programme, whole=None))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("day", [1, 2, 4])
def test_longer_periods_never_promise_less(seed: int, day: int) -> None:
    formulation, fine = programme_of(seed)
    coarse = relax_coarser(formulation, day)
    assert coarse.objective <= fine.objective * (1.0 + 1e-6)
    assert coarse.values.shape == fine.values.shape


@pytest.mark.parametrize("seed", SEEDS)
def test_prices_of_longer_periods_prove_the_bound(seed: int) -> None:
    """Weak duality on the whole programme: what the rows are worth at these prices, less what any variable could still
    earn, is the bound.
    """
    formulation, _ = programme_of(seed)
    coarse, programme = relax_coarser(formulation, 4), formulation.programme
    ends = np.where(coarse.prices > 0.0, programme.row_lower, programme.row_upper)
    rows = float(np.where(coarse.prices == 0.0, 0.0, coarse.prices * np.where(np.isfinite(ends), ends, 0.0)).sum())
    assert np.isfinite(ends[np.abs(coarse.prices) > 1e-6]).all()
    left = programme.costs - programme.matrix.T @ coarse.prices
    bounded = np.isfinite(programme.upper)
    earned = float((np.minimum(left, 0.0) * np.where(bounded, programme.upper, 0.0)).sum())
    assert (left[~bounded] >= -1e-5 * max(1.0, float(np.abs(programme.costs).max()))).all()
    assert rows + earned == pytest.approx(coarse.objective, rel=1e-4)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_place_by_itself_proves_no_more_than_the_best_and_no_less_than_longer_periods(seed: int) -> None:
    formulation, fine = programme_of(seed)
    coarse = relax_coarser(formulation, 4)
    close = 1e-6 * max(1.0, abs(fine.objective))
    assert coarse.objective - close <= bound_by_place(formulation, coarse.prices) <= fine.objective + close


@pytest.mark.parametrize("seed", SEEDS)
def test_at_the_best_prices_places_by_themselves_prove_the_best(seed: int) -> None:
    """Strong duality of linear programmes: the prices of the best plan in fractions prove it."""
    formulation, fine = programme_of(seed)
    assert bound_by_place(formulation, fine.prices) == pytest.approx(fine.objective, rel=1e-5)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("factor", [-1.0, 0.0, 0.5, 2.0])
def test_no_prices_prove_more_than_the_best(seed: int, factor: float) -> None:
    formulation, fine = programme_of(seed)
    assert bound_by_place(formulation, factor * fine.prices) <= fine.objective * (1.0 + 1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_large_programmes_end_with_a_bound_and_whole_trucks(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole, "MOST_ENTRIES_FINE", 0)
    monkeypatch.setattr(whole, "MOST_SEARCHED", 0)
    monkeypatch.setattr(whole, "fits_exactly", lambda *_: False)
    formulation, fine = programme_of(seed)
    relaxed = whole.relax(formulation, 4)
    found = whole.make_whole(formulation, relaxed, 4)
    assert found.bound <= fine.objective * (1.0 + 1e-6)
    assert found.objective >= fine.objective * (1.0 - 1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_trucks_rounded_by_worth_keep_every_row(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole, "MOST_SEARCHED", 0)
    monkeypatch.setattr(whole, "fits_exactly", lambda *_: False)
    formulation, fine = programme_of(seed)
    found, programme = whole.make_whole(formulation, fine, 4), formulation.programme
    assert programme.whole is not None
    trucks = found.values[programme.whole]
    assert trucks == pytest.approx(np.round(trucks), abs=1e-9)
    done = programme.matrix @ found.values
    scale = 1e-5 * max(1.0, float(np.abs(done).max()))
    assert (done >= programme.row_lower - scale).all()
    assert (done <= programme.row_upper + scale).all()
    nothing = solve(replace(programme, upper=np.where(programme.whole, 0.0, programme.upper), whole=None)).objective
    assert found.bound <= found.objective <= nothing
