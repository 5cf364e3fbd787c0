"""Those who see the queues of the moment: when they look, and how long they then take each way to be.

They look again every so often, not all at once: the people of one *sight* look at the same moments. Seen is on each
road what a vehicle that enters now will wait: at the pace of its end until all before it are through, or as those who
stand there have been going on of late; and before a service how long the line for its seats is.
"""

from __future__ import annotations

# compiled functions take arrays of kinds that numba finds out
# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: ANN001, ANN202
import numpy as np

from corridor.chance.compiled import compiled
from corridor.simulate.arrays import Floats
from corridor.simulate.measuring import count_until
from corridor.simulate.state import State

LONGEST_WAIT = 96.0  # hours that anybody expects


def share_sight(weights: list[Floats], informed_share: Floats) -> Floats:
    """Return the weights of goals [R, O, goals] of those who see no queues and of each sight [R, O, gateways].

    Shares are of people: each part is divided as its own weights say.
    """
    if len(weights) == 1:
        return weights[0]
    parts = []
    for sight, own in enumerate(weights):
        share = 1.0 - informed_share if sight == 0 else informed_share / (len(weights) - 1)
        parts.append(share[:, None, None] * own / np.maximum(own.sum(axis=2, keepdims=True), 1e-300))
    return np.concatenate(parts, axis=2)


def look_at_queues(state: State, step: int) -> None:
    """Let the people of a sight look, when it is their turn."""
    sights = state.model.people.choosers.shape[1] - 1
    if sights == 0 or step == 0:
        return
    every = max(1, round(state.model.parameters["informed_minutes"] / 60.0 / state.model.clock.step_hours))
    turns = [sight for sight in range(sights) if (step - sight * every // sights) % every == 0]
    if not turns:
        return
    rows = np.arange(len(state.waiting))
    waits = _foresee_waits(state, step)
    for sight in turns:
        state.routes.felt_hours[:, sight + 1] = state.routes.felt_hours[:, 0] + waits
    state.routes.renew(state.model, rows, state.routes.closures)
    state.rerouted[:] = True


def _foresee_waits(state: State, step: int) -> Floats:
    """Return the hours that a vehicle entering each link now will wait there [R, L]."""
    model = state.model
    servers, clock = model.servers, model.clock
    pace = state.lanes * 3600.0 / state.seconds * np.exp(state.checkpoint_level)
    waits, seats = np.zeros(state.lag.shape), np.zeros(state.lag.shape)
    seats[:, model.services.link] = state.departures * state.service_seats / 24.0
    tick, ticks = step * clock.ticks, min(step * clock.ticks, clock.ticks * clock.record_every)
    _foresee(
        model.network.layout, state.queues, tick, ticks, clock.tick_hours, state.lag, state.capacity, pace,
        servers.checkpoint_place, seats, np.zeros(len(model.network.places)), waits,
    )  # fmt: skip
    return waits


@compiled
def _foresee(layout, queues, tick, ticks, tick_hours, lag, capacity, pace, gates, seats, before, waits):
    """Write the waits [R, L], those for a seat by the `seats` of services in an hour [R, L].

    `before` [P] is memory to work in: vehicles on the way to each place.
    """
    last_row = queues.up.shape[1] - 1
    for r in range(waits.shape[0]):
        now = tick - queues.slept[r]
        before[:] = 0.0
        up, down = queues.up[r, now & last_row], queues.down[r, now & last_row]
        for link in range(waits.shape[1]):
            if layout.link_driven[link]:
                before[layout.link_to[link]] += up[link] - down[link]
        for link in range(waits.shape[1]):
            if not layout.link_driven[link]:
                if seats[r, link] > 0.0:
                    line = queues.standing[r, layout.link_platform[link] - waits.shape[1]]
                    waits[r, link] = min(line / seats[r, link], LONGEST_WAIT)
                continue
            entered, left = up[link], down[link]
            gate = layout.node_checkpoint[layout.link_to[link]]
            hours, ahead, rate = lag[r, link] * tick_hours, float(entered - left), capacity[r, link]
            if gate >= 0:
                ahead, rate = before[gates[gate]], min(rate, pace[r, gate])
            wait = ahead / rate - hours if rate > 0.0 else (LONGEST_WAIT if ahead > 0.0 else 0.0)
            standing = entered - left - (entered - count_until(queues.up, r, link, now - lag[r, link]))
            passed = left - queues.down[r, max(now - ticks, 0) & last_row, link]
            if standing > 0 and ticks > 0:
                wait = max(wait, standing * ticks * tick_hours / max(passed, 1))
            waits[r, link] = min(max(wait, 0.0), LONGEST_WAIT)
