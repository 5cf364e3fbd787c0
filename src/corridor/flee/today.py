"""Which kilometres of a day make no difference to what may still follow that day.

Whoever comes to a place after `t` km goes on until a road ends at or beyond that road's daily speed. So `t` matters
only through the walks ahead: two numbers of kilometres with the same answers on all of them lead to the same law of
the rest of the day, and people who came by either are one cell (their recent distance is carried apart, see
cells.py). The answers change at a pace less the length of a walk that ends on a road of that pace.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse.csgraph import floyd_warshall

if TYPE_CHECKING:
    from corridor.flee.roads import Roads


def length_in_steps(kilometres: float, km_step: float) -> int:
    """Return a distance in whole steps, at least one, so that every road takes people on in the day."""
    return max(int(np.round(kilometres / km_step)), 1)


def find_equal_steps(roads: Roads, steps: int, km_step: float, walking_speed: float) -> np.ndarray:
    """Return [epoch, place, step]: the last step of kilometres that is as good as this one there."""
    places = roads.out_from.shape[1] - 1
    until = np.zeros((len(roads.out_from), places, steps), dtype=np.int64)
    for epoch, rows in enumerate(roads.out_from):
        changes = np.zeros((places, steps + 1), dtype=bool)  # the answers differ from the step before
        hops = []
        for place in range(places):
            for link in roads.out_link[rows[place] : rows[place + 1]]:
                distance, speed, walk = (float(roads.links[link][name]) for name in ("km", "speed", "walk"))
                paces = [speed, walking_speed] if walk > 0 else [speed]
                passable = [pace for pace in paces if pace > distance]
                for pace in passable:
                    changes[place, max(int(np.ceil((pace - distance) / km_step - 1e-9)), 0)] = True
                if passable:
                    hops.append((place, int(roads.links["end"][link]), length_in_steps(distance, km_step)))
        before = -1
        while before != changes.sum():
            before = changes.sum()
            for place, end, length in hops:
                changes[place, : steps + 1 - length] |= changes[end, length:]
        last = np.full(places, steps - 1)
        for step in range(steps - 1, -1, -1):
            until[epoch, :, step] = last
            last = np.where(changes[:, step], step - 1, last)
    return until


def find_reach(roads: Roads, fastest: float, walking_speed: float) -> np.ndarray:
    """Return [epoch, place, place]: what people who come to the first place in a day may do about the second that day.

    2: come to it; 1: only choose a route that ends there; 0: neither.
    """
    places = roads.out_from.shape[1] - 1
    reach = np.zeros((len(roads.out_from), places, places), dtype=np.int64)
    for epoch, rows in enumerate(roads.out_from):
        direct = np.full((places, places), np.inf)
        for place in range(places):
            for link in roads.out_link[rows[place] : rows[place + 1]]:
                distance, speed, walk = (float(roads.links[link][name]) for name in ("km", "speed", "walk"))
                if distance < (max(speed, walking_speed) if walk > 0 else speed):
                    direct[place, roads.links["end"][link]] = min(direct[place, roads.links["end"][link]], distance)
        coming = (floyd_warshall(direct) < fastest).astype(np.int64) @ (direct < np.inf).astype(np.int64) > 0
        np.fill_diagonal(coming, val=True)
        ends = np.zeros((places, places), dtype=np.int64)
        for place, (first, last) in enumerate(itertools.pairwise(roads.option_from[epoch])):
            ends[place, roads.nodes["last"][roads.options["node"][first:last]]] = 1
        reach[epoch] = np.where(coming, 2, coming.astype(np.int64) @ ends > 0)
    return reach


def find_links(roads: Roads) -> np.ndarray:
    """Return [epoch, place, place]: the link from the first place to the second, -1 where there is none.

    Of several, people take the one that stands first at the place.
    """
    places = roads.out_from.shape[1] - 1
    between = np.full((len(roads.out_from), places, places), -1, dtype=np.int64)
    for epoch, rows in enumerate(roads.out_from):
        for place in range(places):
            for link in roads.out_link[rows[place] : rows[place + 1]][::-1]:
                between[epoch, place, roads.links["end"][link]] = link
    return between
