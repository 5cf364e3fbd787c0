"""Words that say how surely a number is meant: "about", "at least", "up to", before it or behind it."""

from __future__ import annotations

import re
from typing import NamedTuple

from corridor.evidence.grammar.language import Language


class Hedge(NamedTuple):
    """A hedge at [start, end) of a text: its kind (about, at least, up to) and its words."""

    start: int
    end: int
    kind: str
    words: str


# What a hedge does to a number: about (near it), at least (it or more), up to (it or less).
_KINDS = ("about", "up to", "at least")
_LONGEST = 36
_SIGNS = {"~": "about", "≈": "about", ">": "at least", "≥": "at least", "<": "up to", "≤": "up to"}


def read_hedge_before(text: str, end: int, language: Language) -> Hedge | None:
    """Return the hedge that ends right before `end`."""
    before = text[max(0, end - _LONGEST) : end]
    if before[-1:] in _SIGNS:
        return Hedge(end - 1, end, _SIGNS[before[-1]], before[-1])
    last = before.rstrip()[-13:].split()[-1:]
    if not last or last[0].lower() not in language.words["hedges_end"]:
        return None  # what stands before most numbers is no hedge and is not searched
    match = language["hedge_before"].search(before)
    if match and language["no_hedge_before"].search(text[max(0, end - len(match[0]) - 20) : end - len(match[0])]):
        return None  # "concerned about 190 households"
    return _hedge(match, end - len(match[0]), end) if match else None


def read_hedge_after(text: str, start: int, language: Language) -> Hedge | None:
    """Return the hedge that begins right behind `start`."""
    match = language["hedge_after"].match(text, start)
    return _hedge(match, start, match.end()) if match else None


def _hedge(match: re.Match[str], start: int, end: int) -> Hedge:
    kind = next(kind for kind in _KINDS if match[kind.replace(" ", "_")])
    return Hedge(start, end, kind, match["words"])
