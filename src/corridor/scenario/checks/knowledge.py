"""What a parameter set may know: none of its numbers rests on what was told after its last day."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from corridor.scenario.draft import Broken, Draft, Row

if TYPE_CHECKING:
    from collections.abc import Mapping

UNDATED = ("geography", "standards", "literature")  # claims about these do not date: positions, rations, studies
# A promise, a fear or a demand speaks of what has not happened; only these tell of what has.
TELLS = ("asserts", "denies", "reports", "agreed", "not_agreed", "")


def told_day(about: str, stance: str, said_on: date | None, happened: date | None) -> date | None:
    """Return the day a claim was said, or what it tells of happened if that is later; None if it does not date."""
    if about in UNDATED:
        return None
    if stance not in TELLS:
        return said_on
    return max((day for day in (said_on, happened) if day is not None), default=None)


def may_be_later(row: Row) -> bool:
    """Tell whether what a row rests on may be later than its set knows: counts to compare with, and notes."""
    return row.table in ("observations", "claims", "sources") or row.values.get("kind") == "note"


def last_known_day(sets: Mapping[str, Mapping[str, Any]], name: str) -> date | None:
    """Return the last day that may be known to a row of this set, to one without a set the earliest of all."""
    asked = [sets[name]] if name in sets else sets.values()
    ends = [values.get("known_until") for values in asked]
    return min((end.date() for end in ends if isinstance(end, datetime)), default=None)


def find_later_claims(draft: Draft) -> None:
    """A row rests on a claim told after the last day of its set."""
    told: dict[str, date | None] = {}
    for row in draft.tables.get("claims", []):
        if row.can_read("id", "about", "stance", "said_on", "happened"):
            days = (moment and moment.date() for moment in (row["said_on"], row["happened"]))
            told[row["id"]] = told_day(row["about"] or "", row["stance"] or "", *days)
    for row in (row for rows in draft.tables.values() for row in rows if not may_be_later(row)):
        until = last_known_day(draft.sets, row["set"] if isinstance(row["set"], str) else "")
        for name in () if isinstance(row["claims"], Broken) else row["claims"]:
            day = told.get(name)
            if day is not None and until is not None and day > until:
                draft.note("known_later", row.where("claims"), claim=name, day=day, until=until)
