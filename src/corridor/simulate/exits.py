"""Who is held back, before which exit and by what: measured at recorded moments (docs/model.md, rule 21)."""

from __future__ import annotations

# compiled functions take arrays of kinds that numba finds out
# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: ANN001, ANN202
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corridor.chance.compiled import compiled, inlined
from corridor.simulate.arrays import Flags, Floats, Integers
from corridor.simulate.inspection import is_beside
from corridor.simulate.kernel import BLOCKED
from corridor.simulate.measuring import count_until, count_whole
from corridor.simulate.model import OWN_VEHICLE, Model, Options
from corridor.simulate.phases import gather_vehicles
from corridor.simulate.queues import IN_USE, may_hold, take_part
from corridor.simulate.series import CAUSES, NO_EXIT, Column
from corridor.simulate.state import State

CHECKPOINT, ROAD, CLOSED, TRANSPORT, FUEL = range(len(CAUSES))
UNKNOWN, PARTED, ALL = -1, -2, -1


class Ahead(NamedTuple):
    """What is ahead of people on their way, as it stands at the moment."""

    onward: NDArray[np.int32]  # [R, P, courses] link to take
    underway: NDArray[np.int32]  # [R, P, courses] the same of those on a road already
    only: NDArray[np.int32]  # [R, fronts] link that everybody in a queue takes, below 0 if none
    lanes: Floats  # [R, K] of checkpoints
    foot_lanes: Floats  # [R, K]
    capacity: Floats  # [R, L] vehicles/h
    delayed: Integers  # [R, L] vehicles
    storage: Floats  # [R, L]
    back_lag: Floats  # [R, L]
    leading_out: Flags  # [L] begins inside
    inside: Flags  # [P]


class Waiting(NamedTuple):
    """Who waits for transport at the origins, and where they want to go."""

    people: Integers  # [R, O, G]
    origins: Integers  # [O] places
    options: Options
    courses: Integers  # [V, goals] of each chooser
    may_leave: Flags  # [R, O, G]
    weights: Floats  # [R, V, O, goals] none where no way is open
    pull: Floats  # [R, goals] that of each goal, however far


class Memory(NamedTuple):
    """Memory to work in."""

    exits: Integers  # [streams of a queue] exit to which the way of each leads
    causes: Integers  # [streams of a queue] what holds each back
    holds: Integers  # [Q] what holds each queue
    counted: Integers  # [E + 2, causes] people of one queue
    beyond: Integers  # [E + 2, causes] people who are out already: nobody asks for them


def name_exit_columns(model: Model) -> tuple[list[Column], list[Column]]:
    """Return the columns recorded by exit and area: whole numbers, measures."""
    exits = model.network.exits
    lost = (*exits, NO_EXIT)
    counts = [Column("held_back"), *(Column("arrivals/exit", (name,)) for name in exits)]
    counts += [Column("arrivals/area", (area,)) for area in model.network.exit_areas]
    counts += [Column("vehicles_arrived/exit", (name,)) for name in exits]
    counts += [Column("held_back", (name,)) for name in lost]
    counts += [Column("held_back", (name, cause)) for name in lost for cause in CAUSES]
    return counts, [Column(series, (name,)) for series in ("journey_hours/exit", "waited_hours/exit") for name in exits]


def measure_exits(state: State, moment: int, present: Integers, delayed: Integers) -> tuple[Integers, Floats]:
    """Return what is recorded by exit and area [R, columns], in the order of the names: whole numbers, measures.

    `present` and `delayed` are the vehicles on each link at recorded moment number `moment` [R, L].
    """
    model, out = state.model, state.queues.exits
    held = np.zeros((len(out), len(model.network.exits) + 2, len(CAUSES)), dtype=np.int64)
    tick = moment * model.clock.record_every * model.clock.ticks
    _count_held_back(
        model.network.layout, state.queues, tick, model.clock.tick_hours, _look_ahead(state, delayed), present,
        _gather_waiting(state), gather_vehicles(state), _make_memory(model, held), held,
    )  # fmt: skip
    exits, areas = out.shape[1], len(model.network.exit_areas)
    counts = np.empty((len(out), 1 + 2 * exits + areas + (exits + 1) * (1 + len(CAUSES))), dtype=np.int64)
    hours = np.empty((len(out), 2 * exits))
    _write_exits(out, held, model.network.area_of_exit, areas, counts, hours)
    return counts, hours


def _make_memory(model: Model, held: Integers) -> Memory:
    most = model.network.most_streams
    return Memory(
        np.empty(most, dtype=np.int64),
        np.empty(most, dtype=np.int64),
        np.empty(len(model.network.layout.stream_count), dtype=np.int64),
        np.empty_like(held[0]),
        np.zeros_like(held[0]),
    )


def _look_ahead(state: State, delayed: Integers) -> Ahead:
    network = state.model.network
    return Ahead(
        state.routes.onward,
        state.routes.underway,
        state.routes.only,
        state.lanes,
        state.open_foot_lanes,
        state.capacity,
        delayed,
        state.storage,
        state.back_lag,
        network.leading_out,
        network.inside,
    )


def _gather_waiting(state: State) -> Waiting:
    people, pull = state.model.people, state.inputs.gateway_pull
    sights = people.choosers.shape[1]
    return Waiting(
        state.waiting, people.origins, people.options, people.goal_courses, state.may_leave, state.leave_weights,
        pull if sights == 1 else np.tile(pull, (1, sights)),
    )  # fmt: skip


@compiled
def _count_held_back(layout, queues, tick, tick_hours, ahead, present, waiting, vehicles, memory, held):
    """Add up who is held back by exit (then who goes home, then no way out) and cause, people [R, E + 2, causes].

    Places come in the order against that in which people pass them: what holds a queue is known before those behind.
    """
    links = layout.link_to.shape[0]
    for r in range(held.shape[0]):
        now = tick - queues.slept[r]
        memory.holds[:] = ROAD
        for place in layout.node_order[::-1] if queues.lines.pool[r, IN_USE] > 0 else layout.node_order[:0]:
            for i in range(layout.node_start[place], layout.node_start[place + 1]):
                queue = layout.node_queues[i]
                if queue >= links:
                    front, people = queues.standing[r, queue - links], ALL
                    begins_inside, leaves = ahead.inside[place], UNKNOWN
                else:
                    front = ahead.delayed[r, queue]
                    people = take_part(queues.on_link[r, queue], front, present[r, queue]) if front > 0 else 0
                    begins_inside, leaves = ahead.leading_out[queue], layout.link_exit[queue]
                if front > 0 and (begins_inside or _is_full(queues, r, now, tick_hours, ahead, queue)):
                    counted = held[r] if begins_inside else memory.beyond
                    memory.holds[queue] = _divide_queue(
                        layout, queues, r, now, tick_hours, ahead, i, place, leaves, front, people, memory, counted
                    )
        for o in range(waiting.origins.shape[0]):
            for g in range(waiting.people.shape[2]):
                if waiting.people[r, o, g] > 0:
                    _divide_waiting(layout, ahead.onward[r], r, o, g, waiting, vehicles, held[r])


@inlined
def _divide_queue(layout, queues, r, now, tick_hours, ahead, i, place, own, vehicles, people, memory, held):
    """Add people of front i, of so many vehicles there, to `held` [E + 2, causes]; return what holds the queue.

    They head for exit `own`, or for that of the way of their stream; `people` of ALL are all in these vehicles. Nobody
    leaves a road that is shut. Where streams part, people are divided as those in the vehicles are, and who could go on
    but for those before, bound elsewhere, is held back by what holds these.
    """
    queue = layout.node_queues[i]
    first, parts = layout.stream_start[queue], False
    shut = queue < layout.link_to.shape[0] and ahead.capacity[r, queue] <= 0.0
    course, leaves, cause = UNKNOWN, UNKNOWN, UNKNOWN
    beside = is_beside(layout, queue)
    for k in range(layout.stream_count[queue]):
        stream = layout.queue_streams[first + k]
        course_before, course = course, layout.stream_course[stream]
        if course != course_before:
            found, cause = _look_along(
                layout, queues, r, now, tick_hours, ahead, i, place, course, beside, memory.holds
            )
            leaves, cause = own if own >= 0 else found, CLOSED if shut else cause
            if layout.stream_homeward[stream]:
                leaves = held.shape[0] - 2
        memory.exits[k], memory.causes[k] = leaves, cause
        parts |= leaves != memory.exits[0] or cause != memory.causes[0]
    lines, front = queues.lines, queues.lines.queues[r, queue].first
    if parts:
        leaves, cause = _find_common(lines.cohorts[r], front, vehicles, layout.stream_count[queue], memory)
    if people == ALL:
        people = _count_people(lines, r, front, vehicles, layout.stream_count[queue])
    if leaves != PARTED:
        held[leaves, cause] += people
        return cause
    cohort, holds = front, ROAD
    memory.counted[:] = 0
    while vehicles > 0:
        cells, filled = lines.cells[r, cohort], lines.cohorts[r, cohort]
        for k in range(layout.stream_count[queue]):
            if holds == ROAD and may_hold(filled, k) and cells[k].vehicles > 0:
                holds = memory.causes[k]
        rest = np.int64(filled.vehicles)
        want = min(vehicles, rest)
        vehicles -= want
        for k in range(layout.stream_count[queue]):
            if may_hold(filled, k) and cells[k].vehicles > 0:
                here, cause = np.int64(cells[k].vehicles), memory.causes[k]
                taken = take_part(want, here, rest)
                want -= taken
                rest -= here
                cause = holds if cause == ROAD else cause
                memory.counted[memory.exits[k], cause] += take_part(np.int64(cells[k].people), taken, here)
        cohort = filled.next
    rest = memory.counted.sum()
    for leaves in range(held.shape[0]):
        for cause in range(held.shape[1]):
            here = memory.counted[leaves, cause]
            if here > 0:
                part = take_part(people, here, rest)
                held[leaves, cause] += part
                people -= part
                rest -= here
    return holds


@inlined
def _find_common(cohorts, front, vehicles, streams, memory):
    """Return the exit and cause that all streams have which may be among vehicles at a front; PARTED if they differ."""
    present, cohort = np.uint32(0), front
    while vehicles > 0:
        present |= cohorts[cohort].filled
        vehicles -= cohorts[cohort].vehicles
        cohort = cohorts[cohort].next
    leaves, cause = UNKNOWN, UNKNOWN
    for k in range(streams):
        if (present >> np.uint32(k & 31)) & np.uint32(1) != 0 and leaves != PARTED:
            if cause >= 0 and (leaves != memory.exits[k] or cause != memory.causes[k]):
                leaves = PARTED
            else:
                leaves, cause = memory.exits[k], memory.causes[k]
    return leaves, cause


@inlined
def _count_people(lines, r, front, vehicles, streams):
    """Return the people of a whole queue, of so many vehicles."""
    people, cohort = 0, front
    while vehicles > 0:
        for k in range(streams):
            if may_hold(lines.cohorts[r, cohort], k):
                people += lines.cells[r, cohort, k].people
        vehicles -= lines.cohorts[r, cohort].vehicles
        cohort = lines.cohorts[r, cohort].next
    return people


@inlined
def _look_along(layout, queues, r, now, tick_hours, ahead, i, place, course, beside, holds):
    """Follow a way: over full roads to what they wait for, and on to the exit. Who waits for a seat, lacks a seat."""
    leaves, cause, before, queue, way = UNKNOWN, UNKNOWN, ROAD, layout.node_queues[i], np.int64(ahead.only[r, i])
    if way < 0 and queue >= layout.link_to.shape[0]:
        way = ahead.onward[r, place, course]
    elif way < 0:
        way = ahead.underway[r, place, course]
    while leaves < 0 or cause < 0:
        checkpoint = layout.node_checkpoint[place]
        if cause < 0:
            lanes = ahead.foot_lanes if beside else ahead.lanes
            if way == BLOCKED or (checkpoint >= 0 and lanes[r, checkpoint] <= 0.0):
                cause = CLOSED
            elif way >= 0 and layout.link_platform[way] == queue:
                cause = TRANSPORT
            elif way >= 0 and _is_full(queues, r, now, tick_hours, ahead, way):
                before = holds[way] if before == ROAD else before
            else:
                short = queues.short_on_foot if beside else queues.short
                cause = CHECKPOINT if checkpoint >= 0 and short[r, checkpoint] else before
        if way < 0:
            break
        if leaves < 0:
            leaves = layout.link_exit[way]
        if layout.link_platform[way] >= 0:
            course, beside = layout.course_then[course], True
        place = layout.link_to[way]
        way = ahead.underway[r, place, course]
    return leaves, cause


@inlined
def _is_full(queues, r, now, tick_hours, ahead, link):
    """Tell whether a road has less room than it would take in a tick if nothing stood on it (see `move`)."""
    if ahead.delayed[r, link] == 0:
        return False
    freed = count_until(queues.down, r, link, min(now + 1 - ahead.back_lag[r, link], float(now)))
    entered = queues.up[r, now & (queues.up.shape[1] - 1), link]
    return ahead.storage[r, link] + freed - entered < ahead.capacity[r, link] * tick_hours


@inlined
def _find_lack(r, o, g, waiting, vehicles):
    """Return what people of a group who wait for transport lack: an open way, fuel for what stands there, a vehicle."""
    if not waiting.may_leave[r, o, g]:
        return CLOSED
    stock, there, fuelled = vehicles.fuel_stock[r, waiting.origins[o]], False, False
    for option in range(waiting.options.start[g], waiting.options.start[g + 1]):
        fleet = waiting.options.fleet[option]
        if fleet == OWN_VEHICLE:
            there = True
            fuelled |= vehicles.fuel_litres[r, g] <= stock
        elif fleet >= 0 and vehicles.at_hand[r, fleet] > 0:
            there = True
            fuelled |= vehicles.fleet_litres[r, o, fleet] <= stock
    return FUEL if there and not fuelled else TRANSPORT


@inlined
def _divide_waiting(layout, onward, r, o, g, waiting, vehicles, held):
    """Add people who wait at an origin to `held`, over the exits on their ways by the weights of destinations."""
    cause, people, origin = _find_lack(r, o, g, waiting, vehicles), waiting.people[r, o, g], waiting.origins[o]
    option = waiting.options.start[g]
    chooser = waiting.options.chooser[option] if option < waiting.options.start[g + 1] else 0
    weights, courses = waiting.weights[r, chooser, o], waiting.courses[chooser]
    rest, last = 0.0, -1
    for i in range(weights.shape[0]):
        rest += weights[i]
        last = i if weights[i] > 0.0 else last
    if last < 0:  # no way is open: as attractive as each is
        weights, last = waiting.pull[r], weights.shape[0] - 1
        for i in range(weights.shape[0]):
            rest += weights[i]
    for i in range(last + 1):
        if weights[i] > 0.0:
            part = people if i == last else np.int64(people * min(weights[i] / rest, 1.0))
            rest -= weights[i]
            held[_find_exit(layout, onward, origin, courses[i]), cause] += part
            people -= part
    held[-1, cause] += people


@inlined
def _find_exit(layout, onward, place, course):
    """Return the exit on the way from a place on a course, -1 if none."""
    leaves, way, steps = UNKNOWN, onward[place, course], 0
    while leaves < 0 and way >= 0 and steps <= layout.link_to.shape[0]:
        leaves = layout.link_exit[way]
        if layout.link_platform[way] >= 0:
            course = layout.course_then[course]
        way, steps = onward[layout.link_to[way], course], steps + 1
    return leaves


@compiled
def _write_exits(out, held, area_of, areas, counts, hours):
    """Write the columns [R, columns] in the order of their names; `area_of` is the number of each exit's area.

    Of those held up who go home nothing is written.
    """
    exits, causes = out.shape[1], held.shape[2]
    counts[:] = 0
    for r in range(counts.shape[0]):
        vehicles, lost = 1 + exits + areas, 1 + 2 * exits + areas
        for i in range(exits + 1):
            for cause in range(causes):
                people = held[r, i if i < exits else i + 1, cause]
                counts[r, 0] += people
                counts[r, lost + i] += people
                counts[r, lost + exits + 1 + i * causes + cause] = people
        for i in range(exits):
            people = np.int64(out[r, i, 0])
            counts[r, 1 + i] = people
            counts[r, 1 + exits + area_of[i]] += people
            counts[r, vehicles + i] = count_whole(out[r, i, 1])
            hours[r, i], hours[r, exits + i] = out[r, i, 2], out[r, i, 3]
