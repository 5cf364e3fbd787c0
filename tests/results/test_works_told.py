"""What a run says of flows, facilities and shared fuel: hours a day met, against the recorded numbers and by hand."""

from __future__ import annotations

import numpy as np
import pytest

import corridor as co
from corridor.front.levers import list_event_kinds
from corridor.front.page.what_if import list_targets
from corridor.results.relief import describe_relief, hours_met, hours_without, read_fuel, read_shelves
from corridor.scenario.faults import UsageError
from corridor.scenario.scenario import Scenario
from corridor.words.language import LANGUAGES
from relief_world import relief_world
from worlds import at

HOURS = 48


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    """Return a town whose line gives everybody light for a day, then a quarter of it; a ward takes the first part."""
    return relief_world(
        tmp_path_factory.mktemp("works") / "world",
        HOURS,
        items=[
            {"id": "diesel", "name": "Diesel", "unit": "l", "for_leaving": "yes"},
            {"id": "power", "name": "Electricity", "unit": "kWh", "kept": "no"},
        ],
        needs=[{"item": "power", "per_day": 1}],
        stocks=[{"place": "town", "item": "diesel", "quantity": 500}],
        plants=[{"id": "line", "name": "Line", "place": "town", "makes": "power", "most_per_day": 1200}],
        facilities=[
            {"id": "ward", "name": "Ward", "place": "town", "item": "power", "per_day": 200, "people": 30},
            {"id": "mill", "name": "Mill", "place": "village", "item": "diesel", "per_day": 200},
        ],
        events=[{"id": "cut", "time": at(24), "kind": "plant", "target": "line", "value": "0.375"}],
    )


@pytest.fixture(scope="module")
def run(case: Scenario) -> co.Run:
    return co.run(case, replicates=3, seed=1)


def test_hours_a_day_follow_the_last_day(run: co.Run) -> None:
    hours = hours_met(run.result, "power", "town")
    day = round(24 / run.result.manifest["record_hours"])
    assert hours[:, : day + 1] == pytest.approx(24)
    assert hours[:, -1] == pytest.approx(24 * (450 - 200) / 1000)  # 450 kWh a day, 200 for the ward, 1000 needed
    assert hours[:, day + day // 2] == pytest.approx((24 + 6) / 2)
    assert hours_without(run.result, "ward")[:, -1] == pytest.approx(0)
    assert hours_without(run.result, "mill")[:, -1] == pytest.approx(HOURS)
    with pytest.raises(UsageError):
        hours_met(run.result, "power", "moon")


def test_a_flow_has_hours_and_no_cover(run: co.Run) -> None:
    (shelf,) = [shelf for shelf in read_shelves(run.result) if shelf.item == "power"]
    assert (shelf.place, shelf.kept) == ("town", False)
    assert not np.isfinite(shelf.cover_days(0)).any()
    rows = {(row["place"], row["item"]): row for row in describe_relief(run.result, run.result.times[-1])["items"]}
    assert rows["town", "power"]["hours_met"]["median"] == pytest.approx(6)
    assert "hours_met" not in rows["town", "diesel"]
    unknown = [(row["place"], row["item"]) for row in describe_relief(run.result)["unknown"]]
    assert unknown == [("village", "power")]


def test_fuel_of_those_who_leave_is_the_stock_of_the_item(run: co.Run) -> None:
    assert read_fuel(run.result)["town"] == pytest.approx(500)
    assert set(read_fuel(run.result)) == {"town"}


def test_a_what_if_can_move_plants_and_stop_them(case: Scenario) -> None:
    live = co.open_live(case)
    numbers = {lever["id"]: lever for lever in live.list_levers("en")["numbers"]}
    assert numbers["plants/line/most_per_day"]["text"] == "1200"
    assert {"plants/line/working", "facilities/ward/per_day"} <= numbers.keys()
    assert [row["id"] for row in list_targets(case)["plants"]] == ["line"]
    assert "plant" in {kind["kind"] for kind in list_event_kinds(LANGUAGES["en"])}
    works = {"change": {"events": {"cut": {"value": "1"}}}}
    *_, answer = live.answer(works, stages=(2,))
    assert answer["replicates"] == 2
    changed = co.run(case.edit(works), replicates=2, seed=1)
    assert hours_met(changed.result, "power", "town")[:, -1] == pytest.approx(24)
