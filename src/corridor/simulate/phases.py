"""What happens in a step, in order: events, needs, departures, roads, convoys, arrivals (docs/model.md, rule 1)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from corridor.scenario.faults import UsageError
from corridor.simulate.along import park, take_along
from corridor.simulate.arrays import Flags, Floats, Integers
from corridor.simulate.beds import go_on_from_full, leave_out_full
from corridor.simulate.behaviour import Behaviour, Boarding, Prospects, Situation
from corridor.simulate.changes import change_checkpoints
from corridor.simulate.consigning import move_consignments
from corridor.simulate.convoys import move_convoys
from corridor.simulate.danger import deter
from corridor.simulate.departures import Crowd, Entries, Vehicles, decide, give_papers, give_up, load, send_back
from corridor.simulate.desks import lodge, serve
from corridor.simulate.fuelling import offer_fuel, take_fuel
from corridor.simulate.happenings import apply_events
from corridor.simulate.inspection import Pace
from corridor.simulate.kernel import move
from corridor.simulate.needs import use_supplies
from corridor.simulate.returns import set_out_for_home
from corridor.simulate.services import seat_services, share_of_step
from corridor.simulate.sight import look_at_queues, share_sight
from corridor.simulate.state import State, keep_room
from corridor.simulate.traffic import find_open_gates, follow_rules, follow_windows
from corridor.simulate.wander import wander

Phase = Callable[[State, int], None]
SHORTEST_PATIENCE = 1e-3  # hours
LAST_CALL_HOURS = 2.0  # how often a vehicle leaves with whoever is there


def events(state: State, step: int) -> None:
    """Let checkpoints change by chance, then what the scenario dates to this step happen; calls to leave fade."""
    keep_room(state)
    state.announcement *= state.fading
    change_checkpoints(state, step)
    apply_events(state, step)
    follow_rules(state, step)
    follow_windows(state, step)


def needs(state: State, step: int) -> None:
    """Hand out fuel; let people use what is in store."""
    state.fuel_stock += state.fuel_supply * state.model.clock.step_hours
    if state.relief is not None:
        use_supplies(state, state.relief, step)


def departures(state: State, step: int) -> None:
    """Let people decide to leave, and load those for whom there is a vehicle, fuel and an open way."""
    model, inputs, queues = state.model, state.inputs, state.queues
    keys = state.luck.at(step)
    spread = inputs.parameters["departure_wander"][:, None]
    wander(keys, state.entities["departures"], step, state.keep["departures"], spread, state.departure_level)
    _return_fleets(state, step)
    set_out_for_home(state, step)
    look_at_queues(state, step)
    _give_papers(state, step)
    _turn_back(state, step)
    _follow_ways(state)
    if not state.open_way.any():
        return
    chance = state.behaviour.ask("leave_chance", _look_around(state, step), queues.present.shape)
    if not state.may_leave.all():
        chance = chance * state.may_leave
    chance = deter(state, chance)
    decide(keys, state.entities["decide"], step, chance, queues.present, state.waiting, state.decided)
    _line_up(state)
    calls = max(1, round(LAST_CALL_HOURS / model.clock.step_hours))
    layout = model.network.layout
    offered = offer_fuel(state)
    load(
        Entries(layout.entry_queue, layout.foot_queue, len(layout.link_to)),
        queues.lines,
        queues.standing,
        queues.joining,
        keys,
        state.entities["load"],
        step,
        model.clock.middle_tick(step),
        step % calls == 0,
        model.people.options,
        _gather_crowd(state, step),
        gather_vehicles(state),
        np.empty(state.leave_weights.shape[3], dtype=np.int64),
    )
    take_fuel(state, offered)


def _look_around(state: State, step: int) -> Situation:
    """Return what people at the origins face."""
    people, present = state.model.people, state.queues.present
    return Situation(
        origins=state.model.origin_names,
        groups=state.model.leaver_names,
        danger=state.danger[:, people.origins],
        shortage=state.shortage[:, people.origins],
        gone=state.decided / np.maximum(state.decided + present.sum(axis=2), 1),
        missing_guarantees=1.0 - state.guarantees,
        announcement=state.announcement[:, people.origins],
        open=np.asarray(state.may_leave.any(axis=2), dtype=np.float64),
        wander=state.departure_level[:, 0],
        leave_rate=state.leave_rate,
        parameters=state.inputs.parameters,
        hour=step * state.model.clock.step_hours,
        step_hours=state.model.clock.step_hours,
    )


def _line_up(state: State) -> None:
    """Put the groups that wait into the order in which they board; at the start it is that of their ids."""
    if "load_first" not in state.behaviour.changed:
        return
    at = Boarding(state.model.origin_names, state.model.leaver_names, state.waiting)
    urgency = state.behaviour.ask("load_first", at, state.waiting.shape)
    state.boarding = np.argsort(-urgency, axis=2, kind="stable")


def _give_papers(state: State, step: int) -> None:
    """Let some of those whom a rule of passage holds get papers, where they are."""
    passage, people = state.model.passage, state.model.people
    if not len(passage.held) or not np.isfinite(state.inputs.papers_hours).any():
        return
    chance = -np.expm1(-state.model.clock.step_hours / state.inputs.papers_hours)
    give_papers(
        state.luck.at(step), state.entities["papers"], step, chance, passage.held, passage.free, people.origins,
        state.queues.present, state.waiting, state.queues.at_place,
    )  # fmt: skip


def _turn_back(state: State, step: int) -> None:
    """Let some of those who wait for a vehicle or a seat give up; they may decide again."""
    if not state.inputs.turns_back:
        return
    chance = -np.expm1(-state.inputs.turn_back_rate * state.model.clock.step_hours)
    give_up(state.luck.at(step), state.entities["turn_back"], step, chance, state.waiting, state.walking)
    state.waiting -= state.walking
    state.queues.present[:] += state.walking
    state.decided -= state.walking.sum(axis=2)


def _gather_crowd(state: State, step: int) -> Crowd:
    people = state.model.people
    if people.anybody_walks:
        chance = -np.expm1(-state.model.clock.step_hours / np.maximum(state.inputs.patience, SHORTEST_PATIENCE))
        give_up(state.luck.at(step), state.entities["walk"], step, chance, state.waiting, state.walking)
    return Crowd(
        people.origins,
        state.open_way,
        state.leave_weights,
        state.walking,
        state.boarding,
        state.waiting,
        state.loaded,
    )


def gather_vehicles(state: State) -> Vehicles:
    """Return what takes people out now, and the fuel that is left for it."""
    inputs = state.inputs
    return Vehicles(
        people_per_vehicle=inputs.people_per_vehicle,
        fuel_litres=inputs.fuel_litres,
        seats=inputs.seats,
        fleet_litres=inputs.fleet_litres,
        at_hand=state.at_hand,
        out=state.out,
        fuel_stock=state.fuel_stock,
    )


def _follow_ways(state: State) -> None:
    """Let people choose destinations anew in replicates where a way has opened or closed."""
    rows = np.flatnonzero(state.rerouted)
    if not len(rows):
        return
    people, inputs = state.model.people, state.inputs
    leave, settle = state.routes.leave_hours[rows], state.routes.settle_hours[rows]
    name, time_weight = state.model.network.name, inputs.parameters["time_weight"][rows]
    gateways, settling = name(people.gateway_places), name(people.settling_places)
    for chooser, group in enumerate(people.wishes):
        wishes = inputs.wishes[rows, group] if group >= 0 else np.ones_like(inputs.gateway_pull[rows])
        pull = inputs.gateway_pull[rows] * wishes
        hours = np.split(leave[:, chooser], people.choosers.shape[1], axis=2)
        out = [Prospects(state.model.origin_names, gateways, pull, seen, time_weight) for seen in hours]
        wished = [_weigh(state.behaviour, at) * (wishes > 0.0)[:, None] for at in out]  # whatever the behaviour
        weights = [leave_out_full(state, rows, at, people.gateway_places) for at in wished]
        state.leave_weights[rows, chooser] = share_sight(weights, inputs.parameters["informed_share"][rows])
    state.open_way[rows] = (state.leave_weights[rows] > 0.0).any(axis=3)  # nobody sets out for where he would never go
    state.may_leave[rows] = _find_who_may_leave(state, rows)
    on = Prospects(name(people.halts), settling, inputs.settle_pull[rows], settle, time_weight)
    state.settle_weights[rows] = leave_out_full(state, rows, _weigh(state.behaviour, on), people.settling_places)
    state.rerouted[rows] = False


def _find_who_may_leave(state: State, rows: Integers) -> Flags:
    """Return for whom any way out is open by something that they may board [rows, O, G]; all if they board nothing."""
    options, open_way = state.model.people.options, state.open_way[rows]
    may = np.zeros((len(rows), open_way.shape[2], len(options.start) - 1), dtype=bool)
    for group, (first, end) in enumerate(zip(options.start[:-1], options.start[1:], strict=True)):
        mine = options.chooser[first:end] if end > first else np.arange(open_way.shape[1])
        may[:, :, group] = open_way[:, mine].any(axis=1)
    return may


def _weigh(behaviour: Behaviour, at: Prospects) -> Floats:
    """Return the weights of destinations, none where no way is open; UsageError where nothing is left to choose."""
    reached = np.isfinite(at.hours)
    weights = np.where(reached, behaviour.ask("choose_destination", at, at.hours.shape), 0.0)
    lost = (reached.any(axis=2) & (weights.sum(axis=2) <= 0)).any(axis=0)
    if lost.any() and "choose_destination" in behaviour.changed:
        message = f"choose_destination of the behaviour leaves people from {at.origins[lost.argmax()]} nowhere to go"
        raise UsageError(message)
    return weights


def _return_fleets(state: State, step: int) -> None:
    """Vehicles that brought people out come back after their return time, while their way in is open."""
    back = state.coming[step]
    if back.any():
        state.at_hand += park(state, back * state.way_in)
        state.coming[step + 1] += back * ~state.way_in


def roads(state: State, step: int) -> None:
    """Move vehicles along roads and through checkpoints."""
    model, inputs, level = state.model, state.inputs, state.checkpoint_level
    if model.services.names:
        seat_services(state, step)
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
        model.clock.ticks * model.clock.record_every,
        state.lag,
        state.back_lag,
        state.capacity,
        state.storage,
        _pace_checkpoints(state, step),
        state.routes.onward,
        state.routes.underway,
        state.routes.only,
        state.scratch,
    )
    if model.fleets.names:
        send_back(state.queues.returned, state.out, state.coming, step + state.return_steps, model.fleets.groups)


def _pace_checkpoints(state: State, step: int) -> Pace:
    """Return what checkpoints let through in this step."""
    pace, clock = np.exp(state.checkpoint_level), state.model.clock
    servers, begin = state.model.servers, clock.hour_of_day + step * clock.step_hours
    if servers.have_hours:
        pace = pace * share_of_step(servers.first_hour, servers.last_hour, begin, clock.step_hours)
    if state.model.windows.names:
        pace = pace * find_open_gates(state)
    return Pace(
        vehicles=state.lanes * 3600.0 / state.seconds * pace,
        per_person=state.seconds_per_person / state.seconds,
        on_foot=state.open_foot_lanes * 3600.0 / state.seconds_on_foot * pace,
        alike=state.model.network.inspects_alike and not state.seconds_per_person.any(),
    )


def convoys(state: State, step: int) -> None:
    """Move relief inwards."""
    if state.relief is not None:
        move_convoys(state, state.relief, step)
        take_along(state, state.relief, step)
        move_consignments(state, state.relief, step)


def arrivals(state: State, step: int) -> None:
    """Register arrivals and send them on to where they settle; some ask for lodging."""
    model, inputs, keys = state.model, state.inputs, state.luck.at(step)
    settling = model.people.settling_places
    if model.servers.desks:
        level = state.desk_level
        wander(keys, state.entities["desks"], step, state.keep["desks"], inputs.desk_wander, level)
        if state.queues.lines.queues["cohorts"][:, -len(model.servers.desks) :].any():  # desks are the last queues
            serve(
                model.network.layout,
                state.queues,
                keys,
                state.entities["settle"],
                step,
                model.clock.middle_tick(step + 1),
                model.clock.step_hours,
                state.desk_pace * np.exp(level),
                state.settle_weights,
                settling,
                model.servers.desk_place,
                model.people.road_streams[-1, settling],
                np.empty(len(settling), dtype=np.int64),
            )
        else:
            state.queues.desk_carry[:] = 0.0
    go_on_from_full(state, step)
    if (step + 1) % model.clock.record_every == 0:
        hours_between = model.clock.record_hours
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
