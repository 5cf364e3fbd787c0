"""A negotiation drawn many times from its stated ranges: what is robust holds in every one of the draws.

These draws say what the inputs leave open; they are no forecast, whose width comes from past errors
(`corridor.deal.forecast`). Each number is drawn by itself, evenly over its chances (a Latin hypercube), from a stream
keyed by the name of its row and column, so that no order of rows and no other number changes it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from corridor.deal.guarantees import ASSUMPTIONS, LIMITS

if TYPE_CHECKING:
    from corridor.deal.parties import Issue, Position
    from corridor.scenario.values import Quantity

DRAWS = 200
Floats = NDArray[np.float64]
Name = tuple[str, str]  # an actor, or blank for the issue itself, and a column
JUST_BELOW_1 = 1 - 1e-9


@dataclass(frozen=True)
class DrawnIssue:
    """One issue in N draws.

    `actors` are the P actors with weight, `places` and `weights` [P, N] theirs; `accepts` has for each veto holder
    with a no-deal value the ends [N] of what it accepts. `shift` has the numbers of the commitment screen, `inputs`
    every number that is uncertain, by actor and column.
    """

    issue: Issue
    actors: tuple[str, ...]
    places: Floats
    weights: Floats
    accepts: dict[str, tuple[Floats, Floats]]
    shift: dict[str, Floats]
    inputs: dict[Name, Floats]

    def find_shares(self) -> Floats:
        """Return the shares of the weight [2, P, N]: as stated, and all alike."""
        total = self.weights.sum(axis=0)
        equal = np.full_like(self.weights, 1 / len(self.actors))
        stated = np.divide(self.weights, total, out=equal.copy(), where=total > 0)
        return np.stack([stated, equal])

    def find_centres(self) -> Floats:
        """Return the centres [2, N]: with the weights as stated, and all alike."""
        centres: Floats = (self.find_shares() * self.places).sum(axis=1)
        return centres

    def find_zone(self) -> tuple[Floats, Floats]:
        """Return the ends [N] of what all veto holders accept; empty where the low end exceeds the high one."""
        draws = self.places.shape[1]
        lows = np.stack([np.zeros(draws), *(low for low, _ in self.accepts.values())])
        highs = np.stack([np.full(draws, 100.0), *(high for _, high in self.accepts.values())])
        return lows.max(axis=0), highs.min(axis=0)


def is_certain(issue: Issue) -> bool:
    """Tell whether no number of an issue is uncertain, so that all its draws are alike."""
    return not draw_issue(issue, 1).inputs


def draw_issue(issue: Issue, draws: int = DRAWS) -> DrawnIssue:
    """Return an issue drawn from the ranges of its numbers; positions and no-deal values stay on their scales."""
    inputs: dict[Name, Floats] = {}

    def draw(actor: str, column: str, quantity: Quantity, owner: str, most: float) -> Floats:
        values = np.clip(quantity.take(_spread_evenly(f"{owner}\x1f{actor}\x1f{column}", draws)), 0.0, most)
        if not quantity.is_fixed:
            inputs[actor, column] = values
        return values

    def weigh(party: Position) -> Floats:
        # the capability of an actor is one number for all its issues, unless the position has its own
        owner = "" if party.capability == party.actor.capability else issue.id
        capability = draw(party.actor.id, "capability", party.capability, owner, np.inf)
        return capability * draw(party.actor.id, "salience", party.salience, issue.id, 100.0)

    places = {p.actor.id: draw(p.actor.id, "position", p.position, issue.id, 100.0) for p in issue.positions}
    accepts = {}
    for party in sorted(issue.positions, key=lambda p: p.actor.id):
        if party.veto and party.no_deal is not None:
            bearable = 100.0 - draw(party.actor.id, "no_deal", party.no_deal, issue.id, 100.0)
            accepts[party.actor.id] = (places[party.actor.id] - bearable, places[party.actor.id] + bearable)
    parties = issue.parties
    weights = np.stack([weigh(party) for party in parties])
    shift = {}
    if issue.power_shift is not None:
        for column in (*ASSUMPTIONS, "guarantee"):
            most = JUST_BELOW_1 if column == "patience" else LIMITS.get(column, 1.0)
            shift[column] = draw("", column, getattr(issue.power_shift, column), issue.id, most)
    held = np.stack([places[party.actor.id] for party in parties])
    return DrawnIssue(issue, tuple(p.actor.id for p in parties), held, weights, accepts, shift, inputs)


def _spread_evenly(name: str, draws: int) -> Floats:
    """Return one chance in each of `draws` equal parts of (0, 1), in an order of the name's own."""
    key = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=16).digest(), "little")
    raw = np.random.Philox(key=key).random_raw(2 * draws).astype(np.float64) / 2.0**64
    order = np.argsort(raw[:draws], kind="stable")
    return (order + np.clip(raw[draws:], 1e-9, 1 - 1e-9)) / draws
