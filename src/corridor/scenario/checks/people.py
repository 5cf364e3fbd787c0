"""Somebody is there, inside, and those without a vehicle have somebody to carry them."""

from __future__ import annotations

from corridor.scenario.checks.references import check_reference
from corridor.scenario.draft import Broken, Draft, show


def check_people(draft: Draft) -> None:
    """People at the start are inside, and there is somebody at all."""
    if {"people", "places"} & draft.unread:
        return
    places = [row for row in draft.tables["places"] if row.can_read("id", "area")]
    outside = {row["id"] for row in places if row["area"] == "outside"}
    for row in draft.tables["people"]:
        if row.can_read("place") and row["place"] in outside:
            fix = "people at the start are those cut off; put them inside"
            draft.add(row.where("place"), "people_outside", show(row["place"]), "a place inside", fix)
    if draft.has_lost("people") or not all(row.can_read("people") for row in draft.tables["people"]):
        return
    for parameter_set in draft.set_names:
        if not any(row["people"].high > 0 for row in draft.rows("people", parameter_set)):
            found = "no people at all" + (f' in the set "{parameter_set}"' if parameter_set else "")
            fix = "fill in how many people are where"
            draft.add(("people.csv", 0, "people"), "not_positive", found, "at least one person", fix)


def check_fleets(draft: Draft) -> None:
    """Fleets name groups that exist; groups that need a fleet should have one."""
    served: set[str] = set()
    unsure = draft.has_lost("fleets", "groups")
    for row in draft.tables.get("fleets", []):
        groups = row["groups"]
        if isinstance(groups, Broken):
            unsure = True
            continue
        served |= set(groups.split())
        for name in groups.split():
            check_reference(draft, row, "groups", name, "groups")
    if unsure or not served <= draft.by_id["groups"].keys():  # a misspelt name may mean the group
        return
    for row in draft.tables["groups"]:
        if row.can_read("id", "transport") and row["transport"] == "fleet" and row["id"] not in served:
            fix = "add one to fleets.csv, or these people never leave"
            found = f"no fleet carries {show(row['id'])}"
            draft.add(row.where("transport"), "no_fleet", found, "a fleet that names the group", fix)
