"""The page as one file: alone in a browser from the disk, the same tables as the live page's, and what it refuses."""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from accessible import find_grave
from screens import Tab
from serving import ENGINE_SECONDS, serve_folder

import corridor as co
from command import call
from corridor.web.static import LARGEST, write_html

SCREENS = ("now", "what-if", "compare")


@pytest.fixture(scope="module")
def stored(short_case: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("static") / "a run <b>&"
    co.run(co.read(short_case), folder, replicates=200)
    return folder


@pytest.fixture(scope="module")
def written(stored: Path) -> Path:
    done = call("report", stored, "--static", "--quick", "--json")
    assert (done.code, done.stderr) == (0, "")
    document = json.loads(done.stdout)
    path = Path(document["report"])
    assert path == stored / "static.html"
    assert document["bytes"] == path.stat().st_size < LARGEST
    assert document["replicates"] == 200
    return path


def read_kept(page: str) -> Any:
    packed = re.search(r'id="kept">([^<]+)<', page)
    assert packed is not None
    return json.loads(zlib.decompress(base64.b64decode(packed[1])))


@pytest.mark.slow
def test_what_it_keeps_is_what_a_run_says(written: Path, stored: Path, short_case: Path) -> None:
    """People out in the end, as it is and under a variant, are those of runs that were made by themselves."""
    kept = read_kept(written.read_text(encoding="utf-8"))
    variants = [option["variant"] for option in kept["options"] if option["kind"] == "variant"]
    assert variants
    case, base = co.read(short_case), co.open_run(stored)
    for name, run in (("case", base), (f"variant:{variants[0]}", co.run(case.variant(variants[0]), replicates=200))):
        told = kept["answers"][name]["fans"]["arrivals"]
        out = sorted(run.take("arrivals")[:, -1])
        assert abs(told["q50"][-1] - (out[99] + out[100]) / 2) <= 0.5
        series = next(row for row in kept["series"][name]["rows"] if row["measure"] == "arrivals")
        assert series["range"][1][-1] == told["q50"][-1]


@pytest.mark.slow
def test_options_of_the_command(stored: Path, tmp_path: Path) -> None:
    assert call("report", stored, "--static", "--one-page").code == 2
    assert call("report", stored, "--static", "--moment", "2025-03-04").code == 2
    (tmp_path / "there.html").write_text("mine")
    assert call("report", stored, "--static", "--quick", "--out", tmp_path / "there.html").code == 2
    assert call("report", stored, "--static", "--quick", "--out", tmp_path).code == 2
    assert (tmp_path / "there.html").read_text() == "mine"


@pytest.mark.slow
def test_a_file_that_would_be_too_large_keeps_fewer_levers(
    monkeypatch: pytest.MonkeyPatch, written: Path, stored: Path
) -> None:
    kept = read_kept(written.read_text(encoding="utf-8"))
    lever = {
        "kind": "lever",
        "name": "lever:x",
        "end": "low",
        "value": "1",
        "who": "",
        "what": "x",
        "unit": "",
        "text": "1..2",
    }
    for end in ("low", "high"):
        kept["options"].append(lever | {"name": f"lever:x:{end}", "end": end})
        kept["answers"][f"lever:x:{end}"] = kept["answers"]["case"]
        kept["series"][f"lever:x:{end}"] = kept["series"]["case"]
    monkeypatch.setattr("corridor.front.page.kept.describe_kept", lambda *_: kept)
    monkeypatch.setattr("corridor.web.static.LARGEST", len(write_html(kept)) - 1)
    told = co.write_static(stored, stored / "smaller.html")
    assert not any("lever" in name for name in told["what_ifs"])


@pytest.fixture
def tab_of(browser: Any) -> Iterator[Callable[..., tuple[Any, list[str], list[str]]]]:
    contexts = []

    def open_file(path: Path, width: int) -> tuple[Any, list[str], list[str]]:
        contexts.append(browser.new_context(viewport={"width": width, "height": 900}, offline=True))
        page, said, asked = contexts[-1].new_page(), [], []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        return page, said, asked

    yield open_file
    for context in contexts:
        context.close()


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1400])
def test_it_opens_alone(tab_of: Callable[..., Any], written: Path, width: int) -> None:
    """From the disk, with the network cut: one request, for itself; three screens; nothing on the console; it prints."""
    page, said, asked = tab_of(written, width)
    page.locator("#notice", has_text="Computed beforehand").wait_for()
    assert "a run <b>&" in page.locator("#notice").inner_text()
    for name in SCREENS:
        page.locator(f"#to-{name}").click()
        page.locator(f".screen.{name} svg").first.wait_for(state="attached")
        assert find_grave(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.pdf(format="A4").startswith(b"%PDF")
    assert page.locator("#screens a").count() == len(SCREENS)
    assert (said, [url for url in asked if not url.startswith("file:")], asked.count(written.as_uri())) == ([], [], 1)


@pytest.mark.slow
def test_a_number_is_explained(tab_of: Callable[..., Any], written: Path) -> None:
    page, said, _ = tab_of(written, 1400)
    page.locator(".number").first.click()
    page.locator("dialog h3").first.wait_for()
    assert said == []


@pytest.mark.slow
def test_its_tables_are_those_of_the_live_page(
    tab_of: Callable[..., Any], page_at: Callable[..., Tab], written: Path, stored: Path
) -> None:
    """The same choice at the same hour, word for word."""
    with serve_folder(stored) as server:
        kept, said, _ = tab_of(written, 1400)
        kept.locator("#to-compare").click()
        kept.locator("#compare-b").wait_for()
        second, hour = kept.locator("#compare-b").input_value(), read_kept(written.read_text())["times"][40]
        kept.goto("about:blank")  # what stood there before must not be taken for the answer
        kept.goto(f"{written.as_uri()}#compare?a=case&b={second}&at={hour}")
        kept.locator("#state", has_text="200 replicates.").wait_for()
        live = page_at(1400, server).open_screen("compare", a="case", b=second, at=hour)
        live.locator("#state", has_text="200 replicates.").wait_for(timeout=1000 * ENGINE_SECONDS)
        for part in (".leads", ".tables"):
            assert read_lines(kept, part) == read_lines(live, part)
        assert said == []


@pytest.mark.slow
def test_the_case_stays_first(tab_of: Callable[..., Any], written: Path) -> None:
    """What was computed is the difference to the case: no address puts something else in its place."""
    option = read_kept(written.read_text(encoding="utf-8"))["options"][1]
    for address in (f"b={option['name']}", f"a={option['name']}", f"a={option['name']}&b=case"):
        page, said, _ = tab_of(written, 1400)
        page.goto("about:blank")
        page.goto(f"{written.as_uri()}#compare?{address}")
        page.locator("#state", has_text="200 replicates.").wait_for()
        assert page.locator("#compare-a").input_value() == "case"
        assert page.locator("#compare-b").input_value() == option["name"]
        assert said == []


def read_lines(page: Any, part: str) -> list[str]:
    """Return the lines of a part in order of letters: rows whose numbers are the same may stand either way."""
    return sorted(page.locator(part).inner_text().splitlines())
