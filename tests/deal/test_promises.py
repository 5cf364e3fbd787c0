"""What the deal promises, on generated talks: nobody refuses what is advised, and what is called robust is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.deal.acceptance import find_refusals
from corridor.deal.decide import Statement, decide
from corridor.deal.drawn import DrawnIssue, draw_issue
from corridor.deal.forecast import forecast_issue
from corridor.deal.moves import bring_inside, come_to_centre
from corridor.deal.parties import Issue
from corridor.deal.screens import needed_guarantee, screen_range
from corridor.deal.swaps import find_swaps
from corridor.scenario.values import fixed

from .examples import make_issue, make_position

NEAR = 1e-6
DRAWS = 12
NUMBERS = st.integers(0, 100)
ACTOR = st.tuples(NUMBERS, st.integers(1, 100), st.integers(1, 30), NUMBERS, st.booleans(), st.integers(0, 20))
ACTORS = st.lists(ACTOR, min_size=3, max_size=5)
SHARES = st.floats(0.01, 0.99)


def make_talks(actors: list, name: str = "one") -> Issue:
    """Return an issue of actors given as position, salience, capability, no deal, veto and half a range's width."""

    def around(middle: int, width: int) -> str:
        return f"{middle} ({max(0, middle - width)}..{min(100, middle + width)})" if width else str(middle)

    positions = [
        make_position(f"a{k}", around(place, width), str(salience), str(capability), around(no_deal, width), veto)
        for k, (place, salience, capability, no_deal, veto, width) in enumerate(actors)
    ]
    return make_issue(*positions, name=name)


def is_refused(issue: Issue, point: float) -> bool:
    """Tell whether a veto holder is better off without a deal, by its own two numbers."""
    return any(100 - abs(point - p.position.middle) < p.no_deal.middle - NEAR for p in issue.positions if p.veto)


def find_centre_with(issue: Issue, actor: str, moves: float) -> float:
    """Return the weighted mean once an actor has moved."""
    weights = {p.actor.id: p.capability.middle * p.salience.middle for p in issue.positions}
    places = {p.actor.id: p.position.middle + (moves if p.actor.id == actor else 0.0) for p in issue.positions}
    return sum(weights[name] * places[name] for name in weights) / sum(weights.values())


@given(first=ACTORS, second=ACTORS)
def test_no_swap_ends_where_a_veto_holder_refuses(first, second):
    issues = {"one": make_talks(first, "one"), "two": make_talks(second, "two")}
    for swap in find_swaps(list(issues.values())):
        for name, actor, moves in (
            (swap.issue, swap.giver, swap.giver_moves),
            (swap.in_return, swap.taker, swap.taker_moves),
        ):
            assert not is_refused(issues[name], find_centre_with(issues[name], actor, moves))


@given(actors=ACTORS)
def test_no_move_ends_where_a_veto_holder_refuses(actors):
    issue = make_talks(actors)
    moves = [come_to_centre(issue, party) for party in issue.parties]
    for move in [*filter(None, moves), *bring_inside(issue)]:
        assert not is_refused(issue, find_centre_with(issue, move.actor, move.moves))


@given(actors=ACTORS)
def test_those_who_refuse_the_centre_are_those_told(actors):
    issue = make_talks(actors)
    centre = forecast_issue(issue).centre
    told = {refusal.actor for refusal in find_refusals(issue.positions, centre)}
    assert told == {p.actor.id for p in issue.positions if is_refused(replace(issue, positions=(p,)), centre)}


@given(now=SHARES, after=SHARES, cost=st.floats(0, 5), patience=SHARES)
def test_the_guarantee_needed_is_that_of_a_bisection(now, after, cost, patience):
    def prefers_peace(guarantee: float) -> bool:
        later = now + (1 - guarantee) * (after - now)
        fight_now = (1 - now) / (1 - patience) - cost
        return 1 + patience * ((1 - later) / (1 - patience) - cost) >= fight_now - 1e-9

    needed = needed_guarantee(now, after, cost, patience)
    if prefers_peace(0):
        assert needed == pytest.approx(0, abs=1e-5)
        return
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if prefers_peace(middle) else (middle, high)
    assert needed == pytest.approx(high, abs=1e-5)


def take_draw(drawn: DrawnIssue, number: int) -> Issue:
    """Return the issue with the numbers of one draw, each as certain."""
    positions = []
    for p in drawn.issue.positions:
        columns = ("position", "salience", "capability", "no_deal")
        values = {c: drawn.inputs[p.actor.id, c] for c in columns if (p.actor.id, c) in drawn.inputs}
        positions.append(replace(p, **{column: fixed(float(value[number])) for column, value in values.items()}))
    return replace(drawn.issue, positions=tuple(positions))


def holds(statement: Statement, issue: Issue, equal: bool) -> bool:
    """Tell by the screens of one certain issue whether a statement on it is true."""
    centre, zone = forecast_issue(issue, equal=equal).centre, screen_range(issue.positions).central
    beyond = {refusal.actor: refusal.beyond for refusal in find_refusals(issue.positions, centre)}
    actor = statement.actors[0] if statement.actors else ""
    if statement.name == "lever":
        pulls = {p.actor.id: (1 if equal else p.weight) * abs(p.position.middle - centre) for p in issue.parties}
        return pulls[actor] >= max(pulls.values()) - NEAR
    return {
        "no_range": zone.width < NEAR,
        "range": zone.width >= -NEAR,
        "between": actor in zone.binds_low and statement.actors[-1] in zone.binds_high if statement.actors else False,
        "centre_below": actor in beyond and beyond[actor] < NEAR,
        "centre_above": actor in beyond and beyond[actor] > -NEAR,
        "centre_inside": abs(beyond.get(actor, 0.0)) < NEAR,
        "nearer_high": centre > 50 - NEAR,
        "nearer_low": centre < 50 + NEAR,
    }[statement.name]


@settings(max_examples=40)
@given(first=ACTORS, second=ACTORS)
def test_what_is_robust_is_true_in_every_draw_and_with_both_weightings(first, second):
    issues = [make_talks(first, "one"), make_talks(second, "two")]
    drawn = {issue.id: draw_issue(issue, DRAWS) for issue in issues}
    robust = [s for s in decide(issues, DRAWS) if s.robust and s.name not in ("swap", "move")]
    for statement in robust:
        for number in range(DRAWS):
            issue = take_draw(drawn[statement.issues[0]], number)
            assert all(holds(statement, issue, equal) for equal in (False, True)), (statement.name, statement.actors)
