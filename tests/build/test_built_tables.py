"""A case with people, events and counts from files: what is used, shared out, dropped, and warned of."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from made_tables import ACLED_NEW, COD_PS
from made_tables import write as write_table

import corridor as co
from made_roads import square, valley

PERIOD = {"start": "2025-03-01", "end": "2025-03-05"}


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Any]:
    """Two units: the western holds Alpha, the eastern Beta and Gamma."""
    shapes = [("XX01", "West", square(20.0, 10.0, 20.06, 10.2)), ("XX02", "East", square(20.06, 10.0, 20.2, 10.2))]
    features = [
        {"type": "Feature", "properties": {"ADM1_PCODE": code, "ADM1_EN": name},
         "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for code, name, ring in shapes
    ]  # fmt: skip
    area = tmp_path / "admin.geojson"
    area.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return {"roads": valley().write(tmp_path / "v.osm.pbf"), "inside": area, **PERIOD}


def test_people_of_a_unit_are_shared_out_and_nobody_is_lost(files: dict[str, Any], tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"ADM1_PCODE": code, "ADM1_NAME": name, "Population": people, "Reference_year": 2024, "Gender": "all"}
        for code, name, people in (("XX01", "West", 7000), ("XX02", "East", 10000), ("XX09", "Elsewhere", 5))
    ]
    people = write_table(tmp_path / "people.csv", COD_PS, rows)
    built = co.build(tmp_path / "case", people=[people], **files)
    by_place: dict[str, float] = {}
    for row in read_rows(tmp_path / "case" / "people.csv"):
        by_place[row["place"]] = by_place.get(row["place"], 0.0) + float(row["people"].split()[0])
    assert by_place["alpha"] == 7000
    assert by_place["beta"] + by_place["gamma"] == pytest.approx(10000, abs=2)
    assert by_place["beta"] == pytest.approx(6000, abs=2), "as 3,000 to 2,000 people mapped"
    (account,) = [text for text in built.accounts if text.startswith("people.csv")]
    assert "read 3" in account
    assert "used 2" in account
    assert "dropped 1" in account
    claims = {row["id"]: row for row in read_rows(tmp_path / "case" / "evidence" / "claims.csv")}
    assert claims["people_beta"]["use"] == "context", "what was mapped stands beside what was used"
    assert list(co.check(tmp_path / "case").faults) == []


def test_a_table_younger_than_the_start_is_told(files: dict[str, Any], tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("name,population,year\nAlpha,5000,2026\nBeta,100,2020\n", encoding="utf-8")
    built = co.build(tmp_path / "case", people=people, **files)
    (warning,) = built.warnings
    assert warning.code == "dated_data"
    assert "2026" in warning.found


def test_events_raise_danger_on_their_day_and_no_longer(files: dict[str, Any], tmp_path: Path) -> None:
    def event(number: int, day: str, latitude: float, longitude: float, precision: str = "1") -> dict[str, object]:
        found: dict[str, object] = {"event_id_cnty": f"XXX{number}", "event_date": day, "latitude": latitude}
        found |= {"longitude": longitude, "geo_precision": precision, "time_precision": "1", "event_type": "Battles"}
        return {**found, "admin1": "East", "notes": "one, two, three"}

    rows = [event(1, "2025-03-02", 10.05, 20.02), event(2, "2025-03-02", 10.05, 20.02)]
    rows += [event(3, "2025-04-20", 10.05, 20.02), event(4, "2025-03-03", 10.05, 20.12, "3")]
    events = write_table(tmp_path / "acled.csv", ACLED_NEW, [*rows, event(5, "2025-03-03", 12.0, 25.0)])
    built = co.build(tmp_path / "case", events=[events], **files)
    found = read_rows(tmp_path / "case" / "events.csv")
    of_alpha = [(row["time"], row["value"]) for row in found if row["target"] == "alpha"]
    assert of_alpha == [("2025-03-02T00:00", "0.30..1.00"), ("2025-03-03T00:00", "0")]
    spread = {row["target"] for row in found} - {"alpha"}
    assert spread == {"beta", "gamma"}, "a position known only by its district is put on no town"
    claims = {row["id"]: row for row in read_rows(tmp_path / "case" / "evidence" / "claims.csv")}
    assert "XXX1, XXX2" in claims[found[0]["claims"]]["wording"]
    (account,) = [text for text in built.accounts if text.startswith("acled.csv")]
    assert "read 5" in account
    assert "used 3" in account
    assert list(co.check(tmp_path / "case").faults) == []


def test_counts_are_added_once_and_stay(files: dict[str, Any], tmp_path: Path) -> None:
    counts = tmp_path / "counts.csv"
    counts.write_text("date,individuals,published\n2025-03-02,300,2025-03-03\n2025-03-03,900,2025-03-04\n")
    built = co.build(tmp_path / "case", counts=[counts], **files)
    observed = tmp_path / "case" / "observations"
    rows = [row for path in observed.glob("*.csv") for row in read_rows(path)]
    assert [row["value"] for row in rows] == ["300", "900"]
    assert any("counts.csv" in text and "used 2" in text for text in built.accounts)
    before = {path: path.read_bytes() for path in (tmp_path / "case").rglob("*") if path.is_file()}
    again = co.build(tmp_path / "case")
    assert not again.changes
    assert not {path.name for path, text in before.items() if path.read_bytes() != text}
    assert list(co.check(tmp_path / "case").faults) == []


def test_names_of_a_gazetteer_are_other_names(files: dict[str, Any], tmp_path: Path) -> None:
    cells = ["1", "Alpha", "Alpha", "Alfa,ألفا,Альфа;Á", "10.05", "20.02", "P", "PPL", "XX", *[""] * 9, "2020-01-01"]
    far = [*cells[:4], "40.0", *cells[5:]]
    dump = tmp_path / "XX.txt"
    dump.write_text("\n".join("\t".join(line) for line in (cells, far, ["broken"])) + "\n", encoding="utf-8")
    built = co.build(tmp_path / "case", names=dump, **files)
    (alpha,) = [row for row in read_rows(tmp_path / "case" / "places.csv") if row["id"] == "alpha"]
    assert {"Alfa", "ألفا", "Альфа"} <= {name.strip() for name in alpha["other_names"].split(";")}
    assert any("read 3 lines, used 1, dropped 2" in text for text in built.accounts)


def test_counts_none_of_which_fits_are_told_before_anything_is_written(files: dict[str, Any], tmp_path: Path) -> None:
    counts = tmp_path / "counts.csv"
    counts.write_text("date,place,individuals\n2025-03-02,Elsewhere,120\n", encoding="utf-8")
    with pytest.raises(co.UsageError, match="a place that the case does not have"):
        co.build(tmp_path / "case", counts=counts, **files)
    assert not (tmp_path / "case").exists()
