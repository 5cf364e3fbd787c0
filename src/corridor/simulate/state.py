"""Everything that changes while a batch of replicates moves forward."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from corridor.simulate.draws import entity_key, entity_keys
from corridor.simulate.inputs import Inputs
from corridor.simulate.kernel import JOURNEY_BINS, Queues
from corridor.simulate.luck import Luck
from corridor.simulate.model import (
    ALTERNATING,
    ALTERNATING_CAPACITY,
    OUTBOUND,
    SHUT,
    Floats,
    Integers,
    Keys,
    Model,
)
from corridor.simulate.routes import Routes


@dataclass
class State:
    """The moving parts of a batch. R replicates; other letters as in the kernel."""

    model: Model
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
    coming: Integers  # [R, F, steps + 1] vehicles back at that step
    checkpoint_level: Floats  # [K, R] wander of the pace
    desk_level: Floats  # [D, R]
    departure_level: Floats  # [R]
    capacity: Floats  # [R, L] vehicles/h
    storage: Floats  # [R, L] vehicles
    lag: Floats  # [R, L] ticks of free travel
    back_lag: Floats  # [R, L] ticks for freed space to travel back
    way: Integers  # [R] configuration of routes for those on the move
    leave_way: Integers  # [R] configuration for those who would leave: closed checkpoints count as shut
    entities: Mapping[str, Keys]
    stream_of: Integers  # [G, P]


def begin(model: Model, inputs: Inputs, luck: Luck) -> State:
    """Return the state at the start of the period."""
    replicates = len(luck.own)

    def zeros(*shape: int) -> Integers:
        return np.zeros((replicates, *shape), dtype=np.int64)

    places, groups = len(model.places), model.leavers
    queues = _empty_queues(model, replicates)
    queues.at_place[:, model.origins, :groups] = inputs.people
    queues.present[:] = inputs.people - inputs.staying
    stream_of = np.full((len(model.groups), places), -1, dtype=np.int64)
    stream_of[model.layout.stream_group, model.layout.stream_place] = np.arange(
        len(model.layout.stream_group)
    )
    origins, names = [model.places[o] for o in model.origins], list(model.groups[:groups])
    settling = [model.places[model.destinations[s]] for s in model.settling]
    state = State(
        model=model,
        inputs=inputs,
        luck=luck,
        queues=queues,
        routes=Routes(model, model.length_km / np.median(inputs.speed, axis=0)),
        waiting=zeros(len(origins), groups),
        decided=zeros(len(origins)),
        loaded=zeros(len(origins), groups, 2),
        lodged=zeros(len(settling)),
        came=zeros(len(settling)),
        danger=np.zeros((replicates, places)),
        shortage=np.repeat(inputs.parameters["shortage"][:, None], places, axis=1),
        announcement=np.zeros((replicates, places)),
        guarantees=inputs.parameters["guarantees"].copy(),
        mode=np.repeat(model.road_mode[None], replicates, axis=0),
        lanes=inputs.lanes.copy(),
        seconds=inputs.seconds.copy(),
        desk_pace=inputs.desk_pace.copy(),
        leave_rate=inputs.leave_rate.copy(),
        fuel_stock=inputs.fuel_stock.copy(),
        fuel_supply=inputs.fuel_supply.copy(),
        at_hand=inputs.fleet_vehicles.copy(),
        out=zeros(len(model.fleets)),
        coming=zeros(len(model.fleets), model.steps + 1),
        checkpoint_level=np.zeros((len(model.checkpoints), replicates)),
        desk_level=np.zeros((len(model.desks), replicates)),
        departure_level=np.zeros(replicates),
        capacity=np.empty(inputs.speed.shape),
        storage=np.empty(inputs.speed.shape),
        lag=np.empty(inputs.speed.shape),
        back_lag=np.empty(inputs.speed.shape),
        way=np.zeros(replicates, dtype=np.int64),
        leave_way=np.zeros(replicates, dtype=np.int64),
        entities={
            "decide": entity_keys("decide", origins, names),
            "load": entity_keys("load", origins, names),
            "settle": entity_keys("settle", list(model.desks)),
            "lodge": entity_keys("lodge", settling),
            "checkpoints": entity_keys("pace", list(model.checkpoints)),
            "desks": entity_keys("pace", list(model.desks)),
            "departures": np.array([entity_key("departures")], dtype=np.uint64),
        },
        stream_of=stream_of,
    )
    refresh_roads(state, np.ones(replicates, dtype=bool))
    return state


def _empty_queues(model: Model, replicates: int) -> Queues:
    layout = model.layout
    slots, cells = int(layout.slots.sum()), int((layout.slots * layout.stream_count).sum())
    places, groups, links = len(model.places), model.leavers, len(model.links)
    ticks = model.steps * model.ticks + 1

    def zeros(*shape: int, kind: type = np.int64) -> np.ndarray:
        return np.zeros((replicates, *shape), dtype=kind)

    return Queues(
        head=zeros(len(layout.slots)),
        used=zeros(len(layout.slots)),
        entered=zeros(slots, kind=np.int32),
        total=zeros(slots),
        cells=zeros(cells, 2, kind=np.int32),
        clocks=zeros(cells, 2, kind=np.float32),
        up=zeros(links, ticks),
        down=zeros(links, ticks),
        carry=zeros(len(layout.slots), kind=np.float64),
        standing=zeros(places),
        at_place=zeros(places, len(model.groups)),
        on_link=zeros(links),
        passed_vehicles=zeros(len(model.checkpoints)),
        passed_people=zeros(len(model.checkpoints)),
        arrived=zeros(),
        arrived_vehicles=zeros(),
        journey_hours=zeros(kind=np.float64),
        waited_hours=zeros(kind=np.float64),
        journeys=zeros(JOURNEY_BINS),
        waits=zeros(JOURNEY_BINS),
        at_desk=zeros(len(model.desks)),
        registered=zeros(len(model.desks)),
        desk_carry=zeros(len(model.desks), kind=np.float64),
        settled=zeros(places),
        returned=zeros(groups),
        present=zeros(len(model.origins), groups),
    )


def refresh_roads(state: State, which: np.ndarray) -> None:
    """Set capacity, storage, waves and routes of replicates `which` [R] after a traffic rule or gate has changed.

    A triangular fundamental diagram per lane: the wave of freed space runs at capacity / (jam density -
    capacity / speed) (Newell 1993).
    """
    model, inputs = state.model, state.inputs
    tick_hours = model.step_hours / model.ticks
    mode = state.mode[:, model.link_road]
    forward = ~model.link_back
    lanes = np.where(mode == OUTBOUND, np.where(forward, model.lanes + model.lanes_other, 0), model.lanes)
    lanes = np.where(mode == SHUT, 0, lanes)
    lanes = np.where((mode == ALTERNATING) & (lanes > 0), 1, lanes)
    capacity = inputs.lane_capacity * lanes
    capacity = np.where(mode == ALTERNATING, np.minimum(capacity, ALTERNATING_CAPACITY), capacity)
    density = inputs.jam_per_km - inputs.lane_capacity / inputs.speed
    back_hours = np.where(density > 0, model.length_km * density / inputs.lane_capacity, tick_hours)
    state.capacity[which] = capacity[which]
    # a road shut or reversed keeps room for those already on it
    room = inputs.jam_per_km * model.length_km * np.maximum(lanes, 1)
    state.storage[which] = room[which]
    state.lag[which] = np.maximum(model.length_km / inputs.speed / tick_hours, 1.0)[which]
    state.back_lag[which] = np.maximum(back_hours / tick_hours, 1.0)[which]
    closed_links = lanes == 0
    closed_places = np.zeros((len(which), len(model.places)), dtype=bool)
    nowhere = np.zeros(len(model.places), dtype=bool)
    for checkpoint, place in enumerate(model.checkpoint_place):
        closed_places[:, place] = state.lanes[:, checkpoint] <= 0
    for r in np.flatnonzero(which):
        state.way[r] = state.routes.find(closed_links[r], nowhere)
        state.leave_way[r] = state.routes.find(closed_links[r], closed_places[r])
