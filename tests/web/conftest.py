"""What the tests of the page share: a small case served read only and for editing, and a browser that reaches this machine alone.

A test of a screen:

    pytestmark = IN_BROWSER
    def test_something(page_at):
        tab = page_at(1400)
        page = tab.open_screen("now")
        assert page.locator("h2").count() > 2

At the end of it the console must have stayed clean and nobody else have been asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from screens import ARGUMENTS, CHROMIUM, Tab, open_tab
from serving import Served, serve_folder


@pytest.fixture(scope="session")
def served(short_case: Path) -> Iterator[Served]:
    """Serve a small case read only, for all tests."""
    with serve_folder(short_case) as server:
        yield server


@pytest.fixture
def served_edit(small_folder: Path) -> Iterator[Served]:
    """Serve a small case of the test's own, into which the page may write."""
    with serve_folder(small_folder, edit=True) as server:
        yield server


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Return a browser that can reach no host but this machine."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine (apt-get install chromium)")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def page_at(browser: Any, served: Served) -> Iterator[Callable[..., Tab]]:
    """Return what opens a window of a width in px, on the small case or on another server."""
    tabs: list[Tab] = []

    def open_at(width: int = 1400, server: Served = served, **more: Any) -> Tab:
        tabs.append(open_tab(browser, server, width, **more))
        return tabs[-1]

    yield open_at
    for tab in tabs:
        tab.page.context.close()
    for tab in tabs:
        tab.require_clean()


@pytest.fixture
def open_screen(page_at: Callable[..., Tab]) -> Callable[..., Any]:
    """Return what opens a screen of the small case and returns the browser's page."""

    def open_named(name: str, width: int = 1400, **values: str) -> Any:
        return page_at(width).open_screen(name, **values)

    return open_named
