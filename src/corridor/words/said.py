"""A sentence as data, before it is text: its id in the catalogue, and fields that know what they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


class Html(Protocol):
    """Something that is HTML already, such as a link that a template has made."""

    def __html__(self) -> str: ...


@dataclass(frozen=True)
class Stated:
    """A number as it was stated or counted: not rounded."""

    value: float


@dataclass(frozen=True)
class About:
    """A number that is only roughly known: two significant digits."""

    value: float


@dataclass(frozen=True)
class Rounded:
    """A number rounded to a multiple of `step`; 0: to three significant digits."""

    value: float
    step: float = 0.0


@dataclass(frozen=True)
class Digits:
    """A number with so many digits after the point."""

    value: float
    places: int = 0


@dataclass(frozen=True)
class Share:
    """A share of one, in per cent."""

    value: float


@dataclass(frozen=True)
class Chance:
    """A share of the replicates: "in 3 of 10 runs", in per cent near the ends."""

    share: float


@dataclass(frozen=True)
class Range:
    """A median with the range of 9 in 10, rounded alike: to what the range lets know, no finer than `finest`."""

    low: float
    middle: float
    high: float
    finest: float = 1.0


@dataclass(frozen=True)
class Middle:
    """The median of a range alone, rounded as the range is."""

    of: Range


@dataclass(frozen=True)
class Ends:
    """What follows a median within a sentence: " (9 in 10 chance between 38,000 and 72,000)"; nothing where sure."""

    of: Range


@dataclass(frozen=True)
class Moment:
    """A time of a day: "26 September 20:00"; with the year, and without the hour at midnight, where asked."""

    time: datetime
    year: bool = False
    bare: bool = False


@dataclass(frozen=True)
class Day:
    """A day, short, for axes: "26 Sep"."""

    time: datetime


@dataclass(frozen=True)
class Clock:
    """The time of a day alone: "20:00"."""

    time: datetime


@dataclass(frozen=True)
class Several:
    """Things in a row: "a, b and c"; with `between` that stands between each two instead ("; ", " ", nothing)."""

    parts: tuple[Field, ...]
    between: str | None = None


@dataclass(frozen=True)
class Capital:
    """Something as it begins a sentence."""

    of: Field


@dataclass(frozen=True)
class Unended:
    """A sentence without its full stop, to which something is added."""

    of: Field


@dataclass(frozen=True)
class Number:
    """A number as it is shown, and what it is of: a quantity at a time in a scope ("" is everything)."""

    amount: Range | Stated | About | Said
    quantity: str
    scope: str
    time: str


@dataclass(frozen=True)
class Said:
    """A sentence, or a part of one, by its id in the catalogue and its fields. A plain text is the user's own word."""

    name: str
    fields: dict[str, Field] = field(default_factory=dict)


Field = (
    str
    | Html
    | Said
    | Number
    | Stated
    | About
    | Rounded
    | Digits
    | Share
    | Chance
    | Range
    | Middle
    | Ends
    | Moment
    | Day
    | Clock
    | Several
    | Capital
    | Unended
)


def say(name: str, /, **fields: Field) -> Said:
    """Return a sentence of the catalogue with its fields; nothing is written or translated yet."""
    return Said(name, fields)


def join(*parts: Field, between: str | None = None) -> Several:
    """Return things in a row: "a, b and c", or with what stands between each two of them."""
    return Several(parts, between)
