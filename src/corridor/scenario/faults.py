"""What is wrong with what the user wrote: every fault at once, each with where, what and how to mend it.

Every kind of fault is one row of faults.csv: its code, whether it is an error or a warning, what it means, and the
words for what was found, what is allowed and how to mend it, with {facts} to be filled in.
"""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from corridor.scenario.visible import join_lines, make_visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LONGEST_FACT = 2000  # characters of one fact; a list of all columns is the longest that is told
Where = tuple[str, int, str]  # file, row (0: the whole file), column or dotted key


@dataclass(frozen=True, order=True)
class Fault:
    """One mistake in the user's files.

    `row` is the line number in the file as an editor shows it (the first is 1); 0 means the whole file.
    `column` is the header name, or the dotted key in a TOML file. `code` is stable: scripts may rely on it.
    """

    file: str
    row: int
    column: str
    code: str
    found: str
    allowed: str
    fix: str
    severity: str = "error"

    def describe(self) -> str:
        """Return the fault as one readable paragraph."""
        where = self.file
        if self.row:
            where += f", row {self.row}"
        if self.column:
            where += f", column {self.column}"
        lines = (f"found:   {self.found}", f"allowed: {self.allowed}", f"fix:     {self.fix}")
        return "\n  ".join((f"{where} [{self.code}]", *lines))


@dataclass(frozen=True)
class FaultKind:
    """One row of faults.csv. `kind` is the code, or code.case where one code has several wordings.

    The codes of Flee's folders have points in them, so there a case stands after a colon.
    """

    kind: str
    severity: str
    meaning: str
    found: str
    allowed: str
    fix: str

    @property
    def code(self) -> str:
        """Return the stable code, without the case."""
        return find_code(self.kind)


def find_code(kind: str) -> str:
    """Return the code of a kind, without the case."""
    return kind.partition(":" if kind.startswith("flee.") else ".")[0]


@cache
def load_fault_kinds() -> dict[str, FaultKind]:
    """Return every kind of fault by its name; a case takes severity and meaning from its code where it has none."""
    text = resources.files("corridor.scenario").joinpath("faults.csv").read_text(encoding="utf-8")
    kinds: dict[str, FaultKind] = {}
    for row in csv.DictReader(text.splitlines()):
        code = kinds.get(find_code(row["kind"]))
        severity, meaning = row["severity"], row["meaning"]
        if code is not None:
            severity, meaning = severity or code.severity, meaning or code.meaning
        kinds[row["kind"]] = FaultKind(row["kind"], severity, meaning, row["found"], row["allowed"], row["fix"])
    return kinds


def fault(kind: str, where: Where, **facts: object) -> Fault:
    """Return a fault of a kind, its words filled in with the facts; `hint` may be left out.

    It is told on its own lines: no text of the user's ends one or steers what shows it.

    Raises KeyError for a kind or a fact that faults.csv does not name: a mistake of ours.
    """
    entry = load_fault_kinds()[kind]
    given = {"hint": "", **{name: _tame(fact) for name, fact in facts.items()}}
    file, row, column = _tame(where[0]), where[1], _tame(where[2])
    found, allowed, fix = (text.format_map(given) for text in (entry.found, entry.allowed, entry.fix))
    return Fault(file, row, column, entry.code, found, allowed, fix, entry.severity)


def _tame(fact: object) -> Any:
    """Return a fact on one line that steers nothing and has no more than LONGEST_FACT characters."""
    if not isinstance(fact, str | Exception):
        return fact
    text = make_visible(join_lines(str(fact)))
    return text if len(text) <= LONGEST_FACT else f"{text[:LONGEST_FACT]}…"


class FaultsError(Exception):
    """Raised when input cannot be used. `faults` holds all of them, sorted; the message shows them all.

    `exit_code` is what the command line ends with: 3 for a scenario, 4 for an evidence check.
    """

    def __init__(self, faults: Iterable[Fault], exit_code: int = 3) -> None:
        self.exit_code = exit_code
        self.faults: list[Fault] = sorted(set(faults))
        super().__init__("\n".join(found.describe() for found in self.faults))


class UsageError(Exception):
    """Raised when a command or call cannot be carried out as asked (an unknown name, a folder in use)."""


class InterruptedRunError(Exception):
    """Raised when long work stopped before its end (a full disk, a killed worker) and can be resumed."""


def faults_document(faults: Sequence[Fault]) -> dict[str, object]:
    """Return faults as one JSON-ready document with a count for each code."""
    counts = Counter(found.code for found in faults)
    return {"faults": [asdict(found) for found in faults], "counts": dict(sorted(counts.items()))}
