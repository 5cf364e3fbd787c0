"""The picture of how positions on an issue moved: lines over time, what veto holders accept, and events beside."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from corridor.deal.rounds_told import say_day
from corridor.deal.screens import screen_range
from corridor.words.said import say
from corridor.words.writing import write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor.deal.rounds import Course, Round
    from corridor.words.language import Language

FIRST, LAST = 12.0, 90.0  # where of 100 across the first and the last dated moment stand; what held at first is before
GAP = 9.0  # points of the scale from one name to the next
MOST_EVENTS = 8  # the last ones


def picture_moves(course: Course, issue: str, language: Language) -> dict[str, Any]:
    """Return the lines of actors, the ranges that all veto holders accept, the rounds and the events of an issue.

    `x` runs from 0 to 100 across, in proportion to time from the first dated moment to the last; before it stands what
    held from the first. Days are in words of the language. Positions and ranges are points of the scale;
    `label` is where an actor's name has room.
    """
    rounds = course.rounds[issue]
    beside = course.beside[-MOST_EVENTS:]
    moments = sorted({one.day for one in rounds if one.day != datetime.min} | {moment for moment, _ in beside})
    places = [_place(one.day, moments) for one in rounds]
    ends = [*places[1:], 100.0]
    return {
        "rounds": [{"x": x, "day": _write_day(one.day, language)} for x, one in zip(places, rounds, strict=True)],
        "ranges": [
            {"from": start, "to": end, "low": zone.low, "high": zone.high}
            for start, end, one in zip(places, ends, rounds, strict=True)
            if (zone := screen_range(one.issue.positions).central).width >= 0 and _is_known(one)
        ],
        "lines": _draw_lines(rounds, places, ends),
        "events": [
            {"x": _place(moment, moments), "number": number, "day": _write_day(moment, language), "words": words}
            for number, (moment, words) in enumerate(beside, 1)
        ],
    }


def _write_day(day: datetime, language: Language) -> str:
    return write(say("deal.moves.day", day=say_day(day)), language)


def _place(day: datetime, moments: Sequence[datetime]) -> float:
    if day == datetime.min:
        return 0.0
    span = (moments[-1] - moments[0]).total_seconds()
    return FIRST + (LAST - FIRST) * ((day - moments[0]).total_seconds() / span if span else 0.5)


def _is_known(one: Round) -> bool:
    screen = screen_range(one.issue.positions)
    return len(screen.unscreened) < len(screen.vetoes)


def _draw_lines(rounds: Sequence[Round], places: Sequence[float], ends: Sequence[float]) -> list[dict[str, Any]]:
    """Return for each actor its stretches (from, to, position), the last position first in the list."""
    stretches: dict[str, list[dict[str, float]]] = {}
    now = {}
    for start, end, one in zip(places, ends, rounds, strict=True):
        for party in one.issue.positions:
            now[party.actor.id] = party
            own = stretches.setdefault(party.actor.id, [])
            if own and own[-1]["to"] == start and own[-1]["position"] == party.position.middle:
                own[-1]["to"] = end
            else:
                own.append({"from": start, "to": end, "position": party.position.middle})
    order = sorted(now, key=lambda actor: (-stretches[actor][-1]["position"], actor))
    labels = _spread([stretches[actor][-1]["position"] for actor in order])
    return [
        {"actor": a, "name": now[a].actor.name, "needed": now[a].veto, "stretches": stretches[a], "label": label}
        for a, label in zip(order, labels, strict=True)
    ]


def _spread(positions: Sequence[float]) -> list[float]:
    """Return where names stand beside positions that fall, each at least GAP below the one before, none below 0."""
    found: list[float] = []
    for position in positions:
        found.append(min(position, found[-1] - GAP) if found else position)
    lowest = 0.0
    for at in range(len(found) - 1, -1, -1):
        found[at] = max(found[at], lowest)
        lowest = found[at] + GAP
    return found
