"""Focal points: places on the scale that a settlement may snap to, though they make poor forecasts.

On past issues two outcomes in three equalled some actor's position exactly, yet forecasting the median or the
most supported position missed by more (28 and 33 points) than the weighted mean (23): they hit exactly more
often and miss by a whole pole far more often. So they are shown beside the forecast and never instead of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridor.deal.landing import find_contest_mean, find_median

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor.deal.parties import Position

_TOGETHER = 5.0  # points; neighbours no further apart read as one focal point


@dataclass(frozen=True)
class FocalPoint:
    """A place where weight gathers: its position, its share of the weight (0 to 1), and who stands there."""

    position: float
    weight_share: float
    actors: tuple[str, ...]


@dataclass(frozen=True)
class Checks:
    """Other rules' points, shown beside the forecast.

    `weighted_median` can jump: it changes when `median_margin` of all weight (0 to 1) changes side.
    `contest_mean` is the probabilistic Condorcet contest with squared odds.
    """

    weighted_median: float
    median_margin: float
    contest_mean: float


def find_focal_points(parties: Sequence[Position]) -> list[FocalPoint]:
    """Return where the weight gathers, heaviest first; neighbours at most 5 points apart count together."""
    groups: list[list[Position]] = []
    for party in sorted(parties, key=lambda p: (p.position.middle, p.actor.id)):
        if groups and party.position.middle - groups[-1][-1].position.middle <= _TOGETHER:
            groups[-1].append(party)
        else:
            groups.append([party])
    total = math.fsum(party.weight for party in parties)
    points = [_describe(group, total) for group in groups]
    return sorted(points, key=lambda point: (-point.weight_share, point.position))


def _describe(group: Sequence[Position], total: float) -> FocalPoint:
    weight = math.fsum(party.weight for party in group)
    position = math.fsum(party.weight * party.position.middle for party in group) / weight
    return FocalPoint(position, weight / total, tuple(party.actor.id for party in group))


def check_with_other_rules(parties: Sequence[Position]) -> Checks:
    """Return the points of the rules that are not the forecast."""
    positions = [party.position.middle for party in parties]
    weights = [party.weight for party in parties]
    median = find_median(positions, weights)
    total = math.fsum(weights)
    below = math.fsum(w for x, w in zip(positions, weights, strict=True) if x < median) / total
    above = math.fsum(w for x, w in zip(positions, weights, strict=True) if x > median) / total
    margin = max(0.0, 0.5 - max(below, above))
    return Checks(median, margin, find_contest_mean(positions, weights, 2))
