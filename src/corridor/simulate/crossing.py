"""Over a node, compiled: who leaves the front of a queue joins the next, arrives, boards or stops."""

from __future__ import annotations

# compiled functions take arrays of kinds that numba finds out
# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: ANN001, ANN201, ANN202
import numpy as np

from corridor.chance.compiled import inlined
from corridor.simulate.queues import add, count_wait, drop_first, may_hold, open_cohort, take_part


@inlined
def release(layout, queues, r, place, queue, tick, following, out, free_hours, tick_hours, onward, only, per_person):
    """Move `out` vehicles from the front of a queue over the node; to get there took them at least `free_hours`.

    `onward` [courses] is the link to take on a course, `only` the one that everybody takes, if it is none below 0.
    Return how long their inspection takes, in times of a car's; 0 if `per_person`, the time of each person, is below 0.
    """
    lines = queues.lines
    cohorts, cells = lines.cohorts[r], lines.cells[r]
    at_place, on_link = queues.at_place[r, place], queues.on_link[r]
    entering = queues.up[r, following]
    links = on_link.shape[0]
    is_link = queue < links
    crosses, enters = is_link and layout.link_crosses[queue], is_link and layout.link_enters[queue]
    first, count = layout.stream_start[queue], layout.stream_count[queue]
    target, joined, moving, passed, passing, work = -1, 0, 0, 0, 0.0, 0.0
    while out > 0:
        front = lines.queues[r, queue].first
        rest = np.int64(cohorts[front].vehicles)
        want = min(out, rest)
        emptied = want == rest
        out -= want
        cohorts[front].vehicles -= want
        waited_here = count_wait(
            lines.queues[r, queue], want, (tick - cohorts[front].entered) * tick_hours - free_hours
        )
        for k in range(count):
            if not may_hold(cohorts[front], k):
                continue
            cell = cells[front, k]
            vehicles = np.int64(cell.vehicles)
            if vehicles == 0:
                continue
            moved = vehicles if emptied else take_part(want, vehicles, rest)
            want -= moved
            rest -= vehicles
            if moved == 0:
                continue
            people = take_part(np.int64(cell.people), moved, vehicles)
            cell.vehicles -= moved
            cell.people -= people
            moving += people
            waited = cell.waited + waited_here
            stream = layout.queue_streams[first + k]
            group = layout.stream_group[stream]
            whole = float(moved) if layout.plain else moved * layout.stream_share[stream]
            if per_person >= 0.0:
                work += moved * layout.stream_inspection[stream] + people * per_person
            if not is_link:
                at_place[group] -= people
            if enters:
                queues.came_back[r] += people
            if crosses:
                leaves = layout.link_exit[queue]
                _note_arrival(layout, queues, r, leaves, stream, whole, people, cell.travelled + free_hours, waited)
            way = only if only >= 0 else onward[layout.stream_course[stream]]
            boards = not layout.plain and way >= 0 and layout.link_platform[way] not in (-1, queue)
            if (way < 0 or boards) and (not is_link or layout.inside[place]) and layout.stream_fleet[stream]:
                queues.returned[r, group] += whole  # nobody has it take them out
            if boards:
                way = layout.link_platform[way]  # they leave their vehicle and wait for a seat
                at_place[group] += people
                queues.standing[r, way - links] += people
                moved = people
                if layout.stream_afoot[stream] >= 0:
                    stream = layout.stream_afoot[stream]
            else:
                if way >= 0 or layout.stream_place[stream] == place:  # else they stop before the checkpoint
                    passed += people
                    passing += whole
                if way >= 0:
                    entering[way] += moved
                    on_link[way] += people
                else:
                    way = _stop(layout, queues, r, place, stream, people, is_link)
            if way >= 0:
                if way != target:  # streams that go the same way join the same cohort: look it up once
                    target, joined = way, open_cohort(lines, r, way, tick)
                position = lines.position[way, stream]
                add(cohorts[joined], cells[joined], position, tick, moved, people, cell.travelled + free_hours, waited)
        if emptied:
            drop_first(lines, r, queue)
    if is_link:
        on_link[queue] -= moving
    checkpoint = layout.node_checkpoint[place]
    if checkpoint >= 0:
        queues.passed_people[r, checkpoint] += passed
        queues.passed_vehicles[r, checkpoint] += passing
    return work


@inlined
def _note_arrival(layout, queues, r, leaves, stream, vehicles, people, travelled, waited):
    """Count people who come from inside to outside by an exit, with their hours of journey and of waiting."""
    by_exit = queues.exits[r, leaves]
    by_exit[0] += people
    by_exit[1] += vehicles
    by_exit[2] += (travelled + waited) * people
    by_exit[3] += waited * people
    queues.arrived[r] += people
    queues.journey_hours[r] += (travelled + waited) * people
    queues.waited_hours[r] += waited * people
    if layout.stream_fleet[stream]:
        queues.returned[r, layout.stream_group[stream]] += vehicles


@inlined
def _stop(layout, queues, r, place, stream, people, came):
    """End a journey at a place; return the queue of the desk there for those who come to be registered, else -1.

    Who did not come, but finds the way shut before having left, stays as before.
    """
    group, desk = layout.stream_group[stream], layout.desk_queue[place]
    if came and desk >= 0 and queues.lines.position[desk, stream] >= 0:  # desks are the last queues of the layout
        queues.at_place[r, place, group] += people
        queues.at_desk[r, desk - layout.stream_count.shape[0] + queues.at_desk.shape[1]] += people
        return desk
    if came and layout.inside[place]:
        group = layout.at_home[group] if layout.stream_homeward[stream] else layout.displaced[group]
    queues.at_place[r, place, group] += people
    if group < queues.returned.shape[1] and layout.origin_of[place] >= 0:
        queues.present[r, layout.origin_of[place], group] += people
    else:
        take_in(layout, queues, r, place, group, people)
    return -1


@inlined
def take_in(layout, queues, r, place, group, people):
    """Let people settle at a place; where its beds are all taken those beyond go on."""
    there = queues.settled[r, place] - queues.gone_back[r, place]
    over = max(min(people, np.int64(there + people - queues.beds[r, place])), np.int64(0))
    if queues.going_on.shape[1] > 0 and not layout.inside[place] and over > 0:
        queues.going_on[r, place, group] += over
        people -= over
    queues.settled[r, place] += people
    if queues.resting.shape[1] > 0 and not layout.inside[place]:
        queues.resting[r, place, group] += people
