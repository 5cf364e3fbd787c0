"""Every screen in a real browser: it opens, says something, complains of nothing, asks nobody else, and fits its window."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from accessible import find_grave
from screens import HEIGHT, SCREENS, Tab

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("width", [390, 1400])
@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_opens(page_at: Callable[..., Tab], name: str, width: int) -> None:
    tab = page_at(width)
    page = tab.open_screen(name)
    if page.locator(f"#to-{name}").count() == 0:
        pytest.skip("not a screen of this page")
    assert page.locator(f"#to-{name}[aria-current=page]").count() == 1
    assert len(page.locator("main").inner_text()) > 100
    assert not tab.has_sideways_scrolling()
    assert find_grave(page) == []


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_prints(page_at: Callable[..., Tab], name: str) -> None:
    page = page_at(1400).open_screen(name)
    assert page.pdf(format="A4").startswith(b"%PDF")
    page.set_viewport_size({"width": 700, "height": HEIGHT})  # about as wide as a sheet
    page.emulate_media(media="print")
    assert not page.locator("#screens").is_visible()
    assert page.locator("#sensitivity").is_visible()
    assert len(page.locator("main").inner_text()) > 100
    if name != "case":  # a table wider than paper is cut, as docs/page.md says
        assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
