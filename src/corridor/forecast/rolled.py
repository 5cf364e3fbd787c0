"""Planning once, anew each day, and anew each day on a forecast: what becomes of each in the same simulated courses."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.stats import t as student

from corridor.forecast.course import Course
from corridor.forecast.expected import expect_people
from corridor.forecast.foreseen import Foreseen, foresee, publish, say_of
from corridor.forecast.found import find_short
from corridor.forecast.replay import Replay
from corridor.forecast.trials import find_window, knows_stock, sum_gap
from corridor.relief.rolling import expect_as_found, roll_plan
from corridor.relief.weigh import weigh_short

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from corridor.relief.plan import Convoy, Plan
    from corridor.relief.problem import ReliefProblem
    from corridor.relief.standing import Standing
    from corridor.scenario.scenario import Scenario
    from corridor.simulate.ensemble import Ensemble

WAYS = ("nothing", "once", "rolling", "forecast")
WEIGHED = 300  # courses that a forecast weighs
MEASURES = ("weighted_hours", "person_days", "brought_tonnes")
EVERY_HOURS = 24.0


@dataclass(frozen=True)
class Rolling:
    """What is carried out in each course: the plan made once, and what the forecasts weigh."""

    scenario: Scenario
    ensemble: Ensemble
    once: Plan
    foreseen: Foreseen


def roll_courses(
    scenario: Scenario, ensemble: Ensemble, once: Plan, replicates: Sequence[int], workers: int = 1
) -> dict[str, Any]:
    """Return how sending nothing, planning once, anew each day and anew on a forecast do in the same courses.

    Measured from the plan's start to its end: hours that people go without, by the weights of the plan;
    person-days without at places where the stock is known; tonnes brought in. The differences to planning once are
    paired, with their 95 % interval (Student's t). The same numbers for any number of workers.
    """
    foreseen = foresee(scenario, ensemble, once.problem, WEIGHED, EVERY_HOURS)
    task = partial(roll_course, Rolling(scenario, ensemble, once, foreseen))
    if workers == 1:
        rows = [task(replicate) for replicate in replicates]
    else:
        with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
            rows = list(pool.map(task, replicates))
    found = {way: {name: np.array([row[way][name] for row in rows]) for name in MEASURES} for way in WAYS}
    return {
        "replicates": list(replicates),
        "seed": ensemble.seed,
        "weighed": WEIGHED,
        "counts": len(foreseen.counts),
        "ways": {way: {name: float(values.mean()) for name, values in found[way].items()} for way in WAYS},
        "beside_once": {
            way: {name: compare_pairs(found[way][name], found["once"][name]) for name in MEASURES}
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


def roll_course(rolling: Rolling, replicate: int) -> dict[str, Any]:
    """Return by way what becomes of one course."""
    once, ensemble = rolling.once, rolling.ensemble
    replay = Replay(ensemble, np.array([replicate]))

    def begin() -> Course:
        return Course(replay, rolling.scenario, once.problem.start, once.weights.recovery)

    plain, foreseeing = begin(), begin()

    def expect(problem: ReliefProblem, standing: Standing) -> NDArray[np.float64]:
        assert foreseeing.record is not None
        said = say_of(foreseeing.record, rolling.foreseen.counts)[0]
        seen = publish(said, rolling.foreseen, ensemble.seed, replicate)
        return rolling.foreseen.expect(problem, standing, seen)

    changed = {
        "rolling": roll_plan(once, plain.follow, expect_as_found, EVERY_HOURS).changed,
        "forecast": roll_plan(once, foreseeing.follow, expect, EVERY_HOURS).changed,
    }
    sent = {"nothing": (), "once": once.convoys, "rolling": plain.convoys, "forecast": foreseeing.convoys}
    return {
        "replicate": replicate,
        **{way: measure(begin(), once, convoys) | {"changed": changed.get(way, 0)} for way, convoys in sent.items()},
    }


def measure(course: Course, once: Plan, convoys: Iterable[Convoy]) -> dict[str, float]:
    """Return what becomes of convoys in a course, within the plan's own days."""
    problem, clock = once.problem, course.replay.ensemble.model.clock
    record = course.replay.simulate(course.send(convoys), problem.time_of(problem.periods))
    window = find_window(problem, clock)
    short = find_short(problem, problem.periods, record, clock)
    known = [item for item in problem.items if knows_stock(record, item.id)]
    came = (record.take("brought_in", item.id) * item.tonnes_per_unit for item in problem.items)
    return {
        "weighted_hours": weigh_short(
            replace(problem, people=expect_people(record, problem, 0.5)), once.weights, short
        ),
        "person_days": float(sum(sum_gap(record, item.id, False, window)[0] for item in known)),
        "brought_tonnes": float(sum(window.change(tonnes)[0] for tonnes in came)),
    }
