"""What the answer says in sentences: the centre against the vetoes, what is decided, what a guarantee must do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor.deal.acceptance import find_further, find_refusals, judge_point
from corridor.deal.drawn import is_certain
from corridor.deal.forecast import LARGEST_SHARE_TESTED, find_largest_share, forecast_issue
from corridor.deal.guarantees import Assumption, GuaranteeTable, name_sides
from corridor.deal.leverage import rank_levers
from corridor.deal.moves import bring_inside, bring_inside_together
from corridor.deal.screens import needed_guarantee, screen_range
from corridor.words.said import Digits, Field, Said, Several, Share, join, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridor.deal.acceptance import Refusal
    from corridor.deal.decide import Dependence, Statement
    from corridor.deal.parties import Issue, PowerShift

LEAST_SHARE = 0.005  # of the draws; less would be written as none
HELD_BY_LESS = ("power_after", "patience")  # the settlement holds itself up at values below the turning point


def say_centre(issue: Issue) -> list[Said]:
    """Return the sentences that join centre and range: what of it whose consent is needed would refuse."""
    centre, equal = forecast_issue(issue).centre, forecast_issue(issue, equal=True).centre
    verdict = judge_point(issue.positions, centre)
    if verdict == "no veto":
        return []
    names = {p.actor.id: p.actor.name for p in issue.positions}
    screen = screen_range(issue.positions)
    said = [say_refusal(refusal) for refusal in find_refusals(issue.positions, centre)]
    if not said and len(screen.unscreened) < len(screen.vetoes):
        said = [say("deal.centre.accepted")]
    if unscreened := screen.unscreened:
        said.append(say("deal.centre.unknown", actors=join(*(names[actor] for actor in unscreened))))
    refused = find_refusals(issue.positions, equal)
    if refused:
        said.append(say("deal.centre.equal.refused", actors=join(*(refusal.name for refusal in refused))))
    elif verdict == "refused":
        said.append(say("deal.centre.equal.accepted"))
    return said


def say_refusal(refusal: Refusal) -> Said:
    """Return that the centre lies outside what an actor accepts, and what that is."""
    if refusal.asks_for_more:
        return say("deal.centre.refused_below", actor=refusal.name, end=Digits(refusal.low))
    return say("deal.centre.refused_above", actor=refusal.name, end=Digits(refusal.high))


def say_needs(issue: Issue) -> list[Said | Several]:
    """Return who must be moved, by how much, for a range to open or the centre to lie in it; nothing where it does."""
    zone, centre = screen_range(issue.positions).central, forecast_issue(issue).centre
    names = {p.actor.id: p.actor.name for p in issue.positions}
    if zone.width < 0:
        below, above = (join(*(names[actor] for actor in ends)) for ends in (zone.binds_low, zone.binds_high))
        gap = say("deal.needs.gap", title=issue.title, below=below, above=above, points=Digits(-zone.width))
        sides = zip((below, above), find_further(issue), strict=True)
        also = [say("deal.needs.also", giving=one, actors=join(*names_of)) for one, names_of in sides if names_of]
        return [join(gap, *also, between=" ")]
    if zone.low <= centre <= zone.high:
        return []
    ways = [
        say("deal.needs.way", actor=m.name, place=Digits(m.position), to=Digits(m.position + m.moves, 1))
        for m in bring_inside(issue)
    ]
    end = zone.low if centre < zone.low else zone.high
    fields: dict[str, Field] = {"title": issue.title, "points": Digits(end - centre, 1), "end": Digits(end)}
    found = join(*ways, between="; ") if ways else _say_together(issue)
    return [Said("deal.needs.move", {**fields, "ways": found})]


def _say_together(issue: Issue) -> Said:
    """Return the fewest who can bring the centre into what all accept where nobody can do so alone."""
    moves = [
        say("deal.needs.step", actor=m.name, place=Digits(m.position), to=Digits(m.position + m.moves, 1))
        for m in bring_inside_together(issue)
    ]
    return say("deal.needs.together", moves=join(*moves)) if moves else say("deal.needs.no_way")


def say_statement(statement: Statement, issues: Mapping[str, Issue]) -> Said:
    """Return a statement as a sentence."""
    about = [issues[issue] for issue in statement.issues]
    names = {p.actor.id: p.actor.name for issue in about for p in issue.positions}
    fields: dict[str, Field] = {"title": about[0].title, "low_end": about[0].low_end, "high_end": about[0].high_end}
    fields |= {f"actor_{k}": names[actor] for k, actor in enumerate(statement.actors, 1)}
    fields |= {f"number_{k}": Digits(number) for k, number in enumerate(statement.numbers, 1)}
    if len(about) > 1:
        fields["other"] = about[1].title
    return Said(f"deal.decided.{statement.name}", fields)


def say_dependence(statement: Statement, issues: Mapping[str, Issue]) -> list[Said]:
    """Return in how many of the draws a statement holds, and what that depends on most."""
    said = [_say_share(statement)]
    rests = statement.rests_on
    if rests is None:
        return [*said, say("deal.decided.by_none")]
    shares: dict[str, Field] = {"low": Share(rests.low), "high": Share(rests.high)}
    if rests.column == "weighting":
        return [*said, say("deal.decided.by_weighting", **shares)]
    return [*said, say("deal.decided.by", what=name_number(rests, issues[rests.issue]), **shares)]


def _say_share(statement: Statement) -> Said:
    """Return in which share of the draws a statement holds, never as all or none of them where some differ."""
    if statement.share > 1 - LEAST_SHARE:
        return say("deal.decided.nearly_all")
    if statement.share < LEAST_SHARE:
        return say("deal.decided.hardly_any")
    return say("deal.decided.share", share=Share(statement.share))


def name_number(rests: Dependence, issue: Issue) -> Said:
    """Return what a number is: the position of somebody, or one of the commitment screen."""
    names = {p.actor.id: p.actor.name for p in issue.positions}
    fields: dict[str, Field] = {"actor": names[rests.actor]} if rests.actor else {}
    return Said(f"deal.number.{rests.column}", fields)


def say_what_cannot_be_said(issues: Sequence[Issue]) -> list[Said]:
    """Return what the answer cannot say of these issues, with what stands in the way."""
    forecasts = {issue.id: forecast_issue(issue) for issue in issues}
    far = [issue.title for issue in issues if forecasts[issue.id].too_far_apart]
    near = [issue for issue in issues if not forecasts[issue.id].too_far_apart]
    untested = [issue.title for issue in issues if find_largest_share(issue) > LARGEST_SHARE_TESTED]
    small = [i for i in issues if max(lever.leverage for lever in rank_levers(i)) < forecasts[i.id].usual_error]
    said = []
    if far:
        said.append(say("deal.cannot.far", titles=join(*far, between="; ")))
    if near:
        said.append(say("deal.cannot.closer", places=join(*(_say_place(i) for i in near), between="; ")))
    if untested:
        said.append(
            say("deal.cannot.untested", tested=Share(LARGEST_SHARE_TESTED), titles=join(*untested, between="; "))
        )
    for issue in issues:
        names = {p.actor.id: p.actor.name for p in issue.positions}
        if unscreened := screen_range(issue.positions).unscreened:
            actors = join(*(names[actor] for actor in unscreened))
            said.append(say("deal.cannot.unscreened", title=issue.title, actors=actors))
    if certain := [issue.title for issue in issues if is_certain(issue)]:
        said.append(say("deal.cannot.certain", titles=join(*certain, between="; ")))
    if small:
        said.append(say("deal.cannot.moves", titles=join(*(issue.title for issue in small), between="; ")))
    return [*said, say("deal.cannot.whether")]


def _say_place(issue: Issue) -> Said:
    low, high = forecast_issue(issue).interval(0.8)
    return say("deal.cannot.place", title=issue.title, low=Digits(low), high=Digits(high))


def say_guarantee(issue: Issue, shift: PowerShift, table: GuaranteeTable) -> list[Said]:
    """Return who would have to guarantee what to whom, how much of it, and what that rests on."""
    now, after = shift.power_now.middle, shift.power_after.middle
    needed = needed_guarantee(now, after, shift.fighting_cost.middle, shift.patience.middle)
    exposed, opponent = name_sides(issue, shift)
    names = {p.actor.id: p.actor.name for p in issue.positions}
    other: Field = opponent or say("deal.guarantee.other_side")
    by: Field = names.get(shift.guarantor, shift.guarantor) or say("deal.guarantee.somebody")
    fields: dict[str, Field] = {"exposed": exposed, "opponent": other, "now": Digits(now, 2), "after": Digits(after, 2)}
    if needed > 0:
        held, seen = now + (1 - needed) * (after - now), shift.guarantee
        fields |= {"by": by, "needed": Digits(needed, 2), "held": Digits(held, 2)}
        fields["seen"] = Digits(seen.middle, 2)
        said = [Said("deal.guarantee.needed", fields)]
    else:
        said = [Said("deal.guarantee.none" if after > now else "deal.guarantee.no_shift", fields)]
    if opponent:
        said.append(say("deal.guarantee.taken", opponent=other))
    if table.turns:
        said.append(_say_values(table.assumptions[0]))
        said += [_say_turn(assumption) for assumption in table.assumptions if assumption.turns_at is not None]
    else:
        said.append(say("deal.guarantee.alike", needed=Digits(needed, 2)))
    return [*said, say("deal.guarantee.no_data")]


def _say_values(first: Assumption) -> Said:
    fields: dict[str, Field] = {"what": say(f"deal.number.{first.name}")}
    for word, value, needed in zip(("low", "middle", "high"), first.values, first.needed, strict=True):
        fields |= {word: Digits(value, 2), f"needed_{word}": Digits(needed, 2)}
    return Said("deal.guarantee.rests" if first.stated else "deal.guarantee.rests.tried", fields)


def _say_turn(assumption: Assumption) -> Said:
    name = "deal.guarantee.turn.most" if assumption.name in HELD_BY_LESS else "deal.guarantee.turn.least"
    at = Digits(assumption.turns_at or 0.0, 3)
    return say(name, what=say(f"deal.number.{assumption.name}"), at=at)
