"""Changes of sheets saved as a variant: the tables stay as they are, and the command line runs what was changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor.front.cases import write_variant
from corridor.front.page.sheet_checks import Spots, describe_fault
from corridor.front.page.sheets import open_sheets, read_edits
from corridor.scenario.draft import show
from corridor.scenario.faults import UsageError
from corridor.scenario.scenario import load_draft
from corridor.scenario.schema import key_of
from corridor.scenario.variant import join_names, list_variants

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from corridor.front.page.sheets import SheetFile
    from corridor.scenario.sheet import Sheet
    from corridor.scenario.sheet_changes import Changes


def save_variant(
    folder: Path, edits: Any, name: str, title: str, replace: bool = False, despite_faults: bool = False
) -> dict[str, Any]:
    """Write changes of sheets as `variants/NAME.toml` and return `saved`, or what stands in the way.

    That is `exists` where a variant of that name is there, and `faults` where the case would have errors under it.
    Raises ChangedFilesError when a file is not as the page had read it, UsageError for a name that cannot be one and
    for changes that no variant can hold.
    """
    sheets = open_sheets(folder)
    document = describe_variant(sheets, read_edits(edits, sheets))
    if title.strip():
        document = {"title": title.strip(), **document}
    if name in list_variants(folder) and not replace:
        return {"saved": [], "exists": name}
    draft = load_draft(folder, None, edits=document)
    if draft.has_errors and not despite_faults:
        spots = Spots(sheets, {})
        return {"saved": [], "faults": [describe_fault(fault, spots) for fault in sorted(set(draft.faults))]}
    path = write_variant(folder, name, document, replace=replace)
    return {"saved": [path.relative_to(folder).as_posix()], "faults": []}


def describe_variant(sheets: Mapping[str, SheetFile], changes: Mapping[str, Changes]) -> dict[str, Any]:
    """Return a variant's document that does to the tables what changes of their sheets do.

    The order of rows and comments mean nothing in a variant and are left out. Raises UsageError for changes that no
    variant can hold: of the settings, of counts, of rows that nothing names.
    """
    parts: dict[str, dict[str, Any]] = {"change": {}, "add": {}, "remove": {}}
    for name, one in changes.items():
        if not one:
            continue
        file = sheets[name]
        if file.sheet is None or not key_of(file.table):
            message = f"a variant cannot hold changes of {file.file}: take them back, or save into the tables"
            raise UsageError(message)
        rows = _Rows(file.table, file.sheet, one)
        parts["change"] |= {file.table: found} if (found := dict(rows.list_changed())) else {}
        parts["add"] |= {file.table: found} if (found := rows.list_added()) else {}
        parts["remove"] |= {file.table: gone} if (gone := rows.list_removed()) else {}
    return {verb: tables for verb, tables in parts.items() if tables}


class _Rows:
    """The rows of one table, as a variant names them."""

    def __init__(self, table: str, sheet: Sheet, changes: Changes) -> None:
        self.table, self.changes = table, changes
        self.columns = tuple(column.strip() for column in (*sheet.columns, *changes.columns))
        self.rows = {piece.key: piece.cells for piece in sheet.rows}
        self.order = tuple(self.rows) if changes.order is None else changes.order

    def list_changed(self) -> Iterator[tuple[str, dict[str, str]]]:
        """Yield the name of each changed row and its new cells."""
        for key, cells in self.rows.items():
            new = self.changes.cells.get(key, {})
            if key in self.order and new:
                yield self._name(self._read(cells)), self._pick(new)

    def list_added(self) -> dict[str, dict[str, str]]:
        """Return the new rows by name, without blank cells."""
        added: dict[str, dict[str, str]] = {}
        for key in self.order:
            cells = {} if key in self.rows else self._pick(self.changes.cells.get(key, {}))
            filled = {column: text for column, text in cells.items() if text.strip()}
            if not filled:
                continue
            name = join_names(filled.get(column, "").strip() for column in key_of(self.table))
            if name in added:
                message = f"a variant cannot add two rows of one name: {show(name)}"
                raise UsageError(message)
            added[name] = {column: text for column, text in filled.items() if column not in key_of(self.table)}
        return added

    def list_removed(self) -> list[str]:
        """Return the names of the rows that are gone."""
        kept = set(self.order)
        return [self._name(self._read(cells)) for key, cells in self.rows.items() if key not in kept]

    def _read(self, cells: tuple[str, ...]) -> dict[str, str]:
        return dict(zip(self.columns, cells, strict=False))

    def _pick(self, new: Mapping[int, str]) -> dict[str, str]:
        if any(not self.columns[at] for at in new):
            message = f"a variant cannot hold a cell of a column without a name ({self.table})"
            raise UsageError(message)
        return {self.columns[at]: text for at, text in sorted(new.items())}

    def _name(self, cells: Mapping[str, str]) -> str:
        name = join_names(cells.get(column, "").strip() for column in key_of(self.table))
        return f"{name}@{chosen}" if (chosen := cells.get("set", "").strip()) else name
