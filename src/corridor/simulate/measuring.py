"""What is measured of the roads at a recorded moment, compiled."""

from __future__ import annotations

# compiled functions take arrays of kinds that numba finds out
# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: ANN001, ANN201
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor.chance.compiled import compiled, inlined

STANDING_SPARE = 0.05  # of jam density: what is left of it at capacity


@compiled
def measure_links(
    queues,
    tick,
    ticks,
    hours,
    lag,
    capacity,
    lane_capacity,
    jam_per_km,
    length_km,
    leading_out,
    present,
    delayed,
    queue_km,
):
    """Write the vehicles on each link and those delayed there [R, L], and the length of road on which they stand [R].

    The length is that of links marked `leading_out` [L].

    Delayed are those that have been there for longer than the free travel time (`lag`, ticks). They are the vehicles
    of the queue beyond the ones that would be on the same stretch at free speed: delayed = (queue density - free
    density) * length, both densities at the outflow of the last `ticks` (`hours`) on the triangular diagram (Newell
    1993); so length = delayed / (jam - outflow / wave speed - outflow / free speed), at most the road's.
    """
    for r in range(present.shape[0]):
        now = tick - queues.slept[r]
        queue_km[r] = 0.0
        for link in range(present.shape[1]):
            last_row = queues.up.shape[1] - 1
            entered, left = queues.up[r, now & last_row, link], queues.down[r, now & last_row, link]
            present[r, link] = entered - left
            delayed[r, link] = 0
            if entered == left:
                continue
            free = entered - count_until(queues.up, r, link, now - lag[r, link])
            delayed[r, link] = max(entered - left - free, 0)
            if delayed[r, link] == 0 or not leading_out[link]:
                continue
            back = queues.down[r, max(now - ticks, 0) & last_row, link]
            lanes = max(capacity[r, link] / lane_capacity[r, link], 1.0)
            outflow = min((left - back) / hours / lanes, lane_capacity[r, link])
            spare = max(1.0 - outflow / lane_capacity[r, link], STANDING_SPARE)
            queue_km[r] += min(delayed[r, link] / (jam_per_km[r, link] * spare * lanes), length_km[link])


@inlined
def count_until(curves, r, link, position):
    """Return the whole vehicles of a cumulative curve at a moment between ticks; 0 before the start."""
    if position <= 0.0:
        return 0
    last_row = curves.shape[1] - 1
    index = int(position)
    low, high = curves[r, index & last_row, link], curves[r, (index + 1) & last_row, link]
    return int(low + (position - index) * (high - low) + 1e-9)


@inlined
def count_whole(vehicles):
    """Return the vehicles that are through with all the room they take."""
    return np.int64(vehicles + 1e-6)


@compiled
def count_people(layout, queues, waiting_groups, lodged, delayed, inside, leading_out, seat_at, totals, waiting):
    """Write the totals of a moment [R, totals], and who waits for transport at each origin and station [R, O + ...].

    Totals are people inside, on roads leading out, arrived, waiting; vehicles arrived; people registered, at desks,
    lodged; vehicles delayed on roads leading out or at their entries.
    """
    totals[:] = 0
    waiting[:] = 0
    for r in range(totals.shape[0]):
        for entry in range(layout.entry_place.shape[0]):
            if inside[layout.entry_place[entry]] and not layout.entry_free[entry]:
                totals[r, 8] += queues.standing[r, entry]
        for place in range(inside.shape[0]):
            if inside[place]:
                for g in range(queues.at_place.shape[2]):
                    totals[r, 0] += queues.at_place[r, place, g]
        for link in range(leading_out.shape[0]):
            if leading_out[link]:
                totals[r, 1] += queues.on_link[r, link]
                if layout.link_driven[link]:
                    totals[r, 8] += delayed[r, link]
        totals[r, 2] = queues.arrived[r]
        for o in range(waiting_groups.shape[1]):
            for g in range(waiting_groups.shape[2]):
                waiting[r, o] += waiting_groups[r, o, g]
        for entry in range(seat_at.shape[0]):
            if seat_at[entry] >= 0:
                waiting[r, seat_at[entry]] += queues.standing[r, entry]
        for o in range(waiting.shape[1]):
            totals[r, 3] += waiting[r, o]
        for i in range(queues.exits.shape[1]):
            totals[r, 4] += count_whole(queues.exits[r, i, 1])
        for d in range(queues.registered.shape[1]):
            totals[r, 5] += queues.registered[r, d]
            totals[r, 6] += queues.at_desk[r, d]
        for s in range(lodged.shape[1]):
            totals[r, 7] += lodged[r, s]


@compiled
def copy_columns(values, first, record):
    """Copy `values` [R, N] into `record` [R, columns], from column `first` on; numpy takes ten times as long."""
    for r in range(values.shape[0]):
        for n in range(values.shape[1]):
            record[r, first + n] = values[r, n]


@compiled
def copy_cells(values, cells, first, record):
    """Copy the chosen cells of `values` [R, N, I] into `record` [R, columns], from column `first` on."""
    items = values.shape[2]
    for r in range(values.shape[0]):
        for k in range(cells.shape[0]):
            record[r, first + k] = values[r, cells[k] // items, cells[k] % items]


def write_columns(record: NDArray[Any], parts: Iterable[NDArray[Any]]) -> int:
    """Write parts [R, N] side by side into a record [R, columns]; return the number of columns written."""
    done = 0
    for part in parts:
        copy_columns(part, done, record)
        done += part.shape[1]
    return done
