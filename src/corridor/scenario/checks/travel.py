"""What people travel by: words that name a transport, services and fleets that run, and a way out by each."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from corridor.scenario.areas import INSIDE, OUTSIDE, find_sides
from corridor.scenario.checks.network import reach
from corridor.scenario.checks.references import check_reference
from corridor.scenario.draft import Broken, Draft, Row, say_set, show
from corridor.scenario.transport import DRIVEN, FLEET, FOOT, OWN, SERVICE, list_transports, split_wishes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from corridor.scenario.transport import Transport

KINDS_OF_WAY = (*DRIVEN, "rail", "water", "air")

Known = dict[str, "Transport"]


def check_transports(draft: Draft) -> None:
    """Groups, fleets and services name transports that exist and are provided so; ways of a transport exist."""
    if "transport" in draft.unread:
        return
    known_in = _list_known(draft)
    for row in draft.tables.get("transport", []):
        for word in row["ways"].split() if row.can_read("ways") else ():
            if word not in KINDS_OF_WAY:
                facts = {"known": ", ".join(KINDS_OF_WAY), "hint": draft.suggest(word, KINDS_OF_WAY)}
                draft.note("unknown_transport.way", row.where("ways"), name=show(word), **facts)
        if row.can_read("id", "room") and row["id"] == FOOT and row["room"] != 0:
            draft.note("unknown_transport.foot", row.where("room"), room=row["room"])
    for row in draft.tables.get("groups", []):
        if row.can_read("transport"):
            _check_wishes(draft, row, _share_known(row, known_in))
    for row in draft.tables.get("fleets", []):
        transport = _find(draft, row, known_in)
        carries_people = row.can_read("purpose") and row["purpose"] != "goods"
        if transport is not None and carries_people and (transport.provided == SERVICE or transport.is_beside):
            both = row["purpose"] == "both" and transport.id != FOOT
            kind = "unknown_transport.both" if both else "unknown_transport.fleet"
            draft.note(kind, row.where("transport"), name=show(transport.id))
    for row in draft.tables.get("services", []):
        transport = _find(draft, row, known_in)
        if transport is not None and transport.provided != SERVICE:
            draft.note("unknown_transport.service", row.where("transport"), name=show(transport.id))
        if row.can_read("from", "to") and row["from"] == row["to"]:
            draft.note("road_ends_nowhere.loop", row.where("to"), name=show(row["to"]))


def check_windows(draft: Draft) -> None:
    """A window opens one thing, a road or a checkpoint, for groups and transports that exist, before it closes."""
    known_in = _list_known(draft)
    for row in draft.tables.get("windows", []):
        known = _share_known(row, known_in)
        if row.can_read("road", "checkpoint") and bool(row["road"]) == bool(row["checkpoint"]):
            draft.note("bad_window", row.where("road"))
        if row.can_read("first_hour", "last_hour") and row["first_hour"] >= row["last_hour"]:
            draft.note("bad_window.hours", row.where("last_hour"), first=row["first_hour"], last=row["last_hour"])
        if row.can_read("from", "until") and row["from"] and row["until"] and row["from"] >= row["until"]:
            draft.note("bad_window.days", row.where("until"), until=row["until"].isoformat(timespec="minutes"))
        if row.can_read("transports"):
            for word in row["transports"].split():
                if word not in known:
                    _note_unknown(draft, row, word, list(known), "transports")
        if row.can_read("groups"):
            for word in row["groups"].split():
                check_reference(draft, row, "groups", word, "groups")


def _list_known(draft: Draft) -> dict[str, Known]:
    """Return the transports of each parameter set, by id; of rows that could be read."""
    return {
        name: list_transports(row for row in draft.rows("transport", name) if row.can_read(*row.values))
        for name in draft.set_names
    }


def _share_known(row: Row, known_in: Mapping[str, Known]) -> Known:
    """Return the transports that are known in every set in which a row applies."""
    mine = [known for name, known in known_in.items() if row.applies(name)] or list(known_in.values())
    return {name: transport for name, transport in mine[0].items() if all(name in known for known in mine)}


def _check_wishes(draft: Draft, row: Row, known: Known) -> None:
    words = row["transport"].split()
    for word in words:
        if word not in (OWN, FLEET, *known):
            _note_unknown(draft, row, word, [OWN, FLEET, *known], "transport")
    for word in dict.fromkeys(word for word in words if words.count(word) > 1):
        draft.note("unknown_transport.twice", row.where("transport"), name=show(word))
    if draft.has_lost("services"):
        return
    running = {service["transport"] for service in draft.tables.get("services", []) if service.can_read("transport")}
    for word in words:
        if word in known and known[word].provided == SERVICE and word not in running:
            draft.note("no_service", row.where("transport"), name=show(word))


def _find(draft: Draft, row: Row, known_in: Mapping[str, Known]) -> Transport | None:
    """Return the transport that a row names; a fault when there is none of that name."""
    name, known = row["transport"], _share_known(row, known_in)
    if isinstance(name, Broken):
        return None
    if name not in known:
        _note_unknown(draft, row, name, list(known), "transport")
    return known.get(name)


def _note_unknown(draft: Draft, row: Row, name: str, words: list[str], column: str) -> None:
    rows = draft.by_id.get("transport", {}).get(name, [])
    if draft.may_be_lost("transport", name) or any(not other.can_read(*other.values) for other in rows):
        return  # the cell that could not be read was told
    hint = draft.suggest(name, words)
    draft.note("unknown_transport", row.where(column), name=show(name), known=", ".join(words), hint=hint)


def find_who_cannot_leave(draft: Draft) -> None:
    """People of a group that has something to travel by, but no way out by it from where they are."""
    if draft.has_errors:
        return
    told: set[tuple[str, int]] = set()
    for parameter_set, known in _list_known(draft).items():
        groups = {row["id"]: row for row in draft.rows("groups", parameter_set)}
        leading_out: dict[str, set[str] | None] = {}
        for row in draft.rows("people", parameter_set):
            name = row["group"]
            if name in groups and name not in leading_out:
                leading_out[name] = _find_places_that_lead_out(draft, parameter_set, groups[name], known)
            places = leading_out.get(name)
            if places is None or row["place"] in places or row["people"].high <= 0 or (row.file, row.line) in told:
                continue
            told.add((row.file, row.line))
            facts = {"place": show(row["place"]), "within": say_set(parameter_set), "group": show(name)}
            draft.note("no_way_to_leave", row.where("group"), words=groups[name]["transport"], **facts)


def find_who_cannot_come_back(draft: Draft) -> None:
    """A rate at which people go back, but no road with a lane from outside to inside."""
    if draft.has_errors:
        return
    told: set[tuple[str, int]] = set()
    for parameter_set in draft.set_names:
        sides = find_sides(draft.rows("places", parameter_set), draft.rows("areas", parameter_set))
        if any(_leads_back(row, sides) for row in draft.rows("roads", parameter_set)):
            continue
        rows = [(row, "return_rate") for row in draft.rows("groups", parameter_set) if row["return_rate"].high > 0]
        events = draft.rows("events", parameter_set)
        rows += [(row, "kind") for row in events if row["kind"] == "return_rate" and row["value"].high > 0]
        for row, column in rows:
            if (row.file, row.line) not in told:
                told.add((row.file, row.line))
                draft.note("no_way_home", row.where(column), within=say_set(parameter_set))


def _leads_back(road: Row, sides: Mapping[str, str]) -> bool:
    """Tell whether vehicles may drive on a road from outside to inside."""
    begins, ends = (sides[road[end]] == OUTSIDE for end in ("from", "to"))
    return road["kind"] in DRIVEN and begins != ends and (begins or road["lanes_back"] > 0)


def _find_places_that_lead_out(draft: Draft, parameter_set: str, group: Row, known: Known) -> set[str] | None:
    """Return the places from which a group has a way out by something it travels by; None if it has nothing.

    What is shut may open: traffic rules and departures of services are not looked at.
    """
    words = split_wishes(group["transport"])
    sides = find_sides(draft.rows("places", parameter_set), draft.rows("areas", parameter_set))
    outside = {place for place, side in sides.items() if side != INSIDE}
    services = [row for row in draft.rows("services", parameter_set) if row["transport"] in words]
    fleets = [row for row in draft.rows("fleets", parameter_set) if group["id"] in row["groups"].split()]
    boarded = {row["transport"] for row in fleets if {FLEET, row["transport"]} & set(words)}
    boarded |= {word for word in words if word != FLEET and known[word].provided == OWN}
    if not boarded and not services:
        return None
    roads = draft.rows("roads", parameter_set)
    before = _list_before(roads, known[FOOT]) if FOOT in boarded else defaultdict(set)
    for row in services:
        before[row["to"]].add(row["from"])
    found = reach(before, outside)
    ports = {row["from"] for row in services} & found
    return found.union(*(reach(_list_before(roads, known[name]), outside | ports) for name in boarded))


def _list_before(roads: Iterable[Row], transport: Transport) -> dict[str, set[str]]:
    """Return for each place those from which a transport comes there by a road of its kinds."""
    before: dict[str, set[str]] = defaultdict(set)
    for row in roads:
        if row["kind"] in set(transport.ways) & set(DRIVEN) and (row["walked"] or not transport.is_beside):
            before[row["to"]].add(row["from"])
            if row["lanes_back"] or transport.is_beside:
                before[row["from"]].add(row["to"])
    return before
