"""Where every figure comes from: rows of sources and claims, with file, hash, date and licence."""

from __future__ import annotations

from dataclasses import dataclass, field

from corridor.build.naming import Spot
from corridor.build.people_rows import Known
from corridor.build.row import ROADS, Row
from corridor.build.small import Small
from corridor.scenario.faults import Fault, fault

ATTRIBUTION = "© OpenStreetMap contributors, Open Database Licence (ODbL) 1.0, https://www.openstreetmap.org/copyright"


@dataclass
class Evidence:
    """Rows of evidence/sources.csv and evidence/claims.csv as they are gathered, and warnings of figures too young."""

    start: str  # day
    sources: list[Row] = field(default_factory=list)
    claims: list[Row] = field(default_factory=list)
    young: list[Fault] = field(default_factory=list)
    newest: str = ""

    def note_day(self, file: str, what: str, day: str) -> None:
        """Remember the day of a figure or file, and warn once if it is later than the start."""
        self.newest = max(self.newest, day)
        if day > self.start:
            found = fault("dated_data", (file, 0, ""), what=what, day=day, start=self.start)
            if found not in self.young:
                self.young.append(found)

    def note_year(self, file: str, what: str, year: str) -> None:
        """Warn once of figures of a year after that of the start."""
        self.newest = max(self.newest, f"{year}-01-01")
        found = fault("dated_data", (file, 0, ""), what=what, day=year, start=self.start)
        if found not in self.young:
            self.young.append(found)


def add_roads(evidence: Evidence, small: Small, file: str, digest: str) -> None:
    """Add the extract as a source, and the claim that roads, places and border posts are as mapped."""
    day = small.extract.day
    named = file.replace("\\", "/").rpartition("/")[2]
    source: Row = {
        "id": "osm",
        "publisher": "OpenStreetMap contributors",
        "title": f"Extract {named}",
        "published": day,
    }
    source |= {"address": "https://www.openstreetmap.org/copyright", "origin": "OpenStreetMap", "reliability": "B"}
    evidence.sources.append({**source, "note": f"Open Database Licence (ODbL) 1.0; SHA-256 {digest}"})
    wording = "Roads, their lengths, lanes and surface, ferries, places and border posts are as mapped in the extract"
    claim: Row = {"id": ROADS, "source": "osm", "said_on": day, "about": "geography", "stance": "reports"}
    evidence.claims.append({**claim, "credibility": "3", "wording": wording, "use": "sets"})
    evidence.note_day(named, "roads and places as mapped", day)


def know_people_of_map(evidence: Evidence, small: Small, spots: dict[int, Spot]) -> dict[int, Known]:
    """Return the people mapped at each place, each a claim of its own; without a day it is the extract's."""
    known: dict[int, Known] = {}
    for point, one in small.settled.items():
        if one.place.people is None or point not in spots:
            continue
        day = one.place.people_day or small.extract.day
        claim = f"people_{spots[point].id}"
        if spots[point].inside:
            words = f"{one.place.people:,} people live in {one.place.name}, as mapped"
            row: Row = {
                "id": claim,
                "source": "osm",
                "said_on": small.extract.day,
                "happened": day,
                "place": spots[point].id,
            }
            row |= {"quantity": "people", "value": one.place.people, "unit": "people", "stance": "reports"}
            evidence.claims.append({**row, "credibility": "4", "wording": words, "use": "context"})
        since = one.place.people_day or f"no day mapped; by {small.extract.day or 'an unknown day'}"
        known[point] = Known(one.place.people, day, claim, f"people as mapped ({since}), spread: assumption")
    return known


def settle_people(evidence: Evidence, small: Small, spots: dict[int, Spot], known: dict[int, Known], file: str) -> None:
    """Say of the claims of people which set a number; the others stand beside them. Warn of those too young."""
    used = {known[point].claim for point, spot in spots.items() if spot.inside and point in known}
    for row in evidence.claims:
        if row["id"] in used:
            row["use"] = "sets"
    named = file.replace("\\", "/").rpartition("/")[2]
    for point, spot in spots.items():
        if spot.inside and point in known and known[point].claim == f"people_{spot.id}":
            own = small.settled[point].place.people_day
            said = "people as mapped" if own else "people as mapped, without a day of their own, in the extract"
            evidence.note_day(named, said, known[point].day)
