"""Page one: every number is the run's, one number a quantity, moment and scope; nothing false in any small world."""

from __future__ import annotations

import re
import tempfile
from collections import defaultdict
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conserve.generate import HOURS, worlds
from corridor.flee.compile import compile_folder
from corridor.flee.read import read_folder
from corridor.flee.store import keep_run
from corridor.forecast.findings import find
from corridor.report.briefing import write_briefing, write_one_page
from corridor.report.known import _say_age, _say_where
from corridor.report.one_page import describe_page
from corridor.results.findings import Findings
from corridor.results.padded import pad_run
from corridor.results.result import Result, open_result
from corridor.results.run import run
from corridor.scenario.counts import Count
from corridor.scenario.faults import FaultsError
from corridor.words.writing import mark, write
from flee.folders import make_folder
from worlds import at, place, write_world

MARKED = re.compile(
    r'<span data-quantity="([^"]*)" data-scope="([^"]*)" data-time="([^"]*)">(?:<b>(.*?)</b><i>(.*?)</i>|(.*?))</span>'
)
NUMBER = re.compile(r"−?-?\d[\d,]*\.?\d*")
RECORDED = {
    *(
        "arrivals",
        "inside",
        "on_roads",
        "waiting_for_transport",
        "vehicles_delayed",
        "held_back",
        "registration_backlog",
    )
}
PART = "What limits each way out"


def read_numbers(page: str) -> dict[tuple[str, str, str], set[tuple[str, ...]]]:
    """Return the numbers of a page by quantity, scope and time: the texts with which each is shown."""
    found: dict[tuple[str, str, str], set[tuple[str, ...]]] = defaultdict(set)
    for quantity, scope, time, middle, ends, whole in MARKED.findall(page):
        text = unescape(whole or f"{middle} {ends}").replace("9 in 10: ", "")
        found[unescape(quantity), unescape(scope), time].add(tuple(NUMBER.findall(text)))
    return found


def take(result: Result, quantity: str, scope: str, time: str) -> np.ndarray:
    """Return what a run has at a moment, replicate by replicate, by straight line between recorded moments."""
    values = result.take(quantity, *([scope] if scope else []))
    hours = [(moment - result.times[0]) / timedelta(hours=1) for moment in result.times]
    then = (datetime.fromisoformat(time) - result.times[0]) / timedelta(hours=1)
    return np.array([np.interp(then, hours, row) for row in values])


def check_numbers(result: Result, page: str, today: datetime) -> None:
    """One text a quantity, scope and time; low, middle and high in order, and each that of the replicates."""
    for (quantity, scope, time), texts in read_numbers(page).items():
        assert len(texts) == 1, (quantity, scope, time, texts)
        if quantity.startswith("counted"):  # as somebody published it
            continue
        shown = [float(text.replace(",", "")) for text in next(iter(texts))]
        middle, low, high = shown if len(shown) == 3 else shown * 3
        assert low <= middle <= high
        if quantity == "arrivals since yesterday":
            values = take(result, "arrivals", "", time) - take(
                result, "arrivals", "", (today - timedelta(hours=24)).isoformat()
            )
        elif quantity in RECORDED:
            values = take(result, quantity, scope, time)
        else:
            continue
        expected = np.quantile(values, [0.5, 0.05, 0.95])
        step = max((expected[2] - expected[1]) / 6.3, expected[2] / 99.9, 1.0)  # see step_of
        assert np.abs(np.array([middle, low, high]) - expected).max() <= step / 2 * (1 + 1e-6), (quantity, time)


def write_page(result: Result, moment: str | None = None) -> tuple[str, dict[str, Any]]:
    """Return page one and what it says."""
    with tempfile.TemporaryDirectory() as folder:
        document = write_one_page(result, find(result, moment, quick=True), Path(folder) / "page.html")
        return Path(document["report"]).read_text(encoding="utf-8"), document["page_one"]


@pytest.mark.slow
@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(worlds(), st.integers(0, HOURS))
def test_every_number_is_the_runs(world: tuple[int, dict[str, Any]], hour: int) -> None:
    """In any world at any moment: with several exits, desks or none, nobody leaving or everybody out."""
    step, tables = world
    with tempfile.TemporaryDirectory() as folder:
        try:
            scenario = write_world(Path(folder) / "world", HOURS, step, 60, **tables)
        except FaultsError:
            return
        result = run(scenario, replicates=7, seed=2)
        page, document = write_page(result, at(hour))
        today = datetime.fromisoformat(at(hour))
        check_numbers(result, page, today)
        columns = document["expected"]["columns"]
        assert len(columns) == (1 if hour == HOURS else 2)
        assert columns[0].startswith("Today, ")
        everybody = result.take("inside")[:, 0].max()
        for row in document["expected"]["rows"]:
            assert all(cell is None or cell["q05"] <= cell["median"] <= cell["q95"] for cell in row["cells"])
            if row["label"].startswith("People"):
                assert all(cell["q95"] <= everybody for cell in row["cells"])
        limits = " ".join(document["parts"][PART])
        exits = [name for (name,) in result.labels("held_back") if result.has("arrivals", name)]
        assert all(f"{name}: " in limits for name in exits)
        if not take(result, "held_back", "", at(hour)).any():
            assert "are held back" not in limits
        if not tables.get("checkpoints"):
            assert "checkpoint" not in limits
        if not tables.get("desks"):
            assert "registered" not in limits
        assert "In the run" not in " ".join(document["parts"]["What changed since yesterday"])  # the period is shorter


GROUP = {"id": "g", "name": "g", "transport": "own", "people_per_vehicle": 4, "fuel_litres": 0, "leave_rate": 0.2}


def make_world(folder: Path, **changes: Any) -> Result:
    """Return a run of a town with two ways out of its own, for three days; tables are replaced or added by name."""
    tables = {
        "places": [place("town", attractiveness=""), *(place(n, "outside", attractiveness=1) for n in ("north", "south"))],
        "roads": [
            {"id": f"to_{name}", "from": "town", "to": name, "length_km": 10, "lanes": 1, "speed_kmh": 40, "capacity_per_lane": 60}
            for name in ("north", "south")
        ],
        "groups": [GROUP],
        "people": [{"place": "town", "group": "g", "people": "8000..12000"}],
    }  # fmt: skip
    return run(write_world(folder, 72, 60, **{**tables, **changes}), replicates=9, seed=1)


def test_several_exits_are_each_answered(tmp_path: Path) -> None:
    """Each way out has its own line, and none speaks of stocks, desks or counts that are not there."""
    result = make_world(tmp_path / "world")
    page, document = write_page(result, at(24))
    lines = document["parts"][PART]
    held = {name: np.median(take(result, "held_back", name, at(24))) for name in ("to_north", "to_south")}
    assert [line.split(":")[0] for line in lines] == sorted(held, key=lambda name: -held[name])
    assert all(("arrivals", name, at(24)[:16]) in read_numbers(page) for name in held)
    check_numbers(result, page, datetime.fromisoformat(at(24)))
    runs_out = document["parts"]["What runs out, and when"]
    assert [line.split(":")[0] for line in runs_out] == ["Food", "Electricity", "Fuel"]
    assert all("not stated" in line for line in runs_out)
    assert document["parts"]["What is known"] == ["No count is known by today: what follows rests on the tables alone."]
    assert "checkpoint" not in " ".join(lines)


def test_areas_stand_before_exits_where_one_has_several(tmp_path: Path) -> None:
    """The area with most people comes first, and its row is the sum of its exits."""
    areas = [{"id": name, "name": name.title(), "side": "outside"} for name in ("many", "one")]
    places = [
        place("town", attractiveness=""),
        *(place(name, area, attractiveness=1) for name, area in (("a", "many"), ("b", "many"), ("c", "one"))),
    ]
    roads = [
        {"id": f"to_{name}", "from": "town", "to": name, "length_km": 10, "lanes": 1, "speed_kmh": 40, "capacity_per_lane": 90}
        for name in ("a", "b", "c")
    ]  # fmt: skip
    result = make_world(tmp_path / "world", places=places, roads=roads, areas=areas)
    page, document = write_page(result, at(20))
    check_numbers(result, page, datetime.fromisoformat(at(20)))
    rows = {row["label"]: row["cells"][0]["median"] for row in document["expected"]["rows"] if row["cells"][0]}
    assert list(rows)[:3] == ["People out", "in Many", "in One"]
    parts = take(result, "arrivals", "to_a", at(20)) + take(result, "arrivals", "to_b", at(20))
    assert rows["in Many"] == np.median(parts)


def test_nobody_leaving_is_said_so(tmp_path: Path) -> None:
    """No way out is blamed, nobody is expected outside."""
    result = make_world(tmp_path / "world", groups=[{**GROUP, "leave_rate": 0}])
    _, document = write_page(result, at(30))
    first = document["expected"]["rows"][0]
    assert [cell["text"] for cell in first["cells"]] == ["0"] * len(first["cells"])
    said = "nobody has come out by it yet, and nobody is held back before it"
    assert all(said in line for line in document["parts"][PART])
    changed = " ".join(document["parts"]["What changed since yesterday"])
    assert "hardly anybody has come out since yesterday" in changed


def test_those_inside_are_told_by_sex_and_age_as_far_as_groups_say(tmp_path: Path) -> None:
    """Shares of a group times its people inside, displaced ones with them; of groups that say nothing their number."""
    told = {**GROUP, "leave_rate": 0, "women": 0.4, "men": 0.2, "girls": 0.25, "boys": 0.15}
    silent = {"id": "others", "name": "o", "transport": "own", "people_per_vehicle": 4, "leave_rate": 0}
    people = [{"place": "town", "group": name, "people": number} for name, number in (("g", 10_000), ("others", 500))]
    alone = make_world(tmp_path / "alone", groups=[told], people=people[:1])
    said = " ".join(write_page(alone, at(24))[1]["parts"]["What this rests on, and how sure it is"])
    assert "women 4,000, men 2,000, girls 2,500, boys 1,500." in said
    both = make_world(tmp_path / "both", groups=[told, silent], people=people)
    said = " ".join(write_page(both, at(24))[1]["parts"]["What this rests on, and how sure it is"])
    assert "boys 1,500; not stated of 500." in said


def test_everybody_out_is_said_so(tmp_path: Path) -> None:
    """Nobody inside, no queue, nothing that limits."""
    few = [{"place": "town", "group": "g", "people": 40}]
    result = make_world(
        tmp_path / "world", groups=[{**GROUP, "leave_rate": 9}], people=few, parameters={"share_staying": 0}
    )
    _, document = write_page(result, at(70))
    rows = {
        row["label"]: [cell["text"] for cell in row["cells"]] for row in document["expected"]["rows"] if row["cells"][0]
    }
    assert rows["People out"] == ["40", "40"]
    assert rows["People still inside, those who mean to stay included"] == ["0", "0"]
    assert not any("held" in label for label in rows)
    assert not any("are held back" in line or "shut" in line for line in document["parts"][PART])


@pytest.mark.slow
def test_those_displaced_inside_are_told(tmp_path: Path) -> None:
    """Where people may stop inside, the page and the answers say how many have, and that not all are on the way out."""
    places = [
        place("town", attractiveness=""),
        place("refuge", attractiveness=1),
        *(place(name, "outside", attractiveness=1) for name in ("north", "south")),
    ]
    roads = [
        {"id": f"to_{name}", "from": "town", "to": name, "length_km": 10, "lanes": 1, "speed_kmh": 40, "capacity_per_lane": 90}
        for name in ("refuge", "north", "south")
    ]  # fmt: skip
    result = make_world(tmp_path / "world", places=places, roads=roads)
    page, document = write_page(result, at(20))
    check_numbers(result, page, datetime.fromisoformat(at(20)))
    (row,) = [
        r for r in document["expected"]["rows"] if r["label"] == "of them at another place inside, having left home"
    ]
    assert row["cells"][0]["median"] > 0
    answers = write_briefing(result, find(result, at(20), quick=True), out=tmp_path / "report.html")["answers"]
    assert "have left home and stay at another place inside" in answers[0]["now"]
    assert "on the way, out or to a place inside" in answers[1]["now"]


def test_a_way_that_is_shut_is_called_shut(tmp_path: Path) -> None:
    """Nobody sets out where no lane works, so that nobody is held back: the page must not leave it at that."""
    gate = place("gate", attractiveness="")
    places = [place("town", attractiveness=""), gate, place("north", "outside", attractiveness=1)]
    roads = [
        {"id": name, "from": start, "to": end, "length_km": 10, "lanes": 1, "speed_kmh": 40, "capacity_per_lane": 60}
        for name, start, end in (("inner", "town", "gate"), ("bridge", "gate", "north"))
    ]
    post = [{"id": "post", "place": "gate", "lanes": 0, "seconds_per_vehicle": 60}]
    opening = {
        "id": "e",
        "time": at(40),
        "kind": "lanes",
        "target": "post",
        "to": "",
        "value": 2,
        "mode": "",
        "chance": 1,
    }
    result = make_world(tmp_path / "world", places=places, roads=roads, checkpoints=post, events=[opening])
    assert "bridge: shut at post (in all runs)." in write_page(result, at(30))[1]["parts"][PART][0]
    assert "shut" not in " ".join(write_page(result, at(50))[1]["parts"][PART])


def test_the_three_questions_are_answered(tmp_path: Path) -> None:
    """Hungry, no electricity, no fuel: by what the folder says of each, person-days never added over items."""
    items = [
        {"id": "flour", "name": "Flour", "unit": "kg"},
        {"id": "grid", "name": "Grid supply", "unit": "kWh"},
        {"id": "drinking_water", "name": "Drinking water", "unit": "l"},
    ]
    needs = [{"item": item["id"], "per_day": 1} for item in items]
    stocks = [
        {"place": "town", "item": "flour", "quantity": 3000},
        {"place": "town", "item": "drinking_water", "quantity": 0},
    ]
    result = make_world(tmp_path / "world", items=items, needs=needs, stocks=stocks)
    page, document = write_page(result, at(48))
    lines = document["parts"]["What runs out, and when"]
    assert lines[0].startswith("Flour: too little today ")
    assert lines[1] == "Grid: needed, but no stock is stated; may run out sooner than anything named here."
    assert lines[2].startswith("Fuel: not stated")
    assert lines[3].startswith("Drinking water: too little today ")
    shown = read_numbers(page)
    for item in ("flour", "drinking_water"):
        days = sum(values for (_, what), values in result.take_all("person_days_without").items() if what == item)
        (texts,) = shown["person_days_without", item, at(48)[:16]]
        middle = float(texts[0].replace(",", ""))
        assert middle == pytest.approx(np.median(days[:, 48]), rel=0.06)


@pytest.mark.slow
def test_the_whole_briefing_says_what_page_one_says(
    small_result: Result, small_findings: Findings, small_page: str
) -> None:
    """The same part stands in both, and the answers of the annex give the same numbers."""
    page, document = write_page(small_result)
    check_numbers(small_result, page, small_findings.moment)
    part = re.compile(r'<div class="page-one".*?\n</div>\n', flags=re.DOTALL)
    assert part.search(page)[0] == part.search(small_page)[0]  # type: ignore[index]
    rows = {row["label"]: row["cells"][0]["text"] for row in document["expected"]["rows"] if row["cells"][0]}
    for label, words in (
        ("People still inside, those who mean to stay included", "people are still inside"),
        ("People on the way, also to a place inside", "people are on the way out"),
        ("Vehicles held up", "vehicles stand or creep"),
    ):
        numbers = NUMBER.findall(rows[label].replace("9 in 10", "")) if label in rows else []
        said = re.search(rf"(\S+) {words}(?: \(9 in 10 chance between (\S+) and (\S+)\))?", small_page)
        if said and numbers:
            assert [number for number in said.groups() if number] == numbers


@pytest.mark.slow
def test_a_replay_and_courses_of_few_beginnings_are_told_first(worked_case: Path, tmp_path: Path) -> None:
    """Before any number, not in the last line of a caption: the set keeps events that were told of later."""
    from corridor.scenario.scenario import read_scenario

    result = run(read_scenario(worked_case), tmp_path / "run", "replay", replicates=10, seed=1)
    found = find(result, quick=True)
    replay, warning = describe_page(result, found).warnings[:2]
    assert (replay.name, warning.name) == ("rests.replay", "rests.few")
    document = write_one_page(result, found, tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert page.index(mark(warning)) < page.index("What is known")
    assert "standard deviation" not in page
    assert (
        "by sex and age: not stated"
        in " ".join(document["page_one"]["parts"]["What this rests on, and how sure it is"]).lower()
    )


def test_counts_are_told_as_they_were_published(tmp_path: Path) -> None:
    """Of an area, by an exit over a span, more than: each with what the run has, and a warning where it does not hold it."""
    base = {"series": "arrivals", "place": "", "area": "", "exit": "", "since": "", "value": "", "low": "", "high": ""}
    base["status"] = "stated"
    counts = [
        {**base, "time": at(30), "value": 1, "status": "derived", "published": at(31)},
        {**base, "time": at(40), "exit": "to_north", "since": at(20), "low": 10, "published": at(41)},
        {**base, "time": at(44), "place": "south", "low": 900_000, "high": 990_000, "published": at(45)},
        {**base, "time": at(46), "value": 5000, "published": at(70)},
    ]
    observations = tmp_path / "world" / "observations"
    observations.mkdir(parents=True)
    header = list(counts[0])
    lines = [",".join(header), *(",".join(str(count[name]) for name in header) for count in counts)]
    (observations / "arrivals.csv").write_text("\n".join(lines) + "\n")
    result = make_world(tmp_path / "world")
    page, document = write_page(result, at(50))
    known = document["parts"]["What is known"]
    assert known[0].startswith(
        "People out by 2 January 06:00: 1 (no source named; worked out from other counts); outside the range"
    )
    assert any(
        line.startswith("People out by to_north from 1 January 20:00 to 2 January 16:00: more than 10 ")
        for line in known
    )
    assert any("900,000 to 990,000" in line and "outside the range" in line for line in known)
    assert "5,000" not in " ".join(known)  # it was not published by today
    assert "2 of 3 lie outside" in document["warnings"][0]
    check_numbers(result, page, datetime.fromisoformat(at(50)))


def test_a_run_by_flees_rules_says_what_it_does_not_know(tmp_path: Path) -> None:
    """No exit, no queue, nothing tried: other rules gave these numbers, and the page says so before any of them."""
    folder = read_folder(make_folder(tmp_path / "flee"))
    keep_run(folder, compile_folder(folder), tmp_path / "run", 5, seed=2)
    result = pad_run(open_result(tmp_path / "run"))  # as write_report does
    page, document = write_page(result)
    assert page.index("Run by Flee's daily rules.") < page.index("What is known")
    assert document["parts"][PART] == ["What holds people back is not recorded by exit in this run."]
    assert document["parts"]["What would help most"] == ["Nothing is tried for a run by other rules than Corridor's."]
    check_numbers(result, page, datetime.fromisoformat(document["today"]))


@pytest.mark.parametrize(
    ("by", "label", "words"),
    [
        ("place", "harbour", "at Harbour"),
        ("area", "abroad", "in Abroad"),
        ("exit", "bridge", "by Old bridge"),
        ("exit", "ferry", "by Ferry Star"),
        ("exit", "unnamed", "by unnamed"),
        ("", "", ""),
    ],
)
def test_a_count_is_told_by_the_name_of_where_it_was_made(by: str, label: str, words: str) -> None:
    names = {
        "places": {"harbour": "Harbour"},
        "areas": {"abroad": "Abroad"},
        "roads": {"bridge": "Old bridge", "unnamed": ""},
        "services": {"ferry": "Ferry Star"},
    }
    scenario = SimpleNamespace(rows=lambda table, _: [{"id": key, "name": name} for key, name in names[table].items()])
    result = SimpleNamespace(scenario=scenario, manifest={"parameters": "main"})
    assert write(_say_where(cast(Result, result), by, label)) == words


@pytest.mark.parametrize(
    ("hours", "words"),
    [(23, ""), (24, "; 24 hours old"), (71, "; 71 hours old"), (72, "; 3 days old"), (234, "; 10 days old")],
)
def test_an_old_count_is_told_in_days(hours: int, words: str) -> None:
    then = datetime(2025, 3, 1)
    count = SimpleNamespace(thing=SimpleNamespace(time=then), published=then, status="stated")
    assert write(_say_age(cast(Count, count), then + timedelta(hours=hours))) == words
