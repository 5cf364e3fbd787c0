"""Planning once, anew each day, and anew each day on a forecast: what becomes of each in the same simulated courses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.stats import t as student

from corridor.forecast.course import Course
from corridor.forecast.expected import count_people
from corridor.forecast.foreseen import Foreseen, foresee, publish, say_of
from corridor.forecast.found import find_short
from corridor.forecast.replay import Replay
from corridor.forecast.trials import find_window, knows_stock, sum_gap, sum_out
from corridor.relief.rolling import expect_as_found, roll_plan
from corridor.relief.weigh import weigh_short
from corridor.results.crew import ALONE, Crew, in_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from corridor.relief.plan import Plan
    from corridor.relief.problem import ReliefProblem
    from corridor.relief.standing import Standing
    from corridor.results.result import Result
    from corridor.scenario.scenario import Scenario
    from corridor.simulate.ensemble import Ensemble

WAYS = ("nothing", "once", "rolling", "forecast")
WEIGHED = 300  # courses that a forecast weighs
MEASURES = ("weighted_hours", "person_days", "brought_tonnes")
OUT = ("people_out", "hours_waited")  # the same where fleets for both may take people out
EVERY_HOURS = 24.0


@dataclass(frozen=True)
class Rolling:
    """What is carried out in each course: the plan made once, and what the forecasts weigh."""

    scenario: Scenario
    ensemble: Ensemble
    once: Plan
    foreseen: Foreseen


def roll_courses(
    scenario: Scenario, ensemble: Ensemble, once: Plan, replicates: Sequence[int], crew: Crew = ALONE
) -> dict[str, Any]:
    """Return how sending nothing, planning once, anew each day and anew on a forecast do in the same courses.

    Measured from the plan's start to its end: hours that people go without, by the weights of the plan;
    person-days without at places where the stock is known; tonnes brought in; where fleets for both may take people
    out, how many they do and how many hours people wait. The differences to planning once are
    paired, with their 95 % interval (Student's t). The same numbers whoever does the work.
    """
    foreseen = foresee(scenario, ensemble, once.problem, WEIGHED, EVERY_HOURS, crew)
    done = crew.do(partial(roll_course, Rolling(scenario, ensemble, once, foreseen)), replicates)
    rows: list[dict[str, Any]] = [{"replicate": number, **rolled} for number, rolled in in_order(done, replicates)]
    measures = (*MEASURES, *(() if once.problem.waiting is None else OUT))
    found = {way: {name: np.array([row[way][name] for row in rows]) for name in measures} for way in WAYS}
    return {
        "replicates": list(replicates),
        "seed": ensemble.seed,
        "weighed": WEIGHED,
        "counts": len(foreseen.counts),
        "ways": {way: {name: float(values.mean()) for name, values in found[way].items()} for way in WAYS},
        "beside_once": {
            way: {name: compare_pairs(found[way][name], found["once"][name]) for name in measures}
            for way in WAYS
            if way != "once"
        },
        "courses": rows,
    }


def compare_pairs(values: NDArray[np.float64], others: NDArray[np.float64]) -> dict[str, float | None]:
    """Return the mean difference of pairs with its 95 % interval, and in what share of the pairs it is below zero."""
    difference = values - others
    number, mean = len(difference), float(difference.mean())
    half = None
    if number > 1:
        half = float(student.ppf(0.975, number - 1) * difference.std(ddof=1) / np.sqrt(number))
    return {
        "mean": mean,
        "low": None if half is None else mean - half,
        "high": None if half is None else mean + half,
        "share_less": float((difference < 0).mean()),
    }


def roll_course(rolling: Rolling, replicate: int) -> dict[str, dict[str, float]]:
    """Return what becomes of one course by each of the ways."""
    once, ensemble, foreseen = rolling.once, rolling.ensemble, rolling.foreseen
    replay, until = Replay(ensemble, np.array([replicate])), once.problem.time_of(once.problem.periods)
    beside = Course(replay, rolling.scenario, once.problem.start, once.weights.recovery)
    found = {
        way: measure(replay.simulate(beside.send(sent), until), once, ensemble, 0)
        for way, sent in (("nothing", ()), ("once", once.convoys))
    }
    for way in ("rolling", "forecast"):
        course = Course(replay, rolling.scenario, once.problem.start, once.weights.recovery)

        def expect(problem: ReliefProblem, standing: Standing, course: Course = course) -> NDArray[np.float64]:
            assert course.record is not None
            said = say_of(course.record, foreseen.counts)[0]
            return foreseen.expect(problem, standing, publish(said, foreseen, ensemble.seed, replicate))

        changed = roll_plan(once, course.follow, expect if way == "forecast" else expect_as_found, EVERY_HOURS).changed
        assert course.record is not None
        found[way] = measure(course.record, once, ensemble, 0) | {"changed": float(changed)}
    return found


def measure(record: Result, once: Plan, ensemble: Ensemble, row: int) -> dict[str, float]:
    """Return what becomes of the courses in a record, by its row, within the plan's own days."""
    problem, clock = once.problem, ensemble.model.clock
    window = find_window(problem, clock)
    short = find_short(problem, problem.periods, record, clock, row)
    known = [item for item in problem.items if knows_stock(record, item.id)]
    came = (record.take("brought_in", item.id) * item.tonnes_per_unit for item in problem.items)
    there = replace(problem, people=count_people(record, problem, row))
    out = () if problem.waiting is None else (float(values[row]) for values in sum_out(record, window))
    return {
        "weighted_hours": weigh_short(there, once.weights, short),
        "person_days": float(sum(sum_gap(record, item.id, False, window)[row] for item in known)),
        "brought_tonnes": float(sum(window.change(tonnes)[row] for tonnes in came)),
        **dict(zip(OUT, out, strict=False)),
    }
