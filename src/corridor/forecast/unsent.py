"""Courses in which nothing is sent from where a plan begins: who is where then, and who waits for a seat out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from corridor.forecast.expected import expect_people
from corridor.forecast.waiting import find_groups, find_open, place_waiting
from corridor.relief.waiting import read_levels
from corridor.results.in_memory import keep_record
from corridor.scenario.convoys import without_convoys
from corridor.scenario.values import hours_between
from corridor.simulate.batch import begin_batch, carry_on
from corridor.simulate.compile import compile_model
from corridor.simulate.record import begin_record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from corridor.relief.problem import ReliefProblem
    from corridor.results.result import Result
    from corridor.scenario.scenario import Scenario
    from corridor.simulate.arrays import Integers
    from corridor.simulate.ensemble import Ensemble
    from corridor.simulate.state import State


@dataclass(frozen=True)
class Unsent:
    """Who waits at the start and the end of each period [R, T + 1, P, U], when a way out is open [T, P, U], the record.

    U are the groups that some fleet for both takes; `boards` has those of each fleet by number.
    """

    levels: NDArray[np.float64]
    may_go: NDArray[np.bool_]
    groups: tuple[str, ...]
    boards: Mapping[str, tuple[int, ...]]
    carried_days: float
    result: Result

    def expect(self, problem: ReliefProblem, chance: float) -> ReliefProblem:
        """Return a problem with the people, and those who wait, who are expected: a quantile over the courses."""
        waiting = read_levels(
            np.quantile(self.levels, chance, axis=0), self.may_go, self.groups, self.boards, self.carried_days
        )
        there = np.maximum(waiting.level.sum(axis=2), expect_people(self.result, problem, chance))
        return replace(problem, people=there, waiting=waiting)


def takes_people(problem: ReliefProblem) -> bool:
    """Tell whether some fleet of a problem is for both."""
    return any(fleet.seats_out > 0.0 and not fleet.service for fleet in problem.fleets)


def simulate_unsent(scenario: Scenario, ensemble: Ensemble, numbers: Integers, problem: ReliefProblem) -> Unsent:
    """Simulate replicates to the end of a problem with no convoy that leaves from its start on."""
    case = without_convoys(scenario, problem.start)
    ensemble = replace(ensemble, model=compile_model(case, ensemble.model.parameter_set))
    model, (luck, given, moves) = ensemble.model, ensemble.draw(numbers)
    clock, (groups, boards) = model.clock, find_groups(model)
    edges = [
        min(round(hours_between(clock.start, problem.time_of(t)) / clock.step_hours), clock.steps)
        for t in range(problem.periods + 1)
    ]
    state = begin_batch(model, luck, given, ensemble.behaviour)
    record = begin_record(model, len(numbers))
    record.write(state, 0)
    levels = np.zeros((len(numbers), len(edges), len(problem.places), len(groups)))
    open_for, steps = np.zeros(levels.shape[1:]), np.zeros(len(edges))

    def look(now: State, step: int) -> None:
        for at in np.flatnonzero(np.equal(edges, step + 1)):
            levels[:, at] = place_waiting(now, problem, groups)
        t = int(np.searchsorted(edges, step, side="right"))
        if 0 < t < len(edges):
            open_for[t] += find_open(now, problem, groups).mean(axis=0)
            steps[t] += 1

    look(state, -1)
    carry_on(state, record, moves, 0, min(edges[-1] + clock.record_every, clock.steps), {}, look)
    share = open_for[1:] / np.maximum(steps[1:], 1.0)[:, None, None]
    carried = model.quantities["parameters/carried_days"].median
    return Unsent(levels, share > 0.5, groups, boards, carried, keep_record(case, ensemble, record))
