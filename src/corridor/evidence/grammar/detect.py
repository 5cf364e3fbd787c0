"""Which language a text is in, told by its commonest words; one that is not read is named where that is possible."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from importlib import resources
from typing import NamedTuple

from corridor.evidence.grammar.language import LANGUAGES, Language, load_language

_SAMPLE = 20_000  # characters
_FEW = 20  # words; so short a text is English, unless as many more of its words as
_SURELY = 2  # are common in another language
_CLEARLY = 1.2  # times as many of a longer text's words must be common in a language that is not read
_MANY = 80  # words, of which
_LEAST = 0.04  # this share at least are among the commonest of their language
_ROW = re.compile(r"[^\n]*[|\t][^\n]*")  # of a table: names and nouns alone
_WORD = re.compile(r"[^\W\d_]+")


class Detected(NamedTuple):
    """The language of a text, None for one that is not read; `name` is its English name, "" if it is not known."""

    language: Language | None
    name: str


def detect_language(text: str) -> Detected:
    """Return the language that most of the commonest words of a text are of."""
    found = _WORD.findall(_ROW.sub("", text[:_SAMPLE]))
    words = [word.lower() for word in found if len(word) == 1 or not word.isupper()]  # "EST" is a zone of time
    hits = {code: _count(words, load_language(code).stop_words) for code in LANGUAGES}
    best = max(hits, key=lambda code: hits[code])
    others = {name: _count(words, listed) for name, listed in _load_others().items()}
    other = max(others, key=lambda name: others[name])
    if len(words) < _FEW:
        is_other = others[other] >= hits[best] + _SURELY
        best = best if hits[best] >= hits["en"] + _SURELY else "en"
    else:
        is_other = others[other] > max(_LEAST * len(words), _CLEARLY * hits[best])
    if is_other:
        return Detected(None, other)
    if len(words) >= _MANY and hits[best] < _LEAST * len(words):
        return Detected(None, "")
    return Detected(load_language(best), load_language(best).name)


def _count(words: Collection[str], listed: Collection[str]) -> int:
    return sum(word in listed for word in words)


def _load_others() -> Mapping[str, frozenset[str]]:
    file = resources.files("corridor.evidence.grammar").joinpath("languages", "others.toml")
    return {name: frozenset(words.split()) for name, words in tomllib.loads(file.read_text(encoding="utf-8")).items()}
