"""The whole answer about a negotiation: where, who, whether, and what it must not claim.

`answer_deal` returns a JSON-ready document; `corridor.deal.words` says it in text. The three questions stay
apart: no number here is the product of two of them.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from corridor.deal.acceptance import find_refusals, judge_point
from corridor.deal.base_rates import rates_about
from corridor.deal.decide import decide
from corridor.deal.drawn import DRAWS
from corridor.deal.focal import check_with_other_rules, find_focal_points
from corridor.deal.forecast import (
    LARGEST_SHARE_TESTED,
    TOO_FAR_APART,
    Forecast,
    find_largest_share,
    forecast_issue,
)
from corridor.deal.guarantees import GuaranteeTable, name_sides, tabulate_guarantee
from corridor.deal.leverage import rank_levers
from corridor.deal.moved import picture_moves
from corridor.deal.moves import bring_inside
from corridor.deal.parties import Deal, Issue, assumptions_of
from corridor.deal.rounds import NO_COURSE, Course
from corridor.deal.rounds_told import describe_proposals, describe_rounds
from corridor.deal.said import (
    say_centre,
    say_dependence,
    say_guarantee,
    say_needs,
    say_statement,
    say_what_cannot_be_said,
)
from corridor.deal.screens import RangeScreen, Zone, screen_commitment, screen_range
from corridor.deal.swaps import find_swaps
from corridor.deal.what_if import Difference, WhatIf, compare_what_ifs
from corridor.words.language import ENGLISH, Language
from corridor.words.writing import write

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from corridor.deal.decide import Statement
    from corridor.deal.parties import Position
    from corridor.words.said import Said, Several

TOO_FAR = "positions too far apart to forecast"
SMALLER = "smaller than the model's usual error"

# Measured on the DEU data with `python benchmarks/deal_refit.py`, widths fitted with each dossier left out.
ACCURACY = {
    "tested_on": "351 issues of European Union laws adopted 1996-2019, in 137 dossiers (DEU)",
    "mean_absolute_error": 22.9,
    "mean_absolute_error_equal_weights": 23.8,
    "mean_absolute_error_plain_mean": 23.6,
    "mean_absolute_error_of_50": 28.0,
    "right_side_of_50": 0.71,
    "within_10_points": 0.30,
    "coverage_80": 0.81,
    "crps": 16.0,
}

MUST_NOT_CLAIM = (
    "a probability of peace, of a signature or of compliance; the answers are never multiplied into one",
    "accuracy in armed conflict: the errors behind the width come from laws adopted by consent and vote",
    "when anything will happen",
    "that a concession would cause the change shown: a what-if changes an input, and people answer back",
    "precision in capability: weighing all actors alike did nearly as well, so that case is always shown",
    "what an actor wants beyond the claims named; rows without a claim are somebody's assumption",
)


def _answer_rounds(course: Course, issue: str, language: Language) -> dict[str, Any] | None:
    told = describe_rounds(course, issue, language)
    return told and {**told, "picture": picture_moves(course, issue, language)}


def answer_deal(
    deal: Deal,
    issues: Sequence[Issue],
    what_ifs: Sequence[WhatIf] = (),
    language: Language = ENGLISH,
    course: Course = NO_COURSE,
) -> dict[str, Any]:
    """Return the answer for these issues as one JSON-ready document; distances in points of 100.

    What is decided, and what the screens say in sentences (`says`), are in the language. `course` are the rounds and
    proposals up to now, where positions have dates.
    """
    return {
        "input_sha256": deal.fingerprint(),
        "decided": _describe_decided(issues, language),
        "issues": [
            {**_answer_issue(issue, what_ifs, language), "rounds": _answer_rounds(course, issue.id, language)}
            for issue in issues
        ],
        "proposals": describe_proposals(course, issues, language),
        "swaps": {
            "meaning": "swaps that help both actors by their own weights and end where every veto holder accepts: "
            "options to try, not predictions",
            "best": [asdict(swap) for swap in find_swaps(issues)[:5]],
        },
        "base_rates": {
            "meaning": "how often such things happened elsewhere: context, never a chance for this case",
            "rates": [asdict(rate) for rate in rates_about("none")],
        },
        "accuracy": ACCURACY,
        "voices_without_capability": [actor.id for actor in deal.actors if actor.voice_only],
        "assumptions": assumptions_of(deal),
        "must_not_claim": list(MUST_NOT_CLAIM),
    }


def _write_all(said: Iterable[Said | Several], language: Language) -> list[str]:
    return [write(sentence, language) for sentence in said]


def _describe_decided(issues: Sequence[Issue], language: Language) -> dict[str, object]:
    """Return what is robust, what depends and on what, and what cannot be said, in this order."""
    named = {issue.id: issue for issue in issues}
    found = decide(issues)
    depends = sorted((s for s in found if not s.robust), key=lambda s: -s.share)
    return {
        "meaning": "robust: true in every draw of the stated ranges and with both weightings",
        "draws": DRAWS,
        "needs": [text for issue in issues for text in _write_all(say_needs(issue), language)],
        "robust": [_describe_statement(s, named, language) for s in found if s.robust],
        "depends": [_describe_statement(s, named, language) for s in depends],
        "cannot_be_said": _write_all(say_what_cannot_be_said(issues), language),
    }


def _describe_statement(statement: Statement, issues: dict[str, Issue], language: Language) -> dict[str, object]:
    said = [say_statement(statement, issues)]
    if not statement.robust:
        said += say_dependence(statement, issues)
    return {
        "name": statement.name,
        "issues": list(statement.issues),
        "actors": list(statement.actors),
        "numbers": list(statement.numbers),
        "share": statement.share,
        "share_by_weighting": [float(row.mean()) for row in statement.truths],
        "rests_on": asdict(statement.rests_on) if statement.rests_on else None,
        "text": " ".join(_write_all(said, language)),
    }


def _answer_issue(issue: Issue, what_ifs: Sequence[WhatIf], language: Language) -> dict[str, object]:
    forecast = forecast_issue(issue)
    return {
        "issue": issue.id,
        "title": issue.title,
        "scale": {"0": issue.low_end, "100": issue.high_end},
        "where": {
            "given": "that a settlement is reached",
            "verdict": TOO_FAR if forecast.too_far_apart else "forecast",
            **_describe_forecast(forecast),
            "largest_share": find_largest_share(issue),
            "largest_share_tested": LARGEST_SHARE_TESTED,
            "beyond_what_was_tested": find_largest_share(issue) > LARGEST_SHARE_TESTED,
            "equal_weights": _describe_forecast(forecast_issue(issue, equal=True)),
            "focal_points": [asdict(point) for point in find_focal_points(issue.parties)],
            "other_rules": asdict(check_with_other_rules(issue.parties)),
        },
        "who": [asdict(lever) for lever in rank_levers(issue)],
        "whether": {
            "meaning": "screens, not chances",
            "range": _describe_range(screen_range(issue.positions)),
            "centre": {
                **_describe_point(issue.positions, forecast.centre),
                "brought_inside_by": [asdict(move) for move in bring_inside(issue)],
                "says": _write_all(say_centre(issue), language),
            },
            "commitment": _describe_commitment(issue, language),
            "elsewhere": [asdict(rate) for rate in rates_about(issue.clause)] if issue.clause != "none" else [],
        },
        "what_if": [_describe_difference(d, language) for d in compare_what_ifs(issue, what_ifs)],
    }


def _describe_point(positions: Sequence[Position], point: float) -> dict[str, object]:
    """Return who of those whose consent is needed would refuse a point, and what they accept."""
    return {
        "verdict": judge_point(positions, point),
        "refused_by": [asdict(refusal) for refusal in find_refusals(positions, point)],
    }


def _describe_forecast(forecast: Forecast) -> dict[str, object]:
    return {
        "centre": forecast.centre,
        "interval_50": list(forecast.interval(0.5)),
        "interval_80": list(forecast.interval(0.8)),
        "interval_90": list(forecast.interval(0.9)),
        "usual_error": forecast.usual_error,
        "input_spread": forecast.input_spread,
        "spread": forecast.spread,
        "deviation_of_positions": forecast.deviation,
        "deviation_limit": TOO_FAR_APART * (forecast.high - forecast.low),
        "too_far_apart": forecast.too_far_apart,
    }


def _describe_range(screen: RangeScreen) -> dict[str, object]:
    zones = {"central": screen.central, "hard_end": screen.hard, "soft_end": screen.soft}
    return {
        "verdict": screen.verdict,
        "certain": screen.certain,
        "vetoes": list(screen.vetoes),
        "vetoes_without_no_deal_value": list(screen.unscreened),
        **{name: _describe_zone(zone) for name, zone in zones.items()},
    }


def _describe_zone(zone: Zone) -> dict[str, object]:
    return {**asdict(zone), "width": zone.width, "verdict": zone.verdict}


def _describe_commitment(issue: Issue, language: Language) -> dict[str, object] | None:
    shift = issue.power_shift
    if shift is None:
        return None
    screen, table = screen_commitment(shift), tabulate_guarantee(shift)
    exposed, opponent = name_sides(issue, shift)
    return {
        "exposed_actor": screen.exposed,
        "to": exposed,
        "about": opponent,
        "guarantor": shift.guarantor,
        "holds_itself_up": screen.holds_itself_up,
        "temptation": screen.temptation,
        "restraint": screen.restraint,
        "guarantee_needed": screen.needed,
        "guarantee_needed_range": [screen.needed_low, screen.needed_high],
        "guarantee_offered_range": [screen.offered.low, screen.offered.high],
        "guarantee_suffices": screen.guarantee_suffices,
        "table": _describe_table(table),
        "says": _write_all(say_guarantee(issue, shift, table), language),
    }


def _describe_table(table: GuaranteeTable) -> dict[str, object]:
    first, second = table.assumptions[:2]
    return {
        "meaning": "guarantee needed (0 to 1) at three values of the two assumptions that matter most",
        "rows": {"assumption": first.name, "values": list(first.values), "stated": first.stated},
        "columns": {"assumption": second.name, "values": list(second.values), "stated": second.stated},
        "turns": table.turns,
        "needed": [list(row) for row in table.cells],
        "assumptions": [asdict(assumption) for assumption in table.assumptions],
    }


def _describe_difference(difference: Difference, language: Language) -> dict[str, object]:
    """Return what a change does to the centre and to both screens."""
    before, after = difference.original, difference.changed
    return {
        "what_if": list(difference.what_if),
        "centre_before": difference.before.centre,
        "centre_after": difference.after.centre,
        "change": difference.change,
        "change_equal_weights": difference.change_equal,
        "usual_error": difference.before.usual_error,
        "smaller_than_usual_error": difference.smaller_than_usual_error,
        "verdict": SMALLER if difference.smaller_than_usual_error else "larger than the model's usual error",
        "too_far_apart_after": difference.after.too_far_apart,
        "interval_80_after": list(difference.after.interval(0.8)),
        "range_before": screen_range(before.positions).verdict,
        "range_after": screen_range(after.positions).verdict,
        "zone_before": _describe_zone(screen_range(before.positions).central),
        "zone_after": _describe_zone(screen_range(after.positions).central),
        "accepted_before": _describe_point(before.positions, difference.before.centre),
        "accepted_after": _describe_point(after.positions, difference.after.centre),
        "says": _write_all(say_centre(after), language),
        "commitment_before": _describe_commitment(before, language),
        "commitment_after": _describe_commitment(after, language),
    }
