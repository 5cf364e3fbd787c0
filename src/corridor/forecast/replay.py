"""Replicates of a scenario simulated again in memory, each with the luck and the numbers that a run would take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridor.scenario.values import hours_between
from corridor.simulate.batch import simulate_batch
from corridor.simulate.compile import compile_model
from corridor.simulate.fitted import read_fitted
from corridor.simulate.luck import Luck, plain_luck

if TYPE_CHECKING:
    from datetime import datetime

    from corridor.scenario.scenario import Scenario
    from corridor.simulate.model import Floats, Integers, Model
    from corridor.simulate.record import Record
    from corridor.simulate.state import State


def find_luck(
    scenario: Scenario, parameter_set: str, seed: int, numbers: Integers, model: Model
) -> tuple[Luck, dict[str, Floats] | None]:
    """Return the luck and the fitted values of replicates, as `corridor run` would take them."""
    fitted, luck = read_fitted(scenario, parameter_set), plain_luck(seed, numbers)
    if fitted is None:
        return luck, None
    return fitted.luck(luck, numbers, model.step_hours), fitted.values(numbers)


@dataclass(frozen=True)
class Replay:
    """The replicates [R] with these numbers: what other convoys do to them is told apart from luck."""

    scenario: Scenario
    parameter_set: str
    seed: int
    numbers: Integers

    def simulate(self, case: Scenario) -> Record:
        """Return what is recorded when these replicates go through another case of the scenario."""
        model = compile_model(case, self.parameter_set)
        return simulate_batch(model, *find_luck(self.scenario, self.parameter_set, self.seed, self.numbers, model))

    def simulate_until(self, case: Scenario, until: datetime) -> tuple[Model, State, Record]:
        """Return the compiled case, the state at a moment (or at the end, if earlier) and the record until then."""
        model = compile_model(case, self.parameter_set)
        luck = find_luck(self.scenario, self.parameter_set, self.seed, self.numbers, model)
        steps = min(round(hours_between(model.start, until) / model.step_hours), model.steps)
        seen: list[State] = []
        record = simulate_batch(
            model, *luck, steps=steps, watch=lambda state, step: seen.append(state) if step == steps - 1 else None
        )
        return model, seen[-1], record
