"""Scenario folders: read one, check one."""

from __future__ import annotations

from pathlib import Path

from corridor.scenario.faults import Fault
from corridor.scenario.scenario import Scenario, load_draft, read_scenario


def read(folder: Path | str, variant: str | None = None) -> Scenario:
    """Return a scenario folder, read and checked, with a variant laid over it if named.

    Raises FaultsError with every fault when the folder cannot be used, UsageError without such a variant.
    """
    return read_scenario(folder, variant)


def check(folder: Path | str, variant: str | None = None, strict: bool = False) -> list[Fault]:
    """Return all faults and warnings of a folder, sorted; `strict` asks a claim of every number.

    Raises UsageError when there is no such variant.
    """
    return sorted(set(load_draft(Path(folder), variant, strict).faults))
