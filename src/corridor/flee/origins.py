"""Who came from where: people by the place where they began, over time, and how many days they were on their way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.flee.arrays import make_memory
from corridor.flee.days import run_days
from corridor.flee.kernel import count_origins
from corridor.flee.run import FIRST_CELLS, check_luck, luck_of
from corridor.scenario.spreadsheet import write_csv
from corridor.scenario.writing import write_file

if TYPE_CHECKING:
    from pathlib import Path

    from corridor.flee.arrays import Memory, World
    from corridor.flee.compile import FleeModel

BEGINS = 1.5  # what begin.py notes of who begins on day 0, in days


@dataclass(frozen=True)
class Origins:
    """Mean people by origin and destination over the replicates.

    `people` [day looked at, origin, destination]; the last destination is "on roads". `journey` [origin, destination]
    are mean days from beginning to arriving, of those who are there on the last day; NaN where nobody came. Who left a
    place again counts as not having come: exact where nobody leaves, near where few do, as from camps.
    """

    days: list[int]
    origins: list[str]
    destinations: list[str]
    people: np.ndarray
    journey: np.ndarray

    def list_rows(self) -> list[dict[str, Any]]:
        """Return a row for each day, origin and destination with anybody; `journey_days` on the last day only."""
        rows = []
        for i, day in enumerate(self.days):
            for origin, place in np.argwhere(self.people[i] > 0):
                days = self.journey[origin, place] if i == len(self.days) - 1 else np.nan
                rows.append(
                    {
                        "day": day, "origin": self.origins[origin], "destination": self.destinations[place],
                        "people": float(self.people[i, origin, place]),
                        "journey_days": None if np.isnan(days) else float(days),
                    }
                )  # fmt: skip
        return rows

    def write(self, path: Path, replace: bool = False) -> None:
        """Write the rows as a CSV file; raises UsageError for one that exists and was not asked to be replaced."""
        rows = self.list_rows()
        columns = ["day", "origin", "destination", "people", "journey_days"]
        write_file(path, write_csv([columns, *([row[name] for name in columns] for row in rows)]), replace)


def follow_origins(model: FleeModel, replicates: int = 20, seed: int | tuple[int, ...] = 1, every: int = 30) -> Origins:
    """Run a folder compiled by origin and return who came from where, every so many days and on the last.

    Raises UsageError as `run_model` does.
    """
    check_luck(replicates, seed, 1)
    shape = (len(model.place_names), len(model.place_names) + 1)
    looked = sorted({*range(0, model.days, max(every, 1)), model.days - 1})
    total, arrived, begun = np.zeros((len(looked), *shape)), np.zeros(shape), np.zeros(shape)
    memory = make_memory(model.world, FIRST_CELLS)
    for number in range(replicates):
        watch = _Watch(model.days, shape, looked)
        *_, memory = run_days(model, luck_of(seed, number), memory, look=watch.look)
        total += watch.looked
        arrived += watch.arrived
        begun += watch.begun
    people = total / replicates
    with np.errstate(invalid="ignore", divide="ignore"):
        journey = np.where(total[-1] > 0, (arrived - begun) / total[-1], np.nan)
    journey[:, -1] = np.nan  # on roads nobody has arrived
    seen = np.flatnonzero(people.any(axis=(0, 2)))
    journey[np.arange(shape[0]), np.arange(shape[0])] = np.nan
    names = model.place_names
    return Origins(looked, [names[i] for i in seen], [*names, "on roads"], people[:, seen], journey[seen])


class _Watch:
    """What is seen of one replicate: people on the days looked at, and sums of days of arrival and of beginning."""

    def __init__(self, days: int, shape: tuple[int, int], looked: list[int]) -> None:
        self.last, self.rows = days - 1, {day: row for row, day in enumerate(looked)}
        self.looked, self.arrived = np.zeros((len(looked), *shape)), np.zeros(shape)
        self.before, self.begun = np.zeros(shape), np.zeros(shape)

    def look(self, day: int, world: World, memory: Memory) -> None:
        """Take in how the day ends; the first one begins anew."""
        if day == 0:
            self.arrived[:], self.before[:] = 0.0, 0.0
        now, begun = np.zeros(self.before.shape), np.zeros(self.before.shape)
        count_origins(world, memory, now, begun)
        self.arrived += day * (now - self.before)
        self.before = now
        if day in self.rows:
            self.looked[self.rows[day]] = now
        if day == self.last:
            self.begun = begun - BEGINS * now
