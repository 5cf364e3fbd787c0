"""The same replicates in another case of their scenario: what other convoys do to them is told apart from luck."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from corridor.scenario.values import hours_between
from corridor.simulate.batch import simulate_batch
from corridor.simulate.compile import compile_model

if TYPE_CHECKING:
    from datetime import datetime

    from corridor.scenario.scenario import Scenario
    from corridor.simulate.arrays import Integers
    from corridor.simulate.ensemble import Ensemble
    from corridor.simulate.record import Record
    from corridor.simulate.state import State


def move_to_case(ensemble: Ensemble, case: Scenario) -> Ensemble:
    """Return the ensemble that sends the same replicates, with their luck and fitted numbers, through another case."""
    return replace(ensemble, model=compile_model(case, ensemble.model.parameter_set))


def simulate_until(ensemble: Ensemble, replicates: Integers, until: datetime) -> tuple[State, Record]:
    """Return the state of replicates at a moment (or at the end, if earlier) and the record until then."""
    clock = ensemble.model.clock
    steps = min(round(hours_between(clock.start, until) / clock.step_hours), clock.steps)
    seen: list[State] = []

    def watch(state: State, step: int) -> None:
        if step == steps - 1:
            seen.append(state)

    luck, given = ensemble.draw(replicates)
    record = simulate_batch(ensemble.model, luck, given, ensemble.behaviour, steps=steps, watch=watch)
    return seen[-1], record
