"""Flee's day on counts of people: the compiled loop.

Its tables are in cells.py, the morning in begin.py, the roads in travel.py, the choice of a route in choose.py.

People who share a place or link, the days spent on the link, the first-leg flag, the rest of their route and their
class are one *cell*, and decide independently of each other; so binomial and multinomial draws on cells give the
same law as one person after the other (Kemeny and Snell's lumping). Recent distance is carried as a
distribution. The one thing in Flee that depends on the order of persons is how full a camp is at the moment of a
choice. Here the day's travellers are taken in parts, one after the other, as many as the day's movement asks for
beside the room left in the camps.

A cell's state is packed into one whole number; a table of cells is a list with a hash index. All memory is two flat
arrays, see arena.py: `ints[ints[NAME] + i]` or `reals[ints[NAME] + i]` is entry i of an array, `ints[NAME]` a
number in the header.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from corridor.chance.draws import draw_binomial, draw_uniforms, replicate_key
from corridor.flee import arena as at
from corridor.flee.begin import AT_FIRST, begin, chance_of, match_places, refresh_scores, set_chances, spawn
from corridor.flee.cells import carry, cell_at, clear, count_people, entity_of, recent_at, state_of, unpack
from corridor.flee.choose import choose, stride_of, weigh
from corridor.flee.parts import share_out
from corridor.flee.travel import enter, stay, travel

DONE, TABLES_FULL, NOBODY_LEFT = range(3)
LEAVE, GO_ON, TAKEN = 0, 1, 3  # what is drawn, beside travel.py's and begin.py's


@njit(cache=True, error_model="numpy")
def _part(ints, reals, limit, chance, source):  # type: ignore[no-untyped-def]
    """Part the recent distances at `source` into those of leavers and of stayers; return the people below `limit`.

    People below that step all leave, the others with `chance`. Of those on the step itself half count as below it:
    they stand for people between the steps on either side.
    """
    leavers, stayers, below = ints[at.LEAVERS], ints[at.STAYERS], 0.0
    for i in range(ints[at.BINS]):
        there = reals[source + i]
        surely = there if i < limit else 0.5 * there if i == limit else 0.0
        going = surely + (there - surely) * chance
        below += surely
        reals[leavers + i], reals[stayers + i] = going, there - going
    return below


@njit(cache=True, error_model="numpy")
def _decide(ints, reals, key, day, part, epoch, place, step, first, node, kind, people, chance, limit, source):  # type: ignore[no-untyped-def]
    """Let people at a place stay or leave, choose among the routes, and step onto the roads."""
    if node >= 0:
        enter(ints, reals, key, day, part, epoch, place, step, first, node, kind, people, source, people)
        return
    purpose = GO_ON if step > 0 else LEAVE
    detail = (step * 2 + first) * 65536 + kind
    entity = entity_of(ints, ints[ints[at.PLACE_KEY] + place], purpose, part, detail, -1)
    expected, leavers, stayers, stayed, surely = 0.0, source, source, np.float64(people), np.int64(0)
    if limit > 0 and chance < 1.0:
        below = _part(ints, reals, limit, chance, source)
        leavers, stayers = ints[at.LEAVERS], ints[at.STAYERS]
        expected = below + chance * (people - below)
        stayed = people - expected
        surely = min(np.int64(below + draw_uniforms(key, entity, day, 1 << 30)[0]), people)
    leaving = surely + draw_binomial(key, entity, day, 0, people - surely, chance)
    options = ints[at.OPTION_FROM] + epoch * (ints[at.PLACES] + 1)
    begin, count = ints[options + place], ints[options + place + 1] - ints[options + place]
    if count == 0:
        stay(ints, reals, place, 0.0, first, -1, kind, people, source, people)
        return
    stay(ints, reals, place, 0.0, first, -1, kind, people - leaving, stayers, max(stayed, 1e-9))
    if leaving == 0:
        return
    if ints[ints[at.FRESH] + kind * ints[at.PLACES] + place] != ints[at.VERSION]:
        weigh(ints, reals, epoch, place, kind)
    weights = ints[at.WEIGHT] + stride_of(ints, reals) * kind + begin - ints[options]
    total = reals[ints[at.TOTAL] + kind * ints[at.PLACES] + place]
    whole = max(expected, 1e-9) if leavers != source else np.float64(people)
    for i in range(choose(ints, reals, key, entity, day, weights, total, count, leaving)):
        option = ints[ints[at.CHOSEN] + i]
        going = ints[ints[at.COUNTS] + option]
        ints[ints[at.COUNTS] + option] = 0
        route = ints[ints[at.OPTION_NODE] + begin + option]
        enter(ints, reals, key, day, part, epoch, place, step, first, route, kind, going, leavers, whole)


@njit(cache=True, error_model="numpy")
def _leave_places(ints, reals, key, day, epoch):  # type: ignore[no-untyped-def]
    """First pass: everybody at a place decides. Camps come first, since their people have been there longest."""
    resting, here = ints[ints[at.RESTING] + day] == 1, ints[at.HERE]
    for camps in range(1, -1, -1):
        for slot in range(ints[ints[at.LENGTH] + here]):
            cell, people = cell_at(ints, here, slot)
            place, _, _, first, node, kind = unpack(ints, cell)
            if (state_of(ints, reals, day, 2, place) > 0.0) != (camps == 1) or people <= 0:
                continue
            source = recent_at(ints, reals, here, slot)
            if resting:
                home = ints[ints[at.CLASS_HOME] + kind]
                count_people(ints, reals, day, place, -people)
                count_people(ints, reals, day, home, people)
                stay(ints, reals, home, 0.0, first, node, kind, people, source, people)
            else:
                chance = chance_of(ints, reals, place, kind)
                _decide(ints, reals, key, day, 0, epoch, place, 0, first, node, kind, people, chance, 0, source)


@njit(cache=True, error_model="numpy")
def _travel_roads(ints, reals, key, day, epoch, opening):  # type: ignore[no-untyped-def]
    """Second pass: everybody on a link travels, and goes on from where the day still has kilometres left."""
    links, road = ints[at.LINKS], ints[at.ROAD]
    for part in range(share_out(ints, reals, key, day, epoch, opening)):
        clear(ints, at.HOP)
        for step in range(ints[at.STEPS]):
            ints[ints[at.HEAD] + step] = -1
        entry = ints[ints[at.PART_HEAD] + part]
        while entry >= 0:
            slot = ints[ints[at.PART_CELL] + entry]
            cell, whole = cell_at(ints, road, slot)
            link, rode, walked, first, node, kind = unpack(ints, cell)
            if opening and link < links and rode + walked > 0 and ints[ints[at.CLOSES] + epoch * links + link] == 1:
                link += links
            people, source = ints[ints[at.PART_PEOPLE] + entry], recent_at(ints, reals, road, slot)
            travel(ints, reals, key, day, part, epoch, link, 0, rode, walked, first, node, kind, people, source, whole)
            entry = ints[ints[at.PART_NEXT] + entry]
        for step in range(1, ints[at.STEPS]):
            if ints[ints[at.HEAD] + step] >= 0:
                _go_on(ints, reals, key, day, part, epoch, step)


@njit(cache=True, error_model="numpy")
def _go_on(ints, reals, key, day, part, epoch, step):  # type: ignore[no-untyped-def]
    """Let all who have come `step` steps of kilometres today go on or stay where they are.

    On a short day, recent distance and today's together below a full day's, all go on through a town.
    """
    slot, resting = ints[ints[at.HEAD] + step], ints[ints[at.RESTING] + day] == 1
    while slot >= 0:
        cell, people = cell_at(ints, at.HOP, slot)
        place, _, _, first, node, kind = unpack(ints, cell)
        source = recent_at(ints, reals, at.HOP, slot)
        if resting:
            stay(ints, reals, place, 0.0, first, node, kind, people, source, people)
        else:
            chance, town = chance_of(ints, reals, place, kind), state_of(ints, reals, day, 1, place) > 0.0
            below = ints[at.RECENT] if town else 0
            _decide(ints, reals, key, day, part, epoch, place, step, first, node, kind, people, chance, below, source)
        slot = ints[ints[at.FOLLOW] + slot]


@njit(cache=True, error_model="numpy")
def _take_out(ints, reals, key, day):  # type: ignore[no-untyped-def]
    """Take people out of camps that are sinks: they still count as being there, as in Flee, but never move again."""
    here = ints[at.HERE]
    for slot in range(ints[ints[at.LENGTH] + here]):
        cell, people = cell_at(ints, here, slot)
        place, _, _, first, node, kind = unpack(ints, cell)
        chance = reals[ints[at.SINK] + place]
        if people > 0 and chance > 0.0 and state_of(ints, reals, day, 2, place) > 0.0:
            entity = entity_of(ints, ints[ints[at.PLACE_KEY] + place], TAKEN, 0, first * 65536 + kind, node)
            taken = draw_binomial(key, entity, day, 0, people, chance)
            ints[ints[at.CELL] + 2 * (here * ints[at.CELLS] + slot) + 1] -= taken
            carry(ints, reals, here, slot, 0.0, recent_at(ints, reals, here, slot), -taken / people)


@njit(cache=True, error_model="numpy")
def _turn(ints):  # type: ignore[no-untyped-def]
    """Make tomorrow's tables today's."""
    ints[at.HERE], ints[at.HERE_NEXT] = ints[at.HERE_NEXT], ints[at.HERE]
    ints[at.ROAD], ints[at.ROAD_NEXT] = ints[at.ROAD_NEXT], ints[at.ROAD]
    clear(ints, ints[at.HERE_NEXT])
    clear(ints, ints[at.ROAD_NEXT])


@njit(cache=True, error_model="numpy")
def _start(ints, reals, key):  # type: ignore[no-untyped-def]
    """Empty all memory of the last replicate and put the first people into their places; return how many."""
    places, kinds = ints[at.PLACES], ints[at.KINDS]
    for table in range(at.TABLES):
        clear(ints, table)
    for i in range(ints[at.COUNTS], ints[at.CHOSEN]):
        ints[i] = 0
    ints[at.FULL], ints[at.VERSION] = 0, 1
    for i in range(kinds * places):
        ints[ints[at.FRESH] + i] = 0
        reals[ints[at.AFFINITY] + i] = reals[ints[at.STILL_AFFINITY] + i]
    for place in range(places):
        ints[ints[at.PEOPLE] + place] = ints[ints[at.INDIRECT] + place] = 0
        reals[ints[at.ROOM] + place] = 1.0
        reals[ints[at.HEADS] + place] = reals[ints[at.POPULATION] + place]
    so_far = np.int64(0)
    for place in range(places):
        people = ints[ints[at.INITIAL] + place]
        begin(ints, reals, key, 0, AT_FIRST, place, people)
        so_far += people
    return so_far


@njit(cache=True, error_model="numpy", nogil=True)
def run_replicate(ints, reals, seed, replicate, at_place, on_link, created):  # type: ignore[no-untyped-def]
    """Run one replicate and write people at places [day, place], on links [day, link] and created so far [day].

    `on_link` comes filled with zeros.

    Returns DONE, TABLES_FULL (run again with larger tables) or NOBODY_LEFT.
    """
    key = replicate_key(seed, replicate)
    so_far = _start(ints, reals, key)
    for day in range(ints[at.DAYS]):
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
