"""The expected-utility model of Bueno de Mesquita as Scholz and others state it. NOT FOR FORECASTING.

Kept for the record only: on 351 decided issues its mean after one round missed by 25.4 points and its median
by 29.8, where the weighted mean missed by 22.9 and always saying 50 by 28.0 (benchmarks/deal_accuracy.py).
Its paper does not give its own printed results; this follows the calculation that does, including two
departures from the paper: one normaliser for every pair's chance of winning, and a choice among compromises
by their place on the axis, so that from round four on the result depends on which end of the scale is called
zero.

J. Scholz, G. Calbert and G. Smith, ICAART 2011, 18-30, doi:10.5220/0003121500180030.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridor.deal.landing import find_mean, find_median

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class LegacyRound:
    """Positions after a round (0 is the start), their weighted median and mean."""

    number: int
    positions: tuple[float, ...]
    median: float
    mean: float


def play_legacy_rounds(
    positions: Sequence[float], saliences: Sequence[float], capabilities: Sequence[float], rounds: int
) -> list[LegacyRound]:
    """Return the rounds of the expected-utility model, the start first. Saliences lie in [0, 1].

    Raises ValueError when all positions are the same. NOT FOR FORECASTING: see the module's text.
    """
    width = max(positions) - min(positions)
    if width <= 0:
        message = "the positions must differ"
        raise ValueError(message)
    model = _Model(tuple(saliences), tuple(capabilities), width)
    places = tuple(positions)
    history = [model.describe(0, places)]
    for number in range(1, rounds + 1):
        places = model.move_all(places)
        history.append(model.describe(number, places))
    return history


@dataclass(frozen=True)
class _Model:
    saliences: tuple[float, ...]
    capabilities: tuple[float, ...]
    width: float

    @property
    def weights(self) -> list[float]:
        return [c * s for c, s in zip(self.capabilities, self.saliences, strict=True)]

    def describe(self, number: int, places: tuple[float, ...]) -> LegacyRound:
        weights = self.weights
        return LegacyRound(number, places, find_median(places, weights), find_mean(places, weights))

    def move_all(self, places: tuple[float, ...]) -> tuple[float, ...]:
        """All actors choose on the old positions, then move together; nobody moves once all agree."""
        if max(places) == min(places):
            return places
        actors = range(len(places))
        plain = [1.0] * len(places)
        even = self._normaliser(places, plain)
        security = [sum(self._expect(i, j, places, plain, even)[1] for j in actors if j != i) for i in actors]
        most, least = max(security), min(security)
        if most == least:
            return places
        risks = [(2 * s - most - least) / (most - least) for s in security]
        bent = [(1 - risk / 3) / (1 + risk / 3) for risk in risks]
        normaliser = self._normaliser(places, bent)
        return tuple(self._choose(i, places, bent, normaliser) for i in actors)

    def _normaliser(self, places: tuple[float, ...], bent: list[float]) -> float:
        """All votes over all ordered pairs, the same for every pair: why chances come out near zero."""
        actors = range(len(places))
        return math.fsum(
            abs(self._vote(k, a, b, places, bent[k]))
            for k, (a, b) in itertools.product(actors, itertools.permutations(actors, 2))
        )

    def _vote(self, k: int, a: int, b: int, places: tuple[float, ...], bend: float) -> float:
        to_a, to_b = abs(places[k] - places[a]) / self.width, abs(places[k] - places[b]) / self.width
        return self.capabilities[k] * self.saliences[k] * (math.pow(to_b, bend) - math.pow(to_a, bend))

    def _expect(
        self, i: int, j: int, places: tuple[float, ...], bent: list[float], normaliser: float
    ) -> tuple[float, float]:
        """Return what i would gain by challenging j, and what i thinks that j would by challenging i."""
        bend, apart = bent[i], abs(places[i] - places[j]) / self.width
        success = 2 - 4 * math.pow(0.5 - 0.5 * apart, bend)
        failure = 2 - 4 * math.pow(0.5 + 0.5 * apart, bend)
        as_now = 2 - 4 * math.pow(0.5, bend)

        def gain(challenger: int, responder: int) -> float:
            votes = (self._vote(k, challenger, responder, places, bent[k]) for k in range(len(places)))
            win = sum(vote for vote in votes if vote > 0) / normaliser
            salience = self.saliences[responder]
            return salience * (win * success + (1 - win) * failure) + (1 - salience) * success - as_now

        return gain(i, j), gain(j, i)

    def _choose(self, i: int, places: tuple[float, ...], bent: list[float], normaliser: float) -> float:
        """Return where i moves: to the nearest it would lose to, or the compromise lowest on the axis."""
        conflicts, compromises = [], []
        for j in range(len(places)):
            own, other = self._expect(i, j, places, bent, normaliser) if j != i else (0.0, 0.0)
            if other > own > 0:
                conflicts.append((abs(places[j] - places[i]), places[j]))
            elif other > -own > 0:
                between = (-own * places[i] + other * places[j]) / (other - own)
                compromises.append((between, places[i] + (places[j] - places[i]) * -own / other))
        ranked = min(conflicts, default=None) or min(compromises, default=None)
        return ranked[1] if ranked else places[i]
