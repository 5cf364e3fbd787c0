"""A saved mapping, `columns.toml`: which column of somebody's table is what, and how the table is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corridor.scenario.draft import suggest
from corridor.scenario.faults import FaultsError, UsageError
from corridor.scenario.files import read_toml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from corridor.scenario.faults import Fault

_KEYS = {
    "table": ("sheet", "header_row", "encoding", "delimiter", "dates", "decimal"),
    "source": ("publisher", "title", "licence", "address", "published"),
    "counts": ("series", "status", "per", "rows", "origin"),
}
_WORDS = {"dates": ("day first", "month first"), "decimal": (".", ","), "per": ("total", "day"), "rows": ("one", "add")}


@dataclass(frozen=True)
class ColumnMapping:
    """What a person said of a table.

    `columns` names by role the column as its header has it; `table`, `source` and `counts` hold the keys of those
    parts; `places` names by their word for a place the id of ours.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    table: Mapping[str, Any] = field(default_factory=dict)
    source: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)


NO_MAPPING = ColumnMapping()


def read_mapping(path: Path, roles: Iterable[str]) -> ColumnMapping:
    """Return a mapping from a TOML file. Raises UsageError for what it cannot hold, FaultsError if it is no TOML."""
    faults: list[Fault] = []
    read = read_toml(path, faults)
    if read is None:
        raise FaultsError(faults)
    document, name = read[0], path.name
    _require_known(name, "part", document, ("columns", "places", *_KEYS))
    for part, keys in _KEYS.items():
        _require_known(name, f"key of [{part}]", _take(name, document, part), keys)
    columns = _take(name, document, "columns")
    _require_known(name, "column that is read here", columns, tuple(roles))
    for key, words in _WORDS.items():
        for part in _KEYS:
            said = document.get(part, {}).get(key)
            if key in _KEYS[part] and said is not None and said not in words:
                message = f"{name}: {key} is {said!r}; it is {' or '.join(map(repr, words))}"
                raise UsageError(message)
    row = document.get("table", {}).get("header_row")
    if row is not None and not (type(row) is int and row >= 1):
        message = f"{name}: header_row is the number of a line, the first is 1"
        raise UsageError(message)
    table = document.get("table", {})
    if len(str(table.get("delimiter", ""))) > 1 or str(table.get("delimiter", "")) in ("\0", "\n", "\r", '"'):
        message = f"{name}: delimiter is one sign, such as a comma"
        raise UsageError(message)
    if "\0" in str(table.get("encoding", "")):
        message = f"{name}: encoding is the name of one, such as utf-8"
        raise UsageError(message)
    parts = {part: _take(name, document, part) for part in (*_KEYS, "columns", "places")}
    texts = {part: {k: str(v) for k, v in parts[part].items()} for part in ("columns", "source", "counts", "places")}
    return ColumnMapping(table=parts["table"], **texts)


def _take(name: str, document: Mapping[str, Any], part: str) -> Mapping[str, Any]:
    found = document.get(part, {})
    if not isinstance(found, dict) or any(isinstance(value, dict | list) for value in found.values()):
        message = f"{name}: [{part}] holds lines such as name = value"
        raise UsageError(message)
    return found


def _require_known(name: str, what: str, found: Iterable[str], known: tuple[str, ...]) -> None:
    for key in found:
        if key not in known:
            message = f'{name}: "{key}" is no {what}; there are {", ".join(known)}{suggest(key, known)}'
            raise UsageError(message)
