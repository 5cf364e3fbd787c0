"""What became of a file: how many rows were read, how many used, and why the others were not."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from corridor.scenario.faults import UsageError

MOST_LINES = 5  # lines of the file named for each reason


@dataclass(frozen=True)
class SourceFile:
    """A file that figures were taken from: its name, the SHA-256 of its bytes, who published it, under which licence.

    `published` is a day or a time as it is written in a case, blank where nobody said it.
    """

    name: str
    sha256: str
    size: int
    publisher: str = ""
    title: str = ""
    licence: str = ""
    address: str = ""
    published: str = ""


@dataclass
class Reading:
    """The account of one file: rows read = rows used + rows dropped, each drop with its reason.

    `dropped` counts by reason, `lines` holds the first few lines of each, `notes` what a person should know besides.
    """

    file: str
    what: str = "rows"
    used: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    lines: dict[str, list[int]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def read(self) -> int:
        """Return how many rows were read."""
        return self.used + self.dropped.total()

    def use(self, number: int = 1) -> None:
        """Count rows that were used."""
        self.used += number

    def drop(self, line: int, reason: str) -> None:
        """Count a row that was not used, and why."""
        self.dropped[reason] += 1
        named = self.lines.setdefault(reason, [])
        if len(named) < MOST_LINES:
            named.append(line)

    def take_back(self, line: int, reason: str) -> None:
        """Count a row that was taken for used as dropped after all."""
        self.used -= 1
        self.drop(line, reason)

    def note(self, text: str) -> None:
        """Add what a person should know, once."""
        if text not in self.notes:
            self.notes.append(text)

    def __str__(self) -> str:
        """Return the account in words, the commonest reason first."""
        first = f"{self.file}: read {self.read:,} {self.what}, used {self.used:,}"
        if self.dropped:
            first += f", dropped {self.dropped.total():,}:"
        told = [f"  {number:,} {reason} ({self._say_lines(reason)})" for reason, number in self.dropped.most_common()]
        return "\n".join([first, *told, *(f"  note: {note}" for note in self.notes)])

    def _say_lines(self, reason: str) -> str:
        named, number = self.lines[reason], self.dropped[reason]
        text = ", ".join(map(str, named)) + (", ..." if number > len(named) else "")
        return f"line {text}" if number == 1 else f"lines {text}"

    def describe(self) -> dict[str, object]:
        """Return the account as JSON-ready data."""
        return {
            "file": self.file,
            "what": self.what,
            "read": self.read,
            "used": self.used,
            "dropped": dict(self.dropped),
            "lines": self.lines,
            "notes": self.notes,
        }


def require_used(reading: Reading) -> None:
    """Raise UsageError with the whole account when nothing of a file could be used."""
    if not reading.used:
        message = f"nothing in {reading.file} could be used:\n{reading}"
        raise UsageError(message)
