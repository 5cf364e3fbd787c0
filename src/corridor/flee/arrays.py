"""What the compiled functions work on: `World`, the same in each replicate, and `Memory`, one replicate's own.

Most entries are records, so that the numbers asked for together lie together, and few arrays are handed from
function to function: numba passes each as seven words or more. The small tuple `Tables` is all that the functions
called most often are given.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Records = NDArray[Any]
Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Steps = NDArray[np.signedinteger[Any]]


def _record(**kinds: str) -> np.dtype[Any]:
    """Return the shape of a record from the names of its fields by kind (i8: whole, f8: real, u8: key)."""
    return np.dtype([(name, kind) for kind, names in kinds.items() for name in names.split()])


RULES = _record(
    i8="mode recent most_parts bits_today bits_rode bits_walked bits_node bits_kind "
    "on_foot taking fixed_routes matching repeating sinking spread undecided",  # from `on_foot` on: 1 yes, 0 no
    f8="speed walk scaling buffer power softening pruning kilometre_step crowd_power religion parts_per_room "
    "chance_power chance_base",
)
LINK = _record(i8="start end", f8="km speed walk", u8="key")  # speed in km a day; the chance to walk
PLACE = _record(i8="initial", f8="population sink", u8="key")  # people before the first day; chance to be taken out
OUT = _record(i8="end link option")  # option: the first of the routes that take it
NODE = _record(i8="hop rest last", u8="key")  # next place, node of the rest, last place
DAY = _record(i8="epoch pull_row arriving resting")  # resting: everybody at a place is at home and stays
CLASS = _record(i8="home ethnicity religion", f8="power chance")  # power of the score; factor on leaving a flood
OPTION = _record(i8="node", f8="near")  # near: 1 / (softening + km) ** power
PULL = _record(f8="score factor forecast", i8="crowd alike")  # factor: flood; forecast: of floods ahead, -1 for none;
# crowd: population attracts; alike: which likeness does (bits)
STATE = _record(f8="chance capacity hunger flood forecast spawn", i8="town camp")

NOW = _record(
    i8="here here_next road road_next full version tight stuck stuck_at"
)  # tight: places less than half free; stuck: 1 + the day on which people first found no route
HEAD = _record(i8="mark length")
CELL = _record(i8="key people follow", f8="kilometres began square")
SPOT = _record(
    i8="people direct indirect filling", f8="room heads chance plain"
)  # plain: attraction without what belongs to a class
PAIR = _record(f8="score affinity alike total", i8="fresh full")  # full: a route's end is
PIECE = _record(i8="row people next")

TABLES = 5  # of cells: at places now and next, on roads now and next (their numbers change places each day), arriving
HOP = 4
BINS_OF_AGE = 512  # of the days on which people began, see parts.py


def records(kind: np.dtype[Any], shape: int | tuple[int, ...], **columns: ArrayLike) -> Records:
    """Return records of a kind with their fields filled in; what is not given is 0."""
    entries = np.zeros(shape, dtype=kind)
    for name, values in columns.items():
        entries[name] = values
    return entries


class World(NamedTuple):
    """Everything that is the same in each replicate. Axes: day t, place p, link l, class c, epoch e of the roads."""

    rules: Any  # RULES, one record
    links: Records  # LINK [2l] the second half are links closed while people were on them
    places: Records  # PLACE [p]
    nodes: Records  # NODE
    days: Records  # DAY [t]
    classes: Records  # CLASS [c]
    option_from: Integers  # [e, p + 1] rows of options
    options: Records  # OPTION
    closes: NDArray[np.bool_]  # [e, l] links that close when the epoch begins
    until: Steps  # [e, p, step] the step of kilometres today with which this one is taken, see today.py
    reach: NDArray[np.int8]  # [e, p, p] what people at the first may do about the second that day, see today.py
    out_from: Integers  # [e, p + 1] rows of out
    out: Records  # OUT the open links out of each place, in Flee's order
    pull: Records  # PULL [row, p]
    state: Records  # STATE [t, p]; spawn: weight for each head of population, or people, or ratio, or mean
    class_share: Floats  # [p, c]
    listed: Integers  # [p, c] people before the first day whose class is known
    affinity: Floats  # [c, p] factor on the score
    nearness: Floats  # [p, p] factor on the score, or [1, 1]


class Tables(NamedTuple):
    """Tables of cells with a hash index; rows of all tables are numbered through, `cells` of them a table."""

    now: Any  # NOW, one record: which table is which, whether one is full, and the version of scores and rooms
    heads: Records  # HEAD [table] what marks an entry as today's, and how many cells there are
    entries: Integers  # [table, 2 cells] the mark of the day and a cell's number
    cells: Records  # CELL [row]; follow: the next of those who have come as far today; kilometres: theirs, summed;
    # began, square: the sums of when they began, in days, and of its square; the last two rows are for sharing out
    recent: NDArray[np.float32]  # [row, bin] expected people in each step of recent distance


class Memory(NamedTuple):
    """What one replicate changes."""

    tables: Tables
    spots: Records  # SPOT [p]
    pairs: Records  # PAIR [c, p]
    due: Floats  # [p]
    begun: Integers  # [p]
    shares: Integers  # [c]
    weight: Floats  # [c, option] of the routes of one epoch
    up_to: Floats  # [c, option] the weights summed
    kept: Floats  # [day, first leg, class, option] the weights summed of those whose people are still undecided
    part_weight: Floats  # [option] of a part of a place's routes
    part_up_to: Floats  # [option] the same, summed
    counts: Integers  # [option]
    chosen: Integers  # [option]
    begun_by: Floats  # [bin of age] the share of the day's travellers who began no later
    head: Integers  # [step] the first row of those who have come as far today
    part_head: Integers  # [part] the first of its pieces
    pieces: Records  # PIECE
    entered: Integers  # [link] who have set foot on it so far


FIRST_CELLS, MOST_AT_FIRST = 1 << 11, 1 << 16  # tables grow where a folder needs more, and the replicate begins anew


def make_memory(world: World, cells: int = 0) -> Memory:
    """Return memory with room for `cells` (a power of two) in each table, if not given for what routes may need."""
    cells = cells or min(max(FIRST_CELLS, 1 << (2 * len(world.nodes)).bit_length()), MOST_AT_FIRST)
    places, kinds = len(world.places), len(world.classes)
    options = max(int((world.option_from[:, -1] - world.option_from[:, 0]).max(initial=1)), 1)
    keeping, out = int(world.rules["undecided"]), int(np.diff(world.out_from).max(initial=1))
    recent, parts = int(world.rules["recent"]), int(world.rules["most_parts"])
    bins = 2 * recent + 2 if recent else 0
    now = np.zeros(1, dtype=NOW)[0]
    now["here"], now["here_next"], now["road"], now["road_next"] = range(4)
    tables = Tables(
        now,
        heads=np.zeros(TABLES, dtype=HEAD),
        entries=np.zeros((TABLES, 2 * cells), dtype=np.int64),
        cells=np.zeros(TABLES * cells + 2, dtype=CELL),
        recent=np.zeros((TABLES * cells + 2, bins), dtype=np.float32),
    )
    return Memory(
        tables,
        spots=np.zeros(places, dtype=SPOT),
        pairs=np.zeros((kinds, places), dtype=PAIR),
        due=np.zeros(places),
        begun=np.zeros(places, dtype=np.int64),
        shares=np.zeros(kinds, dtype=np.int64),
        weight=np.zeros((kinds, options)),
        up_to=np.zeros((kinds, options)),
        kept=np.zeros((keeping, 2, kinds, options) if keeping else (1, 1, 1, 1)),
        part_weight=np.zeros(options + out),
        part_up_to=np.zeros(options + out),
        counts=np.zeros(options + out, dtype=np.int64),
        chosen=np.zeros(options + out, dtype=np.int64),
        begun_by=np.zeros(BINS_OF_AGE + 1),
        head=np.zeros(2 * world.until.shape[2], dtype=np.int64),
        part_head=np.zeros(parts, dtype=np.int64),
        pieces=np.zeros(cells + 128 * parts, dtype=PIECE),
        entered=np.zeros(world.closes.shape[1], dtype=np.int64),
    )
