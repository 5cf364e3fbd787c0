"""A file of fitted draws as `corridor forecast` writes it: read here, so that a check can tell a damaged one.

Its first lines are comments that say for people how it was made, and three of them for the reader:

# rows: 500
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

UNKNOWN = "unknown"  # what a file made before files were stamped says of its scenario, where it did not name it
_STAMP = re.compile(r'^"?# *(rows|content|scenario): *(\w+)[",;\s]*$', re.MULTILINE)
_OLD_NOTE = re.compile(r"^# .*Scenario content ([0-9a-f]{16})\.", re.MULTILINE)
LUCK = "luck_until_hour_"
LARGEST = 2**63  # numbers of the luck are kept in 64 bits


@dataclass(frozen=True)
class Draws:
    """N rows: numbers of the luck for slices of time that end at `hours` [K], and values of the quantities `names`.

    `hash` is that of the cells; `made_for` begins the hash of the scenario they were made for, or is UNKNOWN.
    """

    seed: int
    hours: tuple[float, ...]
    luck: list[list[int]]  # [N][K]
    names: tuple[str, ...]
    values: list[list[float]]  # [N][names]
    hash: str
    made_for: str

    def fits(self, state: str) -> bool:
        """Tell whether the draws were made for the scenario of this state."""
        return state.startswith(self.made_for)


class UnstampedError(ValueError):
    """Raised for a file of fitted draws that does not say how many rows it has and what their hash is."""


def stamp(cells: list[list[str]], made_for: str) -> str:
    """Return the comment lines by which a file of these cells (header first) is known to be whole."""
    return f"# rows: {len(cells) - 1}\n# content: {_hash_cells(cells, made_for)}\n# scenario: {made_for}\n"


def stamp_text(text: str) -> str:
    """Return the text of a file made before files were stamped with its stamp; what it was made for it may tell."""
    told = _OLD_NOTE.search(text)
    cells = _read_cells(text)
    _parse_cells(cells, "", "")
    return stamp(cells, told[1] if told else UNKNOWN) + text


def _hash_cells(cells: list[list[str]], made_for: str) -> str:
    text = "\n".join([made_for, *(",".join(row) for row in cells)])
    return hashlib.sha256(text.encode()).hexdigest()


def parse_draws(text: str) -> Draws:
    """Read a file of fitted draws. Raises ValueError with the reason when it is none or is damaged.

    Raises UnstampedError, a ValueError, when it is as it should be but carries no stamp.
    """
    cells = _read_cells(text)
    stamps = dict(_STAMP.findall(text))
    made_for = stamps.get("scenario", UNKNOWN)
    draws = _parse_cells(cells, _hash_cells(cells, made_for), made_for)
    if stamps.keys() != {"rows", "content", "scenario"}:
        raise UnstampedError
    if stamps["rows"] != str(len(draws.luck)):
        message = f"{len(draws.luck)} rows where {stamps['rows'][:20]} were written"
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
    hours = [name for name in header if name.startswith(LUCK)]
    first = len(hours) + 1
    if not hours or not body or header[:first] != ["seed", *hours]:
        raise ValueError(", ".join(header[:2]) or "nothing")
    for number, row in enumerate(body, start=1):
        if len(row) != len(header):
            message = f"{len(row)} cells in row {number} below a header of {len(header)}"
            raise ValueError(message)
    draws = Draws(
        int(body[0][0]),
        tuple(float(name.removeprefix(LUCK)) for name in hours),
        [[int(cell) for cell in row[1:first]] for row in body],
        tuple(header[first:]),
        [[float(cell) for cell in row[first:]] for row in body],
        content,
        made_for,
    )
    if not all(0 <= number < LARGEST for row in [[draws.seed], *draws.luck] for number in row):
        message = "a seed or number of luck that cannot be one"
        raise ValueError(message)
    if not all(math.isfinite(value) for row in (draws.hours, *draws.values) for value in row):
        message = "a value that is no number"
        raise ValueError(message)
    if not all(0 < early < late for early, late in pairwise((*draws.hours, math.inf))):
        message = "hours of luck that do not rise"
        raise ValueError(message)
    return draws
