"""A validated scenario: read once, never changed; a variant is a new scenario."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from corridor.scenario.checks import check_draft
from corridor.scenario.checks.evidence import find_unsupported_numbers
from corridor.scenario.content import hash_content, hash_states, sort_rows
from corridor.scenario.count_table import CountTable, list_vintages
from corridor.scenario.counts import known_counts, read_counts
from corridor.scenario.draft import Draft, Row, suggest
from corridor.scenario.edits import apply_edits, merge_documents, name_edited
from corridor.scenario.faults import Fault, FaultsError, UsageError
from corridor.scenario.read import read_draft
from corridor.scenario.table import Table, write_html_table
from corridor.scenario.talks import require_people
from corridor.scenario.values import parse_day_or_time
from corridor.scenario.variant import EDITS, Document, list_variants

if TYPE_CHECKING:
    from collections.abc import Mapping

VIEWS = ("settings", "sets", "tables")  # that nobody can change


@dataclass(frozen=True)
class Scenario:
    """Validated input of a run.

    `settings` are the keys of scenario.toml, `sets` its parameter sets, `tables` the rows of every table,
    sorted by what makes them unique so that the order in the files does not matter. `warnings` are faults
    that do not prevent use. `variant_name` names the variant applied, or is empty. `hash` is that of its
    content; `states` are those of the folder that its fitted draws should have been made for, by parameter set.
    `edits` are what was laid over it (and over the variant) without standing in a file.
    Every table can be had by its name as well, as in `scenario.places`.
    """

    folder: Path
    settings: Mapping[str, Any]
    sets: Mapping[str, Mapping[str, Any]]
    tables: Mapping[str, tuple[Row, ...]]
    warnings: tuple[Fault, ...] = ()
    variant_name: str = ""
    hash: str = field(default="", compare=False)
    states: Mapping[str, str] = field(default_factory=dict, compare=False)
    edits: Document | None = field(default=None, compare=False)

    def __getattr__(self, name: str) -> Table:
        """Return a table by its name. Raises AttributeError for any other name."""
        tables = self.__dict__.get("tables", {})
        if name not in tables:
            message = f"a scenario has no {name!r}{suggest(name, dir(self))}"
            raise AttributeError(message)
        return Table(name, tables[name])

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how it is made anew in a worker process, which views that cannot be changed do not reach."""
        parts = {part.name: getattr(self, part.name) for part in fields(self)}
        return _make_anew, ({name: dict(parts[name]) if name in VIEWS else parts[name] for name in parts},)

    def __dir__(self) -> list[str]:
        """Return the names of attributes, tables among them."""
        return sorted({*super().__dir__(), *self.__dict__.get("tables", {})})

    def _repr_html_(self) -> str:
        counts = ", ".join(f"{name} {len(rows)}" for name, rows in self.tables.items() if rows)
        rows = {
            "period": "" if self.talks_alone else f"{self.start:%Y-%m-%d %H:%M} to {self.end:%Y-%m-%d %H:%M}",
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
    def talks_alone(self) -> bool:
        """Tell whether only a negotiation is in it: nobody to simulate, supply or forecast."""
        return not self.tables["people"]

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

    def edit(self, document: Document) -> Scenario:
        """Return a new scenario: this folder, with this variant and edits if any, and more edits laid over them.

        `document` is what reading a variant's file would give, as {"change": {"checkpoints": {"gate": {"lanes": 3}}}}.
        Raises FaultsError with every fault.
        """
        variant = self.variant_name if self.edits is None else self.variant_name.removesuffix(EDITS).rstrip()
        return read_scenario(self.folder, variant or None, merge_documents(self.edits or {}, document))

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
        """Return the first moment simulated (local time). Raises FaultsError for talks alone, which have no period."""
        require_people(self)
        return self.settings["start"]  # type: ignore[no-any-return]

    @property
    def end(self) -> datetime:
        """Return the last moment simulated (local time). Raises FaultsError for talks alone, which have no period."""
        require_people(self)
        return self.settings["end"]  # type: ignore[no-any-return]

    @property
    def counts(self) -> CountTable:
        """Return every count of the default parameter set with its error and all vintages, those replaced marked."""
        return list_vintages(read_counts(self, self.choose_set(None)))

    def known_counts(self, as_of: datetime | str, parameters: str | None = None) -> CountTable:
        """Return the counts known by a moment (local time, or with an offset), the newest vintage of each.

        A count without a time of publication is known by no moment. Raises UsageError without such a parameter set,
        ValueError for a text that is no time.
        """
        return list_vintages(known_counts(self, self.choose_set(parameters), self.read_moment(as_of)))

    def read_moment(self, as_of: datetime | str) -> datetime:
        """Return a moment in local time from one with or without an offset; a day means its end.

        Raises ValueError for a text that is no time.
        """
        zone = ZoneInfo(str(self.settings["time_zone"]))
        return parse_day_or_time(as_of if isinstance(as_of, str) else as_of.isoformat(), zone)

    def replace(self, variant: str, **changes: Any) -> Scenario:
        """Return a new scenario with other settings or tables (keywords: settings, sets, tables)."""
        changed = replace(self, variant_name=variant, **changes)
        return replace(changed, hash=hash_content(changed.settings, changed.sets, changed.tables, variant))


def read_scenario(folder: Path | str, variant: str | None = None, edits: Document | None = None) -> Scenario:
    """Read, check and return a scenario folder, with a variant (a file in variants/) and edits laid over it if given.

    Raises FaultsError with every fault when the folder cannot be used, UsageError without such a variant.
    """
    draft = load_draft(Path(folder), variant, edits=edits)
    return replace(make_scenario(draft, name_edited(variant, edits)), edits=edits)


def load_draft(
    folder: Path, variant: str | None, strict: bool = False, edits: Document | None = None, read: Draft | None = None
) -> Draft:
    """Read and check a folder without raising for what is wrong in it; `strict` asks a claim of every number.

    `edits` are laid over it like a variant that stands in no file; with a variant too both become one first. `read` is
    the folder as `read_folder` gave it, which stays as it is. Raises UsageError when there is no such variant.
    """
    draft = read_folder(folder) if read is None else read.copy()
    if draft.tables:  # empty when the folder itself could not be opened
        apply_edits(draft, variant, edits)
        check_draft(draft)
        if strict:
            find_unsupported_numbers(draft)
        draft.note_untold()
    return draft


def read_folder(folder: Path) -> Draft:
    """Read a folder as it is written, before any check and any variant; faults are collected, never raised."""
    draft = read_draft(folder)
    if draft.tables and not draft.has_errors:
        draft.states = hash_states(draft)
    return draft


def make_scenario(draft: Draft, variant: str, like: Scenario | None = None) -> Scenario:
    """Return the scenario of a checked draft. Raises FaultsError when it has errors.

    Tables whose rows are those of `like` are taken as they stand there, sorted; the hash is then left blank, since
    finding it takes longer than the rest.
    """
    if draft.has_errors:
        raise FaultsError(draft.faults)
    known = {} if like is None else like.tables
    tables = {name: _sort_again(rows, known.get(name, ())) for name, rows in draft.tables.items()}
    return Scenario(
        draft.folder,
        MappingProxyType(draft.settings),
        MappingProxyType(draft.sets),
        MappingProxyType(tables),
        tuple(sorted(set(draft.faults))),
        variant,
        hash_content(draft.settings, draft.sets, tables, variant) if like is None else "",
        draft.states,
    )


def _make_anew(parts: dict[str, Any]) -> Scenario:
    """Return a scenario from its parts, with views of its tables that cannot be changed."""
    views: dict[str, Any] = {name: MappingProxyType(parts[name]) for name in VIEWS}
    return Scenario(**{**parts, **views})


def _sort_again(rows: list[Row], known: tuple[Row, ...]) -> tuple[Row, ...]:
    """Return rows sorted; those known already if they are the same."""
    same = len(rows) == len(known) and set(map(id, rows)) == set(map(id, known))
    return known if same else sort_rows(rows)
