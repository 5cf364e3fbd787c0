"""Orders for convoy leaders and the timetable: they say what the plan says, in hours that add up, and none when public."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import corridor as co
from corridor.relief.names import read_names
from corridor.relief.order_sheet import order_rows
from corridor.relief.orders import write_orders
from corridor.relief.timetable import describe_timetable
from corridor.relief.who_what_where import who_what_where
from corridor.report.field_papers import write_orders_page, write_timetable_page
from corridor.words.language import LANGUAGES
from relief_world import slotted_world


def make_case(folder: Path, label: str) -> co.Scenario:
    """Return a town 2 h and 60 km from the depot, a slot from 6 to 18 h and a clearance for two days."""
    slotted_world(
        folder,
        label,
        depots=[{"id": "d", "place": "depot", "item": "food", "quantity": 40_000}],
        fleets=[{"id": "lorries", "name": "Lorries & <co>", "place": "depot", "purpose": "goods", "vehicles": 2,
                 "tonnes": 10, "fuel_per_100km": 30, "handling_hours": 3}],
    )  # fmt: skip
    return co.read(folder)


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> tuple[co.Scenario, Any]:
    case = make_case(tmp_path_factory.mktemp("orders") / "case", "partners")
    return case, co.plan(case, days=3).solved


def test_an_order_says_what_the_plan_says(planned: tuple[co.Scenario, Any]) -> None:
    case, solved = planned
    orders = {order["id"]: order for order in write_orders(solved.problem, solved.convoys, case, "")}
    assert set(orders) == {convoy.id for convoy in solved.convoys} != set()
    for convoy in solved.convoys:
        order = orders[convoy.id]
        ends = [(leg["from"], leg["to"]) for leg in order["legs"]]
        assert ends[0][0] == convoy.start
        assert ends[-1][1] == convoy.to
        assert all(before[1] == after[0] for before, after in pairwise(ends))
        hours = 2.0 if convoy.to == "town" else 3.0
        assert order["hours"] == pytest.approx(hours)
        assert datetime.fromisoformat(order["arrives"]) - convoy.departs == timedelta(hours=hours)
        assert datetime.fromisoformat(order["back"]) - convoy.departs == timedelta(hours=2 * hours + 3)
        assert order["tonnes"] == pytest.approx(sum(convoy.loads.values()))
        assert order["tonnes"] <= order["payload"] + 1e-6
        assert order["fuel"]["out"] == pytest.approx(convoy.trucks * 30 * hours * 0.3)
        kinds = {gate["kind"] for gate in order["gates"]}
        assert kinds == {"clearance", "slot", "checkpoint"}
        (clearance,) = (gate for gate in order["gates"] if gate["kind"] == "clearance")
        assert clearance["id"] == "two_days"


def test_the_way_is_shut_where_no_slot_and_no_clearance_lets_in(planned: tuple[co.Scenario, Any]) -> None:
    case, solved = planned
    figure = describe_timetable(solved.problem, solved.convoys, case, "")
    begin, end = (datetime.fromisoformat(figure[name]) for name in ("from", "until"))
    for row in figure["rows"]:
        spans = [[datetime.fromisoformat(time) for time in span] for span in row["shut"]]
        moment = begin
        while moment < end:
            by_hand = not (6 <= moment.hour < 18) or moment >= datetime(2030, 1, 3)
            assert any(first <= moment < last for first, last in spans) == by_hand
            moment += timedelta(hours=1)
        departs = datetime.fromisoformat(row["out"][0])
        assert not any(first <= departs < last for first, last in spans)  # a plan sets out when it may


def test_a_public_case_tells_no_hour(tmp_path: Path) -> None:
    case = make_case(tmp_path / "case", "public")
    solved = co.plan(case, days=3).solved
    orders = write_orders(solved.problem, solved.convoys, case, "")
    for order in orders:
        assert order["coarse"]
        hours = {key: value for key, value in order.items() if key != "gates"}
        assert not re.search(r"\d\d:\d\d", str(hours))
    rows = order_rows(orders)
    assert not any(re.search(r"T\d\d:", str(cell)) for row in rows for cell in row)
    figure = describe_timetable(solved.problem, solved.convoys, case, "")
    assert all(time.endswith("00:00") for row in figure["rows"] for name in ("out", "back") for time in row[name])
    page = write_orders_page(orders, "Title", "public")
    assert page.count("no hour is told") == len(orders)


@pytest.mark.slow
def test_papers_are_written_in_each_language_and_escape_names(planned: tuple[co.Scenario, Any]) -> None:
    case, solved = planned
    orders = write_orders(solved.problem, solved.convoys, case, "")
    figure = describe_timetable(solved.problem, solved.convoys, case, "")
    for language in LANGUAGES.values():
        page = write_orders_page(orders, "A & B", "partners", language)
        assert page.count("<article") == len(orders)
        assert "Lorries &amp; &lt;co&gt;" in page
        assert "http" not in page.replace("http-equiv", "")
        timetable = write_timetable_page(figure, "A & B", "partners", language)
        assert timetable.count("<svg") == -(-len(orders) // 24)
    assert write_timetable_page({**figure, "rows": []}, "t", "partners").count("<svg") == 0


def test_who_does_what_where_names_everything_in_full(planned: tuple[co.Scenario, Any]) -> None:
    case, solved = planned
    header, *rows = who_what_where(solved, "partners", read_names(case, ""))
    assert {"who", "what", "where place", "leaves", "arrives", "quantity", "unit", "latitude"} <= set(header)
    for row in rows:
        cells = dict(zip(header, row, strict=True))
        assert cells["who"] == "Lorries & <co>"
        assert cells["quantity"] == pytest.approx(float(cells["tonnes"]) * 1000, abs=1)


@pytest.mark.slow
def test_columns_are_those_that_were_agreed(planned: tuple[co.Scenario, Any], tmp_path: Path) -> None:
    case, _ = planned
    (tmp_path / "columns.csv").write_text("column,header\nwhere place,ADM3\n,Cluster\ntonnes,MT\n", encoding="utf-8")
    found = co.plan(case, days=3)
    found.write(tmp_path / "plan", columns=tmp_path / "columns.csv")
    lines = (tmp_path / "plan" / "who-what-where.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "ADM3,Cluster,MT"
    assert sum(float(line.split(",")[2]) for line in lines[1:]) == pytest.approx(
        sum(sum(convoy.loads.values()) for convoy in found.convoys), abs=0.01
    )
    (tmp_path / "columns.csv").write_text("column,header\nwhere plce,ADM3\n", encoding="utf-8")
    with pytest.raises(co.UsageError, match="did you mean"):
        found.write(tmp_path / "other", columns=tmp_path / "columns.csv")
    assert not (tmp_path / "other").exists()
