"""What does not change about the ways of a case, as the simulation has them: one entry for each direction and use."""

from __future__ import annotations

from typing import Any

import numpy as np

from corridor.scenario.scenario import Scenario
from corridor.simulate.model import Model


def describe_ways(scenario: Scenario, model: Model) -> list[dict[str, Any]]:
    """Return every link of a model: a direction of a road, for vehicles or for what moves beside them, or a service.

    `id` is the label of recorded series; `way` the road or service it is of, `kind` that of the road, or `service`;
    `beside` the transport that moves beside the vehicles, blank for vehicles; `exit` tells whether it leads from inside
    to outside. `vehicles_per_km` stand in a kilometre of queue on the lanes of this direction, `with_both_lanes` where
    the traffic rule gives it all lanes; nothing for what takes no room.
    """
    network, rows = model.network, {row["id"]: row for row in scenario.rows("roads", model.parameter_set)}
    return [
        {
            "id": name,
            "way": network.name_way(link),
            "kind": "service" if network.layout.link_platform[link] >= 0 else str(rows[network.name_way(link)]["kind"]),
            "back": bool(network.link_back[link]),
            "beside": network.beside[link],
            "from": network.places[network.link_from[link]],
            "to": network.places[network.layout.link_to[link]],
            "length_km": float(network.length_km[link]),
            "exit": bool(network.layout.link_crosses[link]),
            **_fill(model, link),
        }
        for link, name in enumerate(network.links)
    ]


def _fill(model: Model, link: int) -> dict[str, float | None]:
    """Return how many vehicles fill a kilometre of a link, by the middle of what is known of their density."""
    network = model.network
    if not network.layout.link_driven[link]:
        return {"vehicles_per_km": None, "with_both_lanes": None}
    density = model.quantities[f"roads/{network.roads[network.link_road[link]]}/jam_per_km"].median
    lanes = np.maximum((network.lanes[link], network.lanes[link] + network.lanes_other[link]), 1)
    return {"vehicles_per_km": float(density * lanes[0]), "with_both_lanes": float(density * lanes[1])}
