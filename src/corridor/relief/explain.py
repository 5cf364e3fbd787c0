"""What a plan means in words: who gets what and who gets less, what binds, what one more of it is worth."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from corridor.relief.people_out import say_out
from corridor.relief.worth import LEAST_WORTH, Worth, price_limits
from corridor.words.said import Capital, Digits, Field, Said, Stated, join, say
from corridor.words.said import Share as InPercent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridor.relief.plan import Plan

__all__ = ["Share", "Worth", "price_limits", "say_what_binds", "share_out"]


@dataclass(frozen=True)
class Share:
    """What one place gets of one item over the whole plan.

    tonnes and people; `met` is the share of the need met, `overall` that of all places together, so that a
    place with less than `overall` gets less than others. `longest_hours` is the longest time on end with less
    than 99 % of the need. `person_days_unaided` is the gap if nothing were sent. Not a classification of food
    insecurity.
    """

    place: str
    item: str
    people: float
    needed: float
    delivered: float
    met: float
    overall: float
    person_days_without: float
    person_days_unaided: float
    longest_hours: float

    @property
    def gets_less(self) -> bool:
        """Tell whether the place gets a smaller share of its need than all places together."""
        return self.met < self.overall - 0.005


def share_out(plan: Plan) -> list[Share]:
    """Return what each place gets of each item, the worst off first."""
    problem, pairs, promised = plan.problem, plan.formulation.pairs, plan.promised
    people = plan.carried.people
    use = (people[:, :, None] * problem.need[None] * problem.period_hours / 24.0)[:, pairs[:, 0], pairs[:, 1]]
    met = use * (1.0 - promised)
    nothing = plan.unaided.short[:, pairs[:, 0], pairs[:, 1]]
    rows = []
    for n, (p, k) in enumerate(pairs):
        same = pairs[:, 1] == k
        present, stayed = (there[:, p] * problem.period_hours / 24.0 for there in (people, plan.unaided.people))
        needed = float(use[:, n].sum())
        rows.append(
            Share(
                problem.places[p],
                problem.items[k].id,
                float(people[:, p].mean()),
                needed,
                float(plan.carried.delivered[p, k]),
                float(met[:, n].sum() / needed) if needed else 1.0,
                float(met[:, same].sum() / use[:, same].sum()),
                float((present * promised[:, n]).sum()),
                float((stayed * nothing[:, n]).sum()),
                _longest_run(promised[:, n] > 0.01) * problem.period_hours,
            )
        )
    return sorted(rows, key=lambda row: (row.met, row.place, row.item))


def _longest_run(flags: NDArray[np.bool_]) -> int:
    longest = run = 0
    for flag in flags:
        run = run + 1 if flag else 0
        longest = max(longest, run)
    return longest


_SINGULAR = ("inspection", "permission")
PRICES_SAID = 3  # of the most valuable limits


def say_what_binds(plan: Plan, worths: list[Worth]) -> list[Said]:
    """Return sentences: what binds and what does not, what one more of each is worth, and when needs go
    unmet.
    """
    kinds = list(dict.fromkeys(worth.kind for worth in worths))
    binding = [kind for kind in kinds if any(w.value >= LEAST_WORTH for w in worths if w.kind == kind)]
    others = [_name_limit(plan, kind) for kind in kinds if kind not in binding]
    slack = reduce(lambda first, second: say("plan.or", first=first, second=second), others) if others else ""
    if not binding:
        return [say("plan.binds.nothing", slack=slack), *_say_how(plan)]
    first, *then = (_name_limit(plan, kind) for kind in binding)
    sentences = [
        say(
            "plan.binds.one" if binding[0] in _SINGULAR else "plan.binds.several",
            what=Capital(first),
            then=say("plan.binds.then", others=join(*then, between=", ")) if then else "",
            slack=say("plan.binds.not", slack=slack) if slack else "",
        )
    ]
    sentences += [said for worth in worths if worth.value >= LEAST_WORTH and (said := _say_worth(worth, plan))]
    if not any(worth.person_days for worth in worths):
        priced = [worth for worth in worths[:PRICES_SAID] if worth.value >= LEAST_WORTH]
        sentences += [
            say("plan.worth.price", more=Capital(worth.more), days=Digits(worth.marginal)) for worth in priced
        ]
    return [*sentences, *_say_how(plan)]


def _name_limit(plan: Plan, kind: str) -> Said:
    """Name a kind of limit; fleets are not always of trucks."""
    others = kind == "trucks" and any(fleet.kind not in ("trucks", "departures") for fleet in plan.problem.fleets)
    return say("plan.limit.vehicles" if others else f"plan.limit.{kind}")


def _say_worth(worth: Worth, plan: Plan) -> Said | None:
    """Say what planning again with one more gains; nothing where that is nothing."""
    gains = [(gain, item) for item, gain in worth.person_days.items() if abs(gain) >= 0.5]
    parts = [say("plan.worth.days", days=Digits(gain), item=item) for gain, item in sorted(gains, reverse=True)]
    if abs(worth.hours_saved) >= 0.5:
        parts.append(say("plan.worth.hours", hours=Digits(worth.hours_saved)))
    if not parts:
        return None
    fields: dict[str, Field] = {"more": Capital(worth.more), "gains": join(*parts), "days": Stated(plan.problem.days)}
    if worth.hours_saved and abs(worth.people_out) >= 0.5:
        return say("plan.worth.out", people=Digits(worth.people_out), **fields)
    if worth.people_out:
        return say("plan.worth.seats", people=Digits(worth.people_out), **fields)
    return say("plan.worth", **fields)


def _say_how(plan: Plan) -> list[Said]:
    """Return when needs go unmet, what facilities lack, what a plan in fractions would reach, and the periods' why."""
    sentences = [_say_when_unmet(plan), *say_out(plan)]
    for f, facility in enumerate(plan.problem.facilities):
        unmet = float(plan.carried.facility_short[:, f].mean())
        if unmet >= 0.005:
            sentences.append(
                say("plan.facility", facility=facility.id, share=InPercent(1.0 - unmet), item=facility.item)
            )
    if plan.carried.left_behind:
        sentences.append(say("plan.left_behind", convoys=Stated(plan.carried.left_behind)))
    if plan.carried.held:
        sentences.append(say("plan.held", consignments=Stated(plan.carried.held)))
    if plan.carried.turned_back:
        sentences.append(say("plan.refused", consignments=Stated(plan.carried.turned_back)))
    if not plan.whole:
        people = plan.problem.people[:, plan.formulation.pairs[:, 0]]
        hours = float((plan.short * people).sum()) * plan.problem.period_hours
        sentences.append(say("plan.fractions", days=Digits(hours / 24.0), hours=Digits(hours, 2)))
    return [*sentences, *([plan.problem.why_period] if plan.problem.why_period else [])]


def _say_when_unmet(plan: Plan) -> Said:
    """Say how much of what goes unmet does so before the first convoy can be there."""
    problem, pairs = plan.problem, plan.formulation.pairs
    days = plan.promised * plan.carried.people[:, pairs[:, 0]] * problem.period_hours / 24.0
    total = float(days.sum())
    if total < 0.5:
        return say("plan.unmet.none")
    early = 0.0
    for n, (p, _) in enumerate(pairs):
        arrivals = [convoy.arrives for convoy in plan.convoys if convoy.to == problem.places[p]]
        before = [not arrivals or problem.time_of(t) < min(arrivals) for t in range(problem.periods)]
        early += float(days[before, n].sum())
    return say("plan.unmet.early", share=InPercent(early / total))
