"""What no relief plan can be made from, though a run can; and needs and foods that make no sense."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from corridor.scenario.draft import say_set, show
from corridor.scenario.faults import fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from corridor.scenario.draft import Draft, Row
    from corridor.scenario.faults import Fault

LARGEST_NEED = 0.1  # tonnes for one person and day; 100 l of water is already far above any standard
TABLES = ("items", "needs", "stocks", "depots", "fleets", "services", "clearances")


def check_needs(draft: Draft) -> None:
    """A need is no more than any standard asks."""
    for parameter_set in draft.set_names:
        items = [row for row in draft.rows("items", parameter_set) if row.can_read("id", "tonnes_per_unit")]
        weights = {row["id"]: row["tonnes_per_unit"] for row in items}
        for row in draft.rows("needs", parameter_set):
            if row.can_read("item", "per_day") and row["item"] in weights:
                tonnes = row.middle("per_day", 0.0) * weights[row["item"]]
                if tonnes > LARGEST_NEED:
                    facts = {"kilograms": tonnes * 1000, "item": row["item"], "most": LARGEST_NEED * 1000}
                    draft.note("absurd_need", row.where("per_day"), **facts)


def check_foods(draft: Draft) -> None:
    """The least of a food is no more than the most."""
    for row in draft.tables.get("foods", []):
        if row.can_read("id", "least_grams", "most_grams"):
            least, most = row.middle("least_grams", 0.0), row.middle("most_grams", math.inf)
            if least > most:
                draft.note("reversed_range", row.where("least_grams"), food=show(row["id"]), least=least, most=most)


def check_plans(draft: Draft) -> None:
    """Where relief is stated, a plan can be made from it."""
    rows = [row for table in TABLES for row in draft.tables.get(table, [])]
    lost = draft.lost.keys() | {table for table in draft.unread if not draft.tables.get(table)}
    if lost & set(TABLES) or not all(row.can_read(*row.values) for row in rows):
        return
    for parameter_set in draft.set_names:
        tables = {table: draft.rows(table, parameter_set) for table in TABLES}
        if tables["items"]:
            draft.add(find_refusals(tables, parameter_set))


def find_refusals(tables: Mapping[str, Sequence[Row]], parameter_set: str) -> Iterator[Fault]:
    """Yield why no plan can be made from the rows of a parameter set, whatever time it is for."""
    within = say_set(parameter_set)
    for table in ("items", "needs"):
        if not tables[table]:
            yield fault("relief_table_missing", (f"{table}.csv", 0, ""), within=within)
    if tables["needs"] and not _any_above_zero(tables["needs"], "per_day"):
        yield fault("nobody_in_need", ("needs.csv", 0, ""), within=within)
    endless = any(row["quantity"] is None for row in tables["depots"])
    made = _any_above_zero(tables["stocks"], "quantity", "made_per_day")
    if not (endless or made or _any_above_zero(tables["depots"], "quantity", "per_day")):
        yield fault("no_goods", ("depots.csv", 0, "quantity"), within=within)
    fleets = {row["id"]: row for row in tables["fleets"] if row["purpose"] != "people"}
    by_services = _any_above_zero(tables["services"], "tonnes", "tonnes_back")
    if not fleets and not by_services:
        yield fault("no_fleets", ("fleets.csv", 0, "purpose"), within=within)
    for name, row in fleets.items():
        trucks, tonnes = math.floor(row.middle("vehicles", 0.0)), row.middle("tonnes", 0.0)
        if trucks <= 0:
            yield fault("no_trucks", row.where("vehicles"), fleet=name, trucks=trucks)
        if tonnes <= 0 and row["purpose"] == "goods":
            yield fault("no_payload", row.where("tonnes"), fleet=name, tonnes=tonnes)
    for row in tables["clearances"]:
        if row["status"] == "granted" and row["fleet"] and row["fleet"] not in fleets:
            facts = {"clearance": row["id"], "fleet": row["fleet"], "known": ", ".join(sorted(fleets)) or "none"}
            yield fault("bad_clearance", row.where("fleet"), **facts)


def _any_above_zero(rows: Sequence[Row], *columns: str) -> bool:
    return any(row.middle(column, 0.0) > 0 for row in rows for column in columns)
