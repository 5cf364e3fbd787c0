"""Fleets for both against a program that follows each vehicle by itself (rule 38)."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corridor.simulate.compile import compile_model
from corridor.simulate.record import Record
from exact.both import Convoy, World, drive
from relief_world import convoy, relief_world
from worlds import measure, series, simulate

STEP, HOURS = 0.25, 60
GROUP = {"id": "walkers", "name": "Walkers", "transport": "fleet", "leave_rate": 0.2}


def simulate_both(fleet: dict[str, Any], rows: list[dict[str, Any]], heads: dict[str, int]) -> Record:
    with tempfile.TemporaryDirectory() as folder:
        case = relief_world(
            Path(folder) / "world",
            HOURS,
            checkpoints=[],
            groups=[GROUP],
            people=[{"place": name, "group": "walkers", "people": people} for name, people in heads.items()],
            fleets=[fleet],
            convoys=rows,
            depots=[{"id": "store", "place": "depot", "item": "food"}],
        )
    return simulate(compile_model(case, ""), 1)


@pytest.mark.slow
@settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.data())
def test_each_vehicle_takes_people_along_as_a_plain_program_says(data: st.DataObject) -> None:
    draw = data.draw
    vehicles, seats = draw(st.integers(1, 6)), draw(st.sampled_from([1, 7, 40]))
    handling, returning = draw(st.sampled_from([0.0, 0.5, 2.25])), draw(st.sampled_from([0.0, 1.0, 3.5]))
    heads = {"town": draw(st.integers(1, 400)), "village": draw(st.integers(1, 90))}
    made = sorted(draw(st.lists(st.tuples(st.integers(0, 120), st.sampled_from(["town", "village"]),
                                          st.integers(1, vehicles)), min_size=1, max_size=9)))  # fmt: skip
    fleet = {"id": "buses", "place": "depot", "purpose": "both", "groups": "walkers", "transport": "bus", "tonnes": 5,
             "vehicles": vehicles, "seats": seats, "handling_hours": handling, "return_hours": returning}  # fmt: skip
    rows = [convoy(f"c{n:02d}", due * STEP, fleet="buses", to=goal, trucks=trucks, loads=f"food={1 + n % 3}" if n % 4 else "")
            for n, (due, goal, trucks) in enumerate(made)]  # fmt: skip
    record = simulate_both(fleet, rows, heads)
    waits = {
        goal: (series(record, f"waiting_for_transport:{goal}")[0] + measure(record, f"taken_by_convoys:{goal}")[0])[1:]
        for goal in heads
    }
    world = World({"town": 8, "village": 12}, round(handling / STEP), round(returning / STEP), seats, vehicles)
    planned = [Convoy(due, goal, trucks, 1.0 + n % 3 if n % 4 else 0.0) for n, (due, goal, trucks) in enumerate(made)]
    found = drive(world, planned, {goal: [round(n) for n in w] for goal, w in waits.items()}, round(HOURS / STEP))
    for goal in heads:
        assert measure(record, f"taken_by_convoys:{goal}")[0, 1:].tolist() == found[f"taken {goal}"]
        assert (measure(record, f"delivered:{goal}:food")[0, 1:] / 1000).round(6).tolist() == found[f"delivered {goal}"]
    assert series(record, "vehicles_at_hand:buses")[0, 1:].tolist() == found["base"]
    assert series(record, "arrivals")[0, -1] <= sum(found[f"taken {goal}"][-1] for goal in heads)
