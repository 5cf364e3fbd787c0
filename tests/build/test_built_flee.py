"""A folder of Flee from the same files: it is checked without an error, runs, and its routes are as long as roads."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import corridor as co
from command import call
from made_roads import VALLEY_AREA, valley, write_area

PERIOD = {"start": "2025-03-01", "end": "2025-03-21"}


def test_a_folder_of_flee_runs_with_true_kilometres(tmp_path: Path) -> None:
    roads, area = valley(("Al,pha", "Beta", "Beta")).write(tmp_path / "v.osm.pbf"), tmp_path / "a.geojson"
    write_area(area, VALLEY_AREA)
    counts = tmp_path / "counts.csv"
    counts.write_text("date,place,individuals\n2025-03-03,Outer,100\n2025-03-09,Outer,900\n2025-03-09,Nowhere,5\n")
    words = [w for k, v in {"roads": roads, "inside": area, "counts": counts, **PERIOD}.items() for w in (f"--{k}", v)]
    done = call("flee", "build", tmp_path / "flee", *words)
    assert done.code == 0, done.stderr
    assert "read 3" in done.stdout
    assert call("flee", "check", tmp_path / "flee").code == 0
    built = co.build(tmp_path / "case", roads=roads, inside=area, **PERIOD)
    with (tmp_path / "flee" / "input_csv" / "routes.csv").open() as lines:
        routes = [float(row["distance"]) for row in csv.DictReader(lines)]
    with (tmp_path / "case" / "roads.csv").open() as lines:
        lengths = [float(row["length_km"]) for row in csv.DictReader(lines)]
    assert sorted(routes) == pytest.approx(sorted(lengths), abs=0.01)
    assert built.numbers["roads"] == len(routes)
    run = co.run_flee(co.read_flee(tmp_path / "flee"), replicates=3)
    assert run.summarise()["people"] > 0
    assert "ODbL" in (tmp_path / "flee" / "README.md").read_text(encoding="utf-8")


def test_what_nobody_counted_is_said(tmp_path: Path) -> None:
    area = write_area(tmp_path / "a.geojson", VALLEY_AREA)
    made = co.build_flee(tmp_path / "flee", roads=valley().write(tmp_path / "v.osm.pbf"), inside=area, **PERIOD)
    assert any("nobody was counted at Outer" in text for text in made.assumed)
    assert not [fault for fault in co.check_flee(tmp_path / "flee") if fault.severity == "error"]
    with pytest.raises(co.UsageError, match="in use"):
        co.build_flee(tmp_path / "flee", roads=tmp_path / "v.osm.pbf", inside=area, **PERIOD)
