"""The forecast of a settlement's place: the weighted mean, as wide as such forecasts have missed before.

The width comes from past errors, never from jittering the inputs: on 351 decided issues with known outcomes
an 80 % band made by jitter held 11 % of them (benchmarks/deal_accuracy.py). A forecast misses by about
`MISS_RATIO` times the weighted standard deviation of the positions (one standard deviation of the miss), so
the further apart the actors, the wider the forecast. Ranges stated for the inputs are added on top, in
squares; they can widen a forecast and cannot narrow it.

`MISS_RATIO` was fitted on the DEU data (Arregui and Perarnaud 2022, doi:10.34810/data53); refit it with
`python benchmarks/deal_refit.py deu3.csv`, which also scores it with every dossier left out in turn.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

from corridor.deal.landing import find_deviation, find_mean
from corridor.deal.parties import Issue, spread_of_mean

MISS_RATIO = 0.795  # root mean square of miss / weighted standard deviation, 351 issues in 137 dossiers
MISS_RATIO_EQUAL = 0.942  # the same with equal weights
LEAST_DEVIATION = 0.05  # share of the scale: actors who agree have still been overruled
LARGEST_SHARE_TESTED = 0.42  # no actor held more of the weight on any of those issues
TOO_FAR_APART = 0.40  # share of the scale: beyond this the rule did no better than saying the middle

_UNIT = NormalDist()


@dataclass(frozen=True)
class Forecast:
    """Where a settlement would land if there is one.

    A normal curve around `centre` with standard deviation `spread`; what would fall outside the scale counts
    at its ends (`low`, `high`), where a third of past outcomes lay. `usual_error` is the part of the spread
    that past errors give, `input_spread` what stated ranges add to it (in squares). `deviation` is the
    weighted standard deviation of the positions; `too_far_apart` says that this is no forecast.
    """

    centre: float
    deviation: float
    usual_error: float
    input_spread: float
    low: float = 0.0
    high: float = 100.0

    @property
    def spread(self) -> float:
        """Return the standard deviation before the ends of the scale are applied."""
        return math.hypot(self.usual_error, self.input_spread)

    @property
    def too_far_apart(self) -> bool:
        """Tell whether the positions are too far apart to forecast."""
        return self.deviation > TOO_FAR_APART * (self.high - self.low)

    def quantile(self, chance: float) -> float:
        """Return the point that the settlement stays at or below with this chance (0 to 1, ends excluded)."""
        return min(max(self.centre + self.spread * _UNIT.inv_cdf(chance), self.low), self.high)

    def interval(self, chance: float) -> tuple[float, float]:
        """Return the central interval that holds the settlement with this chance."""
        return self.quantile((1 - chance) / 2), self.quantile((1 + chance) / 2)

    def score(self, outcome: float) -> float:
        """Return the continuous ranked probability score against an outcome, in points; 0 is perfect.

        T. Gneiting and A. Raftery, JASA 102 (2007) 359-378; the integral of the squared normal distribution
        function is z*F**2 + 2*f*F - F(z*sqrt(2))/sqrt(pi).
        """
        left, right = ((end - self.centre) / self.spread for end in (self.low, self.high))
        at = (min(max(outcome, self.low), self.high) - self.centre) / self.spread
        outside = max(self.low - outcome, outcome - self.high, 0.0)
        inside = _square_integral(left, at) + _square_integral(-right, -at)
        return outside + self.spread * inside


def _square_integral(start: float, end: float) -> float:
    def primitive(z: float) -> float:
        below, density = _UNIT.cdf(z), _UNIT.pdf(z)
        return z * below**2 + 2 * density * below - _UNIT.cdf(z * math.sqrt(2)) / math.sqrt(math.pi)

    return primitive(end) - primitive(start)


def forecast_from(
    positions: list[float],
    weights: list[float],
    input_spread: float = 0.0,
    ratio: float = MISS_RATIO,
    scale: tuple[float, float] = (0.0, 100.0),
) -> Forecast:
    """Return the forecast for positions and weights on a scale with the given ends.

    Raises ValueError when no weight is positive.
    """
    if not math.fsum(weights) > 0:
        message = "at least one actor must have weight"
        raise ValueError(message)
    low, high = scale
    deviation = find_deviation(positions, weights)
    usual_error = ratio * max(deviation, LEAST_DEVIATION * (high - low))
    return Forecast(find_mean(positions, weights), deviation, usual_error, input_spread, low, high)


def find_largest_share(issue: Issue) -> float:
    """Return the largest actor's share of the weight (0 to 1).

    Above `LARGEST_SHARE_TESTED` the width of a forecast has never been tested.
    """
    weights = [party.weight for party in issue.parties]
    return max(weights) / math.fsum(weights)


def forecast_issue(issue: Issue, equal: bool = False) -> Forecast:
    """Return the forecast of an issue; with `equal`, as if every actor that has weight had the same."""
    parties = issue.parties
    positions = [party.position.middle for party in parties]
    weights = [1.0 if equal else party.weight for party in parties]
    ratio = MISS_RATIO_EQUAL if equal else MISS_RATIO
    return forecast_from(positions, weights, spread_of_mean(parties, equal), ratio)
