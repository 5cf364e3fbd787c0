"""The answers that need no plan: days of cover, when a stock runs out, what must come in to hold it.

Pure arithmetic. Loads, trips and vehicles follow the CARE Emergency Toolkit, chapter 5.3: trips per vehicle =
period / duration back and forth with 25 % extra time; loads = tonnes / capacity; vehicles = loads / trips.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor.relief.carry import carry_out
from corridor.relief.routes import find_services

if TYPE_CHECKING:
    from datetime import datetime

    from numpy.typing import NDArray

    from corridor.relief.carry import Carried
    from corridor.relief.problem import Fleet, ReliefProblem
    from corridor.relief.routes import Service

CONTINGENCY = 0.25  # share of extra time on a round trip, CARE Emergency Toolkit 5.3


@dataclass(frozen=True)
class Haul:
    """How much transport a tonnage needs."""

    loads: float
    trips_per_vehicle: float
    vehicles: float


def count_vehicles(
    tonnes: float,
    capacity: float,
    round_trip_hours: float,
    period_hours: float,
    contingency: float = CONTINGENCY,
) -> Haul:
    """Return loads, trips and vehicles to move `tonnes` within `period_hours` on one road.

    `round_trip_hours` includes loading and unloading; `contingency` is the extra share of time. Each
    destination needs its own calculation. Raises ValueError for numbers that make no sense.
    """
    if tonnes < 0 or capacity <= 0 or round_trip_hours <= 0 or period_hours <= 0 or contingency < 0:
        message = "tonnes must not be negative; capacity, round trip and period must be more than zero"
        raise ValueError(message)
    trips = period_hours / (round_trip_hours * (1.0 + contingency))
    loads = tonnes / capacity
    return Haul(loads, trips, loads / trips)


@dataclass(frozen=True)
class Cover:
    """How one item stands at one place. Tonnes; days are counted from the start of the problem.

    `days`, `days_low` and `days_high` are the days of cover at the stock's middle, low and high value: nan
    when the stock is not known, infinite when nothing is used. `stock_out` is None when unknown or never.
    `person_days_without` and `share_met` are for the whole period with no delivery beyond what is already
    coming, as the simulation's law has it. `tonnes_per_day` holds cover at the days asked for; `haul` is the transport
    for it, None where no fleet reaches. `hangs_on` names an item that is lacking and without which this one is not
    made or used as the days of cover say.
    """

    place: str
    item: str
    people: float
    stock: float
    use_per_day: float
    days: float
    days_low: float
    days_high: float
    stock_out: datetime | None
    person_days_without: float
    share_met: float
    tonnes_per_day: float
    fleet: str
    haul: Haul | None
    hangs_on: str = ""


def days_of_cover(
    stock: float,
    use: NDArray[np.float64],
    supply: NDArray[np.float64],
    period_days: float,
    goes_on: float = 0.0,
) -> float:
    """Return the days until a stock cannot meet the use; use and supply are tonnes in each period, [T].

    What comes in during a period can be used in it. After the last period its use goes on, and of the supply what
    `goes_on` in each period: what is made there. nan for an unknown stock, infinity when it never runs out.
    """
    if math.isnan(stock):
        return math.nan
    left = stock
    for period in range(len(use)):
        have = left + supply[period]
        if have < use[period] - 1e-12:
            return float((period + have / use[period]) * period_days)
        left = have - use[period]
    if len(use) == 0 or use[-1] - goes_on <= 1e-12:
        return math.inf
    return float((len(use) + left / (use[-1] - goes_on)) * period_days)


def keep_ledger(
    problem: ReliefProblem,
    hold_days: float = 7.0,
    stock_low: NDArray[np.float64] | None = None,
    stock_high: NDArray[np.float64] | None = None,
) -> list[Cover]:
    """Return one row for each place and item that somebody needs there, the first to run out first.

    `stock_low` and `stock_high` [P, K] are the ends of the stocks' ranges. `hold_days` is the cover to hold
    until the end of the period: all use until then, plus that many days of the last use, less what is there
    or coming; what is made each day goes on after the end.
    """
    ends = [problem.stock if end is None else end for end in (stock_low, stock_high)]
    nothing = carry_out(problem, ())
    services = find_services(problem)
    rows = [
        _cover(problem, nothing, services, (int(p), int(k)), hold_days, ends)
        for p, k in np.argwhere(nothing.asked.max(axis=0, initial=0.0) > 0.0)
    ]
    return sorted(rows, key=lambda row: (row.days if not math.isnan(row.days) else -1.0, row.place, row.item))


def _cover(
    problem: ReliefProblem,
    nothing: Carried,
    services: tuple[Service, ...],
    at: tuple[int, int],
    hold_days: float,
    ends: list[NDArray[np.float64]],
) -> Cover:
    """Return the row of a place and an item; `nothing` is what happens when nothing is sent."""
    p, k = at
    used, period_days = nothing.asked[:, p, k], problem.period_hours / 24.0
    by_plants = nothing.came_in[:, p, k] - problem.supply[:, p, k]
    coming = problem.supply[:, p, k] + np.maximum(by_plants, 0.0)
    goes_on = float(problem.steady_supply()[-1, p, k] + max(by_plants[-1], 0.0))
    days, least, most = (
        days_of_cover(float(stock[p, k]), used, coming, period_days, goes_on) for stock in (problem.stock, *ends)
    )
    stock = float(problem.stock[p, k])
    wanted = used.sum() - coming.sum() + hold_days * max(float(used[-1]) - goes_on, 0.0) / period_days
    per_day = max(float(wanted) - (0.0 if math.isnan(stock) else stock), 0.0) / problem.days
    service = _quickest_service(problem, services, problem.places[p]) if problem.items[k].kept else None
    fleet = problem.fleets[service.fleet] if service else None
    short = nothing.short[:, p, k]
    need = problem.use_per_period()[:, p, k]
    other = problem.items[k].depends_on
    lacking = bool(other) and nothing.short[:, p, problem.index_of(other)].any()
    return Cover(
        problem.places[p],
        problem.items[k].id,
        float(problem.people[0, p]),
        stock,
        float(used[0] / period_days),
        days,
        least,
        most,
        problem.time_of(days / period_days) if math.isfinite(days) else None,
        float((problem.people[:, p] * period_days * short).sum()),
        1.0 - float((short * need).sum() / need.sum()) if need.any() else 1.0,
        per_day,
        fleet.id if fleet else "",
        _haul_a_day(per_day, service, fleet) if service and fleet else None,
        other if lacking else "",
    )


def _quickest_service(problem: ReliefProblem, services: tuple[Service, ...], place: str) -> Service | None:
    """Return the quickest way in for a fleet whose base has goods that never run out or at the start."""
    has_goods = {
        base
        for p, base in enumerate(problem.places)
        if problem.unlimited[p].any() or (np.nan_to_num(problem.stock[p]).any() and not problem.people[:, p].any())
    }
    reaching = [s for s in services if s.to == place and problem.fleets[s.fleet].tonnes > 0]
    preferred = [s for s in reaching if s.base in has_goods] or reaching
    return min(preferred, key=lambda s: (s.hours, s.fleet), default=None)


def _haul_a_day(tonnes: float, service: Service, fleet: Fleet) -> Haul:
    return count_vehicles(tonnes, fleet.tonnes, 2.0 * service.hours + fleet.handling_hours, 24.0)
