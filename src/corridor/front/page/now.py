"""Page one of a run as of any moment, as plain data: for the screen Now of the page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.forecast.findings import find, move_findings
from corridor.front.page.cover import describe_cover
from corridor.front.runs import Run
from corridor.report.envelope import describe_bands, write_times
from corridor.report.figures import describe_arrivals
from corridor.report.geography import describe_map
from corridor.report.one_page import OnePage, describe_page
from corridor.results.moments import choose_moment, find_present, list_known_counts
from corridor.results.result import interpolate
from corridor.results.run import run_in_steps
from corridor.words.language import Language, choose_language
from corridor.words.pieces import describe_pieces, split_number
from corridor.words.said import Number, Said, say
from corridor.words.writing import write

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from corridor.results.findings import Findings
    from corridor.results.result import Result
    from corridor.scenario.scenario import Scenario

ON_A_WAY = {"on_road": "people", "vehicles_on_road": "vehicles", "vehicles_delayed": "delayed"}
Pieces = list["str | dict[str, Any]"]


@dataclass(frozen=True)
class LiveBriefing:
    """A run whose page one can be had as of any moment of its period."""

    run: Run

    @cached_property
    def findings(self) -> Findings:
        """Return what was found out about the run that holds for every moment; about two seconds, once."""
        return find(self.run.result, quick=True)

    def move(self, moment: str | None) -> Findings:
        """Return the findings as of a moment, today if it is None. Raises UsageError outside the period."""
        result = self.run.result
        return move_findings(result, self.findings, choose_moment(result, moment), quick=True)

    def describe(self, moment: str | None = None, language: str = "en") -> dict[str, Any]:
        """Return page one as of a moment, with its map and its chart: counts published later are left out.

        What a run has learnt stays learnt: `learnt_until` says up to when, for readers of an earlier moment. Raises
        UsageError for a moment outside the period, and for a language that there is not.
        """
        result, findings = self.run.result, self.move(moment)
        page, present = describe_page(result, findings), find_present(result)
        return {
            "moment": page.today.isoformat(timespec="minutes"),
            "today": self.findings.moment.isoformat(timespec="minutes"),
            "replicates": result.replicates,
            "learnt_until": present.isoformat(timespec="minutes") if present else None,
            **_describe_page(page, choose_language(language)),
            "cover": describe_cover(result, page.today, choose_language(language)),
            "chart": self._describe_chart(findings),
            "map": _describe_frame(result, page.today),
        }

    def _describe_chart(self, findings: Findings) -> dict[str, Any]:
        """Return arrivals over time, with the counts that were known by the moment and no later ones."""
        result = self.run.result
        known = {
            (c.thing.time.isoformat(timespec="minutes"), c.number) for c in list_known_counts(result, findings.moment)
        }
        chart = describe_arrivals(result, findings.moment, findings.counts)
        return {
            "times": write_times(result.times),
            "arrivals": describe_bands(result.take("arrivals")),
            "inside": describe_bands(result.take("inside")),
            "counts": [count for count in chart["observed"] if (count["time"], count["value"]) in known],
            "events": [event for event in chart["events"] if event["to"] <= chart["moment"]],
        }


def brief_in_steps(case: Scenario, parameters: str | None, replicates: int) -> Iterator[LiveBriefing | None]:
    """Run a case in memory, some replicates at a time: nothing in between, in the end its page one."""
    for found in run_in_steps(case, parameters, replicates):
        yield None if isinstance(found, int) else LiveBriefing(Run(found))


def _describe_frame(result: Result, moment: datetime) -> dict[str, Any]:
    """Return medians at a moment: people at each place; people, vehicles and vehicles held up on each way.

    `near` are the places worth showing at first, `most` what the largest circle stands for throughout the period.
    """
    shown = describe_map(result, moment)
    ways: dict[str, dict[str, int]] = {}
    for series, name in ON_A_WAY.items():
        for (link,), values in result.take_all(series).items():
            ways.setdefault(link, {})[name] = round(float(np.median(interpolate(values, result.times, moment))))
    return {
        "near": shown["near"],
        "most": max((place["peak"] for place in shown["places"]), default=1.0),
        "places": {place["id"]: {"people": round(place["now"]["q50"])} for place in shown["places"]},
        "ways": {link: numbers for link, numbers in ways.items() if any(numbers.values())},
    }


def _describe_page(page: OnePage, language: Language) -> dict[str, Any]:
    def split(said: Said) -> Pieces:
        return describe_pieces(said, language)

    def split_lines(lines: Iterable[Iterable[Said]]) -> list[list[Pieces]]:
        return [[split(said) for said in line] for line in lines]

    return {
        "language": language.code,
        "warnings": [split(said) for said in page.warnings],
        "lead": split_lines(page.lead),
        "parts": [
            {"title": write(say(name), language), "lines": split_lines(lines)} for name, lines in page.parts.items()
        ],
        "expected": {
            "columns": [split(column) for column in page.columns],
            "rows": [
                {
                    "label": split(row.label),
                    "part": row.part,
                    "cells": [_describe_number(c, language) for c in row.cells],
                }
                for row in page.rows
            ],
            "notes": [split(note) for note in page.notes],
        },
    }


def _describe_number(number: Number | None, language: Language) -> dict[str, Any] | None:
    """Return a number as it is shown, its middle and range apart, and what it is of."""
    return None if number is None else split_number(number, language).document
