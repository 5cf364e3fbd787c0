"""What a cluster costs: a run that keeps its summary, on one worker, on two processes, and on a local cluster of two.

`python benchmarks/cluster.py [replicates] [rounds]` (1,000 and 3) runs the worked case by all three, in turn, and prints medians:
wall-clock seconds, processor seconds (of all processes), and the highest memory (resident) of the process that hands the work out
and of the largest other one. The scheduler of a local cluster lives in the first process, so that it takes less than that. The
bytes of all three are compared. How much the machine itself allows is shown beside: two runs of half the replicates, begun at once,
that share nothing. From the seconds, less those of a run of one replicate, follows how long 100,000 would take.

Wall-clock seconds mean something on a machine that does nothing else. Processor seconds hold on a busy one: `ahead` is how many times
sooner than one worker two of them would be done if each had a processor, the processor seconds shared evenly.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

import psutil

CASE = Path(__file__).parent.parent / "scenarios" / "karabakh-2023"
WAYS = {"one worker": (1, ""), "two processes": (2, ""), "local cluster": (2, "local")}
MANY = 100_000
RUN = """
import sys, corridor as co
if __name__ == "__main__":
    out, replicates, workers, cluster = sys.argv[2:]
    co.run(co.read(sys.argv[1]), out, None, int(replicates), 7, int(workers), keep="summary", cluster=cluster or None)
"""


class Watched:
    """The highest memory so far of a process and of each of those it starts, looked at now and then."""

    def __init__(self, process: int) -> None:
        self.most: dict[int, int] = {}
        self.process, self.ended = psutil.Process(process), threading.Event()
        self.thread = threading.Thread(target=self.look)
        self.thread.start()

    def look(self) -> None:
        while not self.ended.wait(0.5):
            with suppress(psutil.Error, OSError, StopIteration):
                for one in (self.process, *self.process.children(recursive=True)):
                    lines = Path(f"/proc/{one.pid}/status").read_text().splitlines()
                    self.most[one.pid] = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def measure(way: str, replicates: int, out: Path) -> tuple[float, float, float, float]:
    """Return wall-clock seconds, processor seconds, and megabytes of the first process and of the largest other."""
    workers, cluster = WAYS[way]
    script = out.with_suffix(".py")
    script.write_text(RUN)
    before, clock = os.times(), time.monotonic()
    words = [sys.executable, str(script), str(CASE), str(out), str(replicates), str(workers), cluster]
    with subprocess.Popen(words) as process:
        watched = Watched(process.pid)
        code = process.wait()
        watched.ended.set()
        watched.thread.join()
    assert code == 0, way
    wall, after = time.monotonic() - clock, os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    first = watched.most.pop(process.pid, 0) / 1e6
    return wall, spent, first, max(watched.most.values(), default=0) / 1e6


def measure_apart(replicates: int, out: Path) -> float:
    """Return the wall-clock seconds until two runs of half the replicates each are done, begun at once by themselves."""
    script = out.with_suffix(".py")
    script.write_text(RUN)
    clock = time.monotonic()
    words = [sys.executable, str(script), str(CASE)]
    both = [subprocess.Popen([*words, f"{out}-{half}", str(replicates // 2), "1", ""]) for half in (0, 1)]
    codes = [process.wait() for process in both]
    assert codes == [0, 0], "two apart"
    return time.monotonic() - clock


def read_bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.suffix in (".npz", ".parquet")}


def main() -> None:
    given = [int(word) for word in sys.argv[1:]]
    replicates, rounds = (*given, *(1000, 3)[len(given) :])
    found: dict[str, list[tuple[float, float, float, float]]] = {way: [] for way in WAYS}
    apart: list[float] = []
    with tempfile.TemporaryDirectory() as scratch:
        measure("one worker", 1, Path(scratch) / "warm")  # compiled code is kept
        once = {way: measure(way, 1, Path(scratch) / f"once-{way}".replace(" ", "-")) for way in WAYS}
        for number in range(rounds):
            for way in WAYS:
                found[way].append(measure(way, replicates, Path(scratch) / f"{way}-{number}".replace(" ", "-")))
            apart.append(measure_apart(replicates, Path(scratch) / f"apart-{number}"))
        stored = [read_bytes(Path(scratch) / f"{way}-0".replace(" ", "-")) for way in WAYS]
    assert stored[0] == stored[1] == stored[2], "the same bytes"
    print(f"{replicates} replicates of {CASE.name}, summary kept, medians of {rounds}; the bytes are the same")
    print(
        f"{'':14s} {'wall s':>8s} {'processor s':>12s} {'MB first':>9s} {'MB worker':>10s} {'sooner':>7s} {'ahead':>6s}"
    )
    middle = {way: [statistics.median(column) for column in zip(*rows, strict=True)] for way, rows in found.items()}
    wall, spent = middle["one worker"][:2]
    for way, (took, used, first, worker) in middle.items():
        ahead = spent / (used / WAYS[way][0])
        print(f"{way:14s} {took:8.1f} {used:12.1f} {first:9.0f} {worker:10.0f} {wall / took:7.2f} {ahead:6.2f}")
    took = statistics.median(apart)
    print(f"two runs of half the replicates at once, sharing nothing: {took:.1f} s, {wall / took:.2f} times sooner")
    for number, what in enumerate(("wall-clock", "processor")):
        over = middle["local cluster"][number] / middle["two processes"][number] - 1
        print(f"{what} seconds of the local cluster over those of two processes: {over:+.1%}")
    for way, values in middle.items():
        took, used = (tell_large(one, many, replicates) for one, many in zip(once[way][:2], values[:2], strict=True))
        print(f"{MANY:,} replicates, estimated, {way}: {took / 60:.0f} minutes, {used:,.0f} processor seconds")


def tell_large(once: float, many: float, replicates: int) -> float:
    """Return how much MANY replicates would take, by what one and more of them took."""
    return once + (many - once) * (MANY - 1) / max(1, replicates - 1)


if __name__ == "__main__":
    main()
