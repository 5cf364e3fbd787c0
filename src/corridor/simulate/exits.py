"""Who is held back, before which exit and by what: measured at recorded moments (docs/model.md, rule 21)."""

from __future__ import annotations

# compiled functions take arrays of kinds that numba finds out
# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: ANN001, ANN202
from typing import NamedTuple

import numpy as np

from corridor.chance.compiled import compiled, inlined, inner
from corridor.simulate.arrays import Flags, Floats, Integers
from corridor.simulate.kernel import BLOCKED
from corridor.simulate.measuring import count_until
from corridor.simulate.model import Model
from corridor.simulate.phases import gather_vehicles
from corridor.simulate.queues import may_hold, take_part
from corridor.simulate.series import Column
from corridor.simulate.state import State

CAUSES = ("checkpoint", "road", "closed", "transport", "fuel")
CHECKPOINT, ROAD, CLOSED, TRANSPORT, FUEL = range(5)
NO_EXIT = "(none)"
UNKNOWN, ALL = -1, -1


class Ahead(NamedTuple):
    """What is ahead of people on their way, as it stands at the moment."""

    onward: Integers  # [R, P, D] link to take
    lanes: Floats  # [R, K] of checkpoints
    room_wanted: Floats  # [R, L] vehicles that a link takes in a tick unless it is full
    storage: Floats  # [R, L]
    back_lag: Floats  # [R, L]
    leading_out: Flags  # [L] begins inside
    inside: Flags  # [P]


class Waiting(NamedTuple):
    """Who waits for transport at the origins, and where they want to go."""

    people: Integers  # [R, O, G]
    origins: Integers  # [O] places
    gateways: Integers  # [gateways] destination indices
    open_way: Flags  # [R, O]
    weights: Floats  # [R, O, gateways] none where no way is open
    pull: Floats  # [R, gateways] that of each gateway, however far


class Memory(NamedTuple):
    """Memory to work in."""

    answers: Integers  # [2, P, D] exit and cause for those who stand before a place on their way to a destination
    holds: Integers  # [Q] what holds each queue
    counted: Integers  # [E + 1, causes] people of one queue
    beyond: Integers  # [E + 1, causes] people who are out already: nobody asks for them


def name_exit_columns(model: Model) -> tuple[list[Column], list[Column]]:
    """Return the columns recorded by exit and area: whole numbers, measures."""
    exits = model.network.exits
    lost = (*exits, NO_EXIT)
    counts = [Column("held_back"), *(Column("arrivals", (name,)) for name in exits)]
    counts += [Column("arrivals", (area,), "area") for area in _list_areas(model)]
    counts += [Column("vehicles_arrived", (name,)) for name in exits]
    counts += [Column("held_back", (name,)) for name in lost]
    counts += [Column("held_back", (name, cause)) for name in lost for cause in CAUSES]
    return counts, [Column(series, (name,)) for series in ("journey_hours", "waited_hours") for name in exits]


def _list_areas(model: Model) -> list[str]:
    return sorted(set(model.network.exits.values()))


def measure_exits(state: State, moment: int, present: Integers, delayed: Integers) -> tuple[Integers, Floats]:
    """Return what is recorded by exit and area [R, columns], in the order of the names: whole numbers, measures.

    `present` and `delayed` are the vehicles on each link at recorded moment number `moment` [R, L].
    """
    model, out = state.model, state.queues.exits
    held = np.zeros((len(out), len(model.network.exits) + 1, len(CAUSES)), dtype=np.int64)
    tick = moment * model.clock.record_every * model.clock.ticks
    ahead, waiting = _look_ahead(state), _gather_waiting(state)
    fleets, memory = gather_vehicles(state), _make_memory(model, held)
    _count_held_back(
        model.network.layout, state.queues, tick, ahead, present, delayed, waiting, fleets, memory, held
    )  # fmt: skip
    ends = list(model.network.exits.values())
    areas = np.array([[area == end for end in ends] for area in _list_areas(model)], dtype=np.int64)
    people, vehicles = (out[:, :, i].astype(np.int64) for i in (0, 1))
    by_exit = held.sum(axis=2)
    total = by_exit.sum(axis=1, keepdims=True)
    counts = (total, people, people @ areas.reshape(-1, len(ends)).T, vehicles, by_exit, held.reshape(len(held), -1))
    return np.concatenate(counts, axis=1), np.concatenate((out[:, :, 2], out[:, :, 3]), axis=1)


def _make_memory(model: Model, held: Integers) -> Memory:
    places, goals = len(model.network.places), len(model.people.destinations)
    queues = len(model.network.layout.stream_count)
    return Memory(
        np.empty((2, places, goals), dtype=np.int64),
        np.empty(queues, dtype=np.int64),
        np.empty_like(held[0]),
        np.zeros_like(held[0]),
    )


def _look_ahead(state: State) -> Ahead:
    network = state.model.network
    return Ahead(
        state.routes.onward,
        state.lanes,
        state.capacity * state.model.clock.tick_hours,
        state.storage,
        state.back_lag,
        network.inside[network.link_from],
        network.inside,
    )


def _gather_waiting(state: State) -> Waiting:
    people = state.model.people
    return Waiting(
        state.waiting, people.origins, people.gateways, state.open_way, state.leave_weights, state.inputs.gateway_pull
    )


@compiled
def _count_held_back(layout, queues, tick, ahead, present, delayed, waiting, vehicles, memory, held):
    """Add up who is held back by exit (the last: no way out) and cause, people [R, E + 1, causes].

    Places come in the order against that in which people pass them: what holds a queue is known before those behind.
    """
    links = layout.link_to.shape[0]
    for r in range(held.shape[0]):
        now = tick - queues.slept[r]
        memory.answers[1] = UNKNOWN
        memory.holds[:] = ROAD
        for place in layout.node_order[::-1]:
            for i in range(layout.node_start[place], layout.node_start[place + 1]):
                queue = layout.node_queues[i]
                if queue >= links:
                    front, people = queues.standing[r, place], ALL
                    begins_inside, leaves = ahead.inside[place], UNKNOWN
                else:
                    front = delayed[r, queue]
                    people = take_part(queues.on_link[r, queue], front, present[r, queue]) if front > 0 else 0
                    begins_inside, leaves = ahead.leading_out[queue], layout.link_exit[queue]
                if front > 0:
                    counted = held[r] if begins_inside else memory.beyond
                    memory.holds[queue] = _divide_queue(
                        layout, queues, r, now, ahead, queue, place, leaves, front, people, memory, counted
                    )
        for o in range(waiting.origins.shape[0]):
            for g in range(waiting.people.shape[2]):
                if waiting.people[r, o, g] > 0:
                    cause = _find_lack(r, o, g, waiting, vehicles)
                    _divide_waiting(layout, queues, r, now, ahead, o, g, cause, waiting, memory, held[r])


@inner
def _divide_queue(layout, queues, r, now, ahead, queue, place, own, vehicles, people, memory, held):
    """Add people of a queue, of so many vehicles at its front, to `held` [E + 1, causes]; return what holds the queue.

    They head for exit `own`, or for that of the way of their stream; `people` of ALL are all in these vehicles. Nobody
    leaves a road that is shut. Where streams part, people are divided as those in the vehicles are, and who could go on
    but for those before, bound elsewhere, is held back by what holds these.
    """
    first, parts = layout.stream_start[queue], people == ALL
    shut = queue < layout.link_to.shape[0] and ahead.room_wanted[r, queue] <= 0.0
    leaves, cause = UNKNOWN, UNKNOWN
    for k in range(layout.stream_count[queue]):
        goal = layout.stream_goal[layout.queue_streams[first + k]]
        before = leaves, cause
        leaves, cause = _answer(layout, queues, r, now, ahead, place, goal, memory)
        leaves, cause = own if own >= 0 else leaves, CLOSED if shut else cause
        parts |= k > 0 and before != (leaves, cause)
    if not parts:
        held[leaves, cause] += people
        return cause
    memory.counted[:] = 0
    lines, cohort, holds = queues.lines, queues.lines.queues[r, queue].first, CLOSED if shut else ROAD
    while vehicles > 0:
        for k in range(layout.stream_count[queue]):
            if holds == ROAD and may_hold(lines.cohorts[r, cohort], k) and lines.cells[r, cohort, k].vehicles > 0:
                goal = layout.stream_goal[layout.queue_streams[first + k]]
                _, holds = _answer(layout, queues, r, now, ahead, place, goal, memory)
        rest = np.int64(lines.cohorts[r, cohort].vehicles)
        want = min(vehicles, rest)
        vehicles -= want
        for k in range(layout.stream_count[queue]):
            if may_hold(lines.cohorts[r, cohort], k) and lines.cells[r, cohort, k].vehicles > 0:
                cell = lines.cells[r, cohort, k]
                here = np.int64(cell.vehicles)
                taken = take_part(want, here, rest)
                want -= taken
                rest -= here
                goal = layout.stream_goal[layout.queue_streams[first + k]]
                leaves, cause = _answer(layout, queues, r, now, ahead, place, goal, memory)
                leaves, cause = own if own >= 0 else leaves, holds if shut or cause == ROAD else cause
                memory.counted[leaves, cause] += take_part(np.int64(cell.people), taken, here)
        cohort = lines.cohorts[r, cohort].next
    rest = memory.counted.sum()
    people = rest if people == ALL else people
    for leaves in range(held.shape[0]):
        for cause in range(held.shape[1]):
            here = memory.counted[leaves, cause]
            if here > 0:
                part = take_part(people, here, rest)
                held[leaves, cause] += part
                people -= part
                rest -= here
    return holds


@inner
def _answer(layout, queues, r, now, ahead, place, goal, memory):
    """Return the exit on the way from a place to a destination (-1: none), and what holds back those before it."""
    if memory.answers[1, place, goal] == UNKNOWN:
        leaves, cause = _look_along(layout, queues, r, now, ahead, place, goal, memory.holds)
        memory.answers[0, place, goal], memory.answers[1, place, goal] = leaves, cause
    return memory.answers[0, place, goal], memory.answers[1, place, goal]


@inner
def _look_along(layout, queues, r, now, ahead, place, goal, holds):
    """Follow a way: over full roads to what they wait for, and on to the exit."""
    leaves, cause, before = UNKNOWN, UNKNOWN, ROAD
    while leaves < 0 or cause < 0:
        way, checkpoint = ahead.onward[r, place, goal], layout.node_checkpoint[place]
        if cause < 0:
            if way == BLOCKED or (checkpoint >= 0 and ahead.lanes[r, checkpoint] <= 0.0):
                cause = CLOSED
            elif way >= 0 and _is_full(queues, r, now, ahead, way):
                before = holds[way] if before == ROAD else before
            else:
                cause = CHECKPOINT if checkpoint >= 0 and queues.short[r, checkpoint] else before
        if way < 0:
            break
        if leaves < 0:
            leaves = layout.link_exit[way]
        place = layout.link_to[way]
    return leaves, cause


@inlined
def _is_full(queues, r, now, ahead, link):
    """Tell whether a road has less room than it would take in a tick if nothing stood on it (see `move`)."""
    freed = count_until(queues.down, r, link, min(now + 1 - ahead.back_lag[r, link], float(now)))
    entered = queues.up[r, now & (queues.up.shape[1] - 1), link]
    return ahead.storage[r, link] + freed - entered < ahead.room_wanted[r, link]


@inner
def _find_lack(r, o, g, waiting, vehicles):
    """Return what people of a group who wait for transport lack: an open way, fuel for what stands there, a vehicle."""
    if not waiting.open_way[r, o]:
        return CLOSED
    stock = vehicles.fuel_stock[r, waiting.origins[o]]
    there = vehicles.own[g]
    fuelled = vehicles.own[g] and vehicles.fuel_litres[r, g] <= stock
    for fleet in range(vehicles.at_hand.shape[1]):
        if vehicles.fleet_groups[fleet, g] and not vehicles.own[g] and vehicles.at_hand[r, fleet] > 0:
            there = True
            fuelled |= vehicles.fleet_litres[r, o, fleet] <= stock
    return FUEL if there and not fuelled else TRANSPORT


@inner
def _divide_waiting(layout, queues, r, now, ahead, o, g, cause, waiting, memory, held):
    """Add people who wait at an origin to `held`, by the weights of destinations there, or pull if none is open."""
    weights = waiting.weights[r, o] if waiting.open_way[r, o] else waiting.pull[r]
    people, rest = waiting.people[r, o, g], weights.sum()
    for i in range(weights.shape[0]):
        if weights[i] > 0.0 and people > 0:
            rest_after = weights[i + 1 :].sum()
            part = np.int64(people * (weights[i] / rest)) if rest_after > 0.0 else people
            leaves, _ = _answer(layout, queues, r, now, ahead, waiting.origins[o], waiting.gateways[i], memory)
            held[leaves, cause] += part
            people -= part
            rest = rest_after
    held[-1, cause] += people
