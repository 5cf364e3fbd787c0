"""Run the plots and errors of the `flee` package on a case's out.csv as Corridor writes it, and compare the errors.

    python benchmarks/flee_scripts.py --flee CHECKOUT --case FOLDER [--days N] [--seed 1]

CHECKOUT is a folder in which Flee lies, for example the published package unpacked (`pip download --no-deps flee==3.1`,
then `python -m zipfile -e`). Its flee/postprocessing/plot_flee_output.py, which FabFlee starts for its plots, is run as it is and
must end well; printed are its pictures, its two errors and ours of the same run. The program ends with 1 where they differ.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from corridor.flee.compile import compile_folder
from corridor.flee.measure import measure_error
from corridor.flee.out_files import write_out
from corridor.flee.read import read_folder
from corridor.flee.run import run_model

SCRIPT = "flee/postprocessing/plot_flee_output.py"
ROUNDED = 1e-4  # people in each camp to four digits, as the script has them
ERRORS = re.compile(r"error normal: +(\S+) +, rescaled: +(\S+)")


def run_script(checkout: Path, out: Path, pictures: Path) -> tuple[float, float]:
    """Return Flee's error without and with rescaling, having drawn its plots of `out`."""
    environment = os.environ | {"PYTHONPATH": str(checkout), "MPLBACKEND": "Agg"}
    command = [sys.executable, checkout / SCRIPT, out, pictures]
    done = subprocess.run(command, check=False, env=environment, capture_output=True, text=True)
    found = ERRORS.search(done.stdout)
    if done.returncode or found is None:
        raise SystemExit(f"Flee's script did not run: {(done.stderr or done.stdout).strip().splitlines()[-1]}")
    return float(found[1]), float(found[2])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--flee", type=Path, required=True, help="a folder in which Flee lies")
    parser.add_argument("--case", type=Path, required=True, help="a folder of Flee")
    parser.add_argument("--days", type=int, default=None, help="the first days alone (default: all)")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    model = compile_folder(read_folder(chosen.case, days=chosen.days))
    with tempfile.TemporaryDirectory() as scratch:
        out, pictures = Path(scratch) / "out", Path(scratch) / "pictures"
        write_out(model, out, seed=chosen.seed)
        theirs = run_script(chosen.flee.resolve(), out, pictures)
        drawn = len(list(pictures.rglob("*.png")))
    here = run_model(model, seed=chosen.seed).in_camps[0]
    ours = tuple(measure_error(here, model.observed, rescaled=rescaled) for rescaled in (False, True))
    print(
        f"{chosen.case.name}: {drawn} pictures; error not rescaled {theirs[0]:.6f}, ours {ours[0]:.6f};"
        f" rescaled {theirs[1]:.6f}, ours {ours[1]:.6f}"
    )
    if max(abs(a - b) for a, b in zip(theirs, ours, strict=True)) > ROUNDED:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
