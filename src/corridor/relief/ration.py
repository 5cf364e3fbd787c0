"""The ration: foods that give enough energy, protein, fat and micronutrients at least weight or least cost.

The diet problem as a linear programme, as in Peters et al., "The Nutritious Supply Chain", INFORMS Journal on
Optimization 3(2), 2021, without its suppliers, routes and camps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from corridor.relief.linear import InfeasibleError, Programme, solve
from corridor.scenario.faults import Fault, FaultsError, UsageError, fault

if TYPE_CHECKING:
    from collections.abc import Sequence


GRAMS_PER_TONNE = 1_000_000.0
AIMS = ("weight", "cost")


@dataclass(frozen=True)
class Food:
    """One food: nutrients in 100 g in the order of the requirements, price of a tonne, least and most grams a
    day.

    `origin` is the file and the line that it was written on, for naming it in a fault.
    """

    id: str
    nutrients: tuple[float, ...]
    cost_per_tonne: float = np.nan
    least_grams: float = 0.0
    most_grams: float = np.inf
    origin: tuple[str, int] = ("foods.csv", 0)


@dataclass(frozen=True)
class Requirement:
    """A nutrient that one person needs in a day, in its own unit (kcal, g, mg, µg)."""

    nutrient: str
    amount: float
    unit: str = ""
    standard: str = ""


@dataclass(frozen=True)
class Ration:
    """Grams of each food for one person and day, what they weigh, cost and give, and what one unit more would
    cost.

    `prices` are grams (or money for 1,000,000 people and day when the aim was cost) per unit of each
    nutrient: zero where the ration has more than enough anyway, so a price names what drives the ration.
    """

    grams: dict[str, float]
    total_grams: float
    cost_per_person: float | None
    given: dict[str, float]
    prices: dict[str, float]
    aim: str


def find_ration(foods: Sequence[Food], requirements: Sequence[Requirement], aim: str = "weight") -> Ration:
    """Return the lightest ("weight") or cheapest ("cost") ration that meets every requirement.

    Raises FaultsError naming the foods' rows and the nutrients that cannot be reached, UsageError for another
    aim.
    """
    if aim not in AIMS:
        message = f'no aim "{aim}"; there are {" and ".join(AIMS)}'
        raise UsageError(message)
    _check_foods(foods, aim)
    content = np.array([food.nutrients for food in foods], dtype=np.float64).T / 100.0
    price = np.array([food.cost_per_tonne for food in foods]) / GRAMS_PER_TONNE
    needed = np.array([requirement.amount for requirement in requirements])
    # Money for a million people, so that both objectives have numbers of a comfortable size.
    costs = np.ones(len(foods)) if aim == "weight" else price * 1e6
    programme = Programme(
        costs,
        np.array([food.least_grams for food in foods]),
        np.array([food.most_grams for food in foods]),
        sparse.csr_matrix(content),
        needed,
        np.full(len(needed), np.inf),
    )
    try:
        answer = solve(programme, solver="highs")
    except InfeasibleError:
        raise FaultsError(_name_unreachable(programme, foods, requirements)) from None
    grams = answer.values
    return Ration(
        {food.id: float(g) for food, g in zip(foods, grams, strict=True)},
        float(grams.sum()),
        None if np.isnan(price).any() else float(price @ grams),
        {r.nutrient: float(x) for r, x in zip(requirements, content @ grams, strict=True)},
        {r.nutrient: float(x) for r, x in zip(requirements, answer.prices, strict=True)},
        aim,
    )


def _check_foods(foods: Sequence[Food], aim: str) -> None:
    if not foods:
        raise FaultsError([fault("no_foods", ("foods.csv", 0, ""))])
    if aim == "cost":
        dear = [food for food in foods if np.isnan(food.cost_per_tonne)]
        if dear:
            raise FaultsError(fault("missing_cost", (*food.origin, "cost_per_tonne"), food=food.id) for food in dear)


def _name_unreachable(programme: Programme, foods: Sequence[Food], requirements: Sequence[Requirement]) -> list[Fault]:
    """Return a fault for each nutrient that falls short when as much as possible of all is given.

    Solves again with the relative shortfall of every nutrient as slack, at least total shortfall.
    """
    count = len(requirements)
    relaxed = Programme(
        np.concatenate([np.zeros(len(foods)), np.ones(count)]),
        np.concatenate([programme.lower, np.zeros(count)]),
        np.concatenate([programme.upper, np.ones(count)]),
        sparse.csr_matrix(sparse.hstack([programme.matrix, sparse.diags(programme.row_lower)])),
        programme.row_lower,
        programme.row_upper,
    )
    short = solve(relaxed, solver="highs").values[len(foods) :]
    faults = []
    for requirement, share in zip(requirements, short, strict=True):
        if share > 1e-9:
            needed, unit = requirement.amount, requirement.unit
            facts = {"most": needed * (1.0 - share), "unit": unit, "nutrient": requirement.nutrient, "needed": needed}
            faults.append(fault("ration_impossible", (foods[0].origin[0], 0, "most_grams"), **facts))
    return faults
