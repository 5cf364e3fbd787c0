"""The weakest assumptions that matter most: how little a number rests on, times how much it moves the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor.report.annex import describe_claim
from corridor.report.influence import name_row
from corridor.report.names import name_kind, recognise
from corridor.report.plain_names import name_plainly
from corridor.scenario.schema import load_event_kinds, load_fields
from corridor.scenario.values import Quantity, TimeRange
from corridor.scenario.variant import row_name
from corridor.words.said import Field, Moment, join, say
from corridor.words.writing import write

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridor.results.result import Result

MOST = 12  # rows shown
SURE = 2.0  # standard errors an effect must exceed
LEAST = 0.03  # of the ensemble's width: less is not worth a row
# How little a claim bears: 0 confirmed by others from a completely reliable source, 1 nothing is known of either.
LETTERS = {"A": 0.0, "B": 0.2, "C": 0.4, "D": 0.6, "E": 0.8, "F": 1.0}
FIGURES = {"1": 0.0, "2": 0.2, "3": 0.4, "4": 0.6, "5": 0.8, "6": 1.0}


def measure_weakness(grades: list[str]) -> float:
    """Return how little a number rests on, by its best claim: 0 is A1, 1 is F6 or no claim, letter and figure alike."""
    return min(((LETTERS[grade[0]] + FIGURES[grade[1]]) / 2 for grade in grades), default=1.0)


def rank_weakest(result: Result, effects: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the numbers with the largest product of weakness and effect, largest first.

    Effects that chance explains (within two standard errors) and small ones are left out. Each has the row's
    name, what it means, its value as written, claims with grades, the effect and the answer it moves, as words not yet
    in any language.
    """
    rows = _rows_by_name(result)
    graded = {row["id"]: row for row in result.scenario.tables["claims"]}
    found = []
    for entry in effects["numbers"]:
        size = abs(entry["effect"])
        row, column = rows.get(entry["name"], (None, ""))
        if row is None or size < max(LEAST, SURE * entry["error"]):
            continue
        names = [name for name in row.values.get("claims") or () if name in graded]
        claims = [{"id": name, "grade": describe_claim(result, graded[name])["grade"]} for name in names]
        weakness = measure_weakness([claim["grade"] for claim in claims])
        found.append(
            {
                **describe_cell(result, row, column),
                "claims": claims,
                "weakness": weakness,
                "effect": size,
                "moves": recognise(entry["moves"]),
                "score": weakness * size,
            }
        )
    found.sort(key=lambda entry: (-entry["score"], entry["table"], entry["who"], write(entry["what"])))
    return [entry for entry in found if entry["score"] > 0][:MOST]


def _rows_by_name(result: Result) -> dict[str, tuple[Any, str]]:
    """Return (row, column) by the name of the number, `table/row/column` or `parameters/name`."""
    found = {}
    for table in load_fields():
        if table in ("claims", "sources") or table not in result.scenario.tables:
            continue
        for row in result.scenario.rows(table, result.manifest["parameters"]):
            for column in row.values:
                name = f"parameters/{row['name']}" if table == "parameters" else f"{table}/{row_name(row)}/{column}"
                if table != "parameters" or column == "value":
                    found[name] = (row, column)
    return found


def describe_cell(result: Result, row: Any, column: str) -> dict[str, Any]:
    """Return what a cell with a number or a moment is called: its row, its meaning, its value in words, its note."""
    value = row[column]
    if row.table == "parameters":
        field = load_fields()["parameter"][row["name"]]
        who, unit = "", field.unit
        what = name_plainly(row.table, row["name"], field.meaning)
    else:
        field = load_fields()[row.table][column]
        who, unit = name_row(result, row, row_name(row)), field.unit
        what = name_plainly(row.table, column, field.meaning)
    if row.table == "events":
        kind = str(row["kind"])
        what = say(f"happens.{column}") if column in ("time", "chance") else name_kind("event.kind", kind)
        unit = load_event_kinds()[kind].value_unit if column == "value" else ""
    return {
        "table": row.table,
        "who": who,
        "what": what,
        "value": join(_say_value(value), name_kind("unit", unit), between=" ") if unit else _say_value(value),
        "note": row.values.get("note") or "",
    }


def _say_value(value: Any) -> Field:
    if isinstance(value, TimeRange):
        first, last = Moment(value.start), Moment(value.end)
        return first if first == last else say("event.days", first=first, last=last)
    return value.write() if isinstance(value, Quantity) else f"{value:g}"
