"""Services that carry goods, as a plan has them: fleets of departures, each on a way of its own (rule 37).

A departure is one truck of such a fleet: it holds the tonnes of the service, and a limit says how many leave in each
period. What goes by it is written as a consignment of the service.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from corridor.relief.problem import Fleet, Limit, Road
from corridor.relief.timeline import road_shares, service_pace
from corridor.scenario.transport import SERVICE, Transport
from corridor.scenario.values import parse_quantity

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from numpy.typing import NDArray

    from corridor.scenario.read import Row

FINE_HOURS = 0.25  # within which departures are found
Lines = tuple[tuple[Fleet, ...], tuple[Road, ...], tuple[Limit, ...]]


def read_lines(
    services: Sequence[Row], roads: Sequence[Row], events: Sequence[Row], edges: Sequence[datetime], begin: datetime
) -> Lines:
    """Return the fleets, ways and limits of services that carry goods, out and back.

    `edges` [T + 1] bound the periods of the plan, the case begins at `begin`: what departed before does not come back.
    """
    fleets: list[Fleet] = []
    ways: list[Road] = []
    limits: list[Limit] = []
    for row in sorted(services, key=lambda row: str(row["id"])):
        hours = row.middle("hours", 0.0)
        delay = hours + row.middle("turn_round_hours", 0.0)
        rule = next((road for road in roads if road["id"] == row["road"]), None) if row["road"] else None
        is_open = np.ones(len(edges) - 1) if rule is None else road_shares(rule, events, edges)[0] > 0.0
        for column, start, end, late in (("tonnes", "from", "to", 0.0), ("tonnes_back", "to", "from", delay)):
            tonnes = row.middle(column, 0.0)
            if tonnes <= 0.0:
                continue
            most = _count_departures(row, events, edges, begin, late) * is_open
            name = f"service:{row['id']}" + (":back" if late else "")
            carrier = Transport(name, name, SERVICE, 0, parse_quantity("50"), 0.0, (name,), 1.0)
            fleets.append(
                Fleet(
                    name,
                    str(row[start]),
                    float(np.ceil(most.sum())) + 1.0,
                    tonnes,
                    convoy_trucks=1.0,
                    carrier=carrier,
                    service=str(row["id"]),
                    seats_out=row.middle("seats", 0.0),
                )
            )
            shares = np.full(len(most), float(most.any()))  # when it leaves the limit says
            wait = _mean_wait(row, events, edges, begin, late)
            ways.append(Road(name, str(row[start]), str(row[end]), 0.0, hours + wait, shares, shares, kind=name))
            limits.append(Limit(name, "slots", name, most))
    return tuple(fleets), tuple(ways), tuple(limits)


def _mean_wait(service: Row, events: Sequence[Row], edges: Sequence[datetime], begin: datetime, late: float) -> float:
    """Return the hours from the beginning of a period to the departures in it, in the mean over all of them."""
    period = (edges[1] - edges[0]) / timedelta(hours=1)
    parts = max(1, round(period / FINE_HOURS))
    fine = [edge + timedelta(hours=period * part / parts) for edge in edges[:-1] for part in range(parts)]
    found = _count_departures(service, events, [*fine, edges[-1]], begin, late).reshape(-1, parts).sum(axis=0)
    return float(found @ (np.arange(parts) * period / parts) / found.sum()) if found.any() else 0.0


def _count_departures(
    service: Row, events: Sequence[Row], edges: Sequence[datetime], begin: datetime, late: float
) -> NDArray[np.float64]:
    """Return how many vehicles set out in each period [T], `late` hours after they departed at the other end.

    As in a run they leave in the middle of equal parts of the hours of service. One that an event gives a share of its
    seats counts as that share of a departure.
    """
    a_day, share = service_pace(service, events, edges)
    midnight = begin.replace(hour=0, minute=0, second=0, microsecond=0)
    first, last = service.middle("first_hour", 0.0), service.middle("last_hour", 24.0)
    hours = last - first if last >= first else last - first + 24.0
    found = np.zeros(len(edges) - 1)
    from_start = (begin - midnight).total_seconds() / 3600.0
    for t, moments in enumerate(pairwise(edges)):
        ends = [max((m - midnight).total_seconds() / 3600.0 - late, from_start) for m in moments]
        numbers = [np.floor(a_day[t] * _count_open(end - first, hours) / max(hours, 1e-9) + 0.5) for end in ends]
        found[t] = (numbers[1] - numbers[0]) * share[t]
    return found


def _count_open(hour: float, hours: float) -> float:
    """Return the hours of service, counted from its first one, in which it is open for `hours` of each day."""
    days = np.floor(hour / 24.0)
    return float(days * hours + min(hour - 24.0 * days, max(hours, 1e-9)))
