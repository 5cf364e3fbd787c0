"""A plan as a 3W sheet: who brings what, where and when; its columns chosen and named as a crisis has agreed."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from corridor.relief.names import Names
from corridor.relief.tables import write_time
from corridor.scenario.draft import show, suggest
from corridor.scenario.faults import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from corridor.relief.plan import Plan
    from corridor.relief.sheets import Table

PLACE_COLUMNS = ("pcode", "area", "latitude", "longitude")


def who_what_where(plan: Plan, sensitivity: str, names: Names | None = None) -> Table:
    """Return one row for each consignment and item: who brings what, where and when, for how many people.

    A consignment that takes people out has one more: from where and how many; where to they choose themselves. The
    columns are those that 3W sheets have in common; there is no one template, each crisis agrees on its own.
    """
    known = names or Names({})
    header = [
        *("who", "what", "item", "quantity", "unit", "tonnes"),
        *("from", "from place", "where", "where place", "pcode", "area", "latitude", "longitude"),
        *("leaves", "arrives", "trucks", "clearance", "people", "status", "consignment"),
    ]
    people = {place: float(plan.problem.people[:, p].mean()) for p, place in enumerate(plan.problem.places)}
    rows: Table = [list(header)]
    for convoy in plan.convoys:
        where = [known.name("places", convoy.to), *(known.value("places", convoy.to, c) or "" for c in PLACE_COLUMNS)]
        for item, tonnes in convoy.loads.items():
            quantity, unit = known.units(item, tonnes)
            rows.append(
                [
                    *(known.name("fleets", convoy.fleet), item, known.name("items", item)),
                    *(round(quantity, 1), unit, round(tonnes, 3)),
                    *(convoy.start, known.name("places", convoy.start), convoy.to, *where),
                    write_time(convoy.departs, sensitivity),
                    write_time(convoy.arrives, sensitivity),
                    *(convoy.trucks, convoy.clearance, round(people[convoy.to]), "planned", convoy.id),
                ]
            )
        if convoy.people_out:
            rows.append(
                [
                    *(known.name("fleets", convoy.fleet), "people_out", "transport of people out"),
                    *(convoy.people_out, "people", ""),
                    *(convoy.to, known.name("places", convoy.to), convoy.to, *where),
                    write_time(convoy.arrives, sensitivity),
                    "",
                    *(convoy.trucks, "", round(people[convoy.to]), "planned", convoy.id),
                ]
            )
    return rows


def read_columns(path: Path) -> list[tuple[str, str]]:
    """Return (column, header) from a CSV file with these two columns: which columns a 3W sheet has, and their headers.

    A column may be blank: it is then left empty, for what the plan does not know. Raises UsageError for a file that
    cannot be read so.
    """
    try:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        message = f"{path} cannot be read as a table of columns ({type(error).__name__})"
        raise UsageError(message) from error
    if not rows or not {"column", "header"} <= set(rows[0]):
        message = f"{path} needs the columns column and header, with a row for each column of the sheet"
        raise UsageError(message)
    return [((row["column"] or "").strip(), (row["header"] or row["column"] or "").strip()) for row in rows]


def choose_columns(table: Table, wanted: Sequence[tuple[str, str]]) -> Table:
    """Return a table with the columns wanted in this order, under their headers. Raises UsageError for unknown ones."""
    header = [str(cell) for cell in table[0]]
    for column, _ in wanted:
        if column and column not in header:
            message = f"no column {show(column)}; there are: {', '.join(header)}{suggest(column, header)}"
            raise UsageError(message)
    chosen: Table = [[words for _, words in wanted]]
    places = [header.index(column) if column else -1 for column, _ in wanted]
    return chosen + [[row[at] if at >= 0 else "" for at in places] for row in table[1:]]
