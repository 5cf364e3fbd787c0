"""People in places from their counts so far: the last count, and the errors it had in other crises.

The median of a place is its last count moved by the middle error of the table, which is how counts of that age mostly
went on; there is no other trend, since none was found that did better (benchmarks/camps.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from corridor.chance.draws import draw_uniform_each, entity_key, replicate_key
from corridor.forecast.camp_errors import (
    LEVELS,
    MIDDLE,
    ErrorTable,
    correlate,
    draw_people,
    load_table,
    make_normals,
)
from corridor.forecast.camp_history import Floats, Known, Scales, measure

DRAWS = 1000


@dataclass(frozen=True)
class CampNumbers:
    """A forecast in numbers: D `days` since the start, P places in the order of what was known, R joint draws.

    `totals` [D] are people in all places where they are known; then every draw sums to them.
    """

    known: Known
    scales: Scales
    days: Floats
    table: ErrorTable
    ranks: Floats  # [R, P]
    totals: Floats | None = None

    @cached_property
    def quantiles(self) -> Floats:
        """Return people at LEVELS [L, D, P]: of the table, or of the draws where totals are known."""
        if self.totals is None:
            return self.table.quantiles(self.scales, self.days)
        return np.stack([np.quantile(self.draw(day), LEVELS, axis=0) for day in range(len(self.days))], axis=1)

    @property
    def median(self) -> Floats:
        """Return the middle quantile [D, P]."""
        return np.asarray(self.quantiles[MIDDLE])

    @cached_property
    def sums(self) -> Floats:
        """Return people in all places together at LEVELS [L, D]: quantiles of the sums of the joint draws."""
        return self.sum_places(range(len(self.known.places)))

    def sum_places(self, columns: Sequence[int]) -> Floats:
        """Return people in some places (by their numbers) together at LEVELS [L, D], from the joint draws."""
        sums = np.stack([self.draw(day)[:, columns].sum(axis=1) for day in range(len(self.days))])
        return np.asarray(np.quantile(sums, LEVELS, axis=1))

    @cached_property
    def draws(self) -> Floats:
        """Return joint draws of people [R, D, P]."""
        return np.stack([self.draw(day) for day in range(len(self.days))], axis=1)

    def draw(self, day: int) -> Floats:
        """Return the joint draws of one of the days, by its number [R, P]."""
        chosen = slice(day, day + 1)
        people = draw_people(self.table.quantiles(self.scales, self.days[chosen]), self.ranks)[:, 0]
        return people if self.totals is None else scale(people, float(self.totals[day]), self.scales.spread)


def scale(people: Floats, total: float, spread: Floats) -> Floats:
    """Return people [R, P] multiplied so that each draw has the total; a draw of nobody is shared out by spread [P]."""
    sums = people.sum(axis=1, keepdims=True)
    weights = spread if spread.any() else np.ones(len(spread))
    shares = np.where(sums > 0, people, weights) / np.where(sums > 0, sums, weights.sum())
    return np.asarray(shares * total)


def forecast(
    known: Known, days: Floats, totals: Floats | None = None, seed: int = 1, table: ErrorTable | None = None
) -> CampNumbers:
    """Return the forecast of every place that was counted, on days since the start [D], all after `known.day`.

    With `totals` [D] the places are drawn each with its own luck, since the luck they have in common is what a total
    tells, and every draw is multiplied to the total. `table` is that of the package if none is given. A place's luck
    depends on the seed and its name alone, so further places change no other.
    """
    errors = load_table() if table is None else table
    keys = np.array([replicate_key(seed, number) for number in range(DRAWS)], dtype=np.uint64)

    def draw(*words: str) -> Floats:
        return make_normals(draw_uniform_each(keys, np.uint64(entity_key("camps", *words))))

    normals = np.stack([draw("place", name) for name in known.places], axis=1)
    common = errors.common if totals is None else 0.0
    return CampNumbers(known, measure(known), days, errors, correlate(normals, draw("common"), common), totals)
