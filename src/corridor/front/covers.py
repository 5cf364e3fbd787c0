"""The ledger as a picture: days of cover by place and item from stated stocks and needs, as the briefing draws them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from corridor.relief.tables import ledger_rows
from corridor.report.cover import MOST_LASTING, UNKNOWN, Cell, lay_out
from corridor.report.field_papers import write_cover_page
from corridor.scenario.spreadsheet import write_csv

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from corridor.relief.ledger import Cover
    from corridor.scenario.scenario import Scenario
    from corridor.words.language import Language

PAGE, TABLE = "days-of-cover.html", "ledger.csv"


def describe_ledger_cover(covers: Sequence[Cover], case: Scenario, parameters: str, start: datetime) -> dict[str, Any]:
    """Return the figure of cover from a ledger: its range is that of the stocks as stated, not of runs."""
    places = {str(row["id"]): str(row["name"]) for row in case.rows("places", parameters)}
    kept = {str(row["id"]): bool(row.values.get("kept", True)) for row in case.rows("items", parameters)}
    cells = {(cover.place, cover.item): _describe_cell(cover, kept[cover.item]) for cover in covers}
    laid = lay_out(cells, places, kept)
    return {"name": "relief_now", "origin": "ledger", "moment": start.isoformat(timespec="minutes"), **laid}


def _describe_cell(cover: Cover, kept: bool) -> Cell:
    if not kept:
        hours = round(24.0 * cover.share_met, 3)
        return {"state": "hours", "q05": hours, "q50": hours, "q95": hours}
    if math.isnan(cover.days):
        return dict(UNKNOWN)
    ends = sorted((cover.days_low, cover.days, cover.days_high))
    low, middle, high = (round(min(days, MOST_LASTING), 3) for days in ends)
    return {"state": "days", "q05": low, "q50": middle, "q95": high}


def write_ledger(
    folder: Path, case: Scenario, parameters: str, covers: Sequence[Cover], start: datetime, language: Language
) -> None:
    """Write the picture on a page in a language, and the ledger as a table, into a folder being built."""
    title, sensitivity = str(case.settings["title"]), str(case.settings["sensitivity"])
    page = write_cover_page(describe_ledger_cover(covers, case, parameters, start), title, sensitivity, language)
    (folder / PAGE).write_text(page, encoding="utf-8")
    (folder / TABLE).write_text(write_csv(ledger_rows(covers, sensitivity)), encoding="utf-8")
