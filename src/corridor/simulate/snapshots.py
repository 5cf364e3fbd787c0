"""A state kept in the midst of a run, from which a changed model goes on where both have been the same until then.

Two models that differ in nothing but events go the same way until the first of these can happen: every draw is keyed
by what it is for, so that nothing else is touched. Numbers by which people decide to leave are not asked for before
some way out is open (rule 3). All other differences may act from the first step on.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from corridor.simulate.batch import Moves
from corridor.simulate.cloning import ROOM, SECOND_AXIS, find_arrays, replace_arrays
from corridor.simulate.inputs import Inputs, draw_inputs
from corridor.simulate.model import Event, Model
from corridor.simulate.queues import BEGUN
from corridor.simulate.state import State, count_most_cohorts

PARAMETERS = "inputs.parameters."
BY_EVENT = ("inputs.event_step", "inputs.event_value")  # arrays by event
FRESH = frozenset({"events", "quantities", "scenario_hash"})  # parts of a model that are compared by event
DECISION = re.compile(
    r"groups/.*/(leave_rate|onward_rate)$|parameters/(effect_(danger|shortage|gone|guarantees|announcement))$"
)
STEPS = 5  # for whose cohorts there is room at first


@dataclass(frozen=True)
class Snapshot:
    """The arrays of a state before step `step`, of a batch of replicates, and the model that it is of."""

    step: int
    model: Model
    arrays: Mapping[str, NDArray[Any]]
    barred: NDArray[np.bool_]
    over: tuple[bool, ...]  # convoys that have nothing to do any more

    @property
    def size(self) -> int:
        """Return the bytes kept."""
        return sum(values.nbytes for values in self.arrays.values())


def take_snapshot(state: State, step: int) -> Snapshot:
    """Return a copy of a state that has come to the beginning of a step."""
    begun = int(state.queues.lines.pool[:, BEGUN].max(initial=0))
    arrays: dict[str, NDArray[Any]] = {}
    for name, values in find_arrays(state):
        arrays[name] = np.array(values[:, :begun] if name in ROOM else values)
    over = () if state.relief is None else tuple(state.relief.caravans.over)
    return Snapshot(step, state.model, arrays, state.barred.copy(), over)


def go_back(snapshot: Snapshot, fresh: State, moves: Sequence[Moves], late: Set[str] = frozenset()) -> State:
    """Return the state of a snapshot in the model of `fresh`, the state of the same replicates before the first step.

    `moves` are what the replicates go through in the model of `fresh`, `late` the arrays that have not acted yet.
    """
    model = fresh.model
    inputs = _draw_latest(fresh, [move for move in moves if move.step < snapshot.step])
    known = {event.id: n for n, event in enumerate(snapshot.model.events)}
    same = [n for n, event in enumerate(model.events) if is_same(snapshot.model, model, event.id)]
    mine = [known[model.events[n].id] for n in same]
    room = snapshot.arrays[ROOM[0]].shape[1] + STEPS * count_most_cohorts(model)

    def take(name: str, before: NDArray[Any]) -> NDArray[Any]:
        kept = snapshot.arrays[name]
        if name in ROOM:
            larger = np.zeros((len(kept), room, *kept.shape[2:]), dtype=kept.dtype)
            larger[:, : kept.shape[1]] = kept
            return larger
        if name in late:
            owner = inputs.parameters if name.startswith(PARAMETERS) else inputs
            last = name.rpartition(".")[2]
            return np.array(owner[last] if isinstance(owner, Mapping) else getattr(owner, last))
        if name in BY_EVENT:
            values = np.array(getattr(inputs, name.partition(".")[2]))
            values[:, same] = kept[:, mine]
            return values
        return np.array(kept.swapaxes(0, 1) if name.rpartition(".")[2] in SECOND_AXIS else kept)

    state = cast(State, replace_arrays(fresh, take))
    state.barred = snapshot.barred.copy()
    state.eventful = frozenset(state.inputs.event_step.ravel().tolist())
    if state.relief is not None:
        state.relief = replace(state.relief, caravans=replace(state.relief.caravans, over=list(snapshot.over)))
    return state


def _draw_latest(fresh: State, past: Sequence[Moves]) -> Inputs:
    """Return the inputs as drawn with the numbers of the last move that is past."""
    return draw_inputs(fresh.model, fresh.luck.own, past[-1].given) if past else fresh.inputs


def fits(snapshot: Snapshot, fresh: State) -> bool:
    """Tell whether a state has the arrays of a snapshot, those by event and those with room apart."""
    shapes = {name: values.shape for name, values in find_arrays(fresh)}
    apart = {*ROOM, *BY_EVENT}
    kept = {name: values.shape for name, values in snapshot.arrays.items()}
    return shapes.keys() == kept.keys() and all(shapes[name] == kept[name] for name in shapes if name not in apart)


@dataclass(frozen=True)
class Difference:
    """What sets two models apart: nothing acts before `step`, the arrays `late` not before somebody may leave."""

    step: int
    late: frozenset[str] = frozenset()


def find_difference(first: Model, second: Model) -> Difference | None:
    """Return from when two models may differ, None where they never do."""
    if not all(
        are_alike(getattr(first, f.name), getattr(second, f.name)) for f in fields(Model) if f.name not in FRESH
    ):
        return Difference(0)
    if first.has_danger != second.has_danger:
        return Difference(0)
    names = {*first.quantities, *second.quantities}
    numbers = {n for n in names if not n.startswith("events/") and first.quantities.get(n) != second.quantities.get(n)}
    late = frozenset(array for name in numbers for array in _list_late(name))
    step = min(map(partial(find_earliest, first), _list_changed(first, second)), default=first.clock.steps)
    rates = [event for model in (first, second) for event in model.events if event.kind == "leave_rate"]
    if any(not DECISION.match(name) for name in numbers) or (late and rates):
        return Difference(0)
    return Difference(step, late) if numbers or step < first.clock.steps else None


def _list_late(name: str) -> tuple[str, ...]:
    """Return the arrays of a state that a number by which people decide to leave stands in."""
    table, _, parameter = name.partition("/")
    return (PARAMETERS + parameter,) if table == "parameters" else ("leave_rate", "inputs.leave_rate")


def _list_changed(first: Model, second: Model) -> list[Event]:
    """Return the events of both models that the other has not, or not so; those that change nothing left out."""
    both = (*first.events, *second.events)
    return [event for event in both if event.kind != "note" and not is_same(first, second, event.id)]


def is_same(first: Model, second: Model, name: str) -> bool:
    """Tell whether both models have the same event of a name."""
    events = [next((event for event in model.events if event.id == name), None) for model in (first, second)]
    return events[0] is not None and are_alike(*events) and _get_number(first, name) == _get_number(second, name)


def _get_number(model: Model, event: str) -> object:
    return model.quantities.get(f"events/{event}/value")


def find_earliest(model: Model, event: Event) -> int:
    """Return the first step in which an event may happen, as inputs are drawn."""
    begin = (event.time.start - model.clock.start) / timedelta(hours=model.clock.step_hours)
    return min(max(0, math.ceil(begin - 1e-9)), model.clock.steps)


def are_alike(first: Any, second: Any) -> bool:
    """Tell whether two parts of models are the same, arrays by their content."""
    if isinstance(first, np.ndarray):
        return isinstance(second, np.ndarray) and first.dtype == second.dtype and np.array_equal(first, second)
    if type(first) is not type(second):
        return False
    if is_dataclass(first):
        return all(are_alike(getattr(first, f.name), getattr(second, f.name)) for f in fields(first))
    if isinstance(first, Mapping):
        return first.keys() == second.keys() and all(are_alike(first[name], second[name]) for name in first)
    if isinstance(first, tuple | list):
        return len(first) == len(second) and all(map(are_alike, first, second))
    return bool(first == second)
