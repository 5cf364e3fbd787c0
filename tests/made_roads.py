"""Extracts of OpenStreetMap made for tests: small worlds of roads and places, written by the library that reads them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

osmium = pytest.importorskip("osmium", reason="the extra build is not installed")

DAY = "2025-01-05T00:00:00Z"
STEP = 0.02  # degrees between crossroads of a made grid: about two kilometres


class World:
    """Points and ways gathered, then written as .osm.pbf or .osm."""

    def __init__(self) -> None:
        self.points: dict[int, tuple[float, float, dict[str, str]]] = {}
        self.ways: list[tuple[list[int], dict[str, str]]] = []
        self.relations: list[tuple[list[tuple[str, int, str]], dict[str, str]]] = []

    def point(self, latitude: float, longitude: float, **tags: str) -> int:
        number = len(self.points) + 1
        self.points[number] = (latitude, longitude, {key.replace("__", ":"): value for key, value in tags.items()})
        return number

    def place(self, name: str, latitude: float, longitude: float, kind: str = "town", **tags: str) -> int:
        return self.point(latitude, longitude, name=name, place=kind, **tags)

    def road(self, *points: int, highway: str = "primary", **tags: str) -> None:
        self.ways.append((list(points), {"highway": highway, **tags}))

    def ferry(self, *points: int, **tags: str) -> None:
        self.ways.append((list(points), {"route": "ferry", **tags}))

    def line(self, *points: int, **tags: str) -> int:
        """Add a way that is no road, such as a border, and return its number."""
        self.ways.append((list(points), tags))
        return len(self.ways)

    def relation(self, *members: tuple[str, int, str], **tags: str) -> None:
        self.relations.append((list(members), tags))

    def write(self, path: Path, day: str = DAY) -> Path:
        header = osmium.io.Header()
        if day:
            header.set("osmosis_replication_timestamp", day)
        writer = osmium.SimpleWriter(str(path), header=header, overwrite=True)
        for number, (latitude, longitude, tags) in self.points.items():
            node = osmium.osm.mutable.Node(id=number, location=(longitude, latitude), tags=tags, version=1)
            writer.add_node(node)
        for number, (points, tags) in enumerate(self.ways, 1):
            writer.add_way(osmium.osm.mutable.Way(id=number, nodes=points, tags=tags, version=1))
        for number, (members, tags) in enumerate(self.relations, 1):
            writer.add_relation(osmium.osm.mutable.Relation(id=number, members=members, tags=tags, version=1))
        writer.close()
        return path


def square(west: float, south: float, east: float, north: float) -> list[list[float]]:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def write_area(path: Path, *rings: list[list[float]], properties: dict[str, Any] | None = None) -> Path:
    feature = {"type": "Feature", "properties": properties or {}, "geometry": {"type": "Polygon", "coordinates": rings}}
    path.write_text(json.dumps(feature), encoding="utf-8")
    return path


def valley(names: tuple[str, ...] = ("Alpha", "Beta", "Gamma")) -> World:
    """Three places on one road, which crosses a bridge and the border to a place outside; the road bends.

    The area is the square from (20, 10) to (20.2, 10.2) degrees of longitude and latitude.
    """
    world = World()
    spots = [world.point(10.05, 20.02 + 0.04 * i) for i in range(5)]
    beyond = [world.point(10.06, 20.24), world.point(10.05, 20.30)]
    for i, name in enumerate(names):
        world.place(name, 10.051, 20.02 + 0.08 * (i % 3), people_of(i), population=str(4000 - 1000 * (i % 3)))
    world.place("Outer", 10.051, 20.30, "city", population="50000")
    world.road(*spots, *beyond, ref="M1")
    return world


def people_of(number: int) -> str:
    return ("town", "village", "village")[number % 3]


VALLEY_AREA = square(20.0, 10.0, 20.2, 10.2)


def grid(size: int, seed: int, kept: float = 0.75) -> World:
    """A square grid of crossroads with some streets left out, bent roads of several classes, and places here and there."""
    luck = np.random.default_rng(seed)
    world = World()
    points = {}
    for row in range(size):
        for column in range(size):
            shift = luck.uniform(-0.3, 0.3, 2) * STEP
            points[row, column] = world.point(10 + row * STEP + shift[0], 20 + column * STEP + shift[1])
    for (row, column), here in points.items():
        for other in ((row + 1, column), (row, column + 1)):
            if other in points and luck.random() < kept:
                kind = str(luck.choice(["primary", "secondary", "tertiary", "unclassified"]))
                bend = [world.points[here][i] * 0.5 + world.points[points[other]][i] * 0.5 for i in (0, 1)]
                middle = world.point(bend[0] + luck.uniform(-0.2, 0.2) * STEP, bend[1])
                world.road(here, middle, points[other], highway=kind)
    for number, (row, column) in enumerate(sorted(points)):
        if luck.random() < 0.25:
            latitude, longitude, _ = world.points[points[row, column]]
            kind = ("city", "town", "village")[number % 3]
            world.place(f"Place {number}", latitude + 0.001, longitude, kind, population=str(500 + 10 * number))
    return world


def find_extract() -> Path:
    """Return the real extract of Liechtenstein, or skip the test."""
    root = Path(os.environ.get("CORRIDOR_DATA", Path(__file__).parents[2] / "shared" / "data"))
    path = root / "osm" / "liechtenstein.osm.pbf"
    if not path.is_file():
        pytest.skip("no data: set CORRIDOR_DATA")
    return path
