"""Turn a Flee folder into the arrays of the kernel: everything that is the same in each replicate, day by day.

The order of a day is Flee's: conflicts and floods change, people begin, roads open and close, attraction is formed
from the state then, people move. Where Flee documents a rule that its code never carries out, the rule is off and
a notice says so; `repaired=True` turns it on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.chance.draws import entity_key
from corridor.flee import arena as at
from corridor.flee.arena import World
from corridor.flee.begin import FIXED, FROM_DATA, POISSON, RATIO
from corridor.flee.classes import Classes, form_classes, measure_nearness
from corridor.flee.observed import interpolate
from corridor.flee.roads import Roads, compile_roads
from corridor.flee.settings import changed_settings
from corridor.flee.state import Timeline, follow_places
from corridor.flee.today import find_equal_steps, find_links, find_reach
from corridor.scenario.faults import Fault, FaultsError

if TYPE_CHECKING:
    from corridor.flee.tables import FleeFolder

RECENT_STEPS = 12  # steps of recent distance for one full day's travel; more are slower and nearer to Flee
MOST_PARTS = 128  # parts into which a day's travellers are split at most
PARTS_PER_ROOM = 8.0  # parts for as many travellers as the last tenth of a camp holds


@dataclass(frozen=True)
class FleeModel:
    """A compiled Flee folder. `observed` [day, camp] are the registered people, `raw` [day] Flee's raw count."""

    name: str
    start: str
    days: int
    place_names: list[str]
    camps: list[int]
    observed: np.ndarray
    raw: np.ndarray
    debt: np.ndarray
    world: World
    notices: list[str]
    choices: dict[str, Any]  # settings that are not Flee's defaults, and how the folder was compiled


def compile_folder(folder: FleeFolder, repaired: bool = False, recent_steps: int = RECENT_STEPS) -> FleeModel:
    """Return the arrays of a folder that `read_folder` has accepted.

    `recent_steps` is how finely recent distance is kept, in steps for a full day's travel (1 to 1000). It is the one
    approximation beside the order of persons, and matters only with avoid_short_stints.

    `repaired` switches on what Flee documents but does not do: forced redirection, closures of single links, sinks,
    demographic matching of places, and the distance from the true home. Raises FaultsError where people are due on
    a day on which no place can send them (Flee stops there).
    """
    settings = folder.settings
    timeline = follow_places(folder, repaired)
    classes = form_classes(folder, repaired)
    roads = compile_roads(folder, timeline, repaired)
    camps = observed_places(folder)
    observed, arriving, raw, debt = _count_people(folder, camps)
    initial = _place_first_people(folder, camps)
    capacity = _daily_capacity(folder, camps)
    state = np.stack([timeline.chance, timeline.town, timeline.camp, capacity, timeline.hunger,
                      timeline.flood_chance, timeline.forecast], axis=1).astype(np.float64)  # fmt: skip
    mode, spawn = _spawn_rule(folder, timeline)
    population = np.array([0.0 if place.is_camp else _people(folder, place.people) for place in folder.places])
    if mode == FROM_DATA:
        _check_weights(folder, spawn * population)
    names = [place.name for place in folder.places]
    resting = [(folder.start + timedelta(days=day)).month in settings["move_rules.harvest_months"]
               for day in range(folder.days)]  # fmt: skip
    sinks = [place.number("deactivation_probability", 0.0) for place in folder.places]
    sinking = repaired and (settings["spawn_rules.camps_are_sinks"] or settings["spawn_rules.camps_are_sicks"])
    pull_row, pull = _distinct(timeline.pull)
    nearness = measure_nearness(folder, repaired)
    world = World(
        link_start=roads.start,
        link_end=roads.end,
        link_real=roads.real,
        link_key=roads.key,
        place_key=np.array([entity_key("flee", name) for name in names], dtype=np.uint64),
        out_from=roads.out_from,
        out_link=roads.out_link,
        option_from=roads.option_from,
        option_node=roads.option_node,
        option_near=roads.option_near,
        closes=roads.closes,
        reach=find_reach(roads, _fastest(folder), float(settings["move_rules.max_walk_speed"])),
        between=find_links(roads),
        until=find_equal_steps(
            roads, _day_steps(folder), _kilometre_step(folder), float(settings["move_rules.max_walk_speed"])
        ),
        node=roads.node,
        node_key=roads.node_key,
        epoch=roads.epoch,
        pull_row=pull_row,
        pull=pull,
        state=state,
        resting=np.array(resting, dtype=np.int64),
        spawn=spawn,
        arriving=arriving,
        population=population,
        initial=initial,
        class_share=classes.share,
        class_power=classes.power,
        class_chance=classes.chance,
        class_home=classes.home,
        affinity=classes.affinity,
        likeness=classes.likeness,
        nearness=nearness,
        sink=np.array(sinks) if sinking else np.zeros(len(names)),
        whole=_whole(folder, roads, classes, pull, recent_steps)
        | {at.MODE: mode, at.SINKING: sinking, at.SPREAD: len(nearness) > 1},
        real=_real(folder),
        steps=_day_steps(folder),
    )
    return FleeModel(
        folder.name, folder.start.isoformat(), folder.days, names, camps, observed, raw, debt, world,
        timeline.notices + roads.notices,
        {"settings": changed_settings(settings), "repaired": repaired, "recent_steps": recent_steps},
    )  # fmt: skip


def _people(folder: FleeFolder, people: float) -> int:
    return int(people) // int(folder.settings["optimisations.hasten"])


def _count_people(folder: FleeFolder, camps: list[int]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return registered people in the camps, how many begin to leave each day, Flee's raw count and its debt."""
    settings, days = folder.settings, folder.days
    by_name = {series.name: interpolate(series, days) for series in reversed(folder.layout)}
    observed = np.zeros((days, len(camps)), dtype=np.int64)
    for column, camp in enumerate(camps):
        observed[:, column] = by_name.get(folder.places[camp].name, 0)
    summed = settings["spawn_rules.sum_from_camps"]
    # Flee leaves out the first line of data_layout.csv without looking whether it is the total
    nothing = np.zeros(days, dtype=np.int64)
    counted = [by_name[series.name] for series in folder.layout[1:]] if summed else [by_name.get("total", nothing)]
    total = np.sum(np.stack([nothing, *counted]), axis=0)
    growth = np.diff(total, prepend=0)
    everything = sum(int(by_name[series.name][0]) for series in folder.layout) if summed else int(total[0])
    growth[0] = 0 if settings["spawn_rules.empty_camps_on_day0"] else everything
    arriving, debts = np.zeros(days, dtype=np.int64), np.zeros(days, dtype=np.int64)
    debt = 0
    for day in range(days):
        new = int(growth[day]) - debt
        if day == 0 and settings["spawn_rules.insert_day0"]:
            new = 0
        debt = max(-new, 0)
        arriving[day], debts[day] = max(new, 0), debt
    raw = np.cumsum(growth)
    if settings["spawn_rules.empty_camps_on_day0"]:
        observed = observed - observed[0]
    driven = settings["spawn_rules.conflict_driven_spawning"] or settings["spawn_rules.flood_zone_spawning_only"]
    return observed, arriving, raw * (not driven), debts


def _registered_on_day0(folder: FleeFolder, camps: list[int]) -> dict[int, int]:
    by_name = {series.name: int(interpolate(series, 1)[0]) for series in reversed(folder.layout)}
    return {camp: by_name.get(folder.places[camp].name, 0) for camp in camps}


def observed_places(folder: FleeFolder) -> list[int]:
    """Return the places that Flee watches: its camps at the start, or every place where floods drive people out."""
    if folder.settings["spawn_rules.flood_zone_spawning_only"]:
        return list(range(len(folder.places)))
    chance = float(folder.settings["move_rules.default_movechance"])
    towns = (
        [] if chance >= 0.005 else [i for i, p in enumerate(folder.places) if is_town_at_start(p.kind, p.conflict_day)]
    )
    return sorted({i for i, place in enumerate(folder.places) if place.is_camp} | set(towns))


def is_town_at_start(kind: str, conflict_day: int) -> bool:
    """Return whether a place starts as a town: so do conflict zones whose day is still to come."""
    kind = kind.lower()
    if "conflict" in kind:
        return conflict_day > 0
    return ("town" in kind or "default" in kind) and not any(w in kind for w in ("forward", "marker", "flood_zone"))


def _place_first_people(folder: FleeFolder, camps: list[int]) -> np.ndarray:
    """Return people at each place before the first day."""
    settings = folder.settings
    initial = np.zeros(len(folder.places), dtype=np.int64)
    if not settings["spawn_rules.empty_camps_on_day0"]:
        registered = _registered_on_day0(folder, camps) if settings["spawn_rules.insert_day0"] else {}
        for camp in camps:
            initial[camp] = registered.get(camp, 0) + int(folder.places[camp].number("initial_idps", 0.0))
    if settings["spawn_rules.read_from_agents_csv_file"]:
        index = {place.name: i for i, place in enumerate(folder.places)}
        for name, _ in folder.agents:
            initial[index[name]] += 1
    return initial


def _daily_capacity(folder: FleeFolder, camps: list[int]) -> np.ndarray:
    """Return capacity [day, place]; below 1 means without limit.

    On day 0 Flee takes the people registered then off the capacity, although they are also put into the camp and
    counted there; where nothing is left, the camp has no limit any more.
    """
    settings, days = folder.settings, folder.days
    capacity = np.array([_people(folder, p.people) if p.is_camp else -1 for p in folder.places], dtype=np.float64)
    data_driven = not (
        settings["spawn_rules.conflict_driven_spawning"] or settings["spawn_rules.flood_zone_spawning_only"]
    )
    if settings["spawn_rules.insert_day0"] and data_driven:
        for camp, people in _registered_on_day0(folder, camps).items():
            if capacity[camp] > 0:
                capacity[camp] -= people
    added = np.array([place.number("capacity_per_day", 0.0) for place in folder.places])
    return capacity + added * np.arange(1, days + 1)[:, None]


def _spawn_rule(folder: FleeFolder, timeline: Timeline) -> tuple[int, np.ndarray]:
    """Return how people begin, and the table [day, place] for it."""
    settings = folder.settings
    words = {"constant": FIXED, "pop_ratio": RATIO, "poisson": POISSON}
    if settings["spawn_rules.conflict_driven_spawning"]:
        mode = words[settings["spawn_rules.conflict_driven_spawning.spawn_mode"]]
        default = 0.01 if mode == RATIO else 500.0
        amount = settings["spawn_rules.conflict_driven_spawning.displaced_per_conflict_day"]
        rate = default if amount is None else float(amount)
        return mode, rate * np.maximum(timeline.conflict_now, 0.0)
    if settings["spawn_rules.flood_zone_spawning_only"]:
        mode = words[settings["spawn_rules.flood_driven_spawn_mode.spawn_mode"]]
        levels = settings["spawn_rules.flood_driven_spawn_mode.displaced_per_flood_day"]
        amounts = np.interp(timeline.flood, np.arange(len(levels)), levels)
        return mode, np.where(timeline.flood > 0, amounts, 0.0)
    return FROM_DATA, timeline.spawn_weight


def _check_weights(folder: FleeFolder, weights: np.ndarray) -> None:
    empty = np.flatnonzero(weights.sum(axis=1) <= 0)
    if len(empty):
        found = f"no conflict zone with people on day {empty[0]}" + (f" and {len(empty) - 1} more" * (len(empty) > 1))
        fix = "give a conflict zone a population, or check conflicts.csv on that day (Flee stops there)"
        raise FaultsError(
            [Fault("conflicts.csv", 0, "", "flee.spawn.nowhere", found, "a place that people can leave", fix)]
        )


def _distinct(pull: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return for each day the row of its state, and the states that differ from the day before."""
    changed = np.ones(len(pull), dtype=bool)
    changed[1:] = (pull[1:] != pull[:-1]).any(axis=(1, 2))
    return np.cumsum(changed) - 1, np.ascontiguousarray(pull[changed])


def _kilometre_step(folder: FleeFolder) -> float:
    """Return the step in which kilometres of a day are kept: exact where all distances and speeds are whole."""
    distances = [road.distance for road in folder.roads]
    return 1.0 if all(distance == int(distance) for distance in distances) else 0.25


def _day_steps(folder: FleeFolder) -> int:
    """Return how many steps of kilometres a day can have before people must stop."""
    return int(_fastest(folder) / _kilometre_step(folder)) + 4


def _fastest(folder: FleeFolder) -> float:
    """Return the most kilometres a day at which anybody travels."""
    speeds = ["move_rules.max_move_speed", "move_rules.max_walk_speed"]
    paces = [folder.settings[name] for name in speeds] + [road.speed for road in folder.roads if road.speed]
    return float(max(paces))


def _whole(folder: FleeFolder, roads: Roads, classes: Classes, pull: np.ndarray, recent_steps: int) -> dict[int, int]:
    settings, places = folder.settings, len(folder.places)
    links = len(roads.start) // 2
    on_foot = bool(settings["move_rules.start_on_foot"])
    recent = recent_steps if settings["move_rules.avoid_short_stints"] else 0
    walking = on_foot or bool((roads.real[:, 2] > 0).any())
    rode = int((roads.real[:, 0] / roads.real[:, 1]).max(initial=1.0)) + 1
    walked = int(roads.real[:, 0].max(initial=1.0) / settings["move_rules.max_walk_speed"]) + 1 if walking else 0
    most = {
        at.BITS_TODAY: _day_steps(folder), at.BITS_RODE: rode, at.BITS_WALKED: walked,
        at.BITS_NODE: len(roads.node) + 1, at.BITS_KIND: len(classes.home) - 1,
    }  # fmt: skip
    bits = {field: int(size).bit_length() for field, size in most.items()}
    if sum(bits.values()) + 1 + max(places, 2 * links).bit_length() > 62:
        found = "too many places, routes and classes"
        fix = "see fewer roads ahead (awareness_level) or use fewer demographic values"
        raise FaultsError([Fault(folder.name, 0, "", "flee.size", found, "62 bits of state for each person", fix)])
    matching = bool((pull[:, 3] > 0).any())
    crowding = bool(settings["spawn_rules.take_from_population"] and (pull[:, 2] > 0).any())
    return bits | {
        at.LINKS: links, at.ON_FOOT: on_foot, at.TAKING: bool(settings["spawn_rules.take_from_population"]),
        at.RECENT: recent, at.FIXED_ROUTES: bool(settings["move_rules.fixed_routes"]), at.MOST_PARTS: MOST_PARTS,
        at.MATCHING: matching, at.REPEATING: crowding or matching,
    }  # fmt: skip


def _real(folder: FleeFolder) -> dict[int, float]:
    moves = {
        at.SPEED: "max_move_speed", at.WALK: "max_walk_speed", at.SCALING: "capacity_scaling",
        at.BUFFER: "capacity_buffer", at.POWER: "weight_power", at.SOFTENING: "weight_softening",
        at.PRUNING: "pruning_threshold", at.CROWD_POWER: "pop_power_for_loc_weight",
        at.RELIGION: "avg_religion_fraction", at.CHANCE_POWER: "movechance_pop_scale_factor",
        at.CHANCE_BASE: "movechance_pop_base",
    }  # fmt: skip
    values = {field: float(folder.settings[f"move_rules.{name}"]) for field, name in moves.items()}
    return values | {at.KM_STEP: _kilometre_step(folder), at.PARTS_PER_ROOM: PARTS_PER_ROOM}
