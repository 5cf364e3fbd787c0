"""Places and actors that a scenario knows, found in a text under any of their names."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from corridor.evidence.grammar.language import Language, load_language

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Known(NamedTuple):
    """Something the scenario knows: its id, `place` or `actor`, and every name it goes by."""

    ref: str
    kind: str
    names: Sequence[str]


@dataclass(frozen=True)
class Mention:
    """A known place or actor at [start, end) of a text."""

    start: int
    end: int
    ref: str
    kind: str


_JOINED_BEFORE = re.compile(r"([^\W\d_]+)[-–]$")
_JOINED_AFTER = re.compile(r"[-–]([^\W\d_]+)")
_WORD = re.compile(r"[^\W\d_]+")


def find_mentions(
    text: str, known: Iterable[Known], most: int = 1_000_000, language: Language | None = None
) -> list[Mention]:
    """Return the first `most` places where a known name stands, the longest name first, in order.

    Upper and lower case must be as in the name (a text in capitals only matches too). A name that is part
    of a longer name is passed over: another person's first name before it, "Street" or "region" behind it.
    """
    language = language or load_language("en")
    first_words: dict[str, list[tuple[str, str, str]]] = {}
    for item in known:
        for name in item.names:
            for form in {unicodedata.normalize(f, name.strip()) for f in ("NFC", "NFD")} - {""}:
                start = _WORD.match(form)
                if start:
                    for variant in {form, form.upper()}:
                        key = _WORD.match(variant)
                        first_words.setdefault(key[0] if key else variant, []).append((variant, item.ref, item.kind))
    for entries in first_words.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    mentions: list[Mention] = []
    if not first_words:
        return mentions
    reached = 0
    for match in _WORD.finditer(text):
        if len(mentions) >= most:
            break
        if match.start() < reached or match[0] not in first_words:
            continue
        for name, ref, kind in first_words[match[0]]:
            end = match.start() + len(name)
            if text.startswith(name, match.start()) and _stands_alone(
                text, (match.start(), end), kind, first_words, language
            ):
                mentions.append(Mention(match.start(), end, ref, kind))
                reached = end
                break
    return mentions


def _stands_alone(
    text: str, span: tuple[int, int], kind: str, first_words: dict[str, list[tuple[str, str, str]]], language: Language
) -> bool:
    start, end = span
    before, after = text[max(0, start - 40) : start], text[end : end + 40]
    left, right = before[-1:] or " ", after[:1] or " "
    if left.isalnum() or right.isalnum() or left in "_@#" or right in "_@":
        return False
    if re.search(r"\w\.$", before) or re.match(r"\.[a-z]{2,}", after):
        return False  # part of an address on the web
    # a hyphen joins two known names ("the Goris-Stepanakert road") or makes a longer name, not this one
    joined = _JOINED_BEFORE.search(before) if left in "-–" else _JOINED_AFTER.match(after)
    if left in "-–" and (joined is None or joined[1] not in first_words):
        return False
    if joined and joined[1][0].isupper() and joined[1] not in first_words:
        return False
    previous = re.search(r"([^\W\d_][\w’'-]*)\.?[ \n]$", before)
    if previous and previous[1][0].isupper() and not _may_precede(previous[1], first_words, language):
        return False
    following = re.match(r"[ \n]([^\W\d_]+)", after)
    if following is None:
        return True
    if following[1] in language.words["regions"] or (
        following[1].lower() in language.words["larger_names"] and following[1][0].isupper()
    ):
        return False
    # an actor's name right before a surname is a first name ("Samvel Babayan" is not the known "Samvel")
    return kind != "actor" or language["surname_after"].match(after) is None


def _may_precede(word: str, first_words: dict[str, list[tuple[str, str, str]]], language: Language) -> bool:
    lower = word.lower()
    if lower in language.words["before_names"] or word in first_words or language["owner_end"].search(lower):
        return True
    if word.isupper() and len(word) > 1:
        return True
    return language["nation_before_name"].search(lower) is not None
