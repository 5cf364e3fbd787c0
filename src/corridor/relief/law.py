"""What people, plants and facilities make and use in one step: the law of the simulation (rules 18, 19 and 36).

Written once more for one course without chance, so that a plan says what its convoys do when they are carried out.
P places, K items, M plants, F facilities; quantities are tonnes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from corridor.relief.works import OF_PEOPLE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridor.relief.problem import ReliefProblem


class Taker(NamedTuple):
    """A plant or a facility that takes an item: the tonnes for one that a plant makes, or of a facility in a day."""

    is_plant: bool
    number: int
    amount: float


Levels = tuple[tuple[int, tuple[Taker, ...]], ...]  # takers by priority, people's own needs among them


@dataclass(frozen=True)
class Law:
    """The rules of a problem by index: items in an order in which inputs come first, and who makes and uses them."""

    problem: ReliefProblem
    order: tuple[int, ...]
    depends_on: tuple[int, ...]
    known: NDArray[np.bool_]  # [P, K] where the stock is known: nobody is held up by another
    fresh: NDArray[np.float64] | None  # [T, P, K] made in each period otherwise than by plants
    makers: tuple[tuple[tuple[int, ...], ...], ...]  # [K] plants of each item, those of one priority together
    takers: tuple[tuple[tuple[int, Levels], ...], ...]  # [K] places where others than people take an item
    uses: tuple[tuple[tuple[int, float], ...], ...]  # [M] (item, tonnes for one tonne made)
    scarce: tuple[tuple[tuple[int, float], ...], ...]  # [M] of these, those whose stock says what can be made
    at: tuple[int, ...]  # [M] place of each plant
    serves: tuple[tuple[int, ...], ...]  # [M] places
    facilities: tuple[tuple[int, int], ...]  # [F] place and item
    facility_days: NDArray[np.float64]  # [F] tonnes a day


def read_law(problem: ReliefProblem) -> Law:
    """Return the rules of a problem by index."""
    place = {name: p for p, name in enumerate(problem.places)}
    plants, facilities = problem.plants, problem.facilities
    uses = tuple(tuple((problem.index_of(item), amount) for item, amount in plant.uses) for plant in plants)
    before: list[set[int]] = [{problem.index_of(item.depends_on)} - {-1} for item in problem.items]
    for plant, inputs in zip(plants, uses, strict=True):
        before[problem.index_of(plant.makes)] |= {item for item, _ in inputs}
    known = ~np.isnan(problem.stock) | problem.unlimited
    at = tuple(place[plant.place] for plant in plants)
    serves = tuple(tuple(place[p] for p in dict.fromkeys(plant.serves) or (plant.place,)) for plant in plants)
    piped = {(p, problem.index_of(plant.makes)) for plant, served in zip(plants, serves, strict=True) for p in served}
    return Law(
        problem,
        _order_items(before),
        tuple(problem.index_of(item.depends_on) for item in problem.items),
        known,
        None if problem.made is None else problem.made_per_period(),
        tuple(_group_makers(problem, item.id) for item in problem.items),
        tuple(_group_takers(problem, k, uses, at) for k in range(len(problem.items))),
        uses,
        tuple(
            tuple((item, amount) for item, amount in inputs if known[p, item] and (p, item) not in piped)
            for p, inputs in zip(at, uses, strict=True)
        ),
        at,
        serves,
        tuple((place[facility.place], problem.index_of(facility.item)) for facility in facilities),
        np.array([facility.per_day for facility in facilities]),
    )


def _group_makers(problem: ReliefProblem, item: str) -> tuple[tuple[int, ...], ...]:
    """Return the plants of an item, the first by priority first."""
    mine = [m for m, plant in enumerate(problem.plants) if plant.makes == item]
    levels = sorted({problem.plants[m].priority for m in mine})
    return tuple(tuple(m for m in mine if problem.plants[m].priority == level) for level in levels)


def _group_takers(
    problem: ReliefProblem, k: int, uses: tuple[tuple[tuple[int, float], ...], ...], at: tuple[int, ...]
) -> tuple[tuple[int, Levels], ...]:
    """Return the places where facilities and plants take an item, and these by priority."""
    found: dict[int, dict[int, list[Taker]]] = {}

    def add(place: int, priority: int, taker: Taker) -> None:
        found.setdefault(place, {OF_PEOPLE: []}).setdefault(priority, []).append(taker)

    for f, facility in enumerate(problem.facilities):
        if problem.index_of(facility.item) == k:
            add(problem.places.index(facility.place), facility.priority, Taker(False, f, facility.per_day))
    for m, inputs in enumerate(uses):
        amount = sum(amount for item, amount in inputs if item == k)
        if amount > 0.0:
            add(at[m], problem.plants[m].priority, Taker(True, m, amount))
    return tuple(
        (place, tuple((level, tuple(levels[level])) for level in sorted(levels)))
        for place, levels in sorted(found.items())
    )


def _order_items(before: list[set[int]]) -> tuple[int, ...]:
    """Return the items so that each comes after those it is made from or depends on (checked: there is no circle)."""
    order: list[int] = []
    while len(order) < len(before):
        ready = [k for k, first in enumerate(before) if k not in order and first <= set(order)]
        assert ready, "no circle of items: checked with the scenario"
        order += ready
    return tuple(order)
