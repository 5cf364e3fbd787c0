"""The exact search for whole trucks, against counting every plan there is."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from corridor.relief.exact import CLOSE, FAR, fits_exactly
from corridor.relief.formulate import formulate
from corridor.relief.linear import Answer, InfeasibleError, solve
from corridor.relief.problem import Weights
from corridor.relief.routes import find_services
from corridor.relief.whole import make_whole

from .examples import one_road, towns_behind_a_bridge


def whole_and_parts(problem: object) -> tuple[Answer, Answer, object]:
    formulation = formulate(problem, find_services(problem), Weights(), whole=True)  # type: ignore[arg-type]
    parts = solve(replace(formulation.programme, whole=None))
    return make_whole(formulation, parts, 1), parts, formulation


@pytest.mark.slow
def test_the_best_plan_is_that_of_counting_all() -> None:
    """With three trucks and six days every number of trucks on every day is tried."""
    best, _, formulation = whole_and_parts(one_road(3.0, periods=6))
    programme = formulation.programme  # type: ignore[attr-defined]
    assert fits_exactly(programme)
    free = np.flatnonzero(programme.whole & (programme.upper > 0.0))
    objectives = []
    for numbers in product(range(4), repeat=len(free)):
        lower, upper = programme.lower.copy(), programme.upper.copy()
        lower[free] = upper[free] = numbers
        try:
            objectives.append(solve(replace(programme, lower=lower, upper=upper, whole=None)).objective)
        except InfeasibleError:
            continue
    assert best.objective == pytest.approx(min(objectives), rel=2 * CLOSE)
    assert best.search_gap <= CLOSE


@pytest.mark.parametrize("seed", range(3))
def test_what_is_proven_lies_between_fractions_and_the_plan(seed: int) -> None:
    best, parts, _ = whole_and_parts(towns_behind_a_bridge(seed, periods=8, towns=2))
    assert best.fractions == parts.objective
    assert parts.objective <= best.bound * (1.0 + 1e-9)
    assert best.bound <= best.objective * (1.0 + 1e-9)
    assert best.search_gap <= CLOSE


def test_a_larger_programme_is_searched_as_a_whole_only_where_day_by_day_ended_far_off() -> None:
    problem = towns_behind_a_bridge(1, periods=28, towns=8)
    programme = formulate(problem, find_services(problem), Weights(), whole=True).programme
    assert not fits_exactly(programme, 0.5 * FAR)
    assert fits_exactly(programme, 2.0 * FAR)
