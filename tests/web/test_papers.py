"""Papers of a plan in a real browser without a network: an order is one sheet of A4, and everything fits a telephone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import corridor as co

pytestmark = pytest.mark.slow

A4 = (688, 1032)  # px of a sheet within its margins of 14 and 12 mm


@pytest.fixture(scope="module")
def papers(worked_case: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("papers") / "PLAN"
    case = Path(shutil.copytree(worked_case, folder.parent / "case"))
    text = (case / "scenario.toml").read_text(encoding="utf-8")  # hours, which a public case does not tell, need room
    (case / "scenario.toml").write_text(text.replace('"public"', '"partners"'), encoding="utf-8")
    found = co.plan(co.read(case), days=4, start="2023-09-22", parameters="as-of-22-september")
    found.write(folder, "fr")
    co.ledger(co.read(worked_case), days=4).write(folder / "ledger")
    return folder


@pytest.fixture
def tab(browser: Any) -> Iterator[Any]:
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    yield page
    assert all(url.startswith(("file:", "data:")) for url in page.asked)
    context.close()


def test_an_order_is_one_sheet_of_paper(papers: Path, tab: Any) -> None:
    tab.set_viewport_size({"width": A4[0], "height": A4[1]})
    tab.emulate_media(media="print")
    tab.goto((papers / "orders.html").as_uri())
    heights = tab.evaluate("[...document.querySelectorAll('.order')].map(one => one.getBoundingClientRect().height)")
    assert len(heights) > 3
    assert max(heights) <= A4[1]
    assert tab.pdf(format="A4").count(b"/Type /Page\n") in (0, len(heights))


@pytest.mark.parametrize("name", ["orders.html", "timetable.html", "ledger/days-of-cover.html"])
@pytest.mark.parametrize("width", [390, 1400])
def test_a_paper_fits_its_window(papers: Path, tab: Any, name: str, width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 900})
    tab.goto((papers / name).as_uri())
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert len(tab.locator("body").inner_text()) > 100
