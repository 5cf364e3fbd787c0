"""A GeoPackage (OGC 12-128r18, version 1.3) written with sqlite3 alone: features, plain tables, what they mean."""

from __future__ import annotations

import sqlite3
import struct
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from corridor.results.export_tables import Exported, ExportTable, Line

APPLICATION, VERSION = 0x47504B47, 10300  # "GPKG", 1.3.0
_WGS84 = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],'
    'AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,'
    'AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]]'
)
_SYSTEMS = (
    ("Undefined Cartesian", -1, "NONE", -1, "undefined", "undefined Cartesian coordinates"),
    ("Undefined geographic", 0, "NONE", 0, "undefined", "undefined geographic coordinates"),
    ("WGS 84", 4326, "EPSG", 4326, _WGS84, "longitude and latitude in degrees"),
)
_TABLES = """
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
 organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
 description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
 min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
 CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,
 geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
 CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name),
 CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
 CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
"""
_TYPES = {"text": "TEXT", "number": "DOUBLE", "integer": "INTEGER", "time": "TEXT"}
_UTC = "time_utc"  # the one column that is a DATETIME as the standard means it


Described = tuple[str, tuple[str, ...], list[list[str]]]  # name, columns, rows


def write_geopackage(path: Path, exported: Exported, described: Sequence[Described]) -> None:
    """Write tables, and `described` ones (name, columns, rows of texts) beside them, into a new file."""
    with closing(sqlite3.connect(path)) as base, base:
        base.execute(f"PRAGMA application_id = {APPLICATION}")
        base.execute(f"PRAGMA user_version = {VERSION}")
        base.executescript(_TABLES)
        base.executemany("INSERT INTO gpkg_spatial_ref_sys VALUES (?,?,?,?,?,?)", _SYSTEMS)
        for table in exported.tables:
            _write_table(base, table, exported)
        for name, columns, rows in described:
            named = ", ".join(f"{_quote(column)} TEXT" for column in columns)
            base.execute(f"CREATE TABLE {_quote(name)} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, {named})")
            marks = ",".join("?" * len(columns))
            base.executemany(f"INSERT INTO {_quote(name)} ({','.join(map(_quote, columns))}) VALUES ({marks})", rows)
            stated = "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES (?, 'attributes', ?)"
            base.execute(stated, (name, name))


def _write_table(base: sqlite3.Connection, table: ExportTable, exported: Exported) -> None:
    """Write one table; one with a shape as features, each row with that of its first column."""
    types = {c.name: "DATETIME" if c.name == _UTC else _TYPES[c.type] for c in table.columns}
    named = [f"{_quote(name)} {kind}" for name, kind in types.items()]
    kind = {"point": "POINT", "line": "LINESTRING"}.get(table.shape, "")
    geometry = [f"geom {kind}"] if kind else []
    body = ", ".join(["fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL", *geometry, *named])
    base.execute(f"CREATE TABLE {_quote(table.name)} ({body})")
    box = _find_box(table, exported)
    data = ("features", *box, 4326) if kind else ("attributes", None, None, None, None, None)
    base.execute(
        "INSERT INTO gpkg_contents (table_name, identifier, description, data_type, min_x, min_y, max_x, max_y, srs_id)"
        " VALUES (?,?,?,?,?,?,?,?,?)",
        (table.name, table.name, table.meaning, *data),
    )
    if kind:
        base.execute("INSERT INTO gpkg_geometry_columns VALUES (?,'geom',?,4326,0,0)", (table.name, kind))
    columns = [*(["geom"] if kind else []), *types]
    marks = ",".join("?" * len(columns))
    names = ",".join(map(_quote, columns))
    base.executemany(f"INSERT INTO {_quote(table.name)} ({names}) VALUES ({marks})", _add_shapes(table, exported))


def _add_shapes(table: ExportTable, exported: Exported) -> Iterator[list[object]]:
    shapes = {name: write_point(*point) for name, point in exported.points.items()} if table.shape == "point" else {}
    shapes |= {name: write_line(line) for name, line in exported.lines.items()} if table.shape == "line" else {}
    at = next((n for n, c in enumerate(table.columns) if c.name == _UTC), -1)
    for row in table.rows():
        cells = list(row)
        if at >= 0:  # the standard wants thousandths of seconds
            cells[at] = str(cells[at]).replace("Z", ".000Z")
        yield [shapes.get(str(row[0]).partition("/")[0]), *cells] if table.shape else cells


def _find_box(table: ExportTable, exported: Exported) -> tuple[float | None, ...]:
    if table.shape == "line":
        points = [point for line in exported.lines.values() for point in line]
    else:
        points = list(exported.points.values())
    if not points:
        return (None, None, None, None)
    across, up = zip(*points, strict=True)
    return (min(across), min(up), max(across), max(up))


def _header() -> bytes:
    return b"GP" + bytes([0, 1]) + struct.pack("<i", 4326)  # version 1, little-endian, no envelope


def write_point(across: float, up: float) -> bytes:
    """Return a point as the geometry blob of the standard; degrees east and north."""
    return _header() + struct.pack("<BIdd", 1, 1, across, up)


def write_line(line: Line) -> bytes:
    """Return a line as the geometry blob of the standard."""
    return _header() + struct.pack("<BII", 1, 2, len(line)) + b"".join(struct.pack("<dd", *point) for point in line)


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
