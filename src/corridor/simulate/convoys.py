"""Convoys: leave when due, need clearance, slot and an open lane inward, and deliver what arrives (rule 20)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor.simulate.model import OUTBOUND, SHUT, Floats, Integers
from corridor.simulate.needs import Stores
from corridor.simulate.supplies import Convoy, Leg, Supplies, SupplyInputs

if TYPE_CHECKING:
    from corridor.simulate.relief import Relief
    from corridor.simulate.state import State

WAITING, MOVING, DELIVERED, TURNED_BACK = range(4)


@dataclass
class Caravans:
    """Where each convoy is. C convoys; `leg` is the next road to enter, `free_at` the hour it can."""

    stage: Integers  # [R, C]
    leg: Integers  # [R, C]
    free_at: Floats  # [R, C] hours from the start
    loaded: Floats  # [R, I] units that have left, so far
    delivered: Floats  # [R, I]
    returned: Floats  # [R, I]
    trucks_in: Integers  # [R] trucks that have come from outside to inside
    litres: Floats  # [R] burned
    gate_used: Floats  # [R, gates] trucks let through
    slot_used: Integers  # [R, slots] convoys let through today
    today: int

    @property
    def on_the_way(self) -> Floats:
        """Return units loaded and not yet delivered or brought back [R, I]."""
        return self.loaded - self.delivered - self.returned


def begin_caravans(supplies: Supplies, replicates: int) -> Caravans:
    """Return all convoys waiting to leave."""
    count, items = len(supplies.convoys), len(supplies.items)

    def zeros(*shape: int, kind: type = np.float64) -> np.ndarray:
        return np.zeros((replicates, *shape), dtype=kind)

    return Caravans(
        zeros(count, kind=np.int64),
        zeros(count, kind=np.int64),
        zeros(count),
        zeros(items),
        zeros(items),
        zeros(items),
        zeros(kind=np.int64),
        zeros(),
        zeros(len(supplies.gates)),
        zeros(len(supplies.slots), kind=np.int64),
        -1,
    )


def move_convoys(state: State, relief: Relief, step: int) -> None:
    """Move every convoy as far as it gets in one step."""
    supplies, inputs, caravans = relief.supplies, relief.inputs, relief.caravans
    hour = step * state.model.step_hours
    day = int((hour + supplies.start_hour) // 24)
    if day != caravans.today:
        caravans.today = day
        caravans.slot_used[:] = 0
    for c, convoy in enumerate(supplies.convoys):
        active = (inputs.departs[:, c] <= step) & (caravans.stage[:, c] < DELIVERED)
        if not active.any():
            continue
        starting = active & (caravans.stage[:, c] == WAITING) & (inputs.departs[:, c] == step)
        caravans.loaded[starting] += convoy.loads
        caravans.stage[starting, c] = MOVING
        caravans.free_at[starting, c] = hour
        for r in np.flatnonzero(active & (caravans.free_at[:, c] <= hour + state.model.step_hours)):
            _advance(state, relief, int(r), c, hour)


def _advance(state: State, relief: Relief, r: int, c: int, hour: float) -> None:
    """Move one convoy of one replicate over all the roads it can finish entering within the step."""
    supplies, inputs, caravans = relief.supplies, relief.inputs, relief.caravans
    convoy = supplies.convoys[c]
    end = hour + state.model.step_hours
    while caravans.free_at[r, c] < end:
        if caravans.leg[r, c] == len(convoy.legs):
            _deliver(supplies, inputs, relief.stores, caravans, r, c)
            return
        leg = convoy.legs[caravans.leg[r, c]]
        now = max(caravans.free_at[r, c], hour)
        trucks = int(inputs.trucks[r, c])
        allowed = _may_enter(supplies, caravans, inputs, convoy, leg, r, trucks, now)
        if allowed < 0:
            caravans.stage[r, c] = TURNED_BACK
            caravans.returned[r] += convoy.loads
            return
        if allowed == 0 or not _is_open(int(state.mode[r, leg.road]), leg.outward):
            caravans.free_at[r, c] = end  # it waits where it is
            return
        _use_permission(supplies, caravans, convoy, leg, r, trucks, now)
        caravans.free_at[r, c] = (
            now + _inspection_hours(state, inputs, leg, r, trucks) + inputs.road_hours[r, leg.road]
        )
        caravans.leg[r, c] += 1
        if (
            not state.model.inside[_begin_of(convoy, int(caravans.leg[r, c]) - 1)]
            and state.model.inside[leg.end]
        ):
            caravans.trucks_in[r] += trucks


def _begin_of(convoy: Convoy, leg: int) -> int:
    return convoy.start if leg == 0 else convoy.legs[leg - 1].end


def _is_open(mode: int, outward: bool) -> bool:
    """Tell whether a road can be entered: nothing goes in while it is outbound only, nothing at all while shut."""
    return mode != SHUT and (outward or mode != OUTBOUND)


def _may_enter(
    supplies: Supplies,
    caravans: Caravans,
    inputs: SupplyInputs,
    convoy: Convoy,
    leg: Leg,
    r: int,
    trucks: int,
    now: float,
) -> int:
    """Return 1 if a convoy may enter a road, 0 if it has to wait, -1 if it is turned back."""
    if supplies.guarded[leg.road]:
        granted, refused = False, False
        for g, gate in enumerate(supplies.gates):
            if gate.road == leg.road and gate.fleet in ("", convoy.fleet) and gate.first <= now < gate.last:
                refused = refused or gate.refused
                granted = granted or (not gate.refused and caravans.gate_used[r, g] + trucks <= gate.trucks)
        if not granted:
            return -1 if refused else 0
    for s, slot in enumerate(supplies.slots):
        if slot.road == leg.road and slot.outward == leg.outward and slot.begin <= now < slot.end:
            hour = (now + supplies.start_hour) % 24.0
            whole = math.floor(inputs.convoys_per_day[r, s] + 1e-9)
            if not slot.first_hour <= hour < slot.last_hour or caravans.slot_used[r, s] >= whole:
                return 0
    return 1


def _use_permission(
    supplies: Supplies, caravans: Caravans, convoy: Convoy, leg: Leg, r: int, trucks: int, now: float
) -> None:
    if supplies.guarded[leg.road]:
        for g, gate in enumerate(supplies.gates):
            fits = (
                gate.road == leg.road and gate.fleet in ("", convoy.fleet) and gate.first <= now < gate.last
            )
            if fits and not gate.refused and caravans.gate_used[r, g] + trucks <= gate.trucks:
                caravans.gate_used[r, g] += trucks
                break
    for s, slot in enumerate(supplies.slots):
        if slot.road == leg.road and slot.outward == leg.outward and slot.begin <= now < slot.end:
            caravans.slot_used[r, s] += 1


def _inspection_hours(state: State, inputs: SupplyInputs, leg: Leg, r: int, trucks: int) -> float:
    """Return the hours a convoy is held at the checkpoint it leaves from.

    Cleared relief passes at its own rate where one is stated; else truck by truck like other vehicles, in one lane
    if the checkpoint is closed to them.
    """
    if leg.checkpoint < 0:
        return 0.0
    rate = inputs.relief_rate[r, leg.checkpoint]
    if math.isnan(rate):
        rate = max(state.lanes[r, leg.checkpoint], 1.0) * 3600.0 / state.seconds[r, leg.checkpoint]
    return trucks / rate if rate > 0 else math.inf


def _deliver(
    supplies: Supplies, inputs: SupplyInputs, stores: Stores, caravans: Caravans, r: int, c: int
) -> None:
    convoy = supplies.convoys[c]
    caravans.stage[r, c] = DELIVERED
    caravans.delivered[r] += convoy.loads
    caravans.litres[r] += 2 * inputs.litres[r, c]
    n = np.flatnonzero(supplies.places == convoy.goal)
    if n.size == 0:
        return
    stores.stock[r, n[0]] += convoy.loads
    stores.delivered[r, n[0]] += convoy.loads
    if convoy.refuels_at_goal and supplies.fuel >= 0:
        taken = min(inputs.litres[r, c], stores.stock[r, n[0], supplies.fuel])
        stores.stock[r, n[0], supplies.fuel] -= taken
        stores.used[r, n[0], supplies.fuel] += taken
