"""Roads as they are mapped on a bad day: read for what they are, left out with the reason, never a traceback."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

import corridor as co
from made_roads import VALLEY_AREA, valley, write_area


def build(path: Path, world: Any) -> tuple[list[dict[str, str]], str]:
    """Return the roads of a case made of a world, and its accounts; it is checked, and runs."""
    roads, area = world.write(path / "x.osm.pbf"), write_area(path / "a.geojson", VALLEY_AREA)
    built = co.build(path / "case", roads=roads, inside=area, start="2025-03-01", end="2025-03-02")
    assert not co.check(path / "case").errors
    with (path / "case" / "roads.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines)), " ".join(built.accounts)


def speeds(row: dict[str, str]) -> tuple[float, float]:
    low, _, high = row["speed_kmh"].partition("..")
    return float(low), float(high or low)


@pytest.mark.parametrize(
    ("tags", "lanes", "fastest"),
    [
        ({"lanes": "2;3"}, "1", 80),
        ({"lanes": "-1"}, "1", 80),
        ({"lanes": "1.5"}, "1", 80),
        ({"lanes": "many"}, "1", 80),
        ({"lanes": "4"}, "2", 80),
        ({"maxspeed": "50 mph"}, "1", 0.9 * 80.47),
        ({"maxspeed": "none"}, "1", 80),
        ({"maxspeed": "RU:urban"}, "1", 45),
        ({"maxspeed": "DE:zone:30"}, "1", 27),
        ({"maxspeed": "walk"}, "1", 6.3),
        ({"maxspeed": "0"}, "1", 80),
        ({"surface": "dirt"}, "1", 56),
        ({"access": "no", "motor_vehicle": "yes"}, "1", 80),
    ],
)
def test_odd_tags_say_what_they_say(tmp_path: Path, tags: dict[str, str], lanes: str, fastest: float) -> None:
    world = valley()
    world.ways[0][1].update(tags)
    rows, _ = build(tmp_path, world)
    assert {row["lanes"] for row in rows} == {lanes}
    assert all(speeds(row)[1] == pytest.approx(fastest, rel=0.01) for row in rows)


@pytest.mark.parametrize(
    ("tags", "reason"),
    [
        ({"access": "military"}, "closed to the public"),
        ({"access": "private"}, "closed to the public"),
        ({"motor_vehicle": "no"}, "closed to the public"),
        ({"highway": "construction", "construction": "primary"}, "under construction"),
        ({"highway": "proposed", "proposed": "primary"}, "under construction"),
        ({"highway": "abandoned", "abandoned": "primary"}, "abandoned"),
        ({"abandoned": "yes"}, "abandoned"),
        ({"bridge": "collapsed"}, "broken down"),
    ],
)
def test_roads_that_nobody_can_use_are_left_out_and_told(tmp_path: Path, tags: dict[str, str], reason: str) -> None:
    """A short cut that is closed, not built yet or gone: the long way round is taken, and the account says why."""
    world = valley()
    first, last = world.ways[0][0][0], world.ways[0][0][4]
    world.road(first, last, **tags)
    world.road(first, world.point(10.2, 20.1), last, highway="secondary")
    world.ways[0][0][:] = world.ways[0][0][4:]
    world.place("Start", 10.05, 20.02)
    rows, told = build(tmp_path, world)
    assert reason in told
    assert any(float(row["length_km"]) > 15 for row in rows)


def test_an_unpaved_road_is_said_to_be_one(tmp_path: Path) -> None:
    world = valley()
    world.ways[0][1]["surface"] = "gravel"
    rows, _ = build(tmp_path, world)
    assert all("100% unpaved" in row["character"] for row in rows)


@pytest.mark.parametrize("kind", ["border_control", "toll_booth", "gate", "bollard", "checkpoint"])
def test_what_stands_on_a_road_does_not_cut_it(tmp_path: Path, kind: str) -> None:
    """A post on the way where it crosses the border is its crossing's; nothing else changes lengths or places."""
    world = valley()
    spot = world.ways[0][0][-2]
    latitude, _, _ = world.points[spot]
    world.points[spot] = latitude, 20.205, {"barrier": kind, "name": "Post"}
    rows, _ = build(tmp_path, world)
    assert len(rows) == 4
    named = [row for row in rows if "Post" in row["name"]]
    assert bool(named) == (kind in ("border_control", "checkpoint"))
