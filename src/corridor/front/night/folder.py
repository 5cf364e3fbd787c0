"""The folder of nights: a folder for each, of which a kill leaves whole files only, and which is taken up.

OUT/2025-03-04/night.json (of which cases, and how they are worked, sealed), cases/NAME.json (what there is to say of
each, sealed), runs/NAME-1a2b3c4d/ (its run and briefing; the letters stand for content and settings), index.html and
index.json, timings.json.
"""

from __future__ import annotations

import json
import os
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor.results.seal import read_document, seal_document
from corridor.scenario.faults import UsageError
from corridor.scenario.folder import SETTINGS
from corridor.scenario.writing import building, remove_unfinished, write_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

NIGHT, TIMINGS = "night.json", "timings.json"
FORMAT = 1
LONGEST_NAME = 200  # bytes of a case's name: files are called after it, and a system allows 255
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
IDENTITY = {"format": "format of the folder", "folder": "folder of cases", "asked": "what is done with each case"}


def list_cases(folder: Path) -> tuple[list[Path], list[str]]:
    """Return the cases of a folder, and the names of other folders in it, hidden ones apart.

    A case is a folder with a scenario.toml or with tables, so that one which has lost its settings is not passed over;
    one that cannot be looked into counts as one, for its check to say so. A link that leads out of the folder is none.
    Raises UsageError where there is no case.
    """
    if not os.path.isdir(folder):  # noqa: PTH112, is_dir raises for names too long
        message = f"{folder} is no folder"
        raise UsageError(message)
    try:
        inside = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    except OSError as error:
        message = f"{folder} cannot be read: {error.strerror}"
        raise UsageError(message) from error
    root = os.path.realpath(folder)
    cases = [path for path in inside if Path(os.path.realpath(path)).is_relative_to(root) and _is_case(path)]
    if not cases:
        message = f"no case in {folder}: each is a folder in it with a {SETTINGS}"
        raise UsageError(message)
    return cases, [path.name for path in inside if path not in cases]


def _is_case(path: Path) -> bool:
    try:
        return (path / SETTINGS).exists() or any(path.glob("*.csv"))
    except OSError:
        return True


def tell_why_unnamed(case: Path) -> str:
    """Return why a night cannot keep anything under the name of a case, blank if it can."""
    try:
        size = len(case.name.encode())
    except UnicodeEncodeError:
        return "the name of its folder is no text: rename it"
    most = f"the name of its folder has {size} bytes, at most {LONGEST_NAME} can be kept: rename it"
    return most if size > LONGEST_NAME else ""


def open_night(out: Path, day: date, folder: Path, asked: Mapping[str, Any]) -> Path:
    """Begin the folder of a night or take up the one that is there, and return it.

    Raises UsageError when it is of other cases or other work, holds something else, or cannot be written.
    """
    night, manifest = out / day.isoformat(), {"format": FORMAT, "folder": str(folder.resolve()), "asked": dict(asked)}
    if not (night / NIGHT).exists():
        with building(night, last=NIGHT) as fresh:
            write_document(fresh / NIGHT, manifest)
        return night
    old = read_document(night / NIGHT)
    different = [words for name, words in IDENTITY.items() if old is not None and old.get(name) != manifest[name]]
    if old is None or different:
        why = f"differs in {'; '.join(different)}" if different else "is damaged"
        message = f"{night} holds another night, which {why}; choose another --out"
        raise UsageError(message)
    remove_unfinished(night.rglob(".*.part"))
    return night


def write_document(path: Path, document: Mapping[str, Any]) -> None:
    """Write a document with its seal, whole or not at all."""
    write_file(path, json.dumps(seal_document(document), ensure_ascii=False, indent=1) + "\n")


def summary_path(night: Path, case: str) -> Path:
    """Return where a night keeps what there is to say of a case."""
    return night / "cases" / f"{case}.json"


def runs_folder(night: Path) -> Path:
    """Return where a night keeps its runs."""
    return night / "runs"


def list_earlier(night: Path) -> list[Path]:
    """Return the nights before one, the latest first."""
    days = (path for path in night.parent.iterdir() if _DAY.fullmatch(path.name) and path.name < night.name)
    return sorted((path for path in days if (path / NIGHT).exists()), key=lambda path: path.name, reverse=True)


def find_before(earlier: Iterable[Path], case: str) -> tuple[str, dict[str, Any]] | None:
    """Return the first of some nights in which a case was done, by its day, and what it said; None without one."""
    for night in earlier:
        summary = read_document(summary_path(night, case))
        if summary is not None and summary["state"] == "done":
            return night.name, summary
    return None


def read_timings(nights: Sequence[Path]) -> dict[str, float]:
    """Return the seconds that each case took in the first of some nights that knows it."""
    found: dict[str, float] = {}
    for night in reversed(nights):
        timings = read_document(night / TIMINGS)
        found |= {} if timings is None else timings["seconds"]
    return found
