"""The luck of each replicate: the keys that its draws depend on, and which of them are in force when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corridor.chance.draws import replicate_key
from corridor.simulate.arrays import Integers, Keys


@dataclass(frozen=True)
class Luck:
    """Keys of the replicates of a batch.

    `own` [R] are a replicate's own keys. A fitted sample repeats earlier luck first: `slices[i]` [R] are in force
    up to step `ends[i]`, one after the other, and `own` afterwards.
    """

    own: Keys
    slices: tuple[Keys, ...] = ()
    ends: tuple[int, ...] = ()

    def at(self, step: int) -> Keys:
        """Return the keys in force at a step [R]."""
        for keys, end in zip(self.slices, self.ends, strict=True):
            if step < end:
                return keys
        return self.own


def make_keys(seed: int, numbers: Integers) -> Keys:
    """Return the key of each number (of a replicate, or of a candidate of a fit) under a seed [R]."""
    return np.array([replicate_key(seed, int(number)) for number in numbers], dtype=np.uint64)


def plain_luck(seed: int, replicates: Integers) -> Luck:
    """Return the luck of replicates of a seed, the same keys throughout."""
    return Luck(make_keys(seed, replicates))
