"""A plan's convoys as rows of a scenario, which a run moves like any others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor.scenario.convoys import name_carrier, replace_convoys, write_loads
from corridor.scenario.read import Row
from corridor.scenario.values import TimeRange

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corridor.relief.convoys import Convoy
    from corridor.relief.plan import Plan
    from corridor.scenario.scenario import Scenario


def plan_rows(convoys: Iterable[Convoy]) -> list[Row]:
    """Return convoys as rows of the scenario's table, to the minute."""
    return [
        Row(
            "convoys",
            "convoys.csv",
            line,
            {
                "id": convoy.id,
                "fleet": name_carrier(convoy.fleet)[0],
                "service": name_carrier(convoy.fleet)[1],
                "loads": write_loads(convoy.loads),
                "from": convoy.start,
                "to": convoy.to,
                "roads": () if name_carrier(convoy.fleet)[1] else convoy.roads,
                "departs": TimeRange(convoy.departs, convoy.departs),
                "trucks": None if name_carrier(convoy.fleet)[1] else convoy.trucks,
                "clearance": convoy.clearance,
                "outcome": "planned",
                "set": "",
                "claims": (),
                "note": "",
            },
        )
        for line, convoy in enumerate(convoys, start=2)
    ]


def with_plan(scenario: Scenario, plan: Plan) -> Scenario:
    """Return the scenario in which the plan's convoys drive instead of those it had planned from then on."""
    return replace_convoys(scenario, plan.problem.start, plan_rows(plan.convoys))
