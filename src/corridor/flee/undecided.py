"""People who set out in the morning and decide only at the end of their first road how to go on.

In Flee each has drawn a whole route by then. Which one makes no difference before the first road ends, so here first
roads are drawn in the morning, and at the end of each the rest of the route, with the weights of that morning, which
are kept until then. The law is the same (a multinomial, given its sums over the first roads), and one cell of people on
a road does for hundreds. Where the camp at a route's end is too full to set out for, whole routes are drawn.
"""

from __future__ import annotations

# compiled functions take arrays of kinds that numba finds out
# mypy: disable-error-code="no-untyped-def"
import numpy as np

from corridor.chance.compiled import inlined, inner
from corridor.flee.cells import carry, count_people, entity_of, pack, put
from corridor.flee.choose import choose
from corridor.flee.follow import follow

ONWARD = 8  # what is drawn, beside kernel.py's, begin.py's and travel.py's


@inlined
def _options_of(world, epoch, place, row):
    """Return where the routes begin and end that take the road in a row of `out`, within the routes of the epoch."""
    base, last = world.option_from[epoch, 0], row + 1 == world.out_from[epoch, place + 1]
    end = world.option_from[epoch, place + 1] if last else world.out[row + 1].option
    return world.out[row].option - base, end - base


@inner
def set_off(world, memory, now, entity, place, first, kind, people, source, whole):
    """Share the people who leave a place in the morning over its roads; the weights of its routes are up to date."""
    up_to, kept = memory.up_to[kind], memory.kept[now.day % len(memory.kept), first, kind]
    weights, sums = memory.part_weight, memory.part_up_to
    start, end = world.out_from[now.epoch, place], world.out_from[now.epoch, place + 1]
    first_option = _options_of(world, now.epoch, place, start)[0]
    total = 0.0
    for row in range(start, end):
        low, high = _options_of(world, now.epoch, place, row)
        for i in range(low, high):
            kept[i] = up_to[i]
        before, total = total, up_to[high - 1] if high > first_option else 0.0
        weights[row - start], sums[row - start] = total - before, total
    roads, counts, chosen = end - start, memory.counts, memory.chosen
    for i in range(choose(now.key, entity, now.day, weights[:roads], sums[:roads], counts, chosen, total, people)):
        going, link = counts[chosen[i]], world.out[start + chosen[i]].link
        counts[chosen[i]] = 0
        count_people(world, memory, now.day, place, -going)
        memory.entered[link] += going
        cell = pack(world.rules, link, 0, 0, 0, first, len(world.nodes), kind)
        carry(
            world.rules,
            memory.tables,
            put(memory.tables, memory.tables.now.road, cell, going),
            0.0,
            source,
            going / whole,
        )


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
