"""Whether the one who speaks in a claim is named by its own sources, where other sources come from there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corridor.evidence.rows import Row, Spot, text_of
from corridor.scenario.draft import show

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_WORD = re.compile(r"[^\W\d_]{2,}")
_STEM = 5  # letters by which a word is known again
_COMMON = frozenset(
    [
        "the",
        "of",
        "and",
        "for",
        "in",
        "to",
        "on",
        "by",
        "at",
        "from",
        "via",
        "government",
        "ministry",
        "president",
        "national",
        "state",
        "service",
        "press",
        "office",
        "spokesman",
        "spokeswoman",
        "spokesperson",
        "head",
        "republished",
    ]
)  # words that are part of many names and tell none from another


def find_offices(sources: Iterable[Row]) -> frozenset[str]:
    """Return whom the sources come from, origins and publishers, each part of `Office; Other (place)` by itself."""
    named = [text_of(source, column) for source in sources for column in ("origin", "publisher")]
    parts = [part for name in named for part in (name, *re.split(r"[;,/(]", name))]
    return frozenset(" ".join(part.casefold().split()) for part in parts if part.strip())


def check_speaker(claim: Row, sources: Mapping[str, Row], offices: frozenset[str], spot: Spot) -> None:
    """Note a speaker from whom other sources come, and whom neither the claim's sources nor its words name.

    Of persons and offices who appear nowhere else nothing can be said: a paper may quote anybody.
    """
    speaker = text_of(claim, "speaker")
    if " ".join(speaker.casefold().split()) not in offices:
        return
    own = [sources[name] for name in text_of(claim, "source").split() if name in sources]
    told = [text_of(source, column) for source in own for column in ("publisher", "origin", "title", "note")]
    told += [text_of(claim, column) for column in ("wording", "quote", "note", "role")]
    said = _list_stems(speaker)
    if own and said and not said & _list_stems(" ".join(told)):
        spot.note("wording_differs.speaker", "speaker", speaker=show(speaker))


def _list_stems(text: str) -> set[str]:
    return {word[:_STEM] for word in _WORD.findall(text.casefold()) if word not in _COMMON}
