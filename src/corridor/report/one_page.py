"""Page one: what a tired reader needs of a run in five minutes, each number once and with its range."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corridor.report.ahead import say_ahead
from corridor.report.exits import list_exits
from corridor.report.expected import Row, choose_moments, list_expected, name_moment, say_nobody
from corridor.report.help import say_help
from corridor.report.known import say_changed, say_known
from corridor.report.limiting import say_limits
from corridor.report.rests import say_rests, say_warnings
from corridor.report.runs_out import say_runs_out
from corridor.words.language import ENGLISH, Language
from corridor.words.said import Said, say
from corridor.words.writing import write

if TYPE_CHECKING:
    from datetime import datetime

    from corridor.results.findings import Findings
    from corridor.results.result import Result


SHEET = 3500  # letters that fill a sheet of A4 in the full size of print
ROW = 110  # letters that take as much room as a row of the table
SMALLEST = 0.7  # of that size: below it nobody reads


@dataclass(frozen=True)
class OnePage:
    """The first page: its moment, warnings where little stands behind it, its parts by id, and the table.

    Each line of a part is one or more whole sentences. `lead` stands before the parts, on the page of a run that has
    learnt from counts: the next days in words. The table stands after the second part.
    """

    today: datetime
    warnings: list[Said]
    lead: list[list[Said]]
    parts: dict[str, list[list[Said]]]
    columns: list[Said]
    rows: list[Row]
    notes: list[Said]

    def find_size(self, language: Language = ENGLISH) -> float:
        """Return the share of the full size of print in which the page fits one sheet."""
        lines = [line for part in (self.lead, *self.parts.values()) for line in part]
        letters = sum(len(write(said, language)) for line in lines for said in line)
        return max(SMALLEST, min(1.0, math.sqrt(SHEET / (letters + ROW * len(self.rows)))))

    def describe(self, language: Language = ENGLISH) -> dict[str, Any]:
        """Return the page as plain data: every sentence as text in a language, the table with its numbers."""
        return {
            "today": self.today.isoformat(timespec="minutes"),
            "warnings": [write(said, language) for said in self.warnings],
            "lead": _write_lines(self.lead, language),
            "titles": {name: write(say(name), language) for name in ("part.lead", "part.expected", *self.parts)},
            "parts": {write(say(name), language): _write_lines(lines, language) for name, lines in self.parts.items()},
            "expected": {
                "columns": [write(column, language) for column in self.columns],
                "rows": [row.describe(language) for row in self.rows],
                "notes": [write(note, language) for note in self.notes],
            },
        }


def _write_lines(lines: list[list[Said]], language: Language) -> list[str]:
    return [" ".join(write(said, language) for said in line) for line in lines]


def describe_page(result: Result, findings: Findings) -> OnePage:
    """Return page one of a run."""
    today, exits = findings.moment, list_exits(result)
    moments, known = choose_moments(result, today), say_known(result, today)
    return OnePage(
        today=today,
        warnings=say_warnings(result, findings, known),
        lead=say_ahead(result, exits, today, findings.learning),
        parts={
            "part.known": [[said] for said in known],
            "part.changed": [[said] for said in say_changed(result, today)],
            "part.limits": [[said] for said in say_limits(result, findings.drawn, today)],
            "part.runs": say_runs_out(result, today, findings.drawn),
            "part.help": say_help(result, findings.levers),
            "part.rests": say_rests(result, findings),
        },
        columns=[name_moment(result, today, moment) for moment in moments],
        rows=list_expected(result, exits, moments),
        notes=[say("expected.sums"), *say_nobody(result, moments)],
    )
