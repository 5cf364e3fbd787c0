"""What a simulated course holds at a moment, read in the terms of the relief problem that is planned again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from corridor.simulate.convoys import AT_BASE, MOVING
from corridor.simulate.series import Column

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from corridor.relief.plan import Convoy
    from corridor.relief.problem import ReliefProblem
    from corridor.simulate.model import Model
    from corridor.simulate.record import Record
    from corridor.simulate.relief import Relief
    from corridor.simulate.state import State

GIVEN_UP_HOURS = 24.0  # a convoy so late is not counted on any more when the rest is planned again


@dataclass(frozen=True)
class Found:
    """The state and the record of one replicate after the first `periods` of a problem."""

    problem: ReliefProblem
    periods: int
    model: Model
    state: State
    record: Record

    @property
    def _relief(self) -> Relief:
        assert self.state.relief is not None
        return self.state.relief

    @cached_property
    def _series(self) -> dict[Column, NDArray[np.float64]]:
        """Return every recorded measure [T]."""
        return {column: self.record.measures[0, :, i] for i, column in enumerate(self.record.columns.measures)}

    @property
    def _moments(self) -> list[int]:
        """Return the recorded moments that bound the periods [periods + 1]."""
        clock = self.model.clock
        first = (self.problem.start - clock.start) / timedelta(hours=clock.record_hours)
        last = clock.records - 1
        return [
            min(round(first + self.problem.period_hours / clock.record_hours * t), last)
            for t in range(self.periods + 1)
        ]

    def _stage(self, convoy: Convoy) -> int:
        known = [moved.id for moved in self._relief.supplies.convoys]
        return int(self._relief.caravans.stage[0, known.index(convoy.id)])

    def has_left(self, convoy: Convoy) -> bool:
        """Tell whether a convoy is no longer waiting at its base."""
        return self._stage(convoy) != AT_BASE

    def people(self) -> NDArray[np.float64]:
        """Return the people at each place inside [P]."""
        people = np.zeros(len(self.problem.places))
        for p in np.flatnonzero(self.model.network.inside):
            people[self.problem.places.index(self.model.network.places[p])] = self.state.queues.at_place[0, p].sum()
        return people

    def stock(self) -> NDArray[np.float64]:
        """Return the tonnes in store [P, K]; what is not simulated stands as in the problem."""
        supplies, stock = self._relief.supplies, self.problem.stock.copy()
        at = [self.problem.places.index(self.model.network.places[p]) for p in supplies.places]
        of = [[item.id for item in self.problem.items].index(name) for name in supplies.items]
        stock[np.ix_(at, of)] = self._relief.stores.stock[0, : len(at)] * supplies.tonnes
        return stock

    def made(self) -> NDArray[np.float64]:
        """Return the tonnes made in a period of late [P, K]; nan where it is not recorded."""
        made, at = np.full(self.problem.stock.shape, np.nan), self._moments
        for p, place in enumerate(self.problem.places):
            for k, item in enumerate(self.problem.items):
                series = self._series.get(Column("made", (place, item.id)))
                if series is not None:
                    made[p, k] = (series[at[-1]] - series[at[0]]) / self.periods * item.tonnes_per_unit
        return made

    def short(self) -> NDArray[np.float64]:
        """Return the share of each need unmet in each of the periods [periods, P, K]."""
        short = np.zeros((self.periods, *self.problem.stock.shape))
        for p, place in enumerate(self.problem.places):
            for k, item in enumerate(self.problem.items):
                needed, used = (self._series.get(Column(name, (place, item.id))) for name in ("needed", "used"))
                if needed is None or used is None:
                    continue
                for t, (low, high) in enumerate(pairwise(self._moments)):
                    asked = needed[high] - needed[low]
                    if asked > 0:
                        short[t, p, k] = 1.0 - (used[high] - used[low]) / asked
        return short

    def under_way(self, convoys: Iterable[Convoy]) -> NDArray[np.float64]:
        """Return tonnes on the way by the period left in which they are expected [T left, P, K]; late ones at once."""
        problem, until = self.problem, self.problem.time_of(self.periods)
        coming = np.zeros((problem.periods - self.periods, *problem.stock.shape))
        for convoy in convoys:
            late = (until - convoy.arrives) / timedelta(hours=1)
            if self._stage(convoy) != MOVING or late > GIVEN_UP_HOURS:
                continue
            t = max(0, -int(-max(-late, 0.0) // problem.period_hours))
            if t < len(coming):
                for k, item in enumerate(problem.items):
                    coming[t, problem.places.index(convoy.to), k] += convoy.loads.get(item.id, 0.0)
        return coming
