"""What the words around a date say of its time: ahead, back, or on the day of somebody's speaking."""

from __future__ import annotations

from corridor.evidence.grammar.language import Language

# Verbs that say whether a clause looks ahead or back; a regular past tense ends in -ed.
_CLAUSE_ENDS = (". ", ".\n", "; ", "! ", "? ", "•", "\n\n", ".”", '."')


def looks_ahead(text: str, start: int, language: Language) -> bool | None:
    """Tell whether the clause around a date speaks of the future (True), the past (False) or neither (None).

    The nearest verb before the date decides ("said on Friday that trucks will leave on Sunday"); without
    one, the first verb after it.
    """
    left = text[max(0, start - 160) : start]
    left = (
        left[max(left.rfind(mark) + len(mark) for mark in _CLAUSE_ENDS if mark in left) :] if _has_end(left) else left
    )
    ahead, behind = -100, -1
    for mark in language["mark"].finditer(left):
        if mark.lastgroup == "ahead":
            ahead = mark.start()
        else:
            behind = mark.start()
    if ahead >= 0 or behind >= 0:
        # "is expected" and "would be opened" are not the past
        return ahead >= 0 and behind - ahead <= 12
    right = text[start : start + 90]
    end = min((i for m in _CLAUSE_ENDS if (i := right.find(m)) >= 0), default=len(right))
    first = language["mark"].search(right, 0, end)
    return None if first is None else first.lastgroup == "ahead"


def _has_end(words: str) -> bool:
    return any(mark in words for mark in _CLAUSE_ENDS)


def in_quotation(text: str, start: int) -> bool:
    """Tell whether a place stands in quoted speech of its paragraph."""
    left = text[max(text.rfind("\n\n", 0, start), start - 1_000, 0) : start]
    return left.rfind("“") > left.rfind("”") or left.count('"') % 2 == 1
