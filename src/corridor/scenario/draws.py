"""A file of what a forecast has learnt, as `corridor forecast` writes it; read here so that a check can tell damage.

A row is a moment at which counts were read: the hour since the start of the period, and for each particle the number of
the one it went on as a copy of (`parents`). Before the table stand comments that say for people how it was made, and
three for the reader:

# rows: 12
# content: SHA-256 of the cells below and of the state named in the next line
# scenario: state of the scenario that it was made for (content.hash_state), or unknown
"""

from __future__ import annotations

import csv
import hashlib
import math
import re
from dataclasses import dataclass
from itertools import pairwise

UNKNOWN = "unknown"  # what a file says of its scenario that does not name it
HEADER = ["seed", "hour", "parents"]
LARGEST = 2**63  # seeds are kept in 64 bits
_STAMP = re.compile(r'^"?# *(rows|content|scenario): *(\w+)[",;\s]*$', re.MULTILINE)
_OLD = "luck_until_hour_"  # how the second column of files was called that versions before 0.3 made


@dataclass(frozen=True)
class Draws:
    """N particles, K moments. `hash` is that of the cells; `made_for` begins that of the scenario, or is UNKNOWN."""

    seed: int
    hours: tuple[float, ...]  # [K]
    parents: tuple[tuple[int, ...], ...]  # [K][N]
    hash: str
    made_for: str

    def fits(self, state: str) -> bool:
        """Tell whether the draws were made for the scenario of this state."""
        return state.startswith(self.made_for)


class OldDrawsError(ValueError):
    """Raised for a file of fitted draws as versions before 0.3 made them, by another method."""


def write_draws(draws: Draws, notes: list[str]) -> str:
    """Return the text of a file; `notes` say for people how it was made."""
    cells = [
        HEADER,
        *([str(draws.seed), f"{h:.10g}", _join(p)] for h, p in zip(draws.hours, draws.parents, strict=True)),
    ]
    stamps = {"rows": len(cells) - 1, "content": _hash_cells(cells, draws.made_for), "scenario": draws.made_for}
    lines = [f"# {note}" for note in notes] + [f"# {name}: {value}" for name, value in stamps.items()]
    return "\n".join([*lines, *(",".join(row) for row in cells)]) + "\n"


def _join(parents: tuple[int, ...]) -> str:
    return " ".join(map(str, parents))


def _hash_cells(cells: list[list[str]], made_for: str) -> str:
    text = "\n".join([made_for, *(",".join(row) for row in cells)])
    return hashlib.sha256(text.encode()).hexdigest()


def parse_draws(text: str) -> Draws:
    """Read a file of what was learnt. Raises ValueError with the reason when it is none or is damaged.

    Raises OldDrawsError, a ValueError, when an older version made it.
    """
    cells = _read_cells(text)
    if len(cells[0]) > 1 and cells[0][1].startswith(_OLD):
        raise OldDrawsError
    stamps = dict(_STAMP.findall(text))
    made_for = stamps.get("scenario", UNKNOWN)
    draws = _parse_cells(cells, _hash_cells(cells, made_for), made_for)
    if stamps.keys() != {"rows", "content", "scenario"}:
        message = "no count of its rows and no hash of them"
        raise ValueError(message)
    if stamps["rows"] != str(len(draws.hours)):
        message = f"{len(draws.hours)} rows where {stamps['rows'][:20]} were written"
        raise ValueError(message)
    if stamps["content"] != draws.hash:
        message = "other cells than were written (their hash differs)"
        raise ValueError(message)
    return draws


def _read_cells(text: str) -> list[list[str]]:
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith(("#", '"#'))]
    try:
        return list(csv.reader(lines)) or [[]]
    except csv.Error as error:
        raise ValueError(str(error)) from error


def _parse_cells(cells: list[list[str]], content: str, made_for: str) -> Draws:
    header, *body = cells
    if header != HEADER or not body:
        raise ValueError(", ".join(header[:2])[:80] or "nothing")
    for number, row in enumerate(body, start=1):
        if len(row) != len(header):
            message = f"{len(row)} cells in row {number} below a header of {len(header)}"
            raise ValueError(message)
    parents = tuple(tuple(int(cell) for cell in row[2].split()) for row in body)
    hours = tuple(float(row[1]) for row in body)
    seeds = {int(row[0]) for row in body}
    many = len(parents[0])
    if len(seeds) != 1 or not 0 <= min(seeds) < LARGEST:
        message = "a seed that cannot be one"
        raise ValueError(message)
    if not many or any(len(row) != many or not all(0 <= parent < many for parent in row) for row in parents):
        message = "particles that come from none"
        raise ValueError(message)
    if not all(0 <= early <= late for early, late in pairwise((*hours, math.inf))):
        message = "hours that fall"
        raise ValueError(message)
    return Draws(min(seeds), hours, parents, content, made_for)
