"""What a person has reviewed: the rows that rest on claims, the claims and their sources, each as it stood then.

No program can tell whether most numbers follow from what was said: a person judged it. `evidence/reviewed.csv` keeps a
fingerprint of each row as it was judged, so that whatever changes after that shows until somebody looks at it again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridor.evidence.rows import CLAIMS_FILE, SOURCES_FILE, Spot
from corridor.scenario.content import plain_values
from corridor.scenario.files import read_table
from corridor.scenario.schema import REVIEWED_FILE, key_of
from corridor.scenario.spreadsheet import write_csv
from corridor.scenario.writing import write_files

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from corridor.scenario.draft import Row as TableRow
    from corridor.scenario.faults import Fault
    from corridor.scenario.scenario import Scenario

COLUMNS = ("file", "name", "fingerprint", "on", "by")
_COUNTED_BY = ("series", "place", "area", "exit", "since", "time")
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


def review_rows(scenario: Scenario) -> list[Reviewed]:
    """Return every row that rests on claims, every claim and every source as they are now, in order."""
    rows = [row for table in scenario.tables.values() for row in table if row.line and _is_reviewed(row)]
    rows.sort(key=lambda row: (row.file, row.line))
    return [Reviewed(row.file, _name(row), _fingerprint(row), line=row.line) for row in rows]


def _is_reviewed(row: TableRow) -> bool:
    return row.file in (CLAIMS_FILE, SOURCES_FILE) or bool(row.values.get("claims"))


def _name(row: TableRow) -> str:
    columns = (*(key_of(row.table) or _COUNTED_BY), "set")
    plain = plain_values(row)
    return " ".join(str(plain[column]) for column in columns if column in plain)


def _fingerprint(row: TableRow) -> str:
    written = json.dumps(plain_values(row), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()[:_DIGITS]


def read_reviewed(folder: Path) -> list[Reviewed]:
    """Return what was reviewed; nothing where a folder has no such file or it cannot be read."""
    if not (folder / REVIEWED_FILE).is_file():
        return []
    header, *rows = read_table(folder / REVIEWED_FILE, [], REVIEWED_FILE) or [(1, [])]
    if tuple(header[1]) != COLUMNS:
        return []
    return [Reviewed(*cells[:5]) for _, cells in rows if len(cells) == len(COLUMNS)]


def write_reviewed(folder: Path, now: Sequence[Reviewed], day: date, by: str) -> int:
    """Write that all rows were reviewed as they are; those that were reviewed so before keep their day and name.

    Returns how many are new or changed.
    """
    before = {(old.file, old.name, old.fingerprint): old for old in read_reviewed(folder)}
    rows, fresh = [], 0
    for row in now:
        old = before.get((row.file, row.name, row.fingerprint))
        fresh += old is None
        rows.append([row.file, row.name, row.fingerprint, *((old.on, old.by) if old else (day.isoformat(), by))])
    write_files({folder / REVIEWED_FILE: write_csv([list(COLUMNS), *rows])})
    return fresh


def check_reviewed(now: Sequence[Reviewed], before: Sequence[Reviewed], faults: list[Fault]) -> None:
    """Note what is no longer as it was reviewed, and what was added since; nothing if nothing was ever reviewed."""
    if not before:
        return
    left: dict[tuple[str, str], list[Reviewed]] = {}
    for old in before:
        left.setdefault((old.file, old.name), []).append(old)
    other = [row for row in now if not _take(left, row)]
    added: dict[str, list[Reviewed]] = {}
    for row in other:
        same = left.get((row.file, row.name))
        if same:
            facts = {"name": row.name, "day": same.pop().on}
            Spot(row.file, row.line, faults).note("changed_since_review", "", **facts)
        else:
            added.setdefault(row.file, []).append(row)
    for file, rows in added.items():
        Spot(file, rows[0].line, faults).note("not_reviewed", "", rows=len(rows), name=rows[0].name)
    for gone in (old for rest in left.values() for old in rest):
        Spot(gone.file, 0, faults).note("changed_since_review.gone", "", name=gone.name)


def _take(left: Mapping[tuple[str, str], list[Reviewed]], row: Reviewed) -> bool:
    """Take the row as it is now out of what was reviewed; tell whether it was there."""
    rest = left.get((row.file, row.name), [])
    same = next((old for old in rest if old.fingerprint == row.fingerprint), None)
    if same is not None:
        rest.remove(same)
    return same is not None
