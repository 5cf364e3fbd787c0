"""People who set out in the morning and decide only at the end of their first road how to go on.

In Flee each has drawn a whole route by then. Which one makes no difference before the first road ends, so here first
roads are drawn in the morning, and at the end of each the rest of the route, with the weights of that morning, which
are kept until then. The law is the same (a multinomial, given its sums over the first roads), and one cell of people on
a road does for hundreds.
"""

from __future__ import annotations

# compiled functions take arrays of kinds that numba finds out
# mypy: disable-error-code="no-untyped-def"
import numpy as np

from corridor.chance.compiled import inlined, inner
from corridor.flee.cells import carry, count_people, entity_of, pack, put
from corridor.flee.choose import choose
from corridor.flee.follow import follow, stay

ONWARD = 8  # what is drawn, beside kernel.py's, begin.py's and travel.py's


@inlined
def _options_of(world, epoch, place, row):
    """Return where the routes begin and end that take the road in a row of `out`, within the routes of the epoch."""
    base, last = world.option_from[epoch, 0], row + 1 == world.out_from[epoch, place + 1]
    end = world.option_from[epoch, place + 1] if last else world.out[row + 1].option
    return world.out[row].option - base, end - base


@inner
def _sum_roads(world, memory, now, place, first, kind):
    """Sum the weights of the routes from a place by road, and last those that lead to camps too full to set out for.

    The weights of the others, summed, are kept for those who decide later. Returns the sum of all.
    """
    weights, kept = memory.weight[kind], memory.kept[now.day % len(memory.kept), first, kind]
    start, end = world.out_from[now.epoch, place], world.out_from[now.epoch, place + 1]
    full, total, held = memory.pairs[kind, place].full, 0.0, 0.0
    for row in range(start, end):
        before = total
        low, high = _options_of(world, now.epoch, place, row)
        for i in range(low, high):
            last = world.nodes[world.options[world.option_from[now.epoch, 0] + i].node].last if full else 0
            if full and memory.spots[last].room < 0.5 and world.state[now.day, last].camp:
                held += weights[i]
            else:
                total += weights[i]
            kept[i] = total
        memory.part_weight[row - start], memory.part_up_to[row - start] = total - before, total
    memory.part_weight[end - start], memory.part_up_to[end - start] = held, total + held
    return total + held


@inner
def set_off(world, memory, now, entity, place, first, kind, people, source, whole):
    """Share the people who leave a place in the morning over its roads; the weights of its routes are up to date.

    Whoever draws a route to a camp that is too full stays.
    """
    start, counts, chosen = world.out_from[now.epoch, place], memory.counts, memory.chosen
    several = world.out_from[now.epoch, place + 1] - start + 1
    total = _sum_roads(world, memory, now, place, first, kind)
    weights, sums = memory.part_weight[:several], memory.part_up_to[:several]
    for i in range(choose(now.key, entity, now.day, weights, sums, counts, chosen, total, people)):
        going, road = counts[chosen[i]], chosen[i]
        counts[road] = 0
        if road == several - 1:
            stay(world, memory, place, 0.0, first, -1, kind, going, source, whole)
            continue
        link = world.out[start + road].link
        count_people(world, memory, now.day, place, -going)
        memory.entered[link] += going
        cell = pack(world.rules, link, 0, 0, 0, first, len(world.nodes), kind)
        row = put(memory.tables, memory.tables.now.road, cell, going)
        carry(world.rules, memory.tables, row, 0.0, source, going / whole)


@inner
def decide_rest(world, memory, now, number, days, spent, place, travelled, pace, kind, people, source, whole):
    """Let people who come to the end of their first road choose how to go on, and follow; they set out `days` ago.

    `spent` tells those apart who came there in different ways; its last bit is that of the first leg.
    """
    first, then, link = spent & 1, now.day - days, number % world.closes.shape[1]
    epoch, start = world.days[then].epoch, world.links[number].start
    row = world.out_from[epoch, start]
    while world.out[row].link != link:
        row += 1
    low, high = _options_of(world, epoch, start, row)
    kept, weights, sums = memory.kept[then % len(memory.kept), first, kind], memory.part_weight, memory.part_up_to
    before = kept[low - 1] if low > _options_of(world, epoch, start, world.out_from[epoch, start])[0] else 0.0
    so_far = 0.0
    for i in range(high - low):
        total = kept[low + i] - before
        weights[i], sums[i], so_far = total - so_far, total, total
    entity = entity_of(world, world.links[number].key, ONWARD, now.part, spent * 65536 + kind, -1)
    counts, chosen, base = memory.counts, memory.chosen, world.option_from[epoch, 0] + low
    several = choose(
        now.key, entity, now.day, weights[: high - low], sums[: high - low], counts, chosen, so_far, people
    )
    for i in range(several):
        going = counts[chosen[i]]
        counts[chosen[i]] = 0
        node = world.nodes[world.options[base + chosen[i]].node].rest
        follow(world, memory, now, place, travelled, pace, node, kind, going, np.int64(0), source, whole)
