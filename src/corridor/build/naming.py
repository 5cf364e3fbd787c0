"""Ids and names of what stands in the case: places keep theirs, crossings and junctions are named by what is near."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import KDTree

from corridor.build.chain import Chain
from corridor.build.network import Numbers, measure_km
from corridor.build.small import Small
from corridor.build.texts import make_id

AS_NEAR = 8  # places looked at around a point, of which the nearest over the ground is taken


@dataclass(frozen=True)
class Spot:
    """One place of the case: at a point of the network, hours from the nearest crossing (below 0 outside)."""

    point: int
    id: str
    name: str
    role: str  # place, crossing, junction or end
    inside: bool
    latitude: float
    longitude: float
    hours_in: float


def name_spots(small: Small) -> dict[int, Spot]:
    """Return every place, crossing, junction and end of the small network by point, in a fixed order."""
    joined = sorted({point for chain in small.chains for point in (chain.begin, chain.end)})
    depth, taken = _measure_depth(small, joined), set[str]()
    nearest = _find_nearest(small, joined)
    labels = Counter[str]()
    ordered = [*(p for p in small.settled if p in depth), *(p for p in joined if p not in small.settled)]
    spots: dict[int, Spot] = {}
    for point in ordered:
        role, name = _name(small, point, nearest.get(point, ""))
        labels[name] += role != "place"
        shown = f"{name} ({labels[name]})" if labels[name] > 1 else name
        word = _choose_word(small, point, role, name, nearest)
        one = small.settled.get(point)
        latitude = one.place.latitude if one else float(small.network.points.latitude[point])
        longitude = one.place.longitude if one else float(small.network.points.longitude[point])
        inside = bool(small.network.points.inside[point]) if one is None else one.inside
        hours = depth[point] if inside else -depth[point]
        spots[point] = Spot(point, make_id(word, taken), shown, role, inside, latitude, longitude, hours)
    return spots


def _choose_word(small: Small, point: int, role: str, name: str, nearest: dict[int, str]) -> str:
    """Return what an id is made of: what does not change when the case is built again from a newer extract."""
    if role == "junction":
        return f"junction {small.network.points.point_number(point)}"
    if role == "place":
        return name
    post = small.gates.get(point)
    named = (post.name if post is not None else "") or _find_road_name(small, point) or nearest[point]
    return f"{'crossing' if role == 'crossing' else 'outside'} {named}"


def _name(small: Small, point: int, near: str) -> tuple[str, str]:
    if point in small.settled:
        return "place", small.settled[point].place.name
    if point in small.gates:
        post = small.gates[point]
        if post is not None and post.name:
            return "crossing", f"Crossing {post.name}"
        road = _find_road_name(small, point)
        return "crossing", f"Crossing near {near}" + (f", road {road}" if road else "")
    if point in small.ends:
        road = _find_road_name(small, point)
        return "end", f"Outside near {near}" + (f", road {road}" if road else "")
    return "junction", f"Junction near {near}"


def _find_nearest(small: Small, joined: list[int]) -> dict[int, str]:
    """Return for each point that is no place the name of the nearest place; of several as near, of the first."""
    asked = np.array([point for point in joined if point not in small.settled], dtype=np.int64)
    places, points = [one.place for one in small.settled.values()], small.network.points
    latitude, longitude = (np.array([getattr(p, name) for p in places]) for name in ("latitude", "longitude"))
    here = points.latitude[asked], points.longitude[asked]
    close = KDTree(_put_on_sphere(latitude, longitude)).query(_put_on_sphere(*here), k=range(1, AS_NEAR + 1))[1]
    close = np.sort(np.minimum(close, len(places) - 1), axis=1)
    away = measure_km(latitude[close], longitude[close], here[0][:, None], here[1][:, None])
    chosen = close[np.arange(len(asked)), away.argmin(axis=1)]
    return {int(point): places[one].name for point, one in zip(asked, chosen, strict=True)}


def _put_on_sphere(latitude: Numbers, longitude: Numbers) -> Numbers:
    """Return points in space, whose distances are in the order of those over the ground."""
    north, east = np.radians(latitude), np.radians(longitude)
    return np.column_stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)])


def _find_road_name(small: Small, point: int) -> str:
    for edge in np.flatnonzero((small.network.begin == point) | (small.network.end == point)):
        name: str = small.extract.ways[small.network.way[edge]].name
        if name:
            return name
    return ""


def _measure_depth(small: Small, joined: list[int]) -> dict[int, float]:
    """Return the hours by road from each point to the nearest crossing."""
    index = {point: i for i, point in enumerate(joined)}
    chains = small.chains
    ends = [index[c.begin] for c in chains], [index[c.end] for c in chains]
    graph = coo_array(([c.hours for c in chains], ends), shape=(len(joined), len(joined))).tocsr()
    hours = dijkstra(graph, directed=False, indices=[index[gate] for gate in small.gates], min_only=True)
    return {point: float(hours[i]) for point, i in index.items()}


def orient(chain: Chain, spots: dict[int, Spot]) -> Chain:
    """Return a road from its inner to its outer end; one that is one-way from where it begins."""
    if chain.is_one_way:
        return chain if chain.there else chain.turn()
    begin, end = spots[chain.begin], spots[chain.end]
    inner = (begin.inside, begin.hours_in, begin.id) >= (end.inside, end.hours_in, end.id)
    return chain if inner else chain.turn()
