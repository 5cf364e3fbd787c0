"""Who is still inside by sex and age, as far as the groups of the scenario say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor.report.sentences import measure
from corridor.results.result import interpolate
from corridor.scenario.areas import INSIDE, find_sides
from corridor.scenario.checks.people import SEX_AND_AGE as KINDS
from corridor.words.said import Moment, Said, say

if TYPE_CHECKING:
    from datetime import datetime

    from corridor.results.result import Result, Values


def say_sex_and_age(result: Result, today: datetime) -> Said:
    """Return the sentence: people inside at a moment, each group divided by the shares that its row states."""
    scenario, chosen = result.scenario, result.manifest["parameters"]
    shares = {
        row["id"]: [row[kind] or 0.0 for kind in KINDS]
        for row in scenario.rows("groups", chosen)
        if any(row[kind] is not None for kind in KINDS)
    }
    if not shares or not result.kept:
        return say("rests.sex_age" if result.kept else "rests.sex_age.summary")
    told, untold = np.zeros((len(KINDS), result.replicates)), np.zeros(result.replicates)
    for group, people in _count_inside(result, today).items():
        if group in shares:
            told += np.array(shares[group])[:, None] * people
        else:
            untold += people
    numbers = {kind: measure(values, f"inside {kind}", today) for kind, values in zip(KINDS, told, strict=True)}
    if np.median(untold) < 1:
        return say("rests.sex_age.all", time=Moment(today), **numbers)
    others = measure(untold, "inside, sex and age not stated", today)
    return say("rests.sex_age.some", time=Moment(today), others=others, **numbers)


def _count_inside(result: Result, today: datetime) -> dict[str, Values]:
    """Return people inside at a moment by the user's group, its parts together [R]; those registered are of none."""
    scenario, chosen = result.scenario, result.manifest["parameters"]
    sides = find_sides(scenario.rows("places", chosen), scenario.rows("areas", chosen))
    groups = {row["id"] for row in scenario.rows("groups", chosen)}
    inside: dict[str, Values] = {}
    for (place, group), values in result.take_all("at_place").items():
        if sides[place] == INSIDE:
            name = group if group in groups else group.partition("/")[0]
            people = interpolate(values, result.times, today)
            inside[name] = inside.get(name, np.zeros(result.replicates)) + people
    return inside
