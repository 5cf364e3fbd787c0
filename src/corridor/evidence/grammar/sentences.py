"""Sentences and quoted speech of a text, each with its place, in one pass."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corridor.evidence.grammar.language import Language, load_language

QUOTED = "\ufffc"  # stands for every character of quoted speech, so that offsets stay as they are
_PARAGRAPH = re.compile(r"(?:\r?\n[ \t\u00a0]*){2,}|\r?\n(?=[ \t]*[•*▪●◦–—-][ \t])")
_QUOTE = re.compile(
    r"“[^“”]{0,4000}(?:”|$)"
    r'|(?<![\w"])"(?=\S)[^"]{0,4000}(?:"|$)'
    r"|(?<!\w)''(?=\S)[^'\n]{0,2000}(?:'[^'\n]{1,2000}){0,9}''"
    r"|«[^«»]{0,4000}(?:»|$)"
    r"|(?<!\w)‘[^‘]{0,4000}?[.,?!]’(?!\w)"
    r"|(?<!\w)'(?=[A-Z])[^'\n]{0,4000}?[.,?!]'(?!\w)"
)
_LEAD = re.compile(r"[\s\u00a0•*▪●◦]*(?:[–—-][ \t]+|\(?\w{1,2}\)[ \t]+|(?:[A-Z]|\d{1,2})\.[ \t]+(?=[A-Z]\w*[: ]))?")
_END = re.compile(r"(?:[.!?…]+[\"”’»')\]]*|[\"”’»]|\ufffc)(?=\s+|$)")
_FOLLOWING = re.compile(r"\s+[•\"“‘«'(\[]*(\S)")


@dataclass(frozen=True)
class Sentence:
    """A sentence at [start, end) of a text; `masked` is its words with quoted speech replaced by QUOTED.

    `paragraph` counts from 0. A quotation is never cut: what is quoted belongs to one sentence.
    """

    start: int
    end: int
    masked: str
    paragraph: int

    @property
    def is_all_quoted(self) -> bool:
        """Tell whether the sentence is quoted speech and nothing else."""
        return QUOTED in self.masked and not any(c.isalnum() for c in self.masked)


def split_sentences(text: str, language: Language | None = None) -> list[Sentence]:
    """Return the sentences of a text in order, in time linear in its length."""
    language = language or load_language("en")
    sentences: list[Sentence] = []
    position = 0
    for number, end, following in _paragraphs(text):
        masked = _QUOTE.sub(lambda m: QUOTED * len(m[0]), text[position:end])
        start = 0
        for match in _END.finditer(masked):
            if _is_end(text, position, masked, match, language):
                _add(sentences, position + start, masked[start : match.end()], number)
                start = match.end()
        _add(sentences, position + start, masked[start:], number)
        position = following
    return sentences


def _paragraphs(text: str) -> list[tuple[int, int, int]]:
    """Return (number, end, start of the next) for each paragraph."""
    breaks = [(m.start(), m.end()) for m in _PARAGRAPH.finditer(text)]
    return [(i, end, following) for i, (end, following) in enumerate([*breaks, (len(text), len(text))])]


def _is_end(text: str, offset: int, masked: str, match: re.Match[str], language: Language) -> bool:
    following = _FOLLOWING.match(masked, match.end())
    first = following[1] if following else ""
    if first and not (first.isupper() or first.isdigit() or first == QUOTED or not first.isascii()):
        return False
    if match[0][0] in ".!?…":
        return not (
            match[0][0] == "."
            and language["abbreviation"].search(masked[max(0, match.start() - 12) : match.start() + 1])
            and first
        )
    # a closing quotation mark ends the sentence only if the quoted words do
    inner = text[offset + match.end() - 2 : offset + match.end() - 1]
    return inner in (".", "!", "?", "…")


def _add(sentences: list[Sentence], start: int, masked: str, paragraph: int) -> None:
    lead = _LEAD.match(masked).end()  # type: ignore[union-attr]
    body = masked[lead:].rstrip()
    if body:
        sentences.append(Sentence(start + lead, start + lead + len(body), body, paragraph))
