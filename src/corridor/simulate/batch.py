"""One batch of replicates from the first step to the last."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from corridor.simulate.arrays import Flags, Floats, Integers
from corridor.simulate.behaviour import Behaviour
from corridor.simulate.inputs import Drawer, draw_inputs
from corridor.simulate.luck import Luck
from corridor.simulate.model import Model
from corridor.simulate.moved import move_numbers
from corridor.simulate.phases import PHASES
from corridor.simulate.record import Record, begin_record
from corridor.simulate.relief import begin_relief
from corridor.simulate.state import State, begin, note_fewest
from corridor.simulate.traffic import refresh_roads


@dataclass(frozen=True)
class Moves:
    """Numbers that change at the beginning of a step: the values `given` of those uncertain, by name [R]."""

    step: int
    given: Mapping[str, Floats]


class Recorder(Protocol):
    """Takes down what is asked for of a state at recorded moments."""

    def write(self, state: State, moment: int) -> None:
        """Take down moment number `moment` (0 is the start)."""

    def add_before(self, added: Integers, moment: int, inside: Flags) -> None:
        """Add people [R, P, groups] to those at places up to moment number `moment`; `inside` [P] counts some."""


def simulate_batch(
    model: Model,
    luck: Luck,
    given: Mapping[str, Floats] | None = None,
    behaviour: Behaviour | None = None,
    seconds: dict[str, float] | None = None,
    steps: int | None = None,
    watch: Callable[[State, int], None] | None = None,
    moves: Sequence[Moves] = (),
) -> Record:
    """Simulate a batch of replicates and return what was recorded.

    `luck` holds the keys of the replicates [R], `given` fitted values [R] by the name of the quantity, `moves` those
    that they have later, in order of time; `behaviour` is what people do, Corridor's own if it is None. Time spent in
    each phase is added to `seconds`. `steps` ends before the period does; `watch` is called after each step (for tests
    and tools).
    """
    seconds = {} if seconds is None else seconds
    clock = time.perf_counter()
    state = begin_batch(model, luck, given or {}, behaviour or Behaviour())
    record = begin_record(model, len(luck.own))
    record.write(state, 0)
    _note(seconds, "begin", clock)
    carry_on(state, record, moves, 0, model.clock.steps if steps is None else steps, seconds, watch)
    return record


def begin_batch(model: Model, luck: Luck, given: Mapping[str, Floats], behaviour: Behaviour) -> State:
    """Return the state of a batch before its first step."""
    state = begin(model, draw_inputs(model, luck.own, given), luck, behaviour)
    refresh_roads(state, np.ones(len(luck.own), dtype=bool))
    state.relief = begin_relief(Drawer(model, luck.own, given), state.queues.at_place)
    return state


def carry_on(
    state: State,
    record: Recorder,
    moves: Sequence[Moves],
    first: int,
    last: int,
    seconds: dict[str, float],
    watch: Callable[[State, int], None] | None = None,
) -> None:
    """Move a state on from the beginning of step `first` to that of step `last`, with the moves from there on."""
    clock, now = state.model.clock, first
    for move in moves:
        if first <= move.step < last:
            advance(state, record, now, move.step, seconds, watch)
            now = move.step
            added = move_numbers(state, move.given, now)
            record.add_before(added, now // clock.record_every, state.model.network.inside)
    advance(state, record, now, last, seconds, watch)


def advance(
    state: State,
    record: Recorder,
    first: int,
    last: int,
    seconds: dict[str, float],
    watch: Callable[[State, int], None] | None = None,
) -> None:
    """Move a state on from the beginning of step `first` to that of step `last`, and record it."""
    every, clock = state.model.clock.record_every, time.perf_counter()
    for step in range(first, last):
        for name, phase in PHASES:
            phase(state, step)
            clock = _note(seconds, name, clock)
        if (step + 1) % every == 0:
            record.write(state, (step + 1) // every)
            note_fewest(state)
            clock = _note(seconds, "record", clock)
        if watch is not None:
            watch(state, step)
            clock = time.perf_counter()


def _note(seconds: dict[str, float], phase: str, since: float) -> float:
    now = time.perf_counter()
    seconds[phase] = seconds.get(phase, 0.0) + now - since
    return now


def conservation_error(record: Record) -> int:
    """Return the largest difference between people reported at a moment and those at the start of the replicate."""
    people = _people(record)
    return int(np.abs(people - people[:, :1]).max())


def _people(record: Record) -> Integers:
    columns = [i for i, name in enumerate(record.columns.counts) if name.series in ("at_place", "on_road")]
    return np.asarray(record.counts[:, :, columns].sum(axis=2))
