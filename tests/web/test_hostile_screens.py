"""A case with hostile text in every cell, in its folder's name, in the titles of its variants: shown as text, on every screen."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from screens import SCREENS, Tab
from serving import Served, serve_folder

from corridor.scenario.create import create_scenario
from hostile.test_text import HOSTILE, TABLES, spoil

pytestmark = pytest.mark.slow
NAME = "<img src=x onerror=window.taken=1>\u202e'\"&"
STRANGE = (
    "main img, main iframe, main object, main embed, main link, main style, body script, main [onerror], main [onload]"
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("hostile") / NAME
    create_scenario(folder)
    for name, text in TABLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    assert spoil(folder) > 100
    for number, text in enumerate(HOSTILE):
        title = json.dumps(text, ensure_ascii=True)
        if "\\ud" not in title.lower():  # halves of characters are no TOML
            (folder / "variants" / f"v{number}.toml").write_text(f"title = {title}\n", encoding="utf-8")
    with serve_folder(folder, edit=True) as server:
        yield server


@pytest.mark.parametrize("width", [390, 1400])
@pytest.mark.parametrize("name", SCREENS)
def test_hostile_text_is_text(page_at: Callable[..., Tab], hostile: Served, name: str, width: int) -> None:
    tab = page_at(width, hostile)
    page = tab.open_screen(name)
    page.locator("details:not([open]) > summary").evaluate_all("all => all.forEach((one) => one.click())")
    page.wait_for_timeout(300)
    assert page.evaluate("window.taken") is None
    assert page.locator(STRANGE).count() == 0
    assert page.locator("a[href^='javascript:'], a[href^='data:'], a[href^='//'], a[href^='http']").count() == 0
    assert page.locator("#title").inner_text() == HOSTILE[1]
    assert not tab.has_sideways_scrolling()
