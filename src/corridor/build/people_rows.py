"""The rows of who is there: groups, people at each place, the vehicles that come for those without one."""

from __future__ import annotations

from dataclasses import dataclass

from corridor.build.naming import Spot
from corridor.build.row import Row
from corridor.build.rows import PEOPLE_OF_KIND
from corridor.build.small import Small

WITH_CAR = 0.6  # of the people: assumption
SPREAD = "± 25%"  # of a figure of people: assumption


@dataclass(frozen=True)
class Known:
    """A figure of people at a place: how many, of which day (ISO, may be blank), the claim, and what to say of it."""

    people: int
    day: str
    claim: str
    note: str


def make_groups(has_ferries: bool) -> list[Row]:
    """Return groups.csv: families with a car and without; leave rates are in no data set."""
    boat = " boat" if has_ferries else ""
    note = "assumption: leave rate, fuel not limiting"
    on_foot = " boat foot" if has_ferries else ""  # who leaves the car at a ferry goes on without it
    return [
        {"id": "with_car", "name": "Families with a car", "transport": f"own{on_foot}",
         "people_per_vehicle": "4.5 (3..6)", "fuel_litres": "0", "leave_rate": "0.005..0.05", "note": note},
        {"id": "without_car", "name": "Families without a car", "transport": f"fleet{boat} foot", "fuel_litres": "0",
         "leave_rate": "0.005..0.05", "note": note},
    ]  # fmt: skip


def make_people(small: Small, spots: dict[int, Spot], known: dict[int, Known]) -> list[Row]:
    """Return people.csv: what is known at each place inside, else the range of its kind, said to be assumed."""
    rows: list[Row] = []
    for point, spot in spots.items():
        if not spot.inside or spot.role != "place":
            continue
        low, high = PEOPLE_OF_KIND[small.settled[point].place.kind]
        figure = known.get(point)
        for group, share in (("with_car", WITH_CAR), ("without_car", 1.0 - WITH_CAR)):
            row: Row = {"place": spot.id, "group": group}
            if figure is None:
                row["people"] = f"{low * share:.0f}..{high * share:.0f}"
                row["note"] = f"assumption: nobody counted; range of a {small.settled[point].place.kind}"
            else:
                row["people"] = f"{figure.people * share:.0f} {SPREAD}" if figure.people else "0"
                row |= {"claims": figure.claim, "note": figure.note}
            row["note"] = (
                f"{row['note']}; {share:.0%} of the people {'with' if share > 0.5 else 'without'} a car: assumption"
            )
            rows.append(row)
    return rows


def make_fleets(small: Small, spots: dict[int, Spot], people: dict[int, float]) -> list[Row]:
    """Return fleets.csv: buses at the place with most people, for those without a car."""
    inside = [spot for spot in spots.values() if spot.inside and spot.role == "place"]
    base = max(inside, key=lambda spot: (people.get(spot.point, 0.0), spot.id))
    without = (1.0 - WITH_CAR) * sum(people.get(spot.point, 0.0) for spot in inside)
    low, high = max(1, round(without / 4000)), max(5, round(without / 500))
    row: Row = {"id": "buses", "name": "Buses", "place": base.id, "purpose": "people", "groups": "without_car"}
    row |= {"vehicles": f"{low}..{high}", "seats": "40", "return_hours": "3..8"}
    note = "assumption: a bus for 500 to 4,000 people without a car, all at the largest place"
    return [{**row, "note": note}]


def estimate_people(small: Small, known: dict[int, Known]) -> dict[int, float]:
    """Return the people at each place: as known, else the geometric middle of its kind's range."""
    found = {}
    for point, one in small.settled.items():
        low, high = PEOPLE_OF_KIND[one.place.kind]
        found[point] = float(known[point].people) if point in known else (low * high) ** 0.5
    return found
