"""The map as data: people at each place, the flow over each road, where the checkpoints stand."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from corridor.report.envelope import Figure, begin_figure
from corridor.results.result import Result, Values, interpolate
from corridor.results.summary import describe_spread
from corridor.scenario.areas import find_sides

FLOW_HOURS = 6.0  # flow over a road is the mean of so many hours before the moment


def distance_km(a: dict[str, Any], b: dict[str, Any]) -> float:
    """Return the distance between two places as the crow flies (equirectangular, good to 1 % over 500 km)."""
    middle = math.radians((a["latitude"] + b["latitude"]) / 2)
    east = math.radians(b["longitude"] - a["longitude"]) * math.cos(middle)
    north = math.radians(b["latitude"] - a["latitude"])
    return 6371.0 * math.hypot(east, north)


def describe_map(result: Result, moment: datetime) -> Figure:
    """Return places with people now and at the peak, roads with people an hour, checkpoints, and the near area."""
    scenario, chosen = result.scenario, result.manifest["parameters"]
    people = {row["id"]: _people_at(result, row["id"]) for row in scenario.rows("places", chosen)}
    checkpoints = {row["place"]: row["name"] or row["id"] for row in scenario.rows("checkpoints", chosen)}
    desks = {row["place"] for row in scenario.rows("desks", chosen)}
    sides = find_sides(scenario.rows("places", chosen), scenario.rows("areas", chosen))
    places = []
    for row in scenario.rows("places", chosen):
        values = people[row["id"]]
        here = {name: row[name] for name in ("id", "name", "other_names", "kind", "latitude", "longitude")}
        here["area"] = sides[row["id"]]
        places.append(
            {
                **here,
                "now": describe_spread(interpolate(values, result.times, moment)),
                "peak": float(np.median(values, axis=0).max()),
                "end": describe_spread(values[:, -1]),
                "checkpoint": checkpoints.get(row["id"]),
                "desk": row["id"] in desks,
            }
        )
    by_id = {place["id"]: place for place in places}
    on_road = _people_on_roads(result)
    net = _flows(result, moment, people, on_road)
    roads = [
        {
            "id": row["id"],
            "name": row["name"] or row["id"],
            "from": row["from"],
            "to": row["to"],
            "length_km": row["length_km"],
            "people_per_hour": net.get(row["id"]),
            "people_on_it": float(
                sum(np.median(interpolate(values, result.times, moment)) for values in on_road[row["id"]])
            ),
        }
        for row in scenario.rows("roads", chosen)
    ]
    return begin_figure(
        result,
        "map",
        "people",
        moment=moment.isoformat(timespec="minutes"),
        flow_hours=FLOW_HOURS,
        places=places,
        roads=roads,
        near=_near(by_id, roads, desks),
    )


def _people_at(result: Result, place: str) -> Values:
    there = result.take_all("at_place", place).values()
    return sum(there, np.zeros((result.replicates, len(result.times))))


def _people_on_roads(result: Result) -> dict[str, list[Values]]:
    """Return people on each road [R, T], by direction where people go both ways."""
    data = {link: values for (link,), values in result.take_all("on_road").items()}
    roads = [row["id"] for row in result.scenario.rows("roads", result.manifest["parameters"])]
    return {road: [data[link] for link in (road, f"{road}/back") if link in data] for road in roads}


def _flows(
    result: Result, moment: datetime, people: dict[str, Values], on_road: dict[str, list[Values]]
) -> dict[str, float | None]:
    """Return the median net flow from the inner to the outer end of each road, people an hour; None in a loop.

    A run stores people at places and on roads, not flows. Where a road is the only way between two parts of the
    network, what has passed its inner end is the gain of everything beyond it, the road included.
    """
    roads = result.scenario.rows("roads", result.manifest["parameters"])
    before = max(moment - timedelta(hours=FLOW_HOURS), result.times[0])
    hours = (moment - before) / timedelta(hours=1)
    if hours <= 0:
        return {row["id"]: 0.0 for row in roads}

    def gain(values: Values) -> Values:
        return interpolate(values, result.times, moment) - interpolate(values, result.times, before)

    at_place = {place: gain(values) for place, values in people.items()}
    under_way = {road: [gain(values) for values in both] for road, both in on_road.items()}
    flows: dict[str, float | None] = {}
    for row in roads:
        links = [(r["id"], r["from"], r["to"]) for r in roads if r["id"] != row["id"]]
        beyond = _joined(row["to"], links)
        if row["from"] in beyond:
            flows[row["id"]] = None
            continue
        parts = [at_place[place] for place in beyond]
        inside = [road for road, start, end in links if start in beyond or end in beyond]
        parts += [values for road in (*inside, row["id"]) for values in under_way[road]]
        flows[row["id"]] = float(np.median(np.sum(parts, axis=0)) / hours)
    return flows


def _joined(start: str, links: list[tuple[str, str, str]]) -> set[str]:
    found, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        for _, a, b in links:
            for one, other in ((a, b), (b, a)):
                if one == here and other not in found:
                    found.add(other)
                    waiting.append(other)
    return found


def _near(places: dict[str, Any], roads: list[dict[str, Any]], desks: set[str]) -> list[str]:
    """Return the places of the main map: those inside, and those outside not far beyond the first place reached."""
    inside = [place for place in places.values() if place["area"] == "inside"]
    reach = max((distance_km(a, b) for a in inside for b in inside), default=0.0)
    gates = [places[r["to"]] for r in roads if places[r["from"]]["area"] != places[r["to"]]["area"]]
    near = {place["id"] for place in inside} | {gate["id"] for gate in gates}
    for place in places.values():
        close = min((distance_km(place, gate) for gate in gates), default=math.inf)
        if close <= reach / 4 or (place["id"] in desks and close <= reach / 2):
            near.add(place["id"])
    return sorted(near)
