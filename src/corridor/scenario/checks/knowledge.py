"""What may be known: by a parameter set until its last day, and by a case built from files at its start."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from corridor.scenario.draft import Broken, Draft, Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

UNDATED = ("geography", "standards", "literature")  # claims about these do not date: positions, rations, studies
# A promise, a fear or a demand speaks of what has not happened; only these tell of what has.
TELLS = ("asserts", "denies", "reports", "agreed", "not_agreed", "")


BUILT_FILE = "build.toml"  # in a case built from files of others, which describe the day they were made
OF_THEIR_OWN_DAY = ("claims", "sources", "observations", "events")  # tables whose rows may be of after the start
MOST_NAMED = 3


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


def find_younger_figures(draft: Draft) -> None:
    """A number of a built case rests on a claim of after the start whose note does not say why it holds.

    One warning for all claims of one source, subject and day; a claim that nothing rests on any more is not told.
    """
    start = draft.setting("start")
    if not isinstance(start, datetime) or not (draft.folder / BUILT_FILE).is_file():
        return
    cited = set(_list_cited(draft))
    younger: dict[tuple[object, ...], list[Row]] = {}
    for row in draft.tables.get("claims", []):
        if not row.can_read("id", "source", "happened", "said_on") or row["id"] not in cited or row["note"]:
            continue
        column = "happened" if row["happened"] else "said_on"
        if isinstance(row[column], datetime) and row[column].date() > start.date():
            subject = row["quantity"] or row["about"] or "figures"
            younger.setdefault((row["source"], subject, row[column].date(), column), []).append(row)
    for (_, subject, day, dated), rows in younger.items():
        named = ", ".join(str(row["id"]) for row in rows[:MOST_NAMED]) + ", ..." * (len(rows) > MOST_NAMED)
        what = f"{subject} ({len(rows)} claim{'s' if len(rows) > 1 else ''}: {named})"
        draft.note("dated_data", rows[0].where(str(dated)), what=what, day=day, start=start.date())


def _list_cited(draft: Draft) -> Iterator[str]:
    for table, rows in draft.tables.items():
        for row in rows if table not in OF_THEIR_OWN_DAY else ():
            yield from () if isinstance(row["claims"], Broken) else row["claims"]
