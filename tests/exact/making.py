"""The law of plants, facilities and flows in plain Python, from the rows of the tables: one step at a time, by name.

It shares no code with the compiled law (corridor/simulate/making.py): dictionaries in place of arrays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

Cell = tuple[str, str]  # (place, item)
Rows = list[dict[str, Any]]


def one() -> float:
    """Return what is met where nothing is said."""
    return 1.0


@dataclass
class Books:
    """What is in store, and everything that was made and used so far, by (place, item), plant or facility."""

    stock: dict[Cell, float] = field(default_factory=lambda: defaultdict(float))
    made: dict[Cell, float] = field(default_factory=lambda: defaultdict(float))
    used: dict[Cell, float] = field(default_factory=lambda: defaultdict(float))
    needed: dict[Cell, float] = field(default_factory=lambda: defaultdict(float))
    lost: dict[Cell, float] = field(default_factory=lambda: defaultdict(float))
    put_in: dict[Cell, float] = field(default_factory=lambda: defaultdict(float))
    without: dict[Cell, float] = field(default_factory=lambda: defaultdict(float))
    plant_made: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    facility_used: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    facility_needed: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    facility_without: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    met: dict[Cell, float] = field(default_factory=lambda: defaultdict(one))


@dataclass
class World:
    """Tables of rows with plain numbers; `order` names the items so that inputs come first, `people` are by place."""

    order: list[str]
    flows: set[str]
    people: Mapping[str, int]
    need: Callable[[str, str], float]  # of one person in a day, by place and item
    made_per_day: Mapping[Cell, float]
    known: set[Cell]
    depends_on: Mapping[str, tuple[str, float]]  # item -> (other item, dependence)
    plants: Rows  # id, place, makes, most, uses {item: units}, serves [places], priority
    facilities: Rows  # id, place, item, per_day, priority, people


def take_step(world: World, books: Books, working: Mapping[str, float], days: float) -> None:
    """Let everything be wanted, made and used in one step; plants stand in for others that lack an input."""
    makes = [row["makes"] for row in world.plants]
    replaced = [row for row in world.plants if row["uses"] and makes.count(row["makes"]) > 1]
    most = {row["id"]: row["most"] * working[row["id"]] * days for row in world.plants}
    for turn in range(len(replaced) + 1):
        tried = deepcopy(books)
        asked = try_step(world, tried, most, days)
        reached = {name: tried.plant_made[name] - books.plant_made[name] for name in most}
        short = [row["id"] for row in replaced if reached[row["id"]] < asked[row["id"]] * (1 - 1e-9)]
        if turn == len(replaced) or not short:
            break
        most.update({name: min(most[name], reached[name]) for name in short})
    vars(books).update(vars(tried))
    for n in world.people:
        for item in world.flows:
            books.lost[n, item] += books.stock.pop((n, item), 0.0)


def try_step(world: World, books: Books, most: Mapping[str, float], days: float) -> dict[str, float]:
    """Make and use what can be, plants at most so much; return what each plant was asked for."""
    own = {(n, i): world.people[n] * world.need(n, i) * days for n in world.people for i in world.order}
    wish = defaultdict(float, own)
    for row in world.facilities:
        wish[row["place"], row["item"]] += row["per_day"] * days
    ask: dict[tuple[str, str], float] = defaultdict(float)  # (plant, place): what it is asked to make for it
    for item in reversed(world.order):
        short = {n: max(0.0, wish[n, item] - hope(world, books, n, item, days)) for n in world.people}
        for plants in by_priority([row for row in world.plants if row["makes"] == item]):
            share_out(world, books, plants, short, ask, most, days)
        for row in world.plants:
            if row["makes"] == item:
                for other, units in row["uses"].items():
                    wish[row["place"], other] += units * sum(ask[row["id"], n] for n in row["serves"])
    given: dict[tuple[str, str], float] = {}  # (plant, item): what it got of an input
    for item in world.order:
        for row in world.plants:
            if row["makes"] == item:
                run_plant(world, books, row, ask, given)
        for n in world.people:
            limit = find_limit(world, books, n, item)
            books.stock[n, item] += world.made_per_day.get((n, item), 0.0) * days * limit
            books.made[n, item] += world.made_per_day.get((n, item), 0.0) * days * limit
            hand_out(world, books, n, item, own[n, item], limit, ask, given, days)
    return {row["id"]: sum(ask[row["id"], n] for n in row["serves"]) for row in world.plants}


def find_limit(world: World, books: Books, place: str, item: str) -> float:
    """Return how much of an item can be used as far as the one it depends on was met."""
    other, dependence = world.depends_on.get(item, ("", 0.0))
    return 1.0 - dependence * (1.0 - books.met[place, other]) if (place, other) in world.known else 1.0


def hope(world: World, books: Books, place: str, item: str, days: float) -> float:
    """Return what is there without plants."""
    fresh = world.made_per_day.get((place, item), 0.0) * days * find_limit(world, books, place, item)
    return max(books.stock[place, item], 0.0) + fresh


def by_priority(rows: Rows) -> Iterator[Rows]:
    """Yield rows of one priority together, the first priority first."""
    for _, same in groupby(sorted(rows, key=lambda row: row["priority"]), key=lambda row: row["priority"]):
        yield list(same)


def share_out(
    world: World, books: Books, plants: Rows, short: dict[str, float], ask: dict[tuple[str, str], float],
    most: Mapping[str, float], days: float,
) -> None:  # fmt: skip
    """Share what places are short of among plants in proportion to what each can still make, until nothing changes."""
    room = {row["id"]: most[row["id"]] for row in plants}
    for row in plants:
        for item, units in row["uses"].items():
            piped = any(item == o["makes"] and row["place"] in o["serves"] for o in world.plants)
            if (row["place"], item) in world.known and not piped:
                room[row["id"]] = min(room[row["id"]], hope(world, books, row["place"], item, days) / units)
    for _ in range(len(plants) + 1):
        weight = {n: sum(room[row["id"]] for row in plants if n in row["serves"]) for n in short}
        parts = {
            (row["id"], n): short[n] * room[row["id"]] / weight[n]
            for row in plants
            for n in row["serves"]
            if weight[n] > 0
        }
        for row in plants:
            asked = sum(parts.get((row["id"], n), 0.0) for n in row["serves"])
            share = min(1.0, room[row["id"]] / asked) if asked > 0 else 0.0
            for n in row["serves"]:
                part = share * parts.get((row["id"], n), 0.0)
                ask[row["id"], n] += part
                short[n] -= part
            room[row["id"]] -= share * asked
        short.update({n: max(0.0, left) for n, left in short.items()})
        room.update({name: left if left > 1e-12 else 0.0 for name, left in room.items()})


def run_plant(world: World, books: Books, row: dict[str, Any], ask: Any, given: Any) -> None:
    """Let a plant make what its scarcest input allows; the rest of the others goes back."""
    target = sum(ask[row["id"], n] for n in row["serves"])
    shares = [
        given[row["id"], item] / (target * units)
        for item, units in row["uses"].items()
        if target > 0 and (row["place"], item) in world.known
    ]
    share = min([1.0, *shares])
    for item, units in row["uses"].items():
        put = min(given[row["id"], item], target * share * units)
        books.stock[row["place"], item] += given[row["id"], item] - put
        books.put_in[row["place"], item] += put
    for n in row["serves"]:
        books.stock[n, row["makes"]] += ask[row["id"], n] * share
        books.made[n, row["makes"]] += ask[row["id"], n] * share
        books.plant_made[row["id"]] += ask[row["id"], n] * share


def hand_out(
    world: World, books: Books, place: str, item: str, own: float, limit: float, ask: Any, given: Any, days: float
) -> None:
    """Give an item out, one priority after the other; those of one priority get the same share."""
    users: Rows = [{"kind": "people", "id": "", "priority": 5, "wish": own}]
    for row in world.facilities:
        if (row["place"], row["item"]) == (place, item):
            users.append({"kind": "facility", "id": row["id"], "priority": row["priority"],
                          "wish": row["per_day"] * days, "people": row["people"]})  # fmt: skip
    for row in world.plants:
        if row["place"] == place and item in row["uses"]:
            target = sum(ask[row["id"], n] for n in row["serves"])
            users.append({"kind": "plant", "id": row["id"], "priority": row["priority"],
                          "wish": target * row["uses"][item]})  # fmt: skip
    for same in by_priority(users):
        total = sum(user["wish"] for user in same) * limit
        share = min(1.0, max(books.stock[place, item], 0.0) / total) if total > 0 else 1.0
        books.stock[place, item] -= total * share
        for user in same:
            got = user["wish"] * limit * share
            met = got / user["wish"] if user["wish"] > 0 else 1.0
            if user["kind"] == "people":
                books.used[place, item] += got
                books.needed[place, item] += own
                books.met[place, item] = met
                books.without[place, item] += (1.0 - met) * world.people[place] * days
            elif user["kind"] == "facility":
                books.facility_used[user["id"]] += got
                books.facility_needed[user["id"]] += user["wish"]
                books.facility_without[user["id"]] += (1.0 - met) * user["people"] * days
            else:
                given[user["id"], item] = got
