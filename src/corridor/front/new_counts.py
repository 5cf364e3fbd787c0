"""New counts for a case: into which file of observations they go, what exactly is added, and what checks say of it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor.evidence.tables import add_rows, read_rows
from corridor.front.trials import Contents, try_contents, write_checked
from corridor.scenario.counts import read_counts
from corridor.scenario.faults import UsageError
from corridor.scenario.schema import load_fields

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridor.scenario.draft import Draft
    from corridor.scenario.scenario import Scenario

MOST_COUNTS = 500  # rows added at once
NEW_FILE = "observations/reported.csv"  # of a series that has no file yet
Part = dict[str, Any]


def describe_counts(case: Scenario, parameters: str | None = None) -> Part:
    """Return what a count may name (series, exits), its columns with their meaning, and the newest there are."""
    fields = load_fields()["observations"]
    counts = sorted(read_counts(case, case.choose_set(parameters)), key=lambda count: count.thing.time)
    known = [count.published or count.thing.time for count in counts]
    within = [moment for moment in known if case.start < moment < case.end]
    newest: dict[tuple[str, ...], Part] = {}
    for count in counts:
        by, where = count.thing.where
        newest[count.thing.series, by, where] = {
            "series": count.thing.series, "by": by, "where": where, "time": _write(count.thing.time),
            "value": count.value, "low": count.low, "high": count.high, "published": _write(count.published),
        }  # fmt: skip
    ways = [row for table in ("roads", "services") for row in case.tables.get(table, ())]
    return {
        "columns": [{"name": name, "meaning": fields[name].meaning} for name in fields],
        "series": list(fields["series"].choices),
        "counts": len(counts),
        "newest": list(newest.values()),
        "last_published": _write(max(within)) if within else "",
        "exits": [{"id": str(row["id"]), "name": str(row["name"] or row["id"])} for row in ways],
    }


def read_count_rows(asked: object) -> list[dict[str, str]]:
    """Return rows of counts as the page sends them, blanks left out. Raises UsageError for what is none."""
    if not isinstance(asked, list) or not asked:
        message = "rows must be a list of counts"
        raise UsageError(message)
    if len(asked) > MOST_COUNTS:
        message = f"{len(asked):,} counts at once; at most {MOST_COUNTS} are added"
        raise UsageError(message)
    columns = set(load_fields()["observations"])
    rows = []
    for row in asked:
        if not isinstance(row, dict) or not all(isinstance(k, str) and isinstance(v, str) for k, v in row.items()):
            message = "a count must hold texts by column"
            raise UsageError(message)
        if unknown := sorted(set(row) - columns):
            message = f"counts have no column {', '.join(unknown)} (there are: {', '.join(sorted(columns))})"
            raise UsageError(message)
        rows.append({column: text.strip() for column, text in row.items() if text.strip()})
    return rows


def add_counts(case: Scenario | Draft, rows: Sequence[Mapping[str, str]]) -> Contents:
    """Return the files of observations with rows added, each where most counts of its series stand.

    A row that stands there already, every cell the same, is not added again.
    """
    files = sorted(f"observations/{path.name}" for path in (case.folder / "observations").glob("*.csv"))
    present = {file: read_rows(case.folder, file) for file in files}
    placed: dict[str, list[Mapping[str, str]]] = {}
    for row in rows:
        file = _choose_file(present, row.get("series", ""))
        same = ({k: v for k, v in old.items() if v} for old in present.get(file, ()))
        if dict(row) not in same:
            placed.setdefault(file, []).append(row)
    columns = list(load_fields()["observations"])
    contents: Contents = {}
    for file, fresh in placed.items():
        needed = [column for column in columns if column in ("time", "series") or any(row.get(column) for row in fresh)]
        contents[case.folder / file], _ = add_rows(case.folder, file, needed, fresh)
    return contents


def _choose_file(present: Mapping[str, Sequence[Mapping[str, str]]], series: str) -> str:
    held = Counter({file: sum(row.get("series") == series for row in rows) for file, rows in present.items()})
    (file, most), *_ = held.most_common(1) or [(NEW_FILE, 0)]
    return file if most else NEW_FILE


def try_counts(case: Scenario, rows: Sequence[Mapping[str, str]]) -> Part:
    """Return the exact rows that would be written, and what every check then says anew; nothing is written."""
    return try_contents(case, add_counts(case, rows)).document


def write_counts(case: Scenario, rows: Sequence[Mapping[str, str]]) -> Part:
    """Write new counts into a case and return what was added. Raises FaultsError if a check then finds an error."""
    lock = case.folder / Path(NEW_FILE)
    return write_checked(case, lambda: add_counts(case, rows), lock).document


def _write(moment: Any) -> str:
    return moment.isoformat(timespec="minutes") if moment is not None else ""
