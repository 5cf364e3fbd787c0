"""What a run reports: one column for each series and label, at every recorded moment of every replicate."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor.simulate.along import count_at_hand
from corridor.simulate.arrays import Flags, Floats, Integers
from corridor.simulate.exits import measure_exits, name_exit_columns
from corridor.simulate.measuring import count_people, measure_links, write_columns
from corridor.simulate.model import Model
from corridor.simulate.record_relief import name_relief_columns, write_relief_measures
from corridor.simulate.series import Column
from corridor.simulate.state import State

Parts = tuple[NDArray[Any], ...]  # of a moment, each [R, columns]


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
        "waiting_for_transport": network.name(model.waiting_places),
        "vehicles_at_entry": network.name(np.flatnonzero(network.layout.entry_queue >= 0)),
        "passed_vehicles": servers.checkpoints,
        "passed_people": servers.checkpoints,
        "registered": servers.desks,
        "at_desk": servers.desks,
        "settled": settling,
        "lodged": settling,
        "vehicles_at_hand": model.fleets.names,
    }
    refuges = network.name(model.refuges)
    counts = [Column(name) for name in TOTALS]
    counts += [Column("at_place", (place, group)) for place in network.places for group in people.groups]
    counts += [Column(series, (label,)) for series, labels in labelled.items() for label in labels]
    measures = [Column(name) for name in MEASURES]
    measures += [Column("fuel", (place,)) for place in network.name(network.fuel_places)]
    exit_counts, exit_measures = name_exit_columns(model)
    displaced = [Column("displaced_inside"), *(Column("displaced_inside", (place,)) for place in refuges)]
    counts += [*exit_counts, *(displaced if refuges else [])]
    counts += [Column("outside"), Column("came_back")] if len(people.homes) else []
    return Columns(tuple(counts), (*measures, *exit_measures, *name_relief_columns(model)))


@dataclass
class Record:
    """The recorded arrays of a batch: counts [R, T, C] and measures [R, T, M].

    They begin with moment number `first` of the period.
    """

    columns: Columns
    counts: NDArray[np.int32]
    measures: Floats
    first: int = 0

    def take(self, column: Column) -> Floats:
        """Return one column [R, T]. Raises KeyError for one that is not recorded."""
        columns = self.columns
        if column in columns.counts:
            return self.counts[:, :, columns.counts.index(column)].astype(np.float64)
        if column in columns.measures:
            return self.measures[:, :, columns.measures.index(column)]
        raise KeyError(column)

    def write(self, state: State, moment: int) -> None:
        """Write the state as moment number `moment`; see `record_state`."""
        record_state(self, state, moment)

    def add_before(self, added: Integers, moment: int, inside: Flags) -> None:
        """Add people to those at places up to a moment; see `add_before`."""
        add_before(self, added, moment, inside)


def begin_record(model: Model, replicates: int, first: int = 0, moments: int | None = None) -> Record:
    """Return empty arrays for a batch: of all moments, or of so many from `first` on.

    In memory all that is written at one moment lies together.
    """
    columns = name_columns(model)
    number = model.clock.records if moments is None else moments
    return Record(
        columns,
        np.zeros((number, replicates, len(columns.counts)), dtype=np.int32).swapaxes(0, 1),
        np.zeros((number, replicates, len(columns.measures))).swapaxes(0, 1),
        first,
    )


def keep_series(record: Record, series: Collection[str]) -> Record:
    """Return a record of some series alone: small enough to be handed on."""
    kept = [
        [i for i, column in enumerate(columns) if column.series in series]
        for columns in (record.columns.counts, record.columns.measures)
    ]
    counts, measures = (
        tuple(columns[i] for i in chosen)
        for columns, chosen in zip((record.columns.counts, record.columns.measures), kept, strict=True)
    )
    return Record(Columns(counts, measures), record.counts[:, :, kept[0]], record.measures[:, :, kept[1]], record.first)


def add_before(record: Record, added: Integers, moment: int, inside: Flags) -> None:
    """Add people to those at places [R, P, groups], and to the total inside, up to moment number `moment`.

    `inside` [P] are the places that this counts. They turned out to be more (or fewer) than was
    thought: they have been there from the start.
    """
    places = record.columns.counts.index(next(c for c in record.columns.counts if c.series == "at_place"))
    total = record.columns.counts.index(Column("inside"))
    many, within = added.reshape(len(added), -1), added[:, inside].sum(axis=(1, 2))
    rows = slice(0, moment - record.first + 1)
    record.counts[:, rows, places : places + many.shape[1]] += many[:, None].astype(np.int32)
    record.counts[:, rows, total] += within[:, None].astype(np.int32)


def record_state(record: Record, state: State, moment: int) -> None:
    """Write the state into the record as moment number `moment` (0 is the start)."""
    counts, measures = count_state(state, moment)
    write_columns(record.counts[:, moment - record.first], counts)
    measured = record.measures[:, moment - record.first]
    done = write_columns(measured, measures)
    if state.relief is not None:
        write_relief_measures(state.relief, measured[:, done:])


def count_state(state: State, moment: int) -> tuple[Parts, Parts]:
    """Return the state at moment number `moment` in the order of the recorded columns, without the relief measures.

    Whole numbers first, then measures, each as parts [R, columns] that stand side by side.
    """
    model, queues, network = state.model, state.queues, state.model.network
    entries = network.layout.entry_queue[network.layout.entry_queue >= 0] - len(network.links)
    present, delayed, queue_km = _measure_links(state, moment)
    exit_counts, exit_measures = measure_exits(state, moment, present, delayed)
    totals = np.empty((len(present), len(TOTALS)), dtype=np.int64)
    waiting = np.empty((len(present), len(model.waiting_places)), dtype=np.int64)
    count_people(
        network.layout, queues, state.waiting, state.lodged, delayed, network.inside, network.leading_out,
        model.seat_at, totals, waiting,
    )  # fmt: skip
    counts = (
        totals,
        queues.at_place.reshape(len(present), -1),
        queues.on_link,
        present,
        delayed,
        waiting,
        queues.standing[:, entries],
        np.floor(queues.passed_vehicles + 0.5),
        queues.passed_people,
        queues.registered,
        queues.at_desk,
        queues.settled[:, model.people.settling_places],
        state.lodged,
        count_at_hand(state),
        exit_counts,
        *_count_displaced(state),
        *([np.stack((queues.arrived - queues.came_back, queues.came_back), axis=1)] if len(model.people.homes) else []),
    )
    roads = np.stack((queues.journey_hours, queues.waited_hours, queue_km), axis=1)
    return counts, (roads, state.fuel_stock[:, network.fuel_places], exit_measures)


def _count_displaced(state: State) -> tuple[Integers, ...]:
    """Return people who have left home and are at another place inside: in all [R, 1], and at each refuge."""
    model = state.model
    if not len(model.refuges):
        return ()
    parts = [index for index, part in enumerate(model.people.parts) if part.displaced]
    there = state.queues.at_place[:, :, parts].sum(axis=2)
    return there[:, model.network.inside].sum(axis=1, keepdims=True), there[:, model.refuges]


def _measure_links(state: State, moment: int) -> tuple[Integers, Integers, Floats]:
    """Return vehicles on each link, those delayed there, and the kilometres out on which they stand [R]."""
    clock, inputs, network = state.model.clock, state.inputs, state.model.network
    tick = moment * clock.record_every * clock.ticks
    ticks = max(min(tick, clock.ticks * clock.record_every), 1)
    present, delayed = np.empty(state.lag.shape, dtype=np.int64), np.empty(state.lag.shape, dtype=np.int64)
    km = np.empty(len(present))
    measure_links(
        state.queues, tick, ticks, ticks * clock.tick_hours, state.lag, state.capacity, inputs.lane_capacity,
        inputs.jam_per_km, network.length_km, network.leading_out & network.layout.link_driven, present, delayed, km,
    )  # fmt: skip
    return present, delayed, km
