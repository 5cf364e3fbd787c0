"""A replicate is the same one alone, in any batch and among any number of others: also where ways part."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings

import corridor as co
from conserve.generate import HOURS, worlds
from corridor.scenario.faults import FaultsError
from corridor.simulate.batch import simulate_batch
from corridor.simulate.compile import compile_model
from corridor.simulate.luck import plain_luck
from worlds import at, place, series, simulate, write_world

DRIVERS = {
    "id": "drivers",
    "name": "D",
    "transport": "own",
    "people_per_vehicle": 1,
    "fuel_litres": 0,
    "leave_rate": 0.5,
}


def write_fork(folder: Path, speed: str = "20..60", **more):
    """Write a town with two roads out that differ in nothing but their luck."""
    names = ("a", "b")
    return write_world(
        folder,
        12,
        places=[place("town"), *(place(name) for name in names), place("city", "outside", attractiveness=1)],
        roads=[
            {"id": f"{start}-{end}", "from": start, "to": end, "length_km": 20, "speed_kmh": speed}
            for name in names
            for start, end in (("town", name), (name, "city"))
        ],
        groups=[DRIVERS],
        people=[{"place": "town", "group": "drivers", "people": 800}],
        **more,
    )


@pytest.mark.parametrize("seed", [1, 7])
def test_each_replicate_takes_the_road_that_is_quicker_in_it(tmp_path, seed):
    model = compile_model(write_fork(tmp_path), "")
    taken = {}

    def watch(state, step):
        hours = state.model.network.length_km / state.inputs.speed
        links = list(state.model.network.links)
        by_way = [hours[:, [links.index(f"town-{n}"), links.index(f"{n}-city")]].sum(axis=1) for n in ("a", "b")]
        taken.update(quicker=np.argmin(by_way, axis=0), links=links)

    record = simulate(model, 40, seed, watch=watch)
    used = np.stack([series(record, f"on_road:town-{name}").max(axis=1) > 0 for name in ("a", "b")], axis=1)
    assert (used.sum(axis=1) == 1).all()
    assert (used.argmax(axis=1) == taken["quicker"]).all()
    assert 0 < used[:, 0].sum() < 40


def test_a_road_that_shuts_sends_people_the_other_way(tmp_path):
    shut = {"id": "shut", "time": at(3), "kind": "direction", "target": "town-a", "to": "", "value": "", "mode": "shut"}
    model = compile_model(write_fork(tmp_path, "50", events=[shut]), "")
    record = simulate(model, 1)
    first, second = (series(record, f"on_road:town-{name}")[0] for name in ("a", "b"))
    assert first[:12].max() > 0
    assert second[:12].max() == 0
    assert second[13:].max() > 0


@pytest.mark.slow
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(worlds())
def test_a_replicate_is_the_same_alone_and_in_any_batch(world):
    step_minutes, tables = world
    with tempfile.TemporaryDirectory() as name:
        try:
            scenario = write_world(Path(name), HOURS, step_minutes, 60, {"departure_wander": 0.3}, **tables)
        except FaultsError:
            assume(False)
        model = compile_model(scenario, "")
    together = simulate_batch(model, plain_luck(3, np.array([5, 2, 9, 0])))
    for row, number in enumerate([5, 2, 9, 0]):
        alone = simulate_batch(model, plain_luck(3, np.array([number])))
        assert (alone.counts[0] == together.counts[row]).all()
        np.testing.assert_array_equal(alone.measures[0], together.measures[row])


@pytest.mark.slow
def test_more_replicates_leave_the_first_as_they_are(tmp_path):
    fork = write_fork(tmp_path)
    few, many = co.run(fork, replicates=101, seed=2), co.run(fork, replicates=200, seed=2)
    for kept in few.series:
        np.testing.assert_array_equal(np.asarray(few[kept.name]), np.asarray(many[kept.name])[:101])
