"""The cases that a design names: each folder is read once, every row is checked as a scenario of its own."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from corridor.scenario.draft import Draft, show, suggest
from corridor.scenario.edits import EDITS_FILE, name_edited
from corridor.scenario.faults import Fault, FaultsError
from corridor.scenario.folder import SETTINGS, is_inside
from corridor.scenario.scenario import Scenario, load_draft, make_scenario, read_folder
from corridor.scenario.talks import require_people
from corridor.scenario.variant import Document, list_variants, row_name
from corridor.sweep.design import SCENARIO, SET, VARIANT, Cell, DesignRow, find_cell

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Base = tuple[str, str]  # folder within that of the sweep, variant


@dataclass
class Cases:
    """The folders of a sweep as they were read, with their variants; `file` is the design's, as faults call it."""

    folder: Path
    file: str
    drafts: dict[str, Draft] = field(default_factory=dict)
    bases: dict[Base, Scenario] = field(default_factory=dict)
    rows: dict[tuple[Base, str], set[str]] = field(default_factory=dict)

    def read(self, base: Base) -> Scenario:
        """Return a folder with its variant. Raises FaultsError with every fault, UsageError without the variant."""
        scenario, variant = base
        if scenario not in self.drafts:
            self.drafts[scenario] = read_folder(self.folder / scenario)
        if base not in self.bases:
            draft = load_draft(self.folder / scenario, variant or None, read=self.drafts[scenario])
            self.bases[base] = make_scenario(draft, variant)
        return self.bases[base]

    def make(self, row: DesignRow) -> Scenario:
        """Return the case of a row. Raises FaultsError, faults of its cells told where they stand in the design."""
        base = self.read((row.scenario, row.variant))
        if not row.cells:
            return base
        edits, names = self._write_edits(row)
        folder = self.folder / row.scenario
        draft = load_draft(folder, row.variant or None, edits=edits, read=self.drafts[row.scenario])
        if draft.has_errors:
            errors = [found for found in draft.faults if found.severity == "error"]
            raise FaultsError([self._move(found, row.line, names) for found in errors])
        return make_scenario(draft, name_edited(row.variant, edits), like=base)

    def has(self, base: Base, cell: Cell) -> bool:
        """Tell whether a case has the row of a cell."""
        if (base, cell.table) not in self.rows:
            self.rows[base, cell.table] = {row_name(row) for row in self.read(base).tables[cell.table]}
        return cell.row.partition("@")[0] in self.rows[base, cell.table]

    def _write_edits(self, row: DesignRow) -> tuple[Document, dict[str, str]]:
        """Return the cells of a row as a variant's document, and the name of each by its dotted key there."""
        edits: dict[str, Any] = {}
        names = {}
        for name, text in row.cells.items():
            cell = find_cell(name)
            # a parameter that the case does not state has its default
            verb = "change" if self.has((row.scenario, row.variant), cell) else "add"
            edits.setdefault(verb, {}).setdefault(cell.table, {}).setdefault(cell.row, {})[cell.column] = text
            names[f"{verb}.{cell.table}.{cell.row}.{cell.column}"] = name
        return edits, names

    def _move(self, found: Fault, line: int, names: dict[str, str]) -> Fault:
        """Return a fault as one of the design: of the cell where it stands, or of its row."""
        if found.file == EDITS_FILE:
            return replace(found, file=self.file, row=line, column=names.get(found.column, ""))
        where = f"{found.file}, row {found.row}" if found.row else found.file
        return replace(found, file=self.file, row=line, column="", found=f"{found.found} ({where})")


def check_bases(cases: Cases, rows: Sequence[DesignRow]) -> list[Fault]:
    """Return every fault of the folders and variants that rows name, and of the names of their cells."""
    collected = Draft(cases.folder)  # which tells no more than a thousand of one code
    usable: dict[Base, bool] = {}
    known: set[tuple[str, Base]] = set()
    for row in rows:
        base = (row.scenario, row.variant)
        if base not in usable:
            usable[base] = _check_base(cases, row, collected)
        if usable[base]:
            _check_names(cases, row, known, collected)
    collected.note_untold()
    return collected.faults


def check_cells(cases: Cases, rows: Sequence[DesignRow], progress: Callable[[int], None]) -> list[Fault]:
    """Return every fault of the cells of rows whose bases can be used: each row is checked as a scenario."""
    collected = Draft(cases.folder)
    for row in rows:
        try:
            cases.make(row)
        except FaultsError as error:
            collected.add(error.faults)
        progress(1)
    collected.note_untold()
    return collected.faults


def _check_base(cases: Cases, row: DesignRow, collected: Draft) -> bool:
    """Tell whether a row's folder and variant can be used; what is wrong is noted once."""
    folder = cases.folder / row.scenario
    there = is_inside(cases.folder, str(PurePosixPath(row.scenario, SETTINGS)))
    if not there or not folder.resolve().is_relative_to(cases.folder.resolve()):
        known = sorted(path.parent.name for path in cases.folder.glob(f"*/{SETTINGS}"))
        facts = {"name": show(row.scenario), "folder": str(cases.folder), "hint": suggest(row.scenario, known)}
        collected.note("design.scenario", (cases.file, row.line, SCENARIO), **facts)
        return False
    if row.variant and row.variant not in (known := list_variants(folder)):
        facts = {"name": show(row.variant), "known": ", ".join(known) or "none", "hint": suggest(row.variant, known)}
        collected.note("design.variant", (cases.file, row.line, VARIANT), **facts)
        return False
    try:
        require_people(cases.read((row.scenario, row.variant)))
    except FaultsError as error:
        prefix = f"{row.scenario}/" if row.scenario else ""
        collected.add(replace(f, file=f"{prefix}{f.file}") for f in error.faults if f.severity == "error")
        return False
    return True


def _check_names(cases: Cases, row: DesignRow, known: set[tuple[str, Base]], collected: Draft) -> None:
    """Note a set that the case of a row has not, and rows of its tables that it has not, each once."""
    base = (row.scenario, row.variant)
    case = cases.read(base)
    if row.parameters and row.parameters not in case.sets and (row.parameters, base) not in known:
        facts = {"known": ", ".join(case.sets) or "none", "hint": suggest(row.parameters, case.sets)}
        collected.note("design.set", (cases.file, row.line, SET), name=show(row.parameters), **facts)
    for name in row.cells:
        cell = find_cell(name)
        if (name, base) in known or cell.table == "parameters" or cases.has(base, cell):
            continue
        there = [row_name(other) for other in case.tables[cell.table]]
        facts = {"row": show(cell.row), "table": cell.table, "hint": suggest(cell.row, there)}
        collected.note("design.row", (cases.file, row.line, name[:100]), **facts)
    known.update((name, base) for name in (row.parameters, *row.cells))


def list_bases(rows: Sequence[DesignRow]) -> list[Base]:
    """Return the folders and variants that rows name, each once."""
    return list(dict.fromkeys((row.scenario, row.variant) for row in rows))


def name_case(cases: Cases, row: DesignRow) -> str:
    """Return what the case of a row is called: its id, its variant and its set."""
    base = cases.read((row.scenario, row.variant))
    return "-".join(part for part in (str(base.settings["id"]), row.variant, row.parameters) if part)
