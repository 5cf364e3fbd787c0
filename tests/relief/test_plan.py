"""The plan on random problems: goods conserved, every limit kept, bounds and prices true."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from corridor.relief.convoys import Convoy
from corridor.relief.explain import price_limits, say_what_binds
from corridor.relief.formulate import formulate
from corridor.relief.linear import solve
from corridor.relief.plan import Plan, make_plan
from corridor.relief.problem import Clearance, ReliefProblem, Weights, add_hours_without
from corridor.relief.rolling import Happened, roll_plan, scale_people
from corridor.relief.routes import find_services
from corridor.relief.standing import Standing
from corridor.scenario.faults import UsageError
from corridor.words.writing import write

from .examples import make_road, one_road, towns_behind_a_bridge

SEEDS = range(6)


def replay(plan: Plan) -> np.ndarray:
    """Carry out a plan's list of convoys by hand and return tonnes unmet [T, P, K], checking every limit.

    Written from the rules alone: it knows nothing of the programme. Goods on a truck can be used from the
    first period that begins after arrival. Goods that a place holds are eaten as far as they go, but no more
    than what the plan leaves for the convoys that start there.
    """
    problem = plan.problem
    size_t, hours = problem.periods, problem.period_hours
    place, item = {p: i for i, p in enumerate(problem.places)}, {k.id: i for i, k in enumerate(problem.items)}
    fleets, roads = {f.id: f for f in problem.fleets}, {r.id: r for r in problem.roads}
    coming = problem.supply.copy()
    coming[0] += np.nan_to_num(problem.stock)
    leaving = np.zeros_like(coming)
    busy: dict[str, np.ndarray] = defaultdict(lambda: np.zeros(size_t))
    entering: dict[str, np.ndarray] = defaultdict(lambda: np.zeros(3 * size_t))
    inward: dict[tuple[str, str], np.ndarray] = defaultdict(lambda: np.zeros(3 * size_t))
    for convoy in plan.convoys:
        fleet = fleets[convoy.fleet]
        start = round((convoy.departs - problem.start).total_seconds() / 3600.0 / hours)
        drive = sum(roads[name].hours for name in convoy.roads)
        assert sum(convoy.loads.values()) <= fleet.tonnes * convoy.trucks + 1e-6
        arrive = start + int(np.ceil(drive / hours - 1e-9))
        for name, tonnes in convoy.loads.items():
            leaving[start, place[convoy.start], item[name]] += tonnes
            coming[arrive, place[convoy.to], item[name]] += tonnes
        burned = fleet.litres_per_km * sum(roads[n].km for n in convoy.roads) * 0.00084 * convoy.trucks
        fuel = item["diesel"]
        leaving[start, place[convoy.start], fuel] += burned
        if fleet.refuels_at_destination:
            leaving[arrive, place[convoy.to], fuel] += burned
        else:
            leaving[start, place[convoy.start], fuel] += burned
        trip = (2.0 * drive + fleet.handling_hours) * fleet.margin / hours
        for t in range(start, size_t):
            busy[convoy.fleet][t] += convoy.trucks * min(max(trip - (t - start), 0.0), 1.0)
        at, after = convoy.start, 0.0
        for name in convoy.roads:
            road = roads[name]
            forward = road.start == at
            enters = start + int(after / hours + 1e-9)
            assert (road.forward if forward else road.backward)[enters] > 0.0
            entering[name][enters] += convoy.trucks
            if not forward:
                inward[name, convoy.fleet][enters] += convoy.trucks
            back = 2.0 * drive + fleet.handling_hours - after - road.hours
            entering[name][start + int(back / hours + 1e-9)] += convoy.trucks
            at, after = (road.end if forward else road.start), after + road.hours
    for fleet in problem.fleets:
        assert busy[fleet.id].max(initial=0.0) <= fleet.trucks + 1e-6
    checkpoint, slots = problem.limits
    assert (entering[checkpoint.road][:size_t] <= checkpoint.most + 1e-6).all()
    convoys = sum(np.ceil(inward["inner", f.id][:size_t] / f.convoy_trucks - 1e-9) for f in problem.fleets)
    assert (convoys <= slots.most + 1e-6).all()
    return settle(problem, coming, leaving)


def settle(problem: ReliefProblem, coming: np.ndarray, leaving: np.ndarray) -> np.ndarray:
    """Eat what is there after setting aside what must still leave; a depot that never runs out needs no
    check.
    """
    use = problem.use_per_period()
    unmet = np.zeros_like(use)
    held = np.zeros_like(problem.stock)
    for t in range(problem.periods):
        held = held + coming[t] - leaving[t]
        assert (held[~problem.unlimited] >= -1e-6).all()
        later = np.zeros_like(held)
        balance = np.zeros_like(held)
        for later_t in range(t + 1, problem.periods):
            balance += coming[later_t] - leaving[later_t]
            later = np.minimum(later, balance)
        eaten = np.clip(np.minimum(use[t], held + later), 0.0, None)
        unmet[t] = use[t] - eaten
        held = np.where(problem.unlimited, 0.0, held - eaten)
    return unmet


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_convoys_of_a_whole_plan_can_be_driven_and_feed_as_said(seed: int) -> None:
    """Replaying the convoys table keeps every limit, and no item goes shorter in total than the plan says."""
    plan = make_plan(towns_behind_a_bridge(seed), whole=True)
    unmet = replay(plan).sum(axis=(0, 1))
    said = np.zeros_like(unmet)
    use = plan.problem.use_per_period()
    for n, (p, k) in enumerate(plan.formulation.pairs):
        said[k] += (plan.short[:, n] * use[:, p, k]).sum()
    assert (unmet <= said + 1e-3 * len(plan.convoys)).all()  # loads are whole kilograms
    assert all(convoy.trucks == round(convoy.trucks) for convoy in plan.convoys)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_whole_plan_lies_between_its_bound_and_doing_nothing(seed: int) -> None:
    problem = towns_behind_a_bridge(seed)
    whole, parts = make_plan(problem, whole=True), make_plan(problem, whole=False)
    assert whole.bound >= parts.objective * (1.0 - 1e-6)
    assert whole.objective >= whole.bound * (1.0 - 1e-6)
    nothing = replace(problem, roads=tuple(replace(r, backward=np.zeros(problem.periods)) for r in problem.roads))
    assert whole.objective <= make_plan(nothing, whole=False).objective


@pytest.mark.slow
def test_day_by_day_comes_close_to_the_exact_search() -> None:
    """On problems small enough to search completely, going day by day loses at most 3 %."""
    for seed in SEEDS:
        problem = towns_behind_a_bridge(seed, periods=10, towns=2)
        formulation = formulate(problem, find_services(problem), Weights(), whole=True)
        exact = solve(formulation.programme, gap=1e-6)
        plan = make_plan(problem, whole=True)
        assert exact.objective * (1.0 - 1e-5) <= plan.objective <= exact.objective * 1.03


@pytest.mark.parametrize("seed", SEEDS)
def test_goods_are_conserved(seed: int) -> None:
    """For each place and item, in every period: held = held before + arrived + supplied - left - eaten -
    burned.
    """
    plan = make_plan(towns_behind_a_bridge(seed), whole=False)
    problem, formulation = plan.problem, plan.formulation
    matrix = formulation.programme.matrix
    use = problem.use_per_period()
    eaten = np.zeros_like(use)
    for n, (p, k) in enumerate(formulation.pairs):
        eaten[:, p, k] = use[:, p, k] * (1.0 - plan.short[:, n])
    moved = np.zeros_like(use)
    for s, service in enumerate(formulation.services):
        lag = int(np.ceil(service.hours / problem.period_hours - 1e-9))
        fleet = problem.fleets[service.fleet]
        a, b = problem.places.index(service.base), problem.places.index(service.to)
        moved[:, a] -= plan.load[:, s]
        moved[lag:, b] += plan.load[: problem.periods - lag, s]
        burned = fleet.litres_per_km * service.km * 0.00084 * plan.trucks[:, s]
        moved[:, a, 3] -= burned * (1.0 if fleet.refuels_at_destination else 2.0)
        if fleet.refuels_at_destination:
            moved[lag:, b, 3] -= burned[: problem.periods - lag]
    held = np.zeros_like(use)
    held[:, formulation.holders] = plan.held
    before = np.concatenate([problem.stock[None], held[:-1]])
    gap = held - before - moved - problem.supply + eaten
    assert np.abs(gap[:, ~problem.unlimited]).max() < 1e-6
    assert gap[:, problem.unlimited].min() > -1e-6  # what an unlimited depot gives, never takes
    assert matrix.shape[0] == len(plan.prices)


@pytest.mark.parametrize("seed", SEEDS)
def test_shadow_prices_bound_what_more_or_less_of_a_limit_changes(seed: int) -> None:
    """Weak duality: with other right-hand sides the optimum is never below objective + price x change.

    For a small change it is equal to it wherever the price is the same on both sides of the limit.
    """
    plan = make_plan(towns_behind_a_bridge(seed), whole=False)
    programme = plan.formulation.programme
    rng = np.random.default_rng(seed)
    groups = [*plan.formulation.limit_rows.values(), plan.formulation.fleet_rows]
    tight = 0
    for rows in groups:
        for row in rng.choice(rows.ravel(), 3, replace=False):
            for change in (-0.25, 0.25):
                upper = programme.row_upper.copy()
                upper[row] = max(upper[row] + change, 0.0)
                moved = upper[row] - programme.row_upper[row]
                after = solve(replace(programme, row_upper=upper), "highs").objective
                assert after >= plan.objective + plan.prices[row] * moved - 1e-5 * abs(plan.objective)
                tight += after == pytest.approx(plan.objective + plan.prices[row] * moved, rel=1e-7)
    assert tight > 0
    assert (np.concatenate([rows.ravel() for rows in groups])[:, None] >= 0).all()
    assert plan.prices[np.concatenate([rows.ravel() for rows in groups])].max() <= 1e-7


@pytest.mark.slow
def test_worth_of_one_more_never_exceeds_its_shadow_price() -> None:
    for seed in SEEDS:
        worths = price_limits(make_plan(towns_behind_a_bridge(seed), whole=False))
        assert all(w.value <= w.marginal + 1e-4 * max(1.0, w.marginal) for w in worths)
        assert worths == sorted(worths, key=lambda w: -w.value)


def test_the_trucks_bind_not_the_checkpoint_and_one_more_is_worth_its_load() -> None:
    """One road, too few trucks: one more truck makes one trip of 10 t a day, that is 10,000 person-days in
    ten days.
    """
    plan = make_plan(one_road(1.0), Weights(deprivation=(), worst_off=0.0, truck_trip=0.0), whole=False)
    worths = price_limits(plan)
    assert worths[0].kind == "trucks"
    assert worths[0].person_days["food"] == pytest.approx(10 * 10_000.0, rel=1e-6)
    assert worths[0].marginal == pytest.approx(worths[0].person_days["food"], rel=1e-4)
    says = [write(line) for line in say_what_binds(plan, worths)]
    assert says[0].startswith("The trucks bind most")
    assert "100,000 person-days of food" in says[1]


def test_a_clearance_limits_who_enters_when_and_how_many() -> None:
    problem = one_road(9.0)
    road = replace(problem.roads[0], needs_clearance=True)
    closed = replace(problem, roads=(road,))
    assert make_plan(closed, whole=False).load.sum() == 0.0
    clearances = (
        Clearance("first", "lorries", "road", 2, 4, 3.0),
        Clearance("other", "somebody else", "road", 5, 8),
    )
    known = replace(closed, fleets=(*problem.fleets, replace(problem.fleets[0], id="somebody else", trucks=1.0)))
    plan = make_plan(replace(known, clearances=clearances), whole=True)
    mine = {c.departs.day - 22: c.trucks for c in plan.convoys if c.fleet == "lorries"}
    theirs = {c.departs.day - 22 for c in plan.convoys if c.fleet == "somebody else"}
    assert set(mine) <= {2, 3}
    assert sum(mine.values()) == 3
    assert theirs == {5, 6, 7}
    assert {c.clearance for c in plan.convoys} == {"first", "other"}
    worth = price_limits(make_plan(replace(known, clearances=clearances), whole=False))
    assert worth[0].kind == "permission"


def test_nothing_goes_in_while_the_road_is_outbound_only() -> None:
    problem = one_road(9.0)
    open_way = np.ones(11)
    open_way[3:6] = 0.0
    plan = make_plan(replace(problem, roads=(replace(problem.roads[0], forward=open_way),)), whole=True)
    days = {c.departs.day - 22 for c in plan.convoys}
    assert days
    assert not days & {3, 4, 5}


def test_the_way_round_is_taken_when_the_short_one_is_shut() -> None:
    problem = one_road(9.0)
    shut = replace(problem.roads[0], forward=np.array([1.0, 1.0, *[0.0] * 9]))
    round_it = make_road("long way", "depot", "town", 30.0, 11)
    plan = make_plan(replace(problem, roads=(shut, round_it)), whole=False)
    assert {c.roads for c in plan.convoys} == {("road",), ("long way",)}


def hardship(plan: Plan) -> float:
    """Return the first objective from the unmet shares alone, by the rule as it is written in the
    documentation.
    """
    problem, weights, hours = plan.problem, plan.weights, plan.problem.period_hours
    total = 0.0
    for n, (p, k) in enumerate(plan.formulation.pairs):
        if not problem.items[k].life_saving:
            continue
        without = problem.without[p, k]
        for t, share in enumerate(plan.short[:, n]):
            without = max(without + hours * (share - weights.recovery * (1.0 - share)), 0.0)
            extra = sum(more * max(without - bend, 0.0) / 24.0 for bend, more in weights.deprivation)
            total += problem.people[t, p] * hours * problem.items[k].weight * (share + extra)
    return total


@pytest.mark.parametrize("seed", SEEDS)
def test_hardship_is_what_the_rule_says(seed: int) -> None:
    plan = make_plan(towns_behind_a_bridge(seed), whole=False)
    assert plan.shares["life_saving"] == pytest.approx(hardship(plan), rel=1e-6)


def test_days_without_on_end_count_more_than_the_same_days_apart() -> None:
    """Nothing can be sent, two days of twelve bring no food: the rule must tell the two cases apart."""
    nothing = {"stock": np.zeros((2, 1)), "unlimited": np.zeros((2, 1), dtype=bool)}
    problem = replace(one_road(1.0, periods=12), **nothing)
    costs = []
    for gaps in ((0, 1), (0, 5)):
        supply = np.zeros((12, 2, 1))
        supply[:, 1, 0] = 20.0
        supply[list(gaps), 1, 0] = 0.0
        plan = make_plan(replace(problem, supply=supply), whole=False)
        assert plan.short.sum() == pytest.approx(2.0)
        costs.append(plan.shares["life_saving"])
    assert costs[0] > costs[1] * 1.2
    assert costs[1] == pytest.approx(2 * 24 * 20_000.0)


def test_the_worst_off_place_counts_when_asked() -> None:
    """A far small town is dear to serve in truck-hours; with a high weight its hours without fall."""
    base = towns_behind_a_bridge(1)
    plain = make_plan(base, Weights(worst_off=0.0), whole=False)
    fair = make_plan(base, Weights(worst_off=100.0), whole=False)
    assert fair.shares["worst_off"] <= plain.shares["worst_off"] + 1e-6
    assert fair.shares["life_saving"] >= plain.shares["life_saving"] - 1e-3


def test_objectives_in_order_put_life_saving_first() -> None:
    problem = towns_behind_a_bridge(2, periods=12)
    ordered = make_plan(problem, in_order=True)
    alone = Weights(worst_off=0.0, other=0.0, truck_trip=0.0, cost=0.0, lateness=0.0)
    best = make_plan(problem, alone, whole=False).shares["life_saving"]
    assert ordered.shares["life_saving"] == pytest.approx(best, rel=1e-5)
    assert ordered.shares["life_saving"] <= make_plan(problem, whole=False).shares["life_saving"] * (1 + 1e-5)


def follow_exactly(problem: ReliefProblem, convoys: Sequence[Convoy], periods: int, lost: int = 0) -> Happened:
    """Return what happens when convoys go exactly as planned, but for the loads of the first `lost`."""
    fleet, size_t = problem.fleets[0], problem.periods
    stock, coming, away = np.nan_to_num(problem.stock), np.zeros_like(problem.supply), np.zeros((size_t, 1))
    until = problem.time_of(periods)
    for number, moved in enumerate(convoy for convoy in convoys if convoy.departs < until):
        hours = (moved.arrives - problem.start) / timedelta(hours=1)
        home = hours + (moved.arrives - moved.departs) / timedelta(hours=1) + fleet.handling_hours
        away[:, 0] += moved.trucks * (np.arange(size_t) * problem.period_hours < home * fleet.margin)
        t = math.ceil(hours / problem.period_hours - 1e-9)
        if t < size_t and number >= lost:
            coming[t, problem.places.index(moved.to)] += [moved.loads.get(item.id, 0.0) for item in problem.items]
    use, short = problem.use_per_period(), np.zeros((periods, *stock.shape))
    for t in range(periods):
        stock = stock + problem.supply[t] + coming[t]
        met = np.minimum(stock, use[t])
        short[t] = np.where(use[t] > 0, 1.0 - met / np.where(use[t] > 0, use[t], 1.0), 0.0)
        stock -= met
    without = add_hours_without(problem.without, short, problem.period_hours, Weights().recovery)
    nothing = np.zeros_like(coming[periods:])
    trucks = np.array([fleet.trucks])
    return Happened(Standing(stock, without, nothing, coming[periods:], trucks, away[periods:]), short)


@pytest.mark.slow
def test_planning_again_every_day_is_no_worse_when_all_goes_as_planned() -> None:
    """Followed exactly, the rest of a best plan stays best: there is nothing to change."""
    once = make_plan(one_road(2.0), whole=True)
    rolled = roll_plan(once, follow_exactly)
    assert rolled.plans == once.problem.periods
    assert rolled.short.sum() <= once.short.sum() + 1e-6
    assert rolled.convoys == once.convoys


@pytest.mark.slow
def test_a_lost_convoy_is_made_good_by_planning_again() -> None:
    """The first day's load is lost on the road: the next plan sees the empty stock and sends it again."""
    once = make_plan(one_road(4.0))

    def lose_the_first(problem: ReliefProblem, convoys: Sequence[Convoy], periods: int) -> Happened:
        return follow_exactly(problem, convoys, periods, lost=int(problem.start == once.problem.start))

    rolled = roll_plan(once, lose_the_first)
    assert rolled.changed > 0
    assert rolled.short[1].max() == pytest.approx(1.0)
    assert rolled.short[3:].max() == pytest.approx(0.0, abs=1e-9)


def test_whole_convoys_are_refused_for_short_periods() -> None:
    problem = replace(towns_behind_a_bridge(0, periods=168, towns=8), period_hours=1.0)
    with pytest.raises(UsageError, match="6 h"):
        make_plan(problem, whole=True)


def test_a_cautious_plan_for_more_people_is_never_cheaper() -> None:
    problem = towns_behind_a_bridge(4)
    cautious = replace(problem, people=problem.people * 1.2)
    assert make_plan(cautious, whole=False).objective > make_plan(problem, whole=False).objective


@pytest.mark.slow
def test_same_problem_same_plan() -> None:
    first, second = (make_plan(towns_behind_a_bridge(5), whole=True) for _ in range(2))
    assert first.convoys == second.convoys
    assert first.objective == second.objective


def test_hourly_model_is_as_large_as_the_one_measured() -> None:
    """Eight towns and 336 hours: at least the 82,320 variables of the reference model."""
    problem = towns_behind_a_bridge(0, periods=336, towns=8)
    formulation = formulate(replace(problem, period_hours=1.0), find_services(problem), Weights())
    assert len(formulation.programme.costs) > 82_320


def test_found_people_leave_as_was_expected_of_others() -> None:
    expected = np.array([[100.0, 0.0, 50.0], [50.0, 0.0, 100.0]])
    scaled = scale_people(expected, np.array([200.0, 7.0, 50.0]))
    np.testing.assert_allclose(scaled, [[200, 7, 50], [100, 7, 100]])
