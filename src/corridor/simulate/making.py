"""A step of making and using where there are plants, facilities or flows, compiled: the law of rules 18, 19 and 36.

First what is wanted, from what is made back to what it is made from; then what is given, the other way.
"""

from __future__ import annotations

# compiled functions take arrays of kinds that numba finds out
# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: ANN001, ANN201, ANN202
from typing import NamedTuple

import numpy as np

from corridor.chance.compiled import compiled, inlined
from corridor.simulate.arrays import Flags, Floats, Integers
from corridor.simulate.works import FACILITY, PEOPLE

LEAST = 1e-12  # of what is shared: less is rounding


class Demand(NamedTuple):
    """Who is where and what he needs: as `use_items` takes it."""

    at_place: Integers  # [R, P, G]
    places: Integers  # [N]
    people: Integers  # [R, N + 1]
    need: Floats  # [R, N, G, I]
    road_need: Floats  # [R, I]
    making: Floats  # [R, N, I] units a day made without a plant
    dependence: Floats  # [R, I]
    depends_on: Integers  # [I]
    known: Flags  # [N + 1, I]


class Shelves(NamedTuple):
    """What is in store and what came and went [R, N + 1, I]."""

    aside: Floats
    stock: Floats
    made: Floats
    used: Floats
    needed: Floats
    without: Floats
    met: Floats


class Desk(NamedTuple):
    """Memory to work in, for one replicate at a time."""

    own: Floats  # [N, I] people's wish
    wish: Floats  # [N, I] of all
    short: Floats  # [N] what plants are asked for
    taken: Floats  # [N]
    weight: Floats  # [N]
    room: Floats  # [W] what a plant can still make
    before: Floats  # [W] room before a turn of sharing; then the share reached of what a plant was asked for
    target: Floats  # [W] what a plant wants to make
    ask: Floats  # [S] of it for each place served
    given: Floats  # [J] of each input
    cap: Floats  # [W] what a plant was found to reach in this step, for lack of an input


class Kept(NamedTuple):
    """What stood before a step was tried, for one replicate [N + 1, I] or [W] or [F]."""

    shelves: Floats  # [6, N + 1, I]
    turnover: Floats  # [N + 1, I] put into plants
    plant_made: Floats  # [W]
    facilities: Floats  # [3, F]


@compiled(makes_arrays=True)
def use_with_works(demand, works, wants, working, shelves, turnover, days):
    """Make and use items for a step of so many days; `working` [R, W] is the share of its most each plant can make."""
    places, items = demand.known.shape[0] - 1, demand.known.shape[1]
    plants = works.place.shape[0]
    desk = Desk(
        np.zeros((places, items)),
        np.zeros((places, items)),
        np.zeros(places),
        np.zeros(places),
        np.zeros(places),
        np.zeros(plants),
        np.zeros(plants),
        np.zeros(plants),
        np.zeros(works.serve_place.shape[0]),
        np.zeros(works.input_item.shape[0]),
        np.zeros(plants),
    )
    kept = Kept(
        np.zeros((6, places + 1, items)),
        np.zeros((places + 1, items)),
        np.zeros(plants),
        np.zeros((3, works.facility_place.shape[0])),
    )
    for r in range(demand.people.shape[0]):
        for p in range(plants):
            desk.cap[p] = np.inf
        _ask_people(r, demand, days, desk)
        if works.turns > 1:
            _copy_books(r, shelves, turnover, kept, True)
        for turn in range(works.turns):
            _wish(r, demand, works, wants, working, shelves, days, desk)
            _give(r, demand, works, wants, shelves, turnover, days, desk)
            if turn == works.turns - 1 or not _find_short(works, desk):
                break
            _copy_books(r, shelves, turnover, kept, False)
        for n in range(places):
            for i in range(items):
                if not works.kept[i]:
                    turnover.lost[r, n, i] += shelves.stock[r, n, i]
                    shelves.stock[r, n, i] = 0.0


@inlined
def _give(r, demand, works, wants, shelves, turnover, days, desk):
    """Make and hand out every item, each after those it is made from and the one it depends on."""
    for position in range(works.order.shape[0]):
        i = works.order[position]
        _make(r, i, demand, works, shelves, turnover, desk)
        for n in range(demand.known.shape[0] - 1):
            limit = _limit(r, n, i, demand, shelves)
            fresh = demand.making[r, n, i] * days * limit
            shelves.stock[r, n, i] += fresh
            shelves.made[r, n, i] += fresh
            _hand_out(r, n, i, limit, demand, works, wants, shelves, turnover, days, desk)
        _use_on_the_road(r, i, demand, shelves, days)


@inlined
def _find_short(works, desk):
    """Tell whether a plant that others can stand in for made less than it was asked to, and note what it reached."""
    found = False
    for p in range(works.place.shape[0]):
        if works.replaced[p] and desk.target[p] > 0.0 and desk.before[p] < 1.0 - 1e-9:
            desk.cap[p] = min(desk.cap[p], desk.target[p] * desk.before[p])
            found = True
    return found


@inlined
def _copy_books(r, shelves, turnover, kept, away):
    """Put the books of a replicate aside (`away`), or take them back."""
    places, items = kept.turnover.shape
    for n in range(places):
        for i in range(items):
            for k, book in enumerate(
                (shelves.stock, shelves.made, shelves.used, shelves.needed, shelves.without, shelves.met)
            ):
                if away:
                    kept.shelves[k, n, i] = book[r, n, i]
                else:
                    book[r, n, i] = kept.shelves[k, n, i]
            if away:
                kept.turnover[n, i] = turnover.put_in[r, n, i]
            else:
                turnover.put_in[r, n, i] = kept.turnover[n, i]
    for p in range(kept.plant_made.shape[0]):
        if away:
            kept.plant_made[p] = turnover.plant_made[r, p]
        else:
            turnover.plant_made[r, p] = kept.plant_made[p]
    for f in range(kept.facilities.shape[1]):
        for k, book in enumerate((turnover.facility_used, turnover.facility_needed, turnover.facility_without)):
            if away:
                kept.facilities[k, f] = book[r, f]
            else:
                book[r, f] = kept.facilities[k, f]


@inlined
def _limit(r, n, i, demand, shelves):
    """Return how much of an item can be made and used, as far as the one it depends on was met last."""
    other = demand.depends_on[i]
    if other >= 0 and demand.known[n, other]:
        return 1.0 - demand.dependence[r, i] * (1.0 - shelves.met[r, n, other])
    return 1.0


@inlined
def _ask_people(r, demand, days, desk):
    """Find what people want, which is the same in every turn."""
    for n in range(desk.own.shape[0]):
        for i in range(desk.own.shape[1]):
            desk.own[n, i] = 0.0
        for g in range(demand.need.shape[2]):
            people = demand.at_place[r, demand.places[n], g]
            if people > 0:
                for i in range(desk.own.shape[1]):
                    desk.own[n, i] += people * demand.need[r, n, g, i]
        for i in range(desk.own.shape[1]):
            desk.own[n, i] *= days


@inlined
def _wish(r, demand, works, wants, working, shelves, days, desk):
    """Find what people, facilities and plants want, products before what they are made from."""
    for n in range(desk.own.shape[0]):
        for i in range(desk.own.shape[1]):
            desk.wish[n, i] = desk.own[n, i]
    for f in range(works.facility_place.shape[0]):
        desk.wish[works.facility_place[f], works.facility_item[f]] += wants.per_day[r, f] * days
    for p in range(works.place.shape[0]):
        desk.target[p] = 0.0
        desk.room[p] = min(wants.most[r, p] * working[r, p] * days, desk.cap[p])
    for s in range(desk.ask.shape[0]):
        desk.ask[s] = 0.0
    for j in range(desk.given.shape[0]):
        desk.given[j] = 0.0
    for position in range(works.order.shape[0] - 1, -1, -1):
        i = works.order[position]
        first, end = works.maker_start[i], works.maker_start[i + 1]
        if first == end:
            continue
        for n in range(desk.own.shape[0]):
            desk.short[n] = max(desk.wish[n, i] - _expect(r, n, i, demand, shelves, days), 0.0)
        while first < end:
            last = first + 1
            while last < end and works.priority[works.makers[last]] == works.priority[works.makers[first]]:
                last += 1
            _ask_makers(r, first, last, demand, works, shelves, days, desk)
            first = last
        for k in range(works.maker_start[i], end):
            p = works.makers[k]
            for j in range(works.input_start[p], works.input_start[p + 1]):
                desk.wish[works.place[p], works.input_item[j]] += desk.target[p] * works.input_uses[j]


@inlined
def _expect(r, n, i, demand, shelves, days):
    """Return what will be there without plants: the stock not kept aside, and what is made there each day."""
    fresh = demand.making[r, n, i] * days * _limit(r, n, i, demand, shelves)
    return max(shelves.stock[r, n, i] - shelves.aside[r, n, i], 0.0) + fresh


@inlined
def _ask_makers(r, first, last, demand, works, shelves, days, desk):
    """Share what is short among the plants of one item and priority, in proportion to what each can make.

    A plant that serves several places gets from each the same part of what it is asked for. What the stock of an input
    allows that no plant makes there is the most that can be asked. Each turn fills a plant or meets every place.
    """
    for k in range(first, last):
        p = works.makers[k]
        for j in range(works.input_start[p], works.input_start[p + 1]):
            n, item = works.place[p], works.input_item[j]
            if demand.known[n, item] and not works.made_here[n, item]:
                most = _expect(r, n, item, demand, shelves, days) / works.input_uses[j]
                desk.room[p] = min(desk.room[p], most)
    for _ in range(last - first + 1):
        for k in range(first, last):
            p = works.makers[k]
            desk.before[p] = desk.room[p]
            for s in range(works.serve_start[p], works.serve_start[p + 1]):
                desk.taken[works.serve_place[s]] = 0.0
                desk.weight[works.serve_place[s]] = 0.0
        for k in range(first, last):
            p = works.makers[k]
            for s in range(works.serve_start[p], works.serve_start[p + 1]):
                desk.weight[works.serve_place[s]] += desk.before[p]
        moved = False
        for k in range(first, last):
            p = works.makers[k]
            asked = 0.0
            for s in range(works.serve_start[p], works.serve_start[p + 1]):
                n = works.serve_place[s]
                if desk.weight[n] > 0.0:
                    asked += desk.short[n] * desk.before[p] / desk.weight[n]
            if asked <= LEAST * (desk.target[p] + asked) or desk.before[p] <= 0.0:
                continue
            moved = True
            share = min(1.0, desk.before[p] / asked)
            desk.target[p] += asked * share
            desk.room[p] = 0.0 if share < 1.0 else desk.before[p] - asked
            for s in range(works.serve_start[p], works.serve_start[p + 1]):
                n = works.serve_place[s]
                part = share * desk.short[n] * desk.before[p] / desk.weight[n]
                desk.ask[s] += part
                desk.taken[n] += part
        if not moved:
            break
        for k in range(first, last):
            p = works.makers[k]
            for s in range(works.serve_start[p], works.serve_start[p + 1]):
                n = works.serve_place[s]
                desk.short[n] = max(desk.short[n] - desk.taken[n], 0.0)
                desk.taken[n] = 0.0


@inlined
def _make(r, i, demand, works, shelves, turnover, desk):
    """Let the plants of an item make what they were given for; what one was given in vain goes back."""
    for k in range(works.maker_start[i], works.maker_start[i + 1]):
        p = works.makers[k]
        if desk.target[p] <= 0.0:
            continue
        n, share = works.place[p], 1.0
        for j in range(works.input_start[p], works.input_start[p + 1]):
            if demand.known[n, works.input_item[j]]:
                share = min(share, desk.given[j] / (desk.target[p] * works.input_uses[j]))
        desk.before[p] = share
        for j in range(works.input_start[p], works.input_start[p + 1]):
            put = min(desk.given[j], desk.target[p] * share * works.input_uses[j])
            shelves.stock[r, n, works.input_item[j]] += desk.given[j] - put
            turnover.put_in[r, n, works.input_item[j]] += put
        for s in range(works.serve_start[p], works.serve_start[p + 1]):
            shelves.stock[r, works.serve_place[s], i] += desk.ask[s] * share
            shelves.made[r, works.serve_place[s], i] += desk.ask[s] * share
            turnover.plant_made[r, p] += desk.ask[s] * share


@inlined
def _hand_out(r, n, i, limit, demand, works, wants, shelves, turnover, days, desk):
    """Give an item at a place to people, facilities and plants, one priority after the other, each its part."""
    here = max(shelves.stock[r, n, i] - shelves.aside[r, n, i], 0.0)
    cell = n * demand.known.shape[1] + i
    first, end = works.user_start[cell], works.user_start[cell + 1]
    while first < end:
        last, total = first, 0.0
        while last < end and works.user_priority[last] == works.user_priority[first]:
            total += _ask(r, n, i, last, works, wants, days, desk) * limit
            last += 1
        share = 1.0 if total <= here else here / total
        for k in range(first, last):
            wanted = _ask(r, n, i, k, works, wants, days, desk)
            got = wanted * limit * share
            met = got / wanted if wanted > 0.0 else 1.0
            if works.user_kind[k] == PEOPLE:
                shelves.used[r, n, i] += got
                shelves.needed[r, n, i] += wanted
                shelves.met[r, n, i] = met
                shelves.without[r, n, i] += (1.0 - met) * demand.people[r, n] * days
            elif works.user_kind[k] == FACILITY:
                f = works.user_index[k]
                turnover.facility_used[r, f] += got
                turnover.facility_needed[r, f] += wanted
                turnover.facility_without[r, f] += (1.0 - met) * wants.people[r, f] * days
            else:
                desk.given[works.user_index[k]] = got
        given = min(total, here)
        shelves.stock[r, n, i] -= given
        here -= given
        first = last


@inlined
def _ask(r, n, i, k, works, wants, days, desk):
    """Return what a user of an item at a place wants in this step."""
    index = works.user_index[k]
    if works.user_kind[k] == PEOPLE:
        return desk.own[n, i]
    if works.user_kind[k] == FACILITY:
        return wants.per_day[r, index] * days
    return desk.target[works.input_plant[index]] * works.input_uses[index]


@inlined
def _use_on_the_road(r, i, demand, shelves, days):
    """Let people on the road use what they carry; a flow they are not said to need there."""
    n = demand.known.shape[0] - 1
    limit = _limit(r, n, i, demand, shelves)
    wanted = demand.people[r, n] * demand.road_need[r, i] * days
    got = min(wanted * limit, max(shelves.stock[r, n, i] - shelves.aside[r, n, i], 0.0))
    shelves.stock[r, n, i] -= got
    shelves.used[r, n, i] += got
    shelves.needed[r, n, i] += wanted
    shelves.met[r, n, i] = got / wanted if wanted > 0.0 else 1.0
    shelves.without[r, n, i] += (1.0 - shelves.met[r, n, i]) * demand.people[r, n] * days
