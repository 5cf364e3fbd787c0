"""Who waits in a state for a seat out in a fleet for both, in the terms of the relief problem."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridor.relief.problem import ReliefProblem
    from corridor.simulate.model import Model
    from corridor.simulate.state import State


def find_groups(model: Model) -> tuple[tuple[str, ...], dict[str, tuple[int, ...]]]:
    """Return the groups that fleets for both take, in the order of their ids, and the numbers of each fleet's."""
    supplies, options = model.supplies, model.people.options
    assert supplies is not None, "a case that is planned for states needs: checked before"
    by_fleet = {}
    for name, takes in zip(supplies.fleets, supplies.takes, strict=True):
        if takes >= 0:
            chosen = np.flatnonzero(options.fleet == takes)
            by_fleet[name] = np.unique(np.searchsorted(options.start, chosen, side="right") - 1)
    every = sorted({int(g) for mine in by_fleet.values() for g in mine})
    groups = tuple(model.people.groups[g] for g in every)
    return groups, {name: tuple(every.index(int(g)) for g in mine) for name, mine in by_fleet.items()}


def place_waiting(state: State, problem: ReliefProblem, groups: tuple[str, ...]) -> NDArray[np.float64]:
    """Return who waits in each replicate at the places of a problem [R, P, U]."""
    return _spread(state, problem, groups, state.waiting.astype(np.float64))


def find_open(state: State, problem: ReliefProblem, groups: tuple[str, ...]) -> NDArray[np.float64]:
    """Return 1 where some way out is open that a group may take, 0 elsewhere [R, P, U]."""
    options, found = state.model.people.options, np.zeros(state.waiting.shape)
    for g in range(state.waiting.shape[2]):
        choosers = options.chooser[options.start[g] : options.start[g + 1]]
        found[:, :, g] = state.open_way[:, choosers].any(axis=1)
    return _spread(state, problem, groups, found)


def _spread(
    state: State, problem: ReliefProblem, groups: tuple[str, ...], values: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return values by origin and group of the model [R, O, G] by place and group of a problem [R, P, U]."""
    origins = [problem.places.index(name) for name in state.model.origin_names]
    chosen = [state.model.people.groups.index(name) for name in groups]
    found = np.zeros((len(values), len(problem.places), len(groups)))
    found[:, origins] = values[:, :, chosen]
    return found
