"""Uncertain numbers that move while a replicate is under way: what follows from them at once, what they leave alone.

A forecast that learns moves the numbers of its replicates a little with every count. A number that acts in every step
(a rate, a pace, a share) acts with its new value from then on, also where it is the size of an event that has
happened; the hour of an event still to come moves within the time left. People at the start who turn out to be more or
fewer are added to, or taken from, those who have not decided to leave, where they are; those who turn out to stay
whatever happens, or not to, are the same people. What shaped the past and stands in the state (lengths, speeds, stocks,
vehicles) stays as it was.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from corridor.simulate.arrays import Flags, Floats, Integers
from corridor.simulate.inputs import Inputs, draw_inputs
from corridor.simulate.model import ALL_PLACES, Event
from corridor.simulate.state import State

# names of numbers that may move; the others stay as they were drawn
MOVING = re.compile(
    r"parameters/|groups/|checkpoints/|desks/|events/|pull/|wishes/|people/|windows/"
    r"|places/.*/(attractiveness|lodging_share|lodging_rate)$"
    r"|services/.*/(departures_per_day|seats)$|fleets/.*/seats$"
)
# of the state, what is an input until an event sets it: by the kind of that event
SET_BY_EVENTS = {
    "lanes": "lanes", "seconds": "seconds", "foot_lanes": "foot_lanes", "seconds_per_person": "seconds_per_person",
    "seconds_on_foot": "seconds_on_foot", "departures": "departures", "seats": "service_seats",
    "desk_pace": "desk_pace", "return_rate": "return_rate", "fuel_supply": "fuel_supply",
    "plant": "plant_working",
}  # fmt: skip


def may_move(name: str) -> bool:
    """Tell whether the number of a name may move while a replicate is under way."""
    return MOVING.match(name) is not None


def move_numbers(state: State, given: Mapping[str, Floats], step: int) -> Integers:
    """Let numbers have the values `given` (all that are uncertain, by name [R]) from a step on.

    Returns the people added at each place to each group [R, P, groups]: they have been there from the start.
    """
    old = state.inputs
    new = draw_inputs(state.model, state.luck.own, given)
    new = replace(new, event_step=keep_past(old.event_step, new.event_step, step))
    happened = old.event_step < step
    for kind, name in SET_BY_EVENTS.items():
        _follow(state, name, getattr(old, name), getattr(new, name))
        for index, event in enumerate(state.model.events):
            if event.kind == kind:
                _follow_event(
                    state, name, event, happened[:, index], old.event_value[:, index], new.event_value[:, index]
                )
    _follow_rest(state, old, new, happened)
    added, state.inputs = _add_people(state, old, new)
    state.fading = np.exp(-state.model.clock.step_hours / new.parameters["announcement_hours"])[:, None]
    state.eventful = frozenset(new.event_step.ravel().tolist())
    state.rerouted[:] = True
    return added


def keep_past(old: Integers, new: Integers, step: int) -> Integers:
    """Return steps of events: what has happened has, and nothing comes to have happened."""
    return np.where((old < step) | (new < step), old, new)


def _follow(state: State, name: str, old: Floats, new: Floats) -> None:
    """Let the state have the new value where it has the old one."""
    values = getattr(state, name)
    values[:] = np.where(values == old, new, values)


def _follow_event(state: State, name: str, event: Event, happened: Flags, old: Floats, new: Floats) -> None:
    """Let what an event has set have its new size."""
    places = np.flatnonzero(state.model.network.inside) if event.target == ALL_PLACES else [event.target]
    values = getattr(state, name)
    for place in places:
        same = happened & (values[:, place] == old)
        values[:, place] = np.where(same, new, values[:, place])


def _follow_rest(state: State, old: Inputs, new: Inputs, happened: Flags) -> None:
    """Let guarantees, danger, shortage and the rates at which groups leave follow, as set at first or by events."""
    guarantees = np.where(
        state.guarantees == old.parameters["guarantees"], new.parameters["guarantees"], state.guarantees
    )
    state.guarantees[:] = guarantees
    _follow(state, "leave_rate", old.leave_rate, new.leave_rate)
    for index, event in enumerate(state.model.events):
        before, after = old.event_value[:, index], new.event_value[:, index]
        if event.kind in ("danger", "shortage"):
            _follow_event(state, event.kind, event, happened[:, index], before, after)
        elif event.kind == "guarantees":
            same = happened[:, index] & (state.guarantees == before)
            state.guarantees[:] = np.where(same, after, state.guarantees)
        elif event.kind == "leave_rate":
            for part, group in enumerate(state.model.people.parts):
                if group.group == event.target:
                    same = happened[:, index] & (state.leave_rate[:, part] == before)
                    state.leave_rate[:, part] = np.where(same, after, state.leave_rate[:, part])


def _add_people(state: State, old: Inputs, new: Inputs) -> tuple[Integers, Inputs]:
    """Let more or fewer people be there, and more or fewer of them stay, among those who have not decided to leave.

    Returns those added, and inputs with the people who are there in truth: what could not be done now, because too few
    were left, may be at a later move.
    """
    people, queues = state.model.people, state.queues
    # at most: others have come there since, or have been there only now and then
    undecided = np.minimum(queues.present, np.minimum(old.people, state.fewest) - old.staying)
    stay = np.minimum(new.staying - old.staying, undecided)
    more = (new.people - old.people).sum(axis=(1, 2))
    at_home = np.array([not (part.displaced or part.held) for part in people.parts])
    here = np.where(at_home, undecided - stay, 0).reshape(len(more), -1)
    total = here.sum(axis=1)
    more = np.where(total > 0, np.maximum(more, -total), 0)
    upto = np.floor(np.cumsum(here, axis=1) * (more / np.maximum(total, 1))[:, None] + 0.5).astype(np.int64)
    share = np.diff(upto, axis=1, prepend=0).reshape(queues.present.shape)
    queues.present[:] += share - stay
    state.fewest += share
    added = np.zeros_like(queues.at_place)
    added[:, people.origins, : people.leavers] = share
    queues.at_place[:] += added
    if state.relief is not None:
        stores, places = state.relief.stores, state.relief.supplies.places
        for counted in (stores.people, stores.people_before):
            counted[:, : len(places)] += added[:, places].sum(axis=2)
    return added, replace(new, people=old.people + share, staying=old.staying + stay)
