"""What happens in a step, in order: events, needs, departures, roads, convoys, arrivals (docs/model.md, rule 1)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from corridor.simulate.behaviour import Behaviour, Situation
from corridor.simulate.convoys import move_convoys
from corridor.simulate.desks import lodge, serve
from corridor.simulate.happenings import apply_events
from corridor.simulate.kernel import make_scratch, move
from corridor.simulate.leaving import decide, load, turn_back, wander
from corridor.simulate.needs import use_supplies
from corridor.simulate.state import State, keep_room

Phase = Callable[[State, Behaviour, int], None]
LAST_CALL_HOURS = 2.0  # how often a vehicle leaves with whoever is there


def events(state: State, behaviour: Behaviour, step: int) -> None:
    """Let what the scenario dates to this step happen; calls to leave fade."""
    del behaviour
    keep_room(state)
    hours = state.inputs.parameters["announcement_hours"]
    state.announcement *= np.exp(-state.model.clock.step_hours / hours)[:, None]
    apply_events(state, step)


def needs(state: State, behaviour: Behaviour, step: int) -> None:
    """Hand out fuel; let people use what is in store."""
    del behaviour
    state.fuel_stock += state.fuel_supply * state.model.clock.step_hours
    if state.relief is not None:
        use_supplies(state, state.relief, step)


def departures(state: State, behaviour: Behaviour, step: int) -> None:
    """Let people decide to leave, and load those for whom there is a vehicle, fuel and an open way."""
    model, inputs, queues = state.model, state.inputs, state.queues
    keys, origins = state.luck.at(step), model.people.origins
    spread = inputs.parameters["departure_wander"][:, None]
    wander(keys, state.entities["departures"], step, state.keep["departures"], spread, state.departure_level)
    _return_fleets(state, step)
    _follow_ways(state, behaviour)
    if not state.open_way.any():
        return
    chance = behaviour.leave_chance(
        Situation(
            state.danger[:, origins],
            state.shortage[:, origins],
            state.decided / np.maximum(state.decided + queues.present.sum(axis=2), 1),
            1.0 - state.guarantees,
            state.announcement[:, origins],
            state.open_way.astype(np.float64),
            state.departure_level[:, 0],
            state.leave_rate,
            inputs.parameters,
            model.clock.step_hours,
        )
    )
    decide(keys, state.entities["decide"], step, chance, queues.present, state.waiting, state.decided)
    tick = step * model.clock.ticks
    calls = max(1, round(LAST_CALL_HOURS / model.clock.step_hours))
    load(
        queues.lines,
        model.network.layout.entry_queue,
        queues.standing,
        keys,
        state.entities["load"],
        step,
        tick,
        (tick + 0.5) * model.clock.tick_hours,
        step % calls == 0,
        origins,
        state.open_way,
        state.leave_weights,
        state.stream_of[:, model.people.gateway_places],
        state.waiting,
        state.loaded,
        model.people.own,
        inputs.people_per_vehicle,
        model.fleets.groups,
        inputs.seats,
        state.at_hand,
        state.out,
        inputs.fuel_litres,
        inputs.fleet_litres,
        state.fuel_stock,
        np.empty(len(model.people.gateways), dtype=np.int64),
    )


def _follow_ways(state: State, behaviour: Behaviour) -> None:
    """Let people choose destinations anew in replicates where a way has opened or closed."""
    rows = np.flatnonzero(state.rerouted)
    if not len(rows):
        return
    model, inputs, hours = state.model, state.inputs, state.routes.hours
    time_weight = inputs.parameters["time_weight"][rows]
    leave = hours[state.leave_way[rows][:, None, None], model.people.origins[:, None], model.people.gateways]
    state.open_way[rows] = np.isfinite(leave).any(axis=2)
    state.leave_weights[rows] = behaviour.choose_destination(inputs.gateway_pull[rows], leave, time_weight)
    settle = hours[state.way[rows][:, None, None], model.servers.desk_place[:, None], model.people.settling]
    state.settle_weights[rows] = behaviour.choose_destination(inputs.settle_pull[rows], settle, time_weight)
    state.rerouted[rows] = False


def _return_fleets(state: State, step: int) -> None:
    """Vehicles that brought people out come back after their return time, while the way in is open."""
    back = state.coming[step]
    if back.any():
        state.at_hand += back * state.way_in[:, None]
        state.coming[step + 1] += back * ~state.way_in[:, None]


def roads(state: State, behaviour: Behaviour, step: int) -> None:
    """Move vehicles along roads and through checkpoints."""
    del behaviour
    model, inputs, level = state.model, state.inputs, state.checkpoint_level
    wander(
        state.luck.at(step),
        state.entities["checkpoints"],
        step,
        state.keep["checkpoints"],
        inputs.checkpoint_wander,
        level,
    )
    move(
        model.network.layout,
        state.queues,
        step * model.clock.ticks,
        model.clock.ticks,
        model.clock.tick_hours,
        state.lag,
        state.back_lag,
        state.capacity,
        state.storage,
        state.lanes * 3600.0 / state.seconds * np.exp(level),
        state.routes.onward,
        state.routes.only,
        state.way,
        make_scratch(model.network.layout),
    )
    if model.fleets.names:
        due = step + 1 + np.rint(inputs.return_hours / model.clock.step_hours).astype(np.int64)
        carry = model.fleets.groups & ~model.people.own
        turn_back(state.queues.returned, state.out, state.coming, due, carry)


def convoys(state: State, behaviour: Behaviour, step: int) -> None:
    """Move relief inwards."""
    del behaviour
    if state.relief is not None:
        move_convoys(state, state.relief, step)


def arrivals(state: State, behaviour: Behaviour, step: int) -> None:
    """Register arrivals and send them on to where they settle; some ask for lodging."""
    model, inputs, keys = state.model, state.inputs, state.luck.at(step)
    settling = model.people.settling_places
    if model.servers.desks:
        level = state.desk_level
        wander(keys, state.entities["desks"], step, state.keep["desks"], inputs.desk_wander, level)
        serve(
            model.network.layout,
            state.queues,
            keys,
            state.entities["settle"],
            step,
            (step + 1) * model.clock.ticks - 1,
            model.clock.step_hours,
            state.desk_pace * np.exp(level),
            state.settle_weights,
            settling,
            model.servers.desk_place,
            state.stream_of[-1, settling],
            np.empty(len(settling), dtype=np.int64),
        )
    if (step + 1) % model.clock.record_every == 0:
        hours_between = model.clock.record_every * model.clock.step_hours
        lodge(
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
