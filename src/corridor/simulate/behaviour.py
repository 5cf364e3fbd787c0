"""Who leaves and where to: small functions from the state of every replicate to arrays of chances.

Swap one by passing another function of the same shape in a Behaviour; the kernel that draws and moves stays.
R replicates, O origins, G groups.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from corridor.simulate.arrays import Floats


@dataclass(frozen=True)
class Situation:
    """What people at each origin face in one step; shapes [R, O] unless said otherwise.

    `gone` is the share that has decided to leave, `missing_guarantees` [R] is 1 when nothing protects those who
    stay, `announcement` the strength of calls still heard, `open` whether any way out is open, `wander` [R] the
    deviation of the logarithm of the departure rate, `leave_rate` [R, G] the base rate per hour.
    """

    danger: Floats
    shortage: Floats
    gone: Floats
    missing_guarantees: Floats
    announcement: Floats
    open: Floats
    wander: Floats
    leave_rate: Floats
    parameters: Mapping[str, Floats]
    step_hours: float


def leave_chance(at: Situation) -> Floats:
    """Return the chance that somebody present decides to leave within the step [R, O, G].

    1 - exp(-h dt) with h = base rate * exp(sum of effect * situation): a proportional hazard (D. R. Cox, J. R.
    Statist. Soc. B 34 (1972) 187-220), repeated each step as in the sequential binary logit of evacuation models
    (A. Pel, M. Bliemer, S. Hoogendoorn, Transportation 39 (2012) 97-123, doi:10.1007/s11116-011-9320-6).
    """
    effect = at.parameters
    pressure = (
        effect["effect_danger"][:, None] * at.danger
        + effect["effect_shortage"][:, None] * at.shortage
        + effect["effect_gone"][:, None] * at.gone
        + effect["effect_announcement"][:, None] * at.announcement
        + (effect["effect_guarantees"] * at.missing_guarantees + at.wander)[:, None]
    )
    rate = np.exp(pressure) * at.open * at.step_hours
    return np.asarray(-np.expm1(-rate[:, :, None] * at.leave_rate[:, None, :]))


def choose_destination(pull: Floats, hours: Floats, time_weight: Floats) -> Floats:
    """Return weights of destinations from origins: a logit on attractiveness and expected time.

    `pull` [R, D], `hours` [R, O, D] (inf where no way is open), `time_weight` [R] per hour. Shape [R, O, D].
    """
    return np.asarray(pull[:, None, :] * np.exp(-time_weight[:, None, None] * hours))


@dataclass(frozen=True)
class Behaviour:
    """The functions a run uses."""

    leave_chance: Callable[[Situation], Floats] = leave_chance
    choose_destination: Callable[[Floats, Floats, Floats], Floats] = choose_destination
