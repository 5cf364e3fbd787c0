"""Some of what a run records, taken down while it is simulated: what a picture of it needs, and no more.

What is counted at a moment is that of a whole run; of it the chosen columns, or sums of neighbouring ones, are kept by
moment and column with the replicates side by side, as quantiles over them need it.
"""

from __future__ import annotations

# compiled functions take arrays of kinds that numba finds out
# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: ANN001, ANN202
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corridor.chance.compiled import compiled
from corridor.simulate.arrays import Flags, Floats, Integers
from corridor.simulate.model import Model
from corridor.simulate.record import Columns, begin_record, count_state, name_columns, record_state
from corridor.simulate.series import Column
from corridor.simulate.state import State

PLACES, LINKS = Column("at_place"), Column("on_road")  # everybody at places, everybody on roads
DETAIL = ("on_road", "vehicles_on_road", "vehicles_delayed", "waiting_for_transport")
DETAIL_BYTES = 160_000_000  # of what is kept by place and road, at most
Kept = NDArray[np.int32]


@dataclass(frozen=True)
class Choice:
    """Which columns of a model are kept: each is the sum of neighbouring recorded ones.

    `main` are totals and columns by exit, `detail` those by place and direction of a road; `last` are measures of which
    the end is kept. `spans` are the recorded columns that each of main and then detail adds up, from and up to.
    """

    recorded: Columns
    places: tuple[str, ...]
    main: tuple[Column, ...]
    detail: tuple[Column, ...]
    last: tuple[Column, ...]
    spans: Integers

    @property
    def columns(self) -> tuple[tuple[Column, ...], ...]:
        """Return all that is kept."""
        return self.main, self.detail, self.last

    @cached_property
    def position(self) -> dict[Column, int]:
        """Return where each kept column stands among the main or the detailed ones."""
        return {column: n for part in self.columns for n, column in enumerate(part)}

    @cached_property
    def measures(self) -> Integers:
        """Return the recorded measures of which the end is kept."""
        number = {column: n for n, column in enumerate(self.recorded.measures)}
        return np.array([number[column] for column in self.last], dtype=np.int64)


def choose(model: Model) -> Choice:
    """Return what is kept of a model."""
    recorded, places = name_columns(model), model.network.places
    number = {column: n for n, column in enumerate(recorded.counts)}
    groups = len(model.people.groups)
    first = number[Column("at_place", (places[0], model.people.groups[0]))]
    roads = number[Column("on_road", (model.network.links[0],))] if model.network.links else 0
    spans = {
        PLACES: (first, first + len(places) * groups),
        LINKS: (roads, roads + len(model.network.links)),
        **{column: (n, n + 1) for column, n in number.items() if not column.labels or _is_by_exit(column)},
    }
    main = tuple(spans)
    spans |= {Column("at_place", (p,)): (first + i * groups, first + (i + 1) * groups) for i, p in enumerate(places)}
    spans |= {c: (n, n + 1) for c, n in number.items() if len(c.labels) == 1 and c.series in DETAIL}
    detail = tuple(spans)[len(main) :]
    last = tuple(column for column in recorded.measures if column.series == "person_days_without")
    return Choice(recorded, places, main, detail, last, np.array(list(spans.values()), dtype=np.int64))


def _is_by_exit(column: Column) -> bool:
    return column.series in ("arrivals/exit", "arrivals/area", "held_back")


class Piece(NamedTuple):
    """Neighbouring kept columns that come from one part of a moment: from `begin` on, what each adds up there."""

    number: int  # of the part
    of_detail: bool
    begin: int
    spans: Integers


@dataclass
class Watched:
    """What is kept of a model's replicates: T moments, R replicates, of which the first `filled` have been simulated.

    What stands by place and road is kept of the first D replicates only, as many as there is memory for.
    """

    choice: Choice
    main: Kept  # [T, columns, R]
    detail: Kept  # [T, columns, D]
    last: Floats  # [columns, R] at the end
    filled: int = 0

    def take(self, column: Column, replicates: int | None = None) -> Kept:
        """Return a kept column of the first so many replicates [T, R]. Raises KeyError for one that is not kept."""
        kept = self.main if column in self.choice.main else self.detail
        return kept[:, self.choice.position[column], : self.filled if replicates is None else replicates]

    def has(self, column: Column) -> bool:
        """Tell whether a column is kept."""
        return column in self.choice.position

    def find_lost(self, first: int, end: int) -> bool:
        """Tell whether anybody was lost or invented in replicates first to end, in places and roads or by headings."""
        headings = ("inside", "on_roads", "outside" if self.has(Column("outside")) else "arrivals")
        chosen = ([self.choice.position[c] for c in columns] for columns in ((PLACES, LINKS), map(Column, headings)))
        sums = [self.main[:, columns, first:end].sum(axis=1, dtype=np.int64) for columns in chosen]
        return any(bool((total != sums[0][:1]).any()) for total in sums)


def begin_watched(model: Model, choice: Choice, replicates: int) -> Watched:
    """Return empty memory for so many replicates."""
    moments = model.clock.records
    room = DETAIL_BYTES // (4 * moments * max(len(choice.detail), 1))
    return Watched(
        choice,
        np.zeros((moments, len(choice.main), replicates), dtype=np.int32),
        np.zeros((moments, len(choice.detail), max(1, min(replicates, room))), dtype=np.int32),
        np.zeros((len(choice.last), replicates)),
    )


class Watcher:
    """Takes down a batch of replicates, from number `first` on, in the memory of all."""

    def __init__(self, watched: Watched, model: Model, first: int, replicates: int) -> None:
        self.watched, self.first, self.end = watched, first, first + replicates
        self.model, self.moments, self.inside = model, model.clock.records, model.network.inside
        self.added: list[NDArray[np.int32]] = []  # people [R, P] who turned out to have been there from the start
        self.pieces: list[Piece] = []

    def write(self, state: State, moment: int) -> None:
        """Take down moment number `moment`."""
        watched = self.watched
        parts, _ = count_state(state, moment)
        self.pieces = self.pieces or _cut_spans(watched.choice, [part.shape[1] for part in parts])
        for number, of_detail, begin, spans in self.pieces:
            kept = (watched.detail if of_detail else watched.main)[moment, begin : begin + len(spans)]
            _gather(parts[number], spans, self.first, kept)
        if moment == self.moments - 1 and len(watched.last):
            page = begin_record(self.model, self.end - self.first, moment, 1)
            record_state(page, state, moment)
            watched.last[:, self.first : self.end] = page.measures[:, 0, watched.choice.measures].T

    def add_before(self, added: Integers, moment: int, inside: Flags) -> None:
        """Add people at places [R, P, groups] to what was taken down up to a moment."""
        by_place = added.sum(axis=2, dtype=np.int32)
        self.added.append(by_place)
        self.put_before(by_place, moment)

    def put_before(self, added: NDArray[np.int32], moment: int) -> None:
        """Add people at places [R, P] up to a moment, to all that counts them."""
        choice, rows = self.watched.choice, slice(self.first, self.end)
        totals = {PLACES: added.sum(axis=1), Column("inside"): added[:, self.inside].sum(axis=1)}
        for column, people in totals.items():
            self.watched.main[: moment + 1, choice.position[column], rows] += people.astype(np.int32)
        room = max(self.watched.detail.shape[2] - self.first, 0)
        for place in np.flatnonzero(added.any(axis=0)):
            number = choice.position[Column("at_place", (choice.places[place],))]
            self.watched.detail[: moment + 1, number, rows] += added[:room, place].astype(np.int32)


def _cut_spans(choice: Choice, widths: Sequence[int]) -> list[Piece]:
    """Return which neighbouring kept columns come from which part of a moment, parts being so many columns wide."""
    starts = np.concatenate(([0], np.cumsum(widths)))
    pieces: list[Piece] = []
    for of_detail, spans in ((False, choice.spans[: len(choice.main)]), (True, choice.spans[len(choice.main) :])):
        numbers = np.searchsorted(starts, spans[:, 0], side="right") - 1
        cuts = [0, *(np.flatnonzero(np.diff(numbers)) + 1).tolist(), len(spans)]
        for begin, end in pairwise(cuts):
            if end > begin:
                number = int(numbers[begin])
                pieces.append(Piece(number, of_detail, begin, spans[begin:end] - starts[number]))
    return pieces


@compiled
def _gather(counts, spans, first, kept):
    """Write sums of neighbouring columns of `counts` [R, C] into `kept` [spans, replicates], from `first` on."""
    rows = min(counts.shape[0], kept.shape[1] - first)
    for n in range(spans.shape[0]):
        for r in range(rows):
            total = np.int64(0)
            for column in range(spans[n, 0], spans[n, 1]):
                total += counts[r, column]
            kept[n, first + r] = total
