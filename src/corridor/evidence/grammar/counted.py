"""What stands behind a number: its unit, what it counts or measures, and whether it is a rate."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from corridor.evidence.grammar.language import SPACE, Language, UnitWord, any_of
from corridor.evidence.grammar.units import SYMBOLS

if TYPE_CHECKING:
    from corridor.evidence.grammar.numbers import Number

_MOST_WORDS, _MOST_DESCRIBING = 6, 4
_MEASURES = ("measure", "time")
_SYMBOL = re.compile(rf"[ \u00a0\u202f-]?(?P<symbol>{any_of(tuple(SYMBOLS))})(?![\w²³])")
_WORD = re.compile(rf"(?P<gap>{SPACE}|-)(?P<word>[^\W\d_]+(?:[’'][^\W\d_]+)?(?:-[^\W\d_]+)*)")
# "1,000 people are registered every hour"
_DAILY = {"daily": "day", "hourly": "hour", "weekly": "week", "monthly": "month"}
_BARE = re.compile(r"[ ]([a-z]++)(?=[ ]?/[ ]?[a-z])")
# What happens to people only, so that a bare number before it counts people: "70,000 are homeless".


class Counted(NamedTuple):
    """What a number counts: where its words end, unit, kind (see units.csv), words, and a `+`."""

    end: int
    unit: str
    kind: str
    counts: str = ""
    plus: bool = False


class _Head(NamedTuple):
    """The noun that is counted: where the phrase starts and ends, and its unit."""

    start: int
    end: int
    word: UnitWord


def read_counted(text: str, number: Number, language: Language) -> Counted | None:
    """Return what a number counts or measures, or None if no known unit surely belongs to it."""
    plus = text[number.end : number.end + 1] == "+"
    position = number.end + plus
    if symbol := _SYMBOL.match(text, position):
        return _add_contents(text, Counted(symbol.end(), SYMBOLS[symbol["symbol"]], "measure", "", plus), language)
    if metres := language["metres"].match(text, position):
        return Counted(metres.end(), "metres", "measure", "", plus)
    if language["fate"].match(text, position):
        return Counted(position, "people", "person", "", plus) if number.low >= 2 else None
    if members := language["members"].match(text, position):
        word = language.plurals.get(members["word"])
        is_people = word is not None and word.kind == "person" and number.low >= 2
        return Counted(members.end(), "people", "person", members["word"], plus) if is_people else None
    return _read_noun(text, number, position, plus, language)


def _read_noun(text: str, number: Number, position: int, plus: bool, language: Language) -> Counted | None:
    head = _find_head(text, position, number.low == number.high <= 1, language)
    if head is None:
        return None
    unit, kind = head.word
    is_measure = kind in _MEASURES
    if text[number.end - 2 : number.end].strip() in ("a", "an") and not is_measure:
        return None  # "half a village"
    is_one = number.low == number.high == 1 and text[number.start].isalpha()
    if is_one and (not is_measure or unit == "days"):
        return None  # "one family", "one day": more often a manner of speaking than a count
    if is_measure:
        return _add_contents(text, Counted(head.end, unit, kind, "", plus), language)
    return Counted(head.end, unit, kind, " ".join(text[head.start : head.end].split()), plus)


def _find_head(text: str, position: int, is_single: bool, language: Language) -> _Head | None:
    """Read describing words and the noun they lead to: "Russian peacekeeping vehicles"."""
    head: _Head | None = None
    start = 0
    for count in range(_MOST_WORDS):
        match = _WORD.match(text, position)
        if match is None:
            break
        start = start or match.start("word")
        is_hyphened = count == 0 and match["gap"] == "-"
        end, known = _look_up(text, match, is_single or is_hyphened, language)
        if known is not None and (known.kind not in _MEASURES or count == 0):
            if known.kind == "group" and head is not None:
                break  # "12 people wounded": the people were counted already
            head, position = _Head(start, end, known), end
            if known.kind in _MEASURES:
                break
            continue
        if is_hyphened:
            return None
        if (head is not None and head.word.kind != "group") or count >= _MOST_DESCRIBING:
            break
        if not _describes(match["word"], language):
            break
        position = match.end()
    return head


def _look_up(text: str, match: re.Match[str], is_single: bool, language: Language) -> tuple[int, UnitWord | None]:
    """Return where the word, or the two words ("health posts"), for a unit end, and the unit if it is one."""
    plurals, singulars = language.plurals, language.singulars
    word = match["word"]
    following = _WORD.match(text, match.end())
    if following and (pair := plurals.get(f"{word.lower()} {following['word'].lower()}")):
        return following.end(), pair
    known = plurals.get(word.lower()) or (singulars.get(word.lower()) if is_single else None)
    if known is None and language["nation"].match(word):
        known = UnitWord("people", "person")
    return match.end(), known


def _describes(word: str, language: Language) -> bool:
    """Tell whether a word can stand between a number and the noun it counts."""
    lower = word.lower()
    if (
        lower in language.words["ends_phrase"]
        or lower.endswith("ly")
        or (lower.endswith("ing") and lower not in language.words["describing_ing"])
    ):
        return False
    return not (lower.endswith("s") and not lower.endswith("ss") and word.islower())


def _add_contents(text: str, counted: Counted, language: Language) -> Counted:
    """Add what a measure is of: `420 tonnes of flour`, `1.5 l water/day`."""
    if bare := _BARE.match(text, counted.end):
        return counted._replace(end=bare.end(), counts=bare[1])
    match = language["of"].match(text, counted.end)
    if match is None or counted.kind == "time" or match["noun"].lower() in language.words["ends_phrase"]:
        return counted
    noun, second, end = match["noun"], match["second"], match.end("noun")
    if second and language["qualifier"].fullmatch(noun.lower()) and second.lower() not in language.words["ends_phrase"]:
        noun, end = f"{noun} {second}", match.end("second")
    return counted._replace(end=end, counts=noun)


def read_rate(text: str, counted: Counted, language: Language) -> tuple[int, str]:
    """Read `an hour`, `per person per day`, `/day` or `daily` behind a unit; return end and unit."""
    end, unit = counted.end, counted.unit
    flow = language["flow"].match(text, end) if counted.kind in ("person", "thing") else None
    if flow:
        end = flow.end()
    while match := language["per"].match(text, end):
        end, unit = match.end(), f"{unit}/{match[1].lower()}"
    if end == counted.end and (match := language["daily_after"].match(text, end)):
        end, unit = match.end(), f"{unit}/{_DAILY[match[1].lower()]}"
    return end, unit
