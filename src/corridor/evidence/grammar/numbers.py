"""Numbers as reports write them: separators, words, "1.2 million", ranges; nothing that is half read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from corridor.evidence.grammar.language import Language, load_language

if TYPE_CHECKING:
    from collections.abc import Iterator

_MORE = re.compile(r"\d|[.,:/'’]\d")
_YEAR = re.compile(r"(?:1[89]|20)\d\d")
_WIDE = 100.0  # a range whose ends lie further apart may lack a multiplier: "20-30,000"
_GROUPED = 1000.0  # from here on digits are grouped
_LOOK_BACK = 60  # characters before a range that can tell a change from a range


class Number(NamedTuple):
    """A number or a range in a text: where it stands, its ends, and whether it is round by nature.

    `behind` is where the words for what is counted begin: for "5 and 6 kg" behind the 6, for both.
    """

    start: int
    end: int
    low: float
    high: float
    approximate: bool
    looks_like_year: bool
    behind: int

    @property
    def is_range(self) -> bool:
        """Tell whether two numbers were given."""
        return self.low != self.high


def parse_number(words: str, language: Language | None = None) -> float | None:
    """Return the value of one number as written, or None if it can be read in two ways (`1.250`, `12,5`)."""
    language = language or load_language("en")
    if language["number"].fullmatch(words) is None or language["ambiguous_number"].fullmatch(words):
        return None
    total = part = 0.0
    last_scale = 1.0
    decimals = ""
    after_scale = after_point = False
    for match in language["number_word"].finditer(words.lower()):
        word = match[0]
        if word[0].isdigit():
            part += float(_plain(word, language))
        elif word in language.words["decimal_point"]:
            after_point, decimals = True, f"{part:.0f}."
        elif after_point and word in language.values:
            decimals += f"{language.values[word]:.0f}"
            part = float(decimals)
        elif word in language.values:
            part += language.values[word]
        elif word in language.words["half"]:
            # "half a million", "two and a half million", but "a million and a half"
            part, total = (part, total + last_scale / 2) if after_scale else (part + 0.5, total)
        elif word in language.words["quarter"]:
            part = (part or 1.0) / 4
        else:
            scale = language.scales[word]
            after_point = False
            if scale < 1000:
                part = (part or 1.0) * scale
            elif after_scale and not part:
                total, last_scale = total * scale, last_scale * scale  # "two thousand million"
            else:
                total, part, last_scale = total + (part or 1.0) * scale, 0.0, scale
            after_scale = scale >= 1000
            continue
        after_scale = False
    return round(total + part, 9)  # 2.3 million is 2300000, not a little less


def _plain(digits: str, language: Language) -> str:
    """Return digits with a point for decimals and nothing between thousands."""
    bare = re.sub(r"\s|'|’", "", digits)
    if language.decimal == ",":
        return bare.replace(".", "").replace(",", ".")
    return bare.replace(",", "").replace(".", "") if bare.count(".") > 1 else bare.replace(",", "")


def find_numbers(text: str, language: Language | None = None) -> Iterator[Number]:
    """Yield every number and range of a text from left to right, in time linear in its length."""
    language = language or load_language("en")
    for match in language["numbers"].finditer(text):
        yield from read_numbers(text, match, language)


def read_numbers(text: str, match: re.Match[str], language: Language) -> Iterator[Number]:
    """Yield what one match of `numbers` says: a number, two numbers that share their words, or a range."""
    low = parse_number(match["one"], language)
    if match["two"] is None:
        if low is not None and not _goes_on(text, match.end("one")):
            yield _single(match, "one", low, match.end("one"), language)
        return
    high, behind = parse_number(match["two"], language), match.end("two")
    if low is None or high is None or _goes_on(text, behind):
        return
    low = _share_scale(match["one"], low, match["two"], high, language)
    before = text[max(0, match.start() - _LOOK_BACK) : match.start()]
    is_list = match["link"].strip().lower() in language.words["and"] and not language["between_before"].search(before)
    # "rose from 40 to 55", "fell from 31 to 12": two numbers, then and now
    is_change = language["from_before"].search(before) and (low > high or language["change"].search(before))
    if is_list or is_change:
        yield _single(match, "one", low, behind, language)
        yield _single(match, "two", high, behind, language)
    elif low < high and not (0 < low < _GROUPED <= high and high >= _WIDE * low):
        is_year = _is_year(match["one"])
        yield Number(match.start(), behind, low, high, False, is_year, behind)


def _single(match: re.Match[str], name: str, value: float, behind: int, language: Language) -> Number:
    words = match[name]
    is_round = language["round_number"].match(words) is not None
    return Number(match.start(name), match.end(name), value, value, is_round, _is_year(words), behind)


def _share_scale(one: str, low: float, two: str, high: float, language: Language) -> float:
    """Return the first number with the multiplier that is said once for both: "five to eight hundred thousand"."""
    scales = [language.scales[m[0].lower()] for m in language["scale_at_end"].finditer(two)]
    trailing = [scale for scale in scales if scale > 1]
    own = [language.scales[m[0].lower()] for m in language["scale_at_end"].finditer(one)]
    if not trailing or any(scale >= 1000 for scale in own):
        return low
    options = [trailing[-1]] if own or len(trailing) == 1 else [trailing[-2] * trailing[-1], trailing[-1]]
    for factor in options:
        if low < high / factor and not (own and factor < 1000):
            return low * factor
    return low


def _goes_on(text: str, end: int) -> bool:
    """Tell whether what follows belongs to the number, so that reading it up to here would be wrong."""
    return _MORE.match(text, end) is not None or (text[end - 1].isalpha() and text[end : end + 1].isalpha())


def _is_year(words: str) -> bool:
    return _YEAR.fullmatch(words) is not None
