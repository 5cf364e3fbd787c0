"""The rounds and proposals of a negotiation as data and in sentences."""

from __future__ import annotations

import itertools
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from corridor.deal.acceptance import find_refusals
from corridor.deal.forecast import forecast_issue
from corridor.deal.rounds import contradicts_acceptance, contradicts_refusal, find_decisive, list_changes
from corridor.deal.screens import screen_range
from corridor.scenario.values import end_of_day
from corridor.words.said import Digits, Field, Moment, Said, join, say
from corridor.words.writing import write

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from corridor.deal.parties import Issue
    from corridor.deal.rounds import Course, Point, Round
    from corridor.words.language import Language

MOST_BESIDE = 5  # events told between two rounds


def describe_rounds(course: Course, issue: str, language: Language) -> dict[str, Any] | None:
    """Return how an issue moved from round to round, in numbers and sentences; None where it has one round only."""
    rounds = course.rounds.get(issue, ())
    if len(rounds) < 2:
        return None
    pairs = itertools.pairwise(rounds)
    told = [list(say_first(rounds[0])), *(list(say_round(course, *pair)) for pair in pairs)]
    described = [_describe_round(one) for one in rounds]
    return {
        "meaning": "how positions moved; what opened or closed a range is what it would not have done without",
        "rounds": [
            {**one, "says": [write(sentence, language) for sentence in said]}
            for one, said in zip(described, told, strict=True)
        ],
    }


def _describe_round(one: Round) -> dict[str, Any]:
    forecast, screen = forecast_issue(one.issue), screen_range(one.issue.positions)
    return {
        "date": write_day(one.day),
        "changed": list(one.changed),
        "centre": forecast.centre,
        "too_far_apart": forecast.too_far_apart,
        "range": screen.verdict,
        "low": screen.central.low,
        "high": screen.central.high,
        "positions": {p.actor.id: p.position.middle for p in one.issue.positions},
    }


def write_day(day: datetime) -> str | None:
    """Return a day, or a moment within it, as it is written in a table; None for what holds from the first."""
    if day == datetime.min:
        return None
    return f"{day:%Y-%m-%d}" if day == end_of_day(day) else day.isoformat(timespec="minutes")


def say_day(day: datetime) -> Field:
    """Return a day in words; the first round where it has none."""
    if day == datetime.min:
        return say("deal.rounds.at_first")
    whole = day == end_of_day(day)
    return Moment(datetime.combine(day, time()) if whole else day, year=True, bare=whole)


def say_first(first: Round) -> Iterator[Said]:
    """Yield what the range was in the first round."""
    yield from _say_range("deal.rounds.first", first)


def _say_range(name: str, one: Round, **more: Field) -> Iterator[Said]:
    screen = screen_range(one.issue.positions)
    if len(screen.unscreened) == len(screen.vetoes):  # nobody's consent is needed, or nothing is known of it
        return
    zone, fields = screen.central, {"day": say_day(one.day), **more}
    if zone.width >= 0:
        yield Said(f"{name}.open", {**fields, "low": Digits(zone.low), "high": Digits(zone.high)})
    else:
        ends = {"below": _name(one.issue, zone.binds_low), "above": _name(one.issue, zone.binds_high)}
        yield Said(f"{name}.shut", {**fields, **ends, "points": Digits(-zone.width)})
    if screen.unscreened:
        yield say("deal.rounds.unscreened", actors=_name(one.issue, screen.unscreened))


def _name(issue: Issue, actors: Iterable[str]) -> Field:
    names = {p.actor.id: p.actor.name for p in issue.positions}
    found = [names.get(actor, actor) for actor in actors]
    return join(*found) if found else say("deal.end_of_scale")


def say_round(course: Course, before: Round, after: Round) -> Iterator[Said]:
    """Yield who moved, what that did to the range and through whom, and what had happened between."""
    names = {p.actor.id: p.actor.name for p in after.issue.positions}
    changes = [_say_change(names, *change) for change in list_changes(before, after)]
    if changes:
        yield say("deal.rounds.moves", day=say_day(after.day), moves=join(*changes, between="; "))
    if before.is_open != after.is_open:
        decisive = find_decisive(before, after)
        whom = _name(after.issue, decisive or after.changed)
        yield from _say_range("deal.rounds.opened" if after.is_open else "deal.rounds.closed", after)
        yield say("deal.rounds.decisive" if decisive else "deal.rounds.any_of", actors=whom)
    elif _ends(before) != _ends(after):
        yield from _say_range("deal.rounds.still", after)
    if happened := course.list_beside(before.day, after.day)[-MOST_BESIDE:]:
        yield say("deal.rounds.beside", events=join(*happened, between="; "))


def _ends(one: Round) -> tuple[float, float]:
    zone = screen_range(one.issue.positions).central
    return zone.low, zone.high


def _say_change(names: Mapping[str, str], actor: str, column: str, was: float | None, now: float | None) -> Said:
    fields: dict[str, Field] = {"actor": names[actor]}
    if was is None or now is None:
        return Said(f"deal.rounds.{column}.new", {**fields, "now": _digits(now)})
    return Said(f"deal.rounds.{column}", {**fields, "was": Digits(was), "now": Digits(now)})


def _digits(value: float | None) -> Field:
    return say("deal.rounds.nothing") if value is None else Digits(value)


def describe_proposals(course: Course, issues: Sequence[Issue], language: Language) -> list[dict[str, Any]]:
    """Return the ledger of proposals on these issues: when, from whom, in whose words, who accepted or refused what."""
    now = {issue.id: issue for issue in issues}
    found: dict[str, list[Point]] = {}
    for point in course.points:
        if point.issue.id in now:
            found.setdefault(point.proposal, []).append(point)
    return [
        {
            "proposal": name,
            "date": write_day(points[0].day),
            "from": list(points[0].by),
            "says": [write(_say_proposal(course, points), language)],
            "points": [_describe_point(course, point, now[point.issue.id], language) for point in points],
        }
        for name, points in found.items()
    ]


def _say_proposal(course: Course, points: Sequence[Point]) -> Said:
    names = course.names or {}
    by = join(*(names.get(actor, actor) for actor in points[0].by))
    return say("deal.proposal.made", day=say_day(points[0].day), actors=by)


def _describe_point(course: Course, point: Point, now: Issue, language: Language) -> dict[str, Any]:
    refusals = find_refusals(now.positions, point.value.middle)
    return {
        "issue": point.issue.id,
        "title": point.issue.title,
        "value": point.value.middle,
        "text": point.text,
        "accepted_by": list(point.accepted),
        "refused_by": list(point.refused),
        "outside_today_for": [refusal.actor for refusal in refusals],
        "heard": [write(sentence, language) for sentence in _say_heard(course, point)],
        "says": [
            write(sentence, language) for sentence in (*_say_heard(course, point), *_say_point(course, point, now))
        ],
    }


def _say_heard(course: Course, point: Point) -> Iterator[Said]:
    """Yield who accepted a point and who refused it."""
    names = course.names or {}
    for word, actors in (("accepted", point.accepted), ("refused", point.refused)):
        if actors:
            yield say(f"deal.proposal.{word}", actors=join(*(names.get(actor, actor) for actor in actors)))


def _say_point(course: Course, point: Point, now: Issue) -> Iterator[Said]:
    """Yield where what was said and the numbers do not go together, and whether the point is acceptable now."""
    names = course.names or {}
    held = {p.actor.id: p for p in point.issue.positions}
    for actor in point.accepted:
        if actor in held and contradicts_acceptance(point, held[actor]):
            yield say("deal.proposal.accepted_outside", actor=names.get(actor, actor))
    for actor in point.refused:
        if actor in held and contradicts_refusal(point, held[actor]):
            yield say("deal.proposal.refused_inside", actor=names.get(actor, actor))
    screen, refusals = screen_range(now.positions), find_refusals(now.positions, point.value.middle)
    if refusals:
        yield say("deal.proposal.outside_now", actors=join(*(refusal.name for refusal in refusals)))
    elif len(screen.unscreened) < len(screen.vetoes):
        yield say("deal.proposal.inside_now")
