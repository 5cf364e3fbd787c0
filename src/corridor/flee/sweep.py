"""How much settings matter: runs over ranges of them by Morris' or Sobol's method, or the runs of a table."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.flee.compile import compile_folder
from corridor.flee.run import run_model
from corridor.flee.settings import BY_KEY
from corridor.results.crew import Crew, in_order
from corridor.results.sampling import MEASURES, draw_points, measure_points
from corridor.scenario.draft import suggest
from corridor.scenario.faults import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from corridor.flee.tables import FleeFolder

NUMERIC = {"number", "positive", "chance", "whole", "count"}
RANGE = ["setting", "low", "high"]


@dataclass(frozen=True)
class FleeSweep:
    """What came out: `rows` with `columns`, a row for each setting (Morris, Sobol) or for each run (table)."""

    method: str
    columns: list[str]
    rows: list[dict[str, Any]]
    runs: int


@dataclass(frozen=True)
class Trying:
    """A folder that is run with other settings, so many replicates from a seed, and the measure that is looked at."""

    folder: FleeFolder
    replicates: int
    seed: int
    measure: str

    def run(self, sets: Sequence[dict[str, float]], number: int) -> float:
        """Return the measure of the folder with one of many sets of settings. Raises UsageError for an unknown one."""
        settings = {key: _fit(key, value) for key, value in sets[number].items()}
        model = compile_folder(replace(self.folder, settings=self.folder.settings | settings))
        measures = run_model(model, self.replicates, self.seed).summarise().get("measures", {})
        if self.measure not in measures:
            message = f'no measure "{self.measure}"; there are {", ".join(measures) or "none: nobody was counted"}'
            raise UsageError(message)
        return float(measures[self.measure])


def sweep_settings(
    trying: Trying, table: Path, how: tuple[str, int], crew: Crew, told: Callable[[int, int], None]
) -> FleeSweep:
    """Run a folder with many sets of settings; `how` is the method and its number of samples. See front.sweep_flee.

    `told` hears how many sets have been run, of how many.
    """
    header, rows = _read_table(table)

    def run(sets: Sequence[dict[str, float]]) -> list[float]:
        numbers, found = range(len(sets)), []
        for _, value in in_order(crew.do(partial(trying.run, sets), numbers), numbers):
            found.append(value)
            told(1, len(sets))
        return found

    if header != RANGE:
        keys = [_find_key(name) for name in header]
        values = run([dict(zip(keys, row, strict=True)) for row in rows])
        told_of = [
            {**dict(zip(header, row, strict=True)), trying.measure: x} for row, x in zip(rows, values, strict=True)
        ]
        return FleeSweep("table", [*header, trying.measure], told_of, len(rows))
    ranges = {_find_key(str(name)): (low, high) for name, low, high in rows}
    if wrong := [key for key, (low, high) in ranges.items() if not low < high]:
        message = f"{table}: the range of {wrong[0]} goes from low to high"
        raise UsageError(message)
    return _ask_library(ranges, how, trying.seed, run)


def _read_table(path: Path) -> tuple[list[str], list[list[Any]]]:
    """Return the header and the rows of a table, numbers as numbers. Raises UsageError where it cannot be used."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = [[cell.strip() for cell in row] for row in csv.reader(file) if any(row)]
        names = 1 if rows and rows[0] == RANGE else 0
        return rows[0], [[*row[:names], *map(float, row[names:])] for row in rows[1:] if len(row) == len(rows[0])]
    except (OSError, ValueError, IndexError, csv.Error) as error:
        message = f"{path}: not a table of settings (setting,low,high; or a column for each setting): {error}"
        raise UsageError(message) from error


def _find_key(name: str) -> str:
    """Return the dotted key of a setting named by it or by its last word."""
    keys = [key for key in BY_KEY if name in (key, key.rsplit(".", 1)[-1])]
    if not keys or BY_KEY[keys[0]].kind not in NUMERIC or keys[0].startswith(("optimisations", "log_levels")):
        usable = [key for key, setting in BY_KEY.items() if setting.kind in NUMERIC]
        message = f'"{name}" is no setting that can be swept{suggest(name, usable)}'
        raise UsageError(message)
    return keys[0]


def _fit(key: str, value: float) -> float | int:
    """Return a value in the kind of its setting: whole ones are rounded."""
    return round(value) if BY_KEY[key].kind in {"whole", "count"} else float(value)


def _ask_library(
    ranges: dict[str, tuple[float, float]],
    how: tuple[str, int],
    seed: int,
    run: Callable[[list[dict[str, float]]], list[float]],
) -> FleeSweep:
    method, samples = how
    if not MEASURES.get(method):
        message = f'no method "{method}"; there are {", ".join(name for name in MEASURES if MEASURES[name])}'
        raise UsageError(message)
    points = draw_points(method, ranges, samples, seed)
    answers = np.array(run([dict(zip(ranges, point, strict=True)) for point in points]))
    found = measure_points(method, ranges, points, answers, seed)
    rows: list[dict[str, Any]] = [{"setting": key, **measures} for key, measures in found.items()]
    return FleeSweep(method, ["setting", *MEASURES[method]], rows, len(points))
