"""The rounds of a negotiation: how positions moved, when a range of acceptance opened or closed, and what was proposed.

A round is a moment at which somebody's position on an issue begins to hold. What opened or closed the range is found
by putting back one change at a time: a change without which the range would have stayed as it was is decisive. Nothing
here says why anybody moved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from corridor.deal.screens import screen_range

if TYPE_CHECKING:
    from corridor.deal.parties import Issue, Position
    from corridor.scenario.values import Quantity


@dataclass(frozen=True)
class Round:
    """An issue as it stood from `day` on (the earliest moment there is for positions without a date).

    `changed` are the actors whose position on it began to hold then.
    """

    day: datetime
    issue: Issue
    changed: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Tell whether some point is better than no deal for all whose consent is needed, as far as is known."""
        return screen_range(self.issue.positions).central.width >= 0


@dataclass(frozen=True)
class Point:
    """What a proposal would settle an issue at, and who said what to it; `issue` is as it stood on that day."""

    issue: Issue
    proposal: str
    day: datetime
    by: tuple[str, ...]
    value: Quantity
    text: str
    accepted: tuple[str, ...]
    refused: tuple[str, ...]


@dataclass(frozen=True)
class Course:
    """Rounds by issue in the order of time, the points proposed, and what happened beside: its moment and words."""

    rounds: Mapping[str, tuple[Round, ...]]
    points: tuple[Point, ...] = ()
    beside: tuple[tuple[datetime, str], ...] = ()
    names: Mapping[str, str] | None = None

    def list_beside(self, after: datetime, until: datetime) -> list[str]:
        """Return the words of what happened after one moment and up to another."""
        return [words for moment, words in self.beside if after < moment <= until]


NO_COURSE = Course({})


def find_decisive(before: Round, after: Round) -> tuple[str, ...]:
    """Return the actors without whose change the range would be open or closed as it was before.

    Empty where it is as before, and where no change alone was needed: any of several would have been enough.
    """
    if before.is_open == after.is_open:
        return ()
    old = _by_actor(before.issue)
    return tuple(
        actor
        for actor in after.changed
        if replace(after, issue=_put_back(after.issue, actor, old.get(actor))).is_open == before.is_open
    )


def _put_back(issue: Issue, actor: str, old: Position | None) -> Issue:
    """Return an issue with the former position of an actor, or without the actor where it had none."""
    others = tuple(p for p in issue.positions if p.actor.id != actor)
    return replace(issue, positions=(*others, old) if old else others)


def _by_actor(issue: Issue) -> dict[str, Position]:
    return {p.actor.id: p for p in issue.positions}


def list_changes(before: Round, after: Round) -> list[tuple[str, str, float | None, float | None]]:
    """Return (actor, column, value before, value after) of central values that changed; None where there was none."""
    old, new, changes = _by_actor(before.issue), _by_actor(after.issue), []
    for actor in after.changed:
        for column in ("position", "no_deal"):
            ends = [getattr(held[actor], column) if actor in held else None for held in (old, new)]
            was, now = (None if end is None else end.middle for end in ends)
            if was != now:
                changes.append((actor, column, was, now))
    return changes


def contradicts_acceptance(point: Point, party: Position) -> bool:
    """Tell whether an actor's own two numbers refuse a point whatever is true in the stated ranges."""
    if party.no_deal is None:
        return False
    bearable = 100.0 - party.no_deal.low
    return point.value.high < party.position.low - bearable or point.value.low > party.position.high + bearable


def contradicts_refusal(point: Point, party: Position) -> bool:
    """Tell whether an actor's own two numbers accept a point whatever is true in the stated ranges."""
    if party.no_deal is None:
        return False
    bearable = 100.0 - party.no_deal.high
    return party.position.high - bearable <= point.value.low and point.value.high <= party.position.low + bearable
