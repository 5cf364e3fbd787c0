"""A run for other programs: valid files, the numbers of the replicates, times and not indices, nothing overwritten."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
import struct
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import duckdb
import numpy as np
import openpyxl
import pytest

from command import call
from corridor.results.export_files import FORMATS, export_run
from corridor.results.result import Result
from corridor.scenario.faults import UsageError

REQUIRED = {"gpkg_spatial_ref_sys", "gpkg_contents", "gpkg_geometry_columns"}


def read_geometry(blob: bytes) -> tuple[int, list[tuple[float, float]]]:
    """Read a geometry as the standard describes it, with no code of the program."""
    assert blob[:2] == b"GP"
    assert blob[2] == 0
    flags = blob[3]
    order = "<" if flags & 1 else ">"
    (system,) = struct.unpack(order + "i", blob[4:8])
    assert system == 4326
    at = 8 + {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}[(flags >> 1) & 7]
    order = "<" if blob[at] == 1 else ">"
    (kind,) = struct.unpack_from(order + "I", blob, at + 1)
    at, number = at + 5, 1
    if kind == 2:
        (number,) = struct.unpack_from(order + "I", blob, at)
        at += 4
    points = [struct.unpack_from(order + "dd", blob, at + 16 * n) for n in range(number)]
    assert len(blob) == at + 16 * number
    return kind, points


@pytest.fixture(scope="module")
def package(small_result: Result, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path = tmp_path_factory.mktemp("gpkg") / "run.gpkg"
    export_run(small_result, "gpkg", path)
    assert path.read_bytes()[68:72] == b"GPKG"
    with closing(sqlite3.connect(path)) as base:
        yield base


def test_the_geopackage_is_what_the_standard_asks(package: sqlite3.Connection) -> None:
    assert package.execute("PRAGMA application_id").fetchone() == (0x47504B47,)
    assert package.execute("PRAGMA user_version").fetchone() == (10300,)
    assert package.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert package.execute("PRAGMA foreign_key_check").fetchall() == []
    tables = {name for (name,) in package.execute("SELECT name FROM sqlite_master WHERE type='table'")}
    assert tables >= REQUIRED
    systems = {number for (number,) in package.execute("SELECT srs_id FROM gpkg_spatial_ref_sys")}
    assert systems >= {4326, 0, -1}
    named = dict(package.execute("SELECT table_name, data_type FROM gpkg_contents").fetchall())
    assert set(named) == tables - REQUIRED - {"sqlite_sequence"}
    shaped = dict(package.execute("SELECT table_name, geometry_type_name FROM gpkg_geometry_columns"))
    assert set(shaped) == {name for name, kind in named.items() if kind == "features"}
    for name in named:
        columns = package.execute(f'PRAGMA table_info("{name}")').fetchall()
        assert [(column[1], column[2]) for column in columns if column[5]] == [("fid", "INTEGER")]
    for name, kind in shaped.items():
        box = package.execute(
            "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name=?", (name,)
        ).fetchone()
        for (blob,) in package.execute(f'SELECT DISTINCT geom FROM "{name}"'):
            if blob is not None:
                number, points = read_geometry(blob)
                assert number == {"POINT": 1, "LINESTRING": 2}[kind]
                assert all(box[0] <= x <= box[2] and box[1] <= y <= box[3] for x, y in points)


@pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="GDAL is not here")
def test_gdal_opens_the_geopackage_and_finds_no_fault(small_result: Result, tmp_path: Path) -> None:
    path = tmp_path / "run.gpkg"
    export_run(small_result, "gpkg", path)
    opened = subprocess.run(["ogrinfo", "-al", "-so", path], check=True, capture_output=True, text=True, timeout=60)
    assert opened.stderr == ""
    with closing(sqlite3.connect(path)) as base:
        for (name,) in base.execute("SELECT table_name FROM gpkg_contents").fetchall():
            (number,) = base.execute(f'SELECT count(*) FROM "{name}"').fetchone()
            assert f"Layer name: {name}\n" in opened.stdout
            assert (
                f"Feature Count: {number}"
                in opened.stdout.partition(f"Layer name: {name}\n")[2].partition("Layer name")[0]
            )
    system = "/usr/bin/python3"  # GDAL's own check of the standard comes with the system's Python
    words = [system, "-m", "osgeo_utils.samples.validate_gpkg", "-k", path]
    if subprocess.run([system, "-c", "import osgeo_utils"], capture_output=True, timeout=60).returncode == 0:
        checked = subprocess.run(words, capture_output=True, text=True, timeout=120)
        assert (checked.returncode, checked.stdout) == (0, "")


def test_flows_on_roads_are_those_of_the_replicates_at_their_times(
    package: sqlite3.Connection, small_result: Result
) -> None:
    query = "SELECT time, time_utc, q05, q50, q95 FROM road_over_time WHERE series='on_road' AND road=? ORDER BY time"
    label = small_result.labels("on_road")[0][0]
    rows = package.execute(query, (label,)).fetchall()
    assert [datetime.fromisoformat(row[0]) for row in rows] == small_result.times
    assert all(row[1].endswith(".000Z") for row in rows)
    values = small_result.take("on_road", label)
    np.testing.assert_allclose([row[2:] for row in rows], np.quantile(values, [0.05, 0.5, 0.95], axis=0).T, rtol=1e-8)


def test_every_column_has_its_meaning_and_the_sources_go_along(
    package: sqlite3.Connection, small_result: Result
) -> None:
    told = {
        (table, column)
        for table, column in package.execute('SELECT "table", "column" FROM meanings WHERE meaning != ""')
    }
    for (name,) in package.execute(
        "SELECT table_name FROM gpkg_contents WHERE table_name NOT IN ('about','meanings','sources')"
    ):
        columns = {column[1] for column in package.execute(f'PRAGMA table_info("{name}")')} - {"fid", "geom"}
        assert {(name, column) for column in columns} <= told
    sources = {name for (name,) in package.execute("SELECT id FROM sources")}
    assert sources == {row["id"] for row in small_result.scenario.tables["sources"]}
    about = dict(package.execute("SELECT name, value FROM about").fetchall())
    assert about["disclaimer"] == small_result.manifest["disclaimer"]


def test_csv_and_its_description_agree(small_result: Result, tmp_path: Path) -> None:
    files = export_run(small_result, "csv", tmp_path / "out")
    package = json.loads((tmp_path / "out" / "datapackage.json").read_text(encoding="utf-8"))
    assert {path.name for path in files} == {one["path"] for one in package["resources"]} | {"datapackage.json"}
    for one in package["resources"]:
        with (tmp_path / "out" / one["path"]).open(encoding="utf-8") as file:
            rows = list(csv.reader(file))
        assert rows[0] == [field["name"] for field in one["schema"]["fields"]]
        assert all(field["description"] for field in one["schema"]["fields"])
        for field, texts in zip(one["schema"]["fields"], zip(*rows[1:], strict=True), strict=False):
            if field["type"] in ("number", "integer"):
                assert all(text == "" or float(text) == float(text) for text in texts)


@pytest.mark.slow
def test_every_series_goes_out_whole_with_the_quantiles_of_its_replicates(small_result: Result, tmp_path: Path) -> None:
    """No series, place, road or moment is left out or told twice: rows are those of the result, one by one."""
    export_run(small_result, "csv", tmp_path)
    exported: dict[tuple[str, ...], list[list[float]]] = {}
    for path in sorted(tmp_path.glob("*_over_time.csv")):
        with path.open(encoding="utf-8") as file:
            header, *rows = list(csv.reader(file))
        at = {name: header.index(name) for name in ("time", "series", "q05")}
        for row in rows:
            key = (row[at["series"]], *header[: at["time"]], *row[: at["time"]])
            exported.setdefault(key, []).append([float(text) for text in row[at["q05"] : at["q05"] + 5]])
    recorded = 0
    for series in small_result.series:
        dimensions = ["road" if name == "link" else name for name in series.dimensions]
        for column in series.columns:
            values = small_result.take(column.series, *column.labels)
            expected = np.quantile(values, [0.05, 0.25, 0.5, 0.75, 0.95], axis=0).T
            found = np.array(exported[series.name, *dimensions, *column.labels])
            np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-8)
            recorded += 1
    assert recorded == len(exported)


@pytest.mark.slow
def test_parquet_holds_what_csv_holds(small_result: Result, tmp_path: Path) -> None:
    export_run(small_result, "csv", tmp_path / "csv")
    for path in export_run(small_result, "parquet", tmp_path / "parquet"):
        if path.suffix != ".parquet":
            continue
        with (tmp_path / "csv" / f"{path.stem}.csv").open(encoding="utf-8") as file:
            header, *rows = list(csv.reader(file))
        found = duckdb.sql(f"SELECT * FROM read_parquet('{path}')")
        assert found.columns == header
        cells = found.fetchall()
        assert len(cells) == len(rows)
        for row, texts in zip(cells, rows, strict=True):
            for cell, text in zip(row, texts, strict=True):
                same = (
                    text in ("", None)
                    if cell is None
                    else float(text) == pytest.approx(cell)
                    if isinstance(cell, float | int)
                    else cell == text
                )
                assert same, (path.name, cell, text)


@pytest.mark.slow
def test_workbook_and_geojson(small_result: Result, tmp_path: Path) -> None:
    (book,), (shapes,) = (export_run(small_result, to, tmp_path / f"run.{to}") for to in ("xlsx", "geojson"))
    opened = openpyxl.load_workbook(book, read_only=True)
    assert opened.sheetnames[:3] == ["about", "meanings", "sources"]
    assert "road_over_time" in opened.sheetnames
    rows = opened["total_over_time"].iter_rows(values_only=True)
    header = next(rows)
    times = [row[header.index("time")] for row in rows if row[header.index("series")] == "inside"]
    assert times == small_result.times
    document = json.loads(shapes.read_text(encoding="utf-8"))
    assert document["about"]["disclaimer"]
    roads = [one for one in document["features"] if one["properties"]["what"] == "road"]
    assert len(roads) == len(small_result.scenario.tables["roads"])
    some = next(one for one in roads if "on_road" in one["properties"]["series"])
    assert len(some["properties"]["series"]["on_road"]["q50"]) == len(document["times"]) == len(small_result.times)
    assert some["geometry"]["type"] == "LineString"


def test_shapes_of_roads_where_there_are_some(small_result: Result, tmp_path: Path) -> None:
    road = small_result.scenario.tables["roads"][0]["id"]
    line = [[20.0, 10.0], [20.01, 10.05], [20.05, 10.12]]
    feature = {"type": "Feature", "properties": {"road": road}, "geometry": {"type": "LineString", "coordinates": line}}
    path = tmp_path / "roads.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    export_run(small_result, "geojson", tmp_path / "run.geojson", shapes=path)
    document = json.loads((tmp_path / "run.geojson").read_text())
    assert next(one for one in document["features"] if one["id"] == road)["geometry"]["coordinates"] == line
    path.write_text("[]")
    with pytest.raises(UsageError, match="holds no lines"):
        export_run(small_result, "geojson", tmp_path / "again.geojson", shapes=path)


@pytest.mark.slow
@pytest.mark.parametrize("to", FORMATS)
def test_nothing_is_overwritten_unasked(small_result: Result, tmp_path: Path, to: str) -> None:
    out = tmp_path / ("out" if to in ("csv", "parquet") else f"run.{to}")
    assert call("export", small_result.folder, "--to", to, "--out", out).code == 0
    before = {path: path.read_bytes() for path in sorted(tmp_path.rglob("*")) if path.is_file()}
    refused = call("export", small_result.folder, "--to", to, "--out", out)
    assert refused.code == 2
    assert "--replace" in refused.stderr
    assert {path: path.read_bytes() for path in sorted(tmp_path.rglob("*")) if path.is_file()} == before
    assert call("export", small_result.folder, "--to", to, "--out", out, "--replace").code == 0


@pytest.mark.parametrize(
    "words", [["--to", "shapefile", "--out", "x"], ["--to", "csv"], ["arrivals", "--to", "csv", "--out", "x"], []]
)
def test_usage(small_result: Result, words: list[str]) -> None:
    assert call("export", small_result.folder, *words).code == 2
