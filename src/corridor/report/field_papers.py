"""Papers for the field: orders for convoy leaders, an order a sheet; the timetable; days of cover."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib import resources
from typing import Any

from corridor.report.cover import say_cover
from corridor.report.names import recognise
from corridor.report.pictures.cover import draw_cover_now
from corridor.report.pictures.timetable import draw_timetable_pages
from corridor.report.template import fill_template
from corridor.results.relief import LABEL
from corridor.words.language import ENGLISH, Language
from corridor.words.said import Moment


def write_orders_page(
    orders: Sequence[Mapping[str, Any]], title: str, sensitivity: str, language: Language = ENGLISH
) -> str:
    """Return orders as one page of HTML that needs nothing beside it; see `relief/orders.py` for an order."""
    content = {"orders": orders, "title": title, "sensitivity": sensitivity, "style": _read_style()}
    return fill_template("orders", content, _say_moment, language)


def write_timetable_page(figure: dict[str, Any], title: str, sensitivity: str, language: Language = ENGLISH) -> str:
    """Return a plan's timetable as one page of HTML, a sheet for every 24 consignments; see `relief/timetable.py`."""
    pictures = draw_timetable_pages(figure, language)
    content = {"pictures": pictures, "title": title, "sensitivity": sensitivity, "style": _read_style()}
    return fill_template("timetable", content, _say_moment, language)


def write_cover_page(figure: dict[str, Any], title: str, sensitivity: str, language: Language = ENGLISH) -> str:
    """Return days of cover as one page of HTML; see `report/cover.py` for the figure."""
    notes = [*say_cover(figure), recognise(LABEL)]
    content = {"picture": draw_cover_now(figure, language), "notes": notes, "title": title, "sensitivity": sensitivity}
    return fill_template("cover", {**content, "style": _read_style()}, _say_moment, language)


def _read_style() -> str:
    return resources.files("corridor.report").joinpath("page/orders.css").read_text(encoding="utf-8")


def _say_moment(text: str) -> Moment:
    """Return a time as a moment of its day; a day alone stays one."""
    return Moment(datetime.fromisoformat(text), bare=len(text) == 10)
