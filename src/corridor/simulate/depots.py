"""Depots outside: convoys load what is there, what they bring back goes into store again (rule 20)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corridor.simulate.arrays import Flags, Floats
from corridor.simulate.goods import Outside, Supplies


@dataclass
class Depots:
    """What is in store at places outside, in units of the item [R, M, I].

    Where depots limit an item, stock at the start + made + delivered = stock + sent + burned at every step. Elsewhere
    the stock is what convoys have brought there and nobody has taken since.
    """

    stock: Floats
    made: Floats  # added so far: each day, and by depots that open later
    delivered: Floats
    sent: Floats  # loaded onto convoys, less what came back
    burned: Floats  # fuel taken by convoys


def begin_depots(outside: Outside, first: Floats) -> Depots:
    """Return what is in store outside at the start; `first` [R, depots] is what each holds when it opens."""
    shape = (len(first), *outside.limited.shape)
    depots = Depots(*(np.zeros(shape) for _ in range(5)))
    for d, depot in enumerate(outside.depots):
        if depot.begin <= 0.0:
            depots.stock[:, depot.place, depot.item] += first[:, d]
    return depots


def fill_depots(depots: Depots, outside: Outside, first: Floats, daily: Floats, hour: float, hours: float) -> None:
    """Add what comes into depots in the step of `hours` that begins at `hour`; `first` and `daily` are [R, depots]."""
    for d, depot in enumerate(outside.depots):
        if hour < depot.begin - 1e-9:
            continue
        fresh = daily[:, d] * hours / 24.0
        if depot.begin > 0.0 and hour - hours < depot.begin - 1e-9:
            fresh = fresh + first[:, d]
        depots.stock[:, depot.place, depot.item] += fresh
        depots.made[:, depot.place, depot.item] += fresh


@dataclass(frozen=True)
class Store:
    """What convoys load from and bring to at one place: views [R, I] into what is kept of it.

    `limits` tells of which items no more can be loaded than is there, `known` of which fuel a convoy waits for.
    """

    stock: Floats
    sent: Floats
    delivered: Floats
    burned: Floats
    limits: Flags  # [I]
    known: Flags  # [I]

    def load(self, wanted: Floats) -> Floats:
        """Take goods out for a convoy [R, I] and return them: at most what is there, where that is what limits."""
        there = np.minimum(wanted, self.stock)
        self.stock[:] -= there
        loaded = np.where(self.limits, there, wanted)
        self.sent[:] += loaded
        return loaded

    def bring(self, load: Floats) -> None:
        """Put what a convoy has brought into store."""
        self.stock[:] += load
        self.delivered[:] += load

    def take_back(self, load: Floats) -> None:
        """Put what a convoy has brought back into store again."""
        self.stock[:] += load
        self.sent[:] -= load

    def burn(self, fuel: int, litres: Floats) -> None:
        """Take fuel, at most what is there (a stock that is not known holds only what came in)."""
        taken = np.minimum(litres, self.stock[:, fuel])
        self.stock[:, fuel] -= taken
        self.burned[:, fuel] += taken


def choose_depot_cells(supplies: Supplies) -> dict[str, Flags]:
    """Return of which places outside and items [M, I] each series is recorded: of those that depots limit."""
    limited, outside = supplies.outside.limited, supplies.outside.position
    start, end = np.zeros(len(limited), dtype=bool), np.zeros(len(limited), dtype=bool)
    for convoy in supplies.convoys:
        if convoy.start in outside:
            start[outside[convoy.start]] = True
        if convoy.goal in outside:
            end[outside[convoy.goal]] = True
    for one in supplies.consignments:
        if one.start in outside:
            start[outside[one.start]] = True
    for line in supplies.lines:
        if line.goal in outside:
            end[outside[line.goal]] = True
    fuel = np.arange(limited.shape[1]) == supplies.fuel
    return {
        "stock": limited,
        "made": limited,
        "delivered": limited & end[:, None],
        "burned": limited & (start | end)[:, None] & fuel,
        "sent": limited & start[:, None],
    }
