"""What the parties accept: whether a point of the scale leaves those whose consent is needed better off than no deal.

The screens say where all of them agree; here single points are held against that, so that a forecast, a swap or a
move is never shown as good without saying who would refuse where it lands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridor.deal.screens import screen_range

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor.deal.parties import Issue, Position

NEAR = 1e-9  # points; nearer to an end than this lies on it


@dataclass(frozen=True)
class Refusal:
    """A veto holder that prefers no deal to a point: what it accepts (0 to 100) and how far beyond the point lies."""

    actor: str
    name: str
    low: float
    high: float
    beyond: float

    @property
    def asks_for_more(self) -> bool:
        """Tell whether the point lies below what the actor accepts, else it lies above."""
        return self.beyond < 0


def find_accepted(party: Position) -> tuple[float, float]:
    """Return the part of the scale that an actor accepts at the central values; all of it where no deal has no value.

    An actor accepts points at most 100 - no_deal away from its position.
    """
    if party.no_deal is None:
        return 0.0, 100.0
    tolerance = 100.0 - party.no_deal.middle
    return max(0.0, party.position.middle - tolerance), min(100.0, party.position.middle + tolerance)


def find_refusals(positions: Sequence[Position], point: float) -> tuple[Refusal, ...]:
    """Return the veto holders that prefer no deal to this point, by actor; those without a no-deal value are not asked.

    `beyond` is below zero where the point lies below what the actor accepts.
    """
    refusals = []
    for party in sorted(positions, key=lambda p: p.actor.id):
        low, high = find_accepted(party)
        beyond = min(point - low, 0.0) + max(point - high, 0.0)
        if party.veto and abs(beyond) > NEAR:
            refusals.append(Refusal(party.actor.id, party.actor.name, low, high, beyond))
    return tuple(refusals)


def find_further(issue: Issue) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return by name the veto holders that keep a range shut besides those who set its low end, and its high end.

    Where who sets an end gives way, a range opens only once they do so too. Nobody where there is a range.
    """
    zone = screen_range(issue.positions).central
    asked = [p for p in issue.positions if p.veto and p.no_deal is not None and zone.width < 0]
    spans = sorted((p.actor.name, p.actor.id, find_accepted(p)) for p in asked)
    low = tuple(name for name, one, (least, _) in spans if least > zone.high and one not in zone.binds_low)
    high = tuple(name for name, one, (_, most) in spans if most < zone.low and one not in zone.binds_high)
    return low, high


def judge_point(positions: Sequence[Position], point: float) -> str:
    """Return 'refused', 'accepted', 'unknown' where a no-deal value lacks, or 'no veto', for a point of the scale."""
    screen = screen_range(positions)
    if not screen.vetoes:
        return "no veto"
    if find_refusals(positions, point):
        return "refused"
    return "unknown" if screen.unscreened else "accepted"
