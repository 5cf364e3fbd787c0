"""From an extract to the small network: how long its ways are, what it shares, who is named when left out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from corridor.build.area_file import read_area
from corridor.build.extract import read_extract
from corridor.build.naming import name_spots
from corridor.build.rows import make_roads
from corridor.build.small import Small, make_small
from made_roads import VALLEY_AREA, World, find_extract, grid, square, valley, write_area

KINDS = ("city", "town", "village")


def shrink(roads: Path, area: Path, kinds: tuple[str, ...] = KINDS) -> Small:
    return make_small(read_extract(roads, "unclassified", "en"), read_area(area), kinds, 25.0, ("roads", "area"))


def find_best(ends: list[tuple[int, int]], weights: list[float], size: int, points: list[int]) -> np.ndarray:
    """Return the best way from each point to each over arcs, of which the least counts between two points."""
    best: dict[tuple[int, int], float] = {}
    for end, weight in zip(ends, weights, strict=True):
        best[end] = min(weight, best.get(end, np.inf))
    graph = coo_array((list(best.values()), tuple(zip(*best, strict=True))), shape=(size, size)).tocsr()
    return dijkstra(graph, indices=points)[:, points]


def compare(small: Small, weight: str) -> np.ndarray:
    """Return by ordered pair of places inside: the best way in the small network over the best in the whole one."""
    network, size = small.network, len(small.network.points.latitude)
    points = [point for point, one in small.settled.items() if one.inside]
    arcs, weights = [], []
    for begin, end, one_way, value in zip(
        network.begin.tolist(), network.end.tolist(), network.one_way, getattr(network, weight).tolist(), strict=True
    ):
        arcs += [(begin, end)] if one_way else [(begin, end), (end, begin)]
        weights += [value] if one_way else [value, value]
    whole = find_best(arcs, weights, size, points)
    arcs, weights = [], []
    for chain in small.chains:
        arcs += [(chain.begin, chain.end)] * chain.there + [(chain.end, chain.begin)] * chain.back
        weights += [getattr(chain, weight)] * (chain.there + chain.back)
    little = find_best(arcs, weights, size, points)
    off = ~np.eye(len(points), dtype=bool)
    return little[off] / whole[off]


@pytest.mark.parametrize("seed", range(12))
def test_no_way_is_shorter_than_it_is(tmp_path: Path, seed: int) -> None:
    """Every way between two places is at least as long and as slow as the best of the whole network, and hardly more."""
    roads = grid(9, seed).write(tmp_path / "grid.osm.pbf")
    small = shrink(roads, write_area(tmp_path / "a.geojson", square(19.9, 9.9, 20.125, 10.3)))
    for weight in ("length", "hours"):
        ratio = compare(small, weight)
        assert np.isfinite(ratio).all()
        assert ratio.min() > 0.97, "a close junction may take half its length from a way that turns off there"
    assert np.median(compare(small, "hours")) <= 1.05
    assert np.quantile(compare(small, "hours"), 0.95) <= 1.15


def test_travel_times_of_a_real_extract(tmp_path: Path) -> None:
    """Small over whole: the median within 5 %, nine pairs in ten within 15 %."""
    small = shrink(find_extract(), write_area(tmp_path / "a.geojson", square(9.485, 47.06, 9.622, 47.262)))
    ratio = compare(small, "hours")
    assert len(ratio) == 210
    low, middle, high = np.quantile(ratio, [0.05, 0.5, 0.95])
    assert abs(middle - 1) <= 0.05
    assert low >= 0.85
    assert high <= 1.15


def test_a_bridge_is_there_once(tmp_path: Path) -> None:
    """Ways that share the only bridge share one road: what can pass it is not counted for each pair of places."""
    world = World()
    west, east = world.point(10.05, 20.08), world.point(10.05, 20.12)
    world.road(west, east, bridge="yes")
    for i in range(4):
        for side, longitude in ((west, 20.02), (east, 20.18)):
            there = world.point(10.02 + 0.02 * i, longitude)
            world.road(side, there, highway="secondary")
            world.place(f"P{i}{longitude}", 10.02 + 0.02 * i, longitude)
    out = world.point(10.05, 20.3)
    world.road(east, out)
    world.place("Outer", 10.05, 20.3)
    small = shrink(world.write(tmp_path / "b.osm.pbf"), write_area(tmp_path / "a.geojson", square(20, 10, 20.2, 10.2)))
    bridges = {
        int(edge) for edge in range(len(small.network.way)) if small.extract.ways[small.network.way[edge]].bridge
    }
    holding = [chain for chain in small.chains if bridges & {edge for edge, _ in chain.edges}]
    assert len(holding) == 1
    edges = [edge for chain in small.chains for edge, _ in chain.edges]
    assert len(edges) == len(set(edges)), "no stretch of road is in two roads"


def test_lengths_add_up(tmp_path: Path) -> None:
    """The length of the one road between two places is that of its pieces, whatever lies between."""
    small = shrink(valley().write(tmp_path / "v.osm.pbf"), write_area(tmp_path / "a.geojson", VALLEY_AREA))
    total = sum(chain.length for chain in small.chains)
    assert total == pytest.approx(small.network.length.sum(), rel=1e-9)
    assert len(small.gates) == 1
    gate = next(iter(small.gates))
    assert small.network.points.longitude[gate] == pytest.approx(20.2, abs=1e-6)


def test_who_is_not_connected_is_named(tmp_path: Path) -> None:
    """A place far from any road, and one whose roads join no other, are left out by name and with the reason."""
    world = valley()
    world.place("Far", 10.15, 20.1)
    island = [world.point(10.18, 20.0 + 0.01 * i) for i in range(4)]
    world.road(*island)
    world.place("Island", 10.18, 20.02)
    small = shrink(world.write(tmp_path / "v.osm.pbf"), write_area(tmp_path / "a.geojson", VALLEY_AREA))
    told = {one.place.name: one.why for one in small.unconnected}
    assert told.keys() == {"Far", "Island"}
    assert "join no other" in told["Island"]
    assert "km away" in told["Far"]


@pytest.mark.parametrize(
    ("out", "met", "crossings"),
    [
        (0.001, "", 1),
        (0.02, "", 1),
        (0.2, "", 1),
        (0.02, "joint", 1),
        (0.02, "stub", 1),
        (0.02, "place", 3),
        (0.02, "road", 3),
    ],
)
def test_a_road_out_and_back_in_has_a_crossing_only_where_somebody_is(
    tmp_path: Path, out: float, met: str, crossings: int
) -> None:
    """However long the loop, of however many ways: nobody out there, no checkpoint; a place or a road on, and there is."""
    world = World()
    first, turn = world.point(10.05, 20.08), world.point(10 - out, 20.1)
    last = world.point(10.05, 20.12)
    start, goal = world.point(10.05, 20.02), world.point(10.05, 20.18)
    if met == "joint":
        world.road(start, first, turn)
        world.road(turn, last, goal)
    else:
        world.road(start, first, turn, last, goal)
    world.road(goal, world.point(10.05, 20.3))
    if met in ("stub", "road"):
        world.road(turn, world.point(10 - out - (0.002 if met == "stub" else 0.05), 20.1), highway="tertiary")
    if met == "place":
        world.place("D", 10 - out, 20.1)
    for name, longitude in (("A", 20.02), ("B", 20.18), ("C", 20.3)):
        world.place(name, 10.05, longitude)
    roads, area = world.write(tmp_path / "s.osm.pbf"), write_area(tmp_path / "a.geojson", VALLEY_AREA)
    small = shrink(roads, area)
    assert len(small.gates) == crossings
    if crossings == 1 and out > 0.01:
        notes = [str(row["note"]) for row in make_roads(small, name_spots(small))]
        assert sum("other side of the border" in note for note in notes) == 1


def test_a_corner_cut_from_outside_is_no_crossing(tmp_path: Path) -> None:
    """The road out runs through a far corner of the area: it crosses the border once, not three times."""
    world = World()
    world.road(world.point(10.05, 20.02), world.point(10.05, 20.25), world.point(10.15, 20.25))
    world.road(world.point(10.15, 20.25), world.point(10.15, 20.45))
    world.ways[1][0][0] = world.ways[0][0][-1]
    for name, latitude, longitude in (("A", 10.05, 20.02), ("C", 10.15, 20.45)):
        world.place(name, latitude, longitude)
    ring = [[20, 10], [20.2, 10], [20.2, 10.12], [20.3, 10.12], [20.3, 10.2], [20, 10.2], [20, 10]]
    small = shrink(world.write(tmp_path / "s.osm.pbf"), write_area(tmp_path / "a.geojson", ring))
    assert len(small.gates) == 1


def test_a_track_beside_the_border_is_no_way_out(tmp_path: Path) -> None:
    """A road that wiggles over the border, where another meets it outside: still one crossing, the one that leads out."""
    world = World()
    bend = world.point(9.999, 20.1)
    world.road(world.point(10.05, 20.02), world.point(10.001, 20.099), bend, world.point(10.001, 20.101))
    world.road(world.point(10.001, 20.101), world.point(10.05, 20.18), world.point(10.05, 20.3))
    world.road(bend, world.point(9.998, 20.1005))
    world.ways[1][0][0] = world.ways[0][0][-1]
    for name, longitude in (("A", 20.02), ("B", 20.18), ("C", 20.3)):
        world.place(name, 10.05, longitude)
    small = shrink(world.write(tmp_path / "s.osm.pbf"), write_area(tmp_path / "a.geojson", VALLEY_AREA))
    assert len(small.gates) == 1


def test_the_end_of_the_extract_is_a_way_out(tmp_path: Path) -> None:
    """Where the extract has no place outside, the end of its road stands for what is beyond."""
    world = World()
    world.road(world.point(10.05, 20.02), world.point(10.05, 20.18), world.point(10.05, 20.21))
    world.place("A", 10.05, 20.02)
    small = shrink(world.write(tmp_path / "s.osm.pbf"), write_area(tmp_path / "a.geojson", VALLEY_AREA))
    assert len(small.ends) == 1
    assert len(small.gates) == 1
