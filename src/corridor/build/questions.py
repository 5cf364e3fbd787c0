"""The assumptions of a built case that matter most, as questions to answer; they are in no data set.

Their order is what the worked cases have shown of such numbers: how many leave and how fast they pass the exit move
every answer; who is there sets its size; vehicles decide who waits; where people go matters least for when they come.
"""

from __future__ import annotations

from dataclasses import dataclass

from corridor.build.people_rows import WITH_CAR
from corridor.build.rows import PACE

MOST = 5


@dataclass(frozen=True)
class Question:
    """A question, what was assumed, and the file and column that hold the answer."""

    ask: str
    assumed: str
    file: str
    column: str

    def __str__(self) -> str:
        """Return the question on one line."""
        return f"{self.ask} Assumed: {self.assumed} ({self.file}, {self.column})."


def ask_questions(crossings: int, mapped: int, places: int, unknown: int, ferries: int) -> list[Question]:
    """Return the five that matter most for a case with so many crossings, places without a figure, and ferries."""
    each = "the crossing" if crossings == 1 else "each of the crossings"
    where = "at it" if crossings == 1 else f"at each of the {crossings}"
    posts = "no post on the map" if not mapped else f"{mapped} with a post on the map"
    pace = f"{PACE.replace('..', ' to ')} seconds on 1 or 2 lanes {where} ({posts})"
    found = [
        Question(
            "What share of those present would set out in an hour once a way out is open?",
            "0.5 to 5 in 100, alike for all groups", "groups.csv", "leave_rate",
        ),
        Question(
            f"How long does one vehicle take at {each}, and on how many lanes?",
            pace, "checkpoints.csv", "seconds_per_vehicle, lanes",
        ),
        Question(
            "From when is each crossing open, in which hours, and for whom?",
            "open to all, day and night, from the start", "checkpoints.csv, windows.csv, passage.csv, events.csv",
            "first_hour, last_hour",
        ),
    ]  # fmt: skip
    if unknown:
        ask = f"How many people are in the {unknown} of {places} places for which no figure was found?"
        found.append(Question(ask, "the range of a city, town or village", "people.csv", "people"))
    if ferries:
        ask = "Which ferries run, how often, with how many seats, and how many vehicles do they take?"
        assumed = "all, 2 to 12 times a day or as mapped, 50 to 300 seats, 10 to 60 vehicles where they take any"
        found.append(Question(ask, assumed, "services.csv, roads.csv", "departures_per_day, seats, capacity_per_lane"))
    found.append(
        Question(
            "How many people have a vehicle of their own, and fuel for it?",
            f"{WITH_CAR:.0%}, and fuel limits nobody", "people.csv, groups.csv, fuel.csv", "people, fuel_litres",
        )
    )  # fmt: skip
    ask = "How many vehicles can come for those without one, and where are they?"
    found.append(Question(ask, "a few buses at the largest place", "fleets.csv", "vehicles, place"))
    return found[:MOST]
