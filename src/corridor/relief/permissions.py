"""What is left of open roads, slots, inspection and clearances while whole trucks are sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor.relief.formulate import find_entries

if TYPE_CHECKING:
    from corridor.relief.formulate import Formulation
    from corridor.relief.problem import Clearance, Limit, ReliefProblem
    from corridor.relief.routes import Service

_ROUNDING = 1e-6


class Permissions:
    """Who may still enter which road when: `allow` tells, `take` uses up."""

    def __init__(self, problem: ReliefProblem, formulation: Formulation, inspected: bool = True) -> None:
        """Begin with all there is; unless they are `inspected`, trucks may wait at checkpoints as long as it takes."""
        self.problem, self.services = problem, formulation.services
        self.open = formulation.programme.upper[formulation.trucks] > 0.0
        self.limits = [limit for limit in problem.limits if inspected or limit.kind == "slots"]
        self.entering = {limit.id: np.zeros((problem.periods, len(problem.fleets))) for limit in self.limits}
        self.passed = {clearance.id: 0.0 for clearance in problem.clearances}
        self.entries: dict[str, dict[int, list[int]]] = {}
        for limit in self.limits:
            mine: dict[int, list[int]] = {}
            for s, enters in find_entries(problem, self.services, limit):
                mine.setdefault(s, []).append(enters)
            self.entries[limit.id] = mine

    def allow(self, t: int, s: int, trucks: int) -> bool:
        """Tell whether so many trucks of a service may leave in a period."""
        if not self.open[t, s]:
            return False
        for clearance in self.problem.clearances:
            used = self._uses(clearance, t, self.services[s])
            if used and self.passed[clearance.id] + trucks > clearance.trucks + _ROUNDING:
                return False
        return all(self._fits_limit(limit, t, s, trucks) for limit in self.limits)

    def take(self, t: int, s: int, trucks: int) -> None:
        """Let so many trucks of a service leave in a period."""
        service = self.services[s]
        for limit in self.limits:
            for enters in self.entries[limit.id].get(s, ()):
                if t + enters < self.problem.periods:
                    self.entering[limit.id][t + enters, service.fleet] += trucks
        for clearance in self.problem.clearances:
            if self._uses(clearance, t, service):
                self.passed[clearance.id] += trucks

    def _fits_limit(self, limit: Limit, t: int, s: int, trucks: int) -> bool:
        problem, g = self.problem, self.services[s].fleet
        entering = self.entering[limit.id].copy()
        periods = [t + enters for enters in self.entries[limit.id].get(s, ()) if t + enters < problem.periods]
        for period in periods:
            entering[period, g] += trucks
        if limit.kind == "slots":
            size = np.array([min(fleet.convoy_trucks, fleet.trucks) for fleet in problem.fleets])
            used, most = np.ceil(entering / size - _ROUNDING).sum(axis=1), np.asarray(limit.most)
        else:
            road = next(road for road in problem.roads if road.id == limit.road)
            share = np.asarray(road.forward if limit.forward else road.backward)
            used, most = entering.sum(axis=1), np.asarray(limit.most) * (1.0 if limit.both_ways else share)
        return all(used[period] <= most[period] + _ROUNDING for period in periods)

    def _uses(self, clearance: Clearance, t: int, service: Service) -> bool:
        problem = self.problem
        if clearance.fleet not in ("*", problem.fleets[service.fleet].id):
            return False
        return any(
            problem.roads[leg.road].id == clearance.road
            and clearance.first <= t + int(leg.after / problem.period_hours + 1e-9) < clearance.last
            for leg in service.legs
        )
