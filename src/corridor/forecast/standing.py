"""What stands in a simulated course at a moment, in the terms of the relief problem that begins then (rule 20)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor.forecast.arriving import find_away, find_boarding, find_coming
from corridor.forecast.permissions_left import count_cleared, find_entering, find_today
from corridor.forecast.stores_found import find_facilities, find_made, find_opened, find_plants, find_stock
from corridor.forecast.waiting import place_waiting
from corridor.relief.standing import Standing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridor.forecast.moment import Moment


def read_standing(moment: Moment, without: NDArray[np.float64]) -> Standing:
    """Return what stands, with the hours `without` [P, K] that people have been without by now."""
    fleets = [fleet.id for fleet in moment.problem.fleets if not fleet.service]
    order = [moment.relief.supplies.fleets.index(name) for name in fleets]
    departures = [fleet.trucks for fleet in moment.problem.fleets if fleet.service]  # behind the others
    return Standing(
        stock=find_stock(moment),
        without=without,
        opened=find_opened(moment),
        coming=find_coming(moment),
        trucks=np.append(moment.relief.inputs.fleet_trucks[moment.replicate, order].astype(np.float64), departures),
        away=find_away(moment, order),
        cleared=count_cleared(moment),
        today=find_today(moment),
        entering={limit.id: find_entering(moment, limit) for limit in moment.problem.limits},
        people=_find_people(moment),
        made=find_made(moment),
        plants=find_plants(moment),
        facilities=find_facilities(moment),
        waiting=_find_waiting(moment),
        boarding=find_boarding(moment),
    )


def _find_people(moment: Moment) -> NDArray[np.float64]:
    """Return the people at each place inside [P]."""
    people, network = np.zeros(len(moment.problem.places)), moment.state.model.network
    for p in np.flatnonzero(network.inside):
        people[moment.at(int(p))] = moment.state.queues.at_place[moment.replicate, p].sum()
    return people


def _find_waiting(moment: Moment) -> NDArray[np.float64] | None:
    """Return the people who wait for a seat out [P, U]; None where the problem has nobody who may."""
    if moment.problem.waiting is None:
        return None
    return np.asarray(place_waiting(moment.state, moment.problem, moment.problem.waiting.groups)[moment.replicate])
