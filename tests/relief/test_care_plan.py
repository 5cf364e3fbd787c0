"""One item, one road: the plan must agree with the arithmetic that practitioners do on paper."""

from __future__ import annotations

import math

import numpy as np
import pytest

from corridor.relief.ledger import count_vehicles
from corridor.relief.plan import make_plan
from corridor.relief.problem import Weights

from .examples import one_road

PERIODS = 11
TONNES = 20.0 * (PERIODS - 1)  # what is needed beyond the first day's stock
PAPER = count_vehicles(TONNES, 10.0, 19.2, 24.0 * (PERIODS - 1))


def test_the_vehicles_of_the_paper_formula_are_just_enough() -> None:
    """With exactly CARE's vehicles nobody goes without, and the truck trips are CARE's loads."""
    plan = make_plan(one_road(PAPER.vehicles, periods=PERIODS), whole=False)
    assert plan.short.max() == pytest.approx(0.0, abs=1e-9)
    assert plan.trucks.sum() == pytest.approx(PAPER.loads, rel=1e-9)


@pytest.mark.parametrize("share", [0.9, 0.5, 0.25])
def test_fewer_vehicles_leave_exactly_the_missing_share(share: float) -> None:
    plan = make_plan(one_road(PAPER.vehicles * share, periods=PERIODS), Weights(truck_trip=0.0), whole=False)
    assert plan.short.sum() * 20.0 == pytest.approx(TONNES * (1.0 - share), rel=1e-9)
    assert plan.load.sum() == pytest.approx(TONNES * share, rel=1e-9)


def test_whole_trucks_are_the_whole_vehicles_of_the_formula() -> None:
    """22 t a day on trucks of 10 t that make one trip a day: 2.2 vehicles on paper, 3 that can be driven."""
    problem = one_road(3.0, periods=PERIODS)
    people = problem.people * 1.1
    stock = problem.stock * 1.1
    plan = make_plan(problem.__class__(**(problem.__dict__ | {"people": people, "stock": stock})), whole=True)
    haul = count_vehicles(TONNES * 1.1, 10.0, 19.2, 24.0 * (PERIODS - 1))
    assert haul.vehicles == pytest.approx(2.2)
    assert math.ceil(haul.vehicles) == 3
    assert plan.short.max() == pytest.approx(0.0, abs=1e-9)
    assert np.array_equal(plan.trucks, np.round(plan.trucks))
    assert plan.trucks.sum() == math.ceil(haul.loads - 1e-9)
