"""Who stands in which queue: cohorts of vehicles in order of entry, for all replicates of a batch.

A queue is a chain of cohorts (vehicles that entered in one tick); a cell is one stream's part of a cohort. All
cohorts of a replicate come from one pool, and the one freed last is used first, so that what is touched in a step
stays small and close together whatever the length of the queues.
"""

from __future__ import annotations

# compiled functions take arrays of kinds that numba finds out
# mypy: disable-error-code="no-untyped-def"
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corridor.chance.compiled import inlined
from corridor.simulate.network import Layout

MOST_COHORTS = 1000  # those who join a queue longer than this share its last cohort: only order inside it is lost
NONE = -1
FIRST_FREE, BEGUN, IN_USE = 0, 1, 2

Records = NDArray[Any]
QUEUE = np.dtype([("carry", "f8"), ("first", "i4"), ("last", "i4"), ("cohorts", "i4"), ("early", "f4")], align=True)
COHORT = np.dtype([("next", "i4"), ("entered", "f4"), ("vehicles", "i4"), ("filled", "u4")], align=True)
CELL = np.dtype([("vehicles", "i4"), ("people", "i4"), ("travelled", "f4"), ("waited", "f4")], align=True)


class Lines(NamedTuple):
    """R replicates, Q queues, S streams.

    A queue knows its first and last cohort, how many it has, the fraction of a vehicle carried on at its front, and
    the vehicle-hours by which some have left it `early` (see `count_wait`); a cohort the next one behind it, its mean
    tick of entry, its vehicles, and in the bits of `filled` which cells may hold some (cell modulo 32); a cell its
    vehicles and people, and the mean hours that they have travelled freely and waited beyond that.
    """

    queues: Records  # QUEUE [R, Q]
    cohorts: Records  # COHORT [R, cohorts]
    cells: Records  # CELL [R, cohorts, cells]
    pool: NDArray[np.int32]  # [R, 3] cohort freed last, cohorts ever begun, cohorts in use
    position: NDArray[np.int32]  # [Q, S] cell of a stream in the cohorts of a queue, -1 if it never passes


def begin_lines(layout: Layout, replicates: int) -> Lines:
    """Return empty queues; `make_room` before anybody joins."""
    queues = np.zeros((replicates, len(layout.stream_count)), dtype=QUEUE)
    pool = np.zeros((replicates, 3), dtype=np.int32)
    pool[:, FIRST_FREE] = NONE
    return Lines(
        queues,
        np.zeros((replicates, 0), dtype=COHORT),
        np.zeros((replicates, 0, int(layout.stream_count.max())), dtype=CELL),
        pool,
        layout.stream_cell.astype(np.int32),
    )


def make_room(lines: Lines, cohorts: int) -> Lines:
    """Return lines in which every replicate has room for so many new cohorts."""
    begun = int(lines.pool[:, BEGUN].max())
    if begun + cohorts <= lines.cohorts.shape[1]:
        return lines
    return lines._replace(cohorts=_enlarge(lines.cohorts, begun, cohorts), cells=_enlarge(lines.cells, begun, cohorts))


def _enlarge(records: Records, begun: int, more: int) -> Records:
    """Return a copy of those `begun` with room for twice as many and more [R, n, ...]."""
    replicates, _, *rest = records.shape
    larger = np.zeros((replicates, 2 * (begun + more), *rest), dtype=records.dtype)
    larger[:, :begun] = records[:, :begun]
    return larger


@inlined
def open_cohort(lines, r, queue, tick):
    """Return the cohort of this tick at the end of a queue, beginning one if there is room."""
    line = lines.queues[r, queue]
    last = line.last
    if line.cohorts == 0 or (lines.cohorts[r, last].entered != tick and line.cohorts < MOST_COHORTS):
        fresh = lines.pool[r, FIRST_FREE]
        if fresh == NONE:
            fresh = lines.pool[r, BEGUN]
            lines.pool[r, BEGUN] = fresh + 1
        else:
            lines.pool[r, FIRST_FREE] = lines.cohorts[r, fresh].next
        if line.cohorts == 0:
            line.first = fresh
        else:
            lines.cohorts[r, last].next = fresh
        lines.cohorts[r, fresh].entered = tick
        lines.cohorts[r, fresh].vehicles = 0
        lines.cohorts[r, fresh].filled = 0
        line.last = fresh
        line.cohorts += 1
        lines.pool[r, IN_USE] += 1
        last = fresh
    return last


@inlined
def drop_first(lines, r, queue):
    """Give the first cohort of a queue, now empty, back to the pool."""
    line = lines.queues[r, queue]
    first = line.first
    line.first = lines.cohorts[r, first].next
    line.cohorts -= 1
    lines.cohorts[r, first].next = lines.pool[r, FIRST_FREE]
    lines.pool[r, FIRST_FREE] = first
    lines.pool[r, IN_USE] -= 1


@inlined
def may_hold(cohort, cell):
    """Return False if a cell of a cohort is empty: known without looking at the cell, which may be far in memory."""
    return (cohort.filled >> np.uint32(cell & 31)) & np.uint32(1) != 0


@inlined
def add(cohort, cells, which, tick, vehicles, people, travelled, waited):
    """Add vehicles to a cell of a cohort, with the mean of the clocks of the people in it."""
    if cohort.entered != tick and vehicles > 0:  # a queue of the most cohorts
        cohort.entered += (tick - cohort.entered) * vehicles / (cohort.vehicles + vehicles)
    cell = cells[which]
    before = cell.people
    after = before + people
    if before == 0:
        cell.travelled = travelled
        cell.waited = waited
        cohort.filled |= np.uint32(1) << np.uint32(which & 31)
    else:
        share = people / after
        cell.travelled += (travelled - cell.travelled) * share
        cell.waited += (waited - cell.waited) * share
    cell.vehicles += vehicles
    cell.people = after
    cohort.vehicles += vehicles


@inlined
def push(lines, r, queue, tick, stream, vehicles, people, travelled, waited):
    """Let vehicles of one stream join a queue in this tick."""
    joined = open_cohort(lines, r, queue, tick)
    position = lines.position[queue, stream]
    add(lines.cohorts[r, joined], lines.cells[r, joined], position, tick, vehicles, people, travelled, waited)


@inlined
def count_wait(line, vehicles, hours):
    """Return the hours that vehicles leaving a queue have waited there, at least 0.

    Who entered is known by the mean of a cohort, and who leaves by the tick: of vehicles that need not wait some
    seem to leave early and some late, by fractions of a tick that cancel. What was early is taken off the waiting
    of those behind.
    """
    total = hours * vehicles - line.early
    line.early = max(-total, 0.0)
    return max(total, 0.0) / vehicles


@inlined
def take_part(amount, of, rest):
    """Return amount * of // rest for whole numbers with of <= rest; exact while the product is below 2^53."""
    return amount if of == rest else np.int64(float(amount) * float(of) / float(rest))
