"""Who waits for a seat out while a plan is carried out, and who boards vehicles that have unloaded (rule 38)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridor.relief.problem import Fleet, ReliefProblem
    from corridor.relief.stores import Stores

_ALMOST = 1e-9


class Platform:
    """People who wait [P, U], with this plan and if nothing is sent, and for how many hours people have waited [P]."""

    def __init__(self, problem: ReliefProblem) -> None:
        self.waiting, self.period_hours = problem.waiting, problem.period_hours
        shape = (len(problem.places), 0) if self.waiting is None else self.waiting.at_start.shape
        self.queue = np.zeros(shape) if self.waiting is None else self.waiting.at_start.copy()
        self.unsent = self.queue.copy()
        self.hours, self.before, self.need = np.zeros(shape[0]), np.zeros(shape[0]), problem.need

    def gone(self) -> NDArray[np.float64]:
        """Return how many people fewer are there than if nothing were sent [P]."""
        return np.asarray((self.unsent - self.queue).sum(axis=1))

    def take_along(self, stores: Stores, people: NDArray[np.float64]) -> None:
        """Let those who have left since the last step have taken along their supplies; `people` [P] are there still."""
        if self.waiting is None:
            return
        left = np.maximum(self.gone() - self.before, 0.0)[:, None]
        self.before = self.gone()
        share = np.divide(left, left + people[:, None], out=np.zeros_like(left), where=left > 0.0)
        taken = np.minimum(
            np.where(left > 0.0, stores.stock, 0.0) * share, left * self.need * self.waiting.carried_days
        )
        stores.stock -= taken

    def join(self, period: int, share: float) -> None:
        """Let people come to wait, find another way and board what is under way, in a `share` of a period."""
        if self.waiting is None:
            return
        change = (self.waiting.joining[period] - self.waiting.spoken_for[period]) * share
        staying = self.waiting.staying[period] ** share
        self.queue = np.maximum(staying * self.queue + change, 0.0)
        self.unsent = np.maximum(staying * self.unsent + change, 0.0)
        self.hours += self.queue.sum(axis=1) * share * self.period_hours

    def board(self, fleet: Fleet, place: int, vehicles: int, period: int) -> tuple[int, int]:
        """Let people board vehicles at a place, each with people of one group; return people and vehicles taken."""
        people, here = 0, vehicles
        for u in () if self.waiting is None else self.waiting.boards.get(fleet.id, ()):
            whole = int(self.queue[place, u] + _ALMOST)
            if not self.waiting.may_go[period, place, u]:  # type: ignore[union-attr]
                continue
            taken = min(math.ceil(whole / fleet.seats_out), here)
            boarding = min(whole, int(taken * fleet.seats_out + _ALMOST))
            self.queue[place, u] -= boarding
            here -= taken
            people += boarding
        return people, vehicles - here
