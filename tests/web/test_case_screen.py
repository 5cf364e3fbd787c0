"""The screen Case in a real browser: written by keyboard, checked at the cell, saved only when asked, kept over a reload."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from accessible import find_grave
from screens import Tab, open_tab
from serving import Served, serve_folder

import corridor as co
from corridor.front.page.sheets import open_sheets, read_sheet
from corridor.scenario.sheet import cut_sheet
from corridor.scenario.sheet_changes import read_changes

pytestmark = pytest.mark.slow

HOSTILE = "<img src=x onerror=alert(1)>\u202e=cmd()"


def write_cell(page: Any, text: str) -> None:
    """Write into the chosen cell by keyboard and come back to it."""
    page.keyboard.press("Enter")
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")


def cell_at(page: Any, row: int, column: str) -> Any:
    names = page.locator("[role=columnheader] .name").all_inner_texts()
    return page.locator(f'[data-row="{row}"][data-column="{names.index(column)}"]')


def wait_for_check(page: Any) -> None:
    page.locator(".case-line[aria-busy=false]").wait_for()


def copied(page: Any, text: str | None = None) -> str:
    """Let the browser copy from the grid, or paste a text into it; return what is copied."""
    script = """(text) => {
        const data = new DataTransfer();
        if (text !== null) data.setData("text/plain", text);
        const kind = text === null ? "copy" : "paste";
        document.activeElement.dispatchEvent(new ClipboardEvent(kind, { clipboardData: data, bubbles: true, cancelable: true }));
        return data.getData("text/plain");
    }"""
    return str(page.evaluate(script, text))


def test_written_checked_undone_kept_and_saved(page_at: Callable[..., Tab], served_edit: Served) -> None:
    folder: Path = served_edit.session.folder
    before = (folder / "roads.csv").read_bytes()
    tab = page_at(1400, served_edit)
    page = tab.open_screen("case", table="roads", row="0", column="lanes")
    cell_at(page, 0, "lanes").wait_for()
    assert page.locator('[tabindex="0"][role=gridcell]').inner_text() == "1"
    write_cell(page, "many")
    wait_for_check(page)
    assert cell_at(page, 0, "lanes").get_attribute("aria-invalid") == "true"
    (folder / "roads.csv").write_bytes(before.replace(b"town,15,1,", b"town,15,many,"))
    fault = co.check(folder).errors[0]
    (folder / "roads.csv").write_bytes(before)
    said = page.locator(".all-faults").inner_text()
    assert all(text in said for text in (fault.describe().split("\n")[0], fault.found, fault.allowed, fault.fix))

    page.reload()
    tab.settle()
    cell_at(page, 0, "lanes").wait_for()
    assert "many" in cell_at(page, 0, "lanes").inner_text()  # kept in the browser
    assert (folder / "roads.csv").read_bytes() == before  # and nowhere else
    page.locator("#case-save").click()
    page.locator("#case-despite").wait_for()
    assert (folder / "roads.csv").read_bytes() == before

    cell_at(page, 0, "lanes").click()
    write_cell(page, "2..3")
    write_cell(page, "3")
    page.keyboard.press("Control+z")
    assert "2..3" in cell_at(page, 0, "lanes").inner_text()
    page.keyboard.press("Control+y")
    assert cell_at(page, 0, "lanes").inner_text() == "3"
    page.locator("#case-save").click()
    page.get_by_text("Saved: roads.csv").wait_for()
    assert (folder / "roads.csv").read_bytes() == before.replace(b"town,15,1,", b"town,15,3,")


def test_a_block_goes_to_a_spreadsheet_and_back(page_at: Callable[..., Tab], served_edit: Served) -> None:
    page = page_at(1400, served_edit).open_screen("case", table="places", row="0", column="name")
    cell_at(page, 0, "name").wait_for()
    rows = page.locator(".sheet-row:not(.comment)").count()
    block = f'"two\nlines"\t\'{HOSTILE[-6:]}\nA\t"say ""so"""'
    copied(page, block)
    wait_for_check(page)
    cell_at(page, 0, "name").click()
    cell_at(page, 1, "other_names").click(modifiers=["Shift"])
    assert copied(page) == block
    last = cell_at(page, rows - 1, "name")
    last.click()
    copied(page, "1\n2\n3")
    assert page.locator(".sheet-row:not(.comment)").count() == rows + 2
    page.locator("#case-undo_all").click()
    assert page.locator(".sheet-row:not(.comment)").count() == rows


def test_hostile_texts_are_seen_and_do_nothing(page_at: Callable[..., Tab], served_edit: Served) -> None:
    tab = page_at(1400, served_edit)
    page = tab.open_screen("case", table="places", row="0", column="name")
    cell_at(page, 0, "name").wait_for()
    write_cell(page, HOSTILE)
    wait_for_check(page)
    assert "<img src=x onerror=alert(1)>\\u202e=cmd()" in cell_at(page, 0, "name").inner_text()
    assert page.locator("img").count() == 0
    page.locator("#case-save").click()
    page.locator("#case-despite").click()
    page.get_by_text("Saved: places.csv").wait_for()
    assert HOSTILE in (served_edit.session.folder / "places.csv").read_text()
    page.reload()
    page.get_by_text("What a check finds").wait_for()


def test_what_others_changed_is_shown_beside(page_at: Callable[..., Tab], served_edit: Served) -> None:
    folder = served_edit.session.folder
    tab = page_at(1400, served_edit)
    page = tab.open_screen("case", table="roads", row="0", column="lanes")
    cell_at(page, 0, "lanes").wait_for()
    write_cell(page, "2")
    cell_at(page, 1, "lanes").click()
    write_cell(page, "4")
    wait_for_check(page)
    text = (folder / "roads.csv").read_text()
    (folder / "roads.csv").write_text(text.replace("town,15,1,", "town,15,7,").replace("id,from", "# new\nid,from"))
    page.locator("#case-save").click()
    conflict = page.locator(".conflict")
    conflict.wait_for()
    assert [conflict.locator("dd").nth(at).inner_text() for at in range(3)] == ["1", "7", "2"]
    conflict.get_by_role("button", name="Take what is on disk").click()
    assert cell_at(page, 0, "lanes").inner_text() == "7"
    wait_for_check(page)
    page.locator("#case-save").click()
    page.get_by_text("Saved: roads.csv").wait_for()
    rows = [row.split(",") for row in (folder / "roads.csv").read_text().splitlines() if not row.startswith("#")]
    assert [row[rows[0].index("lanes")] for row in rows[1:3]] == ["7", "4"]


def test_by_keyboard_alone(page_at: Callable[..., Tab], served_edit: Served) -> None:
    tab = page_at(390, served_edit)
    page = tab.open_screen("case", table="events")
    page.locator("[role=gridcell]").first.wait_for()
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('role')") == "gridcell":
            break
    assert page.evaluate("document.activeElement.getAttribute('role')") == "gridcell"
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    place = page.evaluate("location.hash")
    assert re.search(r"table=events&row=\d+&column=\w+", place)
    page.keyboard.press("Home")
    page.keyboard.press("Tab")  # no trap
    assert page.evaluate("document.activeElement.getAttribute('role')") != "gridcell"
    assert not tab.has_sideways_scrolling()
    assert find_grave(page) == []


def test_signs_are_made_visible_as_the_program_does(page_at: Callable[..., Tab]) -> None:
    from corridor.scenario.visible import make_visible

    page = page_at(1400).open_screen("case")
    points = [*range(0x0, 0x3000), *range(0xFB00, 0x10000), 0x1FFFE, 0xE0001, 0xE007F, 0x10FFFF, 0x1F600]
    texts = [f"a{chr(point)}b" for point in points if not 0xD800 <= point < 0xE000]
    script = "async (texts) => (await import('/page/visible.js')).then ? [] : texts.map((await import('/page/visible.js')).makeVisible)"
    assert json.dumps(page.evaluate(script, texts)) == json.dumps([make_visible(text) for text in texts])


def test_a_place_dragged_and_a_variant_saved(page_at: Callable[..., Tab], served_edit: Served) -> None:
    folder = served_edit.session.folder
    tab = page_at(1400, served_edit)
    page = tab.open_screen("case", table="places", map="yes", row="1", column="id")
    place = page.locator("[data-place=village]")
    place.wait_for()
    page.wait_for_timeout(300)  # the map is laid out when its size is known
    before = cell_at(page, 1, "latitude").inner_text(), cell_at(page, 1, "longitude").inner_text()
    box = place.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 4, y + 3)
    page.mouse.move(x + 9, y + 7, steps=3)
    page.mouse.up()
    after = cell_at(page, 1, "latitude").inner_text(), cell_at(page, 1, "longitude").inner_text()
    assert float(after[0]) < float(before[0])  # southwards
    assert float(after[1]) > float(before[1])  # and eastwards
    tables = (folder / "places.csv").read_bytes()
    page.locator("#case-variant").click()
    page.locator("#variant-name").fill("moved")
    page.keyboard.press("Enter")
    page.get_by_text("Saved: variants/moved.toml").or_(page.get_by_text("Save with these faults")).first.wait_for()
    if page.get_by_text("Save with these faults").count():
        page.get_by_text("Save with these faults").click()
        page.get_by_text("Saved: variants/moved.toml").wait_for()
    assert (folder / "places.csv").read_bytes() == tables
    change = {"latitude": after[0], "longitude": after[1]}
    co.write_variant(folder, "by-hand", {"change": {"places": {"village": change}}})
    assert (folder / "variants/moved.toml").read_bytes() == (folder / "variants/by-hand.toml").read_bytes()
    page.locator("#case-undo").click()
    assert cell_at(page, 1, "latitude").inner_text() == before[0]


def test_a_case_that_cannot_be_run_is_mended(browser: Any, small_folder: Path) -> None:
    sound = (small_folder / "roads.csv").read_text()
    (small_folder / "roads.csv").write_text(sound.replace("town,bridge,32", "town,nowhere,32"))
    with serve_folder(small_folder, edit=True) as served:
        tab = open_tab(browser, served, 1400)
        page = tab.open_screen("now")
        assert page.locator("#screens a").all_inner_texts() == ["Case"]
        page.locator("button.where").first.click()
        page.locator("h2", has_text="roads.csv").wait_for()
        write_cell(page, "bridge")
        wait_for_check(page)
        page.locator("#case-save").click()
        page.locator("#to-now").wait_for()
        page.context.close()
        tab.require_clean()
    assert (small_folder / "roads.csv").read_text() == sound


def test_two_windows_show_the_same_changes(browser: Any, served_edit: Served) -> None:
    first = open_tab(browser, served_edit, 1400)
    page = first.open_screen("case", table="roads", row="0", column="lanes")
    cell_at(page, 0, "lanes").wait_for()
    second = Tab(page.context.new_page(), served_edit)
    second.listen()
    other = second.open_screen("case", table="roads", row="1", column="lanes")
    cell_at(other, 0, "lanes").wait_for()
    write_cell(page, "2")
    other.locator('[data-row="0"].changed').wait_for()
    write_cell(other, "3")
    page.locator('[data-row="1"].changed').wait_for()
    assert [cell_at(page, row, "lanes").inner_text() for row in (0, 1)] == ["2", "3"]
    page.context.close()
    first.require_clean()
    second.require_clean()


def test_a_sheet_is_printed_whole(page_at: Callable[..., Tab], worked_case: Path) -> None:
    with serve_folder(worked_case, load=False) as served:
        page = page_at(1400, served).open_screen("case", table="claims")
        page.locator("[role=gridcell]").first.wait_for()
        assert page.locator(".sheet-row").count() < 60
        page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
        assert page.locator(".sheet-row").count() > 300
        page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")
        assert page.locator(".sheet-row").count() < 60


# random changes made by the page's own modules; the rows that it then shows, and the same after laying them over the sheet anew
CHANGES = """async ({ base, steps, naming }) => {
    const page = await import("/page/sheet_edits.js");
    const { rebase } = await import("/page/keep.js");
    let edits = {};
    for (const [verb, a, b, text] of steps) {
        const order = page.orderOf(base, edits);
        const [first, last] = [a % order.length, Math.min(order.length - 1, (a % order.length) + (b % 3))];
        if (verb === "cell" && order.length) edits = page.setCells(base, edits, [[order[first], b % page.columnsOf(base, edits).length, text]]);
        if (verb === "add") edits = page.addRows(base, edits, a % (order.length + 1), 1 + (b % 2))[0];
        if (verb === "remove" && order.length > 4) edits = page.removeRows(base, edits, order.slice(first, last + 1));
        if (verb === "up" && order.length) edits = page.moveRows(base, edits, first, last, -1);
        if (verb === "down" && order.length) edits = page.moveRows(base, edits, first, last, 1);
        if (verb === "column" && !page.columnsOf(base, edits).includes(text)) edits = page.addColumn(base, edits, text);
    }
    const rows = (changes) => {
        const columns = page.columnsOf(base, changes);
        return page.orderOf(base, changes).map((key) => columns.map((_, at) => page.textAt(base, changes, key, at)));
    };
    const read = { columns: base.columns, rows: base.items.filter((item) => item.key !== undefined).map((item) => [item.key, item.cells]) };
    const again = rebase(read, page.editsOf(edits, base.name), base, naming);
    return { edits, rows: rows(edits), conflicts: again.conflicts.length, again: rows({ [base.name]: again.one }) };
}"""


def test_rows_move_as_a_block(page_at: Callable[..., Tab], small_folder: Path) -> None:
    page = page_at(1400).open_screen("case")
    base = read_sheet(small_folder, "places")
    script = """async ({ base, first, last, by }) => {
        const page = await import("/page/sheet_edits.js");
        return page.orderOf(base, page.moveRows(base, {}, first, last, by));
    }"""
    keys = [item["key"] for item in base["items"] if "key" in item]
    for first, last in ((0, 0), (1, 2), (2, 4), (0, len(keys) - 1), (len(keys) - 2, len(keys) - 1)):
        block = keys[first : last + 1]
        rest = keys[:first] + keys[last + 1 :]
        for by in (-1, 1):
            at = first + by if first + by >= 0 and last + by < len(keys) else first
            found = page.evaluate(script, {"base": base, "first": first, "last": last, "by": by})
            assert found == rest[:at] + block + rest[at:]


def test_what_the_page_shows_is_what_is_written(page_at: Callable[..., Tab], small_folder: Path) -> None:
    page = page_at(1400).open_screen("case")
    luck = random.Random(7)
    texts = ["", "a", "=b", 'q"q', "two\nlines", " s ", "x;y,z"]
    for _ in range(150):
        name = luck.choice(["places", "roads", "people", "events"])
        base = read_sheet(small_folder, name)
        verbs = luck.choices(
            ["cell", "add", "remove", "up", "down", "column"], [6, 2, 1, 2, 2, 1], k=luck.randrange(1, 14)
        )
        steps = [
            [
                verb,
                luck.randrange(50),
                luck.randrange(50),
                f"x_{luck.randrange(3)}" if verb == "column" else luck.choice(texts),
            ]
            for verb in verbs
        ]
        file = open_sheets(small_folder)[name]
        found = page.evaluate(CHANGES, {"base": base, "steps": steps, "naming": []})
        text = file.change(read_changes(found["edits"].get(name, {})))
        width = max(len(row) for row in found["rows"])
        written = [list(piece.cells) + [""] * (width - len(piece.cells)) for piece in cut_sheet(text).rows]
        assert written == [row for row in found["rows"] if any(cell.strip() for cell in row)]
        assert found["conflicts"] == 0
        moved = not {"up", "down"}.isdisjoint(verbs)  # moves are not carried over to a file that has changed
        assert (
            Counter(map(tuple, found["again"])) == Counter(map(tuple, found["rows"]))
            if moved
            else found["again"] == found["rows"]
        )
