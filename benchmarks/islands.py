"""What it costs to move a forecast's particles on in islands: processor seconds of moving them, and of handing them on.

`python benchmarks/islands.py [particles]` (500) moves particles of the worked case in this one process, as workers would, over a long
stretch between two counts and over a short one, and prints what of it was moving and what the exchange: of this what the process that
hands out does (cutting, writing, reading, joining), and what a worker does. The states are those of moving all at once.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import corridor as co
from corridor.forecast.cloud import begin_cloud, move_to
from corridor.forecast.islands import ISLAND, WORTH, move_apart
from corridor.simulate.cloning import ROOM, find_arrays
from corridor.simulate.ensemble import prepare

CASE = Path(__file__).parent.parent / "scenarios" / "karabakh-2023"
ENDS = (84, 142, 149)  # moments (hours): people have begun to leave at the first of these


class Timed:
    """Does tasks in this process, as a crew of two would, and keeps how long they took."""

    size, seconds = 2, 0.0

    def do(self, task: Callable[[Any], Any], given: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
        for one in given:
            clock = time.process_time()
            answer = task(one)
            self.seconds += time.process_time() - clock
            yield one, answer


def main() -> None:
    particles = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    case = co.read(CASE)
    ensemble = prepare(case, case.choose_set(None))
    whole, apart = (begin_cloud(ensemble, [], particles) for _ in range(2))
    for begin, end in zip((0, *ENDS), ENDS, strict=False):
        clock = time.process_time()
        move_to(whole, end, lambda done: None)
        moving, crew = time.process_time() - clock, Timed()
        with tempfile.TemporaryDirectory() as folder:
            clock = time.process_time()
            move_apart(crew, Path(folder), apart, end, lambda done: None)
            spent = time.process_time() - clock
            size = sum(path.stat().st_size for path in Path(folder).iterdir())
        for (name, one), (_, other) in zip(find_arrays(whole.state), find_arrays(apart.state), strict=True):
            room = min(one.shape[1], other.shape[1]) if name in ROOM else None
            same = one[:, :room].tobytes() == other[:, :room].tobytes() if room else one.tobytes() == other.tobytes()
            assert same, name
        print(
            f"{particles} particles, hours {begin} to {end}: moved at once {moving:.2f} s; in islands of {ISLAND}"
            f" {spent:.2f} s, of it the workers {crew.seconds:.2f}; {size / particles / 1e3:.0f} kB a particle sent out"
            f"{'' if size else ' (too short, none sent)'}",
            flush=True,
        )
    print(f"islands are sent out from {WORTH // ISLAND} steps on")


if __name__ == "__main__":
    main()
