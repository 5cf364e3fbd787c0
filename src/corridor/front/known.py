"""The places, areas and exits of a case, as what the rows of a file may mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor.build.known_places import KnownPlace, KnownPlaces
from corridor.build.mapping import NO_MAPPING, ColumnMapping
from corridor.evidence.scenario_rows import split_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor.scenario.scenario import Scenario


def known_places(case: Scenario, mapping: ColumnMapping = NO_MAPPING) -> KnownPlaces:
    """Return the places and areas of a case with all their names."""
    areas = {str(row["id"]): split_names(str(row["name"])) for row in case.tables.get("areas", ())}
    places = [
        KnownPlace(
            str(row["id"]),
            tuple(split_names(str(row["name"]), str(row["other_names"] or ""))),
            str(row["pcode"] or ""),
            row["latitude"],
            row["longitude"],
            areas=(str(row["area"]), *areas.get(str(row["area"]), ())),
        )
        for row in case.tables["places"]
    ]
    places += [KnownPlace(name, tuple(names), column="area") for name, names in areas.items()]
    return KnownPlaces(_once(places), mapping.places)


def known_exits(case: Scenario) -> KnownPlaces:
    """Return the roads and services of a case, by which people may have left."""
    rows = [row for table in ("roads", "services") for row in case.tables.get(table, ())]
    return KnownPlaces(_once([KnownPlace(str(row["id"]), (str(row["name"] or ""),), column="exit") for row in rows]))


def _once(places: Sequence[KnownPlace]) -> tuple[KnownPlace, ...]:
    """Return each place once: it may stand in several parameter sets."""
    return tuple({(place.column, place.id): place for place in places}.values())
