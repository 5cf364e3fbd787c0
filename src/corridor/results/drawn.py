"""The inputs of a run, drawn again: the same keys give the same numbers, so a run need not store them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor.results.result import Result, Values
from corridor.scenario.values import Quantity
from corridor.simulate.ensemble import Ensemble, prepare
from corridor.simulate.inputs import NEVER, Drawer, Inputs, draw_inputs, draw_quantity
from corridor.simulate.learnt import Course
from corridor.simulate.luck import Luck, plain_luck
from corridor.simulate.model import Model
from corridor.simulate.moved import keep_past
from corridor.simulate.supplies import draw_supplies


class Noting(dict[str, Quantity]):
    """Quantities that note which of them were asked for: those are what a run depends on."""

    def __init__(self, quantities: Mapping[str, Quantity]) -> None:
        super().__init__(quantities)
        self.asked: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        """Return a quantity and note its name."""
        self.asked.add(name)
        return super().get(name, default)


@dataclass(frozen=True)
class Drawn:
    """What was drawn once per replicate. `values` maps the name of an uncertain number to its draws [R]."""

    model: Model
    inputs: Inputs
    values: dict[str, Values]
    luck: Luck
    fitted: frozenset[str] = frozenset()  # names of the values that counts have moved
    courses: float = math.inf  # particles of the start from which those descend that the replicates go through, about

    @property
    def leavers(self) -> Values:
        """Return the people of each replicate who leave when they can: all but those who stay whatever happens [R]."""
        return np.asarray((self.inputs.people - self.inputs.staying).sum(axis=(1, 2)), dtype=np.float64)


def draw_again(result: Result) -> Drawn:
    """Return the inputs that the replicates of a run were made from, learnt values included."""
    scenario, chosen = result.scenario, result.manifest["parameters"]
    ensemble = prepare(scenario, chosen, result.manifest["seed"])
    model, course = ensemble.model, ensemble.draw(np.arange(result.replicates))
    luck, given = course.luck, course.last
    quantities = Noting(model.quantities)
    noting = replace(model, quantities=quantities)
    inputs = replace(draw_inputs(noting, luck.own, given), event_step=follow_events(model, course))
    if model.supplies is not None:
        draw_supplies(model.supplies, Drawer(noting, luck.own, given))
    values = {
        name: draw_quantity(name, quantity, luck.own)
        for name, quantity in model.quantities.items()
        if name in quantities.asked and not quantity.is_fixed and name not in given
    }
    # the luck of a destination or of a convoy's hour is moved as well, but is no number that anybody wrote
    numbers = [name for name in given if name in model.quantities or name.startswith("events/")]
    values.update({name: np.asarray(given[name]) for name in numbers})
    for index, event in enumerate(model.events):
        steps = inputs.event_step[:, index]
        name = f"events/{event.id}"
        if not event.time.is_fixed:
            # an event that does not happen comes after everything else
            hours = np.where(steps == NEVER, model.clock.steps + 1, steps) * model.clock.step_hours
            values[f"{name}/time"] = hours.astype(np.float64)
        elif event.chance < 1:
            values[f"{name}/chance"] = (steps != NEVER).astype(np.float64)
        if f"{name}/value" in values and event.chance < 1:
            values[f"{name}/value"] = np.where(steps == NEVER, 0.0, values[f"{name}/value"])
    if ensemble.learnt is None:
        return Drawn(model, inputs, values, luck)
    origins = ensemble.learnt.origins[ensemble.learnt.choose(np.arange(result.replicates))]
    courses = count_independent(origins)
    return Drawn(model, inputs, values, luck, frozenset(numbers), courses)


def follow_events(model: Model, course: Course) -> NDArray[np.int64]:
    """Return the step at which each event happens [R, E]: what has happened when numbers move stays."""
    steps = draw_inputs(model, course.luck.own, course.given).event_step
    for move in course.moves:
        steps = keep_past(steps, draw_inputs(model, course.luck.own, move.given).event_step, move.step)
    return steps


def count_independent(keys: NDArray[Any]) -> float:
    """Return how many independent members a sample with repeated members is worth (Kish's effective size) [R]."""
    _, counts = np.unique(keys, return_counts=True)
    return float(counts.sum() ** 2 / (counts**2).sum())


def draw_leaving(ensemble: Ensemble, replicates: int) -> Values:
    """Return the people who leave when they can, as drawn from the case's ranges before any count was read [R]."""
    inputs = draw_inputs(ensemble.model, plain_luck(ensemble.seed, np.arange(replicates)).own)
    return np.asarray((inputs.people - inputs.staying).sum(axis=(1, 2)), dtype=np.float64)
