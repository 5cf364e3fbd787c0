"""Ids stand once, and what a cell names exists in every parameter set in which its row applies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor.scenario.draft import Broken, Draft, Row, show, suggest
from corridor.scenario.schema import TABLE_FILES, key_of, load_fields

if TYPE_CHECKING:
    from collections.abc import Iterable


def find_duplicates(draft: Draft) -> None:
    """The same id twice among the rows that apply together; a row without a set applies to every set."""
    for table, rows in draft.tables.items():
        key = key_of(table)
        first: dict[tuple[Any, ...], list[Row]] = {}
        for row in rows:
            if not key or not row.can_read(*key, "set"):
                continue
            others = first.setdefault(tuple(row[column] for column in key), [])
            clash = next((other for other in others if _meet(row, other)), None)
            others.append(row)
            if clash is not None:
                shown = " and ".join(str(row[column]) for column in key if row[column] not in (None, ""))
                found = f'"{shown}", also in {_say_row(clash, row)}'
                allowed = "each id once (or once for each parameter set)"
                fix = "rename or remove one of the rows"
                draft.add(row.where(key[0]), "duplicate_id", found, allowed, fix)


def _meet(row: Row, other: Row) -> bool:
    mine, others = row.values.get("set", ""), other.values.get("set", "")
    return mine == others or "" in (mine, others)


def _say_row(row: Row, beside: Row) -> str:
    file, line, column = row.where("")
    return f"row {line}" if file == beside.file and line else f"{file} {column or line}".strip()


def find_crowded_places(draft: Draft) -> None:
    """Two checkpoints or two desks at one place: the model has one server of a kind at a place."""
    for table in ("checkpoints", "desks"):
        first: dict[str, list[Row]] = {}
        for row in draft.tables.get(table, []):
            if not row.can_read("id", "place", "set"):
                continue
            others = first.setdefault(row["place"], [])
            clash = next((o for o in others if _meet(row, o) and o["id"] != row["id"]), None)
            others.append(row)
            if clash is not None:
                found = f'"{row["place"]}", where "{clash["id"]}" stands too'
                allowed = f"one of the {table} at a place"
                draft.add(row.where("place"), "two_at_one_place", found, allowed, "join the two rows")


def find_unknown_references(draft: Draft) -> None:
    """A cell that names a row of another table which does not exist."""
    for table, rows in draft.tables.items():
        for spec in load_fields()[table].values():
            if spec.refers_to and (table, spec.refers_to) != ("roads", "places"):
                _check_column(draft, rows, spec.name, spec.refers_to)


def _check_column(draft: Draft, rows: Iterable[Row], column: str, target: str) -> None:
    for row in rows:
        value = row.values.get(column)
        if value in (None, "") or isinstance(value, Broken):
            continue
        for name in value if isinstance(value, tuple) else (value,):
            check_reference(draft, row, column, name, target)


def check_reference(draft: Draft, row: Row, column: str, name: str, target: str) -> None:
    """Note a fault when `name` is no id of the table `target` in every set in which the row applies."""
    file = TABLE_FILES.get(target, f"{target}.csv")
    if target in draft.absent and target not in draft.unread and not draft.tables[target]:
        _note_absent(draft, row, name, target, file)
        return
    known = draft.by_id.get(target, {})
    if name in known:
        _check_sets_of(draft, row, column, name, target)
        return
    if draft.may_be_lost(target, name):
        return
    code = "claim_without_source" if row.table == "claims" and target == "sources" else "unknown_reference"
    found = show(name) if name else "an empty cell"
    fix = f"add a row to {file} or correct the name{suggest(name, known)}"
    draft.add(row.where(column), code, found, f"an id in {file}", fix)


def _note_absent(draft: Draft, row: Row, name: str, target: str, file: str) -> None:
    """Tell once that a table is missing, not once for every row that names one of its ids."""
    draft.unread.add(target)
    place, line, column = row.where("")
    found = f"no such file, but {place} {f'row {line}' if line else column} names {show(name)}"
    fix = "add the table, or empty the cells that name its ids"
    draft.add((file, 0, ""), "missing_file", found, f"a file {file}", fix)


def _check_sets_of(draft: Draft, row: Row, column: str, name: str, target: str) -> None:
    rows = draft.by_id[target][name]
    for parameter_set in draft.set_names:
        if row.applies(parameter_set) and not any(other.applies(parameter_set) for other in rows):
            file = TABLE_FILES.get(target, f"{target}.csv")
            found = f'{show(name)}, which the set "{parameter_set}" does not have'
            fix = f'add a row with the set "{parameter_set}" to {file}, or name the set of this row'
            draft.add(row.where(column), "unknown_reference", found, f"an id in {file} in that set", fix)


def check_sets(draft: Draft) -> None:
    """Parameter sets named by rows must be declared in scenario.toml."""
    if not draft.settings or "set" in draft.unread:
        return
    known = ", ".join(draft.sets) or "no set is declared"
    for row in (row for rows in draft.tables.values() for row in rows):
        name = row.values.get("set", "")
        if name and not isinstance(name, Broken) and name not in draft.sets:
            fix = f"declare [sets.{name}] in scenario.toml or correct the name{suggest(name, draft.sets)}"
            draft.add(row.where("set"), "unknown_set", show(name), known, fix)
    default = draft.settings.get("default_set", "")
    if isinstance(default, Broken) or (default or "") in (draft.sets or ("",)):
        return
    fix = f"name one of the sets{suggest(default, draft.sets)}" if draft.sets else "remove the line"
    found = show(default) if default else "nothing"
    draft.add(("scenario.toml", 0, "default_set"), "unknown_set", found, known, fix)
