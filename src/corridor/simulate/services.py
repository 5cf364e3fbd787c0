"""Services that run by a timetable: how many seats depart in a step; and what is open by the hour of the day."""

from __future__ import annotations

import numpy as np

from corridor.simulate.arrays import Floats
from corridor.simulate.state import State

AT_ONCE = 1e-9  # hours of service of what departs at one hour of the day


def seat_services(state: State, step: int) -> None:
    """Let the seats of the step's departures be the room of their links; seats that nobody takes are lost."""
    model = state.model
    services, clock = model.services, model.clock
    leaving = count_leaving(state, step)
    running = ~state.routes.closures.shut[:, services.link]
    seats = np.floor(state.service_seats) * leaving * running
    state.capacity[:, services.link] = seats / clock.step_hours


def count_leaving(state: State, step: int) -> Floats:
    """Return the departures of the step by the timetable of each service [R, V], whole ones."""
    clock = state.model.clock
    begin = clock.hour_of_day + step * clock.step_hours
    leaving = np.floor(_count_departures(state, begin + clock.step_hours) + 0.5)
    return np.asarray(leaving - np.floor(_count_departures(state, begin) + 0.5))


def share_of_step(first_hour: Floats, last_hour: Floats, begin: float, step_hours: float) -> Floats:
    """Return the share of a step in which what works from one hour of the day to another is open [n].

    `begin` is the hour since some midnight. With the last hour before the first it is open over midnight.
    """
    hours = np.where(last_hour > first_hour, last_hour - first_hour, last_hour - first_hour + 24.0)
    until, since = (_count_open(moment - first_hour, hours) for moment in (begin + step_hours, begin))
    return np.asarray(np.where(hours >= 24.0, 1.0, (until - since) / step_hours))


def _count_open(hour: Floats, hours: Floats) -> Floats:
    """Return the open hours up to an hour counted from the first opening, open for `hours` of each day."""
    days = np.floor(hour / 24.0)
    return np.asarray(days * hours + np.minimum(hour - 24.0 * days, hours))


def _count_departures(state: State, hour: float) -> Floats:
    """Return the departures up to an hour since some midnight, evenly over the hours of service [R, V]."""
    services = state.model.services
    hours = np.maximum(services.hours_a_day, AT_ONCE)
    return np.asarray(state.departures * _count_open(hour - services.first_hour, hours) / hours)
