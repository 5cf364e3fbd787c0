"""What a plan means in words: who gets what and who gets less, what binds, what one more of it is worth."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from corridor.relief.ledger import unmet_need
from corridor.relief.linear import solve

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridor.relief.plan import Plan


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
    problem, pairs = plan.problem, plan.formulation.pairs
    use = problem.use_per_period()[:, pairs[:, 0], pairs[:, 1]]
    met = use * (1.0 - plan.short)
    rows = []
    for n, (p, k) in enumerate(pairs):
        same = pairs[:, 1] == k
        present = problem.people[:, p] * problem.period_hours / 24.0
        unaided = unmet_need(float(problem.stock[p, k]), use[:, n], problem.supply[:, p, k])
        needed = float(use[:, n].sum())
        rows.append(
            Share(
                problem.places[p],
                problem.items[k].id,
                float(problem.people[:, p].mean()),
                needed,
                _delivered(plan, problem.places[p], int(k)),
                float(met[:, n].sum() / needed),
                float(met[:, same].sum() / use[:, same].sum()),
                float((present * plan.short[:, n]).sum()),
                float((present * unaided / np.where(use[:, n] > 0, use[:, n], 1.0)).sum()),
                _longest_run(plan.short[:, n] > 0.01) * problem.period_hours,
            )
        )
    return sorted(rows, key=lambda row: (row.met, row.place, row.item))


def _delivered(plan: Plan, place: str, item: int) -> float:
    arriving = [s for s, service in enumerate(plan.formulation.services) if service.to == place]
    return float(plan.load[:, arriving, item].sum())


def _longest_run(flags: NDArray[np.bool_]) -> int:
    longest = run = 0
    for flag in flags:
        run = run + 1 if flag else 0
        longest = max(longest, run)
    return longest


@dataclass(frozen=True)
class Worth:
    """What a little more of one thing is worth.

    `marginal` is the shadow price: weighted person-days saved for one unit more, right for a small step.
    `person_days` are by item, found by solving again with the whole unit more (empty where the price is nil).
    """

    id: str
    kind: str
    more: str
    marginal: float
    person_days: dict[str, float]


@dataclass(frozen=True)
class _Step:
    id: str
    kind: str
    more: str
    rows: NDArray[np.int64]
    amounts: NDArray[np.float64]
    both_sides: bool = False


def price_limits(plan: Plan, solve_again: int = 5) -> list[Worth]:
    """Return what one more of each limit is worth, the most valuable first.

    The marginal value comes from the shadow prices of the plan in fractions; for the `solve_again` most
    valuable the programme is solved again with one more, which says how many person-days of which item that
    is.
    """
    steps = _list_steps(plan)
    values = [-float(plan.prices[step.rows] @ step.amounts) / 24.0 for step in steps]
    order = sorted(range(len(steps)), key=lambda i: (-values[i], steps[i].id))
    before = _person_days(plan, None) if order and values[order[0]] > 1e-6 else {}
    found = []
    for rank, i in enumerate(order):
        gained: dict[str, float] = {}
        if rank < solve_again and values[i] > 1e-6:
            after = _person_days(plan, steps[i])
            gained = {item: before[item] - after[item] for item in before}
        found.append(Worth(steps[i].id, steps[i].kind, steps[i].more, max(values[i], 0.0), gained))
    return found


def _list_steps(plan: Plan) -> list[_Step]:
    problem, formulation = plan.problem, plan.formulation
    steps = []
    periods_a_day = max(1, round(24.0 / problem.period_hours))
    for limit in problem.limits:
        rows = formulation.limit_rows[limit.id]
        if limit.kind == "slots":
            best = _best_of_each_day(plan.prices[rows], limit.most > 0, periods_a_day)
            steps.append(
                _Step(
                    limit.id,
                    "slots",
                    f"one more convoy a day on {limit.road}",
                    rows[best],
                    np.ones(len(best)),
                )
            )
        else:
            amounts = np.where(limit.most > 0, problem.period_hours, 0.0)
            steps.append(
                _Step(
                    limit.id, "inspection", f"one more truck inspected an hour on {limit.road}", rows, amounts
                )
            )
    for g, fleet in enumerate(problem.fleets):
        if np.isfinite(fleet.trucks):
            rows = formulation.fleet_rows[:, g]
            steps.append(
                _Step(fleet.id, "trucks", f"one more truck in fleet {fleet.id}", rows, np.ones(len(rows)))
            )
    bases = {service.base for service in formulation.services}
    for place, holder in enumerate(formulation.holders):
        name = problem.places[holder]
        if name not in bases:
            continue
        for k, item in enumerate(problem.items):
            has_some = problem.stock[holder, k] > 0 or problem.supply[:, holder, k].any()
            if has_some and not problem.unlimited[holder, k]:
                row = formulation.balance_rows[:1, place, k]
                more = f"ten tonnes more of {item.id} at {name}"
                steps.append(
                    _Step(f"{name}/{item.id}", "goods", more, row, np.array([10.0]), both_sides=True)
                )
    return steps


def _best_of_each_day(
    prices: NDArray[np.float64], open_periods: NDArray[np.bool_], periods_a_day: int
) -> NDArray[np.int64]:
    usable = np.where(open_periods, prices, 0.0) if open_periods.any() else prices
    firsts = range(0, len(prices), periods_a_day)
    return np.array([first + int(np.argmin(usable[first : first + periods_a_day])) for first in firsts])


def _person_days(plan: Plan, step: _Step | None) -> dict[str, float]:
    """Return person-days without by item when the programme in fractions has a step more room."""
    problem, formulation = plan.problem, plan.formulation
    programme = replace(formulation.programme, whole=None)
    if step is not None:
        upper, lower = programme.row_upper.copy(), programme.row_lower.copy()
        upper[step.rows] += step.amounts
        if step.both_sides:
            lower[step.rows] += step.amounts
        programme = replace(programme, row_upper=upper, row_lower=lower)
    short = solve(programme).values[formulation.short]
    pairs = formulation.pairs
    days = short * problem.people[:, pairs[:, 0]] * problem.period_hours / 24.0
    return {item.id: float(days[:, pairs[:, 1] == k].sum()) for k, item in enumerate(problem.items)}


_WHAT = {
    "slots": "the convoy slots",
    "inspection": "the checkpoint",
    "trucks": "the trucks",
    "goods": "the goods in the depots",
}


def say_what_binds(worths: list[Worth], days: float) -> list[str]:
    """Return sentences: what binds and what does not, then what one more of each binding thing is worth."""
    kinds = list(dict.fromkeys(worth.kind for worth in worths))
    binding = [kind for kind in kinds if any(w.marginal > 1e-6 for w in worths if w.kind == kind)]
    slack = [kind for kind in kinds if kind not in binding]
    if not binding:
        return [
            "Nothing binds: every need that can be reached in time is met, and more of nothing would help."
        ]
    first = _WHAT[binding[0]]
    sentence = f"{first[0].upper()}{first[1:]} bind{'s' if first == _WHAT['inspection'] else ''} most"
    if len(binding) > 1:
        sentence += f" (then {', '.join(_WHAT[kind] for kind in binding[1:])})"
    if slack:
        sentence += f", not {' or '.join(_WHAT[kind] for kind in slack)}"
    sentences = [sentence + "."]
    for worth in worths:
        gains = [(days_, item) for item, days_ in worth.person_days.items() if abs(days_) >= 0.5]
        if not gains:
            continue
        parts = [f"{gain:,.0f} person-days of {item}" for gain, item in sorted(gains, reverse=True)]
        sentences.append(
            f"{worth.more[0].upper()}{worth.more[1:]} is worth {_join(parts)} over {days:g} days."
        )
    return sentences


def _join(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
