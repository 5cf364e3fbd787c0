"""What if: edits become answers, faults stand where they were written, and what is saved is what the command line reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from serving import ENGINE_SECONDS, Served, serve_folder

import corridor as co
from corridor.front.levers import shift

EDITS = {"change": {"checkpoints": {"bridge": {"seconds_per_vehicle": "10..20"}}}}
STAGES = [4, 8]


def ask(served: Served, edits: Any, stages: Any = STAGES) -> Any:
    """Return the answer of the server to a what-if."""
    with served.client() as client:
        return client.post("/api/what-if", json={"edits": edits, "stages": stages})


@pytest.fixture(scope="module")
def bridge(short_case: Path) -> str:
    """Return the checkpoint of the small case."""
    return str(co.read(short_case).tables["checkpoints"][0]["id"])


@pytest.mark.slow
def test_answers_come_as_lines_and_are_those_of_a_run(served: Served, short_case: Path, bridge: str) -> None:
    """Two lines for two stages; the last one's medians are those of runs of the case and of the changed case."""
    edits = {"change": {"checkpoints": {bridge: {"seconds_per_vehicle": "5..10"}}}}
    lines = [json.loads(line) for line in ask(served, edits).text.splitlines()]
    assert [line["replicates"] for line in lines] == STAGES
    base = co.run(co.read(short_case), replicates=8).result.take("arrivals")
    changed = co.run(co.read(short_case, edits=edits), replicates=8).result.take("arrivals")
    for name, quantile in (("q05", 0.05), ("q50", 0.5), ("q95", 0.95)):
        expected = changed.T.copy()
        expected.sort(axis=1)
        assert len(lines[-1]["fans"]["arrivals"][name]) == len(expected)
        difference = (changed - base).T
        difference.sort(axis=1)
        at = quantile * 7
        low = difference[:, int(at)] + (at - int(at)) * (difference[:, min(int(at) + 1, 7)] - difference[:, int(at)])
        assert max(abs(a - b) for a, b in zip(lines[-1]["paired"]["arrivals"][name], low, strict=True)) <= 0.5


def test_faults_are_those_of_check_word_for_word(served: Served, short_case: Path, bridge: str) -> None:
    """A number that cannot be is refused in the words of `corridor check`, with the cell it stands in."""
    edits = {"change": {"checkpoints": {bridge: {"lanes": "many"}}}}
    answer = ask(served, edits)
    (fault,) = answer.json()["faults"]
    (expected,) = co.check(short_case, edits=edits).errors
    assert fault == co.faults_document([expected])["faults"][0]
    assert fault["column"] == f"change.checkpoints.{bridge}.lanes"


@pytest.mark.parametrize(
    ("edits", "stages"),
    [
        ("x", STAGES),
        ([], STAGES),
        ({}, [8, 4]),
        ({}, [0]),
        ({}, [10_000]),
        ({}, "x"),
        ({}, [True]),
        ({}, list(range(1, 99))),
    ],
)
def test_what_is_no_question_is_refused_in_words(served: Served, edits: Any, stages: Any) -> None:
    answer = ask(served, edits, stages)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_levers_are_numbers_as_they_are_written(served: Served) -> None:
    """Writing back what a lever says changes nothing: the same scenario."""
    levers = served.get("/api/levers")
    assert len(levers["numbers"]) > 50
    written: dict[str, Any] = {}
    for lever in levers["numbers"]:
        if lever["verb"] == "change":
            written.setdefault(lever["table"], {}).setdefault(lever["row"], {})[lever["column"]] = lever["text"]
    case = co.read(served.session.folder, edits={"change": written})
    plain = co.read(served.session.folder)
    for table in written:
        assert [row.values for row in case.tables[table]] == [row.values for row in plain.tables[table]]
    assert {"places", "groups", "checkpoints"} <= levers["targets"].keys()
    assert {link["way"] for link in levers["links"]} >= {row["id"] for row in case.tables["roads"]}


@pytest.mark.slow
def test_levers_are_ranked_once_measured(short_case: Path) -> None:
    """Asked for that, they come with the largest effects first, and stay so."""
    with serve_folder(short_case) as served:  # one of which nobody has asked yet
        assert not served.get("/api/levers")["measured"]
        levers = served.get("/api/levers", measured="yes")
        assert levers["measured"]
        effects = [abs(lever["effect"] or 0) for lever in levers["numbers"]]
        assert effects == sorted(effects, reverse=True)
        assert effects[0] > 0
        assert served.get("/api/levers")["numbers"][0]["id"] == levers["numbers"][0]["id"]


def test_ranges_are_moved_by_the_server(served: Served) -> None:
    """In the case's own grammar, and nothing else."""
    with served.client() as client:

        def move(**asked: Any) -> Any:
            return client.post("/api/shift", json={"table": "checkpoints", "column": "lanes", **asked})

        assert move(text="1..2", factor=2).json() == {"text": shift("checkpoints", "lanes", "1..2", 2.0)}
        for asked in (
            {"text": "x"},
            {"text": "1", "factor": 0},
            {"text": "1", "factor": "x"},
            {"text": "1", "column": "x"},
        ):
            assert move(**asked).status_code == 400


def test_nothing_is_saved_read_only(served: Served) -> None:
    with served.client() as client:
        answer = client.post("/api/save-variant", json={"name": "faster", "edits": EDITS})
    assert answer.status_code == 403
    assert "--edit" in answer.json()["error"]
    assert not (served.session.folder / "variants" / "faster.toml").exists()


def test_a_saved_variant_is_the_bytes_of_the_command_line(served_edit: Served, tmp_path: Path, bridge: str) -> None:
    """What the page saves is what `co.write_variant` writes, is read back as the same, and is run by the command shown."""
    edits = {"title": "Faster", "change": {"checkpoints": {bridge: {"seconds_per_vehicle": "5..10"}}}}
    folder = served_edit.session.folder
    with served_edit.client() as client:
        answer = client.post("/api/save-variant", json={"name": "faster", "edits": edits})
        again = client.post("/api/save-variant", json={"name": "faster", "edits": edits})
        replaced = client.post("/api/save-variant", json={"name": "faster", "edits": edits, "replace": True})
        text = client.post("/api/variant-text", json={"edits": edits}).json()["text"]
    assert answer.json()["command"] == f"corridor run {folder} --variant faster"
    assert again.status_code == 400
    assert replaced.status_code == 200
    saved = (folder / "variants" / "faster.toml").read_text(encoding="utf-8")
    assert saved == text
    assert co.read(folder, "faster").tables["checkpoints"][0]["seconds_per_vehicle"].write() == "5..10"
    variants = {variant["name"]: variant["edits"] for variant in served_edit.get("/api/variants")["variants"]}
    assert variants["faster"] == edits


@pytest.mark.parametrize("name", ["", "../x", "a/b", "-x", "a b", "x.toml", "\u202ex"])
def test_no_name_leaves_the_folder(served_edit: Served, name: str) -> None:
    before = sorted(served_edit.session.folder.rglob("*"))
    with served_edit.client() as client:
        assert client.post("/api/save-variant", json={"name": name, "edits": {}}).status_code == 400
    assert sorted(served_edit.session.folder.rglob("*")) == before


def test_what_cannot_be_run_is_not_saved(served_edit: Served, bridge: str) -> None:
    edits = {"change": {"checkpoints": {bridge: {"lanes": "many"}}}}
    with served_edit.client() as client:
        answer = client.post("/api/save-variant", json={"name": "broken", "edits": edits})
    assert answer.status_code == 422
    assert not (served_edit.session.folder / "variants" / "broken.toml").exists()


def edits_in(page: Any) -> Any:
    """Return the edits that stand in the address."""
    return json.loads(parse_qs(urlsplit(urlsplit(page.url).fragment).query).get("edits", ["{}"])[0])


def wait(page: Any) -> None:
    """Wait for the answer of all replicates."""
    page.get_by_text("From 200 courses").wait_for(timeout=1000 * ENGINE_SECONDS)


def change(page: Any, lever: str, text: str) -> None:
    page.locator("#lever-search").fill(lever)
    page.locator(".lever input[type=text]").first.fill(text)
    page.locator(".lever.changed").wait_for()


@pytest.mark.slow
def test_a_lever_is_moved_by_keyboard_alone(open_screen: Any) -> None:
    """The answer leads with the difference; the address keeps the edit through back, forth and a reload."""
    page = open_screen("what-if")
    wait(page)
    page.locator("#lever-search").focus()
    page.keyboard.type("inspection of one vehicle")
    page.locator(".lever").first.wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Control+a")
    page.keyboard.type("1..2")
    page.locator(".lever.changed").wait_for()
    wait(page)
    assert "more people out" in page.locator(".difference").text_content()
    assert page.locator(".fan.base").count() == 1
    edited = edits_in(page)
    assert next(iter(edited["change"]["checkpoints"].values())) == {"seconds_per_vehicle": "1..2"}
    page.get_by_label("Undo").click()
    page.locator(".fan.base").wait_for(state="detached")
    assert edits_in(page) == {}
    page.go_forward()
    page.locator(".fan.base").wait_for()
    assert edits_in(page) == edited
    page.reload()
    wait(page)
    assert edits_in(page) == edited
    assert page.locator(".lever.changed input[type=text]").input_value() == "1..2"


@pytest.mark.slow
def test_a_slider_moves_the_whole_range(open_screen: Any) -> None:
    """One step to the left makes both ends smaller, in one step of the history."""
    page = open_screen("what-if")
    wait(page)
    page.locator("#lever-search").fill("inspection of one vehicle")
    field = page.locator(".lever input[type=text]").first
    before = field.input_value()
    page.locator(".lever input[type=range]").first.focus()
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    page.locator(".lever.changed").wait_for()
    wait(page)
    (cells,) = edits_in(page)["change"]["checkpoints"].values()
    assert cells["seconds_per_vehicle"] == shift("checkpoints", "seconds_per_vehicle", before, 1.1**-5, digits=3)
    page.get_by_text("Back to the case").click()
    page.locator(".fan.base").wait_for(state="detached")
    assert edits_in(page) == {}


@pytest.mark.slow
def test_faults_stand_at_the_lever(open_screen: Any) -> None:
    """The server's words, at the field that is at fault; mended, they go."""
    page = open_screen("what-if")
    wait(page)
    change(page, "inspection of one vehicle", "very long")
    fault = page.locator(".lever .fault")
    fault.wait_for()
    assert "very long" in fault.text_content()
    assert page.locator(".lever input[aria-invalid=true]").count() == 1
    page.locator(".lever input[type=text]").first.fill("30")
    fault.wait_for(state="detached")


@pytest.mark.slow
def test_events_are_moved_switched_off_and_added(open_screen: Any, short_case: Path) -> None:
    """Each of these becomes the variant that says so."""
    page = open_screen("what-if")
    wait(page)
    page.locator(".all-events > summary").click()
    event = page.locator(".all-events .event").first
    event.locator("summary").click()
    row = event.get_attribute("data-event")
    event.locator("input[type=range]").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    event.locator("text=3 hours later").wait_for()
    moved = edits_in(page)["change"]["events"][row]["time"]
    before = next(one["time"] for one in co.read(short_case).tables["events"] if one["id"] == row.partition("@")[0])
    assert co.read(short_case, edits=edits_in(page)).tables["events"]
    assert moved == shift("events", "time", before.write(), offset=3)
    event.locator("input[type=checkbox]").uncheck()
    event.locator(".event-body").wait_for(state="hidden")
    assert edits_in(page) == {"remove": {"events": [row]}}
    page.locator(".add-event summary").click()
    page.locator("#event-kind").select_option("guarantees")
    page.locator(".add-event .form input").last.fill("0.5")
    page.locator(".add-event button").click()
    page.locator("[data-event=guarantees_what_if_1]").wait_for()
    wait(page)
    added = edits_in(page)["add"]["events"]["guarantees_what_if_1"]
    assert (added["kind"], added["value"]) == ("guarantees", "0.5")
    co.read(short_case, edits=edits_in(page))


@pytest.mark.slow
def test_saving_shows_the_command(page_at: Any, served_edit: Served) -> None:
    """Saved by the page, found again in its list, and gone on from."""
    page = page_at(1400, served_edit).open_screen("what-if")
    wait(page)
    change(page, "inspection of one vehicle", "5..10")
    page.locator(".keep summary").click()
    page.get_by_label("Title").fill("Faster <b>inspection</b>")
    page.get_by_label("Short name").fill("faster")
    page.get_by_text("Save as variant").click()
    page.locator(".offer code").wait_for()
    assert page.locator(".offer code").text_content().endswith("--variant faster")
    assert co.read(served_edit.session.folder, "faster").variant_name == "faster"
    page.get_by_text("Back to the case").click()
    page.locator(".lever.changed").wait_for(state="detached")
    page.locator("#variant-open").select_option("faster")
    page.locator(".lever.changed").wait_for()
    assert edits_in(page)["title"] == "Faster <b>inspection</b>"


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1400])
def test_it_fits_and_plays(page_at: Any, width: int) -> None:
    """No sideways scrolling; the clock plays, pauses and steps, and the address keeps the hour."""
    tab = page_at(width)
    page = tab.open_screen("what-if")
    wait(page)
    change(page, "inspection of one vehicle", "5..10")
    wait(page)
    assert not tab.has_sideways_scrolling()
    slider = page.locator(".clock input[type=range]")
    slider.evaluate("slider => { slider.value = 3; slider.dispatchEvent(new Event('input')); }")
    page.get_by_label("One hour forward").click()
    assert slider.input_value() == "4"
    at = parse_qs(urlsplit(urlsplit(page.url).fragment).query)["at"]
    page.get_by_label("Play").click()
    page.wait_for_timeout(700)
    page.get_by_label("Pause").click()
    assert int(slider.input_value()) > 4
    assert parse_qs(urlsplit(urlsplit(page.url).fragment).query)["at"] > at
