"""Numbers as reports write them: separators, words, "1.2 million", ranges; nothing that is half read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from corridor.evidence.grammar.language import Language, load_language

if TYPE_CHECKING:
    from collections.abc import Iterator

_SCALES = {
    "hundred": 1e2,
    "thousand": 1e3,
    "lakh": 1e5,
    "million": 1e6,
    "crore": 1e7,
    "billion": 1e9,
    "k": 1e3,
    "mn": 1e6,
    "bn": 1e9,
}

_AMBIGUOUS = re.compile(r"[1-9]\d{0,2}\.\d{3}")
_MORE = re.compile(r"\d|[.,:/'’]\d")
_YEAR = re.compile(r"(?:1[89]|20)\d\d")


class Number(NamedTuple):
    """A number or a range in a text: where it stands, its ends, and whether it is round by nature.

    `second` is where the second number of a range starts; for a plain number it is `start`.
    """

    start: int
    end: int
    low: float
    high: float
    approximate: bool
    looks_like_year: bool
    second: int

    @property
    def is_range(self) -> bool:
        """Tell whether two numbers were given."""
        return self.low != self.high


def parse_number(words: str, language: Language | None = None) -> float | None:
    """Return the value of one number as written, or None if it can be read in two ways (`1.250`, `12,5`)."""
    language = language or load_language()
    if words.isdecimal():
        return float(words)
    match = language["number"].fullmatch(words)
    if match is None or _AMBIGUOUS.fullmatch(words):
        return None
    total = part = 0.0
    for word in re.findall(r"[\d.,\u00a0\u202f\u2009]*\d|[a-z]+", re.sub(r"(?<=\d) (?=\d{3})", "", words.lower())):
        if word[0].isdigit():
            plain = re.sub(r"[,\s]", "", word)
            part += float(plain.replace(".", "") if plain.count(".") > 1 else plain)
        elif word in language.words["small"]:
            part += language.listed["small"].index(word)
        elif word in language.words["tens"]:
            part += 10 * language.listed["tens"].index(word) + 20
        elif word == "half":
            part += 0.5
        elif word == "dozen":
            part = (part or 1.0) * 12
        elif word == "hundred":
            part = (part or 1.0) * 100
        elif word in _SCALES:
            total, part = total + (part or 1.0) * _SCALES[word], 0.0
    return total + part


def find_numbers(text: str, language: Language | None = None) -> Iterator[Number]:
    """Yield every number and range of a text from left to right, in time linear in its length."""
    language = language or load_language()
    for match in language["numbers"].finditer(text):
        yield from read_numbers(text, match, language)


def read_numbers(text: str, match: re.Match[str], language: Language) -> Iterator[Number]:
    """Yield what one match of language["numbers"] says: a number, two numbers of a list, or a range."""
    first, second = match["one"], match["two"]
    low, start = parse_number(first, language), match.start()
    if second is None or match["link"].strip().lower() == "and":
        # "and" joins two numbers of a range only after "between"; otherwise they are two numbers of a list
        if second is not None and re.search(r"\bbetween[ \n]$", text[max(0, start - 9) : start], re.IGNORECASE):
            yield from _range(text, match, language)
            return
        if low is not None and not _goes_on(text, match.end("one")):
            yield Number(start, match.end("one"), low, low, _is_round(first), _is_year(first), start)
        high = parse_number(second, language) if second is not None else None
        if high is not None and not _goes_on(text, match.end("two")):
            begin = match.start("two")
            yield Number(begin, match.end("two"), high, high, _is_round(second), _is_year(second), begin)
        return
    yield from _range(text, match, language)


def _range(text: str, match: re.Match[str], language: Language) -> Iterator[Number]:
    low, high = parse_number(match["one"], language), parse_number(match["two"], language)
    if low is None or high is None or _goes_on(text, match.end("two")):
        return
    scale = re.search(r"thousand|million|billion|lakh|crore|bn|mn|k$", match["two"], re.IGNORECASE)
    if (
        scale
        and not re.search(r"thousand|million|billion|lakh|crore|bn|mn|k$", match["one"], re.IGNORECASE)
        and low < high / _SCALES[scale[0].lower()]
    ):
        low *= _SCALES[scale[0].lower()]  # "1 to 2 million"
    if low < high:
        yield Number(match.start(), match.end(), low, high, False, _is_year(match["one"]), match.start("two"))


def _goes_on(text: str, end: int) -> bool:
    """Tell whether what follows belongs to the number, so that reading it up to here would be wrong."""
    return _MORE.match(text, end) is not None or (text[end - 1].isalpha() and text[end : end + 1].isalpha())


def _is_round(words: str) -> bool:
    return bool(re.match(r"a[ -](?:hundred|thousand|million|billion|dozen)|half a|.* dozen", words, re.IGNORECASE))


def _is_year(words: str | None) -> bool:
    return words is not None and _YEAR.fullmatch(words) is not None
