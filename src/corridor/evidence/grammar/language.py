"""A language that the grammar reads: its words, the forms built from them, its units and verbs of speech.

A language is a folder of data beside this file: `words.toml` (lists of words), `numbers.toml`, `patterns.toml`
(forms, as regular expressions in which `@name@` stands for a part or for any word of a list), `units.csv` and
`speech.csv`. The order
in which things are looked for, and what is done with what was found, is the same for all.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

LANGUAGES = ("en",)
_PART = re.compile(r"@([a-z_]+)@")
_BREAK = re.compile(r"(?:^|\n)\s*")  # a form may go on in the next line


class UnitWord(NamedTuple):
    """The unit that a word stands for, and its kind (person, group, thing, measure, time)."""

    unit: str
    kind: str


class Verb(NamedTuple):
    """A verb of speech: its stance, whether what is said may change it (`decides`, `claim`, `fixed`), and the form of
    patterns.toml that must stand behind it unless "that" or a quotation does ("" for none).
    """

    stance: str
    content: str
    needs: str


@dataclass(frozen=True, eq=False)
class Language:
    """Words and forms of one language; `language["mark"]` is a form, `language.words["roles"]` a set of words.

    `listed` holds the same words in their order, `plurals` and `singulars` the words for units, `verbs` the forms of
    verbs of speech, all in small letters. `values` are words of numbers, `scales` those that multiply, `fractions`
    words of parts, `decimal` the mark before decimals; `money` are signs of currencies with their units,
    `money_scales` what may stand behind such a number; `single_units` what is written otherwise in a rate;
    `days` and `shifts` tell how far "yesterday" and "next" are from the report.
    """

    code: str
    listed: Mapping[str, tuple[str, ...]]
    words: Mapping[str, frozenset[str]]
    patterns: Mapping[str, re.Pattern[str]]
    plurals: Mapping[str, UnitWord]
    singulars: Mapping[str, UnitWord]
    verbs: Mapping[str, Verb]
    values: Mapping[str, float]
    scales: Mapping[str, float]
    fractions: Mapping[str, float]
    money: Mapping[str, str]
    money_scales: Mapping[str, float]
    single_units: Mapping[str, str]
    decimal: str
    days: Mapping[str, int]
    shifts: Mapping[str, int]

    def __getitem__(self, name: str) -> re.Pattern[str]:
        """Return a form by its name."""
        return self.patterns[name]


@cache
def load_language(code: str = "en") -> Language:
    """Return a language of LANGUAGES by its code."""
    listed = {name: _split(words) for name, words in _load_toml(code, "words.toml").items()}
    sections = _load_toml(code, "patterns.toml")
    verbs = {row["word"]: Verb(row["stance"], row["content"], row["needs"]) for row in _load_rows(code, "speech.csv")}
    numbers = _load_toml(code, "numbers.toml")
    tables = {name: tuple(table) for name, table in numbers.items() if isinstance(table, dict)}
    lists = listed | {"verbs": tuple(verbs)} | tables
    parts = {name: any_of(words) for name, words in lists.items()} | sections.pop("parts")
    forms = {name: form for table in sections.values() for name, form in table.items()}
    plurals, singulars = _load_units(code)
    return Language(
        code=code,
        listed=listed,
        words={name: frozenset(words) for name, words in listed.items()},
        patterns={name: re.compile(_fill(form, parts)) for name, form in forms.items()},
        plurals=plurals,
        singulars=singulars,
        verbs=verbs,
        **numbers,
    )


def any_of(phrases: tuple[str, ...]) -> str:
    """Return a pattern for any of the phrases, the longest first, whose spaces may be line ends."""
    longest = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return "|".join(re.escape(phrase).replace("\\ ", SPACE) for phrase in longest)


SPACE = r"(?:[ \u00a0\u202f]|\r?\n)"


def _split(words: str) -> tuple[str, ...]:
    """Return the items of a list: single words apart by spaces, or phrases apart by `|`."""
    if "|" not in words:
        return tuple(words.split())
    return tuple(" ".join(phrase.split()) for phrase in words.split("|") if phrase.strip())


def _fill(form: str, parts: Mapping[str, str]) -> str:
    form = _BREAK.sub("", form)
    while _PART.search(form):
        form = _PART.sub(lambda match: _BREAK.sub("", parts[match[1]]), form)
    return form


def _read(code: str, name: str) -> str:
    return resources.files("corridor.evidence.grammar").joinpath(code, name).read_text(encoding="utf-8")


def _load_toml(code: str, name: str) -> dict[str, Any]:
    return tomllib.loads(_read(code, name))


def _load_rows(code: str, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(_read(code, name).splitlines()))


def _load_units(code: str) -> tuple[dict[str, UnitWord], dict[str, UnitWord]]:
    plurals: dict[str, UnitWord] = {}
    singulars: dict[str, UnitWord] = {}
    for row in _load_rows(code, "units.csv"):
        word = UnitWord(row["unit"], row["kind"])
        plurals[row["plural"].lower()] = word
        if row["singular"]:
            singulars[row["singular"].lower()] = word
    return plurals, singulars
