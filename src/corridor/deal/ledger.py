"""A sealed ledger of forecasts: lines that can be added, checked and scored later, and not changed unseen.

Each line is one JSON record that carries the SHA-256 of the record before it and of itself. Changing,
removing or reordering lines breaks the chain; cutting lines off the end does not, so publish the last hash
where others keep it.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NoReturn

from corridor.deal.forecast import Forecast, forecast_issue
from corridor.scenario.faults import FaultsError, UsageError, fault
from corridor.scenario.version import __version__
from corridor.scenario.writing import locked, write_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from corridor.deal.parties import Deal, Issue

START = "0" * 64  # the hash before the first record
OUTCOME_KNOWN = ("no", "yes", "unknown")
_EVIDENCE = 4  # exit code: an evidence check failed
_PATIENCE = 10.0  # seconds to wait for another who seals
Record = dict[str, object]


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
    if sealed_at.tzinfo is None:
        message = "sealed_at needs a time zone"
        raise ValueError(message)
    if outcome_known not in OUTCOME_KNOWN:
        message = f"outcome_known must be one of {', '.join(OUTCOME_KNOWN)}, not {outcome_known!r}"
        raise UsageError(message)
    with locked(ledger, _PATIENCE):  # two at once must not share a predecessor
        content = _end_last_line(_read(ledger)) if os.path.lexists(ledger) else b""
        records = _check_lines(content, ledger)
        record: Record = {
            "sealed_at": sealed_at.astimezone(UTC).isoformat(timespec="seconds"),
            "corridor": __version__,
            "input_sha256": deal.fingerprint(),
            "supplied_by": supplied_by,
            "outcome_known": outcome_known,
            "forecasts": {issue.id: _describe(issue) for issue in issues},
            "previous_sha256": records[-1]["sha256"] if records else START,
        }
        record["sha256"] = _hash(record)
        write_file(ledger, content + _canonical(record) + b"\n")
    return record


def _end_last_line(content: bytes) -> bytes:
    """Return a ledger's lines with the last one ended, or left out where it is the beginning of a record only."""
    whole, _, rest = content.rpartition(b"\n")
    if not rest.startswith(b"{"):  # nothing, or no record at all: told when the lines are checked
        return content
    try:
        json.loads(rest)
    except (ValueError, RecursionError):
        return whole + b"\n" if whole else b""
    return content + b"\n"


def _describe(issue: Issue) -> dict[str, object]:
    forecast = forecast_issue(issue)
    return {
        "title": issue.title,
        "forecast": asdict(forecast),
        "equal_weights": asdict(forecast_issue(issue, equal=True)),
        "interval_80": list(forecast.interval(0.8)),
        "too_far_apart": forecast.too_far_apart,
    }


def read_ledger(ledger: Path) -> list[Record]:
    """Return the records of a ledger, oldest first.

    Raises FaultsError (exit code 4) with the first broken link of the chain, UsageError when there is no
    ledger.
    """
    return _check_lines(_read(ledger), ledger)


def _read(ledger: Path) -> bytes:
    try:
        return ledger.read_bytes()
    except OSError as error:
        message = f"cannot read the ledger {ledger}: {error.strerror}"
        raise UsageError(message) from error


def _check_lines(content: bytes, ledger: Path) -> list[Record]:
    records: list[Record] = []
    previous: object = START
    for number, line in enumerate(content.splitlines(keepends=True), start=1):
        if not line.endswith(b"\n"):
            _report_broken("ledger_unfinished", ledger, number)
        try:
            record = json.loads(line, parse_constant=_refuse)
        except (ValueError, RecursionError):
            record = None
        if not isinstance(record, dict) or line != _canonical(record) + b"\n" or record.get("sha256") != _hash(record):
            _report_broken("ledger_changed", ledger, number)
        if record.get("previous_sha256") != previous:
            _report_broken("ledger_order", ledger, number)
        previous = record["sha256"]
        records.append(record)
    return records


def _refuse(constant: str) -> float:
    raise ValueError(constant)


def _report_broken(kind: str, ledger: Path, row: int) -> NoReturn:
    raise FaultsError([fault(kind, (ledger.name, row, ""))], exit_code=_EVIDENCE)


def _canonical(record: Mapping[str, object]) -> bytes:
    return json.dumps(record, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _hash(record: Mapping[str, object]) -> str:
    return hashlib.sha256(_canonical({k: v for k, v in record.items() if k != "sha256"})).hexdigest()


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
        forecasts = record["forecasts"]
        assert isinstance(forecasts, dict)  # its hash was checked, so it is as we sealed it
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
