"""A plan carried out in simulated courses, paired with the same courses in which nothing more is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.forecast.replay import move_to_case
from corridor.relief.into_scenario import with_plan
from corridor.results.relief import ROAD, spread
from corridor.scenario.convoys import without_convoys

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from corridor.relief.plan import Plan
    from corridor.relief.problem import Item
    from corridor.scenario.scenario import Scenario
    from corridor.simulate.ensemble import Ensemble
    from corridor.simulate.record import Record
    from corridor.simulate.series import Column

GAP = "person_days_without"
WAITED = "relief_waited_hours"


def try_plan(scenario: Scenario, ensemble: Ensemble, plan: Plan, replicates: int) -> dict[str, Any]:
    """Return what becomes of a plan in the simulation, with paired differences to sending nothing more.

    By item: tonnes the plan sends and the tonnes brought in; person-days without at places where the stock is known,
    with the plan, without it, and the difference in the same replicate (on the road apart: a plan serves places);
    truck-hours waited by cause.
    """
    aided, unaided = (
        move_to_case(ensemble, case).simulate(np.arange(replicates))
        for case in (with_plan(scenario, plan), without_convoys(scenario, plan.problem.start))
    )
    waits = [column for column in aided.columns.measures if column.series == WAITED]
    return {
        "replicates": replicates,
        "seed": ensemble.seed,
        "items": [_describe_item(plan, item, aided, unaided) for item in plan.problem.items],
        "truck_hours_waited": {column.labels[0]: spread(_sum_end(aided, [column])) for column in waits},
    }


def _describe_item(plan: Plan, item: Item, aided: Record, unaided: Record) -> dict[str, Any]:
    arrived, nothing = (sum_last(record, "brought_in", item.id) for record in (aided, unaided))
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
    return any(_find(record, GAP, item))


def sum_gap(record: Record, item: str, on_road: bool) -> NDArray[np.float64]:
    """Return person-days without an item by the end, at places or on the road [R]."""
    return _sum_end(record, (column for column in _find(record, GAP, item) if (column.labels[0] == ROAD) == on_road))


def sum_last(record: Record, series: str, item: str) -> NDArray[np.float64]:
    """Return a measure of an item at the last moment, over all places [R]."""
    return _sum_end(record, _find(record, series, item))


def _find(record: Record, series: str, item: str) -> list[Column]:
    """Return the columns of a measure by item, or by place and item."""
    return [column for column in record.columns.measures if column.series == series and column.labels[-1:] == (item,)]


def _sum_end(record: Record, columns: Iterable[Column]) -> NDArray[np.float64]:
    at = [record.columns.measures.index(column) for column in columns]
    return np.asarray(record.measures[:, -1, at].sum(axis=1))
