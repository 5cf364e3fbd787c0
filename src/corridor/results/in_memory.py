"""Replicates that were simulated and not stored, asked like the result of a run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corridor.results.result import Result, Values
from corridor.scenario.scenario import Scenario
from corridor.scenario.values import hours_between
from corridor.simulate.batch import simulate_batch
from corridor.simulate.ensemble import Ensemble
from corridor.simulate.record import Record
from corridor.simulate.series import Column

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from corridor.simulate.arrays import Floats, Integers


@dataclass(frozen=True, kw_only=True)
class Unstored(Result):
    """A result whose replicates stand in memory, in batches one after the other."""

    records: tuple[Record, ...]
    read_from: Scenario

    @property
    def stored(self) -> bool:
        """Tell whether the run has a folder."""
        return False

    @property
    def name(self) -> str:
        """Return in words which run this is."""
        return "the run in memory"

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
    ensemble: Ensemble,
    replicates: Integers,
    given: Mapping[str, Floats] | None = None,
    until: datetime | None = None,
) -> Unstored:
    """Simulate replicates by number and return them; `given` values [R], by quantity, replace those learnt.

    Beyond the first record at or after `until` nothing is simulated, and what stands there means nothing.
    """
    luck, values, moves = ensemble.draw(replicates).override(given or {})
    clock, steps = ensemble.model.clock, None
    if until is not None:
        records = ceil(hours_between(clock.start, until) / clock.record_hours)
        steps = min(records * clock.record_every, clock.steps)
    record = simulate_batch(ensemble.model, luck, values, ensemble.behaviour, steps=steps, moves=moves)
    return keep_record(scenario, ensemble, record)


def keep_record(scenario: Scenario, ensemble: Ensemble, record: Record) -> Unstored:
    """Return what was recorded of a batch as a result: what reads a result reads this."""
    return join_records(scenario, ensemble, [record])


def join_records(scenario: Scenario, ensemble: Ensemble, records: Sequence[Record]) -> Unstored:
    """Return what was recorded of batches, one after the other, as a result."""
    model = ensemble.model
    manifest = {
        "parameters": model.parameter_set,
        "replicates": sum(len(record.counts) for record in records),
        "start": model.clock.start.isoformat(),
        "time_zone": scenario.settings["time_zone"],
        "record_hours": model.clock.record_hours,
        "moments": model.clock.records,
    }
    return Unstored(Path(), manifest, ensemble.behaviour, records=tuple(records), read_from=scenario)
