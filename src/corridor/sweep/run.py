"""Sweep a design: check every row, simulate the parts that are lacking, and gather what they say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corridor.scenario.faults import Fault, FaultsError
from corridor.sweep.cases import Cases, check_bases, check_cells, list_bases
from corridor.sweep.design import DesignRow, read_design, take_design
from corridor.sweep.sampling import TABLE, Block, Sampling, expand_rows, list_corners
from corridor.sweep.simulate import Answers, Asked, simulate_rows
from corridor.sweep.store import (
    REPLICATE,
    ROW,
    Parts,
    cut_rows,
    describe_sweep,
    identify,
    is_begun,
    missing_parts,
    open_sweep,
    read_part,
    write_part,
)
from corridor.sweep.table import write_design

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from corridor.results.crew import Crew

    Progress = Callable[[str, int, int], None]
    Given = Path | str | Iterable[Mapping[str, object]] | None


@dataclass(frozen=True)
class Swept:
    """A design with its cases, its rows as simulated, the blocks they form, and the answers of every replicate.

    `answers` maps the name of an answer to its values [rows, replicates]; nan where a case has none.
    """

    cases: Cases
    rows: list[DesignRow]
    blocks: list[Block]
    sampling: Sampling
    asked: Asked
    answers: Answers


@dataclass(frozen=True)
class Work:
    """What a worker needs to simulate parts by itself and to write them."""

    cases: Cases
    asked: Asked
    out: Path
    sweep: str


def read_rows(folder: Path, design: Given) -> tuple[str, list[DesignRow]]:
    """Return the name of a design and its rows; one that is not given is the case as it stands.

    Raises FaultsError with every fault of the table itself.
    """
    faults: list[Fault] = []
    if design is None:
        return "design", [DesignRow(0, "", "", "", None, {})]
    if isinstance(design, str | Path):
        name, rows = Path(design).name, read_design(Path(design), faults)
    else:
        name, rows = "design", take_design(list(design), faults)
    if faults:
        raise FaultsError(faults)
    return name, rows


def sweep_design(
    folder: Path, design: Given, out: Path, asked: Asked, sampling: Sampling, crew: Crew, told: Progress
) -> Swept:
    """Simulate a design into the folder `out`, where an unfinished sweep is taken up; see `corridor.front.sweeps`."""
    file, written = read_rows(folder, design)
    cases = Cases(folder, file)
    _require(check_bases(cases, written))
    rows, blocks = expand_rows(cases, written, sampling)
    manifest = describe_sweep(cases, list_bases(rows), rows, sampling, asked)
    if not is_begun(out, manifest):
        checked = rows if sampling.method == TABLE else list_corners(cases, written)
        _require(check_cells(cases, checked, lambda done: told("rows checked", done, len(checked))))
    open_sweep(out, manifest, write_design(rows))
    parts, sweep = cut_rows(len(rows), asked.replicates), identify(manifest)
    left = missing_parts(out, parts, sweep)
    told("rows", len(rows) - sum(len(parts.take(part)) for part in left), len(rows))
    given = ((part, [rows[row] for row in parts.take(part)]) for part in left)
    for (_, done), _ in crew.do(partial(simulate_part, Work(cases, asked, out, sweep), parts.at_once), given):
        told("rows", len(done), len(rows))
    answers = gather(out, parts, (len(rows), asked.replicates))
    return Swept(cases, rows, blocks, sampling, asked, answers)


def _require(faults: list[Fault]) -> None:
    if faults:
        raise FaultsError(faults)


def simulate_part(work: Work, at_once: int, given: tuple[int, list[DesignRow]]) -> None:
    """Simulate the rows of a part and write what each replicate answers, one line each."""
    part, rows = given
    shape = len(rows), work.asked.replicates
    answers: Answers = {}
    for place, numbers, found in simulate_rows(work.cases, rows, work.asked):
        for name, values in found.items():
            answers.setdefault(name, np.full(shape, np.nan))[place, numbers] = values
    first = part * at_once
    columns: dict[str, np.ndarray] = {
        ROW: np.repeat(np.arange(first, first + len(rows), dtype=np.int32), shape[1]),
        REPLICATE: np.tile(np.arange(shape[1], dtype=np.int32), shape[0]),
        **{name: values.reshape(-1) for name, values in sorted(answers.items())},
    }
    write_part(work.out, part, work.sweep, columns)


def gather(out: Path, parts: Parts, shape: tuple[int, int]) -> Answers:
    """Return what all replicates of all rows answered [rows, replicates], by name."""
    answers: Answers = {}
    for part in range(parts.number):
        taken = parts.take(part)
        for name, values in read_part(out, part).items():
            if name not in (ROW, REPLICATE):
                rows = slice(taken.start, taken.stop)
                answers.setdefault(name, np.full(shape, np.nan))[rows] = values.reshape(-1, shape[1])
    return dict(sorted(answers.items()))
