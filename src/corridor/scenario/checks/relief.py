"""Items, their order, and convoys: what the simulation cannot move or make is told before it begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor.scenario.draft import show, suggest
from corridor.scenario.values import read_loads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corridor.scenario.draft import Draft, Row


def find_circles_of_items(draft: Draft) -> None:
    """Items that depend on each other in a circle can never be made; each circle is told at its first item."""
    for parameter_set in draft.set_names:
        rows = {row["id"]: row for row in draft.rows("items", parameter_set) if row.can_read("id", "depends_on")}
        for name in sorted(rows):
            way = [name]
            while (after := rows[way[-1]]["depends_on"]) in rows and after not in way:
                way.append(after)
            if after == name == min(way):
                draft.note("circular_dependence", rows[name].where("depends_on"), items=", ".join(sorted(way)))


def check_loads(draft: Draft) -> None:
    """A convoy's loads are items with tonnes, and each item weighs something."""
    for parameter_set, row in _moved_convoys(draft):
        items = draft.rows("items", parameter_set)
        known = all(item.can_read("id", "tonnes_per_unit") for item in items) and not draft.has_lost("items")
        if not items or not known or not row.can_read("loads"):
            continue
        weights = {item["id"]: item["tonnes_per_unit"] for item in items}
        for word, name, tonnes in read_loads(row["loads"] or ""):
            if tonnes is None or (name not in weights or weights[name] <= 0):
                facts = {"item": min(weights, default="item"), "hint": suggest(name, weights.keys() - {name})}
                draft.note("wrong_type.loads", row.where("loads"), text=show(word), **facts)


def check_convoys(draft: Draft) -> None:
    """A convoy goes with a fleet that carries goods, between places that roads join."""
    for parameter_set, row in _moved_convoys(draft):
        for fleet in draft.rows("fleets", parameter_set):
            if fleet["id"] == row["fleet"] and fleet["purpose"] == "people":
                draft.note("fleet_for_people", row.where("fleet"), name=show(row["fleet"]))
        if draft.has_lost("roads", "places") or not {row["from"], row["to"]} <= draft.by_id["places"].keys():
            continue
        roads = [road for road in draft.rows("roads", parameter_set) if road.can_read("from", "to")]
        if row["to"] not in _join(row["from"], roads):
            draft.note("unreachable_place.convoy", row.where("to"), begin=show(row["from"]), end=show(row["to"]))


def _moved_convoys(draft: Draft) -> Iterator[tuple[str, Row]]:
    """Yield (parameter set, row) of the convoys that the model may move: the end of the others is not known."""
    for parameter_set in draft.set_names:
        for row in draft.rows("convoys", parameter_set):
            if row["outcome"] != "unknown":
                yield parameter_set, row


def _join(begin: str, roads: list[Row]) -> set[str]:
    """Return the places that roads join to one, in whichever direction: a convoy may go against the lanes of others."""
    reached, more = {begin}, True
    while more:
        found = {row[end] for row in roads if reached & {row["from"], row["to"]} for end in ("from", "to")}
        more = bool(found - reached)
        reached |= found
    return reached
