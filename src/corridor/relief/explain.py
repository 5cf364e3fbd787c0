"""What a plan means in words: who gets what and who gets less, what binds, what one more of it is worth."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from corridor.relief.formulate import formulate
from corridor.relief.linear import solve

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridor.relief.formulate import Formulation
    from corridor.relief.linear import Programme
    from corridor.relief.plan import Plan
    from corridor.relief.problem import ReliefProblem


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
    use = problem.use_per_period()[:, pairs[:, 0], pairs[:, 1]]
    met = use * (1.0 - promised)
    nothing = plan.unaided.short[:, pairs[:, 0], pairs[:, 1]]
    rows = []
    for n, (p, k) in enumerate(pairs):
        same = pairs[:, 1] == k
        present = problem.people[:, p] * problem.period_hours / 24.0
        needed = float(use[:, n].sum())
        rows.append(
            Share(
                problem.places[p],
                problem.items[k].id,
                float(problem.people[:, p].mean()),
                needed,
                float(plan.carried.delivered[p, k]),
                float(met[:, n].sum() / needed),
                float(met[:, same].sum() / use[:, same].sum()),
                float((present * promised[:, n]).sum()),
                float((present * nothing[:, n]).sum()),
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


@dataclass(frozen=True)
class Worth:
    """What one more of something is worth.

    `marginal` is the shadow price in weighted person-days saved for one unit more, `value` what a whole unit
    more saves when the programme is solved again: never above `marginal`, since each further unit is worth
    less. `person_days` are those saved by item. A permission has no shadow price, so marginal is its value.
    """

    id: str
    kind: str
    more: str
    marginal: float
    value: float
    person_days: dict[str, float]


@dataclass(frozen=True)
class _Step:
    id: str
    kind: str
    more: str
    rows: NDArray[np.int64]
    amounts: NDArray[np.float64]
    both_sides: bool = False


def price_limits(plan: Plan, solve_again: int = 12) -> list[Worth]:
    """Return what one more of each limit is worth, the most valuable first.

    The shadow prices of the plan in fractions say which limits can matter; for the first `solve_again` of
    those the programme is solved again with one more. What has no shadow price, a road that is closed or not
    cleared, is opened and solved again.
    """
    base = solve(replace(plan.formulation.programme, whole=None))
    before = _person_days(plan.problem, plan.formulation, base.values)
    found = [*_price_steps(plan, base.objective, before, solve_again)]
    found += _price_permissions(plan, base.objective, before)
    return sorted(found, key=lambda worth: (-worth.value, worth.id))


def _price_steps(plan: Plan, objective: float, before: dict[str, float], solve_again: int) -> list[Worth]:
    steps = _list_steps(plan)
    prices = [max(-float(plan.prices[step.rows] @ step.amounts) / 24.0, 0.0) for step in steps]
    order = sorted(range(len(steps)), key=lambda i: (-prices[i], steps[i].id))
    found = []
    for rank, i in enumerate(order):
        value, gained = prices[i], {}
        if rank < solve_again and prices[i] >= LEAST_WORTH:
            answer = solve(_with_step(plan.formulation.programme, steps[i]))
            after = _person_days(plan.problem, plan.formulation, answer.values)
            gained = {item: before[item] - after[item] for item in before}
            value = (objective - answer.objective) / 24.0
        found.append(Worth(steps[i].id, steps[i].kind, steps[i].more, prices[i], value, gained))
    return found


def _price_permissions(plan: Plan, objective: float, before: dict[str, float]) -> list[Worth]:
    """Return what it is worth to have each road open both ways and cleared for everybody throughout.

    The value is of the whole change, not marginal.
    """
    problem, found = plan.problem, []
    used = {leg.road for service in plan.formulation.services for leg in service.legs}
    for number in sorted(used):
        road = problem.roads[number]
        if not road.needs_clearance and min(road.forward.min(), road.backward.min()) >= 1.0:
            continue
        always = np.ones(problem.periods)
        opened = replace(road, forward=always, backward=always, needs_clearance=False)
        roads = (*problem.roads[:number], opened, *problem.roads[number + 1 :])
        other = formulate(replace(problem, roads=roads), plan.formulation.services, plan.weights)
        answer = solve(other.programme)
        after = _person_days(problem, other, answer.values)
        gained = {item: before[item] - after[item] for item in before}
        more = f"leave for every convoy to pass {road.id} at any time"
        value = max(objective - answer.objective, 0.0) / 24.0
        found.append(Worth(road.id, "permission", more, value, value, gained))
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
                _Step(limit.id, "inspection", f"one more truck inspected an hour on {limit.road}", rows, amounts)
            )
    for g, fleet in enumerate(problem.fleets):
        if np.isfinite(fleet.trucks):
            rows = formulation.fleet_rows[:, g]
            steps.append(_Step(fleet.id, "trucks", f"one more truck in fleet {fleet.id}", rows, np.ones(len(rows))))
    for clearance in problem.clearances:
        row = formulation.clearance_rows.get(clearance.id)
        if row is not None:
            more = f"one more truck under clearance {clearance.id}"
            steps.append(_Step(clearance.id, "clearance", more, row, np.ones(1)))
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
                steps.append(_Step(f"{name}/{item.id}", "goods", more, row, np.array([10.0]), both_sides=True))
    return steps


def _best_of_each_day(
    prices: NDArray[np.float64], open_periods: NDArray[np.bool_], periods_a_day: int
) -> NDArray[np.int64]:
    usable = np.where(open_periods, prices, 0.0) if open_periods.any() else prices
    firsts = range(0, len(prices), periods_a_day)
    return np.array([first + int(np.argmin(usable[first : first + periods_a_day])) for first in firsts])


def _with_step(programme: Programme, step: _Step) -> Programme:
    upper, lower = programme.row_upper.copy(), programme.row_lower.copy()
    upper[step.rows] += step.amounts
    if step.both_sides:
        lower[step.rows] += step.amounts
    return replace(programme, row_upper=upper, row_lower=lower, whole=None)


def _person_days(problem: ReliefProblem, formulation: Formulation, values: NDArray[np.float64]) -> dict[str, float]:
    """Return person-days without, by item."""
    pairs = formulation.pairs
    days = values[formulation.short] * problem.people[:, pairs[:, 0]] * problem.period_hours / 24.0
    return {item.id: float(days[:, pairs[:, 1] == k].sum()) for k, item in enumerate(problem.items)}


LEAST_WORTH = 1.0  # weighted person-days in the whole plan; less is the price of trucks and time, not of need

_SINGULAR = ("inspection", "permission")
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
        return [f"Nothing binds: more of {slack} would not help.", _say_when_unmet(plan)]
    first = _WHAT[binding[0]]
    sentence = f"{first[0].upper()}{first[1:]} {'binds' if binding[0] in _SINGULAR else 'bind'} most"
    sentence += f" (then {', '.join(_WHAT[kind] for kind in binding[1:])})" if len(binding) > 1 else ""
    sentence += f", not {slack}" if slack else ""
    sentences = [sentence + "."]
    for worth in worths:
        gains = [(gain, item) for item, gain in worth.person_days.items() if abs(gain) >= 0.5]
        if gains and worth.value >= LEAST_WORTH:
            parts = _join([f"{gain:,.0f} person-days of {item}" for gain, item in sorted(gains, reverse=True)])
            more = f"{worth.more[0].upper()}{worth.more[1:]}"
            sentences.append(f"{more} is worth {parts} over {plan.problem.days:g} days.")
    return [*sentences, _say_when_unmet(plan)]


def _say_when_unmet(plan: Plan) -> str:
    """Say how much of what goes unmet does so before the first convoy can be there."""
    problem, pairs = plan.problem, plan.formulation.pairs
    days = plan.promised * problem.people[:, pairs[:, 0]] * problem.period_hours / 24.0
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
