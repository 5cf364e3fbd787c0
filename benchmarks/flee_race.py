"""Race Flee on a whole case at full size, in one run, with people counted alike.

    python benchmarks/flee_race.py --flee CHECKOUT --data DATA [--case ssudan2013] [--days N] [--python PYTHON] [--totals]

CHECKOUT is a folder in which Flee lies: one of its master (with runscripts/run.py), raced as a whole program from files to
the last day, or the published package unpacked (`pip download --no-deps flee==3.1`, then `python -m zipfile -e`),
whose modules are driven day by day and whose reading of files is not timed. PYTHON has what Flee imports (numpy,
pandas, pyyaml, beartype). Both programs take the people who begin from the camps' counts, or with `--totals` from
the total's, so that as many people begin; each side's own count of them is printed. Processor seconds, without compilation;
no run of Flee is repeated, of Corridor the least of three replicates counts.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from corridor.flee.compile import compile_folder
from corridor.flee.read import read_folder
from corridor.flee.run import run_range
from flee_rules import CASE, time_model


@dataclass(frozen=True)
class Race:
    """One case of one side: Flee's files, how many days, and a Python with what Flee imports."""

    checkout: Path
    python: Path
    case: Path
    days: int
    summed: bool

    def run_flee(self) -> tuple[str, float, int]:
        """Return which Flee ran, its processor seconds and the people it began."""
        whole = self.checkout / "runscripts" / "run.py"
        environment = os.environ | {"PYTHONPATH": str(self.checkout)}
        start = read_folder(self.case, days=1).start.isoformat()
        with tempfile.TemporaryDirectory() as scratch:
            copy = Path(scratch) / "case"
            shutil.copytree(self.case, copy)
            settings = copy / "simsetting.yml"
            choice = f"sum_from_camps: {self.summed}"
            settings.write_text(settings.read_text().replace("sum_from_camps: True", choice))
            program: list[str | Path] = ["-c", CASE, copy, str(self.days), start, str(int(self.summed))]
            if whole.is_file():
                program = [whole, copy / "input_csv", copy / "source_data", str(self.days), settings]
            begin = os.times()
            done = subprocess.run(
                [self.python, *program], check=False, cwd=copy, env=environment, capture_output=True, text=True
            )
            end = os.times()
        if done.returncode:
            raise SystemExit(f"Flee did not run: {done.stderr.strip().splitlines()[-1]}")
        if whole.is_file():
            head, last = done.stdout.strip().splitlines()[0].split(","), done.stdout.strip().splitlines()[-1].split(",")
            people = int(float(last[head.index("total refugees (simulation)")]))
            return "Flee's master", sum(end[2:4]) - sum(begin[2:4]), people
        seconds, begun = done.stdout.split()
        return "Flee's package", float(seconds), int(begun)

    def run_corridor(self) -> tuple[float, int]:
        """Return the processor seconds of one replicate and the people it began."""
        folder = read_folder(self.case, days=self.days)
        folder.settings["spawn_rules.sum_from_camps"] = self.summed
        model = compile_folder(folder)
        return time_model(model), int(run_range(model, range(1), 1).created[0, -1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--flee", type=Path, required=True, help="a folder in which Flee lies")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--case", default="ssudan2013")
    parser.add_argument("--days", type=int, default=None, help="the first days alone (default: all)")
    parser.add_argument("--python", type=Path, default=Path(sys.executable), help="a Python with what Flee imports")
    parser.add_argument("--totals", action="store_true", help="people who begin are the growth of the total")
    chosen = parser.parse_args()
    case = chosen.data / "flee" / chosen.case
    days = chosen.days or read_folder(case).days
    sides = Race(chosen.flee.resolve(), chosen.python, case, days, not chosen.totals)
    ours, we_began = sides.run_corridor()
    print(f"{chosen.case}, full size, {days} days: Corridor {ours:.4f} s a replicate, {we_began:,} people", flush=True)
    name, theirs, they_began = sides.run_flee()
    ours = min(ours, sides.run_corridor()[0])
    print(
        f"{name} {theirs:,.1f} s, {they_began:,} people: {theirs / ours:,.0f} times as long as Corridor's {ours:.4f} s"
    )


if __name__ == "__main__":
    main()
