"""What events make of roads and checkpoints over the periods of a plan: the traffic rule, the pace of inspection.

A plan knows no chance: an event with an uncertain time counts at the middle of its range, one that is less likely
than not does not count, and the lanes of a checkpoint do not change unforeseen.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from numpy.typing import NDArray

    from corridor.scenario.read import Row

LIKELY = 0.5
T = TypeVar("T")
OPEN_SHARES = {"normal": (1.0, 1.0), "outbound": (1.0, 0.0), "alternating": (0.5, 0.5), "shut": (0.0, 0.0)}


def road_shares(road: Row, events: Sequence[Row], edges: Sequence[datetime]) -> NDArray[np.float64]:
    """Return the shares of each period in which a road lets trucks out and in [2, T].

    `edges` [T + 1] bound the periods. Where the rule changes within a period, the least share counts.
    """
    changes = _changes("direction", str(road["id"]), events, lambda row: row["mode"] or "normal")
    shares = np.empty((2, len(edges) - 1))
    for t, (begin, end) in enumerate(pairwise(edges)):
        rules = _in_force(road["direction"], changes, begin, end)
        shares[:, t] = np.array([OPEN_SHARES[str(rule)] for rule in rules]).min(axis=0)
    return shares


def inspection_pace(checkpoint: Row, events: Sequence[Row], edges: Sequence[datetime]) -> NDArray[np.float64]:
    """Return how many relief trucks a checkpoint passes in an hour, for each period [T].

    Where relief has a pace of its own nothing changes it; else it is that of other vehicles, which lanes and seconds
    set by events change. Where it changes within a period, the slowest counts.
    """
    own = checkpoint.middle("relief_trucks_per_hour", math.nan)
    if not math.isnan(own):
        return np.full(len(edges) - 1, own)
    lanes, seconds = (
        _changes(kind, str(checkpoint["id"]), events, lambda row: row.middle("value", 0.0))
        for kind in ("lanes", "seconds")
    )
    pace = np.empty(len(edges) - 1)
    for t, (begin, end) in enumerate(pairwise(edges)):
        fewest = min(_in_force(checkpoint.middle("lanes", 0.0), lanes, begin, end))
        slowest = max(_in_force(checkpoint.middle("seconds_per_vehicle", 1.0), seconds, begin, end))
        pace[t] = fewest * 3600.0 / slowest
    return pace


def working_share(plant: Row, events: Sequence[Row], edges: Sequence[datetime]) -> NDArray[np.float64]:
    """Return the share of its most at which a plant works, in the mean over each period [T]."""
    changes = _changes("plant", str(plant["id"]), events, lambda row: row.middle("value", 0.0))
    return _mean_over_time(plant.middle("working", 1.0), changes, edges)


def service_pace(
    service: Row, events: Sequence[Row], edges: Sequence[datetime]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the departures a day of a service and the share of its seats that they have, in each period [T].

    Vehicles, where they are stated, can make at most so many: (hours of service + round trip) / round trip each.
    """
    a_day, seats = (
        _mean_over_time(
            service.middle(column, 0.0),
            _changes(kind, str(service["id"]), events, lambda row: row.middle("value", 0.0)),
            edges,
        )
        for kind, column in (("departures", "departures_per_day"), ("seats", "seats"))
    )
    vehicles, stated = service.middle("vehicles", math.inf), service.middle("seats", 0.0)
    trip = 2.0 * (service.middle("hours", 1.0) + service.middle("turn_round_hours", 0.0))
    open_hours = service.middle("last_hour", 24.0) - service.middle("first_hour", 0.0)
    open_hours = open_hours if open_hours >= 0.0 else open_hours + 24.0
    most = vehicles * min(24.0, open_hours + trip) / trip
    share = np.minimum(seats / stated, 1.0) if stated > 0.0 else np.ones_like(seats)
    return np.minimum(a_day, most), share


def fuel_given_out(place: str, events: Sequence[Row], edges: Sequence[datetime]) -> NDArray[np.float64]:
    """Return the litres that events let be given out at a place to those who leave, in each period [T]."""
    rate = _mean_over_time(0.0, _changes("fuel_supply", place, events, lambda row: row.middle("value", 0.0)), edges)
    hours = np.array([(end - begin).total_seconds() / 3600.0 for begin, end in pairwise(edges)])
    return np.asarray(rate * hours)


def fuel_added(place: str, events: Sequence[Row], edges: Sequence[datetime]) -> NDArray[np.float64]:
    """Return the litres that events add to a place's stock at once, in the first period that begins after them [T]."""
    added = np.zeros(len(edges) - 1)
    for moment, litres in _changes("fuel_stock", place, events, lambda row: row.middle("value", 0.0)):
        later = [t for t, begin in enumerate(edges[:-1]) if begin >= moment]
        if later and moment >= edges[0]:
            added[later[0]] += litres
    return added


def _mean_over_time(
    first: float, changes: Sequence[tuple[datetime, float]], edges: Sequence[datetime]
) -> NDArray[np.float64]:
    mean = np.empty(len(edges) - 1)
    for t, (begin, end) in enumerate(pairwise(edges)):
        moments = [begin, *(moment for moment, _ in changes if begin < moment < end), end]
        total = 0.0
        for start, stop in pairwise(moments):
            total += _in_force(first, changes, start, stop)[0] * ((stop - start) / (end - begin))
        mean[t] = total
    return mean


def _changes(kind: str, target: str, events: Sequence[Row], value: Callable[[Row], T]) -> list[tuple[datetime, T]]:
    """Return when events of a kind set what at a target, in order of time."""
    found = [
        (row["time"].take(0.5), value(row))
        for row in events
        if row["kind"] == kind and row["target"] == target and row["chance"] >= LIKELY
    ]
    return sorted(found, key=lambda change: change[0])


def _in_force(first: T, changes: Sequence[tuple[datetime, T]], begin: datetime, end: datetime) -> list[T]:
    """Return the values that hold at some time between two moments."""
    at_begin = [first, *(value for moment, value in changes if moment <= begin)][-1]
    return [at_begin, *(value for moment, value in changes if begin < moment < end)]
