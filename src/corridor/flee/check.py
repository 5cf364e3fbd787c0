"""Compare the files of a Flee folder with each other: what Flee would stop at, and what it passes over in silence.

A fault is an error where Flee stops or its answer is not defined, and a warning where Flee runs on.
"""

from __future__ import annotations

import difflib
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from corridor.flee.classes import needed_attributes
from corridor.flee.state import TINY
from corridor.flee.tables import KINDS
from corridor.scenario.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from corridor.flee.tables import DailyTable, FleeFolder

WORDS = ("town", "conflict_zone", "conflict", "camp", "idpcamp", "forwarding_hub", "forward", "marker", "flood_zone",
         "default")  # fmt: skip
CLOSURES = ("country", "location", "camp", "idpcamp", "link", "remove_forced_redirection")


def check_folder(folder: FleeFolder) -> list[Fault]:
    """Return the faults between files, errors and warnings; none where there are no places to compare with."""
    if not folder.places:
        return []
    return [
        *_check_places(folder),
        *_check_roads(folder),
        *_check_closures(folder),
        *_check_daily(folder),
        *_check_registered(folder),
        *_check_demographics(folder),
        *_check_rules(folder),
        *_check_spawning(folder),
    ]


def suggest(name: str, known: Collection[str], otherwise: str) -> str:
    """Return "did you mean ...?" for a name near a known one, else what to do otherwise."""
    near = difflib.get_close_matches(name, list(known), 1, 0.6)
    folded = [word for word in known if word.lower() == name.lower()]
    return f"did you mean {(folded or near)[0]}?" if folded or near else otherwise


def _names(folder: FleeFolder) -> set[str]:
    return {place.name for place in folder.places}


def _check_places(folder: FleeFolder) -> Iterator[Fault]:
    file = "locations.csv"
    counts = Counter(place.name for place in folder.places)
    for place in folder.places:
        if counts[place.name] > 1:
            fix = "give each place its own name"
            yield Fault(file, place.row, "name", "flee.locations.twice", place.name, "each name once", fix)
        if not place.name:
            yield Fault(file, place.row, "name", "flee.locations.nameless", "nothing", "a name", "name the place")
        if not any(kind in place.kind.lower() for kind in KINDS):
            allowed = "camp, idpcamp, conflict_zone, town, forwarding_hub, marker or flood_zone"
            yield Fault(
                file, place.row, "location_type", "flee.locations.type", place.kind or "nothing", allowed,
                suggest(place.kind, [*KINDS, "conflict_zone", "forwarding_hub", "idpcamp"], "use one of them"),
            )  # fmt: skip
        elif place.kind.lower() not in WORDS:
            word = next(kind for kind in KINDS if kind in place.kind.lower())
            fix = suggest(place.kind, WORDS, f"write {word}")
            yield Fault(
                file, place.row, "location_type", "flee.locations.type", f"{place.kind}, which counts as {word}",
                ", ".join(WORDS), fix, "warning",
            )  # fmt: skip
        if not (-90 <= place.latitude <= 90 and -180 <= place.longitude <= 180):
            found, fix = f"{place.latitude}, {place.longitude}", "latitude comes first"
            yield Fault(file, place.row, "latitude", "flee.locations.position", found, "degrees", fix, "warning")
        if place.number("initial_idps", 0.0) and not place.is_camp:
            fix = "only camps start with people; make it a camp or drop the number"
            yield Fault(
                file, place.row, "initial_idps", "flee.locations.initial", place.attributes["initial_idps"],
                "a number at camps only", fix, "warning",
            )  # fmt: skip
        if "conflict" in place.kind.lower() and place.people <= 0:
            fix = "give its population, or nobody will begin there"
            yield Fault(
                file, place.row, "population", "flee.locations.empty_zone", str(place.people), "above 0", fix, "warning"
            )


def _check_roads(folder: FleeFolder) -> Iterator[Fault]:
    names = _names(folder)
    for road in folder.roads:
        for column, name in (("name1", road.start), ("name2", road.end)):
            if name not in names:
                fix = suggest(name, names, "add the place to locations.csv")
                yield Fault("routes.csv", road.row, column, "flee.routes.place", name, "a name in locations.csv", fix)
        if road.start == road.end:
            yield Fault("routes.csv", road.row, "name2", "flee.routes.loop", road.end, "another place", "take it out")
        if road.forced:
            allowed = "empty or 0: forced redirection has no effect in Flee"
            if road.forced == 1:
                allowed += ", and 1 makes the road twice as attractive"
            fix = "leave it empty, or run with --repaired"
            yield Fault(
                "routes.csv",
                road.row,
                "forced_redirection",
                "flee.routes.forced",
                str(road.forced),
                allowed,
                fix,
                "warning",
            )
    linked = {road.start for road in folder.roads} | {road.end for road in folder.roads}
    for place in folder.places:
        if place.name not in linked:
            fix = "add a road: people here can neither leave nor arrive"
            yield Fault(
                "locations.csv", place.row, "name", "flee.locations.cut_off", place.name, "a road", fix, "warning"
            )


def _check_closures(folder: FleeFolder) -> Iterator[Fault]:
    file, names = "closures.csv", _names(folder)
    countries = {place.country for place in folder.places}
    for closure in folder.closures:
        if closure.kind not in CLOSURES:
            fix = suggest(closure.kind, CLOSURES, f"use one of {', '.join(CLOSURES)}")
            yield Fault(file, closure.row, "closure_type", "flee.closures.type", closure.kind, ", ".join(CLOSURES), fix)
            continue
        known, where = (countries, "a country") if closure.kind == "country" else (names, "a name")
        both = closure.kind in {"country", "link", "remove_forced_redirection"}
        for column, name in (("name1", closure.first), ("name2", closure.second))[: 2 if both else 1]:
            if name not in known:
                fix = suggest(name, known, "take the row out: it matches nothing")
                yield Fault(
                    file, closure.row, column, "flee.closures.name", name or "nothing", f"{where} in locations.csv",
                    fix, "warning",
                )  # fmt: skip
        if closure.kind in {"link", "remove_forced_redirection"}:
            fix = "close both places instead, or run with --repaired"
            yield Fault(
                file,
                closure.row,
                "closure_type",
                "flee.closures.inert",
                closure.kind,
                "a type with an effect",
                fix,
                "warning",
            )
        if closure.until >= 0 and closure.until <= closure.since and closure.kind != "remove_forced_redirection":
            found, fix = f"{closure.since} to {closure.until}", "let it end later, or -1 for never"
            yield Fault(
                file, closure.row, "closure_end", "flee.closures.order", found, "an end after the start", fix, "warning"
            )


def _check_daily(folder: FleeFolder) -> Iterator[Fault]:
    names = _names(folder)
    tables = [("conflicts.csv", folder.conflicts, names), ("flood_level.csv", folder.floods, names)]
    regions = {place.region for place in folder.places}
    for file, table, known in [*tables, ("region_attributes_IPC.csv", folder.hunger, regions)]:
        if table is None:
            continue
        for name in table.names:
            if name not in known:
                fix = suggest(name, known, "take the column out: it matches nothing")
                yield Fault(
                    file, 1, name, "flee.daily.column", name, "a place or region of locations.csv", fix, "warning"
                )
        for name in [name for name, count in Counter(table.names).items() if count > 1]:
            yield Fault(file, 1, name, "flee.daily.twice", name, "each column once", "take one out")
        if file != "region_attributes_IPC.csv" and len(table.values) < folder.days:
            found, fix = f"{len(table.values)} rows", "add rows or shorten the period: Flee stops there"
            yield Fault(file, 0, "#Day", "flee.daily.rows", found, f"{folder.days} rows, one a day", fix)
    if folder.conflicts is None and not folder.settings["move_rules.flood_rules"]:
        fix = "add the file: Flee reads conflicts from it alone"
        yield Fault("conflicts.csv", 0, "", "flee.file.missing", "no conflicts.csv", "a row a day", fix)
    if folder.conflicts is not None:
        yield from _check_intensities(folder.conflicts)
    if folder.hunger is not None and len(folder.hunger.days):
        first, last = folder.hunger.days.min(), folder.hunger.days.max()
        if first > 0 or last < folder.days - 1:
            found, fix = f"days {first:g} to {last:g}", "cover the whole period: Flee stops outside"
            yield Fault(
                "region_attributes_IPC.csv", 0, "#Day", "flee.hunger.days", found, f"0 to {folder.days - 1}", fix
            )


def _check_intensities(table: DailyTable) -> Iterator[Fault]:
    for column, name in enumerate(table.names):
        values = table.values[:, column]
        if len(values) and values.min() < 0:
            yield Fault(
                "conflicts.csv", 0, name, "flee.conflicts.negative", f"{values.min():g}", "0 or more", "mend it"
            )
        unread = (values[1:] > TINY) & (values[:-1] > TINY) & (values[1:] != values[:-1])
        if unread.any():
            day = int(np.flatnonzero(unread)[0]) + 1
            found = f"{values[day - 1]:g}, then {values[day]:g} on day {day}"
            fix = "Flee reads the intensity on the day a conflict begins only; let it end for a day to change it"
            yield Fault("conflicts.csv", 0, name, "flee.conflicts.unread", found, "one intensity", fix, "warning")


def _check_registered(folder: FleeFolder) -> Iterator[Fault]:
    file, settings = "data_layout.csv", folder.settings
    if settings["spawn_rules.conflict_driven_spawning"] and not folder.layout:
        return
    known = {series.name for series in folder.layout}
    if not folder.layout:
        fix = "add source_data beside input_csv"
        yield Fault(file, 0, "", "flee.file.missing", "no data_layout.csv", "a name and its file a row", fix)
        return
    for place in folder.places:
        if place.is_camp and place.name not in known:
            fix = suggest(place.name, known, "add a row for the camp: Flee stops without")
            yield Fault(file, 0, place.name, "flee.source.camp", "no row", f"a row for {place.name}", fix)
    names = _names(folder)
    for series in folder.layout[1:]:
        if series.name not in names:
            fix = suggest(series.name, names, "nothing, if its people are meant to count in the total")
            yield Fault(
                file, 0, series.name, "flee.source.name", series.name, "a name in locations.csv", fix, "warning"
            )
    for series in folder.layout:
        outside = len(series.days) and (series.days.max() < 0 or series.days.min() >= folder.days)
        if outside and (series.people > 0).any():
            found = f"days {series.days.min()} to {series.days.max()} of the period"
            allowed, fix = f"counts from day 0 to {folder.days - 1}", "look at StartDate and Length in sim_period.csv"
            yield Fault(file, 0, series.name, "flee.source.period", found, allowed, fix, "warning")
    if folder.layout[0].name != "total" and settings["spawn_rules.sum_from_camps"]:
        fix = "put the total first: Flee leaves the first row's growth out whatever it is"
        yield Fault(file, 1, folder.layout[0].name, "flee.source.total", folder.layout[0].name, "total", fix, "warning")
    if "total" not in known and not settings["spawn_rules.sum_from_camps"]:
        yield Fault(file, 0, "total", "flee.source.total", "no total", "a row named total", "add total,refugees.csv")


def _check_demographics(folder: FleeFolder) -> Iterator[Fault]:
    known = {table.attribute for table in folder.demographics}
    for attribute in needed_attributes(folder.settings, repaired=True):
        if attribute not in known:
            fix = "add the file or switch the rule off"
            yield Fault(
                f"demographics_{attribute}.csv", 0, "", "flee.demographics.missing", "no file", "its values", fix
            )
    names = _names(folder)
    for table in folder.demographics:
        file = f"demographics_{table.attribute}.csv"
        for name in table.places:
            if name not in names:
                fix = suggest(name, names, "take the column out")
                yield Fault(file, 1, name, "flee.demographics.place", name, "a name in locations.csv", fix, "warning")
        if table.attribute in {"age", "floodawareness"}:
            for value in table.values:
                if not value.lstrip("-").replace(".", "", 1).isdigit():
                    yield Fault(
                        file, 0, table.attribute, "flee.demographics.value", value, "a number", "write a number"
                    )


def _check_rules(folder: FleeFolder) -> Iterator[Fault]:
    file, settings, names = "simsetting.yml", folder.settings, _names(folder)
    if settings["move_rules.awareness_level"] == 0:
        allowed, fix = "1, 2, 3 or -1", "with 0 nobody moves in Flee"
        yield Fault(file, 0, "move_rules.awareness_level", "flee.rules.awareness", "0", allowed, fix, "warning")
    for rule in ("MatchCampReligion", "MatchCampEthnicity", "MatchTownEthnicity", "MatchConflictEthnicity"):
        if settings[f"move_rules.{rule}"]:
            fix = "run with --repaired; as it is, Flee stops as soon as anybody is on a road, and here the rule is off"
            yield Fault(file, 0, f"move_rules.{rule}", "flee.rules.stops_flee", "True", "False", fix, "warning")
    if settings["spawn_rules.camps_are_sicks"] or settings["spawn_rules.camps_are_sinks"]:
        fix = "run with --repaired to take people out of camps"
        yield Fault(file, 0, "spawn_rules.camps_are_sinks", "flee.rules.inert", "True", "False", fix, "warning")
    if settings["move_rules.two_system_decision_making"]:
        key = "move_rules.two_system_decision_making"
        yield Fault(file, 0, key, "flee.rules.inert", "True", "False", "nothing: no result depends on it", "warning")
    flood = "move_rules.flood_rules."
    if settings["move_rules.flood_rules"]:
        top = 0.0 if folder.floods is None or not folder.floods.values.size else float(folder.floods.values.max())
        for key in (flood + "flood_movechances", flood + "flood_loc_weights"):
            if settings[key] is None:
                yield Fault(file, 0, key, "flee.rules.flood", "nothing", "a list by flood level", "add the list")
            elif top >= len(settings[key]) - 1 and top > 0:
                allowed = f"more than {top + 1:g} entries for level {top:g}"
                fix = "add an entry: Flee stops at the last level of a list"
                yield Fault(file, 0, key, "flee.rules.levels", f"{len(settings[key])} entries", allowed, fix)
        if folder.floods is None:
            yield Fault(
                "flood_level.csv", 0, "", "flee.file.missing", "no flood_level.csv", "a row a day", "add the file"
            )
    for row, name, _, _ in folder.changes:
        if name not in names:
            fix = suggest(name, names, "take the row out")
            yield Fault("location_changes.csv", row, "name", "flee.changes.place", name, "a name in locations.csv", fix)
    for row, route in folder.major_routes:
        for name in route:
            if name not in names:
                fix = suggest(name, names, "take the route out")
                yield Fault(
                    "major_routes.csv", row, name, "flee.major_routes.place", name, "a name in locations.csv", fix
                )
    for name, _ in folder.agents:
        if name not in names:
            fix = suggest(name, names, "take the row out")
            yield Fault("agents.csv", 0, "location", "flee.agents.place", name, "a name in locations.csv", fix)


def _check_spawning(folder: FleeFolder) -> Iterator[Fault]:
    file, settings = "simsetting.yml", folder.settings
    conflict, flood = "spawn_rules.conflict_driven_spawning", "spawn_rules.flood_driven_spawn_mode"
    if settings[conflict] and isinstance(settings[f"{conflict}.displaced_per_conflict_day"], list):
        key = f"{conflict}.displaced_per_conflict_day"
        yield Fault(file, 0, key, "flee.settings.value", "a list", "a number", "write one number")
    if settings["spawn_rules.flood_zone_spawning_only"] and not settings[conflict]:
        amounts = settings[f"{flood}.displaced_per_flood_day"]
        if not isinstance(amounts, list) or not settings["move_rules.flood_rules"]:
            key = f"{flood}.displaced_per_flood_day"
            fix = "add the list and move_rules.flood_rules"
            yield Fault(file, 0, key, "flee.rules.flood", repr(amounts), "a list by flood level", fix)
        if not settings["spawn_rules.take_from_population"]:
            fix = "set spawn_rules.take_from_population: True: Flee asks for it"
            yield Fault(file, 0, "spawn_rules.take_from_population", "flee.rules.flood", "False", "True", fix)
