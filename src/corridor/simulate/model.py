"""What the simulation works on: indices and arrays, no names looked up and nothing random."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from datetime import datetime

    from corridor.scenario.values import Quantity
    from corridor.simulate.supplies import Supplies

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Keys = NDArray[np.uint64]

NORMAL, OUTBOUND, ALTERNATING, SHUT = range(4)
MODES = {"normal": NORMAL, "outbound": OUTBOUND, "alternating": ALTERNATING, "shut": SHUT}
ALTERNATING_CAPACITY = 300.0  # vehicles/h each way when one lane is shared; 600 in all (Missouri DOT, guide 616.5)


class Layout(NamedTuple):
    """The queues people stand in, as arrays the kernel can index.

    A queue is a directed link of a road, the vehicles waiting at a place to enter its first road, or a
    registration desk; all are first in first out. A stream is one (group, destination); every queue keeps room
    only for the streams that can pass it. Q queues, S streams, P places, L links (queues 0..L-1 are the links).
    """

    stream_group: Integers  # [S]
    stream_place: Integers  # [S] destination place
    stream_count: Integers  # [Q] streams that may pass a queue
    stream_start: Integers  # [Q] first entry in queue_streams
    queue_streams: Integers  # streams of each queue, one after the other
    stream_cell: Integers  # [Q, S] position of a stream in a queue, -1 if it never passes
    node_start: Integers  # [P + 1] queues whose front is at a place: node_queues[node_start[p]:node_start[p + 1]]
    node_queues: Integers
    way_start: Integers  # [P + 1] links that leave a place: way_links[way_start[p]:way_start[p + 1]]
    way_links: Integers
    link_to: Integers  # [L] place at the end
    link_crosses: NDArray[np.bool_]  # [L] leads from inside to outside
    origin_of: Integers  # [P] index of the place among the origins, -1 if none
    entry_queue: Integers  # [P] queue of vehicles waiting at a place to enter a road, -1 if none
    desk_queue: Integers  # [P] queue at the place's registration desk, -1 if none
    node_checkpoint: Integers  # [P] checkpoint at the place, -1 if none


@dataclass(frozen=True)
class Event:
    """One event, compiled: when, how likely, what it acts on (indices; -1 none, -2 all places inside)."""

    id: str
    kind: str
    time: Any  # TimeRange
    chance: float
    target: int
    to: int
    value: Quantity | None
    mode: int


@dataclass(frozen=True)
class Model:
    """A scenario under one parameter set, compiled for simulation.

    Names of places, groups, roads, links, checkpoints, desks and fleets are sorted, so that the order of rows in
    the user's tables cannot matter. `quantities` maps the name of every uncertain number to its distribution;
    each is drawn once per replicate.
    """

    scenario_hash: str
    parameter_set: str
    start: datetime
    steps: int
    step_hours: float
    ticks: int  # sub-steps of the road phase in a step
    record_every: int  # steps between records
    places: tuple[str, ...]
    inside: NDArray[np.bool_]  # [P]
    leavers: int  # the first so many groups are the user's; people who have been registered are one more
    groups: tuple[str, ...]
    group_own: NDArray[np.bool_]  # [leavers] drives itself
    roads: tuple[str, ...]
    links: tuple[str, ...]
    link_road: Integers  # [L]
    link_back: NDArray[np.bool_]  # [L] runs from the outer to the inner end
    link_from: Integers
    length_km: Floats  # [L]
    lanes: Integers  # [L] lanes of the link
    lanes_other: Integers  # [L] lanes of the opposite direction
    road_mode: Integers  # [roads] rule at the start
    road_km: Floats  # [roads]
    checkpoints: tuple[str, ...]
    checkpoint_place: Integers
    desks: tuple[str, ...]
    desk_place: Integers
    fleets: tuple[str, ...]
    fleet_place: Integers
    fleet_groups: NDArray[np.bool_]  # [F, leavers]
    origins: Integers  # places where people are at the start
    destinations: Integers  # places people may head for, by destination index
    gateways: Integers  # destination indices chosen when leaving
    settling: Integers  # destination indices chosen after registration
    people_cells: tuple[tuple[int, int, str], ...]  # (origin index, group, name of the quantity)
    fuel_places: Integers
    layout: Layout
    quantities: dict[str, Quantity]
    wander_hours: dict[str, float]
    events: tuple[Event, ...]
    supplies: Supplies | None  # None when the scenario states no needs

    @property
    def records(self) -> int:
        """Return how many moments are stored, the start included."""
        return self.steps // self.record_every + 1
