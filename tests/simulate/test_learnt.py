"""What was learnt is passed through again: by any replicates, alone or in company, to the last person (rule 17)."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

import corridor as co
from corridor.forecast.filter import Cloud, Effort, learn, make_learnt
from corridor.scenario.scenario import Scenario
from corridor.simulate.batch import conservation_error
from corridor.simulate.ensemble import Ensemble, prepare

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


def test_replicates_pass_through_the_courses_of_their_particles(cloud: Cloud, ensemble: Ensemble) -> None:
    """Rule 17: luck and numbers of every stage, so the same people at every moment; afterwards luck of their own."""
    assert len(cloud.steps) >= 2, "numbers moved on the way"
    require_same_course(cloud, ensemble, 2 * PARTICLES)
    picked = ensemble.learnt.choose(np.arange(2 * PARTICLES)) if ensemble.learnt else np.zeros(0)
    end = ensemble.simulate(np.arange(2 * PARTICLES)).counts[:, -1]
    same = [end[picked == particle] for particle in np.unique(picked)]
    assert any((lines != lines[0]).any() for lines in same if len(lines) > 1), "two that share a past part afterwards"


def test_a_replicate_is_the_same_alone_as_in_company(ensemble: Ensemble) -> None:
    together = ensemble.simulate(np.arange(6))
    for number in (0, 4):
        alone = ensemble.simulate(np.array([number]))
        np.testing.assert_array_equal(alone.counts[0], together.counts[number])
        np.testing.assert_array_equal(alone.measures[0], together.measures[number])
