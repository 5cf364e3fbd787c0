"""What the roads carry now, and what is open to whom: traffic rules, checkpoints, windows."""

from __future__ import annotations

import numpy as np

from corridor.simulate.arrays import Flags, Floats, Integers
from corridor.simulate.closures import Closures, open_everything
from corridor.simulate.danger import find_link_danger, slow_ways
from corridor.simulate.model import ALTERNATING, ALTERNATING_CAPACITY, NORMAL, OUTBOUND, SHUT
from corridor.simulate.routes import find_ways_back
from corridor.simulate.state import State
from corridor.simulate.windows import Windows

# vehicles that a link holds beyond its length: whole vehicles come and go up to one later than the curves say, and
# these three would be taken off the flow that passes a link of capacity x (free travel + travel of freed space)
IN_FRACTIONS = 3.0
LEAST_DEPARTURES = 0.05  # per day: of services that hardly run, in the wait that people expect


def refresh_roads(state: State, which: Flags) -> None:
    """Set capacity, storage and routes of replicates `which` [R] after a traffic rule or gate has changed."""
    model, inputs, rows = state.model, state.inputs, np.flatnonzero(which)
    mode = np.where(model.network.link_road < 0, NORMAL, state.mode[rows][:, model.network.link_road])
    lane_capacity = inputs.lane_capacity[rows]
    both = np.where(model.network.link_back, 0, model.network.lanes + model.network.lanes_other)
    both = np.where(model.network.layout.link_driven, both, 1)  # who walks may go against the stream of vehicles
    lanes = np.where(mode == OUTBOUND, both, model.network.lanes)
    lanes = np.where(mode == SHUT, 0, lanes)
    lanes = np.where((mode == ALTERNATING) & (lanes > 0), 1, lanes)
    lanes = np.where(_find_shut_windows(state, rows, model.network.link_road, model.windows.road), 0, lanes)
    capacity = lane_capacity * lanes
    lent = (mode == ALTERNATING) & model.network.layout.link_driven
    capacity = np.where(lent, np.minimum(capacity, ALTERNATING_CAPACITY), capacity)
    state.capacity[rows] = capacity
    # a road shut or reversed keeps room for those already on it
    storage = inputs.jam_per_km[rows] * model.network.length_km * np.maximum(lanes, 1)
    state.storage[rows] = np.maximum(storage, _least_storage(state, rows)) + IN_FRACTIONS
    if model.fleets.names:
        for r in rows:
            rules = state.mode[r].tobytes()
            if rules not in state.ways_back:  # few differ, and each is asked for again and again
                state.ways_back[rules] = find_ways_back(model, state.mode[r])
            state.way_in[r] = state.ways_back[rules]
    shut = lanes == 0
    shut[:, model.services.link] |= (state.departures[rows] <= 0) | (state.service_seats[rows] < 1)
    shut |= feel_ways(state, rows)
    closures = find_closures(state, rows, shut)
    changed = state.rerouted[rows] | closures.differ(state.routes.closures.take(rows))
    state.routes.renew(model, rows[changed], closures.take(np.flatnonzero(changed)))
    state.rerouted[rows[changed]] = True


def feel_ways(state: State, rows: Integers) -> Flags:
    """Say how long ways are felt to be now, with danger and waits for services; return those too dangerous [rows, L].

    Who takes a service waits half the time between two departures on average.
    """
    model, routes = state.model, state.routes
    links = model.services.link
    if not model.has_danger and not len(links):
        return np.zeros((len(rows), len(model.network.links)), dtype=bool)
    danger = find_link_danger(state, rows)
    felt = routes.ride_hours[rows] * (slow_ways(state, rows) if model.has_danger else 1.0)
    felt += state.inputs.parameters["danger_detour_hours"][rows, None] * danger
    felt[:, links] += 12.0 / np.maximum(state.departures[rows], LEAST_DEPARTURES)
    seen = routes.felt_hours[rows, 1:] - routes.felt_hours[rows, :1]
    state.rerouted[rows] |= (felt != routes.felt_hours[rows, 0]).any(axis=1)
    routes.felt_hours[rows, 0] = felt
    routes.felt_hours[rows, 1:] = felt[:, None] + seen
    return danger >= model.parameters["danger_closing"]


def find_closures(state: State, rows: Integers, shut: Flags) -> Closures:
    """Return what is closed in replicates `rows`, where links are `shut` to everybody [rows, L]."""
    model = state.model
    found = open_everything(model, len(rows))
    found.shut[:] = shut
    found.links[:] = shut[:, None]
    beside, closed = model.people.beside[:, None], (state.lanes[rows] <= 0)[:, None]
    on_foot = (state.open_foot_lanes[rows] <= 0)[:, None]
    found.places[:, :, model.servers.checkpoint_place] = np.where(beside, on_foot, closed)
    found.barred[:] = state.barred
    windows, opened = model.windows, state.window_open[rows]
    for road in np.unique(windows.road[windows.road >= 0]):
        admitted = _find_admitted(windows, windows.road == road, opened)
        found.links[:, :, model.network.link_road == road] |= ~admitted[:, :, None]
    for checkpoint in np.unique(windows.checkpoint[windows.checkpoint >= 0]):
        here, place = windows.checkpoint == checkpoint, model.servers.checkpoint_place[checkpoint]
        admitted, some = _find_admitted(windows, here, opened), np.asarray(opened[:, here].any(axis=1), dtype=bool)
        found.places[:, :, place] |= ~admitted
        found.barred[:, :, place] |= ~admitted & some[:, None]
    return found


def _find_admitted(windows: Windows, here: Flags, opened: Flags) -> Flags:
    """Return to which travellers something is open by those of its windows [W] that are open now [n, K]."""
    return np.asarray((opened[:, here, None] & windows.admits[here]).any(axis=1), dtype=bool)


def _find_shut_windows(state: State, rows: Integers, of: Integers, named: Integers) -> Flags:
    """Return what is open to nobody since none of its windows is: of things `of` [n], whose windows are `named` [W]."""
    shut = np.zeros((len(rows), len(of)), dtype=bool)
    for thing in np.unique(named[named >= 0]):
        opened = np.asarray(state.window_open[rows][:, named == thing].any(axis=1), dtype=bool)
        shut[:, of == thing] = ~opened[:, None]
    return shut


def follow_rules(state: State, step: int) -> None:
    """Let rules of passage begin and end."""
    clock, passage = state.model.clock, state.model.passage
    if not len(passage.place):
        return
    barred = passage.find_barred((step + 0.5) * clock.step_hours, state.barred.shape[1])
    if (barred != state.barred).any():
        state.barred = barred
        refresh_roads(state, np.ones(len(state.waiting), dtype=bool))


def follow_windows(state: State, step: int) -> None:
    """Open and close what is open in agreed windows only."""
    windows, clock = state.model.windows, state.model.clock
    if not windows.names:
        return
    hour = (step + 0.5) * clock.step_hours
    day = int((clock.hour_of_day + hour) // 24.0)
    begun = max(0, round((24.0 * day - clock.hour_of_day) / clock.step_hours))
    kept = windows.draw_days(state.luck.at(begun), state.inputs.window_chance, day)
    opened = windows.find_due(hour, clock.hour_of_day) & kept
    changed = (opened != state.window_open).any(axis=1)
    state.window_open[:] = opened
    if changed.any():
        refresh_roads(state, changed)


def _least_storage(state: State, rows: Integers) -> Floats:
    """Return the storage with which a link passed in less than a tick keeps its capacity [rows, L], else 0.

    Queues of less length than vehicles pass in a tick are not resolved: such a link limits the flow, and holds what
    passes while vehicles and freed space travel.
    """
    lag, back = state.lag[rows], state.back_lag[rows]
    ticks = np.maximum(lag, 1.0) + np.maximum(back, 1.0)
    least = state.capacity[rows] * state.model.clock.tick_hours * ticks
    return np.where((lag < 1.0) | (back < 1.0), least, 0.0)


def find_open_gates(state: State) -> Floats:
    """Return 1 for checkpoints that some window opens now, or that have none, else 0 [R, K]."""
    rows, gates = np.arange(len(state.waiting)), np.arange(state.lanes.shape[1])
    return np.where(_find_shut_windows(state, rows, gates, state.model.windows.checkpoint), 0.0, 1.0)
