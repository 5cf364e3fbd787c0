"""Places mapped as areas: taken at a point within them, and each there once, whatever else it is mapped as."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from corridor.build.area import Area, find_point_within
from corridor.build.extract import read_extract
from corridor.build.mapped import Extract
from corridor.build.rings import join_pieces
from made_roads import World, valley

BORDER = [(10.10, 20.10), (10.10, 20.14), (10.14, 20.14), (10.14, 20.10)]


def read(world: World, path: Path) -> Extract:
    return read_extract(world.write(path / "x.osm.pbf"), "unclassified", "en")


def find(extract: Extract, name: str) -> list[tuple[float, float]]:
    return [(place.latitude, place.longitude) for place in extract.places if place.name == name]


def test_a_closed_way_is_a_place_at_its_middle(tmp_path: Path) -> None:
    world = valley()
    ring = [world.point(*spot) for spot in BORDER]
    world.line(*ring, ring[0], place="village", name="Ring", population="1234")
    (spot,) = find(read(world, tmp_path), "Ring")
    assert spot == pytest.approx((10.12, 20.12))


def add_border(world: World) -> list[tuple[str, int, str]]:
    """Add the border as three ways, one against the others' direction, and return them as members."""
    ring = [world.point(*spot) for spot in BORDER]
    ways = [world.line(*ring[:2]), world.line(ring[3], ring[2], ring[1]), world.line(ring[3], ring[0])]
    return [("w", way, "outer") for way in ways]


@pytest.mark.parametrize("kind", ["boundary", "multipolygon"])
def test_a_relation_is_a_place_at_its_middle(tmp_path: Path, kind: str) -> None:
    world = valley()
    world.relation(*add_border(world), type=kind, place="town", name="Unit", admin_level="8")
    (spot,) = find(read(world, tmp_path), "Unit")
    assert spot == pytest.approx((10.12, 20.12))


@pytest.mark.parametrize("by", ["label", "admin_centre", "name", "other name", "name nearby"])
def test_who_is_mapped_as_a_point_and_as_an_area_is_there_once(tmp_path: Path, by: str) -> None:
    """The point stands; what only the area tells (names, people) is added to it. Both are in the account."""
    world = valley()
    spot = (10.095, 20.12) if by == "name nearby" else (10.11, 20.13)
    node = world.place("Twin", *spot, "town", alt_name="Zwilling")
    members = [("n", node, by)] if by in ("label", "admin_centre") else []
    name = {"label": "Municipality", "other name": "Zwilling"}.get(by, "Twin")
    world.relation(*add_border(world), *members, place="town", name=name, population="777", official_name="Twin Town")
    extract = read(world, tmp_path)
    assert find(extract, "Twin") == [pytest.approx(spot)]
    (place,) = [place for place in extract.places if place.name == "Twin"]
    assert place.people == 777
    assert "Twin Town" in place.names
    assert extract.places_left_out.total() == 1


def test_places_of_one_name_far_apart_are_two(tmp_path: Path) -> None:
    world = valley()
    world.place("Twin", 10.3, 20.5)
    world.relation(*add_border(world), place="town", name="Twin")
    assert len(find(read(world, tmp_path), "Twin")) == 2


def test_an_area_without_its_whole_border_is_told(tmp_path: Path) -> None:
    """A piece that the extract has not, an open line, one without a name: counted with the reason, nothing in silence."""
    world = valley()
    world.relation(*add_border(world)[:2], ("w", 999, "outer"), place="town", name="Cut")
    world.line(*(world.point(10.1, 20.1 + 0.01 * i) for i in range(4)), place="village", name="Open")
    world.relation(*add_border(world), place="town")
    extract = read(world, tmp_path)
    assert len(extract.places) == 4
    assert sorted(extract.places_left_out.values()) == [1, 2]


@pytest.mark.parametrize("seed", range(20))
def test_the_point_of_an_area_lies_within_it(seed: int) -> None:
    """Stars with long arms, some with a hole around their middle, some across the 180th meridian."""
    luck = np.random.default_rng(seed)
    angle = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    reach = luck.uniform(0.02, 1.0, 24)
    east = 179.9 if seed % 3 == 0 else 20.0
    star = np.column_stack((east + reach * np.cos(angle), 10 + reach * np.sin(angle)))
    hole = np.column_stack((east + 0.2 * reach * np.cos(angle), 10 + 0.2 * reach * np.sin(angle)))
    area = Area((star, hole) if seed % 2 else (star,))
    latitude, longitude = find_point_within(area)
    assert area.contains(np.array([latitude]), np.array([longitude]))[0]


@pytest.mark.parametrize("seed", range(10))
def test_pieces_in_any_order_and_direction_make_their_rings(seed: int) -> None:
    luck = np.random.default_rng(seed)
    rings = [list(range(0, 20)), list(range(100, 112))]
    pieces = []
    for ring in rings:
        cuts = sorted({0, *luck.integers(1, len(ring), 4).tolist()})
        for begin, end in zip(cuts, [*cuts[1:], len(ring)], strict=True):
            piece = [*ring[begin:end], ring[end % len(ring)]]
            pieces.append(piece[:: luck.choice([1, -1])])
    order = luck.permutation(len(pieces))
    joined = join_pieces([pieces[i] for i in order])
    assert all(ring[0] == ring[-1] for ring in joined)
    assert sorted(sorted(set(ring)) for ring in joined) == rings


def test_the_account_adds_up(tmp_path: Path) -> None:
    import corridor as co
    from made_roads import VALLEY_AREA, write_area

    world = valley()
    world.place("Twin", 10.11, 20.13, "town")
    world.relation(*add_border(world), place="town", name="Twin")
    files = {"roads": world.write(tmp_path / "x.osm.pbf"), "inside": write_area(tmp_path / "a.geojson", VALLEY_AREA)}
    built = co.build(tmp_path / "case", start="2025-03-01", end="2025-03-03", **files)
    (account,) = [text for text in built.accounts if "places" in text.splitlines()[0]]
    first, dropped = account.splitlines()[0], 0
    read_number, used, dropped = (int(re.search(rf"{word} (\d+)", first)[1]) for word in ("read", "used", "dropped"))
    assert read_number == 6 == used + dropped
    assert "twice" in account
