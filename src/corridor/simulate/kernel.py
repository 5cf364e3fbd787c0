"""The kernel: moves whole people and vehicles over arrays. It knows no names, no behaviour and no chance.

Rules are numbered in docs/model.md. R replicates, O origins, P places, G groups, L links, Q queues, S streams.
Order is first in first out between cohorts; inside a cohort streams leave in proportion, in whole vehicles and
whole people.
"""

from __future__ import annotations

# compiled functions take arrays of kinds that numba finds out
# mypy: disable-error-code="no-untyped-def"
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corridor.chance.compiled import compiled, inlined
from corridor.simulate.arrays import Flags, Floats, Integers
from corridor.simulate.crossing import release
from corridor.simulate.inspection import count_work, is_beside, is_inspected, weigh_front
from corridor.simulate.network import Layout
from corridor.simulate.queues import IN_USE, Lines, may_hold

BLOCKED, TERMINATES = -2, -1
FREE = 1e12  # vehicles/h: nothing limits


class Queues(NamedTuple):
    """Everything on the move, all replicates of a batch.

    The curves `up` and `down` (N. in Newell's papers) go back `window` ticks, a power of two: tick t is row t %
    window, those `slept` not counted. Counts are cumulative unless said otherwise.
    """

    lines: Lines
    up: NDArray[np.int32]  # [R, window, L] vehicles that have entered a link
    down: NDArray[np.int32]  # [R, window, L] vehicles that have left it
    standing: Integers  # [R, E] vehicles (beside them people) waiting at an entry
    joining: Integers  # [R, E] of those, who come to stand there in the course of the step, evenly
    at_place: Integers  # [R, P, G] people at places, also those in queues and at desks there
    on_link: Integers  # [R, L] people on links
    passed_vehicles: Floats  # [R, K] through checkpoints
    passed_people: Integers  # [R, K]
    owed: Floats  # [R, K] inspection done before its time, in times of a car's
    arrived: Integers  # [R] people who have come from inside to outside
    journey_hours: Floats  # [R] people-hours of the journeys of those arrived
    waited_hours: Floats  # [R] people-hours waited of those arrived
    exits: Floats  # [R, E, 4] people and vehicles that have come out by each exit, their hours of journey and waited
    short: Flags  # [R, K] checkpoints that let through less than was asked for, in the last tick
    short_on_foot: Flags  # [R, K] the same of people on foot
    slept: Integers  # [R] ticks so far for which the curves were not carried on: nothing moved, nor had of late
    at_desk: Integers  # [R, D] people waiting to be registered
    registered: Integers  # [R, D]
    desk_carry: Floats  # [R, D]
    settled: Integers  # [R, P] people who have come to stay
    beds: Floats  # [R, P]
    resting: Integers  # [R, P or 0, groups] people outside who may go back
    gone_back: Integers  # [R, P] of those settled, people who have set out for home
    came_back: Integers  # [R] people who have come from outside to inside
    going_on: Integers  # [R, P or 0, groups] people who have come where all beds are taken, and have not yet gone on
    returned: Floats  # [R, G] vehicles of fleets that brought people of a group out and have not yet turned round
    present: Integers  # [R, O, G] people at origins who have not decided to leave (those who stay apart)


@inlined
def _interpolate(curves, r, link, position):
    """Return a cumulative curve between ticks; 0 before the start."""
    value = 0.0
    if position > 0.0:
        last_row = curves.shape[1] - 1
        index = int(position)
        value = float(curves[r, index & last_row, link])
        part = position - index
        if part > 0.0:
            value += part * (curves[r, (index + 1) & last_row, link] - value)
    return value


def make_scratch(layout: Layout) -> tuple[Floats, Floats, Floats, Integers]:
    """Return memory for `move`: room of links and demand for them, vehicles sent and waiting at fronts of queues."""
    links, fronts = len(layout.link_to), len(layout.node_queues)
    return np.zeros(links), np.zeros(links), np.zeros(fronts), np.zeros(fronts, dtype=np.int64)


@compiled
def move(
    layout,
    queues,
    first_tick,
    ticks,
    tick_hours,
    remembered,
    lag,
    back_lag,
    capacity,
    storage,
    pace,
    onward,
    underway,
    only,
    scratch,
):
    """Move vehicles over every node, tick by tick: Newell's cumulative curves with whole vehicles.

    A link can send what entered at least its free travel time (`lag`, ticks [R, L]) ago, and not more than its
    capacity (vehicles/h [R, L]); it can receive what its storage (vehicles [R, L]) has room for once the wave of
    freed space has travelled back (`back_lag`, ticks). Places come in the order in which people pass them, so that a
    road passed in less than a tick can be passed in the same. G. Newell, Transportation Research B 27 (1993) 281-313,
    doi:10.1016/0191-2615(93)90038-C; link transmission: I. Yperman, thesis, K.U. Leuven 2007. A node passes
    first in first out: when one way on is full, those behind wait too. `pace` is what checkpoints let through;
    `onward` [R, P, courses] the link to take on a course, `underway` that of those on a road already, `only`
    [R, fronts] the one that everybody in a queue takes, if there is one, or BLOCKED. So many ticks back `remembered`
    the outflow of roads is asked for. `scratch` is memory to work in, see `make_scratch`.
    """
    links = layout.link_to.shape[0]
    room, demand, sending, waiting = scratch
    for r in range(queues.up.shape[0]):
        if queues.lines.pool[r, IN_USE] == 0 and _is_forgotten(
            queues, r, first_tick - queues.slept[r], back_lag, remembered
        ):
            queues.slept[r] += ticks
            continue
        for tick in range(first_tick, first_tick + ticks):
            now = tick - queues.slept[r]
            _begin_tick(queues, r, now)
            if queues.lines.pool[r, IN_USE] == 0:
                continue
            following = (now + 1) & (queues.up.shape[1] - 1)
            share_come = (tick + 1 - first_tick) / ticks
            room[0] = _touch(layout, queues, r, now, lag)
            for place in layout.node_order:
                total = _count_ready(
                    layout, queues, r, place, now, tick_hours, share_come, lag, capacity, only[r], sending, waiting
                )
                if total <= 0.0:
                    continue
                least = _measure_room(
                    layout, queues, r, place, now, tick_hours, back_lag, capacity, storage, room, demand
                )
                if total > least:  # some way on may be shut or not take all: see who wants to go where
                    total = _share_ways(
                        layout, queues, r, place, onward[r], underway[r], only[r], room, demand, sending, waiting
                    )
                checkpoint = layout.node_checkpoint[place]
                scale, scale_on_foot = 1.0, 1.0
                if checkpoint >= 0:
                    work, people = total, 0.0
                    if not (layout.plain and pace.alike and total < np.inf):
                        work, people = count_work(
                            layout, queues.lines, r, place, checkpoint, pace, onward[r], underway[r], sending, waiting
                        )
                    most = pace.vehicles[r, checkpoint] * tick_hours - queues.owed[r, checkpoint]
                    if people > pace.on_foot[r, checkpoint] * tick_hours:
                        scale_on_foot = pace.on_foot[r, checkpoint] * tick_hours / people
                        queues.short_on_foot[r, checkpoint] = True
                    if work > most:
                        scale = max(most, 0.0) / work
                        queues.short[r, checkpoint] = True
                    queues.owed[r, checkpoint] = max(-most, 0.0)
                for i in range(layout.node_start[place], layout.node_start[place + 1]):
                    if waiting[i] > 0:
                        queue = layout.node_queues[i]
                        share = scale
                        if not layout.plain and is_beside(layout, queue):
                            ways, share = underway[r, place] if queue < links else onward[r, place], scale_on_foot
                            if share < 1.0 and not is_inspected(layout, queues.lines, r, queue, sending[i], ways):
                                share = 1.0  # they only go to wait for a seat
                        out = _count_out(queues.lines, r, queue, sending[i] * share, waiting[i])
                        if out > 0:
                            free_hours = 0.0
                            if queue < links:
                                free_hours = lag[r, queue] * tick_hours
                                queues.down[r, following, queue] += out
                            else:
                                queues.standing[r, queue - links] -= out
                            each, per_person = 1.0, -1.0
                            unlike = checkpoint >= 0 and scale < 1.0 and not (pace.alike or is_beside(layout, queue))
                            if unlike:
                                per_person = pace.per_person[r, checkpoint]
                                each = weigh_front(layout, queues.lines, r, queue, sending[i], per_person) / sending[i]
                            work = release(
                                layout,
                                queues,
                                r,
                                place,
                                queue,
                                tick,
                                following,
                                out,
                                free_hours,
                                tick_hours,
                                underway[r, place] if queue < links else onward[r, place],
                                only[r, i],
                                per_person,
                            )
                            if unlike:  # those at the front may be unlike those behind: what they took is made good
                                queues.owed[r, checkpoint] += work - out * each
        queues.joining[r, :] = 0


@inlined
def _is_forgotten(queues, r, tick, back_lag, remembered):
    """Return whether nobody has left a road for so long that no freed space is on its way, nor asked for any more."""
    last_row = queues.down.shape[1] - 1
    for link in range(queues.down.shape[2]):
        since = max(tick - max(int(back_lag[r, link]) + 1, remembered), 0)
        if queues.down[r, tick & last_row, link] != queues.down[r, since & last_row, link]:
            return False
    return True


@inlined
def _begin_tick(queues, r, tick):
    """Carry the curves on to the end of this tick."""
    last_row = queues.up.shape[1] - 1
    row, following = tick & last_row, (tick + 1) & last_row
    for link in range(queues.up.shape[2]):
        queues.up[r, following, link] = queues.up[r, row, link]
        queues.down[r, following, link] = queues.down[r, row, link]
    queues.short[r, :] = False
    queues.short_on_foot[r, :] = False


@inlined
def _touch(layout, queues, r, tick, lag):
    """Read what the tick will need, queue by queue; return a number that means nothing.

    It lies far apart, and each place would wait for it in turn. Read at once, without looking at it, it comes while
    the rest is asked for: moving takes about a tenth less.
    """
    lines, links, read = queues.lines, layout.link_to.shape[0], 0
    for queue in range(lines.queues.shape[1]):
        line = lines.queues[r, queue]
        if line.cohorts > 0:
            read += lines.cohorts[r, line.first].vehicles + lines.cohorts[r, line.last].vehicles
            for k in range(0, layout.stream_count[queue], 4):
                read += lines.cells[r, line.first, k].vehicles + lines.cells[r, line.last, k].vehicles
            if queue < links:
                read += queues.up[r, int(max(tick + 1 - lag[r, queue], 0.0)) & (queues.up.shape[1] - 1), queue]
    return read


@inlined
def _count_ready(layout, queues, r, place, tick, tick_hours, share_come, lag, capacity, only, sending, waiting):
    """Find how many vehicles wait at the fronts of the queues at a place, and how many could go.

    Return their sum; infinity if for somebody no way on may be open: who goes where must then be looked at.
    """
    links = layout.link_to.shape[0]
    total = 0.0
    for i in range(layout.node_start[place], layout.node_start[place + 1]):
        queue = layout.node_queues[i]
        waiting[i] = 0
        if queues.lines.queues[r, queue].cohorts == 0:
            continue
        if queue < links:
            ready = _interpolate(queues.up, r, queue, tick + 1 - lag[r, queue])
            waiting[i] = int(ready + 1e-9) - queues.down[r, tick & (queues.down.shape[1] - 1), queue]
            most = capacity[r, queue] if layout.link_platform[queue] < 0 else FREE  # seats limit who boards
        else:  # from a place no more vehicles can push in than the widest way takes
            joining = queues.joining[r, queue - links]
            waiting[i] = queues.standing[r, queue - links] - joining + int(joining * share_come + 1e-9)
            most = FREE if layout.entry_free[queue - links] else 0.0
            for j in range(layout.way_start[place], layout.way_start[place + 1]):
                if layout.link_driven[layout.way_links[j]]:
                    most = max(most, capacity[r, layout.way_links[j]])
        if waiting[i] > 0:
            sending[i] = min(float(waiting[i]), most * tick_hours)
            total += sending[i] if only[i] != BLOCKED else np.inf
    return total


@inlined
def _measure_room(layout, queues, r, place, tick, tick_hours, back_lag, capacity, storage, room, demand):
    """Find how many vehicles each way on from a place can take; return the least. Clears `demand`."""
    least = np.inf
    for j in range(layout.way_start[place], layout.way_start[place + 1]):
        link = layout.way_links[j]
        freed = _interpolate(queues.down, r, link, tick + 1 - back_lag[r, link])
        entered = queues.up[r, tick & (queues.up.shape[1] - 1), link]
        space = max(storage[r, link] + freed - entered, 0.0)
        room[link] = min(space, capacity[r, link] * tick_hours)
        demand[link] = 0.0
        least = min(least, room[link])
    return least


@inlined
def _share_ways(layout, queues, r, place, onward, underway, only, room, demand, sending, waiting):
    """Cut what queues send to what their ways take; a queue whose front has no open way waits. Return the sum."""
    total = 0.0
    begin, end = layout.node_start[place], layout.node_start[place + 1]
    for i in range(begin, end):
        if waiting[i] > 0:
            queue = layout.node_queues[i]
            if only[i] >= 0:
                demand[only[i]] += sending[i]
                continue
            ways = underway[place] if queue < layout.link_to.shape[0] else onward[place]
            if not _look_ahead(layout, queues.lines, r, queue, sending[i], ways, room, demand, True):
                waiting[i] = 0
    for i in range(begin, end):
        if waiting[i] > 0:
            queue = layout.node_queues[i]
            if only[i] >= 0:
                sending[i] *= min(1.0, room[only[i]] / demand[only[i]])
            else:
                ways = underway[place] if queue < layout.link_to.shape[0] else onward[place]
                sending[i] *= _look_ahead(layout, queues.lines, r, queue, sending[i], ways, room, demand, False)
            total += sending[i]
    return total


@inlined
def _look_ahead(layout, lines, r, queue, sending, onward, room, demand, wishes):
    """Look where the first `sending` vehicles of a queue want to go; return the share that can go.

    With `wishes` add what they want to `demand` [L], and return 0 if one has no open way; afterwards the share is
    that of the fullest way that any of them wants (`room` for `demand`).
    """
    part = 1.0
    first = layout.stream_start[queue]
    cohort = lines.queues[r, queue].first
    while sending > 0.0:
        vehicles = lines.cohorts[r, cohort].vehicles
        share = min(1.0, sending / vehicles)
        for k in range(layout.stream_count[queue]):
            if may_hold(lines.cohorts[r, cohort], k) and lines.cells[r, cohort, k].vehicles > 0:
                link = onward[layout.stream_course[layout.queue_streams[first + k]]]
                if wishes and link == BLOCKED and not _may_step_back(layout, queue, layout.queue_streams[first + k]):
                    return 0.0
                if not layout.plain and link >= 0 and layout.link_platform[link] not in (-1, queue):
                    continue  # who takes a service waits for it beside the queue
                if wishes and link >= 0:
                    demand[link] += lines.cells[r, cohort, k].vehicles * share
                elif link >= 0 and demand[link] > room[link]:
                    part = min(part, room[link] / demand[link])
        sending -= vehicles
        cohort = lines.cohorts[r, cohort].next
    return part


@inlined
def _may_step_back(layout, queue, stream):
    """Return whether people who have not yet entered a road may stay where they were when their way is shut."""
    links = layout.link_to.shape[0]
    return queue >= links and layout.origin_of[layout.entry_place[queue - links]] >= 0 and layout.stream_leaves[stream]


@inlined
def _count_out(lines, r, queue, sending, waiting):
    """Return the whole vehicles that go; the fraction is carried on."""
    exact = sending + lines.queues[r, queue].carry
    out = min(int(exact + 1e-9), waiting)
    lines.queues[r, queue].carry = min(exact - out, 1.0) if out < waiting else 0.0
    return out
