"""A sentence in pieces, for a page that makes something of its numbers: a button, a line of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from corridor.words.catalogue import split_template
from corridor.words.language import ENGLISH, Language
from corridor.words.said import Field, Number, Said
from corridor.words.writing import choose_template, write, write_apart

APART = ("\u2068", "\u2069")  # around a name, so that its direction does not turn the text beside it


@dataclass(frozen=True)
class Piece:
    """A number as a page shows it: whole, its middle and the ends of its range apart ("" where sure), what it is of."""

    text: str
    middle: str
    range: str
    quantity: str
    scope: str
    time: str

    @property
    def document(self) -> dict[str, str]:
        """Return the piece as plain data."""
        return dict(vars(self))


def split(said: Field, language: Language = ENGLISH) -> list[str | Piece]:
    """Return a sentence as texts and numbers in order; joined, their texts are the sentence."""
    if isinstance(said, Number):
        return [split_number(said, language)]
    if not isinstance(said, Said):
        return [write(said, language, APART if language.runs_left else None)]
    pieces: list[str | Piece] = []
    for text, field in split_template(choose_template(said, language)):
        pieces += [text] if text else []
        pieces += split(said.fields[field], language) if field is not None else []
    return pieces


def split_number(number: Number, language: Language = ENGLISH) -> Piece:
    """Return a number as a page shows it."""
    middle, ends = write_apart(number.amount, language)
    return Piece(write(number, language), middle, ends, number.quantity, number.scope, number.time)


def describe_pieces(said: Field, language: Language = ENGLISH) -> list[str | dict[str, Any]]:
    """Return a sentence as plain data: texts, and numbers with what they are of."""
    return [piece if isinstance(piece, str) else piece.document for piece in split(said, language)]
