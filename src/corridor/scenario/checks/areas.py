"""Areas: none takes the name of one that is always there, and each has a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor.scenario.draft import say_set, show
from corridor.scenario.schema import BUILT_IN

if TYPE_CHECKING:
    from corridor.scenario.draft import Draft


def find_built_in_ids(draft: Draft) -> None:
    """Find rows with an id that is there without them: which of the two would be meant."""
    for table, names in BUILT_IN.items():
        for name in names:
            for row in draft.by_id.get(table, {}).get(name, ()):
                draft.note("built_in_id", row.where("id"), name=show(name), built_in=" and ".join(names))


def find_empty_areas(draft: Draft) -> None:
    """An area in which no place lies is a slip, though it does no harm."""
    if draft.has_lost("places", "areas") or not all(row.can_read("area") for row in draft.tables.get("places", [])):
        return
    told: set[str] = set()
    for parameter_set in draft.set_names:
        used = {row["area"] for row in draft.rows("places", parameter_set)}
        for row in draft.rows("areas", parameter_set):
            if row["id"] not in used | told | set(BUILT_IN["areas"]):
                told.add(row["id"])
                draft.note("empty_area", row.where("id"), name=show(row["id"]), within=say_set(parameter_set))
