"""What limits each way out, by the people held back before it, the one with most first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor.report.sentences import measure
from corridor.results.lanes import share_shut
from corridor.results.limits import find_exit_limits, share_causes
from corridor.words.said import Chance, Field, Said, Share, Stated, join, say

if TYPE_CHECKING:
    from datetime import datetime

    from corridor.results.drawn import Drawn
    from corridor.results.limits import ExitLimits
    from corridor.results.result import Result

MOSTLY = 0.1  # a cause that holds most in a smaller share of the runs is not named
MOST_EXITS = 6


def say_limits(result: Result, drawn: Drawn, moment: datetime) -> list[Said]:
    """Return a sentence for each exit, then for those bound for none, and for those in line at desks."""
    found = find_exit_limits(result, moment)
    if not found:
        return [say("limits.not_recorded")]
    exits = [limits for limits in found if limits.area]  # the others are bound for none
    exits.sort(key=lambda limits: 0.0 if limits.held_back.high >= 1 else 1 + 1 / (1 + limits.arrivals.median))
    shut_in = [limits for limits in found if not limits.area and limits.held_back.high >= 1]
    shown = [*exits[:MOST_EXITS], *shut_in]
    said = [sentence for limits in shown for sentence in _say_exit(result, drawn, limits, moment)]
    if len(exits) > MOST_EXITS:
        said.append(say("limits.more", exits=Stated(len(exits) - MOST_EXITS)))
    line = result.at("registration_backlog", moment)
    if np.quantile(line, 0.95) >= 1:
        said.append(say("limits.desk", people=measure(line, "registration_backlog", moment)))
    return said


def _say_exit(result: Result, drawn: Drawn, limits: ExitLimits, moment: datetime) -> list[Said]:
    name = limits.name
    shut = _say_shut(result, drawn, limits, moment)
    if limits.held_back.high < 1:
        if shut:
            return shut
        return [say("limits.unused" if limits.arrivals.high < 1 else "limits.free", exit=name)]
    people = measure(result.at("held_back", moment, limits.exit), "held_back", moment, limits.exit)
    named = [hindrance for hindrance in limits.causes if (hindrance.share or 0.0) >= MOSTLY]
    causes = [say("limits.cause", cause=say(f"cause.{h.cause}"), chance=Chance(h.share or 0.0)) for h in named]
    fields: dict[str, Field] = {"people": people, "causes": join(*causes), "exit": name}
    key = "limits.exit" if limits.area else "limits.none_open"
    if limits.free < MOSTLY:
        return [say(key, **fields), *shut]
    kind = "rare" if limits.free >= 0.5 else "free"
    return [say(f"{key}.{kind}", chance=Chance(limits.free), **fields), *shut]


def _say_shut(result: Result, drawn: Drawn, limits: ExitLimits, moment: datetime) -> list[Said]:
    """Return that no lane works at a checkpoint at an end of the exit; nothing where one does in most runs."""
    chosen = result.manifest["parameters"]
    ends = {row["id"]: (row["from"], row["to"]) for row in result.scenario.rows("roads", chosen)}.get(limits.exit, ())
    for row in result.scenario.rows("checkpoints", chosen):
        share = share_shut(drawn, row["place"], moment) if row["place"] in ends else 0.0
        if share >= MOSTLY:
            checkpoint = str(row["name"] or row["id"])
            return [say("limits.shut", exit=limits.name, checkpoint=checkpoint, chance=Chance(share))]
    return []


def say_limits_over_time(result: Result) -> list[Said]:
    """Return a sentence for each exit: what held back most people, in shares of the hours in which anybody was."""
    said = []
    for limits in find_exit_limits(result, result.times[-1]):
        shares = sorted(((share, cause) for cause, share in share_causes(result, limits.exit).items()), reverse=True)
        causes = [
            say("limits.time.cause", cause=say(f"cause.{cause}"), share=Share(share))
            for share, cause in shares
            if share >= MOSTLY
        ]
        if causes and limits.area:
            said.append(say("limits.time", exit=limits.name, causes=join(*causes)))
    return said
