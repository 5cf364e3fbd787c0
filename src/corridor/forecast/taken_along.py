"""Vehicles that bring goods in and take people out (rule 38): where they are in a state, and whom they will take."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from corridor.simulate.convoys import COMING_BACK

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from corridor.forecast.moment import UnderWay
    from corridor.simulate.relief import Relief
    from corridor.simulate.state import State


@dataclass(frozen=True)
class Boarding:
    """Vehicles of a convoy that people who wait now will board: whom, and when these would be home if they did not.

    people [U] are of each group of the model; `place` is one of the model. `after` and `home` are hours from now.
    """

    fleet: str
    place: int
    vehicles: int
    people: NDArray[np.int64]
    after: float
    home: float


@dataclass(frozen=True)
class Along:
    """Fleets for both in one replicate of a state that has come to `hour`."""

    state: State
    relief: Relief
    hour: float
    replicate: int

    @cached_property
    def hours_back(self) -> Mapping[str, float]:
        """Return by fleet the hours until a vehicle that has set people down is at its base."""
        supplies, hours = self.relief.supplies, self.state.model.clock.step_hours
        steps = self.state.return_steps[self.replicate]
        both = np.flatnonzero(supplies.takes >= 0)
        return {supplies.fleets[f]: float(steps[supplies.takes[f]]) * hours for f in both}

    def list_on_the_road(self) -> Iterator[tuple[str, int, float]]:
        """Go through vehicles that have set out with people: fleet, how many, hours until they are home.

        Those that have set people down are back when they are said to be. The others are those that set out last, as
        many as are on the road: at free speed on the way of their convoy, and then the hours of the fleet.
        """
        clock, coming, r = self.state.model.clock, self.state.coming, self.replicate
        next_step = round(self.hour / clock.step_hours)
        for fleet, back in self.hours_back.items():
            f = self.relief.supplies.fleets.index(fleet)
            takes = self.relief.supplies.takes[f]
            for step in range(next_step, len(coming)):
                if coming[step, r, takes]:
                    yield fleet, int(coming[step, r, takes]), (step - next_step) * clock.step_hours
            on_the_road = int(self.state.out[r, takes])
            for arrives, vehicles in sorted(self._list_boarded(f), reverse=True):
                some = min(vehicles, on_the_road)
                on_the_road -= some
                if some:
                    yield fleet, some, max(arrives, 0.0) + back

    def _list_boarded(self, fleet: int) -> Iterator[tuple[float, int]]:
        """Go through the convoys that people have boarded: hours until these arrive at free speed, vehicles."""
        inputs, caravans, r = self.relief.inputs, self.relief.caravans, self.replicate
        for c, convoy in enumerate(self.relief.supplies.convoys):
            boarded = int(inputs.trucks[r, c] - caravans.crew[r, c])
            if convoy.fleet == fleet and boarded:
                # the hour of what has gone home empty is that at which it is there
                way = 0.0 if caravans.crew[r, c] else float(inputs.way_hours[r, c])
                yield float(caravans.free_at[r, c]) + way - self.hour, boarded

    def foresee(self, way: Sequence[UnderWay]) -> list[Boarding]:
        """Return who of those who wait now will board convoys that are under way, first come first served."""
        waiting, found = self.state.waiting[self.replicate].copy(), []
        inputs, r = self.relief.inputs, self.replicate
        for moved in sorted(way, key=lambda one: one.home):
            origin = self.state.model.network.layout.origin_of[moved.convoy.goal]
            if moved.convoy.takes < 0 or origin < 0 or moved.stage == COMING_BACK:
                continue
            c = self.relief.supplies.convoys.index(moved.convoy)
            people, vehicles = self._fill(waiting[origin], int(origin), moved.convoy.takes, moved.trucks)
            if vehicles:
                after = moved.home - float(inputs.way_hours[r, c])
                name = self.relief.supplies.fleets[moved.convoy.fleet]
                found.append(Boarding(name, moved.convoy.goal, vehicles, people, after, moved.home))
        return found

    def _fill(self, waiting: NDArray[np.int64], origin: int, takes: int, here: int) -> tuple[NDArray[np.int64], int]:
        """Let groups that wait at an origin board vehicles of a fleet; return people by group and the vehicles."""
        options, seats = self.state.model.people.options, float(self.state.inputs.seats[self.replicate, takes])
        people, left = np.zeros_like(waiting), here
        for g in self.state.boarding[self.replicate, origin]:
            mine = slice(options.start[g], options.start[g + 1])
            chooser = options.chooser[mine][options.fleet[mine] == takes]
            if not self.state.open_way[self.replicate, chooser, origin].any():
                continue
            vehicles = min(math.ceil(waiting[g] / seats), left)
            people[g] = min(int(waiting[g]), int(vehicles * seats + 1e-9))
            waiting[g] -= people[g]
            left -= vehicles
        return people, here - left
