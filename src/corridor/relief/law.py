"""What people, plants and facilities make and use in one step: the law of the simulation (rules 18, 19 and 36).

Written once more for one course without chance, so that a plan says what its convoys do when they are carried out.
P places, K items, M plants, F facilities; quantities are tonnes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor.relief.planting import Desk, ask_plants, find_limit, run_plants
from corridor.relief.works import OF_PEOPLE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridor.relief.problem import ReliefProblem


@dataclass
class Stores:
    """What is where: in stock and kept aside for convoys [P, K], and what the last step did with it.

    wanted, taken: by people [P, K]; met: the share [P, K]; facility_wanted, facility_taken [F]; plant_made [M]; made
    [P, K] there in all; asked [P, K] by people, facilities and plants; lost [P, K] of flows.
    """

    stock: NDArray[np.float64]
    aside: NDArray[np.float64]
    wanted: NDArray[np.float64]
    taken: NDArray[np.float64]
    met: NDArray[np.float64]
    facility_wanted: NDArray[np.float64]
    facility_taken: NDArray[np.float64]
    plant_made: NDArray[np.float64]
    made: NDArray[np.float64]
    asked: NDArray[np.float64]
    lost: NDArray[np.float64]


def open_stores(problem: ReliefProblem) -> Stores:
    """Return the stores at the start; what never runs out is without end, what is not known is none."""
    stock = np.where(problem.unlimited, np.inf, np.nan_to_num(problem.stock))

    def none() -> NDArray[np.float64]:
        return np.zeros(problem.need.shape)

    return Stores(
        stock,
        aside=none(),
        wanted=none(),
        taken=none(),
        met=np.ones(problem.need.shape),
        facility_wanted=np.zeros(len(problem.facilities)),
        facility_taken=np.zeros(len(problem.facilities)),
        plant_made=np.zeros(len(problem.plants)),
        made=none(),
        asked=none(),
        lost=none(),
    )


@dataclass(frozen=True)
class Law:
    """The rules of a problem by index: items in an order in which inputs come first, and who makes and uses them."""

    problem: ReliefProblem
    order: tuple[int, ...]
    depends_on: tuple[int, ...]
    known: NDArray[np.bool_]  # [P, K] where the stock is known: nobody is held up by another
    makers: tuple[tuple[int, ...], ...]  # [K] plants of each item, by priority
    uses: tuple[tuple[tuple[int, float], ...], ...]  # [M] (item, tonnes for one tonne made)
    at: tuple[int, ...]  # [M] place of each plant
    serves: tuple[tuple[int, ...], ...]  # [M] places
    facilities: tuple[tuple[int, int], ...]  # [F] place and item


def read_law(problem: ReliefProblem) -> Law:
    """Return the rules of a problem by index."""
    place = {name: p for p, name in enumerate(problem.places)}
    plants = problem.plants
    uses = tuple(tuple((problem.index_of(item), amount) for item, amount in plant.uses) for plant in plants)
    before: list[set[int]] = [{problem.index_of(item.depends_on)} - {-1} for item in problem.items]
    for plant, inputs in zip(plants, uses, strict=True):
        before[problem.index_of(plant.makes)] |= {item for item, _ in inputs}
    makers = [[m for m, plant in enumerate(plants) if plant.makes == item.id] for item in problem.items]
    return Law(
        problem,
        _order_items(before),
        tuple(problem.index_of(item.depends_on) for item in problem.items),
        ~np.isnan(problem.stock) | problem.unlimited,
        tuple(tuple(sorted(mine, key=lambda m: plants[m].priority)) for mine in makers),
        uses,
        tuple(place[plant.place] for plant in plants),
        tuple(tuple(place[p] for p in dict.fromkeys(plant.serves) or (plant.place,)) for plant in plants),
        tuple((place[facility.place], problem.index_of(facility.item)) for facility in problem.facilities),
    )


def _order_items(before: list[set[int]]) -> tuple[int, ...]:
    """Return the items so that each comes after those it is made from or depends on (checked: there is no circle)."""
    order: list[int] = []
    while len(order) < len(before):
        ready = [k for k, first in enumerate(before) if k not in order and first <= set(order)]
        assert ready, "no circle of items: checked with the scenario"
        order += ready
    return tuple(order)


def use_stores(law: Law, stores: Stores, people: NDArray[np.float64], period: int, share: float) -> None:
    """Make and use items for a step, a `share` of a period; people [P] are there."""
    problem = law.problem
    days = share * problem.period_hours / 24.0
    stores.wanted = people[:, None] * problem.need * days
    stores.facility_wanted = np.array([facility.per_day * days for facility in problem.facilities])
    stores.made[:], stores.asked, stores.lost[:] = 0.0, stores.wanted.copy(), 0.0
    fresh = problem.made_per_period()[period] * share if problem.made is not None else None
    desk = ask_plants(law, stores, fresh, period, share) if problem.plants else Desk({}, {})
    for k in law.order:
        run_plants(law, stores, k, desk)
        limit = find_limit(law, stores, k)
        if fresh is not None:
            stores.made[:, k] += fresh[:, k] * limit
            stores.stock[:, k] += fresh[:, k] * limit
        _hand_out(law, stores, k, limit, desk)
    for k, item in enumerate(problem.items):
        if not item.kept:
            stores.lost[:, k], stores.stock[:, k] = stores.stock[:, k], 0.0


def _hand_out(law: Law, stores: Stores, k: int, limit: NDArray[np.float64] | float, desk: Desk) -> None:
    """Give what there is, beyond what is kept aside, to those who want it: by priority, then in proportion."""
    wanted = stores.wanted[:, k] * limit
    limits = np.broadcast_to(limit, wanted.shape)
    there = np.maximum(stores.stock[:, k] - stores.aside[:, k], 0.0)
    taken = np.minimum(wanted, there)
    claims = _list_claims(law, stores, k, desk)
    for claim in claims:
        stores.asked[claim.place, k] += claim.amount
    for p in sorted({claim.place for claim in claims}):
        mine, left = [claim for claim in claims if claim.place == p], there[p]
        for level in sorted({claim.priority for claim in mine} | {OF_PEOPLE}):
            alike = [claim for claim in mine if claim.priority == level]
            total = sum(claim.amount for claim in alike) * limits[p] + (wanted[p] if level == OF_PEOPLE else 0.0)
            part = min(left / total, 1.0) if total > 0.0 else 1.0
            left -= total * part
            if level == OF_PEOPLE:
                taken[p] = wanted[p] * part
            for claim in alike:
                got = claim.amount * limits[p] * part
                stores.stock[p, k] -= got
                if claim.is_plant:
                    desk.given[claim.number, k] = got
                else:
                    stores.facility_taken[claim.number] = got
    stores.taken[:, k] = taken
    stores.stock[:, k] -= taken
    want = stores.wanted[:, k]
    stores.met[:, k] = np.divide(taken, want, out=np.ones_like(taken), where=want > 0.0)


@dataclass(frozen=True)
class _Claim:
    """What a plant or a facility wants of an item in a step."""

    place: int
    priority: int
    amount: float
    is_plant: bool
    number: int


def _list_claims(law: Law, stores: Stores, k: int, desk: Desk) -> list[_Claim]:
    problem = law.problem
    claims = [
        _Claim(p, problem.facilities[f].priority, float(stores.facility_wanted[f]), False, f)
        for f, (p, item) in enumerate(law.facilities)
        if item == k
    ]
    for m, inputs in enumerate(law.uses):
        amount = sum(amount for item, amount in inputs if item == k) * desk.target(m)
        if amount > 0.0:
            claims.append(_Claim(law.at[m], problem.plants[m].priority, amount, True, m))
    return claims
