"""What a run reports: one column for each series and place, at every recorded moment of every replicate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corridor.simulate.model import Floats, Integers, Model
from corridor.simulate.state import State


@dataclass(frozen=True)
class Columns:
    """The recorded columns: whole numbers and measures, named `series:place` or `series:place:group`."""

    counts: tuple[str, ...]
    measures: tuple[str, ...]


def name_columns(model: Model) -> Columns:
    """Return the columns that a model records, in the order in which they are stored."""
    origins = [model.places[o] for o in model.origins]
    entries = [p for i, p in enumerate(model.places) if model.layout.entry_queue[i] >= 0]
    settling = [model.places[model.destinations[s]] for s in model.settling]
    counts = [f"at_place:{place}:{group}" for place in model.places for group in model.groups]
    counts += [f"on_road:{link}" for link in model.links]
    counts += [f"vehicles_on_road:{link}" for link in model.links]
    counts += [f"vehicles_delayed:{link}" for link in model.links]
    counts += [f"waiting_for_transport:{place}" for place in origins]
    counts += [f"vehicles_at_entry:{place}" for place in entries]
    counts += [f"passed_vehicles:{name}" for name in model.checkpoints]
    counts += [f"passed_people:{name}" for name in model.checkpoints]
    counts += ["arrivals:", "arrived_vehicles:"]
    counts += [f"registered:{name}" for name in model.desks]
    counts += [f"at_desk:{name}" for name in model.desks]
    counts += [f"settled:{place}" for place in settling]
    counts += [f"lodged:{place}" for place in settling]
    counts += [f"vehicles_at_hand:{name}" for name in model.fleets]
    measures = ["journey_hours:", "waited_hours:"]
    measures += [f"fuel:{model.places[p]}" for p in model.fuel_places]
    return Columns(tuple(counts), tuple(measures))


@dataclass
class Record:
    """The recorded arrays of a batch: counts [R, T, C] and measures [R, T, M], and journeys by hour [R, bins]."""

    columns: Columns
    counts: Integers
    measures: Floats
    journeys: Integers
    waits: Integers


def begin_record(model: Model, replicates: int) -> Record:
    """Return empty arrays for a batch."""
    columns = name_columns(model)
    return Record(
        columns,
        np.zeros((replicates, model.records, len(columns.counts)), dtype=np.int64),
        np.zeros((replicates, model.records, len(columns.measures))),
        np.zeros((replicates, 0), dtype=np.int64),
        np.zeros((replicates, 0), dtype=np.int64),
    )


def record_state(record: Record, state: State, moment: int) -> None:
    """Write the state into the record as moment number `moment` (0 is the start)."""
    model, queues = state.model, state.queues
    replicates = len(queues.arrived)
    tick = moment * model.record_every * model.ticks
    entries = np.flatnonzero(model.layout.entry_queue >= 0)
    settling = model.destinations[model.settling]
    inside_links = queues.up[:, :, tick] - queues.down[:, :, tick]
    parts = [
        queues.at_place.reshape(replicates, -1),
        queues.on_link,
        inside_links,
        inside_links - _moving_freely(state, tick),
        state.waiting.sum(axis=2),
        queues.standing[:, entries],
        queues.passed_vehicles,
        queues.passed_people,
        queues.arrived[:, None],
        queues.arrived_vehicles[:, None],
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
        state.fuel_stock[:, model.fuel_places],
    ]
    record.measures[:, moment, :] = np.concatenate(measures, axis=1)


def _moving_freely(state: State, tick: int) -> Integers:
    """Return vehicles on each link that have not been there for longer than the free travel time [R, L]."""
    up = state.queues.up
    position = np.clip(tick - state.lag, 0.0, None)
    whole = position.astype(np.int64)
    part = position - whole
    low = np.take_along_axis(up, whole[:, :, None], axis=2)[:, :, 0]
    high = np.take_along_axis(up, np.minimum(whole + 1, tick)[:, :, None], axis=2)[:, :, 0]
    ready = np.floor(low + part * (high - low) + 1e-9).astype(np.int64)
    return np.asarray(np.minimum(up[:, :, tick] - ready, up[:, :, tick] - state.queues.down[:, :, tick]))
