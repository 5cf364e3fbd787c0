"""What a case is to be built from, and how: kept as build.toml in the case, so that it can be built again."""

from __future__ import annotations

import hashlib
import json
import os
import tomllib
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from corridor.build.mapped import PLACES
from corridor.scenario.draft import suggest
from corridor.scenario.faults import UsageError

FILE = "build.toml"
INPUTS = ("roads", "inside", "people", "events", "counts", "names", "map")
DAYS_KEPT = 15  # of 15-minute steps; longer periods go by the hour


@dataclass(frozen=True)
class Wishes:
    """Files and options of a build; paths are as given or, read back from build.toml, relative to the case.

    `inside` holds the area, of which `code` names a part by place code or name. `start` and `end` are local times.
    `smallest` is the least class of road read, `kinds` the kinds of place kept inside, `beyond_km` how far outside
    places are looked for, `language` that of the names shown.
    """

    roads: str = ""
    inside: str = ""
    start: str = ""
    end: str = ""
    code: str = ""
    people: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()
    names: str = ""
    map: str = ""
    title: str = ""
    time_zone: str = "UTC"
    smallest: str = "unclassified"
    kinds: tuple[str, ...] = PLACES[:3]
    beyond_km: float = 25.0
    language: str = "en"

    @property
    def period(self) -> tuple[datetime, datetime]:
        """Return start and end. Raises UsageError where one is no local time, or the end comes first."""
        begin, end = (_read_time(name, getattr(self, name)) for name in ("start", "end"))
        if end <= begin:
            message = f"the end, {self.end}, should be later than the start, {self.start}"
            raise UsageError(message)
        return begin, end

    def list_inputs(self) -> list[tuple[str, str]]:
        """Return (what for, path) of every file named."""
        found: list[tuple[str, str]] = []
        for name in INPUTS:
            value = getattr(self, name)
            found += [(name, path) for path in (value if isinstance(value, tuple) else (value,)) if path]
        return found


def make_wishes(values: dict[str, Any], earlier: Wishes | None = None) -> Wishes:
    """Return wishes from values by name, over those of an earlier build; what is None is not named.

    Raises UsageError for a name that is none, a kind of place that is none, and without roads, area, start or end.
    """
    known = {field.name for field in fields(Wishes)}
    given = {name: value for name, value in values.items() if value is not None and value != ()}
    for name in given.keys() - known:
        message = f'build knows no "{name}"{suggest(name, known)}; there are {", ".join(sorted(known))}'
        raise UsageError(message)
    many = ("people", "events", "counts", "kinds")
    for name, value in given.items():
        if name in many:
            parts = (value,) if isinstance(value, str | Path) else value
            given[name] = tuple(str(part) for part in parts)
        elif name != "beyond_km":
            given[name] = str(value)
    wishes = replace(earlier or Wishes(), **given)
    missing = [name for name in ("roads", "inside", "start", "end") if not getattr(wishes, name)]
    if missing:
        message = f"a build needs {', '.join(f'--{name}' for name in missing)}"
        raise UsageError(message)
    for kind in wishes.kinds:
        if kind not in PLACES:
            message = f'there is no kind of place "{kind}"; there are {", ".join(PLACES)}'
            raise UsageError(message)
    if not 0 < float(wishes.beyond_km) <= 1000:
        message = f"--beyond {wishes.beyond_km} should be above 0 and at most 1000 km"
        raise UsageError(message)
    _ = wishes.period
    return wishes


def _read_time(name: str, text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        time = None
    if time is None or time.tzinfo is not None:
        message = f'--{name} "{text}" should be a local day or time such as 2026-03-01 or 2026-03-01T18:00'
        raise UsageError(message)
    return time


def find_path(base: Path, path: str) -> Path:
    """Return a path that is relative to a folder, which need not be there yet."""
    return Path(os.path.normpath(base / path))


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_wishes(wishes: Wishes, hashes: dict[str, str]) -> str:
    """Return build.toml: the options, the inputs and their hashes by path."""
    lines = ["# What this case was built from. `corridor build` with this folder alone builds it again; what a person"]
    lines += ["# has changed since stays as it is."]
    for field in fields(wishes):
        value = getattr(wishes, field.name)
        value = list(value) if isinstance(value, tuple) else value
        if value not in ("", []):
            lines.append(f"{field.name} = {json.dumps(value, ensure_ascii=False)}")
    lines += ["", "[hashes]  # SHA-256 of each file as it was read"]
    lines += [f"{json.dumps(path, ensure_ascii=False)} = {json.dumps(value)}" for path, value in hashes.items()]
    return "\n".join(lines) + "\n"


def read_wishes(folder: Path) -> tuple[Wishes, dict[str, str]] | None:
    """Return the wishes and hashes of an earlier build, or None where there was none. Raises UsageError if damaged."""
    path = folder / FILE
    if not path.is_file():
        return None
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
        hashes = {str(name): str(value) for name, value in values.pop("hashes", {}).items()}
        return make_wishes(values), hashes
    except (ValueError, TypeError, AttributeError, OSError, RecursionError) as error:
        message = f"{path} cannot be read: {error}; mend it, or build into a new folder"
        raise UsageError(message) from error
