"""Papers of a plan for the field, in a language: orders for convoy leaders, and the timetable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor.relief.orders import write_orders
from corridor.relief.timetable import describe_timetable
from corridor.report.field_papers import write_orders_page, write_timetable_page

if TYPE_CHECKING:
    from pathlib import Path

    from corridor.relief.plan import Plan
    from corridor.scenario.scenario import Scenario
    from corridor.words.language import Language


def write_papers(folder: Path, plan: Plan, case: Scenario, parameters: str, language: Language) -> None:
    """Write orders.html, a sheet for each consignment, and timetable.html into a folder being built."""
    orders = write_orders(plan.problem, plan.convoys, case, parameters)
    title, sensitivity = str(case.settings["title"]), str(case.settings["sensitivity"])
    (folder / "orders.html").write_text(write_orders_page(orders, title, sensitivity, language), encoding="utf-8")
    timetable = describe_timetable(plan.problem, plan.convoys, case, parameters)
    page = write_timetable_page(timetable, title, sensitivity, language)
    (folder / "timetable.html").write_text(page, encoding="utf-8")
