"""What people travel by: words that name a transport, and services that somebody uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

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


def _check_wishes(draft: Draft, row: Row, known: dict[str, Transport]) -> None:
    words = row["transport"].split()
    for word in words:
        if word not in (OWN, FLEET, *known):
            _note_unknown(draft, row, word, [OWN, FLEET, *known])
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
        _note_unknown(draft, row, name, list(known))
    return known.get(name)


def _note_unknown(draft: Draft, row: Row, name: str, words: list[str]) -> None:
    if not draft.may_be_lost("transport", name):
        hint = draft.suggest(name, words)
        draft.note("unknown_transport", row.where("transport"), name=show(name), known=", ".join(words), hint=hint)
