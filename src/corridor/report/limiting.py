"""What limits each way out today, ranked by what is held up before it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from corridor.report.sentences import Said, measure, say
from corridor.report.words import join_words, write_chance
from corridor.results.limits import FEWEST_VEHICLES, LIMITS
from corridor.results.result import interpolate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from corridor.report.exits import Exit
    from corridor.results.result import Result

MOSTLY = 0.1  # a limit that holds in a smaller share of the runs is not named
MOST_EXITS = 6
WORDS = {**LIMITS, "elsewhere": "a queue before another exit"}


def say_limits(result: Result, exits: Sequence[Exit], today: datetime) -> list[Said]:
    """Return a sentence for each exit, those with most vehicles held up first, then who waits inside and at desks."""
    if not exits:
        return [say("limits.no_exit")]
    index = int((today - result.times[0]) / timedelta(hours=result.manifest["record_hours"]))
    held = {exit.id: interpolate(exit.held, result.times, today) for exit in exits}
    ranked = sorted(exits, key=lambda exit: (-float(held[exit.id].mean()), exit.name))[:MOST_EXITS]
    said = []
    for exit in ranked:
        limits, vehicles = _list_limits(exit, index), held[exit.id]
        if np.quantile(vehicles, 0.95) < FEWEST_VEHICLES:
            said.append(say("limits.free", exit=exit.name, limits=limits))
        else:
            scope = exit.id if len(exits) > 1 else ""
            number = measure(vehicles, "vehicles_delayed", today, scope)
            said.append(say("limits.exit", exit=exit.name, limits=limits, held=number))
    for name, sentence in (("waiting_for_transport", "limits.inside"), ("registration_backlog", "limits.desk")):
        people = result.at(name, today)
        if np.quantile(people, 0.95) >= 1:
            said.append(say(sentence, people=measure(people, name, today)))
    return said


def _list_limits(exit: Exit, index: int) -> str:
    shares = {name: float(holds[:, index].mean()) for name, holds in exit.limits.items()}
    named = sorted(((share, name) for name, share in shares.items() if share >= MOSTLY), reverse=True)
    parts = [say("limits.share", limit=WORDS[name], chance=write_chance(share)).text for share, name in named]
    return join_words(parts)
