"""The folder of a run: written so that it can be killed at any moment, taken up again, and never half believed.

manifest.json, scenario/ (a copy of the tables), replicates/part-0000.parquet and on, summary.parquet, figures/,
report.html. A file is written under another name and renamed when it is whole. Each table has its seal beside it, the
manifest holds its own and a hash of each file in scenario/ (see seal.py).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from corridor.results.arrays import is_whole
from corridor.results.rules import check_manifest
from corridor.results.seal import SEAL, hash_document, is_sealed, make_seal, seal_document, seal_path
from corridor.results.tables import say_stopped, write_pieces
from corridor.scenario.faults import Fault, FaultsError, UsageError, fault
from corridor.scenario.folder import copy_files, list_files
from corridor.scenario.remote import is_remote, name_within
from corridor.scenario.remote import list_files as list_all
from corridor.scenario.writing import building, remove_unfinished, write_file, write_files

MANIFEST, SUMMARY, TABLES = "manifest.json", "summary.parquet", "scenario"
FLEE = "flee.json"  # of a Flee folder's run: what its briefing needs
STATE = "state.npz"  # of a forecast's run: the particles it was made from, kept for when more counts come
FORMAT = 3  # 1: names of totals ended with a colon; journeys were kept beside each batch. 2: nothing was sealed
IDENTITY = {  # everything that can change a byte of a run, in words
    "format": "format of the folder",
    "engine": "engine",
    "corridor": "version of Corridor",
    "numpy": "version of numpy",
    "processor": "kind of processor",
    "variant": "variant",
    "scenario_hash": "content of the scenario",
    "parameters": "parameter set",
    "fitted_draws": "fitted draws",
    "behaviour": "behaviour",
    "flee": "settings of Flee",
    "seed": "seed",
    "replicates": "number of replicates",
    "keep": "what is kept",
}


def identify(manifest: Mapping[str, Any]) -> str:
    """Return a hash of everything that can change a byte of a run's files: of parts also how many are in a batch."""
    batch = manifest["batch"] if manifest["keep"] == "replicates" else None
    return hash_document([batch, *(manifest.get(name) for name in IDENTITY)])


def tell_apart(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, str]:
    """Return by name what of their identity two runs differ in, in words with both values."""
    return {
        name: f"{words} ({_tell(first.get(name))} and {_tell(second.get(name))})"
        for name, words in IDENTITY.items()
        if hash_document(first.get(name)) != hash_document(second.get(name))
    }


def _tell(value: object) -> str:
    """Return a value so that it fits a sentence: the start of a hash, the names of functions."""
    if value in (None, "", {}):
        return "none"
    if not isinstance(value, dict):
        return str(value)[:16]
    functions = [told.get("function") if isinstance(told, dict) else None for told in value.values()]
    return ", ".join(map(str, functions)) if all(functions) else hash_document(value)[:8]


def write_text(path: Path, text: str) -> None:
    """Write a text file of a run whole or not at all; see `write_texts`."""
    write_texts({path: text})


def write_texts(texts: Mapping[Path, str]) -> None:
    """Write text files of a run, all or none. Raises InterruptedRunError when they cannot be written."""
    try:
        write_files(texts)
    except UsageError as error:
        raise say_stopped(error) from error


def open_folder(folder: Path, manifest: Mapping[str, Any], source: Path) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Begin a run's folder or take up the one that is there; return its manifest and which files must be made anew.

    Raises UsageError when the folder holds another run or something else, or cannot be written: nothing of the
    user's is overwritten. Raises FaultsError when it holds a damaged run that is not known to be this one.
    """
    old, damage = _read_old(folder, manifest)
    if old is not None:
        if different := tell_apart(old, manifest):
            told = "; ".join(different.values())
            message = f"{folder} holds another run, which differs, there and now, in {told}; choose another --out"
            raise UsageError(message)
        if unknown := [told["function"] for told in old["behaviour"].values() if not told.get("sha256")]:
            names = ", ".join(unknown)
            message = f"{folder} holds a run by rules that cannot be told from others ({names}); choose another --out"
            raise UsageError(message)
        clear_unfinished(folder)
        damage = find_damage(folder, old)
        tables = hash_tables(folder / TABLES)
        if tables == old["tables"]:
            return old, _name_files(damage)
        if tables.keys() - old["tables"].keys():  # perhaps the user's own: nothing is removed
            raise FaultsError(damage)
    elif not (folder / "replicates").is_dir():
        return _begin_folder(folder, manifest, source)
    for name in list_files(source):
        write_file(folder / TABLES / name, (source / name).read_bytes())
    opened = {**(old or manifest), "tables": hash_tables(folder / TABLES)}
    write_manifest(folder, opened)
    return opened, _name_files(damage if old else [*damage, *find_damage(folder, opened)])


def clear_unfinished(folder: Path) -> None:
    """Remove what processes that are dead by now left half-written in a run's folder; another store has none."""
    if not is_remote(folder):
        remove_unfinished(folder.rglob(".*.part"))


def _begin_folder(folder: Path, manifest: Mapping[str, Any], source: Path) -> tuple[dict[str, Any], tuple[str, ...]]:
    try:
        with building(folder, last=MANIFEST) as fresh:
            (fresh / "replicates").mkdir()
            copy_files(source, fresh / TABLES)
            opened = {**manifest, "tables": hash_tables(fresh / TABLES)}
            write_manifest(fresh, opened)
    except UsageError:
        if (folder / MANIFEST).exists():  # another process began the same run at the same time
            return open_folder(folder, manifest, source)
        raise
    return opened, ()


def _read_old(folder: Path, manifest: Mapping[str, Any]) -> tuple[dict[str, Any] | None, list[Fault]]:
    """Return the manifest that is there, or none and what is wrong with it when what lies there is yet of this run."""
    there = (folder / MANIFEST).exists() if is_remote(folder) else os.path.lexists(folder / MANIFEST)
    try:
        if there:
            return read_manifest(folder), []
    except FaultsError as error:
        if _is_begun(folder, manifest):
            return None, error.faults
        raise
    there = folder.is_dir() and any(not path.name.endswith(".part") for path in folder.iterdir())
    if (folder.exists() and not folder.is_dir()) or (there and not _is_begun(folder, manifest)):
        message = f"{folder} is not empty and holds no run; choose another --out"
        raise UsageError(message)
    return None, []


def _is_begun(folder: Path, manifest: Mapping[str, Any]) -> bool:
    """Tell whether a folder without a manifest that can be read holds this run, or no more than its beginning."""
    known = {MANIFEST, TABLES, "replicates", "sketch", SUMMARY, seal_path(Path(SUMMARY)).name, "figures", "report.html"}
    known |= {STATE, FLEE}
    parts = folder / "replicates"
    names = {path.name for path in folder.iterdir() if not path.name.endswith(".part")}
    if not (parts.is_dir() or is_remote(folder)) or names - known:
        return False
    stored = [path for path in (*parts.glob("part-*.parquet"), folder / SUMMARY) if path.exists()]
    run = identify(manifest)
    return not stored or any(is_sealed(path, run) for path in stored)


def _name_files(damage: list[Fault]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found.file for found in damage))


def find_damage(folder: Path, manifest: Mapping[str, Any]) -> list[Fault]:
    """Return what in a run's folder is not as it was written; in one that is not finished, what is missing is none."""
    run, finished = identify(manifest), manifest["state"] == "complete"
    faults = []
    for path, whole in _look_at_tables(folder, manifest, run):
        if not whole and path.exists():
            faults.append(fault("damaged_run", (str(path), 0, "")))
        elif not whole and finished:
            faults.append(fault("damaged_run.missing", (str(path), 0, "")))
    written, now = manifest["tables"], hash_tables(folder / TABLES)
    for name in sorted(written.keys() | now.keys()):
        if written.get(name) != now.get(name):
            kind = "damaged_run.missing" if name not in now else "damaged_run"
            kind = "damaged_run.foreign" if name not in written else kind
            faults.append(fault(kind, (str(folder / TABLES / name), 0, "")))
    return faults


def _look_at_tables(folder: Path, manifest: Mapping[str, Any], run: str) -> Iterator[tuple[Path, bool]]:
    """Go through the files of numbers that a run's folder has when it is finished, and whether each is as written."""
    if manifest["keep"] == "summary":
        for path in {block_path(folder, 0): 0, **dict.fromkeys(list_blocks(folder))}:
            yield path, is_whole(path, run)
    else:
        for part in range(manifest["parts"]):
            yield part_path(folder, part), is_sealed(part_path(folder, part), run)
    yield folder / SUMMARY, is_sealed(folder / SUMMARY, run)


def hash_tables(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file in a folder by name, those apart that begin with a dot."""
    named = {name_within(path, folder): path for path in list_all(folder)}
    return {
        name: _hash_file(path)
        for name, path in named.items()
        if not any(part.startswith(".") for part in name.split("/"))
    }


def _hash_file(path: Path) -> str:
    """Return the SHA-256 of a file; nothing when it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write a run's manifest with its seal."""
    write_text(folder / MANIFEST, json.dumps(seal_document(manifest), indent=2, ensure_ascii=False) + "\n")


def finish_folder(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write that a run is complete."""
    write_manifest(folder, {**manifest, "state": "complete"})


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return a run's manifest, every value in it checked.

    Raises UsageError when there is none or its format is another, FaultsError when it is damaged.
    """
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        faults = _check_format(folder, manifest) or check_manifest(str(path), manifest)
    except (FileNotFoundError, NotADirectoryError) as error:
        message = f"{folder} holds no run (no {MANIFEST}); make one with corridor run"
        raise UsageError(message) from error
    except (OSError, ValueError, RecursionError) as error:
        raise FaultsError([fault("damaged_run.json", (str(path), 0, ""), reason=error)]) from error
    if faults:
        raise FaultsError(faults)
    return {name: value for name, value in manifest.items() if name != SEAL}


def _check_format(folder: Path, manifest: object) -> list[Fault]:
    """Return a fault for what is no manifest at all. Raises UsageError for one of another format."""
    if not isinstance(manifest, dict):
        return [fault("damaged_run.json", (str(folder / MANIFEST), 0, ""), reason="no table of names and values")]
    written = manifest.get("format")
    if isinstance(written, int) and not isinstance(written, bool) and written != FORMAT:
        age = "a newer" if written > FORMAT else "an older"
        message = f"{folder} was written by {age} Corridor (format {written}, this one reads {FORMAT}): run it again"
        raise UsageError(message)
    return []


def part_path(folder: Path, part: int) -> Path:
    """Return where a batch of replicates is kept."""
    return folder / "replicates" / f"part-{part:04d}.parquet"


def block_path(folder: Path, block: int) -> Path:
    """Return where a stretch of moments of a run's summary is kept, all replicates merged."""
    return folder / "sketch" / f"block-{block:04d}.npz"


def piece_path(folder: Path, block: int, first: int, last: int) -> Path:
    """Return where some replicates of a stretch of moments are kept until they are merged into it."""
    return folder / "sketch" / f"piece-{block:04d}-{first:08d}-{last:08d}.npz"


def list_pieces(folder: Path, block: int) -> list[Path]:
    """Return the files of replicates that are not merged yet into a stretch of moments."""
    return sorted((folder / "sketch").glob(f"piece-{block:04d}-*.npz"))


def list_blocks(folder: Path) -> list[Path]:
    """Return the files of a run's summary, in the order of their moments."""
    return sorted((folder / "sketch").glob("block-*.npz"))


def write_table(path: Path, pieces: Iterable[Mapping[str, np.ndarray]], manifest: Mapping[str, Any]) -> None:
    """Write a table of a run in pieces, so that it need not stand in memory at once, and its seal.

    Raises InterruptedRunError when the disk is full or the folder cannot be written.
    """
    write_pieces(path, pieces)
    _seal(path, manifest)


def write_part(
    folder: Path, part: int, pieces: Iterable[Mapping[str, np.ndarray]], manifest: Mapping[str, Any]
) -> None:
    """Write one batch, in pieces. Raises InterruptedRunError when it cannot be written."""
    write_table(part_path(folder, part), pieces, manifest)


def _seal(path: Path, manifest: Mapping[str, Any]) -> None:
    write_text(seal_path(path), make_seal(path, identify(manifest)) + "\n")


def missing_parts(folder: Path, manifest: Mapping[str, Any]) -> list[int]:
    """Return the batches that are not there yet, or are not as they were written."""
    run = identify(manifest)
    return [part for part in range(manifest["parts"]) if not is_sealed(part_path(folder, part), run)]
