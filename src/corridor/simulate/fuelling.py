"""Fuel of those who leave from the stock of an item at their place, the same from which lamps and convoys take."""

from __future__ import annotations

import numpy as np

from corridor.simulate.arrays import Flags, Floats
from corridor.simulate.relief import Relief
from corridor.simulate.state import State

PLENTY = 1e12  # litres: of a stock that is not known, or never runs out, so much may be taken


def hand_out_fuel(relief: Relief, supply: Floats, hours: float) -> None:
    """Add what events let be given out in a step of so many hours to the stocks inside; `supply` [R, P]."""
    fuel, places = relief.supplies.for_leaving, relief.supplies.places
    if fuel < 0:
        return
    fresh = supply[:, places] * hours
    relief.stores.stock[:, :-1, fuel] += fresh
    relief.stores.made[:, :-1, fuel] += fresh


def offer_fuel(state: State) -> Floats | None:
    """Let those who leave take what is in store and not kept aside; return what is offered [R, N], None if nothing is.

    Where the stock is not known, or a depot never runs out, nothing limits them.
    """
    relief = state.relief
    if relief is None or relief.supplies.for_leaving < 0:
        return None
    supplies, stores, fuel = relief.supplies, relief.stores, relief.supplies.for_leaving
    there = np.maximum(stores.stock[:, :-1, fuel] - stores.aside[:, :-1, fuel], 0.0)
    endless = [depot.place for depot in supplies.depots if depot.endless and depot.item == fuel]
    limited = supplies.known[:-1, fuel].copy()
    limited[endless] = False
    offered = np.where(limited, there, PLENTY)
    state.fuel_stock[:, supplies.places] = offered
    return offered


def take_fuel(state: State, offered: Floats | None) -> None:
    """Take what vehicles have filled of the fuel offered out of the stocks; of an endless depot it is made first."""
    relief = state.relief
    if relief is None or offered is None:
        return
    supplies, stores, fuel = relief.supplies, relief.stores, relief.supplies.for_leaving
    taken = np.maximum(offered - state.fuel_stock[:, supplies.places], 0.0)
    stock = stores.stock[:, :-1, fuel]
    for n in {depot.place for depot in supplies.depots if depot.endless and depot.item == fuel}:
        fresh = np.maximum(taken[:, n] - stock[:, n], 0.0)
        stock[:, n] += fresh
        stores.made[:, n, fuel] += fresh
    taken = np.minimum(taken, stock)
    stock -= taken
    relief.turnover.fuelled[:, :-1, fuel] += taken


def change_stock(relief: Relief, which: Flags, place: int, litres: Floats) -> bool:
    """Add an event's litres to the stock at a place, or take them out, at most all; tell whether the place has one.

    What is added counts as made, what is taken out as lost.
    """
    fuel, n = relief.supplies.for_leaving, relief.position.get(place, -1)
    if fuel < 0 or n < 0:
        return False
    stores = relief.stores
    change = np.where(which, np.maximum(litres, -stores.stock[:, n, fuel]), 0.0)
    stores.stock[:, n, fuel] += change
    stores.made[:, n, fuel] += np.maximum(change, 0.0)
    relief.turnover.lost[:, n, fuel] += np.maximum(-change, 0.0)
    return True
