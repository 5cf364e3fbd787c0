"""Swaps: recomputing both issues must show the same gain for both partners."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.deal.forecast import forecast_issue
from corridor.deal.swaps import find_swaps
from corridor.deal.what_if import WhatIf, apply_what_ifs

from .examples import make_issue, make_position

rows = st.lists(st.tuples(st.integers(0, 100), st.integers(1, 100), st.integers(1, 30)), min_size=3, max_size=5)


def make(rows, name):
    return make_issue(*(make_position(f"a{k}", str(x), str(s), str(c)) for k, (x, s, c) in enumerate(rows)), name=name)


@given(first=rows, second=rows)
def test_swaps_help_both_alike(first, second):
    issues = {"one": make(first, "one"), "two": make(second, "two")}
    for swap in find_swaps(list(issues.values())):
        moves = {(swap.issue, swap.giver): swap.giver_moves, (swap.in_return, swap.taker): swap.taker_moves}
        gains = {swap.giver: 0.0, swap.taker: 0.0}
        for (name, mover), points in moves.items():
            issue = issues[name]
            held = {p.actor.id: p for p in issue.positions}
            place = held[mover].position.middle + points
            assert -1e-9 <= place <= 100 + 1e-9
            change = WhatIf(None, mover, "position", place)
            before = forecast_issue(issue).centre
            after = forecast_issue(apply_what_ifs(issue, [change])).centre
            for actor in gains:
                # Gains are counted on the side of the centre where the actor stood.
                side = 1 if held[actor].position.middle > before else -1
                gains[actor] += side * (after - before) * held[actor].salience.middle / 100
        assert gains[swap.giver] == pytest.approx(swap.gain, abs=1e-6)
        assert gains[swap.taker] == pytest.approx(swap.gain, abs=1e-6)
        assert swap.gain >= 0.5


def test_no_swap_when_both_care_alike():
    one = make([(0, 50, 10), (100, 50, 10)], "one")
    two = make([(100, 80, 10), (0, 80, 10)], "two")
    assert find_swaps([one, two]) == []


def test_a_clear_swap_is_found_once():
    one = make([(0, 10, 10), (100, 90, 10)], "one")
    two = make([(0, 90, 10), (100, 10, 10)], "two")
    (swap,) = find_swaps([one, two])
    assert (swap.giver, swap.issue, swap.taker, swap.in_return) == ("a0", "one", "a1", "two")
    assert swap.giver_moves > 0 > swap.taker_moves
