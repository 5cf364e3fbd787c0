"""What is known of a Flee folder beside its arrays: what a run of it is summarised and drawn with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, kw_only=True)
class FleeCase:
    """A folder's period, places and camps. `observed` [day, camp] are the registered people."""

    name: str
    start: str  # an ISO date
    days: int
    place_names: list[str]
    camps: list[int]
    observed: np.ndarray
    notices: list[str]
