"""The negotiation in a scenario folder: its tables are read and checked with the scenario, and built here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor.deal.build import DEAL_TABLES, build_deal
from corridor.deal.check import find_deal_faults
from corridor.scenario.faults import FaultsError, UsageError
from corridor.scenario.scenario import Scenario, read_scenario

if TYPE_CHECKING:
    from pathlib import Path

    from corridor.deal.parties import Deal


def read_deal(folder: Path | str, variant: str | None = None, parameters: str | None = None) -> Deal:
    """Read a scenario folder and return its negotiation under a variant and a parameter set.

    Raises FaultsError with every fault of the folder, UsageError when it has no such variant or set, or no
    negotiation.
    """
    scenario = read_scenario(folder, variant)
    return take_deal(scenario, scenario.choose_set(parameters))


def take_deal(scenario: Scenario, parameter_set: str) -> Deal:
    """Return the negotiation of a scenario. Raises UsageError when there is none, or FaultsError."""
    actors, issues, positions = (scenario.rows(table, parameter_set) for table in DEAL_TABLES)
    if not issues:
        under = f" under the parameter set {parameter_set}" if parameter_set else ""
        message = (
            f"there is no negotiation in {scenario.folder}{under}: "
            "it needs the tables actors.csv, issues.csv and positions.csv"
        )
        raise UsageError(message)
    # A scenario changed in Python has not been through the checks of a folder.
    errors = [f for f in find_deal_faults(actors, issues, positions) if f.severity == "error"]
    if errors:
        raise FaultsError(errors)
    return build_deal(actors, issues, positions)
