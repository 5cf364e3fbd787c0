"""Run replicates of a compiled Flee folder."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.flee.arrays import Memory, make_memory
from corridor.flee.days import NOBODY_TO_LEAVE, run_by_days
from corridor.flee.kernel import FULL, NOBODY, UNBEGUN, run_days
from corridor.flee.measure import summarise_errors
from corridor.results.crew import AT_ONCE, hire, in_order, share_out
from corridor.scenario.faults import Fault, UsageError, fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridor.flee.case import FleeCase
    from corridor.flee.compile import FleeModel


LOOKS = 3  # replicates that look for people without a route


@dataclass(frozen=True)
class FleeRun:
    """Replicates of a folder: whole people.

    `at_place` [replicate, day, place] after the day's movement, `on_road` and `created` [replicate, day]. On each
    day the people at all places and on roads are the people created.
    """

    model: FleeCase
    at_place: np.ndarray
    on_road: np.ndarray
    created: np.ndarray
    on_link: np.ndarray | None = None  # [replicate, day, link] where it was asked for
    made_anew: tuple[str, ...] = ()  # files of a kept run that were damaged or unfinished when it was taken up

    def summarise(self) -> dict[str, Any]:
        """Return the answer of the run as plain numbers: the last day of each camp and the measures of the whole."""
        model, last = self.model, self.in_camps[:, -1, :]
        low, high = np.quantile(last, [0.05, 0.95], axis=0)
        camps = [
            {
                "camp": model.place_names[camp], "mean": float(last[:, i].mean()), "low": float(low[i]),
                "high": float(high[i]), "registered": int(model.observed[-1, i]),
            }
            for i, camp in enumerate(model.camps)
        ]  # fmt: skip
        document: dict[str, Any] = {
            "folder": model.name, "start": model.start, "days": model.days, "replicates": len(self.at_place),
            "people": float(self.created[:, -1].mean()), "on_roads": float(self.on_road[:, -1].mean()),
            "camps": camps, "notices": model.notices, "made_anew": list(self.made_anew),
            "conservation_error": self.conservation_error,
        }  # fmt: skip
        if model.observed.any() and model.camps:
            document["measures"] = summarise_errors(self.in_camps, model.observed)
        return document

    def _repr_html_(self) -> str:
        head = "<tr><th>camp, last day</th><th>mean</th><th>90 % of runs</th><th>registered</th></tr>"
        rows = "".join(
            f"<tr><td>{escape(row['camp'])}</td><td>{row['mean']:,.0f}</td>"
            f"<td>{row['low']:,.0f} to {row['high']:,.0f}</td><td>{row['registered']:,}</td></tr>"
            for row in self.summarise()["camps"]
        )
        return f"<table>{head}{rows}</table>"

    @property
    def conservation_error(self) -> int:
        """Return by how many the people at places and on roads differ at most, any day, from those created."""
        return int(np.abs(self.at_place.sum(axis=2) + self.on_road - self.created).max(initial=0))

    @property
    def in_camps(self) -> np.ndarray:
        """Return people in camps [replicate, day, camp], in the order of `model.camps`."""
        return self.at_place[:, :, self.model.camps]


def run_one(
    model: FleeModel, seed: int, replicate: int, memory: Memory, entered: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray, Memory]:
    """Return people at places [day, place], on links [day, link], created [day], and the memory to use next time.

    `entered` [day, link] is filled with the people who have set foot on each link so far. Raises UsageError where
    nobody is left to leave.
    """
    if model.rules is not None:
        return run_by_days(model, (seed, replicate), memory, entered)
    entered = np.zeros((0, model.links), dtype=np.int64) if entered is None else entered
    at_place = np.zeros((model.days, len(model.place_names)), dtype=np.int64)
    created = np.zeros(model.days, dtype=np.int64)
    while True:
        on_link = np.zeros((model.days, model.links), dtype=np.int64)
        luck, days = (seed, replicate), (0, model.days)
        so_far = run_days(model.world, memory, luck, days, UNBEGUN, at_place, on_link, created, entered)
        if so_far == NOBODY:
            raise UsageError(NOBODY_TO_LEAVE)
        if so_far != FULL:
            return at_place, on_link, created, memory
        memory = make_memory(model.world, memory.tables.entries.shape[1])


def find_stops(model: FleeModel) -> list[Fault]:
    """Return what stops Flee in a compiled folder: also people who set out and find no route, in a few replicates."""
    found = list(model.stops)
    world, settings = model.world, model.choices["settings"]
    ends = world.option_from[:, 1:] - world.option_from[:, :-1]
    empty = (ends == 0) & (np.diff(world.out_from) > 0)
    asked = settings.get("move_rules.awareness_level", 1) != 0 and empty.any()
    if asked or world.rules["fixed_routes"]:
        memory = make_memory(world)
        for replicate in range(LOOKS):
            *_, memory = run_one(model, 1, replicate, memory)
            now = memory.tables.now
            if now["stuck"] > 0:
                where, name = ("routes.csv", 0, ""), model.place_names[int(now["stuck_at"])]
                return [*found, fault("flee.routes.nowhere", where, name=name, day=int(now["stuck"]) - 1)]
    return found


def luck_of(seed: int | tuple[int, ...], number: int) -> tuple[int, int]:
    """Return the seed of a replicate and its number with that seed; given a seed each, it is the first with its own."""
    return (seed, number) if isinstance(seed, int) else (seed[number], 0)


def run_range(
    model: FleeModel,
    numbers: range,
    seed: int | tuple[int, ...],
    progress: Callable[[int], None] | None = None,
    by_link: bool = False,
) -> FleeRun:
    """Return the replicates with these numbers, one after the other; `progress` is called with each one's number."""
    shape = (len(numbers), model.days)
    at_place = np.zeros((*shape, len(model.place_names)), dtype=np.int64)
    on_road, created = np.zeros((2, *shape), dtype=np.int64)
    memory = make_memory(model.world)
    links = np.zeros((*shape, model.links), dtype=np.int64) if by_link else None
    for row, number in enumerate(numbers):
        at_place[row], on_link, created[row], memory = run_one(model, *luck_of(seed, number), memory)
        on_road[row] = on_link.sum(axis=1)
        if links is not None:
            links[row] = on_link
        if progress is not None:
            progress(number)
    return FleeRun(model, at_place, on_road, created, links)


def check_luck(replicates: int, seed: int | tuple[int, ...], workers: int) -> None:
    """Raise UsageError for fewer than one replicate or worker, a seed below 0, or not a seed for each replicate."""
    seeds = (seed,) if isinstance(seed, int) else seed
    if replicates < 1 or workers < 1 or min(seeds, default=-1) < 0:
        message = "replicates and workers must be 1 or more, each seed 0 or more"
        raise UsageError(message)
    if not isinstance(seed, int) and len(seed) != replicates:
        message = f"{len(seed)} seeds for {replicates} replicates; give one for each"
        raise UsageError(message)


def run_model(
    model: FleeModel,
    replicates: int = 1,
    seed: int | tuple[int, ...] = 1,
    workers: int = 1,
    progress: Callable[[int], None] | None = None,
    cluster: Any = None,
) -> FleeRun:
    """Return `replicates` runs; the same seed gives the same bytes whoever does the work: threads, or a cluster.

    A tuple gives each run a seed of its own, with which it is the first run of that seed. `progress` is called with
    the number of each run as it is done. Raises UsageError for fewer than one replicate or worker, and where nobody is
    left to leave on a day on which people are due.
    """
    check_luck(replicates, seed, workers)
    here = cluster is None
    later = None if here else progress  # who works elsewhere cannot tell of a run before its share is done
    counted = []
    with hire(min(workers, replicates), cluster, threads=here) as crew:
        shares = share_out(replicates, crew, replicates if here else AT_ONCE)
        task = partial(_count_people, model, seed, progress if here else None)
        for share, people in in_order(crew.do(task, shares), shares):
            counted.append(people)
            tell_each(later, share)
    at_place, on_road, created = (np.concatenate(kind) for kind in zip(*counted, strict=True))
    return FleeRun(model, at_place, on_road, created)


def tell_each(progress: Callable[[int], None] | None, numbers: range) -> None:
    """Tell of replicates by number, if anybody wants to hear it."""
    if progress is not None:
        for number in numbers:
            progress(number)


def _count_people(
    model: FleeModel, seed: int | tuple[int, ...], progress: Callable[[int], None] | None, numbers: range
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return people at places, on roads and created of the replicates with these numbers."""
    run = run_range(model, numbers, seed, progress)
    return run.at_place, run.on_road, run.created
