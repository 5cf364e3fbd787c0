"""Who is held back, before which exit and by what (rule 21), in worlds whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from corridor.simulate.series import CAUSES, NO_EXIT, Column, read_column
from worlds import at, make_model, place, simulate

DRIVERS = {"id": "drivers", "name": "d", "transport": "own", "people_per_vehicle": 1, "fuel_litres": 0, "leave_rate": 5}
RIDERS = {"id": "riders", "name": "r", "transport": "fleet", "leave_rate": 5}
AREAS = [{"id": "northland", "name": "Northland", "side": "outside"}]


def road(start, end, km=10, **more):
    return {"id": f"{start}-{end}", "from": start, "to": end, "length_km": km, "lanes_back": 0, "speed_kmh": 60, **more}


def gate(where, seconds=30, lanes=1):
    return {"id": f"at_{where}", "place": where, "lanes": lanes, "seconds_per_vehicle": seconds, "wander": 0}


def run(folder, hours=6, replicates=1, **tables):
    """Return what was recorded of a world in which towns lead to a city north and one south."""
    inside = {
        name: None for row in tables["roads"] for name in (row["from"], row["to"]) if name not in ("north", "south")
    }
    outside = sorted({row["to"] for row in tables["roads"]} & {"north", "south"})
    places = [place(name) for name in inside]
    places += [place(name, "northland" if name == "north" else "outside", attractiveness=1) for name in outside]
    tables = {"groups": [DRIVERS], **tables} | ({"areas": AREAS} if "north" in outside else {})
    return simulate(make_model(folder, hours, places=places, parameters={"time_weight": 0}, **tables), replicates)


def held(record, hours, by=("exit", "cause")):
    """Return people held back in the first replicate after so many hours, by label; those of nobody left out."""
    moment = int(hours * 4)
    columns = [c for c in record.columns.counts if c.series == "held_back" and len(c.labels) == len(by)]
    found = {":".join(c.labels): int(record.take(c)[0, moment]) for c in columns}
    return {name: people for name, people in found.items() if people}


def people(where, number=2000, group="drivers"):
    return {"place": where, "group": group, "people": number}


TWO_EXITS = {
    "roads": [
        road("upper", "bridge"),
        road("bridge", "north"),
        road("lower", "fork", lanes=2),
        road("fork", "south", capacity_per_lane=100),
    ],
    "checkpoints": [gate("bridge")],
    "people": [people("upper"), people("lower")],
}


def test_a_slow_checkpoint_and_a_narrow_road_are_each_told_before_their_exit(tmp_path):
    record = run(tmp_path, **TWO_EXITS)
    assert held(record, 3).keys() == {"bridge-north:checkpoint", "fork-south:road"}
    assert held(record, 3)["fork-south:road"] > 1000
    assert held(record, 3)["bridge-north:checkpoint"] > 1000


def test_who_came_out_is_counted_by_exit_and_by_area(tmp_path):
    record = run(tmp_path, hours=48, **TWO_EXITS)
    for column in (
        "arrivals/exit:bridge-north",
        "arrivals/exit:fork-south",
        "arrivals/area:northland",
        "arrivals/area:outside",
    ):
        assert record.take(read_column(column))[0, -1] == 2000
    hours = [
        record.take(Column(f"{series}/exit", ("fork-south",)))[0, -1] for series in ("journey_hours", "waited_hours")
    ]
    assert hours[0] - hours[1] == pytest.approx(2000 * 20 / 60, rel=1e-3)


def test_a_queue_that_spills_back_over_roads_is_held_by_the_checkpoint_at_its_end(tmp_path):
    roads = [road("town", "one", 2), road("one", "two", 2), road("two", "bridge", 2), road("bridge", "south")]
    record = run(tmp_path, roads=roads, checkpoints=[gate("bridge")], people=[people("town", 5000)])
    assert record.take(Column("vehicles_at_entry", ("town",)))[0, 8] > 1000
    assert held(record, 2).keys() == {"bridge-south:checkpoint"}
    left = 5000 - record.take(Column("arrivals"))[0, 8]
    assert held(record, 2)["bridge-south:checkpoint"] > 0.9 * left


MIXED = {
    "roads": [road("town", "fork", 6), road("fork", "bridge", 1), road("bridge", "north"), road("fork", "south")],
    "checkpoints": [gate("bridge", 60)],
    "people": [people("town", 4000)],
}


def test_who_stands_behind_people_bound_elsewhere_is_held_by_what_holds_these(tmp_path):
    """The queue for the north fills the road that both use, so that those for the south stand in it as well."""
    found = held(run(tmp_path, **MIXED), 3)
    assert found.keys() == {"bridge-north:checkpoint", "fork-south:checkpoint"}
    assert found["fork-south:checkpoint"] == pytest.approx(found["bridge-north:checkpoint"], rel=0.15)


def test_so_is_who_is_bound_elsewhere_on_a_road_before_that_queue(tmp_path):
    """People moved south by the authorities, alone on their road, meet a road that the queue for the north fills."""
    roads = [road("side", "near", 2), road("town", "near", 2), road("near", "fork", 2), *MIXED["roads"][1:]]
    groups = [DRIVERS, DRIVERS | {"id": "stayers", "leave_rate": 0}]
    moved = {"id": "moved", "time": at(2), "kind": "evacuation", "target": "side", "to": "south", "value": 900}
    present = [people("town", 4000), people("side", 1000, "stayers")]
    record = run(tmp_path, **{**MIXED, "roads": roads, "groups": groups, "people": present, "events": [moved]})
    assert record.take(Column("vehicles_delayed", ("side-near",)))[0, 12] > 100
    assert held(record, 3).keys() == {"bridge-north:checkpoint", "fork-south:checkpoint"}


def test_a_shut_road_leaves_no_way_and_holds_those_behind(tmp_path):
    shut = {"id": "shut", "time": at(1), "kind": "direction", "target": "fork-bridge", "mode": "shut"}
    found = held(run(tmp_path, events=[shut], **MIXED), 3)
    assert found.keys() == {f"{NO_EXIT}:closed", "bridge-north:closed", "fork-south:closed"}


def test_a_closed_checkpoint_holds_those_on_the_way_and_those_who_have_not_set_out(tmp_path):
    closes = {"id": "closes", "time": at(1), "kind": "lanes", "target": "at_bridge", "value": 0}
    slow = DRIVERS | {"leave_rate": 0.5}
    roads = [road("town", "bridge"), road("bridge", "south")]
    record = run(
        tmp_path, roads=roads, checkpoints=[gate("bridge")], groups=[slow], people=[people("town")], events=[closes]
    )
    assert held(record, 3).keys() == {"bridge-south:closed"}
    assert held(record, 0.5).keys() == {"bridge-south:checkpoint"}


@pytest.mark.parametrize(("litres", "cause"), [(0, "fuel"), (1e6, "transport")])
def test_who_waits_lacks_fuel_or_a_seat(tmp_path, litres, cause):
    """A bus without fuel waits for fuel; with it, who finds no seat waits for one, before the exit he wishes for."""
    roads = [road("town", "north"), road("town", "south")]
    fleet = {"id": "bus", "place": "town", "groups": "riders", "vehicles": 1, "seats": 50, "return_hours": 90}
    fuel = [{"place": "town", "litres": litres, "litres_per_hour": 0}]
    record = run(
        tmp_path, roads=roads, groups=[RIDERS], people=[people("town", 2001, "riders")], fleets=[fleet], fuel=fuel
    )
    found = held(record, 5)
    assert found.keys() == {f"town-north:{cause}", f"town-south:{cause}"}
    assert abs(found[f"town-north:{cause}"] - found[f"town-south:{cause}"]) <= 1
    assert sum(found.values()) == 2001 - (50 if litres else 0)


def test_nobody_is_held_back_in_free_flow(tmp_path):
    slow = DRIVERS | {"leave_rate": 0.05}
    record = run(
        tmp_path, roads=TWO_EXITS["roads"], groups=[slow], people=[people("upper", 1000), people("lower", 100)]
    )
    assert record.take(Column("held_back")).max() <= 2


def test_the_answer_is_that_of_the_replicate_alone(tmp_path):
    ranged = TWO_EXITS | {"checkpoints": [gate("bridge", "10..60")], "groups": [DRIVERS | {"leave_rate": "0.1..5"}]}
    record = run(tmp_path / "batch", replicates=3, **ranged)
    alone = run(tmp_path / "alone", **ranged)
    for column in record.columns.counts:
        np.testing.assert_array_equal(record.take(column)[0], alone.take(column)[0])
    assert len(CAUSES) == len(
        {c.labels[1] for c in record.columns.counts if c.series == "held_back" and len(c.labels) == 2}
    )
