"""Goods go by services: taken from store when due, onto departures first come first served, and unloaded (rule 37)."""

from __future__ import annotations

import numpy as np

from corridor.simulate.arrays import Floats, Integers
from corridor.simulate.convoys import ASIDE_HOURS, find_store
from corridor.simulate.relief import Relief
from corridor.simulate.services import count_leaving
from corridor.simulate.shipping import find_room
from corridor.simulate.state import State


def move_consignments(state: State, relief: Relief, step: int) -> None:
    """Take what is due from store, load as much as there is room for, unload what arrives."""
    supplies, inputs, shipping = relief.supplies, relief.inputs.shipping, relief.caravans.shipping
    if not supplies.consignments:
        return
    open_way = ~state.routes.closures.shut[:, state.model.services.link]
    leaving = count_leaving(state, step) * open_way
    room = find_room(supplies, inputs, shipping, step, leaving, state.service_seats, open_way)
    early = round(ASIDE_HOURS / state.model.clock.step_hours)
    kept = shipping.under_way.shape[2]
    rows = np.arange(len(room))
    for c, one in enumerate(supplies.consignments):
        _take_from_store(relief, c, inputs.due[:, c], step, early)
        waiting = shipping.waiting[:, c]
        if not waiting.any():
            continue
        tonnes = waiting @ supplies.tonnes
        room_here = np.full(len(room), np.inf) if one.delivered else room[:, one.line]
        share = np.where(tonnes > room_here, room_here / np.where(tonnes > 0.0, tonnes, 1.0), 1.0)
        loaded = waiting * share[:, None]
        waiting -= loaded
        if not one.delivered:
            room[:, one.line] -= np.minimum(tonnes, room_here)
        arrives = (step + np.minimum(inputs.way_steps[:, one.line], kept) - 1) % kept
        shipping.under_way[rows, one.line, arrives] += loaded
    for d, line in enumerate(supplies.lines):
        arrived = shipping.under_way[:, d, step % kept].copy()
        if arrived.any():
            shipping.under_way[:, d, step % kept] = 0.0
            _unload(relief, line.goal, arrived)


def _take_from_store(relief: Relief, c: int, due: Integers, step: int, early: int) -> None:
    """Keep goods at a place inside back for a day; when they are due take what is there."""
    one = relief.supplies.consignments[c]
    n = relief.position.get(one.start, -1)
    soon, now = np.maximum(due - early, 0) == step, due == step
    if n >= 0 and soon.any():
        relief.stores.aside[soon, n] += one.loads
    if not now.any():
        return
    load = np.where(now[:, None], one.loads, 0.0)
    if n >= 0:
        relief.stores.aside[:, n] = np.maximum(relief.stores.aside[:, n] - load, 0.0)
    store = find_store(relief, one.start)
    if store is not None:
        load = store.load(load)
    relief.caravans.shipping.waiting[:, c] += load
    relief.caravans.loaded += load


def _unload(relief: Relief, place: int, arrived: Floats) -> None:
    """Put goods into store; those for a place of which nothing is kept leave the account."""
    store = find_store(relief, place)
    relief.caravans.delivered += arrived
    if store is not None:
        store.bring(arrived)
