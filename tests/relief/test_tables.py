"""What people open: tables that read back, times coarsened when public, a picture that needs no colour."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ElementTree
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from corridor.relief import tables
from corridor.relief.explain import price_limits, share_out
from corridor.relief.ledger import keep_ledger
from corridor.relief.picture import COLOURS, HATCHES, draw_timetable
from corridor.relief.plan import Plan, make_plan
from corridor.relief.sheets import make_workbook
from corridor.relief.who_what_where import who_what_where
from corridor.relief.words import describe_ledger, describe_plan
from corridor.scenario.convoys import write_loads
from corridor.scenario.spreadsheet import write_csv
from corridor.scenario.values import parse_time_range

from .examples import one_road, towns_behind_a_bridge


@pytest.fixture(scope="module")
def plan() -> Plan:
    return make_plan(towns_behind_a_bridge(2), whole=True)


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_convoys_read_back_as_planned(plan: Plan) -> None:
    rows = read(write_csv(tables.convoy_rows(plan, "restricted")))
    assert len(rows) == len(plan.convoys) == len({row["id"] for row in rows}) > 0
    for row, convoy in zip(rows, plan.convoys, strict=True):
        assert (row["fleet"], row["from"], row["to"]) == (convoy.fleet, convoy.start, convoy.to)
        assert datetime.fromisoformat(row["departs"]) == convoy.departs
        assert int(row["trucks"]) == convoy.trucks
        loads = read_loads(row["loads"])
        assert sum(loads.values()) == pytest.approx(sum(convoy.loads.values()), abs=0.005)


def read_loads(text: str) -> dict[str, float]:
    return {item: float(tonnes) for item, _, tonnes in (word.partition("=") for word in text.split())}


@given(st.dictionaries(st.from_regex(r"[a-z][a-z0-9_-]{0,8}", fullmatch=True), st.integers(1, 10**8)))
def test_loads_read_back_to_the_kilogram(kilograms: dict[str, int]) -> None:
    loads = {item: count / 1000.0 for item, count in kilograms.items()}
    assert read_loads(write_loads(loads)) == pytest.approx(loads)


def test_public_output_shows_days_and_no_hours(plan: Plan) -> None:
    for table in (tables.convoy_rows(plan, "public"), who_what_where(plan, "public")):
        assert "T" in write_csv(tables.convoy_rows(plan, "restricted"))
        for row in table[1:]:
            assert not any(isinstance(cell, str) and ":" in cell for cell in row)
    text = describe_plan(plan, [], "public")
    assert not any(f"T{hour:02d}:" in text for hour in range(24))
    ledger = describe_ledger(keep_ledger(plan.problem), 7.0, "public")
    assert not any(f"T{hour:02d}:" in ledger for hour in range(24))


def test_a_public_departure_is_a_range_that_holds_the_true_time(plan: Plan) -> None:
    rows = read(write_csv(tables.convoy_rows(plan, "public")))
    for row, convoy in zip(rows, plan.convoys, strict=True):
        range_ = parse_time_range(row["departs"], None)
        assert range_.start <= convoy.departs < range_.end


def test_who_what_where_adds_up_to_what_is_delivered(plan: Plan) -> None:
    table = who_what_where(plan, "restricted")
    column = {name: i for i, name in enumerate(table[0])}
    total = sum(float(row[column["tonnes"]]) for row in table[1:])
    assert total == pytest.approx(sum(sum(c.loads.values()) for c in plan.convoys), abs=0.001 * len(table))
    for share in share_out(plan):
        here = [r for r in table[1:] if r[column["where"]] == share.place and r[column["what"]] == share.item]
        assert sum(float(r[column["tonnes"]]) for r in here) == pytest.approx(share.delivered, abs=0.01)


def test_who_gets_less_is_relative_to_everybody(plan: Plan) -> None:
    shares = share_out(plan)
    for item in {share.item for share in shares}:
        of_it = [share for share in shares if share.item == item]
        together = sum(share.met * share.needed for share in of_it) / sum(share.needed for share in of_it)
        assert all(share.overall == pytest.approx(together) for share in of_it)
    assert [share.met for share in shares] == sorted(share.met for share in shares)


@pytest.mark.slow
def test_workbook_holds_every_table_under_its_label(plan: Plan, tmp_path) -> None:
    sheets = {
        "who what where": who_what_where(plan, "partners"),
        "who gets less": tables.share_rows(plan),
        "what binds": tables.worth_rows(price_limits(plan)),
        "weights": tables.weight_rows(plan),
        "ledger": tables.ledger_rows(keep_ledger(plan.problem), "partners"),
    }
    make_workbook(sheets, "Title", "partners").save(tmp_path / "plan.xlsx")
    book = load_workbook(tmp_path / "plan.xlsx")
    assert book.sheetnames == list(sheets)
    for name, table in sheets.items():
        rows = list(book[name].iter_rows(values_only=True))
        assert rows[0][0] == "Title"
        assert "partners" in rows[1][0]
        assert "not an IPC classification" in rows[1][0]
        assert list(rows[2]) == table[0]
        assert len(rows) == len(table) + 2


def test_a_text_that_a_spreadsheet_would_run_is_disarmed() -> None:
    assert write_csv([["=HYPERLINK(1)", "@x", -3.0, "fine"]]) == "'=HYPERLINK(1),'@x,-3.0,fine\n"


def test_every_weight_is_printed_with_the_plan(plan: Plan) -> None:
    text = describe_plan(plan, price_limits(plan), "restricted")
    for name, value, _ in plan.weights.describe():
        assert name in text
        assert f"{value:g}" in text
    assert "no plan can go below" in text or "the best there is" in text
    assert "not an IPC classification" in text


@pytest.mark.slow
def test_timetable_is_sound_and_the_same_each_time(plan: Plan) -> None:
    svg = draw_timetable(plan, "restricted")
    assert svg == draw_timetable(plan, "restricted")
    root = ElementTree.fromstring(svg)
    assert root.tag.endswith("svg")
    texts = "".join(root.itertext())
    assert all(convoy.to in texts for convoy in plan.convoys)
    assert all(item.id in texts for item in plan.problem.items)
    assert len(set(COLOURS)) == len(set(HATCHES)) == 8


def test_timetable_of_a_plan_without_convoys() -> None:
    empty = make_plan(one_road(1.0, periods=1), whole=True)
    assert "No convoy in this plan" in draw_timetable(empty, "public")
