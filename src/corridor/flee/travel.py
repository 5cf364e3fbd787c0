"""How people of one cell move in a day: they set out, travel along a link, arrive, and follow their route or wait."""

from __future__ import annotations

import numpy as np
from numba import njit

from corridor.chance.draws import draw_binomial
from corridor.flee import arena as at
from corridor.flee.cells import carry, count_people, entity_of, keep, pack, put, room_to_half, state_of

WALKING = 2  # what is drawn, beside kernel.py's and begin.py's


@njit(cache=True, error_model="numpy")
def stay(ints, reals, place, kilometres, first, node, kind, people, source, whole):  # type: ignore[no-untyped-def]
    """Leave people at a place until tomorrow."""
    if people > 0:
        key = pack(ints, place, 0, 0, 0, first, node, kind)
        keep(ints, reals, ints[at.HERE_NEXT], key, kilometres, people, source, whole)


@njit(cache=True, error_model="numpy")
def arrive(ints, reals, day, epoch, link, step, travelled, pace, node, kind, people, source, whole):  # type: ignore[no-untyped-def]
    """Let people arrive at a link's end, to go on today or not; from a link closed meanwhile they turn back.

    Whoever has a route goes on along it at once, as each person does in Flee; those who must choose wait for the
    others who have come as far today.
    """
    back = link >= ints[at.LINKS]
    place = ints[ints[at.LINK_START] + link] if back else ints[ints[at.LINK_END] + link]
    if step > 0:
        ints[ints[at.INDIRECT] + place] += people
    if back or step * reals[at.KM_STEP] + travelled >= pace:
        count_people(ints, reals, day, place, people)
        stay(ints, reals, place, travelled, 0, node, kind, people, source, whole)
    elif node < 0 or ints[ints[at.RESTING] + day] == 1:
        wait(ints, reals, day, epoch, place, step, travelled, node, kind, people, source, whole)
    else:
        follow(ints, reals, day, epoch, place, step, travelled, node, kind, people, 0, source, whole)


@njit(cache=True, error_model="numpy")
def wait(ints, reals, day, epoch, place, step, travelled, node, kind, people, source, whole):  # type: ignore[no-untyped-def]
    """Let people come to a place and wait for the others who have come as far today, to go on together."""
    count_people(ints, reals, day, place, people)
    later = step + max(np.int64(np.round(travelled / reals[at.KM_STEP])), 1)
    later = ints[ints[at.UNTIL] + (epoch * ints[at.PLACES] + place) * ints[at.STEPS] + later]
    before = ints[ints[at.LENGTH] + at.HOP]
    slot = put(ints, reals, at.HOP, pack(ints, place, later, 0, 0, 0, node, kind), people)
    carry(ints, reals, at.HOP, slot, travelled, source, people / whole)
    if slot == before:
        ints[ints[at.FOLLOW] + slot] = ints[ints[at.HEAD] + later]
        ints[ints[at.HEAD] + later] = slot


@njit(cache=True, error_model="numpy", forceinline=True)
def find_next_road(ints, reals, day, epoch, place, node):  # type: ignore[no-untyped-def]
    """Return the link that a route takes next, or -1 where it is gone or the camp at the route's end is full."""
    last, places = ints[ints[at.NODE_LAST] + node], ints[at.PLACES]
    link = ints[ints[at.BETWEEN] + (epoch * places + place) * places + ints[ints[at.NODE_HOP] + node]]
    if reals[ints[at.ROOM] + last] < 0.5 and state_of(ints, reals, day, 2, last) > 0.0:
        link = np.int64(-1)
    return link


@njit(cache=True, error_model="numpy", forceinline=True)
def count_held_back(ints, reals, day, link, rest, people):  # type: ignore[no-untyped-def]
    """Return how many people must stay, since the camp where link and route end is too full after the others."""
    if rest >= 0 or reals[ints[at.LINK_KM] + link] >= reals[at.SPEED]:
        return np.int64(0)
    return max(people - room_to_half(ints, reals, day, ints[ints[at.LINK_END] + link]), np.int64(0))


@njit(cache=True, error_model="numpy")
def follow(ints, reals, day, epoch, place, step, travelled, node, kind, people, counted, source, whole):  # type: ignore[no-untyped-def]
    """Take people from a place along their route as far as the day or the route goes.

    `counted` are those of them who are counted as being there. No more set out for a camp next to where they are
    than may do so before it is too full.
    """
    while True:
        link = find_next_road(ints, reals, day, epoch, place, node)
        if link < 0:
            node = np.int64(-1)
            break
        if reals[ints[at.LINK_WALK] + link] > 0.0:
            wait(ints, reals, day, epoch, place, step, travelled, node, kind, people, source, whole)
            return
        rest = ints[ints[at.NODE_REST] + node]
        staying = count_held_back(ints, reals, day, link, rest, people)
        stay(ints, reals, place, travelled, 0, -1, kind, staying, source, whole)
        if staying != counted:
            count_people(ints, reals, day, place, staying - counted)
        people, counted, node = people - staying, np.int64(0), rest
        if people == 0:
            return
        distance, pace = reals[ints[at.LINK_KM] + link], reals[ints[at.LINK_SPEED] + link]
        if pace <= distance:
            cell = pack(ints, link, 0, 1, 0, 0, node, kind)
            keep(ints, reals, ints[at.ROAD_NEXT], cell, travelled + pace, people, source, whole)
            return
        place, travelled = ints[ints[at.LINK_END] + link], travelled + distance
        ints[ints[at.INDIRECT] + place] += people
        if step * reals[at.KM_STEP] + travelled >= pace:
            break
        if node < 0:
            wait(ints, reals, day, epoch, place, step, travelled, node, kind, people, source, whole)
            return
    if people != counted:
        count_people(ints, reals, day, place, people - counted)
    stay(ints, reals, place, travelled, 0, node, kind, people, source, whole)


@njit(cache=True, error_model="numpy")
def travel(ints, reals, key, day, part, epoch, link, step, rode, walked, first, node, kind, people, source, whole):  # type: ignore[no-untyped-def]
    """Move people along a link for the rest of the day: they arrive, turn back at a closed link, or stay on it."""
    distance = reals[ints[at.LINK_KM] + link]
    speed = reals[ints[at.LINK_SPEED] + link]
    chance = reals[ints[at.LINK_WALK] + link]
    on_foot = people if first == 1 else 0
    if first == 0 and chance > 0.0:
        detail = ((step * 4096 + rode) * 4096 + walked) * 65536 + kind
        entity = entity_of(ints, ints[ints[at.LINK_KEY] + link], WALKING, part, detail, node)
        on_foot = draw_binomial(key, entity, day, 0, people, chance)
    before = rode * speed + walked * reals[at.WALK]
    for walking in range(2):
        group = on_foot if walking == 1 else people - on_foot
        if group > 0:
            pace = reals[at.WALK] if walking == 1 else speed
            if before + pace <= distance:
                cell = pack(ints, link, 0, rode + 1 - walking, walked + walking, first, node, kind)
                keep(ints, reals, ints[at.ROAD_NEXT], cell, pace, group, source, whole)
            else:
                arrive(ints, reals, day, epoch, link, step, distance - before, pace, node, kind, group, source, whole)


@njit(cache=True, error_model="numpy")
def enter(ints, reals, key, day, part, epoch, place, step, first, node, kind, people, source, whole):  # type: ignore[no-untyped-def]
    """Let people at a place set out on a route: in the first pass (step 0) onto a road, later in the day along it."""
    link = find_next_road(ints, reals, day, epoch, place, node)
    if link < 0:
        stay(ints, reals, place, 0.0, first, -1, kind, people, source, whole)
    elif step == 0:
        count_people(ints, reals, day, place, -people)
        cell = pack(ints, link, 0, 0, 0, first, ints[ints[at.NODE_REST] + node], kind)
        carry(ints, reals, ints[at.ROAD], put(ints, reals, ints[at.ROAD], cell, people), 0.0, source, people / whole)
    elif reals[ints[at.LINK_WALK] + link] > 0.0:
        rest = ints[ints[at.NODE_REST] + node]
        staying = count_held_back(ints, reals, day, link, rest, people)
        stay(ints, reals, place, 0.0, first, -1, kind, staying, source, whole)
        people -= staying
        count_people(ints, reals, day, place, -people)
        travel(ints, reals, key, day, part, epoch, link, step, 0, 0, 0, rest, kind, people, source, whole)
    else:
        follow(ints, reals, day, epoch, place, step, 0.0, node, kind, people, people, source, whole)
