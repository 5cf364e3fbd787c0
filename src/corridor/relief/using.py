"""One step of making and using: who gets how much of what there is, by priority, then in proportion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor.relief.planting import ask_plants, find_limit, no_desk, run_plants
from corridor.relief.works import OF_PEOPLE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridor.relief.law import Law, Levels
    from corridor.relief.planting import Desk
    from corridor.relief.stores import Stores


def use_stores(law: Law, stores: Stores, people: NDArray[np.float64], period: int, share: float) -> None:
    """Make and use items for a step, a `share` of a period; people [P] are there."""
    problem = law.problem
    days = share * problem.period_hours / 24.0
    stores.wanted = people[:, None] * problem.need * days
    stores.facility_wanted = law.facility_days * days
    stores.made[:], stores.asked, stores.lost[:] = 0.0, stores.wanted.copy(), 0.0
    fresh = None if law.fresh is None else law.fresh[period] * share
    desk = ask_plants(law, stores, fresh, period, share) if problem.plants else no_desk(law)
    for k in law.order:
        run_plants(law, stores, k, desk)
        limit = find_limit(law, stores, k)
        if fresh is not None:
            made = fresh[:, k] * limit
            stores.made[:, k] += made
            stores.stock[:, k] += made
        _hand_out(law, stores, k, limit, days, desk)
    for k, item in enumerate(problem.items):
        if not item.kept:
            stores.lost[:, k], stores.stock[:, k] = stores.stock[:, k], 0.0


def _hand_out(law: Law, stores: Stores, k: int, limit: NDArray[np.float64] | float, days: float, desk: Desk) -> None:
    """Give what there is of an item, beyond what is kept aside, to those who want it."""
    want = stores.wanted[:, k]
    wanted = want * limit
    there = np.maximum(stores.stock[:, k] - stores.aside[:, k], 0.0)
    taken = np.minimum(wanted, there)
    limits = limit if isinstance(limit, np.ndarray) else np.full(len(want), limit)
    for p, levels in law.takers[k]:
        asked = [
            [desk.target[one.number] * one.amount if one.is_plant else one.amount * days for one in takers]
            for _, takers in levels
        ]
        stores.asked[p, k] += sum(map(sum, asked))
        amounts = [[amount * float(limits[p]) for amount in alike] for alike in asked]
        given, taken[p] = _share_by_priority(levels, amounts, float(wanted[p]), float(there[p]))
        for (_, takers), alike in zip(levels, given, strict=True):
            for one, got in zip(takers, alike, strict=True):
                stores.stock[p, k] -= got
                if one.is_plant:
                    desk.given[one.number][k] = got
                else:
                    stores.facility_taken[one.number] = got
    stores.taken[:, k] = taken
    stores.stock[:, k] -= taken
    stores.met[:, k] = np.divide(taken, want, out=np.ones_like(taken), where=want > 0.0)


def _share_by_priority(
    levels: Levels, amounts: list[list[float]], of_people: float, left: float
) -> tuple[list[list[float]], float]:
    """Return what each taker of each level gets of what is `left`, and what people get."""
    given, taken = [], 0.0
    for (level, _), alike in zip(levels, amounts, strict=True):
        total = sum(alike) + (of_people if level == OF_PEOPLE else 0.0)
        part = min(left / total, 1.0) if total > 0.0 else 1.0
        left -= total * part
        if level == OF_PEOPLE:
            taken = of_people * part
        given.append([amount * part for amount in alike])
    return given, taken
