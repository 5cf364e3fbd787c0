"""Many cases of Flee in one call: a SWEEP of FabFlee, or any folder of cases, with a table and its mean."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.flee.days import NOBODY_TO_LEAVE
from corridor.flee.layers import find_members
from corridor.front.flee import read_flee, run_flee
from corridor.scenario.faults import Fault, FaultsError, UsageError, fault

if TYPE_CHECKING:
    from collections.abc import Callable

MEASURES = (
    "error_rescaled", "error_not_rescaled", "error_after_day_7", "kept_shares_after_day_7", "equal_growth_after_day_7",
    "error_after_day_30", "kept_shares_after_day_30", "equal_growth_after_day_30",
)  # fmt: skip


@dataclass(frozen=True)
class FleeCases:
    """Cases of a folder as they ran.

    `rows` holds a dictionary of each case that ran: its name, days, replicates, people, measures (None where nobody was
    counted) and how many warnings its folder has; `refused` the faults of each that could not run.
    """

    folder: str
    rows: list[dict[str, Any]]
    refused: dict[str, list[Fault]] = field(default_factory=dict)

    @property
    def mean(self) -> dict[str, float | None]:
        """Return the mean of each measure over the cases that have it, each case counting alike, as FabFlee's does."""
        return {name: _mean([row[name] for row in self.rows if row[name] is not None]) for name in MEASURES}


def _mean(values: list[float]) -> float | None:
    return float(np.mean(values)) if values else None


def list_flee_cases(folder: Path | str) -> list[Path]:
    """Return the cases of a SWEEP or of a folder of cases; none where the folder is one case itself."""
    return find_members(Path(folder))


def run_flee_cases(
    folder: Path | str,
    settings: Path | str | None = None,
    days: int | None = None,
    strict: bool = False,
    save: Path | str | None = None,
    tell: Callable[[str], None] | None = None,
    **asked: Any,
) -> FleeCases:
    """Run every case of a SWEEP, or of a folder of cases, and return what came out of each.

    A member of a SWEEP that holds only some files takes the others from the configuration that holds the SWEEP.
    `settings` and `days` hold for all; `save` keeps each run in a folder of its name; `tell` is called with each name
    before its case runs; what else is given goes to `run_flee`.

    Raises UsageError where there is no case.
    """
    members = list_flee_cases(folder)
    if not members:
        message = f"no case of Flee in a folder of {folder}"
        raise UsageError(message)
    rows, refused = [], {}
    for member in members:
        if tell is not None:
            tell(member.name)
        try:
            read = read_flee(member, settings, days, strict)
            kept = None if save is None else Path(save) / member.name
            done = run_flee(read, save=kept, strict=strict, **asked).summarise()
        except FaultsError as error:
            refused[member.name] = error.faults
            continue
        except UsageError as error:
            if str(error) != NOBODY_TO_LEAVE:
                raise
            refused[member.name] = [fault("flee.spawn.emptied", ("locations.csv", 0, "population"))]
            continue
        measures = done.get("measures", {})
        row = {name: done[name] for name in ("days", "replicates", "people", "on_roads", "conservation_error")}
        row |= {name: measures.get(name) for name in MEASURES}
        rows.append({"case": member.name, "warnings": len(read.warnings), **row})
    return FleeCases(str(folder), rows, refused)
