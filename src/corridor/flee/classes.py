"""Demographic classes: only what a rule that is on asks for makes people differ."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from corridor.flee.arrays import CLASS, Floats, Integers, Records, records

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridor.flee.tables import Demographics, FleeFolder

EARTH_RADIUS = 6371.0  # km


@dataclass(frozen=True)
class Classes:
    """Classes of people and the arrays of them for the kernel.

    Of each class `people` says the power of a place's attraction, the factor on the chance to leave in a flood
    forecast, the home (a place, -1 where it does not matter), and which ethnicity and religion.
    """

    people: Records
    share: Floats  # [place, class] of those who begin there
    affinity: Floats  # [class, place] factor on the attraction
    kinds: dict[tuple[int, tuple[float, ...]], int]  # the class by home (-1 where it does not matter) and effect
    effect: Callable[[dict[str, str]], tuple[float, ...]]  # what the attributes of a person change

    def find(self, place: int, person: dict[str, str]) -> int:
        """Return the class of a person with these attributes who begins at a place."""
        effect = self.effect(person)
        return self.kinds[place, effect] if (place, effect) in self.kinds else self.kinds[-1, effect]


def needed_attributes(settings: dict[str, object], repaired: bool) -> list[str]:
    """Return the demographic attributes that the rules which are on ask for."""
    on = {name for name in settings if settings[name] and name.startswith("move_rules.")}
    needs = {
        "age": {"ChildrenAvoidHazards", "ElderlyAvoidHazards"},
        "gender": {"WomenAvoidHazards"},
        "ethnicity": {"MatchCampEthnicity", "MatchTownEthnicity", "MatchConflictEthnicity"} if repaired else set(),
        "religion": {"MatchCampReligion"} if repaired else set(),
        "floodawareness": {"flood_rules.flood_forecaster"},
    }
    wanted = [name for name, rules in needs.items() if any(f"move_rules.{rule}" in on for rule in rules)]
    boys = {"move_rules.ChildrenAvoidHazards", "move_rules.BoysTakeRisk"} <= on
    return [*wanted, "gender"] if boys and "gender" not in wanted else wanted


def form_classes(folder: FleeFolder, repaired: bool, origins: Integers | None = None) -> Classes:
    """Return the classes of a folder; those with the same effect are one class.

    `origins` are places whose people are told apart by where they began, although it matters to no rule.
    """
    settings, places = folder.settings, folder.places
    known = {table.attribute: table for table in folder.demographics}
    tables = [known[name] for name in needed_attributes(settings, repaired) if name in known]
    merged: dict[tuple[float, ...], np.ndarray] = {}
    for values in product(*(range(len(table.values)) for table in tables)):
        person = {table.attribute: table.values[i] for table, i in zip(tables, values, strict=True)}
        share = np.ones(len(places))
        for table, i in zip(tables, values, strict=True):
            share = share * _weights(table, [place.name for place in places], i)
        effect = _effect(folder, person, known)
        merged[effect] = merged.get(effect, np.zeros(len(places))) + share
    for _, person in folder.agents if settings["spawn_rules.read_from_agents_csv_file"] else ():
        merged.setdefault(_effect(folder, person, known), np.zeros(len(places)))
    effects = np.array(list(merged)).reshape(-1, 4)
    shares = np.stack(list(merged.values()), axis=1)
    at_home = bool(settings["move_rules.harvest_months"])
    near_home = repaired and settings["move_rules.stay_close_to_home"]
    home = np.full(len(effects), -1)
    affinity = np.ones((len(effects), len(places)))
    if at_home or near_home or origins is not None:
        n, k = len(places), len(effects)
        homes = np.arange(n) if origins is None or at_home or near_home else origins
        shares = (shares[:, :, None] * np.eye(n)[:, None, homes]).reshape(n, k * len(homes))
        effects, home = np.repeat(effects, len(homes), axis=0), np.tile(homes, k)
        affinity = np.tile(_near(folder, swapped=False), (k, 1)) if near_home else np.ones((len(home), n))
    power, chance, ethnicity, religion = effects.T
    people = records(CLASS, len(effects), home=home, ethnicity=ethnicity, religion=religion, power=power, chance=chance)
    kinds = {
        (int(place), tuple(map(float, effect))): i for i, (place, effect) in enumerate(zip(home, effects, strict=True))
    }
    shares = np.ascontiguousarray(shares)  # one layout, whatever it is made of: another is compiled for anew
    return Classes(people, shares, affinity, kinds, lambda person: _effect(folder, person, known))


def _weights(table: Demographics, names: list[str], value: int) -> np.ndarray:
    columns = [table.places.get(name, table.default) for name in names]
    return np.array([column[value] / column.sum() for column in columns])


def _effect(folder: FleeFolder, person: dict[str, str], known: dict[str, Demographics]) -> tuple[float, ...]:
    """Return what a class changes: power of attraction, factor on leaving, ethnicity, religion."""
    on = folder.settings
    age, gender = float(person.get("age") or 30), person.get("gender", "")
    wary = (
        (on["move_rules.ChildrenAvoidHazards"] and age < 19)
        or (on["move_rules.ElderlyAvoidHazards"] and age > 59)
        or (on["move_rules.WomenAvoidHazards"] and gender == "female")
    )
    power = 2.0 if wary else 1.0  # once, whichever of the rules hold
    if on["move_rules.ChildrenAvoidHazards"] and on["move_rules.BoysTakeRisk"] and gender == "male" and age > 14:
        power = 0.0
    aware = 1.0
    weights = on["move_rules.flood_rules.flood_awareness_weights"]
    if "floodawareness" in person and weights:
        aware = weights[min(int(float(person["floodawareness"])), len(weights) - 1)]
    return (power, aware, *(_number_value(person, known, name) for name in ("ethnicity", "religion")))


def _number_value(person: dict[str, str], known: dict[str, Demographics], name: str) -> float:
    """Return the number of a person's value in its table, 0 where there is none, -1 for a value of no table."""
    values = known[name].values if name in known else []
    return 0.0 if name not in person else float(values.index(person[name])) if person[name] in values else -1.0


def measure_nearness(folder: FleeFolder, repaired: bool) -> np.ndarray:
    """Return the factor of `stay_close_to_home` [place now, end] as Flee forms it, or [1, 1] where it is off.

    Flee measures from where people are, and takes latitude for longitude. Repaired, the factor belongs to the home
    (see `form_classes`).
    """
    if repaired or not folder.settings["move_rules.stay_close_to_home"]:
        return np.ones((1, 1))
    return _near(folder, swapped=True)


def _near(folder: FleeFolder, *, swapped: bool) -> np.ndarray:
    latitude = np.radians([place.latitude for place in folder.places])
    longitude = np.radians([place.longitude for place in folder.places])
    if swapped:
        latitude, longitude = longitude, latitude
    a = np.sin((latitude[:, None] - latitude) / 2) ** 2
    a = a + np.cos(latitude[:, None]) * np.cos(latitude) * np.sin((longitude[:, None] - longitude) / 2) ** 2
    distance = 2 * EARTH_RADIUS * np.arcsin(np.sqrt(np.clip(a, 0.0, 1.0)))
    factor: np.ndarray = 1.0 / np.maximum(1.0, distance) ** float(folder.settings["move_rules.home_distance_power"])
    return factor
