"""What is known of people in places as of a day, and the two scales a forecast is made on: time elapsed and spread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

HALF_LIFE = 0.15  # of the time elapsed: how far back growth is looked at; from half to twice of it scores alike
EMPTY = 0.02  # of the mean place: with fewer people a place is not open


@dataclass(frozen=True)
class PlaceCounts:
    """The counts of one place: days since the start, rising, and the people counted then."""

    days: Floats
    people: Floats

    def until(self, day: float) -> PlaceCounts:
        """Return the counts up to a day."""
        kept = self.days <= day
        return PlaceCounts(self.days[kept], self.people[kept])


@dataclass(frozen=True)
class Known:
    """What is known as of `day` (days since the start, above 0): of each place that was counted by then its counts."""

    day: float
    places: Mapping[str, PlaceCounts]


@dataclass(frozen=True)
class Scales:
    """Of each place [P]: what a forecast starts from, and what its errors are measured in.

    `last` people at the last count; `counted` its day; `origin` the day from which is looked ahead and `elapsed` the
    days until then since the start; `spread` people; `is_open`. An empty place makes no counts, and that nobody came
    is known until the day of the forecast; an open one is known until its last count.
    """

    last: Floats
    counted: Floats
    origin: Floats
    spread: Floats
    is_open: NDArray[np.bool_]

    @property
    def elapsed(self) -> Floats:
        """Return days from the start until the origin, of each place [P]."""
        return np.maximum(self.origin, 0.0)

    def reach(self, days: Floats) -> Floats:
        """Return how far ahead days [D] lie of what is known, in times of what has elapsed [D, P]."""
        ahead = np.maximum(days[:, None] - self.origin, 0.0)
        beyond = np.full(ahead.shape, np.inf)
        return np.asarray(np.divide(ahead, self.elapsed, out=beyond, where=self.elapsed > 0))


def measure(known: Known) -> Scales:
    """Return the scales of every place.

    The spread of a place is its people, plus the change it would see if its present growth went on for as long as has
    elapsed, plus the people of the mean place (which a small or new place may become). All three count alike.
    """
    counts = list(known.places.values())
    last = np.array([place.people[-1] for place in counts])
    counted = np.array([place.days[-1] for place in counts])
    is_open = last > EMPTY * last.mean()
    origin = np.where(is_open, counted, known.day)
    change = np.array([abs(find_growth(place)) for place in counts]) * np.maximum(counted, 0.0)
    return Scales(last, counted, origin, last + change + last.mean(), is_open)


def find_growth(place: PlaceCounts) -> float:
    """Return the present growth of a place in people a day, straight between counts, the past fading by HALF_LIFE.

    The mean of the slope over the time since the start, each moment weighted by half for every HALF_LIFE of the time
    elapsed that it lies before the last count, in closed form. 0 where fewer than two counts found anybody: that a
    place was opened is no growth.
    """
    end = place.days[-1]
    if end <= 0 or np.count_nonzero(place.people > 0) < 2:
        return 0.0
    inside = np.append(0.0, place.days[place.days > 0]) if place.days[0] < 0 else place.days
    people = np.interp(inside, place.days, place.people)
    faded = 0.5 ** ((end - inside) / (HALF_LIFE * end))
    weight = np.diff(faded)
    return float((weight * np.diff(people) / np.diff(inside)).sum() / weight.sum())
