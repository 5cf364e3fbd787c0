"""Nobody and nothing is lost, and every vehicle is somewhere, in generated worlds with fleets for both (rule 38).

The whole: `CORRIDOR_WORLDS=10000 pytest -m slow tests/conserve/test_both_kept.py -s -o faulthandler_timeout=0`.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conserve.test_works_kept import HOURS, WORLDS, find_gap, worlds_with_works
from corridor.simulate.batch import begin_batch, carry_on
from corridor.simulate.behaviour import Behaviour
from corridor.simulate.compile import compile_model
from corridor.simulate.convoys import AT_BASE, DONE
from corridor.simulate.luck import plain_luck
from corridor.simulate.record import begin_record
from corridor.simulate.state import State
from relief_world import convoy, relief_world
from worlds import at


@st.composite
def worlds_of_both(draw: Any) -> dict[str, Any]:
    """Return a world with works to which fleets for both are added, one beside a fleet for people, and slots."""

    def pick(*values: Any) -> Any:
        return draw(st.sampled_from(values))

    tables = draw(worlds_with_works())
    fleets = [
        {"id": "buses", "place": pick("depot", "city"), "purpose": "both", "groups": "drivers walkers", "transport": "bus",
         "vehicles": "2..6", "seats": pick(1, "20..45"), "tonnes": 2, "handling_hours": pick(0, 2), "return_hours": pick(0, 3),
         "refuels": pick("base", "destination")},
        {"id": "coaches", "place": "bridge", "groups": "walkers", "vehicles": pick(0, 3), "seats": 30, "return_hours": 1},
    ]  # fmt: skip
    base = fleets[0]["place"]
    rows = [convoy(f"b{n}", draw(st.integers(0, 14)), fleet="buses", loads=pick("", "bread=2", "bread=1 diesel=0.5"),
                   trucks=pick("", 1, 3), to=pick("town", "village", "bridge"),
                   outcome=pick("planned", "planned", "delivered", "turned_back"), **{"from": base})
            for n in range(draw(st.integers(1, 5)))]  # fmt: skip
    slots = [{"id": "back", "road": pick("town-bridge", "bridge-depot"), "convoys_per_day": pick(1, 5), "first_hour": 6,
              "last_hour": 18, "direction": pick("out", "in")}]  # fmt: skip
    groups = [row | {"transport": pick("own fleet", "fleet")} for row in tables["groups"]]
    groups.append({"id": "walkers", "name": "Walkers", "transport": pick("fleet", "bus foot"), "leave_rate": pick(0.05, 2),
                   "patience_hours": pick(1, 9), "turn_back_rate": pick(0, 0.1)})  # fmt: skip
    people = [{"place": name, "group": "walkers", "people": draw(st.integers(1, 600))} for name in ("town", "bridge")]
    return tables | {
        "fleets": [*tables["fleets"], *fleets],
        "convoys": [*tables["convoys"], *rows],
        "groups": groups,
        "people": [*tables["people"], *people],
        "slots": slots,
        "clearances": [{"id": "pass", "road": "town-bridge", "from": at(0), "until": at(90), "trucks": 5}],
    }


def require_vehicles(state: State, step: int) -> None:
    """Assert that each vehicle of a fleet for both is at its base, with a convoy, on its way out or coming back."""
    relief = state.relief
    assert relief is not None
    supplies, caravans = relief.supplies, relief.caravans
    for f in np.flatnonzero(supplies.takes >= 0):
        mine = [c for c, convoy in enumerate(supplies.convoys) if convoy.fleet == f]
        away = (caravans.stage[:, mine] != AT_BASE) & (caravans.stage[:, mine] != DONE)
        p = supplies.takes[f]
        somewhere = caravans.at_base[:, f] + (caravans.crew[:, mine] * away).sum(axis=1)
        somewhere += state.out[:, p] + state.coming[step + 1 :, :, p].sum(axis=0)
        # one due back after the end of the period is not kept any more
        kept = step + 1 + state.return_steps[:, p] < len(state.coming) - 1
        assert (somewhere == relief.inputs.fleet_trucks[:, f])[kept].all()
        assert (somewhere <= relief.inputs.fleet_trucks[:, f]).all()
        assert (state.at_hand[:, p] == 0).all()


def count_taken(tables: dict[str, Any]) -> float:
    """Follow the vehicles of a world step by step; return how many people were taken along."""
    with tempfile.TemporaryDirectory() as folder:
        model = compile_model(relief_world(Path(folder) / "world", HOURS, **tables, step_minutes=60), "")
    state = begin_batch(model, plain_luck(1, np.arange(2)), {}, Behaviour())
    carry_on(state, begin_record(model, 2), (), 0, model.clock.steps, {}, require_vehicles)
    assert state.relief is not None
    return float(state.relief.caravans.taken.sum())


@pytest.mark.slow
@settings(max_examples=10, suppress_health_check=list(HealthCheck), deadline=None)
@given(worlds_of_both())
def test_people_goods_and_vehicles_are_kept_with_fleets_for_both(tables: dict[str, Any]) -> None:
    gap, largest = find_gap(tables)
    assert gap <= 1e-9 * max(largest, 1.0) + 1e-6
    count_taken(tables)


@pytest.mark.slow
def test_people_goods_and_vehicles_are_kept_in_many_worlds() -> None:
    """Print in how many worlds somebody was taken along, and the largest share of an item that did not add up."""
    found: list[float] = []
    taken: list[float] = []

    @settings(max_examples=WORLDS, suppress_health_check=list(HealthCheck), deadline=None, database=None)
    @given(worlds_of_both())
    def look(tables: dict[str, Any]) -> None:
        gap, largest = find_gap(tables)
        found.append(gap / max(largest, 1.0))
        assert found[-1] <= 1e-9
        taken.append(count_taken(tables))

    look()
    assert max(taken) > 0
    carried = sum(people > 0 for people in taken)
    print(
        f"{len(found)} worlds, in {carried} somebody taken along; largest share that did not add up: {max(found):.1e}"
    )
