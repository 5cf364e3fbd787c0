"""A file of fitted draws as `corridor forecast` writes it: read here, so that a check can tell a damaged one."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from itertools import pairwise

LUCK = "luck_until_hour_"
LARGEST = 2**63  # numbers of the luck are kept in 64 bits


@dataclass(frozen=True)
class Draws:
    """N rows: numbers of the luck for slices of time that end at `hours` [K], and values of the quantities `names`."""

    seed: int
    hours: tuple[float, ...]
    luck: list[list[int]]  # [N][K]
    names: tuple[str, ...]
    values: list[list[float]]  # [N][names]


def parse_draws(text: str) -> Draws:
    """Read a file of fitted draws. Raises ValueError with the reason when it is none or is damaged."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    try:
        header, *body = list(csv.reader(lines)) or [[]]
    except csv.Error as error:
        raise ValueError(str(error)) from error
    hours = [name for name in header if name.startswith(LUCK)]
    first = len(hours) + 1
    if not hours or not body or header[:first] != ["seed", *hours]:
        raise ValueError(", ".join(header[:2]) or "nothing")
    for number, row in enumerate(body, start=1):
        if len(row) != len(header):
            message = f"{len(row)} cells in row {number} below a header of {len(header)}"
            raise ValueError(message)
    draws = Draws(
        int(body[0][0]),
        tuple(float(name.removeprefix(LUCK)) for name in hours),
        [[int(cell) for cell in row[1:first]] for row in body],
        tuple(header[first:]),
        [[float(cell) for cell in row[first:]] for row in body],
    )
    if not all(0 <= number < LARGEST for row in [[draws.seed], *draws.luck] for number in row):
        message = "a seed or number of luck that cannot be one"
        raise ValueError(message)
    if not all(math.isfinite(value) for row in (draws.hours, *draws.values) for value in row):
        message = "a value that is no number"
        raise ValueError(message)
    if not all(0 < early < late for early, late in pairwise((*draws.hours, math.inf))):
        message = "hours of luck that do not rise"
        raise ValueError(message)
    return draws
