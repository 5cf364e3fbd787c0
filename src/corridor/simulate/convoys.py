"""Convoys leave when due, wait for trucks, fuel, clearance, slot and road, and deliver what arrives (rule 20)."""

from __future__ import annotations

import numpy as np

from corridor.simulate.arrays import Flags, Floats, Integers
from corridor.simulate.clearances import ask_clearance, ask_slot, begin_day
from corridor.simulate.depots import Store, fill_depots
from corridor.simulate.goods import Convoy, Leg
from corridor.simulate.model import OUTBOUND, SHUT
from corridor.simulate.relief import CAUSES, Caravans, Relief
from corridor.simulate.state import State

AT_BASE, MOVING, WITHOUT_FUEL, READY, COMING_BACK, DONE = range(6)  # READY: unloaded, for people to board
SMALLEST = 1e-6  # units; less is rounding
ASIDE_HOURS = 24.0  # goods for a convoy are kept back so long before it is due


def move_convoys(state: State, relief: Relief, step: int) -> None:
    """Move every convoy as far as it gets in one step, those that leave first going first."""
    inputs, caravans = relief.inputs, relief.caravans
    hour, hours = step * state.model.clock.step_hours, state.model.clock.step_hours
    begin_day(caravans.passes, int((hour + relief.supplies.start_hour) // 24))
    fill_depots(relief.depots, relief.supplies.outside, inputs.outside, inputs.outside_made, hour, hours)
    early = round(ASIDE_HOURS / hours)
    for c, convoy in enumerate(relief.supplies.convoys):
        if caravans.over[c] or step < caravans.first_step[c] - early:
            continue
        stage, due = caravans.stage[:, c], inputs.departs[:, c] <= step
        _put_aside(relief, convoy, np.maximum(inputs.departs[:, c] - early, 0) == step)
        # what arrives by the end of a step is there when the next one begins
        busy = due & (stage < DONE) & ((stage == AT_BASE) | (caravans.free_at[:, c] <= hour + hours))
        if not busy.any():
            caravans.over[c] = bool((stage == DONE).all())
            continue
        _set_out(relief, c, convoy, busy & (stage == AT_BASE), hour, hours)
        for number, leg in enumerate(convoy.legs):
            ready = (stage == MOVING) & (caravans.leg[:, c] == number) & (caravans.free_at[:, c] < hour + hours)
            if ready.any():
                _enter(state, relief, c, convoy, leg, ready, hour)
        ready = (stage == MOVING) & (caravans.leg[:, c] == len(convoy.legs)) & (caravans.free_at[:, c] <= hour + hours)
        if ready.any():
            _deliver(relief, c, convoy, ready)
        _begin_way_back(state, relief, c, convoy, stage == WITHOUT_FUEL, hour)
        _come_home(relief, c, convoy, (stage == COMING_BACK) & (caravans.free_at[:, c] < hour + hours))


def find_store(relief: Relief, place: int) -> Store | None:
    """Return what is kept of a place of the model, None where nothing is: what a convoy loads there it is said to find.

    Goods inside are limited whether or not their stock was stated, those outside where depots state how much there is.
    """
    n, m = relief.position.get(place, -1), relief.supplies.outside.position.get(place, -1)
    if n >= 0:
        inside, known = relief.stores, relief.supplies.known[n]
        stores = (inside.stock[:, n], inside.sent[:, n], inside.delivered[:, n], inside.burned[:, n])
        return Store(*stores, np.ones_like(known), known)
    if m >= 0:
        outside, limited = relief.depots, relief.supplies.outside.limited[m]
        stores = (outside.stock[:, m], outside.sent[:, m], outside.delivered[:, m], outside.burned[:, m])
        return Store(*stores, limited, limited)
    return None


def _put_aside(relief: Relief, convoy: Convoy, which: Flags) -> None:
    """Keep goods at a place inside back for a convoy that leaves within a day."""
    n = relief.position.get(convoy.start, -1)
    if n >= 0 and which.any():
        relief.stores.aside[which, n] += convoy.loads


def wait(caravans: Caravans, c: int, which: Flags, cause: str, trucks: Integers, until: float, now: Floats) -> None:
    """Hold a convoy where it is until the next step, and count the truck-hours."""
    held = np.where(which, np.maximum(until - now, 0.0), 0.0)
    caravans.waited[:, CAUSES.index(cause)] += held * trucks
    caravans.free_at[which, c] = until


def _set_out(relief: Relief, c: int, convoy: Convoy, which: Flags, hour: float, hours: float) -> None:
    """Load what is there and leave where there are trucks, and fuel if it is known how much of it the base has."""
    supplies, inputs, caravans, stores = relief.supplies, relief.inputs, relief.caravans, relief.stores
    trucks, f, now = inputs.trucks[:, c], convoy.fleet, np.full(len(which), hour)
    n, store = relief.position.get(convoy.start, -1), find_store(relief, convoy.start)
    ways = 1.0 if convoy.refuels_at_goal else 2.0
    litres = inputs.litres[:, c] * ways
    if not convoy.known_end:
        short = which & (caravans.at_base[:, f] < trucks)
        wait(caravans, c, short, "trucks", trucks, hour + hours, now)
        which = which & ~short
    if store is not None and supplies.fuel >= 0 and store.known[supplies.fuel]:
        short = which & (store.stock[:, supplies.fuel] < litres - SMALLEST)
        wait(caravans, c, short, "fuel", trucks, hour + hours, now)
        which = which & ~short
    if not which.any():
        return
    if store is not None and supplies.fuel >= 0:
        store.burn(supplies.fuel, np.where(which, litres, 0.0))
    caravans.litres += np.where(which, litres, 0.0)
    load = np.where(which[:, None], convoy.loads, 0.0)
    if n >= 0:
        stores.aside[:, n] = np.maximum(stores.aside[:, n] - load, 0.0)
    if store is not None:
        load = store.load(load)
    caravans.load[:, c] += load
    caravans.loaded += load
    caravans.at_base[:, f] -= np.where(which, trucks, 0)
    caravans.stage[which, c] = MOVING
    caravans.free_at[which, c] = hour


def _enter(state: State, relief: Relief, c: int, convoy: Convoy, leg: Leg, which: Flags, hour: float) -> None:
    """Let a convoy onto a road where it may, turn it back where it is refused, let it wait elsewhere."""
    inputs, caravans = relief.inputs, relief.caravans
    trucks, end = inputs.trucks[:, c], hour + state.model.clock.step_hours
    now = np.maximum(caravans.free_at[:, c], hour)
    if convoy.known_end == "turned_back" and (leg.guarded or leg.enters):
        _turn_back(relief, c, which, now)
        return
    if not convoy.known_end:
        which = _ask(relief, c, convoy, leg, which, now, end)
    mode = state.mode[:, leg.road]
    shut = which & ((mode == SHUT) | ((mode == OUTBOUND) & (not leg.outward)))
    if not convoy.known_end:
        wait(caravans, c, shut, "road", trucks, end, now)
        which = which & ~shut
    which, inspected = _inspect(state, relief, c, leg, which, now, end)
    if not which.any():
        return
    if not convoy.known_end:
        _use_permission(relief, c, convoy, leg, which, now)
    caravans.free_at[which, c] = (inspected + inputs.leg_hours(convoy.fleet, leg))[which]
    caravans.leg[which, c] += 1
    if leg.enters:
        caravans.trucks_in += np.where(which, trucks, 0)


def _ask(relief: Relief, c: int, convoy: Convoy, leg: Leg, which: Flags, now: Floats, end: float) -> Flags:
    """Return where clearance and slots let a convoy in; the others are turned back or wait."""
    supplies, caravans, trucks = relief.supplies, relief.caravans, relief.inputs.trucks[:, c]
    if leg.guarded:
        granted, refused = ask_clearance(supplies.gates, leg.gates, caravans.passes, trucks, now)
        _turn_back(relief, c, which & refused, now)
        wait(caravans, c, which & (granted < 0) & ~refused, "clearance", trucks, end, now)
        which = which & (granted >= 0)
    return ask_slots(relief, c, convoy, leg.slots, which, now, end)


def ask_slots(
    relief: Relief, c: int, convoy: Convoy, slots: tuple[int, ...], which: Flags, now: Floats, end: float
) -> Flags:
    """Return where slots let a convoy enter now [R]; elsewhere it waits."""
    for s in slots:
        usable, _ = _ask_slot(relief, c, convoy, s, now)
        wait(relief.caravans, c, which & ~usable, "slot", relief.inputs.trucks[:, c], end, now)
        which = which & usable
    return which


def use_slots(relief: Relief, c: int, convoy: Convoy, slots: tuple[int, ...], which: Flags, now: Floats) -> None:
    """Count a convoy that enters by slots."""
    passes = relief.caravans.passes
    for s in slots:
        _, taken = _ask_slot(relief, c, convoy, s, now)
        passes.slot_used[:, s] += np.where(which, taken, 0)
        passes.party_trucks[:, s, convoy.party] += np.where(which, relief.inputs.trucks[:, c], 0)


def _ask_slot(relief: Relief, c: int, convoy: Convoy, s: int, now: Floats) -> tuple[Flags, Integers]:
    supplies, inputs = relief.supplies, relief.inputs
    return ask_slot(
        supplies.slots[s],
        s,
        relief.caravans.passes,
        inputs.convoys_per_day[:, s],
        convoy,
        inputs.trucks[:, c],
        now,
        supplies.start_hour,
    )


def _use_permission(relief: Relief, c: int, convoy: Convoy, leg: Leg, which: Flags, now: Floats) -> None:
    supplies, passes, trucks = relief.supplies, relief.caravans.passes, relief.inputs.trucks[:, c]
    if leg.guarded:
        granted, _ = ask_clearance(supplies.gates, leg.gates, passes, trucks, now)
        rows = np.flatnonzero(which)
        passes.gate_trucks[rows, granted[rows]] += trucks[rows]
    use_slots(relief, c, convoy, leg.slots, which, now)


def _inspect(
    state: State, relief: Relief, c: int, leg: Leg, which: Flags, now: Floats, end: float
) -> tuple[Flags, Floats]:
    """Return who passes the checkpoint a road begins at and when; convoys are inspected one after the other.

    Cleared relief has its own rate where one is stated; else it goes truck by truck in the lanes of other vehicles,
    and waits while the checkpoint is closed to them.
    """
    if leg.checkpoint < 0:
        return which, now
    caravans, trucks, k = relief.caravans, relief.inputs.trucks[:, c], leg.checkpoint
    rate = relief.inputs.relief_rate[:, k]
    rate = np.where(np.isnan(rate), state.lanes[:, k] * 3600.0 / state.seconds[:, k], rate)
    wait(caravans, c, which & (rate <= 0), "inspection", trucks, end, now)
    which = which & (rate > 0)
    done = np.maximum(now, caravans.desk_free_at[:, k]) + trucks / np.where(rate > 0, rate, 1.0)
    caravans.desk_free_at[which, k] = done[which]
    caravans.waited[:, CAUSES.index("inspection")] += np.where(which, (done - now) * trucks, 0.0)
    return which, done


def _turn_back(relief: Relief, c: int, which: Flags, now: Floats) -> None:
    """Send a convoy home with its load; it takes as long as it has come."""
    if not which.any():
        return
    caravans = relief.caravans
    inputs, convoy = relief.inputs, relief.supplies.convoys[c]
    for number in np.unique(caravans.leg[which, c]):
        rows = which & (caravans.leg[:, c] == number)
        back = sum((inputs.leg_hours(convoy.fleet, leg) for leg in convoy.legs[:number]), np.zeros(len(now)))
        caravans.free_at[rows, c] = (now + back)[rows]
    caravans.stage[which, c] = COMING_BACK
    caravans.turned_back += np.where(which, relief.inputs.trucks[:, c], 0)


def _deliver(relief: Relief, c: int, convoy: Convoy, which: Flags) -> None:
    """Unload; goods for a place of which nothing is kept leave the account."""
    caravans, store = relief.caravans, find_store(relief, convoy.goal)
    load = np.where(which[:, None], caravans.load[:, c], 0.0)
    caravans.load[:, c] -= load
    caravans.delivered += load
    if store is not None:
        store.bring(load)
    caravans.stage[which, c] = WITHOUT_FUEL


def _begin_way_back(state: State, relief: Relief, c: int, convoy: Convoy, which: Flags, hour: float) -> None:
    """Set out for home, with fuel from here if the fleet refuels here; wait for it, or for a shut road to open."""
    which = which & (relief.caravans.free_at[:, c] < hour + state.model.clock.step_hours)
    if not which.any():
        return
    fuel, inputs, caravans = relief.supplies.fuel, relief.inputs, relief.caravans
    trucks, end = inputs.trucks[:, c], hour + state.model.clock.step_hours
    now = np.maximum(caravans.free_at[:, c], hour)
    store = find_store(relief, convoy.goal)
    shut = which & (state.mode[:, [leg.road for leg in convoy.legs]] == SHUT).any(axis=1)
    wait(caravans, c, shut, "road", trucks, end, now)
    which = which & ~shut
    if convoy.refuels_at_goal:
        litres = inputs.litres[:, c]
        if store is not None and fuel >= 0:
            if store.known[fuel]:
                short = which & (store.stock[:, fuel] < litres - SMALLEST)
                wait(caravans, c, short, "fuel", trucks, end, now)
                which = which & ~short
            store.burn(fuel, np.where(which, litres, 0.0))
        caravans.litres += np.where(which, litres, 0.0)
    takes = convoy.takes >= 0
    caravans.stage[which, c] = READY if takes else COMING_BACK
    way = 0.0 if takes else inputs.way_hours[:, c]
    caravans.free_at[which, c] = (now + inputs.handling[:, convoy.fleet] + way)[which]


def _come_home(relief: Relief, c: int, convoy: Convoy, which: Flags) -> None:
    """Let trucks be used again; what a convoy brings back goes into store."""
    if not which.any():
        return
    caravans, store = relief.caravans, find_store(relief, convoy.start)
    load = np.where(which[:, None], caravans.load[:, c], 0.0)
    caravans.load[:, c] -= load
    caravans.returned += load
    if store is not None:
        store.take_back(load)
    caravans.at_base[:, convoy.fleet] += np.where(which, caravans.crew[:, c], 0)
    caravans.stage[which, c] = DONE
