"""The answers that need no plan: days of cover, when a stock runs out, what must come in to hold it.

Pure arithmetic. Loads, trips and vehicles follow the CARE Emergency Toolkit, chapter 5.3: trips per vehicle =
period / duration back and forth with 25 % extra time; loads = tonnes / capacity; vehicles = loads / trips.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor.relief.routes import find_services

if TYPE_CHECKING:
    from datetime import datetime

    from numpy.typing import NDArray

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
    coming. `tonnes_per_day` holds cover at the days asked for; `haul` is the transport for it, None where no
    fleet reaches.
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


def days_of_cover(stock: float, use: NDArray[np.float64], supply: NDArray[np.float64], period_days: float) -> float:
    """Return the days until a stock cannot meet the use; use and supply are tonnes in each period, [T].

    What comes in during a period can be used in it. After the last period its use goes on and no supply. nan
    for an unknown stock, infinity when it never runs out.
    """
    if math.isnan(stock):
        return math.nan
    left = stock
    for period in range(len(use)):
        have = left + supply[period]
        if have < use[period] - 1e-12:
            return float((period + have / use[period]) * period_days)
        left = have - use[period]
    if len(use) == 0 or use[-1] <= 1e-12:
        return math.inf
    return float((len(use) + left / use[-1]) * period_days)


def unmet_need(stock: float, use: NDArray[np.float64], supply: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return tonnes not met in each period, [T], when nothing is sent. An unknown stock counts as none."""
    left = 0.0 if math.isnan(stock) else stock
    unmet = np.zeros(len(use))
    for period in range(len(use)):
        have = left + supply[period]
        unmet[period] = max(use[period] - have, 0.0)
        left = max(have - use[period], 0.0)
    return unmet


def keep_ledger(
    problem: ReliefProblem,
    hold_days: float = 7.0,
    stock_low: NDArray[np.float64] | None = None,
    stock_high: NDArray[np.float64] | None = None,
) -> list[Cover]:
    """Return one row for each place and item that somebody needs there, the first to run out first.

    `stock_low` and `stock_high` [P, K] are the ends of the stocks' ranges. `hold_days` is the cover to hold
    until the end of the period: all use until then, plus that many days of the last use, less what is there
    or coming.
    """
    low = problem.stock if stock_low is None else stock_low
    high = problem.stock if stock_high is None else stock_high
    use, period_days = problem.use_per_period(), problem.period_hours / 24.0
    services = find_services(problem)
    rows = []
    for p, k in np.argwhere(use.max(axis=0, initial=0.0) > 0.0):
        used, coming = use[:, p, k], problem.supply[:, p, k]
        stock = float(problem.stock[p, k])
        days, least, most = (
            days_of_cover(float(s[p, k]), used, coming, period_days) for s in (problem.stock, low, high)
        )
        without = unmet_need(stock, used, coming)
        present = problem.people[:, p] * period_days
        person_days = float((present * without / np.where(used > 0, used, 1.0)).sum())
        wanted = used.sum() + hold_days * used[-1] / period_days - coming.sum()
        per_day = max(float(wanted) - (0.0 if math.isnan(stock) else stock), 0.0) / problem.days
        service = _quickest_service(problem, services, problem.places[p])
        fleet = problem.fleets[service.fleet] if service else None
        rows.append(
            Cover(
                problem.places[p],
                problem.items[k].id,
                float(problem.people[0, p]),
                stock,
                float(used[0] / period_days),
                days,
                least,
                most,
                problem.time_of(days / period_days) if math.isfinite(days) else None,
                person_days,
                1.0 - float(without.sum() / used.sum()),
                per_day,
                fleet.id if fleet else "",
                _haul_a_day(per_day, service, fleet) if service and fleet else None,
            )
        )
    return sorted(rows, key=lambda row: (row.days if not math.isnan(row.days) else -1.0, row.place, row.item))


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
