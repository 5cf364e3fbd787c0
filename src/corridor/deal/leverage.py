"""Who moves the forecast: shares of the weight, leverage, and exact answers to "what if".

The forecast's centre is linear in each position: a move of D by an actor with weight share s moves it by
exactly s * D. Changes of capability, salience or several things at once are recomputed, not approximated.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from corridor.deal.forecast import Forecast, forecast_issue
from corridor.deal.landing import find_mean
from corridor.deal.parties import Deal, Issue, Position
from corridor.scenario.draft import suggest
from corridor.scenario.faults import UsageError
from corridor.scenario.values import fixed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True)
class Lever:
    """How one actor moves the forecast of one issue.

    `weight_share` and `equal_share` are its shares of the weight (0 to 1) as stated and with equal weights.
    `distance` is its position minus the centre. `leverage` is how far the centre would go if the actor came
    to it: weight share times distance, without sign. `without` is the centre if the actor had no weight (None
    when it is the only one). `over_its_range` is how far the centre goes from one end of its stated position
    to the other.
    """

    actor: str
    name: str
    position: float
    weight_share: float
    equal_share: float
    distance: float
    leverage: float
    without: float | None
    over_its_range: float


def rank_levers(issue: Issue) -> list[Lever]:
    """Return the actors that carry weight, the one with most leverage first."""
    parties = issue.parties
    positions = [party.position.middle for party in parties]
    weights = [party.weight for party in parties]
    total, centre = math.fsum(weights), find_mean(positions, weights)
    levers = []
    for number, party in enumerate(parties):
        share, distance = party.weight / total, party.position.middle - centre
        others = [*range(number), *range(number + 1, len(parties))]
        without = find_mean([positions[k] for k in others], [weights[k] for k in others]) if others else None
        levers.append(
            Lever(
                actor=party.actor.id,
                name=party.actor.name,
                position=party.position.middle,
                weight_share=share,
                equal_share=1 / len(parties),
                distance=distance,
                leverage=share * abs(distance),
                without=without,
                over_its_range=share * (party.position.high - party.position.low),
            )
        )
    return sorted(levers, key=lambda lever: (-lever.leverage, lever.actor))


@dataclass(frozen=True)
class WhatIf:
    """One change to try: a field of an actor's position on one issue, or on all where it has one."""

    issue: str | None
    actor: str
    field: str
    value: float | bool

    def describe(self) -> str:
        """Return the change as it is written on the command line."""
        value = {True: "yes", False: "no"}[self.value] if isinstance(self.value, bool) else f"{self.value:g}"
        return f"{self.issue + ':' if self.issue else ''}{self.actor}.{self.field}={value}"


@dataclass(frozen=True)
class Difference:
    """What a change does to the forecast of one issue; `changed` is the issue after it.

    `change` is exact. `smaller_than_usual_error` says that it is less than the usual error of such forecasts
    before the change, so no outcome could show it.
    """

    what_if: tuple[str, ...]
    changed: Issue
    before: Forecast
    after: Forecast
    before_equal: Forecast
    after_equal: Forecast

    @property
    def change(self) -> float:
        """Return how far the centre moves, in points."""
        return self.after.centre - self.before.centre

    @property
    def change_equal(self) -> float:
        """Return how far the centre moves in the equal-weights case."""
        return self.after_equal.centre - self.before_equal.centre

    @property
    def smaller_than_usual_error(self) -> bool:
        """Tell whether the change is smaller than the model's usual error."""
        return abs(self.change) < self.before.usual_error


_LIMITS = {
    "position": (0.0, 100.0),
    "salience": (0.0, 100.0),
    "capability": (0.0, 1e9),
    "no_deal": (0.0, 100.0),
}
_FIELDS = (*_LIMITS, "veto")
_WRITTEN = re.compile(r"^\s*(?:([^:=]+):)?([^.:=]+)\.([^.:=]+)=(.+?)\s*$")
_YES_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def read_what_if(text: str, deal: Deal) -> WhatIf:
    """Read `[ISSUE:]ACTOR.FIELD=VALUE`; FIELD is position, salience, capability, no_deal or veto.

    Raises UsageError that says what was found, what is allowed and the nearest name.
    """
    match = _WRITTEN.match(text)
    if not match:
        message = f"--what-if {text!r} cannot be read; write [ISSUE:]ACTOR.FIELD=VALUE, such as north.position=40"
        raise UsageError(message)
    issue, actor, field, value = (part.strip() if part else None for part in match.groups())
    if issue is not None:
        _must_be_among(issue, [i.id for i in deal.issues], "issue", text)
    _must_be_among(str(actor), [a.id for a in deal.actors], "actor", text)
    _must_be_among(str(field), _FIELDS, "field", text)
    change = WhatIf(issue, str(actor), str(field), _read_value(str(field), str(value), text))
    if not any(_touches(change, i, p) for i in deal.issues for p in i.positions):
        message = f"--what-if {text!r}: {actor} has no position" + (f" on {issue}" if issue else "")
        raise UsageError(message)
    return change


def _must_be_among(name: str, names: Iterable[str], kind: str, text: str) -> None:
    known = list(names)
    if name in known:
        return
    message = f"--what-if {text!r}: there is no {kind} {name!r}{suggest(name, known)} ({kind}s: {', '.join(known)})"
    raise UsageError(message)


def _read_value(field: str, text: str, whole: str) -> float | bool:
    if field == "veto":
        if text.lower() in _YES_NO:
            return _YES_NO[text.lower()]
        message = f"--what-if {whole!r}: veto must be yes or no"
        raise UsageError(message)
    low, high = _LIMITS[field]
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not low <= value <= high:
        message = f"--what-if {whole!r}: {field} must be a number from {low:g} to {high:g}"
        raise UsageError(message)
    return value


def _touches(change: WhatIf, issue: Issue, position: Position) -> bool:
    return change.actor == position.actor.id and change.issue in (None, issue.id)


def apply_what_ifs(issue: Issue, changes: Sequence[WhatIf]) -> Issue:
    """Return the issue with the changes made in order. A changed number is taken as certain."""
    positions = []
    for position in issue.positions:
        new = position
        for change in changes:
            if _touches(change, issue, position):
                value = change.value if isinstance(change.value, bool) else fixed(change.value)
                new = replace(new, **{change.field: value})  # type: ignore[arg-type]
        positions.append(new)
    return replace(issue, positions=tuple(positions))


def compare_what_ifs(issue: Issue, changes: Sequence[WhatIf]) -> list[Difference]:
    """Return what each change that touches this issue does alone and, when several do, all together.

    Raises UsageError when a change would leave nobody with weight.
    """
    touching = [c for c in changes if any(_touches(c, issue, p) for p in issue.positions)]
    trials = [[change] for change in touching] + ([touching] if len(touching) > 1 else [])
    before, before_equal = forecast_issue(issue), forecast_issue(issue, equal=True)
    differences = []
    for trial in trials:
        changed = apply_what_ifs(issue, trial)
        words = tuple(change.describe() for change in trial)
        if not changed.parties:
            message = f"--what-if {' '.join(words)}: nobody would have weight on {issue.id}"
            raise UsageError(message)
        after, after_equal = forecast_issue(changed), forecast_issue(changed, equal=True)
        differences.append(Difference(words, changed, before, after, before_equal, after_equal))
    return differences
