"""Now: page one as of any moment says what a fresh briefing of that moment says, and nothing published later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from screens import Tab
from serving import serve_folder

import corridor as co
from corridor.forecast.findings import find
from corridor.front.page.now import LiveBriefing
from corridor.front.page.numbers import explain_number
from corridor.report.one_page import describe_page
from corridor.results.moments import list_known_counts
from relief_world import relief_world


@pytest.fixture(scope="module")
def briefing(worked_case: Path) -> LiveBriefing:
    return LiveBriefing(co.run(co.read(worked_case), replicates=20))


def write_plain(pieces: list[Any]) -> str:
    return "".join(piece if isinstance(piece, str) else piece["text"] for piece in pieces)


def moments_of(briefing: LiveBriefing) -> list[str]:
    times = briefing.run.times
    return [times[len(times) * share // 10].isoformat(timespec="minutes") for share in (3, 4, 6, 9)]


@pytest.mark.slow
def test_it_says_what_a_briefing_of_that_moment_says(briefing: LiveBriefing) -> None:
    for moment in moments_of(briefing):
        now, page = (
            briefing.describe(moment),
            describe_page(briefing.run.result, find(briefing.run.result, moment, True)),
        )
        said = {p["title"]: [" ".join(map(write_plain, line)) for line in p["lines"]] for p in now["parts"]}
        assert said == page.describe()["parts"]
        shown = [[cell and cell["text"] for cell in row["cells"]] for row in now["expected"]["rows"]]
        assert shown == [[c and c["text"] for c in row["cells"]] for row in page.describe()["expected"]["rows"]]


@pytest.mark.slow
def test_what_was_published_later_is_left_out(briefing: LiveBriefing) -> None:
    for moment in moments_of(briefing):
        shown = briefing.describe(moment)["chart"]["counts"]
        assert all(count["time"] <= moment for count in shown)
        everything = briefing.describe(briefing.run.times[-1].isoformat())["chart"]["counts"]
        known = {c.number for c in list_known_counts(briefing.run.result, briefing.move(moment).moment)}
        assert [c for c in shown if c["value"] not in known] == []
        assert len(shown) <= len(everything)


@pytest.mark.slow
def test_every_number_opens_counts_known_by_then_with_claims(briefing: LiveBriefing) -> None:
    moment = moments_of(briefing)[2]
    now, findings = briefing.describe(moment), briefing.move(moment)
    pieces = [
        p for part in now["parts"] for line in part["lines"] for said in line for p in said if isinstance(p, dict)
    ]
    pieces += [cell for row in now["expected"]["rows"] for cell in row["cells"] if cell]
    assert len(pieces) > 10
    counted = 0
    for piece in pieces:
        found = explain_number(briefing.run.result, findings, piece["quantity"], piece["scope"])
        assert all(count["time"] <= moment for count in found["counts"])
        if found["counted"]:
            counted += 1
            assert any(count["claims"] for count in found["counts"])
            assert not found["inputs"]
    assert counted


@pytest.mark.slow
def test_a_moment_outside_the_period_is_refused(briefing: LiveBriefing) -> None:
    late = (briefing.run.times[-1] + timedelta(hours=1)).isoformat()
    with pytest.raises(co.UsageError, match="outside the run's period"):
        briefing.describe(late)


@pytest.mark.slow
def test_slider_back_and_reload_keep_the_moment(page_at: Callable[..., Tab]) -> None:
    tab = page_at(1400)
    page = tab.open_screen("now")
    page.locator("section").first.wait_for()
    today = page.locator("#as-of").input_value()
    page.locator(".as-of button").first.click()
    tab.settle()
    assert "moment=" in page.url
    earlier = page.locator("#as-of").input_value()
    assert int(earlier) == int(today) - 24
    page.reload()
    page.locator("section").first.wait_for()
    assert page.locator("#as-of").input_value() == earlier
    page.go_back()
    page.locator(f".as-of output[data-hour='{today}']").wait_for()
    assert page.locator("#as-of").input_value() == today


@pytest.mark.slow
def test_a_number_opens_what_it_rests_on_by_keyboard(page_at: Callable[..., Tab]) -> None:
    tab = page_at(1400)
    page = tab.open_screen("now")
    number = page.locator(".number").first
    number.focus()
    page.keyboard.press("Enter")
    page.locator("dialog h3").first.wait_for()
    page.keyboard.press("Escape")
    page.locator("dialog").wait_for(state="detached")
    assert page.evaluate("document.activeElement.className") == "number"


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1400])
def test_cover_stands_on_the_page_and_fits(page_at: Callable[..., Tab], tmp_path: Path, width: int) -> None:
    """A stock in days with its range, what is not known as such, and no network asked for any of it."""
    stocks = [{"place": "town", "item": "food", "quantity": "800..3200"}]
    relief_world(tmp_path / "case", 72, stocks=stocks)
    with serve_folder(tmp_path / "case") as server:
        tab = page_at(width, server)
        page = tab.open_screen("now")
        page.locator(".cover tbody tr").first.wait_for()
        cells = page.locator(".cover td b, .cover td span").all_inner_texts()
        assert "not known" in cells
        assert any(cell[0].isdigit() for cell in cells)
        assert page.locator(".cover-bar .unknown").count() == 1
        assert not tab.has_sideways_scrolling()
