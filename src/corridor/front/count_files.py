"""New counts from a file of somebody's: matched to the case, each a claim with its file, hash and date, none lost.

Nothing that stands in the case is changed: what is counted once more is a new vintage, a row of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corridor.build.counts import ROLES, read_counts
from corridor.build.mapping import NO_MAPPING, read_mapping
from corridor.build.used import Reading, require_used
from corridor.evidence.accept import CLAIM_COLUMNS, SOURCE_COLUMNS
from corridor.evidence.rows import CLAIMS_FILE, SOURCES_FILE
from corridor.evidence.tables import add_rows
from corridor.front.count_claims import Row, Said, make_rows, make_source, settle
from corridor.front.count_vintages import leave_out_known, raise_data_date
from corridor.front.known import known_exits, known_places
from corridor.front.new_counts import NEW_FILE, add_counts
from corridor.front.trials import Contents, Trial, write_checked
from corridor.scenario.folder import SETTINGS
from corridor.scenario.scenario import read_scenario


@dataclass(frozen=True)
class AddedCounts:
    """What became of a file: the account of its rows and the counts added.

    `revised` of them give another number for what the case has a count of, `repeated` the same number, published
    anew or by another office.
    `trial` holds every line that was added and what checks then say anew (warnings); `assumed` is what nobody stated;
    `data_date` the day of the newest fact in the case where these counts made it a later one, else blank.
    """

    reading: Reading
    counts: tuple[Row, ...]
    revised: int
    repeated: int
    trial: Trial | None
    assumed: tuple[str, ...]
    data_date: str = ""

    @property
    def document(self) -> dict[str, Any]:
        """Return it as JSON-ready data."""
        trial = self.trial.document if self.trial is not None else {"added": [], "refused": False, "faults": []}
        account, counts = self.reading.describe(), list(self.counts)
        kinds = {"revised": self.revised, "repeated": self.repeated}
        return {
            "reading": account,
            "counts": counts,
            **kinds,
            "assumed": self.assumed,
            "data_date": self.data_date,
            **trial,
        }

    def __str__(self) -> str:
        """Return it in words."""
        lines = [str(self.reading)]
        told = (
            f"{len(self.counts):,} {'count' if len(self.counts) == 1 else 'counts'} added"
            if self.counts
            else "nothing to add: the case has these counts already"
        )
        told += f", {self.revised:,} of them newer vintages of counts that stay" if self.revised else ""
        told += f", {self.repeated:,} the same number anew or by another office" if self.repeated else ""
        lines.append(told)
        lines += [f"  assumed: {text}" for text in self.assumed]
        if self.data_date:
            lines.append(f"data_date of scenario.toml, the day of the newest fact, is {self.data_date} now")
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
    file does not say. The same number again is a claim of its own if another office published it, or if it is stated
    that it was published at another time; never from one file. Nothing is written when a check then finds an error:
    FaultsError tells all of them. Raises UsageError when the file cannot be read or holds nothing for this case.
    """
    path = Path(file)
    case = read_scenario(folder)
    known = read_mapping(Path(mapping), ROLES) if mapping is not None else NO_MAPPING
    said = settle(case, known, Said(publisher, published, series, address))
    found = read_counts(path, known_places(case, known), known, known_exits(case))
    require_used(found.reading)
    assumed: list[str] = []
    rows, claims = make_rows(case, found, known, said, assumed)
    source = make_source(found, said, assumed)
    rows, revised, repeated = leave_out_known(case, found, rows, source)
    counts = tuple(row for row, _ in rows)
    if not rows:
        return AddedCounts(found.reading, (), 0, 0, None, tuple(assumed))
    newest = max(figure.day for _, figure in rows)
    is_newer = raise_data_date(case, newest) is not None

    def prepare() -> Contents:
        contents = add_counts(case, counts)
        named = {name for row in counts for name in row["claims"].split()}
        fresh = [claim for claim in claims if claim["id"] in named]
        contents[case.folder / SOURCES_FILE], _ = add_rows(case.folder, SOURCES_FILE, SOURCE_COLUMNS, [source])
        contents[case.folder / CLAIMS_FILE], _ = add_rows(case.folder, CLAIMS_FILE, CLAIM_COLUMNS, fresh)
        if (settings := raise_data_date(case, newest)) is not None:
            contents[case.folder / SETTINGS] = settings
        return contents

    trial = write_checked(case, prepare, case.folder / Path(NEW_FILE))
    return AddedCounts(
        found.reading, counts, revised, repeated, trial, tuple(assumed), newest.isoformat() if is_newer else ""
    )
