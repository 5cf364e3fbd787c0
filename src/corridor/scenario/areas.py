"""Areas: on which side of the line each place lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor.scenario.schema import BUILT_IN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corridor.scenario.draft import Row

INSIDE, OUTSIDE = BUILT_IN["areas"]


def find_sides(places: Iterable[Row], areas: Iterable[Row]) -> dict[str, str]:
    """Return by id the side of each place, INSIDE or OUTSIDE; empty where its area is not known.

    Both are rows of one parameter set. Nothing else decides what is inside: an area may have any name.
    """
    sides = {side: side for side in (INSIDE, OUTSIDE)}
    sides |= {row["id"]: row["side"] for row in areas if row.can_read("id", "side")}
    return {row["id"]: sides.get(row["area"], "") for row in places if row.can_read("id")}
