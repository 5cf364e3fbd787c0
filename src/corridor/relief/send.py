"""Whole trucks for a plan in fractions: what is printed of it can be driven.

Trucks that a service is owed add up over the periods and leave as soon as there is a whole one (rounded) and everything
it takes is there; then the loads are planned again for these trucks.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from corridor.relief.linear import Answer, InfeasibleError, solve, solve_in_order
from corridor.relief.permissions import Permissions
from corridor.relief.routes import periods_until_arrival, trip_hours

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridor.relief.formulate import Formulation
    from corridor.relief.problem import ReliefProblem

SMALLEST_SHARE = 0.05  # of a truck: less is not worth a trip
_ROUNDING = 1e-6


def send_whole(problem: ReliefProblem, formulation: Formulation, answer: Answer, in_order: bool) -> Answer:
    """Return the answer with whole trucks, and the loads that are best with them."""
    for least in (0.5, 1.0):
        trucks = _round_trucks(problem, formulation, answer, least)
        try:
            return _load_trucks(formulation, trucks, in_order)
        except InfeasibleError:  # a base was to get its fuel by trucks that do not leave in time
            continue
    return _load_trucks(formulation, np.zeros(formulation.trucks.shape), in_order)


def _load_trucks(formulation: Formulation, trucks: NDArray[np.float64], in_order: bool) -> Answer:
    programme = replace(formulation.programme, whole=None)
    lower, upper = programme.lower.copy(), programme.upper.copy()
    lower[formulation.trucks] = upper[formulation.trucks] = trucks
    fixed = replace(programme, lower=lower, upper=upper)
    return solve_in_order(fixed, list(formulation.objectives.values()))[-1] if in_order else solve(fixed, "highs")


def _round_trucks(
    problem: ReliefProblem, formulation: Formulation, answer: Answer, least: float
) -> NDArray[np.float64]:
    """Return whole trucks [T, S]: those owed so far, where at least the share `least` of one more is.

    Then, where something is owed still and trucks, fuel and permissions are left, one more.
    """
    parts = answer.values[formulation.trucks]
    means = _Means(problem, formulation, answer)
    whole = np.zeros(parts.shape)
    for share in (least, SMALLEST_SHARE) if least < 1.0 else (least,):
        for t in range(len(parts)):
            owed = parts[: t + 1].sum(axis=0) - whole.sum(axis=0)
            for s in np.argsort(-owed, kind="stable"):
                wanted = math.floor(owed[s] + 1.0 - share + _ROUNDING)
                while wanted > 0 and not means.fit(t, int(s), wanted):
                    wanted -= 1
                if wanted > 0:
                    means.take(t, int(s), wanted)
                    whole[t, s] += wanted
    return whole


class _Means:
    """What is left of trucks, slots, inspection, clearances and fuel while trucks are sent."""

    def __init__(self, problem: ReliefProblem, formulation: Formulation, answer: Answer) -> None:
        self.problem, self.services = problem, formulation.services
        self.permissions = Permissions(problem, formulation)
        size_t, fleets = problem.periods, len(problem.fleets)
        self.out = np.zeros((size_t, fleets)) if problem.away is None else np.ceil(problem.away - _ROUNDING)
        self.spare = self._find_spare_fuel(formulation, answer)

    def _find_spare_fuel(self, formulation: Formulation, answer: Answer) -> NDArray[np.float64]:
        """Return how much more fuel than so far may have left each place by the end of each period [T, P].

        The plan in fractions leaves what it holds, and what it burns is free for the trucks that go instead.
        """
        problem = self.problem
        fuel = problem.index_of(problem.fuel)
        spare = np.full((problem.periods, len(problem.places)), np.inf)
        if fuel < 0:
            return spare
        spare[:, formulation.holders] = answer.values[formulation.held[:, :, fuel]]
        for s in range(len(self.services)):
            for t, parts in enumerate(answer.values[formulation.trucks[:, s]]):
                for after, p, tonnes in self._burn(s):
                    if t + after < problem.periods:
                        spare[t + after :, p] += parts * tonnes
        spare[:, problem.unlimited[:, fuel]] = np.inf
        return spare

    def _burn(self, s: int) -> list[tuple[int, int, float]]:
        """Return (periods after departure, place, tonnes) of the fuel that one truck of a service burns."""
        problem, service = self.problem, self.services[s]
        fleet, fuel = problem.fleets[service.fleet], problem.index_of(problem.fuel)
        if fuel < 0 or fleet.litres_per_km == 0.0:
            return []
        one_way = fleet.litres_per_km * service.km * problem.items[fuel].tonnes_per_unit
        base, goal = problem.places.index(service.base), problem.places.index(service.to)
        if not fleet.refuels_at_destination:
            return [(0, base, 2.0 * one_way)]
        return [(0, base, one_way), (periods_until_arrival(problem, service), goal, one_way)]

    def fit(self, t: int, s: int, trucks: int) -> bool:
        """Tell whether so many trucks of a service can leave in a period."""
        problem, service = self.problem, self.services[s]
        if self._busy(t, s).max() + trucks > problem.fleets[service.fleet].trucks + _ROUNDING:
            return False
        for after, p, tonnes in self._burn(s):
            if t + after < problem.periods and trucks * tonnes > self.spare[t + after :, p].min() + _ROUNDING * tonnes:
                return False
        return self.permissions.allow(t, s, trucks)

    def _busy(self, t: int, s: int) -> NDArray[np.float64]:
        service = self.services[s]
        periods = math.ceil(trip_hours(self.problem, service) / self.problem.period_hours - 1e-9)
        return np.asarray(self.out[t : t + max(periods, 1), service.fleet])

    def take(self, t: int, s: int, trucks: int) -> None:
        """Let so many trucks of a service leave in a period."""
        busy = self._busy(t, s)
        busy += trucks
        self.permissions.take(t, s, trucks)
        for after, p, tonnes in self._burn(s):
            if t + after < self.problem.periods:
                self.spare[t + after :, p] -= trucks * tonnes
