"""What makes an item from others, and what uses one beside people: plants and facilities of a relief problem."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

OF_PEOPLE = 5  # priority of people's own needs among those who want an item; 1 is met first, 9 last


@dataclass(frozen=True)
class Plant:
    """What makes an item: a line, a generator, a pumping station, a bakery.

    most [T]: tonnes that it can make in a period, as far as it works. `uses` are (item, tonnes for one tonne made),
    taken at `place`; what it makes goes to the places it `serves`.
    """

    id: str
    place: str
    makes: str
    most: NDArray[np.float64]
    uses: tuple[tuple[str, float], ...] = ()
    serves: tuple[str, ...] = ()
    priority: int = 3


@dataclass(frozen=True)
class Facility:
    """What uses an item beside people: a hospital, a street of lamps.

    `per_day` are tonnes; person-days without are counted for the `people` who depend on it.
    """

    id: str
    place: str
    item: str
    per_day: float
    priority: int = 1
    people: float = 0.0
