"""All that a briefing says beyond the recorded series, gathered before a line of it is written."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.forecast.agreements import ASSUMED, compare_agreements, list_agreements, read_agreements
from corridor.forecast.effects import effects_of_run, read_effects
from corridor.forecast.known import find_unknown
from corridor.forecast.levers import read_levers, try_levers
from corridor.forecast.replay import Replay
from corridor.forecast.score import collect_counts, list_counts, score_result, split_fitted
from corridor.results.drawn import draw_again
from corridor.results.findings import Findings
from corridor.results.learning import read_learning
from corridor.results.moments import choose_moment
from corridor.scenario.convoys import without_convoys
from corridor.scenario.variant import row_name
from corridor.simulate.ensemble import prepare

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridor.results.result import Labels, Result, Values

PAIRS = 100  # replicates simulated again without any convoy


def find(
    result: Result,
    moment: str | None = None,
    quick: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Findings:
    """Return what a briefing of a run speaks of: scores, its inputs, and what is simulated again with the same luck.

    `moment` is today, the time the sentences speak of (choose_moment picks one when it is None). The effects of
    single numbers, of what could be done and of agreements are simulated unless the run's folder keeps them for that
    moment, and kept there (half a minute for the worked case, `progress` hears how many batches of about how many are
    done); with `quick` only what is kept is used. Raises UsageError for a moment outside the period.
    """
    when, variant = choose_moment(result, moment), result.manifest["variant"]
    found = Findings(
        moment=when,
        score=score_result(result),
        counts=list_counts(split_fitted(result, collect_counts(result))),
        drawn=draw_again(result),
        unaided=simulate_unaided(result),
        effects=None,
        levers=None,
        agreements=None,
        assumed=ASSUMED if variant and variant in list_agreements(result.scenario.folder) else "",
        learning=_take_learning(result),
    )
    return move_findings(result, found, when, quick, progress)


def move_findings(
    result: Result,
    found: Findings,
    moment: datetime,
    quick: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Findings:
    """Return findings for another moment of the same run: what holds for every moment is kept."""
    return replace(
        found,
        moment=moment,
        effects=read_effects(result, moment) if quick else effects_of_run(result, progress, moment),
        levers=read_levers(result, moment) if quick else try_levers(result, moment, found.drawn),
        agreements=read_agreements(result, moment) if quick else compare_agreements(result, moment),
    )


def _take_learning(result: Result) -> dict[str, Any] | None:
    """Return what the forecast of a run has noted; where it is not kept only what of the case was not known then."""
    learning, manifest = read_learning(result), result.manifest
    if learning is not None or not (manifest["fitted_draws"] and manifest["fitted_until"]):
        return learning
    until = datetime.fromisoformat(manifest["fitted_until"])
    unknown, later = find_unknown(result.scenario, until, manifest["parameters"])
    rows = sorted({f"{row.table}/{row_name(row)}" for row in later})
    return {"events_unknown": sorted(map(row_name, unknown)), "events_kept": True, "rests_on_later": rows}


def simulate_unaided(result: Result) -> dict[Labels, Values]:
    """Return person-days without by the end of the first replicates, by place and item, had nothing been sent [R].

    Empty where the run knows no stock that people need.
    """
    if not result.labels("person_days_without"):
        return {}
    chosen, scenario = result.manifest["parameters"], result.scenario
    numbers = np.arange(min(result.replicates, PAIRS))
    ensemble = prepare(scenario, chosen, result.manifest["seed"], result.rules)
    course = Replay(ensemble, numbers).simulate(without_convoys(scenario, scenario.start))
    return {labels: values[:, -1] for labels, values in course.take_all("person_days_without").items()}
