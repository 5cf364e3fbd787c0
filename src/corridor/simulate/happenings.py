"""What each kind of event changes. One small function per kind; `which` [R] marks the replicates it happens in."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from corridor.simulate.arrays import Flags, Floats, Integers
from corridor.simulate.departures import evacuate
from corridor.simulate.fuelling import change_stock
from corridor.simulate.model import ALL_PLACES, Event
from corridor.simulate.state import State
from corridor.simulate.traffic import refresh_roads

Effect = Callable[[State, Event, Flags, Floats, int], None]
EVACUATION_SEATS = 20.0  # people in a vehicle when authorities move people: buses and lorries together


def apply_events(state: State, step: int) -> None:
    """Apply all events of this step, in the order of their ids."""
    if step not in state.eventful:
        return
    due = state.inputs.event_step == step
    roads_changed = np.zeros(len(due), dtype=bool)
    for index in np.flatnonzero(due.any(axis=0)):
        event, which = state.model.events[index], due[:, index]
        effect = EFFECTS.get(event.kind)
        if effect is not None:
            effect(state, event, which, state.inputs.event_value[:, index], step)
            if event.kind in ("direction", "lanes", "foot_lanes", "road_danger", "departures", "seats"):
                roads_changed |= which
    if roads_changed.any():
        refresh_roads(state, roads_changed)


def _places(state: State, event: Event) -> Integers:
    return np.flatnonzero(state.model.network.inside) if event.target == ALL_PLACES else np.array([event.target])


def _set_at_places(name: str) -> Effect:
    def effect(state: State, event: Event, which: Flags, value: Floats, step: int) -> None:
        getattr(state, name)[np.ix_(which, _places(state, event))] = value[which][:, None]

    return effect


def _announce(state: State, event: Event, which: Flags, value: Floats, step: int) -> None:
    state.announcement[np.ix_(which, _places(state, event))] += value[which][:, None]


def _set_guarantees(state: State, event: Event, which: Flags, value: Floats, step: int) -> None:
    state.guarantees[which] = value[which]


def _set_column(name: str) -> Effect:
    def effect(state: State, event: Event, which: Flags, value: Floats, step: int) -> None:
        getattr(state, name)[which, event.target] = value[which]

    return effect


def _set_leave_rate(state: State, event: Event, which: Flags, value: Floats, step: int) -> None:
    for index, part in enumerate(state.model.people.parts):
        if part.group == event.target:
            state.leave_rate[which, index] = value[which]


def _set_return_rate(state: State, event: Event, which: Flags, value: Floats, step: int) -> None:
    state.return_rate[which, event.target] = value[which]


def _set_direction(state: State, event: Event, which: Flags, value: Floats, step: int) -> None:
    state.mode[which, event.target] = event.mode


def _set_departures(state: State, event: Event, which: Flags, value: Floats, step: int) -> None:
    most = state.inputs.most_departures[which, event.target]
    state.departures[which, event.target] = np.minimum(value[which], most)


def _add_fuel(state: State, event: Event, which: Flags, value: Floats, step: int) -> None:
    if state.relief is not None and change_stock(state.relief, which, event.target, value):
        return
    state.fuel_stock[which, event.target] = np.maximum(state.fuel_stock[which, event.target] + value[which], 0.0)


def _add_vehicles(state: State, event: Event, which: Flags, value: Floats, step: int) -> None:
    changed = state.at_hand[which, event.target] + np.rint(value[which]).astype(np.int64)
    state.at_hand[which, event.target] = np.maximum(changed, 0)


def _evacuate(state: State, event: Event, which: Flags, value: Floats, step: int) -> None:
    """Put people of a place on the road to another, groups in proportion to who is there, whole people."""
    model, queues = state.model, state.queues
    origin = int(model.network.layout.origin_of[event.target])
    queue = int(model.network.layout.entry_queue[event.target])
    if origin < 0:
        return
    evacuate(
        model.network.layout,
        queues.lines,
        queues.standing,
        queues.joining,
        queues.present,
        np.flatnonzero(which),
        np.rint(value).astype(np.int64),
        origin,
        queue,
        model.clock.middle_tick(step),
        np.where(model.people.own, state.inputs.people_per_vehicle, EVACUATION_SEATS),
        np.ascontiguousarray(model.people.road_streams[:, event.to]),
    )


def _regroup(state: State, event: Event, which: Flags, value: Floats, step: int) -> None:
    """Move people from one group to another where they are, in proportion to who is there, whole people.

    Those displaced inside, or held by a rule of passage, stay so, if the other group has such.
    """
    people, queues = state.model.people, state.queues
    (rows,) = np.nonzero(which)
    mine = [index for index, part in enumerate(people.parts) if part.group == event.target]
    position = {part: index for index, part in enumerate(people.parts)}
    rest = queues.present[rows][:, :, mine].sum(axis=(1, 2))
    left = np.minimum(np.rint(value[rows]).astype(np.int64), rest)
    for o, place in enumerate(people.origins):
        for group in mine:
            to = position.get(people.parts[group]._replace(group=event.to), event.to)
            here = queues.present[rows, o, group]
            moved = left * here // np.maximum(rest, 1)
            rest -= here
            left -= moved
            for count, where in ((queues.present, o), (queues.at_place, place)):
                count[rows, where, group] -= moved
                count[rows, where, to] += moved


EFFECTS: dict[str, Effect] = {
    "danger": _set_at_places("danger"),
    "shortage": _set_at_places("shortage"),
    "guarantees": _set_guarantees,
    "announcement": _announce,
    "direction": _set_direction,
    "lanes": _set_column("lanes"),
    "road_danger": _set_column("road_danger"),
    "seconds": _set_column("seconds"),
    "foot_lanes": _set_column("foot_lanes"),
    "seconds_per_person": _set_column("seconds_per_person"),
    "seconds_on_foot": _set_column("seconds_on_foot"),
    "departures": _set_departures,
    "seats": _set_column("service_seats"),
    "desk_pace": _set_column("desk_pace"),
    "leave_rate": _set_leave_rate,
    "return_rate": _set_return_rate,
    "fuel_supply": _set_column("fuel_supply"),
    "fuel_stock": _add_fuel,
    "vehicles": _add_vehicles,
    "plant": _set_column("plant_working"),
    "evacuation": _evacuate,
    "regroup": _regroup,
}
