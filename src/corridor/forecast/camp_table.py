"""Tables of people by place and date, from a CSV file, from rows or from pandas: what of them was known as of a day."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from corridor.scenario.draft import suggest
from corridor.scenario.faults import Fault, FaultsError, UsageError, fault
from corridor.scenario.files import read_table

COLUMNS = ("place", "date", "people", "published")  # the last may be absent
ONE_PLACE = ("date", "people", "published")  # of a table of totals
MOST = 1e12  # people
YEARS = range(1000, 3000)  # others are slips of the pen
Rows = Iterator[tuple[int, Mapping[str, object]]]


@dataclass(frozen=True)
class Count:
    """People counted at a place on a day, from the row of a table; known from `published` on."""

    place: str
    day: date
    people: float
    published: date
    row: int


def read_counts(table: object, columns: Mapping[str, str] | None = None, *, totals: bool = False) -> list[Count]:
    """Return the counts of a table; a row without a number of people was not counted and is passed over.

    `table` is the path of a CSV file, rows (mappings, or sequences in the order of COLUMNS) or a pandas table;
    `columns` says how columns are called that are called otherwise. A table of totals has no place.

    Raises UsageError for what is no table, FaultsError with every fault of its columns and cells.
    """
    wanted = ONE_PLACE if totals else COLUMNS
    if unknown := sorted(set(columns or ()) - set(wanted)):
        message = f'no column "{unknown[0]}"; there are: {", ".join(wanted)}{suggest(unknown[0], wanted)}'
        raise UsageError(message)
    names = {column: (columns or {}).get(column, column) for column in wanted}
    faults: list[Fault] = []
    file, header, rows = _open(table, list(names.values()), faults)
    for column in wanted[:-1]:
        if header is not None and names[column] not in header:
            hint, found = suggest(names[column], header), ", ".join(header) or "none"
            faults.append(fault("counts_column", (file, 1, names[column]), name=names[column], found=found, hint=hint))
    if header is not None and "published" in (columns or {}) and names["published"] not in header:
        hint, found = suggest(names["published"], header), ", ".join(header)
        faults.append(fault("counts_column", (file, 1, ""), name=names["published"], found=found, hint=hint))
    counts = [] if faults else [_read_row(row, names, (file, number), faults) for number, row in rows]
    if faults:
        raise FaultsError(faults)
    return [count for count in counts if count is not None]


def _open(table: object, order: Sequence[str], faults: list[Fault]) -> tuple[str, list[str] | None, Rows]:
    """Return what faults call a table, its columns (None: each row has its own), its rows with their numbers."""
    if isinstance(table, str | Path):
        records = read_table(Path(table), faults)
        header = [cell.strip() for cell in records[0][1]] if records else None
        return Path(table).name, header, ((n, dict(zip(header or (), cells, strict=False))) for n, cells in records[1:])
    if hasattr(table, "columns") and hasattr(table, "to_dict"):
        header, rows = _take_frame(table)
        return "table", header, enumerate(rows, start=1)
    if isinstance(table, Iterable) and not isinstance(table, bytes | Mapping):
        listed = list(table)
        mapped = [_name_cells(row, order) for row in listed]
        header = list(dict.fromkeys(name for row in mapped for name in row)) if mapped else None
        return "table", header, enumerate(mapped, start=1)
    message = f"counts are a Flee folder, a CSV file, rows or a pandas table, not {type(table).__name__}"
    raise UsageError(message)


def _take_frame(table: Any) -> tuple[list[str], list[dict[str, object]]]:
    """Return the columns and rows of a pandas table (which need not be installed), a named index among them."""
    plain = table.reset_index() if any(name is not None for name in table.index.names) else table
    records = plain.to_dict("records")
    return [str(name) for name in plain.columns], [{str(name): cell for name, cell in row.items()} for row in records]


def _name_cells(row: object, order: Sequence[str]) -> Mapping[str, object]:
    if isinstance(row, Mapping):
        return {str(name): cell for name, cell in row.items()}
    if isinstance(row, Sequence) and not isinstance(row, str | bytes):
        return dict(zip(order, row, strict=False))
    message = f"a row of counts is a mapping or ({', '.join(order[:-1])}), not {type(row).__name__}"
    raise UsageError(message)


def _read_row(
    row: Mapping[str, object], names: Mapping[str, str], at: tuple[str, int], faults: list[Fault]
) -> Count | None:
    cells = {column: row.get(name) for column, name in names.items()}
    if _is_blank(cells["people"]):
        return None
    place = "" if "place" not in cells or _is_blank(cells["place"]) else str(cells["place"]).strip()
    if "place" in cells and not place:
        faults.append(fault("counts_place", (*at, names["place"])))
    day, people = read_day(cells["date"]), _read_people(cells["people"])
    published = day if _is_blank(cells["published"]) else read_day(cells["published"])
    for column, value in (("date", day), ("published", published)):
        if value is None and (column == "date" or not _is_blank(cells[column])):
            faults.append(fault("counts_date", (*at, names[column]), cell=str(cells[column] or "nothing")))
    if people is None:
        faults.append(fault("counts_people", (*at, names["people"]), cell=str(cells["people"])))
    if day is None or published is None or people is None:
        return None
    return Count(place, day, people, max(published, day), at[1])


def _is_blank(cell: object) -> bool:
    return cell is None or str(cell).strip() in ("", "nan", "NaT", "<NA>")  # as pandas writes what is not there


def read_day(cell: object) -> date | None:
    """Return the day of a date, a time or a text in the order year, month, day; None where it is none of YEARS."""
    day: date
    try:
        day = cell if isinstance(cell, date) else datetime.fromisoformat(str(cell).strip())
    except ValueError:
        return None
    return date(day.year, day.month, day.day) if day.year in YEARS else None


def _read_people(cell: object) -> float | None:
    try:
        people = float(str(cell).strip())
    except ValueError:
        return None
    return people if math.isfinite(people) and 0 <= people <= MOST else None


def know_counts(counts: Iterable[Count], as_of: date, file: str) -> dict[str, dict[date, float]]:
    """Return the people of each place by day as known at the end of a day: of revised counts the one published last.

    Raises FaultsError where two rows that were published at once say different things of one place and day.
    """
    newest: dict[tuple[str, date], Count] = {}
    faults = []
    for count in counts:
        if count.published > as_of:
            continue
        before = newest.get((count.place, count.day))
        if before is not None and before.published == count.published and before.people != count.people:
            facts = {"place": count.place or "a total", "first": before.people, "row": before.row}
            facts |= {"day": count.day.isoformat(), "second": count.people}
            faults.append(fault("counts_twice", (file, count.row, ""), **facts))
        elif before is None or count.published >= before.published:
            newest[count.place, count.day] = count
    if faults:
        raise FaultsError(faults)
    known: dict[str, dict[date, float]] = {}
    for (place, day), count in sorted(newest.items(), key=lambda item: item[0]):
        known.setdefault(place, {})[day] = count.people
    return known
