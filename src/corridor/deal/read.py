"""The negotiation in a scenario: its rows are read and checked with the scenario, and built here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor.deal.parties import Actor, Deal, Issue, Position, PowerShift
from corridor.scenario.checks.deal import DEAL_TABLES, SHIFT_FIELDS, find_deal_faults
from corridor.scenario.faults import FaultsError, UsageError
from corridor.scenario.values import fixed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor.scenario.draft import Row
    from corridor.scenario.scenario import Scenario


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
    people = {row["id"]: _build_actor(row) for row in actors}
    built = [
        _build_issue(issue, [_build_position(p, people[p["actor"]]) for p in positions if p["issue"] == issue["id"]])
        for issue in issues
    ]
    return Deal(tuple(people.values()), tuple(built))


def _build_actor(row: Row) -> Actor:
    capability = row["capability"] or fixed(0.0)
    return Actor(row["id"], row["name"], capability, row["veto"], row["voice_only"], row["claims"])


def _build_position(row: Row, actor: Actor) -> Position:
    return Position(
        actor,
        row["position"],
        row["salience"],
        row["capability"] or actor.capability,
        row["no_deal"],
        actor.veto if row["veto"] is None else row["veto"],
        row["claims"],
    )


def _build_issue(row: Row, positions: Sequence[Position]) -> Issue:
    return Issue(
        row["id"],
        row["title"],
        row["low_end"],
        row["high_end"],
        tuple(positions),
        row["clause"],
        _build_shift(row),
        row["claims"],
    )


def _build_shift(row: Row) -> PowerShift | None:
    if not row["exposed_actor"]:
        return None
    now, after, cost, patience = (row[name] for name in SHIFT_FIELDS)
    return PowerShift(row["exposed_actor"], now, after, cost, patience, row["guarantee"])
