"""What the picture of an issue shows: a row for each party, with where it stands, stood, and what it accepts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor.deal.acceptance import find_accepted
from corridor.deal.forecast import forecast_issue
from corridor.deal.rounds_told import write_day
from corridor.deal.screens import screen_range

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor.deal.parties import Issue, Position
    from corridor.deal.rounds import Round


def picture_issue(issue: Issue, rounds: Sequence[Round] = ()) -> dict[str, Any]:
    """Return the picture of an issue as data, in points of its scale: parties by place, the range of all, the centre.

    `before` are a party's earlier positions with the day from which each held. `accepts` is None for a party whose
    consent is not needed, or of which it is not known.
    """
    forecast, screen = forecast_issue(issue), screen_range(issue.positions)
    known = len(screen.unscreened) < len(screen.vetoes)
    weight = sum(p.weight for p in issue.positions)
    return {
        "title": issue.title,
        "low_end": issue.low_end,
        "high_end": issue.high_end,
        "parties": [
            {**_picture_party(p), "share": p.weight / weight, "before": _list_before(p, rounds)}
            for p in sorted(issue.positions, key=lambda p: (p.position.middle, p.actor.id))
        ],
        "range": [screen.central.low, screen.central.high] if known and screen.central.width >= 0 else None,
        "known": known,
        "unscreened": [p.actor.name for p in issue.positions if p.actor.id in screen.unscreened],
        "centre": forecast.centre,
        "interval": list(forecast.interval(0.8)),
        "too_far_apart": forecast.too_far_apart,
    }


def _picture_party(party: Position) -> dict[str, Any]:
    asked = party.veto and party.no_deal is not None
    return {
        "name": party.actor.name,
        "veto": party.veto,
        "low": party.position.low,
        "middle": party.position.middle,
        "high": party.position.high,
        "accepts": list(find_accepted(party)) if asked else None,
    }


def _list_before(party: Position, rounds: Sequence[Round]) -> list[dict[str, Any]]:
    """Return where a party stood in earlier rounds, each place once."""
    stood = [(one.day, p) for one in rounds for p in one.issue.positions if p.actor.id == party.actor.id]
    places = {p.position.middle: write_day(day) for day, p in reversed(stood)}
    return [{"date": day, "place": x} for x, day in reversed(places.items()) if x != party.position.middle]
