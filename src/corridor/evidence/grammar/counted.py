"""What stands behind a number: its unit, what it counts or measures, and whether it is a rate."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from corridor.evidence.grammar.hedges import SPACE, any_of
from corridor.evidence.grammar.units import SYMBOLS, UnitWord, load_unit_words
from corridor.evidence.grammar.vocabulary import DESCRIBING_ING, ENDS_PHRASE, NATIONS

if TYPE_CHECKING:
    from corridor.evidence.grammar.numbers import Number

_MOST_WORDS, _MOST_DESCRIBING = 6, 4
_MEASURES = ("measure", "time")
_SYMBOL = re.compile(rf"[ \u00a0\u202f-]?(?P<symbol>{any_of(SYMBOLS)})(?![\w²³])")
_METRES = re.compile(r"[ \u00a0]?m(?= (?:deep|high|wide|long|tall|above|below)\b)")
_WORD = re.compile(rf"(?P<gap>{SPACE}|-)(?P<word>[^\W\d_]+(?:[’'][^\W\d_]+)?(?:-[^\W\d_]+)*)")
_PER = re.compile(
    r"(?:[ ]?/[ ]?|[ \u00a0\n](?:per|an?|each|every)[ \u00a0\n])"
    r"(hour|day|night|week|month|year|minute|person|head|trip|vehicle|truck|lorry|household|family|lane)\b",
    re.IGNORECASE,
)
# "1,000 people are registered every hour"
_FLOW = re.compile(
    r"[ \n](?:(?:are|were|is|was|being)[ \n])?(?:being[ \n])?(?:[a-z]+ed|cross|arrive|leave|pass|come|enter)"
    r"(?=[ \n](?:every|each|an?|per)[ \n](?:hour|day|week)\b)",
)
_DAILY = {"daily": "day", "hourly": "hour", "weekly": "week", "monthly": "month"}
_DAILY_AFTER = re.compile(rf"{SPACE}({'|'.join(_DAILY)})\b(?!{SPACE}[a-z])")
_OF = re.compile(
    rf"{SPACE}of{SPACE}(?:(?:the|its|their|all|our){SPACE})?"
    rf"(?P<noun>[^\W\d_]++(?:-[^\W\d_]++)*+)(?![’'])(?:{SPACE}(?P<second>[^\W\d_]++)(?![’']))?"
)
_BARE = re.compile(r"[ ]([a-z]++)(?=[ ]?/[ ]?[a-z])")
# What happens to people only, so that a bare number before it counts people: "70,000 are homeless".
_FATE = re.compile(
    r"[ \n](?:(?:are|were|remain|have been|had been|have been left|were left)[ \n](?:now |still )?"
    r"(?:homeless|displaced|wounded|injured|hungry|starving)"
    r"|(?:have |had )?(?:fled|died|drowned|starved))\b(?![ \n](?:houses|homes|villages|animals|cattle))"
)
_MEMBERS = re.compile(rf"{SPACE}of{SPACE}(?:its|their|our|his|her){SPACE}(?:own{SPACE})?(?P<word>[a-z]+)")
_QUALIFIER = re.compile(
    r"(?:[a-z]+(?:al|ic|ish|ian|ed)|drinking|cooking|wheat|corn|rice|animal|baby|food|fresh|dry|winter|"
    r"relief|"
    r"clean|infant|potable|bottled|heavy|light|building|seed|fuel|heating|vegetable)$"
)
_NATION = re.compile(rf"(?:{'|'.join(sorted(NATIONS))}|[A-Z][a-z]+(?:ians|eans|ans))$")


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


def read_counted(text: str, number: Number) -> Counted | None:
    """Return what a number counts or measures, or None if no known unit surely belongs to it."""
    plus = text[number.end : number.end + 1] == "+"
    position = number.end + plus
    if symbol := _SYMBOL.match(text, position):
        return _add_contents(text, Counted(symbol.end(), SYMBOLS[symbol["symbol"]], "measure", "", plus))
    if metres := _METRES.match(text, position):
        return Counted(metres.end(), "metres", "measure", "", plus)
    if _FATE.match(text, position):
        return Counted(position, "people", "person", "", plus) if number.low >= 2 else None
    if members := _MEMBERS.match(text, position):
        word = load_unit_words()[0].get(members["word"])
        is_people = word is not None and word.kind == "person" and number.low >= 2
        return Counted(members.end(), "people", "person", members["word"], plus) if is_people else None
    return _read_noun(text, number, position, plus)


def _read_noun(text: str, number: Number, position: int, plus: bool) -> Counted | None:
    head = _find_head(text, position, is_single=number.low == number.high <= 1)
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
        return _add_contents(text, Counted(head.end, unit, kind, "", plus))
    return Counted(head.end, unit, kind, " ".join(text[head.start : head.end].split()), plus)


def _find_head(text: str, position: int, is_single: bool) -> _Head | None:
    """Read describing words and the noun they lead to: "Russian peacekeeping vehicles"."""
    head: _Head | None = None
    start = 0
    for count in range(_MOST_WORDS):
        match = _WORD.match(text, position)
        if match is None:
            break
        start = start or match.start("word")
        is_hyphened = count == 0 and match["gap"] == "-"
        end, known = _look_up(text, match, is_single or is_hyphened)
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
        if not _describes(match["word"]):
            break
        position = match.end()
    return head


def _look_up(text: str, match: re.Match[str], is_single: bool) -> tuple[int, UnitWord | None]:
    """Return where the word, or the two words ("health posts"), for a unit end, and the unit if it is one."""
    plurals, singulars = load_unit_words()
    word = match["word"]
    following = _WORD.match(text, match.end())
    if following and (pair := plurals.get(f"{word.lower()} {following['word'].lower()}")):
        return following.end(), pair
    known = plurals.get(word.lower()) or (singulars.get(word.lower()) if is_single else None)
    if known is None and _NATION.match(word):
        known = UnitWord("people", "person")
    return match.end(), known


def _describes(word: str) -> bool:
    """Tell whether a word can stand between a number and the noun it counts."""
    lower = word.lower()
    if lower in ENDS_PHRASE or lower.endswith("ly") or (lower.endswith("ing") and lower not in DESCRIBING_ING):
        return False
    return not (lower.endswith("s") and not lower.endswith("ss") and word.islower())


def _add_contents(text: str, counted: Counted) -> Counted:
    """Add what a measure is of: `420 tonnes of flour`, `1.5 l water/day`."""
    if bare := _BARE.match(text, counted.end):
        return counted._replace(end=bare.end(), counts=bare[1])
    match = _OF.match(text, counted.end)
    if match is None or counted.kind == "time" or match["noun"].lower() in ENDS_PHRASE:
        return counted
    noun, second, end = match["noun"], match["second"], match.end("noun")
    if second and _QUALIFIER.fullmatch(noun.lower()) and second.lower() not in ENDS_PHRASE:
        noun, end = f"{noun} {second}", match.end("second")
    return counted._replace(end=end, counts=noun)


def read_rate(text: str, counted: Counted) -> tuple[int, str]:
    """Read `an hour`, `per person per day`, `/day` or `daily` behind a unit; return end and unit."""
    end, unit = counted.end, counted.unit
    flow = _FLOW.match(text, end) if counted.kind in ("person", "thing") else None
    if flow:
        end = flow.end()
    while match := _PER.match(text, end):
        end, unit = match.end(), f"{unit}/{match[1].lower()}"
    if end == counted.end and (match := _DAILY_AFTER.match(text, end)):
        end, unit = match.end(), f"{unit}/{_DAILY[match[1].lower()]}"
    return end, unit
