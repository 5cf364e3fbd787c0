"""A plan carried out in simulated courses, paired with the same courses in which nothing more is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.forecast.replay import Replay
from corridor.relief.into_scenario import with_plan
from corridor.results.relief import ROAD, spread
from corridor.results.result import Result, Values
from corridor.scenario.convoys import without_convoys

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridor.relief.plan import Plan
    from corridor.relief.problem import Item
    from corridor.scenario.scenario import Scenario
    from corridor.simulate.ensemble import Ensemble


def try_plan(scenario: Scenario, ensemble: Ensemble, plan: Plan, replicates: int) -> dict[str, Any]:
    """Return what becomes of a plan in the simulation, with paired differences to sending nothing more.

    By item: tonnes the plan sends and the tonnes brought in; person-days without at places where the stock is known,
    with the plan, without it, and the difference in the same replicate (on the road apart: a plan serves places);
    truck-hours waited by cause.
    """
    replay = Replay(ensemble, np.arange(replicates))
    aided = replay.simulate(with_plan(scenario, plan))
    unaided = replay.simulate(without_convoys(scenario, plan.problem.start))
    waits = aided.take_all("relief_waited_hours")
    return {
        "replicates": replicates,
        "seed": ensemble.seed,
        "items": [_describe_item(plan, item, aided, unaided) for item in plan.problem.items],
        "truck_hours_waited": {cause: spread(hours[:, -1]) for (cause,), hours in waits.items()},
    }


def _describe_item(plan: Plan, item: Item, aided: Result, unaided: Result) -> dict[str, Any]:
    arrived, nothing = (course.take("brought_in", item.id)[:, -1] for course in (aided, unaided))
    gap, before = (sum_gap(course, item.id, on_road=False) for course in (aided, unaided))
    road, road_before = (sum_gap(course, item.id, on_road=True) for course in (aided, unaided))
    known = knows_stock(aided, item.id)
    return {
        "item": item.id,
        "planned_tonnes": round(sum(convoy.loads.get(item.id, 0.0) for convoy in plan.convoys), 3),
        "brought_tonnes": spread((arrived - nothing) * item.tonnes_per_unit),
        "person_days_with": spread(gap) if known else None,
        "person_days_without": spread(before) if known else None,
        "person_days_saved": spread(before - gap) if known else None,
        "person_days_saved_on_the_road": spread(road_before - road) if known else None,
    }


def knows_stock(course: Result, item: str) -> bool:
    """Tell whether the stock of an item is known anywhere, so that it is known who goes without."""
    return any(what == item for _, what in course.labels("person_days_without"))


def sum_gap(course: Result, item: str, on_road: bool) -> Values:
    """Return person-days without an item by the end, at places or on the road [R]."""
    return sum_last(course, "person_days_without", lambda place, what: what == item and (place == ROAD) == on_road)


def sum_last(course: Result, series: str, chosen: Callable[..., bool]) -> Values:
    """Return the sum of a series at the last moment, over the labels chosen [R]."""
    values = (values[:, -1] for labels, values in course.take_all(series).items() if chosen(*labels))
    return sum(values, np.zeros(course.replicates))
