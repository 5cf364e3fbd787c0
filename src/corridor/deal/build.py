"""Build a negotiation from the rows of its tables; `corridor.deal.check` has found them sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor.deal.amounts import amount_of
from corridor.deal.parties import Actor, Amount, Deal, Issue, Position, PowerShift, exactly

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from corridor.scenario.draft import Row

DEAL_TABLES = ("actors", "issues", "positions")
SHIFT_FIELDS = ("power_now", "power_after", "fighting_cost", "patience")  # given together or not at all


def build_deal(actors: Iterable[Row], issues: Iterable[Row], positions: Sequence[Row]) -> Deal:
    """Return the negotiation in the rows of one parameter set, which must be sound."""
    people = {row["id"]: _build_actor(row) for row in actors}
    built = [
        _build_issue(issue, [_build_position(p, people[p["actor"]]) for p in positions if _is_on(p, issue)])
        for issue in issues
    ]
    return Deal(tuple(people.values()), tuple(built))


def _is_on(position: Row, issue: Row) -> bool:
    return bool(position["issue"] == issue["id"])


def _build_actor(row: Row) -> Actor:
    capability = _amount(row, "capability") or exactly(0.0)
    return Actor(row["id"], row["name"], capability, row["veto"], row["voice_only"], row["claims"])


def _build_position(row: Row, actor: Actor) -> Position:
    return Position(
        actor,
        amount_of(row["position"]),
        amount_of(row["salience"]),
        _amount(row, "capability") or actor.capability,
        _amount(row, "no_deal"),
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
    now, after, cost, patience = (amount_of(row[name]) for name in SHIFT_FIELDS)
    return PowerShift(row["exposed_actor"], now, after, cost, patience, amount_of(row["guarantee"]))


def _amount(row: Row, column: str) -> Amount | None:
    return None if row[column] is None else amount_of(row[column])
