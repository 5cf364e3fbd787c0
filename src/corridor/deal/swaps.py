"""Swaps between issues that leave both actors better off: options for a mediator to try, not predictions.

Position exchange at equal gains: an actor gives way on the issue it cares less about, relative to its
partner, and gets as much on the other. F. Stokman and R. Van Oosten, ch. 5 in European Community Decision
Making (1994).
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridor.deal.landing import find_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor.deal.parties import Issue, Position

_LEAST_GAIN = 0.5  # salience-weighted points; smaller swaps are not worth anybody's time


@dataclass(frozen=True)
class Swap:
    """`giver` gives way on `issue`, `taker` on `in_return`; each moves its position that many points.

    The centres of the two issues move by `change` and `change_in_return`. `gain` is the same for both: points
    of the centre, times salience as a share of 100.
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


def find_swaps(issues: Sequence[Issue]) -> list[Swap]:
    """Return the swaps of any two actors over any two issues that help both, the largest gain first."""
    swaps = []
    for issue, in_return in itertools.combinations(issues, 2):
        first = {party.actor.id: party for party in issue.parties}
        second = {party.actor.id: party for party in in_return.parties}
        for giver, taker in itertools.permutations(sorted(first.keys() & second.keys()), 2):
            swap = _swap(issue, in_return, (first[giver], first[taker]), (second[giver], second[taker]))
            if swap and swap.gain >= _LEAST_GAIN:
                swaps.append(swap)
    return sorted(swaps, key=lambda s: (-s.gain, s.issue, s.in_return, s.giver, s.taker))


def _swap(
    issue: Issue, in_return: Issue, first: tuple[Position, Position], second: tuple[Position, Position]
) -> Swap | None:
    (giver_1, taker_1), (giver_2, taker_2) = first, second
    if not (_opposed(issue, first) and _opposed(in_return, second)):
        return None
    gives, wants = giver_1.salience.middle / 100, giver_2.salience.middle / 100
    gets, pays = taker_1.salience.middle / 100, taker_2.salience.middle / 100
    if wants * gets <= gives * pays:
        return None
    rate = (gives + gets) / (wants + pays)  # movement in return for each point of movement
    share, share_back = _share(issue, giver_1), _share(in_return, taker_2)
    most = share * abs(taker_1.position.middle - giver_1.position.middle)
    most_back = share_back * abs(giver_2.position.middle - taker_2.position.middle)
    moved = min(most, most_back / rate)
    towards = math.copysign(1.0, taker_1.position.middle - giver_1.position.middle)
    towards_back = math.copysign(1.0, giver_2.position.middle - taker_2.position.middle)
    return Swap(
        giver_1.actor.id,
        taker_1.actor.id,
        issue.id,
        in_return.id,
        towards * moved / share,
        towards_back * moved * rate / share_back,
        towards * moved,
        towards_back * moved * rate,
        wants * moved * rate - gives * moved,
    )


def _opposed(issue: Issue, pair: tuple[Position, Position]) -> bool:
    positions = [party.position.middle for party in issue.parties]
    centre = find_mean(positions, [party.weight for party in issue.parties])
    return (pair[0].position.middle - centre) * (pair[1].position.middle - centre) < 0


def _share(issue: Issue, party: Position) -> float:
    return party.weight / math.fsum(other.weight for other in issue.parties)
