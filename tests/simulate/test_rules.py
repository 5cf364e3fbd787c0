"""The numbered rules of docs/model.md that no other suite checks, each on the smallest world that shows it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from corridor.simulate.compile import compile_model
from corridor.simulate.phases import PHASES
from worlds import at, corridor_world, place, series, simulate, write_world


def families(transport: str = "own", rate: float = 10, size: float = 1, fuel: float = 0, **more: object) -> list[dict]:
    """Return one group that leaves as soon as it can unless another rate is given."""
    row = {"id": "drivers", "name": "Drivers", "transport": transport, "people_per_vehicle": size}
    return [{**row, "fuel_litres": fuel, "leave_rate": rate, **more}]


def run(scenario, replicates: int = 1, seed: int = 1):
    return simulate(compile_model(scenario, ""), replicates, seed)


def test_phases_run_in_the_order_of_the_rule() -> None:
    """Rule 1: the order of a step is what the page says."""
    assert [name for name, _ in PHASES] == ["events", "needs", "departures", "roads", "convoys", "arrivals"]


def test_an_event_takes_effect_with_the_first_step_at_or_after_its_time(tmp_path: Path) -> None:
    """Rule 1: an opening at 00:20 lets nobody set out before 00:30."""
    gate = [{"id": "gate", "place": "bridge", "lanes": 0, "seconds_per_vehicle": 1, "wander": 0}]
    opening = [{"id": "o", "time": at(1 / 3), "kind": "lanes", "target": "gate", "value": 5}]
    record = run(corridor_world(tmp_path, 3, 1000, groups=families(), checkpoints=gate, events=opening))
    left = 1000 - series(record, "inside")[0]
    assert left[2] == 0  # 00:30, the steps from 00:00 and 00:15 are over
    assert left[3] > 0


def test_vehicles_carry_their_average_in_whole_people(tmp_path: Path) -> None:
    """Rule 4: 4.5 people in a vehicle on average, every vehicle with whole people."""
    record = run(corridor_world(tmp_path, 6, 9000, groups=families(size=4.5)))
    people = series(record, "on_road:first")[0]
    vehicles = series(record, "vehicles_on_road:first")[0]
    some = vehicles > 100
    assert some.any()
    assert np.abs(people[some] / vehicles[some] - 4.5).max() < 0.05


def test_fuel_limits_how_many_leave(tmp_path: Path) -> None:
    """Rule 4: 800 litres at 8 a vehicle let 100 vehicles go; the others wait for transport."""
    fuel = [{"place": "town", "litres": 800, "litres_per_hour": 0}]
    record = run(corridor_world(tmp_path, 24, 1000, groups=families(fuel=8), fuel=fuel))
    assert series(record, "arrivals")[0, -1] == 100
    assert series(record, "waiting_for_transport")[0, -1] == 900


def test_seats_limit_how_many_leave_and_buses_come_back(tmp_path: Path) -> None:
    """Rule 4: two buses of 50 take 100 people at once, and again when they are back."""
    buses = {"id": "buses", "place": "town", "groups": "drivers", "vehicles": 2, "seats": 50, "return_hours": 2}
    record = run(corridor_world(tmp_path, 24, 1000, groups=families("fleet"), fleets=[{**buses, "fuel_per_100km": 0}]))
    left = 1000 - series(record, "inside")[0]
    assert left[4] == 100
    assert set(np.diff(left)) <= {0, 50, 100}
    assert left[-1] == 600  # way out 1.9 hours in whole steps, back in 2: six rounds fit into a day


def test_destinations_are_chosen_by_attractiveness_and_time(tmp_path: Path) -> None:
    """Rule 5: shares are those of the logit weights."""
    scenario = write_world(
        tmp_path,
        72,
        places=[
            place("town"),
            place("near", "outside", attractiveness=1, latitude=10.01),
            place("far", "outside", attractiveness=3, latitude=10.02),
        ],
        roads=[
            {"id": "a", "from": "town", "to": "near", "length_km": 40, "speed_kmh": 40, "lanes": 4},
            {"id": "b", "from": "town", "to": "far", "length_km": 400, "speed_kmh": 40, "lanes": 4},
        ],
        groups=families(),
        people=[{"place": "town", "group": "drivers", "people": 40_000}],
        parameters={"time_weight": 0.1},
    )
    record = run(scenario)
    weights = np.array([np.exp(-0.1 * 1), 3 * np.exp(-0.1 * 10)])
    share = series(record, "settled:near")[0, -1] / series(record, "arrivals")[0, -1]
    expected = weights[0] / weights.sum()
    assert share == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 - expected) / 40_000))


def test_a_shut_road_is_avoided_when_there_is_another_way(tmp_path: Path) -> None:
    """Rule 5: routes are looked up anew when a road is shut."""
    scenario = write_world(
        tmp_path,
        48,
        places=[
            place("town"),
            place("fork", latitude=10.01),
            place("city", "outside", attractiveness=1, latitude=10.02),
        ],
        roads=[
            {"id": "to_fork", "from": "town", "to": "fork", "length_km": 20, "speed_kmh": 40},
            {"id": "short", "from": "fork", "to": "city", "length_km": 20, "speed_kmh": 40},
            {"id": "long", "from": "fork", "to": "city", "length_km": 80, "speed_kmh": 40},
        ],
        groups=families(rate=0.2),
        people=[{"place": "town", "group": "drivers", "people": 2000}],
        events=[{"id": "shut", "time": at(4), "kind": "direction", "target": "short", "mode": "shut"}],
    )
    record = run(scenario)
    assert series(record, "vehicles_on_road:long")[0, :16].max() == 0
    assert series(record, "vehicles_on_road:long")[0, 16:].max() > 0
    stuck = series(record, "on_road:short")[0, -1]  # nothing moves on a road that is shut
    assert series(record, "arrivals")[0, -1] + stuck > 1990


@pytest.mark.parametrize("shut", ["second", "third"])
def test_those_on_the_way_wait_until_a_road_further_on_is_open_again(tmp_path: Path, shut: str) -> None:
    """Rule 5: without another way vehicles wait, also where the next road is open and only one beyond it is shut."""
    names = ("start", "near", "far", "city")
    hours = {"shut": (1, "shut"), "open": (10, "normal")}
    scenario = write_world(
        tmp_path,
        48,
        places=[*map(place, names[:3]), place("city", "outside", attractiveness=1)],
        roads=[
            {"id": name, "from": start, "to": end, "length_km": 40, "speed_kmh": 40}
            for name, start, end in zip(("first", "second", "third"), names, names[1:], strict=False)
        ],
        groups=families(),
        people=[{"place": "start", "group": "drivers", "people": 300}],
        events=[
            {"id": name, "time": at(hour), "kind": "direction", "target": shut, "mode": mode}
            for name, (hour, mode) in hours.items()
        ],
    )
    record = run(scenario)
    inside = sum(series(record, f"at_place:{name}:drivers")[0] for name in ("near", "far"))
    assert (inside == 0).all()
    assert series(record, "on_road:first")[0, 36] > 200
    assert series(record, "arrivals")[0, -1] == 300


def test_those_who_stand_before_a_shut_road_turn_round_and_nobody_is_lost(tmp_path: Path) -> None:
    """Rule 5: the way back to the other road is one that nobody plans to take who is bound for there."""
    lanes = {"speed_kmh": 60, "lanes_back": 1}
    scenario = write_world(
        tmp_path,
        12,
        places=[*map(place, ("start", "bridge", "refuge")), place("city", "outside", attractiveness=1)],
        roads=[
            {"id": "to_bridge", "from": "start", "to": "bridge", "length_km": 60, **lanes},
            {"id": "short", "from": "bridge", "to": "refuge", "length_km": 10, **lanes},
            {"id": "long", "from": "start", "to": "refuge", "length_km": 200, **lanes},
            {"id": "out", "from": "start", "to": "city", "length_km": 10, **lanes},
        ],
        groups=families(rate=0),
        people=[{"place": name, "group": "drivers", "people": 1000} for name in ("start", "bridge", "refuge")],
        events=[
            {"id": "leave", "time": at(1), "kind": "evacuation", "target": "start", "to": "refuge", "value": 100},
            {"id": "shut", "time": at(1.5), "kind": "direction", "target": "short", "mode": "shut"},
        ],
    )
    record = run(scenario)
    assert series(record, "vehicles_on_road:long")[0].max() == 100
    assert series(record, "at_place:refuge:drivers")[0, -1] == 1100


@pytest.mark.parametrize("desk", [False, True])
def test_those_not_yet_on_the_road_stay_when_it_is_shut_and_join_no_desk(tmp_path: Path, desk: bool) -> None:
    """Rule 5: they stay where they are as before; a desk there is for those who come."""
    desks = [{"id": name, "place": name, "people_per_hour": 2000, "wander": 0} for name in ("town", "city")]
    scenario = write_world(
        tmp_path,
        24,
        places=[place("town"), place("city", "outside", attractiveness=1)],
        roads=[{"id": "out", "from": "town", "to": "city", "length_km": 10, "speed_kmh": 40, "capacity_per_lane": 100}],
        groups=families(),
        people=[{"place": "town", "group": "drivers", "people": 1000}],
        events=[{"id": "shut", "time": at(3), "kind": "direction", "target": "out", "mode": "shut"}],
        **({"desks": desks} if desk else {}),
    )
    record = run(scenario)
    assert 250 < series(record, "arrivals")[0, -1] < 310
    stayed = 1000 - series(record, "arrivals")[0, -1] - series(record, "on_road:out")[0, -1]
    assert series(record, "at_place:town:drivers")[0, -1] == stayed
    if desk:
        assert series(record, "registered:town")[0, -1] == 0


def test_queues_that_meet_share_the_way_on_by_what_they_could_send(tmp_path: Path) -> None:
    """Rule 8: two equal streams into one full road pass alike."""
    scenario = write_world(
        tmp_path,
        12,
        places=[
            place("east"),
            place("west", latitude=10.01),
            place("fork", latitude=10.02),
            place("city", "outside", attractiveness=1, latitude=10.03),
        ],
        roads=[
            {"id": "e", "from": "east", "to": "fork", "length_km": 20, "speed_kmh": 40, "capacity_per_lane": 1000},
            {"id": "w", "from": "west", "to": "fork", "length_km": 20, "speed_kmh": 40, "capacity_per_lane": 1000},
            {"id": "on", "from": "fork", "to": "city", "length_km": 20, "speed_kmh": 40, "capacity_per_lane": 600},
        ],
        groups=families(),
        people=[{"place": p, "group": "drivers", "people": 10_000} for p in ("east", "west")],
    )
    record = run(scenario)
    passed = [10_000 - series(record, f"at_place:{p}:drivers")[0, -1] for p in ("east", "west")]
    assert passed[0] == pytest.approx(passed[1], abs=3)


def test_nobody_sets_out_towards_a_closed_checkpoint_and_those_on_the_way_queue(tmp_path: Path) -> None:
    """Rule 9: with lanes 0 departures stop, and vehicles on the road come up to the checkpoint and stand."""
    closing = [{"id": "c", "time": at(1), "kind": "lanes", "target": "gate", "value": 0}]
    record = run(corridor_world(tmp_path, 12, 100_000, groups=families(rate=0.05), events=closing))
    inside = series(record, "at_place:town:drivers")[0] - series(record, "vehicles_at_entry:town")[0]
    assert inside[4] == inside[-1]
    assert series(record, "vehicles_delayed:first")[0, -1] == series(record, "vehicles_on_road:first")[0, -1] > 0


@pytest.mark.parametrize(("mode", "factor"), [("normal", 1.0), ("outbound", 2.0), ("alternating", 0.5), ("shut", 0.0)])
def test_traffic_rules_change_what_a_road_carries(tmp_path: Path, mode: str, factor: float) -> None:
    """Rule 10: all lanes outward double the flow, a shared lane carries 300 an hour, a shut road nothing."""
    roads = [
        {"id": "first", "from": "town", "to": "bridge", "length_km": 65, "speed_kmh": 40, "lanes": 4},
        {"id": "second", "from": "bridge", "to": "city", "length_km": 12, "speed_kmh": 40, "capacity_per_lane": 600},
    ]
    rule = [{"id": "r", "time": at(0), "kind": "direction", "target": "second", "mode": mode}]
    gate = [{"id": "gate", "place": "bridge", "lanes": 20, "seconds_per_vehicle": 1, "wander": 0}]
    record = run(corridor_world(tmp_path, 12, 100_000, groups=families(), roads=roads, checkpoints=gate, events=rule))
    arrived = series(record, "arrivals")[0]
    assert (arrived[-1] - arrived[-9]) / 2 == pytest.approx(600 * factor, abs=1)


def test_the_pace_wanders_with_the_declared_spread_and_memory(tmp_path: Path) -> None:
    """Rule 11: the logarithm of the flow has the declared standard deviation, and forgets in the declared time."""
    gate = [{"id": "gate", "place": "bridge", "lanes": 1, "seconds_per_vehicle": 7.2, "wander": 0.3, "wander_hours": 6}]
    roads = [
        {
            "id": "first",
            "from": "town",
            "to": "bridge",
            "length_km": 30,
            "speed_kmh": 40,
            "lanes": 4,
            "capacity_per_lane": 2000,
        },
        {
            "id": "second",
            "from": "bridge",
            "to": "city",
            "length_km": 30,
            "speed_kmh": 40,
            "lanes": 4,
            "capacity_per_lane": 2000,
        },
    ]
    scenario = corridor_world(tmp_path, 60, 1_000_000, groups=families(), checkpoints=gate, roads=roads)
    flow = np.diff(series(run(scenario, 200, 3), "passed_vehicles:gate"), axis=1)[:, 8:]
    logs = np.log(flow / 125.0)
    assert logs.std() == pytest.approx(0.3, rel=0.08)
    apart = np.mean(logs[:, :-24] * logs[:, 24:]) / np.mean(logs**2)
    assert apart == pytest.approx(np.exp(-1), abs=0.08)


def test_a_range_is_drawn_once_per_replicate(tmp_path: Path) -> None:
    """Rule 12: the inspection time stays what it was drawn, and spreads over its range between replicates."""
    gate = [{"id": "gate", "place": "bridge", "lanes": 1, "seconds_per_vehicle": "20..40", "wander": 0}]
    flow = np.diff(
        series(run(corridor_world(tmp_path, 24, groups=families(), checkpoints=gate), 50), "passed_vehicles:gate"),
        axis=1,
    )
    busy = flow[:, 20:]
    assert (busy.max(axis=1) - busy.min(axis=1)).max() <= 1  # whole vehicles of one rate
    seconds = 900 / busy.mean(axis=1)
    assert seconds.min() > 19.9
    assert seconds.max() < 40.1
    assert seconds.std() == pytest.approx(20 / np.sqrt(12), rel=0.3)


def test_a_desk_registers_at_its_pace_and_people_are_one_group_afterwards(tmp_path: Path) -> None:
    """Rule 13: 200 an hour pass the desk; who has been registered is counted as such."""
    desks = [{"id": "desk", "place": "city", "people_per_hour": 200, "wander": 0}]
    gate = [{"id": "gate", "place": "bridge", "lanes": 1, "seconds_per_vehicle": 5, "wander": 0}]
    record = run(corridor_world(tmp_path, 30, 3000, groups=families(), desks=desks, checkpoints=gate))
    registered = series(record, "registered")[0]
    assert np.diff(registered)[20:60].mean() == pytest.approx(50, abs=1)
    assert (series(record, "arrivals")[0] - registered == series(record, "at_desk:desk")[0]).all()
    assert series(record, "at_place:city:registered")[0, -1] == registered[-1]


def test_lodging_is_asked_for_on_arrival_by_a_share(tmp_path: Path) -> None:
    """Rule 14: with a share of 0.4 and no later requests 4 in 10 are lodged."""
    city = place("city", "outside", attractiveness=1, lodging_share=0.4, lodging_rate=0, latitude=10.02)
    places = [place("town"), place("bridge", latitude=10.01), city]
    record = run(corridor_world(tmp_path, 48, 10_000, groups=families(), places=places))
    arrived, lodged = series(record, "arrivals")[0, -1], series(record, "lodged:city")[0, -1]
    assert lodged == pytest.approx(0.4 * arrived, abs=4 * np.sqrt(0.24 * arrived))


def test_an_evacuation_moves_so_many_people_and_they_can_leave_later(tmp_path: Path) -> None:
    """Rule 15: 500 people are taken from one place to another, where they are among those present."""
    scenario = write_world(
        tmp_path,
        24,
        places=[
            place("village"),
            place("town", latitude=10.01),
            place("city", "outside", attractiveness=1, latitude=10.02),
        ],
        roads=[
            {"id": "a", "from": "village", "to": "town", "length_km": 20, "speed_kmh": 40},
            {"id": "b", "from": "town", "to": "city", "length_km": 20, "speed_kmh": 40, "direction": "shut"},
        ],
        groups=families(),
        people=[{"place": "village", "group": "drivers", "people": 2000}],
        events=[
            {"id": "e", "time": at(1), "kind": "evacuation", "target": "village", "to": "town", "value": 500},
            {"id": "o", "time": at(12), "kind": "direction", "target": "b", "mode": "normal"},
        ],
    )
    record = run(scenario)
    assert series(record, "at_place:town:drivers")[0, 40] == 500
    assert series(record, "at_place:village:drivers")[0, 40] == 1500
    assert series(record, "arrivals")[0, -1] == 2000


def test_regrouping_changes_the_group_and_nothing_else(tmp_path: Path) -> None:
    """Rule 16: 100 people become another group where they are."""
    groups = [*families(rate=0), {"id": "wounded", "name": "Wounded", "transport": "fleet", "leave_rate": 0}]
    change = [{"id": "r", "time": at(1), "kind": "regroup", "target": "drivers", "to": "wounded", "value": 100}]
    record = run(corridor_world(tmp_path, 3, 1000, groups=groups, events=change))
    assert series(record, "at_place:town:wounded")[0, -1] == 100
    assert series(record, "at_place:town:drivers")[0, -1] == 900
