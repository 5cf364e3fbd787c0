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

MIXED, BLOCKED = -2, -3
JOURNEY_BINS = 120  # hours
FEW_VEHICLES = 64  # up to here each vehicle draws its own destination


class Queues(NamedTuple):
    """Everything on the move, all replicates of a batch."""

    head: Integers  # [R, Q] first slot in use
    used: Integers  # [R, Q] slots in use
    entered: Integers  # [R, slots] tick of entry of a cohort
    total: Integers  # [R, slots] vehicles in a cohort
    vehicles: Integers  # [R, cells]
    people: Integers  # [R, cells]
    departed: Floats  # [R, cells] mean hour of departure of those people
    waited: Floats  # [R, cells] mean hours waited so far beyond free travel
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
def push(layout, queues, r, queue, tick, stream, vehicles, people, departed, waited):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Let vehicles of one stream join a queue in this tick."""
    slots = layout.slots[queue]
    used = queues.used[r, queue]
    start = layout.slot_start[queue]
    last = (queues.head[r, queue] + used - 1) % slots
    if used == 0 or (queues.entered[r, start + last] != tick and used < slots):
        last = (queues.head[r, queue] + used) % slots
        queues.used[r, queue] = used + 1
        queues.entered[r, start + last] = tick
        queues.total[r, start + last] = 0
    queues.total[r, start + last] += vehicles
    cell = layout.cell_start[queue] + last * layout.stream_count[queue] + layout.stream_cell[queue, stream]
    before = queues.people[r, cell]
    after = before + people
    if after > 0:
        share = people / after
        queues.departed[r, cell] += (departed - queues.departed[r, cell]) * share
        queues.waited[r, cell] += (waited - queues.waited[r, cell]) * share
    queues.vehicles[r, cell] += vehicles
    queues.people[r, cell] = after


@njit(cache=True)
def _arrive(layout, queues, r, place, tick, stream, vehicles, people, departed, waited):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    group = layout.stream_group[stream]
    queues.at_place[r, place, group] += people
    desk = layout.desk_queue[place]
    origin = layout.origin_of[place]
    if desk >= 0:
        push(layout, queues, r, desk, tick, stream, vehicles, people, departed, waited)
        # desks are the last queues of the layout
        queues.at_desk[r, desk - layout.slots.shape[0] + queues.at_desk.shape[1]] += people
    elif origin >= 0:
        queues.present[r, origin, group] += people
    else:
        queues.settled[r, place] += people


@njit(cache=True)
def _cross(queues, r, hour, group, vehicles, people, departed, waited):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    queues.arrived[r] += people
    queues.arrived_vehicles[r] += vehicles
    journey = max(hour - departed, 0.0)
    queues.journey_hours[r] += journey * people
    queues.waited_hours[r] += waited * people
    queues.journeys[r, min(int(journey), JOURNEY_BINS - 1)] += people
    queues.waits[r, min(int(max(waited, 0.0)), JOURNEY_BINS - 1)] += people
    queues.returned[r, group] += vehicles


@njit(cache=True)
def _release(layout, queues, r, place, queue, tick, out, hour, free_hours, tick_hours, next_link, goal_index):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Move `out` vehicles from the front of a queue over the node at its end."""
    links = layout.link_to.shape[0]
    is_link = queue < links
    count = layout.stream_count[queue]
    start, first = layout.slot_start[queue], layout.stream_start[queue]
    checkpoint = layout.node_checkpoint[place]
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
            cell = base + k
            vehicles = queues.vehicles[r, cell]
            if vehicles == 0:
                continue
            moved = (want * vehicles) // rest
            want -= moved
            rest -= vehicles
            if moved == 0:
                continue
            people = queues.people[r, cell]
            if moved < vehicles:
                people = (people * moved) // vehicles
            queues.vehicles[r, cell] -= moved
            queues.people[r, cell] -= people
            departed = queues.departed[r, cell]
            waited = queues.waited[r, cell] + waited_here
            stream = layout.queue_streams[first + k]
            group = layout.stream_group[stream]
            if is_link:
                queues.on_link[r, queue] -= people
                if layout.link_crosses[queue]:
                    _cross(queues, r, hour, group, moved, people, departed, waited)
            else:
                queues.at_place[r, place, group] -= people
                queues.standing[r, place] -= moved
            if checkpoint >= 0:
                queues.passed_vehicles[r, checkpoint] += moved
                queues.passed_people[r, checkpoint] += people
            if layout.stream_place[stream] == place:
                _arrive(layout, queues, r, place, tick, stream, moved, people, departed, waited)
            else:
                link = next_link[place, goal_index[layout.stream_place[stream]]]
                push(layout, queues, r, link, tick, stream, moved, people, departed, waited)
                queues.up[r, link, tick + 1] += moved
                queues.on_link[r, link] += people
        if emptied:
            queues.head[r, queue] = (slot + 1) % layout.slots[queue]
            queues.used[r, queue] -= 1


@njit(cache=True)
def _look_ahead(layout, queues, r, place, queue, sending, next_link, goal_index, demand):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return False if one of the first `sending` vehicles has no open way; add their wishes to `demand` [L]."""
    left = sending
    count, first = layout.stream_count[queue], layout.stream_start[queue]
    for step in range(queues.used[r, queue]):
        slot = (queues.head[r, queue] + step) % layout.slots[queue]
        total = queues.total[r, layout.slot_start[queue] + slot]
        share = min(1.0, left / total)
        base = layout.cell_start[queue] + slot * count
        for k in range(count):
            vehicles = queues.vehicles[r, base + k]
            if vehicles > 0:
                goal = layout.stream_place[layout.queue_streams[first + k]]
                if goal != place:
                    link = next_link[place, goal_index[goal]]
                    if link < 0:
                        return False
                    demand[link] += vehicles * share
        left -= total
        if left <= 0:
            break
    return True


@njit(cache=True)
def _interpolate(curve, position):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return a cumulative curve between ticks; 0 before the start."""
    if position <= 0.0:
        return 0.0
    index = int(position)
    part = position - index
    return curve[index] if part == 0.0 else curve[index] + part * (curve[index + 1] - curve[index])


@njit(cache=True)
def move(
    layout,
    queues,
    tick,
    tick_hours,
    hour,
    lag,
    back_lag,
    capacity,
    storage,
    pass_rate,
    next_link,
    onward,
    config,
    goal_index,
):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Move vehicles over every node in one tick: Newell's cumulative curves with whole vehicles.

    A link can send what entered at least its free travel time (`lag`, ticks [R, L]) ago, and not more than its
    capacity (vehicles/h [R, L]); it can receive what its storage (vehicles [R, L]) has room for once the wave of
    freed space has travelled back (`back_lag`, ticks). G. Newell, Transportation Research B 27 (1993) 281-313,
    doi:10.1016/0191-2615(93)90038-C; link transmission: I. Yperman, thesis, K.U. Leuven 2007. A node passes
    first in first out: when one way on is full, those behind wait too. `pass_rate` [R, K] is the vehicles per
    hour a checkpoint lets through.
    """
    links = layout.link_to.shape[0]
    places = layout.node_start.shape[0] - 1
    demand = np.zeros(links)
    factor = np.ones(links)
    sending = np.zeros(layout.node_queues.shape[0])
    waiting = np.zeros(layout.node_queues.shape[0], dtype=np.int64)
    for r in range(queues.head.shape[0]):
        table = next_link[config[r]]
        for link in range(links):
            queues.up[r, link, tick + 1] += queues.up[r, link, tick]
            queues.down[r, link, tick + 1] = queues.down[r, link, tick]
        for place in range(places):
            begin, end = layout.node_start[place], layout.node_start[place + 1]
            busy = False
            for i in range(begin, end):
                queue = layout.node_queues[i]
                waiting[i] = 0
                if queues.used[r, queue] == 0:
                    continue
                if queue < links:
                    ready = _interpolate(queues.up[r, queue], tick + 1 - lag[r, queue])
                    waiting[i] = int(ready + 1e-9) - queues.down[r, queue, tick]
                    sending[i] = min(float(waiting[i]), capacity[r, queue] * tick_hours)
                else:
                    waiting[i] = queues.standing[r, place]
                    sending[i] = float(waiting[i])
                busy = busy or waiting[i] > 0
            if busy:
                _pass_node(
                    layout, queues, r, place, tick, tick_hours, hour, lag, back_lag, capacity, storage, pass_rate,
                    table, onward[config[r]], goal_index, demand, factor, sending, waiting,
                )  # fmt: skip


@njit(cache=True)
def _pass_node(
    layout,
    queues,
    r,
    place,
    tick,
    tick_hours,
    hour,
    lag,
    back_lag,
    capacity,
    storage,
    pass_rate,
    table,
    onward,
    goal_index,
    demand,
    factor,
    sending,
    waiting,
):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    links = layout.link_to.shape[0]
    begin, end = layout.node_start[place], layout.node_start[place + 1]
    demand[:] = 0.0
    for i in range(begin, end):
        queue = layout.node_queues[i]
        if waiting[i] <= 0:
            continue
        way = onward[queue]
        if way >= 0:
            demand[way] += sending[i]
        elif way == BLOCKED or (
            way == MIXED
            and not _look_ahead(layout, queues, r, place, queue, sending[i], table, goal_index, demand)
        ):
            waiting[i] = 0
    for link in range(links):
        factor[link] = 1.0
        if demand[link] > 0.0:
            freed = _interpolate(queues.down[r, link], tick + 1 - back_lag[r, link])
            room = storage[r, link] + freed - queues.up[r, link, tick]
            room = min(max(room, 0.0), capacity[r, link] * tick_hours)
            factor[link] = min(1.0, room / demand[link])
    total = 0.0
    for i in range(begin, end):
        if waiting[i] <= 0:
            continue
        queue = layout.node_queues[i]
        way = onward[queue]
        if way >= 0:
            sending[i] *= factor[way]
        elif way == MIXED:
            least = 1.0
            first = layout.stream_start[queue]
            for k in range(layout.stream_count[queue]):
                goal = layout.stream_place[layout.queue_streams[first + k]]
                if goal != place:
                    link = table[place, goal_index[goal]]
                    if link >= 0:
                        least = min(least, factor[link])
            sending[i] *= least
        total += sending[i]
    checkpoint = layout.node_checkpoint[place]
    scale = 1.0
    if checkpoint >= 0 and total > pass_rate[r, checkpoint] * tick_hours:
        scale = pass_rate[r, checkpoint] * tick_hours / total
    for i in range(begin, end):
        if waiting[i] <= 0:
            continue
        queue = layout.node_queues[i]
        exact = sending[i] * scale + queues.carry[r, queue]
        out = min(int(exact + 1e-9), waiting[i])
        queues.carry[r, queue] = min(exact - out, 1.0) if out < waiting[i] else 0.0
        if out > 0:
            free_hours = 0.0
            if queue < links:
                free_hours = lag[r, queue] * tick_hours
                queues.down[r, queue, tick + 1] += out
            _release(
                layout, queues, r, place, queue, tick, out, hour, free_hours, tick_hours, table, goal_index
            )


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
                    vehicles = queues.vehicles[r, base + k]
                    if vehicles == 0:
                        continue
                    people = queues.people[r, base + k]
                    served = min(vehicles, int(budget * vehicles / max(people, 1)))
                    if served < vehicles:
                        open_desk = False
                    if served == 0:
                        break
                    part = people if served == vehicles else (people * served) // vehicles
                    budget -= part
                    queues.vehicles[r, base + k] -= served
                    queues.people[r, base + k] -= part
                    queues.total[r, start + slot] -= served
                    queues.at_desk[r, d] -= part
                    queues.registered[r, d] += part
                    departed, waited = queues.departed[r, base + k], queues.waited[r, base + k]
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
            stream_of[group, goal],
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
