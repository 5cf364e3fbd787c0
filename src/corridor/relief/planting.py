"""What plants are asked to make in a step, and what they make of what they get (rule 36), for one course."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridor.relief.law import Law, Stores

_LEAST = 1e-12  # of what is shared: less is rounding


@dataclass
class Desk:
    """What a step is about: asked [(plant, place)] of plants, given [(plant, item)] to them, in tonnes."""

    asked: dict[tuple[int, int], float]
    given: dict[tuple[int, int], float]

    def target(self, plant: int) -> float:
        """Return what a plant is asked to make for all places."""
        return sum(amount for (m, _), amount in self.asked.items() if m == plant)


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
    problem = law.problem
    wish = stores.wanted.copy()
    for (p, k), amount in zip(law.facilities, stores.facility_wanted, strict=True):
        wish[p, k] += amount
    hope = np.maximum(stores.stock - stores.aside, 0.0)
    if fresh is not None:
        hope = hope + fresh * np.stack(
            [find_limit(law, stores, k) + np.zeros(len(wish)) for k in range(len(law.order))], 1
        )
    desk = Desk({}, {})
    for k in reversed(law.order):
        short = np.maximum(wish[:, k] - hope[:, k], 0.0)
        for level in sorted({problem.plants[m].priority for m in law.makers[k]}):
            alike = [m for m in law.makers[k] if problem.plants[m].priority == level]
            room = {m: _find_room(law, hope, m, float(problem.plants[m].most[period]) * share) for m in alike}
            _share_out(law, alike, room, short, desk)
        for m in law.makers[k]:
            for item, amount in law.uses[m]:
                wish[law.at[m], item] += amount * desk.target(m)
    return desk


def _find_room(law: Law, hope: NDArray[np.float64], m: int, most: float) -> float:
    """Return the most a plant can be asked for: not more than known stocks allow that no plant makes at its place."""
    p = law.at[m]
    for item, amount in law.uses[m]:
        piped = any(p in law.serves[other] for other in law.makers[item])
        if law.known[p, item] and not piped:
            most = min(most, float(hope[p, item]) / amount)
    return most


def _share_out(law: Law, alike: list[int], room: dict[int, float], short: NDArray[np.float64], desk: Desk) -> None:
    """Share what places are short of among plants of one priority in proportion to what each can still make."""
    for _ in range(len(alike) + 1):
        weight = np.zeros(len(short))
        for m in alike:
            weight[list(law.serves[m])] += room[m]
        parts = {
            (m, p): short[p] * room[m] / weight[p]
            for m in alike
            for p in law.serves[m]
            if weight[p] > 0.0 and room[m] > 0
        }
        for m in alike:
            asked = sum(parts.get((m, p), 0.0) for p in law.serves[m])
            if asked <= 0.0:
                continue
            part = min(1.0, room[m] / asked)
            for p in law.serves[m]:
                desk.asked[m, p] = desk.asked.get((m, p), 0.0) + part * parts.get((m, p), 0.0)
                short[p] -= part * parts.get((m, p), 0.0)
            room[m] = room[m] - part * asked if part >= 1.0 else 0.0
            room[m] = room[m] if room[m] > _LEAST else 0.0
        np.maximum(short, 0.0, out=short)


def run_plants(law: Law, stores: Stores, k: int, desk: Desk) -> None:
    """Let the plants of an item make what their scarcest known input allows; what was given in vain goes back."""
    for m in law.makers[k]:
        target, p = desk.target(m), law.at[m]
        shares = [
            desk.given.get((m, item), 0.0) / (target * amount)
            for item, amount in law.uses[m]
            if target > 0.0 and law.known[p, item]
        ]
        share = min([1.0, *shares])
        for item, amount in law.uses[m]:
            given = desk.given.get((m, item), 0.0)
            stores.stock[p, item] += given - min(given, target * share * amount)
        stores.plant_made[m] = target * share
        for q in law.serves[m]:
            stores.stock[q, k] += desk.asked.get((m, q), 0.0) * share
            stores.made[q, k] += desk.asked.get((m, q), 0.0) * share
