"""What people, plants and facilities make and use in one step: the law of the simulation (rules 18 and 19) for a plan.

Written once more for one course without chance, so that a plan says what its convoys do when they are carried out.
P places, K items, M plants, F facilities; quantities are tonnes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor.relief.works import OF_PEOPLE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridor.relief.problem import ReliefProblem
    from corridor.relief.works import Plant


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
    serves: tuple[NDArray[np.int64], ...]  # [M] places
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
        tuple(np.array([place[p] for p in plant.serves or (plant.place,)], dtype=np.int64) for plant in plants),
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
    wishes = _wish(law, stores, period, share) if problem.plants else {}
    made = problem.made_per_period()[period] * share if problem.made is not None else None
    given: dict[tuple[int, int], float] = {}
    stores.lost[:], stores.made[:], stores.asked = 0.0, 0.0, stores.wanted.copy()
    for k in law.order:
        limit = _limit(law, stores, k)
        if made is not None:
            stores.made[:, k] = made[:, k] * limit
            stores.stock[:, k] += stores.made[:, k]
        for m in law.makers[k]:
            _make(law, stores, m, k, wishes, given)
        _give(law, stores, k, limit, wishes, given)
        if not problem.items[k].kept:
            stores.lost[:, k] += stores.stock[:, k]
            stores.stock[:, k] = 0.0


def _limit(law: Law, stores: Stores, k: int) -> NDArray[np.float64] | float:
    """Return the share of an item that can be made and used at each place, by what it depends on (rule 19)."""
    other = law.depends_on[k]
    if other < 0:
        return 1.0
    lost = law.problem.items[k].dependence * (1.0 - stores.met[:, other])
    return np.where(law.known[:, other], 1.0 - lost, 1.0)


def _wish(law: Law, stores: Stores, period: int, share: float) -> dict[int, float]:
    """Return how much each plant wants to make, outputs first: at most what is wanted where it serves beyond stock."""
    problem = law.problem
    wanted = stores.wanted.copy()
    for (p, k), amount in zip(law.facilities, stores.facility_wanted, strict=True):
        wanted[p, k] += amount
    wishes: dict[int, float] = {}
    for k in reversed(law.order):
        lacking = np.maximum(wanted[:, k] - np.maximum(stores.stock[:, k] - stores.aside[:, k], 0.0), 0.0)
        for alike in _classes(law, k):
            most = {m: float(problem.plants[m].most[period]) * share for m in alike}
            able = np.zeros(len(lacking))
            for m in alike:
                able[law.serves[m]] += most[m]
            part = np.divide(lacking, able, out=np.zeros_like(lacking), where=able > 0.0)
            for m in alike:
                wishes[m] = min(most[m], float(part[law.serves[m]].sum()) * most[m])
            for m in alike:
                asked = part[law.serves[m]] * most[m]
                total = float(asked.sum())
                if total > 0.0:
                    lacking[law.serves[m]] -= asked * (wishes[m] / total)
                for item, amount in law.uses[m]:
                    wanted[law.at[m], item] += amount * wishes[m]
            lacking = np.maximum(lacking, 0.0)
    return wishes


def _classes(law: Law, k: int) -> list[list[int]]:
    """Return the plants of an item, those of one priority together, the first to work first."""
    plants: tuple[Plant, ...] = law.problem.plants
    levels = sorted({plants[m].priority for m in law.makers[k]})
    return [[m for m in law.makers[k] if plants[m].priority == level] for level in levels]


def _make(
    law: Law, stores: Stores, m: int, k: int, wishes: dict[int, float], given: dict[tuple[int, int], float]
) -> None:
    """Let a plant make what its inputs allow; what it was given in vain goes back, what it makes is shared out."""
    made = min([wishes[m], *(given.get((m, item), 0.0) / amount for item, amount in law.uses[m])])
    for item, amount in law.uses[m]:
        back = given.get((m, item), 0.0) - made * amount
        target = stores.stock if law.problem.items[item].kept else stores.lost
        target[law.at[m], item] += max(back, 0.0)
    stores.plant_made[m] = made
    places = law.serves[m]
    lacking = np.maximum(_all_wanted(law, stores, k, wishes)[places] - stores.stock[places, k], 0.0)
    total = float(lacking.sum())
    parts = lacking / total if total > 0.0 else np.full(len(places), 1.0 / len(places))
    stores.stock[places, k] += made * parts
    stores.made[places, k] += made * parts


def _all_wanted(law: Law, stores: Stores, k: int, wishes: dict[int, float]) -> NDArray[np.float64]:
    """Return what is wanted of an item at each place in this step, by people, facilities and plants [P]."""
    wanted = stores.wanted[:, k].copy()
    for f, (p, item) in enumerate(law.facilities):
        if item == k:
            wanted[p] += stores.facility_wanted[f]
    for m, inputs in enumerate(law.uses):
        wanted[law.at[m]] += sum(amount * wishes.get(m, 0.0) for item, amount in inputs if item == k)
    return wanted


def _give(
    law: Law,
    stores: Stores,
    k: int,
    limit: NDArray[np.float64] | float,
    wishes: dict[int, float],
    given: dict[tuple[int, int], float],
) -> None:
    """Give what there is, beyond what is kept aside, to those who want it: by priority, then in proportion."""
    wanted = stores.wanted[:, k] * limit
    there = np.maximum(stores.stock[:, k] - stores.aside[:, k], 0.0)
    taken = np.minimum(wanted, there)
    claims = _list_claims(law, stores, k, wishes)
    for claim in claims:
        stores.asked[claim.place, k] += claim.amount
    for p in sorted({claim.place for claim in claims}):
        mine, left = [claim for claim in claims if claim.place == p], there[p]
        for level in sorted({claim.priority for claim in mine} | {OF_PEOPLE}):
            alike = [claim for claim in mine if claim.priority == level]
            total = sum(claim.amount for claim in alike) + (wanted[p] if level == OF_PEOPLE else 0.0)
            part = min(left / total, 1.0) if total > 0.0 else 0.0
            left -= total * part
            if level == OF_PEOPLE:
                taken[p] = wanted[p] * part
            for claim in alike:
                stores.stock[p, k] -= claim.amount * part
                if claim.is_plant:
                    given[claim.number, k] = claim.amount * part
                else:
                    stores.facility_taken[claim.number] = claim.amount * part
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


def _list_claims(law: Law, stores: Stores, k: int, wishes: dict[int, float]) -> list[_Claim]:
    problem = law.problem
    claims = [
        _Claim(p, problem.facilities[f].priority, float(stores.facility_wanted[f]), False, f)
        for f, (p, item) in enumerate(law.facilities)
        if item == k
    ]
    for m, inputs in enumerate(law.uses):
        amount = sum(amount for item, amount in inputs if item == k) * wishes.get(m, 0.0)
        if amount > 0.0:
            claims.append(_Claim(law.at[m], problem.plants[m].priority, amount, True, m))
    return claims
