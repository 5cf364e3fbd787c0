"""Who moves the forecast: exact differences, and clear answers to what cannot be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.deal.forecast import forecast_issue
from corridor.deal.leverage import rank_levers
from corridor.deal.parties import Actor, Deal, Position
from corridor.deal.what_if import WhatIf, apply_what_ifs, compare_what_ifs, read_what_if
from corridor.scenario.faults import UsageError
from corridor.scenario.values import fixed

from .examples import CARS, make_issue, make_plain_issue, make_position

rows = st.lists(st.tuples(st.floats(0, 100), st.floats(0.1, 50)), min_size=2, max_size=8)


def car_issue():
    """The car emission case on its own axis of years."""
    return make_issue(
        *(Position(Actor(name, name, fixed(c)), fixed(x), fixed(s), fixed(c)) for name, c, x, s in CARS),
        name="cars",
    )


@pytest.mark.parametrize(("to", "after"), [(7.0, 6.751846), (4.0, 6.113737)])
def test_car_emissions_difference(to, after):
    (difference,) = compare_what_ifs(car_issue(), [WhatIf(None, "united-kingdom", "position", to)])
    assert difference.before.centre == pytest.approx(7.389956, abs=5e-7)
    assert difference.after.centre == pytest.approx(after, abs=5e-7)
    assert difference.change_equal == pytest.approx((to - 10) / 10)


def test_car_emissions_shares_and_rank():
    levers = rank_levers(car_issue())
    share = {lever.actor: lever.weight_share for lever in levers}
    assert share["united-kingdom"] == pytest.approx(0.144 / 0.677)
    assert sum(share.values()) == pytest.approx(1.0)
    assert levers[0].actor == "germany"  # .128 * 3.39 beats the United Kingdom's .144 * 2.61
    assert [lever.leverage for lever in levers] == sorted((lever.leverage for lever in levers), reverse=True)


@given(rows=rows, to=st.floats(0, 100))
def test_a_move_of_position_is_linear_in_the_weight_share(rows, to):
    issue = make_plain_issue(rows)
    lever = next(lever for lever in rank_levers(issue) if lever.actor == "a000")
    (difference,) = compare_what_ifs(issue, [WhatIf(None, "a000", "position", to)])
    assert difference.change == pytest.approx(lever.weight_share * (to - rows[0][0]), abs=1e-9)


@given(rows=rows)
def test_leverage_is_the_move_when_the_actor_comes_to_the_centre(rows):
    issue = make_plain_issue(rows)
    for lever in rank_levers(issue):
        centre = forecast_issue(issue).centre
        (difference,) = compare_what_ifs(issue, [WhatIf(None, lever.actor, "position", centre)])
        assert abs(difference.change) == pytest.approx(lever.leverage, abs=1e-9)
        (gone,) = compare_what_ifs(issue, [WhatIf(None, lever.actor, "salience", 0.0)])
        assert gone.after.centre == pytest.approx(lever.without, abs=1e-9)


@given(rows=rows, factor=st.floats(0.1, 10))
def test_more_weight_pulls_towards_the_actor(rows, factor):
    issue = make_plain_issue(rows)
    (difference,) = compare_what_ifs(issue, [WhatIf(None, "a000", "capability", rows[0][1] * factor)])
    pull = (rows[0][0] - difference.before.centre) * (factor - 1)
    assert difference.change * pull >= -1e-9


def test_two_changes_are_shown_alone_and_together():
    issue = make_issue(make_position("north", "20"), make_position("south", "80"))
    changes = [WhatIf(None, "north", "position", 40.0), WhatIf(None, "south", "position", 60.0)]
    differences = compare_what_ifs(issue, changes)
    assert [d.change for d in differences] == pytest.approx([10.0, -10.0, 0.0])
    assert len(differences[2].what_if) == 2
    assert compare_what_ifs(issue, [WhatIf("other", "north", "position", 40.0)]) == []


def test_small_changes_are_called_smaller_than_the_usual_error():
    issue = make_issue(make_position("north", "20"), make_position("south", "80"))
    usual = forecast_issue(issue).usual_error
    small, large = (
        compare_what_ifs(issue, [WhatIf(None, "north", "position", 20 + 2 * usual + step)])[0] for step in (-0.1, 0.1)
    )
    assert small.smaller_than_usual_error
    assert not large.smaller_than_usual_error


def test_changes_do_not_touch_the_issue():
    issue = make_issue(make_position("north", "10..30"), make_position("south", "80"))
    changed = apply_what_ifs(issue, [WhatIf("road", "north", "position", 50.0)])
    assert issue.positions[0].position.middle == 20.0
    assert changed.positions[0].position == fixed(50.0)


def make_deal():
    issue = make_issue(make_position("north", "20"), make_position("south", "80"))
    return Deal(tuple(p.actor for p in issue.positions), (issue,))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("north.position=40", WhatIf(None, "north", "position", 40.0)),
        (" road:south.salience = 0 ", WhatIf("road", "south", "salience", 0.0)),
        ("north.capability=1e3", WhatIf(None, "north", "capability", 1000.0)),
        ("north.veto=yes", WhatIf(None, "north", "veto", True)),
    ],
)
def test_what_if_is_read(text, expected):
    assert read_what_if(text, make_deal()) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("north", "cannot be read"),
        ("north.position", "cannot be read"),
        ("north.positon=4", 'did you mean "position"'),
        ("nort.position=4", 'did you mean "north"'),
        ("raod:north.position=4", 'did you mean "road"'),
        ("north.position=101", "from 0 to 100"),
        ("north.position=nan", "from 0 to 100"),
        ("north.capability=inf", "from 0 to 1e"),
        ("north.position=ten", "from 0 to 100"),
        ("north.veto=maybe", "yes or no"),
    ],
)
def test_what_if_says_what_is_wrong(text, words):
    with pytest.raises(UsageError, match=words):
        read_what_if(text, make_deal())


def test_leaving_nobody_with_weight_is_refused():
    issue = make_issue(make_position("north", "20"), make_position("south", "80", salience="0"))
    with pytest.raises(UsageError, match="nobody would have weight"):
        compare_what_ifs(issue, [WhatIf(None, "north", "salience", 0.0)])
