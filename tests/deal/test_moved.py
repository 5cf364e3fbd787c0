"""The picture of how positions moved: every line covers all of its time, names never overlap, ranges are those of the screen."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.deal.moved import GAP, picture_moves
from corridor.deal.parties import Actor, Issue, Position
from corridor.deal.rounds import Course, Round
from corridor.deal.screens import screen_range
from corridor.scenario.values import fixed
from corridor.words.language import ENGLISH

ACTORS = ("a", "b", "c", "d")
held = st.dictionaries(st.sampled_from(ACTORS), st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=2)


def build(course: list[dict[str, tuple[int, int]]], hours: list[int], dated: bool) -> Course:
    """Return rounds in which each actor keeps its position until it takes another."""
    now: dict[str, tuple[int, int]] = {}
    moment, rounds = datetime(2025, 1, 1), []
    for at, (changes, gap) in enumerate(zip(course, hours, strict=False)):
        now |= changes
        moment += timedelta(hours=gap)
        positions = tuple(
            Position(
                Actor(n, n.upper(), fixed(1), True, False, ()), fixed(p), fixed(50), fixed(1), fixed(d), n != "d", ()
            )
            for n, (p, d) in now.items()
        )
        day = moment if at or dated else datetime.min
        rounds.append(Round(day, Issue("i", "I", "l", "h", positions, "", None, ()), tuple(changes)))
    return Course({"i": tuple(rounds)}, (), ((moment - timedelta(minutes=5), "rain"), (moment, "snow")))


@given(st.lists(held, min_size=2, max_size=6), st.lists(st.integers(1, 2000), min_size=6, max_size=6), st.booleans())
def test_lines_names_and_ranges(moves: list[dict[str, tuple[int, int]]], hours: list[int], dated: bool) -> None:
    course = build(moves, hours, dated)
    rounds, picture = course.rounds["i"], picture_moves(course, "i", ENGLISH)
    places = [one["x"] for one in picture["rounds"]]
    assert places == sorted(places)
    assert all(0 <= x <= 100 for x in places)
    ends = [*places[1:], 100.0]
    for line in picture["lines"]:
        pieces = line["stretches"]
        assert all(one["to"] == two["from"] for one, two in itertools.pairwise(pieces))
        assert pieces[-1]["to"] == 100.0
        for start, one in zip(places, rounds, strict=True):  # where it stood then, by the round itself
            stood = [p.position.middle for p in one.issue.positions if p.actor.id == line["actor"]]
            drawn = [piece["position"] for piece in pieces if piece["from"] <= start < piece["to"]]
            assert drawn == stood or start == 100.0
    labels = [line["label"] for line in picture["lines"]]
    assert all(high - low >= GAP - 1e-9 for high, low in itertools.pairwise(labels))
    assert min(labels) >= 0
    zones = [screen_range(one.issue.positions).central for one in rounds]
    expected = [
        {"from": start, "to": end, "low": zone.low, "high": zone.high}
        for start, end, zone in zip(places, ends, zones, strict=True)
        if zone.width >= 0
    ]
    if any(p.veto for one in rounds for p in one.issue.positions):
        assert [one for one in picture["ranges"] if one in expected] == picture["ranges"]
    assert [event["number"] for event in picture["events"]] == [1, 2]


@pytest.mark.parametrize("size", [1, 3, 11])
def test_names_of_many_who_stand_together_keep_apart(size: int) -> None:
    from corridor.deal.moved import _spread

    labels = _spread([0.0] * size)
    assert labels == [GAP * (size - 1 - at) for at in range(size)]
