"""Places and roads: every road joins two places, every place is reached, and there is a way out."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from corridor.scenario.draft import Broken, Draft, Row, show, suggest

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
                fix = f"add the place or correct the name{suggest(row[end], places)}"
                draft.add(row.where(end), "road_ends_nowhere", show(row[end]), "an id in places.csv", fix)
        if row.can_read("from", "to") and row["from"] == row["to"]:
            found = f"from and to are both {show(row['to'])}"
            draft.add(row.where("to"), "road_ends_nowhere", found, "two different places", "correct one end")


def find_unreachable_places(draft: Draft) -> None:
    """A place on no road, one without a way to a place outside, or one outside that nobody can come to."""
    if not _is_network_known(draft):
        return
    told: set[str] = set()
    for parameter_set in draft.set_names:
        rows = [row for row in draft.rows("places", parameter_set) if row.can_read("id")]
        onward, back = _ways(draft.rows("roads", parameter_set))
        areas = {row["id"]: row["area"] for row in rows}
        outside = {place for place, area in areas.items() if area != "inside"}
        inside = {place for place, area in areas.items() if area != "outside"}
        leads_out = _reach(back, outside) if outside else set(areas)
        reached = _reach(onward, inside) if inside else set(areas)
        for row in rows:
            place = row["id"]
            if place in told or (place in leads_out and place in reached and place in onward.keys() | back):
                continue
            told.add(place)
            found = f"{show(place)} is on no road"
            if place in onward.keys() | back:
                found = f"no road leads from {show(place)} to a place outside"
                if place in leads_out:
                    found = f"no road leads from a place inside to {show(place)}"
            allowed = "every place on a way out" + (f' in the set "{parameter_set}"' if parameter_set else "")
            fix = "add the missing road in roads.csv, give a road lanes_back, or remove the place"
            draft.add(row.where("id"), "unreachable_place", found, allowed, fix)


def find_ways_out(draft: Draft) -> None:
    """There must be a place outside, and one of those a destination where people settle."""
    places = draft.tables.get("places", [])
    if draft.has_lost("places") or not all(row.can_read("area", "attractiveness") for row in places):
        return
    for parameter_set in draft.set_names:
        outside = [row for row in draft.rows("places", parameter_set) if row["area"] == "outside"]
        where = f' in the set "{parameter_set}"' if parameter_set else ""
        if not outside:
            found, allowed = f"no place outside{where}", "at least one place outside"
            fix = "add the place where people arrive"
            draft.add(("places.csv", 0, "area"), "no_way_out", found, allowed, fix)
        elif not any(row["attractiveness"] is not None and row["attractiveness"].high > 0 for row in outside):
            found = f"no place outside has an attractiveness above 0{where}"
            fix = "give the places where people settle an attractiveness, for example 1"
            draft.add(("places.csv", 0, "attractiveness"), "no_destination", found, "at least one", fix)


def _is_network_known(draft: Draft) -> bool:
    """Tell whether all places and roads could be read, so that a gap is a gap and not an unread cell."""
    roads = draft.tables.get("roads", [])
    return not (
        draft.has_lost("places", "roads")
        or not all(row.can_read("from", "to", "lanes_back") for row in roads)
        or any(fault.code == "road_ends_nowhere" for fault in draft.faults)
    )


def _ways(roads: Iterable[Row]) -> tuple[Ways, Ways]:
    """Return the places next on the way from each place, and those before it."""
    onward: Ways = defaultdict(set)
    back: Ways = defaultdict(set)
    for row in roads:
        directions = [(row["from"], row["to"])]
        if row["lanes_back"]:
            directions.append((row["to"], row["from"]))
        for start, end in directions:
            onward[start].add(end)
            back[end].add(start)
    return onward, back


def _reach(ways: Ways, begin: set[str]) -> set[str]:
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
            allowed = "two letters and digits, as in AM0801"
            draft.add(row.where("pcode"), "bad_pcode", show(code), allowed, "correct or remove it")


def find_same_points(draft: Draft) -> None:
    """Two places at one point are a slip, though they do no harm."""
    seen: dict[tuple[float, float], str] = {}
    for row in draft.tables.get("places", []):
        if row.can_read("id", "latitude", "longitude"):
            other = seen.setdefault((row["latitude"], row["longitude"]), row["id"])
            if other != row["id"]:
                found = f"the same point as {show(other)}"
                fix = "check the coordinates"
                draft.add(row.where("latitude"), "same_point", found, "different points", fix)
