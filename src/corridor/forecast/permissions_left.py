"""What is left of permissions in a course at a moment: clearances, slots, inspection (rule 20)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from corridor.forecast.arriving import list_quays
from corridor.forecast.moment import ALMOST
from corridor.scenario.convoys import convoys_of_day

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from corridor.forecast.moment import Moment, UnderWay
    from corridor.relief.problem import Limit
    from corridor.simulate.goods import Leg


def count_cleared(moment: Moment) -> dict[str, float]:
    """Return trucks let through by each clearance, and those under way that will be."""
    gates = moment.relief.supplies.gates
    used = moment.relief.caravans.passes.gate_trucks[moment.replicate].copy()
    for moved in moment.way:
        for leg, after in moved.legs:
            if not leg.guarded or moved.convoy.known_end:
                continue
            when = moment.hour + after
            for g in leg.gates:
                gate = gates[g]
                fits = not gate.refused and gate.first <= when < gate.last
                if fits and used[g] + moved.trucks <= gate.trucks:
                    used[g] += moved.trucks
                    break
    return {gate.id: float(trucks) for gate, trucks in zip(gates, used, strict=True)}


def find_today(moment: Moment) -> dict[str, float]:
    """Return how many convoys may still enter today by each slot."""
    supplies, passes, r = moment.relief.supplies, moment.relief.caravans.passes, moment.replicate
    day = int((moment.hour + supplies.start_hour + ALMOST) // 24)
    used = passes.slot_used[r] if passes.today == day else np.zeros(len(supplies.slots))
    allowed = convoys_of_day(moment.relief.inputs.convoys_per_day[r], day)
    return {slot.id: max(float(allowed[s] - used[s]), 0.0) for s, slot in enumerate(supplies.slots)}


def find_entering(moment: Moment, limit: Limit) -> NDArray[np.float64]:
    """Return what is under way and enters a limited road in each period [T]: convoys by slots, or trucks.

    Rows of one party enter together. Where trucks are inspected both ways they are on their way back too. Of a
    service these are the departures that goods which wait for it fill.
    """
    roads, size_t = moment.state.model.network.roads, moment.problem.periods
    trucks: dict[tuple[int, int], float] = {}
    for moved in moment.way:
        passes = [(leg, after, leg.outward) for leg, after in moved.legs]
        passes += [(leg, moved.home - back, not leg.outward) for leg, back in _way_back(moment, moved)]
        for leg, after, forward in passes:
            t = int(max(after, 0.0) / moment.problem.period_hours + ALMOST)
            if roads[leg.road] == limit.road and t < size_t and (limit.both_ways or forward == limit.forward):
                key = (t, moved.convoy.party)
                trucks[key] = trucks.get(key, 0.0) + moved.trucks
    entering = np.zeros(size_t)
    sizes = {moved.convoy.party: moved.convoy.most_trucks for moved in moment.way}
    for (t, party), number in trucks.items():
        size = sizes[party]
        whole = 1.0 if math.isinf(size) else math.ceil(number / size - ALMOST)
        entering[t] += whole if limit.kind == "slots" else number
    for fleet, t, loads in list_quays(moment):
        entering[t] += math.ceil(loads.sum() / fleet.tonnes - ALMOST) if fleet.id == limit.id else 0.0
    return entering


def _way_back(moment: Moment, moved: UnderWay) -> Iterator[tuple[Leg, float]]:
    """Go through the roads of a convoy's way back, each with the hours from entering it until it is home."""
    back = 0.0
    for leg in moved.convoy.legs:
        hours = moment.relief.inputs.leg_hours(moved.convoy.fleet, leg)
        back += float(hours[moment.replicate])
        if back <= moved.home + ALMOST:
            yield leg, back
