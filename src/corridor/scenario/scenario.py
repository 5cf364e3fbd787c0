"""A validated scenario: read once, never changed; a variant is a new scenario."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from corridor.faults import Fault, FaultsError, UsageError
from corridor.scenario.check import check_draft
from corridor.scenario.read import Draft, Row, read_draft, suggest
from corridor.scenario.schema import key_of
from corridor.scenario.values import Quantity, TimeRange
from corridor.scenario.variant import apply_variant


@dataclass(frozen=True)
class Scenario:
    """Validated input of a run.

    `settings` are the keys of scenario.toml, `sets` its parameter sets, `tables` the rows of every table, sorted
    by what makes them unique so that the order in the files does not matter. `warnings` are faults that do not
    prevent use. `variant` names the variant applied, or is empty.
    """

    folder: Path
    settings: Mapping[str, Any]
    sets: Mapping[str, Mapping[str, Any]]
    tables: Mapping[str, tuple[Row, ...]]
    warnings: tuple[Fault, ...] = ()
    variant: str = ""
    hash: str = field(default="", compare=False)

    def rows(self, table: str, parameter_set: str) -> tuple[Row, ...]:
        """Return the rows of a table that apply under a parameter set: its own and those of every set."""
        return tuple(row for row in self.tables[table] if row.values.get("set", "") in ("", parameter_set))

    def choose_set(self, asked: str | None) -> str:
        """Return the parameter set to use. Raises UsageError when there is no such set."""
        chosen = asked or self.settings["default_set"]
        if not self.sets and not asked:
            return ""
        if chosen not in self.sets:
            known = ", ".join(self.sets) or "none"
            hint = suggest(chosen, self.sets)
            message = f'no parameter set "{chosen}" in {self.folder}; there are: {known}{hint}'
            raise UsageError(message)
        return str(chosen)

    @property
    def start(self) -> datetime:
        """Return the first moment simulated (local time)."""
        return self.settings["start"]  # type: ignore[no-any-return]

    @property
    def end(self) -> datetime:
        """Return the last moment simulated (local time)."""
        return self.settings["end"]  # type: ignore[no-any-return]

    def replace(self, variant: str, **changes: Any) -> Scenario:
        """Return a new scenario with other settings or tables (keywords: settings, sets, tables)."""
        changed = replace(self, variant=variant, **changes)
        return replace(changed, hash=hash_content(changed))


def find_faults(folder: Path | str, variant: str | None = None) -> list[Fault]:
    """Return all faults and warnings of a scenario folder, sorted; an empty list means it can be used as it is."""
    draft = _load_draft(Path(folder), variant)
    return sorted(set(draft.faults))


def read_scenario(folder: Path | str, variant: str | None = None) -> Scenario:
    """Read, check and return a scenario folder, with a variant (a file in variants/) laid over it if named.

    Raises FaultsError with every fault when the folder cannot be used, UsageError when there is no such variant.
    """
    draft = _load_draft(Path(folder), variant)
    errors = [fault for fault in draft.faults if fault.severity == "error"]
    if errors:
        raise FaultsError(draft.faults)
    tables = {name: tuple(sorted(rows, key=_sort_key)) for name, rows in draft.tables.items()}
    scenario = Scenario(
        Path(folder),
        MappingProxyType(draft.settings),
        MappingProxyType(draft.sets),
        MappingProxyType(tables),
        tuple(sorted(set(draft.faults))),
        variant or "",
    )
    return replace(scenario, hash=hash_content(scenario))


def _load_draft(folder: Path, variant: str | None) -> Draft:
    draft = read_draft(folder)
    if variant and folder.is_dir():
        apply_variant(draft, variant)
    if folder.is_dir():
        check_draft(draft)
    return draft


def _sort_key(row: Row) -> tuple[str, ...]:
    key = key_of(row.table) or ("series", "place", "time")
    return (*(str(row.values.get(column, "")) for column in key), str(row.values.get("set", "")), row.file)


def hash_content(scenario: Scenario) -> str:
    """Return a SHA-256 over all values: the same for any order of rows and columns, without notes and paths."""
    content = {
        "settings": {key: _plain(value) for key, value in sorted(scenario.settings.items())},
        "sets": {
            name: {k: _plain(v) for k, v in sorted(s.items())} for name, s in sorted(scenario.sets.items())
        },
        "tables": {
            name: [
                {
                    k: _plain(v)
                    for k, v in sorted(row.values.items())
                    if k != "note" and v not in (None, "", ())
                }
                for row in rows
            ]
            for name, rows in sorted(scenario.tables.items())
        },
        "variant": scenario.variant,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Quantity | TimeRange):
        return value.write()
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    return value
