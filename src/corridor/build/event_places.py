"""Events by place and day: at the nearest place where their position is exact, else spread over their unit and days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from corridor.build.events import Event
from corridor.build.known_places import KnownPlace, KnownPlaces
from corridor.build.used import Reading
from corridor.scenario.checks.geography import measure_distance

if TYPE_CHECKING:
    from collections.abc import Iterable

NEAR = 15.0  # km within which an event with a known position belongs to a place
NOT_HERE = "a unit that holds no place of the case"


@dataclass(frozen=True)
class PlaceDay:
    """Events of one place on one day: how many in the mean (a share of each one that is spread), and their ids."""

    place: str
    day: date
    events: float
    ids: tuple[str, ...]
    spread: bool


def count_by_place(
    events: Iterable[Event], known: KnownPlaces, start: date, end: date, near: float = NEAR
) -> tuple[list[PlaceDay], Reading]:
    """Return events by place and day within a period, and an account of those that belong to no place.

    An event whose position is exact belongs to the nearest place within `near` km; any other one is spread alike over
    the places inside that lie in its area, the smaller area first. An event of several days is spread over them.
    """
    reading = Reading("events", "events by place")
    weights: dict[tuple[str, date], float] = {}
    ids: dict[tuple[str, date], list[str]] = {}
    rough: set[tuple[str, date]] = set()
    for event in events:
        places = _find_places(event, known, near)
        if not places:
            reading.drop(event.line, NOT_HERE if event.latitude is None else f"no place of the case within {near:g} km")
            continue
        reading.use()
        days = _days_between(max(event.first_day, start), min(event.last_day, end))
        spread = len(places) > 1 or event.first_day < event.last_day
        share = event.number / len(places) / ((event.last_day - event.first_day).days + 1)
        for key in ((place.id, day) for place in places for day in days):
            weights[key] = weights.get(key, 0.0) + share
            ids.setdefault(key, []).append(event.id)
            rough |= {key} if spread else set()
    found = [PlaceDay(*key, weights[key], tuple(ids[key]), key in rough) for key in sorted(weights)]
    return found, reading


def _days_between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _find_places(event: Event, known: KnownPlaces, near: float) -> list[KnownPlace]:
    if not event.exact:
        return known.within(event.areas, others=event.latitude is not None)
    placed = [place for place in known.places if place.latitude is not None and place.longitude is not None]
    nearest = min(placed, key=lambda place: measure(event, place), default=None)
    return [nearest] if nearest is not None and measure(event, nearest) <= near else []


def measure(event: Event, place: KnownPlace) -> float:
    """Return the distance of an event from a place (km)."""
    return measure_distance(
        (event.latitude or 0.0, event.longitude or 0.0), (place.latitude or 0.0, place.longitude or 0.0)
    )
