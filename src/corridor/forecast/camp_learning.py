"""Learning the error table, and the share of common luck, from crises that are over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from corridor.forecast.camp_errors import (
    KERNEL,
    LEVELS,
    REACHES,
    ErrorTable,
    correlate,
    draw_people,
    pool_quantiles,
    share_weights,
)
from corridor.forecast.camp_history import Floats, Known, Scales, measure

SHARES = np.arange(0, 20) / 20  # of common luck that are tried
RANKS = 400  # draws by which a share is judged
HELD = 0.9  # of the sums over places that a 90 % interval should hold


@dataclass(frozen=True)
class Crisis:
    """A crisis that is over: people in each place on each day of it, and what was known as of some of its days."""

    name: str
    places: tuple[str, ...]
    truth: Floats  # [day, place], straight between counts
    views: tuple[Known, ...]


@dataclass(frozen=True)
class _View:
    """What was known as of one day beside what came: on `days` [D], in the places known [D, P]."""

    scales: Scales
    days: Floats
    truth: Floats


def learn(crises: Sequence[Crisis]) -> ErrorTable:
    """Return the error table of some crises (one or more), each of the same weight, with its share of common luck.

    The share is the smallest at which the ranges of sums hold 9 in 10 of what came, each crisis left out of its own
    table in turn; with a single crisis there is nothing to tell it by, and it is 0.
    """
    views = [list(_look_back(crisis)) for crisis in crises]
    table = _pool([crisis.name for crisis in crises], views)
    if len(crises) < 2:
        return table
    held = np.zeros(len(SHARES))
    for left_out, seen in enumerate(views):
        others = [number for number in range(len(crises)) if number != left_out]
        rest = _pool([crises[number].name for number in others], [views[number] for number in others])
        held += _hold_sums(rest, seen) / len(crises)
    enough = np.flatnonzero(held >= HELD)
    return replace(table, common=float(SHARES[enough[0] if len(enough) else held.argmax()]))


def _look_back(crisis: Crisis) -> Iterator[_View]:
    for known in crisis.views:
        ahead = np.unique(np.round(REACHES * known.day))
        days = known.day + ahead[(ahead >= 1) & (known.day + ahead < len(crisis.truth))]
        if len(days):
            columns = [crisis.places.index(place) for place in known.places]
            yield _View(measure(known), days, crisis.truth[days.astype(np.int64)][:, columns])


def _pool(names: Sequence[str], views: Sequence[Sequence[_View]]) -> ErrorTable:
    """Return the table of crises, each with its views; where no place was empty (or open) its errors are 0."""
    rows = []
    for crisis, seen in enumerate(views):
        for view in seen:
            scales, error = view.scales, (view.truth - view.scales.last) / view.scales.spread
            reach, kind = scales.reach(view.days), np.broadcast_to(scales.is_open, error.shape)
            rows.append(np.stack([np.full(error.size, crisis), kind.ravel(), reach.ravel(), error.ravel()]))
    crisis, kind, reach, error = np.concatenate(rows, axis=1)
    order = np.argsort(error, kind="stable")
    crisis, kind, reach, error = crisis[order].astype(np.int64), kind[order], reach[order], error[order]
    errors = np.zeros((2, len(REACHES), len(LEVELS)))
    apart = np.log(np.clip(reach, REACHES[0], REACHES[-1]))
    for which in (0, 1):
        for number, middle in enumerate(np.log(REACHES)):
            near = np.exp(-0.5 * ((apart - middle) / KERNEL) ** 2) * (kind == which)
            weights = share_weights(near, crisis, len(names))
            if weights.sum() > 0:
                errors[which, number] = pool_quantiles(error, weights)
    return ErrorTable(tuple(names), errors)


def _hold_sums(table: ErrorTable, seen: Sequence[_View]) -> NDArray[np.float64]:
    """Return at each of SHARES how many of the sums that came (0 to 1) lie in the 90 % interval of a table's draws."""
    luck = np.random.default_rng(1)
    held: list[list[bool]] = []
    for view in seen:
        quantiles, truth = table.quantiles(view.scales, view.days), view.truth.sum(axis=1)
        normals, shared = luck.standard_normal((RANKS, view.truth.shape[1])), luck.standard_normal(RANKS)
        within = []
        for share in SHARES:
            sums = draw_people(quantiles, correlate(normals, shared, float(share))).sum(axis=2)
            low, high = np.quantile(sums, [0.05, 0.95], axis=0)
            within.append((truth >= low) & (truth <= high))
        held += np.array(within).T.tolist()
    return np.asarray(np.mean(held, axis=0))
