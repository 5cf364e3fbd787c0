"""The places of a build as what the rows of a table may mean, and the administrative units in which they lie."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from corridor.build.area import Area, unroll
from corridor.build.area_file import read_shapes
from corridor.build.known_places import KnownPlace
from corridor.build.mapping import NO_MAPPING, ColumnMapping, read_mapping
from corridor.build.naming import Spot
from corridor.build.small import Small
from corridor.build.tables import load_roles

IMPORTERS = ("people", "events", "counts")


def list_places(small: Small, spots: dict[int, Spot], admin: Path) -> tuple[KnownPlace, ...]:
    """Return the places of the small network with all their names and the units of the area's file they lie in."""
    chosen = [spot for spot in spots.values() if spot.role == "place"]
    units: list[list[str]] = [[] for _ in chosen]
    latitude, longitude = np.array([s.latitude for s in chosen]), np.array([s.longitude for s in chosen])
    for row, rings in read_shapes(admin):
        area = Area(tuple(unroll(np.array([p[:2] for p in ring], dtype=np.float64)) for ring in rings if len(ring) > 2))
        names = [str(value).strip() for value in row.values() if isinstance(value, str) and value.strip()]
        for i in np.flatnonzero(area.contains(latitude, longitude)):
            units[i] += names
    return tuple(
        KnownPlace(
            spot.id, (spot.name, *small.settled[spot.point].place.names), "",
            spot.latitude, spot.longitude, spot.inside, tuple(dict.fromkeys(names)),
        )
        for spot, names in zip(chosen, units, strict=True)
    )  # fmt: skip


def find_mapping(path: Path, common: Path | None, importer: str) -> ColumnMapping:
    """Return how a file's columns are called: by FILE.toml beside it, else by the common mapping, as far as it goes."""
    roles = tuple(dict.fromkeys(role for name in IMPORTERS for role in load_roles(name)))
    own = path.with_name(f"{path.name}.toml")
    chosen = own if own.is_file() else common
    if chosen is None:
        return NO_MAPPING
    mapping = read_mapping(chosen, roles)
    known = load_roles(importer)
    return replace(mapping, columns={role: name for role, name in mapping.columns.items() if role in known})
