"""Whether the words of a claim tell of the place that it is said to be about."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from corridor.evidence.rows import CLAIMS_FILE, Row, text_of, with_spots

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridor.evidence.grammar.names import Known
    from corridor.scenario.faults import Fault

_TELLING = re.compile(r"[^\W\d_]{3,}")  # words of a name, by the first letters of which it is known again
_STEM = 5


def check_told_places(
    claims: Sequence[Row], places: Sequence[Known], areas: Mapping[str, str], faults: list[Fault]
) -> None:
    """Note claims whose words name places of the case, but neither their own nor one that lies in it or about it.

    `places` are places and areas by all their names, `areas` give the area of each place. Words that name no place say
    nothing against any; of its own place a word that begins like one of its names is enough.
    """
    refs: dict[str, set[str]] = defaultdict(set)
    for known in places:
        for name in known.names:
            refs[name.casefold()].add(known.ref)
    if not refs:
        return
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(refs, key=len, reverse=True)))})\b")
    names = {known.ref: " ".join([known.ref, *known.names]) for known in places}
    for claim, spot in with_spots(claims, CLAIMS_FILE, faults):
        place, words = text_of(claim, "place"), f"{text_of(claim, 'wording')} {text_of(claim, 'quote')}".casefold()
        told = [refs[found] for found in dict.fromkeys(pattern.findall(words))]
        if not place or not told or _is_named(names.get(place, place), words):
            continue
        named = set().union(*told)
        if place not in named and not any(areas.get(one) == place or areas.get(place) == one for one in named):
            spot.note("wording_differs.place", "place", named=", ".join(sorted(named)), place=place)


def _is_named(names: str, words: str) -> bool:
    said = _TELLING.findall(words)
    stems = [word[:_STEM] for word in _TELLING.findall(names.replace("_", " ").casefold())]
    return any(word.startswith(stem) for stem in stems for word in said)
