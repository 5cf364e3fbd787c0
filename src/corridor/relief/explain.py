"""What a plan means in words: who gets what and who gets less, what binds, what one more of it is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor.relief.people_out import say_out
from corridor.relief.worth import LEAST_WORTH, Worth, price_limits

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
_WHAT = {
    "slots": "the convoy slots",
    "inspection": "the checkpoint",
    "trucks": "the trucks",
    "clearance": "the clearances",
    "permission": "leave to pass the road",
    "goods": "the goods in the depots",
}


def say_what_binds(plan: Plan, worths: list[Worth]) -> list[str]:
    """Return sentences: what binds and what does not, what one more of each is worth, and when needs go
    unmet.
    """
    kinds = list(dict.fromkeys(worth.kind for worth in worths))
    binding = [kind for kind in kinds if any(w.value >= LEAST_WORTH for w in worths if w.kind == kind)]
    slack = " or ".join(_WHAT[kind] for kind in kinds if kind not in binding)
    if not binding:
        return [f"Nothing binds: more of {slack} would not help.", *_say_how(plan)]
    first = _WHAT[binding[0]]
    sentence = f"{first[0].upper()}{first[1:]} {'binds' if binding[0] in _SINGULAR else 'bind'} most"
    sentence += f" (then {', '.join(_WHAT[kind] for kind in binding[1:])})" if len(binding) > 1 else ""
    sentence += f", not {slack}" if slack else ""
    sentences = [sentence + "."]
    for worth in worths:
        gained = _say_gained(worth)
        if gained and worth.value >= LEAST_WORTH:
            more = f"{worth.more[0].upper()}{worth.more[1:]}"
            sentences.append(f"{more} {gained} over {plan.problem.days:g} days.")
    if not any(worth.person_days for worth in worths):
        sentences += [_say_price(worth) for worth in worths[:PRICES_SAID] if worth.value >= LEAST_WORTH]
    return [*sentences, *_say_how(plan)]


def _say_gained(worth: Worth) -> str:
    """Say what planning again with one more gains; "" where that is nothing."""
    gains = [(gain, item) for item, gain in worth.person_days.items() if abs(gain) >= 0.5]
    parts = [f"{gain:,.0f} person-days of {item}" for gain, item in sorted(gains, reverse=True)]
    if abs(worth.hours_saved) >= 0.5:
        parts.append(f"{worth.hours_saved:,.0f} hours of waiting for a seat")
    said = f"is worth {_join(parts)}" if parts else ""
    if said and worth.hours_saved and abs(worth.people_out) >= 0.5:
        return f"{said}, with {worth.people_out:,.0f} more people taken out,"
    return f"{said} and has seats for {worth.people_out:,.0f} people out" if said and worth.people_out else said


def _say_price(worth: Worth) -> str:
    """Say what one more of a limit is worth where nothing was planned again with it."""
    more = f"{worth.more[0].upper()}{worth.more[1:]}"
    return f"{more}: by its shadow price {worth.marginal:,.0f} person-days, weighted (not planned again: many places)."


def _say_how(plan: Plan) -> list[str]:
    """Return when needs go unmet, what facilities lack, what a plan in fractions would reach, and the periods' why."""
    sentences = [_say_when_unmet(plan), *say_out(plan)]
    for f, facility in enumerate(plan.problem.facilities):
        unmet = float(plan.carried.facility_short[:, f].mean())
        if unmet >= 0.005:
            sentences.append(f"{facility.id} gets {1.0 - unmet:.0%} of the {facility.item} that it uses.")
    if plan.carried.left_behind:
        sentences.append(
            f"Of the convoys {plan.carried.left_behind} cannot set out: the fuel for them is used at their base before."
        )
    if not plan.whole:
        people = plan.problem.people[:, plan.formulation.pairs[:, 0]]
        hours = float((plan.short * people).sum()) * plan.problem.period_hours
        sentences.append(
            f"In fractions of trucks {hours / 24.0:,.0f} person-days ({hours:,.2f} person-hours) would go without; "
            "the convoys below are whole trucks."
        )
    return [*sentences, plan.problem.why_period] if plan.problem.why_period else sentences


def _say_when_unmet(plan: Plan) -> str:
    """Say how much of what goes unmet does so before the first convoy can be there."""
    problem, pairs = plan.problem, plan.formulation.pairs
    days = plan.promised * plan.carried.people[:, pairs[:, 0]] * problem.period_hours / 24.0
    total = float(days.sum())
    if total < 0.5:
        return "Every need is met."
    early = 0.0
    for n, (p, _) in enumerate(pairs):
        arrivals = [convoy.arrives for convoy in plan.convoys if convoy.to == problem.places[p]]
        before = [not arrivals or problem.time_of(t) < min(arrivals) for t in range(problem.periods)]
        early += float(days[before, n].sum())
    share = f"{early / total:.0%} of the person-days that go unmet"
    return f"{share} fall before a place's first convoy has arrived."


def _join(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
