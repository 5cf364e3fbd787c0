"""What is where while a plan is carried out, and what the last step did with it. P places, K items; tonnes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridor.relief.problem import ReliefProblem


@dataclass
class Stores:
    """What is where: in stock and kept aside for convoys [P, K], and what the last step did with it.

    wanted, taken: by people [P, K]; met: the share [P, K]; facility_wanted, facility_taken [F]; plant_made [M]; made
    [P, K] there in all; asked [P, K] by people, facilities and plants; lost [P, K] of flows.
    """

    stock: NDArray[np.float64]
    aside: NDArray[np.float64]
    wanted: NDArray[np.float64]
    taken: NDArray[np.float64]
    met: NDArray[np.float64]
    facility_wanted: NDArray[np.float64]
    facility_taken: NDArray[np.float64]
    plant_made: NDArray[np.float64]
    made: NDArray[np.float64]
    asked: NDArray[np.float64]
    lost: NDArray[np.float64]


def open_stores(problem: ReliefProblem) -> Stores:
    """Return the stores at the start; what never runs out is without end, what is not known is none."""
    stock = np.where(problem.unlimited, np.inf, np.nan_to_num(problem.stock))

    def none() -> NDArray[np.float64]:
        return np.zeros(problem.need.shape)

    return Stores(
        stock,
        aside=none(),
        wanted=none(),
        taken=none(),
        met=np.ones(problem.need.shape),
        facility_wanted=np.zeros(len(problem.facilities)),
        facility_taken=np.zeros(len(problem.facilities)),
        plant_made=np.zeros(len(problem.plants)),
        made=none(),
        asked=none(),
        lost=none(),
    )
