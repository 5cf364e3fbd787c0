"""A plan as a folder of files that people open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor.relief import tables
from corridor.relief.convoy_sheet import write_convoy_sheet
from corridor.relief.names import read_names
from corridor.relief.order_sheet import WORDS, order_rows
from corridor.relief.orders import write_orders
from corridor.relief.people_out import out_rows
from corridor.relief.picture import draw_timetable
from corridor.relief.sheets import make_workbook
from corridor.relief.weights import write_weights
from corridor.relief.who_what_where import choose_columns, who_what_where
from corridor.scenario.convoys import without_convoys
from corridor.scenario.spreadsheet import write_csv
from corridor.scenario.writing import write_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from corridor.relief.explain import Worth
    from corridor.relief.plan import Plan
    from corridor.scenario.scenario import Scenario


WORKBOOK = "plan.xlsx"


def write_plan(
    folder: Path,
    plan: Plan,
    worths: list[Worth],
    scenario: Scenario,
    parameter_set: str,
    columns: Sequence[tuple[str, str]] | None = None,
) -> None:
    """Write convoys.csv, who-what-where.csv, plan.xlsx, arrivals.svg and weights.toml into a folder being built.

    `columns` are those of the 3W sheet with their headers, where others are wanted. Raises UsageError for unknown ones.
    """
    title, sensitivity = str(scenario.settings["title"]), str(scenario.settings["sensitivity"])
    done = who_what_where(plan, sensitivity, read_names(scenario, parameter_set))
    orders = write_orders(plan.problem, plan.convoys, scenario, parameter_set)
    sheets = {
        "who what where": done if columns is None else choose_columns(done, columns),
        "orders": order_rows(orders),
        "who gets less": tables.share_rows(plan),
        "what binds": tables.worth_rows(worths),
        **({"people out": out_rows(plan)} if plan.problem.waiting is not None else {}),
        "weights": tables.weight_rows(plan),
        "words": WORDS,
    }
    texts = {
        "convoys.csv": write_csv(tables.convoy_rows(plan, sensitivity)),
        "who-what-where.csv": write_csv(sheets["who what where"]),
        "arrivals.svg": draw_timetable(plan, sensitivity),
        "weights.toml": write_weights(plan.weights),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    book = make_workbook(sheets, title, sensitivity)
    public = sensitivity == "public"
    write_convoy_sheet(book, scenario, parameter_set, plan.convoys, plan.problem.start, public)
    book.active = 0
    book.save(folder / WORKBOOK)


def write_convoys(folder: Path, scenario: Scenario, parameter_set: str, plan: Plan) -> None:
    """Write the convoys table of a scenario with the plan's convoys in it.

    The plan's rows belong to the parameter set it was made for; convoys of other sets stay as they are.
    """
    here = ("", parameter_set)
    kept = [row for row in without_convoys(scenario, plan.problem.start).tables["convoys"] if row["set"] in here]
    others = [row for row in scenario.tables.get("convoys", ()) if row["set"] not in here]
    sensitivity = str(scenario.settings["sensitivity"])
    table = tables.scenario_convoys(plan, [*kept, *others], parameter_set, sensitivity)
    write_file(folder / "convoys.csv", write_csv(table))
