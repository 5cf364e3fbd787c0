"""One side of a what-if: a compiled case with the replicates kept of it, simulated from where they can first differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from corridor.scenario.scenario import Scenario
from corridor.simulate.batch import Moves, begin_batch, carry_on
from corridor.simulate.ensemble import Ensemble
from corridor.simulate.model import Model
from corridor.simulate.snapshots import Difference, Snapshot, find_earliest, fits, go_back, take_snapshot
from corridor.simulate.state import State
from corridor.simulate.watching import Watched, Watcher

ASKED_EVERY = 16  # steps after which it is asked whether somebody still wants the answer
SNAPSHOT_BYTES = 400_000_000  # of all that is kept to go on from
MOST_STEPS = 4  # at which states are kept unasked, beside that before a way out may first open
OPENING = ("lanes", "foot_lanes", "direction", "departures")  # events that may open a way
Cancelled = Callable[[], bool]
Batch = tuple[int, int]  # first replicate, number


class StoppedError(Exception):
    """Nobody wants the answer any more."""


@dataclass(frozen=True)
class Kept:
    """What is kept of the base to go on from, by batch: states before a step, and people added late, by place."""

    snapshots: dict[tuple[Batch, int], Snapshot] = field(default_factory=dict)
    added: dict[Batch, list[np.ndarray]] = field(default_factory=dict)
    opened: dict[Batch, int] = field(default_factory=dict)  # first step in which somebody could leave

    def find(self, batch: Batch, step: int) -> Snapshot | None:
        """Return the latest state of a batch that is not after a step; None unless the base was simulated in it."""
        if batch not in self.added:
            return None
        known = [at for of, at in self.snapshots if of == batch and at <= step]
        return self.snapshots[batch, max(known)] if known else None

    def begin(self, batch: Batch, differs: Difference) -> int:
        """Return the step before which a case that differs so is as the base, in a batch."""
        return min(differs.step, self.opened.get(batch, differs.step)) if differs.late else differs.step

    def put(self, batch: Batch, snapshot: Snapshot) -> None:
        """Keep one more; the oldest are given up when all together grow too large."""
        self.snapshots[batch, snapshot.step] = snapshot
        while sum(one.size for one in self.snapshots.values()) > SNAPSHOT_BYTES:
            self.snapshots.pop(next(iter(self.snapshots)))


@dataclass
class Side:
    """A compiled case with what is kept of its replicates, and the seconds of one core that it took.

    `differs` says from when it may differ from the case as it was; None if it is that case.
    """

    scenario: Scenario
    ensemble: Ensemble
    watched: Watched
    differs: Difference | None = None
    seconds: float = 0.0

    @property
    def model(self) -> Model:
        """Return the compiled case."""
        return self.ensemble.model


def simulate_side(side: Side, batch: Batch, base: Watched, kept: Kept, cancelled: Cancelled) -> None:
    """Simulate a batch of a side, from a state kept of the base where there is one.

    Raises StoppedError when nobody wants it any more.
    """
    first, number = batch
    luck, given, moves = side.ensemble.draw(np.arange(first, first + number))
    watcher = Watcher(side.watched, side.model, first, number)
    state, begin = begin_batch(side.model, luck, given, side.ensemble.behaviour), 0
    wanted = _choose_steps(side.model) if side.differs is None else set() if side.differs.late else {side.differs.step}
    snapshot = None if side.differs is None else kept.find(batch, kept.begin(batch, side.differs))
    if snapshot is not None and side.differs is not None and fits(snapshot, state):
        state, begin = go_back(snapshot, state, moves, side.differs.late), snapshot.step
        _copy_past(watcher, base, begin // side.model.clock.record_every, _list_later(kept.added[batch], moves, begin))
    else:
        watcher.write(state, 0)

    def watch(state: State, step: int) -> None:
        if step % ASKED_EVERY == 0 and cancelled():
            raise StoppedError
        if side.differs is None and batch not in kept.opened and state.open_way.any():
            kept.opened[batch] = step
        of_base = side.differs is None or batch in kept.added
        if of_base and step + 1 in wanted and (batch, step + 1) not in kept.snapshots:
            kept.put(batch, take_snapshot(state, step + 1))

    carry_on(state, watcher, moves, begin, side.model.clock.steps, {}, watch)
    if side.watched.find_lost(first, first + number):
        message = f"people were lost or invented in replicates {first} to {first + number - 1}"
        raise AssertionError(message)
    if side.differs is None:
        kept.added[batch] = watcher.added


def _choose_steps(model: Model) -> set[int]:
    """Return steps of the base before which a state is kept: some of those in which events may first happen."""
    steps = sorted({find_earliest(model, event) for event in model.events if event.kind != "note"} - {0})
    chosen = np.linspace(0, len(steps) - 1, min(MOST_STEPS, len(steps))).round().astype(int) if steps else ()
    opening = sorted({find_earliest(model, event) for event in model.events if event.kind in OPENING} - {0})
    return {steps[i] for i in chosen} | set(opening[:1])


def _list_later(added: Sequence[np.ndarray], moves: Sequence[Moves], step: int) -> Sequence[np.ndarray]:
    """Return the people [R, P] who were added to the past at or after a step."""
    return added[sum(move.step < step for move in moves) :]


def _copy_past(watcher: Watcher, base: Watched, moment: int, later: Sequence[np.ndarray]) -> None:
    """Take over from the base what had been taken down up to a moment, without the people added to it later."""
    watched, rows, past = watcher.watched, slice(watcher.first, watcher.end), slice(0, moment + 1)
    watched.main[past, :, rows] = base.main[past, :, rows]
    watched.detail[past, :, rows] = base.detail[past, :, rows]
    for people in later:
        watcher.put_before(-people, moment)
