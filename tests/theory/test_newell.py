"""The corridor queue against its closed form and against SUMO's mesoscopic model (rules 6, 7 and 9)."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from corridor.simulate.compile import compile_model
from corridor.simulate.traffic import IN_FRACTIONS
from worlds import at, corridor_world, make_model, measure, place, series, simulate

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
from corridor_queue import VEHICLES, build_model, closed_form, measure_trip

SUMO_MEAN_TRIP = 88_449.4  # s: eclipse-sumo 1.28 mesoscopic, the same departures, benchmarks/corridor_queue.py


@pytest.mark.parametrize("step_minutes", [15, 30])
def test_corridor_queue_takes_as_long_as_newell_and_sumo_say(tmp_path, step_minutes):
    mean, vehicles = measure_trip(build_model(tmp_path, step_minutes))
    assert vehicles == VEHICLES
    assert mean == pytest.approx(closed_form(60), rel=1e-3)
    assert mean == pytest.approx(SUMO_MEAN_TRIP, rel=1e-3)


def leave(number: int, hours: float, people: int, target: str = "town", to: str = "city") -> dict[str, object]:
    return {"id": f"e{number}", "time": at(hours), "kind": "evacuation", "target": target, "to": to, "value": people}


def test_without_a_queue_the_trip_is_the_free_travel_time(tmp_path):
    scenario = corridor_world(tmp_path, 24, events=[leave(1, 1, 20)])
    record = simulate(compile_model(scenario, ""))
    assert series(record, "arrivals")[0, -1] == 20
    trip = measure(record, "journey_hours")[0, -1] / 20
    assert trip == pytest.approx(77 / 40, abs=0.25)
    assert measure(record, "waited_hours")[0, -1] / 20 == pytest.approx(0, abs=0.25)


def test_a_saturated_checkpoint_passes_exactly_its_rate(tmp_path):
    # 100 vehicles/h in steps of 15 minutes: whole vehicles each step, none lost to rounding over ten days
    scenario = corridor_world(tmp_path, 240, events=[leave(1, 0, 20_000)], checkpoints=[
        {"id": "gate", "place": "bridge", "lanes": 1, "seconds_per_vehicle": 36, "wander": 0}
    ])  # fmt: skip
    passed = series(simulate(compile_model(scenario, "")), "passed_vehicles:gate")[0]
    busy = passed[(passed > 0) & (passed < 20_000)]
    assert len(busy) > 700
    assert np.abs(np.diff(busy) - 25).max() <= 1
    assert busy[-1] - busy[0] == pytest.approx(25 * (len(busy) - 1), abs=1)


def test_a_standing_queue_fills_the_road_and_then_the_town(tmp_path):
    """Spill-back (rule 6): a closed gate lets jam density x length x lanes onto the road, the others wait in town."""
    scenario = corridor_world(
        tmp_path,
        96,
        events=[leave(1, 0, 3_000)],
        roads=[
            {"id": "first", "from": "town", "to": "bridge", "length_km": 12, "speed_kmh": 40, "jam_per_km": 120},
            {"id": "second", "from": "bridge", "to": "city", "length_km": 12, "speed_kmh": 40},
        ],
        checkpoints=[{"id": "gate", "place": "bridge", "lanes": 0, "seconds_per_vehicle": 30, "wander": 0}],
    )
    record = simulate(compile_model(scenario, ""))
    assert series(record, "vehicles_on_road:first")[0, -1] == pytest.approx(12 * 120, abs=IN_FRACTIONS)
    assert series(record, "vehicles_at_entry:town")[0, -1] == pytest.approx(3_000 - 12 * 120, abs=IN_FRACTIONS)
    assert measure(record, "queue_km")[0, -1] == pytest.approx(12, rel=0.02)


def test_freed_room_travels_back_at_the_speed_of_the_wave(tmp_path):
    """After the gate opens, the first vehicle can enter a full road once the wave has run its length."""
    opened, length, jam, capacity, speed = 48.0, 24.0, 133.0, 1000.0, 40.0
    scenario = corridor_world(
        tmp_path,
        72,
        step_minutes=5,
        events=[
            leave(1, 0, 5_000),
            {"id": "open", "time": at(opened), "kind": "lanes", "target": "gate", "value": 20},
        ],
        roads=[
            {"id": "first", "from": "town", "to": "bridge", "length_km": length, "speed_kmh": speed,
             "jam_per_km": jam, "capacity_per_lane": capacity},
            {"id": "second", "from": "bridge", "to": "city", "length_km": 12, "speed_kmh": speed},
        ],
        checkpoints=[{"id": "gate", "place": "bridge", "lanes": 0, "seconds_per_vehicle": 30, "wander": 0}],
    )  # fmt: skip
    standing = series(simulate(compile_model(scenario, "")), "vehicles_at_entry:town")[0]
    full = standing[int(opened * 12)]
    moved = np.flatnonzero(standing[int(opened * 12) :] < full)[0] * 5 / 60
    wave = length / (capacity / (jam - capacity / speed))
    assert moved == pytest.approx(wave, abs=0.2)


def test_first_in_first_out(tmp_path):
    """Nobody of the second town overtakes those of the first who entered the shared road before (rule 6)."""
    groups = [
        {"id": name, "name": name, "transport": "own", "people_per_vehicle": 1, "fuel_litres": 0, "leave_rate": 0}
        for name in ("early", "late")
    ]
    people = [{"place": name, "group": group, "people": 500} for name, group in (("town", "early"), ("farm", "late"))]
    model = make_model(
        tmp_path,
        96,
        places=[place("town"), place("farm"), place("bridge"), place("city", "outside", attractiveness=1)],
        roads=[
            {"id": "a", "from": "town", "to": "bridge", "length_km": 15, "speed_kmh": 30},
            {"id": "b", "from": "farm", "to": "bridge", "length_km": 15, "speed_kmh": 30},
            {"id": "c", "from": "bridge", "to": "city", "length_km": 15, "speed_kmh": 30},
        ],
        checkpoints=[{"id": "gate", "place": "city", "lanes": 1, "seconds_per_vehicle": 60, "wander": 0}],
        groups=groups,
        people=people,
        events=[leave(1, 0, 500, "town"), leave(2, 2, 500, "farm")],
    )
    record = simulate(model)
    early, late = (series(record, f"at_place:city:{group}")[0] for group in ("early", "late"))
    assert early[-1] == late[-1] == 500
    assert not late[early < 500].any()
