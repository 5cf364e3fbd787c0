"""How many lanes of a checkpoint are at work at a moment, and what the scenario will still change of them."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from corridor.scenario.values import hours_between
from corridor.simulate.changes import follow_changes

if TYPE_CHECKING:
    from datetime import datetime

    from corridor.results.drawn import Drawn
    from corridor.results.result import Values
    from corridor.simulate.arrays import Flags


def follow_lanes(drawn: Drawn, checkpoint: int, moment: datetime) -> tuple[Values, dict[str, tuple[Values, Flags]]]:
    """Return the lanes at work at a moment [R]; of events that set them later their sizes and where they are ahead.

    Unforeseen changes up to the moment are among what set them (rule 35 of the model); later ones are not told.
    """
    model, steps, values = drawn.model, drawn.inputs.event_step, drawn.inputs.event_value
    now_step = hours_between(model.clock.start, moment) / model.clock.step_hours
    lanes, last = drawn.inputs.lanes[:, checkpoint].copy(), np.full(len(steps), -1)
    coming = {}
    for index, event in enumerate(model.events):
        if event.kind != "lanes" or event.target != checkpoint:
            continue
        ahead = steps[:, index] > now_step
        newer = ~ahead & (steps[:, index] >= last)
        lanes[newer], last[newer] = values[newer, index], steps[newer, index]
        if ahead.any():
            coming[f"events/{event.id}/value"] = (values[:, index], ahead)
    if drawn.inputs.lanes_change:
        lanes = follow_changes(model, drawn.inputs, drawn.luck, ceil(now_step - 1e-9))[:, checkpoint]
    return lanes, coming


def share_shut(drawn: Drawn, place: str, moment: datetime) -> float:
    """Return the share of replicates in which no lane works at a moment at the checkpoint of a place; 0 without one."""
    servers, places = drawn.model.servers, drawn.model.network.places
    at = [k for k, where in enumerate(servers.checkpoint_place) if places[where] == place]
    return float((follow_lanes(drawn, at[0], moment)[0] <= 0).mean()) if at else 0.0
