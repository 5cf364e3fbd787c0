"""Who moves the forecast: shares of the weight, and leverage.

The forecast's centre is linear in each position: a move of D by an actor with weight share s moves it by
exactly s * D.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridor.deal.landing import find_mean
from corridor.deal.moves import Move, come_to_centre

if TYPE_CHECKING:
    from corridor.deal.parties import Issue


@dataclass(frozen=True)
class Lever:
    """How one actor moves the forecast of one issue.

    `weight_share` and `equal_share` are its shares of the weight (0 to 1) as stated and with equal weights.
    `distance` is its position minus the centre. `leverage` is how far the centre would go if the actor came
    to it: weight share times distance, without sign. `without` is the centre if the actor had no weight (None
    when it is the only one). `over_its_range` is how far the centre goes from one end of its stated position
    to the other. `move` is how much of that way it can go with every veto holder still accepting where the centre
    ends, None where nothing of it.
    """

    actor: str
    name: str
    position: float
    weight_share: float
    equal_share: float
    distance: float
    leverage: float
    without: float | None
    over_its_range: float
    move: Move | None


def rank_levers(issue: Issue) -> list[Lever]:
    """Return the actors that carry weight, the one with most leverage first."""
    parties = issue.parties
    positions = [party.position.middle for party in parties]
    weights = [party.weight for party in parties]
    total, centre = math.fsum(weights), find_mean(positions, weights)
    levers = []
    for number, party in enumerate(parties):
        share, distance = party.weight / total, party.position.middle - centre
        others = [*range(number), *range(number + 1, len(parties))]
        without = find_mean([positions[k] for k in others], [weights[k] for k in others]) if others else None
        levers.append(
            Lever(
                actor=party.actor.id,
                name=party.actor.name,
                position=party.position.middle,
                weight_share=share,
                equal_share=1 / len(parties),
                distance=distance,
                leverage=share * abs(distance),
                without=without,
                over_its_range=share * (party.position.high - party.position.low),
                move=come_to_centre(issue, party),
            )
        )
    return sorted(levers, key=lambda lever: (-lever.leverage, lever.actor))
