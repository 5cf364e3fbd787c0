"""What each place is on each day: conflict, chance to leave, attraction, floods and hunger, in Flee's order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from corridor.flee.arrays import PULL, Records, records
from corridor.flee.settings import find_driver

if TYPE_CHECKING:
    from corridor.flee.tables import DailyTable, FleeFolder

TINY = 1e-6  # Flee's threshold of a conflict


@dataclass
class Timeline:
    """Arrays [day, place]."""

    chance: np.ndarray
    town: np.ndarray
    camp: np.ndarray
    conflict_now: np.ndarray  # when people begin, before closures
    spawn_weight: np.ndarray
    flood: np.ndarray
    hunger: np.ndarray  # 0 to 1, raises the chance to leave
    flood_chance: np.ndarray  # replaces the chance to leave; -1 where it does not
    forecast: np.ndarray  # factor on the chance to leave; -1 where there is no forecast
    pull: Records  # PULL
    notices: list[str] = field(default_factory=list)


@dataclass
class PlacesNow:
    """The state of all places at one moment [place]."""

    chance: np.ndarray
    conflict: np.ndarray
    since: np.ndarray
    town: np.ndarray
    camp: np.ndarray
    idp: np.ndarray
    foreign: np.ndarray
    zone: np.ndarray  # flood zones


def follow_places(folder: FleeFolder, repaired: bool) -> Timeline:
    """Return the state of every place on every day.

    A conflict's intensity in conflicts.csv is read when it begins only, as in Flee; later values are not. With flood
    rules on nothing of that table is read: zones are those of locations.csv, all the time.
    """
    days, places, settings = folder.days, folder.places, folder.settings
    now = begin_places(folder)
    index = {place.name: i for i, place in enumerate(places)}  # of two places with one name the last
    named = _number_names(folder)
    nothing = np.zeros((days, len(places)))
    flooding = bool(settings["move_rules.flood_rules"])
    conflicts = nothing if flooding else _spread(folder.conflicts, named, days, len(places))
    flood = _spread(folder.floods, named, days, len(places)) if flooding else nothing
    ahead, span = _look_ahead(folder), settings["move_rules.flood_rules.flood_forecaster_timescale"]
    hunger = _hunger(folder)
    shape = (days, len(places))
    line = Timeline(
        chance=np.zeros(shape), town=np.zeros(shape), camp=np.zeros(shape), conflict_now=np.zeros(shape),
        spawn_weight=np.zeros(shape), flood=flood, hunger=np.zeros(shape), flood_chance=np.full(shape, -1.0),
        forecast=np.full(shape, -1.0), pull=records(PULL, shape),
    )  # fmt: skip
    for row, name, _, day in folder.changes:
        if name in index and day < days:
            line.notices.append(
                f"location_changes.csv, row {row}: carried out; Flee looks for that file only where it is started"
            )
    weights = _spawn_weights(folder, now, hunger, 0)  # Flee forms them anew when a conflict changes, and as people move
    for day in range(days):
        changed = _change_conflicts(folder, now, conflicts, named, day)
        if changed:
            weights = _spawn_weights(folder, now, hunger, day)
        line.spawn_weight[day], line.conflict_now[day] = weights, now.conflict
        _close_camps(folder, now, index, day)
        weights = _spawn_weights(folder, now, hunger, day)
        line.chance[day], line.town[day], line.camp[day] = now.chance, now.town, now.camp
        line.pull[day] = _pull(folder, now, flood[day], hunger[day], day, repaired)
        if ahead is not None and day < len(ahead):
            # Flee squares the forecast here; a flood zone's own score becomes 0, since there Flee reads a wrong name
            line.pull["forecast"][day] = ahead[day] ** 2 * span
            line.pull["score"][day][now.zone] = 0.0
    if settings["move_rules.flee_when_starving"]:
        line.hunger = hunger
    _add_floods(folder, line, ahead)
    return line


def begin_places(folder: FleeFolder) -> PlacesNow:
    """Return the state of all places before the first day."""
    places = folder.places
    home = places[0].country
    n = len(places)
    now = PlacesNow(np.ones(n), np.full(n, -1.0), np.full(n, -1.0), *(np.zeros(n, dtype=bool) for _ in range(5)))
    for i, place in enumerate(places):
        kind = place.kind.lower()
        if "conflict" in kind and "camp" not in kind and place.conflict_day > 0:
            kind = "town"
        _set_kind(folder, now, i, kind, place.number("conflict_intensity", 1.0))
        now.foreign[i] = place.country != home
        if now.chance[i] < 0.005 and not now.camp[i] and "flood_zone" not in kind:
            now.camp[i], now.town[i] = True, False
    return now


def watched_places(folder: FleeFolder) -> list[int]:
    """Return the places that Flee watches: its camps at the start, or every place where floods drive people out.

    Whatever people leave with a chance below 0.005 a day counts as a camp, flood zones apart.
    """
    if find_driver(folder.settings) == "floods":
        return list(range(len(folder.places)))
    return [int(place) for place in np.flatnonzero(begin_places(folder).camp)]


def _set_kind(folder: FleeFolder, now: PlacesNow, i: int, kind: str, intensity: float) -> None:
    moves, kind = folder.settings, kind.lower()
    now.camp[i], now.town[i], now.conflict[i], now.zone[i] = False, False, -1.0, False
    if "camp" in kind:
        now.camp[i], now.idp[i] = True, "idp" in kind
        now.chance[i] = moves["move_rules.idpcamp_movechance" if "idp" in kind else "move_rules.camp_movechance"]
    elif "conflict" in kind:
        now.chance[i], now.conflict[i] = moves["move_rules.conflict_movechance"], intensity
    elif "forward" in kind or "marker" in kind:
        now.chance[i] = 1.0
    elif "flood_zone" in kind:
        now.chance[i], now.zone[i] = moves["move_rules.default_movechance"], True
    elif "town" in kind or "default" in kind:
        now.chance[i], now.town[i] = moves["move_rules.default_movechance"], True


def _number_names(folder: FleeFolder) -> dict[str, list[int]]:
    """Return the numbers of the places with each name: in Flee a name may stand twice."""
    named: dict[str, list[int]] = {}
    for number, place in enumerate(folder.places):
        named.setdefault(place.name, []).append(number)
    return named


def _spread(table: DailyTable | None, named: dict[str, list[int]], days: int, places: int) -> np.ndarray:
    """Return a daily table as [day, place]; the row is the day, whatever its first column says."""
    wide = np.zeros((days, places))
    if table is not None:
        rows = min(days, len(table.values))
        for column, name in enumerate(table.names):
            if name in named:
                wide[:rows, named[name]] = table.values[:rows, column][:, None]
    return wide


def _hunger(folder: FleeFolder) -> np.ndarray:
    """Return the food security level of each place's region as a share, linear between the days given."""
    hunger = np.zeros((folder.days, len(folder.places)))
    table = folder.hunger
    if table is not None and len(table.days):
        column = {name: i for i, name in enumerate(table.names)}
        for i, place in enumerate(folder.places):
            if place.region in column:
                values = table.values[:, column[place.region]]
                hunger[:, i] = np.interp(np.arange(folder.days), table.days, values) / 100.0
    return hunger


def _change_conflicts(
    folder: FleeFolder, now: PlacesNow, conflicts: np.ndarray, named: dict[str, list[int]], day: int
) -> bool:
    """Change conflicts as their table says; of two places with one name only the first can become a zone."""
    moves = folder.settings
    for _, name, kind, when in folder.changes:
        if when == day and name in named:
            _set_kind(folder, now, named[name][-1], kind, float(moves["default_conflict_intensity"]))
    today = conflicts[day]
    before = conflicts[day - 1] if day > 0 else np.zeros_like(today)
    begins = (today > TINY) & (before < TINY) if day > 0 else today > TINY
    begins[[place for places in named.values() for place in places[1:]]] = False
    ends = (before >= TINY) & (today < TINY)
    now.chance[begins], now.town[begins], now.since[begins] = moves["move_rules.conflict_movechance"], False, day
    now.conflict[begins] = today[begins]
    now.chance[ends], now.town[ends], now.conflict[ends] = moves["move_rules.default_movechance"], True, -1.0
    return bool(begins.any() or ends.any())


def _close_camps(folder: FleeFolder, now: PlacesNow, index: dict[str, int], day: int) -> None:
    for closure in folder.closures:
        if closure.kind not in {"camp", "idpcamp"}:
            continue
        i = index.get(closure.first, 0)  # for a name that is none Flee takes the first place
        if closure.since == day:
            _set_kind(folder, now, i, "town", 0.0)
        if closure.until == day:
            _set_kind(folder, now, i, closure.kind, 0.0)


def _decay(folder: FleeFolder, now: PlacesNow, day: int) -> np.ndarray:
    """Return what the age of each conflict leaves of its weight."""
    steps = folder.settings["spawn_rules.conflict_spawn_decay"]
    if not steps:
        return np.ones(len(now.since))
    interval = folder.settings["spawn_rules.conflict_spawn_decay_interval"]
    age = np.maximum((day - now.since) // interval, 0).astype(int)
    return np.asarray(np.asarray(steps, dtype=float)[np.minimum(age, len(steps) - 1)])


def _spawn_weights(folder: FleeFolder, now: PlacesNow, hunger: np.ndarray, day: int) -> np.ndarray:
    """Return the weight of each place for each head of its population."""
    rules = folder.settings
    fighting = now.conflict > 0
    weights = np.where(fighting, now.conflict * _decay(folder, now, day), 0.0)
    if rules["spawn_rules.starvation_driven_spawning"] and day > 0:
        allowed = fighting if rules["spawn_rules.conflict_zone_spawning_only"] else np.ones_like(fighting)
        weights = np.where(allowed, np.minimum(weights + hunger[day], 1.0), weights)  # at most the population
    return weights


def _pull(
    folder: FleeFolder, now: PlacesNow, flood: np.ndarray, hunger: np.ndarray, day: int, repaired: bool
) -> Records:
    rules = folder.settings
    score = np.ones(len(now.chance))
    if rules["move_rules.use_economic_pull"]:
        pull = [p.number("trade_volume", 0.0) + p.number("hdi", 0.0) ** 2 for p in folder.places]
        score += np.where(now.foreign, score * np.array(pull), 0.0)
    score = np.where(now.foreign, score * rules["move_rules.foreign_weight"], score)
    if rules["move_rules.avoid_food_deprived_locations"] and day > 0:
        score = np.where(now.foreign, score, score * (1 - hunger**2))
    score = np.where(now.camp, score * rules["move_rules.camp_weight"], score)
    fighting = now.conflict > 0
    power = _decay(folder, now, day) * np.where(fighting, now.conflict, 0.0)
    score = np.where(fighting, score * float(rules["move_rules.conflict_weight"]) ** power, score)
    factor = np.ones_like(score)
    weights = rules["move_rules.flood_rules.flood_loc_weights"]
    if rules["move_rules.flood_rules"] and weights:
        by_level = np.interp(flood, np.arange(len(weights)), weights)
        score = np.where(now.zone, score * by_level, score)
        factor = np.where(flood > 0, by_level, 1.0)
    crowd = ~now.camp & bool(rules["move_rules.use_pop_for_loc_weight"])
    alike = np.zeros(len(score), dtype=np.int64)
    if repaired:  # in Flee these end with an error as soon as anybody is on a road
        camp, war = now.camp, fighting & ~now.camp
        alike += camp * (1 * rules["move_rules.MatchCampEthnicity"] + 2 * rules["move_rules.MatchCampReligion"])
        alike += war * (1 * rules["move_rules.MatchConflictEthnicity"])
        alike += (~camp & ~war) * (1 * rules["move_rules.MatchTownEthnicity"])
    return records(PULL, len(score), score=score, factor=factor, forecast=-1.0, crowd=crowd, alike=alike)


def _look_ahead(folder: FleeFolder) -> np.ndarray | None:
    """Return of each day with a forecast and each place what floods are expected, a mean over the days ahead; or None.

    A flood ahead counts by the weight of its level and that of its day. Days beyond the last of the forecasts are not
    counted, but the mean is over as many days as are looked ahead.
    """
    rules = "move_rules.flood_rules"
    settings = folder.settings
    span = settings[f"{rules}.flood_forecaster_timescale"]
    importance, weights = settings[f"{rules}.flood_forecaster_weights"], settings[f"{rules}.flood_loc_weights"]
    on = settings[rules] and settings[f"{rules}.flood_forecaster"] and span > 1
    if not (on and importance and weights):
        return None
    end = int(settings[f"{rules}.flood_forecaster_end_time"])
    named = {
        place.name: [i for i, other in enumerate(folder.places) if other.name == place.name] for place in folder.places
    }
    known = _spread(folder.floods, named, max(folder.days, end + 1), len(folder.places))
    expected = np.where(known > 0, np.interp(known, np.arange(len(weights)), weights), 0.0)
    ahead = np.zeros((max(end + 1, 0), len(folder.places)))
    for day in range(len(ahead)):
        for later in range(day + 1, min(day + span, end) + 1) if day < end else (end,):
            ahead[day] += expected[later] * importance[min(later, len(importance) - 1)]
    return np.asarray(ahead / span)


def _add_floods(folder: FleeFolder, line: Timeline, ahead: np.ndarray | None) -> None:
    rules = folder.settings
    chances = rules["move_rules.flood_rules.flood_movechances"]
    if rules["move_rules.flood_rules"] and chances:
        by_level = np.interp(line.flood, np.arange(len(chances)), chances)
        line.flood_chance = np.where(line.flood > 0, by_level, -1.0)
    if ahead is not None:
        days = min(len(line.forecast), len(ahead))
        line.forecast[:days] = ahead[:days]
