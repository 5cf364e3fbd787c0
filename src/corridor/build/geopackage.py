"""Polygons of a GeoPackage, read with sqlite3 alone.

Source of the format: OGC 12-128r18, "GeoPackage Encoding Standard", 2.1.3 (the header) and OGC 06-103r4 (the rest).
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

_ENVELOPES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}  # bytes of the bounding box, by the kind the header's flags name
POLYGON, MULTIPOLYGON = 3, 6


def read_geopackage(path: Path) -> Iterator[tuple[dict[str, Any], list[Any]]]:
    """Yield (attributes, rings) of every polygon of every layer. Raises ValueError for what is no GeoPackage."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as file:
            for table, column in file.execute("SELECT table_name, column_name FROM gpkg_geometry_columns").fetchall():
                quoted = str(table).replace('"', '""')
                rows = file.execute(f'SELECT * FROM "{quoted}"')
                names = [part[0] for part in rows.description]
                for row in rows:
                    cells = dict(zip(names, row, strict=True))
                    shape = cells.pop(column)
                    if isinstance(shape, bytes):
                        yield cells, list(_read_shape(shape))
    except (sqlite3.Error, struct.error) as error:
        raise ValueError(str(error)) from error


def _read_shape(shape: bytes) -> Iterator[Any]:
    if shape[:2] != b"GP" or shape[3] & 0b10000:  # another format, or an empty shape
        return
    begin = 8 + _ENVELOPES.get(shape[3] >> 1 & 0b111, 0)
    yield from _read_rings(shape, begin)[0]


def _read_rings(shape: bytes, at: int) -> tuple[list[Any], int]:
    """Return the rings of a well-known binary that begins at a byte, and the byte after it."""
    order = "<" if shape[at] else ">"
    kind, number = struct.unpack_from(order + "II", shape, at + 1)
    at += 9
    rings: list[Any] = []
    if kind % 1000 == MULTIPOLYGON:
        for _ in range(number):
            more, at = _read_rings(shape, at)
            rings += more
    elif kind % 1000 == POLYGON:
        width = 2 + (kind // 1000 in (1, 2, 3)) + (kind // 1000 == 3)
        for _ in range(number):
            (points,) = struct.unpack_from(order + "I", shape, at)
            values = struct.unpack_from(f"{order}{width * points}d", shape, at + 4)
            rings.append(list(zip(values[::width], values[1::width], strict=True)))
            at += 4 + 8 * width * points
    return rings, at
