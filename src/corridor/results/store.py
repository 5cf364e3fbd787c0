"""The folder of a run: written so that it can be killed at any moment, taken up again, and never half believed.

manifest.json, scenario/ (a copy of the tables), replicates/part-0000.parquet and on, summary.parquet, figures/,
report.html. A file is written under another name and renamed when it is whole.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from corridor.results.tables import say_stopped, write_parquet
from corridor.scenario.faults import UsageError
from corridor.scenario.folder import copy_files
from corridor.scenario.writing import building, remove_unfinished, write_file, write_files

MANIFEST = "manifest.json"
FORMAT = 2  # 1: names of totals ended with a colon; journeys were kept beside each batch
IDENTITY = ("format", "scenario_hash", "parameters", "fitted_draws", "behaviour", "seed", "replicates", "batch")


def write_text(path: Path, text: str) -> None:
    """Write a text file of a run whole or not at all; see `write_texts`."""
    write_texts({path: text})


def write_texts(texts: Mapping[Path, str]) -> None:
    """Write text files of a run, all or none. Raises InterruptedRunError when they cannot be written."""
    try:
        write_files(texts)
    except UsageError as error:
        raise say_stopped(error) from error


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
        remove_unfinished(folder.rglob(".*.part"))
        return old
    try:
        with building(folder, last=MANIFEST) as fresh:
            (fresh / "replicates").mkdir()
            copy_files(source, fresh / "scenario")
            write_file(fresh / MANIFEST, json.dumps(dict(manifest), indent=2, ensure_ascii=False) + "\n")
    except UsageError:
        if present.exists():  # another process began the same run at the same time
            return open_folder(folder, manifest, source)
        raise
    return dict(manifest)


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


def part_path(folder: Path, part: int) -> Path:
    """Return where a batch of replicates is kept."""
    return folder / "replicates" / f"part-{part:04d}.parquet"


def write_part(folder: Path, part: int, columns: Mapping[str, np.ndarray]) -> None:
    """Write one batch. Raises InterruptedRunError when the disk is full or the folder cannot be written."""
    write_parquet(part_path(folder, part), columns)


def missing_parts(folder: Path, parts: int) -> list[int]:
    """Return the batches that are not there yet."""
    return [part for part in range(parts) if not part_path(folder, part).exists()]
