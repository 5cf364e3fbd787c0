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
from corridor.simulate.ensemble import prepare
from corridor.simulate.inputs import NEVER, Drawer, Inputs, draw_inputs, draw_quantity
from corridor.simulate.luck import Luck
from corridor.simulate.model import Model
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
    fitted: frozenset[str] = frozenset()  # names of the values set by a fit
    courses: float = math.inf  # independent courses of luck in the fitted sample, about

    @property
    def leavers(self) -> Values:
        """Return the people of each replicate who leave when they can: all but those who stay whatever happens [R]."""
        return np.asarray((self.inputs.people - self.inputs.staying).sum(axis=(1, 2)), dtype=np.float64)


def draw_again(result: Result) -> Drawn:
    """Return the inputs that the replicates of a run were made from, fitted values included."""
    scenario, chosen = result.scenario, result.manifest["parameters"]
    ensemble = prepare(scenario, chosen, result.manifest["seed"])
    model, (luck, given) = ensemble.model, ensemble.draw(np.arange(result.replicates))
    quantities = Noting(model.quantities)
    noting = replace(model, quantities=quantities)
    inputs = draw_inputs(noting, luck.own, given)
    if model.supplies is not None:
        draw_supplies(model.supplies, Drawer(noting, luck.own, given))
    values = {
        name: draw_quantity(name, quantity, luck.own)
        for name, quantity in model.quantities.items()
        if name in quantities.asked and not quantity.is_fixed and name not in given
    }
    values.update({name: np.asarray(column) for name, column in given.items()})
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
    if ensemble.fitted is None:
        return Drawn(model, inputs, values, luck)
    courses = min(count_independent(keys) for keys in luck.slices)
    return Drawn(model, inputs, values, luck, frozenset(given), courses)


def count_independent(keys: NDArray[Any]) -> float:
    """Return how many independent members a sample with repeated members is worth (Kish's effective size) [R]."""
    _, counts = np.unique(keys, return_counts=True)
    return float(counts.sum() ** 2 / (counts**2).sum())
