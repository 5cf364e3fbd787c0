"""The ration: published optima, another solver, and sentences for what cannot be met."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from corridor.relief.ration import Food, Requirement, find_ration
from corridor.relief.standards import daily_requirements, load_standards
from corridor.scenario.faults import FaultsError

from .examples import find_data

FIXED = {"Salt": 5.0, "Sugar": 20.0}  # grams, as in the published case


def read_syria() -> dict[str, list[tuple[Any, ...]]]:
    import openpyxl

    book = openpyxl.load_workbook(find_data("syria-food-instance.xlsx"), data_only=True)
    rows = {sheet.title: [row for row in sheet.iter_rows(values_only=True) if row[0]] for sheet in book}
    book.close()
    return rows


def syria_foods(
    sheets: dict[str, list[tuple[Any, ...]]],
) -> tuple[list[Food], list[Requirement]]:
    header, *suppliers = sheets["FoodCost"]
    prices = next(dict(zip(header[1:], row[1:], strict=True)) for row in suppliers if row[0] == "Amman S")
    foods = [
        Food(
            row[0],
            tuple(float(number) for number in row[1:]),
            prices[row[0]],
            FIXED.get(row[0], 0.0),
            FIXED.get(row[0], np.inf),
        )
        for row in sheets["nutr_val"][1:]
    ]
    names, amounts = sheets["nutr_req"]
    requirements = [Requirement(n, float(a)) for n, a in zip(names[1:], amounts[1:], strict=True)]
    return foods, requirements


def test_syria_diet_reaches_the_known_optimum() -> None:
    """Amman prices, 5 g of salt and 20 g of sugar: 3211.0968 for 10,000 people and day."""
    foods, requirements = syria_foods(read_syria())
    ration = find_ration(foods, requirements, "cost")
    assert ration.cost_per_person is not None
    assert ration.cost_per_person * 10_000.0 == pytest.approx(3211.0968, rel=1e-6)
    assert ration.grams["Wheat"] == pytest.approx(277.1, abs=0.05)
    assert ration.grams["Maize"] == pytest.approx(135.8, abs=0.05)
    assert ration.grams["WSB"] == pytest.approx(72.0, abs=0.05)


def random_foods(seed: int) -> tuple[list[Food], list[Requirement]]:
    rng = np.random.default_rng(seed)
    foods = [
        Food(f"food{i}", tuple(rng.uniform(0.0, 10.0, 4)), float(rng.uniform(100.0, 3000.0)), 0.0, 400.0)
        for i in range(8)
    ]
    return foods, [Requirement(f"nutrient{j}", float(rng.uniform(5.0, 60.0))) for j in range(4)]


@pytest.mark.parametrize("aim", ["weight", "cost"])
def test_ration_agrees_with_another_solver(aim: str) -> None:
    for seed in range(20):
        foods, requirements = random_foods(seed)
        content = np.array([food.nutrients for food in foods]).T / 100.0
        costs = np.ones(8) if aim == "weight" else np.array([food.cost_per_tonne for food in foods]) / 1e6
        other = linprog(costs, -content, [-r.amount for r in requirements], bounds=[(0.0, 400.0)] * 8)
        ration = find_ration(foods, requirements, aim)
        found = ration.total_grams if aim == "weight" else ration.cost_per_person
        assert found == pytest.approx(other.fun, rel=1e-7)
        assert all(ration.given[r.nutrient] >= r.amount - 1e-6 for r in requirements)


def test_a_nutrient_with_a_price_is_met_exactly() -> None:
    for seed in range(10):
        foods, requirements = random_foods(seed)
        ration = find_ration(foods, requirements)
        for requirement in requirements:
            if ration.prices[requirement.nutrient] > 1e-6:
                assert ration.given[requirement.nutrient] == pytest.approx(requirement.amount)


def test_what_cannot_be_reached_is_named() -> None:
    """Bread alone has no vitamin C: the fault names it, and not the energy that bread does give."""
    bread = Food("bread", (260.0, 0.0), most_grams=1000.0)
    with pytest.raises(FaultsError) as raised:
        find_ration([bread], [Requirement("energy", 2100.0, "kcal"), Requirement("vitamin_c", 28.0, "mg")])
    (fault,) = raised.value.faults
    assert fault.code == "ration_impossible"
    assert "vitamin_c" in fault.found
    assert "energy" not in fault.found


def test_too_little_allowed_of_everything_says_how_far_it_goes() -> None:
    bread = Food("bread", (260.0,), most_grams=500.0)
    with pytest.raises(FaultsError) as raised:
        find_ration([bread], [Requirement("energy", 2100.0, "kcal")])
    assert "1300 kcal" in raised.value.faults[0].found


def test_foods_without_a_price_are_all_named() -> None:
    foods = [Food("tea", (1.0,), origin=("foods.csv", 2)), Food("rice", (1.0,), origin=("foods.csv", 3))]
    with pytest.raises(FaultsError) as raised:
        find_ration(foods, [Requirement("energy", 1.0)], "cost")
    assert [(fault.row, fault.code) for fault in raised.value.faults] == [(2, "missing_cost"), (3, "missing_cost")]
    with pytest.raises(FaultsError, match="no_foods"):
        find_ration([], [])


def test_standards_agree_with_each_other() -> None:
    """The basket's parts add up to the basket, shares of energy to grams; blanks stay blank."""
    standards = load_standards()
    parts = [s.value for need, s in standards.items() if need.startswith("food_basket_")]
    assert sum(part for part in parts if part is not None) == standards["food_basket"].value == 555.0
    needed = {requirement.nutrient: requirement.amount for requirement in daily_requirements()}
    assert needed["protein"] == pytest.approx(0.10 * needed["energy"] / 4.0)
    assert needed["fat"] == pytest.approx(0.17 * needed["energy"] / 9.0, abs=0.05)
    for need in ("health_kit_weight", "electricity", "heating", "hospital_electricity"):
        assert standards[need].value is None
    for standard in standards.values():
        assert standard.value is None or (standard.standard and standard.address.startswith("http"))
        assert None in (standard.low, standard.high) or standard.low <= standard.high
