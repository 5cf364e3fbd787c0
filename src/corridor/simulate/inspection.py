"""What a checkpoint has to inspect, compiled: vehicles in times of a car's, people in them, people on foot."""

from __future__ import annotations

# compiled functions take arrays of kinds that numba finds out
# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: ANN001, ANN201
from typing import NamedTuple

from corridor.chance.compiled import inlined
from corridor.simulate.arrays import Floats
from corridor.simulate.queues import may_hold

NOBODY = 1e-9  # share of a queue


class Pace(NamedTuple):
    """What checkpoints let through in a step. `alike`: every vehicle takes as long as a car, whoever is in it."""

    vehicles: Floats  # [R, K] cars/h
    per_person: Floats  # [R, K] time of each person in a vehicle, in times of a car's
    on_foot: Floats  # [R, K] people/h
    alike: bool


@inlined
def is_beside(layout, queue):
    """Return whether a queue is one of those beside the vehicles."""
    links = layout.link_to.shape[0]
    return not layout.link_driven[queue] if queue < links else layout.entry_free[queue - links]


@inlined
def count_work(layout, lines, r, place, checkpoint, pace, onward, underway, sending, waiting):
    """Return what a checkpoint has to inspect of what queues send: vehicles, in times of a car's; people on foot."""
    work, on_foot = 0.0, 0.0
    for i in range(layout.node_start[place], layout.node_start[place + 1]):
        if waiting[i] > 0:
            queue = layout.node_queues[i]
            if is_beside(layout, queue):
                ways = underway[place] if queue < layout.link_to.shape[0] else onward[place]
                on_foot += sending[i] * share_inspected(layout, lines, r, queue, sending[i], ways)
            elif pace.alike:
                work += sending[i]
            else:
                work += weigh_front(layout, lines, r, queue, sending[i], pace.per_person[r, checkpoint])
    return work, on_foot


@inlined
def share_inspected(layout, lines, r, queue, sending, onward):
    """Return which share of the first `sending` people of a queue pass the checkpoint now.

    Who goes to wait for a seat does not: he is inspected when he boards.
    """
    if layout.plain:
        return 1.0
    boarding, left = 0.0, sending
    first, cohort = layout.stream_start[queue], lines.queues[r, queue].first
    while left > 0.0:
        people = lines.cohorts[r, cohort].vehicles
        part = min(1.0, left / people)
        for k in range(layout.stream_count[queue]):
            if may_hold(lines.cohorts[r, cohort], k) and lines.cells[r, cohort, k].vehicles > 0:
                way = onward[layout.stream_course[layout.queue_streams[first + k]]]
                if way >= 0 and layout.link_platform[way] not in (-1, queue):
                    boarding += part * lines.cells[r, cohort, k].vehicles
        left -= people
        cohort = lines.cohorts[r, cohort].next
    return max(1.0 - boarding / sending, 0.0) if sending > 0.0 else 1.0


@inlined
def is_inspected(layout, lines, r, queue, sending, onward):
    """Tell whether any of the first `sending` people of a queue pass the checkpoint now."""
    return share_inspected(layout, lines, r, queue, sending, onward) > NOBODY


@inlined
def weigh_front(layout, lines, r, queue, sending, per_person):
    """Return how long the first `sending` units of a queue take at a checkpoint, in times of a car's."""
    work, first, cohort = 0.0, layout.stream_start[queue], lines.queues[r, queue].first
    while sending > 0.0:
        vehicles = lines.cohorts[r, cohort].vehicles
        share = min(1.0, sending / vehicles)
        for k in range(layout.stream_count[queue]):
            if may_hold(lines.cohorts[r, cohort], k):
                cell = lines.cells[r, cohort, k]
                inspection = layout.stream_inspection[layout.queue_streams[first + k]]
                work += share * (cell.vehicles * inspection + cell.people * per_person)
        sending -= vehicles
        cohort = lines.cohorts[r, cohort].next
    return work
