"""A plan in the simulation: the scenario with the plan's convoys in its table, and what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.relief.plan import make_plan
from corridor.relief.rolling import Happened, roll_plan
from corridor.relief.tables import write_loads
from corridor.results.relief import ROAD, spread
from corridor.scenario.read import Row
from corridor.scenario.values import TimeRange
from corridor.simulate.batch import simulate_batch
from corridor.simulate.compile import compile_model
from corridor.simulate.convoys import AT_BASE, MOVING
from corridor.simulate.fitted import read_fitted
from corridor.simulate.luck import Luck, plain_luck

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from numpy.typing import NDArray

    from corridor.relief.plan import Convoy, Plan
    from corridor.relief.problem import ReliefProblem, Weights
    from corridor.scenario.scenario import Scenario
    from corridor.simulate.model import Floats, Integers, Model
    from corridor.simulate.record import Record
    from corridor.simulate.state import State

GIVEN_UP_HOURS = 24.0  # a convoy so late is not counted on any more when the rest is planned again


def replace_convoys(scenario: Scenario, start: datetime, rows: Iterable[Row]) -> Scenario:
    """Return the scenario with `rows` in place of all planned convoys that leave at `start` or later.

    What is known to have been delivered or turned back stays, and so do convoys that leave before.
    """
    kept = [
        row for row in scenario.tables.get("convoys", ()) if row["outcome"] != "planned" or row["departs"].start < start
    ]
    changed = (*kept, *rows)
    tables = {**scenario.tables, "convoys": tuple(sorted(changed, key=lambda row: str(row["id"])))}
    return scenario.replace(f"{scenario.variant_name} with planned convoys".strip(), tables=tables)


def plan_rows(convoys: Iterable[Convoy]) -> list[Row]:
    """Return convoys as rows of the scenario's table, to the minute."""
    return [
        Row(
            "convoys",
            "convoys.csv",
            line,
            {
                "id": convoy.id,
                "fleet": convoy.fleet,
                "loads": write_loads(convoy.loads),
                "from": convoy.start,
                "to": convoy.to,
                "departs": TimeRange(convoy.departs, convoy.departs),
                "trucks": convoy.trucks,
                "clearance": convoy.clearance,
                "outcome": "planned",
                "set": "",
                "claims": (),
                "note": "",
            },
        )
        for line, convoy in enumerate(convoys, start=2)
    ]


def with_plan(scenario: Scenario, plan: Plan) -> Scenario:
    """Return the scenario in which the plan's convoys drive instead of those it had planned from then on."""
    return replace_convoys(scenario, plan.problem.start, plan_rows(plan.convoys))


def without_convoys(scenario: Scenario, start: datetime) -> Scenario:
    """Return the scenario in which nothing more is sent from `start` on."""
    return replace_convoys(scenario, start, ())


def find_luck(
    scenario: Scenario, parameter_set: str, seed: int, numbers: Integers, model: Model
) -> tuple[Luck, dict[str, Floats] | None]:
    """Return the luck and the fitted values of replicates, as `corridor run` would take them."""
    fitted, luck = read_fitted(scenario, parameter_set), plain_luck(seed, numbers)
    if fitted is None:
        return luck, None
    return fitted.luck(luck, numbers, model.step_hours), fitted.values(numbers)


@dataclass
class Course:
    """One course of things: a replicate of the scenario, simulated again with every convoy that has been sent.

    The same replicate has the same luck each time, so what has happened stays as it was. `follow` is what roll_plan
    asks for. Convoys that have not left by the time of the next plan are called off.
    """

    scenario: Scenario
    parameter_set: str
    begin: datetime  # of the first plan
    seed: int
    replicate: int
    convoys: list[Convoy] = field(default_factory=list)
    plans: int = 0

    def follow(self, plan: Plan, periods: int) -> Happened:
        """Carry out the first periods of a plan and return what is found then."""
        problem = plan.problem
        until = problem.time_of(periods)
        self.plans += 1
        self.convoys += [
            replace(convoy, id=f"day{self.plans:02d}_{convoy.id}") for convoy in plan.convoys if convoy.departs < until
        ]
        state, record = self._simulate(until)
        self.convoys = [convoy for convoy in self.convoys if not self._stays(state, convoy, until)]
        names = record.columns.measures
        columns = {name: record.measures[0, :, i] for i, name in enumerate(names)}
        short = self._read_short(problem, columns, periods)
        without = problem.without.copy()
        for t in range(periods):
            change = problem.period_hours * (short[t] - plan.weights.recovery * (1.0 - short[t]))
            without = np.maximum(without + change, 0.0)
        under_way = self._read_under_way(problem, state, until)
        people = self._count_people(problem, state)
        stock, made = self._read_stock(problem, state), self._read_made(problem, columns, periods)
        return Happened(stock, without, under_way, short, people, made)

    def _read_made(
        self, problem: ReliefProblem, columns: dict[str, NDArray[np.float64]], periods: int
    ) -> NDArray[np.float64]:
        """Return the tonnes made in a period of late [P, K]; nan where it is not recorded."""
        made = np.full(problem.stock.shape, np.nan)
        at = self._moments(problem, periods)
        for p, k in np.ndindex(*made.shape):
            series = columns.get(f"made:{problem.places[p]}:{problem.items[k].id}")
            if series is not None:
                made[p, k] = (series[at[-1]] - series[at[0]]) / periods * problem.items[k].tonnes_per_unit
        return made

    def _moments(self, problem: ReliefProblem, periods: int) -> list[int]:
        """Return the recorded moments that bound the first periods of a problem."""
        hours = self._model.record_every * self._model.step_hours
        first = (problem.start - self._model.start) / timedelta(hours=hours)
        last = self._model.records - 1
        return [min(round(first + problem.period_hours / hours * t), last) for t in range(periods + 1)]

    def _count_people(self, problem: ReliefProblem, state: State) -> NDArray[np.float64]:
        people = np.zeros(len(problem.places))
        for p, place in enumerate(self._model.places):
            if self._model.inside[p]:
                people[problem.places.index(place)] = state.queues.at_place[0, p].sum()
        return people

    def _simulate(self, until: datetime) -> tuple[State, Record]:
        scenario = replace_convoys(self.scenario, self.begin, plan_rows(self.convoys))
        model = compile_model(scenario, self.parameter_set)
        steps = min(round((until - model.start) / timedelta(hours=model.step_hours)), model.steps)
        seen: list[State] = []
        luck, given = find_luck(self.scenario, self.parameter_set, self.seed, np.array([self.replicate]), model)
        record = simulate_batch(
            model, luck, given, steps=steps, watch=lambda state, step: seen.append(state) if step == steps - 1 else None
        )
        self._model = model
        return seen[-1], record

    def _stays(self, state: State, convoy: Convoy, until: datetime) -> bool:
        relief = state.relief
        assert relief is not None
        numbers = {c.id: n for n, c in enumerate(relief.supplies.convoys)}
        return convoy.departs < until and int(relief.caravans.stage[0, numbers[convoy.id]]) == AT_BASE

    def _read_stock(self, problem: ReliefProblem, state: State) -> NDArray[np.float64]:
        relief = state.relief
        assert relief is not None
        stock = problem.stock.copy()
        model = self._model
        for n, p in enumerate(relief.supplies.places):
            for i, item in enumerate(relief.supplies.items):
                place = problem.places.index(model.places[p])
                k = [known.id for known in problem.items].index(item)
                stock[place, k] = relief.stores.stock[0, n, i] * relief.supplies.tonnes[i]
        return stock

    def _read_under_way(self, problem: ReliefProblem, state: State, until: datetime) -> NDArray[np.float64]:
        """Return tonnes on the way by the period in which they are expected; late ones are expected at once."""
        relief = state.relief
        assert relief is not None
        periods = problem.periods - round((until - problem.start) / timedelta(hours=problem.period_hours))
        coming = np.zeros((periods, len(problem.places), len(problem.items)))
        numbers = {c.id: n for n, c in enumerate(relief.supplies.convoys)}
        for convoy in self.convoys:
            late = (until - convoy.arrives) / timedelta(hours=1)
            if int(relief.caravans.stage[0, numbers[convoy.id]]) != MOVING or late > GIVEN_UP_HOURS:
                continue
            t = max(0, -int(-max(-late, 0.0) // problem.period_hours))
            if t < periods:
                for item, tonnes in convoy.loads.items():
                    k = [known.id for known in problem.items].index(item)
                    coming[t, problem.places.index(convoy.to), k] += tonnes
        return coming

    def _read_short(
        self, problem: ReliefProblem, columns: dict[str, NDArray[np.float64]], periods: int
    ) -> NDArray[np.float64]:
        """Return the share of each need unmet in each of the last periods [periods, P, K]."""
        at = self._moments(problem, periods)
        short = np.zeros((periods, len(problem.places), len(problem.items)))
        for p, place in enumerate(problem.places):
            for k, item in enumerate(problem.items):
                needed, used = (columns.get(f"{name}:{place}:{item.id}") for name in ("needed", "used"))
                if needed is None or used is None:
                    continue
                for t, (low, high) in enumerate(pairwise(at)):
                    asked = needed[high] - needed[low]
                    if asked > 0:
                        short[t, p, k] = 1.0 - (used[high] - used[low]) / asked
        return short


def try_plan(
    scenario: Scenario, parameter_set: str, plan: Plan, replicates: int, seed: int | None = None
) -> dict[str, Any]:
    """Return what becomes of a plan in the simulation, with paired differences to sending nothing more.

    By item: tonnes the plan sends and the tonnes brought in; person-days without at places where the stock is known,
    with the plan, without it, and the difference in the same replicate (on the road apart: a plan serves places);
    truck-hours waited by cause.
    """
    chosen = int(scenario.settings["seed"]) if seed is None else seed
    model = compile_model(scenario, parameter_set)
    luck, given = find_luck(scenario, parameter_set, chosen, np.arange(replicates), model)
    records = {
        name: simulate_batch(compile_model(other, parameter_set), luck, given)
        for name, other in (
            ("with", with_plan(scenario, plan)),
            ("without", without_convoys(scenario, plan.problem.start)),
        )
    }
    return {"replicates": replicates, "seed": chosen, **_describe_trial(plan, records)}


def _describe_trial(plan: Plan, records: dict[str, Record]) -> dict[str, Any]:
    items = []
    for item in plan.problem.items:
        brought = {which: _sum_last(record, "brought_in:", f":{item.id}") for which, record in records.items()}
        gap = {which: _gap(record, item.id, on_road=False) for which, record in records.items()}
        road = {which: _gap(record, item.id, on_road=True) for which, record in records.items()}
        known = any(
            name.startswith("person_days_without:") and name.endswith(f":{item.id}")
            for name in records["with"].columns.measures
        )
        sent = sum(convoy.loads.get(item.id, 0.0) for convoy in plan.convoys)
        arrived = (brought["with"] - brought["without"]) * item.tonnes_per_unit
        items.append(
            {
                "item": item.id,
                "planned_tonnes": round(sent, 3),
                "brought_tonnes": spread(arrived),
                "person_days_with": spread(gap["with"]) if known else None,
                "person_days_without": spread(gap["without"]) if known else None,
                "person_days_saved": spread(gap["without"] - gap["with"]) if known else None,
                "person_days_saved_on_the_road": spread(road["without"] - road["with"]) if known else None,
            }
        )
    waits = {
        name.partition(":")[2]: spread(_sum_last(records["with"], name, ""))
        for name in records["with"].columns.measures
        if name.startswith("relief_waited_hours:")
    }
    return {"items": items, "truck_hours_waited": waits}


def _gap(record: Record, item: str, on_road: bool) -> NDArray[np.float64]:
    """Return person-days without an item by the end, at places or on the road [R]."""
    columns = [
        i
        for i, name in enumerate(record.columns.measures)
        if name.startswith("person_days_without:") and name.endswith(f":{item}") and (f":{ROAD}:" in name) == on_road
    ]
    return np.asarray(record.measures[:, -1, columns].sum(axis=1))


def _sum_last(record: Record, series: str, end: str) -> NDArray[np.float64]:
    """Return the sum of the measures of a series at the last moment [R]."""
    columns = [i for i, name in enumerate(record.columns.measures) if name.startswith(series) and name.endswith(end)]
    return np.asarray(record.measures[:, -1, columns].sum(axis=1))


def roll_in_simulation(
    scenario: Scenario, parameter_set: str, problem: ReliefProblem, weights: Weights, seed: int, replicate: int
) -> dict[str, Any]:
    """Return how planning anew each day does in one course of things, beside planning once and sending nothing.

    For each, by item: tonnes brought in, share of the need met, person-days without where the stock is known.
    """
    course = Course(scenario, parameter_set, problem.start, seed, replicate)
    rolled = roll_plan(problem, course.follow, weights)
    once = make_plan(problem, weights)
    number, model = np.array([replicate]), compile_model(scenario, parameter_set)
    luck, given = find_luck(scenario, parameter_set, seed, number, model)
    found = {}
    for name, convoys in (("rolling", rolled.convoys), ("once", once.convoys), ("nothing", ())):
        sent = course.convoys if name == "rolling" else convoys
        model = compile_model(replace_convoys(scenario, problem.start, plan_rows(sent)), parameter_set)
        record = simulate_batch(model, luck, given)
        found[name] = [_describe_course(record, item.id, item.tonnes_per_unit) for item in problem.items]
    return {
        "replicate": replicate,
        "seed": seed,
        "plans": rolled.plans,
        "courses": found,
        "convoys": list(course.convoys),
    }


def _describe_course(record: Record, item: str, tonnes: float) -> dict[str, Any]:
    end = f":{item}"
    needed, used = (float(_sum_last(record, f"{name}:", end)[0]) for name in ("needed", "used"))
    known = any(name.startswith("person_days_without:") and name.endswith(end) for name in record.columns.measures)
    return {
        "item": item,
        "brought_tonnes": float(_sum_last(record, "brought_in:", end)[0]) * tonnes,
        "share_met": used / needed if needed else 1.0,
        "person_days_at_places": float(_gap(record, item, on_road=False)[0]) if known else None,
        "person_days_on_the_road": float(_gap(record, item, on_road=True)[0]) if known else None,
    }
