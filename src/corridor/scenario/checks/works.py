"""What is made and used beside people: flows, plants, facilities, and fuel for leaving that comes from a stock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor.scenario.areas import OUTSIDE, find_sides
from corridor.scenario.draft import show
from corridor.scenario.values import read_loads, read_uses

if TYPE_CHECKING:
    from corridor.scenario.draft import Draft

MOST_NAMED = 10  # items of a circle


def check_flows(draft: Draft) -> None:
    """A flow is in no stock, no depot and on no truck, and nobody fills a tank with it."""
    for parameter_set in draft.set_names:
        items = draft.rows("items", parameter_set)
        flows = {row["id"] for row in items if row.can_read("id", "kept") and not row["kept"]}
        for row in items:
            for column in ("is_fuel", "for_leaving") if row["id"] in flows else ():
                if row[column] is True:
                    draft.note("flow_in_store.fuel", row.where(column), item=show(row["id"]), column=column)
        for row in draft.rows("stocks", parameter_set):
            if row.can_read("item", "quantity") and row["item"] in flows and row["quantity"] is not None:
                facts = {"text": row["quantity"].write(), "item": show(row["item"])}
                draft.note("flow_in_store", row.where("quantity"), **facts)
        for row in draft.rows("depots", parameter_set):
            if row.can_read("item") and row["item"] in flows:
                draft.note("flow_in_store.depot", row.where("item"), item=show(row["item"]))
        for row in draft.rows("convoys", parameter_set):
            for word, name, _ in read_loads(row["loads"] or "") if row.can_read("loads") else ():
                if name in flows:
                    draft.note("flow_in_store.convoy", row.where("loads"), text=show(word), item=show(name))


def check_fuel_for_leaving(draft: Draft) -> None:
    """One item at most is the fuel of those who leave, and then fuel.csv says nothing beside it."""
    for parameter_set in draft.set_names:
        rows = [row for row in draft.rows("items", parameter_set) if row.can_read("id", "for_leaving")]
        fuels = [row for row in rows if row["for_leaving"]]
        for row in fuels[1:]:
            draft.note("fuel_of_two.item", row.where("for_leaving"), item=show(row["id"]), other=show(fuels[0]["id"]))
        for row in draft.rows("fuel", parameter_set) if fuels else ():
            if row.can_read("place"):
                draft.note("fuel_of_two", row.where("place"), place=show(row["place"]), item=show(fuels[0]["id"]))


def check_plants(draft: Draft) -> None:
    """A plant uses items that exist, and not what it makes."""
    for parameter_set in draft.set_names:
        items = {row["id"] for row in draft.rows("items", parameter_set) if row.can_read("id")}
        if draft.has_lost("items") or not items:
            continue
        for row in draft.rows("plants", parameter_set):
            seen: set[str] = set()
            for word, name, amount in read_loads(row["uses"]) if row.can_read("uses") else ():
                if amount is None or amount <= 0.0 or name not in items or name in seen:
                    hint = draft.suggest(name, items - {name})
                    draft.note("wrong_type.uses", row.where("uses"), text=show(word), item=min(items), hint=hint)
                elif row.can_read("makes") and name == row["makes"]:
                    draft.note("makes_what_it_uses", row.where("uses"), text=show(word), item=show(name))
                seen.add(name)


def check_where_works_stand(draft: Draft) -> None:
    """Plants, the places that they serve, and facilities are inside."""
    if draft.has_lost("places", "areas"):
        return
    for parameter_set in draft.set_names:
        sides = find_sides(draft.rows("places", parameter_set), draft.rows("areas", parameter_set))
        for table, columns in (("plants", ("place", "serves")), ("facilities", ("place",))):
            for row in draft.rows(table, parameter_set):
                for column in columns if row.can_read(*columns) else ():
                    names = row[column] if isinstance(row[column], tuple) else (row[column],)
                    for name in names:
                        if sides.get(name) == OUTSIDE:
                            draft.note("works_outside", row.where(column), place=show(name), table=table)


def find_circles_of_plants(draft: Draft) -> None:
    """Items that are made from each other in a circle can never be made first; each set is told of one plant."""
    for parameter_set in draft.set_names:
        plants = [row for row in draft.rows("plants", parameter_set) if row.can_read("id", "makes", "uses")]
        before: dict[str, set[str]] = {}  # by item, those that must be there before it
        for row in plants:
            before.setdefault(row["makes"], set()).update(read_uses(row["uses"]).keys() - {row["makes"]})
        for row in draft.rows("items", parameter_set) if plants else ():
            if row.can_read("id", "depends_on") and row["depends_on"]:
                before.setdefault(row["id"], set()).add(row["depends_on"])
        for row in sorted(plants, key=lambda row: str(row["id"])):
            inputs = sorted(read_uses(row["uses"]).keys() - {row["makes"]})
            ways = (_find_way(before, name, row["makes"]) for name in inputs)
            circle = next((way for way in ways if way), [])
            if circle:
                shown = ", ".join(sorted(circle)[:MOST_NAMED])
                draft.note("circular_making", row.where("uses"), items=shown)
                break


def _find_way(before: dict[str, set[str]], start: str, goal: str) -> list[str]:
    """Return the items on the way from one back to another that must be there before it; none if there is no way."""
    came: dict[str, str] = {start: ""}
    todo = [start]
    while todo and goal not in came:
        name = todo.pop()
        for other in sorted(before.get(name, ())):
            if other not in came:
                came[other] = name
                todo.append(other)
    way = [goal] if goal in came else []
    while way and came[way[-1]]:
        way.append(came[way[-1]])
    return way
