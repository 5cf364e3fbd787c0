"""One replicate's memory as two flat arrays, so that the compiled functions pass two arguments instead of fifty.

Both begin with a header: numbers that stand for themselves and, in `ints`, where each array of either starts (the
names in capitals below). Passing some fifty arrays from function to function costs microseconds a call in numba; this
costs nothing. Only `kernel.py` reads the layout.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

# in the header of `ints`: where arrays of whole numbers start, first the world's, then those that change
(LINK_START, LINK_END, LINK_KEY, PLACE_KEY, NODE_KEY, OUT_FROM, OUT_LINK, OPTION_FROM, OPTION_NODE, CLOSES, NODE_HOP,
 NODE_REST, NODE_LAST, EPOCH, PULL_ROW, RESTING, ARRIVING, INITIAL, CLASS_HOME, LIKENESS, HASH, CELL, LENGTH, MARK,
 HEAD, FOLLOW, PART_HEAD, PART_NEXT, PART_CELL, PART_PEOPLE, PEOPLE, FRESH, COUNTS, CHOSEN, SHARES, DIRECT, INDIRECT,
 UNTIL, REACH, BETWEEN, FILLING) = range(41)  # fmt: skip
# where arrays of real numbers start in `reals`
(LINK_KM, LINK_SPEED, LINK_WALK, OPTION_NEAR, PULL, STATE, SPAWN, POPULATION, CLASS_SHARE, CLASS_POWER, CLASS_CHANCE,
 STILL_AFFINITY, NEARNESS, SINK, HEADS, ROOM, SCORE, WEIGHT, UP_TO, TOTAL, AFFINITY, CHANCE, DUE, CELL_RECENT, LEAVERS,
 STAYERS) = range(41, 67)  # fmt: skip
# whole numbers themselves
(PLACES, LINKS, KINDS, DAYS, CELLS, STEPS, PIECES, VERSION, FULL, SINKING, ON_FOOT, TAKING, RECENT, BINS, FIXED_ROUTES,
 MODE, MOST_PARTS, MATCHING, REPEATING, SPREAD, BITS_TODAY, BITS_RODE, BITS_WALKED, BITS_NODE, BITS_KIND, HERE,
 HERE_NEXT, ROAD, ROAD_NEXT) = range(67, 96)  # fmt: skip
HEADER = 96
# in the header of `reals`: real numbers themselves
(SPEED, WALK, SCALING, BUFFER, POWER, SOFTENING, PRUNING, KM_STEP, CROWD_POWER, RELIGION, PARTS_PER_ROOM, CHANCE_POWER,
 CHANCE_BASE) = range(13)  # fmt: skip
REAL_HEADER = 16

TABLES = 5  # of cells: at places now and next, on roads now and next (their numbers change places each day), arriving
HOP = 4


class World(NamedTuple):
    """Everything that is the same in each replicate. Axes: day t, place p, link l, class c, epoch e of the roads."""

    link_start: np.ndarray  # [2l] the second half are links closed while people were on them
    link_end: np.ndarray
    link_real: np.ndarray  # [2l, 3] km, km a day, chance to walk
    link_key: np.ndarray
    place_key: np.ndarray
    out_from: np.ndarray  # [e, p + 1] rows of out_link
    out_link: np.ndarray
    option_from: np.ndarray  # [e, p + 1] rows of option_*
    option_node: np.ndarray
    option_near: np.ndarray  # 1 / (softening + km) ** power
    until: np.ndarray  # [e, p, step] the last step of kilometres today that is as good as this one, see today.py
    reach: np.ndarray  # [e, p, p] what people at the first may do about the second that day, see today.py
    between: np.ndarray  # [e, p, p] the link from the first place to the second, -1 where there is none
    closes: np.ndarray  # [e, l] links that close when the epoch begins
    node: np.ndarray  # [node, 3] next place, node of the rest, last place
    node_key: np.ndarray
    epoch: np.ndarray  # [t]
    pull_row: np.ndarray  # [t] row of pull
    pull: np.ndarray  # [row, 4, p] score; factor on it; 1 where population attracts; which likeness attracts
    state: np.ndarray  # [t, 7, p] chance to leave; town; camp; capacity; hunger; flood's chance; forecast's factor
    resting: np.ndarray  # [t] harvest: everybody at a place is at home and stays
    spawn: np.ndarray  # [t, p] weight for each head of population, or people, or ratio, or mean
    arriving: np.ndarray  # [t] people who begin to leave, in all
    population: np.ndarray
    initial: np.ndarray  # [p] people there before the first day
    class_share: np.ndarray  # [p, c]
    class_power: np.ndarray  # [c] of the score
    class_chance: np.ndarray  # [c] factor on the chance to leave in a flood forecast
    class_home: np.ndarray  # [c] place, -1 where it does not matter
    affinity: np.ndarray  # [c, p] factor on the score
    likeness: np.ndarray  # [2, c] which ethnicity, which religion
    nearness: np.ndarray  # [p, p] factor on the score, or [1, 1]
    sink: np.ndarray  # [p] chance to be taken out of a camp in a day
    whole: dict[int, int]  # the header's own whole numbers
    real: dict[int, float]  # and real numbers
    steps: int  # steps of kilometres in a day


def make_arena(world: World, cells: int) -> tuple[np.ndarray, np.ndarray]:
    """Return `ints` and `reals` with the world in them and room for `cells` (a power of two) in each table."""
    places, kinds = len(world.place_key), len(world.class_home)
    options = max(int((world.option_from[:, -1] - world.option_from[:, 0]).max(initial=1)), 1)
    parts = world.whole[MOST_PARTS]
    pieces = cells + 128 * parts
    bins = 2 * world.whole[RECENT] + 2 if world.whole[RECENT] else 0
    ints = np.zeros(HEADER, dtype=np.int64)
    for field, number in world.whole.items():
        ints[field] = number
    sizes = {PLACES: places, KINDS: kinds, DAYS: len(world.epoch), CELLS: cells, STEPS: world.steps, PIECES: pieces,
             BINS: bins}  # fmt: skip
    for field, number in sizes.items():
        ints[field] = number
    ints[[HERE, HERE_NEXT, ROAD, ROAD_NEXT]] = range(4)
    whole_arrays: list[np.ndarray | int] = [
        world.link_start, world.link_end, world.link_key, world.place_key, world.node_key, world.out_from,
        world.out_link, world.option_from, world.option_node, world.closes, world.node[:, 0], world.node[:, 1],
        world.node[:, 2], world.epoch, world.pull_row, world.resting, world.arriving, world.initial, world.class_home,
        world.likeness, TABLES * 4 * cells, TABLES * 2 * cells,
        TABLES, TABLES, world.steps, cells, parts, pieces, pieces, pieces, places, places * kinds,
        max(options, places), options, kinds, places, places,
        world.until, world.reach, world.between, places,
    ]  # fmt: skip
    reals = np.zeros(REAL_HEADER, dtype=np.float64)
    for field, value in world.real.items():
        reals[field] = value
    real_arrays: list[np.ndarray | int] = [
        world.link_real[:, 0], world.link_real[:, 1], world.link_real[:, 2], world.option_near, world.pull,
        world.state, world.spawn, world.population, world.class_share, world.class_power, world.class_chance,
        world.affinity, world.nearness, world.sink, places, places, kinds * places, kinds * options,
        kinds * options, kinds * places, kinds * places, places, places, TABLES * cells * bins, bins, bins,
    ]  # fmt: skip
    flat = _lay_out(ints, LINK_KM, reals, real_arrays)
    return _lay_out(ints, LINK_START, ints, whole_arrays), flat


def _lay_out(header: np.ndarray, first: int, front: np.ndarray, arrays: Iterable[np.ndarray | int]) -> np.ndarray:
    """Return `front` followed by the arrays (a number: so many zeros); where they start goes into `header`."""
    starts, parts = [], [front]
    for array in arrays:
        starts.append(sum(map(len, parts)))
        if isinstance(array, int):
            flat = np.zeros(array, dtype=front.dtype)
        else:
            bits = array.view(np.int64) if array.dtype == np.uint64 else array
            flat = np.ascontiguousarray(bits, dtype=front.dtype).ravel()
        parts.append(flat)
    header[first : first + len(starts)] = starts
    return np.concatenate(parts)
