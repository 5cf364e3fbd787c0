"""What a sentence calls things of a fixed kind: series, states of a count, stances, kinds of events, tables."""

from __future__ import annotations

from corridor.words.catalogue import load_sentences
from corridor.words.said import Field, say


def name_kind(kind: str, value: str) -> Field:
    """Return the words for one of a kind, of the catalogue's `KIND.VALUE`; what it does not know in its own letters."""
    name = f"{kind}.{value}"
    return say(name) if name in load_sentences() else value.replace("_", " ")


def name_series(series: str) -> Field:
    """Return what a series of counts is called: "arrivals", "relief trucks in"."""
    return name_kind("series", series)
