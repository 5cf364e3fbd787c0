"""Everything that changes while a batch of replicates moves forward."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from corridor.chance.draws import entity_key, entity_keys
from corridor.scenario.checks.people import MOST_PEOPLE
from corridor.scenario.faults import UsageError
from corridor.simulate.arrays import Flags, Floats, Integers, Keys
from corridor.simulate.behaviour import Behaviour, Ways
from corridor.simulate.inputs import Inputs
from corridor.simulate.kernel import Queues, make_scratch
from corridor.simulate.luck import Luck
from corridor.simulate.model import (
    ALTERNATING,
    ALTERNATING_CAPACITY,
    OUTBOUND,
    SHUT,
    Model,
)
from corridor.simulate.queues import begin_lines, make_room
from corridor.simulate.relief import Relief
from corridor.simulate.routes import Routes, begin_routes

# vehicles that a link holds beyond its length: whole vehicles come and go up to one later than the curves say, and
# these three would be taken off the flow that passes a link of capacity x (free travel + travel of freed space)
IN_FRACTIONS = 3.0


@dataclass
class State:
    """The moving parts of a batch. R replicates; other letters as in the kernel."""

    model: Model
    behaviour: Behaviour
    inputs: Inputs
    luck: Luck
    queues: Queues
    routes: Routes
    waiting: Integers  # [R, O, G] decided to leave, no vehicle, fuel or seat yet
    decided: Integers  # [R, O] decided to leave so far
    loaded: Integers  # [R, O, G, 2] full vehicles and their people so far
    lodged: Integers  # [R, settling]
    came: Integers  # [R, settling] settled when lodging was last drawn
    danger: Floats  # [R, P]
    shortage: Floats  # [R, P]
    announcement: Floats  # [R, P]
    fading: Floats  # [R, 1] what is left of an announcement after a step
    guarantees: Floats  # [R]
    mode: Integers  # [R, roads]
    lanes: Floats  # [R, K]
    seconds: Floats  # [R, K]
    desk_pace: Floats  # [R, D]
    leave_rate: Floats  # [R, G]
    fuel_stock: Floats  # [R, P]
    fuel_supply: Floats  # [R, P]
    at_hand: Integers  # [R, F] vehicles of fleets that can load
    out: Integers  # [R, F] vehicles of fleets on their way out
    coming: Integers  # [steps + 2, R, F] vehicles back at that step
    checkpoint_level: Floats  # [R, K] wander of the pace
    desk_level: Floats  # [R, D]
    departure_level: Floats  # [R, 1]
    capacity: Floats  # [R, L] vehicles/h
    storage: Floats  # [R, L] vehicles
    lag: Floats  # [R, L] ticks of free travel
    back_lag: Floats  # [R, L] ticks for freed space to travel back
    way_in: Flags  # [R] no road is closed inwards, so that fleets can come back
    eventful: frozenset[int]  # steps at which something happens in some replicate
    return_steps: Integers  # [R, F] a vehicle of a fleet that has arrived can load again after
    scratch: tuple[Floats, Floats, Floats, Integers]  # memory to work in
    rerouted: Flags  # [R] ways have changed and what follows from them has not yet
    open_way: Flags  # [R, O] some gateway can be reached
    leave_weights: Floats  # [R, O, gateways] of destinations for those who leave
    settle_weights: Floats  # [R, D, settling] for those who have been registered
    boarding: Integers  # [R, O, G] groups in the order in which they board
    entities: Mapping[str, Keys]
    keep: Mapping[str, Floats]  # correlation of each wandering level from a step to the next
    stream_of: Integers  # [G, P]
    relief: Relief | None = None  # needs, stores and convoys, when the scenario states needs


def begin(model: Model, inputs: Inputs, luck: Luck, behaviour: Behaviour) -> State:
    """Return the state at the start of the period.

    Raises UsageError when there are more people than can be counted, or a behaviour's own function cannot be used.
    """
    most = int(inputs.people.sum(axis=(1, 2)).max(initial=0))
    if most > MOST_PEOPLE:
        message = f"{most:,} people at the start of a replicate; at most {MOST_PEOPLE:,} can be simulated"
        raise UsageError(message)
    replicates = len(luck.own)
    places, groups, desks = len(model.network.places), model.people.leavers, len(model.servers.desks)
    origins, settling = len(model.people.origins), len(model.people.settling)

    def zeros(*shape: int) -> Integers:
        return np.zeros((replicates, *shape), dtype=np.int64)

    def empty(*shape: int) -> Floats:
        return np.zeros((replicates, *shape))

    felt = behaviour.ask(
        "choose_way", Ways(model.network.links, model.network.length_km, inputs.speed), inputs.speed.shape
    )
    lag, back_lag = _count_lags(model, inputs)
    state = State(
        model=model,
        behaviour=behaviour,
        inputs=inputs,
        luck=luck,
        queues=_begin_queues(model, inputs),
        routes=begin_routes(model, felt),
        waiting=zeros(origins, groups),
        decided=zeros(origins),
        loaded=zeros(origins, groups, 2),
        lodged=zeros(settling),
        came=zeros(settling),
        danger=empty(places),
        shortage=np.repeat(inputs.parameters["shortage"][:, None], places, axis=1),
        announcement=empty(places),
        fading=np.exp(-model.clock.step_hours / inputs.parameters["announcement_hours"])[:, None],
        guarantees=inputs.parameters["guarantees"].copy(),
        mode=np.repeat(model.network.road_mode[None], replicates, axis=0),
        lanes=inputs.lanes.copy(),
        seconds=inputs.seconds.copy(),
        desk_pace=inputs.desk_pace.copy(),
        leave_rate=inputs.leave_rate.copy(),
        fuel_stock=inputs.fuel_stock.copy(),
        fuel_supply=inputs.fuel_supply.copy(),
        at_hand=inputs.fleet_vehicles.copy(),
        out=zeros(len(model.fleets.names)),
        coming=np.zeros((model.clock.steps + 2, replicates, len(model.fleets.names)), dtype=np.int64),
        checkpoint_level=empty(len(model.servers.checkpoints)),
        desk_level=empty(desks),
        departure_level=empty(1),
        capacity=np.empty(inputs.speed.shape),
        storage=np.empty(inputs.speed.shape),
        lag=lag,
        back_lag=back_lag,
        way_in=np.ones(replicates, dtype=bool),
        eventful=frozenset(inputs.event_step.ravel().tolist()),
        return_steps=1 + np.rint(inputs.return_hours / model.clock.step_hours).astype(np.int64),
        scratch=make_scratch(model.network.layout),
        rerouted=np.ones(replicates, dtype=bool),
        open_way=np.zeros((replicates, origins), dtype=bool),
        leave_weights=empty(origins, len(model.people.gateways)),
        settle_weights=empty(desks, settling),
        boarding=zeros(origins, groups) + np.arange(groups),
        entities=_name_entities(model),
        keep=_correlate_steps(model),
        stream_of=_find_streams(model),
    )
    refresh_roads(state, np.ones(replicates, dtype=bool))
    return state


def _begin_queues(model: Model, inputs: Inputs) -> Queues:
    replicates, links, places, desks = (
        len(inputs.people), len(model.network.links), len(model.network.places), len(model.servers.desks)
    )  # fmt: skip

    def zeros(*shape: int) -> Integers:
        return np.zeros((replicates, *shape), dtype=np.int64)

    window = _measure_window(model, inputs)
    queues = Queues(
        lines=begin_lines(model.network.layout, replicates),
        up=np.zeros((replicates, window, links), dtype=np.int32),
        down=np.zeros((replicates, window, links), dtype=np.int32),
        standing=zeros(places),
        joining=zeros(places),
        at_place=zeros(places, len(model.people.groups)),
        on_link=zeros(links),
        passed_vehicles=zeros(len(model.servers.checkpoints)),
        passed_people=zeros(len(model.servers.checkpoints)),
        arrived=zeros(),
        arrived_vehicles=zeros(),
        journey_hours=np.zeros(replicates),
        waited_hours=np.zeros(replicates),
        exits=np.zeros((replicates, len(model.network.exits), 4)),
        short=np.zeros((replicates, len(model.servers.checkpoints)), dtype=bool),
        slept=zeros(),
        at_desk=zeros(desks),
        registered=zeros(desks),
        desk_carry=np.zeros((replicates, desks)),
        settled=zeros(places),
        returned=zeros(model.people.leavers),
        present=inputs.people - inputs.staying,
    )
    queues.at_place[:, model.people.origins, : model.people.leavers] = inputs.people
    return queues


def keep_room(state: State) -> None:
    """See to it that the queues can take the most that a step may bring: a cohort in each queue and tick."""
    queues, ticks = state.queues, state.model.clock.ticks
    lines = make_room(queues.lines, queues.lines.queues.shape[1] * (ticks + 1))
    if lines is not queues.lines:
        state.queues = queues._replace(lines=lines)


def _measure_window(model: Model, inputs: Inputs) -> int:
    """Return how many ticks back the curves of links are kept, a power of two."""
    longest = max((float(lag.max(initial=1.0)) for lag in _count_lags(model, inputs)), default=1.0)
    return int(2 ** np.ceil(np.log2(longest + model.clock.ticks * model.clock.record_every + 3)))


def _count_lags(model: Model, inputs: Inputs) -> tuple[Floats, Floats]:
    """Return the ticks of free travel along each link, and those for freed space to travel back [R, L].

    A triangular fundamental diagram per lane: the wave of freed space runs at capacity / (jam density -
    capacity / speed) (Newell 1993).
    """
    tick_hours = model.clock.tick_hours
    density = inputs.jam_per_km - inputs.lane_capacity / inputs.speed
    back_hours = np.where(density > 0, model.network.length_km * density / inputs.lane_capacity, tick_hours)
    return model.network.length_km / inputs.speed / tick_hours, back_hours / tick_hours


def _name_entities(model: Model) -> dict[str, Keys]:
    """Return the keys under which chance is drawn."""
    origins, groups, settling = model.origin_names, model.leaver_names, model.network.name(model.people.settling_places)
    return {
        "decide": entity_keys("decide", origins, groups),
        "load": entity_keys("load", origins, groups),
        "settle": entity_keys("settle", model.servers.desks),
        "lodge": entity_keys("lodge", settling),
        "checkpoints": entity_keys("pace", model.servers.checkpoints),
        "desks": entity_keys("pace", model.servers.desks),
        "departures": np.array([entity_key("departures")], dtype=np.uint64),
    }


def _correlate_steps(model: Model) -> dict[str, Floats]:
    """Return the correlation of the wandering pace of servers, and of departures, from a step to the next."""
    names = {
        "checkpoints": [f"checkpoints/{name}" for name in model.servers.checkpoints],
        "desks": [f"desks/{name}" for name in model.servers.desks],
        "departures": ["departures"],
    }
    return {
        kind: np.array([math.exp(-model.clock.step_hours / model.wander_hours[name]) for name in listed])
        for kind, listed in names.items()
    }


def _find_streams(model: Model) -> Integers:
    """Return the stream of each group to each place [G, P], -1 if there is none."""
    streams = np.full((len(model.people.groups), len(model.network.places)), -1, dtype=np.int64)
    count = len(model.network.layout.stream_group)
    streams[model.network.layout.stream_group, model.network.layout.stream_place] = np.arange(count)
    return streams


def refresh_roads(state: State, which: Flags) -> None:
    """Set capacity, storage and routes of replicates `which` [R] after a traffic rule or gate has changed."""
    model, inputs, rows = state.model, state.inputs, np.flatnonzero(which)
    mode = state.mode[rows][:, model.network.link_road]
    lane_capacity = inputs.lane_capacity[rows]
    both = np.where(model.network.link_back, 0, model.network.lanes + model.network.lanes_other)
    lanes = np.where(mode == OUTBOUND, both, model.network.lanes)
    lanes = np.where(mode == SHUT, 0, lanes)
    lanes = np.where((mode == ALTERNATING) & (lanes > 0), 1, lanes)
    capacity = lane_capacity * lanes
    capacity = np.where(mode == ALTERNATING, np.minimum(capacity, ALTERNATING_CAPACITY), capacity)
    state.capacity[rows] = capacity
    # a road shut or reversed keeps room for those already on it
    storage = inputs.jam_per_km[rows] * model.network.length_km * np.maximum(lanes, 1)
    state.storage[rows] = np.maximum(storage, _least_storage(state, rows)) + IN_FRACTIONS
    used_roads = state.mode[rows][:, np.unique(model.network.link_road)]
    state.way_in[rows] = ~((used_roads == OUTBOUND) | (used_roads == SHUT)).any(axis=1)
    closed_links = lanes == 0
    closed_places = np.zeros((len(rows), len(model.network.places)), dtype=bool)
    closed_places[:, model.servers.checkpoint_place] = state.lanes[rows] <= 0
    changed = state.rerouted[rows] | (closed_links != state.routes.closed_links[rows]).any(axis=1)
    changed |= (closed_places != state.routes.closed_places[rows]).any(axis=1)
    state.routes.renew(model, rows[changed], closed_links[changed], closed_places[changed])
    state.rerouted[rows[changed]] = True


def _least_storage(state: State, rows: Integers) -> Floats:
    """Return the storage with which a link passed in less than a tick keeps its capacity [rows, L], else 0.

    Queues of less length than vehicles pass in a tick are not resolved: such a link limits the flow, and holds what
    passes while vehicles and freed space travel.
    """
    lag, back = state.lag[rows], state.back_lag[rows]
    ticks = np.maximum(lag, 1.0) + np.maximum(back, 1.0)
    least = state.capacity[rows] * state.model.clock.tick_hours * ticks
    return np.where((lag < 1.0) | (back < 1.0), least, 0.0)
