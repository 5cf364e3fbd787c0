"""Which streams may pass which link, against a search written as it is meant; and how large networks are compiled."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.simulate.network import Link, Trip, find_use, list_streams

PLACES = 6
places = st.integers(0, PLACES - 1)


@st.composite
def networks(draw):
    """Return links and trips between a few places: ways that part and meet, loops, places that nothing leads to."""
    pairs = draw(st.lists(st.tuples(places, places).filter(lambda pair: pair[0] != pair[1]), max_size=14))
    links = [Link(road, start, end, back=False) for road, (start, end) in enumerate(pairs)]
    trips = st.builds(Trip, st.frozensets(places, min_size=1), places, st.sampled_from([(0,), (1, 2)]))
    return links, draw(st.lists(trips, min_size=1, max_size=5))


def reach(pairs, begin, without):
    """Return the places that can be reached from `begin`, never entering `without`."""
    seen = {begin}
    while new := {b for a, b in pairs if a in seen and b not in seen and b != without}:
        seen |= new
    return seen


@pytest.mark.slow
@given(networks())
def test_a_stream_may_pass_a_link_that_lies_on_a_way_from_a_start_to_its_goal(network):
    links, trips = network
    streams = list_streams(trips)
    found = find_use(links, trips, streams, PLACES, np.ones((1, len(links)), dtype=bool))
    there, back = [(k.start, k.end) for k in links], [(k.end, k.start) for k in links]
    for link, passing in zip(links, found, strict=True):
        ahead, behind = reach(there, link.end, link.start), reach(back, link.start, link.end)
        expected = {s for trip in trips if trip.goal in ahead and trip.starts & behind for s in trip.streams}
        assert {streams[i] for i in np.flatnonzero(passing)} == expected
