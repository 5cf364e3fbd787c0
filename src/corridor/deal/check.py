"""What is wrong with a negotiation beyond what one cell shows; `corridor check` runs it on every folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor.deal.build import DEAL_TABLES, SHIFT_FIELDS, build_deal
from corridor.scenario.faults import Fault
from corridor.scenario.values import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from corridor.deal.parties import Deal, Issue
    from corridor.scenario.draft import Draft, Row


def check_deal(draft: Draft) -> None:
    """Add the faults of the negotiation under every parameter set to a draft; a folder may have none.

    Run it after the checks of ids and references: where one of the tables has a fault already, only what each
    row shows by itself is looked at, so that one mistake is told once.
    """
    files = {f"{table}.csv" for table in DEAL_TABLES}
    spoilt = any(f.severity == "error" and (f.file in files or "variants/" in f.file) for f in draft.faults)
    known = set(draft.faults)
    for parameter_set in draft.set_names:
        actors, issues, positions = (draft.rows(table, parameter_set) for table in DEAL_TABLES)
        found = find_deal_faults(actors, issues, positions, alone=spoilt)
        draft.faults += [fault for fault in dict.fromkeys(found) if fault not in known]
        known.update(found)


def find_deal_faults(
    actors: Sequence[Row], issues: Sequence[Row], positions: Sequence[Row], alone: bool = False
) -> list[Fault]:
    """Return the faults and warnings in the rows of one parameter set; with `alone`, of single rows only."""
    voices = {row["id"] for row in actors if row["voice_only"] is True}
    faults = [fault for row in actors for fault in _check_actor(row)]
    faults += [fault for row in issues for fault in _check_shift(row)]
    faults += [fault for row in positions if row["actor"] in voices for fault in _check_voice(row, row["actor"])]
    if faults or alone or not _are_known(actors, issues, positions):
        return faults
    deal, rows = build_deal(actors, issues, positions), {row["id"]: row for row in issues}
    return [fault for issue in deal.issues for fault in _check_issue(issue, deal, rows[issue.id])]


def _are_known(actors: Sequence[Row], issues: Sequence[Row], positions: Sequence[Row]) -> bool:
    people, questions = {row["id"] for row in actors}, {row["id"] for row in issues}
    return all(row["actor"] in people and row["issue"] in questions for row in positions)


def _check_actor(row: Row) -> Iterator[Fault]:
    if row["voice_only"] is True:
        yield from _check_voice(row, row["id"])
    elif row["capability"] is None and row["voice_only"] is False:
        yield _fault(
            row,
            "capability",
            "missing_value",
            "an empty cell",
            "a number of 0 or more, or voice_only yes",
            "say what the actor can bring to bear, or that it has only a voice",
        )


def _check_voice(row: Row, actor: str) -> Iterator[Fault]:
    """Whoever is heard only has neither capability nor veto, in general or on one issue."""
    capability = row["capability"]
    if isinstance(capability, Quantity) and capability.high > 0:
        found = f"{capability.write()} for {actor}, which has voice_only yes"
        fix = "leave it blank, or set voice_only to no in actors.csv"
        yield _fault(row, "capability", "voice_only", found, "an empty cell or 0", fix)
    if row["veto"] is True:
        found = f"yes for {actor}, which has voice_only yes"
        yield _fault(row, "veto", "voice_only", found, "no", "set one of the two to no")


def _check_shift(row: Row) -> Iterator[Fault]:
    """The commitment screen needs all its numbers, and patience strictly between 0 and 1."""
    columns = ("exposed_actor", *SHIFT_FIELDS)
    blank = [column for column in columns if row[column] is None or row[column] == ""]
    if len(blank) < len(columns):
        for column in blank:
            allowed, fix = f"all or none of {', '.join(columns)}", "fill it in, or clear the others"
            yield _fault(row, column, "incomplete_power_shift", "an empty cell", allowed, fix)
    patience = row["patience"]
    if isinstance(patience, Quantity) and (patience.low <= 0 or patience.high >= 1):
        fix = "write a share inside, such as 0.9"
        yield _fault(row, "patience", "out_of_range", patience.write(), "above 0 and below 1", fix)


def _check_issue(issue: Issue, deal: Deal, row: Row) -> Iterator[Fault]:
    """An issue needs two actors with weight; the range screen needs to know every veto holder's mind."""
    if len(issue.parties) < 2:
        found = f"{len(issue.parties)} positions with weight on {issue.id}"
        fix = "add positions in positions.csv; weight is capability times salience"
        yield _fault(row, "id", "too_few_positions", found, "two or more actors with weight", fix)
        return
    held = {position.actor.id for position in issue.positions}
    silent = [actor.id for actor in deal.actors if actor.veto and actor.id not in held]
    silent += [p.actor.id for p in issue.positions if p.veto and p.no_deal is None]
    for actor in silent:
        found = f"{actor} has a veto on {issue.id} and " + ("no no_deal value" if actor in held else "no position")
        allowed = "a position with no_deal for everyone whose consent is needed"
        fix = "fill it in in positions.csv, or the bargaining range is screened without this actor"
        yield _fault(row, "id", "veto_not_screened", found, allowed, fix, severity="warning")


def _fault(row: Row, column: str, code: str, found: str, allowed: str, fix: str, severity: str = "error") -> Fault:
    return Fault(*row.where(column), code, found, allowed, fix, severity)
