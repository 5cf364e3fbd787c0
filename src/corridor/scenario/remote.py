"""Folders that are on no disk of this machine: addresses such as s3://bucket/run, by fsspec and universal_pathlib.

An object of such a store appears whole or not at all; nothing is renamed, and nobody can be locked out.
"""

from __future__ import annotations

import atexit
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any, cast

from corridor.scenario.faults import UsageError

_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]+):/{1,2}(?=[^/])")  # a Path writes two strokes as one


def locate(path: Path | str) -> Path:
    """Return a path for what a user wrote: of this machine, or of a store that an address such as s3://... names.

    Raises UsageError where the libraries for such a store are not installed, or know none of that name.
    """
    found = _ADDRESS.match(str(path))
    if is_remote(path) or found is None:
        return Path(path) if isinstance(path, str) else path
    try:
        from upath import UPath
    except ImportError as error:
        message = f"{path} is on another machine: install corridor[cluster]"
        raise UsageError(message) from error
    address = f"{found[1]}://{str(path)[found.end() :]}"
    try:  # what others write meanwhile is seen at once
        return cast(Path, UPath(address, use_listings_cache=False))
    except (ImportError, ValueError) as error:
        message = f"{path} cannot be reached: {error}"
        raise UsageError(message) from error


def is_remote(path: object) -> bool:
    """Tell whether a path is one of another store."""
    return hasattr(path, "fs")


def send(source: Path, target: Path) -> None:
    """Write a file of this machine to another store, whole or not at all. Raises OSError when it cannot be written."""
    place: Any = target
    try:
        place.fs.put_file(str(source), place.path)
    except OSError:
        raise
    except Exception as error:  # each store has errors of its own
        raise OSError(str(error)) from error


def fetch(folder: Path) -> Path:
    """Return a folder of this machine with the files of one in another store; it goes when the program ends."""
    near = Path(tempfile.mkdtemp(prefix="corridor-"))
    for path in list_files(folder):
        copy = near.joinpath(*name_within(path, folder).split("/"))
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    atexit.register(shutil.rmtree, near, ignore_errors=True)
    return near


def list_files(folder: Path) -> list[Path]:
    """Return every file in a folder and beneath, in order."""
    if not is_remote(folder):
        return [path for path in sorted(folder.rglob("*")) if path.is_file()]
    place: Any = folder
    return [place / name[len(place.path) :].strip("/") for name in sorted(place.fs.find(place.path))]


def name_within(path: Path, folder: Path) -> str:
    """Return the name of a file in a folder, its parts joined by strokes."""
    return path.as_posix().removeprefix(folder.as_posix()).strip("/")
