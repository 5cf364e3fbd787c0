"""From an extract and an area to the small network: places, crossings, junctions and the roads between them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from corridor.build.area import Area
from corridor.build.chain import Chain
from corridor.build.contract import SmallNetwork, find_chains
from corridor.build.exits import Beyond, find_beyond, find_gates
from corridor.build.mapped import Control, Extract, MappedPlace
from corridor.build.network import Network, cut_into_edges, lay_out_points, measure_km
from corridor.build.one_way import find_twins, open_dead_ends
from corridor.build.road_classes import FERRY
from corridor.build.settle import Settled, Unconnected, settle_places
from corridor.build.skeleton import find_used_edges
from corridor.build.stretches import add_ways_to_places, join_landings, put_points_between
from corridor.scenario.faults import FaultsError, fault

POST_KM = 1.5  # from a crossing to a border post or checkpoint that is mapped and belongs to it
MOST_PLACES = 10_000


@dataclass(frozen=True)
class Small:
    """The small network. Points are numbers in `network.points`; `chains` are the roads between them.

    `settled` are places by point, `gates` crossings by point with the border post mapped there (or None), `ends` the
    ends of roads outside where the extract has no place. `unconnected` are places inside that no road of it reaches.
    """

    extract: Extract
    network: Network
    chains: list[Chain]
    settled: dict[int, Settled]
    gates: dict[int, Control | None]
    ends: list[int]
    unconnected: list[Unconnected]
    unreached_controls: list[Control]
    roads_left_out: int
    places_left_out: Counter[str] = field(default_factory=Counter)  # why, and how many
    notes: list[str] = field(default_factory=list)


def make_small(extract: Extract, area: Area, kinds: tuple[str, ...], reach_km: float, names: tuple[str, str]) -> Small:
    """Return the small network of an area.

    `kinds` are the kinds of place inside that are kept; `reach_km` is how far outside places are looked for; `names`
    are the files of roads and area, for faults. Raises FaultsError: `build_no_roads`, `build_no_places`,
    `build_no_exit`.
    """
    roads, border = names
    if not extract.ways:
        raise FaultsError([fault("build_no_roads", (roads, 0, ""))])
    extract, piers = join_landings(put_points_between(extract))
    points = lay_out_points(extract, area)
    if not points.inside.any():
        raise FaultsError([fault("build_no_roads.inside", (roads, 0, ""), area=border)])
    places, inside, left_out, notes = _choose_places(extract, area, kinds)
    settled, unconnected = settle_places(extract, points, places, inside)
    if not any(one.inside for one in settled):
        raise FaultsError([fault("build_no_places", (roads, 0, ""), area=border, number=sum(inside))])
    extract, points, settled = add_ways_to_places(extract, points, settled)
    network = cut_into_edges(extract, points, np.array([one.point for one in settled]))
    beyond = find_beyond(extract, network, [one for one in settled if not one.inside], reach_km)
    kept = [one for one in settled if one.inside] + beyond.places
    seeds = np.array([*(one.point for one in kept), *beyond.ends, *beyond.twins])
    small = _contract(extract, network, kept, beyond, find_used_edges(network, seeds))
    if not small.gates:
        raise FaultsError([fault("build_no_exit", (roads, 0, ""), area=border)])
    small.unconnected.extend(unconnected)
    small.notes.extend(notes)
    if piers:
        small.notes.append(
            f"{piers} landings of ferries are on no road read and were joined to the nearest: assumption"
        )
    small.places_left_out.update(left_out)
    return small


def _choose_places(
    extract: Extract, area: Area, kinds: tuple[str, ...]
) -> tuple[list[MappedPlace], list[bool], dict[str, int], list[str]]:
    """Return the places that may be kept, whether each is inside, those left out by reason, and what to say."""
    latitude, longitude = (np.array([getattr(p, name) for p in extract.places]) for name in ("latitude", "longitude"))
    within = area.contains(latitude, longitude) if len(latitude) else np.zeros(0, dtype=bool)
    counted = Counter(place.kind for place, is_in in zip(extract.places, within, strict=True) if is_in)
    notes = []
    if counted and not any(counted[kind] for kind in kinds):
        notes.append(f"no {', '.join(kinds)} lies inside; {', '.join(counted)} were taken instead")
        kinds = tuple(counted)
    chosen = [
        (place, bool(is_in))
        for place, is_in in zip(extract.places, within, strict=True)
        if (place.kind in kinds if is_in else place.kind != "hamlet")
    ]
    smaller = sum(number for kind, number in counted.items() if kind not in kinds)
    left_out = {"smaller and inside (--kinds takes them in)": smaller}
    return [place for place, _ in chosen], [is_in for _, is_in in chosen], left_out, notes


def _contract(extract: Extract, network: Network, kept: list[Settled], beyond: Beyond, used: set[int]) -> Small:
    seeds = {one.point for one in kept} | set(beyond.ends) | beyond.twins.keys()
    gates = find_gates(network, used, seeds)
    ways = {edge: extract.ways[network.way[edge]] for edge in used}
    ferries = {edge for edge, way in ways.items() if way.road_class == FERRY}
    chains = find_chains(network, used, seeds | gates, ferries, {edge for edge, way in ways.items() if way.link})
    twins = beyond.twins | find_twins(network, chains, gates)
    for twin, point in twins.items():
        chains = [chain.move(twin, point) for chain in chains]
    gates -= twins.keys()
    seeds -= twins.keys()
    chains = SmallNetwork(chains, seeds | gates).chains
    chains = _keep_joined(chains, {one.point for one in kept if one.inside})
    chains, opened = open_dead_ends(chains, {one.point for one in kept if one.inside}, gates)
    joined = {point for chain in chains for point in (chain.begin, chain.end)}
    settled = {one.point: one for one in kept if one.point in joined}
    lost = [
        Unconnected(one.place, "no road leads from it to another place")
        for one in kept
        if one.point not in joined and one.inside
    ]
    controls, unreached = _assign_controls(extract, network, sorted(gates & joined))
    ends = [end for end in beyond.ends if end in joined]
    small = Small(extract, network, chains, settled, controls, ends, lost, unreached, beyond.left_out)
    if opened:
        small.notes.append(f"{opened} one-way roads that places cannot be left by were taken as open both ways")
    return small


def _keep_joined(chains: list[Chain], inside: set[int]) -> list[Chain]:
    """Return the roads of the connected part that holds most places inside."""
    near: dict[int, set[int]] = {}
    for chain in chains:
        near.setdefault(chain.begin, set()).add(chain.end)
        near.setdefault(chain.end, set()).add(chain.begin)
    best: set[int] = set()
    seen: set[int] = set()
    for start in sorted(near):
        if start not in seen:
            part, todo = {start}, [start]
            while todo:
                for other in near[todo.pop()] - part:
                    part.add(other)
                    todo.append(other)
            seen |= part
            best = max(best, part, key=lambda part: (len(part & inside), len(part)))
    return [chain for chain in chains if chain.begin in best]


def _assign_controls(
    extract: Extract, network: Network, gates: list[int]
) -> tuple[dict[int, Control | None], list[Control]]:
    """Return for each gate the nearest mapped post within reach, and the posts that belong to none."""
    latitude = np.array([control.latitude for control in extract.controls])
    longitude = np.array([control.longitude for control in extract.controls])
    points, found, used = network.points, dict[int, Control | None](), set[int]()
    for gate in gates:
        away = measure_km(latitude, longitude, points.latitude[gate], points.longitude[gate])
        near = int(away.argmin()) if len(away) and away.min() <= POST_KM else -1
        found[gate] = extract.controls[near] if near >= 0 else None
        used |= set(np.flatnonzero(away <= POST_KM).tolist())
    return found, [control for i, control in enumerate(extract.controls) if i not in used]
