"""A plan carried out in simulated courses, paired with the same courses in which nothing more is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.forecast.replay import Replay
from corridor.relief.into_scenario import with_plan
from corridor.results.crew import ALONE, Crew
from corridor.results.relief import ROAD, spread
from corridor.results.result import Result, Values
from corridor.scenario.convoys import without_convoys
from corridor.scenario.values import hours_between

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridor.relief.plan import Plan
    from corridor.relief.problem import Item, ReliefProblem
    from corridor.scenario.scenario import Scenario
    from corridor.simulate.ensemble import Ensemble
    from corridor.simulate.model import Clock


MEASURED = (
    *("brought_in", "person_days_without", "relief_waited_hours", "relief_trucks_turned_back"),
    *("taken_by_convoys", "waiting_for_transport"),
)  # series of which a trial tells


@dataclass(frozen=True)
class Window:
    """The recorded moments between which a plan is measured: its own start and end, or the end of the period."""

    first: int
    last: int

    def change(self, values: Values) -> Values:
        """Return by how much a running total [R, T] grows from the first moment to the last [R]."""
        return np.asarray(values[:, self.last] - values[:, self.first])


WHOLE = Window(0, -1)


def find_window(problem: ReliefProblem, clock: Clock) -> Window:
    """Return the window of a plan in what is recorded by a clock."""
    moments = (problem.start, problem.time_of(problem.periods))
    first, last = (round(hours_between(clock.start, moment) / clock.record_hours) for moment in moments)
    return Window(first, min(last, clock.records - 1))


def try_plan(scenario: Scenario, ensemble: Ensemble, plan: Plan, replicates: int, crew: Crew = ALONE) -> dict[str, Any]:
    """Return what becomes of a plan in the simulation, with paired differences to sending nothing more.

    All is counted from the plan's start to its end. By item: tonnes the plan sends and the tonnes brought in;
    person-days without at places where the stock is known: as the plan promises, with the plan, without it, and the
    difference in the same replicate (on the road apart: a plan serves places); truck-hours waited by cause.
    """
    replay, problem = Replay(ensemble, np.arange(replicates), crew), plan.problem
    until = problem.time_of(problem.periods)
    aided = replay.measure(with_plan(scenario, plan), MEASURED, until)
    unaided = replay.measure(without_convoys(scenario, problem.start), MEASURED, until)
    window = find_window(problem, ensemble.model.clock)
    waits = aided.take_all("relief_waited_hours")
    return {
        "replicates": replicates,
        "seed": ensemble.seed,
        "items": [_describe_item(plan, item, aided, unaided, window) for item in problem.items],
        "truck_hours_waited": {cause: spread(window.change(hours)) for (cause,), hours in waits.items()},
        **_describe_out(plan, aided, unaided, window),
    }


def _describe_out(plan: Plan, aided: Result, unaided: Result, window: Window) -> dict[str, Any]:
    """Return how many people convoys take out and for how many hours people wait, where fleets for both may."""
    if plan.problem.waiting is None:
        return {}
    (out, waited), (_, before) = (sum_out(course, window) for course in (aided, unaided))
    return {
        "people_out": spread(out),
        "people_out_promised": sum(convoy.people_out for convoy in plan.convoys),
        "hours_waited": spread(waited),
        "hours_waited_promised": float(plan.carried.hours_waited.sum()),
        "hours_waited_saved": spread(before - waited),
        "hours_waited_saved_promised": float((plan.unaided.hours_waited - plan.carried.hours_waited).sum()),
    }


def sum_out(course: Result, window: Window) -> tuple[Values, Values]:
    """Return how many people convoys have taken out within a window, and the hours that people waited for transport."""
    first, last = window.first, window.last
    waiting = course.take("waiting_for_transport")[:, first + 1 : last + 1 if last >= 0 else None]
    hours = np.asarray(waiting.sum(axis=1) * float(course.manifest["record_hours"]))
    return sum_up(course, "taken_by_convoys", window, lambda _: True), hours


def _describe_item(plan: Plan, item: Item, aided: Result, unaided: Result, window: Window) -> dict[str, Any]:
    arrived, nothing = (window.change(course.take("brought_in", item.id)) for course in (aided, unaided))
    gap, before = (sum_gap(course, item.id, False, window) for course in (aided, unaided))
    road, road_before = (sum_gap(course, item.id, True, window) for course in (aided, unaided))
    known = knows_stock(aided, item.id)
    return {
        "item": item.id,
        "planned_tonnes": round(sum(convoy.loads.get(item.id, 0.0) for convoy in plan.convoys), 3),
        "brought_tonnes": spread((arrived - nothing) * item.tonnes_per_unit),
        "person_days_promised": _promise(plan, item, aided) if known else None,
        "person_days_with": spread(gap) if known else None,
        "person_days_without": spread(before) if known else None,
        "person_days_saved": spread(before - gap) if known else None,
        "person_days_saved_on_the_road": spread(road_before - road) if known else None,
    }


def _promise(plan: Plan, item: Item, course: Result) -> float:
    """Return the person-days without an item that a plan says there will be, where the course knows the stock."""
    problem, pairs = plan.problem, plan.formulation.pairs
    known = {place for place, what in course.labels("person_days_without") if what == item.id}
    mine = [n for n, (p, k) in enumerate(pairs) if problem.items[k] is item and problem.places[p] in known]
    people = plan.carried.people[:, pairs[mine, 0]] * problem.period_hours / 24.0
    return float((people * plan.promised[:, mine]).sum())


def knows_stock(course: Result, item: str) -> bool:
    """Tell whether the stock of an item is known anywhere, so that it is known who goes without."""
    return any(what == item for _, what in course.labels("person_days_without"))


def sum_gap(course: Result, item: str, on_road: bool, window: Window = WHOLE) -> Values:
    """Return person-days without an item within a window, at places or on the road [R]."""
    return sum_up(
        course, "person_days_without", window, lambda place, what: what == item and (place == ROAD) == on_road
    )


def sum_up(course: Result, series: str, window: Window, chosen: Callable[..., bool]) -> Values:
    """Return by how much a series grows within a window, summed over the labels chosen [R]."""
    values = (window.change(values) for labels, values in course.take_all(series).items() if chosen(*labels))
    return sum(values, np.zeros(course.replicates))
