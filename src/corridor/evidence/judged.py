"""Numbers that no claim states, written a second time: an assumption, or what a person judged from several claims.

A number that its only claim states, or that its note calculates, is held against that. All others have nothing to be
held against but what somebody meant: `evidence/judged.csv` has each of them once more, with what it is about and the
claims it was judged from. Where that file is missing nothing was written down. A line is added by `write_judged` and
changed by hand alone, so that a changed number shows even where the folder was reviewed anew.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

from corridor.evidence.calculation import read_calculations
from corridor.evidence.claims import STATED
from corridor.evidence.grammar.units import convert
from corridor.evidence.review import list_rows
from corridor.evidence.rows import Row, Spot, Use, hours_of, number_of, text_of
from corridor.scenario.draft import show
from corridor.scenario.files import read_table
from corridor.scenario.schema import JUDGED_FILE, REVIEWED_FILE
from corridor.scenario.spreadsheet import unescape_formula, write_csv
from corridor.scenario.writing import write_files

if TYPE_CHECKING:
    from pathlib import Path

    from corridor.scenario.faults import Fault


@dataclass(frozen=True, order=True)
class Judged:
    """A number as it was judged: file, name of its row, column, value, the places it is about, claims it is from."""

    file: str
    name: str
    column: str
    value: str
    places: str
    claims: str

    @property
    def cell(self) -> tuple[str, str, str]:
        """Return where it stands."""
        return self.file, self.name, self.column


COLUMNS = tuple(Judged.__dataclass_fields__)


def list_judged(folder: Path, uses: Sequence[Use], claims: Mapping[str, Row]) -> list[tuple[Judged, int]]:
    """Return the numbers of a folder that no claim states and no note calculates, each with its line in its file."""
    names = {(row.file, row.line): row.name for row in list_rows(folder)}
    return [
        (
            Judged(
                use.file, names.get((use.file, use.row), ""), use.column, use.value, " ".join(use.places),
                " ".join(use.claims),
            ),
            use.row,
        )
        for use in uses
        if not _is_held(use, claims)
    ]  # fmt: skip


def _is_held(use: Use, claims: Mapping[str, Row]) -> bool:
    """Tell whether a number is compared with what its only claim states, or with the sum in its note, and exactly."""
    if use.file.startswith("observations/") and use.column in (*STATED, "time", "published", "claims"):
        return True  # by check_counts
    if use.is_number and use.column in read_calculations(use.note):
        return True
    if len(use.claims) != 1 or use.note or use.claims[0] not in claims or use.low is None or use.high is None:
        return False
    claim = claims[use.claims[0]]
    if not use.is_number:
        return hours_of(claim, "date") is not None and bool(text_of(claim, "date"))
    factor = convert(1.0, text_of(claim, "unit"), use.unit) if use.unit and text_of(claim, "unit") else None
    if factor is None or text_of(claim, "use") not in ("sets", ""):
        return False
    said = [number * factor for column in STATED if (number := number_of(claim, column)) is not None]
    return all(any(math.isclose(end, one, rel_tol=1e-9) for one in said) for end in (use.low, use.high))


def read_judged(folder: Path, faults: list[Fault]) -> list[tuple[Judged, int]] | None:
    """Return the lines of the file, each with its number there; None where there is no such file, a fault if unread."""
    if not (folder / JUDGED_FILE).is_file():
        return None
    header, *rows = read_table(folder / JUDGED_FILE, faults, JUDGED_FILE) or [(1, [])]
    bad = next((line for line, cells in rows if len(cells) != len(COLUMNS)), 0 if tuple(header[1]) == COLUMNS else 1)
    if bad:
        Spot(JUDGED_FILE, bad, faults).note("judged_unread", "", columns=", ".join(COLUMNS))
        return None
    return [(Judged(*map(unescape_formula, cells)), line) for line, cells in rows]


def check_judged(folder: Path, uses: Sequence[Use], claims: Mapping[str, Row], faults: list[Fault]) -> int:
    """Note numbers that are not as they were judged, that stand in no line, and lines whose number is gone.

    Returns how many are as they were judged. Where nothing was judged nothing is noted.
    """
    lines = read_judged(folder, faults)
    if lines is None:
        return 0
    if not (folder / REVIEWED_FILE).is_file():
        Spot(REVIEWED_FILE, 0, faults).note("review_missing", "", judged=JUDGED_FILE)
    now = list_judged(folder, uses, claims)
    other, gone = _subtract(now, lines), _subtract(lines, now)
    before: dict[tuple[str, str, str], list[tuple[Judged, int]]] = {}
    for line in gone:
        before.setdefault(line[0].cell, []).append(line)
    for judged, row in other:
        if same := before.get(judged.cell):
            _note_difference(judged, row, same.pop(0), faults)
        else:
            where = f"{judged.name}: {show(judged.value)}" if judged.value else judged.name
            Spot(judged.file, row, faults).note("judged_nowhere", judged.column, number=where, judged=JUDGED_FILE)
    for left in before.values():
        for lost, number in left:
            facts = {"file": lost.file, "name": lost.name, "cell": lost.column}
            Spot(JUDGED_FILE, number, faults).note("judged_gone", "value", **facts)
    return len(now) - len(other)


def _note_difference(judged: Judged, row: int, before: tuple[Judged, int], faults: list[Fault]) -> None:
    old, line = before
    kinds = {"value": "judged_differs", "places": "judged_differs.places", "claims": "judged_differs.claims"}
    column = next(c for c in kinds if getattr(old, c) != getattr(judged, c))
    facts = {"line": line, "judged": JUDGED_FILE, "was": show(getattr(old, column) or "nothing")}
    found = show(getattr(judged, column) or "nothing")
    Spot(judged.file, row, faults).note(kinds[column], judged.column, name=judged.name, now=found, **facts)


def _subtract(those: Sequence[tuple[Judged, int]], taken: Sequence[tuple[Judged, int]]) -> list[tuple[Judged, int]]:
    """Return those that do not stand among the others too; what stands there twice is taken twice."""
    left = Counter(judged for judged, _ in taken)
    kept = []
    for judged, line in those:
        left[judged] -= 1
        if left[judged] < 0:
            kept.append((judged, line))
    return kept


def write_judged(folder: Path, uses: Sequence[Use], claims: Mapping[str, Row]) -> list[Judged]:
    """Add a line for each number that has none yet, and return these; lines that are there stay as they are.

    Raises FaultsError when the file cannot be written.
    """
    faults: list[Fault] = []
    lines = read_judged(folder, faults) or []
    known = {judged.cell for judged, _ in lines}
    fresh = [judged for judged, _ in list_judged(folder, uses, claims) if judged.cell not in known]
    if fresh and not faults:
        cells = [list(astuple(judged)) for judged in (*(judged for judged, _ in lines), *fresh)]
        write_files({folder / JUDGED_FILE: write_csv([list(COLUMNS), *cells])})
    return fresh if not faults else []
