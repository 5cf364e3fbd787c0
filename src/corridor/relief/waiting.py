"""Who waits for a seat out, where nothing is sent: what trips of fleets for both can take out (rule 38)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from corridor.relief.problem import Fleet

_ALMOST = 1e-9


@dataclass(frozen=True)
class Waiting:
    """People who wait, by T periods, P places and U groups (in the order in which these board).

    at_start [P, U] wait when the plan begins. joining [T, P, U] come to wait in a period; of those who waited before it
    the share `staying` [T, P, U] waits on. may_go [T, P, U] tells where some way out is open. Vehicles that are under
    way already take spoken_for [T, P, U]. `boards` has the groups that each fleet for both takes, by number. Who is
    taken out takes along what he needs in `carried_days` (rule 18).
    """

    groups: tuple[str, ...]
    boards: Mapping[str, tuple[int, ...]]
    at_start: NDArray[np.float64]
    joining: NDArray[np.float64]
    staying: NDArray[np.float64]
    may_go: NDArray[np.bool_]
    spoken_for: NDArray[np.float64]
    carried_days: float = 0.0

    @cached_property
    def level(self) -> NDArray[np.float64]:
        """Return who waits at the end of each period when nothing more is sent [T, P, U]."""
        found, now = np.zeros_like(self.joining), self.at_start
        for t, joining in enumerate(self.joining):
            now = np.maximum(self.staying[t] * now + joining - self.spoken_for[t], 0.0)
            found[t] = now
        return found

    @cached_property
    def cells(self) -> NDArray[np.int64]:
        """Return the places and groups [Q, 2] of which somebody waits at some time."""
        return np.argwhere(np.maximum(self.level.max(axis=0, initial=0.0), self.at_start) > _ALMOST)

    def takes_from(self, fleet: Fleet, place: int) -> bool:
        """Tell whether vehicles of a fleet may find people who wait at a place."""
        mine = self.boards.get(fleet.id, ())
        return any(p == place and u in mine for p, u in self.cells)

    def later(self, period: int) -> Waiting:
        """Return who waits from a period on."""
        return replace(
            self,
            at_start=self.level[period - 1] if period else self.at_start,
            joining=self.joining[period:],
            staying=self.staying[period:],
            may_go=self.may_go[period:],
            spoken_for=self.spoken_for[period:],
        )


def read_levels(
    levels: NDArray[np.float64],
    may_go: NDArray[np.bool_],
    groups: tuple[str, ...],
    boards: Mapping[str, tuple[int, ...]],
    carried_days: float,
) -> Waiting:
    """Return who waits, from how many do at the start and the end of each period [T + 1, P, U].

    Where there are fewer at the end than at the start, a share of those who waited has found another way or given up.
    """
    before, change = levels[:-1], np.diff(levels, axis=0)
    share = np.divide(levels[1:], before, out=np.ones_like(before), where=before > _ALMOST)
    joining, nobody = np.maximum(change, 0.0), np.zeros_like(change)
    return Waiting(groups, boards, levels[0], joining, np.minimum(share, 1.0), may_go, nobody, carried_days)
