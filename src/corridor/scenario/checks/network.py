"""Places and roads: every road joins two places, every place is reached, and there is a way out."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from corridor.scenario.areas import INSIDE, OUTSIDE, find_sides
from corridor.scenario.draft import Broken, Draft, Row, say_set, show
from corridor.scenario.transport import DRIVEN

if TYPE_CHECKING:
    from collections.abc import Iterable

Ways = dict[str, set[str]]


def find_roads_to_nowhere(draft: Draft) -> None:
    """A road whose end is no place, or that ends where it began."""
    if "places" in draft.unread:
        return
    places = draft.by_id["places"]
    for row in draft.tables.get("roads", []):
        for end in ("from", "to"):
            if not row.can_read(end) or row[end] in places:
                continue
            if not draft.may_be_lost("places", row[end]):
                hint = draft.suggest(row[end], places)
                draft.note("road_ends_nowhere", row.where(end), name=show(row[end]), hint=hint)
        if row.can_read("from", "to") and row["from"] == row["to"]:
            draft.note("road_ends_nowhere.loop", row.where("to"), name=show(row["to"]))


def find_unreachable_places(draft: Draft) -> None:
    """A place on no road, one without a way to a place outside, or one outside that nobody can come to."""
    if not _is_network_known(draft):
        return
    told: set[str] = set()
    for parameter_set in draft.set_names:
        rows = [row for row in draft.rows("places", parameter_set) if row.can_read("id")]
        onward, back = _ways(draft.rows("roads", parameter_set), draft.rows("services", parameter_set))
        joined = onward.keys() | back.keys()
        sides = find_sides(rows, draft.rows("areas", parameter_set))
        outside = {place for place, side in sides.items() if side != INSIDE}
        inside = {place for place, side in sides.items() if side != OUTSIDE}
        leads_out = reach(back, outside) if outside else set(sides)
        reached = reach(onward, inside) if inside else set(sides)
        for row in rows:
            place = row["id"]
            if place in told or (place in leads_out and place in reached and place in joined):
                continue
            told.add(place)
            kind = "unreachable_place"
            if place in joined:
                kind = "unreachable_place.in" if place in leads_out else "unreachable_place.out"
            draft.note(kind, row.where("id"), name=show(place), within=say_set(parameter_set))


def find_ways_out(draft: Draft) -> None:
    """There must be a place outside, and one of those a destination where people settle."""
    if (
        draft.talks_alone
        or draft.has_lost("places")
        or not all(row.can_read("attractiveness") for row in draft.tables.get("places", []))
    ):
        return
    for parameter_set in draft.set_names:
        places = draft.rows("places", parameter_set)
        sides = find_sides(places, draft.rows("areas", parameter_set))
        if "" in sides.values():  # told already; such a place may lie outside
            continue
        outside = [row for row in places if sides[row["id"]] == OUTSIDE]
        if not outside:
            draft.note("no_way_out", ("places.csv", 0, "area"), within=say_set(parameter_set))
        elif not any(row["attractiveness"] is not None and row["attractiveness"].high > 0 for row in outside):
            draft.note("no_destination", ("places.csv", 0, "attractiveness"), within=say_set(parameter_set))


def _is_network_known(draft: Draft) -> bool:
    """Tell whether all places and roads could be read, so that a gap is a gap and not an unread cell."""
    roads = draft.tables.get("roads", [])
    return not (
        draft.has_lost("places", "roads", "services")
        or not all(row.can_read("from", "to", "lanes_back", "kind") for row in roads)
        or any(fault.code == "road_ends_nowhere" for fault in draft.faults)
    )


def _ways(roads: Iterable[Row], services: Iterable[Row]) -> tuple[Ways, Ways]:
    """Return the places next on the way from each place, and those before it."""
    onward: Ways = defaultdict(set)
    back: Ways = defaultdict(set)
    for row in (row for row in roads if row["kind"] in DRIVEN):  # a service says itself where it goes
        directions = [(row["from"], row["to"])]
        if row["lanes_back"]:
            directions.append((row["to"], row["from"]))
        for start, end in directions:
            onward[start].add(end)
            back[end].add(start)
    for row in services:
        if row.can_read("from", "to"):
            onward[row["from"]].add(row["to"])
            back[row["to"]].add(row["from"])
    return onward, back


def reach(ways: Ways, begin: set[str]) -> set[str]:
    """Return the places that are reached from some, those among them."""
    seen, todo = set(begin), list(begin)
    while todo:
        for place in ways.get(todo.pop(), ()):
            if place not in seen:
                seen.add(place)
                todo.append(place)
    return seen


def check_place_codes(draft: Draft) -> None:
    """A place code is two letters and digits, as in the common operational data sets."""
    for row in draft.tables.get("places", []):
        code = row.values.get("pcode") or ""
        if isinstance(code, Broken) or code == "":
            continue
        if not (code.isascii() and code[:2].isalpha() and code[2:].isdigit()):
            draft.note("bad_pcode", row.where("pcode"), code=show(code))


def find_same_points(draft: Draft) -> None:
    """Two places at one point are a slip, though they do no harm."""
    seen: dict[tuple[float, float], str] = {}
    for row in draft.tables.get("places", []):
        if row.can_read("id", "latitude", "longitude"):
            other = seen.setdefault((row["latitude"], row["longitude"]), row["id"])
            if other != row["id"]:
                draft.note("same_point", row.where("latitude"), name=show(other))
