"""A researcher swaps what people do: one function of each kind, in a few lines, and what one expects is seen."""

from __future__ import annotations

import importlib
import linecache
import pickle
import re
import sys
from functools import partial

import numpy as np
import pytest

from corridor.scenario.faults import UsageError
from corridor.simulate.batch import conservation_error
from corridor.simulate.behaviour import (
    Behaviour,
    describe_behaviour,
    leave_chance,
    load_behaviour,
    require_portable,
)
from corridor.simulate.compile import compile_model
from worlds import corridor_world, make_model, place, series, simulate


def nobody_leaves(at):
    return np.zeros(1)


def everybody_to_the_south(at):
    return np.array([name == "south" for name in at.destinations])


def take_the_longer_way(at):
    return np.array([10.0 if name == "short" else 0.5 for name in at.links])


def load_riders_of_group_b_first(at):
    return np.array([name == "b" for name in at.groups])


def drivers(leave_rate, **more):
    return [{"id": "drivers", "name": "d", "transport": "own", "people_per_vehicle": 1, "fuel_litres": 0, "leave_rate": leave_rate, **more}]  # fmt: skip


def test_who_leaves(tmp_path):
    model = compile_model(corridor_world(tmp_path, 12, 1000, groups=drivers(1)), "")
    assert series(simulate(model), "arrivals:")[0, -1] > 900
    record = simulate(model, behaviour=Behaviour(leave_chance=nobody_leaves))
    assert series(record, "inside")[0, -1] == 1000


def make_fork(folder):
    """Return a town from which two roads lead to one city, and another to a second city."""
    return make_model(
        folder,
        24,
        places=[place("town"), *(place(city, "outside", attractiveness=1) for city in ("north", "south"))],
        roads=[
            {"id": name, "from": "town", "to": city, "length_km": km, "speed_kmh": 50}
            for name, city, km in (("short", "north", 20), ("long", "north", 60), ("south", "south", 20))
        ],
        groups=drivers(1),
        people=[{"place": "town", "group": "drivers", "people": 1000}],
    )


def test_where_to(tmp_path):
    model = make_fork(tmp_path)
    assert 300 < series(simulate(model), "settled:north")[0, -1] < 700
    record = simulate(model, behaviour=Behaviour(choose_destination=everybody_to_the_south))
    assert series(record, "settled:north")[0, -1] == 0
    assert series(record, "settled:south")[0, -1] == series(record, "arrivals")[0, -1] > 900


def test_which_way(tmp_path):
    model = make_fork(tmp_path)
    assert series(simulate(model), "on_road:long").max() == 0
    record = simulate(model, behaviour=Behaviour(choose_way=take_the_longer_way))
    assert series(record, "on_road:short").max() == 0
    assert series(record, "on_road:long").max() > 0


def test_each_replicate_may_see_ways_of_its_own(tmp_path):
    """Half of the replicates avoid the short road."""

    def avoid(at):
        wary = np.arange(len(at.speed))[:, None] % 2 == 0
        return at.hours + 10.0 * wary * np.array([name == "short" for name in at.links])

    record = simulate(make_fork(tmp_path), 4, behaviour=Behaviour(choose_way=avoid))
    assert (series(record, "on_road:short").max(axis=1) == 0).tolist() == [True, False, True, False]
    assert conservation_error(record) == 0


def test_who_boards_first(tmp_path):
    """One bus an hour and two groups that wait for it."""
    model = make_model(
        tmp_path,
        30,
        places=[place("town"), place("city", "outside", attractiveness=1)],
        roads=[{"id": "road", "from": "town", "to": "city", "length_km": 20, "speed_kmh": 50}],
        groups=[{"id": g, "name": g, "transport": "fleet", "leave_rate": 5} for g in ("a", "b")],
        people=[{"place": "town", "group": g, "people": 200} for g in ("a", "b")],
        fleets=[{"id": "bus", "place": "town", "groups": "a b", "vehicles": 1, "seats": 50, "return_hours": 1}],
    )
    own, swapped = simulate(model), simulate(model, behaviour=Behaviour(load_first=load_riders_of_group_b_first))
    moments = 10 * 4
    assert series(own, "at_place:town:a")[0, moments] < series(own, "at_place:town:b")[0, moments]
    assert series(swapped, "at_place:town:a")[0, moments] > series(swapped, "at_place:town:b")[0, moments]
    assert conservation_error(swapped) == 0


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        (Behaviour(leave_chance=lambda at: np.zeros((7, 5))), "leave_chance.*shape"),
        (Behaviour(leave_chance=lambda at: "never"), "leave_chance.*shape"),
        (Behaviour(choose_way=lambda at: -at.hours), "choose_way.*below 0"),
        (Behaviour(choose_destination=lambda at: np.array([np.nan])), "choose_destination.*none"),
        (Behaviour(choose_destination=lambda at: np.zeros(1)), "from town nowhere to go"),
    ],
)
def test_a_function_that_cannot_be_used_is_named(tmp_path, behaviour, words):
    with pytest.raises(UsageError, match=words):
        simulate(make_fork(tmp_path), behaviour=behaviour)


def test_a_behaviour_is_described_by_name_and_source():
    assert describe_behaviour(Behaviour()) == {}
    found = describe_behaviour(Behaviour(leave_chance=nobody_leaves, choose_way=np.zeros))
    assert list(found) == ["leave_chance", "choose_way"]
    assert found["leave_chance"]["function"] == f"{__name__}.nobody_leaves"
    assert re.fullmatch("[0-9a-f]{64}", found["leave_chance"]["sha256"])
    assert found["choose_way"]["sha256"] == ""
    assert "source" in found["choose_way"]["note"]


def test_a_behaviour_is_loaded_by_its_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    (tmp_path / "house_rules.py").write_text(
        "from corridor.simulate.behaviour import Behaviour\n"
        "def leave_chance(at):\n    return 0.0\n"
        "def other(at):\n    return 0.0\n"
        "calm = Behaviour(leave_chance=other)\n"
    )
    (tmp_path / "broken_rules.py").write_text("import nothing_of_the_kind\n")
    assert load_behaviour("house_rules:leave_chance").leave_chance.__name__ == "leave_chance"
    assert load_behaviour("house_rules:calm").leave_chance.__name__ == "other"
    for name in (
        "house_rules",
        "house_rules:other",
        "house_rules:none",
        "broken_rules:calm",
        "no_rules:calm",
        "no_name:",
    ):
        with pytest.raises(UsageError, match=name.partition(":")[0]):
            load_behaviour(name)


def test_a_behaviour_goes_to_other_processes_or_says_why_not():
    portable = Behaviour(leave_chance=nobody_leaves)
    require_portable(portable.changed)
    assert pickle.loads(pickle.dumps(portable)).leave_chance is nobody_leaves
    with pytest.raises(UsageError, match=r"leave_chance.*module"):
        require_portable(Behaviour(leave_chance=lambda at: leave_chance(at)).changed)


def make_slower(factor: float):
    def slower(at):
        return factor * np.ones(1)

    return slower


def tire(at, factor=0.5):
    return factor * np.ones(1)


def test_what_a_function_holds_and_stands_beside_is_part_of_its_hash(tmp_path, monkeypatch):
    def hash_of(function):
        return describe_behaviour(Behaviour(leave_chance=function))["leave_chance"]["sha256"]

    assert hash_of(make_slower(0.5)) == hash_of(make_slower(0.5))
    assert hash_of(make_slower(0.5)) != hash_of(make_slower(0.6))
    assert hash_of(partial(tire, factor=0.1)) == hash_of(partial(tire, factor=0.1))
    assert len({hash_of(tire), hash_of(partial(tire, factor=0.1)), hash_of(partial(tire, factor=0.2))}) == 3
    assert hash_of(make_slower(lambda: 1)) == ""
    monkeypatch.syspath_prepend(tmp_path)
    seen = set()
    for pace in ("0.1", "0.2"):
        (tmp_path / "paced_rules.py").write_text(f"PACE = {pace}\n\ndef paced(at):\n    return PACE\n")
        sys.modules.pop("paced_rules", None)
        linecache.clearcache()
        importlib.invalidate_caches()
        seen.add(hash_of(importlib.import_module("paced_rules").paced))
    assert len(seen) == 2
