"""One linear programme as one sparse matrix, and the two solvers that may be asked for its answer.

HiGHS always comes with Corridor. GLOP (OR-Tools) was faster on a synthetic model measured for the design, but
on the plans made here HiGHS was: 0.5 s against 1.3 s for 14 days at 6 h, 1.8 s against 4.2 s for 7 days at 1
h, see benchmarks/relief.py. So HiGHS is what "auto" means, and GLOP stays a choice and a second opinion.
"""

from __future__ import annotations

import importlib.util
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from corridor.scenario.faults import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

SOLVERS = ("auto", "highs", "glop")
SMALLEST_SCALE = 1e-9  # below it a relative distance is one to nought
_FEASIBLE = 2  # HiGHS: a solution that satisfies every row


class InfeasibleError(Exception):
    """Raised when no values satisfy every row: the caller knows which input to blame."""


class NoAnswerError(Exception):
    """Raised when a search over whole numbers ended at its limit before it found any solution."""


class UnboundedError(Exception):
    """Raised when the objective can be improved without end: the caller knows which input to blame."""


@dataclass(frozen=True)
class Programme:
    """Minimise costs @ x with lower <= x <= upper and row_lower <= matrix @ x <= row_upper.

    `whole` marks the variables that must be whole numbers; None is a plain linear programme.
    """

    costs: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    matrix: sparse.csr_matrix
    row_lower: NDArray[np.float64]
    row_upper: NDArray[np.float64]
    whole: NDArray[np.bool_] | None = None


@dataclass(frozen=True)
class Answer:
    """What a solver found.

    `prices` holds, for each row, the change of the objective per unit added to the row's binding side (empty
    with whole numbers). `bound` is the highest value known that no solution can go below; it equals `objective` for a
    linear programme. `fractions` is the best value, or what is known to lie below it, where whole numbers need not be
    whole: None where the programme has none.
    """

    values: NDArray[np.float64]
    prices: NDArray[np.float64]
    objective: float
    bound: float
    solver: str
    seconds: float
    fractions: float | None = None

    @property
    def search_gap(self) -> float:
        """Return how far, relatively, the values may lie above the best whole ones: 0 where they are the best."""
        return (self.objective - self.bound) / max(abs(self.bound), SMALLEST_SCALE)

    @property
    def rounding(self) -> float:
        """Return how far, relatively, whole numbers are proven to lie above the best in fractions."""
        if self.fractions is None:
            return 0.0
        return (self.bound - self.fractions) / max(abs(self.fractions), SMALLEST_SCALE)


def choose_solver(wanted: str, whole: bool) -> str:
    """Return the solver to use: "auto" is HiGHS, which was 2.4 times faster than GLOP on these plans.

    GLOP may be asked for where OR-Tools is installed; whole numbers always go to HiGHS.

    Raises UsageError for a solver that is not one of SOLVERS, or not installed.
    """
    if wanted not in SOLVERS:
        message = f'no solver "{wanted}"; there are {", ".join(SOLVERS[:-1])} and {SOLVERS[-1]}'
        raise UsageError(message)
    if whole:
        return "highs"
    if wanted == "glop" and importlib.util.find_spec("ortools") is None:
        message = "GLOP needs OR-Tools: install corridor[glop]"
        raise UsageError(message)
    return "highs" if wanted == "auto" else wanted


def solve(
    programme: Programme,
    solver: str = "auto",
    gap: float = 0.01,
    absolute_gap: float = 1e-6,
    nodes: int = 100_000,
    start: NDArray[np.float64] | None = None,
) -> Answer:
    """Return the best values for a programme.

    `gap` (relative) or `absolute_gap` is the distance to the bound at which a search over whole numbers may
    stop, `nodes` the most branches it looks at, `start` values that satisfy every row, to begin from. Raises
    InfeasibleError, UnboundedError or NoAnswerError.
    """
    whole = programme.whole is not None and bool(programme.whole.any())
    chosen = choose_solver(solver, whole)
    started = time.perf_counter()
    if chosen == "glop":
        values, prices, bound = _solve_with_glop(programme)
    else:
        highs = _load_highs(programme, gap, absolute_gap, nodes)
        if start is not None:
            _begin_from(highs, start)
        values, prices, bound = _run_highs(highs, whole)
    objective = float(programme.costs @ values)
    bound = objective if bound is None else bound
    return Answer(values, prices, objective, bound, chosen, time.perf_counter() - started)


def solve_in_order(
    programme: Programme, objectives: Sequence[NDArray[np.float64]], tolerance: float = 1e-6
) -> list[Answer]:
    """Minimise the first objective, then the second among the best for the first, and so on (lexicographic).

    Each later stage may worsen an earlier one by at most `tolerance` relative (and absolute). HiGHS keeps its
    basis from stage to stage. The answers are those of each stage; the last one's values are the plan.
    """
    highs = _load_highs(replace(programme, costs=objectives[0], whole=None), 0.0, 0.0, 1)
    columns = np.arange(len(programme.costs), dtype=np.int32)
    answers = []
    for stage, costs in enumerate(objectives):
        started = time.perf_counter()
        if stage:
            highs.changeColsCost(len(columns), columns, costs)
        values, prices, _ = _run_highs(highs, whole=False)
        best = float(costs @ values)
        seconds = time.perf_counter() - started
        answers.append(Answer(values, prices[: len(programme.row_lower)], best, best, "highs", seconds))
        used = np.flatnonzero(costs).astype(np.int32)
        if len(used) and stage + 1 < len(objectives):
            limit = best + tolerance * max(1.0, abs(best))
            highs.addRow(-np.inf, limit, len(used), used, costs[used])
    return answers


class Solver:
    """A linear programme that is solved again and again while its variables are fixed; HiGHS keeps its basis."""

    def __init__(self, programme: Programme) -> None:
        self._highs = _load_highs(replace(programme, whole=None), 0.0, 0.0, 1)
        self._costs = programme.costs

    def fix(self, columns: NDArray[np.int64], values: NDArray[np.float64]) -> None:
        """Hold variables at values from now on."""
        self._highs.changeColsBounds(len(columns), columns.astype(np.int32), values, values)

    def run(self) -> NDArray[np.float64]:
        """Return the best values. Raises InfeasibleError or UnboundedError."""
        return _run_highs(self._highs, whole=False)[0]

    def reduced_costs(self) -> NDArray[np.float64]:
        """Return what one more of each variable would add to the objective of the last run."""
        return np.asarray(self._highs.getSolution().col_dual)


def _begin_from(highs: Any, values: NDArray[np.float64]) -> None:
    from highspy import HighsSolution

    solution = HighsSolution()
    solution.col_value = list(values)
    highs.setSolution(solution)


def _load_highs(programme: Programme, gap: float, absolute_gap: float, nodes: int) -> Any:
    import highspy
    from highspy._core import _Highs

    # The public class writes a banner to standard output while it is made, which would spoil a JSON answer.
    highs = _Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("mip_rel_gap", gap)
    highs.setOptionValue("mip_abs_gap", absolute_gap)
    highs.setOptionValue("mip_max_nodes", nodes)
    highs.setOptionValue("threads", 1)
    columns = sparse.csc_matrix(programme.matrix)
    whole = programme.whole
    integrality = np.zeros(len(programme.costs), dtype=np.int32) if whole is None else whole.astype(np.int32)
    highs.passModel(
        columns.shape[1],
        columns.shape[0],
        columns.nnz,
        int(highspy.MatrixFormat.kColwise),
        int(highspy.ObjSense.kMinimize),
        0.0,
        programme.costs,
        programme.lower,
        programme.upper,
        programme.row_lower,
        programme.row_upper,
        columns.indptr.astype(np.int32),
        columns.indices.astype(np.int32),
        columns.data,
        integrality,
    )
    return highs


def _run_highs(highs: Any, whole: bool) -> tuple[NDArray[np.float64], NDArray[np.float64], float | None]:
    import highspy

    highs.run()
    status = highs.getModelStatus()
    word = highs.modelStatusToString(status)
    states = highspy.HighsModelStatus
    if status == states.kUnboundedOrInfeasible:
        # Presolve cannot tell the two apart; the simplex method without it can.
        highs.setOptionValue("presolve", "off")
        highs.run()
        status = highs.getModelStatus()
    if status == states.kInfeasible:
        raise InfeasibleError(word)
    if status in (states.kUnbounded, states.kUnboundedOrInfeasible):
        raise UnboundedError(word)
    solution = highs.getSolution()
    stopped = whole and status == states.kSolutionLimit
    if stopped and highs.getInfo().primal_solution_status != _FEASIBLE:
        raise NoAnswerError(word)
    if status != states.kOptimal and not stopped:
        message = f"HiGHS stopped without an answer: {word}"
        raise RuntimeError(message)
    values = np.asarray(solution.col_value)
    if whole:
        return values, np.zeros(0), float(highs.getInfo().mip_dual_bound)
    return values, np.asarray(solution.row_dual), None


def _solve_with_glop(
    programme: Programme,
) -> tuple[NDArray[np.float64], NDArray[np.float64], None]:
    from ortools.linear_solver.python import model_builder_helper as helper

    model = helper.ModelBuilderHelper()
    model.fill_model_from_sparse_data(
        programme.lower,
        programme.upper,
        programme.costs,
        programme.row_lower,
        programme.row_upper,
        sparse.csr_matrix(programme.matrix),
    )
    solver = helper.ModelSolverHelper("glop")
    solver.solve(model)
    status = solver.status()
    if status == helper.SolveStatus.INFEASIBLE:
        raise InfeasibleError(solver.status_string())
    if status == helper.SolveStatus.UNBOUNDED:
        raise UnboundedError(solver.status_string())
    if status != helper.SolveStatus.OPTIMAL:
        # GLOP may answer "abnormal" where presolve cannot tell infeasible from unbounded: HiGHS can.
        values, prices, _ = _run_highs(_load_highs(programme, 0.0, 0.0, 1), whole=False)
        return values, prices, None
    return np.asarray(solver.variable_values()), np.asarray(solver.dual_values()), None
