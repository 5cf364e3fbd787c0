"""The rows of a case: places, crossings with their checkpoints, roads, ferries. Each says what it rests on."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np

from corridor.build.chain import Chain
from corridor.build.ferries import make_decks, name_ferry
from corridor.build.mapped import Way
from corridor.build.naming import Spot, orient
from corridor.build.network import Numbers
from corridor.build.road_classes import load_road_classes
from corridor.build.row import ROADS, Row
from corridor.build.small import Small
from corridor.build.texts import join_names

PEOPLE_OF_KIND = {"city": (50_000, 300_000), "town": (5_000, 50_000), "village": (200, 3_000), "hamlet": (20, 300)}
PACE = "20..120"  # seconds a vehicle at a land border or checkpoint: assumption
SHARE_TOLD = 0.05  # of a road's length from which on it is told that so much is unpaved, one-way or beyond the border


def make_places(
    small: Small, spots: dict[int, Spot], people: dict[int, float], extra: dict[int, list[str]]
) -> list[Row]:
    """Return places.csv. `people` are those known or assumed at each point, `extra` further names by point."""
    rows: list[Row] = []
    for point, spot in spots.items():
        row: Row = {"id": spot.id, "name": spot.name, "area": "inside" if spot.inside else "outside"}
        row |= {"latitude": f"{spot.latitude:.5f}", "longitude": f"{spot.longitude:.5f}", "claims": ROADS}
        if spot.role == "place":
            place = small.settled[point].place
            kind = "village" if place.kind == "hamlet" else place.kind
            row["kind"] = "reception" if kind == "village" and not spot.inside else kind
            row["other_names"] = join_names([*place.names, *extra.get(point, [])], spot.name)
        else:
            row["kind"] = {"crossing": "crossing", "junction": "junction", "end": "reception"}[spot.role]
        if spot.role == "crossing":
            mapped = small.gates[point] is not None
            row["note"] = "a border post is mapped here" if mapped else "where a road crosses the border of the area"
        if not spot.inside and spot.role != "junction":
            row["attractiveness"] = f"{math.sqrt(max(people.get(point, 500.0), 200.0) / 1000):.2f}"
            row |= {"lodging_share": "0.2..0.7", "lodging_rate": "0.02..0.2"}
            row["note"] = "attractiveness (root of thousands of people) and lodging: assumption"
            if spot.role == "end":
                row["note"] = f"end of the road in the extract, which has no place out there; {row['note']}"
        rows.append(row)
    return rows


def make_checkpoints(small: Small, spots: dict[int, Spot]) -> list[Row]:
    """Return checkpoints.csv: one at each crossing; lanes and pace are in no extract."""
    rows: list[Row] = []
    for point, post in small.gates.items():
        if point in spots:
            note = "assumption: no border post is mapped here; lanes, pace and hours are assumed"
            if post is not None:
                note = "the border post is mapped; lanes, pace and hours: assumption"
            row: Row = {"id": f"checkpoint_{spots[point].id}", "name": spots[point].name, "place": spots[point].id}
            row |= {"lanes": "1..2", "seconds_per_vehicle": PACE, "wander": "0.2", "wander_hours": "24"}
            rows.append({**row, "claims": ROADS if post is not None else "", "note": note})
    return rows


def make_desks(small: Small, spots: dict[int, Spot]) -> list[Row]:
    """Return desks.csv: where people register, at the place outside nearest to each crossing."""
    outside = [spot for spot in spots.values() if not spot.inside and spot.role in ("place", "end")]
    outside.sort(key=lambda spot: spot.id)
    there = np.array([(spot.latitude, spot.longitude) for spot in outside])
    near: dict[str, Spot] = {}
    for gate in small.gates:
        if gate in spots and outside:
            away = there - (spots[gate].latitude, spots[gate].longitude)
            spot = outside[int(np.hypot(away[:, 0], away[:, 1]).argmin())]
            near[spot.id] = spot
    return [
        {"id": f"desk_{spot.id}", "name": f"Registration, {spot.name}", "place": spot.id, "people_per_hour": "100..600",
         "attractiveness": "1", "note": "assumption"}
        for spot in near.values()
    ]  # fmt: skip


def make_roads(small: Small, spots: dict[int, Spot]) -> list[Row]:
    """Return roads.csv, ferries among them as ways over water."""
    ways_out = _count_ways_out(small, spots)
    rows = [_make_road(small, orient(chain, spots), spots, ways_out) for chain in small.chains]
    rows += make_decks(small, spots)
    taken: Counter[object] = Counter()
    for row in rows:
        taken[row["id"]] += 1
        if taken[row["id"]] > 1:
            row["id"] = f"{row['id']}-{taken[row['id']]}"
    return sorted(rows, key=lambda row: str(row["id"]))


def _count_ways_out(small: Small, spots: dict[int, Spot]) -> Counter[int]:
    """Return at each point how many roads, ferries left out, have an end outside."""
    leads_out = (chain for chain in small.chains if not chain.ferry)
    ends = ((chain.begin, chain.end) for chain in leads_out)
    return Counter(point for both in ends if not all(spots[one].inside for one in both) for point in set(both))


def _make_road(small: Small, chain: Chain, spots: dict[int, Spot], ways_out: Counter[int]) -> Row:
    network, edges = small.network, np.array([edge for edge, _ in chain.edges])
    length, ways = network.length[edges], [small.extract.ways[i] for i in network.way[edges]]
    slow, fast = (length.sum() / (length / speed[edges]).sum() for speed in (network.slow, network.fast))
    classes, names = _sum_by([way.road_class for way in ways], length), _sum_by([way.name for way in ways], length)
    names.pop("", None)
    known = load_road_classes()
    worst = min(ways, key=lambda way: way.lanes * known[way.road_class].most_capacity)
    kind = known[worst.road_class]
    begin, end = spots[chain.begin], spots[chain.end]
    row: Row = {
        "id": f"{begin.id}-{end.id}",
        "name": _name_road(chain, spots, names, ways_out),
        "from": begin.id,
        "to": end.id,
    }
    row |= {"length_km": f"{max(chain.length, 0.05):.2f}", "speed_kmh": f"{slow:.1f}..{min(fast, 130):.1f}"}
    row |= {"claims": ROADS, "kind": "water" if chain.ferry else "road"}
    if chain.ferry:
        note = "length as mapped; speed: assumption; served by services.csv"
        return {**row, "id": name_ferry(chain, spots), "walked": "no", "note": note}
    total = float(length.sum())
    back = [small.extract.ways[network.way[edge]] for edge, _ in chain.other] or ways
    lanes_back = min(way.lanes for way in back) if chain.other else worst.lanes
    row |= {"lanes": worst.lanes, "lanes_back": lanes_back if chain.back else 0, "direction": "normal"}
    row["capacity_per_lane"] = f"{kind.least_capacity}..{kind.most_capacity}"
    parts = [f"{name} {km / total:.0%}" for name, km in sorted(classes.items(), key=lambda item: -item[1])[:2]]
    unpaved = sum(km for way, km in zip(ways, length, strict=True) if way.unpaved) / total
    bridges = len({network.way[edge] for edge, way in zip(edges, ways, strict=True) if way.bridge})
    parts += [f"{unpaved:.0%} unpaved"] * bool(unpaved >= SHARE_TOLD)
    parts += [f"{bridges} bridge{'s' if bridges > 1 else ''}"] * (bridges > 0)
    row["character"] = ", ".join(parts)
    return {**row, "note": _write_note(small, chain, ways, length)}


def _name_road(chain: Chain, spots: dict[int, Spot], names: dict[str, float], ways_out: Counter[int]) -> str:
    """Return what a road is called: the way out by its crossing, another as mapped, or by its ends."""
    ends = spots[chain.begin], spots[chain.end]
    for gate, beyond in (ends, ends[::-1]):
        if gate.role == "crossing" and not beyond.inside:
            return gate.name if ways_out[gate.point] == 1 else f"{gate.name} to {beyond.name}"
    return max(names, key=names.__getitem__, default=f"{ends[0].name} – {ends[1].name}")


def _sum_by(names: list[str], length: Numbers) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, km in zip(names, length.tolist(), strict=True):
        found[name] = found.get(name, 0.0) + km
    return found


def _write_note(small: Small, chain: Chain, ways: list[Way], length: Numbers) -> str:
    edges = np.array([edge for edge, _ in chain.edges])
    total = float(length.sum())
    number = len({int(way) for way in small.network.way[edges]})
    assumed = sum(km for way, km in zip(ways, length, strict=True) if way.assumed)
    if assumed == total:
        return "assumption: straight line from the place to the nearest road read; speed and capacity by class"
    note = f"length of {number} mapped way{'s' if number > 1 else ''}; speed and capacity by class: assumption"
    if assumed:
        note += f"; {assumed:.1f} km of it straight from the place to the nearest road read: assumption"
    if chain.extra > 0:
        note += f"; {chain.extra:.2f} km of close junctions are in it"
    if chain.other:
        note += "; two carriageways mapped apart are one road with lanes by direction"
    elif chain.is_one_way:
        note += "; one-way as mapped"
    elif any(way.one_way for way in ways):
        note += "; mapped as one-way and taken as open both ways, for there is no other way out: assumption"
    beyond = float(length[small.network.inside[edges] != _find_own_side(small, chain, length)].sum())
    if beyond / total >= SHARE_TOLD:
        note += f"; {beyond:.1f} km of it lie on the other side of the border, where nobody is reached: no crossing"
    return note


def _find_own_side(small: Small, chain: Chain, length: Numbers) -> bool:
    """Tell on which side of the border a road runs: as an end of it that is no crossing does, else most of it."""
    for point in (chain.begin, chain.end):
        if point not in small.gates:
            return bool(small.network.points.inside[point])
    inside = small.network.inside[[edge for edge, _ in chain.edges]]
    return bool(2 * length[inside].sum() >= length.sum())
