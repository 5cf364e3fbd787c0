"""Rules 21 to 25 of docs/model.md: what people travel by, each rule on the smallest world that shows it."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from corridor.simulate.batch import simulate_batch
from corridor.simulate.compile import compile_model
from corridor.simulate.luck import plain_luck
from worlds import at, measure, place, series, simulate, write_world

GATE = {"id": "gate", "place": "bridge", "lanes": 1, "seconds_per_vehicle": 20, "wander": 0}
ROAD = {"speed_kmh": 40, "lanes": 6, "capacity_per_lane": 2400}
WAYS = [
    {"id": "first", "from": "town", "to": "bridge", "length_km": 20, **ROAD},
    {"id": "second", "from": "bridge", "to": "city", "length_km": 20, **ROAD},
]


def group(transport, name="g", size=1, **more):
    """Return a group that leaves as soon as it can, without fuel."""
    row = {"id": name, "name": name, "transport": transport, "people_per_vehicle": size, "fuel_litres": 0}
    return {**row, "leave_rate": 10, **more}


def people(count, name="g", where="town"):
    return {"place": where, "group": name, "people": count}


def fleet(transport="bus", groups="g", vehicles=100, seats=45, **more):
    row = {"id": "fleet", "place": "town", "groups": groups, "transport": transport, "vehicles": vehicles}
    return {**row, "seats": seats, "return_hours": 0, "fuel_per_100km": 0, **more}


def run(scenario, replicates=1, **more):
    return simulate(compile_model(scenario, ""), replicates, **more)


def write_corridor(folder, hours, groups, crowd, **more):
    """Write the plainest corridor, on which only the checkpoint is narrow."""
    tables = {
        "places": [
            place("town"),
            place("bridge", latitude=10.05),
            place("city", "outside", latitude=10.1, attractiveness=1),
        ],
        "roads": WAYS,
        "checkpoints": [GATE],
        "groups": groups,
        "people": crowd,
    }
    return write_world(folder, hours, **{**tables, **more})


def cross(folder, hours, who, **more):
    """Simulate it for these groups and people."""
    groups, crowd = zip(*who, strict=True)
    return run(write_corridor(folder, hours, groups, crowd, **more))


def ferry(folder, hours, service, who=("foot boat", 10_000), **more):
    """Simulate a port from which a ferry runs to a city; nothing else leads there."""
    row = {"id": "ferry", "transport": "boat", "from": "port", "to": "city", "seats": 50, "departures_per_day": 24}
    groups, crowd = [group(who[0])], [people(who[1], where="port")]
    tables = {
        "places": [place("port"), place("city", "outside", attractiveness=1)],
        "roads": [{"id": "sea", "from": "port", "to": "city", "kind": "water", "length_km": 30, "speed_kmh": 20}],
        "groups": groups,
        "people": crowd,
        "services": [{**row, "hours": 2, **service}],
    }
    return run(write_world(folder, hours, **{**tables, **more}))


# 21: transports and rides


def test_buses_take_the_room_of_two_cars_on_a_road(tmp_path):
    """Rule 21: a road of 300 cars an hour carries 150 buses."""
    narrow = [{**WAYS[0], "lanes": 1, "capacity_per_lane": 300}, WAYS[1]]
    open_gate = [{**GATE, "lanes": 20, "seconds_per_vehicle": 3}]
    rates = []
    for who, fleets in ((group("own"), ()), (group("fleet"), [fleet(vehicles=6000, seats=1)])):
        tables = {"roads": narrow, "checkpoints": open_gate} | ({"fleets": fleets} if fleets else {})
        record = cross(tmp_path / who["transport"], 12, [(who, people(6000))], **tables)
        arrived = series(record, "vehicles_arrived")[0]
        rates.append((arrived[-1] - arrived[-9]) / 2)
    assert rates == pytest.approx([300, 150], abs=1)


@pytest.mark.slow
def test_those_who_find_no_fuel_take_the_seats_of_a_fleet_and_each_vehicle_holds_its_own(tmp_path):
    """Rule 21: in order of wish: 400 in cars of 4, as far as there is fuel, then 45 in each bus, not one more."""
    fuel = [{"place": "town", "litres": 800, "litres_per_hour": 0}]
    who = [(group("own fleet", size=4, fuel_litres=8), people(1000))]
    record = cross(tmp_path, 24, who, fuel=fuel, fleets=[fleet(vehicles=4, return_hours=200)])
    assert series(record, "arrivals")[0, -1] == 400 + 4 * 45
    assert series(record, "vehicles_arrived")[0, -1] == 100 + 4
    assert series(record, "waiting_for_transport")[0, -1] == 1000 - 580


@pytest.mark.slow
def test_vehicles_and_people_are_reported_not_the_room_they_take(tmp_path):
    """Rule 21: ten buses are ten vehicles, at the checkpoint and on arrival; who walks is no vehicle."""
    who = [(group("fleet"), people(450)), (group("foot", "w"), people(70, "w"))]
    record = cross(tmp_path, 30, who, fleets=[fleet(vehicles=10, return_hours=200)])
    assert series(record, "vehicles_arrived")[0, -1] == 10
    assert series(record, "passed_vehicles:gate")[0, -1] == 10
    assert series(record, "passed_people:gate")[0, -1] == series(record, "arrivals")[0, -1] == 520
    assert series(record, "vehicles_at_hand:fleet")[0, 0] == 10


@pytest.mark.parametrize("hours", [3, 24])
def test_those_without_a_seat_walk_after_an_exponential_time(tmp_path, hours):
    """Rule 21: of many who wait exp(-t / patience) still wait after t; each replicate and each place by its luck."""
    who = group("fleet foot", patience_hours=hours)
    later = [{"id": "come", "time": at(29), "kind": "vehicles", "target": "fleet", "value": 1}]
    tables = {"fleets": [fleet(vehicles=0)], "events": later, "checkpoints": [{**GATE, "foot_lanes": 50}]}
    record = run(write_corridor(tmp_path, 30, [who], [people(200_000)], **tables), 3)
    waiting = series(record, "waiting_for_transport")
    begin = 12  # by then all have decided
    for replicate in range(3):
        for since in (4, 12, 24):
            share = np.exp(-since / 4 / hours)
            left, before = waiting[replicate, begin + since], waiting[replicate, begin]
            assert abs(left - before * share) < 4.5 * np.sqrt(before * share * (1 - share)) + 1
    assert len({tuple(row) for row in waiting.tolist()}) == 3


def test_those_without_a_seat_who_do_not_walk_stay(tmp_path):
    record = cross(tmp_path, 24, [(group("fleet"), people(300))], fleets=[fleet(vehicles=2, return_hours=200)])
    assert series(record, "arrivals")[0, -1] == 90
    assert series(record, "waiting_for_transport")[0, -1] == 210


def test_each_takes_the_kinds_of_way_that_its_transport_may_use(tmp_path):
    """Rule 21: cars take the track, buses go round by road, who walks takes the path."""
    scenario = write_world(
        tmp_path,
        60,
        places=[place("town"), place("city", "outside", attractiveness=1)],
        roads=[
            {"id": name, "from": "town", "to": "city", "kind": name, "length_km": km, **ROAD}
            for name, km in (("road", 120), ("track", 60), ("path", 30))
        ],
        groups=[group("own", "cars"), group("bus", "buses"), group("foot", "walkers")],
        people=[people(count, name) for name, count in (("cars", 100), ("buses", 90), ("walkers", 80))],
        fleets=[fleet(groups="buses")],
    )
    record = run(scenario)
    names = [column.labels[0] for column in record.columns.counts if column.series == "on_road"]
    used = {name: series(record, f"on_road:{name}").max() for name in names}
    assert {name: count for name, count in used.items() if count} == {"track": 100, "road": 90, "path/foot": 80}
    assert series(record, "arrivals")[0, -1] == 270


@pytest.mark.parametrize("returns", [True, False])
def test_a_fleet_comes_back_while_its_own_way_in_is_open(tmp_path, returns):
    """Rule 21: another road that lets nothing in does not stop it, its own does; a track is no way for buses."""
    ways = {"east": ("town", "city"), "west": ("town", "port")}
    scenario = write_world(
        tmp_path,
        30,
        places=[place("town"), place("city", "outside", attractiveness=1), place("port", "outside")],
        roads=[
            {"id": name, "from": start, "to": end, "length_km": 20, "lanes_back": 1, **ROAD}
            for name, (start, end) in ways.items()
        ]
        + [{"id": "track", "from": "town", "to": "city", "length_km": 20, "lanes_back": 1, "kind": "track", **ROAD}],
        groups=[group("fleet")],
        people=[people(10_000)],
        fleets=[fleet(vehicles=1, return_hours=2)],
        events=[
            {"id": "rule", "time": at(0), "kind": "direction", "target": "west" if returns else "east",
             "mode": "outbound"},
        ],
    )  # fmt: skip
    arrived = series(run(scenario), "arrivals")[0, -1]
    assert arrived == 45 if not returns else arrived >= 8 * 45


# 22: walking beside the vehicles


@pytest.mark.parametrize(("speed", "rest", "km"), [(4.5, 12, 18), (4.5, 0, 20), (3, 8, 30), (15, 18, 40)])
def test_walking_takes_the_length_by_the_speed_and_the_share_of_the_day(tmp_path, speed, rest, km):
    """Rule 22: length / (speed x moving share of the day), without waiting; cars on the road change nothing."""
    transport = [{"id": "foot", "room": 0, "speed_kmh": speed, "rest_hours": rest, "ways": "road path"}]
    way = [{"id": "way", "from": "town", "to": "city", "length_km": km, "speed_kmh": 40, "capacity_per_lane": 20}]
    scenario = write_world(
        tmp_path,
        48,
        places=[place("town"), place("city", "outside", attractiveness=1)],
        roads=way,
        groups=[group("foot"), group("own", "cars")],
        people=[people(1000), people(0, "cars")],
        transport=transport,
    )
    hours = km / (speed * (24 - rest) / 24)
    record = run(scenario)
    arrived = series(record, "arrivals")[0]
    assert arrived[-1] == 1000
    assert arrived[int(hours * 4)] == 0  # nobody before
    assert measure(record, "journey_hours")[0, -1] / 1000 == pytest.approx(hours, rel=1e-4, abs=0.02)
    assert measure(record, "waited_hours")[0, -1] / 1000 == pytest.approx(0, abs=0.02)


def test_those_on_foot_do_not_stand_in_the_queue_of_the_cars(tmp_path):
    """Rule 22: with 20,000 cars before the checkpoint or with none, those on foot pass alike."""
    gates = [{**GATE, "seconds_per_vehicle": 600}]
    walkers = (group("foot", "w"), people(500, "w"))
    alone = cross(tmp_path / "a", 36, [walkers], checkpoints=gates)
    among = cross(tmp_path / "b", 36, [walkers, (group("own"), people(20_000))], checkpoints=gates)
    for link in ("on_road:first/foot", "on_road:second/foot"):
        np.testing.assert_array_equal(series(alone, link), series(among, link))
    assert series(alone, "on_road:second/foot").max() > 0
    assert series(among, "vehicles_delayed:first")[0, -1] > 10_000
    assert series(alone, "vehicles_delayed")[0].max() == 0  # who walks is no vehicle


def test_nobody_walks_where_a_road_is_not_walked_or_shut(tmp_path):
    for name, road in (("not", {"walked": "no"}), ("shut", {"direction": "shut"})):
        who = [(group("foot"), people(100)), (group("own", "cars"), people(50, "cars"))]
        record = cross(tmp_path / name, 24, who, roads=[WAYS[0], {**WAYS[1], **road}])
        assert series(record, "at_place:town:g")[0, -1] == 100
        assert series(record, "arrivals")[0, -1] == (50 if name == "not" else 0)


# 23: services


@pytest.mark.parametrize(
    ("service", "per_day"),
    [
        ({}, 24 * 50),
        ({"seats": 120, "departures_per_day": 7}, 7 * 120),
        ({"departures_per_day": 2.5, "seats": 30}, 2.5 * 30),
        ({"first_hour": 6, "last_hour": 18, "departures_per_day": 10}, 10 * 50),
        ({"first_hour": 20, "last_hour": 5, "departures_per_day": 10}, 10 * 50),
        ({"first_hour": 7, "last_hour": 7, "departures_per_day": 2}, 2 * 50),
        ({"vehicles": 2, "turn_round_hours": 1}, 2 * 24 / (2 * (2 + 1)) * 50),
        ({"vehicles": 1, "turn_round_hours": 1, "first_hour": 6, "last_hour": 18}, (12 / 6 + 1) * 50),
        ({"vehicles": 100, "turn_round_hours": 1}, 24 * 50),
    ],
)
def test_a_service_takes_seats_times_departures_in_its_hours(tmp_path, service, per_day):
    """Rule 23: full from morning to evening it takes exactly so many; vehicles and their turn-round are a limit."""
    record = ferry(tmp_path, 96, service)
    left = np.diff(10_000 - series(record, "inside")[0])
    seats, whole = (
        service.get("seats", 50),
        service.get("departures_per_day", 1) % 1 == 0 and service.get("first_hour", 0) != 20,
    )
    assert left[96:].sum() == pytest.approx(3 * per_day, abs=0 if whole else seats)
    assert set(left % seats) == {0}  # nobody boards a full one, no seat stays empty while people wait
    first, last = service.get("first_hour", 0), service.get("last_hour", 24)
    hours = (np.flatnonzero(left) * 0.25) % 24
    open_hours = (hours >= first) & (hours < last) if first < last else (hours >= first) | (hours < last)
    if first == last:
        assert set(hours) == {first}
    else:
        assert open_hours.all()
    arrived, gone = series(record, "arrivals")[0], 10_000 - series(record, "inside")[0]
    assert (gone[:-9] <= arrived[9:]).all()  # two hours on the way, in whole steps
    assert (arrived[8:] <= gone[:-8]).all()


def test_seats_that_nobody_takes_are_lost(tmp_path):
    """Rule 23: a ferry that left half empty does not take twice as many later."""
    rate = [{"id": "rush", "time": at(12), "kind": "leave_rate", "target": "g", "value": 10}]
    quiet = {"groups": [group("boat", leave_rate=0)], "events": rate}
    left = np.diff(10_000 - series(ferry(tmp_path, 24, {}, **quiet), "inside")[0])
    assert left[:48].sum() == 0
    assert set(left[50:]) == {0, 50}


@pytest.mark.parametrize("per_day", [6, 12, 48])
def test_people_wait_half_the_time_between_departures(tmp_path, per_day):
    """Rule 23: who comes at any time to a ferry with room waits half the time between two."""
    service = {"departures_per_day": per_day, "seats": 10_000}
    record = ferry(tmp_path, 240, service, ("boat", 20_000), groups=[group("boat", leave_rate=0.01)])
    arrived = series(record, "arrivals")[0, -1]
    assert arrived > 15_000
    assert measure(record, "waited_hours")[0, -1] / arrived == pytest.approx(
        12 / per_day, rel=0.05, abs=0.13
    )  # in whole steps


def test_who_comes_by_car_leaves_it_at_the_port_and_is_counted_there(tmp_path):
    """Rule 23: cars end at the port, people wait there for their seats, no vehicle arrives."""
    record = run(
        write_world(
            tmp_path,
            96,
            places=[place("town"), place("port"), place("city", "outside", attractiveness=1)],
            roads=[
                {"id": "way", "from": "town", "to": "port", "length_km": 20, **ROAD},
                {"id": "sea", "from": "port", "to": "city", "kind": "water", "length_km": 30, "speed_kmh": 20},
            ],
            groups=[group("own boat", size=4)],
            people=[people(2000)],
            services=[
                {"id": "ferry", "transport": "boat", "from": "port", "to": "city", "seats": 50, "hours": 2,
                 "departures_per_day": 12},
            ],
        )
    )  # fmt: skip
    assert series(record, "vehicles_on_road:way").max() >= 400
    assert series(record, "at_place:port:g").max() > 1500
    assert series(record, "arrivals")[0, -1] == 2000
    assert series(record, "vehicles_arrived")[0, -1] == 0
    steps = np.diff(series(record, "on_road:ferry")[0] + series(record, "arrivals")[0])
    assert set(steps) == {0, 50}


def test_who_waits_for_a_seat_takes_nothing_of_the_pace_of_a_checkpoint(tmp_path):
    """Rule 24: of 1000 or 20,000 who wait, 100 an hour are inspected and board the same trains."""
    for number in (1_000, 20_000):
        record = run(
            write_world(
                tmp_path / str(number),
                9,
                step_minutes=60,
                places=[place("town"), place("city", "outside", attractiveness=1)],
                roads=[{"id": "way", "from": "town", "to": "city", "length_km": 70, **ROAD}],
                groups=[group("train")],
                people=[people(number)],
                checkpoints=[{**GATE, "place": "town", "foot_lanes": 1, "seconds_on_foot": 36}],
                services=[
                    {"id": "line", "transport": "train", "from": "town", "to": "city", "seats": 100, "hours": 1,
                     "departures_per_day": 24},
                ],
            )
        )  # fmt: skip
        assert series(record, "arrivals")[0, -1] in (600, 700)
        assert series(record, "passed_people:gate")[0, -1] in (700, 800)


def test_buses_that_bring_people_to_a_port_come_back_and_each_is_counted_once(tmp_path):
    """Rule 23: one bus brings 400 people to the port in ten rounds; the checkpoint there counts who boards."""
    record = run(
        write_world(
            tmp_path,
            60,
            places=[place("town"), place("port"), place("city", "outside", attractiveness=1)],
            roads=[{"id": "way", "from": "town", "to": "port", "length_km": 20, "lanes_back": 1, **ROAD}],
            groups=[group("bus boat"), group("own boat", "c", 4)],
            people=[people(400), people(80, "c")],
            fleets=[fleet(vehicles=1, seats=40, return_hours=2)],
            checkpoints=[{**GATE, "place": "port"}],
            services=[
                {"id": "ferry", "transport": "boat", "from": "port", "to": "city", "seats": 50, "hours": 2,
                 "departures_per_day": 48},
            ],
            events=[{"id": "rule", "time": at(40), "kind": "direction", "target": "way", "mode": "outbound"}],
        )
    )  # fmt: skip
    assert series(record, "arrivals")[0, -1] == 480
    assert series(record, "passed_people:gate")[0, -1] == 480
    assert series(record, "passed_vehicles:gate")[0, -1] == 0
    assert series(record, "vehicles_at_hand:fleet")[0, 150] == 1


def test_a_service_follows_the_traffic_rule_of_its_way(tmp_path):
    """Rule 23: while the sea is shut nothing departs; who is on the way comes through; then it goes on as before."""
    rules = [("shut", 12, "shut"), ("open", 24, "normal")]
    events = [
        {"id": name, "time": at(hour), "kind": "direction", "target": "sea", "mode": mode} for name, hour, mode in rules
    ]
    record = ferry(tmp_path, 48, {"road": "sea"}, events=events)
    left = np.diff(10_000 - series(record, "inside")[0])
    assert left[:48].sum() == left[96:144].sum() == 12 * 50
    assert left[48:96].sum() == 0
    assert series(record, "arrivals")[0, 60] == 600


@pytest.mark.parametrize(("kind", "value"), [("departures", 48), ("departures", 0), ("seats", 100), ("seats", 0)])
def test_events_change_departures_and_seats(tmp_path, kind, value):
    """Rule 23: from then on twice as many leave in a day, or nobody, and nobody decides to."""
    events = [{"id": "e", "time": at(24), "kind": kind, "target": "ferry", "value": value}]
    record = ferry(tmp_path, 48, {}, events=events)
    left = np.diff(10_000 - series(record, "inside")[0])
    assert left[:96].sum() == 1200
    assert left[96:].sum() == (2400 if value else 0)


def test_an_event_lets_no_more_depart_than_the_vehicles_can_make(tmp_path):
    """Rule 23: one boat that is back after 12 hours leaves twice a day, however many departures an event plans."""
    events = [{"id": "e", "time": at(24), "kind": "departures", "target": "ferry", "value": 100}]
    limits = {"vehicles": 1, "hours": 5, "turn_round_hours": 1, "departures_per_day": 0}
    record = ferry(tmp_path, 72, limits, events=events)
    left = np.diff(10_000 - series(record, "inside")[0])
    assert left[:96].sum() == 0
    assert 0 < left[96:192].sum() == left[192:].sum()
    assert (left > 0).sum() == 4


def test_several_services_run_side_by_side_and_the_quicker_is_taken(tmp_path):
    """Rule 23: each group by its own; who may take both takes the quicker, and the other while that is shut."""
    row = {"from": "port", "to": "city", "seats": 1000, "departures_per_day": 48}
    tables = {
        "services": [
            {"id": "ferry", "transport": "boat", "hours": 4, **row},
            {"id": "flight", "transport": "aircraft", "hours": 1, "road": "sky", **row},
        ],
        "roads": [
            {"id": "sky", "from": "port", "to": "city", "kind": "air", "length_km": 30, "speed_kmh": 20},
        ],
        "groups": [group("boat", "sea"), group("aircraft boat", "both")],
        "people": [people(500, "sea", "port"), people(300, "both", "port")],
    }
    shut = [{"id": "e", "time": at(0), "kind": "direction", "target": "sky", "mode": "shut"}]
    rare = [{"id": "e", "time": at(0), "kind": "departures", "target": "flight", "value": 1}]  # half a day's wait
    for name, more, flown in (("open", {}, 300), ("shut", {"events": shut}, 0), ("rare", {"events": rare}, 0)):
        record = ferry(tmp_path / name, 24, {}, **tables, **more)
        assert series(record, "on_road:flight").max() <= flown
        assert (series(record, "on_road:flight").max() > 0) == (flown > 0)
        assert series(record, "arrivals")[0, -1] == 800


# 24: checkpoints by unit and person


def measure_time(record, hours):
    """Return the hours for which the checkpoint was busy: from the first to the last who passed."""
    passed = series(record, "passed_people:gate")[0]
    (moments,) = np.nonzero(np.diff(passed))
    assert passed[-1] == series(record, "arrivals")[0, -1], f"{hours} hours are too few"
    return (moments[-1] - moments[0] + 1) / 4


@pytest.mark.parametrize(("inspection", "vehicle", "person"), [(1, 60, 20), (4, 60, 0), (2, 30, 5), (0, 10, 12)])
def test_a_bus_of_45_and_nine_cars_of_5_take_their_own_times(tmp_path, inspection, vehicle, person):
    """Rule 24: seconds_per_vehicle x inspection + people x seconds_per_person; alone, and mixed in one queue."""
    transport = [{"id": "bus", "provided": "fleet", "room": 2, "ways": "road", "inspection": inspection}]
    tables = {
        "checkpoints": [{**GATE, "seconds_per_vehicle": vehicle, "seconds_per_person": person}],
        "transport": transport,
    }
    cars, buses = (group("own", "c", 5), people(9000, "c")), (group("bus", "b"), people(9000, "b"))
    by_car, by_bus = 1800 * vehicle + 9000 * person, 200 * vehicle * inspection + 9000 * person
    for name, who, seconds in (("c", [cars], by_car), ("b", [buses], by_bus), ("m", [cars, buses], by_car + by_bus)):
        hours = int(seconds / 3600) + 10
        more = {"fleets": [fleet(groups="b", vehicles=200, return_hours=900)]} if name != "c" else {}
        record = cross(tmp_path / name, hours, who, **tables, **more)
        assert measure_time(record, hours) == pytest.approx(seconds / 3600, rel=0.01, abs=0.3)


@pytest.mark.parametrize(("lanes", "seconds"), [(1, 20), (3, 12), (2, 0.5)])
def test_lanes_for_people_on_foot_have_their_own_pace(tmp_path, lanes, seconds):
    """Rule 24: foot_lanes x 3600 / seconds_on_foot people an hour, whatever the vehicles need."""
    gate = [{**GATE, "lanes": 1, "seconds_per_vehicle": 100, "foot_lanes": lanes, "seconds_on_foot": seconds}]
    rate = lanes * 3600 / seconds
    count = int(rate * 20)
    who = [(group("foot"), people(count)), (group("own", "c"), people(2000, "c"))]
    record = cross(tmp_path, 24, who, checkpoints=gate)
    walked = count - sum(series(record, name)[0] for name in ("at_place:town:g", "on_road:first/foot"))
    drove = series(record, "passed_vehicles:gate")[0]
    assert np.diff(walked[40:80:4]) == pytest.approx(rate, rel=0.01)
    assert np.diff(drove[40:80:4]) == pytest.approx(36, abs=1)
    passed = series(record, "passed_people:gate")[0]
    np.testing.assert_array_equal(passed, walked + drove)


def test_nobody_sets_out_on_foot_towards_closed_foot_lanes(tmp_path):
    """Rule 24: with foot_lanes 0 nobody walks until an event opens them; cars pass all the while."""
    opening = [{"id": "o", "time": at(10), "kind": "foot_lanes", "target": "gate", "value": 2}]
    who = [(group("foot"), people(100)), (group("own", "c"), people(50, "c"))]
    record = cross(tmp_path, 48, who, checkpoints=[{**GATE, "foot_lanes": 0}], events=opening)
    here = series(record, "at_place:town:g")[0]
    assert here[40] == 100
    assert here[-1] == 0
    assert series(record, "arrivals")[0, 40] == 50
    assert series(record, "arrivals")[0, -1] == 150


@pytest.mark.parametrize(
    ("kind", "value", "cars", "walkers"), [("seconds_per_person", 20, 90, 180), ("seconds_on_foot", 10, 180, 360)]
)
def test_events_change_the_seconds_of_a_person(tmp_path, kind, value, cars, walkers):
    """Rule 24: from then on a car of one takes 20 + 20 s, or one on foot 10 s."""
    events = [{"id": "e", "time": at(30), "kind": kind, "target": "gate", "value": value}]
    who = [(group("foot"), people(20_000)), (group("own", "c"), people(20_000, "c"))]
    record = cross(tmp_path, 40, who, events=events)
    drove = series(record, "passed_vehicles:gate")[0]
    walked = series(record, "passed_people:gate")[0] - drove
    for passed, after in ((drove, cars), (walked, walkers)):
        assert (passed[116] - passed[100]) / 4 == pytest.approx(180, abs=1)
        assert (passed[156] - passed[124]) / 8 == pytest.approx(after, abs=1)


# 25: opening hours


@pytest.mark.parametrize(("first", "last"), [(8, 18), (20, 4), (0, 24), (6.1, 6.6), (23.5, 0.5)])
def test_a_checkpoint_passes_people_in_its_hours_only(tmp_path, first, last):
    """Rule 25: cumulative counts are the pace times the open hours so far; people still set out and queue."""
    gate = [{**GATE, "first_hour": first, "last_hour": last}]
    who = [(group("own"), people(40_000)), (group("foot", "w"), people(40_000, "w"))]
    record = cross(tmp_path, 96, who, checkpoints=gate)
    drove = series(record, "passed_vehicles:gate")[0]
    walked = series(record, "passed_people:gate")[0] - drove
    minutes = np.arange(96 * 600) / 600 % 24  # tenths of a minute
    is_open = (minutes >= first) & (minutes < last) if first < last else (minutes >= first) | (minutes < last)
    so_far = np.concatenate([[0], np.cumsum(is_open) / 600])[::150]
    for passed in (drove, walked):
        for start, end in pairwise(range(48, 385, 24)):
            assert passed[end] - passed[start] == pytest.approx(180 * (so_far[end] - so_far[start]), abs=2)
    set_out = 40_000 - series(record, "at_place:town:g")[0] + series(record, "vehicles_at_entry:town")[0]
    assert set_out[12] > 39_000


def test_a_replicate_of_all_this_is_the_same_alone_and_in_a_batch(tmp_path):
    """Rule 11: with services, walkers, fleets, patience, ranges and opening hours."""
    scenario = write_corridor(
        tmp_path,
        48,
        [group("own fleet foot", size=4, fuel_litres=8, patience_hours="2..9"), group("boat foot", "b")],
        [people("2000..3000"), people(800, "b", "bridge")],
        roads=[
            *WAYS,
            {"id": "path", "from": "town", "to": "city", "kind": "path", "length_km": 55, "speed_kmh": 4},
        ],
        fleets=[fleet(vehicles="2..9", return_hours="1..4")],
        fuel=[{"place": "town", "litres": 900, "litres_per_hour": 20}],
        checkpoints=[{**GATE, "wander": 0.3, "seconds_per_person": "0..9", "first_hour": 20, "last_hour": 9}],
        transport=[{"id": "foot", "room": 0, "speed_kmh": "3..5", "rest_hours": 12, "ways": "road path"}],
        services=[
            {"id": "ferry", "transport": "boat", "from": "bridge", "to": "city", "seats": "20..60", "hours": "1..3",
             "departures_per_day": "6..14"},
        ],
        parameters={"departure_wander": 0.3},
    )  # fmt: skip
    model = compile_model(scenario, "")
    numbers = [5, 2, 9, 0]
    together = simulate_batch(model, plain_luck(3, np.array(numbers)))
    assert len({tuple(row) for row in together.counts[:, -1].tolist()}) == 4
    for row, number in enumerate(numbers):
        alone = simulate_batch(model, plain_luck(3, np.array([number])))
        np.testing.assert_array_equal(alone.counts[0], together.counts[row])
        np.testing.assert_array_equal(alone.measures[0], together.measures[row])


@pytest.mark.parametrize("words", ["fleet", "bus", "train", "foot", "boat"])
def test_who_has_nothing_to_travel_by_stays(tmp_path, words):
    """Rule 21: without a fleet, a service or a way on foot nobody leaves and nobody is lost, alone or beside others."""
    roads = [{**road, "walked": "no"} for road in WAYS]
    for name, who in (("alone", []), ("beside", [(group("own", "c"), people(50, "c"))])):
        record = cross(tmp_path / name, 12, [(group(words), people(300)), *who], roads=roads)
        assert series(record, "at_place:town:g")[0, -1] == 300
        assert series(record, "arrivals")[0, -1] == 50 * len(who)


def test_who_leaves_a_service_walks_on_and_may_change(tmp_path):
    """Rule 23: from a town on foot to a train, from there on foot to a boat, and out: each leg takes its time."""
    names = ("town", "station", "stop", "port", "city")
    scenario = write_world(
        tmp_path,
        48,
        places=[*(place(name, latitude=10 + i / 100) for i, name in enumerate(names[:4])),
                place("city", "outside", latitude=10.04, attractiveness=1)],
        roads=[
            {"id": "one", "from": "town", "to": "station", "kind": "path", "length_km": 9, "speed_kmh": 4},
            {"id": "two", "from": "stop", "to": "port", "kind": "path", "length_km": 4.5, "speed_kmh": 4},
        ],
        groups=[group("foot train boat")],
        people=[people(400)],
        services=[
            {"id": "train", "transport": "train", "from": "station", "to": "stop", "seats": 1000, "hours": 3,
             "departures_per_day": 96},
            {"id": "boat", "transport": "boat", "from": "port", "to": "city", "seats": 1000, "hours": 2,
             "departures_per_day": 96},
        ],
    )  # fmt: skip
    record = run(scenario)
    assert series(record, "arrivals")[0, -1] == 400
    hours = measure(record, "journey_hours")[0, -1] / 400
    assert hours == pytest.approx(
        9 / 2.25 + 3 + 4.5 / 2.25 + 2, abs=0.6
    )  # and up to a quarter of an hour at each boarding


@pytest.mark.parametrize("departures", [0, 0.02])
def test_who_is_on_the_road_to_a_service_that_stops_waits_where_it_is_boarded(
    tmp_path: Path, departures: float
) -> None:
    """Rule 23: those behind, bound for where a road leads, are not held up, whether it stops or hardly runs any more."""
    own = {"people_per_vehicle": 1, "fuel_litres": 0, "leave_rate": 1}
    places = [place("town"), place("fork"), place("port"), place("land", "outside", attractiveness=1)]
    places.append(place("isle", "outside", attractiveness=1))
    road = {"length_km": 20, "speed_kmh": 40}
    scenario = write_world(
        tmp_path / "w",
        60,
        places=[{**row, "latitude": 10 + 0.001 * number} for number, row in enumerate(places)],
        roads=[
            {"id": "out", "from": "town", "to": "fork", "lanes": 4, **road},
            {"id": "to_land", "from": "fork", "to": "land", "capacity_per_lane": 700, **road},
            {"id": "to_port", "from": "fork", "to": "port", **road},
        ],
        groups=[
            {"id": "sailing", "name": "s", "transport": "own boat", **own},
            {"id": "driving", "name": "d", "transport": "own", **own},
        ],
        people=[
            {"place": "town", "group": "sailing", "people": 1000},
            {"place": "town", "group": "driving", "people": 20_000},
        ],
        wishes=[{"group": "sailing", "place": "land", "weight": 0}, {"group": "driving", "place": "isle", "weight": 0}],
        services=[
            {
                "id": "ship",
                "transport": "boat",
                "from": "port",
                "to": "isle",
                "departures_per_day": 4,
                "seats": 20,
                "hours": 5,
            }
        ],
        events=[{"id": "stop", "time": at(10), "kind": "departures", "target": "ship", "value": departures}],
    )
    record = simulate(compile_model(scenario, ""))
    assert series(record, "arrivals/exit:to_land")[0, 40] < 10_000
    assert series(record, "arrivals/exit:to_land")[0, -1] == 20_000
    assert series(record, "at_place:port:sailing")[0, -1] > 700
