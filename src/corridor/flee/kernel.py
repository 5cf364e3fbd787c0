"""Flee's day on counts of people: the only compiled loop of this package.

People who share a place or link, the days spent on the link, the first-leg flag, the recent distance, the rest of
their route and their class are one *cell*, and decide independently of each other; so binomial and multinomial
draws on cells give the same law as one person after the other (Kemeny and Snell's lumping). The one thing in Flee
that depends on the order of persons is how full a camp is at the moment of a choice. Here the day's travellers are
taken in equal parts, one after the other, as many as the day's movement asks for beside the room left in the camps.

A cell's state is packed into one whole number; a table of cells is a list with a hash index.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from corridor.simulate.draws import draw_binomial, draw_multinomial, draw_poisson, draw_uniforms, replicate_key

HERE, HERE_NEXT, ROAD, ROAD_NEXT, HOP = range(5)  # the tables: at places and on roads, now and tomorrow; arriving
DONE, TABLES_FULL, NOBODY_LEFT = range(3)
FROM_DATA, FIXED, RATIO, POISSON = range(4)  # how people begin to leave
_MIX_1, _MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


class World(NamedTuple):
    """Everything that is the same in each replicate. Axes: day t, place p, link l, class c, epoch e of the roads."""

    whole: np.ndarray  # switches and sizes, see compile.WHOLE
    real: np.ndarray  # rates, see compile.REAL
    link_start: np.ndarray  # [2l] the second half are links closed while people were on them
    link_end: np.ndarray
    link_real: np.ndarray  # [2l, 3] km, km a day, chance to walk
    link_key: np.ndarray
    place_key: np.ndarray
    out_from: np.ndarray  # [e, p + 1] rows of out_link
    out_link: np.ndarray
    option_from: np.ndarray  # [e, p + 1] rows of option_*
    option_node: np.ndarray
    option_near: np.ndarray  # 1 / (softening + km) ** power
    closes: np.ndarray  # [e, l] links that close when the epoch begins
    node: np.ndarray  # [node, 3] next place, node of the rest, last place
    node_key: np.ndarray
    epoch: np.ndarray  # [t]
    pull_row: np.ndarray  # [t] row of pull
    pull: np.ndarray  # [row, 4, p] score; factor on it; 1 where population attracts; which likeness attracts
    state: np.ndarray  # [t, 7, p] chance to leave; town; camp; capacity; hunger; flood's chance; forecast's factor
    resting: np.ndarray  # [t] harvest: everybody at a place is at home and stays
    spawn: np.ndarray  # [t, p] weight for each head of population, or people, or ratio, or mean
    arriving: np.ndarray  # [t] people who begin to leave, in all
    population: np.ndarray
    initial: np.ndarray  # [p] people there before the first day
    class_share: np.ndarray  # [p, c]
    class_real: np.ndarray  # [c, 2] power of the score; factor on the chance to leave in a flood forecast
    class_home: np.ndarray  # [c] place, -1 where it does not matter
    affinity: np.ndarray  # [c, p] factor on the score
    likeness: np.ndarray  # [2, c] which ethnicity, which religion
    nearness: np.ndarray  # [p, p] factor on the score, or [1, 1]
    sink: np.ndarray  # [p] chance to be taken out of a camp in a day


class Live(NamedTuple):
    """What changes during a replicate."""

    hash_key: np.ndarray  # [table, h]
    hash_mark: np.ndarray
    hash_slot: np.ndarray
    cell_key: np.ndarray  # [table, m]
    cell_people: np.ndarray
    length: np.ndarray  # [table] cells in use
    mark: np.ndarray  # [table] stamp of the table's present content; [5] full tables
    head: np.ndarray  # [today] first arriving cell
    follow: np.ndarray  # [m] next arriving cell
    people: np.ndarray  # [p] at the place now
    room: np.ndarray  # [p] Flee's capacity multiplier
    score: np.ndarray  # [c, p]
    weight: np.ndarray  # [c, option of the epoch]
    total: np.ndarray  # [c, p]
    fresh: np.ndarray  # [c, p] version of the weights; [c, P] the version now
    affinity: np.ndarray  # [c, p] factor on the score today
    chance: np.ndarray  # [p] to leave; negative where it is to be multiplied by the class's factor


@njit(cache=True, inline="always")
def _mix(value):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    value = (value ^ (value >> np.uint64(30))) * _MIX_1
    value = (value ^ (value >> np.uint64(27))) * _MIX_2
    return value ^ (value >> np.uint64(31))


@njit(cache=True)
def _entity(name, purpose, batch, detail):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return the key of what is drawn: for a named place or link, a purpose, a part of the day, and a state."""
    value = _mix(np.uint64(detail) + _GOLDEN) + np.uint64(purpose) * _GOLDEN + np.uint64(batch)
    return _mix(value ^ name)


@njit(cache=True, inline="always")
def _detail(step, rode, walked, first, recent, kind):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    return ((((step * 4096 + rode) * 4096 + walked) * 2 + first) * 4096 + recent) * 65536 + kind


@njit(cache=True)
def _put(live, table, key, people):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Add people to the cell `key`; return its slot if it is new, else -1."""
    if people <= 0:
        return -1
    size = live.hash_key.shape[1] - 1
    at = np.int64(_mix(np.uint64(key)) & np.uint64(size))
    mark = live.mark[table]
    while live.hash_mark[table, at] == mark:
        if live.hash_key[table, at] == key:
            live.cell_people[table, live.hash_slot[table, at]] += people
            return -1
        at = (at + 1) & size
    slot = live.length[table]
    if slot >= live.cell_key.shape[1]:
        live.mark[5] = 1
        return -1
    live.hash_mark[table, at] = mark
    live.hash_key[table, at] = key
    live.hash_slot[table, at] = slot
    live.cell_key[table, slot] = key
    live.cell_people[table, slot] = people
    live.length[table] = slot + 1
    return slot


@njit(cache=True)
def _clear(live, table):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    live.mark[table] += 1
    live.length[table] = 0


@njit(cache=True, inline="always")
def _pack(world, where, today, rode, walked, first, recent, node, kind):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    b = world.whole
    key = (((where << b[11]) | today) << b[12]) | rode
    key = (((key << b[13]) | walked) << 1) | first
    return (((((key << b[14]) | recent) << b[15]) | (node + 1)) << b[16]) | kind


@njit(cache=True, inline="always")
def _unpack(world, key):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    b = world.whole
    kind = key & ((1 << b[16]) - 1)
    key >>= b[16]
    node = (key & ((1 << b[15]) - 1)) - 1
    key >>= b[15]
    recent = key & ((1 << b[14]) - 1)
    key >>= b[14]
    first = key & 1
    key >>= 1
    walked = key & ((1 << b[13]) - 1)
    key >>= b[13]
    rode = key & ((1 << b[12]) - 1)
    key >>= b[12]
    today = key & ((1 << b[11]) - 1)
    return key >> b[11], today, rode, walked, first, recent, node, kind


@njit(cache=True)
def _age(world, recent, kilometres):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return tomorrow's step of recent distance: the mean of the old one and today's share of a full day."""
    steps = world.whole[4]
    if steps == 0:
        return 0
    value = (recent + steps * kilometres / world.real[0]) * 0.5
    return min(np.int64(np.ceil(value - 0.5)), 2 * steps)


@njit(cache=True)
def _count(world, live, day, place, change):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Change the number of people at a place, and with it how much room Flee sees there."""
    live.people[place] += change
    capacity = world.state[day, 3, place] * world.real[2]
    room = 1.0
    if capacity >= 1.0:
        people, buffer = live.people[place], world.real[3]
        if people > buffer * capacity:
            room = 0.0
            if people < capacity:
                room = 1.0 - (people - buffer * capacity) / (capacity * (1.0 - buffer))
    if room != live.room[place]:
        live.room[place] = room
        live.fresh[0, -1] += 1


@njit(cache=True)
def _stay(world, live, place, kilometres, first, recent, node, kind, people):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Leave people at a place until tomorrow."""
    aged = _age(world, recent, kilometres)
    _put(live, HERE_NEXT, _pack(world, place, 0, 0, 0, first, aged, node, kind), people)


@njit(cache=True)
def _weigh(world, live, epoch, place, kind):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Bring the weights of the routes from a place up to date for one class."""
    base, begin, end = world.option_from[epoch, 0], world.option_from[epoch, place], world.option_from[epoch, place + 1]
    power, softening, threshold = world.real[4], world.real[5], world.real[6]
    fixed, spread = world.whole[5] == 1, world.nearness.shape[0] > 1
    total = best = 0.0
    for i in range(begin, end):
        last = world.node[world.option_node[i], 2]
        score = live.score[kind, last]
        if spread:
            score *= world.nearness[place, last]
        weight = (softening + score) * world.option_near[i]
        if not fixed:
            weight *= live.room[last]
        if power != 1.0:
            weight = weight**power
        if fixed:
            weight *= score
        live.weight[kind, i - base] = weight
        best = max(best, weight)
        total += weight
    if threshold >= 1.001 and not fixed:
        total = 0.0
        for i in range(begin - base, end - base):
            if live.weight[kind, i] < best / threshold:
                live.weight[kind, i] = 0.0
            total += live.weight[kind, i]
    if not total > 0.0:
        for i in range(begin - base, end - base):
            live.weight[kind, i] = 1.0
        total = float(end - begin)
    live.total[kind, place] = total
    live.fresh[kind, place] = live.fresh[0, -1]


@njit(cache=True)
def _travel(world, live, key, day, batch, link, km_today, rode, walked, first, recent, node, kind, people):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Move people along a link for the rest of the day: they arrive, turn back at a closed link, or stay on it."""
    distance, speed, chance = world.link_real[link, 0], world.link_real[link, 1], world.link_real[link, 2]
    on_foot = people if first == 1 else 0
    if first == 0 and chance > 0.0:
        detail = _detail(np.int64(km_today * 16.0), rode, walked, 0, recent, kind)
        entity = _entity(world.link_key[link], 3, batch, detail)
        if node >= 0:
            entity ^= world.node_key[node]
        on_foot = draw_binomial(key, entity, day, 0, people, chance)
    before = rode * speed + walked * world.real[1]
    for walking in range(2):
        part = on_foot if walking == 1 else people - on_foot
        if part <= 0:
            continue
        pace = world.real[1] if walking == 1 else speed
        if before + pace <= distance:
            aged = _age(world, recent, km_today + pace)
            state = _pack(world, link, 0, rode + 1 - walking, walked + walking, first, aged, node, kind)
            _put(live, ROAD_NEXT, state, part)
            continue
        arrived = km_today + distance - before
        if link >= world.whole[1]:  # closed meanwhile: back to where the link began
            _count(world, live, day, world.link_start[link], part)
            _stay(world, live, world.link_start[link], arrived, 0, recent, node, kind, part)
            continue
        place = world.link_end[link]
        _count(world, live, day, place, part)
        if arrived >= pace:
            _stay(world, live, place, arrived, 0, recent, node, kind, part)
            continue
        step = max(np.int64(np.round(arrived / world.real[7])), np.int64(np.round(km_today / world.real[7])) + 1)
        step = min(step, live.head.shape[0] - 1)
        slot = _put(live, HOP, _pack(world, place, step, 0, 0, 0, recent, node, kind), part)
        if slot >= 0:
            live.follow[slot] = live.head[step]
            live.head[step] = slot


@njit(cache=True)
def _enter(world, live, key, day, batch, epoch, place, step, first, recent, node, kind, people, hop):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Take the next road of a route, unless the road is gone or the camp at the route's end is full."""
    kilometres = step * world.real[7]
    ahead, rest, last = world.node[node, 0], world.node[node, 1], world.node[node, 2]
    link = -1
    for i in range(world.out_from[epoch, place], world.out_from[epoch, place + 1]):
        if world.link_end[world.out_link[i]] == ahead:
            link = world.out_link[i]
            break
    if link < 0 or (world.state[day, 2, last] > 0.0 and live.room[last] < 0.5):
        _stay(world, live, place, kilometres, first, recent, -1, kind, people)
        return
    _count(world, live, day, place, -people)
    if hop:
        _travel(world, live, key, day, batch, link, kilometres, 0, 0, 0, recent, rest, kind, people)
    else:
        _put(live, ROAD, _pack(world, link, 0, 0, 0, first, recent, rest, kind), people)


@njit(cache=True)
def _decide(world, live, key, day, batch, epoch, place, step, first, recent, node, kind, people, chance, hop):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Let people at a place stay or leave, choose among the routes, and step onto the roads."""
    if node >= 0:
        _enter(world, live, key, day, batch, epoch, place, step, first, recent, node, kind, people, hop)
        return
    detail = _detail(step, 0, 0, first, recent, kind)
    entity = _entity(world.place_key[place], 2 if hop else 1, batch, detail)
    leaving = draw_binomial(key, entity, day, 0, people, chance)
    base, begin, end = world.option_from[epoch, 0], world.option_from[epoch, place], world.option_from[epoch, place + 1]
    if begin == end:
        leaving = 0
    if leaving < people:
        _stay(world, live, place, step * world.real[7], first, recent, -1, kind, people - leaving)
    if leaving == 0:
        return
    if live.fresh[kind, place] != live.fresh[0, -1]:
        _weigh(world, live, epoch, place, kind)
    weights = live.weight[kind, begin - base : end - base]
    options = end - begin
    if leaving <= max(2, options // 8):  # few people: one choice each
        for person in range(leaving):
            left = draw_uniforms(key, entity, day, (1 << 28) + person)[0] * live.total[kind, place]
            i = 0
            while i < options - 1 and (left >= weights[i] or weights[i] <= 0.0):
                left -= weights[i]
                i += 1
            while weights[i] <= 0.0:
                i -= 1
            _enter(world, live, key, day, batch, epoch, place, step, first, recent, world.option_node[begin + i],
                   kind, 1, hop)  # fmt: skip
        return
    # the weights may be renewed while people step onto the roads, so all are shared out first
    counts = np.empty(options, dtype=np.int64)
    draw_multinomial(key, entity, day, leaving, weights, counts)
    for i in range(options):
        if counts[i] > 0:
            _enter(world, live, key, day, batch, epoch, place, step, first, recent, world.option_node[begin + i],
                   kind, counts[i], hop)  # fmt: skip


@njit(cache=True)
def _begin(world, live, key, day, purpose, place, people):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Let people begin at a place, shared over the classes there."""
    if people <= 0:
        return
    classes = world.class_share.shape[1]
    counts = np.empty(classes, dtype=np.int64)
    counts[0] = people
    if classes > 1:
        entity = _entity(world.place_key[place], purpose, 0, 0)
        draw_multinomial(key, entity, day, people, world.class_share[place], counts)
    for kind in range(classes):
        _put(live, HERE, _pack(world, place, 0, 0, 0, world.whole[2], 0, -1, kind), counts[kind])
    _count(world, live, day, place, people)


@njit(cache=True)
def _spawn_at(world, live, key, day, place, people, population):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Let people begin at a place and, where the settings say so, leave its population; return how many."""
    _begin(world, live, key, day, 5, place, people)
    if world.whole[3] == 1:
        population[place] = max(population[place] - people, 0)
    return max(people, 0)


@njit(cache=True)
def _spawn(world, live, key, day, population):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Let the day's people begin; return how many, or -1 where people are due and no place can send them."""
    mode, places = world.whole[6], world.population.shape[0]
    if mode != FROM_DATA:
        created = 0
        for place in range(places):
            amount = world.spawn[day, place]
            if mode == RATIO:
                amount *= population[place]
            people = np.int64(amount)
            if mode == POISSON:
                people = draw_poisson(key, _entity(world.place_key[place], 6, 0, 0), day, 0, amount)
            created += _spawn_at(world, live, key, day, place, people, population)
        return created
    due = world.arriving[day]
    weights = world.spawn[day] * population
    if not weights.sum() > 0.0:
        return -1
    if due <= 0:
        return 0
    counts = np.empty(places, dtype=np.int64)
    draw_multinomial(key, _entity(np.uint64(0), 4, 0, 0), day, due, weights, counts)
    for place in range(places):
        _spawn_at(world, live, key, day, place, counts[place], population)
    return due


@njit(cache=True)
def _refresh_scores(world, live, day, population):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Bring the attraction of every place up to date for every class."""
    row = world.pull_row[day]
    for kind in range(world.class_real.shape[0]):
        power = world.class_real[kind, 0]
        for place in range(population.shape[0]):
            score = world.pull[row, 0, place]
            if power != 1.0:
                score = score**power
            score *= world.pull[row, 1, place] * live.affinity[kind, place]
            if world.pull[row, 2, place] > 0.0:
                score *= max(1.0, population[place]) ** world.real[8]
            live.score[kind, place] = score
    live.fresh[0, -1] += 1


@njit(cache=True)
def _match(world, live, day, population):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Set today's affinity of classes to places from who is there: shares of ethnicity (bit 1) and religion (2)."""
    places, kinds = population.shape[0], world.class_home.shape[0]
    live.affinity[:] = world.affinity
    for which in range(2):
        shares = np.zeros((kinds, places))
        for i in range(live.length[HERE]):
            place, _, _, _, _, _, _, kind = _unpack(world, live.cell_key[HERE, i])
            for other in range(kinds):
                if world.likeness[which, other] == world.likeness[which, kind]:
                    shares[other, place] += live.cell_people[HERE, i]
        scale = 10.0 if which == 0 else 1.0 / world.real[9]
        for kind in range(kinds):
            for place in range(places):
                if (np.int64(world.pull[world.pull_row[day], 3, place]) >> which) & 1:
                    heads = population[place] if population[place] >= 1.0 else 1e8
                    live.affinity[kind, place] *= shares[kind, place] / heads * scale


@njit(cache=True)
def _set_chances(world, live, day, population):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Set today's chance to leave each place."""
    for place in range(population.shape[0]):
        chance = world.state[day, 0, place]
        if world.real[11] != 0.0:
            heads = max(population[place], world.state[day, 3, place])
            chance *= (max(heads, 0.0) / world.real[12]) ** world.real[11]
        hunger = world.state[day, 4, place]
        chance = hunger + (1.0 - hunger) * chance
        if world.state[day, 5, place] >= 0.0:
            chance = world.state[day, 5, place]
        if world.state[day, 6, place] >= 0.0:
            chance *= -world.state[day, 6, place]
        live.chance[place] = chance


@njit(cache=True, inline="always")
def _chance(world, live, place, kind):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    chance = live.chance[place]
    return chance if chance >= 0.0 else -chance * world.class_real[kind, 1]


@njit(cache=True)
def _parts(world, live, day):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return into how many parts the day's travellers are split, so that no part fills much of a camp's last room."""
    moving = 0
    for i in range(live.length[ROAD]):
        moving += live.cell_people[ROAD, i]
    parts = 1.0
    for place in range(live.people.shape[0]):
        capacity = world.state[day, 3, place] * world.real[2]
        if capacity < 1.0 or live.people[place] >= capacity:
            continue
        if live.people[place] + moving > world.real[3] * capacity:
            parts = max(parts, world.real[10] * moving / max((1.0 - world.real[3]) * capacity, 1.0))
    return np.int64(min(np.ceil(parts), float(world.whole[7])))


@njit(cache=True)
def _leave_places(world, live, key, day, epoch):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """First pass: everybody at a place decides. Camps come first, since their people have been there longest."""
    for camps in range(1, -1, -1):
        for i in range(live.length[HERE]):
            place, _, _, _, first, recent, node, kind = _unpack(world, live.cell_key[HERE, i])
            if (world.state[day, 2, place] > 0.0) != (camps == 1):
                continue
            people = live.cell_people[HERE, i]
            if world.resting[day] == 1:
                home = world.class_home[kind]
                _count(world, live, day, place, -people)
                _count(world, live, day, home, people)
                _stay(world, live, home, 0.0, first, recent, node, kind, people)
                continue
            chance = _chance(world, live, place, kind)
            _decide(world, live, key, day, 0, epoch, place, 0, first, recent, node, kind, people, chance, False)


@njit(cache=True)
def _travel_roads(world, live, key, day, epoch, opening):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Second pass: everybody on a link travels, and goes on from where the day still has kilometres left."""
    links = world.whole[1]
    parts = _parts(world, live, day)
    for part in range(parts):
        _clear(live, HOP)
        live.head[:] = -1
        for i in range(live.length[ROAD]):
            cell, whole = live.cell_key[ROAD, i], live.cell_people[ROAD, i]
            offset = np.int64(_mix(np.uint64(cell)) % np.uint64(parts))
            people = (whole * (part + 1) + offset) // parts - (whole * part + offset) // parts
            if people == 0:
                continue
            link, _, rode, walked, first, recent, node, kind = _unpack(world, cell)
            if opening and link < links and rode + walked > 0 and world.closes[epoch, link]:
                link += links
            _travel(world, live, key, day, part, link, 0.0, rode, walked, first, recent, node, kind, people)
        for step in range(live.head.shape[0]):
            slot = live.head[step]
            while slot >= 0:
                place, _, _, _, first, recent, node, kind = _unpack(world, live.cell_key[HOP, slot])
                people = live.cell_people[HOP, slot]
                chance = _chance(world, live, place, kind)
                steps, kilometres = world.whole[4], step * world.real[7]
                if steps > 0 and world.state[day, 1, place] > 0.0 and recent + steps * kilometres / world.real[0] < steps:
                    chance = 1.0
                if world.resting[day] == 1:
                    _stay(world, live, place, kilometres, first, recent, node, kind, people)
                else:
                    _decide(world, live, key, day, part, epoch, place, step, first, recent, node, kind, people, chance,
                            True)  # fmt: skip
                slot = live.follow[slot]


@njit(cache=True)
def _take_out(world, live, key, day):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Take people out of camps that are sinks; they still count as being there, but never move again."""
    gone = 0
    for i in range(live.length[HERE]):
        place, _, _, _, first, recent, node, kind = _unpack(world, live.cell_key[HERE, i])
        if world.sink[place] > 0.0 and world.state[day, 2, place] > 0.0:
            entity = _entity(world.place_key[place], 7, 0, _detail(0, 0, 0, first, recent, kind))
            if node >= 0:
                entity ^= world.node_key[node]
            taken = draw_binomial(key, entity, day, 0, live.cell_people[HERE, i], world.sink[place])
            live.cell_people[HERE, i] -= taken
            gone += taken
    return gone


@njit(cache=True)
def _swap(live, now, later):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Make tomorrow's table today's, leaving out cells that are empty."""
    _clear(live, now)
    for i in range(live.length[later]):
        _put(live, now, live.cell_key[later, i], live.cell_people[later, i])
    _clear(live, later)


@njit(cache=True, nogil=True)
def run_replicate(world, live, seed, replicate, at_place, on_road, created):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Run one replicate and write people at places [day, place], on roads [day] and created so far [day].

    Returns DONE, TABLES_FULL (run again with larger tables) or NOBODY_LEFT.
    """
    key = replicate_key(seed, replicate)
    population = world.population.copy()
    for table in range(5):
        _clear(live, table)
    live.mark[5] = 0
    live.people[:] = 0
    live.room[:] = 1.0
    live.fresh[:] = 0
    live.fresh[0, -1] = 1
    live.affinity[:] = world.affinity
    so_far = np.int64(0)
    for place in range(population.shape[0]):
        _begin(world, live, key, 0, 8, place, world.initial[place])
        so_far += world.initial[place]
    for day in range(world.epoch.shape[0]):
        epoch = world.epoch[day]
        opening = day == 0 or world.epoch[day - 1] != epoch
        for place in range(population.shape[0]):
            _count(world, live, day, place, 0)
        spawned = _spawn(world, live, key, day, population)
        if spawned < 0:
            return NOBODY_LEFT
        so_far += spawned
        if world.whole[9] == 1:
            _match(world, live, day, population)
        if opening or world.whole[10] == 1 or world.pull_row[day] != world.pull_row[day - 1]:
            _refresh_scores(world, live, day, population)
        _set_chances(world, live, day, population)
        _leave_places(world, live, key, day, epoch)
        _travel_roads(world, live, key, day, epoch, opening)
        _swap(live, HERE, HERE_NEXT)
        _swap(live, ROAD, ROAD_NEXT)
        if world.whole[0] == 1:
            _take_out(world, live, key, day)
        if live.mark[5] == 1:
            return TABLES_FULL
        at_place[day] = live.people
        moving = np.int64(0)
        for i in range(live.length[ROAD]):
            moving += live.cell_people[ROAD, i]
        on_road[day] = moving
        created[day] = so_far
    return DONE
