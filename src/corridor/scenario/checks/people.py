"""Somebody is there, inside, and those without a vehicle have somebody to carry them."""

from __future__ import annotations

from corridor.scenario.areas import OUTSIDE, find_sides
from corridor.scenario.cells import highest
from corridor.scenario.checks.references import check_reference
from corridor.scenario.draft import Broken, Draft, say_set, show
from corridor.scenario.transport import FLEET, list_transports
from corridor.scenario.values import Quantity

SEX_AND_AGE = ("women", "men", "girls", "boys")
MOST_PEOPLE = 1_000_000_000  # cells of queues and records of a run count in 32 bits


def check_people(draft: Draft) -> None:
    """People at the start are inside, and there is somebody at all."""
    if {"people", "places"} & draft.unread or draft.talks_alone:
        return
    told: set[tuple[str, int]] = set()
    for parameter_set in draft.set_names:
        sides = find_sides(draft.rows("places", parameter_set), draft.rows("areas", parameter_set))
        for row in draft.rows("people", parameter_set):
            if row.can_read("place") and sides.get(row["place"]) == OUTSIDE and (row.file, row.line) not in told:
                told.add((row.file, row.line))
                draft.note("people_outside", row.where("place"), name=show(row["place"]))
    if draft.has_lost("people") or not all(row.can_read("people") for row in draft.tables["people"]):
        return
    for parameter_set in draft.set_names:
        if not any(row["people"].high > 0 for row in draft.rows("people", parameter_set)):
            draft.note("not_positive.people", ("people.csv", 0, "people"), within=say_set(parameter_set))


def find_who_has_no_other_desk(draft: Draft) -> None:
    """People who are where the only desk is: they would head for nowhere else, and nobody heads for where he is."""
    if draft.has_errors:
        return
    told: set[tuple[str, int]] = set()
    for parameter_set in draft.set_names:
        goals = {row["place"] for row in draft.rows("desks", parameter_set)}
        if goals:
            sides = find_sides(draft.rows("places", parameter_set), draft.rows("areas", parameter_set))
            goals |= {
                row["id"]
                for row in draft.rows("places", parameter_set)
                if sides.get(row["id"]) != OUTSIDE and row["attractiveness"] is not None
            }
        for row in draft.rows("people", parameter_set):
            if goals == {row["place"]} and (row.file, row.line) not in told:
                told.add((row.file, row.line))
                facts = {"place": show(row["place"]), "within": say_set(parameter_set)}
                draft.note("desk_at_home", row.where("place"), **facts)


def check_sex_and_age(draft: Draft) -> None:
    """Shares of women, men, girls and boys of a group make the whole, or none is stated."""
    for row in draft.tables.get("groups", []):
        if row.can_read(*SEX_AND_AGE) and any(row[kind] is not None for kind in SEX_AND_AGE):
            total = sum(row[kind] or 0.0 for kind in SEX_AND_AGE)
            if abs(total - 1.0) > 0.01:
                draft.note("parts_of_a_group", row.where("women"), sum=total)


def count_most_people(draft: Draft) -> None:
    """More people than a run can count, taking the high ends of all ranges."""
    if draft.has_lost("people", "parameters"):
        return
    for parameter_set in draft.set_names:
        numbers = [row["people"] for row in draft.rows("people", parameter_set) if row.can_read("people")]
        scales = [row["value"] for row in draft.rows("parameters", parameter_set) if row["name"] == "people_scale"]
        scale = highest(scales[0]) if scales and isinstance(scales[0], Quantity) else 1.0
        most = sum(map(highest, numbers)) * scale
        if most > MOST_PEOPLE:
            facts = {"people": most, "most": MOST_PEOPLE, "within": say_set(parameter_set)}
            draft.note("too_many_people", ("people.csv", 0, "people"), **facts)


def check_fleets(draft: Draft) -> None:
    """Fleets name groups that exist; groups that would travel by a fleet should have one."""
    served: dict[str, set[str]] = {}  # by group, the transports of its fleets
    unsure = draft.has_lost("fleets", "groups")
    for row in draft.tables.get("fleets", []):
        groups = row["groups"]
        if isinstance(groups, Broken):
            unsure = True
            continue
        for name in groups.split():
            served.setdefault(name, {FLEET}).add(str(row["transport"]))
            check_reference(draft, row, "groups", name, "groups")
    unsure |= draft.has_lost("transport")
    if unsure or not served.keys() <= draft.by_id["groups"].keys():  # a misspelt name may mean the group
        return
    known = list_transports(row for row in draft.tables.get("transport", []) if row.can_read(*row.values))
    provided = {name for name, transport in known.items() if transport.provided == FLEET} | {FLEET}
    for row in (row for row in draft.tables["groups"] if row.can_read("id", "transport")):
        words = row["transport"].split()
        for word in words:
            if word in provided and word not in served.get(row["id"], ()):
                kind = "no_fleet" if words == [FLEET] else "no_fleet.word"
                draft.note(kind, row.where("transport"), name=show(row["id"]), word=word)
