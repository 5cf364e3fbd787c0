"""A sweep of a thousand cases of a hundred replicates: what it costs, and what a kill in the middle leaves.

python benchmarks/sweep.py [--rows 1000] [--replicates 100] [--workers 2]

Two designs on the scenario that `corridor init` writes: one folder in which a Latin hypercube varies every range (extra
`sensitivity`), and as many folders, each with another number of people. Each is swept twice: killed (SIGKILL, all its
processes) when a third of its parts are there and taken up again, and without a break; the files must have the same
bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

COMMAND = [sys.executable, "-m", "corridor.cli.main"]
GOAL = 600.0  # seconds on two cores, of issue 19


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--replicates", type=int, default=100)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="corridor-sweep-") as name:
        top = Path(name)
        subprocess.run([*COMMAND, "init", str(top / "case")], check=True, capture_output=True)
        common = ["--replicates", str(asked.replicates), "--workers", str(asked.workers)]
        latin = [str(top / "case"), "--method", "latin", "--samples", str(asked.rows), *common]
        warm_up = [str(top / "case"), "--out", str(top / "warm"), "--replicates", "2", "--workers", "2"]
        subprocess.run([*COMMAND, "sweep", *warm_up], check=True, capture_output=True)
        measure("one folder, Latin hypercube", latin, top / "latin")
        measure("as many folders", [*write_folders(top, asked.rows), *common], top / "folders")


def write_folders(top: Path, rows: int) -> list[str]:
    """Write folders that differ in how many people are in the town, and a design that names them."""
    cases = top / "cases"
    names = [f"case{number:05d}" for number in range(rows)]
    files = {path.relative_to(top / "case"): path.read_bytes() for path in (top / "case").rglob("*") if path.is_file()}
    for number, name in enumerate(names):
        for file, data in files.items():
            (cases / name / file).parent.mkdir(parents=True, exist_ok=True)
            (cases / name / file).write_bytes(data)
        people = (cases / name / "people.csv").read_text().splitlines()
        header, row = people[0].split(","), people[1].split(",")
        row[header.index("people")] = str(5000 + 10 * number)
        (cases / name / "people.csv").write_text("\n".join([people[0], ",".join(row), *people[2:]]) + "\n")
    (top / "design.csv").write_text("\n".join(["scenario", *names]) + "\n")
    return [str(cases), str(top / "design.csv")]


def measure(what: str, words: Sequence[str], out: Path) -> None:
    """Print what a sweep costs without a break, and whether one that was killed gives the same bytes."""
    clock, before = time.perf_counter(), spent()
    subprocess.run([*COMMAND, "sweep", *words, "--out", str(out)], check=True, capture_output=True)
    wall, processor = time.perf_counter() - clock, spent() - before
    parts = len(list((out / "parts").glob("*.seal")))
    killed = out.with_name(out.name + "-killed")
    kept = kill_at([*COMMAND, "sweep", *words, "--out", str(killed)], killed, parts // 3)
    subprocess.run([*COMMAND, "sweep", *words, "--out", str(killed)], check=True, capture_output=True)
    same = hash_folder(out) == hash_folder(killed)
    print(f"{what}: {processor:.0f} processor-seconds, {wall:.0f} s on the clock; aim {GOAL:.0f} s on two cores")
    print(f"  killed with {kept} of {parts} parts kept, taken up: {'the same bytes' if same else 'OTHER BYTES'}")
    if not same:
        sys.exit(1)


def kill_at(command: Sequence[str], out: Path, parts: int) -> int:
    """Start a sweep, kill all its processes once so many parts are there, and return how many are."""
    done = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while len(list((out / "parts").glob("*.seal"))) < parts and done.poll() is None:
        time.sleep(0.05)
    os.killpg(done.pid, signal.SIGKILL)
    done.wait()
    return len(list((out / "parts").glob("*.seal")))


def hash_folder(folder: Path) -> dict[str, str]:
    """Return a hash of every file of a folder by name."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def spent() -> float:
    """Return the processor-seconds of the commands that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
