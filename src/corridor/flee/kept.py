"""What `corridor flee import` keeps of a Flee folder in a scenario, and what it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor.flee.settings import changed_settings

if TYPE_CHECKING:
    from corridor.flee.tables import FleeFolder

READ = {"move_rules.max_move_speed", "move_rules.camp_weight", "move_rules.default_movechance", "optimisations.hasten"}
CLOSING = {"country", "location"}


def tell_kept(folder: FleeFolder) -> tuple[list[str], list[str]]:
    """Return a line for each thing that the scenario keeps, and one for each that it has no place for."""
    reached = {name for road in folder.roads if road.start != road.end for name in (road.start, road.end)}
    places = [place for place in folder.places if place.name in reached]
    roads = [road for road in folder.roads if road.start != road.end]
    shut = [closure for closure in folder.closures if closure.kind in CLOSING]
    settings = set(changed_settings(folder.settings))
    kept = [f"{len(places)} places that a road reaches, {len(roads)} roads with their lengths and speeds"]
    kept.append("the expected number of people who begin at each place in the period, all there from the start")
    absent = [f"{len(folder.places) - len(places)} places that no road reaches"]
    if folder.conflicts is not None:
        kept.append(f"conflicts of {len(folder.conflicts.names)} places, as danger from day to day")
    if shut:
        kept.append(f"{len(shut)} closures of borders and places, as shut roads")
    if folder.layout:
        kept.append(f"the registered counts of {len(folder.layout)} series in the period, at camps that a road reaches")
    if settings & READ:
        kept.append("settings: " + ", ".join(sorted(settings & READ)))
    if folder.places and any(place.is_camp and place.people > 0 for place in folder.places):
        absent.append("capacities of camps")
    if others := len(folder.closures) - len(shut):
        absent.append(f"{others} closures of other kinds")
    tables = {
        "floods": folder.floods, "hunger by region": folder.hunger, "changes of locations": folder.changes,
        "demographics": folder.demographics, "major routes": folder.major_routes, "listed people": folder.agents,
        "forced redirection": [road for road in folder.roads if road.forced],
        "chances to walk": [road for road in folder.roads if road.walk_chance],
    }  # fmt: skip
    absent += [name for name, table in tables.items() if table]
    if settings - READ:
        absent.append("settings: " + ", ".join(sorted(settings - READ)))
    return kept, [line for line in absent if not line.startswith("0 ")]
