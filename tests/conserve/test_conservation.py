"""Nobody is lost or invented, in any world and in every reported array (rules 2 and 7)."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, event, given, settings

from conserve.generate import HOURS, MANY, worlds
from corridor.scenario.faults import FaultsError
from corridor.simulate.batch import conservation_error
from corridor.simulate.compile import compile_model
from corridor.simulate.queues import IN_USE
from corridor.simulate.series import Column
from worlds import simulate, write_world

GROWING = (
    "arrivals", "vehicles_arrived", "registered", "lodged", "passed_vehicles", "passed_people", "settled", "came_back"
)  # fmt: skip


def check_reported(record):
    """Every array a user may read: whole, kept, never negative, and growing where it counts up."""
    names = record.columns.counts
    assert conservation_error(record) == 0
    assert record.counts.min() >= 0
    assert np.isfinite(record.measures).all()
    total = {name: record.counts[:, :, names.index(name)] for name in names}
    out = "outside" if Column("outside") in names else "arrivals"
    headings = sum(total[Column(name)] for name in ("inside", "on_roads", out))
    assert (headings == headings[:, :1]).all()
    for name in names:
        if name.series in GROWING:
            assert (np.diff(total[name], axis=1) >= 0).all(), name
    journeys, waits = (record.take(Column(name)) for name in ("journey_hours", "waited_hours"))
    for hours in (waits, journeys - waits):  # nobody waits or drives for less than nothing
        assert (hours[:, 0] == 0).all()
        assert np.diff(hours, axis=1).min(initial=0) >= -1e-9 * hours.max()


def check_state(state, step):
    """What the arrays say agrees with what the queues hold, vehicle by vehicle."""
    model, queues, layout = state.model, state.queues, state.model.network.layout
    lines, window = queues.lines, queues.up.shape[1]
    rows = ((step + 1) * model.clock.ticks - queues.slept) % window
    links, share = len(model.network.links), layout.stream_share
    entries = len(layout.entry_place)
    free = np.concatenate([~layout.link_driven, layout.entry_free])
    streams = np.split(layout.queue_streams, layout.stream_start[1:])
    for r in range(len(queues.arrived)):
        vehicles, people = np.zeros((2, lines.queues.shape[1]), dtype=np.int64)
        for queue, line in enumerate(lines.queues[r]):
            cohort = line["first"]
            for _ in range(line["cohorts"]):
                vehicles[queue] += lines.cohorts[r, cohort]["vehicles"]
                cells = lines.cells[r, cohort]
                assert cells["vehicles"].sum() == lines.cohorts[r, cohort]["vehicles"]
                check_cells(cells, share[streams[queue]], queue < len(free) and free[queue])
                people[queue] += cells["people"].sum()
                cohort = lines.cohorts[r, cohort]["next"]
        assert (queues.up[r, rows[r]] - queues.down[r, rows[r]] == vehicles[:links]).all()
        assert lines.pool[r, IN_USE] == lines.queues[r]["cohorts"].sum()
        assert (queues.on_link[r] == people[:links]).all()
        assert (queues.standing[r] == vehicles[links : links + entries]).all()
        for desk, place in enumerate(model.servers.desk_place):
            assert queues.at_desk[r, desk] == people[layout.desk_queue[place]]
        for array in (state.waiting, queues.present, queues.resting, state.at_hand, state.out):
            assert array[r].min(initial=0) >= 0


def check_cells(cells, share, is_free):
    """People by units of room: each his own beside the vehicles, at least one in a car, none without a unit.

    A bus of two units may hold one person, and half of it pass before the other; so may one of three. `share` [S] is
    the part of a vehicle that a unit of each stream is, 0 beside the vehicles.
    """
    units, people = cells["vehicles"], cells["people"]
    assert (units >= 0).all()
    assert (people >= 0).all()
    assert (people[units == 0] == 0).all()
    assert (units[len(share) :] == 0).all()  # nobody in a queue of which their stream is no part
    units, people = units[: len(share)], people[: len(share)]
    alone = np.ones(len(share), dtype=bool) if is_free else share == 0
    assert (people[alone] == units[alone]).all()
    assert (people[share == 1] >= units[share == 1]).all()


def run_world(world):
    step_minutes, tables = world
    with tempfile.TemporaryDirectory() as name:
        try:
            model = compile_model(
                write_world(Path(name), HOURS, step_minutes, 60, {"departure_wander": 0.3}, **tables), ""
            )
        except FaultsError as error:
            # a generated network may leave a place without a way out: such a folder is refused, with its faults
            event("refused: " + ", ".join(sorted({fault.code for fault in error.faults if fault.severity == "error"})))
            return
    event(f"ticks {min(model.clock.ticks, 2)}")
    record = simulate(model, 3, seed=4, watch=check_state)
    event("somebody arrived" if record.counts[:, -1, 2].any() else "nobody arrived")
    check_reported(record)


@pytest.mark.slow
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(worlds())
def test_generated_worlds_keep_everybody(world):
    run_world(world)


@pytest.mark.slow
@settings(max_examples=MANY, suppress_health_check=list(HealthCheck))
@given(worlds())
def test_many_generated_worlds_keep_everybody(world):
    run_world(world)
