"""A plan's convoys carried out under the law of the simulation (rules 18 to 20), without chance.

A programme may hold goods back for later or give first to those where they count most; people in the simulation use
what is there. So what a plan says of who goes without comes from here: it is then what a run shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor.relief.driving import Driving
from corridor.relief.law import read_law
from corridor.relief.platform import Platform
from corridor.relief.stores import open_stores
from corridor.relief.using import use_stores

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from corridor.relief.convoys import Convoy
    from corridor.relief.law import Law
    from corridor.relief.problem import ReliefProblem
    from corridor.relief.stores import Stores


@dataclass(frozen=True)
class Carried:
    """What happens when a plan is carried out; quantities are tonnes.

    short [T, P, K]: share of people's need unmet in each period. facility_short [T, F]: the same of facilities.
    came_in [T, P, K]: into store otherwise than by convoys. asked [T, P, K]: by people, facilities and plants.
    delivered [P, K]: unloaded by convoys. plant_made [T, M]. lost [T, P, K]: of flows. left [P, K]: in store at the
    end. waiting [T, P]: people who wait for fuel to leave at the end of each period. left_behind: convoys that never
    set out; held: those that come to a road when no clearance or slot lets them in, and wait there; turned_back: those
    that are refused a clearance and drive home with their load.

    people [T, P]: who is there in the mean of each period: those taken out are not. taken: people who board each convoy
    on its way back, by id. queued [T, P]: people who wait for a seat out at the end of each period; hours_waited [P].
    """

    short: NDArray[np.float64]
    facility_short: NDArray[np.float64]
    came_in: NDArray[np.float64]
    asked: NDArray[np.float64]
    delivered: NDArray[np.float64]
    plant_made: NDArray[np.float64]
    lost: NDArray[np.float64]
    left: NDArray[np.float64]
    waiting: NDArray[np.float64]
    left_behind: int
    people: NDArray[np.float64]
    taken: Mapping[str, int]
    queued: NDArray[np.float64]
    hours_waited: NDArray[np.float64]
    held: int
    turned_back: int


def carry_out(problem: ReliefProblem, convoys: Sequence[Convoy]) -> Carried:
    """Return what happens when convoys leave as planned and people use what is there, step by step."""
    law, stores = read_law(problem), open_stores(problem)
    steps = max(1, round(problem.period_hours / problem.step_hours))
    platform = Platform(problem)
    road = Driving(law, convoys, problem.period_hours / steps, platform)
    steady = problem.steady_supply()
    evenly, at_once = (steady - problem.made_per_period()) / steps, problem.supply - steady
    tally = _Tally(problem)
    tally.came_in += problem.supply - problem.made_per_period()
    for t in range(problem.periods):
        stores.stock += at_once[t]
        for step in range(steps):
            stores.stock += evenly[t]
            people = np.maximum(problem.people[t] - platform.gone(), 0.0)
            platform.take_along(stores, people)
            use_stores(law, stores, people, t, 1.0 / steps)
            tally.count(stores, t)
            tally.people[t] += people / steps
            tally.let_leave(law, stores, t, steps)
            platform.join(t, 1.0 / steps)
            road.move(stores, t * steps + step)
        tally.queued[t] = platform.queue.sum(axis=1)
    return tally.close(stores, road)


class _Tally:
    """What is counted in each period."""

    def __init__(self, problem: ReliefProblem) -> None:
        size_t, shape = problem.periods, problem.need.shape
        self.problem = problem
        self.wanted, self.taken, self.lost, self.came_in, self.asked = (np.zeros((size_t, *shape)) for _ in range(5))
        self.facility_wanted, self.facility_taken = (np.zeros((size_t, len(problem.facilities))) for _ in range(2))
        self.plant_made = np.zeros((size_t, len(problem.plants)))
        self.waiting, self.people, self.queued = (np.zeros((size_t, shape[0])) for _ in range(3))
        self.now = np.zeros(shape[0])
        self.leavers = problem.leavers()

    def count(self, stores: Stores, t: int) -> None:
        """Add what a step did."""
        self.wanted[t] += stores.wanted
        self.taken[t] += stores.taken
        self.lost[t] += stores.lost
        self.came_in[t] += stores.made
        self.asked[t] += stores.asked
        self.facility_wanted[t] += stores.facility_wanted
        self.facility_taken[t] += stores.facility_taken
        self.plant_made[t] += stores.plant_made

    def let_leave(self, law: Law, stores: Stores, t: int, steps: int) -> None:
        """Let those who leave take their fuel from what is left after the step's use; the others wait."""
        k = law.problem.index_of(law.problem.for_leaving)
        if k < 0 or law.problem.leaving is None:
            return
        each = law.problem.leaving
        self.now += self.leavers[t] / steps
        limited = law.known[:, k] & ~law.problem.unlimited[:, k] & (each > 0.0)
        there = np.where(limited, np.maximum(stores.stock[:, k] - stores.aside[:, k], 0.0), 0.0)
        served = np.minimum(self.now, np.where(limited, there / np.where(each > 0.0, each, 1.0), np.inf))
        stores.stock[:, k] -= np.minimum(served * each, stores.stock[:, k])
        self.now -= served
        self.waiting[t] = self.now

    def close(self, stores: Stores, road: Driving) -> Carried:
        """Return the shares."""
        return Carried(
            _unmet(self.wanted, self.taken),
            _unmet(self.facility_wanted, self.facility_taken),
            self.came_in,
            self.asked,
            road.delivered,
            self.plant_made,
            self.lost,
            stores.stock,
            self.waiting,
            len(road.waiting),
            self.people,
            road.taken,
            self.queued,
            road.platform.hours,
            len(road.held),
            len(road.turned_back),
        )


def _unmet(wanted: NDArray[np.float64], taken: NDArray[np.float64]) -> NDArray[np.float64]:
    met = np.divide(taken, wanted, out=np.ones_like(wanted), where=wanted > 0.0)
    return np.asarray(np.clip(1.0 - met, 0.0, 1.0))
