"""Arrival, compiled: registration at desks, where people settle, and who asks for lodging."""

from __future__ import annotations

# compiled functions take arrays of kinds that numba finds out
# mypy: disable-error-code="no-untyped-def"
import numpy as np

from corridor.chance.compiled import compiled, inlined, inner
from corridor.chance.draws import FIRST, LATER, draw_binomial, draw_multinomial, draw_uniforms
from corridor.simulate.crossing import take_in
from corridor.simulate.queues import drop_first, may_hold, push, take_part

PEOPLE_IN_A_BUS = 20
FEW_VEHICLES = 64  # up to here each vehicle draws its own destination


@compiled
def serve(
    layout,
    queues,
    keys,
    entities,
    step,
    tick,
    step_hours,
    pace,
    weights,
    settling_places,
    desk_places,
    streams,
    counts,
):
    """Register arrivals at desks, `pace` people/h [R, D], whole vehicles at a time; send on those of a step together.

    Where a vehicle's people settle is drawn by `weights` [R, D, settling]; `streams` [settling] lead there.
    `counts` [settling] is memory to work in.
    """
    lines = queues.lines
    replicates, desks = pace.shape
    for r in range(replicates):
        for d in range(desks):
            place = desk_places[d]
            queue = layout.desk_queue[place]
            if lines.queues[r, queue].cohorts == 0:
                queues.desk_carry[r, d] = 0.0
                continue
            budget = pace[r, d] * step_hours + queues.desk_carry[r, d]
            whole, walking, people, travelled, waited = 0.0, np.int64(0), np.int64(0), 0.0, 0.0
            open_desk = True
            while open_desk and lines.queues[r, queue].cohorts > 0:
                front = lines.queues[r, queue].first
                for k in range(layout.stream_count[queue]):
                    if not may_hold(lines.cohorts[r, front], k):
                        continue
                    cell = lines.cells[r, front, k]
                    here = np.int64(cell.vehicles)
                    if here == 0:
                        continue
                    served = int(min(here, budget * here / max(cell.people, 1)))
                    open_desk = served == here
                    if served > 0:
                        part = take_part(np.int64(cell.people), served, here)
                        budget -= part
                        cell.vehicles -= served
                        cell.people -= part
                        lines.cohorts[r, front].vehicles -= served
                        stream = layout.queue_streams[layout.stream_start[queue] + k]
                        queues.at_place[r, place, layout.stream_group[stream]] -= part
                        if layout.stream_beside[stream]:
                            walking += part
                        else:
                            whole += served * layout.stream_share[stream]
                        people += part
                        travelled += cell.travelled * part
                        waited += cell.waited * part
                    if not open_desk:
                        break
                if lines.cohorts[r, front].vehicles == 0:
                    drop_first(lines, r, queue)
            queues.desk_carry[r, d] = budget if lines.queues[r, queue].cohorts > 0 else 0.0
            if people > 0:
                vehicles = np.int64(whole + 0.5)
                if walking > 0:  # who came without a vehicle goes on by bus
                    vehicles += max(walking // np.int64(PEOPLE_IN_A_BUS), np.int64(1))
                vehicles = min(max(vehicles, np.int64(1)), people)
                queues.at_desk[r, d] -= people
                queues.registered[r, d] += people
                queues.at_place[r, place, queues.at_place.shape[2] - 1] += people
                _settle(keys[r], entities[d], step, vehicles, weights[r, d], counts)
                send_on(
                    layout, queues, r, place, tick, vehicles, people, travelled / people,
                    waited / people, counts, settling_places, streams,
                )  # fmt: skip


@inner
def _settle(key, entity, step, vehicles, weights, counts):
    """Draw the destinations of vehicles into `counts`."""
    total = 0.0
    for i in range(weights.shape[0]):
        counts[i] = 0
        total += weights[i]
    if vehicles > FEW_VEHICLES:
        draw_multinomial(key, entity, step, vehicles, weights, counts)
        return
    first, second = 0.0, 0.0
    for vehicle in range(vehicles):
        if vehicle % 2 == 0:
            first, second = draw_uniforms(key, entity, step, vehicle)
        mark = (first if vehicle % 2 == 0 else second) * total
        chosen = 0
        for i in range(weights.shape[0]):
            if weights[i] > 0.0:
                chosen = i
                mark -= weights[i]
                if mark < 0.0:
                    break
        counts[chosen] += 1


@inlined
def send_on(layout, queues, r, place, tick, vehicles, people, travelled, waited, counts, settling_places, streams):
    """Let registered people settle at the place or join the queue into the road; people go in proportion."""
    for i in range(counts.shape[0]):
        if counts[i] > 0:
            part = take_part(people, counts[i], vehicles)
            vehicles -= counts[i]
            people -= part
            if settling_places[i] == place:
                take_in(layout, queues, r, place, queues.at_place.shape[2] - 1, part)
            else:
                queue = layout.entry_queue[place]
                entry = queue - queues.on_link.shape[1]
                queues.joining[r, entry] += counts[i]
                push(queues.lines, r, queue, tick, streams[i], counts[i], part, travelled, waited)
                queues.standing[r, entry] += counts[i]


@compiled
def lodge(keys, entities, record, settled, lodged, came, share, chance, settling_places):
    """Draw who asks for lodging: a share of newcomers at once, the others later; `lodged` [R, settling]."""
    for r in range(lodged.shape[0]):
        for s in range(settling_places.shape[0]):
            people = settled[r, settling_places[s]]
            fresh = people - came[r, s]
            earlier = came[r, s] - lodged[r, s]
            lodged[r, s] += draw_binomial(keys[r], entities[s], record, FIRST, fresh, share[r, s])
            lodged[r, s] += draw_binomial(keys[r], entities[s], record, LATER, earlier, chance[r, s])
            came[r, s] = people
