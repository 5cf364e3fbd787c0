"""A validated scenario: read once, never changed; a variant is a new scenario."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from corridor.scenario.checks import check_draft
from corridor.scenario.checks.evidence import find_unsupported_numbers
from corridor.scenario.draft import Draft, Row, suggest
from corridor.scenario.faults import Fault, FaultsError, UsageError
from corridor.scenario.read import read_draft
from corridor.scenario.schema import key_of
from corridor.scenario.table import Table, write_html_table
from corridor.scenario.values import Quantity, TimeRange
from corridor.scenario.variant import apply_variant, list_variants

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Scenario:
    """Validated input of a run.

    `settings` are the keys of scenario.toml, `sets` its parameter sets, `tables` the rows of every table,
    sorted by what makes them unique so that the order in the files does not matter. `warnings` are faults
    that do not prevent use. `variant_name` names the variant applied, or is empty. Every table can be
    had by its name as well, as in `scenario.places`.
    """

    folder: Path
    settings: Mapping[str, Any]
    sets: Mapping[str, Mapping[str, Any]]
    tables: Mapping[str, tuple[Row, ...]]
    warnings: tuple[Fault, ...] = ()
    variant_name: str = ""
    hash: str = field(default="", compare=False)

    def __getattr__(self, name: str) -> Table:
        """Return a table by its name. Raises AttributeError for any other name."""
        tables = self.__dict__.get("tables", {})
        if name not in tables:
            message = f"a scenario has no {name!r}{suggest(name, dir(self))}"
            raise AttributeError(message)
        return Table(name, tables[name])

    def __dir__(self) -> list[str]:
        """Return the names of attributes, tables among them."""
        return sorted({*super().__dir__(), *self.__dict__.get("tables", {})})

    def _repr_html_(self) -> str:
        counts = ", ".join(f"{name} {len(rows)}" for name, rows in self.tables.items() if rows)
        rows = {
            "period": f"{self.start:%Y-%m-%d %H:%M} to {self.end:%Y-%m-%d %H:%M}",
            "sets": ", ".join(self.sets),
            "variant": self.variant_name,
            "variants": ", ".join(self.variants),
            "rows": counts,
            **{f"warning {n}": fault.describe() for n, fault in enumerate(self.faults, 1)},
        }
        return write_html_table(str(self.settings["title"]), (), [row for row in rows.items() if row[1]])

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Return what was found that does not prevent use: the warnings."""
        return self.warnings

    @property
    def variants(self) -> tuple[str, ...]:
        """Return the names of the variants that lie in the folder."""
        return tuple(list_variants(self.folder))

    def variant(self, name: str) -> Scenario:
        """Return a new scenario, this folder with one of its variants laid over it.

        Raises FaultsError with every fault, UsageError without such a variant and for a scenario already varied.
        """
        if self.variant_name:
            message = f'this scenario is the variant "{self.variant_name}" already: read the folder, then vary it'
            raise UsageError(message)
        return read_scenario(self.folder, name)

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
        changed = replace(self, variant_name=variant, **changes)
        return replace(changed, hash=hash_content(changed))


def read_scenario(folder: Path | str, variant: str | None = None) -> Scenario:
    """Read, check and return a scenario folder, with a variant (a file in variants/) laid over it if named.

    Raises FaultsError with every fault when the folder cannot be used, UsageError without such a variant.
    """
    return make_scenario(load_draft(Path(folder), variant), variant or "")


def load_draft(folder: Path, variant: str | None, strict: bool = False) -> Draft:
    """Read and check a folder without raising for what is wrong in it; `strict` asks a claim of every number.

    Raises UsageError when there is no such variant.
    """
    draft = read_draft(folder)
    if draft.tables:  # empty when the folder itself could not be opened
        if variant:
            apply_variant(draft, variant)
        check_draft(draft)
        if strict:
            find_unsupported_numbers(draft)
        draft.note_untold()
    return draft


def make_scenario(draft: Draft, variant: str) -> Scenario:
    """Return the scenario of a checked draft. Raises FaultsError when it has errors."""
    if any(fault.severity == "error" for fault in draft.faults):
        raise FaultsError(draft.faults)
    tables = {name: tuple(sorted(rows, key=_sort_key)) for name, rows in draft.tables.items()}
    scenario = Scenario(
        draft.folder,
        MappingProxyType(draft.settings),
        MappingProxyType(draft.sets),
        MappingProxyType(tables),
        tuple(sorted(set(draft.faults))),
        variant,
    )
    return replace(scenario, hash=hash_content(scenario))


def _sort_key(row: Row) -> tuple[str, ...]:
    key = key_of(row.table) or ("series", "place", "time")
    names = (str(row.values.get(column, "")) for column in (*key, "set"))
    return (*names, json.dumps(_plain_row(row), sort_keys=True))


def hash_content(scenario: Scenario) -> str:
    """Return a SHA-256 over all values, notes, paths and format apart: the same for any order of rows and columns."""
    content = {
        "settings": {key: _plain(value) for key, value in sorted(scenario.settings.items()) if key != "format"},
        "sets": {name: {k: _plain(v) for k, v in sorted(s.items())} for name, s in sorted(scenario.sets.items())},
        "tables": {name: [_plain_row(row) for row in rows] for name, rows in sorted(scenario.tables.items()) if rows},
        "variant": scenario.variant_name,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _plain_row(row: Row) -> dict[str, Any]:
    filled = ((column, value) for column, value in row.values.items() if value not in (None, "", ()))
    return {column: _plain(value) for column, value in filled if column != "note"}


def _plain(value: Any) -> Any:
    if isinstance(value, Quantity | TimeRange):
        return value.write()
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    return value
