"""Ids stand once, and what a cell names exists in every parameter set in which its row applies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor.scenario.draft import Broken, Draft, Row, show
from corridor.scenario.schema import BUILT_IN, TABLE_FILES, key_of, load_fields

if TYPE_CHECKING:
    from collections.abc import Iterable


def find_duplicates(draft: Draft) -> None:
    """The same id twice among the rows that apply together; a row without a set applies to every set."""
    for table, rows in draft.tables.items():
        key = key_of(table)
        first: dict[tuple[Any, ...], dict[str, Row]] = {}  # by key, the first row of each set
        for row in rows:
            if not key or not row.can_read(*key, "set"):
                continue
            others = first.setdefault(tuple(row[column] for column in key), {})
            mine = row.values.get("set", "")
            clash = others.get(mine) or (others.get("") if mine else next(iter(others.values()), None))
            others.setdefault(mine, row)
            if clash is not None:
                shown = " and ".join(str(row[column]) for column in key if row[column] not in (None, ""))
                draft.note("duplicate_id", row.where(key[0]), name=shown, row=_say_row(clash, row))


def _say_row(row: Row, beside: Row) -> str:
    file, line, column = row.where("")
    return f"row {line}" if file == beside.file and line else f"{file} {column or line}".strip()


def find_crowded_places(draft: Draft) -> None:
    """Two checkpoints or two desks at one place: the model has one server of a kind at a place."""
    for table in ("checkpoints", "desks"):
        first: dict[str, dict[str, Row]] = {}  # by place, the first row of each set
        for row in draft.tables.get(table, []):
            if not row.can_read("id", "place", "set"):
                continue
            others = first.setdefault(row["place"], {})
            near = (others.get(row["set"]), others.get("")) if row["set"] else others.values()
            clash = next((other for other in near if other is not None and other["id"] != row["id"]), None)
            others.setdefault(row["set"], row)
            if clash is not None:
                facts = {"place": row["place"], "other": clash["id"], "table": table}
                draft.note("two_at_one_place", row.where("place"), **facts)


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
    file, built_in = TABLE_FILES.get(target, f"{target}.csv"), BUILT_IN.get(target, ())
    if name in built_in:
        return
    absent = target in draft.absent and target not in draft.unread and not draft.tables[target]
    if absent and not draft.find_near(name, built_in):
        _note_absent(draft, row, name, target, file)
        return
    known = draft.by_id.get(target, {})
    if name in known:
        _check_sets_of(draft, row, column, name, target)
        return
    if draft.may_be_lost(target, name):
        return
    kind = "claim_without_source" if row.table == "claims" and target == "sources" else "unknown_reference"
    kind = "unknown_reference.built_in" if built_in else kind
    found, hint = show(name) if name else "an empty cell", draft.suggest(name, (*built_in, *known))
    draft.note(kind, row.where(column), name=found, file=file, built_in=" or ".join(built_in), hint=hint)


def _note_absent(draft: Draft, row: Row, name: str, target: str, file: str) -> None:
    """Tell once that a table is missing, not once for every row that names one of its ids."""
    draft.unread.add(target)
    place, line, column = row.where("")
    named_by = f"{place} {f'row {line}' if line else column}"
    draft.note("missing_file.table", (file, 0, ""), named_by=named_by, name=show(name), file=file)


def _check_sets_of(draft: Draft, row: Row, column: str, name: str, target: str) -> None:
    rows = draft.by_id[target][name]
    for parameter_set in draft.set_names:
        if row.applies(parameter_set) and not any(other.applies(parameter_set) for other in rows):
            file = TABLE_FILES.get(target, f"{target}.csv")
            facts = {"name": show(name), "set": parameter_set, "file": file}
            draft.note("unknown_reference.set", row.where(column), **facts)


def check_sets(draft: Draft) -> None:
    """Parameter sets named by rows must be declared in scenario.toml."""
    if not draft.settings or "set" in draft.unread:
        return
    known = ", ".join(draft.sets) or "no set is declared"
    for row in (row for rows in draft.tables.values() for row in rows):
        name = row.values.get("set", "")
        if name and not isinstance(name, Broken) and name not in draft.sets:
            facts = {"written": name, "known": known, "hint": draft.suggest(name, draft.sets)}
            draft.note("unknown_set", row.where("set"), name=show(name), **facts)
    default = draft.settings.get("default_set", "")
    if isinstance(default, Broken) or (default or "") in (draft.sets or ("",)):
        return
    facts = {
        "name": show(default) if default else "nothing",
        "known": known,
        "hint": draft.suggest(default, draft.sets),
    }
    kind = "unknown_set.default" if draft.sets else "unknown_set.none"
    draft.note(kind, ("scenario.toml", 0, "default_set"), **facts)
