"""Compare the files of a Flee folder with each other: what Flee would stop at, and what it passes over in silence.

A fault is an error where there is no answer, "stops" where Flee stops and an answer makes sense all the same, and a
warning where Flee runs on.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from corridor.flee.classes import needed_attributes
from corridor.flee.settings import FLOOD_PEOPLE, FLOOD_SHARES, find_driver
from corridor.flee.state import TINY, watched_places
from corridor.flee.tables import KINDS, find_word
from corridor.scenario.draft import suggest
from corridor.scenario.faults import Fault, fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corridor.flee.tables import DailyTable, FleeFolder

WORDS = ("town", "conflict_zone", "conflict", "camp", "idpcamp", "forwarding_hub", "forward", "marker", "flood_zone",
         "default")  # fmt: skip
CLOSURES = ("country", "location", "camp", "idpcamp", "link", "remove_forced_redirection")
NAMELESS = {"country": "flee.closures.name:country", "camp": "flee.closures.name:first",
            "idpcamp": "flee.closures.name:first"}  # fmt: skip
LOCATIONS, ROUTES, CLOSURE_FILE, CONFLICTS = "locations.csv", "routes.csv", "closures.csv", "conflicts.csv"
HUNGER, LAYOUT, SETTINGS_FILE = "region_attributes_IPC.csv", "data_layout.csv", "simsetting.yml"


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
        *_check_names(folder),
        *_check_spawning(folder),
    ]


def _names(folder: FleeFolder) -> set[str]:
    return {place.name for place in folder.places}


def _check_places(folder: FleeFolder) -> Iterator[Fault]:
    counts = Counter(place.name for place in folder.places)
    for place in folder.places:
        row, kind = place.row, place.kind.lower()
        if counts[place.name] > 1:
            yield fault("flee.locations.twice", (LOCATIONS, row, "name"), name=place.name)
        if not place.name:
            yield fault("flee.locations.nameless", (LOCATIONS, row, "name"))
        where = (LOCATIONS, row, "location_type")
        word = find_word(kind)
        if not word:
            hint = suggest(place.kind, [*KINDS, "conflict_zone", "forwarding_hub", "idpcamp"])
            yield fault("flee.locations.type", where, type=place.kind or "nothing", hint=hint)
        elif kind not in WORDS:
            facts = {"type": place.kind, "word": word, "allowed": ", ".join(WORDS), "hint": suggest(kind, WORDS)}
            yield fault("flee.locations.type:counted", where, **facts)
        if not (-90 <= place.latitude <= 90 and -180 <= place.longitude <= 180):
            at = {"latitude": place.latitude, "longitude": place.longitude}
            yield fault("flee.locations.position", (LOCATIONS, row, "latitude"), **at)
        if place.number("initial_idps", 0.0) and not place.is_camp:
            cell = place.attributes["initial_idps"]
            yield fault("flee.locations.initial", (LOCATIONS, row, "initial_idps"), cell=cell)
        if "conflict" in kind and place.people <= 0:
            yield fault("flee.locations.empty_zone", (LOCATIONS, row, "population"), people=place.people)


def _check_roads(folder: FleeFolder) -> Iterator[Fault]:
    names = _names(folder)
    for road in folder.roads:
        for column, name in (("name1", road.start), ("name2", road.end)):
            if name not in names:
                yield fault("flee.routes.place", (ROUTES, road.row, column), name=name, hint=suggest(name, names))
        if road.start == road.end:
            yield fault("flee.routes.loop", (ROUTES, road.row, "name2"), name=road.end)
        if road.forced:
            kind = "flee.routes.forced:doubled" if road.forced == 1 else "flee.routes.forced"
            yield fault(kind, (ROUTES, road.row, "forced_redirection"), forced=road.forced)
    linked = {road.start for road in folder.roads} | {road.end for road in folder.roads}
    for place in folder.places:
        if place.name not in linked:
            yield fault("flee.locations.cut_off", (LOCATIONS, place.row, "name"), name=place.name)


def _check_closures(folder: FleeFolder) -> Iterator[Fault]:
    names = _names(folder)
    countries = {place.country for place in folder.places}
    for closure in folder.closures:
        kind, row = closure.kind, closure.row
        if kind not in CLOSURES:
            facts = {"type": kind, "allowed": ", ".join(CLOSURES), "hint": suggest(kind, CLOSURES)}
            yield fault("flee.closures.type", (CLOSURE_FILE, row, "closure_type"), **facts)
            continue
        known, code = countries if kind == "country" else names, NAMELESS.get(kind, "flee.closures.name")
        both = kind in {"country", "link", "remove_forced_redirection"}
        for column, name in (("name1", closure.first), ("name2", closure.second))[: 2 if both else 1]:
            if name not in known:
                yield fault(code, (CLOSURE_FILE, row, column), name=name or "nothing", hint=suggest(name, known))
        if kind in {"link", "remove_forced_redirection"}:
            yield fault("flee.closures.inert", (CLOSURE_FILE, row, "closure_type"), type=kind)
        if 0 <= closure.until <= closure.since and kind != "remove_forced_redirection":
            where = (CLOSURE_FILE, row, "closure_end")
            yield fault("flee.closures.order", where, since=closure.since, until=closure.until)


def _check_daily(folder: FleeFolder) -> Iterator[Fault]:
    names = _names(folder)
    regions = {place.region for place in folder.places}
    flooding = bool(folder.settings["move_rules.flood_rules"])
    conflicts, floods = (None, folder.floods) if flooding else (folder.conflicts, None)  # Flee looks at one of them
    tables = ((CONFLICTS, conflicts, names), ("flood_level.csv", floods, names), (HUNGER, folder.hunger, regions))
    for file, table, known in tables:
        if table is None:
            continue
        for name in table.names:
            if name not in known:
                yield fault("flee.daily.column", (file, 1, name), name=name, hint=suggest(name, known))
        for name in [name for name, count in Counter(table.names).items() if count > 1]:
            yield fault("flee.daily.twice", (file, 1, name), name=name)
        if file != HUNGER and len(table.values) < folder.days:
            yield fault("flee.daily.rows", (file, 0, "#Day"), count=len(table.values), days=folder.days)
    if conflicts is None and not flooding:
        yield fault("flee.conflicts.missing", (CONFLICTS, 0, ""))
    if conflicts is not None:
        yield from _check_intensities(conflicts)
    if folder.hunger is not None and len(folder.hunger.days):
        first, last = folder.hunger.days.min(), folder.hunger.days.max()
        if first > 0 or last < folder.days - 1:
            yield fault("flee.hunger.days", (HUNGER, 0, "#Day"), first=first, last=last, end=folder.days - 1)


def _check_intensities(table: DailyTable) -> Iterator[Fault]:
    for column, name in enumerate(table.names):
        values, where = table.values[:, column], (CONFLICTS, 0, name)
        if len(values) and values.min() < 0:
            yield fault("flee.conflicts.negative", where, intensity=values.min())
        unread = (values[1:] > TINY) & (values[:-1] > TINY) & (values[1:] != values[:-1])
        if unread.any():
            day = int(np.flatnonzero(unread)[0]) + 1
            yield fault("flee.conflicts.unread", where, before=values[day - 1], after=values[day], day=day)


def _check_registered(folder: FleeFolder) -> Iterator[Fault]:
    settings = folder.settings
    if not folder.layout and find_driver(settings) == "data":
        yield fault("flee.file.missing:layout", (LAYOUT, 0, ""))
        return
    known, names = {series.name for series in folder.layout}, _names(folder)
    for name in dict.fromkeys(folder.places[place].name for place in watched_places(folder)):
        if name not in known:
            yield fault("flee.source.camp", (LAYOUT, 0, name), name=name, hint=suggest(name, known))
    for series in folder.layout[1:]:
        if series.name not in names:
            hint = suggest(series.name, names)
            yield fault("flee.source.name", (LAYOUT, 0, series.name), name=series.name, hint=hint)
    for series in folder.layout:
        outside = len(series.days) and (series.days.max() < 0 or series.days.min() >= folder.days)
        if outside and (series.people > 0).any():
            span = {"first": series.days.min(), "last": series.days.max(), "end": folder.days - 1}
            yield fault("flee.source.period", (LAYOUT, 0, series.name), **span)
    first = folder.layout[0].name if folder.layout else "total"
    if first != "total" and settings["spawn_rules.sum_from_camps"]:
        yield fault("flee.source.total", (LAYOUT, 1, first), name=first)
    if folder.layout and "total" not in known and not settings["spawn_rules.sum_from_camps"]:
        yield fault("flee.source.total:missing", (LAYOUT, 0, "total"))


def _check_demographics(folder: FleeFolder) -> Iterator[Fault]:
    known, names = {table.attribute for table in folder.demographics}, _names(folder)
    for attribute in needed_attributes(folder.settings, repaired=True):
        if attribute not in known:
            yield fault("flee.demographics.missing", (f"demographics_{attribute}.csv", 0, ""))
    for table in folder.demographics:
        file = f"demographics_{table.attribute}.csv"
        for name in table.places:
            if name not in names:
                yield fault("flee.demographics.place", (file, 1, name), name=name, hint=suggest(name, names))
        for value in table.values if table.attribute in {"age", "floodawareness"} else ():
            if not value.lstrip("-").replace(".", "", 1).isdigit():
                yield fault("flee.demographics.value", (file, 0, table.attribute), value=value)


def _check_rules(folder: FleeFolder) -> Iterator[Fault]:
    settings = folder.settings
    if settings["move_rules.awareness_level"] == 0:
        yield fault("flee.rules.awareness", (SETTINGS_FILE, 0, "move_rules.awareness_level"))
    for rule in ("MatchCampReligion", "MatchCampEthnicity", "MatchTownEthnicity", "MatchConflictEthnicity"):
        if settings[f"move_rules.{rule}"]:
            yield fault("flee.rules.stops_flee", (SETTINGS_FILE, 0, f"move_rules.{rule}"))
    for name in ("camps_are_sicks", "camps_are_sinks"):
        if settings[f"spawn_rules.{name}"]:
            stops = name == "camps_are_sicks" and any("deactivation_probability" in p.attributes for p in folder.places)
            yield fault("flee.rules.sinks" if stops else "flee.rules.inert", (SETTINGS_FILE, 0, f"spawn_rules.{name}"))
    if settings["move_rules.two_system_decision_making"]:
        yield fault("flee.rules.inert:two_systems", (SETTINGS_FILE, 0, "move_rules.two_system_decision_making"))
    if settings["move_rules.flood_rules"]:
        yield from _check_floods(folder)


def _check_floods(folder: FleeFolder) -> Iterator[Fault]:
    settings, rules = folder.settings, "move_rules.flood_rules"
    values = np.zeros((0, 0)) if folder.floods is None else folder.floods.values[: folder.days]
    lists = [(f"{rules}.{name}", settings[f"{rules}.{name}"]) for name in ("flood_movechances", "flood_loc_weights")]
    if find_driver(settings) == "floods":
        amounts = settings["spawn_rules.flood_driven_spawn_mode.displaced_per_flood_day"]
        ratio = settings["spawn_rules.flood_driven_spawn_mode.spawn_mode"] == "pop_ratio"
        usual = list(FLOOD_SHARES if ratio else FLOOD_PEOPLE)
        lists.append(("spawn_rules.flood_driven_spawn_mode.displaced_per_flood_day", amounts or usual))
    level = float(values.max(initial=0.0))
    for key, entries in lists:
        if entries is None:
            yield fault("flee.rules.flood", (SETTINGS_FILE, 0, key), found="nothing")
        elif isinstance(entries, list) and level >= len(entries) - 1 and level > 0:
            facts = {"count": len(entries), "needed": level + 1, "level": level}
            yield fault("flee.rules.levels", (SETTINGS_FILE, 0, key), **facts)
    if folder.floods is None:
        yield fault("flee.file.missing:floods", ("flood_level.csv", 0, ""))
    elif settings[f"{rules}.flood_forecaster"] and settings[f"{rules}.flood_forecaster_timescale"] > 1:
        end, span = (int(settings[f"{rules}.flood_forecaster_{name}"]) for name in ("end_time", "timescale"))
        last = min(end, folder.days - 1 + span)
        weights, key = settings[f"{rules}.flood_forecaster_weights"] or [], f"{rules}.flood_forecaster_weights"
        for count, where in (
            (len(folder.floods.values), ("flood_level.csv", 0, "#Day")),
            (len(weights), (SETTINGS_FILE, 0, key)),
        ):
            if count <= last:
                yield fault("flee.rules.forecast", where, count=count, needed=last + 1)


def _check_names(folder: FleeFolder) -> Iterator[Fault]:
    """Places named in the tables of changes, major routes and people."""
    used = [("flee.changes.place", ("location_changes.csv", row, "name"), name) for row, name, _, _ in folder.changes]
    used += [
        ("flee.major_routes.place", ("major_routes.csv", row, name), name)
        for row, route in folder.major_routes
        for name in route
    ]
    if folder.settings["spawn_rules.read_from_agents_csv_file"]:
        used += [("flee.agents.place", ("agents.csv", 0, "location"), name) for name, _ in folder.agents]
        ages = [person["age"] for _, person in folder.agents if "age" in person]
        if ages and "age" in needed_attributes(folder.settings, repaired=True):
            yield fault("flee.agents.age", ("agents.csv", 0, "age"), found=ages[0])
    names = _names(folder)
    for kind, where, name in used:
        if name not in names:
            yield fault(kind, where, name=name, hint=suggest(name, names))


def _check_spawning(folder: FleeFolder) -> Iterator[Fault]:
    settings, driver = folder.settings, find_driver(folder.settings)
    conflict, flood = "spawn_rules.conflict_driven_spawning", "spawn_rules.flood_driven_spawn_mode"
    if settings["spawn_rules.flood_zone_spawning_only"] and settings["spawn_rules.conflict_zone_spawning_only"]:
        yield fault("flee.rules.zones", (SETTINGS_FILE, 0, "spawn_rules.conflict_zone_spawning_only"))
    if driver == "conflicts" and isinstance(settings[f"{conflict}.displaced_per_conflict_day"], list):
        yield fault("flee.settings.value:amount", (SETTINGS_FILE, 0, f"{conflict}.displaced_per_conflict_day"))
    if driver == "floods":
        amounts = settings[f"{flood}.displaced_per_flood_day"]
        if not (amounts is None or isinstance(amounts, list)) or not settings["move_rules.flood_rules"]:
            where = (SETTINGS_FILE, 0, f"{flood}.displaced_per_flood_day")
            yield fault("flee.rules.flood:amounts", where, found=repr(amounts)[:80])
        if not settings["spawn_rules.take_from_population"]:
            yield fault("flee.rules.flood:population", (SETTINGS_FILE, 0, "spawn_rules.take_from_population"))
