"""Ferries: a service for people in both directions, and where vehicles are taken a way for them at the ferry's pace.

A service takes people without their vehicles (docs/model.md). So a ferry that takes vehicles is there twice: as a
service on a way over water, and as a road beside it, which carries as many vehicles an hour as its departures do and
takes as long as the crossing and half the time between two departures.
"""

from __future__ import annotations

from corridor.build.chain import Chain
from corridor.build.mapped import Ferry
from corridor.build.naming import Spot, orient
from corridor.build.row import ROADS, Row
from corridor.build.small import Small

DEPARTURES = (2.0, 12.0)  # a day: assumption
SEATS = "50..300"  # of one departure: assumption
VEHICLES = (10, 60)  # that one departure takes: assumption
BY_DAY = 0.5  # of the day in which a ferry goes at the interval mapped, at least: assumption
LEAST_SPEED, MOST_CAPACITY = 1.0, 2400.0  # what a road may have


def name_ferry(chain: Chain, spots: dict[int, Spot]) -> str:
    """Return the id of the way over water."""
    return f"ferry_{spots[chain.begin].id}-{spots[chain.end].id}"


def _list_ferries(small: Small, spots: dict[int, Spot]) -> list[tuple[Chain, list[Ferry]]]:
    chains = [orient(chain, spots) for chain in small.chains if chain.ferry]
    ways = [[small.extract.ways[small.network.way[edge]].ferry for edge, _ in chain.edges] for chain in chains]
    return [(chain, [one for one in found if one is not None]) for chain, found in zip(chains, ways, strict=True)]


def _find_hours(chain: Chain, ferries: list[Ferry]) -> tuple[float, float, str]:
    """Return the ends of the hours of a crossing, and what they rest on."""
    minutes = {id(one): one.minutes for one in ferries}.values()  # of each way once
    mapped = [value for value in minutes if value is not None]
    if len(mapped) == len(minutes):
        hours = max(sum(mapped) / 60, 0.02)
        return hours, hours, "duration as mapped"
    return max(chain.hours * 0.75, 0.02), max(chain.hours * 1.5, 0.02), "hours: assumption"


def _find_departures(ferries: list[Ferry]) -> tuple[float, float, str]:
    """Return the ends of the departures a day of the slowest part, and what they rest on."""
    intervals = [one.interval for one in ferries if one.interval]
    if not intervals:
        return *DEPARTURES, "departures: assumption"
    most = min(1440 / max(intervals), 1440.0)
    return BY_DAY * most, most, "departures by the interval mapped, half the day to all of it: assumption"


def make_services(small: Small, spots: dict[int, Spot]) -> list[Row]:
    """Return services.csv: each ferry that takes people on foot, in both directions."""
    rows: list[Row] = []
    for chain, ferries in _list_ferries(small, spots):
        if not all(one.people for one in ferries):
            continue
        low, high, rests = _find_hours(chain, ferries)
        least, most, timetable = _find_departures(ferries)
        for begin, end in ((chain.begin, chain.end), (chain.end, chain.begin)):
            ends = spots[begin], spots[end]
            row: Row = {"id": f"ferry_{ends[0].id}-{ends[1].id}", "name": f"Ferry {ends[0].name} to {ends[1].name}"}
            row |= {"transport": "boat", "from": ends[0].id, "to": ends[1].id, "seats": SEATS}
            row |= {"departures_per_day": f"{least:g}..{most:g}", "hours": _write_range(low, high, 2)}
            note = f"{rests}; {timetable}; seats: assumption"
            rows.append({**row, "road": name_ferry(chain, spots), "claims": ROADS, "note": note})
    return rows


def make_decks(small: Small, spots: dict[int, Spot]) -> list[Row]:
    """Return rows of roads.csv for the vehicles that ferries take."""
    rows: list[Row] = []
    for chain, ferries in _list_ferries(small, spots):
        if not all(one.vehicles for one in ferries):
            continue
        low, high, rests = _find_hours(chain, ferries)
        least, most, timetable = _find_departures(ferries)
        length = max(chain.length, 0.05)
        speeds = [max(length / hours, LEAST_SPEED) for hours in (high + 12 / least, low + 12 / most)]
        hourly = (a_day * taken / 24 for a_day, taken in zip((least, most), VEHICLES, strict=True))
        carried = [min(max(number, 1.0), MOST_CAPACITY) for number in hourly]
        name = f"Vehicles on the ferry {spots[chain.begin].name} to {spots[chain.end].name}"
        row: Row = {"id": f"vehicles_{name_ferry(chain, spots)}", "name": name, "kind": "road", "walked": "no"}
        row |= {"from": spots[chain.begin].id, "to": spots[chain.end].id, "length_km": f"{length:.2f}"}
        row |= {
            "speed_kmh": _write_range(speeds[0], speeds[1], 1),
            "capacity_per_lane": _write_range(carried[0], carried[1], 0),
        }
        row |= {"lanes": 1, "lanes_back": 1, "direction": "normal", "character": "ferry", "claims": ROADS}
        said = (
            "vehicles as mapped" if all(one.vehicles_said for one in ferries) else "that it takes vehicles: assumption"
        )
        note = f"{said}; {VEHICLES[0]} to {VEHICLES[1]} of them a departure: assumption; {rests}; {timetable}; "
        note += f"half the time between departures is in its speed; to be shut with {name_ferry(chain, spots)}"
        rows.append({**row, "note": note})
    return rows


def _write_range(low: float, high: float, digits: int) -> str:
    texts = f"{low:.{digits}f}", f"{high:.{digits}f}"
    return texts[0] if texts[0] == texts[1] else "..".join(texts)
