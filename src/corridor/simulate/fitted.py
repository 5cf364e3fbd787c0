"""Fitted draws: a sample of numbers and of luck that agrees with counts, written by `corridor forecast`.

Each row holds fitted values and the numbers of the luck that goes with them, one for each slice of time up to the
last fitted count. A replicate that uses the row repeats this luck, so that it passes through the same course, and
goes on with luck of its own; numbers that were not fitted it draws anew.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corridor.scenario.draws import UNKNOWN, parse_draws, stamp
from corridor.scenario.scenario import Scenario, read_scenario
from corridor.scenario.writing import write_file
from corridor.simulate.arrays import Floats, Integers
from corridor.simulate.carry import carry_over
from corridor.simulate.compile import compile_model
from corridor.simulate.luck import Luck, make_keys


@dataclass(frozen=True)
class Fitted:
    """A fitted sample: N rows; K slices of time that end at `slice_hours` [K] from the start of the period.

    `hash` is that of the file's cells; `made_for` begins the state of the scenario it was made for.
    """

    seed: int
    luck_numbers: Integers  # [N, K]
    slice_hours: tuple[float, ...]
    names: tuple[str, ...]
    table: Floats  # [N, names]
    hash: str
    made_for: str = UNKNOWN

    def values(self, replicates: Integers) -> dict[str, Floats]:
        """Return the fitted values of replicates by the name of the quantity [R]."""
        rows = self.table[replicates % len(self.table)]
        return {name: np.ascontiguousarray(rows[:, i]) for i, name in enumerate(self.names)}

    def luck(self, own: Luck, replicates: Integers, step_hours: float) -> Luck:
        """Return luck that repeats the fit's until its last count and is the run's own afterwards."""
        rows = self.luck_numbers[replicates % len(self.luck_numbers)]
        slices = tuple(make_keys(self.seed, rows[:, k]) for k in range(rows.shape[1]))
        return Luck(own.own, slices, tuple(round(hours / step_hours) for hours in self.slice_hours))


def read_fitted(scenario: Scenario, parameters: str) -> Fitted | None:
    """Return the fitted draws that a parameter set names, or None."""
    chosen = scenario.sets.get(parameters, {})
    file = chosen.get("draws")
    if not file:
        return None
    text = (scenario.folder / file).read_text(encoding="utf-8")
    draws = parse_draws(text)  # checked when the scenario was read
    numbers, table = np.array(draws.luck, dtype=np.int64), np.array(draws.values).reshape(len(draws.luck), -1)
    if scenario.variant_name:
        table = _carry_into_variant(scenario, parameters, draws.names, table)
    return Fitted(draws.seed, numbers, draws.hours, draws.names, table, draws.hash, draws.made_for)


def _carry_into_variant(scenario: Scenario, parameters: str, names: tuple[str, ...], table: Floats) -> Floats:
    """Return the fitted values with those a variant changes moved into its ranges."""
    before, after = (compile_model(case, parameters).quantities for case in (read_scenario(scenario.folder), scenario))
    return carry_over(names, table, before, after)


def write_fitted(path: Path, fitted: Fitted, notes: list[str], replace: bool = False) -> None:
    """Write fitted draws as a CSV file with comment lines that say how they were made, whole or not at all.

    Raises UsageError when it cannot be written, or exists and was not asked to be replaced.
    """
    cells = [["seed", *(f"luck_until_hour_{hours:g}" for hours in fitted.slice_hours), *fitted.names]]
    for luck, values in zip(fitted.luck_numbers, fitted.table, strict=True):
        cells.append([str(fitted.seed), *(str(int(n)) for n in luck), *(f"{value:.10g}" for value in values)])
    out = io.StringIO()
    out.writelines(f"# {note}\n" for note in notes)
    out.write(stamp(cells, fitted.made_for))
    csv.writer(out, lineterminator="\n").writerows(cells)
    write_file(path, out.getvalue(), replace)
