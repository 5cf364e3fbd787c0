"""What a run reports: one column for each series and label, at every recorded moment of every replicate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corridor.simulate.arrays import Floats, Integers
from corridor.simulate.model import Model
from corridor.simulate.record_relief import name_relief_columns, take_relief_measures
from corridor.simulate.series import Column
from corridor.simulate.state import State


@dataclass(frozen=True)
class Columns:
    """The recorded columns: whole numbers and measures, in the order in which they are stored."""

    counts: tuple[Column, ...]
    measures: tuple[Column, ...]


TOTALS = (
    "inside", "on_roads", "arrivals", "waiting_for_transport", "vehicles_arrived", "registered",
    "registration_backlog", "lodged", "vehicles_delayed",
)  # fmt: skip
MEASURES = ("journey_hours", "waited_hours", "queue_km")


def name_columns(model: Model) -> Columns:
    """Return the columns that a model records, in the order in which they are stored."""
    network, people, servers = model.network, model.people, model.servers
    settling = network.name(people.settling_places)
    labelled = {
        "on_road": network.links,
        "vehicles_on_road": network.links,
        "vehicles_delayed": network.links,
        "waiting_for_transport": network.name(people.origins),
        "vehicles_at_entry": network.name(np.flatnonzero(network.layout.entry_queue >= 0)),
        "passed_vehicles": servers.checkpoints,
        "passed_people": servers.checkpoints,
        "registered": servers.desks,
        "at_desk": servers.desks,
        "settled": settling,
        "lodged": settling,
        "vehicles_at_hand": model.fleets.names,
    }
    counts = [Column(name) for name in TOTALS]
    counts += [Column("at_place", (place, group)) for place in network.places for group in people.groups]
    counts += [Column(series, (label,)) for series, labels in labelled.items() for label in labels]
    measures = [Column(name) for name in MEASURES]
    measures += [Column("fuel", (place,)) for place in network.name(network.fuel_places)]
    return Columns(tuple(counts), (*measures, *name_relief_columns(model)))


@dataclass
class Record:
    """The recorded arrays of a batch: counts [R, T, C] and measures [R, T, M], and journeys by hour [R, bins]."""

    columns: Columns
    counts: NDArray[np.int32]
    measures: Floats
    journeys: Integers
    waits: Integers

    def take(self, column: Column) -> Floats:
        """Return one column [R, T]. Raises KeyError for one that is not recorded."""
        columns = self.columns
        if column in columns.counts:
            return self.counts[:, :, columns.counts.index(column)].astype(np.float64)
        if column in columns.measures:
            return self.measures[:, :, columns.measures.index(column)]
        raise KeyError(column)


def begin_record(model: Model, replicates: int) -> Record:
    """Return empty arrays for a batch; in memory all that is written at one moment lies together."""
    columns = name_columns(model)
    return Record(
        columns,
        np.zeros((model.clock.records, replicates, len(columns.counts)), dtype=np.int32).swapaxes(0, 1),
        np.zeros((model.clock.records, replicates, len(columns.measures))).swapaxes(0, 1),
        np.zeros((replicates, 0), dtype=np.int64),
        np.zeros((replicates, 0), dtype=np.int64),
    )


def record_state(record: Record, state: State, moment: int) -> None:
    """Write the state into the record as moment number `moment` (0 is the start)."""
    model, queues = state.model, state.queues
    replicates, window = len(queues.arrived), queues.up.shape[1]
    tick = moment * model.clock.record_every * model.clock.ticks
    entries = np.flatnonzero(model.network.layout.entry_queue >= 0)
    settling = model.people.settling_places
    leading_out = model.network.inside[model.network.link_from]
    on_links = (queues.up[:, tick % window] - queues.down[:, tick % window]).astype(np.int64)
    delayed = on_links - _moving_freely(state, tick)
    totals = [
        queues.at_place[:, model.network.inside].sum(axis=(1, 2)),
        queues.on_link[:, leading_out].sum(axis=1),
        queues.arrived,
        state.waiting.sum(axis=(1, 2)),
        queues.arrived_vehicles,
        queues.registered.sum(axis=1),
        queues.at_desk.sum(axis=1),
        state.lodged.sum(axis=1),
        delayed[:, leading_out].sum(axis=1) + queues.standing[:, model.network.inside].sum(axis=1),
    ]
    parts = [
        np.stack(totals, axis=1),
        queues.at_place.reshape(replicates, -1),
        queues.on_link,
        on_links,
        delayed,
        state.waiting.sum(axis=2),
        queues.standing[:, entries],
        queues.passed_vehicles,
        queues.passed_people,
        queues.registered,
        queues.at_desk,
        queues.settled[:, settling],
        state.lodged,
        state.at_hand,
    ]
    record.counts[:, moment, :] = np.concatenate(parts, axis=1)
    measures = [
        queues.journey_hours[:, None],
        queues.waited_hours[:, None],
        _queue_km(state, tick, delayed)[:, leading_out].sum(axis=1, keepdims=True),
        state.fuel_stock[:, model.network.fuel_places],
    ]
    if state.relief is not None:
        measures.append(take_relief_measures(state.relief))
    record.measures[:, moment, :] = np.concatenate(measures, axis=1)


def _moving_freely(state: State, tick: int) -> Integers:
    """Return vehicles on each link that have not been there for longer than the free travel time [R, L]."""
    up, down = state.queues.up, state.queues.down
    replicates, window, links = up.shape
    position = np.maximum(tick - state.lag, 0.0)
    whole = position.astype(np.int64)
    row, link = np.arange(replicates)[:, None], np.arange(links)
    low = up[row, whole % window, link]
    high = up[row, np.minimum(whole + 1, tick) % window, link]
    ready = np.floor(low + (position - whole) * (high - low) + 1e-9).astype(np.int64)
    now = up[:, tick % window]
    return np.asarray(np.minimum(now - ready, now - down[:, tick % window]))


def _queue_km(state: State, tick: int, delayed: Integers) -> Floats:
    """Return the length of road on which vehicles stand or creep, per link [R, L].

    Vehicles delayed are those in the queue beyond the ones that would be on the same stretch at free speed:
    delayed = (queue density - free density) * length, both densities at the present outflow on the triangular
    diagram (Newell 1993); so length = delayed / (jam - outflow / wave speed - outflow / free speed), at most the
    road's.
    """
    model, inputs, queues = state.model, state.inputs, state.queues
    window = queues.down.shape[1]
    ticks = min(tick, model.clock.ticks * model.clock.record_every)
    hours = max(ticks, 1) * model.clock.tick_hours
    outflow = (queues.down[:, tick % window] - queues.down[:, (tick - ticks) % window]) / hours
    lanes = np.maximum(state.capacity / inputs.lane_capacity, 1.0)
    per_lane = np.minimum(outflow / lanes, inputs.lane_capacity)
    spare = inputs.jam_per_km * (1.0 - per_lane / inputs.lane_capacity)
    density = np.maximum(spare, inputs.jam_per_km * 0.05) * lanes
    return np.asarray(np.minimum(delayed / density, model.network.length_km))
