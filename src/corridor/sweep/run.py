"""Sweep a design: check every row, simulate the parts that are lacking, and gather what they say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corridor.results.run import simulate_parts
from corridor.scenario.faults import FaultsError, UsageError
from corridor.sweep.cases import Cases, check_rows, list_bases
from corridor.sweep.design import DesignRow, read_design, take_design
from corridor.sweep.sampling import Block, Sampling, expand_rows
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
    from collections.abc import Callable, Iterable, Mapping, Sequence

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
    """What a worker needs to simulate a part by itself and to write it."""

    folder: Path
    file: str
    rows: list[DesignRow]
    asked: Asked
    parts: Parts
    out: Path
    sweep: str
    hashes: Mapping[str, str]


def read_rows(folder: Path, design: Given) -> tuple[str, list[DesignRow]]:
    """Return the name of a design and its rows; one that is not given is the case as it stands.

    Raises FaultsError with every fault of the table itself.
    """
    faults: list = []
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
    folder: Path, design: Given, out: Path, asked: Asked, sampling: Sampling, workers: int, told: Progress
) -> Swept:
    """Simulate a design into the folder `out`, where an unfinished sweep is taken up; see `corridor.front.sweeps`."""
    if asked.replicates < 1 or workers < 1:
        message = "replicates and workers must be at least 1"
        raise UsageError(message)
    file, written = read_rows(folder, design)
    cases = Cases(folder, file)
    _require(check_rows(cases, [row for row in written if sampling.method == "table" or not row.cells]))
    rows, blocks = expand_rows(cases, written, sampling)
    manifest = describe_sweep(cases, list_bases(rows), rows, sampling, asked)
    if not is_begun(out, manifest):
        _require(check_rows(cases, rows, lambda done: told("rows checked", done, len(rows))))
    open_sweep(out, manifest, write_design(rows))
    parts, sweep = cut_rows(len(rows), asked.replicates), identify(manifest)
    work = Work(folder, file, rows, asked, parts, out, sweep, manifest["cases"])
    left = missing_parts(out, parts, sweep)
    told("rows", len(rows) - sum(len(parts.take(part)) for part in left), len(rows))
    for part, _ in simulate_parts(partial(simulate_part, work), left, workers):
        told("rows", len(parts.take(part)), len(rows))
    answers = gather(out, parts, (len(rows), asked.replicates))
    return Swept(cases, rows, blocks, sampling, asked, answers)
