"""Page one of a run as of a moment, as plain data: for the screen Now of the page."""

from __future__ import annotations

from string import Formatter
from typing import TYPE_CHECKING, Any

from corridor.forecast.findings import find
from corridor.report.annex import describe_claim
from corridor.report.figures import describe_arrivals
from corridor.report.geography import describe_map
from corridor.report.one_page import OnePage, describe_page
from corridor.report.sentences import Number, Said
from corridor.results.moments import find_present, list_known_counts

if TYPE_CHECKING:
    from corridor.front.runs import Run
    from corridor.results.result import Result

Words = list["str | dict[str, Any]"]


def describe_now(run: Run, moment: str | None = None) -> dict[str, Any]:
    """Return page one of a run as of a moment, with its map and its chart; counts published later are left out.

    What a run has learnt stays learnt: `learnt_until` says up to when, so that a reader of an earlier moment is told.
    Raises UsageError for a moment outside the period.
    """
    result = run.result
    findings = find(result, moment, quick=True)
    page = describe_page(result, findings)
    today, present = page.today, find_present(result)
    known = {(c.thing.time.isoformat(timespec="minutes"), c.number) for c in list_known_counts(result, today)}
    chart = describe_arrivals(result, today, findings.counts)
    chart["observed"] = [count for count in chart["observed"] if (count["time"], count["value"]) in known]
    return {
        "moment": today.isoformat(timespec="minutes"),
        "replicates": result.replicates,
        "learnt_until": present.isoformat(timespec="minutes") if present else None,
        **_describe_page(page),
        "chart": chart,
        "map": describe_map(result, today),
    }


def _describe_page(page: OnePage) -> dict[str, Any]:
    return {
        "warnings": [split_said(said) for said in page.warnings],
        "lead": [[split_said(said) for said in line] for line in page.lead],
        "parts": [
            {"title": title, "lines": [[split_said(said) for said in line] for line in lines]}
            for title, lines in page.parts.items()
        ],
        "expected": {
            "columns": [split_said(column) for column in page.columns],
            "rows": [
                {"label": split_said(row.label), "part": row.part, "cells": [_describe_number(c) for c in row.cells]}
                for row in page.rows
            ],
            "notes": [split_said(note) for note in page.notes],
        },
    }


def split_said(said: Said) -> Words:
    """Return a sentence as its pieces: texts, and numbers with what they are of."""
    pieces: Words = []
    for text, name, _, _ in Formatter().parse(said.template):
        pieces += [text] if text else []
        if name is not None:
            value = said.fields[name]
            number = _describe_number(value) if isinstance(value, Number) else None
            pieces.append(number or str(value))
    return pieces


def _describe_number(number: Number | None) -> dict[str, Any] | None:
    if number is None:
        return None
    return {"text": number.text, "quantity": number.quantity, "scope": number.scope, "time": number.time}


def list_claims(result: Result, names: list[str]) -> list[dict[str, Any]]:
    """Return claims by their ids, with grade, source and quote as the briefing gives them."""
    rows = {row["id"]: row for row in result.scenario.tables["claims"]}
    return [describe_claim(result, rows[name]) for name in names if name in rows]
