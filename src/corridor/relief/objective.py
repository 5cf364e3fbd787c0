"""What a plan is good for: the objectives in their stated order, and their weighted sum."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor.relief.working import price_workings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridor.relief.entries import Variables
    from corridor.relief.problem import ReliefProblem, Weights
    from corridor.relief.working import Workings

OBJECTIVES = ("life_saving", "worst_off", "waiting", "other", "truck_trips", "cost", "lateness")


def price_objectives(
    size: int,
    problem: ReliefProblem,
    weights: Weights,
    made: Variables,
    workings: Workings,
    steps: NDArray[np.int64],
    worst: NDArray[np.int64],
) -> dict[str, NDArray[np.float64]]:
    """Return the costs of every variable (`size` of them) under each objective, in stated order.

    Besides the variables that a plan is read from there are the `steps` of deprivation [J + 1, T, N] and the `worst`.
    """
    pairs, short = made.pairs, made.short
    objectives = {name: np.zeros(size) for name in OBJECTIVES}
    if made.seating.queue.size:
        objectives["waiting"][made.seating.queue] = problem.period_hours
    else:
        del objectives["waiting"]
    saving = np.array([problem.items[k].life_saving for _, k in pairs], dtype=np.bool_)
    weight = np.array([problem.items[k].weight for _, k in pairs])
    person_hours = problem.people[:, pairs[:, 0]] * problem.period_hours * weight
    objectives["life_saving"][short] = person_hours * saving
    objectives["other"][short] = person_hours * ~saving
    if len(steps):
        extra = np.concatenate([[0.0], np.cumsum([extra for _, extra in weights.deprivation])]) / 24.0
        objectives["life_saving"][steps] = extra[:, None, None] * person_hours * saving
        objectives["other"][steps] = extra[:, None, None] * person_hours * ~saving
    objectives["life_saving"] += price_workings(size, problem, workings, saving=True)
    objectives["other"] += price_workings(size, problem, workings, saving=False)
    objectives["worst_off"][worst] = 1.0
    objectives["truck_trips"][made.trucks] = 1.0
    km_cost = [2.0 * service.km * problem.fleets[service.fleet].cost_per_km for service in made.services]
    objectives["cost"][made.trucks] = np.array(km_cost)
    days = np.arange(problem.periods) * problem.period_hours / 24.0
    objectives["lateness"][made.load] = days[:, None, None]
    return objectives


def combine_objectives(
    objectives: dict[str, NDArray[np.float64]], problem: ReliefProblem, weights: Weights
) -> NDArray[np.float64]:
    """Return the weighted sum of the objectives, in hours without of one person."""
    planned_for = float(problem.people.mean(axis=0).sum())
    factors = {
        "life_saving": weights.life_saving,
        "worst_off": weights.worst_off * planned_for,
        "waiting": weights.waiting,
        "other": weights.other,
        "truck_trips": weights.truck_trip,
        "cost": weights.cost,
        "lateness": weights.lateness,
    }
    return np.asarray(sum(factors[name] * costs for name, costs in objectives.items()))
