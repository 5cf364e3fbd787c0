"""The negotiation in a scenario, as of a moment and in its rounds: built here from rows that were checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor.deal.parties import Actor, Deal, Issue, Position, PowerShift
from corridor.deal.rounds import Course, Point, Round
from corridor.scenario.checks.deal import SHIFT_FIELDS, find_deal_faults
from corridor.scenario.faults import FaultsError, UsageError
from corridor.scenario.schema import DEAL_TABLES
from corridor.scenario.talks import find_begin, list_dates, take_valid
from corridor.scenario.values import fixed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from corridor.scenario.draft import Row
    from corridor.scenario.scenario import Scenario


def take_deal(scenario: Scenario, parameter_set: str, until: datetime | None = None) -> Deal:
    """Return the negotiation of a scenario with the positions that hold at a moment, the newest if none is given.

    An issue on which fewer than two actors have weight by then is left out. Raises UsageError when there is no
    negotiation, or none by then, or FaultsError.
    """
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
    built = [_build_issue(issue, positions, people, until) for issue in issues]
    open_by_then = tuple(issue for issue in built if len(issue.parties) > 1)
    if not open_by_then:
        first = min(find_begin(row) for row in positions)
        message = f"by {until} no issue has positions of two actors with weight; the first position is of {first}"
        raise UsageError(message)
    return Deal(tuple(people.values()), open_by_then)


def take_course(scenario: Scenario, parameter_set: str, until: datetime | None = None) -> Course:
    """Return the rounds of a negotiation, its proposals and what happened beside it, up to a moment if one is given."""
    actors, issues, positions = (scenario.rows(table, parameter_set) for table in DEAL_TABLES)
    people = {row["id"]: _build_actor(row) for row in actors}
    known = {issue["id"]: issue for issue in issues}
    rounds = {}
    for name, row in known.items():
        own = [p for p in positions if p["issue"] == name]
        built = [
            Round(day, _build_issue(row, own, people, day), tuple(p["actor"] for p in own if find_begin(p) == day))
            for day in list_dates(own)
            if until is None or day <= until
        ]
        rounds[name] = tuple(found for found in built if len(found.issue.parties) > 1)
    points = [
        _build_point(row, _build_issue(known[row["issue"]], positions, people, row["date"]))
        for row in scenario.rows("proposals", parameter_set)
        if until is None or row["date"] <= until
    ]
    told = [row for row in scenario.rows("events", parameter_set) if row["label"]]
    beside = [(row["time"].start, row["label"]) for row in told if until is None or row["time"].start <= until]
    points.sort(key=lambda point: (point.day, point.proposal, point.issue.id))
    return Course(rounds, tuple(points), tuple(sorted(beside)), {actor.id: actor.name for actor in people.values()})


def _build_point(row: Row, issue: Issue) -> Point:
    columns = ("proposal", "date", "from", "value", "text", "accepted_by", "refused_by")
    return Point(issue, *(row[column] for column in columns))


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


def _build_issue(row: Row, positions: Iterable[Row], people: Mapping[str, Actor], until: datetime | None) -> Issue:
    """Return an issue with the positions that hold on it at a moment, the newest if none is given."""
    held = take_valid((p for p in positions if p["issue"] == row["id"]), until)
    return Issue(
        row["id"],
        row["title"],
        row["low_end"],
        row["high_end"],
        tuple(_build_position(p, people[p["actor"]]) for p in held),
        row["clause"],
        _build_shift(row),
        row["claims"],
    )


def _build_shift(row: Row) -> PowerShift | None:
    if not row["exposed_actor"]:
        return None
    now, after, cost, patience = (row[name] for name in SHIFT_FIELDS)
    return PowerShift(row["exposed_actor"], now, after, cost, patience, row["guarantee"])
