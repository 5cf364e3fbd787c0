"""The ration: foods that give enough energy, protein, fat and micronutrients at least weight or least cost.

The diet problem as a linear programme, as in Peters et al., "The Nutritious Supply Chain", INFORMS Journal on
Optimization 3(2), 2021, without its suppliers, routes and camps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from corridor.relief.linear import InfeasibleError, Programme, UnboundedError, solve
from corridor.scenario.faults import Fault, FaultsError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence


GRAMS_PER_TONNE = 1_000_000.0
AIMS = ("weight", "cost")


@dataclass(frozen=True)
class Food:
    """One food: nutrients in 100 g in the order of the requirements, price of a tonne, least and most grams a
    day.

    `row` is the line in `file` that it was written on, for naming it in a fault.
    """

    id: str
    nutrients: tuple[float, ...]
    cost_per_tonne: float = np.nan
    least_grams: float = 0.0
    most_grams: float = np.inf
    file: str = "foods.csv"
    row: int = 0


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
    _check_foods(foods, requirements, aim)
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
    except UnboundedError:  # pragma: no cover - excluded by the checks: no cost is negative
        raise
    grams = answer.values
    return Ration(
        {food.id: float(g) for food, g in zip(foods, grams, strict=True)},
        float(grams.sum()),
        None if np.isnan(price).any() else float(price @ grams),
        {r.nutrient: float(x) for r, x in zip(requirements, content @ grams, strict=True)},
        {r.nutrient: float(x) for r, x in zip(requirements, answer.prices, strict=True)},
        aim,
    )


def _check_foods(foods: Sequence[Food], requirements: Sequence[Requirement], aim: str = "weight") -> None:
    faults = []
    if not foods:
        faults.append(
            Fault(
                "foods.csv",
                0,
                "",
                "no_foods",
                "no foods",
                "at least one food",
                "add foods with their nutrients",
            )
        )
    for food in foods:
        place = (food.file, food.row)
        if aim == "cost" and np.isnan(food.cost_per_tonne):
            fix = "write its price, or ask for the lightest ration"
            faults.append(Fault(*place, "cost_per_tonne", "missing_cost", f"{food.id}: no price", "a price", fix))
        if food.cost_per_tonne < 0:
            found = f"{food.id}: {food.cost_per_tonne:g} for a tonne"
            faults.append(
                Fault(
                    *place,
                    "cost_per_tonne",
                    "negative_cost",
                    found,
                    "zero or more",
                    "mend it: a negative price would be bought without end",
                )
            )
        if len(food.nutrients) != len(requirements) or min(food.nutrients, default=0.0) < 0:
            found = f"{food.id}: {food.nutrients}"
            faults.append(
                Fault(
                    *place,
                    "",
                    "bad_nutrients",
                    found,
                    f"{len(requirements)} numbers, zero or more",
                    "fill in what 100 g contain",
                )
            )
        if food.least_grams < 0 or food.least_grams > food.most_grams:
            found = f"{food.id}: {food.least_grams:g} to {food.most_grams:g} g"
            faults.append(
                Fault(
                    *place,
                    "least_grams",
                    "reversed_range",
                    found,
                    "0 <= least <= most",
                    "exchange or mend the two",
                )
            )
    if faults:
        raise FaultsError(faults)


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
            best = requirement.amount * (1.0 - share)
            found = f"{best:.4g} {requirement.unit} of {requirement.nutrient} at most"
            allowed = f"{requirement.amount:g} {requirement.unit} for one person and day"
            fix = f"raise most_grams of a food that has {requirement.nutrient}, or add one"
            faults.append(Fault(foods[0].file, 0, "most_grams", "ration_impossible", found, allowed, fix))
    return faults
