"""Items, their order, and convoys: what the simulation cannot move or make is told before it begins."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from corridor.scenario.draft import show
from corridor.scenario.transport import TRUCKED
from corridor.scenario.values import read_loads

if TYPE_CHECKING:
    from corridor.scenario.draft import Draft, Row


def find_circles_of_items(draft: Draft) -> None:
    """Items that depend on each other in a circle can never be made; each circle is told at its first item."""
    for parameter_set in draft.set_names:
        rows = {row["id"]: row for row in draft.rows("items", parameter_set) if row.can_read("id", "depends_on")}
        seen: set[str] = set()
        for name in sorted(rows):
            way: dict[str, None] = {}  # in order
            after = name
            while after in rows and after not in seen and after not in way:
                way[after] = None
                after = rows[after]["depends_on"]
            if after in way:
                circle = sorted(list(way)[list(way).index(after) :])
                draft.note("circular_dependence", rows[circle[0]].where("depends_on"), items=", ".join(circle[:10]))
            seen.update(way)


def check_loads(draft: Draft) -> None:
    """A convoy's loads are items with tonnes, and each item weighs something."""
    for parameter_set in draft.set_names:
        items = draft.rows("items", parameter_set)
        known = all(item.can_read("id", "tonnes_per_unit") for item in items) and not draft.has_lost("items")
        if not items or not known:
            continue
        weights = {item["id"]: item["tonnes_per_unit"] for item in items}
        first = min(weights)
        for row in _moved_convoys(draft, parameter_set):
            for word, name, tonnes in read_loads(row["loads"] or "") if row.can_read("loads") else ():
                if tonnes is None or weights.get(name, 0) <= 0:
                    hint = draft.suggest(name, weights.keys() - {name} if name in weights else weights)
                    draft.note("wrong_type.loads", row.where("loads"), text=show(word), item=first, hint=hint)


def check_convoys(draft: Draft) -> None:
    """A convoy goes with a fleet that carries goods, between places that roads join."""
    for parameter_set in draft.set_names:
        buses = {row["id"] for row in draft.rows("fleets", parameter_set) if row["purpose"] == "people"}
        roads = [road for road in draft.rows("roads", parameter_set) if road.can_read("from", "to")]
        roads = [road for road in roads if not road.can_read("kind") or road["kind"] in TRUCKED]
        known = {} if draft.has_lost("roads", "places") else draft.by_id["places"]
        part = _find_parts(roads)
        for row in _moved_convoys(draft, parameter_set):
            begin, end = row["from"], row["to"]
            if row["fleet"] in buses:
                draft.note("fleet_for_people", row.where("fleet"), name=show(row["fleet"]))
            if begin in known and end in known and part.get(begin, begin) != part.get(end, end):
                draft.note("unreachable_place.convoy", row.where("to"), begin=show(begin), end=show(end))


def _moved_convoys(draft: Draft, parameter_set: str) -> list[Row]:
    """Return the convoys that the model may move: the end of the others is not known."""
    return [row for row in draft.rows("convoys", parameter_set) if row["outcome"] != "unknown"]


def _find_parts(roads: list[Row]) -> dict[str, str]:
    """Return for each place on a road one place that stands for all those which roads join to it.

    In whichever direction: a convoy may go against the lanes of others.
    """
    beside: dict[str, list[str]] = defaultdict(list)
    for row in roads:
        beside[row["from"]].append(row["to"])
        beside[row["to"]].append(row["from"])
    part: dict[str, str] = {}
    for begin in beside:
        todo = [] if begin in part else [begin]
        while todo:
            place = todo.pop()
            if place not in part:
                part[place] = begin
                todo += beside[place]
    return part
