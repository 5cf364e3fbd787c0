"""What an uncertain number is called in a sentence: plain words, without mathematics."""

from __future__ import annotations

from corridor.words.catalogue import load_sentences
from corridor.words.said import Field, say


def name_plainly(table: str, column: str, meaning: str) -> Field:
    """Return the words for a column, or for the parameter of that name; without such words what the field means."""
    if (name := f"plain.{table}.{column}") in load_sentences():
        return say(name)
    words = meaning.split(";")[0].split("(")[0].strip()
    return words[:1].lower() + words[1:]
