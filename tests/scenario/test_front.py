"""A scenario as a researcher meets it: tables by name, variants, what a notebook shows."""

from __future__ import annotations

import copy
import pickle
import sys
from pathlib import Path

import pytest

import corridor as co


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    co.create(tmp_path / "case", "A <b>bold</b> case")
    return tmp_path / "case"


def test_tables_stand_under_their_names(folder: Path) -> None:
    case = co.read(folder)
    assert len(case.places) == 5
    assert [row["id"] for row in case.places] == ["border_town", "bridge", "capital", "town", "village"]
    assert case.places.rows is case.tables["places"]
    assert case.places.columns[:2] == ("id", "name")
    assert len(case.people) == 4
    assert len(case.convoys) == 0
    assert {"places", "variant", "rows"} <= set(dir(case))
    with pytest.raises(AttributeError, match='did you mean "places"'):
        _ = case.place


def test_a_scenario_can_be_copied(folder: Path) -> None:
    case = co.read(folder)
    assert copy.copy(case) == case
    with pytest.raises(AttributeError):
        _ = object.__new__(type(case)).places
    assert pickle.loads(pickle.dumps(case.places)) == case.places


def test_a_variant_is_laid_over_the_folder(folder: Path) -> None:
    case = co.read(folder)
    assert case.variants == ("two_more_lanes",)
    varied = case.variant("two_more_lanes")
    assert (varied.variant_name, case.variant_name) == ("two_more_lanes", "")
    assert varied == co.read(folder, "two_more_lanes")
    assert varied.hash != case.hash
    with pytest.raises(co.UsageError, match='did you mean "two_more_lanes"'):
        case.variant("two_more_lane")
    with pytest.raises(co.UsageError, match="already"):
        varied.variant("two_more_lanes")


def test_a_table_becomes_a_data_frame(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pandas")
    table = co.read(folder).roads
    frame = table.to_frame()
    assert list(frame.columns) == list(table.columns)
    assert frame["length_km"].sum() == 15 + 32 + 17 + 65
    assert set(co.read(folder).people.to_frame()["people"]) >= {"1500..2500"}
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(co.UsageError, match="needs the extra"):
        table.to_frame()


def test_what_a_notebook_shows_is_escaped(folder: Path) -> None:
    places = folder / "places.csv"
    places.write_text(places.read_text().replace("Village", "<script>alert(1)</script>"))
    roads = folder / "roads.csv"
    roads.write_text(roads.read_text().replace(",32,", ",320,"))
    case = co.read(folder)
    shown = case._repr_html_()
    for word in ("&lt;b&gt;bold", "2025-03-01 00:00 to 2025-03-08", "two_more_lanes", "places 5", "road_too_long"):
        assert word in shown
    assert [fault.code for fault in case.faults] == ["road_too_long"]
    assert "<script>" not in case.places._repr_html_()
    assert "&lt;script&gt;" in case.places._repr_html_()
    assert "places: 5 rows" in case.places._repr_html_()
