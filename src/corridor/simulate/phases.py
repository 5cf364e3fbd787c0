"""What happens in a step, in order: events, needs, departures, roads, convoys, arrivals (docs/model.md, rule 1)."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from corridor.simulate import kernel
from corridor.simulate.behaviour import Behaviour, Situation
from corridor.simulate.happenings import apply_events
from corridor.simulate.model import OUTBOUND, SHUT
from corridor.simulate.state import State

Phase = Callable[[State, Behaviour, int], None]
LAST_CALL_HOURS = 2.0  # how often a vehicle leaves with whoever is there


def events(state: State, behaviour: Behaviour, step: int) -> None:
    """Let what the scenario dates to this step happen; calls to leave fade."""
    del behaviour
    hours = state.inputs.parameters["announcement_hours"]
    state.announcement *= np.exp(-state.model.step_hours / hours)[:, None]
    apply_events(state, step)


def needs(state: State, behaviour: Behaviour, step: int) -> None:
    """Hand out fuel."""
    del behaviour, step
    state.fuel_stock += state.fuel_supply * state.model.step_hours


def departures(state: State, behaviour: Behaviour, step: int) -> None:
    """Let people decide to leave, and load those for whom there is a vehicle, fuel and an open way."""
    model, inputs, queues = state.model, state.inputs, state.queues
    keys = state.luck.at(step)
    keep = math.exp(-model.step_hours / model.wander_hours["departures"])
    spread = inputs.parameters["departure_wander"]
    kernel.wander(keys, state.entities["departures"][0], step, keep, spread, state.departure_level)
    _return_fleets(state, step)
    hours = state.routes.hours[state.leave_way][:, model.origins][:, :, model.gateways]
    open_way = np.isfinite(hours).any(axis=2)
    if not open_way.any():
        return
    gone = state.decided / np.maximum(state.decided + queues.present.sum(axis=2), 1)
    chance = behaviour.leave_chance(
        Situation(
            state.danger[:, model.origins],
            state.shortage[:, model.origins],
            gone,
            1.0 - state.guarantees,
            state.announcement[:, model.origins],
            open_way.astype(np.float64),
            state.departure_level,
            state.leave_rate,
            inputs.parameters,
            model.step_hours,
        )
    )
    kernel.decide(keys, state.entities["decide"], step, chance, queues.present, state.waiting, state.decided)
    weights = behaviour.choose_destination(inputs.gateway_pull, hours, inputs.parameters["time_weight"])
    tick = step * model.ticks
    calls = max(1, round(LAST_CALL_HOURS / model.step_hours))
    kernel.load(
        model.layout,
        queues,
        keys,
        state.entities["load"],
        step,
        tick,
        (tick + 0.5) * model.step_hours / model.ticks,
        step % calls == 0,
        model.origins,
        open_way,
        weights,
        model.destinations[model.gateways],
        state.stream_of,
        state.waiting,
        state.loaded,
        model.group_own,
        inputs.people_per_vehicle,
        model.fleet_groups,
        inputs.seats,
        state.at_hand,
        state.out,
        inputs.fuel_litres,
        state.fuel_stock,
    )


def _return_fleets(state: State, step: int) -> None:
    """Vehicles that brought people out come back after their return time, while the way in is open."""
    if not state.model.fleets:
        return
    way_in = ~np.isin(state.mode[:, np.unique(state.model.link_road)], (OUTBOUND, SHUT)).any(axis=1)
    back = state.coming[:, :, step]
    state.at_hand += back * way_in[:, None]
    state.coming[:, :, step + 1] += back * ~way_in[:, None]


def roads(state: State, behaviour: Behaviour, step: int) -> None:
    """Move vehicles along roads and through checkpoints."""
    del behaviour
    model, inputs = state.model, state.inputs
    keys = state.luck.at(step)
    tick_hours = model.step_hours / model.ticks
    pass_rate = np.empty(state.lanes.shape)
    for k, name in enumerate(model.checkpoints):
        keep = math.exp(-model.step_hours / model.wander_hours[f"checkpoints/{name}"])
        spread = inputs.checkpoint_wander[:, k]
        kernel.wander(keys, state.entities["checkpoints"][k], step, keep, spread, state.checkpoint_level[k])
        pass_rate[:, k] = state.lanes[:, k] * 3600.0 / state.seconds[:, k] * np.exp(state.checkpoint_level[k])
    state.queues.returned[:] = 0
    for tick in range(step * model.ticks, (step + 1) * model.ticks):
        kernel.move(
            model.layout,
            state.queues,
            tick,
            tick_hours,
            (tick + 0.5) * tick_hours,
            state.lag,
            state.back_lag,
            state.capacity,
            state.storage,
            pass_rate,
            state.routes.onward,
            state.way,
        )
    _note_returns(state, step)


def _note_returns(state: State, step: int) -> None:
    """Send the vehicles of fleets that have arrived on their way back, in the order of the fleets."""
    model = state.model
    for g in np.flatnonzero(~model.group_own):
        left = state.queues.returned[:, g].copy()
        if not left.any():
            continue
        for f in np.flatnonzero(model.fleet_groups[:, g]):
            taken = np.minimum(left, state.out[:, f])
            state.out[:, f] -= taken
            left -= taken
            due = step + 1 + np.rint(state.inputs.return_hours[:, f] / model.step_hours).astype(np.int64)
            some = np.flatnonzero((taken > 0) & (due <= model.steps))
            state.coming[some, f, due[some]] += taken[some]


def convoys(state: State, behaviour: Behaviour, step: int) -> None:
    """Move relief inwards."""
    del state, behaviour, step


def arrivals(state: State, behaviour: Behaviour, step: int) -> None:
    """Register arrivals and send them on to where they settle; some ask for lodging."""
    model, inputs = state.model, state.inputs
    keys = state.luck.at(step)
    settling = model.destinations[model.settling]
    if model.desks:
        pace = np.empty(state.desk_pace.shape)
        for d, name in enumerate(model.desks):
            keep = math.exp(-model.step_hours / model.wander_hours[f"desks/{name}"])
            kernel.wander(
                keys, state.entities["desks"][d], step, keep, inputs.desk_wander[:, d], state.desk_level[d]
            )
            pace[:, d] = state.desk_pace[:, d] * np.exp(state.desk_level[d])
        hours = state.routes.hours[state.way][:, model.desk_place][:, :, model.settling]
        weights = behaviour.choose_destination(inputs.settle_pull, hours, inputs.parameters["time_weight"])
        kernel.serve(
            model.layout,
            state.queues,
            keys,
            state.entities["settle"],
            step,
            (step + 1) * model.ticks - 1,
            model.step_hours,
            pace,
            weights,
            settling,
            model.desk_place,
            state.stream_of,
        )
    if (step + 1) % model.record_every == 0:
        hours_between = model.record_every * model.step_hours
        kernel.lodge(
            keys,
            state.entities["lodge"],
            step,
            state.queues.settled,
            state.lodged,
            state.came,
            inputs.lodging_share,
            -np.expm1(-inputs.lodging_rate * hours_between),
            settling,
        )


PHASES: tuple[tuple[str, Phase], ...] = (
    ("events", events),
    ("needs", needs),
    ("departures", departures),
    ("roads", roads),
    ("convoys", convoys),
    ("arrivals", arrivals),
)
