"""Rules of the user's own in the place of Flee's: plain functions of the day, asked before each day begins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.flee.arrays import Floats, Integers, Memory, World
from corridor.flee.begin import FIXED, FROM_DATA, RATIO
from corridor.scenario.faults import UsageError
from corridor.scenario.named import import_named

if TYPE_CHECKING:
    from corridor.flee.compile import FleeModel


@dataclass(frozen=True)
class FleeDay:
    """What a rule is told of a day before it begins; arrays are [place], in the order of locations.csv."""

    day: int
    date: date
    places: list[str]
    people: Integers  # displaced people at each place as the day before left them
    capacity: Floats  # below 1: without limit
    population: Floats  # who may still leave
    conflict: Floats  # Flee's weight of the place among those from which people leave, for each head
    move_chance: Floats  # Flee's, before hunger and floods change it
    weight: Floats  # Flee's attraction of a place, before what belongs to groups of people
    begin: Floats  # people whom Flee's rules would have begin there, on average

    def at(self, name: str) -> int:
        """Return the number of a place; raises UsageError for a name that none has."""
        if name not in self.places:
            message = f'no place is called "{name}"'
            raise UsageError(message)
        return self.places.index(name)


Rule = Callable[[FleeDay], Any]


@dataclass(frozen=True)
class FleeRules:
    """Rules in the place of Flee's; each is given a FleeDay and returns an array [place], or what spreads to one.

    `move_chance`: the chance to leave each place that day, 0 to 1. `weight`: the attraction of each place, 0 or more.
    `begin`: how many people begin at each place, whole people in the end; their sum is kept within one half.
    """

    move_chance: Rule | None = None
    weight: Rule | None = None
    begin: Rule | None = None

    @property
    def given(self) -> dict[str, Rule]:
        """Return the rules that there are, by name."""
        return {field.name: rule for field in fields(self) if (rule := getattr(self, field.name)) is not None}


def open_world(model: FleeModel) -> World:
    """Return a world whose days can be changed one by one without changing the model's."""
    world = model.world
    days, rules = world.days.copy(), np.array(world.rules)
    days["pull_row"] = np.arange(len(days))
    if model.rules is not None and model.rules.begin is not None:
        rules["mode"] = FIXED
    pull = np.ascontiguousarray(world.pull[world.days["pull_row"]])
    return world._replace(days=days, rules=rules[()], pull=pull, state=world.state.copy())


def describe_day(model: FleeModel, world: World, memory: Memory, day: int) -> FleeDay:
    """Return what a rule is told of a day."""
    state, pull, spots = world.state[day], world.pull[day], memory.spots
    heads, mode, due = spots["heads"].copy(), model.world.rules["mode"], model.world.state["spawn"][day].copy()
    begin = due
    if mode == FROM_DATA:
        weights = due * heads
        begin = world.days["arriving"][day] * weights / max(weights.sum(), 1e-300)
    elif mode == RATIO:
        begin = due * heads
    when = date.fromisoformat(model.start) + timedelta(days=day)
    return FleeDay(
        day, when, model.place_names, spots["people"].copy(), state["capacity"].copy(), heads, due,
        state["chance"].copy(), pull["score"] * pull["factor"], begin,
    )  # fmt: skip


def carry_out(rules: FleeRules, today: FleeDay, world: World) -> None:
    """Put what the rules say of a day into the world; raises UsageError for what is no number of the kind asked for."""
    count, day = len(today.places), today.day
    if rules.move_chance is not None:
        world.state["chance"][day] = _ask(rules.move_chance, today, count, "move_chance", 1.0)
    if rules.weight is not None:
        world.pull["score"][day] = _ask(rules.weight, today, count, "weight")
        world.pull["factor"][day] = 1.0
    if rules.begin is not None:
        wished = _ask(rules.begin, today, count, "begin")
        so_far = np.floor(np.cumsum(wished) + 0.5)  # rounded so that the sum is kept
        world.state["spawn"][day] = np.diff(so_far, prepend=0.0)


def _ask(rule: Rule, today: FleeDay, count: int, name: str, most: float = 1e12) -> Floats:
    try:
        given = np.broadcast_to(np.asarray(rule(today), dtype=np.float64), (count,))
    except UsageError:
        raise
    except Exception as error:  # whatever the user's own function does wrong
        message = f"the rule {name} cannot be used on day {today.day}: {type(error).__name__}: {error}"
        raise UsageError(message) from error
    if not ((given >= 0.0) & (given <= most)).all():
        message = f"the rule {name} gives a number outside 0 to {most:g} on day {today.day}"
        raise UsageError(message)
    return given


def load_rules(name: str) -> FleeRules:
    """Return the rules at "module:name", looked for in the working folder too; raises UsageError without any there."""
    found, _ = import_named(name, "my_rules:rules")
    if not isinstance(found, FleeRules):
        message = f'"{name}" is no FleeRules'
        raise UsageError(message)
    return found
