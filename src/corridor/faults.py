"""What is wrong with what the user wrote: every fault at once, each with where, what and how to mend it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


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


class FaultsError(Exception):
    """Raised when input cannot be used. `faults` holds all of them, sorted; the message shows them all.

    `exit_code` is what the command line ends with: 3 for a scenario, 4 for an evidence check.
    """

    def __init__(self, faults: Iterable[Fault], exit_code: int = 3) -> None:
        self.exit_code = exit_code
        self.faults: list[Fault] = sorted(set(faults))
        super().__init__("\n".join(fault.describe() for fault in self.faults))


class UsageError(Exception):
    """Raised when a command or call cannot be carried out as asked (an unknown name, a folder in use)."""


class InterruptedRunError(Exception):
    """Raised when long work stopped before its end (a full disk, a killed worker) and can be resumed."""


def faults_document(faults: Sequence[Fault]) -> dict[str, object]:
    """Return faults as one JSON-ready document with a count for each code."""
    counts: dict[str, int] = {}
    for fault in faults:
        counts[fault.code] = counts.get(fault.code, 0) + 1
    return {"faults": [asdict(fault) for fault in faults], "counts": dict(sorted(counts.items()))}
