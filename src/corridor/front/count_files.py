"""New counts from a file of somebody's: matched to the case, each a claim with its file, hash and date, none lost.

Nothing that stands in the case is changed: what is counted once more is a new vintage, a row of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor.build.counts import ROLES, CountFigure, Counts, read_counts
from corridor.build.mapping import NO_MAPPING, read_mapping
from corridor.build.used import Reading, require_used
from corridor.evidence.accept import CLAIM_COLUMNS, SOURCE_COLUMNS
from corridor.evidence.rows import CLAIMS_FILE, SOURCES_FILE
from corridor.evidence.tables import add_rows
from corridor.front.count_claims import Row, Said, end_of, make_rows, make_source, settle, take_back
from corridor.front.known import known_exits, known_places
from corridor.front.new_counts import NEW_FILE, add_counts
from corridor.front.trials import Contents, Trial, write_checked
from corridor.scenario.counts import Count, Thing
from corridor.scenario.counts import read_counts as read_counts_of
from corridor.scenario.scenario import Scenario, read_scenario

if TYPE_CHECKING:
    from collections.abc import Sequence

_HAVE = "a count that the case has already, the same number"


@dataclass(frozen=True)
class AddedCounts:
    """What became of a file: the account of its rows, the counts added, how many of them revise one, the new rows.

    `trial` holds every line that was added and what checks then say anew (warnings); `assumed` is what nobody stated.
    """

    reading: Reading
    counts: tuple[Row, ...]
    revised: int
    trial: Trial | None
    assumed: tuple[str, ...]

    @property
    def document(self) -> dict[str, Any]:
        """Return it as JSON-ready data."""
        trial = self.trial.document if self.trial is not None else {"added": [], "refused": False, "faults": []}
        account, counts = self.reading.describe(), list(self.counts)
        return {"reading": account, "counts": counts, "revised": self.revised, "assumed": self.assumed, **trial}

    def __str__(self) -> str:
        """Return it in words."""
        lines = [str(self.reading)]
        told = (
            f"{len(self.counts):,} counts added" if self.counts else "nothing to add: the case has these counts already"
        )
        lines.append(told + (f", {self.revised:,} of them newer vintages of counts that stay" if self.revised else ""))
        lines += [f"  assumed: {text}" for text in self.assumed]
        if self.trial is not None:
            files = sorted({str(part["file"]) for part in self.trial.added})
            lines.append(f"written to {', '.join(files)}")
        return "\n".join(lines)


def add_count_file(
    folder: Path | str,
    file: Path | str,
    mapping: Path | str | None = None,
    published: str = "",
    publisher: str = "",
    series: str = "",
    address: str = "",
) -> AddedCounts:
    """Add the counts of a file (CSV, workbook; UNHCR, IOM DTM, HDX HAPI, KoBo, any sheet) to a case.

    `mapping` is a columns.toml that says what the file's columns are. `published` is when the file became known (a
    day or a time in the case's zone); else each row's own, else this moment. `series` is what is counted, where the
    file does not say. Nothing is written when a check then finds an error: FaultsError tells all of them. Raises
    UsageError when the file cannot be read or holds nothing for this case.
    """
    path = Path(file)
    case = read_scenario(folder)
    known = read_mapping(Path(mapping), ROLES) if mapping is not None else NO_MAPPING
    said = settle(case, known, Said(publisher, published, series, address))
    found = read_counts(path, known_places(case, known), known, known_exits(case))
    require_used(found.reading)
    assumed: list[str] = []
    rows, claims = make_rows(case, found, known, said, assumed)
    rows, revised = _leave_out_known(case, found, rows)
    source = make_source(found, said, assumed)
    counts = tuple(row for row, _ in rows)
    if not rows:
        return AddedCounts(found.reading, (), 0, None, tuple(assumed))

    def prepare() -> Contents:
        contents = add_counts(case, counts)
        named = {name for row in counts for name in row["claims"].split()}
        fresh = [claim for claim in claims if claim["id"] in named]
        contents[case.folder / SOURCES_FILE], _ = add_rows(case.folder, SOURCES_FILE, SOURCE_COLUMNS, [source])
        contents[case.folder / CLAIMS_FILE], _ = add_rows(case.folder, CLAIMS_FILE, CLAIM_COLUMNS, fresh)
        return contents

    trial = write_checked(case, prepare, case.folder / Path(NEW_FILE))
    return AddedCounts(found.reading, counts, revised, trial, tuple(assumed))


def _leave_out_known(
    case: Scenario, found: Counts, rows: Sequence[tuple[Row, CountFigure]]
) -> tuple[list[tuple[Row, CountFigure]], int]:
    """Return the rows that the case does not have, and how many of them are newer vintages of what it has."""
    have: dict[Thing, list[Count]] = {}
    for name in (*case.sets, "") if case.sets else ("",):
        for count in read_counts_of(case, name):
            have.setdefault(count.thing, []).append(count)
    kept, revised = [], 0
    for row, figure in rows:
        since = row.get("since")
        place, area, way = (row.get(column, "") for column in ("place", "area", "exit"))
        begun = datetime.fromisoformat(since) if since else None
        thing = Thing(row["series"], place, area, way, begun, end_of(figure))
        old = have.get(thing, [])
        if any((count.value, count.low, count.high) == (figure.people, figure.low, figure.high) for count in old):
            take_back(found.reading, figure, _HAVE)
            continue
        revised += bool(old)
        kept.append((row, figure))
    return kept, revised
