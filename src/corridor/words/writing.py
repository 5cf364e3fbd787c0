"""A sentence written in a language: as plain text, or as HTML in which every number says what it is of."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import Any

from corridor.scenario.visible import make_visible
from corridor.words.catalogue import find_template, load_sentences, split_template
from corridor.words.language import ENGLISH, Language
from corridor.words.numbers import write_day, write_digits, write_list, write_moment
from corridor.words.rounding import round_about, round_number, round_three
from corridor.words.said import (
    About,
    Capital,
    Chance,
    Clock,
    Day,
    Digits,
    Ends,
    Field,
    Middle,
    Moment,
    Number,
    Range,
    Rounded,
    Said,
    Several,
    Share,
    Stated,
    Unended,
    say,
)

_BEGINNING = re.compile(r"^((?:<[^>]*>)*)(\w)")


def write(said: Field, language: Language = ENGLISH, apart: tuple[str, str] | None = None) -> str:
    """Return a sentence, or one of its fields, as plain text; `apart` stands around each name of the user."""
    return _Writer(language, html=False, apart=apart or ("", "")).write(said)


def mark(said: Field, language: Language = ENGLISH) -> str:
    """Return a sentence as HTML, each number marked with what it is of.

    Names of the user are escaped, and kept apart from the direction of the line on a page that runs to the left.
    """
    return _Writer(language, html=True).write(said)


def tell(language: Language, name: str, /, **fields: Field) -> str:
    """Return a sentence of the catalogue as plain text in a language."""
    return write(Said(name, fields), language)


def is_field(value: object) -> bool:
    """Tell whether something is a field that this module writes, beside plain text and HTML."""
    return type(value) in _KINDS


def mark_apart(number: Number, language: Language = ENGLISH) -> str:
    """Return a number as HTML that says what it is of, its range on a line of its own."""
    middle, ends = write_apart(number.amount, language)
    return _wrap(number, f"<b>{escape(middle)}</b><i>{escape(ends)}</i>" if ends else escape(middle))


def write_apart(amount: Field, language: Language = ENGLISH) -> tuple[str, str]:
    """Return what is written of a number, and the ends of its range apart ("4,000 to 7,000"); nothing where sure."""
    if not isinstance(amount, Range):
        return write(amount, language), ""
    middle, low, high = (_Written(text) for text in _round(amount))
    return write(middle, language), "" if low == high else write(say("number.ends", low=low, high=high), language)


def choose_template(said: Said, language: Language) -> str:
    """Return the template of a sentence in a language, in the form of the plural that its number asks for."""
    sentence = load_sentences()[said.name]
    counted = said.fields.get(sentence.count) if sentence.count else None
    return find_template(said.name, language, int(counted.value) if isinstance(counted, Stated) else None)


class _Written(str):
    """Digits that are rounded already, in English signs."""

    __slots__ = ()


def _round(amount: Range) -> list[str]:
    return round_three(amount.low, amount.middle, amount.high, amount.finest)


def _wrap(number: Number, shown: str) -> str:
    names = {"quantity": number.quantity, "scope": number.scope, "time": number.time}
    marks = " ".join(f'data-{name}="{escape(make_visible(value))}"' for name, value in names.items())
    return f"<span {marks}>{shown}</span>"


def _escape_sentence(text: str) -> str:
    return escape(text, quote=False).replace('"', "&quot;")  # an apostrophe breaks nothing, and French is full of them


def _write_stated(value: float) -> str:
    return round_number(value, 1.0) if float(value).is_integer() else f"{value:,g}"


class _Writer:
    """What writes fields in one language, by their kind."""

    def __init__(self, language: Language, html: bool, apart: tuple[str, str] = ("", "")) -> None:
        self.language, self.html, self.apart = language, html, apart

    def write(self, field: Field | Any) -> str:
        kind = type(field)
        if kind in _KINDS:
            return _KINDS[kind](self, field)
        if hasattr(field, "__html__"):
            return str(field.__html__()) if self.html else str(field)
        return self.name(str(field))

    def name(self, text: str) -> str:
        """Write a user's own word."""
        if not self.html:
            return f"{self.apart[0]}{text}{self.apart[1]}" if text else ""
        shown = escape(make_visible(text))
        return f"<bdi>{shown}</bdi>" if self.language.runs_left and text else shown

    def said(self, said: Said) -> str:
        parts = []
        for text, field in split_template(choose_template(said, self.language)):
            parts.append(_escape_sentence(text) if self.html else text)
            if field is not None:
                parts.append(self.write(said.fields[field]))
        return "".join(parts)

    def digits(self, text: str) -> str:
        return write_digits(text, self.language)

    def range(self, amount: Range) -> str:
        middle, low, high = (_Written(text) for text in _round(amount))
        return self.write(middle if low == high else say("number.range", middle=middle, low=low, high=high))

    def ends(self, ends: Ends) -> str:
        _, low, high = (_Written(text) for text in _round(ends.of))
        return "" if low == high else " " + self.write(say("number.chance", low=low, high=high))

    def number(self, number: Number) -> str:
        shown = self.write(number.amount)
        return _wrap(number, shown) if self.html else shown

    def chance(self, chance: Chance) -> str:
        share = chance.share
        if share <= 0.0:
            return self.write(say("chance.none"))
        if share >= 1.0:
            return self.write(say("chance.all"))
        if share < 0.05 or share >= 0.95:
            return self.write(say("chance.percent", number=Stated(min(99, max(1, round(share * 100))))))
        return self.write(say("chance.tenths", number=Stated(round(share * 10) or 1)))

    def several(self, several: Several) -> str:
        words = [self.write(part) for part in several.parts]
        return write_list(words, self.language) if several.between is None else several.between.join(words)

    def capital(self, capital: Capital) -> str:
        return _BEGINNING.sub(lambda found: found[1] + found[2].upper(), self.write(capital.of))


_KINDS: dict[type, Callable[[_Writer, Any], str]] = {
    Said: _Writer.said,
    Number: _Writer.number,
    Range: _Writer.range,
    Ends: _Writer.ends,
    Chance: _Writer.chance,
    Several: _Writer.several,
    Capital: _Writer.capital,
    Unended: lambda w, field: w.write(field.of).removesuffix("."),
    _Written: lambda w, text: w.digits(str(text)),
    Middle: lambda w, field: w.digits(_round(field.of)[0]),
    Stated: lambda w, field: w.digits(_write_stated(field.value)),
    About: lambda w, field: w.digits(round_about(field.value)),
    Rounded: lambda w, field: w.digits(round_number(field.value, field.step)),
    Digits: lambda w, field: w.digits(f"{round(field.value, field.places) + 0.0:,.{field.places}f}"),
    Share: lambda w, field: w.write(say("number.percent", number=_Written(f"{field.value * 100:.0f}"))),
    Moment: lambda w, field: write_moment(field.time, w.language, field.year, field.bare),
    Day: lambda w, field: write_day(field.time, w.language),
    Clock: lambda w, field: f"{field.time:%H:%M}",
}
