"""Everything that is drawn once per replicate, by name: ranges, times and chances of events, the luck of places.

Each is told by the normal score of its chance, so that the user's ranges are the standard normal distribution.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr, ndtri

from corridor.simulate.arrays import Floats, Integers
from corridor.simulate.inputs import draw_uniform_of
from corridor.simulate.luck import make_keys
from corridor.simulate.model import Model


def name_uncertain(model: Model) -> tuple[str, ...]:
    """Return the names of everything that is drawn once per replicate."""
    names = [name for name, quantity in model.quantities.items() if not quantity.is_fixed]
    names += [f"events/{event.id}/time" for event in model.events if not event.time.is_fixed]
    names += [f"events/{event.id}/chance" for event in model.events if event.chance < 1]
    convoys = () if model.supplies is None else model.supplies.convoys
    parties = [c.party_name for c in convoys if not c.departs.is_fixed]
    names += [f"convoys/{party}/time" for party in dict.fromkeys(parties)]
    people = model.people
    chosen = sorted({*people.gateways.tolist(), *people.settling.tolist()})
    return tuple(names + [f"pull/{model.network.places[people.destinations[d]]}" for d in chosen])


def draw_scores(model: Model, names: tuple[str, ...], seed: int, numbers: Integers) -> Floats:
    """Return the normal scores that the keys of these numbers give to what is uncertain [numbers, names]."""
    keys = make_keys(seed, numbers)
    drawn = np.empty((len(numbers), len(names)))
    for i, name in enumerate(names):
        first, _, last = name.rpartition("/")
        drawn[:, i] = draw_uniform_of(keys, *(("quantity", name) if name in model.quantities else (first, last)))
    return np.asarray(ndtri(drawn))


def give_values(model: Model, names: tuple[str, ...], scores: Floats) -> dict[str, Floats]:
    """Return the values of scores [R, names] by name; of what is no quantity the chance."""
    chances = ndtr(scores)
    return {
        name: model.quantities[name].take(chances[:, i]) if name in model.quantities else chances[:, i]
        for i, name in enumerate(names)
    }
