"""Fractions and ratios in words: "a quarter of the houses", "one in three", "four in five of them"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from corridor.evidence.grammar.counted import Counted, read_head
from corridor.evidence.grammar.hedges import read_hedge_before
from corridor.evidence.grammar.language import Language
from corridor.evidence.grammar.numbers import Number, parse_number

if TYPE_CHECKING:
    import re

_DECIMALS = 4  # of a share: one in three is 0.3333
_WHOLES = (*range(2, 13), 20, 100)  # what a ratio is of; "46 out of 129 trucks" are two numbers


class Share(NamedTuple):
    """A share and what it is of."""

    number: Number
    counted: Counted


def find_shares(text: str, language: Language) -> Iterator[Share]:
    """Yield the shares of a text in words, in order within each kind."""
    for match in language["ratio"].finditer(text):
        part, whole = _read_part(match["part"], language), parse_number(match["whole"], language)
        if part is None or whole is None or not 0 < part < whole or whole not in _WHOLES:
            continue
        # "12 people in 20 tents", but "neuf maisons sur dix"
        is_ratio = not match["noun"] or part == 1 or language.noun_first
        if not (is_ratio or language["whole_closes"].match(text, match.end())) or language["no_share_after"].match(
            text, match.end()
        ):
            continue
        yield _share(text, match, part / whole, language)
    for match in language["fraction"].finditer(text):
        part = _read_part(match["part"] or "", language)
        size = language.fractions[(match["size"] or match["half"]).lower()]
        if part is None or not part * size < 1:
            continue
        # "a third was turned away" is the third one; "two thirds" and "nearly a third" are shares
        is_told = match["of"] or part > 1 or read_hedge_before(text, match.start(), language)
        is_led = (match["part"] or "").lower() in language.words["articles"]  # "that a third", but not "that third"
        is_side = not is_led and language["no_share_before"].search(text[max(0, match.start() - 12) : match.start()])
        if (
            is_told
            and not is_side
            and not language["no_share_after"].match(text, match.end("size" if match["size"] else "half"))
        ):
            yield _share(text, match, part * size, language)


def _read_part(word: str, language: Language) -> float | None:
    """Return how many parts are meant: an article, or nothing, is one."""
    return parse_number(word, language) if word and word.lower() not in language.words["articles"] else 1.0


def _share(text: str, match: re.Match[str], value: float, language: Language) -> Share:
    start, end = match.start(), match.end()
    while text[end - 1].isspace():
        end -= 1
    value = round(value, _DECIMALS)
    head = read_head(text, end, True, language)
    counts = match.groupdict().get("noun") or ""
    if head is not None:
        end, counts = head.end, " ".join(text[head.start : head.end].split())
    return Share(Number(start, end, value, value, False, False, end), Counted(end, "share", "share", counts))
