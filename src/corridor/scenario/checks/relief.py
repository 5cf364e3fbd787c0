"""Items, their order, and convoys: what the simulation cannot move or make is told before it begins."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from corridor.scenario.draft import show
from corridor.scenario.transport import CAR, list_transports
from corridor.scenario.values import read_loads

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridor.scenario.draft import Draft, Row
    from corridor.scenario.transport import Transport


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
        fleets = {row["id"]: row for row in draft.rows("fleets", parameter_set)}
        services = {row["id"]: row for row in draft.rows("services", parameter_set)}
        buses = {name for name, row in fleets.items() if row["purpose"] == "people"}
        known = {} if draft.has_lost("roads", "places") else draft.by_id["places"]
        parts_of = _Parts(draft, parameter_set)
        roads = {road["id"]: road for road in parts_of.roads}
        for row in _moved_convoys(draft, parameter_set):
            if not _goes_by_fleet(draft, row):
                _check_service(draft, row, services.get(row["service"]))
                continue
            begin, end = row["from"], row["to"]
            part = parts_of.find(fleets.get(row["fleet"]))
            if row["fleet"] in buses:
                draft.note("fleet_for_people", row.where("fleet"), name=show(row["fleet"]))
            if begin in known and end in known and part.get(begin, begin) != part.get(end, end):
                draft.note("unreachable_place.convoy", row.where("to"), begin=show(begin), end=show(end))
            elif known and row.can_read("roads", "from", "to"):
                _check_way(draft, row, roads, parts_of.transport_of(fleets.get(row["fleet"])))


def _check_way(draft: Draft, row: Row, roads: Mapping[str, Row], transport: Transport | None) -> None:
    """The roads of a convoy join its ends, one after the other, and its fleet may use them."""
    here, ends = row["from"], {"begin": show(row["from"]), "end": show(row["to"])}
    for name in row["roads"] or ():
        road = roads.get(name)
        if road is None:
            return  # told as a reference to nothing
        if here not in (road["from"], road["to"]):
            draft.note("broken_way", row.where("roads"), road=show(name), place=show(here), **ends)
            return
        if transport and road.can_read("kind", "walked") and not transport.may_use(road["kind"], road["walked"]):
            draft.note("broken_way.kind", row.where("roads"), road=show(name), fleet=show(row["fleet"]))
            return
        here = road["to"] if here == road["from"] else road["from"]
    if row["roads"] and here != row["to"]:
        draft.note("broken_way.ends", row.where("roads"), place=show(here), **ends)


def _goes_by_fleet(draft: Draft, row: Row) -> bool:
    """Tell whether a convoy is to be looked at as one of a fleet; a fault where it says neither or both."""
    if not row.can_read("fleet", "service"):
        return not row.can_read("service") or not row["service"]
    fleet, service = row["fleet"], row["service"]
    if not fleet and not service:
        draft.note("convoy_by_what", row.where("fleet"))
    if fleet and service:
        draft.note("convoy_by_what.both", row.where("service"), fleet=show(fleet), service=show(service))
    return bool(fleet)


def _check_service(draft: Draft, row: Row, service: Row | None) -> None:
    """A consignment goes from one end of its service to the other, in a direction in which it takes goods."""
    columns = ("from", "to", "tonnes", "tonnes_back")
    if row.can_read("roads") and row["roads"]:
        draft.note("broken_way.service", row.where("roads"), service=show(row["service"]))
    if service is None or not row.can_read("from", "to", "service") or not service.can_read(*columns):
        return
    facts = {"service": show(row["service"]), "begin": show(row["from"]), "end": show(row["to"])}
    ends, back = (row["from"], row["to"]), row["from"] != service["from"]
    if ends != ((service["to"], service["from"]) if back else (service["from"], service["to"])):
        draft.note("convoy_by_what.ends", row.where("service"), **facts)
        return
    column = "tonnes_back" if back else "tonnes"
    if service[column] is None or service[column].high <= 0:
        draft.note("convoy_by_what.tonnes", row.where("service"), column=column, **facts)


class _Parts:
    """Which places the ways of a transport join, for each transport looked up once."""

    def __init__(self, draft: Draft, parameter_set: str) -> None:
        self.roads = [road for road in draft.rows("roads", parameter_set) if road.can_read("from", "to")]
        rows = draft.rows("transport", parameter_set)
        self.transports = list_transports(row for row in rows if row.can_read(*row.values))
        self.found: dict[str, dict[str, str]] = {}

    def transport_of(self, fleet: Row | None) -> Transport | None:
        """Return the transport of a fleet, None where it cannot be read."""
        return self.transports.get(_name_transport(fleet))

    def find(self, fleet: Row | None) -> dict[str, str]:
        """Return the part that each place belongs to for a fleet; what cannot be read keeps nothing apart."""
        name = _name_transport(fleet)
        if name not in self.found:
            transport = self.transports.get(name)
            self.found[name] = _find_parts(
                [
                    road
                    for road in self.roads
                    if transport is None
                    or not road.can_read("kind", "walked")
                    or transport.may_use(road["kind"], road["walked"])
                ]
            )
        return self.found[name]


def _name_transport(fleet: Row | None) -> str:
    return CAR if fleet is None or not fleet.can_read("transport") else str(fleet["transport"])


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
