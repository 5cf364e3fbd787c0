"""How paces and rates wander from hour to hour, compiled: those of checkpoints, desks and departures."""

from __future__ import annotations

# compiled functions take arrays of kinds that numba finds out
# mypy: disable-error-code="no-untyped-def"
import math

from corridor.chance.compiled import compiled
from corridor.chance.draws import FIRST, draw_normal


@compiled
def wander(keys, entities, step, keep, spread, level):
    """Move each `level` [R, N] one step on: a stationary Gauss-Markov path with standard deviation `spread` [R, N].

    `keep` [N] is the correlation from one step to the next.
    """
    for n in range(keep.shape[0]):
        fresh = math.sqrt(max(1.0 - keep[n] * keep[n], 0.0))
        for r in range(level.shape[0]):
            normal = draw_normal(keys[r], entities[n], step, FIRST)
            before = keep[n] * level[r, n] if step > 0 else 0.0
            level[r, n] = before + (fresh if step > 0 else 1.0) * spread[r, n] * normal
