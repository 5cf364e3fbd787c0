"""Ferries as they are mapped: over the border, with landings on no road, without any road beside."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

import corridor as co
from made_roads import VALLEY_AREA, World, write_area

PERIOD = {"start": "2025-03-01", "end": "2025-03-02"}


def build(path: Path, world: World) -> tuple[co.Built, dict[str, list[dict[str, str]]]]:
    roads, area = world.write(path / "x.osm.pbf"), write_area(path / "a.geojson", VALLEY_AREA)
    built = co.build(path / "case", roads=roads, inside=area, **PERIOD)
    assert not co.check(path / "case").errors
    tables: dict[str, Any] = {}
    for name in ("roads", "services", "places"):
        with (path / "case" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
            tables[name] = list(csv.DictReader(lines))
    return built, tables


@pytest.mark.parametrize("gap", [0.0, 0.002])
def test_a_ferry_over_the_border_is_one_ferry_and_its_landing_the_crossing(tmp_path: Path, gap: float) -> None:
    """The border lies on the water: nobody changes there. A landing on no road read is joined to the nearest, and told."""
    world = World()
    inner, outer = world.point(10.05, 20.15), world.point(10.05, 20.25)
    quay = world.point(10.05, 20.15 + gap) if gap else inner
    world.road(world.point(10.05, 20.02), inner)
    world.ferry(quay, outer, duration="01:00", motor_vehicle="no")
    world.road(outer, world.point(10.05, 20.3))
    world.place("A", 10.05, 20.02)
    world.place("C", 10.05, 20.3)
    built, tables = build(tmp_path, world)
    assert [row["hours"] for row in tables["services"]] == ["1.00", "1.00"]
    (crossing,) = [row for row in tables["places"] if row["kind"] == "crossing"]
    assert float(crossing["longitude"]) == pytest.approx(20.15 + gap, abs=1e-4)
    assert any("landings" in account for account in built.accounts) == bool(gap)


def test_a_ferry_over_water_beyond_the_border_stays_inside(tmp_path: Path) -> None:
    world = World()
    west, east = world.point(10.01, 20.05), world.point(10.01, 20.12)
    world.road(world.point(10.05, 20.02), west)
    world.ferry(west, world.point(9.98, 20.08), east)
    world.road(east, world.point(10.05, 20.3))
    world.place("A", 10.05, 20.02)
    world.place("C", 10.05, 20.3)
    _, tables = build(tmp_path, world)
    assert sum(row["kind"] == "crossing" for row in tables["places"]) == 1
    assert len(tables["services"]) == 2


def test_a_long_ferry_does_not_make_its_far_shore_the_main_land(tmp_path: Path) -> None:
    """Who is left out is told by the roads there are, not by kilometres of water."""
    world = World()
    world.road(world.point(10.05, 20.02), world.point(10.05, 20.08), world.point(10.05, 20.1), world.point(10.15, 20.3))
    world.ferry(world.point(10.19, 20.0), world.point(10.01, 20.19))
    for name, latitude, longitude in (("A", 10.05, 20.02), ("C", 10.15, 20.3)):
        world.place(name, latitude, longitude)
    roads, area = world.write(tmp_path / "x.osm.pbf"), write_area(tmp_path / "a.geojson", VALLEY_AREA)
    assert co.build(tmp_path / "case", roads=roads, inside=area, **PERIOD).numbers["places"] == 1
