"""The folder of a sweep: killed at any moment it can be taken up, and no part of it is believed by half.

sweep.json (what is swept, sealed), design.csv (every row as it is simulated), parts/part-0000.parquet and on, each with
its seal: one line for each replicate of some rows; at the end answers.csv, sensitivity.csv and figures/.
"""

from __future__ import annotations

import json
import platform
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.results.seal import (
    hash_document,
    is_sealed,
    make_seal,
    read_document,
    seal_document,
    seal_path,
)
from corridor.results.store import write_text
from corridor.results.tables import column_names, read_parquet, write_parquet
from corridor.scenario.faults import UsageError
from corridor.scenario.version import __version__
from corridor.scenario.writing import building, remove_unfinished

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from corridor.simulate.arrays import Floats
    from corridor.sweep.cases import Base, Cases
    from corridor.sweep.design import DesignRow
    from corridor.sweep.sampling import Sampling
    from corridor.sweep.simulate import Asked

MANIFEST, FORMAT = "sweep.json", 1
PART_REPLICATES = 2000  # in a part, about: seconds of work, and what is lost by a kill
ROW, REPLICATE = "row", "replicate"
IDENTITY = {  # everything that can change a byte of a sweep, in words
    "format": "format of the folder",
    "corridor": "version of Corridor",
    "numpy": "version of numpy",
    "processor": "kind of processor",
    "cases": "content of the cases",
    "design": "design",
    "sampling": "method",
    "replicates": "number of replicates",
    "moment": "moment of the answers",
}


@dataclass(frozen=True)
class Parts:
    """How rows are cut into parts: `rows` in all, `at_once` of them in each."""

    rows: int
    at_once: int

    @property
    def number(self) -> int:
        """Return how many parts there are."""
        return -(-self.rows // self.at_once)

    def take(self, part: int) -> range:
        """Return the numbers of the rows of a part."""
        return range(part * self.at_once, min((part + 1) * self.at_once, self.rows))


def cut_rows(rows: int, replicates: int) -> Parts:
    """Return how rows are cut into parts: the same on every machine."""
    return Parts(rows, max(1, PART_REPLICATES // replicates))


def describe_sweep(
    cases: Cases, bases: Sequence[Base], rows: Sequence[DesignRow], sampling: Sampling, asked: Asked
) -> dict[str, Any]:
    """Return the manifest of a sweep."""
    return {
        "format": FORMAT,
        "corridor": __version__,
        "numpy": np.__version__,
        "processor": platform.machine(),
        "cases": {"/".join(base): cases.read(base).hash for base in bases},
        "design": hash_document([[row.line, row.describe()] for row in rows]),
        "sampling": asdict(sampling),
        "rows": len(rows),
        **asdict(asked),
    }


def identify(manifest: Mapping[str, Any]) -> str:
    """Return a hash of everything that can change a byte of a sweep's parts."""
    return hash_document([manifest[name] for name in IDENTITY])


def open_sweep(folder: Path, manifest: Mapping[str, Any], design: str) -> None:
    """Begin a sweep's folder or take up the one that is there.

    Raises UsageError when it holds another sweep or something else, or cannot be written.
    """
    if not (folder / MANIFEST).exists():
        with building(folder, last=MANIFEST) as fresh:
            (fresh / "parts").mkdir()
            write_text(fresh / "design.csv", design)
            text = json.dumps(seal_document(manifest), ensure_ascii=False, indent=1)
            write_text(fresh / MANIFEST, text + "\n")
        return
    old = read_document(folder / MANIFEST)
    different = [
        words
        for name, words in IDENTITY.items()
        if old is not None and hash_document(old.get(name)) != hash_document(manifest[name])
    ]
    if old is None or different:
        why = f"differs in {'; '.join(different)}" if different else "is damaged"
        message = f"{folder} holds another sweep, which {why}; choose another --out"
        raise UsageError(message)
    remove_unfinished(folder.rglob(".*.part"))
    write_text(folder / "design.csv", design)  # whatever became of it


def is_begun(folder: Path, manifest: Mapping[str, Any]) -> bool:
    """Tell whether a folder holds this very sweep: its cases and its design have then been checked."""
    old = read_document(folder / MANIFEST)
    return old is not None and old == json.loads(json.dumps(manifest))


def part_path(folder: Path, part: int) -> Path:
    """Return where a part is kept."""
    return folder / "parts" / f"part-{part:04d}.parquet"


def missing_parts(folder: Path, parts: Parts, sweep: str) -> list[int]:
    """Return the parts that are not there yet, or are not as they were written."""
    return [part for part in range(parts.number) if not is_sealed(part_path(folder, part), sweep)]


def write_part(folder: Path, part: int, sweep: str, columns: Mapping[str, np.ndarray]) -> None:
    """Write a part and its seal. Raises InterruptedRunError when it cannot be written."""
    path = part_path(folder, part)
    write_parquet(path, columns)
    write_text(seal_path(path), make_seal(path, sweep) + "\n")


def read_part(folder: Path, part: int) -> dict[str, Floats]:
    """Return the columns of a part by name."""
    path = part_path(folder, part)
    return read_parquet([path], column_names(path))
