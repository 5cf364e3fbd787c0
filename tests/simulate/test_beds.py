"""Rule 33: where all beds are taken people go elsewhere; who waits for a seat may give up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corridor.simulate.batch import conservation_error
from worlds import make_model, place, series, simulate


def make(folder: Path, **more: Any):
    """Return a town, a first city with beds, and two cities behind it."""
    cities = {"near": (3, 600), "middle": (1, 500), "far": (1, "")}
    places = [place("town")]
    places += [place(name, "outside", attractiveness=a, beds=b) for name, (a, b) in cities.items()]
    tables: dict[str, Any] = {
        "places": [{**row, "latitude": 10 + 0.001 * i} for i, row in enumerate(places)],
        "roads": [
            {"id": f"{a}-{b}", "from": a, "to": b, "length_km": 20, "speed_kmh": 60, "lanes": 4}
            for a, b in (("town", "near"), ("near", "middle"), ("near", "far"))
        ],
        "groups": [
            {
                "id": "drivers",
                "name": "Drivers",
                "transport": "own",
                "people_per_vehicle": 1,
                "fuel_litres": 0,
                "leave_rate": 0.2,
            }
        ],
        "people": [{"place": "town", "group": "drivers", "people": 2000}],
    }
    return make_model(folder, 96, **{**tables, **more})  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("desk", [False, True])
def test_who_comes_where_all_beds_are_taken_goes_on(tmp_path: Path, desk: bool) -> None:
    more = {"desks": [{"id": "desk", "place": "near", "people_per_hour": 150}]} if desk else {}
    record = simulate(make(tmp_path / "w", **more), 4)
    assert conservation_error(record) == 0
    assert (series(record, "settled:near").max(axis=1) == 600).all()
    assert (series(record, "settled:middle").max(axis=1) == 500).all()
    total = sum(series(record, f"settled:{name}")[:, -1] for name in ("near", "middle", "far"))
    assert (total == series(record, "arrivals")[:, -1]).all()  # all of those on the way on have got there
    for name in ("near", "middle", "far"):
        assert np.diff(series(record, f"settled:{name}"), axis=1).min() >= 0


def test_where_everything_is_full_people_stay(tmp_path: Path) -> None:
    places = [place("town"), place("near", "outside", attractiveness=1, beds=100, latitude=10.001)]
    roads = [{"id": "a", "from": "town", "to": "near", "length_km": 20, "speed_kmh": 60, "lanes": 4}]
    record = simulate(make(tmp_path / "w", places=places, roads=roads), 2)
    assert conservation_error(record) == 0
    assert (series(record, "settled:near")[:, -1] == series(record, "arrivals")[:, -1]).all()
    assert series(record, "arrivals")[:, -1].min() > 1900


def test_a_full_refuge_is_chosen_no_more(tmp_path: Path) -> None:
    places = [
        place("town"),
        place("village", attractiveness=3, beds=200, latitude=10.001),
        place("near", "outside", attractiveness=1, latitude=10.002),
    ]
    roads = [
        {"id": a + b, "from": a, "to": b, "length_km": 20, "speed_kmh": 60, "lanes": 4}
        for a, b in (("town", "village"), ("village", "near"))
    ]
    groups = [{"id": "drivers", "name": "Drivers", "transport": "own", "people_per_vehicle": 1, "fuel_litres": 0,
               "leave_rate": 0.05, "onward_rate": 0}]  # fmt: skip
    record = simulate(make(tmp_path / "w", places=places, roads=roads, groups=groups), 4)
    there = series(record, "displaced_inside:village")
    assert (there[:, -1] >= 200).all()
    assert (there[:, -1] <= 200 + 3 * 2000 * 0.05 * 1.0).all()  # those who were on the way when it filled
    assert (there == series(record, "displaced_inside")).all()
    assert (series(record, "arrivals")[:, -1] > 1500).all()


def test_those_who_wait_for_a_seat_turn_back_at_their_rate(tmp_path: Path) -> None:
    """Decide at rate a, give up at rate b, no seats: the share that waits settles at a / (a + b)."""
    groups = [{"id": "riders", "name": "Riders", "transport": "fleet", "leave_rate": 0.3, "turn_back_rate": 0.1}]
    people = [{"place": "town", "group": "riders", "people": 200_000}]
    fleets = [{"id": "buses", "place": "town", "groups": "riders", "vehicles": 0, "seats": 40}]
    events = [{"id": "more", "time": "2030-01-04T20:00", "kind": "vehicles", "target": "buses", "value": 1}]
    record = simulate(make(tmp_path / "w", groups=groups, people=people, fleets=fleets, events=events), 1)
    waiting = series(record, "waiting_for_transport:town")[0]
    step = 0.25
    leave, back = 1 - np.exp(-0.3 * step), 1 - np.exp(-0.1 * step)
    expected = 0.0
    for now in range(1, 300):
        expected += -expected * back
        expected += (200_000 - expected) * leave
        assert abs(waiting[now] - expected) < 6 * np.sqrt(200_000 * 0.25) + 1, now
