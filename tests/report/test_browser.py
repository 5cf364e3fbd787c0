"""The page in a real browser with every host name blocked: no request, no complaint, no sideways scrolling, prints."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from test_one_page import make_world

import corridor as co
from corridor.forecast.findings import find
from corridor.report.briefing import write_one_page
from corridor.results.findings import Findings
from corridor.results.result import Result, open_result
from worlds import place

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_opens_alone(browser: Any, case_page: str, tmp_path: Path, width: int) -> None:
    """One request, for the file itself; nothing on the console; no sideways scrolling; six answers in sight."""
    path = tmp_path / "report.html"
    path.write_text(case_page, encoding="utf-8")
    tab = browser.new_page(viewport={"width": width, "height": 900})
    asked: list[str] = []
    said: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.goto(path.as_uri())
    for summary in tab.locator("summary").all():
        summary.click()
    assert asked == [path.as_uri()]
    assert said == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert tab.locator(".answers > li").count() == 6
    visible = [svg for svg in tab.locator("figure svg").all() if svg.is_visible()]
    assert len(visible) == 12
    heights = "[...document.querySelectorAll('figure svg text')].map(t => t.getBoundingClientRect().height)"
    assert min(height for height in tab.evaluate(heights) if height) >= 8
    tab.close()


def test_a_link_to_a_claim_opens_the_folded_list(browser: Any, case_page: str, tmp_path: Path) -> None:
    """Following a number to its claim needs no script."""
    path = tmp_path / "report.html"
    path.write_text(case_page, encoding="utf-8")
    tab = browser.new_page()
    tab.goto(path.as_uri())
    tab.goto(f"{path.as_uri()}#claim-c_population_120000")
    assert tab.locator("#claim-c_population_120000").is_visible()
    tab.close()


@pytest.fixture(scope="module")
def wide_result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """Return a run with five exits, desks, six items and long names."""
    long, outs = "A long name in two languages / Второе имя", [f"out{i}" for i in range(5)]
    items = [
        {"id": name, "name": name, "unit": "kg"} for name in ("flour", "water", "medicine", "soap", "tents", "tools")
    ]
    road = {"from": "town", "length_km": 10, "lanes": 1, "speed_kmh": 40, "capacity_per_lane": 60}
    return make_world(
        tmp_path_factory.mktemp("wide") / "world",
        places=[place("town", attractiveness="") | {"name": long}]
        + [place(out, "outside", attractiveness=1) | {"name": f"{long} {out}"} for out in outs],
        roads=[
            {**road, "id": f"to_{out}", "name": f"The road by the long bridge to {out}, {long}", "to": out}
            for out in outs
        ],
        items=items,
        needs=[{"item": item["id"], "per_day": 1} for item in items],
        stocks=[{"place": "town", "item": item["id"], "quantity": "3000..20000"} for item in items[:4]],
        desks=[{"id": f"desk_{out}", "place": out, "people_per_hour": 20, "wander": 0.2} for out in outs],
        fuel=[{"place": "town", "litres": 5000, "litres_per_hour": 0}],
    )


@pytest.fixture(scope="module")
def wide_findings(wide_result: Result) -> Findings:
    """Return what is found out about it, effects and levers measured, on its second day."""
    return find(wide_result, wide_result.times[30].isoformat())


@pytest.fixture(scope="module")
def ahead_result(tmp_path_factory: pytest.TempPathFactory, worked_case: Path) -> Result:
    """Return the run of a forecast of the worked case, whose page begins with what comes next."""
    folder = tmp_path_factory.mktemp("ahead") / "run"
    co.forecast(co.read(worked_case), "2023-09-26T20:00", folder, "replay", 20, co.Effort(100))
    return open_result(folder)


@pytest.fixture(scope="module")
def ahead_findings(ahead_result: Result) -> Findings:
    """Return what is found out about it without measuring effects."""
    return find(ahead_result, quick=True)


@pytest.mark.parametrize("case", ["case", "small", "wide", "ahead"])
def test_page_one_is_one_page(browser: Any, request: pytest.FixtureRequest, case: str, tmp_path: Path) -> None:
    """One sheet of A4 alone; a screen and a half on a desk, no sideways scrolling on a telephone; no request."""
    path = tmp_path / "one-page.html"
    write_one_page(request.getfixturevalue(f"{case}_result"), request.getfixturevalue(f"{case}_findings"), path)
    for width in (1200, 390):
        tab = browser.new_page(viewport={"width": width, "height": 900})
        asked: list[str] = []
        tab.on("request", lambda request, asked=asked: asked.append(request.url))
        tab.goto(path.as_uri())
        assert asked == [path.as_uri()]
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        assert case in ("wide", "ahead") or width < 1200 or tab.locator(".page-one").bounding_box()["height"] <= 1350
        assert count_pages(tab.pdf(prefer_css_page_size=True)) == 1
        tab.close()


def count_pages(printed: bytes) -> int:
    return printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ")


def test_the_page_prints(browser: Any, case_page: str, tmp_path: Path) -> None:
    """A4, more than one page and fewer than forty: the annex grows with the case."""
    path = tmp_path / "report.html"
    path.write_text(case_page, encoding="utf-8")
    tab = browser.new_page()
    tab.goto(path.as_uri())
    printed = tab.pdf(format="A4")
    assert printed.startswith(b"%PDF")
    assert 1 < count_pages(printed) < 40
    tab.close()
