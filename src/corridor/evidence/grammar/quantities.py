"""Quantities in a text: a number, its unit, what it counts, and how surely it is said.

A number becomes a quantity only if a unit of a known list follows it (or a currency sign precedes it), and
only if nothing before or after it says that it is a name, an age, a year, a ratio or a date. What is not
sure is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridor.evidence.grammar.numbers import NUMBERS, Number, read_numbers
from corridor.evidence.grammar.units import SYMBOLS, UnitWord, load_unit_words
from corridor.evidence.grammar.vocabulary import DESCRIBING_ING, ENDS_PHRASE, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Span = tuple[int, int]


@dataclass(frozen=True)
class Quantity:
    """A quantity at [start, end) of a text.

    `value` is the number said, None if a range was said. `low` and `high` are the ends of a range, or the
    bound that "at least" or "up to" states; None where the text states none. `unit` is a name of units.csv,
    with `/hour` and the like for rates. `counts` are the words for what is counted. `approximate` is true
    if the text itself does not give the number as exact. `hedge` are the words that say so.
    """

    start: int
    end: int
    value: float | None
    low: float | None
    high: float | None
    unit: str
    counts: str
    approximate: bool
    hedge: str


_HEDGES = {
    "about": "about",
    "around": "about",
    "approximately": "about",
    "approx.": "about",
    "roughly": "about",
    "some": "about",
    "circa": "about",
    "an estimated": "about",
    "estimated": "about",
    "close to": "about",
    "closer to": "about",
    "nearer": "about",
    "perhaps": "about",
    "maybe": "about",
    "probably": "about",
    "an average of": "about",
    "on average": "about",
    "nearly": "about",
    "almost": "about",
    "just under": "about",
    "just over": "about",
    "just above": "about",
    "a little over": "about",
    "slightly more than": "about",
    "slightly less than": "about",
    "up to": "up to",
    "as many as": "up to",
    "as much as": "up to",
    "at most": "up to",
    "at the most": "up to",
    "no more than": "up to",
    "not more than": "up to",
    "fewer than": "up to",
    "less than": "up to",
    "under": "up to",
    "below": "up to",
    "a maximum of": "up to",
    "at least": "at least",
    "more than": "at least",
    "over": "at least",
    "no fewer than": "at least",
    "not fewer than": "at least",
    "no less than": "at least",
    "not less than": "at least",
    "upwards of": "at least",
    "in excess of": "at least",
    "well over": "at least",
    "a minimum of": "at least",
    "exceeding": "at least",
}
_AFTER = {
    "or more": "at least",
    "at least": "at least",
    "or so": "about",
    "or less": "up to",
    "or fewer": "up to",
    "at most": "up to",
    "at the most": "up to",
    "at best": "up to",
}
_SPACE = r"(?:[ \u00a0\u202f]|\r?\n)"


def _any_of(phrases: Iterable[str]) -> str:
    """Return a pattern for any of the phrases, the longest first, whose spaces may be line ends."""
    longest = sorted(phrases, key=len, reverse=True)
    return "|".join(re.escape(phrase).replace("\\ ", _SPACE) for phrase in longest)


_HEDGE_BEFORE = re.compile(
    rf"(?<![\w-])(?:{_any_of(_HEDGES)})"
    rf"{_SPACE}(?:the{_SPACE})?(?:between{_SPACE})?$",
    re.IGNORECASE,
)
# The words a hedge may end with: what comes before most numbers is none of them, and is not searched.
_HEDGE_ENDS = frozenset(hedge.split()[-1] for hedge in _HEDGES) | {"the", "between"}
_HEDGE_AFTER = re.compile(
    rf"{_SPACE}(?:{_any_of(_AFTER)})\b",
    re.IGNORECASE,
)
_MONEY = {
    "US$": "US dollars",
    "USD": "US dollars",
    "$": "dollars",
    "€": "euros",
    "EUR": "euros",
    "£": "pounds",
}
_MONEY_BEFORE = re.compile(r"(?:(?<![\w$])(?:US\$|\$|€|£)|\b(?:USD|EUR)[ \u00a0])$")
_RANGE_BEFORE = re.compile(rf"(?:between|from){_SPACE}$", re.IGNORECASE)
_CHANGE = re.compile(
    r"\b(?:rose|rise|risen|fell|fall|fallen|grew|grown|climbed|dropped|increased|decreased|declined|went|"
    r"gone|cut|"
    r"raised|reduced|doubled|up|down|jumped|shrank|changed|moved)\b[^.;\n]{0,40}$",
    re.IGNORECASE,
)
# Words right before a number that make it a name, an age, a frequency or a ratio.
_NOT_BEFORE = re.compile(
    r"(?:\b(?:aged?|ages|no\.?|nos\.?|number|numbers|articles?|resolutions?|paragraphs?|sections?|"
    r"chapters?|pages?|"
    r"highway|motorway|route|flight|grades?|group of|category|magnitude|channel|version|figure|table|annex|"
    r"item|"
    r"every|(?:one|two|three|four|five|six|seven|eight|nine|\d) in|out of|times|minus|plus|not|under-|"
    r"over-|sub-)[ \u00a0\n]|[x×*=<>~-][ ]?)$",
    re.IGNORECASE,
)
# Words that make a small number a label: "tent 12", but not "in the camp 9,500 people".
_LABEL_BEFORE = re.compile(
    r"\b(?:rooms?|tent|units?|phases?|zones?|blocks?|gates?|camp|class|level|scale|points?|bus|apartment|"
    r"sector|area|"
    r"day|week|year|house|line|part|stage|step)[ \u00a0\n]$",
    re.IGNORECASE,
)
# Before a number that looks like a year and has no separator: then it is one.
_YEAR_BEFORE = re.compile(
    r"\b(?:the|in|since|of|from|until|till|by|during|before|after|early|late|mid|and|to|through|"
    r"january|february|march|april|may|june|july|august|september|october|november|december)[ \u00a0\n-]$",
    re.IGNORECASE,
)
_NOT_AFTER = re.compile(
    rf"(?:{_SPACE}|-)(?:old\b|of age\b|ago\b|later\b|earlier\b|before\b(?={_SPACE}(?:he|she|they|it)\b)|"
    rf"hence\b)",
    re.IGNORECASE,
)
_ANOTHER = re.compile(r"[ ]?[-–][ ]?\d")
_IDIOM = re.compile(
    r"24[ -]hours[ ]a[ ]day|(?:7|seven)[ ]days[ ]a[ ]week|365[ ]days[ ]a[ ]year", re.IGNORECASE
)
_MAY_FOLLOW = re.compile(r"[ \u00a0\u202f\r\n-]{0,2}[^\W\d_]|[ \u00a0]?[%°+]")
_SYMBOL = re.compile(rf"[ \u00a0\u202f-]?(?P<symbol>{_any_of(SYMBOLS)})(?![\w²³])")
_METRES = re.compile(r"[ \u00a0]?m(?= (?:deep|high|wide|long|tall|above|below)\b)")
_WORD = re.compile(rf"(?P<gap>{_SPACE}|-)(?P<word>[^\W\d_]+(?:[’'][^\W\d_]+)?(?:-[^\W\d_]+)*)")
_PER = re.compile(
    r"(?:[ ]?/[ ]?|[ \u00a0\n](?:per|an?|each|every)[ \u00a0\n])"
    r"(hour|day|night|week|month|year|minute|person|head|trip|vehicle|truck|lorry|household|family|lane)\b",
    re.IGNORECASE,
)
_FLOW = re.compile(
    r"[ \n](?:(?:are|were|is|was|being)[ \n])?(?:being[ \n])?(?:[a-z]+ed|cross|arrive|leave|pass|come|enter)"
    r"(?=[ \n](?:every|each|an?|per)[ \n](?:hour|day|week)\b)",
)
_DAILY = {"daily": "day", "hourly": "hour", "weekly": "week", "monthly": "month"}
_DAILY_AFTER = re.compile(rf"{_SPACE}({'|'.join(_DAILY)})\b(?!{_SPACE}[a-z])")
_OF = re.compile(
    rf"{_SPACE}of{_SPACE}(?:the{_SPACE}|its{_SPACE}|their{_SPACE}|all{_SPACE}|"
    rf"our{_SPACE})?(?P<noun>[^\W\d_]++(?:-[^\W\d_]++)*+)(?![’'])"
    rf"(?:{_SPACE}(?P<second>[^\W\d_]++)(?![’']))?"
)
_BARE = re.compile(r"[ ]([a-z]++)(?=[ ]?/[ ]?[a-z])")
# What happens to people only, so that a bare number before it counts people: "70,000 are homeless".
_FATE = re.compile(
    r"[ \n](?:(?:are|were|remain|have been|had been|have been left|were left)[ \n](?:now |still "
    r")?(?:homeless|displaced|wounded|injured|hungry|starving)"
    r"|(?:have |had )?(?:fled|died|drowned|starved))\b(?![ \n](?:houses|homes|villages|animals|cattle))"
)
_MEMBERS = re.compile(rf"{_SPACE}of{_SPACE}(?:its|their|our|his|her){_SPACE}(?:own{_SPACE})?(?P<word>[a-z]+)")
_QUALIFIER = re.compile(
    r"(?:[a-z]+(?:al|ic|ish|ian|ed)|drinking|cooking|wheat|corn|rice|animal|baby|food|fresh|dry|winter|"
    r"relief|clean|"
    r"infant|potable|bottled|heavy|light|building|seed|fuel|heating|vegetable)$"
)
_NATIONS = listed(
    "Afghans Armenians Azerbaijanis Azeris Bangladeshis Burmese Chinese Georgians Germans Greeks Hazaras "
    "Iraqis "
    "Iranians Israelis Kurds Kyrgyz Lebanese Nepalis Pakistanis Palestinians Poles Rohingya Russians "
    "Saudis Serbs "
    "Somalis Sudanese Syrians Tajiks Tamils Tatars Tigrayans Turks Ukrainians Uzbeks Yazidis Yemenis"
)
_NATION = re.compile(rf"(?:{'|'.join(_NATIONS)}|[A-Z][a-z]+(?:ians|eans|ans))$")


def find_quantities(text: str, taken: Sequence[Span] = (), most: int = 1_000_000) -> list[Quantity]:
    """Return the first `most` quantities of a text; numbers in a taken span (a date) are passed over.

    Time is linear in the length of the text: each number is looked at with bounded context.
    """
    found: list[Quantity] = []
    covered = iter([*sorted(taken), (len(text) + 1, len(text) + 1)])
    block = next(covered)
    for match in NUMBERS.finditer(text):
        while block[1] <= match.start():
            block = next(covered)
        if block[0] < match.end():
            continue
        before = text[max(0, match.start() - 4) : match.start()]
        if _MAY_FOLLOW.match(text, match.end()) or _MONEY_BEFORE.search(before):
            for number in read_numbers(text, match):
                quantity = _read_quantity(text, number)
                if quantity is not None and (not found or found[-1].end <= quantity.start):
                    found.append(quantity)
        if len(found) >= most:
            break
    return found


def _read_quantity(text: str, number: Number) -> Quantity | None:
    money = _MONEY_BEFORE.search(text[max(0, number.start - 5) : number.start])
    unit = _read_money(text, number, money[0].strip()) if money else _read_unit(text, number)
    if unit is None:
        return None
    start = number.start - len(money[0]) if money else number.start
    before = text[max(0, start - 36) : start]
    last = before.rstrip()[-13:].split()[-1:] or [""]
    hedge = _HEDGE_BEFORE.search(before) if last[0].lower() in _HEDGE_ENDS else None
    before = before[-16:]
    if not hedge and (_NOT_BEFORE.search(before) or (number.high < 200 and _LABEL_BEFORE.search(before))):
        return None
    if number.looks_like_year and not hedge and (_YEAR_BEFORE.search(before) or unit.kind != "person"):
        return None
    if _ANOTHER.match(text, unit.end):
        return None  # "300 mm - 400 mm": half a range
    end, name = _read_rate(text, unit)
    if _NOT_AFTER.match(text, end) or _IDIOM.fullmatch(text[start:end]):
        return None
    return _judge(text, number, unit, (start, end), name, hedge)


def _judge(
    text: str, number: Number, unit: _Unit, span: Span, name: str, hedge: re.Match[str] | None
) -> Quantity | None:
    """Put together what was said: a plain value, a range, or a bound."""
    start, end = span
    before = text[max(0, start - 60) : start]
    words, kind = "", ""
    if hedge:
        words = re.sub(r"\s+(?:the\s+)?(?:between\s+)?$", "", hedge[0])
        start -= len(hedge[0])
        kind = _HEDGES[re.sub(r"\s+", " ", words.lower())]
    elif unit.plus:
        words, kind = "+", "at least"
    elif after := _HEDGE_AFTER.match(text, end):
        words, end = after[0].strip(), after.end()
        kind = _AFTER[re.sub(r"\s+", " ", words.lower())]
    low: float | None = None
    high: float | None = None
    value: float | None = number.low
    if number.is_range:
        lead = _RANGE_BEFORE.search(before)
        if _CHANGE.search(before):
            value, start = number.high, number.second  # "rose from 40 to 55": 55 is what it is now
        else:
            value, low, high = None, number.low, number.high
            start -= len(lead[0]) if lead and not hedge else 0
    elif kind == "at least":
        low = number.low
    elif kind == "up to":
        high = number.low
    return Quantity(start, end, value, low, high, name, unit.counts, bool(words) or number.approximate, words)


@dataclass(frozen=True)
class _Unit:
    end: int
    name: str
    kind: str
    counts: str
    plus: bool = False


def _read_money(text: str, number: Number, sign: str) -> _Unit | None:
    end = number.end
    follows = re.compile(r"m\b").match(text, end)
    if follows or number.is_range:
        return None  # "$5m" could be read as metres by a careless reader of ours: left to "million" and "bn"
    return _Unit(end, _MONEY[sign], "measure", "")


def _read_unit(text: str, number: Number) -> _Unit | None:
    plus = text[number.end : number.end + 1] == "+"
    position = number.end + plus
    if symbol := _SYMBOL.match(text, position):
        return _with_contents(text, _Unit(symbol.end(), SYMBOLS[symbol["symbol"]], "measure", "", plus))
    if metres := _METRES.match(text, position):
        return _Unit(metres.end(), "metres", "measure", "", plus)
    if fate := _FATE.match(text, position):
        return _Unit(position, "people", "person", "", plus) if fate and number.low >= 2 else None
    if members := _MEMBERS.match(text, position):
        word = load_unit_words()[0].get(members["word"])
        is_person = word is not None and word.kind == "person" and number.low >= 2
        return _Unit(members.end(), "people", "person", members["word"], plus) if is_person else None
    return _read_noun(text, number, position, plus)


def _read_noun(text: str, number: Number, position: int, plus: bool) -> _Unit | None:
    """Read up to three describing words and the noun that is counted."""
    plurals, singulars = load_unit_words()
    head: tuple[int, UnitWord] | None = None
    first, words = 0, 0
    while words < 6 and (match := _WORD.match(text, position)):
        word, words = match["word"], words + 1
        first = first or match.start("word")
        lower = word.lower()
        pair = _WORD.match(text, match.end())
        two = f"{lower} {pair['word'].lower()}" if pair and match.end() == pair.start() else ""
        hyphen = match["gap"] == "-" and words == 1
        single = number.low == number.high <= 1 or hyphen
        if pair and two in plurals:
            head, position = (pair.end(), plurals[two]), pair.end()
            continue
        known = plurals.get(lower) or (singulars.get(lower) if single else None)
        if known is None and _NATION.match(word):
            known = UnitWord("people", "person")
        if known is not None and (known.kind not in ("measure", "time") or words == 1):
            if known.kind == "group" and head is not None:
                break  # "12 people wounded": the people were counted already
            head, position = (match.end(), known), match.end()
            if known.kind in ("measure", "time"):
                break
            continue
        if head is not None and head[1].kind != "group":
            break
        if hyphen or not _describes(word, lower) or words > 4:
            if hyphen:
                return None
            break
        position = match.end()
    if head is None:
        return None
    end, known = head
    if text[number.end - 2 : number.end].strip() in ("a", "an") and known.kind not in ("measure", "time"):
        return None  # "half a village"
    one = number.low == number.high == 1 and text[number.start].isalpha()
    if one and (known.kind not in ("measure", "time") or known.unit == "days"):
        return None  # "one family", "one day": more often a manner of speaking than a count
    if known.kind in ("measure", "time"):
        return _with_contents(text, _Unit(end, known.unit, known.kind, "", plus))
    return _Unit(end, known.unit, known.kind, " ".join(text[first:end].split()), plus)


def _describes(word: str, lower: str) -> bool:
    """Tell whether a word can stand between a number and the noun it counts."""
    if (
        lower in ENDS_PHRASE
        or (lower.endswith("ing") and lower not in DESCRIBING_ING)
        or lower.endswith("ly")
    ):
        return False
    return not (lower.endswith("s") and not lower.endswith("ss") and word.islower())


def _with_contents(text: str, unit: _Unit) -> _Unit:
    """Add what a measure is of: `420 tonnes of flour`, `1.5 l water/day`."""
    if bare := _BARE.match(text, unit.end):
        return _Unit(bare.end(), unit.name, unit.kind, bare[1], unit.plus)
    match = _OF.match(text, unit.end)
    if match is None or unit.kind == "time" or match["noun"].lower() in ENDS_PHRASE:
        return unit
    noun, second = match["noun"], match["second"]
    end = match.end("noun")
    if second and _QUALIFIER.fullmatch(noun.lower()) and second.lower() not in ENDS_PHRASE:
        noun, end = f"{noun} {second}", match.end("second")
    return _Unit(end, unit.name, unit.kind, noun, unit.plus)


def _read_rate(text: str, unit: _Unit) -> tuple[int, str]:
    """Read `an hour`, `per person per day`, `/day` or `daily` behind a unit; return end and unit."""
    end, name = unit.end, unit.name
    flow = _FLOW.match(text, end) if unit.kind in ("person", "thing") else None
    if flow:
        end = flow.end()
    while match := _PER.match(text, end):
        end, name = match.end(), f"{name}/{match[1].lower()}"
    if end == unit.end and (match := _DAILY_AFTER.match(text, end)):
        end, name = match.end(), f"{name}/{_DAILY[match[1].lower()]}"
    return end, name
