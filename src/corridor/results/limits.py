"""What limits the way out, hour by hour, read from the recorded series."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.simulate.series import Column

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridor.results.result import Result

# In the order in which they are asked: the queue furthest along decides how many get out.
LIMITS = {
    "closed": "nobody has come out yet",
    "checkpoint": "the checkpoint",
    "road": "the roads",
    "transport": "vehicles, seats or fuel",
    "decision": "people's own decision to leave",
    "nothing": "nothing: hardly anybody is left who will leave",
}
FEWEST_VEHICLES = 5  # fewer held up than this are no queue
DONE = 0.99  # of the arrivals of a replicate
STANDING_PEOPLE = 10


def find_limits(result: Result) -> NDArray[np.int64]:
    """Return which of LIMITS holds in each replicate at each recorded moment [R, T].

    A queue on a road that ends at a checkpoint means that the checkpoint decides how many get out, whatever stands
    behind it; a queue elsewhere, the roads; people waiting for transport and no queue, vehicles, seats or fuel.
    """
    chosen = result.manifest["parameters"]
    gates = {row["place"] for row in result.scenario.rows("checkpoints", chosen)}
    links = []
    for row in result.scenario.rows("roads", chosen):
        links += [row["id"]] if row["to"] in gates else []
        links += [f"{row['id']}/back"] if row["from"] in gates else []
    at_gate = [Column("vehicles_delayed", (link,)) for link in links if result.has("vehicles_delayed", link)]
    data = result.take_totals("arrivals", "vehicles_delayed", "waiting_for_transport")
    arrived = data["arrivals"]
    before_gate = sum(result.take_columns(at_gate).values(), np.zeros_like(arrived))
    conditions = [
        arrived < 1,
        before_gate >= FEWEST_VEHICLES,
        data["vehicles_delayed"] >= FEWEST_VEHICLES,
        data["waiting_for_transport"] >= np.maximum(STANDING_PEOPLE, (1 - DONE) * arrived[:, -1:]),
        arrived < DONE * arrived[:, -1:],
    ]
    return np.asarray(np.select(conditions, range(len(conditions)), default=len(conditions)))


def share_limits(result: Result, moment: int) -> dict[str, Any]:
    """Return how often each limit holds: over the hours of the flow, and at the recorded moment number `moment`.

    The hours of the flow run in each replicate from the first arrival to 99 % of its arrivals. `registration` is
    the share of the hours after the first arrival in which people stand in line to be registered; it holds up
    nobody on the road.
    """
    limits = find_limits(result)
    names = list(LIMITS)
    arrived, backlog = result.take_totals("arrivals", "registration_backlog").values()
    flowing = (arrived >= 1) & (arrived < DONE * arrived[:, -1:])
    hours = max(int(flowing.sum()), 1)
    line = (backlog >= STANDING_PEOPLE) & (backlog >= 0.01 * arrived)
    return {
        "flow": {name: float((limits[flowing] == i).sum() / hours) for i, name in enumerate(names)},
        "now": {name: float((limits[:, moment] == i).mean()) for i, name in enumerate(names)},
        "end": {name: float((limits[:, -1] == i).mean()) for i, name in enumerate(names)},
        "registration_flow": float(line[arrived >= 1].mean()) if (arrived >= 1).any() else 0.0,
        "registration_now": float(line[:, moment].mean()),
        "registration_end": float(line[:, -1].mean()),
        "has_registration": bool(result.scenario.rows("desks", result.manifest["parameters"])),
    }
