"""The documentation site, built and opened from a folder with every host name blocked: nothing is asked for outside, the search answers."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the built site."""
    pytest.importorskip("mkdocs", reason="the group docs is not installed (make docs)")
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", str(folder)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.slow
def test_no_page_names_a_file_of_another_site(site: Path) -> None:
    """Scripts, styles, fonts and pictures come with the pages."""
    pages = list(site.rglob("*.html"))
    assert len(pages) >= 14
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert not re.findall(r'(?:src|<link[^>]+href)="(?:https?:)?//[^"]*"', text), page.name


@pytest.mark.slow
def test_every_call_of_the_front_door_is_described(site: Path) -> None:
    """The page of calls has an entry for each name that `corridor` offers."""
    import corridor

    page = (site / "python.html").read_text(encoding="utf-8")
    for name, module in corridor.CALLS.items():
        assert re.search(rf'id="corridor\.[\w.]*\b{name}"', page), f"{name} of {module}"


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (apt-get install chromium)")
def test_the_search_answers_from_a_folder(site: Path) -> None:
    """Typed words lead to the page that holds them, without a request to any host."""
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--host-resolver-rules=MAP * ~NOTFOUND", "--no-sandbox"]
        )
        tab = browser.new_page(viewport={"width": 1280, "height": 900})
        asked: list[str] = []
        tab.on("request", lambda request: asked.append(request.url))
        tab.goto((site / "index.html").as_uri())
        tab.locator("input.md-search__input").press_sequentially("paired difference luck")
        tab.locator("a.md-search-result__link").first.wait_for(state="attached", timeout=15_000)
        links = tab.locator("a.md-search-result__link").evaluate_all("all => all.map(a => a.getAttribute('href'))")
        browser.close()
    assert any("concepts.html" in link or "how-to.html" in link or "deal.html" in link for link in links), links
    assert all(url.startswith(("file:", "data:")) for url in asked), asked
