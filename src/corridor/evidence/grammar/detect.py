"""Which language a text is in, told by its commonest words; one that is not read is named where that is possible."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from importlib import resources
from typing import NamedTuple

from corridor.evidence.grammar.language import LANGUAGES, Language, load_language

_SAMPLE = 20_000  # characters
_FEW = 20  # words; so short a text is English, unless more than this many of its words
_SURELY = 2  # are common in another language that is read and not in English
_MANY = 80  # words, of which
_LEAST = 0.04  # this share at least are among the commonest of their language
_CLEARLY = 1.2  # times as many of its words must stand there for a language that is not read
_WORD = re.compile(r"[^\W\d_]+")


class Detected(NamedTuple):
    """The language of a text, None for one that is not read; `name` is its English name, "" if it is not known."""

    language: Language | None
    name: str


def detect_language(text: str) -> Detected:
    """Return the language that most of the commonest words of a text are of."""
    found = _WORD.findall(text[:_SAMPLE])
    words = [word.lower() for word in found if len(word) == 1 or not word.isupper()]  # "EST" is a zone of time
    shares = {code: _share(words, load_language(code).stop_words) for code in LANGUAGES}
    best = max(shares, key=lambda code: shares[code])
    if len(words) < _FEW and (shares[best] - shares["en"]) * len(words) < _SURELY:
        best = "en"
    detected = Detected(load_language(best), load_language(best).name)
    if len(words) < _FEW:
        return detected
    others = {name: _share(words, listed) for name, listed in _load_others().items()}
    other = max(others, key=lambda name: others[name])
    if others[other] > max(_LEAST, _CLEARLY * shares[best]):
        return Detected(None, other)
    return Detected(None, "") if len(words) >= _MANY and shares[best] < _LEAST else detected


def _share(words: Collection[str], listed: Collection[str]) -> float:
    return sum(word in listed for word in words) / max(1, len(words))


def _load_others() -> Mapping[str, frozenset[str]]:
    file = resources.files("corridor.evidence.grammar").joinpath("languages", "others.toml")
    return {name: frozenset(words.split()) for name, words in tomllib.loads(file.read_text(encoding="utf-8")).items()}
