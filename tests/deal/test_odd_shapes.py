"""Talks of odd shapes: two actors, ties, certain numbers, all at an end of the scale; nothing false is called decided."""

from __future__ import annotations

import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.deal.acceptance import find_accepted
from corridor.deal.answer import answer_deal
from corridor.deal.decide import decide
from corridor.deal.guarantees import find_turn, tabulate_guarantee
from corridor.deal.moves import bring_inside, bring_inside_together, find_centre
from corridor.deal.parties import Deal, Issue, PowerShift
from corridor.deal.said import say_dependence, say_guarantee, say_needs, say_what_cannot_be_said
from corridor.deal.screens import screen_range
from corridor.scenario.values import parse_quantity
from corridor.words.writing import write

from .examples import make_issue, make_position

NEAR = 1e-6
NUMBERS = st.integers(0, 100)


@given(NUMBERS, NUMBERS, st.integers(1, 100), st.integers(1, 100))
@settings(max_examples=40, deadline=None)
def test_of_two_actors_neither_moves_the_centre_more(one, other, heavy, light):
    issue = make_issue(make_position("a", str(one), str(heavy)), make_position("b", str(other), str(light)))
    assert "lever" not in {statement.name for statement in decide([issue], 8)}


def test_who_ties_is_not_first_and_the_middle_is_nearer_to_no_end():
    issue = make_issue(*(make_position(name, at) for name, at in (("a", "0"), ("b", "50"), ("c", "100"))))
    assert {statement.name for statement in decide([issue], 8)} == set()
    issue = make_issue(*(make_position(name, at) for name, at in (("a", "0"), ("b", "50"), ("c", "90"))))
    assert {statement.name for statement in decide([issue], 8)} == {"lever", "nearer_low"}


@pytest.mark.parametrize("position", ["100 (99..100)", "100 (100..100)", "0 (0..1)", "0..100"])
def test_what_it_depends_on_is_known_where_draws_lie_at_an_end(position):
    issue = make_issue(make_position("a", position), make_position("b", "1..100"), make_position("c", "0 (0..30)"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for statement in decide([issue], 40):
            rests = statement.rests_on
            assert rests is None or (0 <= rests.low <= 1 and 0 <= rests.high <= 1)


def test_nearly_all_is_not_all():
    issue = make_issue(make_position("a", "0 (0..1)"), make_position("b", "49"), make_position("c", "90"))
    statement = next(s for s in decide([issue], 40) if s.name == "nearer_low")
    statement.truths[:] = True
    statement.truths[0, 0] = False
    many = type(statement)("nearer_low", ("road",), (), (), statement.truths.repeat(20, axis=1))
    assert next(write(said) for said in say_dependence(many, {"road": issue})) == "True in 99% of the draws."
    many.truths[0, 1:20] = True
    assert next(write(said) for said in say_dependence(many, {"road": issue})) == "True in nearly all of the draws."
    assert "hardly any" in write(say_dependence(type(many)("x", ("road",), (), (), ~many.truths), {"road": issue})[0])


ACTOR = st.tuples(NUMBERS, st.integers(1, 100), NUMBERS, st.booleans())


@given(st.lists(ACTOR, min_size=2, max_size=9))
@settings(max_examples=200, deadline=None)
def test_those_who_can_bring_it_inside_together_do_so_and_accept_where_they_go(actors):
    issue = make_issue(
        *(make_position(f"a{k}", str(p), str(s), no_deal=str(n), veto=v) for k, (p, s, n, v) in enumerate(actors))
    )
    zone, centre = screen_range(issue.positions).central, find_centre(issue)
    moves = bring_inside_together(issue)
    if zone.width < 0 or zone.low <= centre <= zone.high:
        assert not moves
        return
    parties = {party.actor.id: party for party in issue.parties}
    total = sum(party.weight for party in parties.values())
    for move in moves:
        low, high = find_accepted(parties[move.actor])
        assert low - NEAR <= move.position + move.moves <= high + NEAR
    after = centre + sum(parties[move.actor].weight * move.moves for move in moves) / total
    assert not moves or min(abs(after - zone.low), abs(after - zone.high)) < NEAR
    assert bool(moves) >= bool(bring_inside(issue))  # whom one can do it for, some can
    assert len(moves) != 1 or bring_inside(issue)
    assert len(say_needs(issue)) == 1


def make_shift(now: str, after: str, cost: str = "0.1", patience: str = "0.5") -> PowerShift:
    return PowerShift("a", *(parse_quantity(text) for text in (now, after, cost, patience, "0")))


def say_all(shift: PowerShift) -> str:
    issue = Issue(
        "road", "Road", "shut", "open", make_issue(make_position("a", "0"), make_position("b", "100")).positions
    )
    return " ".join(write(said) for said in say_guarantee(issue, shift, tabulate_guarantee(shift)))


def test_where_nothing_changes_the_guarantee_nothing_is_said_to():
    equal, falling = say_all(make_shift("0.5", "0.5")), say_all(make_shift("0.9", "0.1"))
    for said in (equal, falling):
        assert "could take no more of the stake by force afterwards" in said
        assert "stays at 0.00" in said
        assert "rests most" not in said
        assert "No guarantee is needed where" not in said
    assert find_turn("patience", make_shift("0.5", "0.5")) is None  # patience never reaches 1
    assert "rests most" in say_all(make_shift("0.3", "0.7", patience="0.9"))


def test_certain_numbers_are_told():
    certain = make_issue(make_position("a", "0"), make_position("b", "100"))
    open_one = make_issue(make_position("a", "0"), make_position("b", "90..100"), name="camp")
    said = [write(one) for one in say_what_cannot_be_said([certain, open_one])]
    assert [one for one in said if "No range is stated" in one] == [
        "How sure this is on: Road. No range is stated for any number there, so what holds in all draws holds for these"
        " numbers alone."
    ]


@pytest.mark.parametrize("number", [2, 9])
def test_all_alike_at_an_end_is_answered(number):
    parties = [make_position(f"a{k}", "100", no_deal="100", veto=True) for k in range(number)]
    deal = Deal(tuple(p.actor for p in parties), (make_issue(*parties),))
    (issue,) = answer_deal(deal, deal.issues)["issues"]
    assert issue["where"]["centre"] == pytest.approx(100)
    assert issue["whether"]["range"]["central"]["width"] == 0
