"""Some rows of a design simulated: what each replicate of each says to the questions of a briefing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from corridor.forecast.answer_numbers import measure_answers
from corridor.results.in_memory import keep_record
from corridor.results.moments import choose_moment
from corridor.results.run import simulate_whole
from corridor.results.size import choose_batch
from corridor.simulate.behaviour import Behaviour
from corridor.simulate.ensemble import Ensemble, prepare
from corridor.simulate.together import fit_together, put_together

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from corridor.results.result import Result
    from corridor.scenario.scenario import Scenario
    from corridor.simulate.arrays import Floats, Integers
    from corridor.simulate.record import Record
    from corridor.sweep.cases import Cases
    from corridor.sweep.design import DesignRow

TOGETHER = 400  # replicates in a batch at most: more gain little, and take memory
AT_MOMENT, AT_THE_END = "people arrived at the moment", "people arrived at the end"
Answers = dict[str, "Floats"]  # by name, one value for each replicate [R]


@dataclass(frozen=True)
class Asked:
    """What is asked of every row: so many replicates, and answers at a moment (each case's own today if None)."""

    replicates: int
    moment: str | None = None


def simulate_rows(cases: Cases, rows: Sequence[DesignRow], asked: Asked) -> Iterator[tuple[int, Integers, Answers]]:
    """Simulate rows and give (place of the row, numbers of its replicates, answers), as they come.

    Rows whose cases differ only in numbers that are drawn share their batches; a row has the answers of a run alone.
    Raises FaultsError for a row that is no case.
    """
    made = [cases.make(row) for row in rows]
    behaviour = Behaviour()
    ensembles = [
        prepare(case, case.choose_set(row.parameters or None), row.seed, behaviour)
        for case, row in zip(made, rows, strict=True)
    ]
    for group in _gather(ensembles):
        for batch in _cut(group, asked.replicates, choose_batch(ensembles[group[0]].model, TOGETHER)):
            members = [(ensembles[place], numbers) for place, numbers in batch]
            whole = members[0][0] if len(members) == 1 else put_together(members)
            taken = batch[0][1] if len(members) == 1 else np.arange(sum(len(numbers) for _, numbers in batch))
            record, first = simulate_whole(whole, taken, {}), 0
            for place, numbers in batch:
                mine = slice(first, first + len(numbers))
                own = replace(record, counts=record.counts[mine], measures=record.measures[mine])
                yield place, numbers, answer(made[place], ensembles[place], own, asked)
                first += len(numbers)


def _gather(ensembles: Sequence[Ensemble]) -> list[list[int]]:
    """Return which ensembles fit together, by their places."""
    groups: list[list[int]] = []
    for place, ensemble in enumerate(ensembles):
        mine = next((group for group in groups if fit_together(ensembles[group[0]], ensemble)), None)
        if mine is None:
            groups.append([place])
        else:
            mine.append(place)
    return groups


def _cut(group: Sequence[int], replicates: int, size: int) -> Iterator[list[tuple[int, Integers]]]:
    """Cut the replicates of rows into batches of at most so many."""
    batch: list[tuple[int, Integers]] = []
    room = size
    for place in group:
        first = 0
        while first < replicates:
            last = min(replicates, first + room)
            batch.append((place, np.arange(first, last)))
            room -= last - first
            first = last
            if not room:
                yield batch
                batch, room = [], size
    if batch:
        yield batch


def answer(case: Scenario, ensemble: Ensemble, record: Record, asked: Asked) -> Answers:
    """Return the numbers behind the six sentences, and people arrived at the end."""
    result = keep_record(case, ensemble, record)
    return {
        **{name: found.values for name, found in measure_answers(result, find_moment(result, asked)).items()},
        AT_THE_END: result.take("arrivals")[:, -1],
    }


def find_moment(result: Result, asked: Asked) -> datetime:
    """Return the moment that the answers of a case speak of. Raises UsageError for one outside its period."""
    return choose_moment(result, asked.moment)
