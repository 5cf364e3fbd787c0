"""One-way roads: nobody leaves against them, two carriageways are one road, and nobody is shut in by the map."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from test_built_roads import compare, shrink

import corridor as co
from corridor.build.extract import read_extract
from corridor.build.naming import name_spots
from corridor.build.rows import make_roads
from made_roads import VALLEY_AREA, World, grid, square, write_area

HALF = 0.0001  # degrees from the middle of a dual carriageway to each side: about 11 m


def test_nobody_leaves_against_a_one_way_road(tmp_path: Path) -> None:
    """The short road only leads in: who leaves goes round by the long one, and both are in the case."""
    for against, value in (("in", "-1"), ("out", "yes")):
        world = World()
        home, out = world.point(10.05, 20.02), world.point(10.05, 20.3)
        world.road(home, world.point(10.05, 20.15), out, oneway=value)
        world.road(home, world.point(10.13, 20.15), out)
        world.place("A", 10.05, 20.02)
        world.place("C", 10.05, 20.3)
        small = shrink(world.write(tmp_path / "o.osm.pbf"), write_area(tmp_path / "a.geojson", VALLEY_AREA))
        rows = [row for row in make_roads(small, name_spots(small)) if "a" in (row["from"], row["to"])]
        (alone,) = [row for row in rows if row["lanes_back"] == 0]
        assert (alone["to"] if against == "in" else alone["from"]) == "a"
        (around,) = [row for row in rows if row["lanes_back"] != 0]
        assert float(str(alone["length_km"])) < float(str(around["length_km"]))
        assert len(small.gates) == 2


def lay_dual(world: World, spots: list[tuple[float, float]], **tags: str) -> tuple[list[int], list[int]]:
    """Lay two carriageways from west to east, driven on the right; return the points of the one out and of the one back."""
    out = [world.point(latitude - HALF, longitude) for latitude, longitude in spots]
    back = [world.point(latitude + HALF, longitude) for latitude, longitude in spots]
    world.road(*out, oneway="yes", **tags)
    world.road(*reversed(back), oneway="yes", **tags)
    return out, back


def lay_interchange(world: World, lines: tuple[list[int], list[int]], at: int, ways: tuple[int, int]) -> int:
    """Lay slip roads from both carriageways, at one of their points, to a road across; return where that goes north."""
    out, back = (world.points[line[at]] for line in lines)
    under = [
        world.point(latitude + side, longitude) for (latitude, longitude, _), side in ((out, -0.002), (back, 0.002))
    ]
    for line, way, here, side in zip(lines, ways, (out, back), under, strict=True):
        ahead = 1 if line is lines[0] else -1
        off = world.point(here[0], here[1] - 0.003 * ahead)
        on = world.point(here[0], here[1] + 0.003 * ahead)
        points, tags = world.ways[way]
        place = points.index(line[at])
        world.ways[way] = ([*points[:place], off, points[place], on, *points[place + 1 :]], tags)
        world.road(off, side, highway="motorway_link", oneway="yes")
        world.road(side, on, highway="motorway_link", oneway="yes")
    world.road(*under, highway="secondary")
    return under[1]


@pytest.mark.parametrize("joined", [True, False])
def test_two_carriageways_are_one_road(tmp_path: Path, joined: bool) -> None:
    """A motorway with three interchanges: one road with lanes by direction, over one crossing, whatever is at its end."""
    world = World()
    lines = lay_dual(world, [(10.05, 20.02 + 0.02 * i) for i in range(15)], highway="motorway", lanes="3", ref="M7")
    towns = {at: world.place(name, 10.08, 20.02 + 0.02 * at) for at, name in ((1, "A"), (4, "B"), (7, "C"))}
    for at, town in towns.items():
        world.road(lay_interchange(world, lines, at, (0, 1)), town, highway="secondary")
    street = world.point(10.055, 20.13)
    world.road(street, towns[4], highway="secondary")
    world.place("Beside", 10.0505, 20.13)  # nearer the motorway than the street that leads to it
    if joined:
        far = world.point(10.05, 20.32)
        world.road(lines[0][-1], far)
        world.road(far, lines[1][-1])
        world.place("D", 10.05, 20.32)
    roads, area = world.write(tmp_path / "m.osm.pbf"), write_area(tmp_path / "a.geojson", VALLEY_AREA)
    small = shrink(roads, area)
    assert len(small.gates) == 1
    rows = make_roads(small, name_spots(small))
    lanes = {(row["lanes"], row["lanes_back"]) for row in rows if row["character"] == "motorway 100%"}
    assert lanes == {(3, 3)}
    assert all(row["lanes_back"] for row in rows)
    length = sum(float(str(row["length_km"])) for row in rows if row["name"] == "M7")
    whole = 111.19 * 0.28 * np.cos(np.radians(10.05))
    (beside,) = [one for one in small.settled.values() if one.place.name == "Beside"]
    assert beside.away > 0.3
    assert length < whole + 2 * 4, "each kilometre is there once, and two roads from towns to it"
    ratio = compare(small, "hours")
    assert np.all(abs(ratio - 1) < 0.1)
    co.build(tmp_path / "case", roads=roads, inside=area, start="2025-03-01", end="2025-03-03")
    assert list(co.check(tmp_path / "case").faults) == []


@pytest.mark.parametrize("seed", range(8))
def test_each_direction_takes_as_long_as_it_does(tmp_path: Path, seed: int) -> None:
    """A grid with a fifth of its streets one-way: from every place to every other the small network takes what the whole does."""
    luck = np.random.default_rng(seed)
    world = grid(9, seed, kept=0.9)
    for _, tags in world.ways:
        if luck.random() < 0.2:
            tags["oneway"] = str(luck.choice(["yes", "-1"]))
    roads = world.write(tmp_path / "grid.osm.pbf")
    small = shrink(roads, write_area(tmp_path / "a.geojson", square(19.9, 9.9, 20.125, 10.3)))
    ratio = compare(small, "hours")
    ratio = ratio[ratio > 0]  # 0 and no number are pairs that the whole network does not join
    assert np.isfinite(ratio).mean() > 0.97, "hardly a pair is joined in the whole network alone"
    ratio = ratio[np.isfinite(ratio)]
    assert np.quantile(ratio, 0.02) > 0.97, "where a place is shut in, its road is opened"
    assert abs(np.median(ratio) - 1) <= 0.05
    assert np.quantile(ratio, 0.95) <= 1.15


def test_who_lives_on_a_road_that_only_leads_in_is_not_shut_in(tmp_path: Path) -> None:
    world = World()
    first, last = world.point(10.05, 20.02), world.point(10.05, 20.3)
    end = world.point(10.12, 20.02)
    world.road(first, last)
    world.road(first, end, oneway="yes")
    for name, latitude, longitude in (("A", 10.05, 20.02), ("B", 10.12, 20.02), ("C", 10.05, 20.3)):
        world.place(name, latitude, longitude)
    roads, area = world.write(tmp_path / "s.osm.pbf"), write_area(tmp_path / "a.geojson", VALLEY_AREA)
    built = co.build(tmp_path / "case", roads=roads, inside=area, start="2025-03-01", end="2025-03-03")
    assert any("one-way" in account for account in built.accounts)
    assert list(co.check(tmp_path / "case").faults) == []


@pytest.mark.parametrize(
    ("tags", "one_way"),
    [
        ({"highway": "motorway"}, True),
        ({"highway": "motorway", "oneway": "no"}, False),
        ({"highway": "primary", "junction": "roundabout"}, False),
        ({"highway": "primary", "oneway": "reversible"}, False),
        ({"highway": "primary", "oneway": "-1"}, True),
        ({"highway": "primary", "oneway": "no", "oneway:motor_vehicle": "yes"}, True),
        ({"route": "ferry", "oneway": "yes"}, False),
    ],
)
def test_what_is_one_way(tmp_path: Path, tags: dict[str, str], one_way: bool) -> None:
    world = World()
    world.ways.append(([world.point(10.0, 20.0), world.point(10.1, 20.1)], tags))
    extract = read_extract(world.write(tmp_path / "w.osm.pbf"), "unclassified", "en")
    (way,) = extract.ways
    assert way.one_way is one_way
    assert (extract.latitude[0] > extract.latitude[1]) == (tags.get("oneway") == "-1")
