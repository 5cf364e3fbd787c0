"""Rows as read from the user's files, where each cell stands, and the faults found on the way."""

from __future__ import annotations

import difflib
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from corridor.scenario.faults import Fault, Where, fault, find_code
from corridor.scenario.visible import make_visible

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path
    from zoneinfo import ZoneInfo

LONGEST_SHOWN = 80  # characters of the user's text repeated in a fault
LONGEST_COMPARED = 40  # characters of a word that are looked at to find one like it
MOST_TOLD = 1000  # faults of one code told singly
MOST_COMPARED = 100_000  # known words looked at, in all, to say what a misspelt one may mean


@dataclass(frozen=True)
class Broken:
    """Stands for a cell that could not be read, so that checks do not complain about it a second time."""

    text: str = ""


@dataclass(frozen=True)
class Row:
    """One row of a table: typed values by column, and where it stands.

    `origins` names the place of cells that a variant laid over the row; the others stand at `file`, `line`.
    """

    table: str
    file: str
    line: int
    values: dict[str, Any]
    origins: Mapping[str, Where] = field(default_factory=dict)

    def __getitem__(self, column: str) -> Any:
        """Return the typed value of a column."""
        return self.values[column]

    def middle(self, column: str, default: float) -> float:
        """Return the median of a quantity or a number, the default where the cell is blank."""
        value = self.values.get(column)
        return default if value is None or value == "" else float(getattr(value, "median", value))

    def where(self, column: str) -> Where:
        """Return where a cell of this row stands."""
        return self.origins.get(column, (self.file, self.line, column))

    def can_read(self, *columns: str) -> bool:
        """Tell whether these cells could be read (a blank one counts as read)."""
        return not any(isinstance(self.values.get(column), Broken) for column in columns)

    def applies(self, parameter_set: str) -> bool:
        """Tell whether the row belongs to a parameter set: its own, or every one."""
        name = self.values.get("set", "")
        return isinstance(name, Broken) or name in ("", parameter_set)


@dataclass
class Draft:
    """What was read from a folder, with the faults found on the way; nothing is used before it is checked.

    `unread` are tables that are missing or could only be read in part; `lost` holds by table the words that
    stand in cells or rows that could not be read. Checks ask both, so that one mistake is told once. `absent`
    are optional tables without a file. `by_id` holds by table the rows of each id, once all are read. `found` counts
    the faults by code: those beyond the first thousand are not among `faults`. `compared` counts words compared.
    `states` are those of the folder that fitted draws are compared with, by parameter set; none when it could not be
    read. `talks_alone` tells that the folder has a negotiation and no table of places, roads, groups and people.
    """

    folder: Path
    settings: dict[str, Any] = field(default_factory=dict)
    sets: dict[str, dict[str, Any]] = field(default_factory=dict)
    tables: dict[str, list[Row]] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    absent: set[str] = field(default_factory=set)
    lost: dict[str, set[str]] = field(default_factory=dict)
    by_id: dict[str, dict[str, list[Row]]] = field(default_factory=dict)
    toml_rows: dict[str, dict[str, int]] = field(default_factory=dict)  # by file, row of each dotted key
    faults: list[Fault] = field(default_factory=list)
    zone: ZoneInfo | None = None
    found: Counter[str] = field(default_factory=Counter)
    compared: int = 0
    states: dict[str, str] = field(default_factory=dict)
    talks_alone: bool = False

    def copy(self) -> Draft:
        """Return a draft to lay a variant over and to check, while this one stays as it is; rows are shared."""
        return replace(
            self,
            tables={table: list(rows) for table, rows in self.tables.items()},
            unread=set(self.unread),
            lost={table: set(words) for table, words in self.lost.items()},
            by_id=dict(self.by_id),
            toml_rows=dict(self.toml_rows),
            faults=list(self.faults),
            found=Counter(self.found),
        )

    @property
    def has_errors(self) -> bool:
        """Tell whether anything found prevents use."""
        return any(fault.severity == "error" for fault in self.faults)

    def note(self, kind: str, where: Where, **facts: object) -> None:
        """Note a fault of a kind in faults.csv."""
        file, row, column = where
        if self._has_room(find_code(kind)):
            self.faults.append(fault(kind, (file, row or self._find_toml_row(file, column), column), **facts))

    def add(self, found: Iterable[Fault]) -> None:
        """Note faults that were found elsewhere."""
        self.faults += [one for one in found if self._has_room(one.code)]

    def _has_room(self, code: str) -> bool:
        self.found[code] += 1
        return self.found[code] <= MOST_TOLD

    def note_untold(self) -> None:
        """Say of each code how many faults were found beyond those told."""
        for code, number in sorted(self.found.items()):
            if number > MOST_TOLD:
                file = next(one.file for one in self.faults if one.code == code)
                self.note("more_faults", (file, 0, ""), number=number - MOST_TOLD, untold=code)

    def find_near(self, word: str, known: Collection[str]) -> str:
        """Return the known word most like `word`, or an empty string; also once very many have been compared."""
        self.compared += len(known)
        return find_near(word, known) if self.compared <= MOST_COMPARED else ""

    def suggest(self, word: str, known: Collection[str]) -> str:
        """Return "; did you mean ...?" for a close known word, or an empty string."""
        return _ask_for(self.find_near(word, known))

    def _find_toml_row(self, file: str, column: str) -> int:
        """Return the row of a dotted key, or of the table it should stand in; 0 if neither is there."""
        rows = self.toml_rows.get(file, {})
        while column and column not in rows:
            column = column.rpartition(".")[0]
        return rows.get(column, 0)

    def lose(self, table: str, words: Iterable[str]) -> None:
        """Remember words of cells that could not be read: a reference to one is no second fault."""
        self.lost.setdefault(table, set()).update(word.strip() for word in words)

    def may_be_lost(self, table: str, name: str) -> bool:
        """Tell whether `name` may stand in an unread part of a table, perhaps misspelt there."""
        lost = self.lost.get(table, set())
        return table in self.unread or name in lost or "" in lost or bool(self.find_near(name, lost))

    def has_lost(self, *tables: str) -> bool:
        """Tell whether a table is unread or has rows or ids that could not be read."""
        return any(table in self.unread or table in self.lost for table in tables)

    def index_rows(self) -> None:
        """Enter the rows by id; called when no row will change any more."""
        for table, rows in self.tables.items():
            names: dict[str, list[Row]] = {}
            for row in rows:
                if "id" in row.values and row.can_read("id"):
                    names.setdefault(row["id"], []).append(row)
            self.by_id[table] = names

    @property
    def set_names(self) -> tuple[str, ...]:
        """Return the names of the parameter sets, or one blank name when the folder has none."""
        return tuple(self.sets) or ("",)

    def rows(self, table: str, parameter_set: str) -> list[Row]:
        """Return the rows of a table that belong to a parameter set."""
        return [row for row in self.tables.get(table, []) if row.applies(parameter_set)]

    def setting(self, name: str) -> Any:
        """Return a key of scenario.toml, or None when it is blank or could not be read."""
        value = self.settings.get(name)
        return None if isinstance(value, Broken) else value


def find_near(word: str, known: Iterable[str]) -> str:
    """Return the known word that looks most like `word` whatever the case, or an empty string."""
    by_folded = {name[:LONGEST_COMPARED].casefold(): name for name in sorted(known)}
    close = difflib.get_close_matches(word[:LONGEST_COMPARED].casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[close[0]] if close else ""


def suggest(word: str, known: Iterable[str]) -> str:
    """Return "; did you mean ...?" for a close known word, or an empty string."""
    return _ask_for(find_near(word, known))


def _ask_for(near: str) -> str:
    return f'; did you mean "{near}"?' if near else ""


def lower_first(text: str) -> str:
    """Return a meaning as it stands within a sentence."""
    return text[:1].lower() + text[1:]


def say_set(parameter_set: str) -> str:
    """Return in which parameter set, to end a sentence with; nothing for a folder without sets."""
    return f' in the set "{parameter_set}"' if parameter_set else ""


def show(text: object) -> str:
    """Return the user's text in quotes, shortened to fit a line, with what could steer a terminal made visible."""
    shown = make_visible(" ".join(str(text)[: 10 * LONGEST_SHOWN].split()))
    return f'"{shown[:LONGEST_SHOWN]}…"' if len(shown) > LONGEST_SHOWN else f'"{shown}"'
