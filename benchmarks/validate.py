"""Print the tables of docs/validation.md: the worked case under both parameter sets, scored on its counts.

    python benchmarks/validate.py [--replicates 500] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import tempfile
from datetime import datetime
from pathlib import Path

import numpy as np

from corridor.forecast.score import collect_counts, compare_reached, score_result, split_fitted
from corridor.results.result import Result
from corridor.scenario.scenario import read_scenario
from corridor.simulate.run import run

CASE = Path(__file__).parent.parent / "scenarios" / "karabakh-2023"
AT = datetime(2023, 9, 28, 20)


def main() -> None:
    """Run both sets and print their tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=500)
    parser.add_argument("--keep", type=Path, help="folder for the runs; a temporary one if not given")
    words = parser.parse_args()
    scenario = read_scenario(CASE)
    with tempfile.TemporaryDirectory() as temporary:
        base = words.keep or Path(temporary)
        for name in scenario.sets:
            result = run(scenario, base / name, name, words.replicates)
            print_set(result)


def print_set(result: Result) -> None:
    """Print scores, the fan at some times, and when 95,000 had arrived."""
    m = result.manifest
    print(f"\n### {m['parameters']}: {m['parameters_title']}\n")
    print(f"{m['replicates']} replicates, seed {m['seed']}, scenario {m['scenario_hash'][:12]}.\n")
    print("| series | counts | n | inside 50 % | inside 90 % | CRPS | naive | skill |")
    print("|---|---|---|---|---|---|---|---|")
    for series, parts in score_result(result)["series"].items():
        for part, s in parts.items():
            skill = "" if s["skill"] is None else f"{s['skill']:.2f}"
            print(
                f"| {series} | {part.replace('_', ' ')} | {s['n']} | {s['coverage_50']:.0%} | {s['coverage_90']:.0%} "
                f"| {s['crps']:,.0f} | {s['baseline_crps']:,.0f} | {skill} |"
            )
    print("\n| arrivals at | counted | used | median | nine chances in ten between |")
    print("|---|---|---|---|---|")
    outside = []
    for part, counts in split_fitted(result, collect_counts(result)).items():
        for c in counts:
            if c.series != "arrivals" or c.place:
                continue
            low, middle, high = np.quantile(c.ensemble, [0.05, 0.5, 0.95])
            if not low <= c.value <= high:
                outside.append(f"{c.time:%d %b %H:%M}")
            if c.time.hour in (8, 20):
                print(f"| {c.time:%d %b %H:%M} | {c.value:,.0f} | {part.replace('_', ' ')} | {middle:,.0f} | {low:,.0f} and {high:,.0f} |")
    at = result.at("arrivals:", AT)
    low, high = np.quantile(at, [0.05, 0.95])
    print(f"\nWidth of the 90 % interval on {AT:%d September %H:%M}: {high - low:,.0f} people.")
    print(f"Counts of arrivals outside the 90 % interval: {', '.join(outside) or 'none'}.")
    r = compare_reached(result, 95_000)
    print(
        f"95,000 arrived: counted {r['observed'][:16]}; median {r['q50'][:16]}, nine chances in ten between {r['q05'][:16]} "
        f"and {r['q95'][:16]} ({r['not_within_period']:.0%} not within the period): "
        f"{'inside' if r['inside_90'] else 'outside'}."
    )


if __name__ == "__main__":
    main()
