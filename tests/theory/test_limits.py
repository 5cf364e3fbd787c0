"""Limits with a closed form: departures as a pure death process, a single server with Poisson arrivals."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from corridor.simulate.compile import compile_model
from worlds import corridor_world, measure, series, simulate


def drivers(**more):
    return [{"id": "drivers", "name": "Drivers", "transport": "own", "people_per_vehicle": 1, "fuel_litres": 0, **more}]


@pytest.mark.parametrize(("people", "rate"), [(400, 0.05), (200_000, 0.02)])
def test_departures_follow_the_exponential_curve(tmp_path, people, rate):
    """Rule 3: with a constant hazard those who have left are Binomial(N, 1 - exp(-h t)), whatever the step."""
    scenario = corridor_world(tmp_path, 24, people, groups=drivers(leave_rate=rate))
    record = simulate(compile_model(scenario, ""), 400, seed=5)
    gone = people - series(record, "at_place:town:drivers") + series(record, "vehicles_at_entry:town")
    for moment in (8, 40, 96):
        chance = -np.expm1(-rate * moment / 4)
        mean, variance = people * chance, people * chance * (1 - chance)
        sample = gone[:, moment]
        assert abs(sample.mean() - mean) < 4 * np.sqrt(variance / len(sample))
        low, high = stats.chi2.ppf([5e-5, 1 - 5e-5], len(sample) - 1) * variance / (len(sample) - 1)
        assert low < sample.var(ddof=1) < high


@pytest.mark.slow
def test_waiting_at_a_single_server_is_that_of_an_m_d_1_queue(tmp_path):
    """Rule 9: Poisson arrivals, one car at a time in constant time: mean wait rho / (2 mu (1 - rho)).

    The time in service, 1 / mu, is part of what the model counts as waiting at the gate. A car passes in the step in
    which its service is complete: one step less than in continuous time.
    """
    arrivals, service = 3.6, 6.0  # per hour
    scenario = corridor_world(
        tmp_path,
        48,
        1_000_000,
        step_minutes=1,
        record_minutes=60,
        groups=drivers(leave_rate=arrivals / 1_000_000),
        checkpoints=[{"id": "gate", "place": "bridge", "lanes": 1, "seconds_per_vehicle": 3600 / service, "wander": 0}],
        roads=[
            {"id": "first", "from": "town", "to": "bridge", "length_km": 20, "speed_kmh": 40},
            {"id": "second", "from": "bridge", "to": "city", "length_km": 20, "speed_kmh": 40},
        ],
    )
    record = simulate(compile_model(scenario, ""), 250, seed=2)
    waited, people = measure(record, "waited_hours"), series(record, "arrivals")
    mean = (waited[:, -1] - waited[:, 12]).sum() / (people[:, -1] - people[:, 12]).sum()
    load = arrivals / service
    assert mean == pytest.approx(load / (2 * service * (1 - load)) + 1 / service - 1 / 60, rel=0.03)
