"""What the arrays cannot hold is refused in words, and what they can hold costs the same."""

from __future__ import annotations

import numpy as np
import pytest
from numba import njit

from corridor.scenario.checks.people import MOST_PEOPLE
from corridor.scenario.faults import FaultsError
from corridor.simulate.compile import compile_model
from corridor.simulate.queues import begin_lines, make_room, open_cohort, take_part
from worlds import corridor_world, series, simulate


def test_a_thousand_million_people_can_leave(tmp_path):
    group = {
        "id": "drivers",
        "name": "d",
        "transport": "own",
        "people_per_vehicle": 4.5,
        "fuel_litres": 0,
        "leave_rate": 3,
    }
    record = simulate(compile_model(corridor_world(tmp_path, 12, MOST_PEOPLE, groups=[group]), ""), 2)
    people = sum(series(record, name) for name in ("inside:", "on_roads:", "arrivals:"))
    assert (people == MOST_PEOPLE).all()
    assert series(record, "vehicles_at_entry:town")[0, -1] > 2e8


def test_more_people_than_that_are_refused(tmp_path):
    with pytest.raises(FaultsError, match="at most 1,000,000,000"):
        simulate(compile_model(corridor_world(tmp_path, 12, MOST_PEOPLE, parameters={"people_scale": 2}), ""))


def test_parts_are_those_of_whole_number_division():
    generator = np.random.default_rng(1)
    for _ in range(2000):
        rest = int(generator.integers(1, 2**26))
        of, amount = int(generator.integers(0, rest + 1)), int(generator.integers(0, 2**26))
        assert take_part.py_func(amount, of, rest) == amount * of // rest


@njit
def open_first(lines, replicate, queue, tick):
    return open_cohort(lines, replicate, queue, tick)


@pytest.mark.slow
def test_room_for_new_cohorts_keeps_those_there(tmp_path):
    layout = compile_model(corridor_world(tmp_path, 12), "").network.layout
    lines = make_room(begin_lines(layout, 3), 2)
    first = open_first(lines, 1, 0, 5)
    lines.cells[1, first, 0] = (3, 7, 0.5, 0.25)
    wider = make_room(lines, 10_000)
    assert wider.cohorts.shape[1] > 10_000
    assert wider.cells[1, first, 0].tolist() == (3, 7, 0.5, 0.25)
    assert wider.cohorts[1, first]["entered"] == 5
    assert make_room(wider, 10) is wider
