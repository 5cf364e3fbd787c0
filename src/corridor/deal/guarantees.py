"""What guarantee a settlement would need, over the assumptions it rests on: a small table, and where each turns.

The condition is that of the commitment screen (`corridor.deal.screens`): with power now p1 and after p2, patience d and
a cost c of fighting, the exposed actor would rather fight now exactly where d*p2 - p1 > c*(1-d)**2. Everything here is
arithmetic on it; no data stand behind it.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridor.deal.moves import find_centre
from corridor.deal.screens import needed_guarantee

if TYPE_CHECKING:
    from corridor.deal.parties import Issue, PowerShift
    from corridor.scenario.values import Quantity

ASSUMPTIONS = ("power_now", "power_after", "fighting_cost", "patience")  # in the order of `needed_guarantee`
TRIED = 0.2  # an assumption that is stated as certain is tried at a fifth less and more
LIMITS = {"power_now": 1.0, "power_after": 1.0, "fighting_cost": math.inf, "patience": 1.0}
ALIKE = 1e-9  # share by which two pulls may differ and be alike
LEAST_SWING = 0.005  # of a guarantee; less would be written as none
MOST_PATIENT = 0.99  # tried; at 1 nothing would ever be over


@dataclass(frozen=True)
class Assumption:
    """One assumption: three values of it, and the guarantee needed (0 to 1) at each, the others at the middle.

    `stated` tells whether the ends are the scenario's range; else they are a trial of ours, a fifth less and more.
    `turns_at` is the value at which the settlement would hold itself up, the others at the middle; None where no
    allowed value does. `swing` is the most that it changes what is needed, whatever the others are in their ranges.
    """

    name: str
    values: tuple[float, float, float]
    stated: bool
    needed: tuple[float, float, float]
    turns_at: float | None
    swing: float


@dataclass(frozen=True)
class GuaranteeTable:
    """The assumptions, the most weighty first, and what is needed over three values each of the first two.

    `cells[row][column]` is the guarantee needed at the row's value of the first and the column's of the second.
    """

    assumptions: tuple[Assumption, ...]
    cells: tuple[tuple[float, ...], ...]

    @property
    def turns(self) -> bool:
        """Tell whether what is needed differs by a hundredth over what is stated or tried."""
        return self.assumptions[0].swing >= LEAST_SWING


def tabulate_guarantee(shift: PowerShift) -> GuaranteeTable:
    """Return the guarantee needed over the assumptions; see the module for the condition."""
    spans = {name: _take_span(name, getattr(shift, name)) for name in ASSUMPTIONS}
    found = [_weigh(name, spans, not getattr(shift, name).is_fixed, shift) for name in ASSUMPTIONS]
    ranked = sorted(found, key=lambda a: (-a.swing, ASSUMPTIONS.index(a.name)))
    first, second = ranked[:2]
    middle = {name: span[1] for name, span in spans.items()}
    cells = tuple(
        tuple(_need({**middle, first.name: one, second.name: two}) for two in second.values) for one in first.values
    )
    return GuaranteeTable(tuple(ranked), cells)


def _take_span(name: str, quantity: Quantity) -> tuple[float, float, float]:
    if not quantity.is_fixed:
        return quantity.low, quantity.middle, quantity.high
    middle, most = quantity.middle, MOST_PATIENT if name == "patience" else LIMITS[name]
    return middle * (1 - TRIED), middle, max(middle, min(middle * (1 + TRIED), most))


def _need(values: dict[str, float]) -> float:
    return needed_guarantee(*(values[name] for name in ASSUMPTIONS))


def _weigh(name: str, spans: dict[str, tuple[float, float, float]], stated: bool, shift: PowerShift) -> Assumption:
    middle = {other: span[1] for other, span in spans.items()}
    others = [other for other in ASSUMPTIONS if other != name]
    swing = 0.0
    for corner in itertools.product(*(spans[other] for other in others)):
        needed = [_need({**dict(zip(others, corner, strict=True)), name: value}) for value in spans[name]]
        swing = max(swing, max(needed) - min(needed))
    low, centre, high = (_need({**middle, name: value}) for value in spans[name])
    return Assumption(name, spans[name], stated, (low, centre, high), find_turn(name, shift), swing)


def find_turn(name: str, shift: PowerShift) -> float | None:
    """Return the value of an assumption at which d*p2 - p1 = c*(1-d)**2, the others at the middle; None if not allowed.

    For patience the quadratic c*d**2 - (2c + p2)*d + (c + p1) = 0 has one root from 0 to 1 where p2 > p1.
    """
    now, after, cost, patience = (getattr(shift, assumption).middle for assumption in ASSUMPTIONS)
    restraint = cost * (1 - patience) ** 2
    if name == "power_now":
        turn = patience * after - restraint
    elif name == "power_after":
        turn = (now + restraint) / patience
    elif name == "fighting_cost":
        turn = (patience * after - now) / (1 - patience) ** 2
    else:
        half = 2 * cost + after
        root = math.sqrt(max(half**2 - 4 * cost * (cost + now), 0.0))
        turn = 2 * (cost + now) / (half + root) if half + root > 0 else -1.0
    allowed = 0 < turn < 1 if name == "patience" else 0 <= turn <= LIMITS[name]
    return turn if allowed else None


def name_sides(issue: Issue, shift: PowerShift) -> tuple[str, str]:
    """Return the names of who gives power up and of its opponent.

    The opponent is taken to be the one that pulls the centre most from the other side of it, by its weight times its
    distance, and never who would guarantee; a blank where there is none, or where several pull alike.
    """
    names = {p.actor.id: p.actor.name for p in issue.positions}
    centre = find_centre(issue)
    places = {p.actor.id: p.position.middle - centre for p in issue.positions}
    there = places.get(shift.exposed, 0.0)
    others = [p for p in issue.parties if places[p.actor.id] * there < 0 and p.actor.id != shift.guarantor]
    pulls = sorted(((p.weight * abs(places[p.actor.id]), p.actor.name) for p in others), reverse=True)
    alone = len(pulls) == 1 or (len(pulls) > 1 and pulls[0][0] > pulls[1][0] * (1 + ALIKE))
    return names.get(shift.exposed, shift.exposed), pulls[0][1] if alone else ""
