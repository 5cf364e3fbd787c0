"""The places of a case, found by the place code or by any of the names that a file of somebody's uses."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from corridor.build.tables import fold
from corridor.scenario.draft import show, suggest
from corridor.scenario.faults import UsageError

NOT_KNOWN = "a place that the case does not have"
NOT_SURE = "a name that fits more than one place"
NOWHERE = "no place is named"


@dataclass(frozen=True)
class KnownPlace:
    """One place, or one area, that a row may mean.

    `names` are all its names, `code` its place code, `areas` names or codes of the units it lies in; `column` says
    whether it is a place or an area of the case. Degrees (WGS84); None for an area.
    """

    id: str
    names: tuple[str, ...]
    code: str = ""
    latitude: float | None = None
    longitude: float | None = None
    inside: bool = True
    areas: tuple[str, ...] = ()
    column: str = "place"


@dataclass(frozen=True)
class KnownPlaces:
    """The places by code and name. `words` are a person's: their word for a place, by which the id of ours is found."""

    places: tuple[KnownPlace, ...]
    words: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raise UsageError when a word names a place that is not there."""
        ids = {place.id for place in self.places}
        for word, name in self.words.items():
            if name not in ids:
                message = f"[places] of the mapping: {show(word)} is {show(name)}, which no place is called"
                raise UsageError(message + suggest(name, ids))

    @cached_property
    def _by_code(self) -> dict[str, list[KnownPlace]]:
        return _index((place, [place.code]) for place in self.places if place.code)

    @cached_property
    def _by_name(self) -> dict[str, list[KnownPlace]]:
        return _index((place, (place.id, *place.names)) for place in self.places)

    @cached_property
    def _by_word(self) -> dict[str, KnownPlace]:
        by_id = {place.id: place for place in self.places}
        return {_plain(word): by_id[name] for word, name in self.words.items()}

    def find(self, codes: Iterable[str], names: Iterable[str]) -> KnownPlace:
        """Return the place of a row: by a person's word, by code, then by name, the finest first.

        Raises ValueError, its words a reason.
        """
        given = [text for text in (*codes, *names) if text]
        if not given:
            raise ValueError(NOWHERE)
        for text in given:
            if (chosen := self._by_word.get(_plain(text))) is not None:
                return chosen
        finest_code, finest_name = next(iter(codes), ""), next(iter(names), "")
        tried = [(self._by_code, finest_code), (self._by_name, finest_name)]
        tried += [(self._by_name, finest_code), (self._by_code, finest_name)]  # one in the other's column
        for index, text in tried:
            found = index.get(_plain(text), []) if text else []
            if len(found) == 1:
                return found[0]
            if found:
                raise ValueError(NOT_SURE)
        raise ValueError(NOT_KNOWN)

    def within(self, areas: Iterable[str], others: bool = True) -> list[KnownPlace]:
        """Return the places inside that lie in the first of some areas that any place lies in.

        Where none lies in any: all places inside, or none if `others` is false.
        """
        inside = [place for place in self.places if place.inside and place.latitude is not None]
        for area in areas:
            chosen = [place for place in inside if area and _plain(area) in map(_plain, place.areas)]
            if chosen:
                return chosen
        return inside if others else []


def _index(named: Iterable[tuple[KnownPlace, Iterable[str]]]) -> dict[str, list[KnownPlace]]:
    index: dict[str, list[KnownPlace]] = {}
    for place, names in named:
        for name in {_plain(name) for name in names if name}:
            index.setdefault(name, []).append(place)
    index.pop("", None)
    return index


@lru_cache(20_000)
def _plain(name: str) -> str:
    """Return a name without case, signs and the marks on its letters."""
    parted = unicodedata.normalize("NFD", name.strip())
    return fold("".join(sign for sign in parted if not unicodedata.combining(sign))) or name.strip()
