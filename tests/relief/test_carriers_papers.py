"""Papers of a plan whose goods go by a service, by boat, on foot: named as what they are, with every way in them."""

from __future__ import annotations

from pathlib import Path

import openpyxl

import corridor as co
from relief_world import relief_world, road
from worlds import place


def test_a_plan_by_ferry_boats_and_porters_has_all_its_papers(tmp_path: Path) -> None:
    """A ferry is told by its name in departures, barges in boats, porters in porters; nothing of it is an id alone."""
    fleets = [
        {"id": "barges", "name": "Barges", "place": "base", "purpose": "goods", "transport": "boat", "vehicles": 1,
         "tonnes": 30},
        {"id": "carriers", "name": "Carriers", "place": "town", "purpose": "goods", "transport": "foot", "vehicles": 90,
         "tonnes": 0.03, "handling_hours": 1},
    ]  # fmt: skip
    case = relief_world(
        tmp_path / "case",
        48,
        places=[place("town"), place("village"), place("base", "outside", attractiveness=1)],
        roads=[
            road("trail", "village", "town", 10, 4, kind="path"),
            road("sea", "town", "base", 60, 20, kind="water"),
            road("coast", "town", "base", 300, 20),
        ],
        checkpoints=[],
        depots=[{"id": "store", "place": "base", "item": "food"}],
        fleets=fleets,
        services=[
            {"id": "ferry", "name": "The ferry", "transport": "boat", "from": "town", "to": "base", "seats": 10,
             "tonnes_back": 2, "departures_per_day": 4, "hours": 2}
        ],
        items=[{"id": "food", "name": "Food", "tonnes_per_unit": 0.05}],
    )  # fmt: skip
    plan = co.plan(case, 2, period_hours=6)
    assert {convoy.fleet for convoy in plan.convoys} == {"service:ferry:back", "barges", "carriers"}
    text = str(plan)
    for told in ("ferry (on its way back): 1 departure", "barges: 1 boat", "carriers: 90 porters"):
        assert told in text
    assert "the vehicles" in text.lower()
    assert "the trucks" not in text.lower()
    plan.write(tmp_path / "plan")
    papers = [(tmp_path / "plan" / name).read_text(encoding="utf-8") for name in ("orders.html", "timetable.html")]
    for paper in papers:
        assert "service:" not in paper
        for told in ("The ferry, 1 departure", "Barges, 1 boat", "Carriers, 90 porters"):
            assert told in paper
    table = (tmp_path / "plan" / "who-what-where.csv").read_text(encoding="utf-8")
    assert "The ferry" in table
    sheet = openpyxl.load_workbook(tmp_path / "plan" / "plan.xlsx")["convoys"]
    assert sheet.max_row > len(plan.convoys)
    back = co.read_convoys(tmp_path / "case", tmp_path / "plan" / "plan.xlsx")
    assert len(back.rows) == len(plan.convoys)
