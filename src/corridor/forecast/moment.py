"""A simulated course at a moment, read for the relief problem that begins then, and the convoys that are under way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from corridor.forecast.taken_along import Along
from corridor.simulate.convoys import COMING_BACK, MOVING, READY, WITHOUT_FUEL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from corridor.relief.problem import ReliefProblem
    from corridor.simulate.goods import Convoy, Leg
    from corridor.simulate.relief import Relief
    from corridor.simulate.state import State

ALMOST = 1e-9


@dataclass(frozen=True)
class UnderWay:
    """A convoy that has left and is not back: when its load arrives and its trucks are home, in hours from now.

    `legs` are the roads still before it on its way out, with the hours after which it enters each.
    """

    convoy: Convoy
    stage: int
    trucks: int
    load: NDArray[np.float64]  # [I] units
    to: int  # place of the model where the load will be: the goal, or the base once it is turned back
    arrives: float
    home: float
    late: float  # hours behind what free roads would have let
    legs: tuple[tuple[Leg, float], ...]


@dataclass(frozen=True)
class Moment:
    """One replicate of a state that has come to `hour`, read for a relief problem that begins there.

    The problem is what is left of one that began at the hour `begun`: depots open by then stood in its first period.
    """

    problem: ReliefProblem
    state: State
    hour: float
    begun: float
    replicate: int = 0

    @cached_property
    def relief(self) -> Relief:
        """Return the relief side of the state."""
        assert self.state.relief is not None, "a case that is planned for states needs: checked before"
        return self.state.relief

    @cached_property
    def items(self) -> list[int]:
        """Return the number in the problem of each item of the supplies."""
        ids = [item.id for item in self.problem.items]
        return [ids.index(name) for name in self.relief.supplies.items]

    @cached_property
    def tonnes(self) -> NDArray[np.float64]:
        """Return the tonnes of a unit of each item of the supplies [I], as the problem has them: a flow has some."""
        return np.array([self.problem.items[k].tonnes_per_unit for k in self.items])

    @cached_property
    def along(self) -> Along:
        """Return the vehicles that take people out."""
        return Along(self.state, self.relief, self.hour, self.replicate)

    @cached_property
    def way(self) -> tuple[UnderWay, ...]:
        """Return the convoys that have left and are not back."""
        return tuple(self._list_under_way())

    def at(self, place: int) -> int:
        """Return the number in the problem of a place of the model."""
        return self.problem.places.index(self.state.model.network.places[place])

    def _list_under_way(self) -> Iterator[UnderWay]:
        """Go through the convoys that have left and are not back."""
        inputs, caravans, r = self.relief.inputs, self.relief.caravans, self.replicate
        for c, convoy in enumerate(self.relief.supplies.convoys):
            stage, free = caravans.stage[r, c], max(float(caravans.free_at[r, c]) - self.hour, 0.0)
            if stage not in (MOVING, WITHOUT_FUEL, READY, COMING_BACK):
                continue
            way, handling = float(inputs.way_hours[r, c]), float(inputs.handling[r, convoy.fleet])
            legs, arrives, home, to = [], 0.0, free, convoy.start
            if stage == MOVING:
                arrives, to = free, convoy.goal
                for leg in convoy.legs[caravans.leg[r, c] :]:
                    legs.append((leg, arrives))
                    arrives += float(inputs.leg_hours(convoy.fleet, leg)[r])
                home = arrives + handling + way
            elif stage == WITHOUT_FUEL:
                home = free + handling + way
            elif stage == READY:
                home = free + way
            else:
                arrives = home
            due = float(inputs.departs[r, c]) * self.state.model.clock.step_hours - self.hour
            late = arrives - (due + way)
            trucks, load = int(caravans.crew[r, c]), caravans.load[r, c]
            yield UnderWay(convoy, int(stage), trucks, load, to, arrives, home, late, tuple(legs))
