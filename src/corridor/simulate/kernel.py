"""The kernel: draws and moves whole people and vehicles over arrays. It knows no names and no behaviour.

Rules are numbered in docs/model.md. R replicates, O origins, P places, G groups, L links, Q queues, S streams.
A queue holds cohorts (vehicles that entered in one tick); a cell is one stream's part of a cohort. Order is first
in first out between cohorts; inside a cohort streams leave in proportion, in whole vehicles and whole people.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from corridor.simulate.draws import draw_binomial, draw_multinomial, draw_uniforms
from corridor.simulate.model import Floats, Integers, Keys, Layout

TERMINATES, BLOCKED = -1, -2
JOURNEY_BINS = 120  # hours
FEW_VEHICLES = 64  # up to here each vehicle draws its own destination


class Queues(NamedTuple):
    """Everything on the move, all replicates of a batch."""

    head: Integers  # [R, Q] first slot in use
    used: Integers  # [R, Q] slots in use
    entered: Integers  # [R, slots] tick of entry of a cohort
    total: Integers  # [R, slots] vehicles in a cohort
    cells: Integers  # [R, cells, 2] vehicles and people
    clocks: Floats  # [R, cells, 2] their mean hour of departure, and hours waited so far beyond free travel
    up: Integers  # [R, L, ticks + 1] vehicles that have entered a link, cumulative
    down: Integers  # [R, L, ticks + 1] vehicles that have left it
    carry: Floats  # [R, Q] fraction of a vehicle carried on at the front
    standing: Integers  # [R, P] vehicles waiting in a place to enter a road
    at_place: Integers  # [R, P, G] people at places, also those in queues and at desks there
    on_link: Integers  # [R, L] people on links
    passed_vehicles: Integers  # [R, K] through checkpoints, cumulative
    passed_people: Integers  # [R, K]
    arrived: Integers  # [R] people who have come from inside to outside
    arrived_vehicles: Integers  # [R]
    journey_hours: Floats  # [R] people-hours of the journeys of those arrived
    waited_hours: Floats  # [R] people-hours waited of those arrived
    journeys: Integers  # [R, bins] people by hours of journey
    waits: Integers  # [R, bins] people by hours waited
    at_desk: Integers  # [R, D] people waiting to be registered
    registered: Integers  # [R, D] cumulative
    desk_carry: Floats  # [R, D]
    settled: Integers  # [R, P] people who have come to stay, cumulative
    returned: Integers  # [R, G] vehicles that brought people of a group out in this step
    present: Integers  # [R, O, G] people at origins who have not decided to leave (those who stay apart)


@njit(cache=True)
def _open(slots, slot_start, head, used, entered, total, r, queue, tick):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return the slot of the cohort of this tick at the end of a queue, beginning one if there is room."""
    size = slots[queue]
    count = used[r, queue]
    start = slot_start[queue]
    last = head[r, queue] + count - 1
    if last >= size:
        last -= size
    if count == 0 or (entered[r, start + last] != tick and count < size):
        last = last + 1 if last + 1 < size else 0
        used[r, queue] = count + 1
        entered[r, start + last] = tick
        total[r, start + last] = 0
    return last


@njit(cache=True)
def _add(cells, clocks, r, cell, vehicles, people, departed, waited):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Add vehicles to a cell, with the mean of the clocks of the people in it."""
    before = cells[r, cell, 1]
    after = before + people
    if before == 0:
        clocks[r, cell, 0] = departed
        clocks[r, cell, 1] = waited
    else:
        share = people / after
        clocks[r, cell, 0] += (departed - clocks[r, cell, 0]) * share
        clocks[r, cell, 1] += (waited - clocks[r, cell, 1]) * share
    cells[r, cell, 0] += vehicles
    cells[r, cell, 1] = after


@njit(cache=True)
def push(layout, queues, r, queue, tick, stream, vehicles, people, departed, waited):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Let vehicles of one stream join a queue in this tick."""
    slot = _open(
        layout.slots, layout.slot_start, queues.head, queues.used, queues.entered, queues.total, r, queue, tick
    )
    queues.total[r, layout.slot_start[queue] + slot] += vehicles
    cell = layout.cell_start[queue] + slot * layout.stream_count[queue] + layout.stream_cell[queue, stream]
    _add(queues.cells, queues.clocks, r, cell, vehicles, people, departed, waited)


@njit(cache=True)
def _look_ahead(stream_count, stream_start, queue_streams, slots, slot_start, cell_start, head, used, totals, cells, r, place, queue, sending, onward, demand):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return False if one of the first `sending` vehicles has no open way; add their wishes to `demand` [L]."""
    left = sending
    count, first = stream_count[queue], stream_start[queue]
    for step in range(used[r, queue]):
        slot = (head[r, queue] + step) % slots[queue]
        total = totals[r, slot_start[queue] + slot]
        share = min(1.0, left / total)
        base = cell_start[queue] + slot * count
        for k in range(count):
            vehicles = cells[r, base + k, 0]
            if vehicles > 0:
                link = onward[place, queue_streams[first + k]]
                if link == BLOCKED:
                    return False
                if link != TERMINATES:
                    demand[link] += vehicles * share
        left -= total
        if left <= 0:
            break
    return True


@njit(cache=True)
def _interpolate(curves, r, link, position):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return a cumulative curve between ticks; 0 before the start."""
    value = 0.0
    if position > 0.0:
        index = int(position)
        value = float(curves[r, link, index])
        part = position - index
        if part > 0.0:
            value += part * (curves[r, link, index + 1] - curves[r, link, index])
    return value


@njit(cache=True)
def move(layout, queues, tick, tick_hours, hour, lag, back_lag, capacity, storage, pass_rate, onward, config):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Move vehicles over every node in one tick: Newell's cumulative curves with whole vehicles.

    A link can send what entered at least its free travel time (`lag`, ticks [R, L]) ago, and not more than its
    capacity (vehicles/h [R, L]); it can receive what its storage (vehicles [R, L]) has room for once the wave of
    freed space has travelled back (`back_lag`, ticks). G. Newell, Transportation Research B 27 (1993) 281-313,
    doi:10.1016/0191-2615(93)90038-C; link transmission: I. Yperman, thesis, K.U. Leuven 2007. A node passes
    first in first out: when one way on is full, those behind wait too. `pass_rate` [R, K] is the vehicles per
    hour a checkpoint lets through; `onward[config[r], place, stream]` the link to take.
    """
    links = layout.link_to.shape[0]
    places = layout.node_start.shape[0] - 1
    demand = np.zeros(links)
    room = np.ones(links)
    sending = np.zeros(layout.node_queues.shape[0])
    waiting = np.zeros(layout.node_queues.shape[0], dtype=np.int64)
    for r in range(queues.head.shape[0]):
        table = onward[config[r]]
        for link in range(links):
            queues.up[r, link, tick + 1] += queues.up[r, link, tick]
            queues.down[r, link, tick + 1] = queues.down[r, link, tick]
        for place in range(places):
            total = 0.0
            widest = 0.0
            begin, end = layout.node_start[place], layout.node_start[place + 1]
            for j in range(layout.way_start[place], layout.way_start[place + 1]):
                widest = max(widest, capacity[r, layout.way_links[j]])
            for i in range(begin, end):
                queue = layout.node_queues[i]
                waiting[i] = 0
                if queues.used[r, queue] == 0:
                    continue
                if queue < links:
                    ready = _interpolate(queues.up, r, queue, tick + 1 - lag[r, queue])
                    waiting[i] = int(ready + 1e-9) - queues.down[r, queue, tick]
                    sending[i] = min(float(waiting[i]), capacity[r, queue] * tick_hours)
                else:  # from a place no more can push in than the widest way takes
                    waiting[i] = queues.standing[r, place]
                    sending[i] = min(float(waiting[i]), widest * tick_hours)
                if waiting[i] > 0:
                    total += sending[i]
            if total <= 0.0:
                continue
            least = np.inf
            for j in range(layout.way_start[place], layout.way_start[place + 1]):
                link = layout.way_links[j]
                freed = _interpolate(queues.down, r, link, tick + 1 - back_lag[r, link])
                space = max(storage[r, link] + freed - queues.up[r, link, tick], 0.0)
                room[link] = min(space, capacity[r, link] * tick_hours)
                demand[link] = 0.0
                least = min(least, room[link])
            if total > least:  # some way on may not take all: see who wants to go where
                total = 0.0
                for i in range(begin, end):
                    queue = layout.node_queues[i]
                    if waiting[i] > 0 and not _look_ahead(
                        layout.stream_count, layout.stream_start, layout.queue_streams, layout.slots,
                        layout.slot_start, layout.cell_start, queues.head, queues.used, queues.total, queues.cells,
                        r, place, queue, sending[i], table, demand,
                    ):  # fmt: skip
                        waiting[i] = 0
                for i in range(begin, end):
                    if waiting[i] > 0:
                        queue = layout.node_queues[i]
                        first = layout.stream_start[queue]
                        sending[i] *= _find_share(
                            layout.queue_streams, first, first + layout.stream_count[queue], table, place, room, demand
                        )
                        total += sending[i]
            checkpoint = layout.node_checkpoint[place]
            scale = 1.0
            if checkpoint >= 0 and total > pass_rate[r, checkpoint] * tick_hours:
                scale = pass_rate[r, checkpoint] * tick_hours / total
            for i in range(begin, end):
                if waiting[i] <= 0:
                    continue
                # whole vehicles go, the fraction is carried on
                queue = layout.node_queues[i]
                exact = sending[i] * scale + queues.carry[r, queue]
                out = min(int(exact + 1e-9), waiting[i])
                queues.carry[r, queue] = min(exact - out, 1.0) if out < waiting[i] else 0.0
                if out > 0:
                    free_hours = lag[r, queue] * tick_hours if queue < links else 0.0
                    if queue < links:
                        queues.down[r, queue, tick + 1] += out
                    _release(layout, queues, r, place, queue, tick, out, hour, free_hours, tick_hours, table)


@njit(cache=True)
def _find_share(queue_streams, first, last, onward, place, room, demand):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return the share of a queue that can go: that of the fullest way any of its streams takes."""
    part = 1.0
    for k in range(first, last):
        link = onward[place, queue_streams[k]]
        if link >= 0 and demand[link] > room[link]:
            part = min(part, room[link] / demand[link])
    return part


@njit(cache=True, inline="always")
def _release(layout, queues, r, place, queue, tick, out, hour, free_hours, tick_hours, onward):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Move `out` vehicles from the front of a queue over the node at its end."""
    is_link = queue < layout.link_to.shape[0]
    crosses = is_link and layout.link_crosses[queue]
    count = layout.stream_count[queue]
    start, first = layout.slot_start[queue], layout.stream_start[queue]
    checkpoint = layout.node_checkpoint[place]
    target, slot_there, base_there = -1, 0, 0
    while out > 0:
        slot = queues.head[r, queue]
        rest = queues.total[r, start + slot]
        want = min(out, rest)
        out -= want
        queues.total[r, start + slot] -= want
        waited_here = (tick - queues.entered[r, start + slot]) * tick_hours - free_hours
        base = layout.cell_start[queue] + slot * count
        emptied = want == rest
        for k in range(count):
            vehicles = np.int64(queues.cells[r, base + k, 0])
            if vehicles == 0:
                continue
            moved = vehicles if emptied else (want * vehicles) // rest
            want -= moved
            rest -= vehicles
            if moved == 0:
                continue
            people = np.int64(queues.cells[r, base + k, 1])
            if moved < vehicles:
                people = (people * moved) // vehicles
            queues.cells[r, base + k, 0] -= moved
            queues.cells[r, base + k, 1] -= people
            departed = queues.clocks[r, base + k, 0]
            waited = queues.clocks[r, base + k, 1] + waited_here
            stream = layout.queue_streams[first + k]
            group = layout.stream_group[stream]
            if is_link:
                queues.on_link[r, queue] -= people
            else:
                queues.at_place[r, place, group] -= people
                queues.standing[r, place] -= moved
            if crosses:
                queues.arrived[r] += people
                queues.arrived_vehicles[r] += moved
                journey = max(hour - departed, 0.0)
                queues.journey_hours[r] += journey * people
                queues.waited_hours[r] += waited * people
                queues.journeys[r, min(int(journey), JOURNEY_BINS - 1)] += people
                queues.waits[r, min(int(max(waited, 0.0)), JOURNEY_BINS - 1)] += people
                queues.returned[r, min(group, queues.returned.shape[1] - 1)] += moved
            if checkpoint >= 0:
                queues.passed_vehicles[r, checkpoint] += moved
                queues.passed_people[r, checkpoint] += people
            way = onward[place, stream]
            if way >= 0:
                queues.up[r, way, tick + 1] += moved
                queues.on_link[r, way] += people
            else:
                queues.at_place[r, place, group] += people
                way = layout.desk_queue[place]
                if way >= 0:
                    # desks are the last queues of the layout
                    queues.at_desk[r, way - layout.slots.shape[0] + queues.at_desk.shape[1]] += people
                elif layout.origin_of[place] >= 0:
                    queues.present[r, layout.origin_of[place], group] += people
                else:
                    queues.settled[r, place] += people
            if way >= 0:
                if way != target:  # streams that go the same way join the same cohort: look it up once
                    target = way
                    slot_there = _open(
                        layout.slots, layout.slot_start, queues.head, queues.used, queues.entered, queues.total,
                        r, way, tick,
                    )  # fmt: skip
                    base_there = layout.cell_start[way] + slot_there * layout.stream_count[way]
                queues.total[r, layout.slot_start[way] + slot_there] += moved
                cell = base_there + layout.stream_cell[way, stream]
                _add(queues.cells, queues.clocks, r, cell, moved, people, departed, waited)
        if emptied:
            queues.head[r, queue] = slot + 1 if slot + 1 < layout.slots[queue] else 0
            queues.used[r, queue] -= 1


@njit(cache=True)
def decide(keys, entities, step, chance, present, waiting, decided):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Draw who decides to leave: from `present` to `waiting`, people [R, O, G]; `decided` [R, O] counts them."""
    replicates, origins, groups = present.shape
    for r in range(replicates):
        for o in range(origins):
            for g in range(groups):
                people = present[r, o, g]
                if people > 0 and chance[r, o, g] > 0.0:
                    leaving = draw_binomial(keys[r], entities[o, g], step, 0, people, chance[r, o, g])
                    present[r, o, g] -= leaving
                    waiting[r, o, g] += leaving
                    decided[r, o] += leaving


@njit(cache=True)
def load(
    layout,
    queues,
    keys,
    entities,
    step,
    tick,
    hour,
    last_call,
    origins,
    open_way,
    weights,
    gateway_places,
    stream_of,
    waiting,
    loaded,
    own,
    people_per_vehicle,
    fleet_groups,
    seats,
    at_hand,
    out,
    fuel_litres,
    fuel_stock,
):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Put waiting people into vehicles at the entry of the road; those left over go on waiting.

    Groups that drive themselves (`own` [G]) fill vehicles of `people_per_vehicle` [R, G] and take `fuel_litres`
    each [R, G] from `fuel_stock` [R, P]; the others need vehicles `at_hand` [R, F] of a fleet that carries them
    (`fleet_groups` [F, G]), with `seats` [R, F]. A vehicle leaves full; at a `last_call` also one with whoever is
    there. `loaded` [R, O, G, 2] counts full vehicles and their people, so that an average of 4.5 people in a
    vehicle is kept in whole people. Gateways are drawn by `weights` [R, O, gateways].
    """
    replicates, count, groups = waiting.shape
    split = np.empty(gateway_places.shape[0], dtype=np.int64)
    for r in range(replicates):
        for turn in range(count):
            o = (turn + step) % count  # no place is always first at the vehicles of a fleet
            if not open_way[r, o]:
                continue
            place = origins[o]
            for g in range(groups):
                if waiting[r, o, g] == 0:
                    continue
                if own[g]:
                    most = waiting[r, o, g]
                    if fuel_litres[r, g] > 0.0 and most * fuel_litres[r, g] > fuel_stock[r, place]:
                        most = int(max(fuel_stock[r, place], 0.0) / fuel_litres[r, g])
                    vehicles, people = _fill(
                        waiting, loaded, r, o, g, people_per_vehicle[r, g], most, last_call
                    )
                    fuel_stock[r, place] -= vehicles * fuel_litres[r, g]
                    _enter(
                        layout,
                        queues,
                        keys[r],
                        entities[o, g],
                        r,
                        place,
                        step,
                        tick,
                        0,
                        hour,
                        g,
                        vehicles,
                        people,
                        weights[r, o],
                        gateway_places,
                        stream_of,
                        split,
                    )
                    continue
                for f in range(fleet_groups.shape[0]):
                    if fleet_groups[f, g] and at_hand[r, f] > 0 and waiting[r, o, g] > 0:
                        vehicles, people = _fill(
                            waiting, loaded, r, o, g, seats[r, f], at_hand[r, f], last_call
                        )
                        at_hand[r, f] -= vehicles
                        out[r, f] += vehicles
                        _enter(
                            layout,
                            queues,
                            keys[r],
                            entities[o, g],
                            r,
                            place,
                            step,
                            tick,
                            f + 1,
                            hour,
                            g,
                            vehicles,
                            people,
                            weights[r, o],
                            gateway_places,
                            stream_of,
                            split,
                        )


@njit(cache=True)
def _fill(waiting, loaded, r, o, g, size, most, last_call):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Take people from `waiting` into at most `most` vehicles; return vehicles and people."""
    people = waiting[r, o, g]
    vehicles = min(int(people / size), most)
    if vehicles > 0:
        loaded[r, o, g, 0] += vehicles
        seats = int(loaded[r, o, g, 0] * size + 1e-9) - loaded[r, o, g, 1]
        people = min(people, max(seats, vehicles))
        loaded[r, o, g, 1] += people
    elif last_call and most > 0:
        vehicles = 1
    else:
        people = 0
    waiting[r, o, g] -= people
    return vehicles, people


@njit(cache=True)
def _enter(
    layout,
    queues,
    key,
    entity,
    r,
    place,
    step,
    tick,
    salt,
    hour,
    group,
    vehicles,
    people,
    weights,
    gateway_places,
    stream_of,
    split,
):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    if vehicles == 0:
        return
    draw_multinomial(key, entity, step + (salt << 24), vehicles, weights, split)
    for d in range(split.shape[0]):
        if split[d] > 0:
            part = people if split[d] == vehicles else (people * split[d]) // vehicles
            stream = stream_of[group, gateway_places[d]]
            push(layout, queues, r, layout.entry_queue[place], tick, stream, split[d], part, hour, 0.0)
            queues.standing[r, place] += split[d]
            vehicles -= split[d]
            people -= part


@njit(cache=True)
def serve(
    layout,
    queues,
    keys,
    entities,
    step,
    tick,
    step_hours,
    pace,
    weights,
    settling_places,
    desk_places,
    stream_of,
):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Register arrivals at desks, `pace` people/h [R, D], whole vehicles at a time, and send them on.

    Where a vehicle's people settle is drawn by `weights` [R, D, settling].
    """
    replicates, desks = pace.shape
    counts = np.empty(settling_places.shape[0], dtype=np.int64)
    for r in range(replicates):
        for d in range(desks):
            place = desk_places[d]
            queue = layout.desk_queue[place]
            if queues.used[r, queue] == 0:
                queues.desk_carry[r, d] = 0.0
                continue
            budget = pace[r, d] * step_hours + queues.desk_carry[r, d]
            turn = 0
            start, count = layout.slot_start[queue], layout.stream_count[queue]
            open_desk = True
            while open_desk and queues.used[r, queue] > 0:
                slot = queues.head[r, queue]
                base = layout.cell_start[queue] + slot * count
                for k in range(count):
                    vehicles = np.int64(queues.cells[r, base + k, 0])
                    if vehicles == 0:
                        continue
                    people = np.int64(queues.cells[r, base + k, 1])
                    served = min(vehicles, int(budget * vehicles / max(people, 1)))
                    if served < vehicles:
                        open_desk = False
                    if served == 0:
                        break
                    part = people if served == vehicles else (people * served) // vehicles
                    budget -= part
                    queues.cells[r, base + k, 0] -= served
                    queues.cells[r, base + k, 1] -= part
                    queues.total[r, start + slot] -= served
                    queues.at_desk[r, d] -= part
                    queues.registered[r, d] += part
                    departed, waited = queues.clocks[r, base + k, 0], queues.clocks[r, base + k, 1]
                    group = layout.stream_group[layout.queue_streams[layout.stream_start[queue] + k]]
                    turn = _settle(keys[r], entities[d], step, turn, served, weights[r, d], counts)
                    _send_on(
                        layout,
                        queues,
                        r,
                        place,
                        group,
                        tick,
                        served,
                        part,
                        departed,
                        waited,
                        counts,
                        settling_places,
                        stream_of,
                    )
                    if not open_desk:
                        break
                if queues.total[r, start + slot] == 0:
                    queues.head[r, queue] = (slot + 1) % layout.slots[queue]
                    queues.used[r, queue] -= 1
            queues.desk_carry[r, d] = budget if queues.used[r, queue] > 0 else 0.0


@njit(cache=True)
def _settle(key, entity, step, turn, vehicles, weights, counts):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Draw the destinations of vehicles into `counts`; return the next unused attempt."""
    total = 0.0
    for i in range(weights.shape[0]):
        counts[i] = 0
        total += weights[i]
    if vehicles > FEW_VEHICLES:
        draw_multinomial(key, entity, step, vehicles, weights, counts)
        return turn
    for _ in range(vehicles):
        mark = draw_uniforms(key, entity, step, turn)[0] * total
        turn += 1
        chosen = 0
        for i in range(weights.shape[0]):
            if weights[i] > 0.0:
                chosen = i
                mark -= weights[i]
                if mark < 0.0:
                    break
        counts[chosen] += 1
    return turn


@njit(cache=True)
def _send_on(
    layout,
    queues,
    r,
    place,
    group,
    tick,
    vehicles,
    people,
    departed,
    waited,
    counts,
    settling_places,
    stream_of,
):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    registered = queues.at_place.shape[2] - 1
    queues.at_place[r, place, group] -= people
    queues.at_place[r, place, registered] += people
    rest_vehicles, rest_people = vehicles, people
    for i in range(counts.shape[0]):
        if counts[i] == 0:
            continue
        part = rest_people if counts[i] == rest_vehicles else (rest_people * counts[i]) // rest_vehicles
        rest_vehicles -= counts[i]
        rest_people -= part
        goal = settling_places[i]
        if goal == place:
            queues.settled[r, place] += part
            continue
        push(
            layout,
            queues,
            r,
            layout.entry_queue[place],
            tick,
            stream_of[registered, goal],
            counts[i],
            part,
            departed,
            waited,
        )
        queues.standing[r, place] += counts[i]


@njit(cache=True)
def lodge(keys, entities, record, settled, lodged, came, share, chance, settling_places):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Draw who asks for lodging: a share of newcomers at once, the others later; `lodged` [R, settling]."""
    for r in range(lodged.shape[0]):
        for s in range(settling_places.shape[0]):
            people = settled[r, settling_places[s]]
            fresh = people - came[r, s]
            earlier = came[r, s] - lodged[r, s]
            lodged[r, s] += draw_binomial(keys[r], entities[s], record, 0, fresh, share[r, s])
            lodged[r, s] += draw_binomial(keys[r], entities[s], record, 1 << 20, earlier, chance[r, s])
            came[r, s] = people


@njit(cache=True)
def wander(keys, entity, step, keep, spread, level):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Move each `level` [R] one step on: a stationary Gauss-Markov path with standard deviation `spread` [R]."""
    fresh = math.sqrt(max(1.0 - keep * keep, 0.0))
    for r in range(level.shape[0]):
        first, second = draw_uniforms(keys[r], entity, step, 0)
        normal = math.sqrt(-2.0 * math.log(first)) * math.cos(2.0 * math.pi * second)
        level[r] = spread[r] * normal if step == 0 else keep * level[r] + fresh * spread[r] * normal


__all__ = [
    "Floats",
    "Integers",
    "Keys",
    "Layout",
    "Queues",
    "decide",
    "load",
    "lodge",
    "move",
    "push",
    "serve",
    "wander",
]
