"""Numbers as reports write them: separators, words, "1.2 million", ranges; nothing that is half read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from corridor.evidence.grammar.vocabulary import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

_SMALL = listed(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_TENS = listed("twenty thirty forty fifty sixty seventy eighty ninety")
_WORDS = {w: i for i, w in enumerate(_SMALL)} | {w: 10 * i + 20 for i, w in enumerate(_TENS)}
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

_GAP = r"(?:[ \u00a0\u202f]|\r?\n)"
_DIGITS = (
    r"\d{1,3}(?:,\d{3})+(?:\.\d+)?"  # 120,000
    r"|\d{1,3}(?:[ \u00a0\u202f\u2009]\d{3})+(?![\d,.]?\d)"  # 120 000
    r"|\d{1,3}(?:\.\d{3}){2,}"  # 1.250.000
    r"|\d{1,2}(?:,\d{2})+,\d{3}"  # 1,20,000
    r"|\d+(?:\.\d+)?"
)
_BIG = r"thousand|million|billion|lakh|crore"
_UNDER_TEN = "|".join(_SMALL[1:10])
_ONE = rf"(?:(?:{'|'.join(_TENS)})(?:[- ](?:{_UNDER_TEN}))?|{'|'.join(sorted(_SMALL, key=len, reverse=True))})"
_HUNDREDS = rf"(?:(?:{_ONE}|a)[ -]hundred(?: and {_ONE}| {_ONE})?|{_ONE})"
_WORDED = (
    rf"half a (?:dozen|million|billion)|half an?(?= [a-z])|(?:{_ONE} and a half|{_HUNDREDS}|a)(?:[ "
    rf"-](?:{_BIG}))(?:,? (?:and )?{_HUNDREDS})?"
    rf"|{_ONE} and a half|(?:{_ONE}|a) dozen|{_HUNDREDS}"
)
_NUMBER = rf"(?:(?:{_DIGITS})(?:{_GAP}?(?:{_BIG}|bn|mn)\b|k\b)?|{_WORDED})"
# What may begin a number, said first so that most words are passed over at once.
_FIRST = r"(?=\d|on|tw|th|fo|fi|si|se|ei|ni|te|el|ze|half an?|a[ -][bcdhlmt])"
_SINGLE = re.compile(rf"{_NUMBER}", re.IGNORECASE)
NUMBERS = re.compile(
    rf"(?<![\w.,:/'’+#№-]){_FIRST}(?P<one>{_NUMBER})"
    rf"(?:(?P<link>{_GAP}?[-–—]{_GAP}?|{_GAP}(?:to|or|and){_GAP})(?P<two>{_NUMBER}))?",
    re.IGNORECASE,
)
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


def parse_number(words: str) -> float | None:
    """Return the value of one number as written, or None if it can be read in two ways (`1.250`, `12,5`)."""
    if words.isdecimal():
        return float(words)
    match = _SINGLE.fullmatch(words)
    if match is None or _AMBIGUOUS.fullmatch(words):
        return None
    total = part = 0.0
    for word in re.findall(r"[\d.,\u00a0\u202f\u2009]*\d|[a-z]+", re.sub(r"(?<=\d) (?=\d{3})", "", words.lower())):
        if word[0].isdigit():
            plain = re.sub(r"[,\s]", "", word)
            part += float(plain.replace(".", "") if plain.count(".") > 1 else plain)
        elif word in _WORDS:
            part += _WORDS[word]
        elif word == "half":
            part += 0.5
        elif word == "dozen":
            part = (part or 1.0) * 12
        elif word == "hundred":
            part = (part or 1.0) * 100
        elif word in _SCALES:
            total, part = total + (part or 1.0) * _SCALES[word], 0.0
    return total + part


def find_numbers(text: str) -> Iterator[Number]:
    """Yield every number and range of a text from left to right, in time linear in its length."""
    for match in NUMBERS.finditer(text):
        yield from read_numbers(text, match)


def read_numbers(text: str, match: re.Match[str]) -> Iterator[Number]:
    """Yield what one match of NUMBERS says: a number, two numbers of a list, or a range."""
    first, second = match["one"], match["two"]
    low, start = parse_number(first), match.start()
    if second is None or match["link"].strip().lower() == "and":
        # "and" joins two numbers of a range only after "between"; otherwise they are two numbers of a list
        if second is not None and re.search(r"\bbetween[ \n]$", text[max(0, start - 9) : start], re.IGNORECASE):
            yield from _range(text, match)
            return
        if low is not None and not _goes_on(text, match.end("one")):
            yield Number(start, match.end("one"), low, low, _is_round(first), _is_year(first), start)
        high = parse_number(second) if second is not None else None
        if high is not None and not _goes_on(text, match.end("two")):
            begin = match.start("two")
            yield Number(begin, match.end("two"), high, high, _is_round(second), _is_year(second), begin)
        return
    yield from _range(text, match)


def _range(text: str, match: re.Match[str]) -> Iterator[Number]:
    low, high = parse_number(match["one"]), parse_number(match["two"])
    if low is None or high is None or _goes_on(text, match.end("two")):
        return
    scale = re.search(rf"{_BIG}|bn|mn|k$", match["two"], re.IGNORECASE)
    if (
        scale
        and not re.search(rf"{_BIG}|bn|mn|k$", match["one"], re.IGNORECASE)
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
