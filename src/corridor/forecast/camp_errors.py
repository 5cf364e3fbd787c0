"""The error table: how far counts of other crises came out from the last count, by reach and by open or empty.

Every crisis in the table has the same weight. As of many days of each crisis the last count is held against what was
counted later; the error is in spreads of the place (`camp_history.measure`), the reach in times of what had elapsed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from corridor.forecast.camp_history import Floats, Scales

LEVELS = np.array([0.01, 0.025, *(np.arange(1, 20) / 20), 0.975, 0.99])
REACHES = np.array([0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0])
KERNEL = 0.5  # width in the logarithm of the reach: errors at reaches within a factor of about 1.6 are pooled
MIDDLE = len(LEVELS) // 2
FILE = "camp_errors.json"


@dataclass(frozen=True)
class ErrorTable:
    """Errors in spreads [empty or open, reach, level], the crises they were learnt on, and the share of common luck.

    `common` is the correlation of the normal scores of any two places' errors.
    """

    crises: tuple[str, ...]
    errors: Floats
    common: float = 0.0

    @property
    def widening(self) -> float:
        """Return by how much ranges are widened because so few crises are known.

        A further crisis differs from the mean of n by sqrt(1 + 1/n) times what single ones differ among themselves
        (the prediction interval of a sample's next member).
        """
        return sqrt(1 + 1 / len(self.crises))

    def quantiles(self, scales: Scales, days: Floats) -> Floats:
        """Return people at every level, on days since the start, in each place [L, D, P]; never below 0."""
        reach = np.clip(scales.reach(days), REACHES[0], REACHES[-1])
        position = np.interp(np.log(reach), np.log(REACHES), np.arange(len(REACHES)))
        before = np.minimum(position.astype(np.int64), len(REACHES) - 2)
        part = (position - before)[..., None]
        kind = np.broadcast_to(scales.is_open.astype(np.int64), before.shape)
        errors = (1 - part) * self.errors[kind, before] + part * self.errors[kind, before + 1]  # [D, P, L]
        middle = errors[..., MIDDLE : MIDDLE + 1]
        wide = middle + self.widening * (errors - middle)
        people = scales.last[:, None] + scales.spread[:, None] * wide
        return np.asarray(np.maximum(np.moveaxis(people, -1, 0), 0.0))

    def write(self) -> str:
        """Return the table as JSON, a line for each reach."""
        rounded = np.round(self.errors, 4).tolist()
        kinds = [
            f' "{name}": [\n' + ",\n".join(f"  {json.dumps(row)}" for row in rows) + "\n ]"
            for name, rows in zip(("empty", "open"), rounded, strict=True)
        ]
        head: dict[str, Any] = {
            "made_by": "python benchmarks/camps.py --write",
            "crises": list(self.crises),
            "common": self.common,
            "levels": LEVELS.tolist(),
            "reaches": REACHES.tolist(),
        }
        lines = [f' "{name}": {json.dumps(value)}' for name, value in head.items()]
        return "{\n" + ",\n".join([*lines, *kinds]) + "\n}\n"


@cache
def load_table() -> ErrorTable:
    """Return the table that comes with the program."""
    text = json.loads(resources.files("corridor.forecast").joinpath(FILE).read_text(encoding="utf-8"))
    return ErrorTable(tuple(text["crises"]), np.array([text["empty"], text["open"]]), text["common"])


def correlate(normals: Floats, shared: Floats, common: float) -> Floats:
    """Return ranks [R, P] between 0 and 1 whose normal scores have the correlation `common` between any two places.

    From independent standard normals [R, P] and [R]: one factor, common to all places, beside each place's own.
    """
    return np.asarray(ndtr(sqrt(common) * shared[:, None] + sqrt(1 - common) * normals))


def draw_people(quantiles: Floats, ranks: Floats) -> Floats:
    """Return people [R, D, P] at ranks [R, P] of quantiles [L, D, P]: a place keeps its rank on all days.

    Straight between levels; a rank beyond the outermost level is taken at it.
    """
    position = np.interp(ranks, LEVELS, np.arange(len(LEVELS)))
    before = np.minimum(position.astype(np.int64), len(LEVELS) - 2)
    part = (position - before)[..., None]
    by_place = np.moveaxis(quantiles, 2, 0)  # [P, L, D]
    places = np.arange(len(by_place))
    people = (1 - part) * by_place[places, before] + part * by_place[places, before + 1]  # [R, P, D]
    return np.asarray(np.moveaxis(people, 2, 1))


def make_normals(uniforms: Floats) -> Floats:
    """Return standard normals from uniforms in (0, 1)."""
    return np.asarray(ndtri(uniforms))


def pool_quantiles(errors: Floats, weights: Floats) -> Floats:
    """Return the quantiles at LEVELS of weighted errors [n], sorted, straight between the middles of their weights."""
    heights = np.cumsum(weights) - 0.5 * weights
    return np.asarray(np.interp(LEVELS, heights / weights.sum(), errors))


def share_weights(weights: Floats, crisis: NDArray[np.int64], count: int) -> Floats:
    """Return weights [n] scaled so that every crisis that has any weighs the same."""
    sums = np.bincount(crisis, weights, count)
    return np.asarray(weights / np.where(sums > 1e-6, sums, np.inf)[crisis])


def name_levels(levels: Sequence[float] = tuple(LEVELS)) -> list[str]:
    """Return a column's name for each level: q05 of 0.05, q025 of 0.025."""
    return [f"q{f'{level:.3f}'[2:].rstrip('0').ljust(2, '0')}" for level in levels]
