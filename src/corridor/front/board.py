"""Past forecasts and how they did: of several moments made anew, or sealed in a ledger at the time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor.forecast.board import AsOf
from corridor.forecast.board import score_forecasts as score_all
from corridor.forecast.naive import Known, add_up
from corridor.forecast.pool import Scored, pool_moments, pool_scores
from corridor.forecast.sealed import describe_forecast, seal_forecast
from corridor.forecast.sealed_score import LedgerScores
from corridor.forecast.sealed_score import score_ledger as score_sealed_ledger
from corridor.report.board import write_board
from corridor.results.counts import total_of
from corridor.results.result import Result
from corridor.scenario.chain import Record
from corridor.scenario.counts import known_counts
from corridor.scenario.faults import UsageError
from corridor.scenario.scenario import Scenario
from corridor.scenario.table import load_pandas, write_html_table
from corridor.words.language import choose_language

if TYPE_CHECKING:
    import pandas

    from corridor.scenario.counts import Count

Before = Mapping[tuple[str, str, str], Known]  # counts known by a moment, by series, and by where


@dataclass(frozen=True)
class Board:
    """Scores of past forecasts by lead time: `board.table`, `print(board)`, `board.report("past.html")`.

    `scored` are all counts that were scored, `known` what each forecast knew, by moment. Of a ledger, `records` tells
    when each forecast was sealed and what it is scored on, `left_out` the counts that it said nothing of.
    """

    title: str
    scored: tuple[Scored, ...]
    known: Mapping[datetime, Before] = field(default_factory=dict)
    records: tuple[Mapping[str, Any], ...] = ()
    left_out: tuple[Mapping[str, Any], ...] = ()
    disclaimer: str = ""
    other_records: int = 0
    last_sha256: str = ""

    @cached_property
    def table(self) -> list[dict[str, Any]]:
        """Return a row for each series, where, way of counting and lead time, pooled over moments of equal weight."""
        return pool_scores(self.scored)

    @cached_property
    def by_moment(self) -> list[dict[str, Any]]:
        """Return the same rows for each moment."""
        return pool_moments(self.scored)

    @property
    def document(self) -> dict[str, Any]:
        """Return all of it as one JSON-ready document, every scored count under `counts`."""
        return {
            "title": self.title,
            "table": self.table,
            "by_moment": self.by_moment,
            "counts": [entry.document for entry in self.scored],
            "records": [dict(record) for record in self.records],
            "left_out": [dict(entry) for entry in self.left_out],
            "other_records": self.other_records,
            "last_sha256": self.last_sha256,
        }

    def to_frame(self) -> pandas.DataFrame:
        """Return the table as a pandas table. Raises UsageError when pandas is not installed."""
        frame: pandas.DataFrame = load_pandas().DataFrame(self.table)
        return frame

    def report(self, out: Path | str, replace: bool = False, language: str = "en") -> dict[str, Any]:
        """Write the page of past forecasts, one HTML file that asks for nothing outside itself; return the document.

        Raises UsageError when the file cannot be written, or exists and was not asked to be replaced, and for a
        language that the page cannot be had in.
        """
        from corridor.report.past_forecasts import write_page

        document = self.document
        known = {moment.isoformat(): _plain(before) for moment, before in self.known.items()}
        write_page(document, known, self.disclaimer, Path(out), replace, choose_language(language))
        return {**document, "report": str(out)}

    def __str__(self) -> str:
        """Return the table by lead time as text."""
        return write_board(self.document)

    def _repr_html_(self) -> str:
        head = ("series", "label", "counted", "lead", "n", "crps", "best_naive_crps", "skill", "coverage_90")
        rows = [[f"{v:,.2f}" if isinstance(v := row[name], float) else v for name in head] for row in self.table]
        return write_html_table(self.title, head, rows)


def _plain(before: Before) -> list[dict[str, Any]]:
    return [
        {"series": series, "by": by, "label": label, "time": time.isoformat(), "value": value}
        for (series, by, label), known in before.items()
        for time, value in known
    ]


def _know(counts: Iterable[Count]) -> Before:
    """Return counts that were known by series and where, for a picture."""
    groups: dict[tuple[str, str, str], list[Count]] = {}
    for count in counts:
        groups.setdefault((count.thing.series, *count.thing.where), []).append(count)
    return {where: add_up(same) for where, same in groups.items()}


def score_forecasts(forecasts: Iterable[AsOf], title: str = "Past forecasts", disclaimer: str = "") -> Board:
    """Return the board of forecasts made as of several moments, on the counts that came after each.

    Each is scored by lead time, series and where, on totals and on increments, in CRPS, coverage and absolute error,
    beside three naive rules that know the same counts and the model's own prior of how many will leave.
    """
    made = sorted(forecasts, key=lambda forecast: forecast.moment)
    known = {forecast.moment: _know(forecast.known) for forecast in made}
    return Board(title, tuple(score_all(made)), known, disclaimer=disclaimer)


def seal_result(result: Result, ledger: Path | str, as_of: datetime | str | None = None) -> Record:
    """Append what a run expects as of a moment to a ledger, made if absent, and return the record with its hash.

    `as_of` (local time) is up to when the run's parameter set may know anything unless given; known were the counts
    published by then. The naive rules get as many people as the run lets leave by its end. Raises UsageError
    when the set may know more than that, neither says a moment, or nothing is expected after it, or the ledger cannot
    be written; FaultsError (exit code 4) when it was changed.
    """
    manifest = result.manifest
    until = datetime.fromisoformat(manifest["known_until"]) if manifest["known_until"] else None
    moment = datetime.fromisoformat(as_of) if isinstance(as_of, str) else as_of or until
    if moment is None:
        message = "say as of when the run is a forecast: its case has no parameter set that says what may be known"
        raise UsageError(message)
    if until is not None and until > moment:
        message = (
            f"the set {manifest['parameters']} may know what was published up to {until}: no forecast as of {moment}"
        )
        raise UsageError(message)
    known = known_counts(result.scenario, manifest["parameters"], moment)
    leaving = result.at(total_of("arrivals").series, result.times[-1])
    method = "a run that goes on from what was learnt" if manifest["fitted_draws"] else "a run of the ranges as written"
    described = describe_forecast(result, moment, known, leaving, method, result.times[0])
    return seal_forecast(Path(ledger), described, datetime.now(UTC))


def score_ledger(ledger: Path | str, case: Scenario) -> Board:
    """Return the board of the forecasts of a case that were sealed in a ledger, on the counts that came true since.

    What was sealed before a count was published stands apart from what was sealed afterwards. Raises FaultsError (exit
    code 4) when the ledger was changed, UsageError when there is none or it holds no forecast of this case.
    """
    found: LedgerScores = score_sealed_ledger(Path(ledger), case)
    title = f"Sealed forecasts: {case.settings['title']}"
    return Board(
        title,
        found.scored,
        {forecast.as_of: _know(forecast.known) for forecast in found.forecasts},
        tuple(found.records),
        found.left_out,
        str(case.settings["disclaimer"]),
        found.other_records,
        found.last_sha256,
    )
