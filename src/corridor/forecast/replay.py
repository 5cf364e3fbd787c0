"""The same replicates in another case of their scenario: what other convoys do to them is told apart from luck."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

import numpy as np

from corridor.results.crew import ALONE, Crew, in_order, share_out
from corridor.results.in_memory import Unstored, join_records, keep_record, simulate_in_memory
from corridor.scenario.scenario import Scenario
from corridor.scenario.values import hours_between
from corridor.simulate.arrays import Integers
from corridor.simulate.batch import simulate_batch
from corridor.simulate.compile import compile_model
from corridor.simulate.ensemble import Ensemble
from corridor.simulate.model import Model
from corridor.simulate.record import Record, keep_series
from corridor.simulate.state import State


@dataclass(frozen=True)
class Replay:
    """The replicates [R] with these numbers: what another case does to them is told apart from luck."""

    ensemble: Ensemble
    numbers: Integers
    crew: Crew = ALONE

    def _compile(self, case: Scenario) -> Ensemble:
        return replace(self.ensemble, model=compile_model(case, self.ensemble.model.parameter_set))

    def simulate(self, case: Scenario, until: datetime | None = None) -> Unstored:
        """Return what is recorded when these replicates go through another case of the scenario, `until` a moment."""
        return simulate_in_memory(case, self._compile(case), self.numbers, until=until)

    def measure(self, case: Scenario, series: Collection[str], until: datetime | None = None) -> Unstored:
        """Return some series of what `simulate` records; the crew shares the replicates."""
        ensemble = self._compile(case)
        shares = [tuple(self.numbers[list(share)].tolist()) for share in share_out(len(self.numbers), self.crew)]
        done = self.crew.do(partial(_measure, case, ensemble, frozenset(series), until), shares)
        return join_records(case, ensemble, [record for _, record in in_order(done, shares)])

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


def _measure(
    case: Scenario, ensemble: Ensemble, series: frozenset[str], until: datetime | None, numbers: tuple[int, ...]
) -> Record:
    """Return some series of the replicates with these numbers."""
    (record,) = simulate_in_memory(case, ensemble, np.array(numbers), until=until).records
    return keep_series(record, series)
