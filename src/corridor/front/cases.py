"""Scenario folders: make one, read one, check one, bring an old one to the present format."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corridor.scenario import variant_writing
from corridor.scenario.create import FIRST, create_scenario
from corridor.scenario.draft import Draft
from corridor.scenario.edits import merge_documents, name_edited
from corridor.scenario.faults import Fault, FaultsError, load_fault_kinds
from corridor.scenario.scenario import Scenario, load_draft, make_scenario, read_scenario
from corridor.scenario.summary import summarise, write_summary
from corridor.scenario.table import write_html_table
from corridor.scenario.upgrade import upgrade_folder
from corridor.scenario.variant import Document, read_variant


def create(folder: Path | str, title: str | None = None, like: str = FIRST, extra: Iterable[str] = ()) -> list[Path]:
    """Write a small commented scenario that runs as it is into a new or empty folder; return the files written.

    `like` is the kind: one-road, several-exits, siege, camps, flood or talks (mediation alone). `extra` adds tables of
    relief, deal or both to any but talks.
    Raises UsageError when anything would be overwritten, there is no such kind or part, the title cannot be used or
    the folder cannot be written.
    """
    return create_scenario(Path(folder), title, like, extra)


def read(folder: Path | str, variant: str | None = None, edits: Document | None = None) -> Scenario:
    """Return a scenario folder, read and checked, with a variant laid over it if named, and edits.

    `edits` are what a variant's file holds, as a mapping: `{"change": {"checkpoints": {"bridge": {"lanes": "3..6"}}}}`,
    laid over the variant if there is one; `write_variant` makes a file of it. Faults in it are told of
    `variants/(edits)`. Raises FaultsError with every fault when the folder cannot be used, UsageError without such a
    variant.
    """
    return read_scenario(folder, variant, edits)


def write_variant(
    folder: Path | str, name: str, edits: Document, variant: str | None = None, replace: bool = False
) -> Path:
    """Write edits as the variant `variants/NAME.toml` of a folder, whole or not at all; return the file's path.

    With `variant`, edits that were laid over it, the new file holds both. The same edits give the same bytes. Whether
    they suit the folder is not asked: `check` says it. Raises UsageError for a name that is no id, for what is no
    variant, for a file that is there already unless `replace`, and when it cannot be written; FaultsError when the
    other variant cannot be read.
    """
    if variant is None:
        return variant_writing.write_variant(Path(folder), name, edits, replace)
    draft = Draft(Path(folder))
    if (read := read_variant(draft, variant)) is None:
        raise FaultsError(draft.faults)
    return variant_writing.write_variant(Path(folder), name, merge_documents(read[0], edits), replace)


@dataclass(frozen=True)
class Check:
    """What a check found.

    `scenario` is the scenario's id, or the folder's name when that could not be read; `faults` are all faults and
    warnings, sorted; `summary` says what the scenario holds and is None when there are errors.
    """

    scenario: str
    faults: tuple[Fault, ...]
    summary: dict[str, Any] | None

    @property
    def errors(self) -> list[Fault]:
        """Return the faults that prevent use."""
        return [fault for fault in self.faults if fault.severity == "error"]

    @property
    def warnings(self) -> list[Fault]:
        """Return the faults that do not."""
        return [fault for fault in self.faults if fault.severity == "warning"]

    @property
    def meanings(self) -> dict[str, str]:
        """Return what each code among the faults means, in one sentence, by code."""
        return {code: load_fault_kinds()[code].meaning for code in sorted({fault.code for fault in self.faults})}

    def __str__(self) -> str:
        """Return the summary in words; nothing when there are errors."""
        return write_summary(self.summary) if self.summary is not None else ""

    def _repr_html_(self) -> str:
        rows = [(f.severity, f.file, f.row or None, f.column, f.found, f.allowed, f.fix) for f in self.faults]
        title = f"{self.scenario}: {len(self.errors)} faults, {len(self.warnings)} warnings"
        return write_html_table(title, ("", "file", "row", "column", "found", "allowed", "fix") if rows else (), rows)


def check(folder: Path | str, variant: str | None = None, strict: bool = False, edits: Document | None = None) -> Check:
    """Return all faults and warnings of a folder and what it holds; `strict` asks a claim of every number.

    `edits` are laid over it as in `read`. Raises UsageError when there is no such variant.
    """
    draft = load_draft(Path(folder), variant, strict, edits)
    faults = tuple(sorted(set(draft.faults)))
    usable = all(fault.severity != "error" for fault in faults)
    summary = summarise(make_scenario(draft, name_edited(variant, edits))) if usable else None
    return Check(str(draft.setting("id") or Path(folder).name), faults, summary)


def upgrade(folder: Path | str) -> list[str]:
    """Bring a scenario folder to the present format, the old files kept beside; return what was changed.

    Raises FaultsError when the folder is of a newer format or its scenario.toml cannot be read.
    """
    return upgrade_folder(Path(folder))
