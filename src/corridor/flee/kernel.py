"""Flee's day on counts of people: the compiled loop (its tables are in cells.py, the morning in begin.py).

People who share a place or link, the days spent on the link, the first-leg flag, the recent distance, the rest of
their route and their class are one *cell*, and decide independently of each other; so binomial and multinomial
draws on cells give the same law as one person after the other (Kemeny and Snell's lumping). The one thing in Flee
that depends on the order of persons is how full a camp is at the moment of a choice. Here the day's travellers are
taken in parts, one after the other, as many as the day's movement asks for beside the room left in the camps.

A cell's state is packed into one whole number; a table of cells is a list with a hash index. All memory is two flat
arrays, see arena.py: `ints[ints[NAME] + i]` is entry i of an array, `ints[NAME]` a number in the header.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from corridor.flee import arena as at
from corridor.flee.begin import AT_FIRST, begin, chance_of, match_places, refresh_scores, set_chances, spawn
from corridor.flee.cells import cell_at, clear, count_people, entity_of, keep, mix, pack, put, state_of, unpack
from corridor.simulate.draws import draw_binomial, draw_multinomial, draw_uniforms, replicate_key

DONE, TABLES_FULL, NOBODY_LEFT = range(3)
LEAVE, GO_ON, WALKING, TAKEN = range(4)  # what is drawn, beside begin.py's


@njit(cache=True)
def _stay(ints, reals, place, kilometres, first, recent, node, kind, people):  # type: ignore[no-untyped-def]
    """Leave people at a place until tomorrow."""
    keep(ints, reals, ints[at.HERE_NEXT], place, 0, 0, first, recent, kilometres, node, kind, people)


@njit(cache=True)
def _weigh(ints, reals, epoch, place, kind):  # type: ignore[no-untyped-def]
    """Bring the weights of the routes from a place up to date for one class."""
    places = ints[at.PLACES]
    options = ints[at.OPTION_FROM] + epoch * (places + 1)
    base, begin, end = ints[options], ints[options + place], ints[options + place + 1]
    weights = np.int64(reals[at.WEIGHT]) + _stride(ints, reals) * kind - base
    scores, rooms = np.int64(reals[at.SCORE]) + kind * places, np.int64(reals[at.ROOM])
    near, softening, power = np.int64(reals[at.OPTION_NEAR]), reals[at.SOFTENING], reals[at.POWER]
    fixed = ints[at.FIXED_ROUTES] == 1
    total = best = 0.0
    for i in range(begin, end):
        last = ints[ints[at.NODE_LAST] + ints[ints[at.OPTION_NODE] + i]]
        score = reals[scores + last]
        if ints[at.SPREAD] == 1:
            score *= reals[np.int64(reals[at.NEARNESS]) + place * places + last]
        weight = (softening + score) * reals[near + i]
        if not fixed:
            weight *= reals[rooms + last]
        if power != 1.0:
            weight = weight**power
        if fixed:
            weight *= score
        reals[weights + i] = weight
        best = max(best, weight)
        total += weight
    if reals[at.PRUNING] >= 1.001 and not fixed:
        total = 0.0
        for i in range(begin, end):
            if reals[weights + i] < best / reals[at.PRUNING]:
                reals[weights + i] = 0.0
            total += reals[weights + i]
    if not total > 0.0:
        for i in range(begin, end):
            reals[weights + i] = 1.0
        total = float(end - begin)
    reals[np.int64(reals[at.TOTAL]) + kind * places + place] = total
    ints[ints[at.FRESH] + kind * places + place] = ints[at.VERSION]


@njit(cache=True, forceinline=True)
def _stride(ints, reals):  # type: ignore[no-untyped-def]
    """Return the room for one class's weights."""
    return (np.int64(reals[at.TOTAL]) - np.int64(reals[at.WEIGHT])) // ints[at.KINDS]


@njit(cache=True)
def _travel(ints, reals, key, day, part, link, step, rode, walked, first, recent, node, kind, people):  # type: ignore[no-untyped-def]
    """Move people along a link for the rest of the day: they arrive, turn back at a closed link, or stay on it."""
    distance = reals[np.int64(reals[at.LINK_KM]) + link]
    speed = reals[np.int64(reals[at.LINK_SPEED]) + link]
    chance = reals[np.int64(reals[at.LINK_WALK]) + link]
    on_foot = people if first == 1 else 0
    if first == 0 and chance > 0.0:
        name = ints[ints[at.LINK_KEY] + link]
        entity = entity_of(ints, name, WALKING, part, step, rode, walked, 0, recent, node, kind)
        on_foot = draw_binomial(key, entity, day, 0, people, chance)
    before = rode * speed + walked * reals[at.WALK]
    for walking in range(2):
        group = on_foot if walking == 1 else people - on_foot
        if group > 0:
            pace = reals[at.WALK] if walking == 1 else speed
            if before + pace <= distance:
                keep(ints, reals, ints[at.ROAD_NEXT], link, rode + 1 - walking, walked + walking, first, recent,
                      step * reals[at.KM_STEP] + pace, node, kind, group)  # fmt: skip
            else:
                _arrive(ints, reals, day, link, step, distance - before, pace, recent, node, kind, group)


@njit(cache=True)
def _arrive(ints, reals, day, link, step, travelled, pace, recent, node, kind, people):  # type: ignore[no-untyped-def]
    """Let people arrive at a link's end, to go on today or not; from a link closed meanwhile they turn back."""
    kilometres = step * reals[at.KM_STEP] + travelled
    back = link >= ints[at.LINKS]
    place = ints[ints[at.LINK_START] + link] if back else ints[ints[at.LINK_END] + link]
    count_people(ints, reals, day, place, people)
    if step > 0:
        ints[ints[at.INDIRECT] + place] += people
    if back or kilometres >= pace:
        _stay(ints, reals, place, kilometres, 0, recent, node, kind, people)
        return
    later = max(np.int64(np.round(kilometres / reals[at.KM_STEP])), step + 1)
    slot = put(ints, at.HOP, pack(ints, place, later, 0, 0, 0, recent, node, kind), people)
    if slot >= 0:
        ints[ints[at.FOLLOW] + slot] = ints[ints[at.HEAD] + later]
        ints[ints[at.HEAD] + later] = slot


@njit(cache=True)
def _enter(ints, reals, key, day, part, epoch, place, step, first, recent, node, kind, people):  # type: ignore[no-untyped-def]
    """Take the next road of a route, unless the road is gone or the camp at the route's end is full.

    In the first pass (step 0) people only step onto the road; later in the day they travel at once.
    """
    ahead, rest = ints[ints[at.NODE_HOP] + node], ints[ints[at.NODE_REST] + node]
    last = ints[ints[at.NODE_LAST] + node]
    out = ints[at.OUT_FROM] + epoch * (ints[at.PLACES] + 1) + place
    link = -1
    for i in range(ints[out], ints[out + 1]):
        if ints[ints[at.LINK_END] + ints[ints[at.OUT_LINK] + i]] == ahead:
            link = ints[ints[at.OUT_LINK] + i]
            break
    if link < 0 or (state_of(ints, reals, day, 2, last) > 0.0 and reals[np.int64(reals[at.ROOM]) + last] < 0.5):
        _stay(ints, reals, place, step * reals[at.KM_STEP], first, recent, -1, kind, people)
        return
    count_people(ints, reals, day, place, -people)
    if step > 0:
        _travel(ints, reals, key, day, part, link, step, 0, 0, 0, recent, rest, kind, people)
    else:
        put(ints, ints[at.ROAD], pack(ints, link, 0, 0, 0, first, recent, rest, kind), people)


@njit(cache=True)
def _decide(ints, reals, key, day, part, epoch, place, step, first, recent, node, kind, people, chance):  # type: ignore[no-untyped-def]
    """Let people at a place stay or leave, choose among the routes, and step onto the roads."""
    if node >= 0:
        _enter(ints, reals, key, day, part, epoch, place, step, first, recent, node, kind, people)
        return
    purpose = GO_ON if step > 0 else LEAVE
    name = ints[ints[at.PLACE_KEY] + place]
    entity = entity_of(ints, name, purpose, part, step, 0, 0, first, recent, -1, kind)
    leaving = draw_binomial(key, entity, day, 0, people, chance)
    options = ints[at.OPTION_FROM] + epoch * (ints[at.PLACES] + 1)
    begin, count = ints[options + place], ints[options + place + 1] - ints[options + place]
    if count == 0:
        leaving = np.int64(0)
    if leaving < people:
        _stay(ints, reals, place, step * reals[at.KM_STEP], first, recent, -1, kind, people - leaving)
    if leaving == 0:
        return
    if ints[ints[at.FRESH] + kind * ints[at.PLACES] + place] != ints[at.VERSION]:
        _weigh(ints, reals, epoch, place, kind)
    weights = np.int64(reals[at.WEIGHT]) + _stride(ints, reals) * kind + begin - ints[options]
    nodes = ints[at.OPTION_NODE] + begin
    counts = ints[at.COUNTS]
    if leaving <= max(8, count // 8):  # few people: one choice each is cheaper than a draw for each route
        total = reals[np.int64(reals[at.TOTAL]) + kind * ints[at.PLACES] + place]
        for i in range(count):
            ints[counts + i] = 0
        for person in range(leaving):
            left = draw_uniforms(key, entity, day, (1 << 28) + person)[0] * total
            i = 0
            while i < count - 1 and left >= reals[weights + i]:
                left -= reals[weights + i]
                i += 1
            while reals[weights + i] <= 0.0:
                i -= 1
            ints[counts + i] += 1
    else:
        draw_multinomial(key, entity, day, leaving, reals[weights : weights + count], ints[counts : counts + count])
    for i in range(count):
        if ints[counts + i] > 0:
            people = ints[counts + i]
            _enter(ints, reals, key, day, part, epoch, place, step, first, recent, ints[nodes + i], kind, people)


@njit(cache=True)
def _leave_places(ints, reals, key, day, epoch):  # type: ignore[no-untyped-def]
    """First pass: everybody at a place decides. Camps come first, since their people have been there longest."""
    resting = ints[ints[at.RESTING] + day] == 1
    for camps in range(1, -1, -1):
        for slot in range(ints[ints[at.LENGTH] + ints[at.HERE]]):
            cell, people = cell_at(ints, ints[at.HERE], slot)
            place, _, _, first, recent, node, kind = unpack(ints, cell)
            if (state_of(ints, reals, day, 2, place) > 0.0) != (camps == 1) or people <= 0:
                continue
            if resting:
                home = ints[ints[at.CLASS_HOME] + kind]
                count_people(ints, reals, day, place, -people)
                count_people(ints, reals, day, home, people)
                _stay(ints, reals, home, 0.0, first, recent, node, kind, people)
            else:
                chance = chance_of(reals, place, kind)
                _decide(ints, reals, key, day, 0, epoch, place, 0, first, recent, node, kind, people, chance)


@njit(cache=True)
def _share_out(ints, reals, day):  # type: ignore[no-untyped-def]
    """Split the day's travellers into parts, so that none fills much of a camp's last room; return how many parts.

    Large cells are split evenly over the parts; small ones, which fill no camp, go whole into one of them.
    """
    moving, length, direct, indirect = (
        np.int64(0),
        ints[ints[at.LENGTH] + ints[at.ROAD]],
        ints[at.DIRECT],
        ints[at.INDIRECT],
    )
    for place in range(ints[at.PLACES]):
        ints[direct + place] = 0
    for slot in range(length):
        cell, people = cell_at(ints, ints[at.ROAD], slot)
        link = unpack(ints, cell)[0]
        ints[direct + ints[ints[at.LINK_END] + link]] += people
        moving += people
    wanted = 1.0
    for place in range(ints[at.PLACES]):
        capacity = state_of(ints, reals, day, 3, place) * reals[at.SCALING]
        people, coming = ints[ints[at.PEOPLE] + place], ints[direct + place] + ints[indirect + place] + moving // 16
        ints[indirect + place] = 0
        if capacity >= 1.0 and people < capacity and people + coming > reals[at.BUFFER] * capacity:
            wanted = max(wanted, reals[at.PARTS_PER_ROOM] * coming / max((1.0 - reals[at.BUFFER]) * capacity, 1.0))
    parts = np.int64(min(np.ceil(wanted), float(ints[at.MOST_PARTS])))
    for part in range(parts):
        ints[ints[at.PART_HEAD] + part] = -1
    smallest, used = moving // (8 * parts) + 1, np.int64(0)
    for slot in range(length):
        cell, people = cell_at(ints, ints[at.ROAD], slot)
        pieces = min(max(people // smallest, 1), parts)
        offset = np.float64(mix(np.uint64(cell)) >> np.uint64(11)) / 9007199254740992.0
        for piece in range(pieces):
            chosen = min(int((piece + offset) * parts / pieces), parts - 1)
            ints[ints[at.PART_CELL] + used] = cell
            ints[ints[at.PART_PEOPLE] + used] = people * (piece + 1) // pieces - people * piece // pieces
            ints[ints[at.PART_NEXT] + used] = ints[ints[at.PART_HEAD] + chosen]
            ints[ints[at.PART_HEAD] + chosen] = used
            used += 1
    return parts


@njit(cache=True)
def _travel_roads(ints, reals, key, day, epoch, opening):  # type: ignore[no-untyped-def]
    """Second pass: everybody on a link travels, and goes on from where the day still has kilometres left."""
    links, steps, resting = ints[at.LINKS], ints[at.RECENT], ints[ints[at.RESTING] + day] == 1
    for part in range(_share_out(ints, reals, day)):
        clear(ints, at.HOP)
        for step in range(ints[at.STEPS]):
            ints[ints[at.HEAD] + step] = -1
        entry = ints[ints[at.PART_HEAD] + part]
        while entry >= 0:
            link, rode, walked, first, recent, node, kind = unpack(ints, ints[ints[at.PART_CELL] + entry])
            if opening and link < links and rode + walked > 0 and ints[ints[at.CLOSES] + epoch * links + link] == 1:
                link += links
            people = ints[ints[at.PART_PEOPLE] + entry]
            _travel(ints, reals, key, day, part, link, 0, rode, walked, first, recent, node, kind, people)
            entry = ints[ints[at.PART_NEXT] + entry]
        for step in range(1, ints[at.STEPS]):
            slot = ints[ints[at.HEAD] + step]
            far = step * reals[at.KM_STEP] / reals[at.SPEED] * steps
            while slot >= 0:
                cell, people = cell_at(ints, at.HOP, slot)
                place, _, _, first, recent, node, kind = unpack(ints, cell)
                if resting:
                    _stay(ints, reals, place, step * reals[at.KM_STEP], first, recent, node, kind, people)
                else:
                    chance = chance_of(reals, place, kind)
                    if recent + far < steps and state_of(ints, reals, day, 1, place) > 0.0:
                        chance = 1.0  # a short day so far: on through the town
                    _decide(ints, reals, key, day, part, epoch, place, step, first, recent, node, kind, people, chance)
                slot = ints[ints[at.FOLLOW] + slot]


@njit(cache=True)
def _take_out(ints, reals, key, day):  # type: ignore[no-untyped-def]
    """Take people out of camps that are sinks: they still count as being there, as in Flee, but never move again."""
    for slot in range(ints[ints[at.LENGTH] + ints[at.HERE]]):
        cell, people = cell_at(ints, ints[at.HERE], slot)
        place, _, _, first, recent, node, kind = unpack(ints, cell)
        chance = reals[np.int64(reals[at.SINK]) + place]
        if chance > 0.0 and state_of(ints, reals, day, 2, place) > 0.0:
            name = ints[ints[at.PLACE_KEY] + place]
            entity = entity_of(ints, name, TAKEN, 0, 0, 0, 0, first, recent, node, kind)
            taken = draw_binomial(key, entity, day, 0, people, chance)
            ints[ints[at.CELL_PEOPLE] + ints[at.HERE] * ints[at.CELLS] + slot] -= taken


@njit(cache=True)
def _turn(ints):  # type: ignore[no-untyped-def]
    """Make tomorrow's tables today's."""
    ints[at.HERE], ints[at.HERE_NEXT] = ints[at.HERE_NEXT], ints[at.HERE]
    ints[at.ROAD], ints[at.ROAD_NEXT] = ints[at.ROAD_NEXT], ints[at.ROAD]
    clear(ints, ints[at.HERE_NEXT])
    clear(ints, ints[at.ROAD_NEXT])


@njit(cache=True)
def _start(ints, reals, key):  # type: ignore[no-untyped-def]
    """Empty all memory of the last replicate and put the first people into their places; return how many."""
    places, kinds = ints[at.PLACES], ints[at.KINDS]
    for table in range(at.TABLES):
        clear(ints, table)
    ints[at.FULL], ints[at.VERSION] = 0, 1
    for i in range(kinds * places):
        ints[ints[at.FRESH] + i] = 0
        reals[np.int64(reals[at.AFFINITY]) + i] = reals[np.int64(reals[at.STILL_AFFINITY]) + i]
    for place in range(places):
        ints[ints[at.PEOPLE] + place] = ints[ints[at.INDIRECT] + place] = 0
        reals[np.int64(reals[at.ROOM]) + place] = 1.0
        reals[np.int64(reals[at.HEADS]) + place] = reals[np.int64(reals[at.POPULATION]) + place]
    so_far = np.int64(0)
    for place in range(places):
        people = ints[ints[at.INITIAL] + place]
        begin(ints, reals, key, 0, AT_FIRST, place, people)
        so_far += people
    return so_far


@njit(cache=True, nogil=True)
def run_replicate(ints, reals, seed, replicate, at_place, on_link, created):  # type: ignore[no-untyped-def]
    """Run one replicate and write people at places [day, place], on links [day, link] and created so far [day].

    `on_link` comes filled with zeros.

    Returns DONE, TABLES_FULL (run again with larger tables) or NOBODY_LEFT.
    """
    key = replicate_key(seed, replicate)
    so_far = _start(ints, reals, key)
    for day in range(ints[at.DAYS]):
        ints[at.SALT] = np.int64(mix(key + np.uint64(day)))
        epoch, row = ints[ints[at.EPOCH] + day], ints[ints[at.PULL_ROW] + day]
        opening = day == 0 or ints[ints[at.EPOCH] + day - 1] != epoch
        for place in range(ints[at.PLACES]):
            count_people(ints, reals, day, place, 0)
        begun = spawn(ints, reals, key, day)
        if begun < 0:
            return NOBODY_LEFT
        so_far += begun
        if ints[at.MATCHING] == 1:
            match_places(ints, reals, day)
        if opening or ints[at.REPEATING] == 1 or row != ints[ints[at.PULL_ROW] + day - 1]:
            refresh_scores(ints, reals, day)
        set_chances(ints, reals, day)
        _leave_places(ints, reals, key, day, epoch)
        _travel_roads(ints, reals, key, day, epoch, opening)
        _turn(ints)
        if ints[at.SINKING] == 1:
            _take_out(ints, reals, key, day)
        if ints[at.FULL] == 1:
            return TABLES_FULL
        for slot in range(ints[ints[at.LENGTH] + ints[at.ROAD]]):
            cell, people = cell_at(ints, ints[at.ROAD], slot)
            on_link[day, unpack(ints, cell)[0] % ints[at.LINKS]] += people
        for place in range(ints[at.PLACES]):
            at_place[day, place] = ints[ints[at.PEOPLE] + place]
        created[day] = so_far
    return DONE
