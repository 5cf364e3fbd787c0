"""Whether a settlement could hold: two screens. No screen is a probability.

The range screen asks whether any point is better than no deal for everyone whose consent is needed. The
commitment screen asks whether the settlement itself would make it pay to break it later.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor.deal.parties import Position, PowerShift
    from corridor.scenario.values import Quantity

NARROW = 10.0  # points; below this a range is called narrow (a convention, not a finding)


@dataclass(frozen=True)
class Zone:
    """Points acceptable to every veto holder, and who sets each end. Empty when `low` exceeds `high`."""

    low: float
    high: float
    binds_low: tuple[str, ...]
    binds_high: tuple[str, ...]

    @property
    def width(self) -> float:
        """Return the width in points; below zero it is the gap to be closed."""
        return self.high - self.low

    @property
    def verdict(self) -> str:
        """Return 'empty', 'narrow' or 'wide'."""
        return "empty" if self.width < 0 else "narrow" if self.width < NARROW else "wide"


@dataclass(frozen=True)
class RangeScreen:
    """The bargaining range at the central values, and at the hard and soft ends of the stated ranges.

    `unscreened` are veto holders without a no-deal value: the zones ignore them, so an empty zone stays empty
    and any other verdict is open.
    """

    vetoes: tuple[str, ...]
    unscreened: tuple[str, ...]
    central: Zone
    hard: Zone
    soft: Zone

    @property
    def verdict(self) -> str:
        """Return 'no veto', 'unknown', 'empty', 'narrow' or 'wide' at the central values."""
        if not self.vetoes:
            return "no veto"
        return "unknown" if self.unscreened and self.central.verdict != "empty" else self.central.verdict

    @property
    def certain(self) -> bool:
        """Tell whether the stated ranges leave no doubt between empty and not empty."""
        return not self.unscreened and (self.hard.width >= 0) == (self.soft.width >= 0)


def screen_range(positions: Sequence[Position]) -> RangeScreen:
    """Return whether any point of the scale is better than no deal for every veto holder, and who binds.

    An actor accepts points at most 100 - no_deal away from its position.
    """
    holders = sorted((p for p in positions if p.veto), key=lambda p: p.actor.id)
    assessed = [(p, p.no_deal) for p in holders if p.no_deal is not None]
    central = [_accepts(p, p.position.middle, p.position.middle, no_deal.middle) for p, no_deal in assessed]
    # Hard: whatever its position in the range, an actor takes only what it would take from anywhere in it.
    hard = [_accepts(p, p.position.high, p.position.low, no_deal.high) for p, no_deal in assessed]
    soft = [_accepts(p, p.position.low, p.position.high, no_deal.low) for p, no_deal in assessed]
    return RangeScreen(
        tuple(p.actor.id for p in holders),
        tuple(p.actor.id for p in holders if p.no_deal is None),
        _intersect(central),
        _intersect(hard),
        _intersect(soft),
    )


def _accepts(party: Position, from_low: float, from_high: float, no_deal: float) -> tuple[str, float, float]:
    tolerance = 100.0 - no_deal
    return party.actor.id, from_low - tolerance, from_high + tolerance


def _intersect(accepted: Sequence[tuple[str, float, float]]) -> Zone:
    low = max([0.0, *(low for _, low, _ in accepted)])
    high = min([100.0, *(high for _, _, high in accepted)])
    binds_low = tuple(actor for actor, end, _ in accepted if end == low)
    binds_high = tuple(actor for actor, _, end in accepted if end == high)
    return Zone(low, high, binds_low, binds_high)


@dataclass(frozen=True)
class CommitmentScreen:
    """Whether the settlement holds itself up, and the guarantee it would need.

    `temptation` is what waiting would cost the exposed actor, d*p2 - p1; `restraint` is what fighting now
    would, c*(1-d)**2. It holds itself up when the first does not exceed the second. `needed` is the least
    guarantee (0 to 1) that restores this, `needed_low` and `needed_high` its ends over the stated ranges.
    """

    exposed: str
    temptation: float
    restraint: float
    needed: float
    needed_low: float
    needed_high: float
    offered: Quantity

    @property
    def holds_itself_up(self) -> bool:
        """Tell whether it needs no guarantor at the central values."""
        return self.temptation <= self.restraint

    @property
    def guarantee_suffices(self) -> str:
        """Return 'yes', 'no', or 'depends' where the stated ranges overlap."""
        if self.offered.low >= self.needed_high:
            return "yes"
        return "no" if self.offered.high < self.needed_low else "depends"


def screen_commitment(shift: PowerShift) -> CommitmentScreen:
    """Return the commitment screen of a settlement that shifts power; no empirical fit stands behind it.

    The exposed actor compares fighting now, (1-p1)/(1-d) - c, with one whole period's stake today and
    fighting tomorrow, 1 + d*((1-p2)/(1-d) - c). J. Fearon, International Organization 49 (1995) 379-414.
    """
    now, after = shift.power_now, shift.power_after
    cost, patience = shift.fighting_cost, shift.patience
    corners = itertools.product(*((a.low, a.high) for a in (now, after, cost, patience)))
    needed = [needed_guarantee(*corner) for corner in corners]
    return CommitmentScreen(
        shift.exposed,
        patience.middle * after.middle - now.middle,
        cost.middle * (1 - patience.middle) ** 2,
        needed_guarantee(now.middle, after.middle, cost.middle, patience.middle),
        min(needed),
        max(needed),
        shift.guarantee,
    )


def needed_guarantee(power_now: float, power_after: float, fighting_cost: float, patience: float) -> float:
    """Return the least guarantee g in [0, 1] with which fighting now does not pay.

    A guarantor of credibility g holds the opponent's later power to p1 + (1-g)*(p2-p1).
    """
    if patience * power_after - power_now <= fighting_cost * (1 - patience) ** 2:
        return 0.0
    bearable = (power_now + fighting_cost * (1 - patience) ** 2) / patience - power_now
    return min(1.0, max(0.0, 1.0 - bearable / (power_after - power_now)))
