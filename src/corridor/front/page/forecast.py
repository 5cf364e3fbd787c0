"""Forecasts on the screen Evidence: learning from what is known by a moment, and how past forecasts did."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.forecast.filter import Effort
from corridor.front.backtests import backtest
from corridor.front.board import Board, score_ledger
from corridor.front.forecasts import REPLICATES, forecast
from corridor.report.board import name_lead, name_row, sort_rows
from corridor.words.language import choose_language
from corridor.words.writing import write

if TYPE_CHECKING:
    from corridor.front.forecasts import Forecast
    from corridor.scenario.scenario import Scenario

Part = dict[str, Any]
LEDGER = "forecasts.jsonl"  # in the case's folder or where `corridor serve` was started
SHOWN = ("series", "counted", "lead", "n", "coverage_50", "coverage_90", "crps", "best_naive_crps", "skill", "blind")
ROUGH = Effort(300)  # of past forecasts made anew on the page: a minute for the worked case
ROUGH_REPLICATES = 50


class DroppedError(Exception):
    """A newer question, or nobody who listens: what was being worked out is not wanted any more."""


class Progress:
    """Tells how much is done and how many seconds are left, at most a few times a second; stops what is stale."""

    def __init__(self, tell: Callable[[Part], None], stale: Callable[[], bool]) -> None:
        self.tell, self.stale = tell, stale
        self.done: dict[str, int] = {}
        self.begun: dict[str, float] = {}
        self.last = 0.0

    def __call__(self, what: str, more: int, total: int) -> None:
        """Hear of some more that was done. Raises DroppedError when nobody wants it any more."""
        if self.stale():
            raise DroppedError
        now = time.monotonic()
        begun = self.begun.setdefault(what, now)
        done = self.done[what] = self.done.get(what, 0) + more
        if now - self.last < 0.2 and done < total:
            return
        self.last = now
        if what == "moments" and done >= total:  # what follows is told in few and long steps
            self.tell({"what": "replicates", "done": 0, "total": REPLICATES, "left_seconds": None})
            return
        spent = now - begun
        left = spent / (done - 1) * (total - done) if done > 1 and spent > 1 else None
        self.tell({"what": what, "done": done, "total": total, "left_seconds": left})


def forecast_for_page(case: Scenario, asked: Part, save: Path, update: Path | None, progress: Progress) -> Forecast:
    """Learn from the counts known at the moment asked for and run on; from an earlier forecast where there is one."""
    as_of, parameters = asked.get("as_of") or None, asked.get("parameters") or None
    return forecast(case, as_of, save, parameters, progress=progress, update=update)


def describe_forecast(found: Forecast, before: Part | None = None) -> Part:
    """Return what a forecast says: the hours ahead, what the newest counts changed, and the same of the one before."""
    document = found.document
    return {
        "as_of": found.as_of.isoformat(timespec="minutes"),
        "ahead": document["ahead"],
        "newest": document["newest"],
        "counts": len(document["counts"]),
        "left_out": len(document["left_out"]),
        "events_unknown": len(document["events_unknown"]),
        "begun_anew": (document["update"] or {}).get("begun_anew", ""),
        "more_counts": (document["update"] or {}).get("counts"),
        "before": None if before is None else {name: before[name] for name in ("as_of", "ahead")},
        "spread": _spread(found),
    }


def _spread(found: Forecast) -> list[Part]:
    """Return how many will be out by the hours ahead and the end, [5, 50, 95 %]."""
    result = found.run.result
    ends = [found.as_of + timedelta(hours=hours) for hours in (24, 72)]
    times = [end for end in (*ends, result.times[-1]) if end <= result.times[-1]]
    return [
        {
            "time": end.isoformat(timespec="minutes"),
            "people": [float(q) for q in np.quantile(result.at("arrivals", end), [0.05, 0.5, 0.95])],
        }
        for end in dict.fromkeys(times)
    ]


def find_ledgers(case: Scenario) -> list[Path]:
    """Return the ledgers of sealed forecasts that are looked for: in the case's folder and where one works."""
    return [path for path in dict.fromkeys((case.folder / LEDGER, Path(LEDGER).absolute())) if path.is_file()]


def describe_ledger(case: Scenario, language: str = "en") -> Part | None:
    """Return how the forecasts did that were sealed in a ledger, or None where there is none."""
    for path in find_ledgers(case):
        return {"ledger": path.name, **describe_board(score_ledger(path, case), language)}
    return None


def forecast_anew(case: Scenario, every: str, parameters: str | None, progress: Progress, language: str = "en") -> Part:
    """Forecast again and again as time went on, with fewer particles, and return how that did."""
    board = backtest(case, every, None, None, parameters, ROUGH_REPLICATES, ROUGH, progress)
    return {"ledger": "", "particles": ROUGH.particles, **describe_board(board, language)}


def describe_board(board: Board, language: str = "en") -> Part:
    """Return the main figures of past forecasts: totals without a place, by hours ahead, and how many were made."""
    written_in = choose_language(language)
    rows = [row for row in sort_rows(board.table) if not row["by"] and row["stated"] == "number"]
    moments: Sequence[datetime] = sorted({entry.moment for entry in board.scored})
    return {
        "title": board.title,
        "moments": [moment.isoformat(timespec="minutes") for moment in moments],
        "rows": [
            {
                **{name: row[name] for name in SHOWN},
                "name": write(name_row(row), written_in),
                "ahead": write(name_lead(row["lead"]), written_in),
            }
            for row in rows
        ],
        "sealed": len(board.records),
        "left_out": len(board.left_out),
    }
