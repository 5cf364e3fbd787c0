"""By exit: everybody who came out is counted once, everybody held back is, and before the exit he heads for."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, event, given, settings

from conserve.generate import HOURS, MANY, worlds
from corridor.scenario.faults import FaultsError
from corridor.simulate.compile import compile_model
from corridor.simulate.series import CAUSES, NO_EXIT, Column
from worlds import simulate, write_world


def follow(state, r, place, course):
    """Return the exit on the way from a place on a course, as people would find it who ask at every place."""
    network, onward = state.model.network, state.routes.onward
    while (way := onward[r, place, course]) >= 0:
        start, place = network.link_from[way], network.layout.link_to[way]
        if network.inside[start] and not network.inside[place]:
            return network.name_way(way)
        if network.layout.link_platform[way] >= 0:
            course = network.layout.course_then[course]
    return NO_EXIT


def stand(state, r, queue):
    """Yield (stream, vehicles, people) of a queue, from its front."""
    lines, layout = state.queues.lines, state.model.network.layout
    cohort = lines.queues[r, queue]["first"]
    for _ in range(lines.queues[r, queue]["cohorts"]):
        for k in range(layout.stream_count[queue]):
            cell = lines.cells[r, cohort, k]
            yield layout.queue_streams[layout.stream_start[queue] + k], int(cell["vehicles"]), int(cell["people"])
        cohort = lines.cohorts[r, cohort]["next"]


def look(state, r):
    """Return the people who wait or stand at entries, and by exit the most who can be held back on the way to it."""
    model, layout, inside = state.model, state.model.network.layout, state.model.network.inside
    waits, most = int(state.waiting[r].sum()), dict.fromkeys((*model.network.exits, NO_EXIT), 0)
    for o, place in enumerate(model.people.origins):
        for g, first in enumerate(model.people.options.start[:-1]):
            chooser = model.people.options.chooser[first] if first < model.people.options.start[g + 1] else 0
            weights = state.leave_weights[r, chooser, o]
            pull = weights if weights.any() else state.inputs.gateway_pull[r]
            courses = model.people.choosers[chooser, 0] * len(model.people.destinations) + model.people.gateways
            chosen = [course for course, weight in zip(courses, pull, strict=True) if weight > 0]
            for name in {follow(state, r, place, course) for course in chosen} or {NO_EXIT}:
                most[name] += int(state.waiting[r, o, g])
    for queue in range(len(layout.stream_count)):
        is_link = queue < len(model.network.links)
        if is_link:
            place, begins = layout.link_to[queue], inside[model.network.link_from[queue]]
        else:
            if queue - len(model.network.links) >= len(layout.entry_place):  # a desk
                continue
            place = layout.entry_place[queue - len(model.network.links)]
            begins = inside[place]
        for stream, _, people in stand(state, r, queue) if begins else ():
            waits += 0 if is_link else people
            crosses = is_link and not inside[place]
            own = model.network.name_way(queue) if crosses else ""
            most[own or follow(state, r, place, layout.stream_course[stream])] += people
    return waits, most


def run_world(world):
    step_minutes, tables = world
    with tempfile.TemporaryDirectory() as name:
        try:
            scenario = write_world(Path(name), HOURS, step_minutes, 60, {"departure_wander": 0.3}, **tables)
        except FaultsError:
            return
        model = compile_model(scenario, "")
    looks = []

    def watch(state, step):
        if (step + 1) % model.clock.record_every == 0:
            looks.append([look(state, r) for r in range(2)])

    record = simulate(model, 2, seed=4, watch=watch)
    exits = tuple(model.network.exits)

    def take(series, *labels):
        return record.take(Column(series, labels))

    def add(form, chosen):
        return sum((take(form, label) for label in chosen), np.zeros_like(take("arrivals")))

    for series in ("arrivals", "vehicles_arrived"):
        assert (add(f"{series}/exit", exits) == take(series)).all(), series
    assert (add("held_back", (*exits, NO_EXIT)) == take("held_back")).all()
    areas = sorted(set(model.network.exits.values()))
    assert (sum(take("arrivals/area", area) for area in areas) == take("arrivals")).all()
    for series in ("journey_hours", "waited_hours"):
        np.testing.assert_allclose(add(f"{series}/exit", exits), take(series), rtol=1e-9, atol=1e-6)
    held = {name: take("held_back", name) for name in (*exits, NO_EXIT)}
    for name in held:
        assert (sum(take("held_back", name, cause) for cause in CAUSES) == held[name]).all()
    assert (take("held_back") <= take("inside") + take("on_roads")).all()
    expected = np.zeros(take("held_back").shape)
    for link, begins in zip(model.network.links, model.network.leading_out, strict=True):
        if begins:
            people, vehicles = take("on_road", link), np.maximum(take("vehicles_on_road", link), 1)
            expected += np.floor(people * take("vehicles_delayed", link) / vehicles)
    for moment, found in enumerate(looks, 1):
        for r, (waits, most) in enumerate(found):
            assert take("held_back")[r, moment] == expected[r, moment] + waits
            for name in held:
                assert held[name][r, moment] <= most[name], (name, moment)
    event("several exits" if sum(value[:, -1].any() for value in held.values()) > 1 else "one exit or none")


@pytest.mark.slow
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(worlds())
def test_everybody_is_counted_once_by_exit(world):
    run_world(world)


@pytest.mark.slow
@settings(max_examples=MANY, suppress_health_check=list(HealthCheck))
@given(worlds())
def test_everybody_is_counted_once_by_exit_in_many_worlds(world):
    run_world(world)
