"""A plan carried out in simulated courses, paired with the same courses in which nothing more is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.forecast.replay import Replay
from corridor.relief.into_scenario import with_plan
from corridor.results.relief import ROAD, spread
from corridor.scenario.convoys import without_convoys

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridor.relief.plan import Plan
    from corridor.relief.problem import Item
    from corridor.scenario.scenario import Scenario
    from corridor.simulate.record import Record

GAP = "person_days_without:"


def try_plan(
    scenario: Scenario, parameter_set: str, plan: Plan, replicates: int, seed: int | None = None
) -> dict[str, Any]:
    """Return what becomes of a plan in the simulation, with paired differences to sending nothing more.

    By item: tonnes the plan sends and the tonnes brought in; person-days without at places where the stock is known,
    with the plan, without it, and the difference in the same replicate (on the road apart: a plan serves places);
    truck-hours waited by cause.
    """
    chosen = int(scenario.settings["seed"]) if seed is None else seed
    replay = Replay(scenario, parameter_set, chosen, np.arange(replicates))
    aided = replay.simulate(with_plan(scenario, plan))
    unaided = replay.simulate(without_convoys(scenario, plan.problem.start))
    waits = [name for name in aided.columns.measures if name.startswith("relief_waited_hours:")]
    return {
        "replicates": replicates,
        "seed": chosen,
        "items": [_describe_item(plan, item, aided, unaided) for item in plan.problem.items],
        "truck_hours_waited": {name.partition(":")[2]: spread(sum_last(aided, name)) for name in waits},
    }


def _describe_item(plan: Plan, item: Item, aided: Record, unaided: Record) -> dict[str, Any]:
    arrived, nothing = (sum_last(record, "brought_in:", f":{item.id}") for record in (aided, unaided))
    gap, before = (sum_gap(record, item.id, on_road=False) for record in (aided, unaided))
    road, road_before = (sum_gap(record, item.id, on_road=True) for record in (aided, unaided))
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


def knows_stock(record: Record, item: str) -> bool:
    """Tell whether the stock of an item is known anywhere, so that it is known who goes without."""
    return any(name.startswith(GAP) and name.endswith(f":{item}") for name in record.columns.measures)


def sum_gap(record: Record, item: str, on_road: bool) -> NDArray[np.float64]:
    """Return person-days without an item by the end, at places or on the road [R]."""
    names = enumerate(record.columns.measures)
    columns = [
        i for i, name in names
        if name.startswith(GAP) and name.endswith(f":{item}") and (f":{ROAD}:" in name) == on_road
    ]  # fmt: skip
    return np.asarray(record.measures[:, -1, columns].sum(axis=1))


def sum_last(record: Record, series: str, end: str = "") -> NDArray[np.float64]:
    """Return the sum of the measures whose name begins and ends so, at the last moment [R]."""
    columns = [i for i, name in enumerate(record.columns.measures) if name.startswith(series) and name.endswith(end)]
    return np.asarray(record.measures[:, -1, columns].sum(axis=1))
