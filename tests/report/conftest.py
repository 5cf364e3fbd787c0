"""What the tests of the briefing share: a run of the worked case, and briefings written once."""

from __future__ import annotations

from pathlib import Path

import pytest

from corridor.forecast.findings import find
from corridor.front.briefing import report
from corridor.report.envelope import Figure
from corridor.report.figures import describe_figures
from corridor.results.findings import Findings
from corridor.results.result import Result
from corridor.results.run import run
from corridor.scenario.scenario import read_scenario


@pytest.fixture(scope="session")
def case_result(tmp_path_factory: pytest.TempPathFactory, worked_case: Path) -> Result:
    """Return a run of the worked case as known on 22 September, when the way may never open."""
    out = tmp_path_factory.mktemp("case") / "run"
    return run(read_scenario(worked_case), out, "as-of-22-september", replicates=40, seed=7)


@pytest.fixture(scope="session")
def case_findings(case_result: Result) -> Findings:
    """Return what is found out about that run without measuring effects."""
    return find(case_result, quick=True)


@pytest.fixture(scope="session")
def case_page(case_result: Result) -> str:
    """Return the briefing of the worked case."""
    return Path(report(case_result, quick=True)["report"]).read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def small_findings(small_result: Result) -> Findings:
    """Return what is found out about the run of the template scenario without measuring effects."""
    return find(small_result, quick=True)


@pytest.fixture(scope="session")
def small_figures(small_result: Result, small_findings: Findings) -> dict[str, Figure]:
    """Return the figures of the run of the template scenario."""
    return describe_figures(small_result, small_findings)


@pytest.fixture(scope="session")
def small_page(small_result: Result, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the briefing of the template scenario."""
    path = tmp_path_factory.mktemp("page") / "briefing.html"
    report(small_result, path, quick=True)
    return path.read_text(encoding="utf-8")
