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
    Model,
)
from corridor.simulate.queues import begin_lines, make_room
from corridor.simulate.relief import Relief
from corridor.simulate.routes import Routes, begin_routes


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
    loaded: Integers  # [R, O, W, 2] full vehicles and their people so far, by what is boarded
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
    seconds_per_person: Floats  # [R, K]
    foot_lanes: Floats  # [R, K]
    seconds_on_foot: Floats  # [R, K]
    kept_shut: Flags  # [R, K] by an unforeseen change, to people on foot as well
    departures: Floats  # [R, V] of services in a day
    service_seats: Floats  # [R, V]
    window_open: Flags  # [R, W]
    road_danger: Floats  # [R, roads]
    free_lag: Floats  # [R, L] ticks of free travel where there is no danger
    barred: Flags  # [K, P] places that rules of passage let a traveller not pass
    desk_pace: Floats  # [R, D]
    leave_rate: Floats  # [R, G]
    return_rate: Floats  # [R, groups of the user]
    fuel_stock: Floats  # [R, P]
    fuel_supply: Floats  # [R, P]
    plant_working: Floats  # [R, plants]
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
    way_in: Flags  # [R, F] a way back is open to a fleet, from some place where people are brought
    ways_back: dict[bytes, Flags]  # the same [F] by the traffic rules of all roads, as far as asked for
    eventful: frozenset[int]  # steps at which something happens in some replicate
    return_steps: Integers  # [R, F] a vehicle of a fleet that has arrived can load again after
    scratch: tuple[Floats, Floats, Floats, Integers]  # memory to work in
    rerouted: Flags  # [R] ways have changed and what follows from them has not yet
    open_way: Flags  # [R, V, O] some gateway can be reached by a chooser
    may_leave: Flags  # [R, O, G] something that the group may board leads to one
    leave_weights: Floats  # [R, V, O, gateways] of destinations for those who leave
    walking: Integers  # [R, O, G] of those waiting, who go without a vehicle in this step
    settle_weights: Floats  # [R, halts, settling] for those who have come out
    full: Flags  # [R, P] all beds are taken
    boarding: Integers  # [R, O, G] groups in the order in which they board
    fewest: Integers  # [R, O, G] people who have been where they lived, the fewest at any recorded moment
    entities: Mapping[str, Keys]
    keep: Mapping[str, Floats]  # correlation of each wandering level from a step to the next
    relief: Relief | None = None  # needs, stores and convoys, when the scenario states needs

    @property
    def open_foot_lanes(self) -> Floats:
        """Return the lanes for people on foot that work now [R, K]: those set, none where a change keeps it shut."""
        if not self.inputs.lanes_change:
            return self.foot_lanes
        return np.where(self.kept_shut & (self.lanes <= 0.0), 0.0, self.foot_lanes)


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
    return State(
        model=model,
        behaviour=behaviour,
        inputs=inputs,
        luck=luck,
        queues=_begin_queues(model, inputs),
        routes=begin_routes(model, felt),
        waiting=zeros(origins, groups),
        decided=zeros(origins),
        loaded=zeros(origins, len(model.people.options.fleet), 2),
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
        seconds_per_person=inputs.seconds_per_person.copy(),
        foot_lanes=inputs.foot_lanes.copy(),
        seconds_on_foot=inputs.seconds_on_foot.copy(),
        kept_shut=np.zeros(inputs.lanes.shape, dtype=bool),
        departures=inputs.departures.copy(),
        service_seats=inputs.service_seats.copy(),
        road_danger=inputs.road_danger.copy(),
        free_lag=lag.copy(),
        barred=np.zeros((len(model.people.then), places), dtype=bool),
        window_open=np.zeros(inputs.window_chance.shape, dtype=bool),
        desk_pace=inputs.desk_pace.copy(),
        leave_rate=inputs.leave_rate.copy(),
        return_rate=inputs.return_rate.copy(),
        fuel_stock=inputs.fuel_stock.copy(),
        fuel_supply=inputs.fuel_supply.copy(),
        plant_working=inputs.plant_working.copy(),
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
        way_in=np.ones((replicates, len(model.fleets.names)), dtype=bool),
        ways_back={},
        eventful=frozenset(inputs.event_step.ravel().tolist()),
        return_steps=1 + np.rint(inputs.return_hours / model.clock.step_hours).astype(np.int64),
        scratch=make_scratch(model.network.layout),
        rerouted=np.ones(replicates, dtype=bool),
        open_way=np.zeros((replicates, len(model.people.choosers), origins), dtype=bool),
        may_leave=np.zeros((replicates, origins, groups), dtype=bool),
        leave_weights=empty(len(model.people.choosers), origins, model.people.goals),
        walking=zeros(origins, groups),
        settle_weights=empty(len(model.people.halts), settling),
        full=np.zeros((replicates, places), dtype=bool),
        boarding=zeros(origins, groups) + np.arange(groups),
        fewest=inputs.people.copy(),
        entities=name_entities(model),
        keep=_correlate_steps(model),
    )


def _begin_queues(model: Model, inputs: Inputs) -> Queues:
    replicates, links, places, desks = (
        len(inputs.people), len(model.network.links), len(model.network.places), len(model.servers.desks)
    )  # fmt: skip
    entries = len(model.network.layout.entry_place)

    def zeros(*shape: int) -> Integers:
        return np.zeros((replicates, *shape), dtype=np.int64)

    window = _measure_window(model, inputs)
    queues = Queues(
        lines=begin_lines(model.network.layout, replicates),
        up=np.zeros((replicates, window, links), dtype=np.int32),
        down=np.zeros((replicates, window, links), dtype=np.int32),
        standing=zeros(entries),
        joining=zeros(entries),
        at_place=zeros(places, len(model.people.groups)),
        on_link=zeros(links),
        passed_vehicles=np.zeros((replicates, len(model.servers.checkpoints))),
        passed_people=zeros(len(model.servers.checkpoints)),
        owed=np.zeros((replicates, len(model.servers.checkpoints))),
        arrived=zeros(),
        journey_hours=np.zeros(replicates),
        waited_hours=np.zeros(replicates),
        exits=np.zeros((replicates, len(model.network.exits), 4)),
        short=np.zeros((replicates, len(model.servers.checkpoints)), dtype=bool),
        short_on_foot=np.zeros((replicates, len(model.servers.checkpoints)), dtype=bool),
        slept=zeros(),
        at_desk=zeros(desks),
        registered=zeros(desks),
        desk_carry=np.zeros((replicates, desks)),
        settled=zeros(places),
        beds=inputs.beds,
        resting=zeros(places if len(model.people.homes) else 0, len(model.people.groups)),
        gone_back=zeros(places),
        came_back=zeros(),
        going_on=zeros(places if model.people.has_beds else 0, len(model.people.groups)),
        returned=np.zeros((replicates, model.people.leavers)),
        present=inputs.people - inputs.staying,
    )
    queues.at_place[:, model.people.origins, : model.people.leavers] = inputs.people
    return queues


def note_fewest(state: State) -> None:
    """Note how few people have been where they lived at a recorded moment: so many at most may never have been."""
    people = state.model.people
    there = state.queues.at_place[:, people.origins, : people.leavers]
    np.minimum(state.fewest, there, out=state.fewest)


def keep_room(state: State) -> None:
    """See to it that the queues can take the most that a step may bring: a cohort in each queue and tick."""
    queues = state.queues
    lines = make_room(queues.lines, count_most_cohorts(state.model))
    if lines is not queues.lines:
        state.queues = queues._replace(lines=lines)


def count_most_cohorts(model: Model) -> int:
    """Return how many cohorts may begin in a step: one in each queue and tick, and one more."""
    return len(model.network.layout.stream_count) * (model.clock.ticks + 1)


def _measure_window(model: Model, inputs: Inputs) -> int:
    """Return how many ticks back the curves of links are kept, a power of two."""
    longest = max((float(lag.max(initial=1.0)) for lag in _count_lags(model, inputs)), default=1.0)
    longest *= 1.0 / (1.0 - float(inputs.parameters["danger_slowing"].max())) if model.has_danger else 1.0
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


def name_entities(model: Model) -> dict[str, Keys]:
    """Return the keys under which chance is drawn."""
    origins, groups, settling = model.origin_names, model.leaver_names, model.network.name(model.people.settling_places)
    return {
        "decide": entity_keys("decide", origins, groups),
        "load": entity_keys("load", origins, groups),
        "walk": entity_keys("walk", origins, groups),
        "along": entity_keys("along", () if model.supplies is None else [c.id for c in model.supplies.convoys], groups),
        "papers": entity_keys("papers", origins, groups),
        "turn_back": entity_keys("turn_back", origins, groups),
        "settle": entity_keys("settle", model.servers.desks),
        "return": entity_keys("return", model.network.places, model.people.groups),
        "go_on": entity_keys("go on", model.network.name(model.people.halts)),
        "lodge": entity_keys("lodge", settling),
        "checkpoints": entity_keys("pace", model.servers.checkpoints),
        "changes": entity_keys("change", model.servers.checkpoints),
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
