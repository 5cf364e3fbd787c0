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
from corridor.flee.arrays import DAY, OUT, PLACE, RULES, STATE, Floats, Integers, Records, World, records
from corridor.flee.begin import FIXED, FROM_DATA, POISSON, RATIO
from corridor.flee.case import FleeCase
from corridor.flee.classes import Classes, form_classes, measure_nearness
from corridor.flee.observed import interpolate
from corridor.flee.roads import Roads, compile_roads
from corridor.flee.settings import FLOOD_PEOPLE, FLOOD_SHARES, changed_settings, find_driver
from corridor.flee.state import Timeline, follow_places, watched_places
from corridor.flee.today import find_equal_steps, find_reach
from corridor.scenario.faults import Fault, FaultsError, fault

if TYPE_CHECKING:
    from corridor.flee.rules import FleeRules
    from corridor.flee.tables import FleeFolder

RECENT_STEPS = 12  # steps of recent distance for one full day's travel; more are slower and nearer to Flee
SMALL, FINE_STEPS = 16, 512  # places up to which the default is this fine: there it costs little and coarse steps show
MOST_KEPT = 4_000_000  # weights of routes that are kept for people who have not decided yet, see undecided.py
MOST_DAY_STEPS = 5_000_000  # steps of kilometres of a day at all places, which are looked up at every turn
MOST_PARTS = 128  # parts into which a day's travellers are split at most
PARTS_PER_ROOM = 8.0  # parts for as many travellers as the last tenth of a camp holds
REAL_RULES = {
    "speed": "max_move_speed", "walk": "max_walk_speed", "scaling": "capacity_scaling", "buffer": "capacity_buffer",
    "power": "weight_power", "softening": "weight_softening", "pruning": "pruning_threshold",
    "crowd_power": "pop_power_for_loc_weight", "religion": "avg_religion_fraction",
    "chance_power": "movechance_pop_scale_factor", "chance_base": "movechance_pop_base",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class FleeModel(FleeCase):
    """A compiled Flee folder. `raw` [day] is Flee's raw count."""

    raw: np.ndarray
    debt: np.ndarray
    world: World
    stops: list[Fault]  # what stops Flee and shows only here
    choices: dict[str, Any]  # settings that are not Flee's defaults, and how the folder was compiled
    rules: FleeRules | None = None  # the user's own

    @property
    def links(self) -> int:
        """Return how many directed links there are."""
        return int(self.world.closes.shape[1])


def compile_folder(
    folder: FleeFolder, repaired: bool = False, recent_steps: int | None = None, by_origin: bool = False
) -> FleeModel:
    """Return the arrays of a folder that `read_folder` has accepted.

    `by_origin` makes a class of people of each place where any begin, so that it can be told who came from where.

    `recent_steps` is how finely recent distance is kept, in steps for a full day's travel (1 to 1000); where it is not
    given, 12, and 512 in a folder of up to 16 places. It is the one approximation beside the order of persons, and
    matters only with avoid_short_stints.

    `repaired` switches on what Flee documents but does not do: forced redirection, closures of single links, sinks,
    demographic matching of places, and the distance from the true home. Raises FaultsError where people are due on
    a day on which no place can send them (Flee stops there).
    """
    settings = folder.settings
    if recent_steps is None:
        recent_steps = FINE_STEPS if len(folder.places) <= SMALL else RECENT_STEPS
    timeline = follow_places(folder, repaired)
    roads = compile_roads(folder, timeline, repaired)
    watched = watched_places(folder)
    counted = {series.name for series in folder.layout}
    camps = [place for place in watched if folder.places[place].name in counted or not counted]
    observed, arriving, raw, debt = _count_people(folder, camps)
    initial = _place_first_people(folder, watched)
    mode, spawn = _spawn_rule(folder, timeline)
    listed_at = {name for name, _ in folder.agents}
    begins = [place.name in listed_at for place in folder.places] | (initial > 0) | (spawn > 0).any(axis=0)
    classes = form_classes(folder, repaired, np.flatnonzero(begins) if by_origin else None)
    population = np.array([0.0 if place.is_camp else _people(folder, place.people) for place in folder.places])
    listed = _place_listed(folder, classes)
    if settings["spawn_rules.take_from_population"]:
        population = np.maximum(population - listed.sum(axis=1), 0.0)
    if mode == FROM_DATA:
        _check_weights(folder, spawn * population)
    names = [place.name for place in folder.places]
    months = [(folder.start + timedelta(days=day)).month for day in range(folder.days)]
    sinks = [place.number("deactivation_probability", 0.0) for place in folder.places]
    sinking = repaired and (settings["spawn_rules.camps_are_sinks"] or settings["spawn_rules.camps_are_sicks"])
    pull_row, pull = _distinct(timeline.pull)
    nearness = measure_nearness(folder, repaired)
    rules = _rules(folder, roads, classes, recent_steps)
    rules["mode"], rules["sinking"], rules["spread"] = mode, bool(sinking), len(nearness) > 1
    rules["matching"] = matching = bool((pull["alike"] > 0).any())
    rules["repeating"] = matching or bool(rules["taking"] and pull["crowd"].any())
    rules["undecided"] = _days_undecided(roads, rules, classes)
    walking_speed = float(settings["move_rules.max_walk_speed"])
    world = World(
        rules=rules[()],
        links=roads.links,
        places=records(
            PLACE, len(names), initial=initial, population=population, sink=sinks if sinking else 0.0,
            key=[entity_key("flee", name) for name in _tell_apart(names)],
        ),
        nodes=roads.nodes,
        days=records(
            DAY, folder.days, epoch=roads.epoch, pull_row=pull_row, arriving=arriving,
            resting=np.isin(months, settings["move_rules.harvest_months"]),
        ),
        classes=classes.people,
        option_from=roads.option_from,
        options=roads.options,
        closes=roads.closes,
        until=find_equal_steps(
            roads, _day_steps(folder), _kilometre_step(folder), walking_speed, _going_on(folder, timeline)
        ),
        reach=find_reach(roads, _fastest(folder), walking_speed),
        out_from=roads.out_from,
        out=records(
            OUT, len(roads.out_link), end=roads.links["end"][roads.out_link], link=roads.out_link,
            option=roads.out_option,
        ),
        pull=pull,
        state=records(
            STATE, spawn.shape, chance=timeline.chance, capacity=_daily_capacity(folder, watched),
            hunger=timeline.hunger, flood=timeline.flood_chance, forecast=timeline.forecast, spawn=spawn,
            town=timeline.town, camp=timeline.camp,
        ),
        class_share=classes.share,
        listed=listed,
        affinity=classes.affinity,
        nearness=nearness,
    )  # fmt: skip
    return FleeModel(
        name=folder.name, start=folder.start.isoformat(), days=folder.days, place_names=names, camps=camps,
        observed=observed, raw=raw, debt=debt, world=world,
        notices=timeline.notices + roads.notices,
        stops=[fault("flee.major_routes.broken", ("major_routes.csv", 0, ""), route=route, day=day)
         for route, day in roads.broken.items()],
        choices={"settings": changed_settings(settings), "repaired": repaired, "recent_steps": recent_steps},
    )  # fmt: skip


def _tell_apart(names: list[str]) -> list[str]:
    """Return names with a number added from the second of the same name on."""
    return [name if name not in names[:i] else f"{name} {names[:i].count(name) + 1}" for i, name in enumerate(names)]


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
    return observed, arriving, raw * (find_driver(settings) == "data"), debts


def _registered_on_day0(folder: FleeFolder, camps: list[int]) -> dict[int, int]:
    by_name = {series.name: int(interpolate(series, 1)[0]) for series in reversed(folder.layout)}
    return {camp: by_name.get(folder.places[camp].name, 0) for camp in camps}


def _place_first_people(folder: FleeFolder, camps: list[int]) -> np.ndarray:
    """Return people at each place before the first day."""
    settings = folder.settings
    initial = np.zeros(len(folder.places), dtype=np.int64)
    if not settings["spawn_rules.empty_camps_on_day0"]:
        registered = _registered_on_day0(folder, camps) if settings["spawn_rules.insert_day0"] else {}
        for camp in camps:
            initial[camp] = max(registered.get(camp, 0), 0) + int(folder.places[camp].number("initial_idps", 0.0))
    return initial


def _place_listed(folder: FleeFolder, classes: Classes) -> Integers:
    """Return people of agents.csv by place and class; they are what the file says they are."""
    listed = np.zeros(classes.share.shape, dtype=np.int64)
    if folder.settings["spawn_rules.read_from_agents_csv_file"]:
        for name, person in folder.agents:
            for place in (i for i, place in enumerate(folder.places) if place.name == name):
                listed[place, classes.find(place, person)] += 1
    return listed


def _daily_capacity(folder: FleeFolder, camps: list[int]) -> np.ndarray:
    """Return capacity [day, place]; below 1 means without limit.

    On day 0 Flee takes the people registered then off the capacity, although they are also put into the camp and
    counted there; where nothing is left, the camp has no limit any more.
    """
    settings, days = folder.settings, folder.days
    capacity = np.array([_people(folder, p.people) if p.is_camp else -1 for p in folder.places], dtype=np.float64)
    if settings["spawn_rules.insert_day0"] and find_driver(settings) == "data":
        for camp, people in _registered_on_day0(folder, camps).items():
            if capacity[camp] > 0:
                capacity[camp] -= people
    added = np.array([place.number("capacity_per_day", 0.0) for place in folder.places])
    return capacity + added * np.arange(1, days + 1)[:, None]


def _spawn_rule(folder: FleeFolder, timeline: Timeline) -> tuple[int, np.ndarray]:
    """Return how people begin, and the table [day, place] for it. Flee cuts numbers of people to whole ones."""
    settings, driver = folder.settings, find_driver(folder.settings)
    words = {"constant": FIXED, "pop_ratio": RATIO, "poisson": POISSON}
    if driver == "conflicts":
        mode = words[settings["spawn_rules.conflict_driven_spawning.spawn_mode"]]
        amount = settings["spawn_rules.conflict_driven_spawning.displaced_per_conflict_day"]
        rate = float(0.01 if amount is None else amount) if mode == RATIO else int(500 if amount is None else amount)
        return mode, rate * np.maximum(timeline.conflict_now, 0.0)
    if driver == "floods":
        mode = words[settings["spawn_rules.flood_driven_spawn_mode.spawn_mode"]]
        levels = settings["spawn_rules.flood_driven_spawn_mode.displaced_per_flood_day"]
        if levels is None:
            levels = FLOOD_SHARES if mode == RATIO else FLOOD_PEOPLE
        amounts = np.interp(timeline.flood, np.arange(len(levels)), levels)
        return mode, np.where(timeline.flood > 0, amounts if mode == RATIO else np.trunc(amounts), 0.0)
    return FROM_DATA, timeline.spawn_weight


def _check_weights(folder: FleeFolder, weights: np.ndarray) -> None:
    empty = np.flatnonzero(weights.sum(axis=1) <= 0)
    if len(empty):
        more = f" and {len(empty) - 1} more" * (len(empty) > 1)
        raise FaultsError([fault("flee.spawn.nowhere", ("conflicts.csv", 0, ""), day=empty[0], more=more)])


def _distinct(pull: Records) -> tuple[Integers, Records]:
    """Return for each day the row of its state, and the states that differ from the day before."""
    changed = np.ones(len(pull), dtype=bool)
    changed[1:] = (pull[1:] != pull[:-1]).any(axis=1)
    return np.cumsum(changed) - 1, np.ascontiguousarray(pull[changed])


def _kilometre_step(folder: FleeFolder) -> float:
    """Return the step in which kilometres of a day are kept: exact where all distances and speeds are whole."""
    distances = [road.distance for road in folder.roads]
    return 1.0 if all(distance == int(distance) for distance in distances) else 0.25


def _day_steps(folder: FleeFolder) -> int:
    """Return how many steps of kilometres a day can have before people must stop."""
    return int(min(_fastest(folder), 1e12) / _kilometre_step(folder)) + 4


def _going_on(folder: FleeFolder, timeline: Timeline) -> Floats:
    """Return how likely people who come to each place go on the same day, at most."""
    chance = np.maximum(np.maximum(timeline.chance, timeline.flood_chance), timeline.hunger).max(axis=0)
    always = timeline.town.any(axis=0) & bool(folder.settings["move_rules.avoid_short_stints"])
    chance[always] = 1.0
    capped: Floats = np.minimum(chance, 1.0)
    return capped


def _fastest(folder: FleeFolder) -> float:
    """Return the most kilometres a day at which anybody travels."""
    speeds = ["move_rules.max_move_speed", "move_rules.max_walk_speed"]
    paces = [folder.settings[name] for name in speeds] + [road.speed for road in folder.roads if road.speed]
    return float(max(paces))


def _rules(folder: FleeFolder, roads: Roads, classes: Classes, recent_steps: int) -> Records:
    """Return the settings the kernel asks for, as one record, and the bits of a packed state.

    Raises FaultsError where a state does not fit.
    """
    settings, links = folder.settings, roads.links
    on_foot = bool(settings["move_rules.start_on_foot"])
    walking = on_foot or bool((links["walk"] > 0).any())
    walked = int(links["km"].max(initial=1.0) / settings["move_rules.max_walk_speed"]) + 1 if walking else 0
    most = {
        "today": 2 * _day_steps(folder), "rode": int((links["km"] / links["speed"]).max(initial=1.0)) + 1,
        "walked": walked, "node": len(roads.nodes) + 2, "kind": len(classes.people) - 1,
    }  # fmt: skip
    bits = {f"bits_{name}": size.bit_length() for name, size in most.items()}
    if sum(bits.values()) + 1 + max(len(folder.places), len(links)).bit_length() > 62:
        raise FaultsError([fault("flee.size", (folder.name, 0, ""))])
    if _day_steps(folder) * len(folder.places) > MOST_DAY_STEPS:
        raise FaultsError([fault("flee.size:day", (folder.name, 0, ""), km=f"{_fastest(folder):g}")])
    whole = bits | {
        "on_foot": on_foot, "taking": bool(settings["spawn_rules.take_from_population"]),
        "recent": recent_steps if settings["move_rules.avoid_short_stints"] else 0,
        "fixed_routes": bool(settings["move_rules.fixed_routes"]), "most_parts": MOST_PARTS,
    }  # fmt: skip
    real = {name: float(settings[f"move_rules.{setting}"]) for name, setting in REAL_RULES.items()}
    own = {"kilometre_step": _kilometre_step(folder), "parts_per_room": PARTS_PER_ROOM}
    return records(RULES, (), **whole, **real, **own)


def _days_undecided(roads: Roads, rules: Records, classes: Classes) -> int:
    """Return for how many days the weights of routes are kept for people on their first road, 0 where they are not.

    They are not where routes are single roads, or are not told apart by their first road, or would fill the memory.
    """
    routes = int(np.diff(roads.option_from[:, [0, -1]]).max(initial=0))
    days = (1 << int(rules["bits_rode"])) + (1 << int(rules["bits_walked"]))
    kept = 2 * days * len(classes.people) * routes
    return days if roads.in_order and len(roads.options) > len(roads.out_link) and kept <= MOST_KEPT else 0
