"""What stands behind a number: its unit, what it counts or measures, and whether it is a rate."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from corridor.evidence.grammar.forms import any_of
from corridor.evidence.grammar.language import Language, UnitWord
from corridor.evidence.grammar.units import SYMBOLS

if TYPE_CHECKING:
    from corridor.evidence.grammar.numbers import Number

_MOST_WORDS, _MOST_DESCRIBING = 6, 4
_LABEL = 40  # characters in which a label ends
_MEASURES = ("measure", "time")
_SYMBOL = re.compile(rf"[ \u00a0\u202f-]?(?P<symbol>{any_of(SYMBOLS)})(?![\w²³])")
_BARE = re.compile(r"[ ]([a-z]++)(?=[ ]?/[ ]?[a-z])")


class Counted(NamedTuple):
    """What a number counts: where its words end, unit, kind (see units.csv), words, a `+`, and what multiplies it."""

    end: int
    unit: str
    kind: str
    counts: str = ""
    plus: bool = False
    scale: float = 1.0


class Head(NamedTuple):
    """The noun that is counted: where the phrase starts and ends, and its unit."""

    start: int
    end: int
    word: UnitWord


def read_counted(text: str, number: Number, language: Language) -> Counted | None:
    """Return what a number counts or measures, or None if no noun or unit behind it surely belongs to it."""
    plus = text[number.behind : number.behind + 1] == "+"
    position = number.behind + plus
    if symbol := _SYMBOL.match(text, position):
        counted = Counted(symbol.end(), SYMBOLS[symbol["symbol"]], "measure", "", plus)
    elif metres := language["metres"].match(text, position):
        counted = Counted(metres.end(), "metres", "measure", "", plus)
    elif part := language["partitive"].match(text, position):
        return _read_part(text, number, part, language)
    else:
        return _read_noun(text, number, position, plus, language)
    counted = _add_contents(text, counted, language)
    # "5 and 6 kg": the words behind the 6 are not part of the first quantity's own
    return counted if number.behind == number.end else counted._replace(end=number.end)


def _read_part(text: str, number: Number, part: re.Match[str], language: Language) -> Counted | None:
    """Read "three of the port's five cranes" and "28 of 44 schools": counted is what the whole counts."""
    head = read_head(text, part.end() - 1, False, language)
    if head is None or head.word.kind in _MEASURES or number.low < 2:
        return None
    end = number.end if part["whole"] else head.end  # the whole is a quantity of its own
    return Counted(end, head.word.unit, head.word.kind, _words(text, head))


def _read_noun(text: str, number: Number, position: int, plus: bool, language: Language) -> Counted | None:
    more = language["more_after"].match(text, position)
    head = read_head(
        text, more.end() if more else position, number.low == number.high <= language.singular_to, language
    )
    if head is None:
        return None
    unit, kind = head.word
    is_measure = kind in _MEASURES
    if language["article_at_end"].search(text, number.start, number.end) and not is_measure:
        return None  # "half a village"
    is_one = number.low == number.high == 1 and text[number.start].isalpha()
    if is_one and (kind in ("person", "group") or unit in language.words["loose_ones"]):
        return None  # "one family", "one day": more often a manner of speaking than a count
    end = head.end if number.behind == number.end else number.end
    if is_measure:
        counted = _add_contents(text, Counted(head.end, unit, kind, "", plus), language)
        return counted if number.behind == number.end else counted._replace(end=end)
    return Counted(end, unit, kind, _words(text, head), plus)


def _words(text: str, head: Head) -> str:
    return " ".join(text[head.start : head.end].split())


def read_head(text: str, position: int, is_single: bool, language: Language) -> Head | None:
    """Read describing words and the noun they lead to: "Russian peacekeeping vehicles"."""
    head: Head | None = None
    start = 0
    for count in range(_MOST_WORDS):
        match = language["word"].match(text, position)
        if match is None:
            break
        if count == 0 and _begins_line(text, match):
            break
        start = start or match.start("word")
        is_hyphened = count == 0 and match["gap"] == "-"
        end, known = _look_up(text, match, is_single or is_hyphened, language)
        if known is None and head is None and not is_hyphened and not is_single:
            known = _read_open(match["word"], language)
        if known is not None and (known.kind not in _MEASURES or count == 0):
            if known.kind == "group" and head is not None:
                break  # "12 people wounded": the people were counted already
            head, position = Head(start, end, known), end
            if known.kind in _MEASURES or (language.noun_first and known.kind != "group"):
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


def _begins_line(text: str, match: re.Match[str]) -> bool:
    """Tell whether a word is the label of the next line of a list: "Stoves: 6,000" and below it "Blankets: 95,000"."""
    is_next = "\n" in match["gap"] and match["word"][0].isupper()
    return is_next and ":" in text[match.end() : match.end() + _LABEL].split("\n", 1)[0]


def _look_up(text: str, match: re.Match[str], is_single: bool, language: Language) -> tuple[int, UnitWord | None]:
    """Return where the word, or the two words ("health posts"), for a unit end, and the unit if it is one."""
    word = match["word"]
    following = language["word"].match(text, match.end())
    pair = f"{word.lower()} {following['word'].lower()}" if following else ""
    if following and (known := language.plurals.get(pair) or (language.singulars.get(pair) if is_single else None)):
        return following.end(), known
    return match.end(), find_unit(word, is_single, language)


def find_unit(word: str, is_single: bool, language: Language) -> UnitWord | None:
    """Return the unit that one word stands for, by the table of units or as the name of a people."""
    lower = word.lower()
    known = language.plurals.get(lower) or (language.singulars.get(lower) if is_single else None)
    if known is None and "-" in lower:
        known = language.plurals.get(lower.rpartition("-")[2])  # "vice-presidents"
    if known is None and language["nation"].match(word):
        known = UnitWord("people", "person")
    return known


def _read_open(word: str, language: Language) -> UnitWord | None:
    """Return a plural that the table of units lacks as its own unit."""
    lower = word.lower()
    if not language["plural"].fullmatch(word) or lower in language.words["no_plurals"]:
        return None
    if language["person_noun"].fullmatch(lower):
        return UnitWord("people", "person")
    return UnitWord(lower, "thing")


def read_words(label: str, language: Language) -> UnitWord | None:
    """Return the unit that a label counts in, of the words before what it adds in brackets.

    It is the last word that has one, or the first where nouns stand first.
    """
    words = language["label_words"].findall(language["bracketed"].sub("", label))
    words = words if language.noun_first else words[::-1]
    for word in words:
        known = find_unit(word, False, language)
        if known is not None and known.kind not in _MEASURES:
            return known
    opened = (unit for word in words if (unit := _read_open(word.lower(), language)) is not None)
    return next(opened, None)


def _describes(word: str, language: Language) -> bool:
    """Tell whether a word can stand between a number and the noun it counts."""
    if word.lower() in language.words["ends_phrase"]:
        return False
    return language["never_describes"].fullmatch(word) is None


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
    flow = language["flow"].match(text, end)
    if flow:
        end = flow.end()
    while match := language["per"].match(text, end):
        each = match[match.lastindex or 0].lower()
        end, unit = match.end(), f"{unit}/{language.single_units.get(each, each)}"
    if unit == counted.unit and (match := language["daily_after"].match(text, end)):
        end, unit = match.end(), f"{unit}/{language.single_units[match[1].lower()]}"
    return end, unit
