"""What a person has reviewed: every row of a folder's tables as it stood then, numbers without a claim among them.

No program can tell whether most numbers follow from what was said: a person judged it. `evidence/reviewed.csv` keeps a
fingerprint of each row as it was judged, so that whatever is changed after that shows until somebody looks at it again.
Where it is missing nothing was reviewed. It guards against slips and silent edits, not against who seals them anew.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from corridor.evidence.rows import Spot
from corridor.scenario.files import read_table, read_toml
from corridor.scenario.folder import SETTINGS, list_files
from corridor.scenario.schema import JUDGED_FILE, REVIEWED_FILE, key_of
from corridor.scenario.spreadsheet import unescape_formula, write_csv
from corridor.scenario.writing import write_files

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from corridor.scenario.faults import Fault

COLUMNS = ("file", "name", "fingerprint", "on", "by")
# Codes that tell of an edit, not of what is wrong with it.
TOLD_OF_EDITS = ("changed_since_review", "not_reviewed", "judged_differs", "judged_nowhere", "judged_gone")
_COUNTED_BY = ("series", "place", "area", "exit", "since", "time")  # what tells one count of a file from another
_DRAWS = "fitted/"  # fitted draws keep hashes of their own
_WORDS_ALONE = ("title", "disclaimer")  # of the settings: no number hangs on them
_DIGITS = 16  # of the fingerprint


@dataclass(frozen=True)
class Reviewed:
    """A row as it was reviewed: its file, the name it goes by there, its fingerprint, when and by whom."""

    file: str
    name: str
    fingerprint: str
    on: str = ""
    by: str = ""
    line: int = 0


def list_rows(folder: Path) -> list[Reviewed]:
    """Return the rows of all tables of a folder as they are written now, and its settings as one."""
    settings, _ = read_toml(folder / SETTINGS, []) or ({}, {})
    kept = {key: value for key, value in settings.items() if key not in _WORDS_ALONE}
    rows = [Reviewed(SETTINGS, "settings", _fingerprint(kept))]
    for file in list_files(folder):
        if file.endswith(".csv") and file not in (REVIEWED_FILE, JUDGED_FILE) and not file.startswith(_DRAWS):
            rows += _list_table(folder, file)
    return rows


def _list_table(folder: Path, file: str) -> list[Reviewed]:
    (_, header), *records = read_table(folder / file, [], file) or [(1, [])]
    columns = [cell.strip() for cell in header]
    table = file.rpartition("/")[2].removesuffix(".csv")
    named_by = (*(() if file.startswith("observations/") else key_of(table)), "set")
    rows = []
    for line, cells in records:
        filled = {c: cell.strip() for c, cell in zip(columns, cells, strict=False) if cell.strip()}
        name = " ".join(filled[c] for c in named_by if c in filled)
        name = name or " ".join(filled[c] for c in _COUNTED_BY if c in filled) or f"row {line}"
        if filled:
            rows.append(Reviewed(file, name, _fingerprint(filled), line=line))
    return rows


def _fingerprint(values: Mapping[str, object]) -> str:
    written = json.dumps(values, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(written.encode()).hexdigest()[:_DIGITS]


def read_reviewed(folder: Path, faults: list[Fault]) -> list[Reviewed]:
    """Return what was reviewed; nothing where a folder has no such file, and a fault where it cannot be read."""
    if not (folder / REVIEWED_FILE).is_file():
        return []
    header, *rows = read_table(folder / REVIEWED_FILE, faults, REVIEWED_FILE) or [(1, [])]
    bad = next((line for line, cells in rows if len(cells) != len(COLUMNS)), 0 if tuple(header[1]) == COLUMNS else 1)
    if bad:
        Spot(REVIEWED_FILE, bad, faults).note("review_unread", "", columns=", ".join(COLUMNS))
        return []
    cells = ([unescape_formula(cell) for cell in row] for _, row in rows)
    return [Reviewed(file, name, mark, on, by) for file, name, mark, on, by in cells]


def write_reviewed(folder: Path, day: date, by: str) -> list[Reviewed]:
    """Write that all rows were reviewed as they are; those that were reviewed so before keep their day and name.

    Returns the rows that are new or changed.
    """
    before = {_mark(old): old for old in read_reviewed(folder, [])}
    rows = [before.get(_mark(row)) or replace(row, on=day.isoformat(), by=by) for row in list_rows(folder)]
    cells = [[row.file, row.name, row.fingerprint, row.on, row.by] for row in rows]
    write_files({folder / REVIEWED_FILE: write_csv([list(COLUMNS), *cells])})
    return [row for row in rows if _mark(row) not in before]


def check_reviewed(folder: Path, faults: list[Fault]) -> int:
    """Note what is no longer as it was reviewed, and what was added since; nothing if nothing was ever reviewed.

    Returns how many rows are as they were reviewed.
    """
    before = read_reviewed(folder, faults)
    if not before:
        return 0
    now = list_rows(folder)
    other, gone = _subtract(now, before), _subtract(before, now)
    lost: dict[tuple[str, str], list[Reviewed]] = {}
    for old in gone:
        lost.setdefault((old.file, old.name), []).append(old)
    added: dict[str, list[Reviewed]] = {}
    for row in other:
        if same := lost.get((row.file, row.name)):
            Spot(row.file, row.line, faults).note("changed_since_review", "", name=row.name, day=same.pop().on)
        else:
            added.setdefault(row.file, []).append(row)
    for file, rows in added.items():
        Spot(file, rows[0].line, faults).note("not_reviewed", "", rows=len(rows), name=rows[0].name)
    for (file, name), olds in lost.items():
        if olds:
            Spot(file, 0, faults).note("changed_since_review.gone", "", name=name, day=olds[0].on)
    return len(now) - len(other)


def _subtract(rows: Sequence[Reviewed], taken: Sequence[Reviewed]) -> list[Reviewed]:
    """Return the rows without those that stand among the others too; what stands there twice is taken twice."""
    left = Counter(_mark(row) for row in taken)
    kept = []
    for row in rows:
        left[_mark(row)] -= 1
        if left[_mark(row)] < 0:
            kept.append(row)
    return kept


def _mark(row: Reviewed) -> tuple[str, str, str]:
    return row.file, row.name, row.fingerprint
