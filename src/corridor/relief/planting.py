"""What plants are asked to make in a step, and what they make of what they get (rule 36), for one course."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridor.relief.law import Law
    from corridor.relief.stores import Stores

_LEAST = 1e-12  # of what is shared: less is rounding


@dataclass
class Desk:
    """What a step is about, by plant: `target` in all, `asked` for each place, `given` of each item; tonnes."""

    target: list[float]
    asked: list[dict[int, float]]
    given: list[dict[int, float]]


def no_desk(law: Law) -> Desk:
    """Return a desk at which nothing has been asked for."""
    number = len(law.at)
    return Desk([0.0] * number, [{} for _ in range(number)], [{} for _ in range(number)])


def find_limit(law: Law, stores: Stores, k: int) -> NDArray[np.float64] | float:
    """Return the share of an item that can be made and used at each place, by what it depends on (rule 19)."""
    other = law.depends_on[k]
    if other < 0:
        return 1.0
    lost = law.problem.items[k].dependence * (1.0 - stores.met[:, other])
    return np.where(law.known[:, other], 1.0 - lost, 1.0)


def ask_plants(law: Law, stores: Stores, fresh: NDArray[np.float64] | None, period: int, share: float) -> Desk:
    """Return what plants are asked for, products before inputs: what places want beyond what is there without them.

    `fresh` [P, K] is made there each step otherwise, as far as rule 19 let it be in the step before.
    """
    plants = law.problem.plants
    wish = stores.wanted.copy()
    for (p, k), amount in zip(law.facilities, stores.facility_wanted, strict=True):
        wish[p, k] += amount
    hope = np.maximum(stores.stock - stores.aside, 0.0)
    if fresh is not None:
        for k in range(len(law.order)):
            hope[:, k] += fresh[:, k] * find_limit(law, stores, k)
    desk = no_desk(law)
    for k in reversed(law.order):
        served = {p for alike in law.makers[k] for m in alike for p in law.serves[m]}
        short = {p: max(float(wish[p, k] - hope[p, k]), 0.0) for p in served}
        for alike in law.makers[k]:
            room = {m: _find_room(law, hope, m, float(plants[m].most[period]) * share) for m in alike}
            _share_out(law, room, short, desk)
        for alike in law.makers[k]:
            for m in alike:
                for item, amount in law.uses[m]:
                    wish[law.at[m], item] += amount * desk.target[m]
    return desk


def _find_room(law: Law, hope: NDArray[np.float64], m: int, most: float) -> float:
    """Return the most a plant can be asked for: not more than known stocks allow that no plant makes at its place."""
    return min([most, *(float(hope[law.at[m], item]) / amount for item, amount in law.scarce[m])])


def _share_out(law: Law, room: dict[int, float], short: dict[int, float], desk: Desk) -> None:
    """Share what places are short of among plants of one priority in proportion to what each can still make."""
    for _ in range(len(room) + 1):
        weight = dict.fromkeys(short, 0.0)
        for m, most in room.items():
            for p in law.serves[m]:
                weight[p] += most
        parts = {
            m: {p: short[p] * most / weight[p] for p in law.serves[m] if weight[p] > 0.0}
            for m, most in room.items()
            if most > 0.0
        }
        wanted = {m: asked for m, mine in parts.items() if (asked := sum(mine.values())) > 0.0}
        if not wanted:
            return
        for m, asked in wanted.items():
            part = min(1.0, room[m] / asked)
            for p, amount in parts[m].items():
                desk.asked[m][p] = desk.asked[m].get(p, 0.0) + part * amount
                desk.target[m] += part * amount
                short[p] = max(short[p] - part * amount, 0.0)
            room[m] = room[m] - asked if part >= 1.0 else 0.0
            room[m] = room[m] if room[m] > _LEAST else 0.0


def run_plants(law: Law, stores: Stores, k: int, desk: Desk) -> None:
    """Let the plants of an item make what their scarcest known input allows; what was given in vain goes back."""
    for alike in law.makers[k]:
        for m in alike:
            target, p, given = desk.target[m], law.at[m], desk.given[m]
            shares = [
                given.get(item, 0.0) / (target * amount)
                for item, amount in law.uses[m]
                if target > 0.0 and law.known[p, item]
            ]
            share = min([1.0, *shares])
            for item, amount in law.uses[m]:
                got = given.get(item, 0.0)
                stores.stock[p, item] += got - min(got, target * share * amount)
            stores.plant_made[m] = target * share
            for q, amount in desk.asked[m].items():
                stores.stock[q, k] += amount * share
                stores.made[q, k] += amount * share
