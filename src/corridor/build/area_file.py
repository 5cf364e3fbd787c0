"""The area read from a file: GeoJSON, GeoPackage or shapefile, all of it or the rows with one code or name."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from corridor.build.area import Area, unroll
from corridor.build.geopackage import read_geopackage
from corridor.scenario.draft import show, suggest
from corridor.scenario.faults import FaultsError, fault

Shape = tuple[dict[str, Any], list[Any]]  # attributes; rings of (longitude, latitude)
IN_DEGREES = ("4326", "CRS84", "4258", "4979")  # names of systems in degrees, that differ by metres
MOST_BYTES = 400_000_000


def read_area(path: Path, code: str = "") -> Area:
    """Return the polygons of a file, or those of the rows in which some cell is the place code or name.

    Raises FaultsError: `build_file` when it cannot be read, `build_no_area` when it holds no such polygon.
    """
    if not path.is_file():
        raise FaultsError([fault("build_file", (str(path), 0, ""))])
    shapes = read_shapes(path)
    chosen = [shape for shape in shapes if not code or _has_code(shape[0], code)]
    if not chosen and shapes:
        known = {str(value) for row, _ in shapes for value in row.values() if isinstance(value, str)}
        hint = suggest(code, known)
        raise FaultsError([fault("build_no_area.code", (str(path), 0, ""), code=show(code), hint=hint)])
    each = [[unroll(ring) for ring in _check_rings(path, shape)] for _, shape in chosen]
    if not any(each):
        raise FaultsError([fault("build_no_area", (str(path), 0, ""))])
    return Area(tuple(ring for rings in each for ring in rings), code or path.stem, tuple(map(len, each)))


def read_shapes(path: Path) -> list[Shape]:
    """Return attributes and rings of every polygon in a file. Raises FaultsError (`build_file.unreadable`)."""
    try:
        if path.stat().st_size > MOST_BYTES:
            message = f"larger than {MOST_BYTES:,} bytes"
            raise ValueError(message)
        return [(row, rings) for row, rings in _find_reader(path)(path) if rings]
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise FaultsError([fault("build_file.unreadable", (str(path), 0, ""), reason=error)]) from error


def _find_reader(path: Path) -> Callable[[Path], Iterator[Shape]]:
    ending = path.suffix.lower()
    if ending == ".gpkg":
        return read_geopackage
    if ending in (".shp", ".dbf", ".shx"):
        return _read_shapefile
    return _read_geojson


def _has_code(row: dict[str, Any], code: str) -> bool:
    return any(str(value).strip().casefold() == code.strip().casefold() for value in row.values())


def _check_rings(path: Path, rings: list[Any]) -> Iterator[np.ndarray[Any, np.dtype[np.float64]]]:
    for ring in rings:
        try:
            points = np.array([point[:2] for point in ring], dtype=np.float64).reshape(-1, 2)
        except (ValueError, TypeError, LookupError, OverflowError) as error:
            raise FaultsError([fault("build_file.unreadable", (str(path), 0, ""), reason=error)]) from error
        latitude, longitude = points[:, 1], points[:, 0]
        if not np.isfinite(points).all() or (np.abs(latitude) > 90).any() or (np.abs(longitude) > 360).any():
            reason = f"{show(points[0].tolist() if len(points) else '')} are no degrees of longitude and latitude"
            raise FaultsError([fault("build_file.unreadable", (str(path), 0, ""), reason=reason)])
        if len(points) >= 3:
            yield points


def _read_geojson(path: Path) -> Iterator[Shape]:
    document = json.loads(path.read_text(encoding="utf-8-sig"))
    system = (document.get("crs") or {}).get("properties", {}).get("name", "")
    if system and not str(system).endswith(IN_DEGREES):
        message = f"its coordinates are in {show(system)}, not in degrees of EPSG:4326"
        raise ValueError(message)
    features = document["features"] if document.get("type") == "FeatureCollection" else [document]
    for feature in features:
        shape = feature.get("geometry", feature) if feature.get("type") == "Feature" else feature
        yield dict(feature.get("properties") or {}), list(_walk(shape or {}))


def _walk(shape: dict[str, Any]) -> Iterator[Any]:
    if shape.get("type") == "Polygon":
        yield from shape["coordinates"]
    elif shape.get("type") == "MultiPolygon":
        for polygon in shape["coordinates"]:
            yield from polygon
    elif shape.get("type") == "GeometryCollection":
        for part in shape["geometries"]:
            yield from _walk(part)


def _read_shapefile(path: Path) -> Iterator[Shape]:
    try:
        import shapefile
    except ImportError:
        message = "reading shapefiles needs the extra `build`: pip install corridor[build]"
        raise ValueError(message) from None
    try:
        with shapefile.Reader(str(path), encodingErrors="replace") as reader:
            names = [found[0] for found in reader.fields[1:]]
            for item in reader.iterShapeRecords():
                if item.shape.shapeTypeName.startswith("POLYGON"):
                    ends = [*item.shape.parts, len(item.shape.points)]
                    rings = [item.shape.points[a:b] for a, b in pairwise(ends)]
                    yield dict(zip(names, item.record, strict=False)), rings
    except (shapefile.ShapefileException, struct.error, EOFError) as error:
        raise ValueError(str(error)) from error
