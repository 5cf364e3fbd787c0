"""One course of things in which plans are carried out, and how planning anew each day does in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.forecast.found import find_short
from corridor.forecast.moment import Moment
from corridor.forecast.replay import Replay
from corridor.forecast.standing import read_standing
from corridor.forecast.trials import Window, find_window, knows_stock, sum_gap, sum_out, sum_up
from corridor.relief.into_scenario import plan_rows
from corridor.relief.problem import add_hours_without
from corridor.relief.rolling import Happened, roll_plan
from corridor.scenario.convoys import replace_convoys
from corridor.scenario.values import hours_between
from corridor.simulate.convoys import AT_BASE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from corridor.relief.convoys import Convoy
    from corridor.relief.plan import Plan
    from corridor.relief.problem import ReliefProblem
    from corridor.results.result import Result
    from corridor.scenario.scenario import Scenario
    from corridor.simulate.ensemble import Ensemble
    from corridor.simulate.state import State


@dataclass
class Course:
    """One replicate of a scenario, simulated again with every convoy that has been sent.

    It has the same luck each time, so what has happened stays as it was. `follow` is what roll_plan asks for. Convoys
    that have not left by the time of the next plan are called off.
    """

    replay: Replay
    scenario: Scenario
    begin: datetime  # of the first plan
    recovery: float  # of the weights that are planned by
    convoys: list[Convoy] = field(default_factory=list)
    record: Result | None = None  # of what has happened so far

    def follow(self, problem: ReliefProblem, convoys: Sequence[Convoy], periods: int) -> Happened:
        """Carry out the first periods of a problem with these convoys and return what is found then."""
        until = problem.time_of(periods)
        self.convoys += [convoy for convoy in convoys if convoy.departs < until]
        model, state, self.record = self.replay.simulate_until(self.send(self.convoys), until)
        short = find_short(problem, periods, self.record, model.clock)
        if periods == problem.periods:
            return Happened(None, short)
        nothing = np.zeros((problem.periods - periods, *problem.stock.shape))
        left = problem.later(periods, problem.stock, problem.without, nothing)
        hour = hours_between(model.clock.start, until)
        without = add_hours_without(problem.without, short, problem.period_hours, self.recovery)
        waiting = self._list_waiting(state)
        self.convoys = [convoy for convoy in self.convoys if convoy.id not in waiting]
        begun = hours_between(model.clock.start, self.begin)
        return Happened(read_standing(Moment(left, state, hour, begun), without), short)

    def _list_waiting(self, state: State) -> set[str]:
        """Return the ids of convoys that have not left."""
        assert state.relief is not None
        stages = state.relief.caravans.stage[0]
        return {
            moved.id for moved, stage in zip(state.relief.supplies.convoys, stages, strict=True) if stage == AT_BASE
        }

    def send(self, convoys: Iterable[Convoy]) -> Scenario:
        """Return the scenario in which these convoys drive from the first plan on, and no other."""
        return replace_convoys(self.scenario, self.begin, plan_rows(convoys))


def roll_in_simulation(scenario: Scenario, ensemble: Ensemble, once: Plan, replicate: int) -> dict[str, Any]:
    """Return how planning anew each day does in one course, beside planning `once` and sending nothing.

    For each, by item and from the plan's start to its end: tonnes brought in, share of the need met, person-days
    without where the stock is known; and where fleets for both may take people out, `out` by them and hours waited.
    """
    problem = once.problem
    replay = Replay(ensemble, np.array([replicate]))
    course = Course(replay, scenario, problem.start, once.weights.recovery)
    rolled = roll_plan(once, course.follow)
    window, until = find_window(problem, ensemble.model.clock), problem.time_of(problem.periods)
    found, out = {}, {}
    for name, convoys in (("rolling", course.convoys), ("once", once.convoys), ("nothing", ())):
        sent = replay.simulate(course.send(convoys), until)
        found[name] = [_describe_course(sent, item.id, item.tonnes_per_unit, window) for item in problem.items]
        if problem.waiting is not None:
            people, hours = sum_out(sent, window)
            out[name] = {"people_out": float(people[0]), "hours_waited": float(hours[0])}
    return {
        "replicate": replicate,
        "seed": ensemble.seed,
        "plans": rolled.plans,
        "changed": rolled.changed,
        "courses": found,
        "out": out,
        "convoys": list(course.convoys),
    }


def _describe_course(course: Result, item: str, tonnes: float, window: Window) -> dict[str, Any]:
    sums = (sum_up(course, name, window, lambda _, what: what == item) for name in ("needed", "used"))
    needed, used = (float(found[0]) for found in sums)
    known = knows_stock(course, item)
    return {
        "item": item,
        "brought_tonnes": float(window.change(course.take("brought_in", item))[0]) * tonnes,
        "share_met": used / needed if needed else 1.0,
        "person_days_at_places": float(sum_gap(course, item, False, window)[0]) if known else None,
        "person_days_on_the_road": float(sum_gap(course, item, True, window)[0]) if known else None,
    }
