"""How people of one cell move in a day: they set out, travel along a link, arrive, and go on.

`source` is the row of their recent distances, which belong to `whole` people, they being all or some of those.
"""

from __future__ import annotations

# compiled functions take arrays of kinds that numba finds out
# mypy: disable-error-code="no-untyped-def"
import numpy as np

from corridor.chance.compiled import inner, merged
from corridor.chance.draws import draw_binomial
from corridor.flee.cells import carry, count_people, entity_of, keep, pack, put
from corridor.flee.follow import count_held_back, find_next_road, follow, stay
from corridor.flee.undecided import decide_rest

WALKING = 2  # what is drawn, beside kernel.py's, begin.py's and undecided.py's


@merged
def travel(world, memory, now, number, rode, walked, first, node, kind, people, source, whole):
    """Move people along a link for the rest of the day: they stay on it, or arrive and go on.

    From a link closed meanwhile they turn back and stay where they came from.
    """
    link, undecided = world.links[number], node == len(world.nodes)
    on_foot = people if first == 1 else 0
    if first == 0 and link.walk > 0.0:
        detail = ((now.step * 4096 + rode) * 4096 + walked) * 65536 + kind
        entity = entity_of(world, link.key, WALKING, now.part, detail, -1 if undecided else node)
        on_foot = draw_binomial(now.key, entity, now.day, 0, people, link.walk)
    before = rode * link.speed + walked * world.rules.walk
    back = number >= world.closes.shape[1]
    place = link.start if back else link.end
    for walking in range(2):
        group = on_foot if walking == 1 else people - on_foot
        if group > 0:
            pace = world.rules.walk if walking == 1 else link.speed
            if before + pace <= link.km:
                cell = pack(world.rules, number, 0, rode + 1 - walking, walked + walking, first, node, kind)
                keep(world.rules, memory.tables, memory.tables.now.road_next, cell, pace, group, source, whole)
            else:
                if now.step > 0:
                    memory.spots[place].indirect += group
                pace = 0.0 if back else pace
                come = link.km - before
                if undecided:
                    spent = ((rode * 4096 + walked) * 2 + walking) * 2 + first
                    decide_rest(
                        world, memory, now, number, rode + walked, spent, place, come, pace, kind, group, source, whole
                    )
                else:
                    none = np.int64(0)
                    follow(world, memory, now, place, come, pace, node, kind, group, none, source, whole)


@inner
def set_out(world, memory, now, link, place, first, node, kind, people, source, whole):
    """Let people who have a route set out later in the day along it, `link` being its first road, which some walk."""
    rest = world.nodes[node].rest
    staying = count_held_back(world, memory, now, link, rest, people)
    stay(world, memory, place, 0.0, first, -1, kind, staying, source, whole)
    people -= staying
    memory.entered[link] += people
    count_people(world, memory, now.day, place, -people)
    travel(world, memory, now, link, 0, 0, 0, rest, kind, people, source, whole)


@merged
def enter(world, memory, now, place, first, node, kind, people, source, whole):
    """Let people at a place set out on a route: in the first pass (step 0) onto a road, later in the day along it."""
    link = find_next_road(world, memory, now, place, node)
    if link < 0:
        stay(world, memory, place, 0.0, first, -1, kind, people, source, whole)
    elif now.step == 0:
        count_people(world, memory, now.day, place, -people)
        memory.entered[link] += people
        cell = pack(world.rules, link, 0, 0, 0, first, world.nodes[node].rest, kind)
        row = put(memory.tables, memory.tables.now.road, cell, people)
        carry(world.rules, memory.tables, row, 0.0, source, people / whole)
    elif world.links[link].walk > 0.0:
        set_out(world, memory, now, link, place, first, node, kind, people, source, whole)
    else:
        follow(world, memory, now, place, 0.0, np.inf, node, kind, people, people, source, whole)
