"""Compare in a browser: what is chosen and the hour stand in the address, by keyboard, back and reload; runs beside variants."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from accessible import find_grave
from screens import Tab
from serving import ENGINE_SECONDS, Served, serve_folder

import corridor as co

pytestmark = pytest.mark.slow
RUN = "a run <b>&"


@pytest.fixture(scope="module")
def with_runs(short_case: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a stored run, beside which stand one with another seed and one with a hostile name."""
    runs = tmp_path_factory.mktemp("runs")
    case = co.read(short_case)
    for name, seed in (("one", 3), ("another seed", 4), (RUN, 3)):
        co.run(case, runs / name, replicates=20, seed=seed)
    with serve_folder(runs / "one") as server:
        yield server


def wait_whole(page: Any) -> None:
    """Wait for the whole answer, and for its charts: they are drawn a frame later, when their width is known."""
    page.locator("#state", has_text="200 replicates.").wait_for(timeout=1000 * ENGINE_SECONDS)
    page.locator(".charts .chart:not(:has(svg))").wait_for(state="detached")


def test_variants_beside_the_case(page_at: Callable[..., Tab]) -> None:
    tab = page_at(1400)
    page = tab.open_screen("compare")
    wait_whole(page)
    assert page.locator("h2").all_inner_texts()[:3] == ["Over time", "In all", "Who gets less"]
    assert page.locator(".charts svg").count() == 2
    assert page.locator(".lead").count() == 1
    assert find_grave(page) == []
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_all_of_it_stands_in_the_address(page_at: Callable[..., Tab]) -> None:
    tab = page_at(390)
    page = tab.open_screen("compare")
    wait_whole(page)
    if page.locator("#compare-add").count():
        page.locator("#compare-add").press("Enter")
        page.locator("#compare-c").wait_for()
    page.locator("#compare-hour").focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    page.locator("#compare-number").select_option("inside")
    wait_whole(page)
    shown = page.locator("main").inner_text()
    assert "number=inside" in page.url
    assert "at=" in page.url
    page.reload()
    wait_whole(page)
    assert page.locator("main").inner_text() == shown
    page.go_back()
    wait_whole(page)
    assert "number=inside" not in page.url
    assert page.locator("#compare-number").input_value() == "arrivals"
    assert not tab.has_sideways_scrolling()


def test_stored_runs(page_at: Callable[..., Tab], with_runs: Served) -> None:
    """One of the same luck pairs; one of another is shown beside it, and why no difference is."""
    tab = page_at(1400, with_runs)
    page = tab.open_screen("compare", a="run:one", b="run:another seed", c=f"run:{RUN}")
    wait = page.locator("#state", has_text="20 replicates.")
    wait.wait_for(timeout=1000 * ENGINE_SECONDS)
    assert "the seed is 3 and 4" in page.locator(".warning").inner_text()
    assert page.locator(".lead").count() == 1
    assert RUN in page.locator("main").inner_text()
    assert page.locator("main b b").count() == 0


def test_what_cannot_be_compared_is_left_out(page_at: Callable[..., Tab]) -> None:
    """An address that somebody made up shows the first two that there are, at the end."""
    page = page_at(1400).open_screen(
        "compare", a="variant:../x", b="run:/etc/passwd", at="never", edits="{broken", number="x"
    )
    wait_whole(page)
    assert page.locator("#compare-a").input_value() == "case"
    assert page.locator(".lead").count() == 1
