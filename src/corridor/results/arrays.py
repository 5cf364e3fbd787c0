"""Arrays of a run in one file with their seal: a hash of their bytes, keyed with the run and the file's name."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import ArrayLike

from corridor.results.seal import SEAL
from corridor.results.tables import say_stopped
from corridor.scenario.faults import FaultsError, UsageError, fault
from corridor.scenario.writing import writing

Arrays = dict[str, np.ndarray]


def write_arrays(path: Path, arrays: Mapping[str, ArrayLike], run: str) -> None:
    """Write arrays of the run known by this hash, whole or not at all.

    Raises InterruptedRunError when they cannot be written.
    """
    sealed = {name: np.asarray(values) for name, values in arrays.items()}
    sealed[SEAL] = np.array(_hash(path, sealed, run))
    try:
        with writing(path) as (temporary,), temporary.open("wb") as file:
            np.savez(file, allow_pickle=False, **sealed)
    except UsageError as error:
        raise say_stopped(error) from error


def read_arrays(path: Path, run: str) -> Arrays:
    """Return arrays of the run known by this hash. Raises FaultsError when they are missing or not as written."""
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except FileNotFoundError as error:
        raise FaultsError([fault("damaged_run.missing", (str(path), 0, ""))]) from error
    except (OSError, EOFError, ValueError, KeyError, BadZipFile, NotImplementedError) as error:
        raise FaultsError([fault("damaged_run", (str(path), 0, ""))]) from error
    seal = str(arrays.pop(SEAL, ""))
    if seal != _hash(path, arrays, run):
        raise FaultsError([fault("damaged_run", (str(path), 0, ""))])
    return arrays


def is_whole(path: Path, run: str) -> bool:
    """Tell whether a file of arrays is there, unchanged, and of this run."""
    try:
        read_arrays(path, run)
    except FaultsError:
        return False
    return True


def _hash(path: Path, arrays: Mapping[str, np.ndarray], run: str) -> str:
    found = hashlib.sha256(f"{run} {path.name}\n".encode())
    for name, values in sorted(arrays.items()):
        found.update(f"{name} {values.dtype.str} {values.shape}\n".encode())
        found.update(np.ascontiguousarray(values).tobytes())
    return found.hexdigest()
