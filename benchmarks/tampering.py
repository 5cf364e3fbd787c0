"""Does the check of the evidence see it when a cell that rests on claims is changed?

`python benchmarks/tampering.py [--number 200] [--seed 1] [FOLDER ...]` changes one cell at a time of copies of the worked cases
and says how many changes make `corridor evidence check` fail, by kind of change, with the claims alone, with what was judged
(`evidence/judged.csv`) and with what was reviewed.
What is changed is drawn without looking at what the check compares: first a kind, then any cell of that kind.
"""

from __future__ import annotations

import argparse
import csv
import io
import random
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path

CLAIMS, SOURCES, TEXTS = "evidence/claims.csv", "evidence/sources.csv", "evidence/texts"
REVIEWED, JUDGED = "evidence/reviewed.csv", "evidence/judged.csv"
UNITS = ("people", "vehicles", "km", "t", "h", "families", "%", "l")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_DATED = ("time", "since", "published", "departs", "date", "happened", "said_on", "from", "until", "start", "end")
_NO_NUMBERS = ("id", "claims", "note", "label", "set", "name", "other_names", "status", *_DATED)
Change = Callable[[str, random.Random], str]
Seen = tuple[bool, bool, bool]  # by what claims say of themselves and of numbers; with what was judged; and reviewed
NOT_SEEN: Seen = (False, False, False)


@dataclass(frozen=True)
class Tampering:
    """One changed cell: the kind of change, where it stands, what stood there and what stands there now."""

    kind: str
    file: str
    row: int
    column: str
    before: str
    after: str

    def __str__(self) -> str:
        """Return where and what as one line."""
        return f"{self.kind}: {self.file}, row {self.row}, {self.column}: {self.before[:60]} -> {self.after[:60]}"


Cell = tuple[str, int, str]  # file, index of the row (the header is 0), column


class Tables:
    """The CSV tables of a folder as texts, one cell of which can be changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        names = [p.relative_to(folder).as_posix() for p in sorted(folder.rglob("*.csv")) if "fitted" not in p.parts]
        self.rows = {name: _read(folder / name) for name in names if name not in (REVIEWED, JUDGED)}

    def cells(self, file: str) -> Iterator[tuple[Cell, str]]:
        """Yield the filled cells of a table."""
        header, *rows = self.rows[file]
        for index, row in enumerate(rows, start=1):
            for column, text in zip(header, row, strict=False):
                if text.strip():
                    yield (file, index, column), text

    def rests(self, cell: Cell) -> bool:
        """Tell whether a cell's row names claims."""
        file, index, _ = cell
        return bool(dict(zip(self.rows[file][0], self.rows[file][index], strict=False)).get("claims"))

    def column(self, file: str, column: str) -> list[str]:
        """Return the different texts of a column."""
        return sorted({text for (_, _, name), text in self.cells(file) if name == column})

    def write(self, cell: Cell, text: str) -> None:
        """Write one table with one cell changed into the folder."""
        file, index, column = cell
        rows = [list(row) for row in self.rows[file]]
        rows[index][rows[0].index(column)] = text
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="\n").writerows(rows)
        (self.folder / file).write_text(buffer.getvalue(), encoding="utf-8")


def _read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.reader(file) if row]


def change_number(text: str, luck: random.Random) -> str:
    """Return a text with one of its numbers changed: a digit, an exchange of two, a factor, or one more or less."""
    found = luck.choice(list(_NUMBER.finditer(text)))
    old = found[0]
    while (new := _other_number(old, luck)) == old:
        pass
    return text[: found.start()] + new + text[found.end() :]


def _other_number(old: str, luck: random.Random) -> str:
    places = len(old.partition(".")[2])
    value = float(old.replace(",", ""))
    way = luck.randrange(3)
    if way == 0:
        at = luck.choice([i for i, c in enumerate(old) if c.isdigit()])
        return old[:at] + str(luck.randrange(1, 10)) + old[at + 1 :]
    new = (
        value * luck.choice((0.5, 0.8, 0.9, 1.1, 1.25, 2.0, 10.0))
        if way == 1
        else value + luck.choice((-1, 1)) * 10**-places
    )
    return f"{abs(new):,.{places}f}" if "," in old else f"{abs(new):.{places}f}"


def change_day(text: str, luck: random.Random) -> str:
    """Return a text with one of its days moved by one day to two years, either way."""
    found = luck.choice(list(_DAY.finditer(text)))
    moved = date.fromisoformat(found[0]) + timedelta(
        days=luck.choice((-1, 1)) * luck.choice((1, 2, 3, 7, 30, 365, 730))
    )
    return text[: found.start()] + moved.isoformat() + text[found.end() :]


def list_changes(tables: Tables) -> dict[str, list[tuple[Cell, Change]]]:
    """Return by kind every cell that can be changed, with how."""
    kinds: dict[str, list[tuple[Cell, Change]]] = {}

    def add(kind: str, cell: Cell, change: Change) -> None:
        kinds.setdefault(kind, []).append((cell, change))

    def swap(options: Callable[[], list[str]]) -> Change:  # looked up for the one cell that is changed
        return lambda text, luck: luck.choice([one for one in options() if one != text] or [text + "x"])

    for file in tables.rows:
        if file in (CLAIMS, SOURCES):
            continue
        kind = "observation" if file.startswith("observations/") else "table"
        for cell, text in tables.cells(file):
            column = cell[2]
            if not tables.rests(cell):
                if column not in _NO_NUMBERS and _is_number(text):
                    add("assumption: number", cell, change_number)
                continue
            if column == "claims":
                add(f"{kind}: other claims", cell, swap(partial(tables.column, CLAIMS, "id")))
            elif column in _DATED and _DAY.search(text):
                add(f"{kind}: {'published' if column == 'published' else 'time'}", cell, change_day)
            elif column in ("place", "area", "exit", "from", "to", "target", "at"):
                add(f"{kind}: place", cell, swap(partial(tables.column, file, column)))
            elif column not in _NO_NUMBERS and _is_number(text):
                add(f"{kind}: number", cell, change_number)
    for cell, text in tables.cells(CLAIMS):
        column = cell[2]
        if column in ("value", "low", "high"):
            add("claim: value" if column == "value" else "claim: low or high", cell, change_number)
        elif column in ("happened", "said_on", "date") and _DAY.search(text):
            add("claim: day", cell, change_day)
        elif column == "wording" and _NUMBER.search(text):
            add("claim: wording", cell, change_number)
        elif column == "quote":
            add("claim: quote", cell, _change_words)
        elif column == "unit":
            add("claim: unit", cell, swap(lambda: list(UNITS)))
        elif column in ("place", "source", "speaker", "stance"):
            add(f"claim: {column}", cell, swap(partial(tables.column, CLAIMS, column)))
        elif column == "credibility":
            add("claim: credibility", cell, lambda text, luck: luck.choice([c for c in "123456" if c != text]))
    for cell, text in tables.cells(SOURCES):
        if cell[2] == "published" and _DAY.search(text):
            add("source: published", cell, change_day)
        elif cell[2] in ("origin", "reliability"):
            add(f"source: {cell[2]}", cell, swap(partial(tables.column, SOURCES, cell[2])))
    return kinds


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"[-+\d.,%±() ]+", text) and _NUMBER.search(text))


def _change_words(text: str, luck: random.Random) -> str:
    if _NUMBER.search(text) and luck.random() < 0.5:
        return change_number(text, luck)
    words = text.split(" ")
    words[luck.randrange(len(words))] = luck.choice(("never", "all", "north", "yesterday", "women"))
    return " ".join(words)


def tamper(folder: Path, luck: random.Random) -> tuple[Tampering, str]:
    """Change one thing in a copy of a folder; return what, and the file to put back."""
    tables = Tables(folder)
    kinds = list_changes(tables)
    texts = sorted((folder / TEXTS).glob("*")) if (folder / TEXTS).is_dir() else []
    kind = luck.choice([*sorted(kinds), *(["text"] if texts else [])])
    if kind == "text":
        path = luck.choice(texts)
        before = path.read_text(encoding="utf-8")
        path.write_text(_change_words(before, luck), encoding="utf-8")
        file = path.relative_to(folder).as_posix()
        return Tampering(kind, file, 0, "", "", ""), file
    cell, change = luck.choice(kinds[kind])
    file, index, column = cell
    row = tables.rows[file][index]
    before = row[tables.rows[file][0].index(column)]
    after = before
    while after == before:
        after = change(before, luck)
    tables.write(cell, after)
    return Tampering(kind, file, index + 1, column, before, after), file


def check(folder: Path) -> Seen:
    """Tell whether a folder fails by its claims alone, with what was judged, and with what was reviewed."""
    import corridor as co

    try:
        faults = co.evidence(co.read(folder)).report.faults
    except co.FaultsError as refused:
        faults = tuple(refused.faults)
    codes = {fault.code for fault in faults if fault.severity == "error"}
    by_values = codes - {"changed_since_review"}
    return any(not code.startswith("judged_") for code in by_values), bool(by_values), bool(codes)


def measure(original: Path, number: int, seed: int) -> list[tuple[Tampering, Seen]]:
    """Return what was changed in copies of a folder, one thing at a time, and whether it was seen, by what.

    Raises AssertionError if the untouched folder fails.
    """
    luck = random.Random(f"{seed} {original.name}")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / original.name
        shutil.copytree(original, folder, ignore=shutil.ignore_patterns("runs"))
        assert check(folder) == NOT_SEEN, f"{original} is flagged untouched"
        found = []
        for _ in range(number):
            change, file = tamper(folder, luck)
            found.append((change, check(folder)))
            shutil.copyfile(original / file, folder / file)
        assert check(folder) == NOT_SEEN
    return found


def write_results(found: list[tuple[Tampering, Seen]], missed: bool) -> None:
    """Print how many are seen by kind, by what, and those that were not seen by values alone."""
    print("| kind of change | changes | seen by claims alone | with what was judged | with what was reviewed |")
    print("|---|---|---|---|---|")
    for kind in [*sorted({change.kind for change, _ in found}), ""]:
        seen = [by for change, by in found if kind in ("", change.kind)]
        cells = [kind or "**all**", len(seen), *map(sum, zip(*seen, strict=True))]
        print("| " + " | ".join(map(str, cells)) + " |")
    for change, (_, judged, reviewed) in found if missed else ():
        if not judged:
            print(f"{'seen as reviewed only' if reviewed else 'missed'}: {change}")


def main() -> None:
    """Change, check, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, help="scenario folders; else all worked cases")
    parser.add_argument("--number", type=int, default=200, help="changes in all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--missed", action="store_true", help="list the changes that were missed")
    asked = parser.parse_args()
    folders = asked.folders or sorted(p.parent for p in Path("scenarios").glob("*/evidence"))
    each = [asked.number // len(folders) + (i < asked.number % len(folders)) for i in range(len(folders))]
    found = [change for f, n in zip(folders, each, strict=True) for change in measure(f, n, asked.seed)]
    write_results(found, asked.missed)


if __name__ == "__main__":
    main()
