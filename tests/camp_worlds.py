"""Made-up counts of people in places."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from corridor.forecast.camp_history import Known, PlaceCounts


def place(*counts: tuple[float, float]) -> PlaceCounts:
    """Return the counts (day, people) of a place."""
    table = np.array(counts, dtype=float)
    return PlaceCounts(table[:, 0], table[:, 1])


def make_known(day: float = 100.0, **places: PlaceCounts) -> Known:
    """Return what was known as of a day."""
    return Known(day, places)


SOME = make_known(
    100.0,
    growing=place((0, 0), (20, 1_000), (60, 5_000), (95, 9_000)),
    steady=place((0, 4_000), (50, 4_100), (99, 4_050)),
    stale=place((0, 300), (30, 800)),
    shut=place((0, 2_000), (40, 1_500), (80, 0)),
    unused=place((0, 0)),
)


@st.composite
def knowns(draw: st.DrawFn) -> Known:
    """Return counts of one to six places as of some day, not all of them empty, one of them after the first day."""
    day = draw(st.integers(2, 2_000))
    places = {}
    for number in range(draw(st.integers(1, 6))):
        days = draw(st.lists(st.integers(-20, day), min_size=1, max_size=8, unique=True))
        days = sorted({*days, 1} if number == 0 else days)
        people = draw(st.lists(st.integers(0, 200_000), min_size=len(days), max_size=len(days)))
        people[-1] += number == 0
        places[f"place {number}"] = place(*zip(days, people, strict=True))
    return Known(float(day), places)
