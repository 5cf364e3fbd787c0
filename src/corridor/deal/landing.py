"""Rules that turn positions and weights into one point. The weighted mean is the one to forecast with.

Evidence for that choice stands in docs/deal.md; the others are here as checks and as focal points. All rules
take positions on any axis and weights of any scale, at least one of them positive; none depends on the order
of the actors or on an actor without weight.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def find_mean(positions: Sequence[float], weights: Sequence[float]) -> float:
    """Return the weighted mean: the compromise model when weights are capability times salience.

    C. Achen, ch. 4 in The European Union Decides (2006); J. Van den Bos, Dutch EC Decision Making (1991).
    """
    # Centred on the first position, so that unanimity returns the common position exactly.
    origin = positions[0]
    moments = (w * (x - origin) for w, x in zip(weights, positions, strict=True))
    return origin + math.fsum(moments) / math.fsum(weights)


def find_deviation(positions: Sequence[float], weights: Sequence[float]) -> float:
    """Return the weighted standard deviation of the positions: how far apart the actors are."""
    mean = find_mean(positions, weights)
    squares = math.fsum(w * (x - mean) ** 2 for w, x in zip(weights, positions, strict=True))
    return math.sqrt(squares / math.fsum(weights))


def find_median(positions: Sequence[float], weights: Sequence[float]) -> float:
    """Return the weighted median: the position that loses to no other when the nearer one gets the weight.

    Where the weight divides exactly in half, the middle between the two positions: either end of the axis may
    be called zero.
    """
    ranked = sorted(zip(positions, weights, strict=True))
    half = math.fsum(weights) / 2
    below = 0.0
    for place, (position, weight) in enumerate(ranked):
        below += weight
        if math.isclose(below, half, rel_tol=1e-12) and place + 1 < len(ranked):
            above = next((x for x, w in ranked[place + 1 :] if w > 0), position)
            return (position + above) / 2
        if below > half:
            return position
    return ranked[-1][0]


def find_contest_mean(positions: Sequence[float], weights: Sequence[float], power: int = 2) -> float:
    """Return the mean of the probabilistic Condorcet contest between the positions held.

    Position a beats b with chance A**k / (A**k + B**k), where A and B are the weights nearer to each (shared
    where equally near) and k is `power`; the options' chances are the leading eigenvector of that table.
    KAPSARC Toolkit (KTAB), probabilistic Condorcet election.
    """
    options = sorted({x for x, w in zip(positions, weights, strict=True) if w > 0})
    table = [[_win_chance(a, b, positions, weights, power) for b in options] for a in options]
    # Squaring over and over leaves the leading eigenvector in every column, however slow plain powers are.
    for _ in range(64):
        squared = _multiply(table, table)
        change = max(abs(a - b) for new, old in zip(squared, table, strict=True) for a, b in zip(new, old, strict=True))
        table = squared
        if change < 1e-15:
            break
    chances = [math.fsum(row) for row in table]
    return math.fsum(x * c for x, c in zip(options, chances, strict=True)) / math.fsum(chances)


def _multiply(first: list[list[float]], second: list[list[float]]) -> list[list[float]]:
    """Return the matrix product, scaled so that its entries sum to 1."""
    columns = list(zip(*second, strict=True))
    product = [[math.fsum(a * b for a, b in zip(row, column, strict=True)) for column in columns] for row in first]
    total = math.fsum(math.fsum(row) for row in product)
    return [[value / total for value in row] for row in product]


def _win_chance(a: float, b: float, positions: Sequence[float], weights: Sequence[float], power: int) -> float:
    for_a = for_b = 0.0
    for position, weight in zip(positions, weights, strict=True):
        nearer = abs(position - b) - abs(position - a)
        share = 0.5 if nearer == 0 else float(nearer > 0)
        for_a += share * weight
        for_b += (1 - share) * weight
    odds = (min(for_a, for_b) / max(for_a, for_b)) ** power  # of the weaker side, so that it cannot overflow
    return (1.0 if for_a >= for_b else odds) / (1 + odds)
