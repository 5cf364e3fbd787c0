"""What a plan takes from a run: the people to expect, the stocks and the hours without when it begins."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

import corridor as co
from corridor.forecast.expected import CAUTIOUS, MEDIAN, combine, expect_people, simulate_courses
from corridor.relief.from_scenario import read_problem
from corridor.simulate.ensemble import prepare
from relief_world import convoy, guarded_world
from worlds import START


@pytest.mark.slow
def test_a_plan_expects_the_people_and_stocks_of_a_run(tmp_path: Path) -> None:
    scenario = guarded_world(tmp_path / "world", leave_rate="0.001..0.02")
    ran = co.run(scenario, tmp_path / "run", replicates=40, seed=2)
    result, start = ran.result, START + timedelta(hours=48)
    problem = read_problem(scenario, "", start, 2, 6.0).problem
    people = {chance: expect_people(result, problem, chance) for chance in (0.5, 0.9)}
    town = problem.places.index("town")
    recorded = np.quantile(result.take("at_place", "town", "drivers"), 0.5, axis=0)
    assert people[0.5][0, town] == pytest.approx(recorded[48 * 4 : 54 * 4].mean())
    assert (people[0.9] >= people[0.5]).all()
    assert people[0.9][0, town] > people[0.5][0, town]
    stock = result.take("stock", "town", "food")[:, 48 * 4] / 1000
    for cautious, chance in ((False, 0.5), (True, 0.1)):
        begun = co.plan(scenario, 2, start=start, run=ran, cautious=cautious, period_hours=6).solved.problem
        assert begun.stock[town, 0] == pytest.approx(np.quantile(stock, chance))
        np.testing.assert_array_equal(begun.people, people[0.9 if cautious else 0.5])
        # the stock of 1.5 t lasts a day and a half or longer, so at most half a day has been lived without
        assert 0 <= begun.without[town, 0] <= 12.5


@pytest.mark.slow
def test_a_plan_from_later_on_begins_with_what_stands_then(tmp_path: Path) -> None:
    """Nothing is left to chance, so what is planned from 49 h on can be told by hand."""
    # the way to the town takes 2 h, handling 4 h; cleared for 9 trucks from 6 h on, one convoy of two a day by the slot
    sent = [convoy("a", 6, trucks=2, loads="food=4"), convoy("b", 48, trucks=2, loads="food=4")]
    depots = [{"id": "store", "place": "depot", "item": "food", "quantity": 20_000, "per_day": 1_000}]
    scenario = guarded_world(tmp_path / "world", convoys=sent, depots=depots)
    planned = co.plan(scenario, 3, start=START + timedelta(hours=49), period_hours=6)
    problem = planned.solved.problem
    town, depot = problem.places.index("town"), problem.places.index("depot")
    # of 1.5 t and what a brought at 8 h, a thousand people have eaten 1 kg a day for 49 hours
    assert problem.stock[town, 0] == pytest.approx(1.5 + 4 - 49 / 24)
    assert problem.stock[depot, 0] == pytest.approx(20 - 8 + 49 / 24)
    # b waits for the slot that opens at 54 h: it is still to come, and its two trucks with it
    assert problem.supply[:, town, 0].sum() == pytest.approx(4)
    assert problem.fleets[0].trucks == 3
    assert problem.away is not None
    assert problem.away[0, 0] == 2
    assert problem.away[-1, 0] == 0
    assert problem.clearances[0].trucks == 9 - 2 - 2
    assert planned.stands["courses"] == 100
    assert "in 100 courses" in str(planned)
    run = co.run(scenario, replicates=3)
    with_run = co.plan(scenario, 3, start=START + timedelta(hours=49), period_hours=6, run=run)
    assert with_run.convoys == planned.convoys
    assert with_run.stands["from"] == "run"


@pytest.mark.slow
def test_a_plan_for_the_start_is_made_on_the_case_as_it_is_written(tmp_path: Path) -> None:
    scenario = guarded_world(tmp_path / "world", people=[{"place": "town", "group": "drivers", "people": "800..1200"}])
    assert co.plan(scenario, 3).standing is None
    weighed = co.weigh_caution(scenario, 3, courses=2)
    (people,) = (row for row in weighed.list_rows() if row["what"] == "people at the start")
    assert people["median"] == 1000
    assert 1100 < people["cautious"] <= 1200
    json.dumps(weighed.numbers, allow_nan=False)
    assert "cautious" in str(weighed)


def test_what_stands_in_most_courses_is_known(tmp_path: Path) -> None:
    scenario = guarded_world(tmp_path / "world")
    problem = read_problem(scenario, "", START, 2, 6.0).problem
    courses = simulate_courses(scenario, prepare(scenario, ""), np.arange(3), problem, False, 1.0)
    one = courses.standings[0]
    hidden = replace(one, stock=np.full_like(one.stock, np.nan))
    assert np.isnan(combine([one, hidden, hidden], MEDIAN).stock).all()
    np.testing.assert_array_equal(combine([one, one, one], CAUTIOUS).stock, one.stock)
