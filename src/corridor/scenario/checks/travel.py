"""What people travel by: words that name a transport, and services that somebody uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor.scenario.checks.references import check_reference
from corridor.scenario.draft import Broken, Draft, Row, show
from corridor.scenario.transport import FLEET, FOOT, OWN, SERVICE, list_transports

if TYPE_CHECKING:
    from corridor.scenario.transport import Transport

KINDS_OF_WAY = ("road", "track", "path", "rail", "water", "air")


def check_transports(draft: Draft) -> None:
    """Groups, fleets and services name transports that exist and are provided so; ways of a transport exist."""
    if "transport" in draft.unread:
        return
    readable = [row for row in draft.tables.get("transport", []) if row.can_read(*row.values)]
    known = list_transports(readable)
    for row in draft.tables.get("transport", []):
        if row.can_read("ways"):
            for word in row["ways"].split():
                if word not in KINDS_OF_WAY:
                    facts = {
                        "name": show(word),
                        "known": ", ".join(KINDS_OF_WAY),
                        "hint": draft.suggest(word, KINDS_OF_WAY),
                    }
                    draft.note("unknown_transport.way", row.where("ways"), **facts)
        if row.can_read("id", "room") and row["id"] == FOOT and row["room"] != 0:
            draft.note("unknown_transport.foot", row.where("room"), room=row["room"])
    for row in draft.tables.get("groups", []):
        if row.can_read("transport"):
            _check_wishes(draft, row, known)
    for row in draft.tables.get("fleets", []):
        transport = _find(draft, row, known)
        if transport is not None and (transport.provided == SERVICE or transport.id == FOOT):
            draft.note("unknown_transport.fleet", row.where("transport"), name=show(transport.id))
    for row in draft.tables.get("services", []):
        transport = _find(draft, row, known)
        if transport is not None and transport.provided != SERVICE:
            draft.note("unknown_transport.service", row.where("transport"), name=show(transport.id))
        if row.can_read("from", "to") and row["from"] == row["to"]:
            draft.note("road_ends_nowhere.loop", row.where("to"), name=show(row["to"]))


def check_windows(draft: Draft) -> None:
    """A window opens one thing, a road or a checkpoint, for groups and transports that exist, before it closes."""
    known = list_transports([row for row in draft.tables.get("transport", []) if row.can_read(*row.values)])
    for row in draft.tables.get("windows", []):
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


def _check_wishes(draft: Draft, row: Row, known: dict[str, Transport]) -> None:
    words = row["transport"].split()
    for word in words:
        if word not in (OWN, FLEET, *known):
            _note_unknown(draft, row, word, [OWN, FLEET, *known], "transport")
    for word in dict.fromkeys(word for word in words if words.count(word) > 1):
        draft.note("unknown_transport.twice", row.where("transport"), name=show(word))
    running = {service["transport"] for service in draft.tables.get("services", []) if service.can_read("transport")}
    if draft.has_lost("services"):
        return
    for word in words:
        if word in known and known[word].provided == SERVICE and word not in running:
            draft.note("no_service", row.where("transport"), name=show(word))


def _find(draft: Draft, row: Row, known: dict[str, Transport]) -> Transport | None:
    """Return the transport that a row names; a fault when there is none of that name."""
    name = row["transport"]
    if isinstance(name, Broken):
        return None
    if name not in known:
        _note_unknown(draft, row, name, list(known), "transport")
    return known.get(name)


def _note_unknown(draft: Draft, row: Row, name: str, words: list[str], column: str) -> None:
    if not draft.may_be_lost("transport", name):
        hint = draft.suggest(name, words)
        draft.note("unknown_transport", row.where(column), name=show(name), known=", ".join(words), hint=hint)
