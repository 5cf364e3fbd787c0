"""How far a place in whole degrees may lie from there, held against the definition tried place by place."""

from __future__ import annotations

from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.scenario.checks.geography import DEGREE, Point, measure_rounding

DEGREES = st.sampled_from([10.0, 21.0, -3.0, 10.5, 10.55])
WORLDS = st.dictionaries(st.text(min_size=1, max_size=3), st.tuples(DEGREES, DEGREES), max_size=8)


def is_rough(point: Point, world: dict[str, Point]) -> bool:
    """Tell whether a point stands in whole degrees where no place of its world has more than one decimal."""
    decimals = [len(str(degrees).rstrip("0").partition(".")[2]) for other in world.values() for degrees in other]
    return max(decimals) <= 1 and all(degrees == int(degrees) for degrees in point)


@given(WORLDS)
def test_each_place_is_as_rough_as_when_asked_alone(world: dict[str, Point]) -> None:
    half = hypot(0.5, 0.5) * DEGREE
    expected = {name: half if is_rough(point, world) else 0.0 for name, point in world.items()}
    assert measure_rounding(world) == pytest.approx(expected)
