"""The whole answer about a negotiation: where, who, whether, and what it must not claim.

`answer_deal` returns a JSON-ready document; `corridor.deal.words` says it in text. The three questions stay
apart: no number here is the product of two of them.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from corridor.deal.base_rates import rates_about
from corridor.deal.focal import check_with_other_rules, find_focal_points
from corridor.deal.forecast import (
    LARGEST_SHARE_TESTED,
    TOO_FAR_APART,
    Forecast,
    find_largest_share,
    forecast_issue,
)
from corridor.deal.leverage import Difference, WhatIf, compare_what_ifs, rank_levers
from corridor.deal.parties import Deal, Issue, assumptions_of
from corridor.deal.screens import RangeScreen, Zone, screen_commitment, screen_range
from corridor.deal.swaps import find_swaps

if TYPE_CHECKING:
    from collections.abc import Sequence

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


def answer_deal(deal: Deal, issues: Sequence[Issue], what_ifs: Sequence[WhatIf] = ()) -> dict[str, Any]:
    """Return the answer for these issues as one JSON-ready document; distances in points of 100."""
    return {
        "input_sha256": deal.fingerprint(),
        "issues": [_answer_issue(issue, what_ifs) for issue in issues],
        "swaps": {
            "meaning": "swaps that help both actors by their own weights: options to try, not predictions",
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


def _answer_issue(issue: Issue, what_ifs: Sequence[WhatIf]) -> dict[str, object]:
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
            "commitment": _describe_commitment(issue),
            "elsewhere": [asdict(rate) for rate in rates_about(issue.clause)] if issue.clause != "none" else [],
        },
        "what_if": [_describe_difference(d, issue) for d in compare_what_ifs(issue, what_ifs)],
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


def _describe_commitment(issue: Issue) -> dict[str, object] | None:
    if issue.power_shift is None:
        return None
    screen = screen_commitment(issue.power_shift)
    return {
        "exposed_actor": screen.exposed,
        "holds_itself_up": screen.holds_itself_up,
        "temptation": screen.temptation,
        "restraint": screen.restraint,
        "guarantee_needed": screen.needed,
        "guarantee_needed_range": [screen.needed_low, screen.needed_high],
        "guarantee_offered_range": [screen.offered.low, screen.offered.high],
        "guarantee_suffices": screen.guarantee_suffices,
    }


def _describe_difference(difference: Difference, issue: Issue) -> dict[str, object]:
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
        "range_before": screen_range(issue.positions).verdict,
        "range_after": screen_range(difference.changed.positions).verdict,
    }
