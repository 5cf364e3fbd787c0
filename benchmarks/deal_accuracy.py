"""How far each rule missed on decided issues: `python benchmarks/deal_accuracy.py FILE`.

FILE is the DEU data (see deal_refit.py), which is not part of Corridor. Prints a table and, on its
last line, the same as JSON: the rules' mean absolute errors with a bootstrap interval of their difference
from the weighted mean (by dossier), the old expected-utility model among them, and what a band made by
jittering the inputs would have held.
"""

from __future__ import annotations

import json
import math
import random
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from corridor.deal.landing import find_contest_mean, find_mean, find_median
from deal_legacy import play_legacy_rounds
from deal_refit import PastIssue, forecast_held_out, read_past_issues, score_forecasts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SEED, RESAMPLES, JITTERS = 20230922, 2000, 200


def play(issue: PastIssue, rounds: int) -> tuple[float, float]:
    """Return mean and median of the legacy model after some rounds."""
    if len(set(issue.positions)) == 1:
        return issue.positions[0], issue.positions[0]
    saliences = [s / 100 for s in issue.saliences]
    last = play_legacy_rounds(issue.positions, saliences, issue.capabilities, rounds)[-1]
    return last.mean, last.median


def find_nash_point(positions: Sequence[float], weights: Sequence[float], reach: float) -> float:
    """Return the point with the largest sum of w * ln(reach - (x - position)**2): Nash's bargaining solution.

    `reach` (squared axis units) says how bad no deal is; it must exceed the squared width of the positions.
    As it grows the point tends to the weighted mean. Raises ValueError when `reach` is too small. J. Nash,
    Econometrica 18 (1950) 155-162.
    """
    pulling = [x for x, w in zip(positions, weights, strict=True) if w > 0]
    low, high = min(pulling), max(pulling)
    if reach <= (high - low) ** 2:
        message = "reach must exceed the squared distance between the extreme positions"
        raise ValueError(message)

    def slope(x: float) -> float:
        pulls = (w * (p - x) / (reach - (x - p) ** 2) for p, w in zip(positions, weights, strict=True))
        return math.fsum(pulls)

    # The sum is concave, so its slope falls from positive to negative: halve until no float lies between.
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if slope(middle) > 0 else (low, middle)
    return middle


RULES: dict[str, Callable[[PastIssue], float]] = {
    "weighted mean": lambda i: find_mean(i.positions, i.weights),
    "equal weights": lambda i: find_mean(i.positions, i.level_weights),
    "contest, squared odds": lambda i: find_contest_mean(i.positions, i.weights, 2),
    "Nash, no deal far off": lambda i: find_nash_point(i.positions, i.weights, 20_000.0),
    "legacy mean, one round": lambda i: play(i, 1)[0],
    "always 50": lambda _: 50.0,
    "weighted median": lambda i: find_median(i.positions, i.weights),
    "legacy median, one round": lambda i: play(i, 1)[1],
}


def resample_difference(issues: list[PastIssue], errors: list[float], base: list[float]) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of the mean difference, whole dossiers drawn at a time."""
    by_dossier: dict[str, list[float]] = {}
    for issue, error, own in zip(issues, errors, base, strict=True):
        by_dossier.setdefault(issue.dossier, []).append(error - own)
    chance, groups = random.Random(SEED), list(by_dossier.values())
    means = []
    for _ in range(RESAMPLES):
        drawn = [value for group in chance.choices(groups, k=len(groups)) for value in group]
        means.append(statistics.fmean(drawn))
    cuts = statistics.quantiles(means, n=40)
    return cuts[0], cuts[-1]


def jitter(issue: PastIssue, chance: random.Random) -> tuple[float, float]:
    """Return the 80 % band of the weighted mean when positions move by 10 points and weights by 20 %."""
    means = []
    for _ in range(JITTERS):
        places = [min(100.0, max(0.0, x + chance.uniform(-10, 10))) for x in issue.positions]
        weights = [w * chance.uniform(0.8, 1.2) * chance.uniform(0.8, 1.2) for w in issue.weights]
        means.append(find_mean(places, weights))
    cuts = statistics.quantiles(means, n=10)
    return cuts[0], cuts[-1]


def main(path: Path) -> None:
    """Print the table and the JSON line."""
    started = time.perf_counter()
    issues = read_past_issues(path)
    errors = {name: [abs(rule(i) - i.outcome) for i in issues] for name, rule in RULES.items()}
    rows = {}
    for name, missed in errors.items():
        low, high = resample_difference(issues, missed, errors["weighted mean"])
        rows[name] = {"mean_absolute_error": statistics.fmean(missed), "difference": [low, high]}
        print(f"{name:26} {rows[name]['mean_absolute_error']:6.2f}   [{low:+.2f}, {high:+.2f}]")
    held_out = score_forecasts(issues, forecast_held_out(issues))
    chance = random.Random(SEED)
    bands = [jitter(issue, chance) for issue in issues]
    held = statistics.fmean(low <= i.outcome <= high for i, (low, high) in zip(issues, bands, strict=True))
    width = statistics.fmean(high - low for low, high in bands)
    print(f"80 % interval from past errors holds {held_out['coverage_80%']:.1%}, CRPS {held_out['crps']:.2f}")
    print(f"80 % band from jittered inputs holds {held:.1%}, width {width:.1f}")
    print(f"{time.perf_counter() - started:.1f} s")
    print(json.dumps({"rules": rows, "held_out": held_out, "jitter": {"coverage_80": held, "width": width}}))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python benchmarks/deal_accuracy.py DEU_FILE")
    main(Path(sys.argv[1]))
