"""Who came from where: people by the place where they began, over time, and how many days they are outside camps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.flee.arrays import make_memory
from corridor.flee.days import run_by_days
from corridor.flee.kernel import count_origins
from corridor.flee.run import check_luck, luck_of
from corridor.scenario.spreadsheet import write_csv
from corridor.scenario.writing import write_file

if TYPE_CHECKING:
    from pathlib import Path

    from corridor.flee.arrays import Memory, World
    from corridor.flee.compile import FleeModel


@dataclass(frozen=True)
class Origins:
    """Mean people by origin and destination over the replicates.

    `people` [day looked at, origin, destination]; the last destination is "on roads". `on_the_way` [origin] are the
    days that a person who began there spent outside camps up to the last day, on average: evenings at other places or
    on roads over all who began (Little's law), those still under way included.
    """

    days: list[int]
    origins: list[str]
    destinations: list[str]
    people: np.ndarray
    on_the_way: np.ndarray

    def list_rows(self) -> list[dict[str, Any]]:
        """Return a row for each day, origin and destination with anybody; `days_on_the_way` is of the origin."""
        return [
            {
                "day": day, "origin": self.origins[origin], "destination": self.destinations[place],
                "people": float(self.people[i, origin, place]), "days_on_the_way": float(self.on_the_way[origin]),
            }
            for i, day in enumerate(self.days)
            for origin, place in np.argwhere(self.people[i] > 0)
        ]  # fmt: skip

    def write(self, path: Path, replace: bool = False) -> None:
        """Write the rows as a CSV file; raises UsageError for one that exists and was not asked to be replaced."""
        rows = self.list_rows()
        columns = ["day", "origin", "destination", "people", "days_on_the_way"]
        write_file(path, write_csv([columns, *([row[name] for name in columns] for row in rows)]), replace)


def follow_origins(model: FleeModel, replicates: int = 20, seed: int | tuple[int, ...] = 1, every: int = 30) -> Origins:
    """Run a folder compiled by origin and return who came from where, every so many days and on the last.

    Raises UsageError as `run_model` does.
    """
    check_luck(replicates, seed, 1)
    shape = (len(model.place_names), len(model.place_names) + 1)
    looked = sorted({*range(0, model.days, max(every, 1)), model.days - 1})
    total, outside = np.zeros((len(looked), *shape)), np.zeros(shape[0])
    memory = make_memory(model.world)
    for number in range(replicates):
        watch = _Watch(shape, looked)
        *_, memory = run_by_days(model, luck_of(seed, number), memory, look=watch.look)
        total += watch.looked
        outside += watch.outside
    people, names = total / replicates, model.place_names
    seen = np.flatnonzero(people.any(axis=(0, 2)))
    on_the_way = outside[seen] / total[-1, seen].sum(axis=1)
    return Origins(looked, [names[i] for i in seen], [*names, "on roads"], people[:, seen], on_the_way)


class _Watch:
    """What is seen of one replicate: people on the days looked at, and the evenings spent outside camps by origin."""

    def __init__(self, shape: tuple[int, int], looked: list[int]) -> None:
        self.rows = {day: row for row, day in enumerate(looked)}
        self.looked, self.outside = np.zeros((len(looked), *shape)), np.zeros(shape[0])

    def look(self, day: int, world: World, memory: Memory) -> None:
        """Take in how the day ends; the first one begins anew."""
        if day == 0:
            self.outside[:] = 0.0
        now = np.zeros(self.looked.shape[1:])
        count_origins(world, memory, now)
        self.outside += now.sum(axis=1) - now[:, :-1] @ world.state["camp"][day]
        if day in self.rows:
            self.looked[self.rows[day]] = now
