"""What was learnt is passed through again: by any replicates, alone or in company, to the last person (rule 17)."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import corridor as co
from conserve.choices import worlds_of_choice
from conserve.generate import HOURS, MANY
from corridor.forecast.cloud import Cloud, begin_cloud, move_to, resample
from corridor.forecast.filter import Effort, learn, make_learnt
from corridor.scenario.faults import FaultsError
from corridor.scenario.scenario import Scenario
from corridor.simulate.batch import conservation_error
from corridor.simulate.compile import compile_model
from corridor.simulate.ensemble import Ensemble, prepare
from corridor.simulate.learnt import write_learnt
from worlds import write_world

MOMENT = datetime(2025, 3, 4, 20)
PARTICLES = 40


COUNTS = """time,since,series,area,value,low,status,published
2025-03-03T08:00,,arrivals,,300,,stated,2025-03-03T09:00
2025-03-03T20:00,,arrivals,,,500,stated,2025-03-03T21:00
2025-03-04T08:00,,arrivals,,1200,,stated,2025-03-04T09:00
2025-03-04T16:00,2025-03-04T08:00,arrivals,outside,900,,stated,2025-03-04T17:00
"""


@pytest.fixture(scope="module")
def case(short_case: Path, tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    folder = tmp_path_factory.mktemp("learnt") / "case"
    shutil.copytree(short_case, folder)
    (folder / "observations" / "arrivals.csv").write_text(COUNTS)
    return co.read(folder)


@pytest.fixture(scope="module")
def cloud(case: Scenario) -> Cloud:
    """Return particles that have read what the template counts."""
    return learn(case, prepare(case, "", 3), MOMENT, Effort(PARTICLES))


@pytest.fixture(scope="module")
def ensemble(case: Scenario, cloud: Cloud) -> Ensemble:
    """Return an ensemble of another seed that passes through what was learnt."""
    return replace(prepare(case, "", 77), learnt=make_learnt(cloud, ""))


def require_same_course(cloud: Cloud, ensemble: Ensemble, replicates: int) -> None:
    """Replicates hold at each moment up to the last stage what their particles held, in every column tracked."""
    assert ensemble.learnt is not None
    numbers = np.arange(replicates)
    record = ensemble.simulate(numbers)
    assert conservation_error(record) == 0
    assert record.counts.min() >= 0
    particles = ensemble.learnt.choose(numbers)
    for k, column in enumerate(cloud.columns):
        said = np.rint(record.take(column)[:, : cloud.moment + 1])
        np.testing.assert_array_equal(said, cloud.tracked[: cloud.moment + 1, particles, k].T, str(column))


@pytest.mark.slow
def test_replicates_pass_through_the_courses_of_their_particles(cloud: Cloud, ensemble: Ensemble) -> None:
    """Rule 17: luck and numbers of every stage, so the same people at every moment; afterwards luck of their own."""
    assert len(cloud.steps) >= 2, "numbers moved on the way"
    require_same_course(cloud, ensemble, 2 * PARTICLES)
    picked = ensemble.learnt.choose(np.arange(2 * PARTICLES)) if ensemble.learnt else np.zeros(0)
    end = ensemble.simulate(np.arange(2 * PARTICLES)).counts[:, -1]
    same = [end[picked == particle] for particle in np.unique(picked)]
    assert any((lines != lines[0]).any() for lines in same if len(lines) > 1), "two that share a past part afterwards"


def repeat_world(world: Any, moments: list[int], seed: int) -> None:
    """Particles chosen by weights that mean nothing, in worlds with everything: copies, new luck, moved numbers."""
    step_minutes, tables, parameters = world
    for row in tables["people"]:
        row["people"] = f"{row['people'] // 2}..{row['people']}"
    parameters |= {"share_staying": "0..0.5", "people_scale": "0.5..1"}
    with tempfile.TemporaryDirectory() as name:
        try:
            model = compile_model(write_world(Path(name), HOURS, step_minutes, 60, parameters, **tables), "")
        except FaultsError:
            return
    cloud = begin_cloud(Ensemble(model, seed), [], 8)
    for moment in sorted(moments):
        move_to(cloud, moment, lambda moments: None)
        cloud.logs = 2.0 * np.random.default_rng([seed, moment]).standard_normal(8)
        resample(cloud)
    require_same_course(cloud, Ensemble(model, 77, make_learnt(cloud, "")), 16)


moved = given(
    worlds_of_choice(), st.lists(st.integers(1, HOURS - 1), min_size=1, max_size=4, unique=True), st.integers(0, 9)
)


@pytest.mark.slow
@settings(max_examples=5, suppress_health_check=list(HealthCheck))
@moved
def test_generated_worlds_are_passed_through_again(world: Any, moments: list[int], seed: int) -> None:
    repeat_world(world, moments, seed)


@pytest.mark.slow
@settings(max_examples=MANY // 5, suppress_health_check=list(HealthCheck))
@moved
def test_many_generated_worlds_are_passed_through_again(world: Any, moments: list[int], seed: int) -> None:
    repeat_world(world, moments, seed)


@pytest.mark.slow
def test_any_number_of_workers_gives_the_same_bytes(case: Scenario, cloud: Cloud, tmp_path: Path) -> None:
    """A stored run of a set that has learnt, by one process and by two."""
    folder = tmp_path / "case"
    shutil.copytree(case.folder, folder)
    (folder / "fitted").mkdir()
    (folder / "fitted" / "f.csv").write_text(write_learnt(make_learnt(cloud, "unknown"), 0.25, []))
    with (folder / "scenario.toml").open("a") as settings_file:
        settings_file.write('default_set = "f"\n[sets.f]\ntitle = "F"\nknown_until = 2025-03-04\n')
        settings_file.write('fitted_until = 2025-03-04T20:00:00\ndraws = "fitted/f.csv"\n')
    runs = [co.run(co.read(folder), replicates=12, seed=4, save=tmp_path / str(n), workers=n) for n in (1, 2)]
    np.testing.assert_array_equal(runs[0]["arrivals"], runs[1]["arrivals"])
    np.testing.assert_array_equal(runs[0]["at_place"], runs[1]["at_place"])


@pytest.mark.slow
def test_a_replicate_is_the_same_alone_as_in_company(ensemble: Ensemble) -> None:
    together = ensemble.simulate(np.arange(6))
    for number in (0, 4):
        alone = ensemble.simulate(np.array([number]))
        np.testing.assert_array_equal(alone.counts[0], together.counts[number])
        np.testing.assert_array_equal(alone.measures[0], together.measures[number])
