"""Refit the width of forecasts on decisions with known outcomes, and score the rules on them.

`python benchmarks/deal_refit.py deu3.csv` prints one JSON document. The file is the DEU data set (Arregui and
Perarnaud 2022, doi:10.34810/data53): controversial issues of European Union laws, 1996 to 2019, with each
actor's position and salience (0 to 100) and the outcome. Tab separated, blank or 999 for missing. It is not
part of Corridor.

Used: issues with an outcome and at least three positions. A missing salience is the issue's mean. Capability
is Council votes, of before the Treaty of Nice when all states are among the first fifteen and of Nice
otherwise; the Commission and the Parliament count as much as the largest state present.
"""

from __future__ import annotations

import csv
import json
import math
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from corridor.deal.forecast import LEAST_DEVIATION, Forecast, forecast_from
from corridor.deal.landing import find_contest_mean, find_deviation, find_mean, find_median

_BEFORE_NICE = {
    "de": 10, "fr": 10, "it": 10, "uk": 10, "es": 8, "be": 5, "el": 5, "nl": 5, "pt": 5, "at": 4, "se": 4,
    "dk": 3, "fi": 3, "ie": 3, "lu": 2,
}  # fmt: skip
_NICE = {
    "de": 29, "fr": 29, "it": 29, "uk": 29, "es": 27, "pl": 27, "ro": 14, "nl": 13, "be": 12, "cz": 12,
    "el": 12, "hu": 12, "pt": 12, "at": 10, "bu": 10, "se": 10, "dk": 7, "ie": 7, "lt": 7, "sk": 7, "fi": 7,
    "cr": 7, "cy": 4, "ee": 4, "lv": 4, "lu": 4, "si": 4, "mt": 3,
}  # fmt: skip
_INSTITUTIONS = ("com", "ep")


@dataclass(frozen=True)
class PastIssue:
    """One decided issue: its dossier, each actor's position, salience and capability, and the outcome."""

    dossier: str
    positions: list[float]
    saliences: list[float]
    capabilities: list[float]
    outcome: float

    @property
    def weights(self) -> list[float]:
        """Return capability times salience; all equal where nobody is said to care."""
        weights = [c * s for c, s in zip(self.capabilities, self.saliences, strict=True)]
        return weights if sum(weights) > 0 else [1.0] * len(weights)

    @property
    def level_weights(self) -> list[float]:
        """Return weight 1 for every actor that has any: the equal-weights case of `forecast_issue`."""
        return [float(weight > 0) for weight in self.weights]


def read_past_issues(path: Path) -> list[PastIssue]:
    """Read the usable issues of the DEU file. Raises ValueError when it has not the expected columns."""
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        actors = [n[1:] for n in rows.fieldnames or [] if n[:1] == "p" and f"s{n[1:]}" in (rows.fieldnames or [])]
        if "out" not in (rows.fieldnames or []) or not set(_INSTITUTIONS) <= set(actors):
            message = f"{path} has not the columns of the DEU data (prnrnmc, p<actor>, s<actor>, out)"
            raise ValueError(message)
        issues = (_read_issue(row, actors) for row in rows)
        return [issue for issue in issues if issue]


def _read_issue(row: dict[str, str], actors: list[str]) -> PastIssue | None:
    outcome = _read_number(row["out"])
    present = {a: x for a in actors if (x := _read_number(row[f"p{a}"])) is not None}
    if outcome is None or len(present) < 3:
        return None
    stated = {a: _read_number(row[f"s{a}"]) for a in present}
    known = [value for value in stated.values() if value is not None]
    usual = sum(known) / len(known) if known else 50.0
    states = [actor for actor in present if actor not in _INSTITUTIONS]
    votes = _BEFORE_NICE if set(states) <= set(_BEFORE_NICE) else _NICE
    largest = max((votes[state] for state in states), default=1)
    return PastIssue(
        row["prnrnmc"],
        list(present.values()),
        [usual if (s := stated[actor]) is None else s for actor in present],
        [float(votes.get(actor, largest)) for actor in present],
        outcome,
    )


def _read_number(text: str | None) -> float | None:
    value = float(text) if text and text.strip() else None
    return None if value == 999 else value


Weights = Callable[[PastIssue], list[float]]


def weigh_by_stake(issue: PastIssue) -> list[float]:
    """Return capability times salience."""
    return issue.weights


def weigh_equally(issue: PastIssue) -> list[float]:
    """Return 1 for every actor with any weight."""
    return issue.level_weights


def fit_miss_ratio(issues: Sequence[PastIssue], weights: Weights = weigh_by_stake) -> float:
    """Return the root mean square of (outcome - mean) / deviation: the miss per point of disagreement.

    Squares treat both directions alike, since which end of a scale is called zero is arbitrary.
    """
    ratios = []
    for issue in issues:
        deviation = max(find_deviation(issue.positions, weights(issue)), 100 * LEAST_DEVIATION)
        ratios.append((issue.outcome - find_mean(issue.positions, weights(issue))) / deviation)
    return math.sqrt(math.fsum(ratio**2 for ratio in ratios) / len(ratios))


def forecast_held_out(issues: Sequence[PastIssue], weights: Weights = weigh_by_stake) -> list[Forecast]:
    """Return one forecast for each issue, its width fitted on all other dossiers only."""
    ratios = {
        dossier: fit_miss_ratio([issue for issue in issues if issue.dossier != dossier], weights)
        for dossier in {issue.dossier for issue in issues}
    }
    return [forecast_from(issue.positions, weights(issue), 0.0, ratios[issue.dossier]) for issue in issues]


def score_forecasts(issues: Sequence[PastIssue], forecasts: Sequence[Forecast]) -> dict[str, float]:
    """Return mean absolute error, mean score (CRPS) and the share of outcomes inside each interval."""
    pairs = list(zip(issues, forecasts, strict=True))
    decided = [(f.centre > 50) == (i.outcome > 50) for i, f in pairs if i.outcome != 50]
    answer = {
        "mean_absolute_error": _average(abs(f.centre - i.outcome) for i, f in pairs),
        "right_side_of_50": _average(decided),
        "within_10_points": _average(abs(f.centre - i.outcome) <= 10 for i, f in pairs),
        "crps": _average(f.score(i.outcome) for i, f in pairs),
    }
    for chance in (0.5, 0.8, 0.9):
        bounds = [(f.interval(chance), i.outcome) for i, f in pairs]
        answer[f"coverage_{chance:.0%}"] = _average(low <= outcome <= high for (low, high), outcome in bounds)
        answer[f"width_{chance:.0%}"] = _average(high - low for (low, high), _ in bounds)
    return answer


def score_points(issues: Sequence[PastIssue]) -> dict[str, float]:
    """Return the mean absolute error of the rules that give one point only."""
    rules: dict[str, Callable[[PastIssue], float]] = {
        "weighted_mean": lambda i: find_mean(i.positions, i.weights),
        "unweighted_mean": lambda i: find_mean(i.positions, [1.0] * len(i.positions)),
        "unweighted_mean_of_those_with_weight": lambda i: find_mean(i.positions, i.level_weights),
        "contest_mean_square": lambda i: find_contest_mean(i.positions, i.weights, 2),
        "weighted_median": lambda i: find_median(i.positions, i.weights),
        "always_50": lambda _: 50.0,
    }
    return {name: _average(abs(rule(i) - i.outcome) for i in issues) for name, rule in rules.items()}


def refit(path: Path) -> dict[str, object]:
    """Return the fitted constants, their scores with each dossier left out, and the error by disagreement."""
    issues = read_past_issues(path)
    bands = ((0, 20), (20, 30), (30, 40), (40, 101))
    return {
        "issues": len(issues),
        "dossiers": len({issue.dossier for issue in issues}),
        "largest_share": max(max(i.weights) / math.fsum(i.weights) for i in issues),
        "miss_ratio": fit_miss_ratio(issues),
        "miss_ratio_equal": fit_miss_ratio(issues, weigh_equally),
        "held_out": score_forecasts(issues, forecast_held_out(issues)),
        "held_out_equal": score_forecasts(issues, forecast_held_out(issues, weigh_equally)),
        "mean_absolute_error": score_points(issues),
        "by_deviation": [_score_band(issues, low, high) for low, high in bands],
    }


def _score_band(issues: Sequence[PastIssue], low: float, high: float) -> dict[str, float]:
    band = [issue for issue in issues if low <= find_deviation(issue.positions, issue.weights) < high]
    errors = (abs(find_mean(i.positions, i.weights) - i.outcome) for i in band)
    return {
        "from": low,
        "to": high,
        "issues": len(band),
        "mean_absolute_error": _average(errors),
        "always_50": _average(abs(50 - issue.outcome) for issue in band),
    }


def _average(values: Iterable[float]) -> float:
    numbers = list(values)
    return math.fsum(numbers) / len(numbers)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python benchmarks/deal_refit.py DEU_FILE")
    sys.stdout.write(json.dumps(refit(Path(sys.argv[1])), indent=2) + "\n")
