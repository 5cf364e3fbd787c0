"""The folder of a run: written so that it can be killed at any moment, taken up again, and never half believed.

manifest.json, scenario/ (a copy of the tables), replicates/part-0000.parquet and on, summary.parquet, figures/,
report.html. A file is written under another name and renamed when it is whole.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from corridor.results.tables import write_pieces
from corridor.scenario.faults import InterruptedRunError, UsageError

MANIFEST = "manifest.json"
FORMAT = 2  # 1: names of totals ended with a colon; journeys were kept beside each batch
IDENTITY = ("format", "scenario_hash", "parameters", "fitted_draws", "behaviour", "seed", "replicates", "keep")


def write_text(path: Path, text: str) -> None:
    """Write a text file whole or not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise _stopped(path, error) from error


def _stopped(path: Path, error: Exception) -> InterruptedRunError:
    reason = getattr(error, "strerror", None) or str(error).strip().splitlines()[0]
    message = f"could not write {path}: {reason}. What was finished is kept; make room and run the same command again"
    return InterruptedRunError(message)


def open_folder(folder: Path, manifest: Mapping[str, Any], source: Path) -> dict[str, Any]:
    """Begin a run's folder or take up the one that is there; return its manifest.

    Raises UsageError when the folder holds another run or something else, or cannot be written: nothing of the
    user's is overwritten.
    """
    present = folder / MANIFEST
    if present.exists():
        old = read_manifest(folder)
        different = [name for name in IDENTITY if old.get(name) != manifest.get(name)]
        if different:
            message = f"{folder} holds another run (its {', '.join(different)} differ); choose another --out"
            raise UsageError(message)
        remove_unfinished(folder)
        return old
    if folder.exists() and any(folder.iterdir()):
        message = f"{folder} is not empty and holds no run; choose another --out"
        raise UsageError(message)
    try:
        (folder / "replicates").mkdir(parents=True, exist_ok=True)
        copy_tables(source, folder / "scenario")
    except OSError as error:
        message = f"cannot write to {folder}: {error.strerror or error}"
        raise UsageError(message) from error
    write_text(present, json.dumps(dict(manifest), indent=2, ensure_ascii=False) + "\n")
    return dict(manifest)


def copy_tables(source: Path, target: Path) -> None:
    """Copy a scenario's tables, settings, variants and fitted draws, without kept texts of reports."""
    for path in sorted(source.rglob("*")):
        name = path.relative_to(source)
        if path.is_file() and path.suffix in (".toml", ".csv") and not any(p.startswith(".") for p in name.parts):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target / name)


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return a run's manifest. Raises UsageError when there is none, it cannot be read, or its format is newer."""
    try:
        manifest = dict(json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        message = f"{folder} holds no run (no {MANIFEST}); make one with corridor run"
        raise UsageError(message) from error
    except (OSError, ValueError) as error:
        message = f"{folder / MANIFEST} cannot be read: {error}"
        raise UsageError(message) from error
    if manifest.get("format", 1) > FORMAT:
        message = f"{folder} was written by a newer Corridor (format {manifest['format']}, this one knows {FORMAT})"
        raise UsageError(message)
    return manifest


def remove_unfinished(folder: Path) -> None:
    """Remove files left by a run that was killed while writing."""
    for path in folder.rglob(".*.part"):
        path.unlink(missing_ok=True)


def part_path(folder: Path, part: int) -> Path:
    """Return where a batch of replicates is kept."""
    return folder / "replicates" / f"part-{part:04d}.parquet"


def write_table(path: Path, pieces: Iterable[Mapping[str, np.ndarray]]) -> None:
    """Write a table in pieces, so that it need not stand in memory at once.

    Raises InterruptedRunError when the disk is full or the folder cannot be written.
    """
    try:
        write_pieces(path, pieces)
    except (OSError, duckdb.Error) as error:
        raise _stopped(path, error) from error


def write_part(folder: Path, part: int, pieces: Iterable[Mapping[str, np.ndarray]]) -> None:
    """Write one batch, in pieces. Raises InterruptedRunError when it cannot be written."""
    write_table(part_path(folder, part), pieces)


def write_arrays(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Write arrays, whole or not at all. Raises InterruptedRunError when they cannot be written."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            np.savez(file, allow_pickle=False, **dict(arrays))
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise _stopped(path, error) from error


def missing_parts(folder: Path, parts: int) -> list[int]:
    """Return the batches that are not there yet."""
    return [part for part in range(parts) if not part_path(folder, part).exists()]
