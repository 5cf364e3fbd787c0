"""What the tags of a way say of a road or ferry: speed, lanes, direction, surface, and whether it may be used."""

from __future__ import annotations

from typing import Any

from corridor.build.mapped import Ferry, Way
from corridor.build.road_classes import FERRY, UNPAVED, find_speed, load_road_classes
from corridor.build.texts import clean_name, read_lanes, read_limit


def tell_why_left_out(ferry: bool, tags: Any) -> str:
    """Return why nobody may use a way, blank where they may."""
    if tags.get("abandoned") == "yes" or tags.get("disused") == "yes" or tags.get("bridge") in BROKEN:
        return GONE
    if tags.get("highway") in NOT_YET:
        return "under construction or planned"
    if tags.get("highway") in NO_LONGER:
        return GONE
    said = find_said(tags) or tags.get("access")
    if said not in SHUT:
        return ""
    on_foot = ferry and (tags.get("foot") or tags.get("access")) not in SHUT
    return "" if on_foot else "closed to the public"


NOT_YET, NO_LONGER, BROKEN = ("construction", "proposed", "planned"), ("abandoned", "disused", "razed"), ("collapsed",)
GONE = "abandoned, disused or broken down"
SHUT = ("no", "private", "military")


def find_class(tags: Any) -> str:
    """Return the class of a road, of one that is not there yet or no longer the class it has or had."""
    tagged = str(tags.get("highway") or "")
    return str(tags.get(tagged) or "") if tagged in (*NOT_YET, *NO_LONGER) else tagged


def find_said(tags: Any) -> str:
    """Return what is mapped of motor cars, the closest tag first, blank where nothing is."""
    return next((str(tags[key]) for key in ("motorcar", "motor_vehicle", "vehicle") if key in tags), "")


def describe_ferry(tags: Any) -> Ferry:
    """Return a ferry. One of which nothing is said takes vehicles, unless it is tagged for those on foot or bicycles.

    That is how programs that find ways by car read it; the case says that it is assumed.
    """
    said = find_said(tags)
    vehicles = said not in SHUT if said else "foot" not in tags and "bicycle" not in tags
    minutes, interval = read_minutes(tags.get("duration")), read_minutes(tags.get("interval"))
    return Ferry(minutes, interval, vehicles, bool(said), (tags.get("foot") or tags.get("access")) not in SHUT)


ROUND = (
    "roundabout",
    "circular",
    "mini_roundabout",
)  # of one-way roads that are gone round in any direction in the end
BACKWARDS = ("-1", "reverse")


def find_direction(tags: Any) -> int:
    """Return 1 where a road may be driven along its points only, -1 only against them, 0 both ways.

    A motorway is one-way where nothing is said (the wiki's "Key:oneway"). A roundabout counts as open both ways.
    """
    said = tags.get("oneway:motor_vehicle") or tags.get("oneway") or ""
    if tags.get("route") == "ferry" or tags.get("junction") in ROUND:
        return 0
    if said in BACKWARDS:
        return -1
    return int(said in ("yes", "1", "true") or (not said and tags.get("highway") == "motorway"))


def describe_way(tags: Any) -> Way:
    """Return a road or ferry from its tags."""
    tagged = FERRY if tags.get("route") == "ferry" else tags["highway"]
    kind = tagged.removesuffix("_link")
    unpaved, one_way = tags.get("surface") in UNPAVED, find_direction(tags) != 0
    slow, fast = find_speed(kind, read_limit(tags.get("maxspeed")), unpaved)
    lanes = read_lanes(tags.get("lanes"))
    if lanes is None:
        each_way = load_road_classes()[kind].lanes
    else:
        each_way = lanes if one_way or tags.get("junction") in ROUND else max(1, lanes // 2)
    name = clean_name(tags.get("ref") or tags.get("name") or "")
    bridge = tags.get("bridge") not in (None, "no")
    ferry = describe_ferry(tags) if kind == FERRY else None
    return Way(kind, name, slow, fast, min(each_way, 8), one_way, unpaved, bridge, link=kind != tagged, ferry=ferry)


def read_minutes(text: str | None) -> float | None:
    """Return minutes from a text such as 00:30, 1:05:00 or 45, or None where it says no time."""
    parts = (text or "").split(":")
    if not all(part.isdigit() for part in parts) or len(parts) > 3:
        return None
    numbers = [int(part) for part in parts]
    if len(numbers) == 1:
        return float(numbers[0]) or None
    return numbers[0] * 60.0 + numbers[1] or None
