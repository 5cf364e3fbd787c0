"""The same replicates in another case of their scenario: what other convoys do to them is told apart from luck."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from corridor.results.in_memory import Unstored, keep_record, simulate_in_memory
from corridor.scenario.scenario import Scenario
from corridor.scenario.values import hours_between
from corridor.simulate.arrays import Integers
from corridor.simulate.batch import simulate_batch
from corridor.simulate.compile import compile_model
from corridor.simulate.ensemble import Ensemble
from corridor.simulate.model import Model
from corridor.simulate.state import State


@dataclass(frozen=True)
class Replay:
    """The replicates [R] with these numbers: what another case does to them is told apart from luck."""

    ensemble: Ensemble
    numbers: Integers

    def _compile(self, case: Scenario) -> Ensemble:
        return replace(self.ensemble, model=compile_model(case, self.ensemble.model.parameter_set))

    def simulate(self, case: Scenario, until: datetime | None = None) -> Unstored:
        """Return what is recorded when these replicates go through another case of the scenario, `until` a moment."""
        return simulate_in_memory(case, self._compile(case), self.numbers, until=until)

    def simulate_until(self, case: Scenario, until: datetime) -> tuple[Model, State, Unstored]:
        """Return the compiled case, the state at a moment (or at the end, if earlier) and the record until then."""
        ensemble = self._compile(case)
        model, (luck, given, moves) = ensemble.model, ensemble.draw(self.numbers)
        steps = min(round(hours_between(model.clock.start, until) / model.clock.step_hours), model.clock.steps)
        seen: list[State] = []
        record = simulate_batch(
            model,
            luck,
            given,
            ensemble.behaviour,
            steps=steps,
            watch=lambda state, step: seen.append(state) if step == steps - 1 else None,
            moves=moves,
        )
        return model, seen[-1], keep_record(case, ensemble, record)
