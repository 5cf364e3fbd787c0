"""Words that say how surely a number is meant: "about", "at least", "up to", before it or behind it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

SPACE = r"(?:[ \u00a0\u202f]|\r?\n)"
# What a hedge does to a number: about (near it), at least (it or more), up to (it or less).
_BEFORE = {
    "about": "about|around|approximately|approx.|roughly|some|circa|an estimated|estimated|close to|"
    "closer to|nearer|perhaps|maybe|probably|an average of|on average|nearly|almost|just under|just over|"
    "just above|a little over|slightly more than|slightly less than",
    "up to": "up to|as many as|as much as|at most|at the most|no more than|not more than|"
    "fewer than|less than|under|below|a maximum of",
    "at least": "at least|more than|over|no fewer than|not fewer than|no less than|not less than|upwards of|"
    "in excess of|well over|a minimum of|exceeding",
}
_AFTER = {
    "about": "or so",
    "up to": "or less|or fewer|at most|at the most|at best",
    "at least": "or more|at least",
}


class Hedge(NamedTuple):
    """A hedge at [start, end) of a text: its kind (about, at least, up to) and its words."""

    start: int
    end: int
    kind: str
    words: str


def any_of(phrases: Iterable[str]) -> str:
    """Return a pattern for any of the phrases, the longest first, whose spaces may be line ends."""
    longest = sorted(phrases, key=len, reverse=True)
    return "|".join(re.escape(phrase).replace("\\ ", SPACE) for phrase in longest)


def _by_phrase(kinds: dict[str, str]) -> dict[str, str]:
    return {phrase: kind for kind, phrases in kinds.items() for phrase in phrases.split("|")}


_KIND_BEFORE, _KIND_AFTER = _by_phrase(_BEFORE), _by_phrase(_AFTER)
_HEDGE_BEFORE = re.compile(
    rf"(?<![\w-])(?P<words>{any_of(_KIND_BEFORE)}){SPACE}(?:the{SPACE})?(?:between{SPACE})?$", re.IGNORECASE
)
_HEDGE_AFTER = re.compile(rf"{SPACE}(?P<words>{any_of(_KIND_AFTER)})\b", re.IGNORECASE)
# The words a hedge may end with: what stands before most numbers is none of them and is not searched.
_LAST_WORDS = frozenset(phrase.split()[-1] for phrase in _KIND_BEFORE) | {"the", "between"}
_LONGEST = 36


def read_hedge_before(text: str, end: int) -> Hedge | None:
    """Return the hedge that ends right before `end`."""
    before = text[max(0, end - _LONGEST) : end]
    last = before.rstrip()[-13:].split()[-1:]
    if not last or last[0].lower() not in _LAST_WORDS:
        return None
    match = _HEDGE_BEFORE.search(before)
    return _hedge(match, _KIND_BEFORE, end - len(match[0]), end) if match else None


def read_hedge_after(text: str, start: int) -> Hedge | None:
    """Return the hedge that begins right behind `start`."""
    match = _HEDGE_AFTER.match(text, start)
    return _hedge(match, _KIND_AFTER, start, match.end()) if match else None


def _hedge(match: re.Match[str], kinds: dict[str, str], start: int, end: int) -> Hedge:
    return Hedge(start, end, kinds[re.sub(r"\s+", " ", match["words"].lower())], match["words"])
