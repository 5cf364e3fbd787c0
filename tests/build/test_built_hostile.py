"""What breaks a build on purpose: every file that is not what it should be is told in a sentence, and nothing is written."""

from __future__ import annotations

import csv
import json
import sqlite3
import struct
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import corridor as co
from command import call
from made_roads import STEP, VALLEY_AREA, World, grid, square, valley, write_area

PERIOD = {"start": "2025-03-01", "end": "2025-03-05"}


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Any]:
    area = write_area(tmp_path / "area.geojson", VALLEY_AREA)
    return {"roads": valley().write(tmp_path / "valley.osm.pbf"), "inside": area, **PERIOD}


def try_build(tmp_path: Path, files: dict[str, Any], *more: str) -> tuple[int, str]:
    words = [word for name, value in files.items() for word in (f"--{name}", value)]
    done = call("build", tmp_path / "case", *words, *more)
    assert "Traceback" not in done.stderr
    if done.code:
        assert not (tmp_path / "case").exists()
    return done.code, done.stderr


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("empty.osm.pbf", b"", "build_"),
        ("text.osm.pbf", b"no extract at all", "build_file"),
        ("broken.osm", b"<osm version='0.6'><node id='1' lat=", "build_file"),
        ("none.osm", b"<osm version='0.6'></osm>", "build_no_roads"),
        ("nan.osm", b"<osm version='0.6'><node id='1' version='1' lat='nan' lon='2'/></osm>", "build_file"),
        ("odd.xyz", b"\x00\x01", "build_file"),
    ],
)
def test_extracts_that_are_none(files: dict[str, Any], tmp_path: Path, name: str, content: bytes, told: str) -> None:
    (tmp_path / name).write_bytes(content)
    code, words = try_build(tmp_path, {**files, "roads": tmp_path / name})
    assert code == 3
    assert told in words


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.geojson", "", "build_file"),
        ("a.geojson", "{", "build_file"),
        ("a.geojson", "[1, 2]", "build_file"),
        ("a.geojson", '{"type": "Point", "coordinates": [20, 10]}', "build_no_area"),
        ("a.geojson", '{"type": "FeatureCollection", "features": []}', "build_no_area"),
        ("a.geojson", '{"type": "Polygon", "coordinates": [[["x", 1], [2, 3], [4, 5]]]}', "build_file"),
        ("a.geojson", '{"type": "Polygon", "coordinates": [[[4e6, 5e6], [4e6, 6e6], [5e6, 5e6]]]}', "build_file"),
        ("a.geojson", '{"type": "Polygon", "coordinates": 5}', "build_file"),
        ("a.geojson", "[" * 100_000, "build_file"),
        (
            "a.geojson",
            '{"type": "Polygon", "coordinates": [[[20, 10], [1' + "0" * 400 + ", 10], [20, 11]]]}",
            "build_file",
        ),
        ("a.geojson", '{"type": "Polygon", "coordinates": [[[20, 10], [NaN, 10], [20, 11]]]}', "build_file"),
        (
            "a.geojson",
            '{"type": "Polygon", "crs": {"properties": {"name": "EPSG:32638"}}, "coordinates": []}',
            "EPSG:32638",
        ),
        ("a.geojson", '{"type": "Feature", "geometry": null, "properties": null}', "build_no_area"),
        ("a.geojson", '{"type": "Feature", "geometry": null, "properties": [1, 2]}', "build_file"),
        ("a.geojson", '{"type": "Feature", "geometry": null, "properties": "AM01"}', "build_file"),
        ("a.geojson", json.dumps({"type": "Polygon", "coordinates": [square(0, 0, 1, 1)]}), "build_no_roads"),
        ("a.geojson", json.dumps({"type": "Polygon", "coordinates": [square(-100, -80, 60, 80)]}), "build_no_exit"),
        ("a.gpkg", "no database", "build_file"),
        ("a.shp", "no shapes", "build_file"),
    ],
)
def test_areas_that_are_none(files: dict[str, Any], tmp_path: Path, name: str, content: str, told: str) -> None:
    (tmp_path / name).write_text(content)
    code, words = try_build(tmp_path, {**files, "inside": tmp_path / name})
    assert code == 3
    assert told in words


def test_a_code_that_is_not_there_is_asked_back(files: dict[str, Any], tmp_path: Path) -> None:
    files["inside"] = write_area(
        tmp_path / "b.geojson", VALLEY_AREA, properties={"ADM1_PCODE": "XX01", "name": "Valley"}
    )
    code, words = try_build(tmp_path, files, "--code", "Vally")
    assert code == 3
    assert 'did you mean "Valley"?' in words
    assert try_build(tmp_path, files, "--code", "xx01")[0] == 0


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"start": "yesterday"}, "--start"),
        ({"end": "2024-01-01"}, "later than the start"),
        ({"start": "2025-03-01T00:00+04:00"}, "local"),
        ({"kinds": "town,capital"}, "no kind of place"),
        ({"smallest": "path"}, "no class of road"),
        ({"beyond_km": -1}, "beyond"),
        ({"road": "x"}, "did you mean"),
    ],
)
def test_wishes_that_cannot_be_met(files: dict[str, Any], tmp_path: Path, more: dict[str, Any], told: str) -> None:
    with pytest.raises(co.UsageError, match=told):
        co.build(tmp_path / "case", **{**files, **more})
    assert not (tmp_path / "case").exists()


def test_without_the_extra_it_says_what_to_install(
    files: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "osmium", None)
    with pytest.raises(co.UsageError, match=r"corridor\[build\]"):
        co.build(tmp_path / "case", **files)


HOSTILE = (
    "Al,pha",
    'Be"ta',
    "Gam\nma\u202eevil",
    "=1+1",
    "'; DROP",
    "a" * 1000,
    "\u200b",
    "Ω" + "\u0301" * 50,
    "alpha",
)


def test_names_that_are_no_plain_words(files: dict[str, Any], tmp_path: Path) -> None:
    """Commas, quotes, line ends, signs that turn text around, formulas: the case is read and means what it meant."""
    world = valley(HOSTILE)
    world.write(Path(files["roads"]))
    co.build(tmp_path / "case", **files)
    assert {fault.code for fault in co.check(tmp_path / "case").faults} == {"same_point"}, "three names at each point"
    names = {str(row["name"]) for row in co.read(tmp_path / "case").tables["places"]}
    assert {"Al,pha", 'Be"ta', "=1+1", "'; DROP"} <= names
    assert not any("\u202e" in name or "\n" in name for name in names)
    before = (tmp_path / "case" / "places.csv").read_bytes()
    assert not co.build(tmp_path / "case").changes
    assert before == (tmp_path / "case" / "places.csv").read_bytes()


def test_places_of_one_name_are_two(files: dict[str, Any], tmp_path: Path) -> None:
    valley(("Same", "Same", "same")).write(Path(files["roads"]))
    co.build(tmp_path / "case", **files)
    ids = [row["id"] for row in read_rows(tmp_path / "case" / "places.csv")]
    assert {"same", "same_2", "same_3"} <= set(ids)
    assert len(ids) == len(set(ids))


def test_a_hole_is_outside(files: dict[str, Any], tmp_path: Path) -> None:
    files["inside"] = write_area(tmp_path / "hole.geojson", VALLEY_AREA, square(20.08, 10.02, 20.12, 10.08))
    co.build(tmp_path / "case", **files)
    rows = {row["id"]: row for row in read_rows(tmp_path / "case" / "places.csv")}
    assert rows["beta"]["area"] == "outside"
    assert rows["alpha"]["area"] == "inside"
    assert sum(row["kind"] == "crossing" for row in rows.values()) == 3
    assert not co.check(tmp_path / "case").errors


def write_geopackage(path: Path, rings: list[list[list[float]]]) -> Path:
    """A GeoPackage with one multipolygon, each ring a polygon of its own."""
    shape = b"GP" + bytes([0, 1]) + struct.pack("<i", 4326) + struct.pack("<BII", 1, 6, len(rings))
    for ring in rings:
        shape += struct.pack("<BIII", 1, 3, 1, len(ring)) + b"".join(struct.pack("<dd", *point) for point in ring)
    file = sqlite3.connect(path)
    file.execute("CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT)")
    file.execute("INSERT INTO gpkg_geometry_columns VALUES ('adm', 'geom')")
    file.execute("CREATE TABLE adm (fid INTEGER PRIMARY KEY, geom BLOB, ADM1_PCODE TEXT)")
    file.execute("INSERT INTO adm (geom, ADM1_PCODE) VALUES (?, 'XX01')", [shape])
    file.commit()
    file.close()
    return path


def write_shapefile(path: Path, rings: list[list[list[float]]]) -> Path:
    shapefile = pytest.importorskip("shapefile")
    with shapefile.Writer(str(path)) as writer:
        writer.field("ADM1_PCODE", "C")
        writer.poly(rings)
        writer.record("XX01")
    return path


@pytest.mark.parametrize("kind", ["geojson", "gpkg", "shp"])
def test_an_area_of_two_parts_in_every_format(files: dict[str, Any], tmp_path: Path, kind: str) -> None:
    parts = [square(20.0, 10.0, 20.06, 10.2), square(20.06, 10.0, 20.2, 10.2)]
    area = tmp_path / f"parts.{kind}"
    if kind == "geojson":
        area.write_text(json.dumps({"type": "MultiPolygon", "coordinates": [[ring] for ring in parts]}))
    else:
        (write_geopackage if kind == "gpkg" else write_shapefile)(area, parts)
    more = {} if kind == "geojson" else {"code": "XX01"}
    co.build(tmp_path / "case", **{**files, "inside": area}, **more)
    rows = read_rows(tmp_path / "case" / "places.csv")
    assert {row["id"] for row in rows if row["area"] == "inside" and row["kind"] != "crossing"} == {
        "alpha",
        "beta",
        "gamma",
    }
    assert sum(row["kind"] == "crossing" for row in rows) == 1, "the seam between the parts is no border"


@pytest.mark.parametrize("second", [VALLEY_AREA, square(20.0, 10.0, 20.1, 10.2), square(20.04, 10.02, 20.06, 10.1)])
def test_shapes_may_overlap(files: dict[str, Any], tmp_path: Path, second: list[list[float]]) -> None:
    """A district twice in a file, a province with its district: what either holds is inside."""
    shapes = [{"type": "Polygon", "coordinates": [ring]} for ring in (VALLEY_AREA, second)]
    features = [{"type": "Feature", "properties": {}, "geometry": shape} for shape in shapes]
    (tmp_path / "two.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    co.build(tmp_path / "one", **files)
    co.build(tmp_path / "case", **{**files, "inside": tmp_path / "two.geojson"})
    one, two = (read_rows(tmp_path / name / "places.csv") for name in ("one", "case"))
    assert [(row["id"], row["area"]) for row in one] == [(row["id"], row["area"]) for row in two]


@pytest.mark.parametrize("split", [False, True])
def test_across_the_antimeridian(tmp_path: Path, split: bool) -> None:
    world = World()
    spots = [world.point(-17.0, lon) for lon in (179.9, 179.96, -179.98, -179.9, -179.8)]
    world.road(*spots)
    for name, longitude in (("West", 179.9), ("East", -179.9), ("Beyond", -179.8)):
        world.place(name, -17.0, longitude)
    rings = [square(179.8, -17.1, 180, -16.9), square(-180, -17.1, -179.85, -16.9)]
    if split:
        shape: dict[str, Any] = {"type": "MultiPolygon", "coordinates": [[ring] for ring in rings]}
    else:
        ring = [[179.8, -17.1], [-179.85, -17.1], [-179.85, -16.9], [179.8, -16.9], [179.8, -17.1]]
        shape = {"type": "Polygon", "coordinates": [ring]}
    area = tmp_path / "a.geojson"
    area.write_text(json.dumps(shape))
    co.build(tmp_path / "case", roads=world.write(tmp_path / "d.osm.pbf"), inside=area, **PERIOD)
    rows = {row["id"]: row for row in read_rows(tmp_path / "case" / "places.csv")}
    assert [rows[name]["area"] for name in ("west", "east", "beyond")] == ["inside", "inside", "outside"]
    length = sum(float(row["length_km"]) for row in read_rows(tmp_path / "case" / "roads.csv"))
    assert length == pytest.approx(0.3 * 111.19 * 0.9563, rel=0.01)
    assert list(co.check(tmp_path / "case").faults) == []


def test_an_extract_without_a_day(files: dict[str, Any], tmp_path: Path) -> None:
    valley().write(Path(files["roads"]), day="")
    co.build(tmp_path / "case", **files)
    assert list(co.check(tmp_path / "case").faults) == []


def test_a_damaged_build_file_is_told(files: dict[str, Any], tmp_path: Path) -> None:
    co.build(tmp_path / "case", **files)
    for text in ("roads = ", "roads = 5", "nothing = 1", ""):
        (tmp_path / "case" / "build.toml").write_text(text)
        with pytest.raises(co.UsageError):
            co.build(tmp_path / "case")


def test_an_area_of_huts_alone(files: dict[str, Any], tmp_path: Path) -> None:
    """Where no larger place lies inside the smaller ones are taken; where none is on a road it is told."""
    world = World()
    world.road(world.point(10.05, 20.02), world.point(10.05, 20.3))
    world.place("Hut", 10.05, 20.1, "hamlet")
    world.write(Path(files["roads"]))
    assert any("taken instead" in text for text in co.build(tmp_path / "case", **files).accounts)
    world.points[3] = (10.19, 20.1, world.points[3][2])
    world.write(Path(files["roads"]))
    with pytest.raises(co.FaultsError) as told:
        co.build(tmp_path / "other", **files)
    assert [fault.code for fault in told.value.faults] == ["build_no_places"]


@pytest.mark.parametrize("name", ["people", "events", "counts", "names", "map"])
def test_tables_that_are_none(files: dict[str, Any], tmp_path: Path, name: str) -> None:
    for number, content in enumerate((None, b"", b"\x00\xff\x00", b"a,b\n1,2\n")):
        path = tmp_path / f"{name}{number}.csv"
        if content is not None:
            path.write_bytes(content)
        words = {**files, "people": tmp_path / "p.csv"} if name == "map" else files
        (tmp_path / "p.csv").write_text("name,people\nAlpha,5\n")
        wanted = [word for key, value in {**words, name: path}.items() for word in (f"--{key}", value)]
        done = call("build", tmp_path / f"case{number}", *wanted)
        assert "Traceback" not in done.stderr
        assert done.code in (0, 2, 3)
        assert done.code or name in ("names", "map"), (
            "an empty mapping says nothing; lines of no dump are counted as dropped"
        )


@pytest.mark.slow
def test_thousands_of_places(tmp_path: Path) -> None:
    """2,600 places: built within 20 CPU-seconds, all of them there or named."""
    world = grid(52, 3, kept=0.9)
    numbers = [n for n, (_, _, tags) in world.points.items() if "place" in tags]
    for number in numbers:
        latitude, longitude, _ = world.points[number]
        world.points[number] = latitude, longitude, {}
    for number in range(2600):
        world.place(f"Place {number}", 10 + (number // 51) * STEP + 0.001, 20 + (number % 51) * STEP, "village")
    area = write_area(tmp_path / "a.geojson", square(19.9, 9.9, 20 + 50.5 * STEP, 10 + 60 * STEP))
    begun = time.process_time()
    built = co.build(tmp_path / "case", roads=world.write(tmp_path / "g.osm.pbf"), inside=area, **PERIOD)
    assert time.process_time() - begun < 20
    assert built.numbers["places"] + built.numbers["not_connected"] == 2600
    assert not co.check(tmp_path / "case").errors
