"""What the tests of the briefing share: a run of the worked case, and briefings written once."""

from __future__ import annotations

from pathlib import Path

import pytest

from corridor.forecast.score import score_result
from corridor.report.briefing import write_briefing
from corridor.results.result import Result
from corridor.results.run import run
from corridor.scenario.scenario import read_scenario


@pytest.fixture(scope="session")
def case_result(tmp_path_factory: pytest.TempPathFactory, worked_case: Path) -> Result:
    """Return a run of the worked case as known on 22 September, when the way may never open."""
    out = tmp_path_factory.mktemp("case") / "run"
    return run(read_scenario(worked_case), out, "as-of-22-september", replicates=40, seed=7)


@pytest.fixture(scope="session")
def case_page(case_result: Result) -> str:
    """Return the briefing of the worked case."""
    document = write_briefing(case_result, score=score_result(case_result))
    return Path(document["report"]).read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def small_page(small_result: Result, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the briefing of the template scenario, without scores."""
    path = tmp_path_factory.mktemp("page") / "briefing.html"
    write_briefing(small_result, path)
    return path.read_text(encoding="utf-8")
