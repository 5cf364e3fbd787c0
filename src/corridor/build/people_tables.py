"""People from tables: a figure of a place goes to it; one of a unit is shared out among the places that lie in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corridor.build.known_places import KnownPlace, KnownPlaces
from corridor.build.people import People, PeopleFigure
from corridor.build.people_rows import Known
from corridor.build.row import Row
from corridor.build.sources import Evidence
from corridor.build.texts import fold_name
from corridor.build.used import SourceFile

NOT_HERE = "a place or unit that holds no place of the case"


@dataclass(frozen=True)
class Share:
    """One place's part of a figure: how many people, of all of the figure's, and by which figure."""

    place: str
    people: float
    part: float
    figure: PeopleFigure


def share_out(people: People, places: Sequence[KnownPlace], weights: Mapping[str, float]) -> list[Share]:
    """Return the people of each place inside; of a unit's the rest, by weight, goes to its places without a figure.

    A figure that belongs nowhere is taken back from the reading as dropped.
    """
    known, found = KnownPlaces(tuple(places)), dict[str, Share]()
    of_units: list[tuple[PeopleFigure, list[KnownPlace]]] = []
    for figure in people.figures:
        place = _find(known, figure)
        within = [one for one in places if one.inside and _lies_in(one, figure)]
        if place is not None and (figure.level is None or not within or within == [place]):
            if place.inside and place.id not in found:
                found[place.id] = Share(place.id, figure.people, 1.0, figure)
                continue
        elif within:
            of_units.append((figure, within))
            continue
        people.reading.take_back(
            figure.line, NOT_HERE if place is None else "a place outside, or one with a figure already"
        )
    for figure, within in sorted(of_units, key=lambda item: len(item[1])):
        rest = [place for place in within if place.id not in found]
        left = figure.people - sum(found[place.id].people for place in within if place.id in found)
        total = sum(weights[place.id] for place in rest)
        if not rest or left <= 0:
            people.reading.take_back(figure.line, "a unit all of whose places have figures of their own")
            continue
        for place in rest:
            part = weights[place.id] / total
            found[place.id] = Share(place.id, left * part, part, figure)
    return list(found.values())


def _find(known: KnownPlaces, figure: PeopleFigure) -> KnownPlace | None:
    try:
        return known.find((figure.code,), (figure.name,))
    except ValueError:
        return None


def _lies_in(place: KnownPlace, figure: PeopleFigure) -> bool:
    names = {fold_name(name) for name in (figure.code, figure.name)} - {""}
    return any(fold_name(area) in names for area in place.areas)


def know_people(
    evidence: Evidence, people: People, shares: Sequence[Share], points: Mapping[str, int], number: int
) -> dict[int, Known]:
    """Return what is known at each point, a claim for each figure; figures younger than the start are warned of."""
    source = f"people_file_{number}"
    evidence.sources.append(describe_file(source, people.source))
    known: dict[int, Known] = {}
    claims: dict[int, str] = {}
    for share in shares:
        figure = share.figure
        of = figure.name or figure.code
        year = str(figure.year) if figure.year is not None else "an unknown year"
        if figure.line not in claims:
            claims[figure.line] = f"{source}_line_{figure.line}"
            row: Row = {"id": claims[figure.line], "source": source, "place": share.place if share.part == 1 else ""}
            row |= {"quantity": "people", "value": f"{figure.people:.0f}", "unit": "people", "stance": "reports"}
            row["happened"] = f"{figure.year}-01-01" if figure.year is not None else ""
            words = f"{figure.people:,.0f} people in {of}, {year} (line {figure.line} of {people.source.name})"
            evidence.claims.append({**row, "credibility": "3", "wording": words, "use": "sets"})
        if figure.younger:
            evidence.note_year(people.source.name, "numbers of people", str(figure.year))
        note = f"people of {year}, spread: assumption"
        if share.part < 1:
            note = (
                f"{share.part:.1%} of those of {of} ({year}) without figures of their own, by people mapped or kind of "
            )
            note += "place: assumption"
        known[points[share.place]] = Known(round(share.people), str(figure.year or ""), claims[figure.line], note)
    return known


def describe_file(name: str, source: SourceFile) -> Row:
    """Return a file as a source: who published it, when, and the hash of its bytes."""
    row: Row = {"id": name, "publisher": source.publisher or "not stated", "title": source.title or source.name}
    row |= {"published": source.published, "address": source.address, "origin": source.publisher}
    licence = source.licence or "licence not stated"
    return {**row, "note": f"{source.name}, {source.size:,} bytes, SHA-256 {source.sha256}; {licence}"}
