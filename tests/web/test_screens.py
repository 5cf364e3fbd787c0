"""Every screen in a real browser: it opens, says something, complains of nothing, asks nobody else, and fits its window."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from accessible import find_grave
from screens import SCREENS, Tab

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
