"""The files of a scenario folder that are read, and nothing else: what is copied with a run or a plan."""

from __future__ import annotations

import os
import shutil
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from corridor.scenario.files import read_toml
from corridor.scenario.schema import JUDGED_FILE, REVIEWED_FILE, table_files

if TYPE_CHECKING:
    from collections.abc import Iterator

SETTINGS = "scenario.toml"
_LOOKED_INTO = ("*.toml", "*.csv", "evidence/*.csv", "evidence/texts/*", "observations/*.csv", "variants/*.toml")


def list_files(folder: Path) -> list[str]:
    """Return the settings, tables, observations, variants and fitted draws in a folder; no texts of reports."""
    known = {SETTINGS, REVIEWED_FILE, JUDGED_FILE, *table_files().values(), *_list_draws(folder)}
    known |= {path.relative_to(folder).as_posix() for pattern in _LOOKED_INTO[-2:] for path in folder.glob(pattern)}
    return sorted(name for name in known if (folder / name).is_file())


def list_case_files(folder: Path) -> list[str]:
    """Return every file that a check of the folder looks at, misnamed tables among them; no texts of reports."""
    looked = {path.relative_to(folder).as_posix() for path in _look_into(folder) if path.is_file()}
    texts = {name for name in looked if name.startswith("evidence/texts/")}
    return sorted({*list_files(folder), *looked} - texts)


def find_links_outside(folder: Path) -> list[str]:
    """Return the files among which a folder is read that are links to something outside it."""
    paths = [*(folder / name for name in list_files(folder)), *_look_into(folder)]
    root = os.path.realpath(folder)
    outside = {path for path in paths if not Path(os.path.realpath(path)).is_relative_to(root)}
    return sorted(path.relative_to(folder).as_posix() for path in outside)


def is_inside(folder: Path, file: str) -> bool:
    """Tell whether a name that a user wrote is that of a file in the folder."""
    path = PurePosixPath(file.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts:
        return False
    try:
        return (folder / path).is_file()
    except (OSError, ValueError):  # too long a name, or no name at all
        return False


def copy_files(source: Path, target: Path) -> None:
    """Copy what is read of a scenario folder into another one."""
    for name in list_files(source):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, target / name)


def _look_into(folder: Path) -> Iterator[Path]:
    for pattern in _LOOKED_INTO:
        yield from folder.glob(pattern)


def _list_draws(folder: Path) -> Iterator[str]:
    """Yield the files of fitted draws that the settings name, as far as they can be read and lie within the folder."""
    document, _ = read_toml(folder / SETTINGS, []) or ({}, {})
    sets = document.get("sets")
    for values in sets.values() if isinstance(sets, dict) else ():
        file = values.get("draws") if isinstance(values, dict) else None
        if isinstance(file, str) and is_inside(folder, file):
            yield file
