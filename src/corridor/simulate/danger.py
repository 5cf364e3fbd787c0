"""Danger on ways: it slows them, makes people go round or stay, and closes them (docs/model.md, rule 28)."""

from __future__ import annotations

# compiled functions take arrays of kinds that numba finds out
# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: ANN001, ANN202
import numpy as np

from corridor.chance.compiled import compiled
from corridor.simulate.arrays import Floats, Integers
from corridor.simulate.state import State


def slow_ways(state: State, rows: Integers) -> Floats:
    """Let danger slow the ways of replicates `rows`; return how many times as long each takes [rows, L]."""
    slower = 1.0 / (1.0 - state.inputs.parameters["danger_slowing"][rows, None] * find_link_danger(state, rows))
    state.lag[rows] = state.free_lag[rows] * slower
    return np.asarray(slower)


def find_link_danger(state: State, rows: Integers) -> Floats:
    """Return the danger on each link [rows, L]; 0 on services of no road."""
    road = state.model.network.link_road
    return np.where(road < 0, 0.0, state.road_danger[rows][:, road])


def deter(state: State, chance: Floats) -> Floats:
    """Return the chances of deciding to leave [R, O, G], less for those whose way out is dangerous.

    The rate is multiplied by exp(-effect * danger), where danger is the highest on the way to each goal, averaged by
    the weights of the goals.
    """
    model, people = state.model, state.model.people
    if not model.has_danger:
        return chance
    rows = np.arange(len(chance))
    danger = np.zeros(state.open_way.shape)
    course = people.choosers[:, 0, None] * len(people.destinations) + people.gateways
    _follow(
        model.network.layout, state.routes.onward, find_link_danger(state, rows), people.origins, course,
        state.leave_weights, danger,
    )  # fmt: skip
    first = np.minimum(people.options.start[:-1], len(people.options.chooser) - 1)
    met = danger[:, people.options.chooser[first]].swapaxes(1, 2)
    factor = np.exp(-state.inputs.parameters["effect_way_danger"][:, None, None] * met)
    return np.asarray(-np.expm1(np.log1p(-np.minimum(chance, 1.0 - 1e-12)) * factor))


@compiled
def _follow(layout, onward, danger, origins, courses, weights, met):
    """Write the danger met on the way from each origin [R, V, O], over `courses` [V, gateways]."""
    for r in range(met.shape[0]):
        for v in range(met.shape[1]):
            for o in range(met.shape[2]):
                total, met[r, v, o] = 0.0, 0.0
                for d in range(courses.shape[1]):
                    weight = weights[r, v, o, d]
                    if weight <= 0.0:
                        continue
                    place, worst, steps = origins[o], 0.0, 0
                    link = onward[r, place, courses[v, d]]
                    while link >= 0 and steps < onward.shape[1]:
                        worst = max(worst, danger[r, link])
                        if layout.link_platform[link] >= 0:
                            break
                        place, steps = layout.link_to[link], steps + 1
                        link = onward[r, place, courses[v, d]]
                    total += weight
                    met[r, v, o] += weight * worst
                if total > 0.0:
                    met[r, v, o] /= total
