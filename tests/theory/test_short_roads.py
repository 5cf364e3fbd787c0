"""Roads of any length carry what they can, and a short one makes the others neither slower nor dearer (rule 6)."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.simulate.compile import compile_model
from corridor.simulate.traffic import IN_FRACTIONS
from worlds import at, measure, place, series, simulate, write_world

DRIVERS = {"id": "drivers", "name": "D", "transport": "own", "people_per_vehicle": 1, "fuel_litres": 0, "leave_rate": 0}


def road(start: str, end: str, length_km: float, **more) -> dict[str, object]:
    return {
        "id": f"{start}-{end}", "from": start, "to": end, "length_km": length_km, "speed_kmh": 60,
        "capacity_per_lane": 1800, "jam_per_km": 150, **more,
    }  # fmt: skip


def leave(town: str, demand: float, hours: int, step_minutes: int, to: str = "city"):
    """Return dated departures of so many vehicles an hour."""
    edges = np.rint(np.arange(hours * 60 // step_minutes + 1) * demand * step_minutes / 60)
    return [
        {"id": f"{town}{i:04}", "time": at(i * step_minutes / 60), "kind": "evacuation", "target": town, "to": to,
         "value": int(count)}
        for i, count in enumerate(np.diff(edges))
        if count > 0
    ]  # fmt: skip


def drive(folder, roads, demands, step_minutes=15, hours=16, **more):
    """Simulate steady departures from towns (vehicles/h) over some roads to the city."""
    names = dict.fromkeys(name for r in roads for name in (r["from"], r["to"]))
    scenario = write_world(
        folder,
        hours,
        step_minutes,
        places=[place(n, "outside", attractiveness=1) if n == "city" else place(n) for n in names],
        roads=roads,
        groups=[DRIVERS],
        people=[{"place": town, "group": "drivers", "people": 100_000} for town in demands],
        events=[event for town, demand in demands.items() for event in leave(town, demand, hours - 4, step_minutes)],
        **more,
    )
    model = compile_model(scenario, "")
    return model, simulate(model)


def rate(record, name: str, step_minutes: int, begin: int = 5, end: int = 11) -> float:
    """Return the vehicles an hour of a cumulative series between two hours."""
    values = series(record, name)[0]
    return (values[end * 60 // step_minutes] - values[begin * 60 // step_minutes]) / (end - begin)


@pytest.mark.parametrize("step_minutes", [5, 15, 60])
@pytest.mark.parametrize("last_km", [0.02, 0.05, 0.1, 0.2, 0.7, 2, 5])
def test_demand_below_capacity_passes_at_any_length_without_waiting(tmp_path, last_km, step_minutes):
    _, record = drive(
        tmp_path, [road("town", "bridge", 20), road("bridge", "city", last_km)], {"town": 1500}, step_minutes
    )
    assert rate(record, "arrivals", step_minutes) == pytest.approx(1500, rel=0.005)
    people = series(record, "arrivals")[0, -1]
    assert measure(record, "journey_hours")[0, -1] / people == pytest.approx((20 + last_km) / 60, abs=0.002)
    assert measure(record, "waited_hours")[0, -1] / people < 0.002


@pytest.mark.parametrize("lengths", [[0.05], [0.03, 0.02, 0.05], [0.3, 0.05, 0.1, 0.02]])
@pytest.mark.parametrize("demand", [1790, 2500])
def test_a_chain_of_short_roads_carries_its_capacity(tmp_path, lengths, demand):
    names = ["town", "gate", *(f"p{i}" for i in range(len(lengths) - 1)), "city"]
    roads = [road("town", "gate", 30)] + [
        road(*ends, km) for ends, km in zip(itertools.pairwise(names[1:]), lengths, strict=True)
    ]
    _, record = drive(tmp_path, roads, {"town": demand})
    assert rate(record, "arrivals", 15) == pytest.approx(min(demand, 1800), rel=0.005)


@pytest.mark.slow
@settings(max_examples=40)
@given(
    lengths=st.lists(st.sampled_from([0.02, 0.1, 0.3, 0.7, 2, 9]), min_size=1, max_size=5),
    speed=st.sampled_from([20, 40, 90]),
    capacity=st.sampled_from([30, 200, 800, 1800]),
    step_minutes=st.sampled_from([1, 5, 15, 60]),
    share=st.sampled_from([0.99, 3]),
    elsewhere_km=st.sampled_from([1, 100]),
)
def test_capacity_is_kept_however_few_vehicles_pass_in_a_tick(
    tmp_path_factory, lengths, speed, capacity, step_minutes, share, elsewhere_km
):
    """Whole vehicles: what the roundings of a chain take away is room on its roads, not flow."""
    names = ["town", *(f"p{i}" for i in range(len(lengths) - 1)), "city"]
    roads = [
        road(*ends, km, speed_kmh=speed, capacity_per_lane=capacity)
        for ends, km in zip(itertools.pairwise(names), lengths, strict=True)
    ]
    _, record = drive(
        tmp_path_factory.mktemp("world"),
        [*roads, road("far", "city", elsewhere_km)],
        {"town": share * capacity, "far": 0},
        step_minutes,
    )
    expected = min(share, 1) * capacity
    assert rate(record, "arrivals", step_minutes) == pytest.approx(expected, rel=0.005, abs=2 / 6)


@pytest.mark.parametrize("exit_km", [0.05, 0.1, 1, 5])
def test_a_merge_shares_a_short_exit_by_capacity(tmp_path, exit_km):
    """Both queues stand: each gets the share of the exit that its own road's capacity has (rule 8)."""
    roads = [
        road("north", "join", 15, lanes=2),
        road("south", "join", 15, lanes=1),
        road("join", "city", exit_km),
    ]
    _, record = drive(tmp_path, roads, {"north": 3600, "south": 1800})
    assert rate(record, "arrivals", 15) == pytest.approx(1800, rel=0.005)
    on_road = {town: series(record, f"vehicles_on_road:{town}-join")[0] for town in ("north", "south")}
    entered = {t: 100_000 - series(record, f"at_place:{t}:drivers")[0] for t in on_road}
    passed = {t: entered[t] - on_road[t] for t in on_road}
    through = {t: passed[t][44] - passed[t][20] for t in on_road}
    assert through["north"] / through["south"] == pytest.approx(2, rel=0.01)


def test_a_short_road_does_not_make_the_network_dearer(tmp_path):
    with_short, _ = drive(tmp_path / "a", [road("town", "bridge", 20), road("bridge", "city", 0.05)], {"town": 100})
    without, _ = drive(tmp_path / "b", [road("town", "bridge", 20), road("bridge", "city", 20)], {"town": 100})
    assert with_short.clock.ticks == without.clock.ticks


def test_the_queue_at_a_shut_gate_stands_behind_a_short_road(tmp_path):
    """Spill-back: what a short last road cannot hold stands on the long one, and then in the town."""
    gate = [{"id": "gate", "place": "gate", "lanes": 0, "seconds_per_vehicle": 30, "wander": 0}]
    roads = [road("town", "bend", 10), road("bend", "gate", 0.05), road("gate", "city", 5)]
    model, record = drive(tmp_path, roads, {"town": 1000}, checkpoints=gate)
    assert series(record, "vehicles_on_road:town-bend")[0, -1] == pytest.approx(10 * 150, abs=IN_FRACTIONS)
    tick_hours = model.clock.tick_hours
    assert series(record, "vehicles_on_road:bend-gate")[0, -1] <= 2 * 1800 * tick_hours + 1 + IN_FRACTIONS
    waiting = series(record, "vehicles_at_entry:town")[0, -1] + series(record, "on_roads")[0, -1]
    assert waiting == 12_000


@pytest.mark.parametrize("step_minutes", [5, 15, 30, 60])
def test_dated_departures_are_spread_over_the_step(tmp_path, step_minutes):
    """Near capacity nobody waits who need not: a lump at the start of each step would wait a tenth of an hour."""
    _, record = drive(tmp_path, [road("town", "bridge", 3), road("bridge", "city", 3)], {"town": 1750}, step_minutes)
    people = series(record, "arrivals")[0, -1]
    assert people == 12 * 1750
    assert measure(record, "waited_hours")[0, -1] / people < 0.003


@pytest.mark.parametrize("mode", ["alternating", "normal"])
def test_what_happens_while_nobody_drives_does_not_depend_on_others(tmp_path, mode):
    """Freed space travels back also in an idle night: a narrowed road takes no fewer next day for having been full."""
    events = [
        *leave("town", 3600, 3, 15),
        {"id": "rule", "time": at(30), "kind": "direction", "target": "town-city", "mode": mode},
        {"id": "second", "time": at(31), "kind": "evacuation", "target": "town", "to": "city", "value": 600},
    ]
    entries = []
    for watched in (0, 20):  # single cars on another road keep the replicate awake
        scenario = write_world(
            tmp_path / str(watched),
            40,
            places=[place("town"), place("far"), place("city", "outside", attractiveness=1)],
            roads=[road("town", "city", 40, lanes=2), road("far", "city", 40)],
            groups=[DRIVERS],
            people=[{"place": name, "group": "drivers", "people": 100_000} for name in ("town", "far")],
            events=[*events, *leave("far", watched, 40, 15)],
        )
        entries.append(series(simulate(compile_model(scenario, "")), "vehicles_at_entry:town")[0])
    assert (entries[0] == entries[1]).all()
