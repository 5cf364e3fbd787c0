"""What is closed, and to whom: roads shut, checkpoints closed, windows of the day, those who may not pass."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from corridor.simulate.arrays import Flags, Integers
from corridor.simulate.model import Model


class Closures(NamedTuple):
    """What is closed in n replicates to K travellers; L links, P places."""

    shut: Flags  # [n, L] closed to everybody: who is on the way waits
    links: Flags  # [n, K, L] closed to a traveller, those shut among them
    places: Flags  # [n, K, P] closed for now: nobody sets out who would pass, who is on the way queues
    barred: Flags  # [n, K, P] not to be passed by a traveller: who is on the way stops where there is no other way

    def differ(self, other: Closures) -> Flags:
        """Return in which replicates anything differs [n]."""
        found = np.zeros(len(self.shut), dtype=bool)
        for mine, theirs in zip(self, other, strict=True):
            found |= (mine != theirs).reshape(len(found), -1).any(axis=1)
        return found

    def find_personal(self) -> Flags:
        """Return in which replicates something is closed to some travellers and not to others [n]."""
        return np.asarray((self.links != self.shut[:, None]).any(axis=(1, 2)) | self.barred.any(axis=(1, 2)))

    def take(self, rows: Integers) -> Closures:
        """Return those of some replicates."""
        return Closures(*(array[rows] for array in self))

    def put(self, rows: Integers, other: Closures) -> None:
        """Set those of some replicates."""
        for mine, theirs in zip(self, other, strict=True):
            mine[rows] = theirs


def open_everything(model: Model, replicates: int) -> Closures:
    """Return closures of nothing."""
    travellers, places, links = len(model.people.then), len(model.network.places), len(model.network.links)
    return Closures(
        np.zeros((replicates, links), dtype=bool),
        np.zeros((replicates, travellers, links), dtype=bool),
        np.zeros((replicates, travellers, places), dtype=bool),
        np.zeros((replicates, travellers, places), dtype=bool),
    )
