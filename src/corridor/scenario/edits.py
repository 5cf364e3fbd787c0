"""Edits: a variant's document that stands in no file, laid over a folder alone or over one of its variants.

Both documents become one first, so that what is saved afterwards is one file that means the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor.scenario.schema import key_of, load_fields
from corridor.scenario.variant import EDITS, Document, lay_over, read_variant

if TYPE_CHECKING:
    from corridor.scenario.draft import Draft

EDITS_FILE = f"variants/{EDITS}"


def apply_edits(draft: Draft, variant: str | None, edits: Document | None) -> None:
    """Lay a variant of the folder, edits, or the one with the other over the draft's rows.

    Faults are added to the draft. Raises UsageError when the folder has no such variant.
    """
    document, file = edits, EDITS_FILE
    if variant:
        read = read_variant(draft, variant)
        if read is None:
            return
        document, file = read if edits is None else (merge_documents(read[0], edits), EDITS_FILE)
    if document is not None:
        lay_over(draft, document, file)


def name_edited(variant: str | None, edits: Document | None) -> str:
    """Return the name of what comes of a variant, edits, or both; blank for a folder as it is written."""
    return " ".join(part for part in (variant or "", EDITS if edits is not None else "") if part)


def merge_documents(first: Document, second: Document) -> Document:
    """Return one document that means: lay the first over a folder, then the second.

    Where both say something of a cell the second wins; removing wins over changing; a row that is added and then
    changed is an added row, one that is added and then removed is none, one that is removed and then added is changed
    in every column. Of what is no variant's document the second is kept, so that its fault is told.
    """
    merged: Document = {**first, **second}
    change, add, remove = (_copy_rows(first, verb) for verb in ("change", "add", "remove"))
    for table, rows in _copy_rows(second, "change").items():
        for row, cells in rows.items():
            if row not in remove.get(table, ()):
                taker = add if row in add.get(table, ()) else change
                _put(taker, table, row, cells)
    for table, rows in _copy_rows(second, "add").items():
        for row, cells in rows.items():
            if row in remove.get(table, ()):
                del remove[table][row]
                _put(change, table, row, _fill(table, cells))
            else:
                _put(add, table, row, cells)
    for table, rows in _copy_rows(second, "remove").items():
        for row in rows:
            if add.get(table, {}).pop(row, None) is None:
                remove.setdefault(table, {})[row] = None
            change.get(table, {}).pop(row, None)
    parts: dict[str, dict[str, Any]] = {
        "change": change,
        "add": add,
        "remove": {table: list(rows) for table, rows in remove.items()},
    }
    for verb, content in parts.items():
        kept = {table: rows for table, rows in content.items() if rows}
        wrong = _find_wrong(second, verb) or _find_wrong(first, verb)
        if kept or wrong:
            merged[verb] = {**kept, **wrong} if isinstance(wrong, dict) else wrong
        else:
            merged.pop(verb, None)
    return merged


def _copy_rows(document: Document, verb: str) -> dict[str, dict[str, Any]]:
    """Return the rows that a document names after a verb, by table, as far as they have the right form."""
    content = document.get(verb)
    if not isinstance(content, dict):
        return {}
    if verb == "remove":
        return {table: dict.fromkeys(map(str, ids)) for table, ids in content.items() if isinstance(ids, list)}
    return {table: dict(rows) for table, rows in content.items() if isinstance(rows, dict)}


def _find_wrong(document: Document, verb: str) -> Any:
    """Return what has not the right form: tables by name, or all that stands after the verb; nothing if all has."""
    content = document.get(verb, {})
    if not isinstance(content, dict):
        return content
    form = list if verb == "remove" else dict
    return {table: rows for table, rows in content.items() if not isinstance(rows, form)}


def _put(rows: dict[str, dict[str, Any]], table: str, row: str, cells: Any) -> None:
    before = rows.setdefault(table, {}).get(row)
    rows[table][row] = {**before, **cells} if isinstance(before, dict) and isinstance(cells, dict) else cells


def _fill(table: str, cells: Any) -> Any:
    """Return cells with a blank one for each column that they do not name and that does not name the row."""
    if not isinstance(cells, dict):
        return cells
    blank = (name for name in load_fields().get(table, {}) if name not in key_of(table))
    return {**dict.fromkeys(blank, ""), **cells}
