"""Time made folders of Flee in the shapes that were slow, each as a ratio to South Sudan's cost per place-day.

    python benchmarks/flee_shapes.py --data DATA [--shapes NAME ...] [--repeats 3] [--seed 1] [--flee CHECKOUT]

Processor seconds of one core, without compilation: of one replicate (the least of a few), and of reading and preparing
the folder, which is done once for all replicates. The folders are made from `--seed`: who lies where and which roads
there are is drawn, only the sizes are those of the shape. DATA holds South Sudan as published (flee/ssudan2013).
CHECKOUT is one of Flee's master: it is raced on the first `--race-days` days of South Sudan at full size, both as a whole
program from files to the last day, in processor seconds.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corridor.flee.compile import FleeModel, compile_folder
from corridor.flee.read import read_folder
from corridor.flee.run import run_range
from flee_rules import race, time_model, write_folder

AIM = 10  # times South Sudan's cost per place-day


@dataclass(frozen=True)
class Shape:
    """The size of a folder; `width` is the side in km of the square on which its places lie."""

    places: int
    roads: int
    camps: int
    people: int
    days: int
    rules: dict[str, float | bool]
    width: float = 1000.0
    closures: int = 0

    def write(self, path: Path, seed: int) -> Path:
        """Write a folder of this shape: a tree that joins all places by near pairs, and the shortest further roads."""
        chance = np.random.default_rng(seed)
        at = chance.uniform(0, self.width, (self.places, 2))
        distance = np.hypot(*(at[:, None] - at).T)
        roads = {(int(np.argmin(distance[i, :i])), i) for i in range(1, self.places)}
        first, second = np.triu_indices(self.places, 1)
        for i in np.argsort(distance[first, second]):
            if len(roads) >= self.roads:
                break
            roads.add((int(first[i]), int(second[i])))
        rim = set(np.argsort(-np.hypot(*(at - self.width / 2).T))[: self.camps].tolist())
        kinds = {f"p{i}": "camp" if i in rim else "conflict_zone" if i % 3 == 0 else "town" for i in range(self.places)}
        lines = [f"p{i},p{j},{int(distance[i, j]) + 5}" for i, j in sorted(roads)]
        settings = "move_rules:\n" + "".join(f"  {name}: {value}\n" for name, value in self.rules.items())
        write_folder(path, kinds, lines, self.people, self.days, settings)
        shut = [
            f"location,p{int(chance.integers(self.places))},,{10 + 30 * i},{20 + 30 * i}" for i in range(self.closures)
        ]
        with (path / "input_csv/closures.csv").open("a") as file:
            file.writelines(f"{line}\n" for line in shut)
        return path


COMMON: dict[str, float | bool] = {"camp_weight": 2.0, "default_movechance": 0.3}
SHORT: dict[str, float | bool] = COMMON | {"start_on_foot": True, "avoid_short_stints": True}
SHAPES = {
    "133 places": Shape(133, 180, 12, 700_000, 365, COMMON | {"max_move_speed": 360.0}),
    "133 places, short stints": Shape(133, 180, 12, 700_000, 365, SHORT | {"max_move_speed": 360.0}),
    "43 places, 206 roads, speed 400": Shape(43, 206, 8, 5_000_000, 400, COMMON | {"max_move_speed": 400.0}, 600.0),
    "43 places, 206 roads, speed 400, short stints": Shape(
        43, 206, 8, 5_000_000, 400, SHORT | {"max_move_speed": 400.0}, 600.0
    ),
    "43 places, 206 roads, speed 400, awareness 3": Shape(
        43, 206, 8, 5_000_000, 400, SHORT | {"max_move_speed": 400.0, "awareness_level": 3}, 600.0
    ),
    "780 places, awareness 2": Shape(
        780, 1200, 30, 2_000_000, 365, COMMON | {"max_move_speed": 360.0, "awareness_level": 2}
    ),
    "780 places, awareness 2, short stints": Shape(
        780, 1200, 30, 2_000_000, 365, SHORT | {"max_move_speed": 360.0, "awareness_level": 2}
    ),
    "1,885 days": Shape(50, 70, 8, 3_000_000, 1885, SHORT | {"max_move_speed": 200.0}),
    "1,885 days, 40 closures": Shape(50, 70, 8, 3_000_000, 1885, SHORT | {"max_move_speed": 200.0}, closures=40),
}  # fmt: skip


def prepare(path: Path, days: int | None = None) -> tuple[FleeModel, float]:
    """Return the arrays of a folder and the processor seconds it took to read and form them."""
    begin = time.process_time()
    model = compile_folder(read_folder(path, days=days))
    return model, time.process_time() - begin


def race_master(checkout: Path | None, case: Path, days: int) -> None:
    """Print how many times longer Flee's master takes for the same days and people, or why there is no race."""
    if checkout is None or not (checkout / "runscripts" / "run.py").is_file():
        print(f"no race with Flee: {'--flee not given' if checkout is None else f'no runscripts/run.py in {checkout}'}")
        return
    folder = read_folder(case, days=days)
    begin = os.times()
    race(checkout, case, days)
    end = os.times()
    theirs = end.children_user + end.children_system - begin.children_user - begin.children_system
    model, prepared = prepare(case, days)
    ours, people = time_model(model), int(run_range(model, range(1), 1).created[0, -1])
    print(
        f"{folder.name}, full size, first {days} days, {people:,} people created: Flee {theirs:.1f} s, Corridor"
        f" {ours:.4f} s a replicate ({theirs / ours:,.0f} times), with reading {theirs / (ours + prepared):,.0f} times"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--shapes", nargs="+", default=list(SHAPES), choices=list(SHAPES))
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--flee", type=Path, default=None, help="a checkout of Flee's master")
    parser.add_argument("--race-days", type=int, default=30)
    chosen = parser.parse_args()
    unit = 0.0
    print(f"{'shape':46s} prepared  replicate  us a place-day  times South Sudan's (aim {AIM}), with preparation")
    with tempfile.TemporaryDirectory() as scratch:
        for name in ["South Sudan", *chosen.shapes]:
            own = chosen.data / "flee" / "ssudan2013"
            path = SHAPES[name].write(Path(scratch) / name, chosen.seed) if name in SHAPES else own
            model, prepared = prepare(path)
            seconds = time_model(model, chosen.repeats)
            size = len(model.place_names) * model.days
            unit = unit or seconds / size
            print(
                f"{name:46s} {prepared:7.2f}s {seconds:9.3f}s {1e6 * seconds / size:15.2f}"
                f" {seconds / size / unit:21.2f} {(prepared + seconds) / size / unit:24.2f}",
                flush=True,
            )
    race_master(chosen.flee, chosen.data / "flee" / "ssudan2013", chosen.race_days)


if __name__ == "__main__":
    main()
