"""The picture of cover on the screen Now: what the briefing shows, with every word written for the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor.report.cover import Cell, describe_cover_now, say_cover, say_middle, say_range, share_of
from corridor.report.envelope import say_title
from corridor.report.names import recognise
from corridor.report.shortage import name_item
from corridor.results.relief import LABEL
from corridor.words.said import say
from corridor.words.writing import write

if TYPE_CHECKING:
    from datetime import datetime

    from corridor.results.result import Result
    from corridor.words.language import Language

Part = dict[str, Any]


def describe_cover(result: Result, moment: datetime, language: Language) -> Part | None:
    """Return cover by place and item as of a moment, in words and as shares of a full bar; None without any need."""
    if not any(values[:, -1].any() for values in result.take_all("needed").values()):
        return None
    figure = describe_cover_now(result, moment)
    if not figure["rows"]:
        return None
    units = [write(say(f"cover.unit.{item['unit']}"), language) for item in figure["items"]]
    return {
        "title": write(say_title(figure), language),
        "items": [
            {"name": name_item(item["item"]), "unit": unit} for item, unit in zip(figure["items"], units, strict=True)
        ],
        "rows": [
            {"place": row["name"], "cells": [_describe_cell(cell, language) for cell in row["cells"]]}
            for row in figure["rows"]
        ],
        "notes": [write(said, language) for said in (*say_cover(figure), recognise(LABEL))],
    }


def _describe_cell(cell: Cell, language: Language) -> Part:
    """Return what a cell says, and where its bar and the line of its range end, as shares of the full bar."""
    span, known = say_range(cell), cell["q50"] is not None
    return {
        "state": cell["state"],
        "middle": write(say_middle(cell), language),
        "range": write(span, language) if span is not None else "",
        "bar": share_of(cell, "q50") if known else None,
        "ends": [share_of(cell, "q05"), share_of(cell, "q95")] if span is not None else None,
    }
