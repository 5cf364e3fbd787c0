"""How well the filter forecasts courses that the model made itself: what it loses by itself, apart from the model.

For each of some numbers a course of the worked case is simulated from its ranges, counted when the real one was, and
forecast as of some hours after 24 September 00:00 from these counts alone. Printed are CRPS of arrivals, the share of
counts inside 90 %, and from how many particles of the start those of the end descend. How softly particles are chosen
(corridor.forecast.weights) was chosen by these figures, not by those of the real counts.

python benchmarks/twins.py [--particles 500] [--twins 1 2 3 5 8 13]
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np

from corridor.forecast.cloud import Cloud, begin_cloud
from corridor.forecast.crps import measure_crps
from corridor.forecast.filter import even_out, go_on, make_learnt
from corridor.results.counts import Compared, compare_counts, find_columns
from corridor.results.in_memory import keep_record, simulate_in_memory
from corridor.scenario.counts import Count, keep_newest, read_counts
from corridor.scenario.scenario import Scenario, read_scenario
from corridor.simulate.ensemble import Ensemble, prepare
from corridor.simulate.record import begin_record

CASE, SET = "scenarios/karabakh-2023", "replay"
BEGIN, HOURS, REPLICATES, NOISE = datetime(2023, 9, 24), (60, 96, 132), 120, 0.005


def count_twin(case: Scenario, number: int) -> list[Count]:
    """Return what would have been counted of a course drawn from the ranges, half a per cent wrong."""
    ensemble = replace(prepare(case, SET, 77), learnt=None)
    course = simulate_in_memory(case, ensemble, np.array([number]))
    counts = [c for c in keep_newest(read_counts(case, SET)) if c.is_point and c.thing.time < case.end]
    noise = np.random.default_rng(number)
    made = []
    for entry in compare_counts(course, counts)[0]:
        value = float(np.rint(entry.ensemble[0] * (1 + NOISE * noise.standard_normal())))
        made.append(replace(entry.count, value=value, margin=None, published=entry.count.thing.time))
    return made


def forecast_twin(case: Scenario, number: int, particles: int) -> Iterator[tuple[list[Compared], Cloud]]:
    """Yield, for each moment, the later counts of arrivals with what the forecast says of them, and the particles."""
    made = count_twin(case, number)
    ensemble = replace(prepare(case, SET, 1000 + number), learnt=None)
    shape = keep_record(case, ensemble, begin_record(ensemble.model, 1))
    cloud, done = begin_cloud(ensemble, made, particles), datetime.min
    for hour in HOURS:
        moment = BEGIN + timedelta(hours=hour)
        fresh = [count for count in made if done < count.thing.time <= moment]
        go_on(cloud, [(count, find_columns(shape, count.thing)) for count in fresh], moment)
        even_out(cloud)
        learnt = Ensemble(ensemble.model, number, make_learnt(cloud, ""))
        run = simulate_in_memory(case, learnt, np.arange(REPLICATES))
        later = [c for c in made if c.thing.time > moment and c.thing.series == "arrivals"]
        yield compare_counts(run, later)[0], cloud
        done = moment


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--particles", type=int, default=500)
    parser.add_argument("--twins", type=int, nargs="+", default=[1, 2, 3, 5, 8, 13])
    asked = parser.parse_args()
    case = read_scenario(CASE)
    scores: list[list[float]] = []
    for number in asked.twins:
        rows = []
        for said, cloud in forecast_twin(case, number, asked.particles):
            crps = float(np.mean([measure_crps(e.ensemble, e.count.number) for e in said]))
            ends = [np.quantile(e.ensemble, [0.05, 0.95]) for e in said]
            inside = np.mean([low <= e.count.number <= high for e, (low, high) in zip(said, ends, strict=True)])
            rows.append((crps, inside, len(np.unique(cloud.origins))))
        scores.append([crps for crps, _, _ in rows])
        told = "; ".join(f"CRPS {c:,.0f}, {i:.0%} inside, {a} ancestors" for c, i, a in rows)
        print(f"course {number}, as of {HOURS} h: {told}", flush=True)
    print(f"mean CRPS {np.mean(scores):,.0f}, by moment {np.mean(scores, axis=0).round()}")


if __name__ == "__main__":
    main()
