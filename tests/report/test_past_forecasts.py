"""The page of past forecasts: says what the board says, draws what it is given, asks for nothing."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import corridor as co
from corridor.report.board import say_board
from corridor.report.past_forecasts import MOST_PANELS, describe_past, draw_pictures
from corridor.results.counts import Compared
from corridor.scenario.counts import Count, Thing
from corridor.words.writing import write

START = datetime(2025, 3, 4)


def count(moment: datetime, series: str = "arrivals", exit_: str = "", **more: float) -> Count:
    hours = (moment - START) / timedelta(hours=1)
    value = None if more else 1000 + 90 * hours
    return Count(Thing(series, "", "", exit_, None, moment), value, more.get("low"), None, None, "stated", moment)


def make(days: int = 8, error: float = 0.0, title: str = "A board") -> co.Board:
    """Return a board of forecasts of a steady flow, one a day, all wrong by the same."""
    luck, made = np.random.default_rng(1), []
    for day in range(days):
        moment, said = START + timedelta(days=day), []
        for hours in (6, 20, 40, 70, 100):
            later = moment + timedelta(hours=hours)
            for series, exit_ in (("arrivals", ""), ("arrivals", "west"), ("vehicles", "")):
                one = count(later, series, exit_)
                said.append(Compared(one, one.number + error + luck.normal(0, 200, 60)))
            said.append(Compared(count(later, exit_="east", low=900.0), luck.normal(2000, 50, 60)))
        known = tuple(count(moment - timedelta(hours=h), s) for h in (20, 2) for s in ("arrivals", "vehicles"))
        made.append(co.AsOf(moment, known, tuple(said), luck.uniform(20_000, 90_000, 60)))
    return co.score_forecasts(made, title, "An example.")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("past") / "past.html"
    make(title="Beyond <script>alert(1)</script> & \u202eco").report(path)
    return path


@pytest.mark.slow
def test_the_page_is_one_file_that_asks_for_nothing(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert "<script" not in text
    assert "http" not in text.replace("http-equiv", "").replace("http://www.w3.org/2000/svg", "")
    assert "\u202e" not in text
    for words in (
        "An example.",
        "By lead time",
        "By moment",
        "By exit, place and area",
        "Every count (160)",
        "&gt; 900",
    ):
        assert words in text, words
    assert text.count("<figure>") == 4, "bands and errors by lead time, of arrivals and of vehicles"


@pytest.mark.slow
def test_a_file_that_is_there_is_left_alone_unless_asked(page: Path) -> None:
    with pytest.raises(co.UsageError, match="exists"):
        make(2).report(page)


@pytest.mark.slow
def test_pictures_are_whole_and_show_no_more_moments_than_can_be_read() -> None:
    board = make(11)
    document = board.document
    pictures = draw_pictures(document, {})
    for picture in pictures:
        assert ET.fromstring(picture["svg"]).find("{http://www.w3.org/2000/svg}title") is not None
    past = describe_past(document["counts"], {}, "arrivals")
    moments = [panel["moment"] for panel in past["panels"]]
    assert len(moments) == MOST_PANELS
    assert (moments[0], moments[-1]) == (START.isoformat(), (START + timedelta(days=10)).isoformat())
    assert past["moments"] == 11
    assert write(pictures[0]["caption"]).startswith("6 of 11 moments")


@pytest.mark.slow
@pytest.mark.parametrize("days", [1, 2, 3])
def test_few_moments_are_drawn_as_well(days: int) -> None:
    assert len(draw_pictures(make(days).document, {})) == 4


def test_the_words_say_when_a_naive_rule_was_better_and_ranges_promised_too_much() -> None:
    good, bad = (" ".join(map(write, say_board(board.table))) for board in (make(), make(error=5000)))
    assert "a naive rule was better: up to 12 h, 12 to 24 h, 24 to 48 h, 48 to 72 h" in bad
    assert "promised more than was known" in bad
    assert "promised more" not in good
    assert "as of 8 moments" in good


def test_a_board_is_shown_as_text_and_in_a_notebook() -> None:
    board = make(2)
    text = str(board)
    assert text.index("arrivals\n") < text.index("arrivals, increments") < text.index("vehicles\n")
    assert "48 to 72 h" in text
    assert "<table" in board._repr_html_()
    assert len(board.to_frame()) == len(board.table)
    assert "nothing to score" in str(co.score_forecasts([]))


@pytest.mark.slow
@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_opens_alone(browser: Any, page: Path, width: int) -> None:
    """One request, for the file itself; nothing on the console; no sideways scrolling; letters that can be read."""
    tab = browser.new_page(viewport={"width": width, "height": 900})
    asked: list[str] = []
    said: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda message: said.append(message.text))
    tab.goto(page.as_uri())
    tab.locator("summary").click()
    assert (asked, said) == ([page.as_uri()], [])
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    heights = "[...document.querySelectorAll('figure svg text')].map(t => t.getBoundingClientRect().height)"
    assert min(height for height in tab.evaluate(heights) if height) >= 8
    tab.close()
