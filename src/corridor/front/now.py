"""Page one of a run as of any moment, as plain data: for the screen Now of the page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from string import Formatter
from typing import TYPE_CHECKING, Any

from corridor.forecast.findings import find, move_findings
from corridor.report.envelope import describe_bands, write_times
from corridor.report.figures import describe_arrivals
from corridor.report.geography import describe_map
from corridor.report.one_page import OnePage, describe_page
from corridor.report.sentences import Number, Said
from corridor.results.moments import choose_moment, find_present, list_known_counts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corridor.front.runs import Run
    from corridor.results.findings import Findings
    from corridor.results.result import Result

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

    def describe(self, moment: str | None = None) -> dict[str, Any]:
        """Return page one as of a moment, with its map and its chart: counts published later are left out.

        What a run has learnt stays learnt: `learnt_until` says up to when, for readers of an earlier moment. Raises
        UsageError for a moment outside the period.
        """
        result, findings = self.run.result, self.move(moment)
        page, present = describe_page(result, findings), find_present(result)
        return {
            "moment": page.today.isoformat(timespec="minutes"),
            "today": self.findings.moment.isoformat(timespec="minutes"),
            "replicates": result.replicates,
            "learnt_until": present.isoformat(timespec="minutes") if present else None,
            **_describe_page(page),
            "chart": self._describe_chart(findings),
            "map": {**describe_map(result, page.today), **_describe_ways(result, page)},
        }

    def _describe_chart(self, findings: Findings) -> dict[str, Any]:
        """Return arrivals over time, with the counts that were known by the moment and no later ones."""
        result = self.run.result
        known = {
            (c.thing.time.isoformat(timespec="minutes"), c.number) for c in list_known_counts(result, findings.moment)
        }
        chart = describe_arrivals(result, findings.moment, findings.counts)
        seen = [count for count in chart["observed"] if (count["time"], count["value"]) in known]
        inside = {"label": "inside", **describe_bands(result.take("inside"))}
        return {**chart, "times": write_times(result.times), "observed": seen, "series": [*chart["series"], inside]}


def _describe_ways(result: Result, page: OnePage) -> dict[str, Any]:
    """Return for each direction of a way the median people and vehicles on it, and vehicles held up there."""
    columns = {name: result.take_all(name) for name in ("on_road", "vehicles_on_road", "vehicles_delayed")}
    links = [labels[0] for labels in columns["on_road"]]
    position = result.times.index(page.today) if page.today in result.times else None
    return {"links": {link: _take_middle(columns, link, position) for link in links} if position is not None else {}}


def _take_middle(columns: dict[str, Any], link: str, position: int) -> dict[str, float]:
    import numpy as np

    names = {"on_road": "people", "vehicles_on_road": "vehicles", "vehicles_delayed": "delayed"}
    return {
        names[series]: round(float(np.median(values[link,][:, position])), 1)
        for series, values in columns.items()
        if (link,) in values
    }


def _describe_page(page: OnePage) -> dict[str, Any]:
    return {
        "warnings": [split_said(said) for said in page.warnings],
        "lead": _split_lines(page.lead),
        "parts": [{"title": title, "lines": _split_lines(lines)} for title, lines in page.parts.items()],
        "expected": {
            "columns": [split_said(column) for column in page.columns],
            "rows": [
                {"label": split_said(row.label), "part": row.part, "cells": [_describe_number(c) for c in row.cells]}
                for row in page.rows
            ],
            "notes": [split_said(note) for note in page.notes],
        },
    }


def _split_lines(lines: Iterable[Iterable[Said]]) -> list[list[Pieces]]:
    return [[split_said(said) for said in line] for line in lines]


def split_said(said: Said) -> Pieces:
    """Return a sentence as its pieces: texts, and numbers with what they are of."""
    pieces: Pieces = []
    for text, name, _, _ in Formatter().parse(said.template):
        pieces += [text] if text else []
        if name is not None:
            value = said.fields[name]
            number = _describe_number(value) if isinstance(value, Number) else None
            pieces.append(number or str(value))
    return pieces


def _describe_number(number: Number | None) -> dict[str, Any] | None:
    """Return a number as it is shown, its middle and range apart, and what it is of."""
    if number is None:
        return None
    middle, _, rest = number.text.partition(" (")
    return {
        "text": number.text,
        "middle": middle,
        "range": rest.removeprefix("9 in 10: ").removesuffix(")"),
        "quantity": number.quantity,
        "scope": number.scope,
        "time": number.time,
    }
