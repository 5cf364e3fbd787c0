"""Moves of single actors that end where every veto holder still prefers a settlement to none.

An actor with share s of the weight that moves by D moves the centre by s * D, so the moves that end inside the range
are an interval. No actor is asked to go beyond what it accepts itself at its central values.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridor.deal.acceptance import NEAR, find_accepted
from corridor.deal.landing import find_mean
from corridor.deal.screens import Zone, screen_range

if TYPE_CHECKING:
    from corridor.deal.parties import Issue, Position


@dataclass(frozen=True)
class Move:
    """A move of one actor's position by so many points, and where the centre then lies, in the range of all vetoes.

    `stopped_by` are the actors whose acceptance ends the move before the actor has come to the centre: veto holders, or
    the actor itself.
    """

    actor: str
    name: str
    position: float
    moves: float
    change: float
    centre_after: float
    stopped_by: tuple[str, ...]


def find_centre(issue: Issue) -> float:
    """Return the forecast's centre: the weighted mean of the positions."""
    return find_mean([p.position.middle for p in issue.parties], [p.weight for p in issue.parties])


def find_share(issue: Issue, party: Position) -> float:
    """Return an actor's share of the weight (0 to 1)."""
    return party.weight / math.fsum(other.weight for other in issue.parties)


def come_to_centre(issue: Issue, party: Position) -> Move | None:
    """Return how far an actor can come towards the centre with the centre ending inside the range, the most of it.

    None where no part of that way ends inside, or where it stands at the centre already.
    """
    centre, zone = find_centre(issue), screen_range(issue.positions).central
    share, way = find_share(issue, party), centre - party.position.middle
    if abs(way) <= NEAR or zone.width < 0:
        return None
    low, high = find_accepted(party)
    least, most = _meet(  # of the way, both from 0 to 1
        (0.0, 1.0),
        _cross(zone.low - centre, zone.high - centre, share * way),
        _cross(low - party.position.middle, high - party.position.middle, way),
    )
    if most < least or most * abs(way) <= NEAR:
        return None
    after = centre + share * most * way
    stopped = () if most == 1 else _find_who_stops(zone, (low, high), after, party, party.position.middle + most * way)
    return _move(party, most * way, share * most * way, after, stopped)


def bring_inside(issue: Issue) -> list[Move]:
    """Return for each actor the least move of its own that brings a centre that some refuse into the range of all.

    Empty where the centre lies inside already or nothing is acceptable to all. Actors whom it would take beyond the
    scale or beyond what they accept are left out; the least move comes first.
    """
    centre, zone = find_centre(issue), screen_range(issue.positions).central
    if zone.width < 0 or zone.low - NEAR <= centre <= zone.high + NEAR:
        return []
    end = zone.low if centre < zone.low else zone.high
    moves = []
    for party in issue.parties:
        share, (low, high) = find_share(issue, party), find_accepted(party)
        moved = (end - centre) / share
        if low - NEAR <= party.position.middle + moved <= high + NEAR:
            moves.append(_move(party, moved, end - centre, end, ()))
    return sorted(moves, key=lambda move: (abs(move.moves), move.actor))


def bring_inside_together(issue: Issue) -> list[Move]:
    """Return the moves of as few actors as can bring the centre into the range of all, where nobody can do so alone.

    Each goes as far as it accepts, those first who move the centre most by it, the last one as far as is still needed.
    Empty where not even all of them can.
    """
    centre, zone = find_centre(issue), screen_range(issue.positions).central
    if zone.width < 0 or zone.low - NEAR <= centre <= zone.high + NEAR:
        return []
    towards, end = (1, zone.low) if centre < zone.low else (-1, zone.high)
    reach = {p.actor.id: find_share(issue, p) * _find_way(p, towards) for p in issue.parties}
    moves: list[Move] = []
    for party in sorted(issue.parties, key=lambda p: (-reach[p.actor.id], p.actor.id)):
        change = towards * min(reach[party.actor.id], abs(end - centre))
        if change == 0:
            return []
        centre += change
        moves.append(_move(party, change / find_share(issue, party), change, centre, ()))
        if abs(end - centre) <= NEAR:
            return moves
    return []


def _find_way(party: Position, towards: int) -> float:
    """Return how far an actor goes towards an end of the scale before it no longer accepts where it stands."""
    low, high = find_accepted(party)
    return high - party.position.middle if towards > 0 else party.position.middle - low


def _move(party: Position, moves: float, change: float, after: float, stopped: tuple[str, ...]) -> Move:
    return Move(party.actor.id, party.actor.name, party.position.middle, moves, change, after, stopped)


def _cross(low: float, high: float, step: float) -> tuple[float, float]:
    """Return the interval of t in which t * step lies from low to high, for a step that is not 0."""
    return (low / step, high / step) if step > 0 else (high / step, low / step)


def _meet(*spans: tuple[float, float]) -> tuple[float, float]:
    return max(low for low, _ in spans), min(high for _, high in spans)


def _find_who_stops(
    zone: Zone, own: tuple[float, float], after: float, party: Position, place: float
) -> tuple[str, ...]:
    stops = zone.binds_low if abs(after - zone.low) <= NEAR else ()
    stops += zone.binds_high if abs(after - zone.high) <= NEAR else ()
    itself = (party.actor.id,) if min(abs(place - own[0]), abs(place - own[1])) <= NEAR else ()
    return tuple(dict.fromkeys((*stops, *itself)))
