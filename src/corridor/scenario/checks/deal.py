"""What is wrong with a negotiation beyond what one cell shows: voices with weight, vetoes nobody can screen."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from corridor.scenario.faults import Fault, fault
from corridor.scenario.schema import DEAL_TABLES, REQUIRED_TABLES
from corridor.scenario.talks import take_valid
from corridor.scenario.values import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from corridor.scenario.draft import Draft, Row

LARGEST_DEAL = 10_000  # actors times issues
SHIFT_FIELDS = ("power_now", "power_after", "fighting_cost", "patience")  # given together or not at all


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
        if len(actors) * len(issues) > LARGEST_DEAL:
            facts = {"actors": len(actors), "issues": len(issues), "most": LARGEST_DEAL}
            draft.note("too_large.deal", ("issues.csv", 0, ""), **facts)
            return
        found = find_deal_faults(actors, issues, positions, alone=spoilt)
        draft.add(fault for fault in dict.fromkeys(found) if fault not in known)
        known.update(found)
    _check_proposals(draft)
    _check_dates(draft)


def _check_proposals(draft: Draft) -> None:
    """Nobody both accepts and refuses a proposal on the same issue."""
    for row in draft.tables.get("proposals", []):
        if row.can_read("accepted_by", "refused_by"):
            for actor in sorted({*row["accepted_by"]} & {*row["refused_by"]}):
                draft.note("accepted_and_refused", row.where("refused_by"), actor=actor)


def _check_dates(draft: Draft) -> None:
    """No position and no proposal is dated after the newest fact of the folder."""
    newest = draft.setting("data_date")
    for row in (row for table in ("positions", "proposals") for row in draft.tables.get(table, [])):
        if isinstance(newest, datetime) and isinstance(row["date"], datetime) and row["date"].date() > newest.date():
            draft.note("after_data_date", row.where("date"), day=row["date"].date(), newest=newest.date())


def check_talks_alone(draft: Draft) -> None:
    """A variant of a folder of talks alone brings no people and no roads: there is no period to simulate them in."""
    for table in REQUIRED_TABLES if draft.talks_alone else ():
        for row in draft.tables[table][:1]:
            draft.note("talks_alone", row.where("id"))


def find_deal_faults(
    actors: Sequence[Row], issues: Sequence[Row], positions: Sequence[Row], alone: bool = False
) -> list[Fault]:
    """Return the faults and warnings in the rows of one parameter set; with `alone`, of single rows only."""
    people = {row["id"]: row for row in actors}
    faults = [found for row in actors for found in _check_actor(row)]
    faults += [found for row in issues for found in _check_shift(row)]
    for row in positions:
        if row["actor"] in people and people[row["actor"]]["voice_only"] is True:
            faults += _check_voice(row, row["actor"])
    questions = {row["id"] for row in issues}
    named = all(row["actor"] in people and row["issue"] in questions for row in positions)
    if faults or alone or not named:
        return faults
    held: dict[str, list[Row]] = {row["id"]: [] for row in issues}
    for row in take_valid(positions):
        held[row["issue"]].append(row)
    for issue in issues:
        faults += _check_issue(issue, held[issue["id"]], people)
    return faults


def _check_actor(row: Row) -> Iterator[Fault]:
    if row["voice_only"] is True:
        yield from _check_voice(row, row["id"])
    elif row["capability"] is None and row["voice_only"] is False:
        yield fault("missing_value.capability", row.where("capability"))


def _check_voice(row: Row, actor: str) -> Iterator[Fault]:
    """Whoever is heard only has neither capability nor veto, in general or on one issue."""
    capability = row["capability"]
    if isinstance(capability, Quantity) and capability.high > 0:
        yield fault("voice_only.capability", row.where("capability"), capability=capability.write(), actor=actor)
    if row["veto"] is True:
        yield fault("voice_only.veto", row.where("veto"), actor=actor)


def _check_shift(row: Row) -> Iterator[Fault]:
    """The commitment screen needs all its numbers, and patience strictly between 0 and 1."""
    columns = ("exposed_actor", *SHIFT_FIELDS)
    blank = [column for column in columns if row[column] is None or row[column] == ""]
    if len(blank) < len(columns):
        for column in blank:
            yield fault("incomplete_power_shift", row.where(column), columns=", ".join(columns))
    patience = row["patience"]
    if isinstance(patience, Quantity) and (patience.low <= 0 or patience.high >= 1):
        yield fault("out_of_range.patience", row.where("patience"), patience=patience.write())


def _check_issue(issue: Row, positions: Sequence[Row], actors: Mapping[str, Row]) -> Iterator[Fault]:
    """An issue needs two actors with weight; the range screen needs to know every veto holder's mind."""
    weighty = sum(_has_weight(position, actors[position["actor"]]) for position in positions)
    if weighty < 2:
        yield fault("too_few_positions", issue.where("id"), count=weighty, issue=issue["id"])
        return
    held = {position["actor"] for position in positions}
    for actor in actors.values():
        if actor["veto"] and actor["id"] not in held:
            yield fault("veto_not_screened.position", issue.where("id"), actor=actor["id"], issue=issue["id"])
    for position in positions:
        veto = actors[position["actor"]]["veto"] if position["veto"] is None else position["veto"]
        if veto and position["no_deal"] is None:
            yield fault("veto_not_screened.no_deal", issue.where("id"), actor=position["actor"], issue=issue["id"])


def _has_weight(position: Row, actor: Row) -> bool:
    capability = position["capability"] or actor["capability"]
    return capability is not None and capability.middle * position["salience"].middle > 0
