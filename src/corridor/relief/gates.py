"""Who lets a plan's convoys onto a road while it is carried out: clearances and slots, as in a run (rule 20)."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from corridor.scenario.convoys import convoys_of_day, name_party

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corridor.relief.convoys import Convoy
    from corridor.relief.problem import Clearance, DailySlots, Limit, ReliefProblem, Road

_ALMOST = 1e-9


class Gates:
    """What has been used of permissions, and who is let onto a road at an hour of the problem."""

    def __init__(self, problem: ReliefProblem) -> None:
        self.problem = problem
        self.size = {fleet.id: fleet.convoy_trucks for fleet in problem.fleets}
        self.passed: dict[str, float] = defaultdict(float)  # trucks let through by each clearance
        self.used: dict[tuple[str, int], float] = defaultdict(float)  # convoys let through by each slot on a day
        self.there: dict[tuple[str, int, object], float] = defaultdict(float)  # of these, the trucks of a party

    def let_in(self, convoy: Convoy, road: Road, forward: bool, hour: float) -> bool:
        """Tell whether a clearance and the slots let a convoy onto a road now."""
        if road.needs_clearance and self._find_clearance(convoy, road, hour) is None:
            return False
        return all(self._has_room(convoy, limit, daily, hour) for limit, daily in self._find_slots(road, forward, hour))

    def turns_back(self, convoy: Convoy, road: Road, hour: float) -> bool:
        """Tell whether a convoy is refused the clearance that a road needs: no other that was granted lets it in."""
        refused = any(_is_for(one, convoy, road, hour) for one in self.problem.refusals)
        return road.needs_clearance and refused and self._find_clearance(convoy, road, hour) is None

    def use(self, convoy: Convoy, road: Road, forward: bool, hour: float) -> None:
        """Count a convoy that enters a road."""
        clearance = self._find_clearance(convoy, road, hour)
        if road.needs_clearance and clearance is not None:
            self.passed[clearance.id] += convoy.trucks
        for limit, daily in self._find_slots(road, forward, hour):
            day = daily.day_of(hour)
            self.used[limit.id, day] += self._count(convoy, limit, day)
            self.there[limit.id, day, _name(convoy)] += convoy.trucks

    def _find_clearance(self, convoy: Convoy, road: Road, hour: float) -> Clearance | None:
        fitting = (
            one for one in sorted(self.problem.clearances, key=lambda one: one.id) if _is_for(one, convoy, road, hour)
        )
        return next((one for one in fitting if self.passed[one.id] + convoy.trucks <= one.trucks + _ALMOST), None)

    def _find_slots(self, road: Road, forward: bool, hour: float) -> Iterator[tuple[Limit, DailySlots]]:
        for limit in self.problem.limits:
            daily = limit.daily
            if limit.road != road.id or limit.forward != forward or daily is None:
                continue
            if daily.begins <= hour + _ALMOST < daily.ends:
                yield limit, daily

    def _has_room(self, convoy: Convoy, limit: Limit, daily: DailySlots, hour: float) -> bool:
        """Tell whether a convoy fits into what is left of a day's slots; one larger than all of them takes them all."""
        if not daily.first_hour <= (daily.since + hour + _ALMOST) % 24.0 < daily.last_hour:
            return False
        day = daily.day_of(hour)
        used, most = self.used[limit.id, day] + daily.used.get(day, 0.0), float(convoys_of_day(daily.a_day, day))
        return self._count(convoy, limit, day) <= most - used + _ALMOST or (used <= 0.0 and most >= 1.0)

    def _count(self, convoy: Convoy, limit: Limit, day: int) -> float:
        """Return how many slots a convoy takes: rows of one party that enter on one day are one convoy."""
        there, size = self.there[limit.id, day, _name(convoy)], self.size[convoy.fleet]
        if math.isinf(size):
            return float(there == 0.0)
        return math.ceil((there + convoy.trucks) / size) - math.ceil(there / size)


def _is_for(clearance: Clearance, convoy: Convoy, road: Road, hour: float) -> bool:
    """Tell whether a clearance, granted or refused, is about this fleet on this road now."""
    about = clearance.road == road.id and clearance.fleet in ("*", convoy.fleet)
    return about and clearance.begins <= hour + _ALMOST < clearance.ends


def _name(convoy: Convoy) -> tuple[object, ...]:
    return name_party(convoy.id, convoy.to), convoy.fleet, convoy.start, convoy.departs
