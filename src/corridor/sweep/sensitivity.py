"""What a sweep says of each number: by rank, and by the indices of the method that chose its points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.results.ranks import noise_level, rank_correlation
from corridor.results.sampling import MEASURES, measure_points
from corridor.scenario.values import TimeRange, hours_between, parse_quantity, parse_time_range
from corridor.simulate.compile import compile_model
from corridor.sweep.design import OF_CASE, find_cell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor.scenario.scenario import Scenario
    from corridor.simulate.arrays import Floats
    from corridor.sweep.design import DesignRow
    from corridor.sweep.run import Swept
    from corridor.sweep.sampling import Block

FEWEST = 3  # rows of which something can be said


def list_numbers(swept: Swept, block: Block) -> dict[str, Floats]:
    """Return the numbers that vary between the rows of a block, by name [rows]; a range stands for its median.

    Times are hours since the start of the case; a blank cell is the number of the case. What is no number (a direction,
    a name) is left out.
    """
    rows = [swept.rows[number] for number in block.rows]
    case = swept.cases.read((rows[0].scenario, rows[0].variant))
    names = dict.fromkeys(name for row in rows for name in row.cells)
    own = _read_own(case, rows[0].parameters) if any(name not in row.cells for row in rows for name in names) else {}
    found = {}
    for name in names:
        values = [_read(case, name, row.cells[name]) if name in row.cells else own.get(name) for row in rows]
        known = [value for value in values if value is not None]
        if len(known) == len(values) and len(set(known)) > 1:
            found[name] = np.array(known)
    return found


def _read(case: Scenario, name: str, text: str) -> float | None:
    """Return the number in a cell, None where there is none."""
    try:
        if find_cell(name)[::2] == ("events", "time"):
            return _count_hours(case, parse_time_range(text, None))
        return parse_quantity(text).median
    except ValueError:
        return None


def _read_own(case: Scenario, parameters: str) -> dict[str, float]:
    """Return the numbers of a case as it is written, by name."""
    model = compile_model(case, case.choose_set(parameters or None))
    times = {f"events/{event.id}/time": _count_hours(case, event.time) for event in model.events}
    return {**{name: quantity.median for name, quantity in model.quantities.items()}, **times}


def _count_hours(case: Scenario, time: TimeRange) -> float:
    return hours_between(case.start, time.take(0.5).replace(tzinfo=None))


def measure_numbers(swept: Swept) -> list[dict[str, Any]]:
    """Return what each number does to each answer, block by block, those that go with it most first.

    The answer of a row is its mean over the replicates, which share their luck between rows. `rank_correlation` is
    Spearman's over the rows, `noise` what luck alone would exceed in one case in twenty for any of the numbers.
    """
    found: list[dict[str, Any]] = []
    for block in swept.blocks:
        numbers = list_numbers(swept, block)
        if len(block.rows) >= FEWEST and numbers:
            first = swept.rows[block.rows[0]]
            for name, values in swept.answers.items():
                means = values[list(block.rows)].mean(axis=1)
                if np.isfinite(means).all():
                    found += _measure(swept, block, first, numbers, name, means)
    return found


def _measure(
    swept: Swept, block: Block, first: DesignRow, numbers: dict[str, Floats], answer: str, means: Floats
) -> list[dict[str, Any]]:
    method, noise = swept.sampling.method, noise_level(len(means), len(numbers))
    indices: dict[str, dict[str, float]] = {}
    if block.points is not None and MEASURES[method]:
        indices = measure_points(method, block.bounds, block.points, means, swept.sampling.seed)
    about = {name: value for name, value in first.describe().items() if name in OF_CASE}
    rows = [
        {
            **about,
            "answer": answer,
            "number": name,
            "rank_correlation": rank_correlation(values, means),
            "noise": noise,
            **indices.get(name, {}),
        }
        for name, values in numbers.items()
    ]
    return sorted(rows, key=lambda row: (-abs(row["rank_correlation"]), row["number"]))


def average_rows(swept: Swept, rows: Sequence[int], answer: str) -> Floats:
    """Return the mean over the replicates of an answer, in some rows [rows]."""
    return np.asarray(swept.answers[answer][list(rows)].mean(axis=1))
