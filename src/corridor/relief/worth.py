"""What one more of each limit is worth: by shadow prices, then by planning again with one more."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from corridor.relief.formulate import formulate
from corridor.relief.linear import solve
from corridor.relief.size import MOST_ENTRIES_AGAIN, MOST_PLANNED_AGAIN
from corridor.words.said import Said, Stated, say

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridor.relief.formulate import Formulation
    from corridor.relief.linear import Answer, Programme
    from corridor.relief.plan import Plan
    from corridor.relief.problem import Clearance, Fleet, ReliefProblem

LEAST_WORTH = 1.0  # weighted person-days in the whole plan; less is the price of trucks and time, not of need
LARGEST_STEP = 10.0  # tonnes
PLANNED_AGAIN = 3  # most valuable limits for which a whole plan is made again


@dataclass(frozen=True)
class Worth:
    """What one more of something is worth.

    `marginal` is the shadow price in weighted person-days saved for one unit more, `value` what a whole unit
    more saves when it is planned again, and `person_days` are those saved by item. Of a plan in fractions, and of a
    whole one beyond its most valuable limits, the programme in fractions is solved again (`value` is then never above
    `marginal`, since each further unit is worth less); for those limits the whole plan is made again (`replanned`).
    A permission has no shadow price, so marginal is its value. `people_out` are those who are taken out besides, and
    `hours_saved` the hours that people wait less for a seat; of one departure more a day of a service that takes both
    the people are its seats, as far as so many wait.
    """

    id: str
    kind: str
    more: Said
    marginal: float
    value: float
    person_days: dict[str, float]
    replanned: bool = False
    people_out: float = 0.0
    hours_saved: float = 0.0


@dataclass(frozen=True)
class _Step:
    """One more of a limit: in the rows of the programme, and in the problem."""

    id: str
    kind: str
    more: Said
    rows: NDArray[np.int64]
    amounts: NDArray[np.float64]
    change: Callable[[ReliefProblem], ReliefProblem]
    both_sides: bool = False


def price_limits(plan: Plan, solve_again: int = 12) -> list[Worth]:
    """Return what one more of each limit is worth, the most valuable first.

    The shadow prices of the plan in fractions say which limits can matter; for the first `solve_again` of
    those the programme is solved again with one more. What has no shadow price, a road that is closed or not
    cleared, is opened and solved again. For the most valuable of all a whole plan is made again as a whole. Of a large
    programme (MOST_ENTRIES_AGAIN) there are only the shadow prices, and nothing of what is closed.
    """
    if plan.formulation.programme.matrix.nnz > MOST_ENTRIES_AGAIN:
        only = [worth for worth, _ in _price_steps(plan, None, 0)]
        return sorted(only, key=lambda worth: (-worth.value, worth.id))
    base = solve(replace(plan.formulation.programme, whole=None))
    found = [*_price_steps(plan, base, solve_again), *_price_permissions(plan, base)]
    found.sort(key=lambda pair: (-pair[0].value, pair[0].id))
    if plan.whole and plan.formulation.trucks.size <= MOST_PLANNED_AGAIN:
        first = [
            _plan_again(plan, worth, change) if worth.value >= LEAST_WORTH else worth
            for worth, change in found[:PLANNED_AGAIN]
        ]
        worths = [*first, *(worth for worth, _ in found[PLANNED_AGAIN:])]
    else:
        worths = [worth for worth, _ in found]
    return sorted(worths, key=lambda worth: (-worth.value, worth.id))


_Priced = tuple[Worth, Callable[["ReliefProblem"], "ReliefProblem"]]


def _plan_again(plan: Plan, worth: Worth, change: Callable[[ReliefProblem], ReliefProblem]) -> Worth:
    """Return the worth by the whole plan that has one more; a plan no better than the old one is not taken."""
    from corridor.relief.plan import make_plan  # a plan is explained by plans

    other = make_plan(change(plan.problem), plan.weights, whole=True)
    if other.objective >= plan.objective:
        return replace(
            worth, value=0.0, person_days={}, replanned=True, people_out=_count_seats(plan, worth), hours_saved=0.0
        )
    gained = {}
    for k, item in enumerate(plan.problem.items):
        here, there = (_promised_days(one, k) for one in (plan, other))
        gained[item.id] = here - there
    out = other.people_out - plan.people_out + _count_seats(plan, worth)
    hours = float((plan.carried.hours_waited - other.carried.hours_waited).sum())
    value = (plan.objective - other.objective) / 24.0
    return replace(worth, value=value, person_days=gained, replanned=True, people_out=out, hours_saved=hours)


def _promised_days(plan: Plan, k: int) -> float:
    problem = plan.problem
    needed = (problem.need[:, k] > 0.0)[None] * plan.carried.people
    return float((plan.carried.short[:, :, k] * needed).sum()) * problem.period_hours / 24.0


def _price_steps(plan: Plan, base: Answer | None, solve_again: int) -> list[_Priced]:
    steps = _list_steps(plan)
    prices = [max(-float(plan.prices[step.rows] @ step.amounts) / 24.0, 0.0) for step in steps]
    order = sorted(range(len(steps)), key=lambda i: (-prices[i], steps[i].id))
    found: list[_Priced] = []
    for rank, i in enumerate(order):
        worth = Worth(steps[i].id, steps[i].kind, steps[i].more, prices[i], prices[i], {})
        if base is not None and rank < solve_again and prices[i] >= LEAST_WORTH:
            answer = solve(_with_step(plan.formulation.programme, steps[i]))
            worth = _compare(worth, plan.problem, plan.formulation, base, answer)
        worth = replace(worth, people_out=worth.people_out + _count_seats(plan, worth))
        found.append((worth, steps[i].change))
    return found


def _compare(worth: Worth, problem: ReliefProblem, formulation: Formulation, base: Answer, answer: Answer) -> Worth:
    """Return a worth with what differs between two answers in fractions."""
    before, after = (_person_days(problem, formulation, one.values) for one in (base, answer))
    queues = [one.values[formulation.seating.queue] for one in (base, answer)]
    return replace(
        worth,
        value=(base.objective - answer.objective) / 24.0,
        person_days={item: before[item] - after[item] for item in before},
        people_out=float((queues[0][-1:] - queues[1][-1:]).sum()),
        hours_saved=float((queues[0] - queues[1]).sum()) * problem.period_hours,
    )


def _price_permissions(plan: Plan, base: Answer) -> list[_Priced]:
    """Return what it is worth to have each road open both ways and cleared for everybody throughout.

    The value is of the whole change, not marginal.
    """
    problem = plan.problem
    found: list[_Priced] = []
    used = {leg.road for service in plan.formulation.services for leg in service.legs}
    for number in sorted(used):
        road = problem.roads[number]
        if not road.needs_clearance and min(road.forward.min(), road.backward.min()) >= 1.0:
            continue
        opened = _open_road(problem, number)
        other = formulate(opened, plan.formulation.services, plan.weights, plan.whole)
        answer = solve(replace(other.programme, whole=None))
        more = say("plan.more.leave", road=road.id)
        worth = _compare(Worth(road.id, "permission", more, 0.0, 0.0, {}), problem, other, base, answer)
        value = max(worth.value, 0.0)
        worth = replace(worth, marginal=value, value=value)
        found.append((worth, lambda one, number=number: _open_road(one, number)))  # type: ignore[misc]
    return found


def _open_road(problem: ReliefProblem, number: int) -> ReliefProblem:
    always = np.ones(problem.periods)
    opened = replace(problem.roads[number], forward=always, backward=always, needs_clearance=False)
    return replace(problem, roads=(*problem.roads[:number], opened, *problem.roads[number + 1 :]))


def _list_steps(plan: Plan) -> list[_Step]:
    return [*_list_limits(plan), *_list_fleets(plan), *_list_clearances(plan), *_list_goods(plan)]


def _list_limits(plan: Plan) -> list[_Step]:
    problem, steps = plan.problem, []
    periods_a_day = max(1, round(24.0 / problem.period_hours))
    for number, limit in enumerate(problem.limits):
        rows = plan.formulation.limit_rows[limit.id]
        most = np.asarray(limit.most)
        if limit.kind == "slots":
            chosen = _best_of_each_day(plan.prices[rows], most > 0, periods_a_day)
            amounts, more = np.ones(len(chosen)), _say_one_more(limit.road)
        else:
            chosen = np.arange(problem.periods)
            amounts = np.where(most > 0, problem.period_hours, 0.0)
            more = say("plan.more.inspection", road=limit.road)

        def change(
            one: ReliefProblem,
            number: int = number,
            chosen: NDArray[np.int64] = chosen,
            amounts: NDArray[np.float64] = amounts,
        ) -> ReliefProblem:
            raised = np.array(one.limits[number].most, dtype=np.float64)
            raised[chosen] += amounts
            daily = one.limits[number].daily
            daily = None if daily is None else replace(daily, a_day=daily.a_day + 1.0)
            changed = replace(one.limits[number], most=raised, daily=daily)
            return replace(one, limits=(*one.limits[:number], changed, *one.limits[number + 1 :]))

        steps.append(_Step(limit.id, limit.kind, more, rows[chosen], amounts, change))
    return steps


def _list_fleets(plan: Plan) -> list[_Step]:
    steps = []
    for g, fleet in enumerate(plan.problem.fleets):
        if not np.isfinite(fleet.trucks) or fleet.service:
            continue
        rows = plan.formulation.fleet_rows[:, g]
        size = fleet.convoy_trucks + (fleet.convoy_trucks == fleet.trucks)  # all of a fleet stays all of it
        larger = replace(fleet, trucks=fleet.trucks + 1.0, convoy_trucks=size)
        fleets = (*plan.problem.fleets[:g], larger, *plan.problem.fleets[g + 1 :])

        def change(one: ReliefProblem, fleets: tuple[Fleet, ...] = fleets) -> ReliefProblem:
            return replace(one, fleets=fleets)

        more = say(f"plan.more.{fleet.kind}", fleet=fleet.id)
        steps.append(_Step(fleet.id, "trucks", more, rows, np.ones(len(rows)), change))
    return steps


def _list_clearances(plan: Plan) -> list[_Step]:
    steps = []
    for number, clearance in enumerate(plan.problem.clearances):
        row = plan.formulation.clearance_rows.get(clearance.id)
        if row is None:
            continue
        wider = replace(clearance, trucks=clearance.trucks + 1.0)
        before = plan.problem.clearances
        clearances = (*before[:number], wider, *before[number + 1 :])

        def change(one: ReliefProblem, clearances: tuple[Clearance, ...] = clearances) -> ReliefProblem:
            return replace(one, clearances=clearances)

        more = say("plan.more.clearance", clearance=clearance.id)
        steps.append(_Step(clearance.id, "clearance", more, row, np.ones(1), change))
    return steps


def _list_goods(plan: Plan) -> list[_Step]:
    """Return more of what each base holds: as much again at most, ten tonnes at most."""
    problem, formulation, steps = plan.problem, plan.formulation, []
    bases = {service.base for service in formulation.services}
    for row_of_place, holder in enumerate(formulation.holders):
        name = problem.places[holder]
        if name not in bases:
            continue
        for k, item in enumerate(problem.items):
            has = float(np.nan_to_num(problem.stock[holder, k]) + problem.supply[:, holder, k].sum())
            step = _step_of(has)
            if problem.unlimited[holder, k] or step <= 0.0:
                continue

            def change(
                one: ReliefProblem, cell: tuple[int, int] = (int(holder), k), step: float = step
            ) -> ReliefProblem:
                stock = one.stock.copy()
                stock[cell] = np.nan_to_num(stock[cell]) + step
                return replace(one, stock=stock)

            row = formulation.balance_rows[:1, row_of_place, k]
            more = say("plan.more.goods", amount=_say_tonnes(step), item=item.id, place=name)
            steps.append(_Step(f"{name}/{item.id}", "goods", more, row, np.array([step]), change, both_sides=True))
    return steps


def _step_of(has: float) -> float:
    """Return a round number of tonnes (1, 2 or 5 of a kind) that is not above what is there, nor above the largest."""
    if has < 1e-3:
        return 0.0
    kind = 10.0 ** math.floor(math.log10(has) + 1e-9)
    return min(max(step for step in (kind, 2.0 * kind, 5.0 * kind) if step <= has * (1.0 + 1e-9)), LARGEST_STEP)


def _say_tonnes(tonnes: float) -> Said:
    if tonnes >= LARGEST_STEP:
        return say("plan.amount.ten")
    if tonnes >= 1.0:
        return say("plan.amount.tonnes", tonnes=Stated(tonnes))
    return say("plan.amount.kilograms", kilograms=Stated(float(f"{tonnes * 1000.0:g}")))


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


def _count_seats(plan: Plan, worth: Worth) -> float:
    """Return the seats of one departure a day more: none where a limit is of no service."""
    seats = (fleet.seats_out for fleet in plan.problem.fleets if fleet.service and fleet.id == worth.id)
    return next(seats, 0.0) * len(range(0, plan.problem.periods, max(1, round(24.0 / plan.problem.period_hours))))


def _say_one_more(road: str) -> Said:
    if road.startswith("service:"):
        return say("plan.more.departure", service=road.split(":")[1])
    return say("plan.more.slot", road=road)
