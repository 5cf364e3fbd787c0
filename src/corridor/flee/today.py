"""Which kilometres of a day make no difference to what may still follow that day.

Whoever comes to a place after `t` km goes on until a road ends at or beyond that road's daily speed. So `t` matters
only through the walks ahead: two numbers of kilometres with the same answers on all of them lead to the same law of
the rest of the day, and people who came by either are one cell (their recent distance is carried apart, see
cells.py). The answers change at a pace less the length of a walk that ends on a road of that pace. A cell knows the
kilometres of its people on average, and they go on from there: what was taken together does not add up on the way.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array, eye_array
from scipy.sparse.csgraph import dijkstra

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridor.flee.arrays import Floats, Integers, Steps
    from corridor.flee.roads import Roads

MOST_STEPS = 64  # of kilometres that are kept apart at a place, on average over places; more only where they matter
LITTLE = 1.2  # chance to take a walk that tells them apart, up to which steps are taken for one
SINGLE = 0.2  # the same of one change alone: beyond it steps on either side are never taken for one
LONGEST_WALK = 32  # roads in a day, beyond which nobody is counted


def length_in_steps(kilometres: float, km_step: float) -> int:
    """Return a distance in whole steps, at least one, so that every road takes people on in the day."""
    return max(int(np.round(kilometres / km_step)), 1)


Hop = tuple[int, int, int, int]  # from place to place: steps in length, and the step from which it ends the day


def find_equal_steps(roads: Roads, steps: int, km_step: float, walking_speed: float, going_on: Floats) -> Steps:
    """Return [epoch, place, step]: the last step of kilometres of those with which this one is taken there.

    These are exactly as good. Where a place has more than `MOST_STEPS` of them on average, steps
    that differ little are taken for one as well (see `_merge_steps`); `going_on` [place] is how likely people who
    come there go on, at most.
    """
    places = roads.out_from.shape[1] - 1
    small = 2 * steps < 1 << 15  # small numbers stay near the processor, which looks them up at every turn
    until: Steps = np.zeros((len(roads.out_from), places, steps), dtype=np.int16 if small else np.int32)
    for epoch in range(len(roads.out_from)):
        hops = _list_hops(roads, epoch, km_step, walking_speed)
        changes = np.zeros((places, steps + 1), dtype=bool)  # the answers differ from the step before
        for place, _, _, ending in hops:
            changes[place, ending] = True
        before = -1
        while before != changes.sum():
            before = changes.sum()
            for place, end, length, _ in hops:
                changes[place, : steps + 1 - length] |= changes[end, length:]
        if changes.sum() > MOST_STEPS * places:
            until[epoch] = _merge_steps(changes, _weigh_steps(roads, hops, changes.shape, going_on))
            continue
        last = np.full(places, steps - 1)
        for step in range(steps - 1, -1, -1):
            until[epoch, :, step] = last
            last = np.where(changes[:, step], step - 1, last)
    return until


def _list_hops(roads: Roads, epoch: int, km_step: float, walking_speed: float) -> list[Hop]:
    """Return the roads that people can pass within a day, once for each pace."""
    hops, rows = [], roads.out_from[epoch]
    for place, (first, last) in enumerate(itertools.pairwise(rows)):
        for link in roads.links[roads.out_link[first:last]]:
            distance, speed, walk = (float(link[name]) for name in ("km", "speed", "walk"))
            length = length_in_steps(distance, km_step)
            for pace in [speed, walking_speed] if walk > 0 else [speed]:
                if pace > distance:
                    ending = max(int(np.ceil((pace - distance) / km_step - 1e-9)), 0)
                    hops.append((place, int(link["end"]), length, ending))
    return hops


def _weigh_steps(roads: Roads, hops: list[Hop], shape: tuple[int, ...], going_on: Floats) -> Floats:
    """Return [place, step]: how likely somebody who comes there takes a walk for which the step makes a difference.

    That is the sum over all walks that end the day from that step on but not from the one before. Roads are taken
    as likely as they are near: attraction changes by the day, and only the order of size matters here.
    """
    near = np.array([1.0 / (length + 1.0) for _, _, length, _ in hops])
    start = np.array([place for place, *_ in hops])
    share = near / np.bincount(start, near, minlength=shape[0])[start]
    layer = np.zeros(shape)
    for (place, _, _, ending), chance in zip(hops, share, strict=True):
        layer[place, ending] += chance
    weight = layer.copy()
    for _ in range(LONGEST_WALK):
        further = np.zeros(shape)
        for (place, end, length, _), chance in zip(hops, share, strict=True):
            further[place, : shape[1] - length] += chance * going_on[end] * layer[end, length:]
        layer = further
        weight += layer
        if layer.sum() < 0.001 * weight.sum():
            break
    return weight


def _merge_steps(changes: NDArray[np.bool_], weight: Floats) -> Integers:
    """Return [place, step]: the last of the steps with which this one is taken together.

    Neighbours are put together as long as the changes between them weigh no more than `LITTLE` in all and none
    more than `SINGLE`. The people of one cell go on from their own kilometres, on average. This is an
    approximation; `python benchmarks/flee_merging.py` measures what it moves.
    """
    until = np.zeros((changes.shape[0], changes.shape[1] - 1), dtype=np.int64)
    for place, row in enumerate(until):
        first, total = 0, 0.0
        for step in [*np.flatnonzero(changes[place, 1:-1]) + 1, len(row)]:
            little = step < len(row) and weight[place, step] <= SINGLE and total + weight[place, step] <= LITTLE
            if little:
                total += weight[place, step]
            else:
                row[first:step] = step - 1
                first, total = step, 0.0
    return until


def find_reach(roads: Roads, fastest: float, walking_speed: float) -> NDArray[np.int8]:
    """Return [epoch, place, place]: what people who come to the first place in a day may do about the second that day.

    2: come to it; 1: only choose a route that ends there; 0: neither.
    """
    places = roads.out_from.shape[1] - 1
    reach = np.zeros((len(roads.out_from), places, places), dtype=np.int8)
    for epoch, rows in enumerate(roads.out_from):
        start = np.repeat(np.arange(places), np.diff(rows))
        out = roads.links[roads.out_link[rows[0] : rows[-1]]]
        pace = np.where(out["walk"] > 0, np.maximum(out["speed"], walking_speed), out["speed"])
        short = np.flatnonzero(out["km"] < pace)
        nearest = short[np.lexsort((out["km"][short], out["end"][short], start[short]))]
        _, first = np.unique(start[nearest] * places + out["end"][nearest], return_index=True)
        nearest = nearest[first]  # of several roads between two places
        joined = start[nearest], out["end"][nearest]
        direct = csr_array((out["km"][nearest], joined), shape=(places, places))
        step = csr_array((np.ones(len(nearest)), joined), shape=(places, places))
        near = dijkstra(direct, limit=np.nextafter(fastest, 0.0)) < np.inf
        coming = csr_array(near.astype(float)) @ step + eye_array(places)
        first_option, last_option = roads.option_from[epoch, [0, -1]]
        ends = roads.nodes["last"][roads.options["node"][first_option:last_option]]
        chooser = np.repeat(np.arange(places), np.diff(roads.option_from[epoch]))
        choice = csr_array((np.ones(len(ends)), (chooser, ends)), shape=(places, places))
        come = coming.toarray() > 0
        reach[epoch] = np.where(come, 2, (coming @ choice).toarray() > 0)
    return reach
