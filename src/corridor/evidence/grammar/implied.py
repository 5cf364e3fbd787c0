"""What a number without a noun counts, told by its sentence: "the toll rose to 412", "46 of them", "Missing: 31".

Each rule is one form of words and says whose unit the number takes: that of a word in the form, of people where only
people do what is said, or of the quantity said last (what went before). Where no form fits, nothing is told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from corridor.evidence.grammar.counted import Counted, find_unit, read_words
from corridor.evidence.grammar.language import Language, UnitWord

if TYPE_CHECKING:
    from corridor.evidence.grammar.numbers import Number

_BEHIND = 240  # characters of a sentence before a number that are looked at
_FAR = 320  # what was counted further back is not meant
_LONGEST_SUBJECT, _SHORTEST_SUBJECT = 120, 3  # characters
_MARK = re.compile(r"[.;:]")
_ENDS = re.compile(r"[.!?…][\"”’»)]*\s+(?=[A-Z“\"«(\d])|\n\s*\n|\n(?=[ \t]*[•*▪●–-][ \t])|\n(?=\d\.[ ])")
_COUNTABLE = ("person", "thing")
_MUCH_MONEY = 100_000  # that is given and has no noun: people are seldom so many


class Context(NamedTuple):
    """A quantity that was said before: where it stands, and what it counts."""

    start: int
    end: int
    unit: str
    counts: str
    kind: str


class _Place(NamedTuple):
    """A bare number in its sentence: the words before it, where it ends, and what was said before."""

    text: str
    start: int
    end: int
    before: str
    number: Number
    same: list[Context]  # in the sentence
    near: list[Context]  # in it or shortly before, countable
    language: Language

    def ends(self, name: str) -> re.Match[str] | None:
        """Match a form that ends right before the number."""
        return self.language[name].search(self.before)

    @property
    def stands(self) -> bool:
        """Tell whether the last word before the number may say that something stood at it: spares most a search."""
        last = self.before[-16:].split()[-1:]
        return bool(last) and (last[0].lower() in self.language.words["standing_end"] or last[0].endswith(":"))

    def follows(self, name: str) -> re.Match[str] | None:
        """Match a form right behind the number."""
        return self.language[name].match(self.text, self.end)

    def as_before(self, end: int | None = None) -> Counted | None:
        """Return what the countable quantity said last counts."""
        return self.like(self.near[-1], end) if self.near else None

    def as_said(self) -> Counted | None:
        """Return what the quantity said last in the sentence counts or measures, else what was counted before it."""
        said = next((said for said in reversed(self.same) if said.kind not in ("share", "time")), None)
        return self.like(said) if said else self.as_before()

    def like(self, said: Context, end: int | None = None) -> Counted:
        """Return what another quantity counts, for this number."""
        return Counted(end or self.end, said.unit, said.kind, said.counts)

    def as_unit(self, known: UnitWord | None, counts: str, end: int | None = None) -> Counted | None:
        """Return a countable unit for this number."""
        if known is None or known.kind not in (*_COUNTABLE, "group"):
            return None
        return Counted(end or self.end, known.unit, known.kind.replace("group", "person"), counts)

    def people(self, counts: str = "", end: int | None = None) -> Counted:
        """Return people."""
        return Counted(end or self.end, "people", "person", counts)


def read_implied(text: str, start: int, number: Number, last: Sequence[Context], language: Language) -> Counted | None:
    """Return what a number counts that has no noun behind it, or None if its sentence does not surely tell.

    `start` is where its hedge or itself starts; `last` are quantities that stand before it.
    """
    begin = max(0, start - _BEHIND)
    ends = [match.end() for match in _ENDS.finditer(text, begin, start)]
    begin = ends[-1] if ends else begin
    same = [said for said in last if said.start >= begin]
    near = [said for said in last if said.kind in _COUNTABLE and start - said.end < _FAR]
    if text[max(0, start - 2) : start].strip().isdigit():
        return None  # a row of figures
    place = _Place(text, start, number.end, text[begin:start], number, same, near, language)
    for rule in (
        _money_again, _of_them, _they_are, _behind_whom, _label, _toll, _number_of, _of_a_whole, _set_against, _rate,
        _as_long, _who_did, _more, _subject, _object,
    ):  # fmt: skip
        counted = rule(place)
        if counted is not None:
            return counted
    return None


def _of_them(place: _Place) -> Counted | None:
    """Read "360 of them tourists", "46 of them", "2,700 of which"."""
    match = place.follows("of_them")
    if match is None:
        return None
    following = place.language["next_word"].match(place.text, match.end())
    known = find_unit(following[1], False, place.language) if following else None
    if following and known and known.kind in _COUNTABLE:
        return place.as_unit(known, following[1], match.end())
    noun = place.ends("noun_before_comma")
    told = find_unit(noun[1], False, place.language) if noun else None
    if noun and told:
        return place.as_unit(told, noun[1], match.end())
    if match["word"] in place.language.words["of_people"]:
        return place.people(end=match.end())
    if place.near:
        return place.as_before(match.end())
    people = [word[0] for word in place.language["label_words"].finditer(place.before)]
    people = [word for word in people if (unit := find_unit(word, False, place.language)) and unit.kind == "person"]
    return place.people(people[-1], match.end()) if people else None


def _money_again(place: _Place) -> Counted | None:
    """Read "of the 48 million dollars asked for, donors have provided 11 million"."""
    said = place.same[-1] if place.same else None
    if said is None or said.unit not in place.language.money.values() or not place.ends("again_money"):
        return None
    return place.like(said) if place.number.low >= _MUCH_MONEY else None


def _they_are(place: _Place) -> Counted | None:
    """Read "43 were arbitrary arrests": what they were is what is counted, if the table has no word for it."""
    match = place.follows("they_are")
    if match is None or find_unit(match["noun"], False, place.language):
        return None
    return place.as_unit(read_words(match["noun"], place.language), match["noun"])


def _behind_whom(place: _Place) -> Counted | None:
    """Read "monitors, of whom he requires 200", "mines, of which there are 30", "prisoners, whose number is 12"."""
    match = place.ends("of_whom_before")
    if match is None:
        return None
    noun = find_unit(match["noun"], False, place.language) if match["noun"] else None
    if noun is not None and noun.kind in (*_COUNTABLE, "group"):
        return place.as_unit(noun, match["noun"])
    return place.people() if match["word"] in place.language.words["of_people"] else place.as_before()


def _label(place: _Place) -> Counted | None:
    """Read "Missing: 1,346", "New cases in week 47: 1,273", "Crossings northward: Monday 320, Tuesday 170"."""
    match = place.ends("label")
    if match is None:
        return None
    words = place.language["label_tail"].split(match["label"])[0]
    counted = place.as_unit(read_words(words, place.language), words)
    goes_on = match["bracket"] or place.language["label_goes_on"].fullmatch(words.strip())
    if counted is None and goes_on and place.same:
        return place.like(place.same[-1])
    return counted


def _toll(place: _Place) -> Counted | None:
    """Read "the death toll climbed to 5,368", "put the toll at 21", "put its dead at 1,904"."""
    told = (place.stands and place.ends("toll")) or place.ends("built_for")
    return place.people() if told else None


def _number_of(place: _Place) -> Counted | None:
    """Read "the number of people on the highway stood at 21,719"; the first noun behind "number of" is counted."""
    match = place.ends("number_of") if place.stands else None
    if match is None:
        return None
    for word in place.language["label_words"].finditer(match["noun"]):
        counted = place.as_unit(find_unit(word[0], False, place.language), word[0])
        if counted is not None:
            return counted
    return place.as_unit(read_words(match["noun"], place.language), match["noun"])


def _of_a_whole(place: _Place) -> Counted | None:
    """Read "of 36 hospitals, twelve work", "97 of 113", "39 of the 50 promised"."""
    for said in place.same:
        lead = place.before[: said.start - (place.start - len(place.before))]
        if said.kind in _COUNTABLE and place.language["of_lead"].search(lead) and place.start - said.end < 80:
            return place.like(said)
    if place.follows("of_number"):
        return _label(place)
    if place.ends("of_number_before") and place.same:
        return place.like(place.same[-1])
    return None


def _set_against(place: _Place) -> Counted | None:
    """Read "up from 291", "against a target of 300,000", "out of 4.2 million": like what it is set against."""
    if place.ends("against") is None or not (place.same or place.near):
        return None
    said = next((s for s in reversed(place.same) if s.kind != "share"), None)
    return place.like(said) if said else place.as_before()


def _more(place: _Place) -> Counted | None:
    """Read "60 more", "a further 85,000 are in the pipeline", "the 150,000 that were planned"."""
    if place.follows("more_behind") or place.ends("further_before"):
        return place.people() if place.follows("who_did") else place.as_said()
    if place.ends("the_before") and place.follows("that_behind"):
        return place.as_said()
    if place.follows("stood_so") and not place.ends("not_a_subject"):
        return place.as_before()
    return None


def _rate(place: _Place) -> Counted | None:
    """Read "grain lorries, up to 70 a day", "families leave on foot, about 30 per week"."""
    if place.follows("per") is None or place.ends("noun_before_comma") is None:
        return None
    for word in reversed(place.language["label_words"].findall(place.before)):
        known = find_unit(word, False, place.language)
        if known is not None:
            return place.as_unit(known, word)
    return None


def _as_long(place: _Place) -> Counted | None:
    """Read "bread for four days, petrol for six" and "for nine days, ten at most"."""
    said = place.same[-1] if place.same else None
    if said is None or said.kind not in ("time", "measure"):
        return None
    is_next = place.language["next_to"].fullmatch(place.text, said.end, place.start)
    is_for = said.kind == "time" and place.ends("for_before") and place.follows("clause_end")
    return place.like(said) if is_for or is_next else None


def _who_did(place: _Place) -> Counted | None:
    """Read "1.4 million need food", "Some 430 have flown home", "70,000 are homeless": only people do so."""
    if place.number.low < 2 or not place.follows("who_did") or place.ends("not_a_subject"):
        return None
    animals = place.near and place.near[-1].unit == "animals"
    return place.as_before() if animals else place.people()


def _subject(place: _Place) -> Counted | None:
    """Read "Infections there reached 387", "Arrivals now total 18,905", "camps, numbering 302", "they number sixty"."""
    match = place.ends("subject_end") if place.stands else None
    # what stands before the verb is cut out and not searched for: that would take the square of its length
    subject = _MARK.split(place.before[max(0, match.start() - _LONGEST_SUBJECT) : match.start()])[-1] if match else ""
    if len(subject) < _SHORTEST_SUBJECT:
        return None
    words = place.language["clause_break"].split(subject)[-1]
    if place.language["same_subject_words"].search(words):
        people = [said for said in place.near if said.kind == "person"]
        return place.like(people[-1]) if people else place.as_before()
    for word in place.language["label_words"].finditer(words):
        known = find_unit(word[0], False, place.language)
        if known is not None:
            return place.as_unit(known, word[0])
        if word.start() < 3 and (opened := read_words(word[0], place.language)):
            return place.as_unit(opened, word[0])
    return None


def _object(place: _Place) -> Counted | None:
    """Read "the capital has sent 8,500.", "the ward held 43 on Monday", "shelling killed 12"."""
    if place.number.low < 2 or not place.follows("clause_end"):
        return None
    if place.ends("harmed"):
        return place.people()
    if place.ends("object") is None:
        return None
    topics = place.language["topic"].findall(place.before)
    if topics and not place.same:
        return place.as_unit(find_unit(topics[-1], False, place.language), topics[-1])
    said = place.same[-1] if place.same else None
    if said is not None and said.kind == "measure":
        return place.like(said) if place.ends("object_of_measure") else None
    return place.as_before()
