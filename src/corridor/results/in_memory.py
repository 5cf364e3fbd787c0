"""Replicates that were simulated and not stored, asked like the result of a run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corridor.results.result import Result, Values
from corridor.scenario.scenario import Scenario
from corridor.simulate.batch import simulate_batch
from corridor.simulate.record import Record
from corridor.simulate.series import Column

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridor.simulate.arrays import Floats
    from corridor.simulate.behaviour import Behaviour
    from corridor.simulate.luck import Luck
    from corridor.simulate.model import Model


@dataclass(frozen=True)
class Unstored(Result):
    """A result whose replicates stand in memory, in batches one after the other."""

    records: tuple[Record, ...]
    read_from: Scenario

    @cached_property
    def stored_names(self) -> dict[Column, str]:
        """Return every recorded column and the name it would have in a file."""
        columns = self.records[0].columns
        return {column: column.write() for column in (*columns.counts, *columns.measures)}

    @cached_property
    def scenario(self) -> Scenario:
        """Return the scenario simulated."""
        return self.read_from

    def _read(self, columns: list[Column]) -> dict[Column, Values]:
        return {c: np.concatenate([record.take(c) for record in self.records]) for c in columns}


def simulate_in_memory(
    scenario: Scenario,
    model: Model,
    luck: Luck,
    given: Mapping[str, Floats] | None = None,
    behaviour: Behaviour | None = None,
) -> Unstored:
    """Simulate the replicates of this luck [R] with given values; what reads a result reads this."""
    record = simulate_batch(model, luck, given, behaviour)
    manifest = {
        "parameters": model.parameter_set,
        "replicates": len(luck.own),
        "start": model.clock.start.isoformat(),
        "record_hours": model.clock.record_hours,
        "moments": model.clock.records,
    }
    return Unstored(Path(), manifest, (record,), scenario)
