"""What makes items and what uses them beside people, compiled: plants, facilities, and items that cannot be kept."""

from __future__ import annotations

from itertools import accumulate
from typing import NamedTuple

import numpy as np

from corridor.scenario.read import Row
from corridor.scenario.values import read_uses
from corridor.simulate.arrays import Flags, Floats, Integers
from corridor.simulate.tables import Tables, to_integers

PEOPLE, FACILITY, PLANT = range(3)  # who uses an item at a place
OF_PEOPLE = 5  # priority of people's own needs


class Works(NamedTuple):
    """Plants and facilities by index, for compiled code.

    N places inside, I items, W plants, F facilities, J inputs of plants, S places served by plants, each list one plant
    after the other. The users of cell n * I + i (people, facilities, inputs of plants) stand by priority.
    """

    order: Integers  # [I] items so that each comes after those it is made from, and after the one it depends on
    kept: Flags  # [I] what is not used stays; of other items it is lost
    maker_start: Integers  # [I + 1]
    makers: Integers  # [W] plants of each item, by priority
    priority: Integers  # [W]
    place: Integers  # [W] where a plant stands
    input_start: Integers  # [W + 1]
    input_item: Integers  # [J]
    input_uses: Floats  # [J] units for one unit made
    input_plant: Integers  # [J]
    serve_start: Integers  # [W + 1]
    serve_place: Integers  # [S]
    made_here: Flags  # [N, I] some plant serves the place with the item
    facility_place: Integers  # [F]
    facility_item: Integers  # [F]
    user_start: Integers  # [N * I + 1]
    user_kind: Integers  # PEOPLE, FACILITY or PLANT
    user_index: Integers  # of the facility, or of the input
    user_priority: Integers
    replaced: Flags  # [W] a plant that lacks an input while others make its item, too
    turns: int  # how often a step is tried, so that one can stand in for another


class Wants(NamedTuple):
    """What plants and facilities can make and use in a day, drawn once per replicate."""

    most: Floats  # [R, W] units a day when all of a plant works
    per_day: Floats  # [R, F] units a day
    people: Floats  # [R, F] who depend on a facility


class Turnover(NamedTuple):
    """What was made and used beside people so far, in units of each item [R, N + 1, I] (the last place is the road)."""

    lost: Floats  # not used in the step in which it was made, or taken out of a stock by an event
    put_in: Floats  # into plants
    fuelled: Floats  # taken by vehicles of those who leave
    plant_made: Floats  # [R, W]
    facility_used: Floats  # [R, F]
    facility_needed: Floats  # [R, F]
    facility_without: Floats  # [R, F] person-days


def order_items(tables: Tables) -> Integers:
    """Return the items so that each comes after those it is made from and the one it depends on."""
    names = tables.ids("items")
    before: dict[str, set[str]] = {name: set() for name in names}
    for name in names:
        before[name] |= {tables.by_id["items"][name]["depends_on"]} - {"", None}
    for row in tables.rows["plants"]:
        before[row["makes"]] |= set(read_uses(row["uses"]))
    depth = dict.fromkeys(names, 0)
    for _ in names:
        depth = {name: max((depth[other] + 1 for other in before[name]), default=0) for name in names}
    assert max(depth.values(), default=0) < len(names), "nothing is made in a circle: checked with the scenario"
    return np.argsort([depth[name] for name in names], kind="stable")


def find_fuel_for_leaving(tables: Tables) -> int:
    """Return the item that those who leave fill their tanks with from the stock of their place, -1 if there is none."""
    names = tables.ids("items")
    return next((i for i, name in enumerate(names) if tables.by_id["items"][name]["for_leaving"]), -1)


def list_served(row: Row) -> tuple[str, ...]:
    """Return the places that get what a plant makes: its own where none is named."""
    return tuple(dict.fromkeys(row["serves"])) or (row["place"],)


def compile_works(tables: Tables, position: dict[str, int]) -> Works | None:
    """Compile plants, facilities and flows; None where the scenario has none. `position` numbers places inside."""
    items, rows = tables.index("items"), tables.by_id["items"]
    plants = [tables.by_id["plants"][name] for name in tables.ids("plants")]
    facilities = [tables.by_id["facilities"][name] for name in tables.ids("facilities")]
    kept = np.array([rows[name]["kept"] for name in tables.ids("items")], dtype=bool)
    if not plants and not facilities and kept.all():
        return None
    makers = sorted(range(len(plants)), key=lambda p: (items[plants[p]["makes"]], plants[p]["priority"], p))
    uses = [[(items[name], amount) for name, amount in sorted(read_uses(row["uses"]).items())] for row in plants]
    serves = [[position[name] for name in list_served(row)] for row in plants]
    made_here = np.zeros((len(position), len(items)), dtype=bool)
    for row, places in zip(plants, serves, strict=True):
        made_here[places, items[row["makes"]]] = True
    users = _list_users(plants, facilities, uses, position, items)
    products = [row["makes"] for row in plants]
    replaced = [bool(inputs) and products.count(name) > 1 for inputs, name in zip(uses, products, strict=True)]
    return Works(
        order=order_items(tables),
        kept=kept,
        maker_start=_count([sum(row["makes"] == name for row in plants) for name in tables.ids("items")]),
        makers=to_integers(makers),
        priority=to_integers(row["priority"] for row in plants),
        place=to_integers(position[row["place"]] for row in plants),
        input_start=_count([len(inputs) for inputs in uses]),
        input_item=to_integers(item for inputs in uses for item, _ in inputs),
        input_uses=np.array([amount for inputs in uses for _, amount in inputs], dtype=np.float64),
        input_plant=to_integers(p for p, inputs in enumerate(uses) for _ in inputs),
        serve_start=_count([len(places) for places in serves]),
        serve_place=to_integers(n for places in serves for n in places),
        made_here=made_here,
        facility_place=to_integers(position[row["place"]] for row in facilities),
        facility_item=to_integers(items[row["item"]] for row in facilities),
        user_start=_count([len(cell) for cell in users]),
        user_kind=to_integers(kind for cell in users for _, kind, _ in cell),
        user_index=to_integers(index for cell in users for _, _, index in cell),
        user_priority=to_integers(priority for cell in users for priority, _, _ in cell),
        replaced=np.array(replaced, dtype=bool),
        turns=1 + sum(replaced),
    )


def _list_users(
    plants: list[Row],
    facilities: list[Row],
    uses: list[list[tuple[int, float]]],
    position: dict[str, int],
    items: dict[str, int],
) -> list[list[tuple[int, int, int]]]:
    """Return for each place and item who uses it, as (priority, kind, index), by priority."""
    cells: list[list[tuple[int, int, int]]] = [[(OF_PEOPLE, PEOPLE, 0)] for _ in range(len(position) * len(items))]
    for f, row in enumerate(facilities):
        cells[position[row["place"]] * len(items) + items[row["item"]]].append((row["priority"], FACILITY, f))
    number = 0
    for row, inputs in zip(plants, uses, strict=True):
        for item, _ in inputs:
            cells[position[row["place"]] * len(items) + item].append((row["priority"], PLANT, number))
            number += 1
    return [sorted(cell) for cell in cells]


def _count(lengths: list[int]) -> Integers:
    """Return where each of several lists begins that stand one after the other, and where the last ends."""
    return to_integers(accumulate(lengths, initial=0))


def ask_most(works: Works, wants: Wants, working: Floats, n: int, i: int) -> Floats:
    """Return the most that facilities and plants at a place can ask of an item, in units a day [R]."""
    own = (works.facility_place == n) & (works.facility_item == i)
    inputs = np.flatnonzero((works.place[works.input_plant] == n) & (works.input_item == i))
    plants = works.input_plant[inputs]
    made = wants.most[:, plants] * working[:, plants] * works.input_uses[inputs]
    return np.asarray(wants.per_day[:, own].sum(axis=1) + made.sum(axis=1))


def begin_turnover(replicates: int, cells: tuple[int, ...], plants: int, facilities: int) -> Turnover:
    """Return nothing made and used yet; `cells` are places, the road among them, and items."""
    shelves = [np.zeros((replicates, *cells)) for _ in range(3)]
    counts = [np.zeros((replicates, plants)), *(np.zeros((replicates, facilities)) for _ in range(3))]
    return Turnover(*shelves, *counts)
