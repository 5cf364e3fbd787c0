"""Time a Flee case under this code and under that of another checkout, in turns, and print the ratio of medians.

    python benchmarks/flee_against.py CHECKOUT CASE [--replicates N] [--turns N]

Processor seconds of all replicates on one core, without compilation; above 1 this code is slower.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
from pathlib import Path

TIMED = """
import sys, time
from pathlib import Path
from corridor.flee.compile import compile_folder
from corridor.flee.read import read_folder
from corridor.flee.run import run_range
model, numbers = compile_folder(read_folder(Path(sys.argv[1]))), range(int(sys.argv[2]))
run_range(model, range(1), 1)
for turn in sys.stdin:
    begin = time.process_time()
    run_range(model, numbers, 1)
    print(time.process_time() - begin, flush=True)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkout", type=Path, help="another checkout of this repository")
    parser.add_argument("case", type=Path, help="a folder of Flee")
    parser.add_argument("--replicates", type=int, default=5)
    parser.add_argument("--turns", type=int, default=15)
    chosen = parser.parse_args()
    pipes = [
        subprocess.Popen(
            [sys.executable, "-c", TIMED, chosen.case, str(chosen.replicates)], text=True,
            env=os.environ | {"PYTHONPATH": str(root / "src")}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        for root in (Path(__file__).parents[1], chosen.checkout)
    ]  # fmt: skip
    seconds: list[list[float]] = [[], []]
    for _ in range(chosen.turns):
        for pipe, taken in zip(pipes, seconds, strict=True):
            assert pipe.stdin is not None
            assert pipe.stdout is not None
            pipe.stdin.write("turn\n")
            pipe.stdin.flush()
            taken.append(float(pipe.stdout.readline()))
    for pipe in pipes:
        pipe.communicate()
    ours, theirs = map(statistics.median, seconds)
    each = chosen.replicates
    print(
        f"{chosen.case.name}: {ours / each:.4f} s a replicate, there {theirs / each:.4f} s: ratio {ours / theirs:.2f}"
    )


if __name__ == "__main__":
    main()
