"""What needs that went unmet come to by the weights of a plan, whoever sent what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor.relief.problem import add_hours_without

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridor.relief.problem import ReliefProblem, Weights


def weigh_short(problem: ReliefProblem, weights: Weights, short: NDArray[np.float64]) -> float:
    """Return weighted hours of one person without, from shares [T, P, K] of people's needs that went unmet.

    It is what a plan minimises but for trucks, money and lateness: hours without life-saving items by their weights,
    more for hours beyond the bends of deprivation; other items; and the hours of the worst-off place for everybody.
    """
    people = problem.people[: len(short), :, None]
    weight = np.array([item.weight for item in problem.items])
    saving = np.array([item.life_saving for item in problem.items], dtype=bool)
    hours = short * problem.period_hours * weight * (problem.need > 0)
    felt = people * (hours + _deepen(problem, weights, short) * weight * (problem.need > 0))
    worst = (hours * saving * (people > 0)).sum(axis=(0, 2)).max(initial=0.0)
    planned_for = float(problem.people.mean(axis=0).sum())
    sums = (felt * saving).sum(), worst * planned_for, (felt * ~saving).sum()
    return float(np.dot(sums, (weights.life_saving, weights.worst_off, weights.other)))


def _deepen(problem: ReliefProblem, weights: Weights, short: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return by how much more each period counts for the hours gone without by its end beyond each bend [T, P, K]."""
    without, more = problem.without, np.zeros_like(short)
    for t, share in enumerate(short):
        without = add_hours_without(without, share[None], problem.period_hours, weights.recovery)
        for bend, extra in weights.deprivation:
            more[t] += extra * np.maximum(without - bend, 0.0) * problem.period_hours / 24.0
    return more
