"""A folder of Flee from the roads of an extract: places, routes of true length, conflicts by day, and counts.

Flee's own scripts measure straight lines in degrees and chain neighbours; here a route is as long as its road.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from corridor.scenario.spreadsheet import write_csv

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corridor.build.chain import Chain
    from corridor.build.naming import Spot

INSIDE, OUTSIDE = "Inside", "Outside"  # countries, as Flee calls both sides
LEAVING = 0.01  # share of a conflict zone's people who leave on a day of conflict: assumption
SETTINGS = f"""# Made by `corridor flee build`. Speeds and chances are Flee's own defaults: assumptions.
spawn_rules:
  take_from_population: True
  conflict_driven_spawning:
    spawn_mode: pop_ratio
    displaced_per_conflict_day: {LEAVING}
move_rules:
  max_move_speed: 360.0
  max_walk_speed: 35.0
  camp_weight: 1.0
"""


@dataclass(frozen=True)
class FleeCounts:
    """Counted people by name of the place and day; a place without any gets a placeholder."""

    by_place: Mapping[str, Mapping[date, float]] = field(default_factory=dict)


def write_flee_files(
    spots: Mapping[int, Spot], chains: Iterable[Chain], people: Mapping[int, float],
    conflicts: Mapping[str, set[date]], counts: FleeCounts, period: tuple[datetime, datetime],
) -> tuple[dict[str, str], list[str]]:  # fmt: skip
    """Return the files of a folder of Flee by name, and what to say of them.

    `conflicts` are the days of conflict by id of the place; where there are none, every place inside is a zone of
    conflict all the time. `people` are by point, `counts` of places outside.
    """
    names = name_places(spots.values())
    home = [spot for spot in spots.values() if spot.inside and spot.role == "place"]
    zones = [spot for spot in home if not conflicts or spot.id in conflicts]
    camps = [spot for spot in spots.values() if not spot.inside and spot.role in ("place", "end")]
    start, days = period[0].date(), max((period[1] - period[0]).days, 1)
    files = {
        "input_csv/locations.csv": _write_locations(spots.values(), names, {zone.id for zone in zones}, people),
        "input_csv/routes.csv": _write_routes(spots, chains, names),
        "input_csv/closures.csv": "#closure_type,name1,name2,closure_start,closure_end\n",
        "input_csv/conflicts.csv": _write_conflicts(zones, names, conflicts, start, days),
        "input_csv/sim_period.csv": f"StartDate,{start}\nLength,{days}\n",
        "simsetting.yml": SETTINGS,
    }
    told = [f"{LEAVING:.0%} of a zone's people leave on a day of conflict: assumption (simsetting.yml)"]
    if not conflicts:
        told.append("no events were given: every place inside is a zone of conflict all the time: assumption")
    empty = [names[spot.id] for spot in camps if not counts.by_place.get(spot.id)]
    if empty:
        nobody = f"nobody was counted at {', '.join(empty)}: a count of 0 on the first day stands there because Flee "
        told.append(f"{nobody}stops without; errors measured against it mean nothing")
    return {**files, **_write_counts(camps, names, counts, start)}, told


def name_places(spots: Iterable[Spot]) -> dict[str, str]:
    """Return a name for each id that Flee's tables can hold, all different."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for spot in spots:
        plain = " ".join(spot.name.replace(",", " ").replace('"', "'").lstrip("#=+-@'").split()) or spot.id
        name, number = plain, 1
        while name in taken:
            number += 1
            name = f"{plain} {number}"
        taken.add(name)
        names[spot.id] = name
    return names


def _write_locations(
    spots: Iterable[Spot], names: Mapping[str, str], zones: set[str], people: Mapping[int, float]
) -> str:
    rows: list[Sequence[object]] = []
    kinds = {"crossing": "marker", "junction": "marker"}
    for spot in sorted(spots, key=lambda spot: (not spot.inside, spot.role != "place")):
        kind = "conflict_zone" if spot.id in zones else kinds.get(spot.role, "town" if spot.inside else "camp")
        side = INSIDE if spot.inside else OUTSIDE
        count = round(people.get(spot.point, 0.0)) if spot.role == "place" and spot.inside else ""
        began = 0 if kind == "conflict_zone" else ""
        rows.append([names[spot.id], side, side, f"{spot.latitude:.5f}", f"{spot.longitude:.5f}", kind, began, count])
    header = ["#name", "region", "country", "latitude", "longitude", "location_type", "conflict_date", "population"]
    return write_csv([header, *rows])


def _write_routes(spots: Mapping[int, Spot], chains: Iterable[Chain], names: Mapping[str, str]) -> str:
    best: dict[tuple[str, str], float] = {}
    for chain in chains:
        ends = (names[spots[chain.begin].id], names[spots[chain.end].id])
        ends = ends[::-1] if ends[::-1] in best else ends
        best[ends] = min(chain.length, best.get(ends, chain.length))
    rows = [[*ends, f"{max(length, 0.05):.2f}", 0] for ends, length in best.items()]
    return write_csv([["#name1", "name2", "distance", "forced_redirection"], *rows])


def _write_conflicts(
    zones: Sequence[Spot], names: Mapping[str, str], conflicts: Mapping[str, set[date]], start: date, days: int
) -> str:
    rows: list[Sequence[object]] = [["#Day", *(names[zone.id] for zone in zones)]]
    for number in range(days + 1):
        day = start + timedelta(days=number)
        rows.append([number, *(int(not conflicts or day in conflicts[zone.id]) for zone in zones)])
    return write_csv(rows)


def _write_counts(camps: Sequence[Spot], names: Mapping[str, str], counts: FleeCounts, start: date) -> dict[str, str]:
    """Return source_data: the layout, each camp's counts, and their sum on the days on which any was counted."""
    files, total = dict[str, str](), dict[date, float]()
    layout = [["total", "refugees.csv"]]
    series = {spot.id: dict(counts.by_place.get(spot.id, {})) or {start: 0.0} for spot in camps}
    for spot in camps:
        file = f"{spot.id}.csv"
        layout.append([names[spot.id], file])
        files[f"source_data/{file}"] = write_csv(
            [day, round(number)] for day, number in sorted(series[spot.id].items())
        )
    for day in sorted({day for counted in series.values() for day in counted}):
        total[day] = sum(number for counted in series.values() if (number := _find_last(counted, day)) is not None)
    files["source_data/refugees.csv"] = write_csv([day, round(number)] for day, number in total.items())
    return {**files, "source_data/data_layout.csv": write_csv(layout)}


def _find_last(counted: Mapping[date, float], day: date) -> float | None:
    """Return the last count up to a day, or None."""
    known = [other for other in counted if other <= day]
    return counted[max(known)] if known else None
