"""Places put on the network: each at the nearest point of a road; who is on none is named, never dropped in silence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from corridor.build.mapped import Extract, MappedPlace
from corridor.build.network import Numbers, Points, Whole
from corridor.build.road_classes import FERRY
from corridor.scenario.checks.geography import EARTH

FARTHEST = 4.0  # km from a place to the nearest road that still serves it
NEAR = 1.0  # km within which a road that joins no other is taken for the place's own
TRIED = 12  # nearest points tried where two places share one


@dataclass(frozen=True)
class Settled:
    """A place at a point of the network, so many km away from where it is mapped."""

    place: MappedPlace
    point: int
    away: float
    inside: bool


@dataclass(frozen=True)
class Unconnected:
    """A place inside that is on no road that leads anywhere, and the reason, in words."""

    place: MappedPlace
    reason: str

    @property
    def why(self) -> str:
        """Return the reason, and who is lost with the place."""
        people = (
            f"; the {self.place.people:,} people mapped there are in no place of the case" if self.place.people else ""
        )
        return f"{self.reason}{people}"


def settle_places(
    extract: Extract, points: Points, places: Sequence[MappedPlace], inside: Sequence[bool]
) -> tuple[list[Settled], list[Unconnected]]:
    """Put places on the largest connected part of the network, those with most people first, one at each point."""
    chosen = _find_main(extract, points)
    if not places or not len(chosen.own):
        return [], [Unconnected(p, "no road in the extract") for p, is_in in zip(places, inside, strict=True) if is_in]
    spots = place_on_sphere(np.array([p.latitude for p in places]), np.array([p.longitude for p in places]))
    near, which = _find_near(points, chosen, spots, np.array(inside))
    tried = near.shape[1]
    any_near, any_which = chosen.all_tree.query(spots)
    settled, left, taken = [], [], set[int]()
    for i in sorted(range(len(places)), key=lambda i: (-(places[i].people or 0), i)):
        away = _to_km(near[i, 0])
        other = chosen.all[any_which[i]]
        own_km, is_other = float(points.part_km[points.part[other]]), points.part[other] != chosen.part
        if is_other and own_km >= NEAR and away > NEAR and 3 * _to_km(any_near[i]) < away:
            why = (
                f"its roads ({own_km:.0f} km) join no other in the extract; the nearest that does is {away:.1f} km away"
            )
        elif away > FARTHEST:
            why = f"the nearest road read is {away:.1f} km away"
        else:
            free = next((j for j in range(tried) if near[i, j] < 2 and int(chosen.own[which[i, j]]) not in taken), None)
            why = "" if free is not None else f"other places stand on the {tried} nearest points of its roads"
            if free is not None:
                point = int(chosen.own[which[i, free]])
                taken.add(point)
                settled.append(Settled(places[i], point, _to_km(near[i, free]), inside[i]))
        if why and inside[i]:
            left.append(Unconnected(places[i], why))
    return settled, left


def _find_near(points: Points, chosen: _Main, spots: Numbers, inside: NDArray[np.bool_]) -> tuple[Numbers, Whole]:
    """Return for each place the nearest points on its own side of the border: chords and indices into `own`.

    A road open both ways that is no motorway goes before one that is hardly nearer.
    """
    near, which = np.full((len(spots), TRIED), np.inf), np.zeros((len(spots), TRIED), dtype=np.int64)
    for side in (False, True):
        mine, there = np.flatnonzero(inside == side), np.flatnonzero(points.inside[chosen.own] == side)
        if not len(mine) or not len(there):
            continue
        near[mine], which[mine] = _query(points, chosen, spots[mine], there)
        easy = there[chosen.easy[there]]
        if len(easy):
            found, index = _query(points, chosen, spots[mine], easy)
            better = found[:, 0] <= near[mine, 0] + NEAR / EARTH
            near[mine[better]], which[mine[better]] = found[better], index[better]
    return near, which


def _query(points: Points, chosen: _Main, spots: Numbers, there: Whole) -> tuple[Numbers, Whole]:
    """Return for each place the nearest of some of the points in `own`; chords beyond all are those that are not."""
    near, which = np.full((len(spots), TRIED), np.inf), np.zeros((len(spots), TRIED), dtype=np.int64)
    tried, own = min(TRIED, len(there)), chosen.own[there]
    tree = cKDTree(place_on_sphere(points.latitude[own], points.longitude[own]))
    found, index = tree.query(spots, k=[*range(1, tried + 1)])
    near[:, :tried], which[:, :tried] = found, there[index]
    return near, which


@dataclass(frozen=True)
class _Main:
    """Points of roads: those of the part of the network that is longest within the area, and all of them.

    `easy` tells of the former which are on a road that is joined from beside and open both ways.
    """

    part: int
    own: Whole
    easy: NDArray[np.bool_]
    all: Whole
    all_tree: cKDTree


def _find_main(extract: Extract, points: Points) -> _Main:
    is_road = np.array([way.road_class != FERRY for way in extract.ways], dtype=bool)
    of_roads = np.unique(points.point[is_road[points.way]]) if len(is_road) else np.zeros(0, dtype=np.int64)
    of_roads = of_roads[~points.gate[of_roads]]
    part = int(points.part_km.argmax()) if len(points.part_km) else -1
    own = of_roads[points.part[of_roads] == part]
    joined = (way.road_class not in (FERRY, "motorway") and not way.one_way for way in extract.ways)
    is_easy = np.zeros(len(points.latitude), dtype=bool)
    is_easy[points.point[np.fromiter(joined, dtype=bool, count=len(extract.ways))[points.way]]] = True
    return _Main(
        part,
        own,
        is_easy[own],
        of_roads,
        cKDTree(place_on_sphere(points.latitude[of_roads], points.longitude[of_roads])),
    )


def place_on_sphere(latitude: Numbers, longitude: Numbers) -> Numbers:
    """Return points on the sphere of radius 1 [point, 3]: neighbours on both sides of the 180th meridian are near."""
    phi, lam = np.radians(latitude), np.radians(longitude)
    return np.column_stack((np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)))


def _to_km(chord: float) -> float:
    return float(2 * EARTH * np.arcsin(min(chord / 2, 1.0)))
