"""What is on its way in a course at a moment: goods and when they arrive, trucks and when they are back (rule 20)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from corridor.forecast.moment import ALMOST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from corridor.forecast.moment import Moment
    from corridor.relief.problem import Fleet

GIVEN_UP_HOURS = 24.0  # a convoy so late is not counted on any more


def find_coming(moment: Moment) -> NDArray[np.float64]:
    """Return tonnes under way by the period from which they can be used [T, P, K], but for the very late."""
    coming = np.zeros_like(moment.problem.supply)
    for moved in moment.way:
        t = math.ceil(moved.arrives / moment.problem.period_hours - ALMOST)
        if t < len(coming) and moved.late <= GIVEN_UP_HOURS:
            coming[t, moment.at(moved.to), moment.items] += moved.load * moment.tonnes
    _add_shipped(moment, coming)
    for fleet, t, loads in list_quays(moment):
        road = next(road for road in moment.problem.roads if road.id == fleet.id)
        there = t + math.ceil(road.hours / moment.problem.period_hours - ALMOST)
        if there < len(coming):
            coming[there, moment.problem.places.index(road.end), moment.items] += loads
    return coming


def list_quays(moment: Moment) -> Iterator[tuple[Fleet, int, NDArray[np.float64]]]:
    """Go through goods that wait for a service: by which, in which period they depart, tonnes of each item.

    They go before all others, in the order in which they came, with the departures that the problem has.
    """
    supplies, waiting = moment.relief.supplies, moment.relief.caravans.shipping.waiting[moment.replicate]
    for d, line in enumerate(supplies.lines):
        name = f"service:{line.service}" + (":back" if line.back else "")
        fleet = next((fleet for fleet in moment.problem.fleets if fleet.id == name), None)
        mine = [c for c, one in enumerate(supplies.consignments) if one.line == d]
        left = waiting[mine].sum(axis=0) * moment.tonnes
        if fleet is None or left.sum() <= ALMOST:
            continue
        most = next(limit.most for limit in moment.problem.limits if limit.id == name)
        for t in np.flatnonzero(most > 0.0):
            loads = left * min(float(most[t]) * fleet.tonnes / left.sum(), 1.0)
            left = left - loads
            yield fleet, int(t), loads
            if left.sum() <= ALMOST:
                break


def _add_shipped(moment: Moment, coming: NDArray[np.float64]) -> None:
    """Add what is under way by services."""
    hours, supplies = moment.state.model.clock.step_hours, moment.relief.supplies
    under_way = moment.relief.caravans.shipping.under_way[moment.replicate]
    next_step, kept = round(moment.hour / hours), under_way.shape[1]
    for line, loads in zip(supplies.lines, under_way, strict=True):
        for ahead in range(kept):
            t = math.ceil((ahead + 1) * hours / moment.problem.period_hours - ALMOST)
            if t < len(coming):
                coming[t, moment.at(line.goal), moment.items] += loads[(next_step + ahead) % kept] * moment.tonnes


def find_away(moment: Moment, order: list[int]) -> NDArray[np.float64]:
    """Return trucks of each fleet not yet back when a period begins [T, G], with the margin of the plan's trips."""
    away = np.zeros((moment.problem.periods, len(moment.problem.fleets)))
    starts = np.arange(moment.problem.periods) * moment.problem.period_hours
    for moved in moment.way:
        g = order.index(moved.convoy.fleet)
        away[:, g] += moved.trucks * (starts < moved.home * moment.problem.fleets[g].margin - ALMOST)
    names, back = [fleet.id for fleet in moment.problem.fleets], moment.along.hours_back
    for boarding in moment.along.foresee(moment.way):
        g = names.index(boarding.fleet)
        empty, full = (
            home * moment.problem.fleets[g].margin - ALMOST
            for home in (boarding.home, boarding.home + back[boarding.fleet])
        )
        away[:, g] += boarding.vehicles * ((starts >= empty) & (starts < full))
    for fleet, vehicles, home in moment.along.list_on_the_road():
        g = names.index(fleet)
        away[:, g] += vehicles * (starts < home * moment.problem.fleets[g].margin - ALMOST)
    return away


def find_boarding(moment: Moment) -> NDArray[np.float64] | None:
    """Return those who wait for a seat now and will board convoys under way, in each period [T, P, U].

    None where the problem has nobody who may.
    """
    if moment.problem.waiting is None:
        return None
    groups = [moment.state.model.people.groups.index(name) for name in moment.problem.waiting.groups]
    found = np.zeros(moment.problem.waiting.joining.shape)
    for one in moment.along.foresee(moment.way):
        t = int(one.after / moment.problem.period_hours)
        if t < len(found):
            found[t, moment.at(one.place)] += one.people[groups]
    return found
