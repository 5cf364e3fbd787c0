"""Items, their order, and convoys: what the simulation cannot move or make is told before it begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor.scenario.draft import say_set, show, suggest
from corridor.scenario.values import read_loads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corridor.scenario.draft import Draft, Row


def find_circles_of_items(draft: Draft) -> None:
    """Items that depend on each other in a circle can never be made; each circle is told once."""
    told: set[frozenset[str]] = set()
    for parameter_set in draft.set_names:
        rows = {row["id"]: row for row in draft.rows("items", parameter_set) if row.can_read("id", "depends_on")}
        for name in sorted(rows):
            way = [name]
            while (after := rows[way[-1]]["depends_on"]) in rows and after not in way:
                way.append(after)
            if after == name and frozenset(way) not in told:
                told.add(frozenset(way))
                draft.note("circular_dependence", rows[name].where("depends_on"), items=", ".join(sorted(way)))


def check_loads(draft: Draft) -> None:
    """A convoy's loads are items with tonnes, and each item weighs something."""
    told: set[tuple[str, int, str]] = set()
    for parameter_set, row in _moved_convoys(draft):
        rows = draft.rows("items", parameter_set)
        if not rows or draft.has_lost("items") or not row.can_read("loads"):
            continue
        weights = {item["id"]: item["tonnes_per_unit"] for item in rows if item.can_read("tonnes_per_unit")}
        for word, item, tonnes in read_loads(row["loads"] or ""):
            known = tonnes is not None and weights.get(item, 0) > 0
            if not known and (row.file, row.line, word) not in told:
                told.add((row.file, row.line, word))
                hint = suggest(item, weights.keys() - {item})
                facts = {"text": show(word), "item": min(weights, default="item"), "hint": hint}
                draft.note("wrong_type.loads", row.where("loads"), **facts)


def check_convoys(draft: Draft) -> None:
    """A convoy goes with a fleet that carries goods, between places that roads join."""
    told: set[tuple[str, str, int]] = set()

    def note(kind: str, row: Row, column: str, **facts: object) -> None:
        key = (kind, row.file, row.line)
        if key not in told:
            told.add(key)
            draft.note(kind, row.where(column), **facts)

    for parameter_set, row in _moved_convoys(draft):
        for fleet in draft.rows("fleets", parameter_set):
            if fleet["id"] == row["fleet"] and fleet["purpose"] == "people":
                note("fleet_for_people", row, "fleet", name=show(row["fleet"]))
        if draft.has_lost("roads", "places") or not row.can_read("from", "to"):
            continue
        roads = [r for r in draft.rows("roads", parameter_set) if r.can_read("from", "to")]
        places = draft.by_id["places"]
        if {row["from"], row["to"]} <= places.keys() and row["to"] not in _join(row["from"], roads):
            facts = {"begin": show(row["from"]), "end": show(row["to"]), "within": say_set(parameter_set)}
            note("unreachable_place.convoy", row, "to", **facts)


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
