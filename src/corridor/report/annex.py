"""What the numbers rest on: with claims, without, the claims themselves, and where claims disagree."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from corridor.report.influence import name_row
from corridor.report.names import name_field, name_kind
from corridor.scenario.assumptions import numbers_with_claims, numbers_without_claim
from corridor.scenario.schema import load_fields
from corridor.scenario.values import Quantity
from corridor.scenario.variant import row_name
from corridor.words.said import Field, Moment, Stated, join, say
from corridor.words.writing import write

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from corridor.report.envelope import Figure
    from corridor.results.result import Result

# Tables whose numbers enter a run; the others belong to the deal and to the convoy plan.
PEOPLE_AND_ROADS = (
    "places",
    "roads",
    "checkpoints",
    "desks",
    "groups",
    "people",
    "fleets",
    "transport",
    "services",
    "fuel",
    "events",
    "parameters",
)
SUPPLIES = ("items", "needs", "stocks", "depots", "plants", "facilities", "slots", "convoys")
SAME_WITHIN = 0.02  # values that differ by less are one value, rounded differently
GRADES = join(*(say(f"annex.grade.{letter}") for letter in "ABCDEF"), between=", ")


def list_numbers(result: Result, influence: Figure) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Return the numbers of the run's parameter set by table: those `without` a claim, and those `with` claims.

    Each with row, column, meaning, unit, value as written, note, claims, and its rank correlation with arrivals
    where it is uncertain.
    """
    chosen = result.manifest["parameters"]
    tables = {t: result.scenario.rows(t, chosen) for t in (*PEOPLE_AND_ROADS, *SUPPLIES) if t in result.scenario.tables}
    effects = {entry["name"]: (entry["correlation"], entry["noise"]) for entry in influence["inputs"]}
    found: dict[str, dict[str, list[dict[str, Any]]]] = {
        "without": defaultdict(list),
        "with": defaultdict(list),
    }
    for kind, numbers in (
        ("without", numbers_without_claim(tables)),
        ("with", numbers_with_claims(tables)),
    ):
        for row, column in numbers:
            found[kind][row.table].append(_describe_number(result, row, column, effects))
    return {kind: dict(by_table) for kind, by_table in found.items()}


def _describe_number(result: Result, row: Any, column: str, effects: dict[str, tuple[float, float]]) -> dict[str, Any]:
    name = row_name(row)
    parameter = row.table == "parameters"
    field = load_fields()["parameter"][row["name"]] if parameter else load_fields()[row.table][column]
    key = f"parameters/{row['name']}" if parameter else f"{row.table}/{name}/{column}"
    return {
        "row": name,
        "name": "" if parameter else name_row(result, row, name),
        "column": column,
        "meaning": name_field(
            "parameter" if parameter else row.table, row["name"] if parameter else column, field.meaning
        ),
        "unit": name_kind("unit", field.unit),
        "value": _write_value(row[column]),
        "claims": list(row.values.get("claims") or ()),
        "note": row.values.get("note") or "",
        "correlation": effects[key][0] if key in effects else None,
        "matters": key in effects and abs(effects[key][0]) > effects[key][1],
    }


def _write_value(value: Any) -> str:
    return value.write() if isinstance(value, Quantity) else f"{value:g}"


def list_claims(result: Result) -> list[dict[str, Any]]:
    """Return the claims that numbers, counts or events of the run's parameter set name, with their sources."""
    chosen = result.manifest["parameters"]
    used: set[str] = set()
    for table in result.scenario.tables:
        if table not in ("claims", "sources"):
            for row in result.scenario.rows(table, chosen):
                used.update(row.values.get("claims") or ())
    rows = [row for row in result.scenario.tables["claims"] if row["id"] in used]
    return [show_claim(result, row) for row in sorted(rows, key=lambda row: row["id"])]


def show_claim(result: Result, row: Any) -> dict[str, Any]:
    """Return a claim as `describe_claim` does, with its value as words not yet in any language."""
    return {**describe_claim(result, row), "value": _say_stated(row)}


def describe_claim(result: Result, row: Any) -> dict[str, Any]:
    """Return a claim of a run's case as `describe_claim_of` does."""
    return describe_claim_of({source["id"]: source for source in result.scenario.tables["sources"]}, row)


def describe_claim_of(sources: Mapping[str, Any], row: Any) -> dict[str, Any]:
    """Return a claim with publishers, speaker, dates, grade (source's letter and claim's figure) and our wording."""
    named = [sources[name] for name in row["source"] if name in sources]
    best = min((source["reliability"] or "F" for source in named), default="F")
    said = row["said_on"] or min((s["published"] for s in named if s["published"]), default=None)
    return {
        "id": row["id"],
        "wording": row["wording"],
        "stance": row["stance"],
        "value": write(_say_stated(row)),
        "speaker": row["speaker"] or "",
        "role": row["role"] or "",
        "said_to": row["said_to"] or "",
        "quote": (row["quote"] or "") if any(source["file"] for source in named) else "",  # only of a kept text
        "said_on": said.date().isoformat() if said else "",
        "grade": f"{best}{row['credibility'] or '6'}",
        "use": row["use"] or "context",
        "sources": [
            {
                "publisher": source["publisher"],
                "title": source["title"] or "",
                "published": source["published"].date().isoformat() if source["published"] else "",
                "address": source["address"] or "",
                "origin": source["origin"] or "",
            }
            for source in named
        ],
    }


def _say_stated(row: Any) -> Field:
    if row["value"] is None and row["low"] is None:
        return ""
    value: Field = Stated(row["value"] if row["value"] is not None else row["low"])
    if row["low"] is not None and row["high"] is not None:
        low, high = Stated(row["low"]), Stated(row["high"])
        known = row["value"] is not None
        value = (
            say("claim.with_ends", value=value, low=low, high=high) if known else say("count.range", low=low, high=high)
        )
    return join(value, row["unit"], between=" ") if row["unit"] else value


def list_conflicts(result: Result) -> list[dict[str, Any]]:
    """Return groups of claims that give different values for one quantity, place and time, side by side.

    Claims speak of the same thing when quantity, unit, subject and place are the same and either both name the
    time it happened, and it is the same, or both name a place and no time. Values within 2 % count as one.
    """
    groups: dict[tuple[str, ...], list[Any]] = defaultdict(list)
    for row in result.scenario.tables["claims"]:
        if row["quantity"] and row["value"] is not None and (row["happened"] or row["place"]):
            when = row["happened"].isoformat(timespec="minutes") if row["happened"] else ""
            key = (row["quantity"], row["unit"] or "", row["about"] or "", row["place"] or "", when)
            groups[key].append(row)
    conflicts = []
    for (quantity, _, _, place, when), rows in sorted(groups.items()):
        if _disagree(row["value"] for row in rows):
            ordered = sorted(rows, key=lambda row: (-row["value"], row["id"]))
            conflicts.append(
                {
                    "quantity": quantity,
                    "place": _name_place(result, place),
                    "when": Moment(datetime.fromisoformat(when)) if when else "",
                    "claims": [show_claim(result, row) for row in ordered],
                }
            )
    return conflicts


def _disagree(values: Iterable[float]) -> bool:
    found = list(values)
    return len(found) > 1 and max(found) - min(found) > SAME_WITHIN * max(abs(value) for value in found)


def _name_place(result: Result, place: str) -> str:
    names = {row["id"]: row["name"] for row in result.scenario.tables["places"]}
    return str(names.get(place, place))
