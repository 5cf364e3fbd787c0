"""The plan: which convoys leave when with what, who gets how much, how far it is from the best possible."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from corridor.relief.carry import Carried, carry_out
from corridor.relief.check import check_problem
from corridor.relief.convoys import list_convoys
from corridor.relief.formulate import Formulation, formulate
from corridor.relief.linear import Answer, solve, solve_in_order
from corridor.relief.problem import Weights
from corridor.relief.routes import find_services
from corridor.relief.send import send_whole
from corridor.relief.size import SHORTEST_PERIOD, can_be_whole
from corridor.relief.whole import make_whole, relax
from corridor.scenario.faults import UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridor.relief.convoys import Convoy
    from corridor.relief.problem import ReliefProblem
    from corridor.scenario.faults import Fault


@dataclass(frozen=True)
class Plan:
    """A relief plan.

    objective and bound are in weighted hours without of one person; `bound` is what no plan with these roads,
    trucks and stocks can go below as far as is proven, `fractions` what trucks in fractions would reach (None: the plan
    is in fractions itself), `shares` the parts of the objective before weighting. `prices` are of the rows of the
    programme in fractions. Arrays: short [T, N] share of the need unmet for `formulation.pairs`,
    load [T, S, K], as the programme has them, in fractions of trucks if it is in fractions. `convoys` are whole in any
    case and can be driven; what they do when they are carried out is `carried`, and that is what a plan says.
    """

    problem: ReliefProblem
    weights: Weights
    formulation: Formulation
    objective: float
    bound: float
    fractions: float | None
    shares: dict[str, float]
    short: NDArray[np.float64]
    load: NDArray[np.float64]
    trucks: NDArray[np.float64]
    held: NDArray[np.float64]
    prices: NDArray[np.float64]
    convoys: tuple[Convoy, ...]
    carried: Carried
    whole: bool
    method: str
    solver: str
    seconds: float
    warnings: tuple[Fault, ...]

    @property
    def promised(self) -> NDArray[np.float64]:
        """Return the share of the need unmet when the convoys are carried out, [T, N] for `formulation.pairs`."""
        pairs = self.formulation.pairs
        return np.asarray(self.carried.short[:, pairs[:, 0], pairs[:, 1]])

    @cached_property
    def unaided(self) -> Carried:
        """Return what happens when nothing is sent."""
        return carry_out(self.problem, ())

    @property
    def people_out(self) -> int:
        """Return how many people the convoys take out."""
        return sum(convoy.people_out for convoy in self.convoys)

    @property
    def gap(self) -> float:
        """Return the relative distance of the plan to the bound: what the search may have missed."""
        return (self.objective - self.bound) / max(abs(self.bound), 1e-9)

    @property
    def rounding(self) -> float:
        """Return how far, relatively, the bound for whole trucks lies above what trucks in fractions would reach."""
        if self.fractions is None:
            return 0.0
        return (self.bound - self.fractions) / max(abs(self.fractions), 1e-9)


def make_plan(
    problem: ReliefProblem,
    weights: Weights | None = None,
    *,
    whole: bool | None = None,
    in_order: bool = False,
    solver: str = "auto",
) -> Plan:
    """Return the best relief plan for a problem.

    `whole` asks for whole trucks and convoys: the default at periods of 6 h or longer, and at any where the problem is
    small. `in_order` minimises the objectives strictly one after the other instead of by weights (in fractions only).
    Raises FaultsError for a problem that cannot be planned, UsageError for options that do not go together.
    """
    started = time.perf_counter()
    weights = weights or Weights()
    warnings = check_problem(problem, weights)
    services = find_services(problem)
    possible = can_be_whole(problem, services)
    if whole is None:
        whole = possible and not in_order
    if whole and (in_order or not possible):
        message = f"whole convoys need weights and periods of {SHORTEST_PERIOD:g} h or longer here; plan in fractions"
        raise UsageError(message)
    formulation = formulate(problem, services, weights, whole)
    relaxed = replace(formulation.programme, whole=None)
    if in_order:
        stages = solve_in_order(relaxed, list(formulation.objectives.values()))
        best = replace(stages[-1], prices=stages[0].prices)
        best = replace(best, objective=float(relaxed.costs @ best.values))
        best = replace(best, bound=best.objective)
    else:
        window = max(1, round(24.0 / problem.period_hours))
        best = relax(formulation, window, solver) if whole else solve(relaxed, solver)
    prices = best.prices
    if whole:
        best = make_whole(formulation, best, window)
    sent = best if whole else send_whole(problem, formulation, best, in_order)
    convoys = list_convoys(problem, formulation, sent)
    method = "in_order" if in_order else "weighted"
    return _read_plan(problem, weights, formulation, best, prices, convoys, method, started, tuple(warnings))


def _read_plan(
    problem: ReliefProblem,
    weights: Weights,
    formulation: Formulation,
    answer: Answer,
    prices: NDArray[np.float64],
    convoys: tuple[Convoy, ...],
    method: str,
    started: float,
    warnings: tuple[Fault, ...],
) -> Plan:
    carried = carry_out(problem, convoys)
    return Plan(
        problem,
        weights,
        formulation,
        answer.objective,
        answer.bound,
        answer.fractions,
        {name: float(costs @ answer.values) for name, costs in formulation.objectives.items()},
        np.clip(answer.values[formulation.short], 0.0, 1.0),
        answer.values[formulation.load],
        answer.values[formulation.trucks],
        answer.values[formulation.held],
        prices,
        tuple(replace(convoy, people_out=carried.taken.get(convoy.id, 0)) for convoy in convoys),
        carried,
        formulation.programme.whole is not None,
        method,
        answer.solver,
        time.perf_counter() - started,
        warnings,
    )
