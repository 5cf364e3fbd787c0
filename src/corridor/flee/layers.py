"""Where the files of a case of Flee lie: in its own folder, or, of a member of a SWEEP, over those of the case above.

FabFlee copies a configuration and then each folder of its SWEEP over it. So a member may hold a whole case, one file of
input_csv, or settings alone; what it lacks is that of the configuration. Settings are looked for upwards.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

INPUT_FOLDERS = ("input_csv", "input_files", ".")
SOURCE_FOLDERS = ("source_data", ".", "../source_data")
SETTINGS_FILES = ("simsetting.yml", "simsettings.yml", "simsetting.csv", "simsettings.csv")
PLACES_FILE = "locations.csv"
UPWARDS = 3  # folders above a case in which settings are looked for


def find_layers(folder: Path) -> list[Path]:
    """Return the folders whose files make up a case, the first of them before the others."""
    parent = Path(os.path.abspath(folder)).parent  # noqa: PTH100 links are not followed: a SWEEP may hold links to cases
    return [folder, parent.parent] if "sweep" in parent.name.lower() else [folder]


def find_folder(folder: Path, names: tuple[str, ...], needed: str) -> Path | None:
    """Return the first of some folders within a case that holds a file, or None."""
    inside = (layer / name for layer in find_layers(folder) for name in names)
    return next((place for place in inside if (place / needed).is_file()), None)


def find_inputs(folder: Path) -> list[Path]:
    """Return the input folders of a case, one of each layer that has one."""
    found = []
    for layer in find_layers(folder):
        whole = [layer / name for name in INPUT_FOLDERS if (layer / name / PLACES_FILE).is_file()]
        some = [layer / name for name in INPUT_FOLDERS[:-1] if (layer / name).is_dir()]
        found += (whole or some)[:1]
    return found


def list_files(folders: list[Path], pattern: str) -> list[Path]:
    """Return the files of a pattern by name; of two with one name that of the first folder."""
    files = {file.name: file for folder in reversed(folders) for file in folder.glob(pattern)}
    return [files[name] for name in sorted(files)]


def find_own_settings(folder: Path) -> Path | None:
    """Return the settings file of one folder or of its input folder, or None."""
    places = (folder, folder / INPUT_FOLDERS[0])
    return next((place / name for place in places for name in SETTINGS_FILES if (place / name).is_file()), None)


def find_settings(folder: Path) -> Path | None:
    """Return the nearest settings file, of the case itself or up to three folders above it; None if there is none."""
    above = [folder, *Path(os.path.abspath(folder)).parents[:UPWARDS]]  # noqa: PTH100
    return next((found for place in above if (found := find_own_settings(place)) is not None), None)


def find_members(folder: Path) -> list[Path]:
    """Return the cases of a SWEEP, or of a folder of cases, in the order of their names; none where it is one case.

    Numbers in a name count as numbers: 2 comes before 10.
    """
    if not folder.is_dir() or find_folder(folder, INPUT_FOLDERS, PLACES_FILE) is not None:
        return []
    inner = next((path for path in folder.iterdir() if path.is_dir() and path.name.lower() == "sweep"), folder)
    members = [path for path in inner.iterdir() if path.is_dir() and path.name not in INPUT_FOLDERS]
    return sorted((path for path in members if _is_member(path)), key=_order)


def _is_member(path: Path) -> bool:
    changes = find_own_settings(path) is not None or any((path / name).is_dir() for name in INPUT_FOLDERS[:-1])
    own = (path / PLACES_FILE).is_file()
    return (changes or own) and find_folder(path, INPUT_FOLDERS, PLACES_FILE) is not None


def _order(path: Path) -> list[tuple[bool, int, str]]:
    return [(not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in re.split(r"(\d+)", path.name)]
