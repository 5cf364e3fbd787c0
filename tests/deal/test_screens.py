"""Whether a settlement could hold: closed forms and brute force."""

from __future__ import annotations

import random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from corridor.deal.parties import PowerShift
from corridor.deal.screens import (
    needed_guarantee,
    screen_commitment,
    screen_range,
)
from corridor.scenario.values import parse_quantity

from .examples import make_position

shares = st.floats(0, 1)


def test_guarantee_of_the_reference_case():
    assert needed_guarantee(0.4, 0.7, 0.2, 0.9) == pytest.approx(0.844, abs=5e-4)
    screen = screen_commitment(PowerShift("south", *(parse_quantity(t) for t in ("0.4", "0.7", "0.2", "0.9", "0.5"))))
    assert screen.temptation == pytest.approx(0.230)
    assert screen.restraint == pytest.approx(0.002)
    assert not screen.holds_itself_up
    assert screen.guarantee_suffices == "no"


def prefers_fighting(now: float, after: float, cost: float, patience: float) -> bool:
    """The exposed actor's choice, its payoffs added up period by period instead of in closed form."""
    fighting = waiting = 0.0
    worth = 1.0
    for period in range(3000):
        fighting += worth * (1 - now)
        waiting += worth * (1.0 if period == 0 else 1 - after)
        worth *= patience
    return fighting - cost > waiting - patience * cost


@given(now=shares, after=shares, cost=st.floats(0, 3), patience=st.floats(0.5, 0.98))
def test_commitment_condition_against_summed_payoffs(now, after, cost, patience):
    gap = patience * after - now - cost * (1 - patience) ** 2
    assume(abs(gap) > 1e-6)
    assert (needed_guarantee(now, after, cost, patience) > 0) == prefers_fighting(now, after, cost, patience)


# shares so far apart that war tempts without a guarantee: few inputs are thrown away
@given(now=st.floats(0, 0.4), after=st.floats(0.75, 1), cost=st.floats(0, 3), patience=st.floats(0.8, 0.98))
def test_guarantee_is_the_least_that_suffices(now, after, cost, patience):
    needed = needed_guarantee(now, after, cost, patience)
    assume(0.001 < needed < 0.999 and after - now > 0.01)

    def tempted(guarantee: float) -> bool:
        return prefers_fighting(now, now + (1 - guarantee) * (after - now), cost, patience)

    assert tempted(needed - 0.001)
    assert not tempted(needed + 0.001)


def test_guarantee_range_covers_the_stated_ranges():
    texts = ("0.3..0.5", "0.6..0.8", "0.1..0.3", "0.85..0.95", "0..0.5")
    quantities = [parse_quantity(text) for text in texts]
    screen = screen_commitment(PowerShift("south", *quantities))
    chance = random.Random(4)
    for _ in range(500):
        drawn = needed_guarantee(*(chance.uniform(a.low, a.high) for a in quantities[:4]))
        assert screen.needed_low <= drawn <= screen.needed_high
    enough = screen_commitment(PowerShift("south", *quantities[:4], parse_quantity("1")))
    assert enough.guarantee_suffices == "yes"


veto_rows = st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=1, max_size=6)


@given(rows=veto_rows)
def test_range_against_trying_every_point(rows):
    positions = [make_position(f"a{k}", str(x), no_deal=str(d), veto=True) for k, (x, d) in enumerate(rows)]
    screen = screen_range([*positions, make_position("bystander", "0", no_deal="100")])
    accepted = [x for x in range(101) if all(100 - abs(x - p) >= d for p, d in rows)]
    zone = screen.central
    assert (screen.verdict == "empty") == (not accepted)
    if accepted:
        assert (zone.low, zone.high) == (accepted[0], accepted[-1])
    for name in (*zone.binds_low, *zone.binds_high):
        position, no_deal = rows[int(name[1:])]
        assert position - (100 - no_deal) == zone.low or position + (100 - no_deal) == zone.high


@given(rows=veto_rows)
def test_range_has_no_direction(rows):
    def zone(turn):
        return screen_range(
            [make_position(f"a{k}", str(turn(x)), no_deal=str(d), veto=True) for k, (x, d) in enumerate(rows)]
        ).central

    straight, turned = zone(lambda x: x), zone(lambda x: 100 - x)
    assert (turned.low, turned.high) == (100 - straight.high, 100 - straight.low)
    assert (turned.binds_low, turned.binds_high) == (straight.binds_high, straight.binds_low)


def test_range_says_who_binds_and_how_wide():
    north = make_position("north", "20", no_deal="70", veto=True)
    screen = screen_range([north, make_position("south", "80", no_deal="60", veto=True)])
    assert (screen.central.low, screen.central.high) == (40.0, 50.0)
    assert screen.central.binds_low == ("south",)
    assert screen.central.binds_high == ("north",)
    assert screen.verdict == "wide"
    assert screen.certain
    assert screen_range([north, make_position("south", "80", no_deal="65", veto=True)]).verdict == "narrow"
    apart = screen_range([north, make_position("south", "80", no_deal="80", veto=True)])
    assert apart.verdict == "empty"
    assert apart.central.width == -10.0


def test_range_over_stated_ranges():
    north = make_position("north", "10..30", no_deal="60..80", veto=True)
    screen = screen_range([north, make_position("south", "80", no_deal="60", veto=True)])
    assert screen.central.verdict == "wide"  # north takes up to 50, south down to 40
    assert screen.hard.verdict == "empty"
    assert screen.soft.high == 70.0
    assert not screen.certain


def test_range_without_vetoes_or_no_deal_values():
    free, silent = make_position("north", "20"), make_position("south", "80", veto=True)
    assert screen_range([free]).verdict == "no veto"
    screen = screen_range([free, silent])
    assert screen.verdict == "unknown"
    assert screen.unscreened == ("south",)
    assert not screen.certain
    apart = [make_position(n, x, no_deal="90", veto=True) for n, x in (("a", "0"), ("b", "50"))]
    assert screen_range([*apart, silent]).verdict == "empty"
