"""Replicates of several cases in one batch: of cases whose models differ in numbers that are drawn, and in no more.

The cost of a step is then shared by all of them. Each replicate is the one that a run of its case has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np

from corridor.simulate.arrays import Floats, Integers
from corridor.simulate.ensemble import Ensemble
from corridor.simulate.inputs import draw_quantity
from corridor.simulate.learnt import Course
from corridor.simulate.luck import Luck, make_keys
from corridor.simulate.model import Model
from corridor.simulate.snapshots import are_alike

DRAWN = frozenset({"scenario_hash", "quantities", "events"})  # parts of a model that hold numbers to draw
Member = tuple[Ensemble, Integers]  # an ensemble and which of its replicates


def fit_together(first: Ensemble, second: Ensemble) -> bool:
    """Tell whether replicates of two ensembles may stand in one batch; what counts have taught is for one alone."""
    if first.learnt is not None or second.learnt is not None or first.behaviour is not second.behaviour:
        return False
    one, other = first.model, second.model
    if one.quantities.keys() != other.quantities.keys() or one.has_danger != other.has_danger:
        return False
    same = all(are_alike(getattr(one, f.name), getattr(other, f.name)) for f in fields(Model) if f.name not in DRAWN)
    return same and are_alike(_leave_out_values(one), _leave_out_values(other))


def _leave_out_values(model: Model) -> tuple[object, ...]:
    """Return the events without the sizes that stand among the quantities."""
    return tuple(replace(event, value=None) for event in model.events)


@dataclass(frozen=True, kw_only=True)
class Together(Ensemble):
    """The replicates of ensembles that fit together, one after the other: replicate r is the r-th of them all."""

    members: tuple[Member, ...]

    @cached_property
    def _course(self) -> Course:
        """Return what all of them go through."""
        keys = [make_keys(ensemble.seed, numbers) for ensemble, numbers in self.members]
        known = [ensemble.model.quantities for ensemble, _ in self.members]
        differing = [name for name, quantity in known[0].items() if any(other[name] != quantity for other in known)]
        given: dict[str, Floats] = {
            name: np.concatenate([draw_quantity(name, k[name], own) for k, own in zip(known, keys, strict=True)])
            for name in differing
        }
        return Course(Luck(np.concatenate(keys)), given)

    def draw(self, replicates: Integers) -> Course:
        """Return what replicates go through, by their place among all."""
        luck, given, _ = self._course
        return Course(Luck(luck.own[replicates]), {name: values[replicates] for name, values in given.items()})


def put_together(members: Sequence[Member]) -> Ensemble:
    """Return one ensemble of the replicates of several that fit together."""
    first = members[0][0]
    return Together(first.model, first.seed, None, first.behaviour, members=tuple(members))
