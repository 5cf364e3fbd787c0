"""What a plan takes from a run: the people to expect, the stocks and the hours without when it begins."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from corridor.forecast.expected import begin_from_run, expect_people
from corridor.relief.from_scenario import read_problem
from corridor.results.run import run
from relief_world import guarded_world
from worlds import START


def test_a_plan_expects_the_people_and_stocks_of_a_run(tmp_path: Path) -> None:
    scenario = guarded_world(tmp_path / "world", leave_rate="0.001..0.02")
    result = run(scenario, tmp_path / "run", replicates=40, seed=2)
    problem = read_problem(scenario, "", START + timedelta(hours=48), 2, 6.0).problem
    people = {chance: expect_people(result, problem, chance) for chance in (0.5, 0.9)}
    town = problem.places.index("town")
    recorded = np.quantile(result.take("at_place", "town", "drivers"), 0.5, axis=0)
    assert people[0.5][0, town] == pytest.approx(recorded[48 * 4 : 54 * 4].mean())
    assert (people[0.9] >= people[0.5]).all()
    assert people[0.9][0, town] > people[0.5][0, town]
    begun = begin_from_run(problem, result, 1.0)
    stock = np.median(result.take("stock", "town", "food")[:, 48 * 4]) / 1000
    assert begun.stock[town, 0] == pytest.approx(stock)
    # the stock of 1.5 t lasts a day and a half or longer, so at most half a day has been lived without
    assert 0 <= begun.without[town, 0] <= 12.5
