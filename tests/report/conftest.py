"""What the tests of the briefing share: a run of the worked case, and briefings written once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corridor.forecast.findings import find
from corridor.front.briefing import describe_deal
from corridor.report.briefing import write_briefing
from corridor.report.envelope import Figure
from corridor.report.figures import describe_figures
from corridor.results.findings import Findings
from corridor.results.result import Result
from corridor.results.run import run
from corridor.scenario.scenario import read_scenario

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Return a browser that can reach no host."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine (apt-get install chromium)")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--host-resolver-rules=MAP * ~NOTFOUND", "--no-sandbox"]
        )
        yield chromium
        chromium.close()


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
def case_page(case_result: Result, case_findings: Findings) -> str:
    """Return the briefing of the worked case."""
    document = write_briefing(case_result, case_findings, describe_deal(case_result))
    return Path(document["report"]).read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def small_findings(small_result: Result) -> Findings:
    """Return what is found out about the run of the template scenario without measuring effects."""
    return find(small_result, quick=True)


@pytest.fixture(scope="session")
def small_figures(small_result: Result, small_findings: Findings) -> dict[str, Figure]:
    """Return the figures of the run of the template scenario."""
    return describe_figures(small_result, small_findings)


@pytest.fixture(scope="session")
def small_page(small_result: Result, small_findings: Findings, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the briefing of the template scenario."""
    path = tmp_path_factory.mktemp("page") / "briefing.html"
    write_briefing(small_result, small_findings, describe_deal(small_result), path)
    return path.read_text(encoding="utf-8")
