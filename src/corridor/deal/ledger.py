"""Forecasts of negotiations in a sealed ledger (`corridor.scenario.chain`): added, checked and scored later."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from corridor.deal.forecast import Forecast, forecast_issue
from corridor.scenario.chain import Record, append_record
from corridor.scenario.faults import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from corridor.deal.parties import Deal, Issue

OUTCOME_KNOWN = ("no", "yes", "unknown")


def seal_forecasts(
    ledger: Path,
    deal: Deal,
    issues: Sequence[Issue],
    sealed_at: datetime,
    supplied_by: str = "",
    outcome_known: str = "unknown",
) -> Record:
    """Append the forecasts of these issues to the ledger (made if absent); return the record with its hash.

    `sealed_at` must carry a time zone; `supplied_by` says who gave the inputs and `outcome_known` whether
    they could know the outcome ("no", "yes", "unknown"). Others who seal are waited for; the beginning of a record
    that was not written to its end goes. Raises FaultsError when the ledger's chain is broken, UsageError when it
    cannot be written or `outcome_known` is another word, ValueError without a time zone.
    """
    if outcome_known not in OUTCOME_KNOWN:
        message = f"outcome_known must be one of {', '.join(OUTCOME_KNOWN)}, not {outcome_known!r}"
        raise UsageError(message)
    content = {
        "input_sha256": deal.fingerprint(),
        "supplied_by": supplied_by,
        "outcome_known": outcome_known,
        "forecasts": {issue.id: _describe(issue) for issue in issues},
    }
    return append_record(ledger, content, sealed_at)


def _describe(issue: Issue) -> dict[str, object]:
    forecast = forecast_issue(issue)
    return {
        "title": issue.title,
        "forecast": asdict(forecast),
        "equal_weights": asdict(forecast_issue(issue, equal=True)),
        "interval_80": list(forecast.interval(0.8)),
        "too_far_apart": forecast.too_far_apart,
    }


@dataclass(frozen=True)
class ScoredForecast:
    """One sealed forecast against its outcome; misses and score (CRPS) in points."""

    sealed_at: str
    issue: str
    outcome: float
    outcome_known: str
    too_far_apart: bool
    miss: float
    miss_equal: float
    miss_of_50: float
    score: float
    inside_80: bool


def score_ledger(records: Iterable[Mapping[str, object]], outcomes: Mapping[str, float]) -> list[ScoredForecast]:
    """Return every sealed forecast whose issue has an outcome (0 to 100), in the order sealed."""
    scored = []
    for record in records:
        forecasts = record.get("forecasts")
        if not isinstance(forecasts, dict):  # a ledger may hold forecasts of counts as well
            continue
        for issue, sealed in forecasts.items():
            if issue not in outcomes:
                continue
            forecast, equal = Forecast(**sealed["forecast"]), Forecast(**sealed["equal_weights"])
            outcome, (low, high) = outcomes[issue], forecast.interval(0.8)
            scored.append(
                ScoredForecast(
                    str(record["sealed_at"]),
                    issue,
                    outcome,
                    str(record["outcome_known"]),
                    forecast.too_far_apart,
                    abs(forecast.centre - outcome),
                    abs(equal.centre - outcome),
                    abs(50 - outcome),
                    forecast.score(outcome),
                    low <= outcome <= high,
                )
            )
    return scored


def summarise_scores(scored: Sequence[ScoredForecast]) -> dict[str, float | int]:
    """Return the mean miss, that of equal weights and of 50, the mean score, coverage and their number."""
    if not scored:
        return {"forecasts": 0}

    def mean(values: Iterable[float]) -> float:
        return math.fsum(values) / len(scored)

    return {
        "forecasts": len(scored),
        "mean_absolute_error": mean(s.miss for s in scored),
        "mean_absolute_error_equal_weights": mean(s.miss_equal for s in scored),
        "mean_absolute_error_of_50": mean(s.miss_of_50 for s in scored),
        "crps": mean(s.score for s in scored),
        "coverage_80": mean(s.inside_80 for s in scored),
    }
