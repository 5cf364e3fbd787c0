"""The two solvers behind one call, and what they say when there is no answer."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import linprog

from corridor.relief.linear import (
    InfeasibleError,
    Programme,
    UnboundedError,
    choose_solver,
    solve,
    solve_in_order,
)
from corridor.scenario.faults import UsageError


def random_programme(seed: int) -> Programme:
    """Return a feasible, bounded programme: rows are satisfied by a known point, all variables are boxed."""
    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(6, 10)) * (rng.uniform(size=(6, 10)) < 0.6)
    inside = rng.uniform(0.0, 5.0, 10)
    return Programme(
        rng.normal(size=10),
        np.zeros(10),
        np.full(10, 5.0),
        sparse.csr_matrix(matrix),
        np.full(6, -np.inf),
        matrix @ inside + rng.uniform(0.0, 1.0, 6),
    )


@pytest.mark.parametrize("seed", range(20))
def test_optimum_and_prices_agree_with_scipy(seed: int) -> None:
    programme = random_programme(seed)
    other = linprog(
        programme.costs,
        programme.matrix,
        programme.row_upper,
        bounds=list(zip(programme.lower, programme.upper, strict=True)),
    )
    answer = solve(programme, "highs")
    assert answer.objective == pytest.approx(other.fun, abs=1e-9)
    assert answer.bound == answer.objective
    assert answer.prices == pytest.approx(other.ineqlin.marginals, abs=1e-9)


def test_glop_gives_the_same_optimum_and_prices() -> None:
    pytest.importorskip("ortools", reason="GLOP is an extra")
    for seed in range(10):
        programme = random_programme(seed)
        glop, highs = solve(programme, "glop"), solve(programme, "highs")
        assert glop.objective == pytest.approx(highs.objective, abs=1e-9)
        assert glop.prices == pytest.approx(highs.prices, abs=1e-7)


def one_variable(cost: float, row_lower: float) -> Programme:
    return Programme(
        np.array([cost]),
        np.zeros(1),
        np.array([np.inf]),
        sparse.csr_matrix(np.array([[1.0], [1.0]])),
        np.array([row_lower, -np.inf]),
        np.array([np.inf, 10.0 if cost >= 0 else np.inf]),
    )


def test_infeasible_and_unbounded_are_told_apart() -> None:
    with pytest.raises(InfeasibleError):
        solve(one_variable(1.0, 11.0), "highs")
    with pytest.raises(UnboundedError):
        solve(one_variable(-1.0, 1.0), "highs")


def test_whole_numbers_cost_no_less_than_the_bound() -> None:
    programme = random_programme(3)
    whole = Programme(**(programme.__dict__ | {"whole": np.ones(10, dtype=bool)}))
    answer = solve(whole, gap=0.0)
    assert answer.values == pytest.approx(np.round(answer.values), abs=1e-6)
    assert answer.objective >= answer.bound - 1e-9 >= solve(programme, "highs").objective - 1e-6
    best = min(
        float(programme.costs @ point)
        for point in np.random.default_rng(0).integers(0, 6, (20_000, 10)).astype(float)
        if (programme.matrix @ point <= programme.row_upper).all()
    )
    assert answer.objective <= best + 1e-9


def test_in_order_never_gives_up_an_earlier_objective() -> None:
    """The second objective is the best among those that are best for the first, found here by a second
    programme.
    """
    for seed in range(10):
        programme = random_programme(seed)
        rng = np.random.default_rng(1000 + seed)
        first = np.where(np.arange(10) < 4, rng.uniform(0.5, 1.0, 10), 0.0) * np.sign(programme.costs)
        second = rng.normal(size=10)
        answers = solve_in_order(programme, [first, second], tolerance=0.0)
        best = solve(Programme(**(programme.__dict__ | {"costs": first})), "highs").objective
        assert first @ answers[1].values == pytest.approx(best, abs=1e-6)
        fixed = linprog(
            second,
            np.vstack([programme.matrix.toarray(), first]),
            np.append(programme.row_upper, best + 1e-9),
            bounds=[(0.0, 5.0)] * 10,
        )
        assert answers[1].objective == pytest.approx(fixed.fun, abs=1e-5)


def test_unknown_solver_is_refused() -> None:
    with pytest.raises(UsageError, match="simplx"):
        choose_solver("simplx", whole=False)
    assert choose_solver("glop", whole=True) == "highs"
