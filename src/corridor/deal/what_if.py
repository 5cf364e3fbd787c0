"""Exact answers to "what if": one number changed, and what it does to the centre and to both screens.

Nothing is approximated: the forecast, the range and the commitment screen are computed again. A changed number is taken
as certain.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from corridor.deal.forecast import Forecast, forecast_issue
from corridor.deal.guarantees import ASSUMPTIONS
from corridor.deal.parties import Deal, Issue, Position
from corridor.scenario.draft import suggest
from corridor.scenario.faults import UsageError
from corridor.scenario.values import fixed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SHIFT_FIELDS = (*ASSUMPTIONS, "guarantee")  # of an issue's commitment screen; the others are of an actor's position


@dataclass(frozen=True)
class WhatIf:
    """One change to try: a field of an actor's position on one issue, or on all where it has one.

    A field of `SHIFT_FIELDS` is of the commitment screen of one issue, or of all that have one; `actor` is then the one
    that gives power up, for `guarantee` whoever would give it, and may be blank.
    """

    issue: str | None
    actor: str
    field: str
    value: float | bool

    def describe(self) -> str:
        """Return the change as it is written on the command line."""
        value = {True: "yes", False: "no"}[self.value] if isinstance(self.value, bool) else f"{self.value:g}"
        owner = ":".join(part for part in (self.issue, self.actor) if part)
        return f"{owner}.{self.field}={value}"


@dataclass(frozen=True)
class Difference:
    """What a change does to the forecast of one issue; `original` and `changed` are the issue before and after it.

    `change` is exact. `smaller_than_usual_error` says that it is less than the usual error of such forecasts
    before the change, so no outcome could show it.
    """

    what_if: tuple[str, ...]
    original: Issue
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


_SHARE = (0.0, 1.0)
_LIMITS = {
    "position": (0.0, 100.0),
    "salience": (0.0, 100.0),
    "capability": (0.0, 1e9),
    "no_deal": (0.0, 100.0),
    "power_now": _SHARE,
    "power_after": _SHARE,
    "fighting_cost": (0.0, 1e6),
    "patience": _SHARE,
    "guarantee": _SHARE,
}
_FIELDS = (*_LIMITS, "veto")
_WRITTEN = re.compile(r"^\s*(?:([^:=]+):)?(?:([^.:=]+)\.)?([^.:=]+)=(.+?)\s*$")
_YES_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def read_what_if(text: str, deal: Deal) -> WhatIf:
    """Read `[ISSUE:]ACTOR.FIELD=VALUE`, or `ISSUE.FIELD=VALUE` for a field of the commitment screen.

    FIELD is position, salience, capability, no_deal or veto of an actor; power_now, power_after, fighting_cost,
    patience or guarantee of an issue. Raises UsageError that says what was found, what is allowed and the nearest name.
    """
    match = _WRITTEN.match(text)
    if not match or not (match[1] or match[2]):
        message = f"--what-if {text!r} cannot be read; write [ISSUE:]ACTOR.FIELD=VALUE, such as north.position=40"
        raise UsageError(message)
    issue, actor, field, value = (part.strip() if part else None for part in match.groups())
    issues, actors = [i.id for i in deal.issues], [a.id for a in deal.actors]
    _must_be_among(str(field), _FIELDS, "field", text)
    if field in SHIFT_FIELDS and issue is None and actor in issues and actor not in actors:  # ISSUE.FIELD
        issue, actor = actor, None
    if issue is not None:
        _must_be_among(issue, issues, "issue", text)
    if actor is not None or field not in SHIFT_FIELDS:
        _must_be_among(str(actor or ""), actors, "actor", text)
    change = WhatIf(issue, actor or "", str(field), _read_value(str(field), str(value), text))
    if not any(_touches(change, i) for i in deal.issues):
        raise UsageError(_say_untouched(change, deal, text))
    return change


def _say_untouched(change: WhatIf, deal: Deal, text: str) -> str:
    on = f" on {change.issue}" if change.issue else ""
    if change.field not in SHIFT_FIELDS:
        return f"--what-if {text!r}: {change.actor} has no position{on}"
    shifts = [f"{i.id}:{i.power_shift.exposed}" for i in deal.issues if i.power_shift]
    there = f"; these have one, with who gives power up: {', '.join(shifts)}" if shifts else ""
    return (
        f"--what-if {text!r}: {change.actor or 'it'} has no {change.field}{on}: that is of a commitment screen{there}"
    )


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
    if field == "patience" and not 0 < value < 1:
        message = f"--what-if {whole!r}: patience must lie strictly between 0 and 1"
        raise UsageError(message)
    return value


def _touches(change: WhatIf, issue: Issue) -> bool:
    if change.issue not in (None, issue.id):
        return False
    if change.field not in SHIFT_FIELDS:
        return any(change.actor == position.actor.id for position in issue.positions)
    shift = issue.power_shift
    whoever = change.field == "guarantee" or not change.actor
    return shift is not None and (whoever or change.actor in (shift.exposed, shift.opponent))


def apply_what_ifs(issue: Issue, changes: Sequence[WhatIf]) -> Issue:
    """Return the issue with the changes made in order. A changed number is taken as certain."""
    for change in changes:
        if not _touches(change, issue):
            continue
        value = change.value if isinstance(change.value, bool) else fixed(change.value)
        field: dict[str, object] = {change.field: value}
        if change.field in SHIFT_FIELDS and issue.power_shift is not None:
            if change.field == "guarantee" and change.actor not in ("", issue.power_shift.exposed):
                field["guarantor"] = change.actor
            issue = replace(issue, power_shift=replace(issue.power_shift, **field))  # type: ignore[arg-type]
        else:
            issue = replace(issue, positions=tuple(_change(p, change.actor, field) for p in issue.positions))
    return issue


def _change(position: Position, actor: str, field: dict[str, object]) -> Position:
    return replace(position, **field) if position.actor.id == actor else position  # type: ignore[arg-type]


def compare_what_ifs(issue: Issue, changes: Sequence[WhatIf]) -> list[Difference]:
    """Return what each change that touches this issue does alone and, when several do, all together.

    Raises UsageError when a change would leave nobody with weight.
    """
    touching = [change for change in changes if _touches(change, issue)]
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
        differences.append(Difference(words, issue, changed, before, after, before_equal, after_equal))
    return differences
