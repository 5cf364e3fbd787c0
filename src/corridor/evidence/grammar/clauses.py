"""What the words around a date say of its time: ahead, back, or on the day of somebody's speaking."""

from __future__ import annotations

from corridor.evidence.grammar.language import Language

_CLAUSE_ENDS = (". ", ".\n", "; ", "! ", "? ", "•", "\n\n", ".”", '."')
_LOOK_BACK, _LOOK_ON = 160, 90  # characters of a clause before and behind a date
_LONGEST_VERB = 12  # "is expected", "would be opened": the second word is no past


def looks_ahead(text: str, start: int, language: Language) -> bool | None:
    """Tell whether the clause around a date speaks of the future (True), the past (False) or neither (None).

    The nearest verb before the date decides ("said on Friday that trucks will leave on Sunday"); without one, or
    where the date opens its clause ("said that on Friday trucks will leave"), the first verb behind it.
    """
    left = _clause_before(text, start)
    if language["fresh_clause"].search(left):
        behind = _look_on(text, start, language)
        return _look_back(left, language) if behind is None else behind
    before = _look_back(left, language)
    return before if before is not None or language["mark"].search(left) else _look_on(text, start, language)


def _clause_before(text: str, start: int) -> str:
    left = text[max(0, start - _LOOK_BACK) : start]
    return left[max((left.rfind(mark) + len(mark) for mark in _CLAUSE_ENDS if mark in left), default=0) :]


def _look_back(left: str, language: Language) -> bool | None:
    """Judge by the last verb before a date, and by the word right before it where that verb is of the present."""
    ahead, last, kind = -100, -1, None
    for mark in language["mark"].finditer(left):
        if mark.lastgroup == "ahead":
            ahead = mark.start()
        last, kind = mark.start(), mark.lastgroup
    if language["since_before"].search(left):
        return False
    if kind is None:
        return None
    is_close = 0 < last - ahead <= _LONGEST_VERB
    if kind in ("behind", "past", "now") and is_close and not language["clause_joint"].search(left, ahead, last):
        kind = "ahead"
    if kind in ("now", "asked"):
        return True if language["until_before"].search(left) else None
    return kind == "ahead"


def _look_on(text: str, start: int, language: Language) -> bool | None:
    right = text[start : start + _LOOK_ON]
    end = min((i for m in _CLAUSE_ENDS if (i := right.find(m)) >= 0), default=len(right))
    first = language["mark"].search(right, 0, end)
    if first is None or first.lastgroup in ("now", "asked"):
        return None
    return first.lastgroup == "ahead"


def in_quotation(text: str, start: int) -> bool:
    """Tell whether a place stands in quoted speech of its paragraph."""
    left = text[max(text.rfind("\n\n", 0, start), start - 1_000, 0) : start]
    return left.rfind("“") > left.rfind("”") or left.rfind("«") > left.rfind("»") or left.count('"') % 2 == 1
