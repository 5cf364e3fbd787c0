"""Who may pass, who wishes to go where, what opens for how long: rules that agree and have an effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor.scenario.areas import INSIDE, find_sides
from corridor.scenario.cells import highest
from corridor.scenario.draft import Broken, Draft, Row, show
from corridor.scenario.schema import load_fields

if TYPE_CHECKING:
    from collections.abc import Iterator

ONE_NUMBER = ("share", "papers_hours")  # of a group, whatever the checkpoint


def check_passage(draft: Draft) -> None:
    """What all rules of a group say, they say alike."""
    told: set[int] = set()
    for parameter_set in draft.set_names:
        first: dict[str, Row] = {}
        for row in draft.rows("passage", parameter_set):
            if id(row) in told or not row.can_read("group", *ONE_NUMBER):
                continue
            other = first.setdefault(row["group"], row)
            for column in (c for c in ONE_NUMBER if row[c] != other[c]):
                told.add(id(row))
                found = "blank" if row[column] is None else row[column].write()
                there = "blank" if other[column] is None else other[column].write()
                draft.note("bad_passage", row.where(column), found=found, there=there, line=other.line, column=column)


def check_changes(draft: Draft) -> None:
    """A checkpoint that may change or open unforeseen says with how many lanes."""
    for row in draft.tables.get("checkpoints", []):
        if not row.can_read("change_rate", "opening_rate", "change_lanes") or row["change_lanes"] is not None:
            continue
        stated = [name for name in ("change_rate", "opening_rate") if row[name] is not None]
        rates = [name for name in stated if highest(row[name]) > 0]
        if rates:
            draft.note("change_without_lanes", row.where("change_lanes"), rate=" and ".join(rates))


def check_wishes(draft: Draft) -> None:
    """A wish is for a place that people head for: with a desk, or without desks where they settle, or a refuge."""
    if draft.has_lost("places", "desks", "wishes"):
        return
    headed: dict[str, set[str]] = {}
    for parameter_set in draft.set_names:
        places = [row for row in draft.rows("places", parameter_set) if row.can_read("id", "area", "attractiveness")]
        desks = {row["place"] for row in draft.rows("desks", parameter_set) if row.can_read("place")}
        goals = {row["id"] for row in places if row["attractiveness"] is not None}
        sides = find_sides(places, draft.rows("areas", parameter_set))
        refuges = {name for name, side in sides.items() if side == INSIDE} & goals
        headed[parameter_set] = desks | refuges if desks else goals
    known = {row["id"] for row in draft.tables.get("places", []) if row.can_read("id")}
    for row in draft.tables.get("wishes", []):
        if not row.can_read("place") or row["place"] not in known:
            continue
        if not any(row["place"] in headed[name] for name in draft.set_names if row.applies(name)):
            draft.note("idle_wish", row.where("place"), name=show(row["place"]))


def find_idle_refuges(draft: Draft) -> None:
    """A place inside where people may stop on their way can be reached from another."""
    if draft.has_lost("places", "roads", "services"):
        return
    places = [row for row in draft.tables.get("places", []) if row.can_read("id", "area")]
    sides = find_sides(places, draft.tables.get("areas", []))
    reached = {end for start, end in _list_ways(draft) if sides.get(start) == INSIDE and start != end}
    for row in draft.tables.get("places", []):
        refuge = row.can_read("id", "area", "attractiveness") and row["attractiveness"] is not None
        if refuge and sides[row["id"]] == INSIDE and row["id"] not in reached:
            draft.note("idle_refuge", row.where("attractiveness"), name=show(row["id"]))


def _list_ways(draft: Draft) -> Iterator[tuple[str, str]]:
    """Yield the two ends of every direction of a road and of every service."""
    for table in ("roads", "services"):
        for row in (row for row in draft.tables.get(table, []) if row.can_read("from", "to")):
            yield row["from"], row["to"]
            if table == "roads" and row.can_read("lanes_back") and row["lanes_back"]:
                yield row["to"], row["from"]


def check_fine_steps(draft: Draft) -> None:
    """Steps are not longer than what happens within hours: a window, the time after which people look again."""
    minutes = draft.setting("step_minutes")
    if minutes is None:
        return
    for row in draft.tables.get("windows", []):
        first, last = row["first_hour"], row["last_hour"]
        if isinstance(first, float) and isinstance(last, float) and 0 < (last - first) * 60 < minutes:
            draft.note("coarse_step", row.where("last_hour"), found=60 * (last - first), step=minutes)
    for parameter_set in draft.set_names:
        given = {row["name"]: row for row in draft.rows("parameters", parameter_set) if row.can_read("name", "value")}
        share, looking = given.get("informed_share"), given.get("informed_minutes")
        if share is None or isinstance(share["value"], Broken) or share["value"].high <= 0:
            continue
        often = float(load_fields()["parameter"]["informed_minutes"].default)
        often = looking["value"].middle if looking is not None else often
        if often < minutes:
            where = (share if looking is None else looking).where("value")
            draft.note("coarse_step.sight", where, found=often, step=minutes)
            return
