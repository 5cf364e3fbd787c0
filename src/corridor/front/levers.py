"""What can be moved in a what-if: every number of the case as it is written, and its events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from corridor.report.annex import describe_claim
from corridor.report.names import name_event, name_field, name_kind, recognise
from corridor.report.plain_names import name_plainly
from corridor.report.weakest import describe_cell
from corridor.scenario.cells import NUMBERS, say_allowed
from corridor.scenario.schema import Field, load_event_kinds, load_fields
from corridor.scenario.shifting import DIGITS, shift_range, shift_time
from corridor.scenario.values import Quantity, parse_quantity, write_number
from corridor.scenario.variant import row_name
from corridor.words.writing import write

if TYPE_CHECKING:
    from corridor.results.result import Result
    from corridor.scenario.draft import Row
    from corridor.words.language import Language

# Tables whose numbers enter the simulation, but for those of events and parameters, which have forms of their own.
TABLES = (
    *("places", "roads", "checkpoints", "desks", "groups", "people", "fleets", "transport", "services", "wishes"),
    *("fuel", "windows", "passage", "items", "needs", "stocks", "depots", "slots", "convoys", "clearances"),
    *("plants", "facilities"),
)


def list_numbers(result: Result, effects: Mapping[str, Any] | None, language: Language) -> list[dict[str, Any]]:
    """Return the numbers that can be moved, by measured effect, then those that a claim or the user stands behind.

    See `corridor.front.live.Live.list_levers`.
    """
    known = {entry["name"]: entry for entry in (effects or {}).get("numbers", ())}
    found = [_describe(result, row, column, spec, language) for row, column, spec in _list_cells(result)]
    found += [_describe_default(spec, language) for spec in _list_unset(result)]
    found = [{**lever, **_describe_effect(known.get(lever["id"]), language)} for lever in found]
    found.sort(
        key=lambda lever: (-abs(lever["effect"] or 0.0), lever["is_default"], not lever["is_range"], lever["id"])
    )
    return found


def _list_cells(result: Result) -> Iterator[tuple[Row, str, Field]]:
    """Yield (row, column, field) of every number in a row of the tables that are simulated."""
    scenario, chosen, fields = result.scenario, result.manifest["parameters"], load_fields()
    for table in TABLES:
        for row in scenario.rows(table, chosen) if table in scenario.tables else ():
            for column, spec in fields[table].items():
                if spec.type in NUMBERS and spec.unit != "degrees" and row.values.get(column) is not None:
                    yield row, column, spec
    for row in scenario.rows("parameters", chosen):
        yield row, "value", fields["parameter"][row["name"]]


def _list_unset(result: Result) -> Iterator[Field]:
    """Yield the parameters that the case leaves as they are unless said otherwise."""
    written = {row["name"] for row in result.scenario.rows("parameters", result.manifest["parameters"])}
    yield from (spec for name, spec in load_fields()["parameter"].items() if name not in written)


def _describe(result: Result, row: Row, column: str, spec: Field, language: Language) -> dict[str, Any]:
    cell = describe_cell(result, row, column)
    text = write_value(row[column])
    name = row["name"] if row.table == "parameters" else f"{row_name(row)}/{column}"
    return {
        "id": f"{row.table}/{name}",
        "verb": "change",
        "table": row.table,
        "row": name_row_of_set(row),
        "column": column,
        "text": text,
        "who": write(cell["who"], language),
        "what": write(cell["what"], language),
        "meaning": write(name_field(spec.table, spec.name, spec.meaning), language),
        "note": cell["note"],
        "claims": list_claims(result, row),
        "is_default": text == spec.default and not row.values.get("claims"),
        **_describe_field(spec, text, language),
    }


def _describe_default(spec: Field, language: Language) -> dict[str, Any]:
    return {
        "id": f"parameters/{spec.name}",
        "verb": "add",
        "table": "parameters",
        "row": spec.name,
        "column": "value",
        "text": spec.default,
        "who": "",
        "what": write(name_plainly("parameters", spec.name, spec.meaning), language),
        "meaning": write(name_field(spec.table, spec.name, spec.meaning), language),
        "note": "",
        "claims": [],
        "is_default": True,
        **_describe_field(spec, spec.default, language),
    }


def _describe_field(spec: Field, text: str, language: Language) -> dict[str, Any]:
    return {
        "unit": write(name_kind("unit", spec.unit), language),
        "type": spec.type,
        "low": spec.low,
        "high": spec.high,
        "allowed": say_allowed(spec),
        "is_range": not parse_quantity(text).is_fixed,
    }


def _describe_effect(effect: Mapping[str, Any] | None, language: Language) -> dict[str, Any]:
    names = ("effect", "error", "moves", "sentence")
    if effect is None:
        return dict.fromkeys(names)
    return {name: effect[name] for name in names} | {"moves": write(recognise(effect["moves"]), language)}


def write_value(value: Any) -> str:
    """Return a number or range as it is written in a cell."""
    return value.write() if isinstance(value, Quantity) else write_number(value)


def name_row_of_set(row: Row) -> str:
    """Return how a variant names a row: with its parameter set, if it is of one only."""
    name = row_name(row)
    return f"{name}@{row['set']}" if row.values.get("set") else name


def list_claims(result: Result, row: Row) -> list[dict[str, str]]:
    """Return the claims that a row rests on, with their grades."""
    rows = {claim["id"]: claim for claim in result.scenario.tables["claims"]}
    names = [name for name in row.values.get("claims") or () if name in rows]
    return [{"id": name, "grade": str(describe_claim(result, rows[name])["grade"])} for name in names]


def list_events(result: Result, effects: Mapping[str, Any] | None, language: Language) -> list[dict[str, Any]]:
    """Return the events of the case, in the order of their middle; see `corridor.front.live.Live.list_levers`."""
    known = {entry["name"]: entry for entry in (effects or {}).get("numbers", ())}
    kinds, rows = load_event_kinds(), result.scenario.rows("events", result.manifest["parameters"])
    return [
        {
            "id": row["id"],
            "row": name_row_of_set(row),
            "label": row["label"] or "",
            "kind": row["kind"],
            "meaning": write(name_event(row["kind"]), language),
            "time": row["time"].write(),
            "target": row["target"] or "",
            "to": row["to"] or "",
            "value": "" if row["value"] is None else row["value"].write(),
            "unit": write(name_kind("unit", kinds[row["kind"]].value_unit), language),
            "mode": row["mode"] or "",
            "chance": row["chance"],
            "note": row.values.get("note") or "",
            "claims": list_claims(result, row),
            "changes": row["kind"] != "note",
            **_describe_effect(known.get(f"events/{row_name(row)}/value"), language),
        }
        for row in sorted(rows, key=lambda row: (row["time"].take(0.5), row["id"]))
    ]


def list_event_kinds(language: Language) -> list[dict[str, Any]]:
    """Return the kinds of event that can be added: what each acts on, and the unit and limits of its value."""
    modes = load_fields()["events"]["mode"].choices
    return [
        {
            "kind": kind.kind,
            "meaning": write(name_event(kind.kind), language),
            "target": kind.target,
            "to": kind.to,
            "unit": write(name_kind("unit", kind.value_unit), language),
            "low": kind.value_low,
            "high": kind.value_high,
            "needs_value": kind.needs_value,
            "modes": list(modes) if kind.needs_mode else [],
        }
        for kind in load_event_kinds().values()
    ]


def shift(table: str, column: str, text: str, factor: float = 1.0, offset: float = 0.0, digits: int = DIGITS) -> str:
    """Return a number of a column moved as a whole, within what the column allows; a time by `offset` hours.

    The column of a parameter is its name; numbers get so many significant digits. Raises ValueError for what is no such
    text, KeyError for no such column.
    """
    spec = load_fields()["parameter" if table == "parameters" else table][column]
    if spec.type == "time_range":
        return shift_time(text, offset)
    return shift_range(text, factor, offset, spec, digits)
