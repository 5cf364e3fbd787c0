"""The map of what was built, as data: roads along their course, places, crossings, and what is not connected."""

from __future__ import annotations

from typing import Any

import numpy as np

from corridor.build.chain import Chain
from corridor.build.naming import Spot
from corridor.build.small import Small

MOST_POINTS = 60  # of one road's course


def describe_picture(small: Small, spots: dict[int, Spot], attribution: str) -> dict[str, Any]:
    """Return a JSON-ready document in degrees: roads, places by role, unconnected places, the middle longitude."""
    middle = float(np.degrees(np.angle(np.exp(1j * np.radians([spot.longitude for spot in spots.values()])).sum())))
    roads = []
    for chain in small.chains:
        latitude, longitude = follow_course(small, chain)
        roads.append({"latitude": latitude, "longitude": longitude, "ferry": chain.ferry})
    places = [
        {"name": spot.name, "role": spot.role, "inside": spot.inside,
         "latitude": spot.latitude, "longitude": spot.longitude,
         "kind": small.settled[spot.point].place.kind if spot.point in small.settled else ""}
        for spot in spots.values()
    ]  # fmt: skip
    lost = [
        {"name": one.place.name, "latitude": one.place.latitude, "longitude": one.place.longitude}
        for one in small.unconnected
    ]
    return {"middle": middle, "roads": roads, "places": places, "unconnected": lost, "attribution": attribution}


def follow_course(small: Small, chain: Chain) -> tuple[list[float], list[float]]:
    """Return latitudes and longitudes along a road, thinned to what a picture shows."""
    network, found = small.network, list[int]()
    for edge, along in chain.edges:
        part = network.points.point[network.first[edge] : network.last[edge] + 1].tolist()
        part = part if along else part[::-1]
        found += part[1:] if found and found[-1] == part[0] else part
    step = max(1, len(found) // MOST_POINTS)
    kept = [*found[:-1:step], found[-1]]
    points = network.points
    return [round(float(points.latitude[p]), 5) for p in kept], [round(float(points.longitude[p]), 5) for p in kept]
