"""Swaps between issues that leave both actors better off: options for a mediator to try, not predictions.

Position exchange at equal gains: an actor gives way on the issue it cares less about, relative to its
partner, and gets as much on the other. F. Stokman and R. Van Oosten, ch. 5 in European Community Decision
Making (1994). A swap goes as far as both gain and no further than every veto holder accepts where the two
centres end, and than each of the two accepts where it ends itself; of what cannot end there nothing is shown.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridor.deal.acceptance import NEAR, find_accepted
from corridor.deal.moves import find_centre, find_share
from corridor.deal.screens import RangeScreen, screen_range

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor.deal.parties import Issue, Position

_LEAST_GAIN = 0.5  # salience-weighted points; smaller swaps are not worth anybody's time


@dataclass(frozen=True)
class Swap:
    """`giver` gives way on `issue`, `taker` on `in_return`; each moves its position that many points.

    The centres of the two issues move by `change` and `change_in_return` to `centre_after` and
    `centre_after_in_return`, both inside what every veto holder accepts; `unscreened` are veto holders of whom that is
    not known. `in_every_range` tells whether it holds for all that the stated ranges allow. `gain` is the same for
    both: points of the centre, times salience as a share of 100.
    """

    giver: str
    taker: str
    issue: str
    in_return: str
    giver_moves: float
    taker_moves: float
    change: float
    change_in_return: float
    gain: float
    centre_after: float
    centre_after_in_return: float
    unscreened: tuple[str, ...]
    in_every_range: bool


@dataclass(frozen=True)
class _Side:
    """One issue of a swap: who moves on it towards whom, and what it costs or gains a point of the centre."""

    issue: Issue
    screen: RangeScreen
    mover: Position
    partner: Position

    @property
    def towards(self) -> float:
        return math.copysign(1.0, self.partner.position.middle - self.mover.position.middle)

    @property
    def cost(self) -> float:
        return self.mover.salience.middle / 100

    @property
    def worth(self) -> float:
        return self.partner.salience.middle / 100

    @property
    def share(self) -> float:
        return find_share(self.issue, self.mover)

    def is_opposed(self) -> bool:
        """Tell whether the two stand on opposite sides of the centre."""
        centre = find_centre(self.issue)
        return (self.mover.position.middle - centre) * (self.partner.position.middle - centre) < 0

    def find_limits(self) -> tuple[float, float]:
        """Return the least and the most that the centre can move this way and end where all accept it."""
        centre, zone = find_centre(self.issue), self.screen.central
        low, high = find_accepted(self.mover)
        place, partner = self.mover.position.middle, self.partner.position.middle
        ends = [zone.low - centre, zone.high - centre] if self.towards > 0 else [centre - zone.high, centre - zone.low]
        own = high - place if self.towards > 0 else place - low
        return max(0.0, ends[0]), min(ends[1], self.share * own, self.share * abs(partner - place))


def find_swaps(issues: Sequence[Issue]) -> list[Swap]:
    """Return the swaps of any two actors over any two issues that help both, the largest gain first."""
    swaps = []
    screens = {issue.id: screen_range(issue.positions) for issue in issues}
    for issue, in_return in itertools.combinations(issues, 2):
        first = {party.actor.id: party for party in issue.parties}
        second = {party.actor.id: party for party in in_return.parties}
        for giver, taker in itertools.permutations(sorted(first.keys() & second.keys()), 2):
            swap = _swap(
                _Side(issue, screens[issue.id], first[giver], first[taker]),
                _Side(in_return, screens[in_return.id], second[taker], second[giver]),
            )
            if swap and swap.gain >= _LEAST_GAIN:
                swaps.append(swap)
    return sorted(swaps, key=lambda s: (-s.gain, s.issue, s.in_return, s.giver, s.taker))


def _swap(one: _Side, other: _Side) -> Swap | None:
    if not (one.is_opposed() and other.is_opposed()) or other.worth * one.worth <= one.cost * other.cost:
        return None
    rate = (one.cost + one.worth) / (other.worth + other.cost)  # movement in return for each point of movement
    (least, most), (least_back, most_back) = one.find_limits(), other.find_limits()
    moved = min(most, most_back / rate)
    if moved <= NEAR or moved < max(least, least_back / rate):
        return None
    after, after_back = (
        find_centre(side.issue) + side.towards * far for side, far in ((one, moved), (other, moved * rate))
    )
    hard = (one.screen.hard, after), (other.screen.hard, after_back)
    unscreened = {*one.screen.unscreened, *other.screen.unscreened}
    return Swap(
        one.mover.actor.id,
        other.mover.actor.id,
        one.issue.id,
        other.issue.id,
        one.towards * moved / one.share,
        other.towards * moved * rate / other.share,
        one.towards * moved,
        other.towards * moved * rate,
        other.worth * moved * rate - one.cost * moved,
        after,
        after_back,
        tuple(sorted(unscreened)),
        not unscreened and all(zone.low - NEAR <= point <= zone.high + NEAR for zone, point in hard),
    )
