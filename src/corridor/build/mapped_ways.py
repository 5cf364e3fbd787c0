"""What the tags of a way say of a road or ferry: speed, lanes, direction, surface, and whether it may be used."""

from __future__ import annotations

from typing import Any

from corridor.build.mapped import Way
from corridor.build.road_classes import UNPAVED, find_speed, load_road_classes
from corridor.build.texts import clean_name, read_lanes, read_limit


def tell_why_left_out(ferry: bool, tags: Any) -> str:
    """Return why nobody may use a way, blank where they may."""
    if tags.get("access") in ("no", "private") or (ferry and tags.get("motor_vehicle") == "no"):
        return "closed to the public"
    return ""


def describe_way(kind: str, tags: Any) -> Way:
    """Return a road or ferry of a class from its tags."""
    unpaved, one_way = tags.get("surface") in UNPAVED, tags.get("oneway") in ("yes", "1", "true", "-1")
    slow, fast = find_speed(kind, read_limit(tags.get("maxspeed")), unpaved)
    lanes = read_lanes(tags.get("lanes"))
    each_way = load_road_classes()[kind].lanes if lanes is None else lanes if one_way else max(1, lanes // 2)
    name = clean_name(tags.get("ref") or tags.get("name") or "")
    bridge = tags.get("bridge") not in (None, "no")
    return Way(kind, name, slow, fast, min(each_way, 8), one_way, unpaved, bridge, read_minutes(tags.get("duration")))


def read_minutes(text: str | None) -> float | None:
    """Return minutes from a text such as 00:30, 1:05:00 or 45, or None where it says no time."""
    parts = (text or "").split(":")
    if not all(part.isdigit() for part in parts) or len(parts) > 3:
        return None
    numbers = [int(part) for part in parts]
    if len(numbers) == 1:
        return float(numbers[0]) or None
    return numbers[0] * 60.0 + numbers[1] or None
