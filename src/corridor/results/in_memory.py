"""A batch that was simulated and not stored, asked like the result of a run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corridor.results.result import Result, Values
from corridor.simulate.batch import simulate_batch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridor.scenario.scenario import Scenario
    from corridor.simulate.arrays import Floats
    from corridor.simulate.luck import Luck
    from corridor.simulate.model import Model
    from corridor.simulate.record import Record


@dataclass(frozen=True)
class Batch(Result):
    """A simulated batch: what reads a Result reads this, as long as it asks for series only."""

    record: Record
    read_from: Scenario

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Return the names of all recorded columns."""
        return (*self.record.columns.counts, *self.record.columns.measures)

    @cached_property
    def scenario(self) -> Scenario:
        """Return the scenario simulated."""
        return self.read_from

    def take_several(self, columns: list[str]) -> dict[str, Values]:
        """Return recorded columns by name, each [R, T]; an unknown name is a mistake of the caller's."""
        counts = {name: i for i, name in enumerate(self.record.columns.counts)}
        measures = {name: i for i, name in enumerate(self.record.columns.measures)}
        return {
            name: self.record.counts[:, :, counts[name]].astype(np.float64)
            if name in counts
            else self.record.measures[:, :, measures[name]]
            for name in columns
        }


def simulate_in_memory(
    scenario: Scenario, model: Model, luck: Luck, given: Mapping[str, Floats] | None = None
) -> Batch:
    """Simulate the replicates of this luck [R] and return them, people and measures at every recorded moment."""
    manifest = {
        "parameters": model.parameter_set,
        "replicates": len(luck.own),
        "start": model.clock.start.isoformat(),
        "record_hours": model.clock.record_every * model.clock.step_hours,
        "moments": model.clock.records,
    }
    return Batch(Path(), manifest, simulate_batch(model, luck, given), scenario)
