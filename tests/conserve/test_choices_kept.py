"""Nobody is lost or invented where people wish, see, fear, may not pass, stop inside and go on (rules 2 and 26 to 31)."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, event, given, settings

from conserve.choices import worlds_of_choice
from conserve.generate import HOURS, MANY
from conserve.test_conservation import check_reported, check_state
from corridor.scenario.faults import FaultsError
from corridor.simulate.compile import compile_model
from worlds import simulate, write_world


def run_world(world) -> None:
    step_minutes, tables, parameters = world
    with tempfile.TemporaryDirectory() as name:
        try:
            model = compile_model(write_world(Path(name), HOURS, step_minutes, 60, parameters, **tables), "")
        except FaultsError as error:
            event("refused: " + ", ".join(sorted({fault.code for fault in error.faults if fault.severity == "error"})))
            return
    starting = {}

    def watch(state, step) -> None:
        check_state(state, step)
        check_parts(state, starting)

    record = simulate(model, 3, seed=4, watch=watch)
    check_reported(record)
    parts = model.people.parts
    event(f"{len(model.people.choosers[0]) > 1=} {any(p.held for p in parts)=} {any(p.displaced for p in parts)=}")
    event("somebody arrived" if record.counts[:, -1, 2].any() else "nobody arrived")


def check_parts(state, starting) -> None:
    """Who may leave or waits is at a place, all are the same number at every step, and what people go by is finite."""
    queues, people = state.queues, state.model.people
    present = queues.present + state.waiting
    there = queues.at_place[:, people.origins, : people.leavers]
    assert (present <= there).all()
    everybody = queues.at_place.sum(axis=(1, 2)) + queues.on_link.sum(axis=1)
    assert (starting.setdefault("people", everybody.copy()) == everybody).all()
    for array in (state.leave_weights, state.lag, state.capacity):
        assert np.isfinite(array).all()
        assert array.min(initial=0) >= 0


@pytest.mark.slow
@settings(max_examples=20, suppress_health_check=list(HealthCheck))
@given(worlds_of_choice())
def test_worlds_of_choice_keep_everybody(world) -> None:
    run_world(world)


@pytest.mark.slow
@settings(max_examples=MANY, suppress_health_check=list(HealthCheck))
@given(worlds_of_choice())
def test_many_worlds_of_choice_keep_everybody(world) -> None:
    run_world(world)
