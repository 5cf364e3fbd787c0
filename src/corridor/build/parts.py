"""Figures that a file gives both as a total and by sex, age or group: each person counted once."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

_ALL = {"", "all", "t", "tl", "total", "both", "t_tl", "all ages", "both sexes", "total population", "t_total"}
_PART_OF_TOTAL = "a part of a total that is used"
_OTHER_PARTS = "the same people split another way"


@dataclass(frozen=True)
class Part:
    """One row's figure: what it is of, how it is split (a text for each dimension), the number, and its line."""

    of: Hashable
    split: tuple[str, ...]
    number: float
    line: int


def is_all(text: str) -> bool:
    """Tell whether a word for a sex, an age or a group means all of them."""
    return text.strip().casefold() in _ALL


def choose_parts(parts: Sequence[Part]) -> tuple[list[Part], list[tuple[Part, str]]]:
    """Return the parts that together count everybody of one thing once, and those left out, each with its reason.

    The row that is a total of everything is taken where there is one, else the rows that are split by the fewest
    dimensions, all by the same ones.
    """
    by_dimensions: dict[tuple[int, ...], list[Part]] = {}
    for part in parts:
        split = tuple(at for at, text in enumerate(part.split) if not is_all(text))
        by_dimensions.setdefault(split, []).append(part)
    chosen = min(by_dimensions, key=lambda dimensions: (len(dimensions), dimensions))
    used: dict[tuple[str, ...], Part] = {}
    left = []
    for part in by_dimensions.pop(chosen):
        key = tuple(text.casefold() for text in part.split)
        if key not in used:
            used[key] = part
        else:
            same = used[key].number == part.number
            left.append((part, "the same row again" if same else "a second figure for the same people"))
    reason = _OTHER_PARTS if chosen else _PART_OF_TOTAL
    left += [(part, reason) for others in by_dimensions.values() for part in others]
    return list(used.values()), left
