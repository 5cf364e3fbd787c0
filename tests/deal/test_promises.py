"""What the deal promises, on generated talks: nobody refuses what is advised, and what is called robust is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.deal.acceptance import find_further, find_refusals
from corridor.deal.answer import answer_deal
from corridor.deal.decide import Statement, decide
from corridor.deal.drawn import DrawnIssue, draw_issue
from corridor.deal.forecast import forecast_issue
from corridor.deal.guarantees import name_sides
from corridor.deal.moves import bring_inside, come_to_centre
from corridor.deal.parties import Deal, Issue, PowerShift
from corridor.deal.said import say_needs
from corridor.deal.screens import needed_guarantee, screen_range
from corridor.deal.swaps import find_swaps
from corridor.scenario.values import fixed
from corridor.words.writing import write

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


@pytest.mark.slow
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


@given(actors=ACTORS)
def test_where_no_range_is_those_named_can_open_one_and_nobody_else(actors):
    """Whoever is named for an end gives way wholly: a range opens; all who are not named do: it stays shut."""
    issue = make_talks(actors)
    zone = screen_range(issue.positions).central
    names = {p.actor.name: p.actor.id for p in issue.positions}
    further = [{names[name] for name in found} for found in find_further(issue)]
    if zone.width >= 0:
        assert further == [set(), set()]
        return

    def is_open_once(giving: set[str]) -> bool:
        freed = (replace(p, no_deal=fixed(0.0)) if p.actor.id in giving else p for p in issue.positions)
        return screen_range(tuple(freed)).central.width >= 0

    for ends, also in zip((zone.binds_low, zone.binds_high), further, strict=True):
        assert is_open_once({*ends, *also})
        assert all(not is_open_once({*ends, *also} - {one}) for one in also)
    assert not is_open_once(set(names.values()) - {*zone.binds_low, *zone.binds_high})
    (said,) = say_needs(issue)
    told = write(said)
    assert all(name in told for name in names if names[name] in further[0] | further[1])


SHIFT = PowerShift("a0", fixed(0.3), fixed(0.6), fixed(0.2), fixed(0.9), fixed(0.1))
SHAPES = {
    "three blocs": [(0, 90, 20, 60, True, 0), (55, 90, 21, 60, False, 0), (100, 80, 20, 60, True, 0)],
    "all on one side": [(80, 90, 20, 60, True, 0), (90, 90, 20, 60, True, 0), (95, 80, 20, 60, True, 0)],
    "all alike": [(50, 50, 10, 50, True, 0)] * 3,
    "equal weights": [(20, 50, 10, 60, True, 0), (80, 50, 10, 60, True, 0), (80, 50, 10, 60, False, 0)],
    "one veto that accepts its own point alone": [(10, 50, 10, 100, True, 0), (90, 90, 30, 0, False, 0)],
    "nobody's consent": [(10, 50, 10, 50, False, 0), (90, 50, 10, 50, False, 0)],
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_opponent_is_beyond_the_centre_and_advice_keeps_its_screens(shape):
    """Whoever is named to be held back stands on the other side, pulls most, and never guarantees against itself."""
    issue = replace(make_talks(SHAPES[shape]), power_shift=SHIFT)
    centre = forecast_issue(issue).centre
    for guarantor in ("", *(p.actor.id for p in issue.positions)):
        opponent = name_sides(issue, replace(SHIFT, guarantor=guarantor))[1]
        beyond = {
            p.actor.name: p.weight * abs(p.position.middle - centre)
            for p in issue.parties
            if (p.position.middle - centre) * (issue.positions[0].position.middle - centre) < 0
            and p.actor.id != guarantor
        }
        first = [name for name, pull in beyond.items() if pull > max(beyond.values()) * (1 - NEAR)]
        assert opponent == (first[0] if len(first) == 1 else "")
    answer = answer_deal(Deal(tuple(p.actor for p in issue.positions), (issue,)), [issue])
    (part,) = answer["issues"]
    for move in [lever["move"] for lever in part["who"] if lever["move"]] + part["whether"]["centre"][
        "brought_inside_by"
    ]:
        assert not is_refused(issue, move["centre_after"])
    if part["whether"]["range"]["verdict"] == "empty":
        assert not part["whether"]["centre"]["brought_inside_by"]
    assert answer["swaps"]["best"] == []


def test_in_three_blocs_the_far_one_is_the_opponent_not_the_one_between():
    issue = make_talks(SHAPES["three blocs"])
    assert issue.parties[1].weight > issue.parties[2].weight
    assert name_sides(issue, SHIFT)[1] == issue.positions[2].actor.name
