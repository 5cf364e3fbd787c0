"""The quickest ways, against relaxing every link until nothing changes."""

from __future__ import annotations

import numpy as np
import pytest

from corridor.scenario.ways import find_ways


def relax(starts, ends, hours, origin, places):
    """Return hours to each place by Bellman and Ford's rule."""
    best = np.full(places, np.inf)
    best[origin] = 0.0
    for _ in range(places):
        for start, end, time in zip(starts, ends, hours, strict=True):
            best[end] = min(best[end], best[start] + time)
    return best


@pytest.mark.parametrize("seed", range(20))
def test_ways_are_the_quickest_and_lead_where_they_should(seed):
    random = np.random.default_rng(seed)
    places, links = int(random.integers(1, 12)), int(random.integers(0, 40))
    starts, ends = random.integers(places, size=(2, links))
    hours = random.choice([0.0, 0.5, 1.0, 2.5, 3.0], size=links)
    ways = find_ways(starts, ends, hours, 0, places)
    np.testing.assert_allclose(ways.hours, relax(starts, ends, hours, 0, places))
    for place in np.flatnonzero(np.isfinite(ways.hours)):
        way = ways.trace(int(place))
        assert [starts[k] for k in way] == [0, *(ends[k] for k in way[:-1])][: len(way)]
        assert (ends[way[-1]] if way else 0) == place
        assert sum(hours[k] for k in way) == pytest.approx(ways.hours[place])


def test_of_two_roads_as_quick_the_first_is_taken():
    starts, ends = np.array([0, 0, 0]), np.array([1, 1, 1])
    assert find_ways(starts, ends, np.array([2.0, 1.0, 1.0]), 0, 2).trace(1) == [1]
