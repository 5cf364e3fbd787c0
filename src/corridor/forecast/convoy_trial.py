"""Convoys of a case carried out in simulated courses, paired with the same courses in which nothing is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.forecast.replay import Replay
from corridor.forecast.trials import MEASURED, knows_stock, sum_gap
from corridor.results.crew import ALONE, Crew
from corridor.results.relief import spread
from corridor.scenario.values import read_loads

if TYPE_CHECKING:
    from corridor.scenario.scenario import Scenario
    from corridor.simulate.ensemble import Ensemble


def try_convoys(
    ensemble: Ensemble, sent: Scenario, nothing: Scenario, replicates: int, crew: Crew = ALONE
) -> dict[str, Any]:
    """Return what becomes of the convoys of `sent` beside the same courses of `nothing`, which sends none of them.

    By item: tonnes in the rows and tonnes brought in; person-days without at places where the stock is known, with
    them and without, and the difference in the same replicate; truck-hours waited by cause; trucks turned back.
    """
    replay = Replay(ensemble, np.arange(replicates), crew)
    aided, unaided = replay.measure(sent, MEASURED), replay.measure(nothing, MEASURED)
    chosen = ensemble.model.parameter_set
    rows = {row["id"]: row for row in sent.rows("convoys", chosen)}
    before = {row["id"] for row in nothing.rows("convoys", chosen)}
    loads = [read_loads(row["loads"] or "") for name, row in rows.items() if name not in before]
    items = []
    for row in sent.rows("items", chosen):
        if ("brought_in", (row["id"],)) not in list(aided.columns):
            continue
        came, had = (course.take("brought_in", row["id"])[:, -1] for course in (aided, unaided))
        gap, bare = (sum_gap(course, row["id"], on_road=False) for course in (aided, unaided))
        known = knows_stock(aided, row["id"])
        items.append(
            {
                "item": row["id"],
                "sent_tonnes": round(sum(t or 0.0 for load in loads for _, item, t in load if item == row["id"]), 3),
                "brought_tonnes": spread((came - had) * row["tonnes_per_unit"]),
                "person_days_with": spread(gap) if known else None,
                "person_days_without": spread(bare) if known else None,
                "person_days_saved": spread(bare - gap) if known else None,
            }
        )
    waits = aided.take_all("relief_waited_hours")
    return {
        "replicates": replicates,
        "seed": ensemble.seed,
        "items": items,
        "truck_hours_waited": {cause: spread(hours[:, -1]) for (cause,), hours in waits.items()},
        "trucks_turned_back": spread(aided.take("relief_trucks_turned_back")[:, -1]),
    }
