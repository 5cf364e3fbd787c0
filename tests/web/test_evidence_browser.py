"""Evidence in a real browser: by keyboard from a pasted report to a row; new counts to an updated forecast; hostile texts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from accessible import find_grave
from screens import Tab
from serving import Served

pytestmark = pytest.mark.slow

PARTS = ("reports", "claims", "conflicts", "counts", "plan", "deal")
REPORT = "2 March 2025\n\nThe government said 1,050 people had crossed at Border Town by Sunday evening.\n"
HOSTILE = "<img src=x onerror=alert(1)> said 40 people had come. 𝔘𝔫𝔦 👩‍👩‍👧 in Town about 50 people wait.\n" + REPORT


def write_report(page: Any, text: str) -> None:
    page.locator("#report").fill(text)
    page.locator(".write button.main").press("Enter")
    page.locator(".proposals li").first.wait_for()


@pytest.mark.parametrize("width", [390, 1400])
@pytest.mark.parametrize("part", PARTS)
def test_a_part_opens(page_at: Callable[..., Tab], part: str, width: int) -> None:
    tab = page_at(width)
    page = tab.open_screen("evidence", part=part)
    assert page.locator(f"#part-{part}[aria-current=page]").count() == 1
    assert len(page.locator(".part").inner_text()) > 30
    assert not tab.has_sideways_scrolling()
    assert find_grave(page) == []


def test_from_a_report_to_a_row_by_keyboard_alone(page_at: Callable[..., Tab], served_edit: Served) -> None:
    tab = page_at(1400, served_edit)
    page = tab.open_screen("evidence")
    page.locator("#report").focus()
    page.keyboard.insert_text(REPORT)
    while page.evaluate("document.activeElement.className") != "main":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(".proposals li").first.wait_for()
    while not page.evaluate("Boolean(document.activeElement.closest('.proposals'))"):
        page.keyboard.press("Tab")
    while "1,050 people" not in page.evaluate("document.activeElement.querySelector('bdi').textContent"):
        page.keyboard.press("ArrowDown")
    assert "1,050 people" in page.locator("mark.chosen").inner_text()
    page.keyboard.press("Enter")
    dialog = page.locator("dialog.accept-dialog")
    dialog.locator("textarea").wait_for()
    page.keyboard.insert_text("1,050 people had come")
    for name, text in {"source.id": "s_new", "source.publisher": "A news agency"}.items():
        dialog.locator(f"[name='{name}']").focus()
        page.keyboard.insert_text(text)
    write = dialog.locator("button.main")
    shown = dialog.locator("pre", has_text="1,050 people had come")
    shown.wait_for()
    line = shown.inner_text()
    assert find_grave(page) == []
    for _ in range(60):  # the focus never leaves the window
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body || Boolean(document.activeElement.closest('dialog'))"
        )
    write.focus()
    page.keyboard.press("Enter")
    page.locator(".proposals .accepted").wait_for()
    assert page.evaluate("Boolean(document.activeElement.closest('.proposals'))")
    table = (served_edit.session.folder / "evidence/claims.csv").read_text(encoding="utf-8")
    assert table.splitlines()[-1] == line
    page.reload()
    page.locator(".proposals li").first.wait_for()
    assert page.locator("#report").input_value() == REPORT


def test_many_are_decided_by_a_key_each_and_written_by_one_click(
    page_at: Callable[..., Tab], served_edit: Served
) -> None:
    tab = page_at(390, served_edit)
    page = tab.open_screen("evidence")
    write_report(page, f"{REPORT}\n3 buses came. Some 40 people wait in Town.\n")
    page.locator(".proposals button.open").first.focus()
    keys = {"quantity": "y"}
    for _ in range(page.locator(".proposals li").count()):
        kind = page.evaluate("document.activeElement.querySelector('.label').classList[1]")
        page.keyboard.press(keys.get(kind, "n"))
    accepted = page.locator(".proposals .yes[aria-pressed=true]").count()
    assert accepted >= 3
    for name, text in {"source.id": "s_many", "source.publisher": "A news agency"}.items():
        page.locator(f".decide [name='{name}']").fill(text)
    page.locator(".decide .fault", has_text="missing_value").wait_for()  # when the buses came is not told
    page.locator(".decide [name=happened]").fill("2025-03-01")
    page.locator(".decide pre", has_text="s_many_quantity").first.wait_for()
    assert find_grave(page) == []
    assert not tab.has_sideways_scrolling()
    page.locator(".decide button.main:enabled").click()
    page.locator(".proposals .accepted").nth(accepted - 1).wait_for()
    table = (served_edit.session.folder / "evidence/claims.csv").read_text(encoding="utf-8")
    assert table.count("\ns_many_quantity") == accepted


def test_hostile_texts_are_shown_as_texts_in_their_place(page_at: Callable[..., Tab]) -> None:
    page = page_at(1400).open_screen("evidence")
    write_report(page, HOSTILE)
    assert page.locator(".report-text img").count() == 0
    marks = page.locator("mark.quantity").all_inner_texts()
    assert [mark.removeprefix("number").strip() for mark in marks] == ["40 people", "about 50 people", "1,050 people"]
    assert page.locator(".report-text").inner_text().count("onerror=alert(1)") == 1


def test_read_only_gives_the_rows_to_copy(page_at: Callable[..., Tab], short_case: Path) -> None:
    tab = page_at(390, permissions=["clipboard-read", "clipboard-write"])
    page = tab.open_screen("evidence")
    before = (short_case / "evidence/claims.csv").read_bytes()
    write_report(page, REPORT)
    page.locator(".proposals button", has_text="1,050 people").last.click()
    dialog = page.locator("dialog.accept-dialog")
    for name, text in {"details.wording": "Some came", "source.id": "s_new", "source.publisher": "An agency"}.items():
        dialog.locator(f"[name='{name}']").fill(text)
    dialog.locator("pre", has_text="Some came").wait_for()
    dialog.locator("button.main").click()
    dialog.get_by_text("Copied").wait_for()
    assert "Some came" in page.evaluate("navigator.clipboard.readText()")
    assert (short_case / "evidence/claims.csv").read_bytes() == before


def test_what_is_shown_stands_in_the_address(page_at: Callable[..., Tab]) -> None:
    page = page_at(1400).open_screen("evidence", part="claims", search="border")
    page.locator(".claim-row").first.wait_for()
    assert page.locator("#claim-search").input_value() == "border"
    page.locator(".claim-row button").first.click()
    page.locator("dialog .claim-whole").wait_for()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.closest('.claim-row') !== null")
    page.locator("#part-conflicts").click()
    page.locator(".conflicts p").first.wait_for()
    page.go_back()
    page.locator(".claim-row").first.wait_for()
    assert page.locator("#claim-search").input_value() == "border"


def test_new_counts_update_the_forecast(
    page_at: Callable[..., Tab], served_edit: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    tab = page_at(1400, served_edit)
    page = tab.open_screen("evidence", part="counts")
    page.locator("#count-rows").fill("time,series,value,published\n2025-03-05T08:00,arrivals,6100,2025-03-05T09:00\n")
    page.locator(".trial pre").wait_for()
    page.locator(".counts button.main").first.click()
    page.locator(".forecast h3").first.wait_for(timeout=90_000)
    said = page.locator(".forecast").inner_text()
    assert "6,100" in said
    assert "corridor report" in said
    assert page.locator("#count-rows").input_value() == ""
    table = (served_edit.session.folder / "observations/arrivals.csv").read_text(encoding="utf-8")
    assert table.splitlines()[-1].startswith("2025-03-05T08:00,arrivals,,6100")
    assert find_grave(page) == []
