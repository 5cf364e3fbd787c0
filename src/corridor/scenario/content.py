"""What a scenario holds, as hashes: by them a run, a ledger and fitted draws know it again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from corridor.scenario.schema import key_of
from corridor.scenario.values import Margin, Quantity, TimeRange

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from corridor.scenario.draft import Draft, Row

_APART = ("title", "disclaimer", "sensitivity", "data_date", "default_set", "seed")  # a fit reads none of these
_EVIDENCE = ("claims", "sources")
# Columns that came after folders had been hashed, with what a blank cell means: so written, they change no hash.
_LATER: dict[str, dict[str, Any]] = {"items": {"kept": True, "for_leaving": False}, "positions": {"date": None}}
_KNOWN_BY = ("claims", "published")  # columns that say where a number comes from


def sort_rows(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Return rows sorted by what makes them unique, so that the order in the files does not matter."""
    return tuple(sorted(rows, key=_sort_key))


def _sort_key(row: Row) -> tuple[str, ...]:
    key = key_of(row.table) or ("series", "place", "time")
    names = (str(row.values.get(column, "")) for column in (*key, "set"))
    return (*names, json.dumps(_plain_row(row), sort_keys=True))


def hash_content(
    settings: Mapping[str, Any],
    sets: Mapping[str, Mapping[str, Any]],
    tables: Mapping[str, tuple[Row, ...]],
    variant: str,
) -> str:
    """Return a SHA-256 over all values, notes, paths and format apart: the same for any order of rows and columns."""
    content = {
        "settings": {key: _plain(value) for key, value in sorted(settings.items()) if key != "format"},
        "sets": {name: {k: _plain(v) for k, v in sorted(known.items())} for name, known in sorted(sets.items())},
        "tables": {name: [_plain_row(row) for row in rows] for name, rows in sorted(tables.items()) if rows},
        "variant": variant,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def hash_states(draft: Draft) -> dict[str, str]:
    """Return for each parameter set that names fitted draws the state that they should have been made for."""
    return {
        name: hash_state(draft.settings, draft.tables, name, known.get("fitted_until"))
        for name, known in draft.sets.items()
        if known.get("draws")
    }


def hash_state(
    settings: Mapping[str, Any], tables: Mapping[str, Iterable[Row]], parameter_set: str, until: datetime | None
) -> str:
    """Return a hash of all that draws fitted to the counts up to a time depend on.

    That is no count of later or published later, no row of another parameter set, no title, and nothing about where a
    number comes from.
    """
    chosen = {
        name: sort_rows(
            replace(row, values={column: value for column, value in row.values.items() if column not in _KNOWN_BY})
            for row in rows
            if row.applies(parameter_set) and not _is_later(row, until)
        )
        for name, rows in tables.items()
        if name not in _EVIDENCE
    }
    bare = {name: value for name, value in settings.items() if name not in _APART}
    return hash_content(bare, {}, chosen, "")


def _is_later(row: Row, until: datetime | None) -> bool:
    if row.table != "observations" or until is None:
        return False
    published = row["published"]
    return row["time"] > until or (published is not None and published > until)


def _plain_row(row: Row) -> dict[str, Any]:
    filled = ((column, value) for column, value in row.values.items() if value not in (None, "", ()))
    later = _LATER.get(row.table, {})
    return {c: _plain(value) for c, value in filled if c != "note" and (c not in later or value != later[c])}


def _plain(value: Any) -> Any:
    if isinstance(value, Quantity | TimeRange | Margin):
        return value.write()
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    return value
