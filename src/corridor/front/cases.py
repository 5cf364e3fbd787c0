"""Scenario folders: make one, read one, check one, bring an old one to the present format."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corridor.scenario.create import create_scenario
from corridor.scenario.faults import Fault, load_fault_kinds
from corridor.scenario.scenario import Scenario, load_draft, make_scenario, read_scenario
from corridor.scenario.summary import summarise, write_summary
from corridor.scenario.table import write_html_table
from corridor.scenario.upgrade import upgrade_folder


def create(folder: Path | str, title: str | None = None) -> list[Path]:
    """Write a small commented scenario that runs as it is into a new or empty folder; return the files written.

    Raises UsageError when anything would be overwritten, the title cannot be used or the folder cannot be written.
    """
    return create_scenario(Path(folder), title)


def read(folder: Path | str, variant: str | None = None) -> Scenario:
    """Return a scenario folder, read and checked, with a variant laid over it if named.

    Raises FaultsError with every fault when the folder cannot be used, UsageError without such a variant.
    """
    return read_scenario(folder, variant)


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


def check(folder: Path | str, variant: str | None = None, strict: bool = False) -> Check:
    """Return all faults and warnings of a folder and what it holds; `strict` asks a claim of every number.

    Raises UsageError when there is no such variant.
    """
    draft = load_draft(Path(folder), variant, strict)
    faults = tuple(sorted(set(draft.faults)))
    usable = all(fault.severity != "error" for fault in faults)
    summary = summarise(make_scenario(draft, variant or "")) if usable else None
    return Check(str(draft.setting("id") or Path(folder).name), faults, summary)


def upgrade(folder: Path | str) -> list[str]:
    """Bring a scenario folder to the present format, the old files kept beside; return what was changed.

    Raises FaultsError when the folder is of a newer format or its scenario.toml cannot be read.
    """
    return upgrade_folder(Path(folder))
