"""Convoys that a logistician edited in a plan's workbook: checked at their cells, tried, written back when asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor.build.convoy_sheet import CONVOYS, ConvoySheet, read_convoy_sheet
from corridor.build.workbook_faults import mark_faults
from corridor.build.workbook_parts import read_files
from corridor.forecast.convoy_trial import try_convoys
from corridor.relief.access import Asked
from corridor.relief.convoy_choices import HEADER_ROW
from corridor.relief.convoy_sheet import HIDDEN, SHEET
from corridor.relief.feasible import check_feasible
from corridor.relief.from_scenario import read_problem
from corridor.relief.tried_words import describe_convoy_trial
from corridor.results.crew import hire
from corridor.scenario.convoys import without_convoys
from corridor.scenario.faults import Fault, FaultsError, UsageError, fault
from corridor.scenario.scenario import Scenario, load_draft, read_scenario
from corridor.scenario.schema import load_fields
from corridor.scenario.sheet import Piece, cut_sheet
from corridor.scenario.sheet_changes import Changes, change_sheet
from corridor.scenario.spreadsheet import write_csv
from corridor.scenario.values import read_loads
from corridor.scenario.variant_writing import write_variant
from corridor.scenario.writing import scratch, write_file
from corridor.simulate.ensemble import prepare
from corridor.words.language import choose_language
from corridor.words.said import Digits, Stated, say
from corridor.words.writing import write

if TYPE_CHECKING:
    from corridor.scenario.read import Row

PERIOD_HOURS = 1.0  # in which clearances, slots and roads are checked
BEYOND_DAYS = 3.0  # looked at after the last departure


@dataclass(frozen=True)
class EditedConvoys:
    """The convoys of an edited sheet for a case, checked; nothing is written before `write_variant` or `write_case`.

    `warnings` say at their cells what the simulation would let wait or turn back; `told` what was not read.
    """

    case: Scenario
    edited: Scenario
    sheet: ConvoySheet
    warnings: tuple[Fault, ...]

    @property
    def rows(self) -> list[dict[str, str]]:
        """Return the rows as cells of the convoys table."""
        return [{**cells, "set": self.sheet.parameters} for _, cells in self.sheet.rows]

    @property
    def told(self) -> list[str]:
        """Return what of the workbook was not taken over."""
        return self.sheet.back.told

    @property
    def numbers(self) -> dict[str, Any]:
        """Return the convoys, the warnings and what was not read as one document that JSON can hold."""
        return {
            "case": self.sheet.case,
            "parameters": self.sheet.parameters,
            "start": self.sheet.start.isoformat(timespec="minutes"),
            "convoys": self.rows,
            "warnings": [warning.describe() for warning in self.warnings],
            "told": self.told,
        }

    def tell(self, language: str = "en") -> str:
        """Return in words what the sheet holds. Raises UsageError for a language that there is not."""
        chosen = choose_language(language)
        rows = [row for row in self.rows if row["outcome"] == "planned"]
        tonnes = sum(part[2] or 0.0 for row in rows for part in read_loads(row["loads"]))
        trucks = sum(int(row["trucks"]) for row in rows if row["trucks"].isdigit())
        held = say(
            "plan.sheet.held",
            consignments=say("plan.sheet.consignments", consignments=Stated(len(rows))),
            trucks=say("plan.sheet.trucks", trucks=Stated(trucks)),
            tonnes=Digits(tonnes, 1),
        )
        warned = [say("plan.sheet.warned", warnings=Stated(len(self.warnings)))] if self.warnings else []
        left = [say("plan.sheet.left", what=text) for text in self.told]
        return "\n".join(write(line, chosen) for line in (held, *warned, *left))

    def __str__(self) -> str:
        """Return the same in English words."""
        return self.tell()

    def attempt(self, replicates: int, workers: int = 1, cluster: Any = None) -> dict[str, Any]:
        """Carry the convoys out in simulated courses, each paired with the same course in which nothing is sent.

        `workers` and `cluster` are as in `run` and change no number.
        """
        ensemble = prepare(self.case, self.sheet.parameters)
        bare = without_convoys(self.case, self.sheet.start)
        with hire(workers, cluster) as crew:
            return try_convoys(ensemble, self.edited, bare, replicates, crew)

    def describe_attempt(self, tried: Mapping[str, Any], language: str = "en") -> str:
        """Return in words what became of the convoys. Raises UsageError for a language that there is not."""
        return describe_convoy_trial(tried, choose_language(language))

    def write_variant(self, name: str, replace: bool = False) -> Path:
        """Write the convoys as a variant of the case's folder and return the file.

        Raises UsageError for a name that is none, and for a variant that is there unless `replace`.
        """
        document = _make_document(self.case, self.sheet)
        return write_variant(self.case.folder, name, document, replace)

    def write_case(self) -> Path:
        """Write the convoys into the case's own table, in place of those planned from then on; return the file."""
        path = self.case.folder / CONVOYS
        write_file(path, _write_table(self.case, self.sheet))
        return path


def read_convoys(case: Path | str, workbook: Path | str, faults: Path | str | None = None) -> EditedConvoys:
    """Return the convoys that a person edited in the workbook of a plan (PLAN/plan.xlsx), checked for a case.

    They stand in place of all that were planned from the first moment of the plan on. Raises FaultsError with every
    fault at its cell (and writes a copy of the workbook with them, if `faults` names a file for it), UsageError for a
    workbook of no plan or of another case.
    """
    path, folder = Path(workbook), Path(case)
    if not path.is_file():
        message = f"there is no workbook {path}"
        raise UsageError(message)
    sheet = read_convoy_sheet(path, SHEET, HIDDEN, HEADER_ROW)
    plain = read_scenario(folder, None)
    if sheet.case != str(plain.settings["id"]):
        message = f'{path.name} is of the case "{sheet.case}", not of "{plain.settings["id"]}"'
        raise UsageError(message)
    plain.choose_set(sheet.parameters or None)
    _number_rows(sheet)
    found = [*sheet.back.faults, *_check_rows(plain, sheet)]
    edited = plain
    if not any(one.severity == "error" for one in found):
        edited = plain.edit(_make_document(plain, sheet))
        found += _check_going(edited, sheet)
    if any(one.severity == "error" for one in found):
        if faults is not None:
            write_file(Path(faults), mark_faults(path, Path(faults), sheet.back, sorted(set(found))))
        raise FaultsError(found)
    return EditedConvoys(plain, edited, sheet, tuple(sorted(set(found))))


def _number_rows(sheet: ConvoySheet) -> None:
    """Give a row that a person added without an id one of its own."""
    taken = {cells.get("id", "") for _, cells in sheet.rows}
    for number, cells in sheet.rows:
        if not cells.get("id"):
            name = f"row_{number}"
            while name in taken:
                name += "_"
            taken.add(name)
            cells["id"] = name


def _find_replaced(case: Scenario, sheet: ConvoySheet) -> list[str]:
    """Return the ids of the planned convoys in whose place those of the sheet stand."""
    here = ("", sheet.parameters)
    kept = {row["id"] for row in without_convoys(case, sheet.start).tables.get("convoys", ())}
    return [str(row["id"]) for row in case.tables.get("convoys", ()) if row["set"] in here and row["id"] not in kept]


def _write_table(case: Scenario, sheet: ConvoySheet) -> str:
    """Return the case's table of convoys with the sheet's rows in it, and note where each of them stands.

    Every line that is not changed stays as it is, byte for byte.
    """
    path = case.folder / CONVOYS
    base = cut_sheet(
        path.read_text(encoding="utf-8") if path.is_file() else write_csv([list(load_fields()["convoys"])])
    )
    names = [name.strip() for name in base.columns]
    wanted = {name for _, cells in sheet.rows for name, text in cells.items() if text}
    wanted |= {"set"} if sheet.parameters else set()
    added = tuple(name for name in load_fields()["convoys"] if name in wanted and name not in names)
    at = {name: number for number, name in enumerate((*base.columns, *added))}
    here, gone = ("", sheet.parameters), set(_find_replaced(case, sheet))
    own = {_take(piece, at, "id"): piece.key for piece in base.rows if _take(piece, at, "set") in here}
    changed, placed = {}, {}
    for number, cells in sheet.rows:
        key = own.get(cells["id"], f"n{number}") if cells["id"] in gone else f"n{number}"
        texts = {name: text for name, text in cells.items() if name in at and (text or name not in ("note", "claims"))}
        if key.startswith("n"):
            texts = {**texts, "set": sheet.parameters} if "set" in at else texts
        changed[key] = {at[name]: text for name, text in texts.items()}
        placed[key] = number
    kept = [piece.key for piece in base.rows if piece.key in changed or not _is_gone(piece, at, here, gone)]
    order = (*kept, *(key for key in changed if key not in kept))
    result = change_sheet(base, Changes(changed, order, added))
    lines = result.lines()
    sheet.back.rows.update({(CONVOYS, lines[key]): number for key, number in placed.items() if key in lines})
    return result.text


def _take(piece: Piece, at: Mapping[str, int], name: str) -> str:
    number = at.get(name, -1)
    return piece.cells[number].strip() if 0 <= number < len(piece.cells) else ""


def _is_gone(piece: Piece, at: Mapping[str, int], here: Sequence[str], gone: Collection[str]) -> bool:
    return _take(piece, at, "id") in gone and _take(piece, at, "set") in here


def _check_rows(case: Scenario, sheet: ConvoySheet) -> list[Fault]:
    """Return what `corridor check` would find in the case with these rows and does not find without, at their cells."""
    files = {**read_files(case.folder), CONVOYS: _write_table(case, sheet).encode("utf-8")}
    with scratch() as folder:
        for file, content in files.items():
            target = folder / file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        found = list(load_draft(folder, None).faults)
    told = [sheet.back.place(one) for one in found if one.file == CONVOYS and (CONVOYS, one.row) in sheet.back.rows]
    others = [one for one in found if one.severity == "error" and one.file != CONVOYS]
    return told + others


def _make_document(case: Scenario, sheet: ConvoySheet) -> dict[str, Any]:
    """Return the variant in which the sheet's convoys drive instead of those planned from then on."""
    replaced = _find_replaced(case, sheet)
    cells = {row["id"]: {**row, "set": sheet.parameters} for _, row in sheet.rows}
    texts = {name: {key: text for key, text in row.items() if key != "id"} for name, row in cells.items()}
    changed = {
        name: {key: text for key, text in row.items() if text or key != "note"}
        for name, row in texts.items()
        if name in replaced
    }
    added = {name: {k: text for k, text in row.items() if text} for name, row in texts.items() if name not in replaced}
    gone = [name for name in replaced if name not in cells]
    document: dict[str, Any] = {"title": f"Convoys of {sheet.back.name}"}
    document |= {"change": {"convoys": changed}} if changed else {}
    document |= {"add": {"convoys": added}} if added else {}
    return document | ({"remove": {"convoys": gone}} if gone else {})


def _check_going(edited: Scenario, sheet: ConvoySheet) -> list[Fault]:
    """Return which convoys cannot go, or would wait or be turned back, at their cells.

    Those that leave outside the case's time never go, which the checks of its rows have said.
    """
    lines = {cells["id"]: number for number, cells in sheet.rows}
    here = [row for row in edited.rows("convoys", sheet.parameters) if row["id"] in lines]
    planned = [_read_asked(row, lines[row["id"]]) for row in here if row["outcome"] == "planned"]
    asked = [one for one in planned if edited.start <= one.departs <= edited.end]
    if not asked:
        return []
    start = min([max(sheet.start, edited.start), *(one.departs for one in asked)])
    days = (max(one.departs for one in asked) - start) / timedelta(days=1) + BEYOND_DAYS
    problem = read_problem(edited, sheet.parameters, start, days, PERIOD_HOURS).problem
    fleets = {str(row["id"]): row for row in edited.rows("fleets", sheet.parameters)}
    slots = edited.rows("slots", sheet.parameters) if "slots" in edited.tables else ()
    where = f"{sheet.back.name}, sheet {SHEET}"
    found = check_feasible(problem, asked, fleets, slots, edited.start)
    return [fault(f.kind, (where, f.line, f.column), **f.facts) for f in found]


def _read_asked(row: Row, line: int) -> Asked:
    """Return a convoy as it is checked: at the middle of the time in which it leaves."""
    loads = {item: tonnes for _, item, tonnes in read_loads(row["loads"] or "") if tonnes is not None}
    name, fleet, start, to = (str(row[column] or "") for column in ("id", "fleet", "from", "to"))
    departs, trucks, clearance = row["departs"].take(0.5), int(row["trucks"] or 0), str(row["clearance"] or "")
    return Asked(line, name, fleet, start, to, departs, trucks, loads, clearance, tuple(row["roads"] or ()))
