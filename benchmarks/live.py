"""How soon a what-if on the worked case is answered, and whether memory stays flat over many of them.

    python benchmarks/live.py [--case benchmarks/frozen/karabakh-2023] [--repeat 5] [--answers 1000]

Seconds are processor time of one core from the document to the text of the answer, after compilation and with the case
as it was already in memory: the least of so many repeats, since other programs share the machine's caches. The unit is
one of numpy's binomial draws (n = 1,000, p = 0.3), the least of as many. Three levers: one that acts in the first step
(the pace of the checkpoint's inspection), one that cannot act before a way out is open (how soon people decide to
leave), and an event of the eighth day moved by a day, which begins from a state kept before it.
"""

from __future__ import annotations

import argparse
import json
import resource
from pathlib import Path
from time import thread_time
from typing import Any

import numpy as np

import corridor as co

CASE = Path(__file__).parent / "frozen" / "karabakh-2023"
STAGES = (10, 50, 200)
DRAWS = 500_000
LEVERS: dict[str, dict[str, Any]] = {
    "from the first step": {"change": {"checkpoints": {"hakari_bridge_checkpoint": {"seconds_per_vehicle": "40..80"}}}},
    "once a way is open": {"change": {"groups": {"families_with_vehicle": {"leave_rate": "0.02..0.04"}}}},
    "an event moved": {
        "change": {"events": {"outbound_mets_shen_hakari_bridge": {"time": "2023-09-27T08:00"}}},
    },
}


def time_draw() -> float:
    """Return the seconds of one of numpy's binomial draws."""
    generator = np.random.default_rng(1)
    begin = thread_time()
    generator.binomial(1000, 0.3, DRAWS)
    return (thread_time() - begin) / DRAWS


def time_answers(live: co.Live, edits: dict[str, Any]) -> list[float]:
    """Return the seconds after which each stage of an answer is ready as text."""
    begin, seconds = thread_time(), []
    for answer in live.answer(edits, STAGES):
        json.dumps(answer, allow_nan=False)
        seconds.append(thread_time() - begin)
    return seconds


def measure_memory(live: co.Live, answers: int) -> tuple[int, int]:
    """Return the most kilobytes held after a tenth of so many answers, and after all: small ones, begun and given up."""
    held = []
    for number in range(answers):
        lanes = 30 + number % 20
        edits = {
            "change": {"checkpoints": {"hakari_bridge_checkpoint": {"seconds_per_vehicle": f"{lanes}..{lanes + 30}"}}}
        }
        told = live.answer(edits if number % 2 else LEVERS["an event moved"], (2,))
        json.dumps(next(told))
        if number in (answers // 10, answers - 1):
            held.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    return held[0], held[-1]


def main() -> None:
    """Print the seconds of each lever and stage, in units as well, then memory."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--case", type=Path, default=CASE)
    parser.add_argument("--parameters", default="replay")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--answers", type=int, default=0)
    options = parser.parse_args()
    begin = thread_time()
    live = co.open_live(options.case, options.parameters)
    next(live.answer({}, (1,)))
    print(f"read, compiled and one replicate: {thread_time() - begin:.2f} s")
    live = co.open_live(options.case, options.parameters)
    print("the case as it was: " + ", ".join(f"{s:.2f} s" for s in time_answers(live, {})))
    found = {name: [time_answers(live, edits) for _ in range(options.repeat)] for name, edits in LEVERS.items()}
    unit = min(time_draw() for _ in range(options.repeat))
    print(f"unit: {unit * 1e9:.0f} ns; replicates {', '.join(map(str, STAGES))}")
    for name, seconds in found.items():
        least = np.min(seconds, axis=0)
        print(f"{name}: " + ", ".join(f"{s:.2f} s ({s / unit / 1e6:.1f} million units)" for s in least))
    if options.answers:
        early, late = measure_memory(live, options.answers)
        print(
            f"most memory after a tenth of {options.answers} answers {early / 1e3:.0f} MB, after all {late / 1e3:.0f} MB"
        )


if __name__ == "__main__":
    main()
