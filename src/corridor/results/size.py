"""What a run needs of memory and disk: how large its batches are, and whether the machine has room for it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from corridor.scenario.faults import UsageError
from corridor.scenario.remote import is_remote
from corridor.simulate.model import Model
from corridor.simulate.record import name_columns

RECORD_BYTES = 256_000_000  # what a batch records, at most, unless a single replicate records more
PROGRAM_BYTES = 300_000_000  # the program, its libraries and compiled code
COPIES = 3  # a batch as recorded, as columns, and as they are written
LEAST_STORED = 0.02  # of what is recorded, what a file takes at least (0.15 where most numbers change)
PIECES = 8  # of a summary, that lie on the disk before they are merged
CELL_BYTES, BIN_BYTES = 50, 16  # of a cell of a summary: extremes and sums, and each bin that is filled
FILLING, MOST_FILLED = 0.6, 300  # R replicates fill about R**0.6 bins of a cell, and hardly more than 300


def count_columns(model: Model) -> tuple[int, int]:
    """Return how many whole numbers and how many measures are recorded at a moment."""
    columns = name_columns(model)
    return len(columns.counts), len(columns.measures)


def measure_record(model: Model) -> int:
    """Return the bytes that one replicate records."""
    counts, measures = count_columns(model)
    return model.clock.records * (4 * counts + 8 * measures)


def measure_summary(model: Model, replicates: int) -> int:
    """Return the bytes that the merged summary of so many replicates takes on the disk, about.

    Measured: a cell of the template takes 116 bytes at 20 replicates, 496 at 200 and 1,316 at 1,000; 100,000 of the
    worked case fill about 300 bins of a cell.
    """
    cells = sum(count_columns(model)) * model.clock.records
    return int(cells * (CELL_BYTES + BIN_BYTES * min(replicates**FILLING, MOST_FILLED)))


def choose_batch(model: Model, most: int) -> int:
    """Return how many replicates, at most so many, are simulated together: the same on every machine."""
    return max(1, min(most, RECORD_BYTES // measure_record(model)))


def require_room(model: Model, manifest: dict[str, Any], workers: int, folder: Path | None) -> None:
    """Raise UsageError with figures when a run needs more memory or disk than the machine has to give."""
    replicates, keep, one = manifest["replicates"], manifest["keep"], measure_record(model)
    memory = workers * (PROGRAM_BYTES + COPIES * min(manifest["batch"], replicates) * one)
    disk = 0
    if folder is None:
        memory += replicates * one
    elif keep == "summary":
        disk = measure_summary(model, replicates) + PIECES * measure_summary(model, min(manifest["batch"], replicates))
    else:
        memory += COPIES * 8 * replicates * model.clock.records  # one column of the summary
        disk = int(LEAST_STORED * replicates * one)
    _require("memory", memory, free_memory(), keep)
    if folder is not None and not is_remote(folder):
        there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
        _require("disk", disk, shutil.disk_usage(there).free, keep)


def _require(what: str, needed: int, free: int | None, keep: str) -> None:
    if free is None or needed <= free:
        return
    mend = "record less often (record_minutes) or simulate fewer replicates"
    if keep != "summary":
        mend += ", or store the run and keep its summary only (--keep summary)"
    message = f"this run needs at least {_tell(needed)} of {what} and {_tell(free)} are free: {mend}"
    raise UsageError(message)


def _tell(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e8 else f"{size / 1e6:.1f} MB"


def free_memory() -> int | None:
    """Return the bytes of memory that a new process may use, None where the system does not say."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        free = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable"))
    except (OSError, StopIteration):
        try:
            return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        except (ValueError, OSError, AttributeError):
            return None
    for limit in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            free = min(free, int(Path(limit).read_text(encoding="ascii")))
        except (OSError, ValueError):
            continue
    return free
