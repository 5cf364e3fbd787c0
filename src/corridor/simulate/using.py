"""Supplies carried, made and used, compiled: the inner loops of rules 18 and 19."""

from __future__ import annotations

# compiled functions take arrays of kinds that numba finds out
# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: ANN001, ANN201
from corridor.chance.compiled import compiled


@compiled
def count_people(at_place, on_link, places, leading_out, people):
    """Write the people at each place and, last, on the roads out [R, N + 1]."""
    for r in range(people.shape[0]):
        for n in range(len(places)):
            people[r, n] = 0
            for g in range(at_place.shape[2]):
                people[r, n] += at_place[r, places[n], g]
        people[r, -1] = 0
        for link in range(on_link.shape[1]):
            if leading_out[link]:
                people[r, -1] += on_link[r, link]


@compiled
def carry_along(people, before, average, carried_days, stock, taken_out):
    """Move supplies with people: onto the road with those who left, off it with those who got somewhere.

    Only the change of each place's number is seen, so somebody who comes changes places with somebody who goes.
    `before` becomes what `people` are now.
    """
    items = stock.shape[2]
    for r in range(people.shape[0]):
        road = people.shape[1] - 1
        pool, came = before[r, road], 0
        for n in range(road):
            change = people[r, n] - before[r, n]
            came += max(change, 0)
            if change >= 0:
                continue
            pool -= change
            share = -change / before[r, n]
            for i in range(items):
                taken = min(stock[r, n, i] * share, -change * average[r, n, i] * carried_days[r])
                stock[r, n, i] -= taken
                stock[r, road, i] += taken
        off = max(pool - people[r, road], 0)
        if off > 0:
            for i in range(items):
                left = stock[r, road, i] * off / pool
                stock[r, road, i] -= left
                out = left
                for n in range(road):
                    if people[r, n] > before[r, n]:
                        part = left * (people[r, n] - before[r, n]) / max(off, came)
                        stock[r, n, i] += part
                        out -= part
                taken_out[r, i] += max(out, 0.0)
        for n in range(road + 1):
            before[r, n] = people[r, n]


@compiled
def use_items(
    at_place, places, people, need, road_need, making, dependence, depends_on, order, known, days, aside, stock, made,
    used, needed, without, met,
):  # fmt: skip
    """Make and use items, each after the one it depends on and as far as that was met in this step.

    An item whose stock is not known limits nothing.
    """
    for r in range(people.shape[0]):
        for n in range(people.shape[1]):
            for position in range(len(order)):
                i = order[position]
                wanted = 0.0
                if n < len(places):
                    for g in range(need.shape[2]):
                        wanted += at_place[r, places[n], g] * need[r, n, g, i]
                else:
                    wanted = people[r, n] * road_need[r, i]
                wanted *= days
                other, limit = depends_on[i], 1.0
                if other >= 0 and known[n, other]:
                    limit = 1.0 - dependence[r, i] * (1.0 - met[r, n, other])
                if n < len(places):
                    fresh = making[r, n, i] * days * limit
                    stock[r, n, i] += fresh
                    made[r, n, i] += fresh
                taken = min(wanted * limit, max(stock[r, n, i] - aside[r, n, i], 0.0))
                stock[r, n, i] -= taken
                used[r, n, i] += taken
                needed[r, n, i] += wanted
                met[r, n, i] = taken / wanted if wanted > 0.0 else 1.0
                without[r, n, i] += (1.0 - met[r, n, i]) * people[r, n] * days


@compiled
def feel_shortage(places, weight, met, keep, shortage):
    """Let shortage move, with a day's memory, towards the unmet share of life-saving needs whose stock is known.

    It begins where the parameter `shortage` puts it; where no stock is known it stays there.
    """
    for n in range(len(places)):
        total = 0.0
        for i in range(met.shape[2]):
            total += weight[n, i]
        if total <= 0.0:
            continue
        for r in range(met.shape[0]):
            unmet = 0.0
            for i in range(met.shape[2]):
                unmet += weight[n, i] * (1.0 - met[r, n, i])
            shortage[r, places[n]] = keep * shortage[r, places[n]] + (1.0 - keep) * unmet
